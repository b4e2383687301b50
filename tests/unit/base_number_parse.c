#include "base/number.h"

#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void expect_bits(berm_str text, uint64_t bits)
{
    double value;
    if (!berm_parse_double(text, &value)) fail_msg("refused: %.*s", (int)text.len, text.ptr);
    if (bits_of(value) != bits) {
        fail_msg("%.*s: %016" PRIX64 ", not %016" PRIX64, (int)text.len, text.ptr, bits_of(value),
                 bits);
    }
}

static void hard_cases(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t bits;
    } cases[] = {
#define NUMBER_CASE(text, bits) {text, bits},
#include "number_cases.def"
#undef NUMBER_CASE
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_bits(berm_str_of(cases[i].text), cases[i].bits);
}

static void malformed_texts_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",      ".",     "-",   "+",   "e5",  "1e",  "1e+",  "1e-",         "+-1", "--1",
        "1.2.3", "1..2",  "0x1", "inf", "nan", "Inf", " 1",   "1 ",          "1_0", "1,5",
        "1e5.",  "1e5e5", ".e1", "-.",  "1f",  "1-",  "1e 5", "\xEF\xBC\x91"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double value = 42;
        if (berm_parse_double(berm_str_of(bad[i]), &value)) fail_msg("accepted: %s", bad[i]);
        assert_true(value == 42);
    }
    double value;
    assert_false(berm_parse_double((berm_str){NULL, 0}, &value));
    assert_false(berm_parse_double((berm_str){"1\0", 2}, &value));
}

/* "1" or "0." , zeros, an end: lengths that no fixed buffer would hold. */
static void expect_long(const char *start, size_t zeros, const char *end, double expected)
{
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_put(&text, berm_str_of(start));
    berm_text_pad(&text, '0', zeros);
    berm_text_put(&text, berm_str_of(end));
    assert_false(text.failed);
    expect_bits(berm_text_view(&text), bits_of(expected));
    berm_text_free(&text);
}

static void length_does_not_matter(void **state)
{
    (void)state;
    expect_long("1", 5000, "e-5000", 1);
    expect_long("0.", 4999, "1e5000", 1);
    expect_long("1.", 5000, "", 1);
    expect_long("", 5000, "7", 7);
    expect_long("", 5000, ".", 0);
    expect_long("1", 400, "", (double)INFINITY);
    expect_long("0.", 400, "1", 0);
    expect_long("1e-", 400, "5", 1e-5);
    expect_long("9007199254740993.", 5000, "", 9007199254740992.0);
    expect_long("9007199254740993.", 5000, "1", 9007199254740994.0);
    expect_long("-9007199254740993.", 5000, "1e0", -9007199254740994.0);
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* 17 digits identify every double: random bit patterns of all exponents, as the C library prints
   them. */
static void seventeen_digits_read_back(void **state)
{
    (void)state;
    uint64_t seed = 20;
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = next_random(&seed);
        if (i % 4 == 0)
            bits &= UINT64_C(0x800FFFFFFFFFFFFF); /* subnormals, which are rare by chance */
        double value;
        char text[64];
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) continue;
        int len = snprintf(text, sizeof text, "%.16e", value);
        expect_bits((berm_str){text, (size_t)len}, bits);
    }
}

/* Random digits and exponents, as the C library reads them. */
static void random_decimals_agree_with_the_c_library(void **state)
{
    (void)state;
    uint64_t seed = 77;
    for (int i = 0; i < 100000; i++) {
        char text[80];
        size_t len = 0, digits = (size_t)(1 + next_random(&seed) % 40),
               point = (size_t)(next_random(&seed) % 45);
        for (size_t j = 0; j < digits; j++) {
            if (j == point) text[len++] = '.';
            text[len++] = (char)('0' + next_random(&seed) % 10);
        }
        int exponent = (int)(next_random(&seed) % 700) - 370;
        len += (size_t)snprintf(text + len, sizeof text - len, "e%d", exponent);
        expect_bits((berm_str){text, len}, bits_of(strtod(text, NULL)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hard_cases),
        cmocka_unit_test(malformed_texts_are_refused),
        cmocka_unit_test(length_does_not_matter),
        cmocka_unit_test(seventeen_digits_read_back),
        cmocka_unit_test(random_decimals_agree_with_the_c_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
