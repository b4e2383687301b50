#include "base/number.h"

#include "base/text.h"

#include <setjmp.h>

#include <cmocka.h>

static void ints_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {{"0", 0},
                {"-0", 0},
                {"+7", 7},
                {"-7", -7},
                {"007", 7},
                {"9223372036854775807", INT64_MAX},
                {"-9223372036854775808", INT64_MIN},
                {"00000000000000000000000000001", 1}};
    static const char *const bad[] = {"",
                                      "-",
                                      "+",
                                      "--1",
                                      "+-1",
                                      "1.",
                                      "1e2",
                                      " 1",
                                      "1 ",
                                      "a",
                                      "0x1",
                                      "1_0",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999"};
    int64_t value;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(berm_parse_int(berm_str_of(good[i].text), &value));
        assert_int_equal(value, good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        value = 42;
        if (berm_parse_int(berm_str_of(bad[i]), &value)) fail_msg("accepted: %s", bad[i]);
        assert_int_equal(value, 42);
    }
    assert_false(berm_parse_int((berm_str){"1\0", 2}, &value));
    assert_false(berm_parse_int((berm_str){NULL, 0}, &value));
}

static void uints_are_read(void **state)
{
    (void)state;
    uint64_t value;
    assert_true(berm_parse_uint(BERM_STR("18446744073709551615"), &value));
    assert_int_equal(value, UINT64_MAX);
    assert_true(berm_parse_uint(BERM_STR("0"), &value));
    assert_int_equal(value, 0);
    assert_false(berm_parse_uint(BERM_STR("18446744073709551616"), &value));
    assert_false(berm_parse_uint(BERM_STR("184467440737095516150"), &value));
    assert_false(berm_parse_uint(BERM_STR("+1"), &value));
    assert_false(berm_parse_uint(BERM_STR("-0"), &value));
    assert_false(berm_parse_uint(BERM_STR(""), &value));
}

static void hex_is_read(void **state)
{
    (void)state;
    uint64_t value;
    assert_true(berm_parse_hex(BERM_STR("fFfFfFfF00000000"), &value));
    assert_int_equal(value, UINT64_C(0xFFFFFFFF00000000));
    assert_true(berm_parse_hex(BERM_STR("0000000000000000000a9"), &value));
    assert_int_equal(value, 0xA9);
    static const char *const bad[] = {
        "", "g", "0x1", "/", ":", "@", "`", "-1", "10000000000000000"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (berm_parse_hex(berm_str_of(bad[i]), &value)) fail_msg("accepted: %s", bad[i]);
    }
}

static void printing_reads_back(void **state)
{
    (void)state;
    char out[BERM_INT_LEN];
    assert_int_equal(berm_print_int(INT64_MIN, out), 20);
    assert_memory_equal(out, "-9223372036854775808", 20);
    assert_int_equal(berm_print_uint(UINT64_MAX, out), 20);
    assert_memory_equal(out, "18446744073709551615", 20);
    assert_int_equal(berm_print_int(0, out), 1);
    assert_int_equal(out[0], '0');
    for (unsigned shift = 0; shift < 64; shift++) {
        for (uint64_t around = 0; around < 5; around++) {
            int64_t value = (int64_t)((UINT64_C(1) << shift) + around - 2), back = 0;
            assert_true(berm_parse_int((berm_str){out, berm_print_int(value, out)}, &back));
            assert_int_equal(back, value);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ints_are_read),
        cmocka_unit_test(uints_are_read),
        cmocka_unit_test(hex_is_read),
        cmocka_unit_test(printing_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
