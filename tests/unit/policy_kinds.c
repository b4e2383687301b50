#include "policy_help.h"

#include "policy/index.h"

/* One derived kind a line: name and what it comes from. */
#define KIND(name, target, of) \
    "---\nkind: " name "\nof: {target: " target ", kinds: [" of "]}\neach: '[object]'\n"
#define ANY GUARDRAIL_HEAD GUARDRAIL_RULE

static void chains_are_fine(void **state)
{
    (void)state;
    expect_diags(ANY KIND("a", "json", "document") KIND("b", "json", "a") KIND("c", "json", "a, b")
                     KIND("b", "json", "a"),
                 "");
    /* "*" alone means what a target lists */
    expect_diags(ANY KIND("a", "json", "'*'") KIND("b", "json", "a"), "");
    /* parts of one target's documents do not come from another's */
    expect_diags(ANY KIND("a", "json", "b") KIND("b", "yaml", "a"), "");
}

static void circles_are_shown(void **state)
{
    (void)state;
    expect_diags(ANY KIND("a", "json", "a"),
                 "B0513:7:27 kinds are derived from each other in a circle: a -> a\n");
    expect_diags(ANY KIND("x", "json", "document") KIND("a", "json", "x, c") KIND("b", "json", "a")
                     KIND("c", "json", "b"),
                 "B0513:11:27 kinds are derived from each other in a circle: a -> b -> c -> a\n");
    expect_diags(ANY KIND("part", "json", "p*"),
                 "B0513:7:27 kinds are derived from each other in a circle: part -> part\n");
    /* one of several documents of the same kind is enough */
    expect_diags(ANY KIND("a", "json", "document") KIND("b", "json", "a") KIND("a", "json", "b"),
                 "B0513:11:27 kinds are derived from each other in a circle: b -> a -> b\n");
}

static void chains_have_a_longest(void **state)
{
    (void)state;
    static char text[200 * (BERM_KIND_DEPTH_MAX + 4)];
    for (unsigned extra = 0; extra < 2; extra++) {
        size_t len = (size_t)snprintf(text, sizeof text, "%s", ANY);
        /* from the end to the start, so that no chain is known before its parts */
        for (unsigned i = BERM_KIND_DEPTH_MAX + extra; i-- > 0;) {
            char of[20] = "document";
            if (i) snprintf(of, sizeof of, "k%u", i - 1);
            len +=
                (size_t)snprintf(text + len, sizeof text - len, KIND("k%u", "json", "%s"), i, of);
        }
        compiled c = compile_text(text);
        assert_int_equal(c.status, extra ? BERM_E_POLICY : BERM_OK);
        if (extra) assert_int_equal(c.err.code, 518);
        drop_compiled(&c);
    }
}

static void there_is_a_most_of_kinds(void **state)
{
    (void)state;
    size_t size = 64 * (BERM_KIND_COUNT_MAX + 4);
    char *text = malloc(size);
    size_t len = (size_t)snprintf(text, size, "%s", ANY);
    for (unsigned i = 0; i <= BERM_KIND_COUNT_MAX; i++) {
        len += (size_t)snprintf(text + len, size - len, KIND("k%u", "json", "x"), i);
    }
    compiled c = compile_text(text);
    assert_int_equal(c.status, BERM_E_POLICY);
    assert_int_equal(c.err.code, 518);
    drop_compiled(&c);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_are_fine), cmocka_unit_test(circles_are_shown),
        cmocka_unit_test(chains_have_a_longest), cmocka_unit_test(there_is_a_most_of_kinds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
