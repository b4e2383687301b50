/* Kubernetes' authorizer: a chain of calls that says step by step what is asked. Each object is one
   map of what was said so far, but the first, which has none; a decision the map that the host
   gave. The types see to it that what is asked is whole. */
#include "vm/object.h"

/* As a path and a resource may not be. */
static bool is_blank(berm_str text)
{
    while (text.len && strchr(" \t\n\v\f\r", text.ptr[0])) text = berm_str_cut(text, 1, text.len);
    return text.len == 0;
}

/* The map of args[0] and `value` under `key`, instead of one that is there. */
static berm_cell add_said(berm_vm *vm, berm_cell object, const char *key, berm_cell value,
                          uint32_t word)
{
    berm_cell mark = berm_cell_int(vm->stack.count), map = berm_object_part(vm, object, 0);
    for (uint32_t i = 0; map.tag == BERM_TAG_MAP && i < map.as.ref.len; i++) {
        berm_cell name = berm_map_key_at(&vm->space, map, i);
        if (berm_str_is(berm_text_of(&vm->space, name), key)) continue;
        berm_op_push(vm, name);
        berm_op_push(vm, berm_map_value_at(&vm->space, map, i));
    }
    berm_op_push(vm, berm_fn_text(vm, berm_str_of(key)));
    berm_op_push(vm, value);
    return berm_op_map(vm, mark, word);
}

/* From an object of one type to one of the next, which says more. */
static berm_cell say(berm_vm *vm, const berm_cell *args, berm_type_id from, berm_type_id to,
                     const char *key, uint32_t word)
{
    if (!berm_is_object(args[0], from) || args[1].tag != BERM_TAG_STRING)
        return berm_no_overload(vm, args, 2, word);
    bool named = from == BERM_TYPE_GROUP_CHECK || to == BERM_TYPE_PATH_CHECK;
    if (named && is_blank(berm_text_of(&vm->space, args[1])))
        return berm_fn_fail(vm, BERM_ERR_ARGUMENT, args[1], word);
    berm_cell map = add_said(vm, args[0], key, args[1], word);
    return berm_object_new(vm, to, &map, 1);
}

BERM_FN_BODY(AUTHORIZER)
{
    (void)vm, (void)args, (void)word;
    return (berm_cell){.tag = BERM_TAG_OBJECT, .aux = BERM_TYPE_AUTHORIZER};
}

