/* What a pattern finds in a text: the regex library of Kubernetes and the regex extension of
   CEL. */
#include "base/utf8.h"
#include "vm/exec.h"
#include "vm/regex.h"
#include "vm/regex_parts.h"

static bool are_two_texts(const berm_cell *args)
{
    return args[0].tag == BERM_TAG_STRING && args[1].tag == BERM_TAG_STRING;
}

static berm_regex_search search_for(const berm_vm *vm, const berm_cell *args, uint32_t *spans,
                                    uint32_t span_count)
{
    return (berm_regex_search){.text = berm_text_of(&vm->space, args[0]),
                               .pattern = args[1],
                               .spans = spans,
                               .span_count = span_count};
}

static berm_cell fail_search(berm_vm *vm, const berm_regex_search *search, berm_cell pattern,
                             uint32_t word)
{
    if (search->error == BERM_ERR_NONE) return pattern; /* the status of the space says it */
    return berm_fn_fail(vm, search->error, pattern, word);
}

BERM_FN_BODY(REGEX_FIND)
{
    uint32_t spans[2];
    if (!are_two_texts(args)) return berm_no_overload(vm, args, 2, word);
    berm_regex_search search = search_for(vm, args, spans, 2);
    switch (berm_regex_search_run(vm, &search)) {
    case BERM_REGEX_FOUND: return berm_cut_text(args[0], spans[0], spans[1]);
    case BERM_REGEX_MISSED: return berm_cut_text(args[0], 0, 0);
    default: return fail_search(vm, &search, args[1], word);
    }
}

/* Goes from match to match. An empty match right behind another is none. */
typedef struct match_walk {
    berm_regex_search search;
    size_t behind; /* the end of the match before; SIZE_MAX at first */
    bool over;
} match_walk;

static berm_regex_found find_next(berm_vm *vm, match_walk *walk)
{
    berm_regex_search *search = &walk->search;
    while (!walk->over) {
        berm_regex_found found = berm_regex_search_run(vm, search);
        if (found != BERM_REGEX_FOUND) return found;
        size_t from = search->spans[0], to = search->spans[1];
        bool counts = to > from || from != walk->behind;
        walk->behind = to;
        if (to == search->from && to < search->text.len) (void)berm_utf8_next(search->text, &to);
        else if (to == search->from) walk->over = true;
        search->from = to;
        if (counts) return found;
    }
    return BERM_REGEX_MISSED;
}

/* All matches, or the first `most`. They are gathered on the value stack: how many there are is not
   known before. */
static berm_cell find_all(berm_vm *vm, const berm_cell *args, uint64_t most, uint32_t word)
{
    uint32_t spans[2];
    berm_cell mark = berm_cell_int(vm->stack.count);
    match_walk walk = {.search = search_for(vm, args, spans, 2), .behind = SIZE_MAX};
    berm_regex_found found = BERM_REGEX_MISSED;
    for (uint64_t i = 0; i < most && vm->space.status == BERM_OK; i++) {
        found = find_next(vm, &walk);
        if (found != BERM_REGEX_FOUND) break;
        berm_op_push(vm, berm_cut_text(args[0], spans[0], spans[1]));
    }
    berm_cell list = berm_op_list(vm, mark);
    return found == BERM_REGEX_FAULTY ? fail_search(vm, &walk.search, args[1], word) : list;
}

BERM_FN_BODY(REGEX_FIND_ALL)
{
    if (!are_two_texts(args)) return berm_no_overload(vm, args, 2, word);
    return find_all(vm, args, UINT64_MAX, word);
}

BERM_FN_BODY(REGEX_FIND_SOME)
{
    if (!are_two_texts(args) || args[2].tag != BERM_TAG_INT)
        return berm_no_overload(vm, args, 3, word);
    return find_all(vm, args, args[2].as.i < 0 ? UINT64_MAX : args[2].as.u, word);
}

/* --- the regex extension of CEL: groups --- */

#define GROUP_SPANS (2 * (BERM_REGEX_GROUPS_KEPT + 1))

/* What a pattern with at most one group extracts: the group, or else the whole match; an error for
   more groups. MISSING where the group is empty or took no part. */
static berm_cell take_extract(berm_vm *vm, const berm_cell *args, const berm_regex_search *search,
                              uint32_t word)
{
    const uint32_t *span = search->spans;
    if (search->group_count > 1) return berm_fn_fail(vm, BERM_ERR_ARGUMENT, args[1], word);
    if (search->group_count == 1) span += 2;
    if (search->group_count == 1 && (span[0] == UINT32_MAX || span[0] == span[1])) {
        return berm_cell_of(BERM_TAG_MISSING);
    }
    return berm_cut_text(args[0], span[0], span[1]);
}

