#include "operate.h"

#include <math.h>

/* --- the greatest and the least --- */

static bool is_nan(const value *v)
{
    return v->kind == V_DOUBLE && isnan(v->d);
}

/* `sign` 1: the greatest. The first of equal ones; NaN has no order, so it is fine only by
   itself. */
static const value *pick(heap *h, const value *list, int sign)
{
    if (list->count == 0) return make_error(h, "");
    const value *best = list->items[0];
    for (size_t i = 0; i < list->count; i++) {
        const value *one = list->items[i];
        if (!is_number(one)) return no_overload(h);
        if (list->count > 1 && is_nan(one)) return make_error(h, "");
        if (order_values(one, best) * sign > 0) best = one;
    }
    return best;
}

static const value *greatest_of_list(heap *h, const value *const *args)
{
    return pick(h, args[0], 1);
}

static const value *least_of_list(heap *h, const value *const *args)
{
    return pick(h, args[0], -1);
}

static const value *keep_number(heap *h, const value *const *args)
{
    (void)h;
    return args[0];
}

/* --- doubles --- */

static const value *round_up(heap *h, const value *const *args)
{
    return make_double(h, ceil(args[0]->d));
}

static const value *round_down(heap *h, const value *const *args)
{
    return make_double(h, floor(args[0]->d));
}

static const value *round_off(heap *h, const value *const *args)
{
    return make_double(h, round(args[0]->d));
}

static const value *cut(heap *h, const value *const *args)
{
    return make_double(h, trunc(args[0]->d));
}

static const value *is_not_a_number(heap *h, const value *const *args)
{
    (void)h;
    return make_bool(isnan(args[0]->d));
}

static const value *is_infinite(heap *h, const value *const *args)
{
    (void)h;
    return make_bool(isinf(args[0]->d));
}

static const value *is_finite(heap *h, const value *const *args)
{
    (void)h;
    return make_bool(isfinite(args[0]->d));
}

static const value *root(heap *h, const value *const *args)
{
    const value *v = args[0];
    return make_double(h, sqrt(v->kind == V_INT    ? (double)v->i
                               : v->kind == V_UINT ? (double)v->u
                                                   : v->d));
}

/* --- all numbers --- */

static const value *absolute(heap *h, const value *const *args)
{
    const value *v = args[0];
    if (v->kind == V_INT && v->i == INT64_MIN) return make_error(h, "OVERFLOW");
    if (v->kind == V_INT) return make_int(h, v->i < 0 ? -v->i : v->i);
    return v->kind == V_UINT ? v : make_double(h, fabs(v->d));
}

static const value *sign(heap *h, const value *const *args)
{
    const value *v = args[0];
    if (v->kind == V_INT) return make_int(h, (v->i > 0) - (v->i < 0));
    if (v->kind == V_UINT) return make_uint(h, v->u > 0);
    if (isnan(v->d)) return v;
    return make_double(h, v->d > 0 ? 1.0 : v->d < 0 ? -1.0 : 0.0);
}

/* --- bits --- */

static uint64_t bits_of(const value *v)
{
    return v->kind == V_INT ? (uint64_t)v->i : v->u;
}

static const value *number_of(heap *h, const value *like, uint64_t bits)
{
    return like->kind == V_INT ? make_int(h, (int64_t)bits) : make_uint(h, bits);
}

static const value *bit_and(heap *h, const value *const *args)
{
    return number_of(h, args[0], bits_of(args[0]) & bits_of(args[1]));
}

static const value *bit_or(heap *h, const value *const *args)
{
    return number_of(h, args[0], bits_of(args[0]) | bits_of(args[1]));
}

static const value *bit_xor(heap *h, const value *const *args)
{
    return number_of(h, args[0], bits_of(args[0]) ^ bits_of(args[1]));
}

static const value *bit_not(heap *h, const value *const *args)
{
    return number_of(h, args[0], ~bits_of(args[0]));
}

/* One place at a time; zeros come in from either end, whatever the sign. */
static const value *shift(heap *h, const value *const *args, bool left)
{
    uint64_t bits = bits_of(args[0]);
    if (args[1]->i < 0) return make_error(h, "");
    for (int64_t i = 0; i < args[1]->i && i < 64; i++) bits = left ? bits * 2 : bits / 2;
    return number_of(h, args[0], bits);
}

static const value *shift_left(heap *h, const value *const *args)
{
    return shift(h, args, true);
}

static const value *shift_right(heap *h, const value *const *args)
{
    return shift(h, args, false);
}

const function_row math_rows[] = {
    {"math.greatest", false, "i", keep_number},
    {"math.greatest", false, "u", keep_number},
    {"math.greatest", false, "d", keep_number},
    {"math.greatest", false, "L", greatest_of_list},
    {"math.least", false, "i", keep_number},
    {"math.least", false, "u", keep_number},
    {"math.least", false, "d", keep_number},
    {"math.least", false, "L", least_of_list},
    {"math.ceil", false, "d", round_up},
    {"math.floor", false, "d", round_down},
    {"math.round", false, "d", round_off},
    {"math.trunc", false, "d", cut},
    {"math.isNaN", false, "d", is_not_a_number},
    {"math.isInf", false, "d", is_infinite},
    {"math.isFinite", false, "d", is_finite},
    {"math.abs", false, "i", absolute},
    {"math.abs", false, "u", absolute},
    {"math.abs", false, "d", absolute},
    {"math.sign", false, "i", sign},
    {"math.sign", false, "u", sign},
    {"math.sign", false, "d", sign},
    {"math.sqrt", false, "i", root},
    {"math.sqrt", false, "u", root},
    {"math.sqrt", false, "d", root},
    {"math.bitAnd", false, "ii", bit_and},
    {"math.bitAnd", false, "uu", bit_and},
    {"math.bitOr", false, "ii", bit_or},
    {"math.bitOr", false, "uu", bit_or},
    {"math.bitXor", false, "ii", bit_xor},
    {"math.bitXor", false, "uu", bit_xor},
    {"math.bitNot", false, "i", bit_not},
    {"math.bitNot", false, "u", bit_not},
    {"math.bitShiftLeft", false, "ii", shift_left},
    {"math.bitShiftLeft", false, "ui", shift_left},
    {"math.bitShiftRight", false, "ii", shift_right},
    {"math.bitShiftRight", false, "ui", shift_right},
    {NULL, false, NULL, NULL},
};
