/* What the conformance runner asks the type checker: the environment of a case as declarations, the
   type that the checker deduces, and whether it is the one the case expects. */
#ifndef BERM_TESTS_CEL_TYPES_H
#define BERM_TESTS_CEL_TYPES_H

#include "cel/check.h"
#include "data/ops.h"
#include "data/tree.h"

#define CASE_NAMES_MAX 64u

typedef struct case_check {
    const berm_space *space; /* of the file of cases */
    berm_declarations declarations;
    berm_declared names[CASE_NAMES_MAX];
    uint32_t count;
    berm_diags *diags;
    berm_status status; /* of checking */
    berm_type type;     /* deduced */
} case_check;

static inline berm_cell case_key(const case_check *check, berm_cell map, const char *name)
{
    return berm_map_find_text(check->space, map, berm_str_of(name));
}

static inline berm_str case_text(const case_check *check, berm_cell text)
{
    return text.tag == BERM_TAG_STRING ? berm_text_of(check->space, text) : (berm_str){"", 0};
}

static inline bool case_flag(const case_check *check, berm_cell map, const char *name)
{
    return berm_cell_is_true(case_key(check, map, name));
}

/* --- types: "int", {"list": T}, {"map": [K, V]}, {"abstract": name, "params": [T..]} .. --- */

static inline berm_type build_case_type(case_check *check, berm_cell given);

static inline berm_type build_named_case_type(case_check *check, berm_str name, berm_cell params)
{
    berm_type arguments[BERM_TYPE_ARGUMENTS_MAX];
    uint32_t count = params.tag == BERM_TAG_LIST ? params.as.ref.len : 0;
    for (uint32_t i = 0; i < count && i < BERM_TYPE_ARGUMENTS_MAX; i++) {
        arguments[i] = build_case_type(check, berm_list_at(check->space, params, i));
    }
    bool optional = berm_str_is(name, "optional_type");
    return berm_types_make(&check->declarations.types,
                           optional ? (unsigned)BERM_TYPE_OPTIONAL : BERM_HEAD_NAMED,
                           optional ? BERM_STR("") : name, arguments, count);
}

static inline berm_type build_case_type(case_check *check, berm_cell given)
{
    berm_types *types = &check->declarations.types;
    if (given.tag == BERM_TAG_STRING) {
        berm_str word = case_text(check, given);
        berm_type type = berm_declare_type(&check->declarations, word);
        return type == BERM_TYPE_FREE ? (berm_type)BERM_TYPE_DYN : type; /* any, error */
    }
    if (given.tag != BERM_TAG_MAP || given.as.ref.len == 0) return BERM_TYPE_DYN;
    berm_str key = case_text(check, berm_map_key_at(check->space, given, 0));
    berm_cell of = berm_map_value_at(check->space, given, 0);
    berm_cell params = case_key(check, given, "params");
    if (berm_str_is(key, "list")) return berm_types_list(types, build_case_type(check, of));
    if (berm_str_is(key, "map")) {
        berm_type left = build_case_type(check, berm_list_at(check->space, of, 0));
        return berm_types_map(types, left,
                              build_case_type(check, berm_list_at(check->space, of, 1)));
    }
    if (berm_str_is(key, "wrapper")) {
        return berm_types_over(types, BERM_HEAD_WRAPPER, build_case_type(check, of));
    }
    if (berm_str_is(key, "type")) {
        return berm_types_over(types, BERM_TYPE_TYPE, build_case_type(check, of));
    }
    if (berm_str_is(key, "type_param")) {
        return berm_types_make(types, BERM_HEAD_PARAMETER, case_text(check, of), NULL, 0);
    }
    return build_named_case_type(check, case_text(check, of), params);
}

/* --- the environment --- */

static inline void declare_case_function(case_check *check, berm_str name, berm_cell overloads)
{
    for (uint32_t i = 0; i < overloads.as.ref.len; i++) {
        berm_cell overload = berm_list_at(check->space, overloads, i);
        berm_cell params = case_key(check, overload, "params");
        berm_type types[BERM_DECLARE_ARGUMENTS_MAX];
        uint32_t count = params.tag == BERM_TAG_LIST ? params.as.ref.len : 0;
        for (uint32_t k = 0; k < count && k < BERM_DECLARE_ARGUMENTS_MAX; k++) {
            types[k] = build_case_type(check, berm_list_at(check->space, params, k));
        }
        berm_type result = build_case_type(check, case_key(check, overload, "result"));
        berm_status status =
            berm_declare_overload(&check->declarations, name,
                                  case_flag(check, overload, "instance"), types, count, result);
        if (status != BERM_OK) check->status = status;
    }
}

