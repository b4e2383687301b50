#include "base/number.h"

#include "base/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void layouts(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0.0, "0"},
        {-0.0, "-0"},
        {1.0, "1"},
        {-1.5, "-1.5"},
        {100.0, "100"},
        {0.1, "0.1"},
        {1e20, "100000000000000000000"},
        {123456789012345680000.0, "123456789012345680000"},
        {999999999999999900000.0, "999999999999999900000"},
        {1e21, "1e+21"},
        {-1.25e21, "-1.25e+21"},
        {1e-6, "0.000001"},
        {-1.2345678901234567e-6, "-0.0000012345678901234567"},
        {9.99e-7, "9.99e-7"},
        {1e-7, "1e-7"},
        {1e23, "1e+23"},
        {9007199254740991.0, "9007199254740991"},
        {9007199254740992.0, "9007199254740992"},
        {9007199254740994.0, "9007199254740994"},
        {5e-324, "5e-324"},
        {2.2250738585072014e-308, "2.2250738585072014e-308"},
        {-1.7976931348623157e308, "-1.7976931348623157e+308"},
        {(double)INFINITY, "+Inf"},
        {-(double)INFINITY, "-Inf"},
        {(double)NAN, "NaN"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[BERM_DOUBLE_LEN];
        berm_str text = {out, berm_print_double(cases[i].value, out)};
        if (!berm_str_is(text, cases[i].text))
            fail_msg("%.*s, not %s", (int)text.len, out, cases[i].text);
    }
}

static void digits_alone(void **state)
{
    (void)state;
    char out[BERM_DOUBLE_LEN];
    int exponent;
    assert_int_equal(berm_double_digits(0.00125, out, &exponent), 3);
    assert_memory_equal(out, "125", 3);
    assert_int_equal(exponent, -2);
    assert_int_equal(berm_double_digits(7000.0, out, &exponent), 1);
    assert_int_equal(out[0], '7');
    assert_int_equal(exponent, 4);
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static double read_digits(const char *digits, size_t count, int exponent)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%.*se%d", (int)count, digits, exponent - (int)count);
    return strtod(text, NULL);
}

/* Adds one to the last digit; a carry out of the first makes the number 1 and zeros. */
static void increment_digits(char *digits, size_t count, int *exponent)
{
    for (size_t i = count; i-- > 0;) {
        if (digits[i] != '9') {
            digits[i]++;
            return;
        }
        digits[i] = '0';
    }
    digits[0] = '1';
    ++*exponent;
}

/* They read back; neither of the two texts with a digit less that enclose the value does; and of
   the texts with as many digits the nearest was taken, where the nearest reads back at all. The C
   library is the judge. */
static void check_shortest(double value)
{
    char digits[BERM_DOUBLE_LEN], shorter[BERM_DOUBLE_LEN], nearest[64];
    int exponent;
    size_t count = berm_double_digits(value, digits, &exponent);
    if (read_digits(digits, count, exponent) != value) fail_msg("%.17g does not read back", value);
    if (count > 1) {
        int shorter_exponent = exponent;
        memcpy(shorter, digits, count - 1);
        if (read_digits(shorter, count - 1, exponent) == value)
            fail_msg("%.17g is too long", value);
        increment_digits(shorter, count - 1, &shorter_exponent);
        if (read_digits(shorter, count - 1, shorter_exponent) == value)
            fail_msg("%.17g is too long", value);
    }
    (void)snprintf(nearest, sizeof nearest, "%.*e", (int)count - 1, value);
    if (strtod(nearest, NULL) != value) return;
    if (nearest[0] != digits[0] || (count > 1 && memcmp(nearest + 2, digits + 1, count - 1) != 0)) {
        fail_msg("%.17g: %.*s is not the nearest", value, (int)count, digits);
    }
}

static void random_doubles_are_shortest(void **state)
{
    (void)state;
    uint64_t seed = 20;
    for (int i = 0; i < 60000; i++) {
        uint64_t bits = next_random(&seed) >> 1;
        if (i % 5 == 0) bits &= (UINT64_C(1) << 52) - 1;
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value) && value > 0) check_shortest(value);
    }
}

/* Powers of two have the uneven interval; their neighbours the even one; short decimals must stay
   short. */
static void borders_are_shortest(void **state)
{
    (void)state;
    for (uint64_t biased = 0; biased < 0x7FF; biased++) {
        for (uint64_t fraction = 0; fraction < 3; fraction++) {
            uint64_t bits = (biased << 52) + fraction - 1;
            double value;
            memcpy(&value, &bits, sizeof value);
            if (isfinite(value) && value > 0) check_shortest(value);
        }
    }
    for (int i = 1; i < 100000; i += 7) check_shortest(i / 1000.0);
    for (int exponent = -320; exponent < 309; exponent++)
        check_shortest(read_digits("123", 3, exponent));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts),
        cmocka_unit_test(digits_alone),
        cmocka_unit_test(random_doubles_are_shortest),
        cmocka_unit_test(borders_are_shortest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
