/* CEL's operators + - * / % and unary minus. One function per type; whatever has no overload
   ends in one place. */
#include "data/ops.h"
#include "data/time.h"

#include <string.h>

#define ARITH_NANOS_PER_SEC 1000000000
#define ARITH_CELLS_PER_FUEL 16u
#define ARITH_BYTES_PER_FUEL 16u

static berm_cell fail_arith(berm_space *space, berm_error_code code, uint32_t word)
{
    return berm_value_error(space, code, word, NULL, 0);
}

static berm_cell refuse_types(berm_space *space, uint32_t word, berm_cell a, berm_cell b)
{
    return berm_value_error(space, BERM_ERR_NO_OVERLOAD, word, (const berm_cell[]){a, b}, 2);
}

/* --- numbers: each gives the code of its error, or NONE --- */

static berm_error_code add_ints(int64_t a, int64_t b, int64_t *out)
{
    if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b) return BERM_ERR_OVERFLOW;
    *out = a + b;
    return BERM_ERR_NONE;
}

static berm_error_code subtract_ints(int64_t a, int64_t b, int64_t *out)
{
    if (b > 0 ? a < INT64_MIN + b : a > INT64_MAX + b) return BERM_ERR_OVERFLOW;
    *out = a - b;
    return BERM_ERR_NONE;
}

