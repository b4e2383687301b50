/* What a list comes to: the lists library of Kubernetes. Unknown elements never get here. */
#include "vm/object.h"

/* An element that CEL can order, and against the one before it; the error otherwise, or MISSING. */
static berm_cell order_elements(berm_vm *vm, berm_cell a, berm_cell b, int *order, uint32_t word)
{
    berm_cell pair[2] = {a, b};
    bool comparable = berm_space_spend(&vm->space, 1) && berm_value_order(&vm->space, a, b, order);
    return comparable ? berm_cell_of(BERM_TAG_MISSING) : berm_no_overload(vm, pair, 2, word);
}

BERM_FN_BODY(IS_SORTED)
{
    if (args->tag != BERM_TAG_LIST) return berm_no_overload(vm, args, 1, word);
    bool sorted = true;
    for (uint32_t i = 0; i < args->as.ref.len; i++) {
        int order = 0;
        berm_cell item = berm_list_at(&vm->space, *args, i),
                  before = i ? berm_list_at(&vm->space, *args, i - 1) : item;
        berm_cell fault = order_elements(vm, before, item, &order, word);
        if (fault.tag != BERM_TAG_MISSING) return fault;
        if (order == 1) sorted = false;
    }
    return berm_cell_bool(sorted);
}

/* The first element that no other is on the `side` of: -1 the least, 1 the greatest. */
static berm_cell find_extreme(berm_vm *vm, const berm_cell *args, int side, uint32_t word)
{
    if (args->tag != BERM_TAG_LIST) return berm_no_overload(vm, args, 1, word);
    if (args->as.ref.len == 0) return berm_fn_fail(vm, BERM_ERR_ARGUMENT, *args, word);
    berm_cell best = berm_list_at(&vm->space, *args, 0);
    for (uint32_t i = 0; i < args->as.ref.len; i++) {
        int order = 0;
        berm_cell item = berm_list_at(&vm->space, *args, i);
        berm_cell fault = order_elements(vm, item, best, &order, word);
        if (fault.tag != BERM_TAG_MISSING) return fault;
        if (order == side) best = item;
    }
    return best;
}

BERM_FN_BODY(LIST_MIN)
{
    return find_extreme(vm, args, -1, word);
}

BERM_FN_BODY(LIST_MAX)
{
    return find_extreme(vm, args, 1, word);
}

/* Numbers and durations add up; the sum of nothing is the int 0. */
BERM_FN_BODY(LIST_SUM)
{
    if (args->tag != BERM_TAG_LIST) return berm_no_overload(vm, args, 1, word);
    berm_cell sum = berm_cell_int(0);
    for (uint32_t i = 0; i < args->as.ref.len; i++) {
        berm_cell item = berm_list_at(&vm->space, *args, i);
        bool summable = item.tag == BERM_TAG_INT || item.tag == BERM_TAG_UINT ||
                        item.tag == BERM_TAG_DOUBLE || item.tag == BERM_TAG_DURATION;
        if (!summable) return berm_no_overload(vm, &item, 1, word);
        if (i == 0) sum.tag = item.tag; /* all bits of a zero are 0 */
        sum = berm_value_arith(&vm->space, BERM_ADD, sum, item, word);
        if (sum.tag == BERM_TAG_ERROR) return sum;
    }
    return sum;
}

berm_cell berm_list_position(berm_vm *vm, berm_cell list, berm_cell item, bool last)
{
    uint32_t count = list.as.ref.len;
    for (uint32_t i = 0; i < count && vm->space.status == BERM_OK; i++) {
        uint32_t at = last ? count - 1 - i : i;
        if (berm_value_equal(&vm->space, berm_list_at(&vm->space, list, at), item) == BERM_TRUE)
            return berm_cell_int(at);
    }
    return berm_cell_int(-1);
}

BERM_FN_BODY(INCLUDES)
{
    (void)word;
    berm_truth in = berm_cell_sequence(args[0]) ? berm_value_in(&vm->space, args[1], args[0])
                                                : berm_value_equal(&vm->space, args[0], args[1]);
    return berm_cell_bool(in == BERM_TRUE);
}