BERM_FN_BODY(REGEX_EXTRACT)
{
    uint32_t spans[4];
    if (!are_two_texts(args)) return berm_no_overload(vm, args, 2, word);
    berm_regex_search search = search_for(vm, args, spans, 4);
    berm_regex_found found = berm_regex_search_run(vm, &search);
    if (found == BERM_REGEX_FAULTY) return fail_search(vm, &search, args[1], word);
    if (search.group_count > 1) return berm_fn_fail(vm, BERM_ERR_ARGUMENT, args[1], word);
    if (found == BERM_REGEX_MISSED) return berm_optional_none();
    berm_cell part = take_extract(vm, args, &search, word);
    return part.tag == BERM_TAG_MISSING ? berm_optional_none() : berm_optional_of(vm, part);
}

BERM_FN_BODY(REGEX_EXTRACT_ALL)
{
    uint32_t spans[4];
    if (!are_two_texts(args)) return berm_no_overload(vm, args, 2, word);
    berm_cell mark = berm_cell_int(vm->stack.count), fault = berm_cell_of(BERM_TAG_MISSING);
    match_walk walk = {.search = search_for(vm, args, spans, 4), .behind = SIZE_MAX};
    berm_regex_found found = BERM_REGEX_FOUND;
    while (found == BERM_REGEX_FOUND && vm->space.status == BERM_OK) {
        found = find_next(vm, &walk);
        if (walk.search.group_count > 1) fault = take_extract(vm, args, &walk.search, word);
        if (found != BERM_REGEX_FOUND || fault.tag == BERM_TAG_ERROR) break;
        berm_cell part = take_extract(vm, args, &walk.search, word);
        if (part.tag != BERM_TAG_MISSING) berm_op_push(vm, part);
    }
    berm_cell list = berm_op_list(vm, mark);
    if (found == BERM_REGEX_FAULTY) return fail_search(vm, &walk.search, args[1], word);
    return fault.tag == BERM_TAG_ERROR ? fault : list;
}

/* `with` once, \0 to \9 in it being the groups of the match; false when it is malformed or names a
   group that there is not. */
static bool put_replacement(berm_text *out, berm_str with, const berm_regex_search *search)
{
    for (size_t i = 0; i < with.len; i++) {
        if (with.ptr[i] != '\\') {
            berm_text_putc(out, with.ptr[i]);
            continue;
        }
        if (++i == with.len) return false;
        char c = with.ptr[i];
        if (c == '\\') {
            berm_text_putc(out, c);
            continue;
        }
        uint32_t group = (uint32_t)(unsigned char)c - '0';
        if (group > 9 || group > search->group_count) return false;
        uint32_t from = search->spans[2 * group], to = search->spans[2 * group + 1];
        if (from != UINT32_MAX) berm_text_put(out, berm_str_cut(search->text, from, to));
    }
    return true;
}

/* Whether there is fuel and memory for what has grown since `before`. */
static bool pay_for_growth(berm_vm *vm, const berm_text *out, size_t before)
{
    if (out->len > vm->space.memory_limit) berm_space_exceed(&vm->space, BERM_D_LIMIT_MEMORY);
    if (out->failed) berm_space_fail(&vm->space, BERM_E_NOMEM);
    return vm->space.status == BERM_OK && berm_space_spend(&vm->space, (out->len - before) / 16);
}

static berm_cell replace_matches(berm_vm *vm, const berm_cell *args, uint64_t most, uint32_t word)
{
    uint32_t spans[GROUP_SPANS];
    berm_str with = berm_text_of(&vm->space, args[2]);
    bool groups = with.len && memchr(with.ptr, '\\', with.len), well_formed = true;
    match_walk walk = {.search = search_for(vm, args, spans, groups ? GROUP_SPANS : 2),
                       .behind = SIZE_MAX};
    berm_text out;
    berm_regex_found found = BERM_REGEX_MISSED;
    size_t done = 0;
    berm_text_init(&out, vm->space.alloc);
    for (uint64_t i = 0; i < most && well_formed; i++) {
        size_t before = out.len;
        found = find_next(vm, &walk);
        if (found != BERM_REGEX_FOUND) break;
        berm_text_put(&out, berm_str_cut(walk.search.text, done, spans[0]));
        well_formed = put_replacement(&out, with, &walk.search);
        done = spans[1];
        if (!pay_for_growth(vm, &out, before)) break;
    }
    berm_text_put(&out, berm_str_cut(walk.search.text, done, walk.search.text.len));
    if (well_formed && found != BERM_REGEX_FAULTY) return berm_fn_take_text(vm, &out);
    berm_text_free(&out);
    return well_formed ? fail_search(vm, &walk.search, args[1], word)
                       : berm_fn_fail(vm, BERM_ERR_ARGUMENT, args[2], word);
}

BERM_FN_BODY(REGEX_REPLACE)
{
    if (!are_two_texts(args) || args[2].tag != BERM_TAG_STRING)
        return berm_no_overload(vm, args, 3, word);
    return replace_matches(vm, args, UINT64_MAX, word);
}

BERM_FN_BODY(REGEX_REPLACE_COUNT)
{
    if (!are_two_texts(args) || args[2].tag != BERM_TAG_STRING || args[3].tag != BERM_TAG_INT)
        return berm_no_overload(vm, args, 4, word);
    return replace_matches(vm, args, args[3].as.i < 0 ? UINT64_MAX : args[3].as.u, word);
}