static uint64_t take_magnitude(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

static berm_error_code multiply_uints(uint64_t a, uint64_t b, uint64_t *out)
{
    if (b != 0 && a > UINT64_MAX / b) return BERM_ERR_OVERFLOW;
    *out = a * b;
    return BERM_ERR_NONE;
}

static berm_error_code multiply_ints(int64_t a, int64_t b, int64_t *out)
{
    bool negative = (a < 0) != (b < 0);
    uint64_t magnitude = 0;
    if (multiply_uints(take_magnitude(a), take_magnitude(b), &magnitude) != BERM_ERR_NONE ||
        magnitude > (uint64_t)INT64_MAX + negative) {
        return BERM_ERR_OVERFLOW;
    }
    /* -INT64_MIN does not fit, so the negation is done one short of it. */
    *out = negative && magnitude ? -(int64_t)(magnitude - 1) - 1 : (int64_t)magnitude;
    return BERM_ERR_NONE;
}

static berm_error_code compute_ints(berm_arith op, int64_t a, int64_t b, int64_t *out)
{
    switch (op) {
    case BERM_ADD: return add_ints(a, b, out);
    case BERM_SUB: return subtract_ints(a, b, out);
    case BERM_MUL: return multiply_ints(a, b, out);
    case BERM_DIV:
    case BERM_MOD: break;
    }
    if (b == 0) return op == BERM_DIV ? BERM_ERR_DIVIDE_BY_ZERO : BERM_ERR_MODULUS_BY_ZERO;
    if (a == INT64_MIN && b == -1) return BERM_ERR_OVERFLOW;
    *out = op == BERM_DIV ? a / b : a % b;
    return BERM_ERR_NONE;
}

static berm_error_code compute_uints(berm_arith op, uint64_t a, uint64_t b, uint64_t *out)
{
    switch (op) {
    case BERM_ADD: *out = a + b; return a > UINT64_MAX - b ? BERM_ERR_OVERFLOW : BERM_ERR_NONE;
    case BERM_SUB: *out = a - b; return a < b ? BERM_ERR_OVERFLOW : BERM_ERR_NONE;
    case BERM_MUL: return multiply_uints(a, b, out);
    case BERM_DIV:
    case BERM_MOD: break;
    }
    if (b == 0) return op == BERM_DIV ? BERM_ERR_DIVIDE_BY_ZERO : BERM_ERR_MODULUS_BY_ZERO;
    *out = op == BERM_DIV ? a / b : a % b;
    return BERM_ERR_NONE;
}

/* As IEEE 754: nothing fails. There is no %. */
static bool compute_doubles(berm_arith op, double a, double b, double *out)
{
    switch (op) {
    case BERM_ADD: *out = a + b; return true;
    case BERM_SUB: *out = a - b; return true;
    case BERM_MUL: *out = a * b; return true;
    case BERM_DIV: *out = a / b; return true;
    case BERM_MOD: break;
    }
    return false;
}

/* --- time --- */

static berm_cell wrap_duration(int64_t nanos)
{
    berm_cell duration = berm_cell_of(BERM_TAG_DURATION);
    duration.as.i = nanos;
    return duration;
}

static berm_time time_of_cell(berm_cell c)
{
    return (berm_time){c.as.i, (int32_t)c.aux};
}

/* `time` moved by `sign` x `nanos`; a valid time and 292 years cannot overflow the seconds. */
static berm_cell shift_time(berm_space *space, berm_time time, int64_t nanos, int sign,
                            uint32_t word)
{
    int64_t sec = time.sec + sign * (nanos / ARITH_NANOS_PER_SEC);
    int64_t part = time.nanos + sign * (nanos % ARITH_NANOS_PER_SEC);
    if (part < 0) {
        part += ARITH_NANOS_PER_SEC;
        sec--;
    } else if (part >= ARITH_NANOS_PER_SEC) {
        part -= ARITH_NANOS_PER_SEC;
        sec++;
    }
    if (!berm_time_valid((berm_time){sec, (int32_t)part}))
        return fail_arith(space, BERM_ERR_TIME_RANGE, word);
    return (berm_cell){.tag = BERM_TAG_TIMESTAMP, .aux = (uint32_t)part, .as.i = sec};
}

static berm_cell subtract_times(berm_space *space, berm_time a, berm_time b, uint32_t word)
{
    int64_t sec = a.sec - b.sec;
    int64_t part = a.nanos - b.nanos;
    int64_t nanos;
    /* Both with one sign: the seconds alone must not overflow where the nanoseconds would bring
       them back. */
    if (sec < 0 && part > 0) {
        sec++;
        part -= ARITH_NANOS_PER_SEC;
    } else if (sec > 0 && part < 0) {
        sec--;
        part += ARITH_NANOS_PER_SEC;
    }
    if (multiply_ints(sec, ARITH_NANOS_PER_SEC, &nanos) != BERM_ERR_NONE ||
        add_ints(nanos, part, &nanos) != BERM_ERR_NONE) {
        return fail_arith(space, BERM_ERR_DURATION_RANGE, word);
    }
    return wrap_duration(nanos);
}

static berm_cell compute_durations(berm_space *space, berm_arith op, berm_cell a, berm_cell b,
                                   uint32_t word)
{
    int64_t nanos;
    if (compute_ints(op, a.as.i, b.as.i, &nanos) != BERM_ERR_NONE) {
        return fail_arith(space, BERM_ERR_DURATION_RANGE, word);
    }
    return wrap_duration(nanos);
}

/* Timestamps and durations in any mixture that has an overload. */
static berm_cell compute_times(berm_space *space, berm_arith op, berm_cell a, berm_cell b,
                               uint32_t word)
{
    bool a_is_time = a.tag == BERM_TAG_TIMESTAMP, b_is_time = b.tag == BERM_TAG_TIMESTAMP;
    if (op == BERM_SUB && a_is_time && b_is_time)
        return subtract_times(space, time_of_cell(a), time_of_cell(b), word);
    if (op == BERM_SUB && a_is_time) return shift_time(space, time_of_cell(a), b.as.i, -1, word);
    if (op == BERM_ADD && a_is_time && !b_is_time)
        return shift_time(space, time_of_cell(a), b.as.i, 1, word);
    if (op == BERM_ADD && b_is_time && !a_is_time)
        return shift_time(space, time_of_cell(b), a.as.i, 1, word);
    if ((op == BERM_ADD || op == BERM_SUB) && !a_is_time && !b_is_time) {
        return compute_durations(space, op, a, b, word);
    }
    return refuse_types(space, word, a, b);
}

/* --- joining --- */

static berm_cell concat_texts(berm_space *space, berm_cell a, berm_cell b, uint32_t word)
{
    uint64_t len = (uint64_t)a.as.ref.len + b.as.ref.len;
    berm_cell joined = berm_cell_of((berm_tag)a.tag);
    if (len > UINT32_MAX) return fail_arith(space, BERM_ERR_RESULT_SIZE, word);
    if (!berm_space_spend(space, len / ARITH_BYTES_PER_FUEL)) return berm_cell_of(BERM_TAG_MISSING);
    char *to = berm_space_text(space, (uint32_t)len, &joined);
    if (!to) return berm_cell_of(BERM_TAG_MISSING);
    /* Read only now: making room may have moved the table of stores. */
    berm_str first = berm_text_of(space, a), second = berm_text_of(space, b);
    if (first.len) memcpy(to, first.ptr, first.len);
    if (second.len) memcpy(to + first.len, second.ptr, second.len);
    return joined;
}

/* Copies elements to another store, where they must say which store they come from. */
static void copy_elements(const berm_space *space, berm_cell list, berm_cell *to)
{
    if (list.as.ref.len == 0) return;
    const berm_cell *from = berm_children_of(space, list);
    for (uint32_t i = 0; i < list.as.ref.len; i++) to[i] = berm_cell_in(list, from[i]);
}

static berm_cell concat_lists(berm_space *space, berm_cell a, berm_cell b, uint32_t word)
{
    uint64_t count = (uint64_t)a.as.ref.len + b.as.ref.len;
    berm_cell joined = berm_cell_of(BERM_TAG_LIST);
    if (count > UINT32_MAX) return fail_arith(space, BERM_ERR_RESULT_SIZE, word);
    if (!berm_space_spend(space, count / ARITH_CELLS_PER_FUEL))
        return berm_cell_of(BERM_TAG_MISSING);
    berm_cell *to = berm_space_cells(space, (uint32_t)count, &joined);
    if (!to) return berm_cell_of(BERM_TAG_MISSING);
    copy_elements(space, a, to);
    copy_elements(space, b, to + a.as.ref.len);
    joined.flags = (uint8_t)((a.flags | b.flags) & BERM_CELL_OPEN);
    return joined;
}

/* Nothing to add: the other one is the result, and no memory is taken. */
static bool join_with_empty(berm_cell a, berm_cell b, berm_cell *out)
{
    if (a.as.ref.len > 0 && b.as.ref.len > 0) return false;
    *out = b.as.ref.len == 0 ? a : b;
    out->flags =
        (uint8_t)((out->flags & BERM_CELL_DECODED) | ((a.flags | b.flags) & BERM_CELL_OPEN));
    out->aux = BERM_NO_SPAN;
    return true;
}

static berm_cell join_values(berm_space *space, berm_cell a, berm_cell b, uint32_t word)
{
    berm_cell joined;
    if (join_with_empty(a, b, &joined)) return joined;
    return a.tag == BERM_TAG_LIST ? concat_lists(space, a, b, word)
                                  : concat_texts(space, a, b, word);
}

/* --- all of it --- */

static bool is_time_value(berm_cell c)
{
    return c.tag == BERM_TAG_TIMESTAMP || c.tag == BERM_TAG_DURATION;
}

static bool is_joinable(berm_cell c)
{
    return c.tag == BERM_TAG_STRING || c.tag == BERM_TAG_BYTES || c.tag == BERM_TAG_LIST;
}

static berm_cell compute_numbers(berm_space *space, berm_arith op, berm_cell a, berm_cell b,
                                 uint32_t word)
{
    berm_cell result = berm_cell_of((berm_tag)a.tag);
    berm_error_code code = BERM_ERR_NO_OVERLOAD;
    if (a.tag == BERM_TAG_INT) code = compute_ints(op, a.as.i, b.as.i, &result.as.i);
    else if (a.tag == BERM_TAG_UINT) code = compute_uints(op, a.as.u, b.as.u, &result.as.u);
    else if (a.tag == BERM_TAG_DOUBLE && compute_doubles(op, a.as.d, b.as.d, &result.as.d))
        return result;
    if (code == BERM_ERR_NONE) return result;
    return code == BERM_ERR_NO_OVERLOAD ? refuse_types(space, word, a, b)
                                        : fail_arith(space, code, word);
}

static berm_cell compute_arith(berm_space *space, berm_arith op, berm_cell a, berm_cell b,
                               uint32_t word)
{
    if (is_time_value(a) && is_time_value(b)) return compute_times(space, op, a, b, word);
    if (a.tag != b.tag) return refuse_types(space, word, a, b);
    if (op == BERM_ADD && is_joinable(a)) return join_values(space, a, b, word);
    return compute_numbers(space, op, a, b, word);
}

berm_cell berm_value_arith(berm_space *space, berm_arith op, berm_cell a, berm_cell b,
                           uint32_t word)
{
    berm_cell result = compute_arith(space, op, a, b, word);
    result.flags |= (a.flags | b.flags) & BERM_CELL_SENSITIVE;
    return result;
}

berm_cell berm_value_negate(berm_space *space, berm_cell a, uint32_t word)
{
    berm_cell result = berm_cell_of((berm_tag)a.tag);
    if (a.tag == BERM_TAG_INT) {
        if (a.as.i == INT64_MIN) result = fail_arith(space, BERM_ERR_OVERFLOW, word);
        else result.as.i = -a.as.i;
    } else if (a.tag == BERM_TAG_DOUBLE) {
        result.as.d = -a.as.d;
    } else {
        result = berm_value_error(space, BERM_ERR_NO_OVERLOAD, word, &a, 1);
    }
    result.flags |= a.flags & BERM_CELL_SENSITIVE;
    return result;
}
