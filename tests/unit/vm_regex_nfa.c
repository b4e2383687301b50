#include "vm_regex_help.h"

static berm_regex_answer run_nfa(const char *pattern, berm_str text, uint64_t *steps)
{
    berm_regex_tree tree;
    berm_space space;
    bool too_large;
    berm_space_init(&space, &berm_alloc_libc, 1 << 20);
    parse_pattern(&tree, pattern);
    berm_regex_nfa *nfa = berm_regex_nfa_new(&tree, &too_large);
    assert_non_null(nfa);
    berm_regex_answer answer = berm_regex_nfa_match(nfa, &space, text, steps);
    /* A second time: nothing is left over. */
    assert_int_equal(berm_regex_nfa_match(nfa, &space, text, NULL), answer);
    berm_regex_nfa_free(nfa);
    berm_regex_tree_free(&tree);
    berm_space_free(&space);
    return answer;
}

static void cases(void **state)
{
    size_t run = 0;
    (void)state;
    for (size_t i = 0; i < REGEX_CASES; i++) {
        berm_regex_tree tree;
        if (regex_cases[i].answer == BAD) continue;
        parse_pattern(&tree, regex_cases[i].pattern);
        bool unicode = tree.unicode;
        berm_regex_tree_free(&tree);
        if (unicode) continue;
        if ((int)run_nfa(regex_cases[i].pattern, berm_str_of(regex_cases[i].text), NULL) !=
            regex_cases[i].answer) {
            fail_msg("%s on %s", regex_cases[i].pattern, regex_cases[i].text);
        }
        run++;
    }
    assert_true(run > 400);
}

/* Patterns that take a backtracking engine for ever take steps in proportion to the text. */
static void hostile(void **state)
{
    static const char *const patterns[] = {"(a+)+$",      "(a|a)*$",           "(a*)*$",
                                           "(a|aa)+$",    "(.*)*x$",           "^(a?){30}a{30}$",
                                           "(x+x+)+y",    "a*a*a*a*a*a*a*a*b", "(?:a{0,30}){30}b",
                                           "([a-z]+)*\\d"};
    (void)state;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        uint64_t steps[2] = {0, 0};
        static char text[40001];
        for (size_t j = 0; j < 2; j++) {
            size_t len = j ? 40000 : 10000;
            memset(text, 'a', len);
            text[len - 1] = '!';
            (void)run_nfa(patterns[i], (berm_str){text, len}, &steps[j]);
        }
        if (steps[1] > 5 * steps[0])
            fail_msg("%s: %u, then %u steps", patterns[i], (unsigned)steps[0], (unsigned)steps[1]);
    }
}

static void too_large(void **state)
{
    berm_regex_tree tree;
    bool large = false;
    (void)state;
    parse_pattern(&tree, "(?:abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz){1000}");
    assert_null(berm_regex_nfa_new(&tree, &large));
    assert_true(large);
    berm_regex_tree_free(&tree);
}

static void out_of_fuel(void **state)
{
    berm_regex_tree tree;
    berm_space space;
    bool large;
    (void)state;
    parse_pattern(&tree, "(a|b)*c");
    berm_regex_nfa *nfa = berm_regex_nfa_new(&tree, &large);
    berm_space_init(&space, &berm_alloc_libc, 1 << 20);
    berm_space_reset(&space, 5);
    assert_int_equal(berm_regex_nfa_match(nfa, &space, BERM_STR("aaaaaaaaaa"), NULL),
                     BERM_REGEX_GAVE_UP);
    assert_int_equal(space.status, BERM_E_FUEL);
    berm_regex_nfa_free(nfa);
    berm_regex_tree_free(&tree);
    berm_space_free(&space);
}

static void failing_allocations(void **state)
{
    bool done = false, large;
    (void)state;
    for (size_t n = 1; !done; n++) {
        counted_heap heap = {0};
        berm_alloc alloc = counted_alloc(&heap);
        berm_regex_tree tree;
        assert_true(berm_regex_parse(&tree, &alloc, BERM_STR("(a|b|c)*d{2,4}(e|f?)+")));
        heap.fail_at = heap.calls + n;
        berm_regex_nfa *nfa = berm_regex_nfa_new(&tree, &large);
        done = nfa != NULL;
        berm_regex_nfa_free(nfa);
        berm_regex_tree_free(&tree);
        assert_int_equal(heap.in_use, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cases), cmocka_unit_test(hostile),
                                       cmocka_unit_test(too_large), cmocka_unit_test(out_of_fuel),
                                       cmocka_unit_test(failing_allocations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
