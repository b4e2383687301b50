#include "vm_regex_help.h"

static void cases(void **state)
{
    size_t run = 0;
    (void)state;
    for (size_t i = 0; i < REGEX_CASES; i++) {
        berm_regex_tree tree;
        berm_regex_simple simple;
        if (regex_cases[i].answer == BAD) continue;
        parse_pattern(&tree, regex_cases[i].pattern);
        assert_true(berm_regex_simple_make(&simple, &tree));
        if (simple.form != BERM_REGEX_NOT_SIMPLE) {
            bool yes = berm_regex_simple_match(&simple, &tree, berm_str_of(regex_cases[i].text));
            if (yes != (regex_cases[i].answer == YES))
                fail_msg("%s on %s", regex_cases[i].pattern, regex_cases[i].text);
            run++;
        }
        berm_regex_simple_free(&simple, &berm_alloc_libc);
        berm_regex_tree_free(&tree);
    }
    assert_true(run > 20);
}

static void forms(void **state)
{
    static const struct {
        const char *pattern;
        int form;
    } expected[] = {{"abc", BERM_REGEX_LITERAL},
                    {"^abc", BERM_REGEX_LITERAL},
                    {"a\\.b$", BERM_REGEX_LITERAL},
                    {"^(a)(?:b)$", BERM_REGEX_LITERAL},
                    {"\xc3\xa9", BERM_REGEX_LITERAL},
                    {"", BERM_REGEX_LITERAL},
                    {"^[a-z]+$", BERM_REGEX_RUNS},
                    {"^[a-z]+-[0-9]{3}$", BERM_REGEX_RUNS},
                    {"^a?b?c", BERM_REGEX_RUNS},
                    {"(?i)^abc$", BERM_REGEX_RUNS},
                    {"^[a-z]{2,4}", BERM_REGEX_RUNS},
                    {"[a-z]", BERM_REGEX_NOT_SIMPLE},
                    {"^[a-z]+[a-c]$", BERM_REGEX_NOT_SIMPLE},
                    {"^a?b?a$", BERM_REGEX_NOT_SIMPLE},
                    {"^a|b$", BERM_REGEX_NOT_SIMPLE},
                    {"a^b", BERM_REGEX_NOT_SIMPLE},
                    {"a$b", BERM_REGEX_NOT_SIMPLE},
                    {"^\\pL+$", BERM_REGEX_NOT_SIMPLE},
                    {"^(ab)+$", BERM_REGEX_NOT_SIMPLE},
                    {"a\\b", BERM_REGEX_NOT_SIMPLE}};
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        berm_regex_tree tree;
        berm_regex_simple simple;
        parse_pattern(&tree, expected[i].pattern);
        assert_true(berm_regex_simple_make(&simple, &tree));
        if ((int)simple.form != expected[i].form)
            fail_msg("%s is %d", expected[i].pattern, simple.form);
        berm_regex_simple_free(&simple, &berm_alloc_libc);
        berm_regex_tree_free(&tree);
    }
}

static void runs(void **state)
{
    static const regex_case expected[] = {
        {"^[a-z]+-[0-9]{3}$", "abc-123", YES},
        {"^[a-z]+-[0-9]{3}$", "abc-1234", NO},
        {"^[a-z]+-[0-9]{3}$", "-123", NO},
        {"^[a-z]{2,3}", "a", NO},
        {"^[a-z]{2,3}$", "abcd", NO},
        {"^[a-z]{2,3}", "abcd", YES},
        {"^\xc3\xa9*x$", "\xc3\xa9\xc3\xa9x", YES},
        {"^[^a]*$", "\xc3\xa9\nb", YES},
        {"^[^a]*$", "bab", NO},
        {"^a{0}b$", "b", YES},
        {"^[a-f0-9]{64}$", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
         YES}};
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        berm_regex_tree tree;
        berm_regex_simple simple;
        parse_pattern(&tree, expected[i].pattern);
        assert_true(berm_regex_simple_make(&simple, &tree));
        assert_int_equal(simple.form, BERM_REGEX_RUNS);
        if (berm_regex_simple_match(&simple, &tree, berm_str_of(expected[i].text)) !=
            (expected[i].answer == YES)) {
            fail_msg("%s on %s", expected[i].pattern, expected[i].text);
        }
        berm_regex_simple_free(&simple, &berm_alloc_libc);
        berm_regex_tree_free(&tree);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cases), cmocka_unit_test(forms),
                                       cmocka_unit_test(runs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
