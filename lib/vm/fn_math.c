/* The math extension. */
#include "vm/exec.h"

#include <math.h>

static bool is_number(berm_cell c)
{
    return c.tag == BERM_TAG_INT || c.tag == BERM_TAG_UINT || c.tag == BERM_TAG_DOUBLE;
}

/* The number of a list that no other one is beyond; the first of equals. NaN has no place among
   others. */
static berm_cell pick_extreme(berm_vm *vm, berm_cell list, int side, uint32_t word)
{
    berm_cell best = berm_cell_of(BERM_TAG_MISSING);
    if (!berm_space_spend(&vm->space, list.as.ref.len)) return best;
    for (uint32_t i = 0; i < list.as.ref.len; i++) {
        int order = 2;
        berm_cell item = berm_list_at(&vm->space, list, i);
        if (!is_number(item)) return berm_no_overload(vm, &item, 1, word);
        bool first = best.tag == BERM_TAG_MISSING;
        if (!first) (void)berm_value_order(&vm->space, item, best, &order);
        if (!first && order == 2) return berm_fn_fail(vm, BERM_ERR_ARGUMENT, item, word);
        if (first || order == side) best = item;
    }
    return best.tag == BERM_TAG_MISSING ? berm_no_overload(vm, &list, 1, word) : best;
}

static berm_cell pick_from_argument(berm_vm *vm, berm_cell arg, int side, uint32_t word)
{
    if (is_number(arg)) return arg;
    return arg.tag == BERM_TAG_LIST ? pick_extreme(vm, arg, side, word)
                                    : berm_no_overload(vm, &arg, 1, word);
}

BERM_FN_BODY(GREATEST)
{
    return pick_from_argument(vm, *args, 1, word);
}

BERM_FN_BODY(GREATEST_OF)
{
    return pick_from_argument(vm, *args, 1, word);
}

BERM_FN_BODY(LEAST)
{
    return pick_from_argument(vm, *args, -1, word);
}

BERM_FN_BODY(LEAST_OF)
{
    return pick_from_argument(vm, *args, -1, word);
}

#define ROUNDING(id, function) \
    BERM_FN_BODY(id) \
    { \
        if (args->tag != BERM_TAG_DOUBLE) return berm_no_overload(vm, args, 1, word); \
        return berm_cell_double(function(args->as.d)); \
    }
ROUNDING(CEIL, ceil)
ROUNDING(FLOOR, floor)
ROUNDING(ROUND, round)
ROUNDING(TRUNC, trunc)

#define DOUBLE_TEST(id, test) \
    BERM_FN_BODY(id) \
    { \
        if (args->tag != BERM_TAG_DOUBLE) return berm_no_overload(vm, args, 1, word); \
        return berm_cell_bool((test(args->as.d)) != 0); \
    }
DOUBLE_TEST(IS_NAN, isnan)
DOUBLE_TEST(IS_INF, isinf)
DOUBLE_TEST(IS_FINITE, isfinite)

BERM_FN_BODY(ABS)
{
    switch (args->tag) {
    case BERM_TAG_UINT: return *args;
    case BERM_TAG_DOUBLE: return berm_cell_double(fabs(args->as.d));
    case BERM_TAG_INT:
        if (args->as.i == INT64_MIN)
            return berm_value_error(&vm->space, BERM_ERR_OVERFLOW, word, NULL, 0);
        return berm_cell_int(args->as.i < 0 ? -args->as.i : args->as.i);
    default: return berm_no_overload(vm, args, 1, word);
    }
}

BERM_FN_BODY(SIGN)
{
    double d = args->as.d;
    switch (args->tag) {
    case BERM_TAG_UINT: return berm_cell_uint(args->as.u != 0);
    case BERM_TAG_INT: return berm_cell_int((args->as.i > 0) - (args->as.i < 0));
    case BERM_TAG_DOUBLE: return berm_cell_double(isnan(d) ? d : (double)((d > 0) - (d < 0)));
    default: return berm_no_overload(vm, args, 1, word);
    }
}

BERM_FN_BODY(SQRT)
{
    switch (args->tag) {
    case BERM_TAG_INT: return berm_cell_double(sqrt((double)args->as.i));
    case BERM_TAG_UINT: return berm_cell_double(sqrt((double)args->as.u));
    case BERM_TAG_DOUBLE: return berm_cell_double(sqrt(args->as.d));
    default: return berm_no_overload(vm, args, 1, word);
    }
}

/* Whether two arguments are both int or both uint. */
static bool are_alike_integers(const berm_cell *args)
{
    return args[0].tag == args[1].tag &&
           (args[0].tag == BERM_TAG_INT || args[0].tag == BERM_TAG_UINT);
}

static berm_cell with_bits(berm_cell like, uint64_t bits)
{
    return like.tag == BERM_TAG_UINT ? berm_cell_uint(bits) : berm_cell_int((int64_t)bits);
}

#define BITWISE(id, op) \
    BERM_FN_BODY(id) \
    { \
        if (!are_alike_integers(args)) return berm_no_overload(vm, args, 2, word); \
        return with_bits(args[0], args[0].as.u op args[1].as.u); \
    }
BITWISE(BIT_AND, &)
BITWISE(BIT_OR, |)
BITWISE(BIT_XOR, ^)

BERM_FN_BODY(BIT_NOT)
{
    if (args->tag != BERM_TAG_INT && args->tag != BERM_TAG_UINT)
        return berm_no_overload(vm, args, 1, word);
    return with_bits(*args, ~args->as.u);
}

/* How far to shift: int only, not negative; 64 and more leave nothing. */
static berm_cell shift_bits(berm_vm *vm, const berm_cell *args, bool left, uint32_t word)
{
    bool integer = args[0].tag == BERM_TAG_INT || args[0].tag == BERM_TAG_UINT;
    if (!integer || args[1].tag != BERM_TAG_INT) return berm_no_overload(vm, args, 2, word);
    if (args[1].as.i < 0) return berm_fn_fail(vm, BERM_ERR_ARGUMENT, args[1], word);
    if (args[1].as.i >= 64) return with_bits(args[0], 0);
    return with_bits(args[0], left ? args[0].as.u << args[1].as.u : args[0].as.u >> args[1].as.u);
}

BERM_FN_BODY(BIT_SHIFT_LEFT)
{
    return shift_bits(vm, args, true, word);
}

BERM_FN_BODY(BIT_SHIFT_RIGHT)
{
    return shift_bits(vm, args, false, word);
}
