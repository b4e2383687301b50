#include "data/ops.h"

#include "base/text.h"
#include "data/time.h"

#include "base_alloc.h"

#include <math.h>
#include <setjmp.h>

#include <cmocka.h>

#define WORD 0x123u

/* A space with its heap; every test leaves nothing in use. */
typedef struct fixture {
    counted_heap heap;
    berm_alloc alloc;
    berm_space space;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f) return -1;
    f->alloc = counted_alloc(&f->heap);
    berm_space_init(&f->space, &f->alloc, 1 << 20);
    berm_space_reset(&f->space, 1000000);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    berm_space_free(&f->space);
    int result = f->heap.in_use != 0 || f->heap.wrong_len;
    free(f);
    return result;
}

static berm_cell compute(fixture *f, berm_cell a, char op, berm_cell b)
{
    static const char ops[] = "+-*/%";
    return berm_value_arith(&f->space, (berm_arith)(strchr(ops, op) - ops), a, b, WORD);
}

static void expect_error(berm_cell result, berm_error_code code)
{
    assert_int_equal(result.tag, BERM_TAG_ERROR);
    assert_int_equal(berm_error_code_of(result), code);
    assert_int_equal(berm_error_word_of(result), WORD);
}

static berm_cell make_cell(berm_tag tag, int64_t payload)
{
    berm_cell cell = berm_cell_of(tag);
    cell.as.i = payload;
    return cell;
}

static berm_cell make_time(const char *text)
{
    berm_time time = {0, 0};
    assert_true(berm_time_parse(berm_str_of(text), &time));
    berm_cell cell = make_cell(BERM_TAG_TIMESTAMP, time.sec);
    cell.aux = (uint32_t)time.nanos;
    return cell;
}

static void ints(void **state)
{
    static const struct {
        int64_t a;
        char op;
        int64_t b, result;
    } good[] = {
        {2, '+', 3, 5},
        {INT64_MAX, '+', INT64_MIN, -1},
        {INT64_MAX - 1, '+', 1, INT64_MAX},
        {INT64_MIN, '-', INT64_MIN, 0},
        {-1, '-', INT64_MIN, INT64_MAX},
        {INT64_MIN + 1, '-', 1, INT64_MIN},
        {-3, '*', 7, -21},
        {INT64_MIN, '*', 1, INT64_MIN},
        {1, '*', INT64_MIN, INT64_MIN},
        {INT64_MIN, '*', 0, 0},
        {-4611686018427387904, '*', 2, INT64_MIN},
        {-3037000499, '*', -3037000499, 9223372030926249001},
        {7, '/', -2, -3},
        {-7, '/', 2, -3},
        {INT64_MIN, '/', 1, INT64_MIN},
        {7, '%', -2, 1},
        {-7, '%', 2, -1},
        {INT64_MIN, '%', 10, -8},
    };
    static const struct {
        int64_t a;
        char op;
        int64_t b;
        berm_error_code code;
    } bad[] = {
        {INT64_MAX, '+', 1, BERM_ERR_OVERFLOW},
        {INT64_MIN, '+', -1, BERM_ERR_OVERFLOW},
        {INT64_MIN, '-', 1, BERM_ERR_OVERFLOW},
        {0, '-', INT64_MIN, BERM_ERR_OVERFLOW},
        {INT64_MAX, '-', -1, BERM_ERR_OVERFLOW},
        {INT64_MIN, '*', -1, BERM_ERR_OVERFLOW},
        {4611686018427387904, '*', 2, BERM_ERR_OVERFLOW},
        {-3037000500, '*', -3037000500, BERM_ERR_OVERFLOW},
        {INT64_MIN, '/', -1, BERM_ERR_OVERFLOW},
        {INT64_MIN, '%', -1, BERM_ERR_OVERFLOW},
        {1, '/', 0, BERM_ERR_DIVIDE_BY_ZERO},
        {1, '%', 0, BERM_ERR_MODULUS_BY_ZERO},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        berm_cell result =
            compute(*state, berm_cell_int(good[i].a), good[i].op, berm_cell_int(good[i].b));
        assert_int_equal(result.tag, BERM_TAG_INT);
        assert_int_equal(result.as.i, good[i].result);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        expect_error(compute(*state, berm_cell_int(bad[i].a), bad[i].op, berm_cell_int(bad[i].b)),
                     bad[i].code);
    }
}

