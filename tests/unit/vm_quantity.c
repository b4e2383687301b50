/* Quantities: how they are written (Kubernetes' canonical form), their sums and their order. */
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
        {"0", "0"},
        {"-0.0", "0"},
        {"1.5", "1500m"},
        {"1500m", "1500m"},
        {"1000m", "1"},
        {"1500", "1500"},
        {"15000", "15k"},
        {"1.5Gi", "1536Mi"},
        {"1024Ki", "1Mi"},
        {"1025Ki", "1025Ki"},
        {"0.5Ki", "512"},
        {"1023", "1023"},
        {"1e3", "1e3"},
        {"12e4", "120e3"},
        {"0.00001e6", "10"},
        {"1e-6", "1e-6"},
        {"-2500k", "-2500k"},
        {"1e18", "1e18"},
        {"1000000000G", "1E"},
        {"100E", "100E"},
        {".5", "500m"},
        {"5.", "5"},
        {"007", "7"},
        {"+5", "5"},
        {"-0.1n", "-1n"},
        {"1.2345Ki", "1264128m"},
        {"1.0000000001", "1000000001n"},
        {"1e-20", "1e-9"},
        {"20Ei", "9223372036854775807"},
        {"-20Ei", "-9223372036854775807"},
        {"1e2000000000", "100e1999999998"},
        {"99999999999999999999999", "99999999999999999999999"},
        {"1000E", "1000E"},
        {"0.1n", "1n"},
        {"1u", "1u"},
        {"0.0005Ki", "512m"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        expect_written(pairs[i][0], pairs[i][1]);
    }
}

/* A quantity with the memory of its digits. */
typedef struct kept_quantity {
    berm_quantity q;
    berm_text digits;
} kept_quantity;

static bool parse_kept(const char *text, kept_quantity *kept)
{
    berm_text_init(&kept->digits, &berm_alloc_libc);
    return berm_quantity_parse(berm_str_of(text), &kept->digits, &kept->q);
}

static void expect_text(const berm_quantity *q, const char *text)
{
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    berm_quantity_print(&out, q);
    berm_text_putc(&out, 0);
    assert_string_equal(out.ptr, text);
    berm_text_free(&out);
}

static void what_is_none(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",     "-",     "+",  ".",   "Mi", "1,5",   "1.1.M", "200K", "1i",  "1mi", "1Mo",
        "1Mm",  "Three", "1e", "1ee", "e5", "1e1.5", " 1",    "1 ",   "1k3", "--1", "1e99999999999",
        "0x10", "1e+-3"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kept_quantity kept;
        if (parse_kept(cases[i], &kept)) fail_msg("%s is a quantity", cases[i]);
        berm_text_free(&kept.digits);
    }
}

static void sums(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool subtract;
        const char *sum;
    } cases[] = {{"50k", "20", false, "50020"},
                 {"1", "1", true, "0"},
                 {"1", "2", true, "-1"},
                 {"-1", "-2", true, "1"},
                 {"-1", "-2", false, "-3"},
                 {"0", "1Mi", false, "1Mi"},
                 {"1Mi", "0", false, "1Mi"},
                 {"1Gi", "1M", false, "1074741824"},
                 {"0.5", "500m", false, "1"},
                 {"99999999999999999999", "1", false, "100E"},
                 {"100E", "1", true, "99999999999999999999"},
                 {"1000", "1", true, "999"},
                 {"1e300", "1e300", true, "0"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kept_quantity a, b, sum;
        assert_true(parse_kept(cases[i].a, &a));
        assert_true(parse_kept(cases[i].b, &b));
        berm_text_init(&sum.digits, &berm_alloc_libc);
        assert_true(berm_quantity_add(&a.q, &b.q, cases[i].subtract, &sum.digits, &sum.q));
        expect_text(&sum.q, cases[i].sum);
        berm_text_free(&a.digits);
        berm_text_free(&b.digits);
        berm_text_free(&sum.digits);
    }
}

/* 10^2000000000 + 1 has too many digits; comparing the two does not write them out. */
static void far_apart(void **state)
{
    (void)state;
    kept_quantity a, b, sum;
    assert_true(parse_kept("1e2000000000", &a));
    assert_true(parse_kept("1n", &b));
    berm_text_init(&sum.digits, &berm_alloc_libc);
    assert_false(berm_quantity_add(&a.q, &b.q, false, &sum.digits, &sum.q));
    assert_int_equal(berm_quantity_compare(&a.q, &b.q), 1);
    assert_int_equal(berm_quantity_compare(&b.q, &a.q), -1);
    berm_text_free(&a.digits);
    berm_text_free(&b.digits);
    berm_text_free(&sum.digits);
}

static void order(void **state)
{
    (void)state;
    static const char *const ascending[] = {"-1e30", "-2Ki", "-2k", "-1",  "-1n", "0",
                                            "1n",    "999u", "1m",  "0.5", "1",   "1.1",
                                            "1000",  "1Ki",  "1M",  "1Mi", "7Ei", "1e30"};
    size_t count = sizeof ascending / sizeof *ascending;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            kept_quantity a, b;
            assert_true(parse_kept(ascending[i], &a));
            assert_true(parse_kept(ascending[j], &b));
            assert_int_equal(berm_quantity_compare(&a.q, &b.q), (i > j) - (i < j));
            berm_text_free(&a.digits);
            berm_text_free(&b.digits);
        }
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
        cmocka_unit_test(canonical), cmocka_unit_test(what_is_none), cmocka_unit_test(sums),
        cmocka_unit_test(far_apart), cmocka_unit_test(order),        cmocka_unit_test(memory_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
