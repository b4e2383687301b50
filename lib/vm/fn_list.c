/* The lists and sets extensions. */
#include "vm/exec.h"

#define RANGE_MAX 10000000

BERM_FN_BODY(SLICE)
{
    if (args[0].tag != BERM_TAG_LIST || args[1].tag != BERM_TAG_INT ||
        args[2].tag != BERM_TAG_INT) {
        return berm_no_overload(vm, args, 3, word);
    }
    int64_t from = args[1].as.i, to = args[2].as.i;
    if (from < 0 || from > to) return berm_fn_fail(vm, BERM_ERR_INDEX_RANGE, args[1], word);
    if (to > args[0].as.ref.len) {
        if (args[0].flags & BERM_CELL_OPEN) return berm_cell_fallible(berm_cell_unknown());
        return berm_fn_fail(vm, BERM_ERR_INDEX_RANGE, args[2], word);
    }
    berm_cell slice = args[0];
    slice.aux = BERM_NO_SPAN;
    slice.flags &= (uint8_t) ~(unsigned)BERM_CELL_OPEN;
    slice.as.ref.off += (uint32_t)from;
    slice.as.ref.len = (uint32_t)(to - from);
    return slice;
}

/* How many elements `list` has once `depth` layers of lists are taken away; children count
   towards fuel. *open becomes an element that may be such a list. */
static uint64_t count_flat(berm_vm *vm, berm_cell list, uint64_t depth, uint32_t nesting,
                           berm_cell *open)
{
    uint64_t count = 0;
    if (!berm_space_spend(&vm->space, list.as.ref.len)) return 0;
    for (uint32_t i = 0; i < list.as.ref.len; i++) {
        berm_cell item = berm_list_at(&vm->space, list, i);
        bool deeper = item.tag == BERM_TAG_LIST && depth > 0 && nesting > 0;
        bool unknown = item.tag == BERM_TAG_UNKNOWN || (deeper && item.flags & BERM_CELL_OPEN);
        if (unknown && depth > 0) *open = berm_cell_unknown();
        count += deeper ? count_flat(vm, item, depth - 1, nesting - 1, open) : 1;
    }
    return count;
}

static berm_cell *fill_flat(berm_vm *vm, berm_cell list, uint64_t depth, uint32_t nesting,
                            berm_cell *out)
{
    for (uint32_t i = 0; i < list.as.ref.len; i++) {
        berm_cell item = berm_list_at(&vm->space, list, i);
        bool deeper = item.tag == BERM_TAG_LIST && depth > 0 && nesting > 0;
        if (deeper) out = fill_flat(vm, item, depth - 1, nesting - 1, out);
        else *out++ = item;
    }
    return out;
}

static berm_cell flatten_list(berm_vm *vm, berm_cell arg, uint64_t depth, uint32_t word)
{
    berm_cell list = arg, open = berm_cell_of(BERM_TAG_MISSING);
    uint64_t count = count_flat(vm, arg, depth, vm->space.depth_limit, &open);
    if (vm->space.status != BERM_OK) return list;
    if (open.tag == BERM_TAG_UNKNOWN) return berm_cell_some(open, BERM_CELL_SOME_LIST);
    if (count > UINT32_MAX)
        return berm_value_error(&vm->space, BERM_ERR_RESULT_SIZE, word, NULL, 0);
    berm_cell *cells = berm_list_new(vm, (uint32_t)count, &list);
    if (cells) (void)fill_flat(vm, arg, depth, vm->space.depth_limit, cells);
    list.flags |= (uint8_t)(arg.flags & BERM_CELL_OPEN);
    return list;
}

BERM_FN_BODY(FLATTEN)
{
    if (args->tag != BERM_TAG_LIST) return berm_no_overload(vm, args, 1, word);
    return flatten_list(vm, *args, 1, word);
}

BERM_FN_BODY(FLATTEN_DEPTH)
{
    if (args[0].tag != BERM_TAG_LIST || args[1].tag != BERM_TAG_INT)
        return berm_no_overload(vm, args, 2, word);
    if (args[1].as.i < 0) return berm_fn_fail(vm, BERM_ERR_ARGUMENT, args[1], word);
    return flatten_list(vm, args[0], args[1].as.u, word);
}

BERM_FN_BODY(SORT)
{
    return berm_op_sort(vm, *args, *args, word);
}

BERM_FN_BODY(RANGE)
{
    if (args->tag != BERM_TAG_INT) return berm_no_overload(vm, args, 1, word);
    if (args->as.i < 0 || args->as.i > RANGE_MAX)
        return berm_fn_fail(vm, BERM_ERR_ARGUMENT, *args, word);
    uint32_t count = (uint32_t)args->as.i;
    berm_cell list;
    vm->cost += count / 10;
    berm_cell *cells = berm_space_spend(&vm->space, count) ? berm_list_new(vm, count, &list) : NULL;
    if (!cells) return *args;
    for (uint32_t i = 0; i < count; i++) cells[i] = berm_cell_int(i);
    return list;
}

