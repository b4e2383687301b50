#include "regex_help.h"

static void cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < REGEX_CASES; i++) {
        berm_regex_tree tree;
        bool good = berm_regex_parse(&tree, &berm_alloc_libc, berm_str_of(regex_cases[i].pattern));
        if (good != (regex_cases[i].answer != BAD)) fail_msg("%s", regex_cases[i].pattern);
        if (!good) assert_true(tree.fault && tree.fault_off <= strlen(regex_cases[i].pattern));
        berm_regex_tree_free(&tree);
    }
}

/* What other engines have and RE2 does not. */
static void refused(void **state)
{
    static const char *const patterns[] = {
        "(a)\\1",      "\\9",    "(?=a)",      "(?!a)",   "(?<=a)",    "(?<!a)",       "(?>a)",
        "a*+",         "a++",    "a?+",        "a{2}+",   "(?(1)a|b)", "(?R)",         "(?1)",
        "(?P>n)",      "(?P=n)", "(?&n)",      "\\k<n>",  "\\g{1}",    "\\C",          "\\Z",
        "\\G",         "\\K",    "\\R",        "\\X",     "\\h",       "\\N",          "\\e",
        "\\cA",        "(?#x)",  "(?x)a",      "(?|a|b)", "(*UTF8)a",  "\\p{Foo}",     "\\p{L&}",
        "\\pX",        "\\p{",   "[[:foo:]]",  "[b-a]",   "[a",        "(a",           "a)",
        "*a",          "a**",    "a|*",        "x{1001}", "x{2,1}",    "(x{100}){11}", "\\",
        "\\x{110000}", "\\x{}",  "\\xg",       "(?",      "(?P<>a)",   "(?P<a b>c)",   "(?i",
        "(?z)",        "\xff",   "[\xc0\x80]", "(?i)*"};
    (void)state;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        berm_regex_tree tree;
        if (berm_regex_parse(&tree, &berm_alloc_libc, berm_str_of(patterns[i])))
            fail_msg("%s", patterns[i]);
        assert_non_null(tree.fault);
        berm_regex_tree_free(&tree);
    }
}

/* Flags are nothing that could be repeated, and keep nothing from being repeated. */
static void flags_before_repetitions(void **state)
{
    static const char *const good[] = {"a(?i)*", "ab(?i)(?-s)+?", "a*(?s)*", "(a)(?)?",
                                       "\\Qab\\E(?i){2}"};
    static const char *const bad[] = {"(?i)*",   "a|(?i)*", "((?i)+)",
                                      "a(?i)**", "a(?z)*",  "a(?i-)*"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good + sizeof bad / sizeof *bad; i++) {
        bool expected = i < sizeof good / sizeof *good;
        const char *pattern = expected ? good[i] : bad[i - sizeof good / sizeof *good];
        berm_regex_tree tree;
        if (berm_regex_parse(&tree, &berm_alloc_libc, berm_str_of(pattern)) != expected)
            fail_msg("%s", pattern);
        berm_regex_tree_free(&tree);
    }
}

static void nested(const char *open, const char *close, uint32_t depth, bool expected)
{
    berm_text pattern;
    berm_regex_tree tree;
    berm_text_init(&pattern, &berm_alloc_libc);
    for (uint32_t i = 0; i < depth; i++) berm_text_put(&pattern, berm_str_of(open));
    berm_text_putc(&pattern, 'a');
    for (uint32_t i = 0; i < depth; i++) berm_text_put(&pattern, berm_str_of(close));
    assert_int_equal(berm_regex_parse(&tree, &berm_alloc_libc, berm_text_view(&pattern)), expected);
    berm_regex_tree_free(&tree);
    berm_text_free(&pattern);
}

static void limits(void **state)
{
    (void)state;
    nested("(", ")", 200, true);
    nested("(", ")", 201, false);
    nested("(?i:", ")?", 2000, false);
    nested("a", "b", 4999, true);
    nested("a", "b", 5000, false);
}

static void failing_allocations(void **state)
{
    bool done = false;
    (void)state;
    for (size_t n = 1; !done; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        berm_regex_tree tree;
        done =
            berm_regex_parse(&tree, &alloc, BERM_STR("^(?:[a-z]+|\\pL[^\\d-]){2,3}(?i)x\\Q*\\E$"));
        if (!done) assert_true(tree.failed);
        berm_regex_tree_free(&tree);
        assert_int_equal(heap.in_use, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cases), cmocka_unit_test(refused),
                                       cmocka_unit_test(flags_before_repetitions),
                                       cmocka_unit_test(limits),
                                       cmocka_unit_test(failing_allocations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
