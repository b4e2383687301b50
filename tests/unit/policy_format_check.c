/* Whether a formatted text still says what the file says: here of texts that no formatting makes. */
#include "base_alloc.h"
#include "policy_help.h"

#include "base/parts.h"

#if BERM_PART_AUTHORING
#include "policy/authoring/format.h"

static berm_status check_with(const berm_alloc *alloc, const char *text, const char *made,
                              berm_error *err)
{
    const berm_limits limits = berm_limits_resolve(NULL);
    const berm_format_terms terms = {alloc, &limits, BERM_STR("p.yaml")};
    berm_policy_file file;
    berm_status status = berm_format_read(&terms, berm_str_of(text), &file, NULL, err);
    if (status) return status;
    status = berm_format_check(&terms, &file, berm_str_of(made), err);
    berm_doc_drop(file.doc);
    return status;
}

static void expect_same(const char *text, const char *made)
{
    berm_error err = {0};
    berm_status status = check_with(&berm_alloc_libc, text, made, &err);
    if (status) fail_msg("%s: %s", made, err.message);
}

static void expect_other(const char *text, const char *made)
{
    berm_error err = {0};
    assert_int_equal(check_with(&berm_alloc_libc, text, made, &err), BERM_E_INTERNAL);
}

static void white_space_and_quotes_are_no_difference(void **state)
{
    (void)state;
    expect_same("a: [x&&y, 1.10, {b: no}]", "a: [x && y, \"1.10\", {b: 'no'}]");
    expect_same("a: 'x'\n--- {b: ~}\n", "a: \"x\"\n--- {b: ~}\n");
    expect_same("a: 1.10", "a: 1.10 # the same");
}

static void all_else_is_one(void **state)
{
    (void)state;
    expect_other("a: x&&y", "a: x && z");
    expect_other("a: x&&y", "a: x && ");
    expect_other("a: x &&", "a: x &");
    expect_other("a: 1.10", "a: 1.1");
    expect_other("a: 1.10", "a: '1.1'");
    expect_other("a: '1'", "a: 1");
    expect_other("a: 1", "a: 1.0");
    expect_other("a: 1", "a: [1]");
    expect_other("a: [1]", "a: 1");
    expect_other("a: [1]", "a: {b: 1}");
    expect_other("a: [1]", "a: [1, 2]");
    expect_other("a: [1, 2]", "a: [1, 3]");
    expect_other("a: 1", "b: 1");
    expect_other("a: 1", "a: 1\n--- 2\n");
    expect_other("a: 1", "a: [1");
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    for (size_t nth = 1;; nth++) {
        berm_error err = {0};
        heap = (counted_heap){.fail_at = nth, .once = 1};
        berm_status status = check_with(&alloc, "a: [x&&y, z||y]", "a: [x && y, z || y]", &err);
        assert_int_equal(heap.in_use, 0);
        if (heap.calls < nth) {
            assert_int_equal(status, BERM_OK);
            break;
        }
        if (status) assert_int_equal(status, BERM_E_NOMEM);
    }
    assert_true(heap.calls > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(white_space_and_quotes_are_no_difference),
        cmocka_unit_test(all_else_is_one),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