BERM_FN_BODY(REVERSE)
{
    if (args->tag == BERM_TAG_STRING) return berm_reverse_text(vm, *args);
    if (args->tag != BERM_TAG_LIST) return berm_no_overload(vm, args, 1, word);
    if (args->flags & BERM_CELL_OPEN)
        return berm_cell_some(berm_cell_unknown(), BERM_CELL_SOME_LIST);
    uint32_t count = args->as.ref.len;
    berm_cell list;
    berm_cell *cells = berm_list_new(vm, count, &list);
    for (uint32_t i = 0; cells && i < count; i++)
        cells[i] = berm_list_at(&vm->space, *args, count - 1 - i);
    return list;
}

/* Whether `item` is among the first `count` cells; work is charged. */
static bool is_among(berm_vm *vm, berm_cell item, const berm_cell *cells, uint32_t count)
{
    for (uint32_t i = 0; i < count && berm_space_spend(&vm->space, 1); i++)
        if (berm_value_equal(&vm->space, item, cells[i]) == BERM_TRUE) return true;
    return false;
}

BERM_FN_BODY(DISTINCT)
{
    if (args->tag != BERM_TAG_LIST) return berm_no_overload(vm, args, 1, word);
    uint32_t count = args->as.ref.len, kept = 0;
    berm_cell list;
    berm_cell *cells = berm_list_new(vm, count, &list);
    for (uint32_t i = 0; cells && i < count; i++) {
        berm_cell item = berm_list_at(&vm->space, *args, i);
        if (!is_among(vm, item, cells, kept)) cells[kept++] = item;
    }
    list.as.ref.len = kept;
    return list;
}

BERM_FN_BODY(FIRST)
{
    if (args->tag != BERM_TAG_LIST) return berm_no_overload(vm, args, 1, word);
    if (args->as.ref.len) return berm_optional_of(vm, berm_list_at(&vm->space, *args, 0));
    return args->flags & BERM_CELL_OPEN ? berm_cell_unknown() : berm_optional_none();
}

BERM_FN_BODY(LAST)
{
    if (args->tag != BERM_TAG_LIST) return berm_no_overload(vm, args, 1, word);
    if (args->flags & BERM_CELL_OPEN) return berm_cell_unknown();
    uint32_t count = args->as.ref.len;
    return count ? berm_optional_of(vm, berm_list_at(&vm->space, *args, count - 1))
                 : berm_optional_none();
}

/* --- sets: lists whose order and repeats do not count --- */

static bool are_sequences(const berm_cell *args)
{
    return berm_cell_sequence(args[0]) && berm_cell_sequence(args[1]);
}

/* Whether all elements of `part` are in `whole`. */
static berm_truth contain_all(berm_vm *vm, berm_cell whole, berm_cell part)
{
    berm_truth all = part.flags & BERM_CELL_OPEN ? BERM_UNDECIDED : BERM_TRUE;
    for (uint32_t i = 0; i < part.as.ref.len; i++) {
        berm_truth in = berm_value_in(&vm->space, berm_list_at(&vm->space, part, i), whole);
        if (in == BERM_FALSE) return BERM_FALSE;
        if (in == BERM_UNDECIDED) all = BERM_UNDECIDED;
    }
    return all;
}

static berm_truth contain_any(berm_vm *vm, berm_cell whole, berm_cell part)
{
    berm_truth any = part.flags & BERM_CELL_OPEN ? BERM_UNDECIDED : BERM_FALSE;
    for (uint32_t i = 0; i < part.as.ref.len; i++) {
        berm_truth in = berm_value_in(&vm->space, berm_list_at(&vm->space, part, i), whole);
        if (in == BERM_TRUE) return BERM_TRUE;
        if (in == BERM_UNDECIDED) any = BERM_UNDECIDED;
    }
    return any;
}

static berm_cell answer_for_sets(berm_vm *vm, berm_truth truth, const berm_cell *args)
{
    berm_cell answer = berm_cell_bool(truth == BERM_TRUE);
    if (truth == BERM_UNDECIDED) answer = berm_vm_open_question(vm, args[0], args[1]);
    berm_vm_survey(vm, args, 2, &answer.flags);
    return answer;
}

BERM_FN_BODY(SETS_CONTAINS)
{
    if (!are_sequences(args)) return berm_no_overload(vm, args, 2, word);
    return answer_for_sets(vm, contain_all(vm, args[0], args[1]), args);
}

BERM_FN_BODY(SETS_EQUIVALENT)
{
    if (!are_sequences(args)) return berm_no_overload(vm, args, 2, word);
    berm_truth there = contain_all(vm, args[0], args[1]);
    berm_truth back = there == BERM_FALSE ? BERM_FALSE : contain_all(vm, args[1], args[0]);
    berm_truth both = there == BERM_UNDECIDED && back == BERM_TRUE ? BERM_UNDECIDED : back;
    return answer_for_sets(vm, both, args);
}

BERM_FN_BODY(SETS_INTERSECTS)
{
    if (!are_sequences(args)) return berm_no_overload(vm, args, 2, word);
    return answer_for_sets(vm, contain_any(vm, args[0], args[1]), args);
}
