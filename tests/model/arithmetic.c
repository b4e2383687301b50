#include "operate.h"

#include <math.h>

/* --- integers: whether the exact result fits is asked before it is computed --- */

static bool add_fits(int64_t a, int64_t b)
{
    return b >= 0 ? a <= INT64_MAX - b : a >= INT64_MIN - b;
}

static bool subtract_fits(int64_t a, int64_t b)
{
    return b >= 0 ? a >= INT64_MIN + b : a <= INT64_MAX + b;
}

static bool multiply_fits(int64_t a, int64_t b)
{
    if (a == 0 || b == 0) return true;
    if (a == INT64_MIN || b == INT64_MIN) return a == 1 || b == 1;
    uint64_t x = (uint64_t)(a < 0 ? -a : a), y = (uint64_t)(b < 0 ? -b : b);
    uint64_t most = (a < 0) == (b < 0) ? (uint64_t)INT64_MAX : (uint64_t)INT64_MAX + 1;
    return x <= most / y;
}

static const value *overflow(heap *h)
{
    return make_error(h, "OVERFLOW");
}

/* --- time --- */

static const value *add_to_time(heap *h, berm_time t, int64_t nanos)
{
    int64_t sec = t.sec + nanos / 1000000000, rest = t.nanos + nanos % 1000000000;
    if (rest < 0) {
        rest += 1000000000;
        sec--;
    }
    if (rest >= 1000000000) {
        rest -= 1000000000;
        sec++;
    }
    return make_time(h, sec, (int32_t)rest);
}

static const value *time_between(heap *h, berm_time a, berm_time b)
{
    int64_t sec = a.sec - b.sec, nanos = a.nanos - b.nanos;
    if (sec > 0 && nanos < 0) {
        sec--;
        nanos += 1000000000;
    } else if (sec < 0 && nanos > 0) {
        sec++;
        nanos -= 1000000000;
    }
    if (!multiply_fits(sec, 1000000000) || !add_fits(sec * 1000000000, nanos))
        return make_error(h, "DURATION_RANGE");
    return make_duration(h, sec * 1000000000 + nanos);
}

/* --- joining --- */

static const value *join_texts(heap *h, const value *a, const value *b)
{
    berm_str x = a->text, y = b->text;
    char *joined = heap_text(h, x.len + y.len);
    if (x.len) memcpy(joined, x.ptr, x.len);
    if (y.len) memcpy(joined + x.len, y.ptr, y.len);
    berm_str text = {joined, x.len + y.len};
    return a->kind == V_STRING ? make_string(h, text) : make_bytes(h, text);
}

static const value *join_lists(heap *h, const value *a, const value *b)
{
    items joined = {0};
    for (size_t i = 0; i < a->count; i++) items_push(h, &joined, a->items[i]);
    for (size_t i = 0; i < b->count; i++) items_push(h, &joined, b->items[i]);
    return make_list(h, joined.at, joined.count);
}

/* --- the operators --- */

const value *add_values(heap *h, const value *a, const value *b)
{
    if (a->kind == V_TIME && b->kind == V_DURATION) return add_to_time(h, a->time, b->i);
    if (a->kind == V_DURATION && b->kind == V_TIME) return add_to_time(h, b->time, a->i);
    if (a->kind != b->kind) return no_overload(h);
    switch (a->kind) {
    case V_INT: return add_fits(a->i, b->i) ? make_int(h, a->i + b->i) : overflow(h);
    case V_UINT: return a->u <= UINT64_MAX - b->u ? make_uint(h, a->u + b->u) : overflow(h);
    case V_DOUBLE: return make_double(h, a->d + b->d);
    case V_STRING:
    case V_BYTES: return join_texts(h, a, b);
    case V_LIST: return join_lists(h, a, b);
    case V_DURATION:
        return add_fits(a->i, b->i) ? make_duration(h, a->i + b->i)
                                    : make_error(h, "DURATION_RANGE");
    default: return no_overload(h);
    }
}

const value *subtract_values(heap *h, const value *a, const value *b)
{
    if (a->kind == V_TIME && b->kind == V_DURATION) {
        if (b->i != INT64_MIN) return add_to_time(h, a->time, -b->i);
        const value *most = add_to_time(h, a->time, INT64_MAX);
        return most->kind == V_TIME ? add_to_time(h, most->time, 1) : most;
    }
    if (a->kind != b->kind) return no_overload(h);
    switch (a->kind) {
    case V_INT: return subtract_fits(a->i, b->i) ? make_int(h, a->i - b->i) : overflow(h);
    case V_UINT: return a->u >= b->u ? make_uint(h, a->u - b->u) : overflow(h);
    case V_DOUBLE: return make_double(h, a->d - b->d);
    case V_TIME: return time_between(h, a->time, b->time);
    case V_DURATION:
        return subtract_fits(a->i, b->i) ? make_duration(h, a->i - b->i)
                                         : make_error(h, "DURATION_RANGE");
    default: return no_overload(h);
    }
}

const value *multiply_values(heap *h, const value *a, const value *b)
{
    if (a->kind != b->kind) return no_overload(h);
    switch (a->kind) {
    case V_INT: return multiply_fits(a->i, b->i) ? make_int(h, a->i * b->i) : overflow(h);
    case V_UINT:
        return b->u == 0 || a->u <= UINT64_MAX / b->u ? make_uint(h, a->u * b->u) : overflow(h);
    case V_DOUBLE: return make_double(h, a->d * b->d);
    default: return no_overload(h);
    }
}

const value *divide_values(heap *h, const value *a, const value *b)
{
    if (a->kind != b->kind) return no_overload(h);
    switch (a->kind) {
    case V_INT:
        if (b->i == 0) return make_error(h, "DIVIDE_BY_ZERO");
        return a->i == INT64_MIN && b->i == -1 ? overflow(h) : make_int(h, a->i / b->i);
    case V_UINT: return b->u == 0 ? make_error(h, "DIVIDE_BY_ZERO") : make_uint(h, a->u / b->u);
    case V_DOUBLE: return make_double(h, a->d / b->d);
    default: return no_overload(h);
    }
}

const value *modulo_values(heap *h, const value *a, const value *b)
{
    if (a->kind != b->kind) return no_overload(h);
    switch (a->kind) {
    case V_INT:
        if (b->i == 0) return make_error(h, "MODULUS_BY_ZERO");
        return a->i == INT64_MIN && b->i == -1 ? overflow(h) : make_int(h, a->i % b->i);
    case V_UINT: return b->u == 0 ? make_error(h, "MODULUS_BY_ZERO") : make_uint(h, a->u % b->u);
    default: return no_overload(h);
    }
}

const value *negate_value(heap *h, const value *a)
{
    if (a->kind == V_DOUBLE) return make_double(h, -a->d);
    if (a->kind != V_INT) return no_overload(h);
    return a->i == INT64_MIN ? overflow(h) : make_int(h, -a->i);
}

const value *find_in(heap *h, const value *needle, const value *haystack)
{
    const value *found = make_bool(false);
    if (haystack->kind == V_MAP) {
        if (holds_unknown(needle)) return make_unknown();
        return make_bool(map_get(haystack, needle) != NULL);
    }
    if (haystack->kind != V_LIST) return no_overload(h);
    for (size_t i = 0; i < haystack->count; i++) {
        const value *one = equal_values(needle, haystack->items[i]);
        if (is_true(one)) return one;
        if (one->kind == V_UNKNOWN) found = one;
    }
    return found;
}