static void uints(void **state)
{
    static const struct {
        uint64_t a;
        char op;
        uint64_t b;
        berm_error_code code;
        uint64_t result;
    } cases[] = {
        {UINT64_MAX - 1, '+', 1, BERM_ERR_NONE, UINT64_MAX},
        {UINT64_MAX, '+', 1, BERM_ERR_OVERFLOW, 0},
        {3, '-', 3, BERM_ERR_NONE, 0},
        {3, '-', 4, BERM_ERR_OVERFLOW, 0},
        {4294967296, '*', 4294967295, BERM_ERR_NONE, 18446744069414584320u},
        {4294967296, '*', 4294967296, BERM_ERR_OVERFLOW, 0},
        {0, '*', UINT64_MAX, BERM_ERR_NONE, 0},
        {UINT64_MAX, '/', 10, BERM_ERR_NONE, 1844674407370955161},
        {UINT64_MAX, '%', 10, BERM_ERR_NONE, 5},
        {1, '/', 0, BERM_ERR_DIVIDE_BY_ZERO, 0},
        {1, '%', 0, BERM_ERR_MODULUS_BY_ZERO, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        berm_cell result =
            compute(*state, berm_cell_uint(cases[i].a), cases[i].op, berm_cell_uint(cases[i].b));
        if (cases[i].code != BERM_ERR_NONE) {
            expect_error(result, cases[i].code);
            continue;
        }
        assert_int_equal(result.tag, BERM_TAG_UINT);
        assert_int_equal(result.as.u, cases[i].result);
    }
}

static void doubles(void **state)
{
    fixture *f = *state;
    assert_true(compute(f, berm_cell_double(0.1), '+', berm_cell_double(0.2)).as.d == 0.1 + 0.2);
    assert_true(compute(f, berm_cell_double(1), '-', berm_cell_double(2)).as.d == -1);
    assert_true(compute(f, berm_cell_double(3), '*', berm_cell_double(-2)).as.d == -6);
    berm_cell infinite = compute(f, berm_cell_double(1), '/', berm_cell_double(-0.0));
    assert_int_equal(infinite.tag, BERM_TAG_DOUBLE);
    assert_true(isinf(infinite.as.d) && infinite.as.d < 0);
    assert_true(isnan(compute(f, berm_cell_double(0), '/', berm_cell_double(0)).as.d));
    expect_error(compute(f, berm_cell_double(5), '%', berm_cell_double(2)), BERM_ERR_NO_OVERLOAD);
}

static void negation(void **state)
{
    fixture *f = *state;
    assert_int_equal(berm_value_negate(&f->space, berm_cell_int(5), WORD).as.i, -5);
    assert_int_equal(berm_value_negate(&f->space, berm_cell_int(INT64_MAX), WORD).as.i, -INT64_MAX);
    expect_error(berm_value_negate(&f->space, berm_cell_int(INT64_MIN), WORD), BERM_ERR_OVERFLOW);
    assert_true(signbit(berm_value_negate(&f->space, berm_cell_double(0), WORD).as.d));
    expect_error(berm_value_negate(&f->space, berm_cell_uint(1), WORD), BERM_ERR_NO_OVERLOAD);
    expect_error(berm_value_negate(&f->space, make_cell(BERM_TAG_DURATION, 1), WORD),
                 BERM_ERR_NO_OVERLOAD);
}

/* Of all pairs of tags exactly these have a +: the rest is an error that names both operands. */
static void types_do_not_mix(void **state)
{
    fixture *f = *state;
    for (unsigned a = BERM_TAG_NULL; a < BERM_TAG_UNKNOWN; a++) {
        for (unsigned b = BERM_TAG_NULL; b < BERM_TAG_UNKNOWN; b++) {
            bool same =
                a == b && ((a >= BERM_TAG_INT && a <= BERM_TAG_BYTES) || a == BERM_TAG_LIST);
            bool time =
                (a == BERM_TAG_DURATION && (b == BERM_TAG_DURATION || b == BERM_TAG_TIMESTAMP)) ||
                (a == BERM_TAG_TIMESTAMP && b == BERM_TAG_DURATION);
            berm_cell x = make_cell((berm_tag)a, 0), y = make_cell((berm_tag)b, 0);
            if (a == BERM_TAG_TIMESTAMP) x.aux = 0;
            if (b == BERM_TAG_TIMESTAMP) y.aux = 0;
            berm_cell result = compute(f, x, '+', y);
            if (same || time) {
                assert_int_not_equal(result.tag, BERM_TAG_ERROR);
                continue;
            }
            expect_error(result, BERM_ERR_NO_OVERLOAD);
            assert_int_equal(result.as.ref.len, 2);
            assert_int_equal(berm_children_of(&f->space, result)[0].tag, a);
            assert_int_equal(berm_children_of(&f->space, result)[1].tag, b);
        }
    }
    expect_error(compute(f, berm_cell_int(1), '+', berm_cell_double(1)), BERM_ERR_NO_OVERLOAD);
    expect_error(compute(f, make_cell(BERM_TAG_STRING, 0), '-', make_cell(BERM_TAG_STRING, 0)),
                 BERM_ERR_NO_OVERLOAD);
}

static void expect_time(berm_cell result, const char *expected)
{
    char out[40];
    assert_int_equal(result.tag, BERM_TAG_TIMESTAMP);
    size_t len = berm_time_print((berm_time){result.as.i, (int32_t)result.aux}, out);
    assert_true(berm_str_is((berm_str){out, len}, expected));
}

static void expect_duration(berm_cell result, int64_t nanos)
{
    assert_int_equal(result.tag, BERM_TAG_DURATION);
    assert_int_equal(result.as.i, nanos);
}

static void times(void **state)
{
    fixture *f = *state;
    berm_cell day = make_cell(BERM_TAG_DURATION, INT64_C(86400000000000));
    berm_cell nano = make_cell(BERM_TAG_DURATION, 1), minus = make_cell(BERM_TAG_DURATION, -1);
    berm_cell leap = make_time("2024-02-28T12:00:00Z");
    expect_time(compute(f, leap, '+', day), "2024-02-29T12:00:00Z");
    expect_time(compute(f, day, '+', leap), "2024-02-29T12:00:00Z");
    expect_time(compute(f, leap, '-', day), "2024-02-27T12:00:00Z");
    expect_time(compute(f, make_time("1970-01-01T00:00:00Z"), '-', nano),
                "1969-12-31T23:59:59.999999999Z");
    expect_time(compute(f, make_time("1969-12-31T23:59:59.999999999Z"), '+', nano),
                "1970-01-01T00:00:00Z");
    expect_time(compute(f, make_time("9999-12-31T23:59:59.999999998Z"), '+', nano),
                "9999-12-31T23:59:59.999999999Z");
    expect_error(compute(f, make_time("9999-12-31T23:59:59.999999999Z"), '+', nano),
                 BERM_ERR_TIME_RANGE);
    expect_error(compute(f, make_time("0001-01-01T00:00:00Z"), '+', minus), BERM_ERR_TIME_RANGE);
    expect_error(compute(f, make_time("0001-01-01T00:00:00Z"), '-', nano), BERM_ERR_TIME_RANGE);
    expect_error(compute(f, day, '-', leap), BERM_ERR_NO_OVERLOAD);
    expect_error(compute(f, leap, '+', leap), BERM_ERR_NO_OVERLOAD);
    expect_error(compute(f, day, '*', day), BERM_ERR_NO_OVERLOAD);
    expect_error(compute(f, leap, '/', day), BERM_ERR_NO_OVERLOAD);
    expect_duration(compute(f, leap, '-', make_time("2024-02-28T12:00:00.5Z")), -500000000);
}

static void durations_are_64_bits_of_nanoseconds(void **state)
{
    fixture *f = *state;
    berm_cell most = make_cell(BERM_TAG_DURATION, INT64_MAX),
              nano = make_cell(BERM_TAG_DURATION, 1);
    berm_cell least = make_cell(BERM_TAG_DURATION, INT64_MIN);
    expect_duration(compute(f, most, '-', nano), INT64_MAX - 1);
    expect_error(compute(f, most, '+', nano), BERM_ERR_DURATION_RANGE);
    expect_error(compute(f, least, '-', nano), BERM_ERR_DURATION_RANGE);
    /* 9223372036.854775807 s and one nanosecond more, both ways, also where the nanoseconds
       borrow. */
    berm_cell epoch = make_time("1970-01-01T00:00:00Z");
    berm_cell last = compute(f, epoch, '+', most), first = compute(f, epoch, '+', least);
    expect_duration(compute(f, last, '-', epoch), INT64_MAX);
    expect_duration(compute(f, first, '-', epoch), INT64_MIN);
    expect_duration(compute(f, epoch, '-', last), -INT64_MAX);
    expect_error(compute(f, epoch, '-', first), BERM_ERR_DURATION_RANGE);
    expect_error(compute(f, compute(f, last, '+', nano), '-', epoch), BERM_ERR_DURATION_RANGE);
    expect_error(compute(f, compute(f, first, '-', nano), '-', epoch), BERM_ERR_DURATION_RANGE);
    berm_cell half = make_time("1970-01-01T00:00:00.9Z");
    expect_duration(
        compute(f, compute(f, last, '+', make_cell(BERM_TAG_DURATION, 900000000)), '-', half),
        INT64_MAX);
    expect_duration(compute(f, compute(f, half, '+', least), '-', half), INT64_MIN);
    expect_error(
        compute(f, make_time("9999-12-31T23:59:59Z"), '-', make_time("0001-01-01T00:00:00Z")),
        BERM_ERR_DURATION_RANGE);
}

static void texts_are_joined(void **state)
{
    fixture *f = *state;
    berm_cell a = berm_space_string(&f->space, BERM_STR("guard"));
    berm_cell b = berm_space_string(&f->space, BERM_STR("rail"));
    berm_cell empty = berm_space_string(&f->space, BERM_STR(""));
    berm_cell joined = compute(f, a, '+', b);
    assert_int_equal(joined.tag, BERM_TAG_STRING);
    assert_true(berm_str_is(berm_text_of(&f->space, joined), "guardrail"));
    assert_true(berm_str_is(berm_text_of(&f->space, compute(f, joined, '+', joined)),
                            "guardrailguardrail"));
    assert_true(berm_str_is(berm_text_of(&f->space, compute(f, empty, '+', a)), "guard"));
    assert_true(berm_str_is(berm_text_of(&f->space, compute(f, a, '+', empty)), "guard"));
    assert_int_equal(compute(f, empty, '+', empty).as.ref.len, 0);
    a.tag = b.tag = BERM_TAG_BYTES;
    joined = compute(f, a, '+', b);
    assert_int_equal(joined.tag, BERM_TAG_BYTES);
    assert_true(berm_str_is(berm_text_of(&f->space, joined), "guardrail"));
}

/* A list of a document, whose cells and texts say SELF, and one of the arena. */
static void lists_are_joined_across_stores(void **state)
{
    fixture *f = *state;
    berm_cell cells[2] = {berm_cell_of(BERM_TAG_STRING), berm_cell_int(7)};
    cells[0].as.ref.len = 3;
    cells[0].as.ref.off = 1;
    berm_store store = {.cells = cells,
                        .text = {"xabcx", NULL},
                        .cell_count = 2,
                        .text_len = {5, 0}};
    berm_cell document = make_cell(BERM_TAG_LIST, 0), computed = berm_cell_of(BERM_TAG_LIST);
    document.store = berm_space_add(&f->space, &store);
    document.as.ref.len = 2;
    berm_cell *items = berm_space_cells(&f->space, 1, &computed);
    items[0] = berm_space_string(&f->space, BERM_STR("d"));
    items[0].flags |= BERM_CELL_SENSITIVE;
    berm_cell joined = compute(f, computed, '+', compute(f, document, '+', document));
    assert_int_equal(joined.tag, BERM_TAG_LIST);
    assert_int_equal(joined.as.ref.len, 5);
    assert_int_equal(joined.aux, BERM_NO_SPAN);
    const berm_cell *children = berm_children_of(&f->space, joined);
    assert_true(berm_str_is(berm_text_of(&f->space, children[0]), "d"));
    assert_true(children[0].flags & BERM_CELL_SENSITIVE);
    assert_true(berm_str_is(berm_text_of(&f->space, children[3]), "abc"));
    assert_int_equal(children[4].as.i, 7);
    assert_false(joined.flags & BERM_CELL_SENSITIVE);
    /* An open list stays open, also when there is nothing to copy. */
    berm_cell open = make_cell(BERM_TAG_LIST, 0);
    open.flags = BERM_CELL_OPEN;
    joined = compute(f, open, '+', document);
    assert_int_equal(joined.as.ref.len, 2);
    assert_true(joined.flags & BERM_CELL_OPEN);
    open = document;
    open.flags = BERM_CELL_OPEN;
    assert_true(compute(f, document, '+', open).flags & BERM_CELL_OPEN);
}

static void sensitivity_is_passed_on(void **state)
{
    fixture *f = *state;
    berm_cell secret = berm_cell_int(5), open = berm_cell_int(0);
    secret.flags = BERM_CELL_SENSITIVE;
    assert_true(compute(f, secret, '+', open).flags & BERM_CELL_SENSITIVE);
    assert_true(compute(f, open, '-', secret).flags & BERM_CELL_SENSITIVE);
    assert_true(compute(f, secret, '/', open).flags & BERM_CELL_SENSITIVE);
    assert_false(compute(f, open, '+', open).flags & BERM_CELL_SENSITIVE);
    assert_true(berm_value_negate(&f->space, secret, WORD).flags & BERM_CELL_SENSITIVE);
    berm_cell text = berm_space_string(&f->space, BERM_STR("x")),
              none = berm_space_string(&f->space, BERM_STR(""));
    none.flags |= BERM_CELL_SENSITIVE;
    assert_true(compute(f, text, '+', none).flags & BERM_CELL_SENSITIVE);
}

/* Doubling a text meets the fuel, the memory limit or the allocator, each with its status and no
   value. */
static void joining_is_bounded(void **state)
{
    fixture *f = *state;
    const berm_status expected[3] = {BERM_E_FUEL, BERM_E_LIMIT, BERM_E_NOMEM};
    for (size_t i = 0; i < 3; i++) {
        berm_space_free(&f->space);
        berm_space_init(&f->space, &f->alloc, i == 1 ? 1 << 20 : UINT64_MAX);
        berm_space_reset(&f->space, i == 0 ? 1000 : UINT64_MAX);
        f->heap.fail_at = i == 2 ? f->heap.calls + 4 : 0;
        berm_cell text = berm_space_string(&f->space, BERM_STR("0123456789abcdef"));
        for (int doublings = 0; doublings < 40 && text.tag == BERM_TAG_STRING; doublings++) {
            text = compute(f, text, '+', text);
        }
        assert_int_equal(text.tag, BERM_TAG_MISSING);
        assert_int_equal(f->space.status, expected[i]);
    }
    f->heap.fail_at = 0;
    berm_cell huge = make_cell(BERM_TAG_STRING, 0);
    huge.as.ref.len = UINT32_MAX;
    expect_error(compute(f, huge, '+', huge), BERM_ERR_RESULT_SIZE);
    huge.tag = BERM_TAG_LIST;
    expect_error(compute(f, huge, '+', huge), BERM_ERR_RESULT_SIZE);
}

#define ARITH_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARITH_TEST(ints),
        ARITH_TEST(uints),
        ARITH_TEST(doubles),
        ARITH_TEST(negation),
        ARITH_TEST(types_do_not_mix),
        ARITH_TEST(times),
        ARITH_TEST(durations_are_64_bits_of_nanoseconds),
        ARITH_TEST(texts_are_joined),
        ARITH_TEST(lists_are_joined_across_stores),
        ARITH_TEST(sensitivity_is_passed_on),
        ARITH_TEST(joining_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
