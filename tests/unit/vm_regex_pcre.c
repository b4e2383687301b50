#include "vm_regex_help.h"

static void cases(void **state)
{
    size_t run = 0;
    (void)state;
    for (size_t i = 0; i < REGEX_CASES; i++) {
        berm_regex_tree tree;
        if (regex_cases[i].answer == BAD) continue;
        parse_pattern(&tree, regex_cases[i].pattern);
        berm_regex_pcre *pcre = berm_regex_pcre_new(&tree);
        if (pcre) {
            berm_regex_answer answer =
                berm_regex_pcre_match(pcre, berm_str_of(regex_cases[i].text));
            if ((int)answer != regex_cases[i].answer)
                fail_msg("%s on %s", regex_cases[i].pattern, regex_cases[i].text);
            run++;
        }
        berm_regex_pcre_free(pcre);
        berm_regex_tree_free(&tree);
    }
    assert_true(run > 650);
}

/* Where the two engines would differ, pcre2 is not asked: it does not fold the case of properties as RE2 does. */
static void unfit(void **state)
{
    berm_regex_tree tree;
    (void)state;
    parse_pattern(&tree, "(?i)\\p{Lu}");
    assert_null(berm_regex_pcre_new(&tree));
    berm_regex_tree_free(&tree);
}

/* A pattern that backtracks for ever is left at the limit. */
static void gives_up(void **state)
{
    berm_regex_tree tree;
    (void)state;
    parse_pattern(&tree, "^(?:a+)+$");
    berm_regex_pcre *pcre = berm_regex_pcre_new(&tree);
    assert_non_null(pcre);
    assert_int_equal(
        berm_regex_pcre_match(
            pcre, BERM_STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")),
        BERM_REGEX_GAVE_UP);
    berm_regex_pcre_free(pcre);
    berm_regex_tree_free(&tree);
}

static void failing_allocations(void **state)
{
    bool done = false;
    (void)state;
    for (size_t n = 1; !done; n++) {
        counted_heap heap = {0};
        berm_alloc alloc = counted_alloc(&heap);
        berm_regex_tree tree;
        assert_true(berm_regex_parse(&tree, &alloc, BERM_STR("^(?:[a-z]+-)*\\pL$")));
        heap.fail_at = heap.calls + n;
        berm_regex_pcre *pcre = berm_regex_pcre_new(&tree);
        done = pcre != NULL;
        berm_regex_pcre_free(pcre);
        berm_regex_tree_free(&tree);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cases), cmocka_unit_test(unfit),
                                       cmocka_unit_test(gives_up),
                                       cmocka_unit_test(failing_allocations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
