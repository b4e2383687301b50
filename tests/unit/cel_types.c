/* The table of types: equal terms are one, what is too much is dyn, printing. */
#include "cel/types.h"

#include "base_alloc.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void expect_printed(const berm_types *types, berm_type type, const char *wanted)
{
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    berm_types_print(&out, types, type);
    berm_text_putc(&out, '\0');
    assert_string_equal(out.ptr, wanted);
    berm_text_free(&out);
}

static void equal_terms_are_one(void **state)
{
    (void)state;
    berm_types types;
    berm_types_init(&types, &berm_alloc_libc);
    berm_type ints = berm_types_list(&types, BERM_TYPE_INT);
    assert_int_equal(ints, berm_types_list(&types, BERM_TYPE_INT));
    assert_int_not_equal(ints, berm_types_list(&types, BERM_TYPE_UINT));
    assert_int_not_equal(ints, berm_types_over(&types, BERM_TYPE_SET, BERM_TYPE_INT));
    assert_int_equal(berm_types_list(&types, BERM_TYPE_DYN), BERM_TYPE_LIST);
    assert_int_equal(berm_types_map(&types, BERM_TYPE_DYN, BERM_TYPE_DYN), BERM_TYPE_MAP);
    assert_int_equal(berm_types_over(&types, BERM_TYPE_OPTIONAL, BERM_TYPE_DYN),
                     BERM_TYPE_OPTIONAL);
    assert_int_not_equal(berm_types_map(&types, BERM_TYPE_INT, BERM_TYPE_STRING),
                         berm_types_map(&types, BERM_TYPE_STRING, BERM_TYPE_INT));
    berm_type a = berm_types_make(&types, BERM_HEAD_PARAMETER, BERM_STR("A"), NULL, 0);
    berm_type b = berm_types_make(&types, BERM_HEAD_PARAMETER, BERM_STR("B"), NULL, 0);
    assert_int_not_equal(a, b);
    assert_int_equal(a, berm_types_make(&types, BERM_HEAD_PARAMETER, BERM_STR("A"), NULL, 0));
    berm_types_begin(&types);
    berm_type x = berm_types_variable(&types), y = berm_types_variable(&types);
    assert_int_not_equal(x, y);
    berm_types_begin(&types);
    assert_int_equal(x, berm_types_variable(&types));
    berm_types_free(&types);
}

/* More terms than the first table has room for. */
static void many_terms(void **state)
{
    (void)state;
    enum { MANY = 3000 };
    static berm_type made[MANY];
    berm_types types;
    char name[16];
    berm_types_init(&types, &berm_alloc_libc);
    for (uint32_t pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < MANY; i++) {
            berm_format_into(name, sizeof name, "acme.T%u", i);
            berm_type type = berm_types_make(&types, BERM_HEAD_NAMED, berm_str_of(name), NULL, 0);
            if (pass == 0) made[i] = type;
            assert_int_equal(made[i], type);
        }
    }
    expect_printed(&types, made[MANY - 1], "acme.T2999");
    expect_printed(&types, made[0], "acme.T0");
    berm_types_free(&types);
}

static void printing(void **state)
{
    (void)state;
    berm_types types;
    berm_types_init(&types, &berm_alloc_libc);
    expect_printed(&types, BERM_TYPE_DYN, "dyn");
    expect_printed(&types, BERM_TYPE_NULL, "null");
    expect_printed(&types, BERM_TYPE_TIMESTAMP, "timestamp");
    expect_printed(&types, BERM_TYPE_DURATION, "duration");
    expect_printed(&types, BERM_TYPE_TYPE, "type");
    expect_printed(&types, BERM_TYPE_LIST, "list(dyn)");
    expect_printed(&types, berm_types_over(&types, BERM_TYPE_TYPE, BERM_TYPE_INT), "type(int)");
    expect_printed(&types, berm_types_over(&types, BERM_HEAD_WRAPPER, BERM_TYPE_INT),
                   "wrapper(int)");
    berm_type entry = berm_types_map(&types, BERM_TYPE_STRING, BERM_TYPE_LIST);
    expect_printed(&types, berm_types_over(&types, BERM_TYPE_OPTIONAL, entry),
                   "optional_type(map(string, list(dyn)))");
    berm_type pair[] = {BERM_TYPE_INT, BERM_TYPE_STRING};
    expect_printed(&types, berm_types_make(&types, BERM_HEAD_NAMED, BERM_STR("acme.Pair"), pair, 2),
                   "acme.Pair(int, string)");
    for (uint32_t i = 0; i < 40; i++) entry = berm_types_map(&types, entry, entry);
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    berm_types_print(&out, &types, entry);
    assert_in_range(out.len, 50, 400);
    berm_text_free(&out);
    berm_types_free(&types);
}

static void too_much_is_dyn(void **state)
{
    (void)state;
    berm_types types;
    berm_types_init(&types, &berm_alloc_libc);
    berm_type type = BERM_TYPE_INT;
    for (uint32_t i = 1; i < BERM_TYPE_DEPTH_MAX; i++) type = berm_types_list(&types, type);
    assert_int_equal(berm_types_term(&types, type)->depth, BERM_TYPE_DEPTH_MAX);
    assert_int_equal(berm_types_list(&types, type), BERM_TYPE_DYN);
    berm_type many[BERM_TYPE_ARGUMENTS_MAX + 1] = {0};
    assert_int_not_equal(
        berm_types_make(&types, BERM_HEAD_NAMED, BERM_STR("x"), many, BERM_TYPE_ARGUMENTS_MAX),
        BERM_TYPE_DYN);
    assert_int_equal(
        berm_types_make(&types, BERM_HEAD_NAMED, BERM_STR("x"), many, BERM_TYPE_ARGUMENTS_MAX + 1),
        BERM_TYPE_DYN);
    berm_types_free(&types);
}

static void allocations_fail(void **state)
{
    (void)state;
    bool failed = true;
    for (size_t at = 1; failed; at++) {
        counted_heap heap = {.fail_at = at};
        berm_alloc alloc = counted_alloc(&heap);
        berm_types types;
        berm_types_init(&types, &alloc);
        berm_type type = BERM_TYPE_INT;
        for (uint32_t i = 0; i < 90 && !types.failed; i++) {
            type = berm_types_map(&types, BERM_TYPE_STRING, type);
        }
        failed = types.failed;
        assert_int_equal(failed, heap.calls >= at);
        if (failed) assert_int_equal(berm_types_list(&types, BERM_TYPE_INT), BERM_TYPE_DYN);
        berm_types_free(&types);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_terms_are_one),
        cmocka_unit_test(many_terms),
        cmocka_unit_test(printing),
        cmocka_unit_test(too_much_is_dyn),
        cmocka_unit_test(allocations_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
