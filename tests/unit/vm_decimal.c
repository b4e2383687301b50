#include "vm/decimal.h"
#include "vm_expect.h"

static void expect_digits(double value, uint32_t decimals, bool scientific, const char *expected)
{
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    if (scientific) berm_text_put_scientific(&out, value, decimals);
    else berm_text_put_fixed(&out, value, decimals);
    berm_text_putc(&out, 0);
    assert_string_equal(out.ptr, expected);
    berm_text_free(&out);
}

/* The C library of the test knows: it rounds exact values half to even, too. */
static void agrees_with_printf(void **state)
{
    uint64_t seed = 42;
    char expected[1500];
    (void)state;
    for (int i = 0; i < 20000; i++) {
        double value;
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        memcpy(&value, &seed, sizeof value);
        if (i % 2) value = (double)(int64_t)(seed >> 44) / 8;
        if (!(value - value == 0)) continue;
        int decimals = (int)(seed >> 33 & 31);
        snprintf(expected, sizeof expected, "%.*f", decimals, value);
        expect_digits(value, (uint32_t)decimals, false, expected);
        snprintf(expected, sizeof expected, "%.*e", decimals, value);
        expect_digits(value, (uint32_t)decimals, true, expected);
    }
}

static void edges(void **state)
{
    (void)state;
    expect_digits(0.0, 2, false, "0.00");
    expect_digits(-0.0, 0, false, "-0");
    expect_digits(0.0, 1, true, "0.0e+00");
    expect_digits(9.5, 0, false, "10");
    expect_digits(0.5, 0, false, "0");
    expect_digits(5e-324, 3, true, "4.941e-324");
    expect_digits(1.7976931348623157e308, 0, true, "2e+308");
    /* halves with zeros behind them */
    expect_digits(3037000500.0, 6, true, "3.037000e+09");
    expect_digits(3037001500.0, 6, true, "3.037002e+09");
    expect_digits(25000.0, 0, true, "2e+04");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_printf),
        cmocka_unit_test(edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
