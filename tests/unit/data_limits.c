/* Limits: zero means the documented default. */
#include "data_help.h"

static void nothing_gives_the_defaults(void **state)
{
    (void)state;
    berm_limits limits = berm_limits_resolve(NULL);
    assert_int_equal(limits.size, sizeof limits);
    assert_int_equal(limits.doc_len, 1u << 30);
    assert_int_equal(limits.depth, BERM_VALUE_DEPTH);
    assert_int_equal(limits.rule_cost, 1000000);
    assert_int_equal(limits.finding_count, 1000);
    assert_int_equal(limits.output_len, 1u << 28);
    berm_limits zero = {.size = sizeof zero};
    zero = berm_limits_resolve(&zero);
    assert_memory_equal(&zero, &limits, sizeof zero);
}

static void wishes_are_kept_and_bounded(void **state)
{
    (void)state;
    berm_limits wanted = {.size = sizeof wanted,
                          .doc_len = UINT64_MAX,
                          .depth = 1u << 20,
                          .fuel = UINT64_MAX};
    berm_limits limits = berm_limits_resolve(&wanted);
    assert_int_equal(limits.doc_len, 4294967294u);
    assert_int_equal(limits.depth, 4096);
    assert_int_equal(limits.fuel, UINT64_MAX);
    wanted.doc_len = 10;
    assert_int_equal(berm_limits_resolve(&wanted).doc_len, 10);
    /* Once resolved, resolving again changes nothing. */
    berm_limits again = berm_limits_resolve(&limits);
    assert_memory_equal(&again, &limits, sizeof again);
}

/* A host built against an older header has a shorter struct: what lies behind it is not read. */
static void fields_behind_the_size_are_not_read(void **state)
{
    (void)state;
    berm_limits wanted;
    memset(&wanted, 0x7f, sizeof wanted);
    wanted.size = offsetof(berm_limits, depth);
    wanted.doc_len = 77;
    berm_limits limits = berm_limits_resolve(&wanted);
    assert_int_equal(limits.doc_len, 77);
    assert_int_equal(limits.depth, BERM_VALUE_DEPTH);
    assert_int_equal(limits.finding_count, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_gives_the_defaults),
        cmocka_unit_test(wishes_are_kept_and_bounded),
        cmocka_unit_test(fields_behind_the_size_are_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
