#include "data/yaml_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* In `source`, a scalar alone, byte `index` of its value comes from offset `off`. The value is what
   libyaml reads. */
static const struct {
    const char *source, *value;
    uint32_t index, off;
} cases[] = {
    /* plain */
    {"abc", "abc", 0, 0},
    {"abc", "abc", 2, 2},
    {"abc", "abc", 3, 3},
    {"abc", "abc", 99, 3},
    {"a b", "a b", 1, 1},
    {"one\n  two", "one two", 3, 3},
    {"one\n  two", "one two", 4, 6},
    {"one  \r\n  two", "one two", 4, 9},
    {"one\n\n  two", "one\ntwo", 3, 4},
    {"one\n\n\n  two", "one\n\ntwo", 4, 5},
    {"one\n\n\n  two", "one\n\ntwo", 5, 8},
    {"\xc3\xa4 b", "\xc3\xa4 b", 3, 3},
    {"one\xe2\x80\xa8 two", "one\xe2\x80\xa8two", 4, 4},
    {"one\xe2\x80\xa8 two", "one\xe2\x80\xa8two", 6, 7},
    /* single quotes */
    {"'abc'", "abc", 0, 1},
    {"'abc'", "abc", 3, 4},
    {"'it''s'", "it's", 2, 3},
    {"'it''s'", "it's", 3, 5},
    {"'a\n b'", "a b", 2, 4},
    {"''", "", 0, 1},
    {"' a'", " a", 1, 2},
    {"'a \\n'", "a \\n", 3, 4},
    /* double quotes */
    {"\"abc\"", "abc", 1, 2},
    {"\"a\\tb\"", "a\tb", 1, 2},
    {"\"a\\tb\"", "a\tb", 2, 4},
    {"\"\\x41b\"", "Ab", 1, 5},
    {"\"\\u00e9b\"",
     "\xc3\xa9"
     "b",
     1, 1},
    {"\"\\u00e9b\"",
     "\xc3\xa9"
     "b",
     2, 7},
    {"\"\\u20acb\"",
     "\xe2\x82\xac"
     "b",
     3, 7},
    {"\"\\U0001F600b\"",
     "\xf0\x9f\x98\x80"
     "b",
     4, 11},
    {"\"\\Nb\"",
     "\xc2\x85"
     "b",
     2, 3},
    {"\"\\_b\"",
     "\xc2\xa0"
     "b",
     2, 3},
    {"\"\\Lb\"",
     "\xe2\x80\xa8"
     "b",
     3, 3},
    {"\"a\\\n   b\"", "ab", 1, 7},
    {"\"a \\\n   b\"", "a b", 1, 2},
    {"\"a \\\n   b\"", "a b", 2, 8},
    {"\"a\\\n\n  b\"", "a\nb", 1, 4},
    {"\"a\n   b\"", "a b", 2, 6},
    {"\"\\\\b\"", "\\b", 1, 3},
    {"\"\\\"b\"", "\"b", 1, 3},
    /* literal */
    {"|\n  one\n  two", "one\ntwo\n", 0, 4},
    {"|\n  one\n  two", "one\ntwo\n", 3, 7},
    {"|\n  one\n  two", "one\ntwo\n", 4, 10},
    {"|\n  one\n  two", "one\ntwo\n", 7, 13},
    {"|-  # why\n  one", "one", 1, 13},
    {"|\n  one\n    two", "one\n  two\n", 4, 10},
    {"|\n  one\n    two", "one\n  two\n", 6, 12},
    {"|\n\n\n  one", "\n\none\n", 0, 2},
    {"|\n\n\n  one", "\n\none\n", 2, 6},
    {"|\n  one\n\n  two", "one\n\ntwo\n", 5, 11},
    {"|2\n   one", " one\n", 0, 5},
    {"|2\n   one", " one\n", 1, 6},
    {"|\r\n  one\r\n  two", "one\ntwo\n", 4, 12},
    {"|+\n  one", "one\n\n\n", 5, 8},
    {"|\n \xe2\x80\xa9  one", "\xe2\x80\xa9one\n", 0, 3}, /* a break that stays what it is */
    {"|\n \xe2\x80\xa9  one", "\xe2\x80\xa9one\n", 2, 5},
    {"|\n \xe2\x80\xa9  one", "\xe2\x80\xa9one\n", 3, 8},
    {"|\n  one\xc2\x85  two", "one\ntwo\n", 4, 11},
    /* folded */
    {">\n  one\n  two", "one two\n", 3, 7},
    {">\n  one\n  two", "one two\n", 4, 10},
    {">\n  one\n\n  two", "one\ntwo\n", 3, 8},
    {">\n  one\n\n  two", "one\ntwo\n", 4, 11},
    {">\n  one\n\n\n  two", "one\n\ntwo\n", 5, 12},
    {">\n  one\n    two\n  three", "one\n  two\nthree\n", 3, 7},
    {">\n  one\n    two\n  three", "one\n  two\nthree\n", 6, 12},
    {">\n  one\n    two\n  three", "one\n  two\nthree\n", 10, 18},
    {">\n  one\n\n    two", "one\n\n  two\n", 4, 8},
    {">\n  one\xe2\x80\xa8  two", "one\xe2\x80\xa8two\n", 3, 7},
    {">\n  one\n", "one\n", 3, 7},
    {"|2-\n     ", "   ", 0, 6},
    {">-\n\n  one\n  two", "\none two", 1, 6},
    {">-\n\n  one\n  two", "\none two", 5, 12},
};

