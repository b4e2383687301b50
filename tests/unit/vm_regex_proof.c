#include "vm_regex_help.h"

/* What pcre2 may run. */
static void plain(void **state)
{
    static const char *const patterns[] = {"^(?:[a-z0-9]+\\.)*$",
                                           "^[a-z]+(?:-[a-z]+)*$",
                                           "^(?:[^,]*,){3}$",
                                           "gr(?:a|e)y",
                                           "ab?c",
                                           "(?:foo|bar)baz",
                                           "^a*$|^b",
                                           "^(?:ab)*c",
                                           "\\d{1,3}\\.",
                                           "^\\pL\\d",
                                           "(?i)^abc?d",
                                           "^(?:a|b)*$"};
    (void)state;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        berm_regex_tree tree;
        parse_pattern(&tree, patterns[i]);
        if (!berm_regex_is_plain(&tree)) fail_msg("%s", patterns[i]);
        berm_regex_tree_free(&tree);
    }
}

/* What it may not: text read in two ways, attempts at every place that may each be long, too many places. */
static void not_plain(void **state)
{
    static const char *const patterns[] = {
        "^(?:a+)+$",
        "^(?:a*)*$",
        "^(?:a|a)*$",
        "^(?:a|ab)*c",
        "^(?:a?b?)*$",
        "^(?:a?){5}$",
        "^(?:a*|b*)c|d",
        "a+b",
        "[a-z]+@",
        ".*x",
        "^(?:x+x+)+y",
        "^.*a",
        "a{300}b",
        "^\\pL*\\p{Lu}",
        "(?:abc)*d",
        "^(?:(?:a|b)*c|(?:a|d)*e)",
        "^[a-z]{1,5}[a-z]",
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrs"};
    (void)state;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        berm_regex_tree tree;
        parse_pattern(&tree, patterns[i]);
        if (berm_regex_is_plain(&tree)) fail_msg("%s", patterns[i]);
        berm_regex_tree_free(&tree);
    }
}

static void anchors(void **state)
{
    static const struct {
        const char *pattern;
        bool anchored;
    } cases[] = {{"^a", true},      {"\\Aa", true},  {"(^a|^b)c", true}, {"(?i)^a", true},
                 {"(?:^a)+", true}, {"^a|b", false}, {"(?m)^a", false},  {"(^a)?b", false},
                 {"a^b", false},    {"", false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        berm_regex_tree tree;
        parse_pattern(&tree, cases[i].pattern);
        assert_int_equal(berm_regex_is_anchored(&tree, tree.root), cases[i].anchored);
        berm_regex_tree_free(&tree);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(plain), cmocka_unit_test(not_plain),
                                       cmocka_unit_test(anchors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