static inline void declare_case_name(case_check *check, berm_str name, berm_type type)
{
    for (uint32_t i = 0; i < check->count; i++) {
        if (berm_str_equal(check->names[i].name, name)) return;
    }
    if (check->count == CASE_NAMES_MAX) check->status = BERM_E_LIMIT;
    else check->names[check->count++] = (berm_declared){name, type};
}

static inline void declare_case(case_check *check, berm_cell test)
{
    berm_cell env = case_key(check, test, "type_env"), bound = case_key(check, test, "bindings");
    for (uint32_t i = 0; env.tag == BERM_TAG_LIST && i < env.as.ref.len; i++) {
        berm_cell entry = berm_list_at(check->space, env, i);
        berm_str name = case_text(check, case_key(check, entry, "name"));
        berm_cell function = case_key(check, entry, "function");
        if (function.tag == BERM_TAG_LIST) declare_case_function(check, name, function);
        else declare_case_name(check, name, build_case_type(check, case_key(check, entry, "type")));
    }
    for (uint32_t i = 0; bound.tag == BERM_TAG_MAP && i < bound.as.ref.len; i++) {
        declare_case_name(check, case_text(check, berm_map_key_at(check->space, bound, i)),
                          BERM_TYPE_DYN);
    }
}

/* --- checking --- */

/* Free it with case_check_end in any case. */
static inline void case_check_begin(case_check *check, const berm_space *space, berm_cell test)
{
    *check = (case_check){.space = space, .diags = berm_diags_new(&berm_alloc_libc)};
    check->status = berm_declarations_init(&check->declarations, &berm_alloc_libc);
    if (check->status != BERM_OK) return;
    declare_case(check, test);
    berm_check_env env = {.declarations = &check->declarations,
                          .variables = check->names,
                          .count = check->count,
                          .container = case_text(check, case_key(check, test, "container"))};
    berm_cel_options options = {.no_macros = case_flag(check, test, "disable_macros"),
                                .test_macros = true};
    berm_ast ast;
    berm_ast_init(&ast, &berm_alloc_libc);
    if (check->status == BERM_OK) {
        check->status = berm_cel_parse(&ast, case_text(check, case_key(check, test, "expr")),
                                       &options, NULL, check->diags);
    }
    if (check->status == BERM_OK) {
        check->status = berm_cel_check(&ast, &env, NULL, check->diags, &check->type);
    }
    berm_ast_free(&ast);
}

static inline void case_check_end(case_check *check)
{
    berm_declarations_free(&check->declarations);
    berm_diags_drop(check->diags);
}

/* Is the deduced type the one of a typed_result? */
static inline bool case_check_meets(case_check *check, berm_cell typed)
{
    berm_cell wanted = case_key(check, typed, "type");
    return check->status == BERM_OK &&
           (wanted.tag == BERM_TAG_NULL || build_case_type(check, wanted) == check->type);
}

/* May a value of the deduced type be this one? What the checker calls an int is one when it runs. */
static inline bool case_type_admits(const case_check *check, berm_type type, berm_space *space,
                                    berm_cell value)
{
    const berm_types *types = &check->declarations.types;
    unsigned head = berm_types_head(types, type);
    if (head == BERM_TYPE_DYN || value.tag == BERM_TAG_ERROR || value.tag == BERM_TAG_UNKNOWN) {
        return true;
    }
    /* Null fits abstract types and times, too; no case makes use of it. */
    if (head == BERM_HEAD_WRAPPER) {
        return value.tag == BERM_TAG_NULL ||
               case_type_admits(check, berm_types_argument(types, type, 0), space, value);
    }
    if (berm_type_of(value) != head) return false;
    if (head != BERM_TYPE_LIST && head != BERM_TYPE_MAP) return true;
    for (uint32_t i = 0; i < value.as.ref.len; i++) {
        bool map = head == BERM_TYPE_MAP;
        berm_cell first = map ? berm_map_key_at(space, value, i) : berm_list_at(space, value, i);
        if (!case_type_admits(check, berm_types_argument(types, type, 0), space, first) ||
            (map && !case_type_admits(check, berm_types_argument(types, type, 1), space,
                                      berm_map_value_at(space, value, i)))) {
            return false;
        }
    }
    return true;
}

/* "list(int)", or what the checker reported. */
static inline void case_check_print(const case_check *check, berm_text *out)
{
    size_t count = 0;
    const berm_diag *faults = berm_diags_list(check->diags, &count);
    if (check->status == BERM_OK) berm_types_print(out, &check->declarations.types, check->type);
    else if (count) berm_text_format(out, "%S %S", faults[0].code, faults[0].message);
    else berm_text_format(out, "status %d", check->status);
}

#endif
