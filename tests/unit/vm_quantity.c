/* How quantities are written: Kubernetes' canonical form. */
#include "base_alloc.h"
#include "vm/quantity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void expect_written(const char *text, const char *canonical)
{
    berm_text digits, out;
    berm_quantity q;
    berm_text_init(&digits, &berm_alloc_libc);
    berm_text_init(&out, &berm_alloc_libc);
    assert_true(berm_quantity_parse(berm_str_of(text), &digits, &q));
    berm_quantity_print(&out, &q);
    berm_text_putc(&out, 0);
    if (strcmp(out.ptr, canonical) != 0)
        fail_msg("%s is written %s, not %s", text, out.ptr, canonical);
    berm_text_free(&digits);
    berm_text_free(&out);
}

/* No fraction, and the largest suffix of its kind that allows it. */
static void canonical(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"0", "0"},           {"-0.0", "0"},        {"1.5", "1500m"},      {"1500m", "1500m"},
        {"1000m", "1"},       {"1500", "1500"},     {"15000", "15k"},      {"1.5Gi", "1536Mi"},
        {"1024Ki", "1Mi"},    {"1025Ki", "1025Ki"}, {"0.5Ki", "512"},      {"1023", "1023"},
        {"1e3", "1e3"},       {"12e4", "120e3"},    {"0.00001e6", "10"},   {"1e-6", "1e-6"},
        {"-2500k", "-2500k"}, {"1e18", "1e18"},     {"1000000000G", "1E"}, {"100E", "100E"},
        {"1000E", "1000E"},   {"0.1n", "1n"},       {"1u", "1u"},          {"0.0005Ki", "512m"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        expect_written(pairs[i][0], pairs[i][1]);
    }
}

static void memory_ends(void **state)
{
    (void)state;
    static const char *const texts[] = {"123456789012345678901234567890", "1.5Ei", "9.9999999999"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        counted_heap heap = {.fail_at = 1};
        berm_alloc alloc = counted_alloc(&heap);
        berm_text digits;
        berm_quantity q;
        berm_text_init(&digits, &alloc);
        assert_false(berm_quantity_parse(berm_str_of(texts[i]), &digits, &q));
        assert_true(digits.failed);
        berm_text_free(&digits);
        assert_int_equal(heap.in_use, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical),
        cmocka_unit_test(memory_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
