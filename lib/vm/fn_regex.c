/* The regex library of Kubernetes: what a pattern finds in a text. */
#include "base/utf8.h"
#include "vm/exec.h"
#include "vm/regex.h"

static bool are_two_texts(const berm_cell *args)
{
    return args[0].tag == BERM_TAG_STRING && args[1].tag == BERM_TAG_STRING;
}

static berm_regex_search search_for(const berm_vm *vm, const berm_cell *args, uint32_t *spans,
                                    uint32_t span_count)
{
    return (berm_regex_search){.text = berm_text_of(&vm->space, args[0]),
                               .pattern = berm_text_of(&vm->space, args[1]),
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