static void each_byte_has_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char padded[128] = "x: "; /* offsets are absolute: put something in front */
        strcat(padded, cases[i].source);
        uint32_t end = (uint32_t)strlen(padded);
        uint32_t off = berm_yaml_text_offset(berm_str_of(padded), 3, end,
                                             berm_str_of(cases[i].value), cases[i].index);
        if (off != cases[i].off + 3)
            fail_msg("case %zu, byte %u: %u, wanted %u", i, cases[i].index, off - 3, cases[i].off);
    }
}

static void values_that_do_not_fit_stay_inside(void **state)
{
    (void)state;
    const char *sources[] = {"abc", "'a", "\"\\", "\"\\u12", "|", ">\n", "|\n  \n", "\"\\\n", "'"};
    char value[64];
    memset(value, 'v', sizeof value);
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        berm_str text = berm_str_of(sources[i]);
        for (uint32_t len = 0; len <= sizeof value; len++)
            for (uint32_t index = 0; index <= len; index++) {
                uint32_t off = berm_yaml_text_offset(text, 0, (uint32_t)text.len,
                                                     (berm_str){value, len}, index);
                assert_true(off <= text.len);
            }
    }
}

/* More lines in the value than in the text, and no text at all. */
static void values_of_nothing_stay_inside(void **state)
{
    (void)state;
    assert_in_range(berm_yaml_text_offset(BERM_STR("|\n"), 0, 2, BERM_STR("\n\n\na"), 3), 0, 2);
    assert_in_range(berm_yaml_text_offset(BERM_STR("|"), 0, 1, BERM_STR("\n\na"), 2), 0, 1);
    assert_int_equal(berm_yaml_text_offset(BERM_STR("abc"), 3, 3, BERM_STR(""), 0), 3);
    assert_int_equal(berm_yaml_text_offset(BERM_STR("abc"), 3, 3, BERM_STR("x"), 0), 3);
}

static void breaks(void **state)
{
    (void)state;
    assert_int_equal(berm_yaml_break(BERM_STR("\r"), 0), 1);
    assert_int_equal(berm_yaml_break(BERM_STR("\xc2"), 0), 0);
    assert_int_equal(berm_yaml_break(BERM_STR("\xc2\xa0"), 0), 0);
    assert_int_equal(berm_yaml_break(BERM_STR("\xe2\x80"), 0), 0);
    assert_int_equal(berm_yaml_break(BERM_STR("\xe2\x81\xa8"), 0), 0);
    assert_int_equal(berm_yaml_break(BERM_STR("\xe2\x80\xa8"), 0), 3);
    assert_int_equal(berm_yaml_break(BERM_STR("\n"), 0), 1);
    assert_int_equal(berm_yaml_break(BERM_STR("\r\n"), 0), 2);
    assert_int_equal(berm_yaml_break(BERM_STR("\ra"), 0), 1);
    assert_int_equal(berm_yaml_break(BERM_STR("\xc2\x85"), 0), 2);
    assert_int_equal(berm_yaml_break(BERM_STR("\xe2\x80\xa9"), 0), 3);
    assert_int_equal(berm_yaml_break(BERM_STR("\xe2\x80\xaa"), 0), 0);
    assert_int_equal(berm_yaml_break(BERM_STR("a"), 0), 0);
    assert_int_equal(berm_yaml_break(BERM_STR("a"), 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_has_its_place),
        cmocka_unit_test(values_that_do_not_fit_stay_inside),
        cmocka_unit_test(values_of_nothing_stay_inside),
        cmocka_unit_test(breaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