#define AUTHZ_STEP(id, from, to, key) \
    BERM_FN_BODY(AUTHZ_##id) \
    { \
        return say(vm, args, BERM_TYPE_##from, BERM_TYPE_##to, key, word); \
    }
AUTHZ_STEP(PATH, AUTHORIZER, PATH_CHECK, "path")
AUTHZ_STEP(GROUP, AUTHORIZER, GROUP_CHECK, "group")
AUTHZ_STEP(RESOURCE, GROUP_CHECK, RESOURCE_CHECK, "resource")
AUTHZ_STEP(SUBRESOURCE, RESOURCE_CHECK, RESOURCE_CHECK, "subresource")
AUTHZ_STEP(NAMESPACE, RESOURCE_CHECK, RESOURCE_CHECK, "namespace")
AUTHZ_STEP(NAME, RESOURCE_CHECK, RESOURCE_CHECK, "name")
AUTHZ_STEP(FIELDS, RESOURCE_CHECK, RESOURCE_CHECK, "fieldSelector")
AUTHZ_STEP(LABELS, RESOURCE_CHECK, RESOURCE_CHECK, "labelSelector")

static bool is_of_format(berm_vm *vm, berm_cell format, berm_cell text, uint32_t word)
{
    berm_cell operands[2] = {format, text}, faults = berm_fn_FORMAT_VALIDATE(vm, operands, word);
    return faults.tag == BERM_TAG_OPTIONAL && faults.as.ref.len == 0;
}

/* Whose rights are meant, by the name that Kubernetes gives the account. */
BERM_FN_BODY(AUTHZ_ACCOUNT)
{
    if (args[1].tag != BERM_TAG_STRING || args[2].tag != BERM_TAG_STRING)
        return berm_no_overload(vm, args, 3, word);
    for (uint32_t i = 1; i < 3; i++) {
        berm_cell format = i == 1 ? berm_fn_FORMAT_DNS1123_LABEL(vm, NULL, word)
                                  : berm_fn_FORMAT_DNS1123_SUBDOMAIN(vm, NULL, word);
        if (!is_of_format(vm, format, args[i], word))
            return berm_fn_fail(vm, BERM_ERR_ARGUMENT, args[i], word);
    }
    berm_text name;
    berm_text_init(&name, vm->space.alloc);
    berm_text_format(&name, "system:serviceaccount:%S:%S", berm_text_of(&vm->space, args[1]),
                     berm_text_of(&vm->space, args[2]));
    berm_cell asked[2] = {args[0], berm_fn_take_text(vm, &name)};
    return say(vm, asked, BERM_TYPE_AUTHORIZER, BERM_TYPE_AUTHORIZER, "user", word);
}

/* All that is asked; the instruction behind the call (lower_call.c) takes it to the host. */
BERM_FN_BODY(AUTHZ_CHECK)
{
    bool whole = berm_is_object(args[0], BERM_TYPE_PATH_CHECK) ||
                 berm_is_object(args[0], BERM_TYPE_RESOURCE_CHECK);
    if (!whole || args[1].tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 2, word);
    return add_said(vm, args[0], "verb", args[1], word);
}

/* --- decisions --- */

/* What a decision says; MISSING where it does not. An error cell for what is no decision, or says
   something of another type. */
static berm_cell read_decision(berm_vm *vm, const berm_cell *args, const char *key, berm_tag tag,
                               uint32_t word)
{
    if (!berm_is_object(args[0], BERM_TYPE_DECISION)) return berm_no_overload(vm, args, 1, word);
    berm_cell map = berm_object_part(vm, args[0], 0);
    berm_cell said = berm_map_find_text(&vm->space, map, berm_str_of(key));
    bool fits = said.tag == tag || berm_cell_undecided(said) || said.tag == BERM_TAG_MISSING;
    return fits ? said : berm_no_overload(vm, &said, 1, word);
}

static berm_cell read_decision_text(berm_vm *vm, const berm_cell *args, const char *key,
                                    uint32_t word)
{
    berm_cell said = read_decision(vm, args, key, BERM_TAG_STRING, word);
    return said.tag == BERM_TAG_MISSING ? berm_fn_text(vm, BERM_STR("")) : said;
}

BERM_FN_BODY(AUTHZ_REASON)
{
    return read_decision_text(vm, args, "reason", word);
}

BERM_FN_BODY(AUTHZ_ERROR)
{
    return read_decision_text(vm, args, "error", word);
}

BERM_FN_BODY(AUTHZ_ERRORED)
{
    berm_cell error = read_decision_text(vm, args, "error", word);
    if (error.tag != BERM_TAG_STRING) return error;
    return berm_cell_tint(berm_cell_bool(error.as.ref.len > 0), error);
}

/* A decision that says neither is an error; one that is an error allows nothing. */
BERM_FN_BODY(AUTHZ_ALLOWED)
{
    berm_cell allowed = read_decision(vm, args, "allowed", BERM_TAG_BOOL, word);
    if (allowed.tag != BERM_TAG_MISSING) return allowed;
    berm_cell errored = berm_fn_AUTHZ_ERRORED(vm, args, word);
    if (errored.tag != BERM_TAG_BOOL) return errored;
    if (!berm_cell_is_true(errored))
        return berm_fn_fail(vm, BERM_ERR_NO_SUCH_KEY, berm_fn_text(vm, BERM_STR("allowed")), word);
    return berm_cell_tint(berm_cell_bool(false), errored);
}
