/* Operators on decided and undecided values. */
#include "vm/exec.h"

static bool is_bool(berm_cell c)
{
    return c.tag == BERM_TAG_BOOL;
}

berm_cell berm_op_not_bool(berm_vm *vm, berm_cell condition, uint32_t word)
{
    if (berm_cell_undecided(condition)) return berm_cell_fallible(condition);
    return berm_cell_tint(berm_value_error(&vm->space, BERM_ERR_NOT_BOOL, word, &condition, 1),
                          condition);
}

berm_cell berm_op_not(berm_vm *vm, berm_cell a, uint32_t word)
{
    if (is_bool(a)) return berm_cell_tint(berm_cell_bool(!a.as.u), a);
    if (berm_cell_undecided(a)) return berm_cell_fallible(a);
    return berm_cell_tint(berm_no_overload(vm, &a, 1, word), a);
}

/* && and ||: `decisive` on either side decides, then an unknown, then an error; a value that is
   no bool is an error. */
static berm_cell join_logic(berm_vm *vm, bool decisive, berm_cell a, berm_cell b, uint32_t word)
{
    berm_cell result;
    if ((is_bool(a) && (a.as.u != 0) == decisive) || (is_bool(b) && (b.as.u != 0) == decisive)) {
        result = berm_cell_bool(decisive);
    } else if (is_bool(a) && is_bool(b)) {
        result = berm_cell_bool(!decisive);
    } else {
        berm_cell pair[2] = {is_bool(a) ? a : berm_op_not_bool(vm, a, word),
                             is_bool(b) ? b : berm_op_not_bool(vm, b, word)};
        result = berm_pick_undecided(pair, 2);
    }
    return berm_cell_tint(berm_cell_tint(result, a), b);
}

berm_cell berm_op_and(berm_vm *vm, berm_cell a, berm_cell b, uint32_t word)
{
    return join_logic(vm, false, a, b, word);
}

berm_cell berm_op_or(berm_vm *vm, berm_cell a, berm_cell b, uint32_t word)
{
    return join_logic(vm, true, a, b, word);
}

berm_cell berm_op_negate(berm_vm *vm, berm_cell a, uint32_t word)
{
    if (berm_cell_undecided(a)) return berm_cell_fallible(a);
    return berm_cell_tint(berm_value_negate(&vm->space, a, word), a);
}

/* What has to be done before two operands are looked at: false when *result is already the
   answer. */
static bool take_operands(berm_cell a, berm_cell b, berm_cell *result)
{
    berm_cell pair[2] = {a, b};
    *result = berm_pick_undecided(pair, 2);
    return result->tag == BERM_TAG_MISSING;
}

/* A list, or what turns out to be one. */
static bool is_some_list(berm_cell c)
{
    return c.tag == BERM_TAG_LIST || berm_cell_is_some(c, BERM_CELL_SOME_LIST);
}

berm_cell berm_op_arith(berm_vm *vm, berm_arith op, berm_cell a, berm_cell b, uint32_t word)
{
    berm_cell result;
    bool lists = op == BERM_ADD && is_some_list(a) && is_some_list(b);
    if (!take_operands(a, b, &result))
        return lists ? berm_cell_some(result, BERM_CELL_SOME_LIST) : result;
    if (lists && a.flags & BERM_CELL_OPEN) { /* where b begins is not known */
        result = a;
    } else {
        result = berm_value_arith(&vm->space, op, a, b, word);
        if (lists && result.tag == BERM_TAG_LIST) result.flags |= b.flags & BERM_CELL_OPEN;
    }
    return berm_cell_tint(berm_cell_tint(result, a), b);
}

static berm_cell answer_truth(berm_vm *vm, berm_truth truth, berm_cell a, berm_cell b)
{
    berm_cell result = truth == BERM_UNDECIDED ? berm_vm_open_question(vm, a, b)
                                               : berm_cell_bool(truth == BERM_TRUE);
    if (berm_cell_container(a) || berm_cell_container(b)) { /* a part of one may have decided */
        berm_cell pair[2] = {a, b};
        berm_vm_survey(vm, pair, 2, &result.flags);
    }
    return berm_cell_tint(berm_cell_tint(result, a), b);
}

/* Equality is there for all values: its answer fails only with an operand. */
berm_cell berm_op_equal(berm_vm *vm, berm_cell a, berm_cell b)
{
    berm_cell result;
    if (!take_operands(a, b, &result)) {
        bool may_fail = berm_cell_may_fail(a) || berm_cell_may_fail(b);
        if (!may_fail) result.flags &= (uint8_t) ~(unsigned)BERM_CELL_FALLIBLE;
        return result;
    }
    return answer_truth(vm, berm_value_equal(&vm->space, a, b), a, b);
}

static bool holds_relation(berm_relation relation, int order)
{
    switch (relation) {
    case BERM_LESS: return order == -1;
    case BERM_LESS_EQUAL: return order == -1 || order == 0;
    case BERM_GREATER: return order == 1;
    default: return order == 1 || order == 0;
    }
}

berm_cell berm_op_order(berm_vm *vm, berm_relation relation, berm_cell a, berm_cell b,
                        uint32_t word)
{
    berm_cell result;
    if (!take_operands(a, b, &result)) return result;
    berm_cell operands[2] = {a, b};
    int order = 2;
    if (berm_value_order(&vm->space, a, b, &order))
        result = berm_cell_bool(holds_relation(relation, order));
    else result = berm_no_overload(vm, operands, 2, word);
    return berm_cell_tint(berm_cell_tint(result, a), b);
}

berm_cell berm_op_in(berm_vm *vm, berm_cell needle, berm_cell haystack, uint32_t word)
{
    berm_cell result;
    if (!take_operands(needle, haystack, &result)) return result;
    if (berm_cell_container(haystack)) {
        berm_truth truth = berm_value_in(&vm->space, needle, haystack);
        if (truth == BERM_TRUE && vm->nulls_missing && haystack.tag == BERM_TAG_MAP)
            truth = berm_member_present(vm, haystack, needle);
        return answer_truth(vm, truth, haystack, needle);
    }
    berm_cell operands[2] = {needle, haystack};
    return berm_cell_tint(berm_no_overload(vm, operands, 2, word), needle);
}
