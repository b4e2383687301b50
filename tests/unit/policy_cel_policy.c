/* CEL Policy: what its matches come to. */
#include "policy_dialect_help.h"

#define CEL_POLICY(rule) "name: p\nrule: " rule "\n"

/* The text of the variable that the verdict asks: the rule's own is the same for all. */
static void expect_chain(const char *rule, const char *wanted)
{
    char text[2000];
    snprintf(text, sizeof text, CEL_POLICY("%s"), rule);
    compiled c = compile_fine(text);
    assert_int_equal(c.image.guardrail_count, 1);
    bool found = false;
    for (uint32_t i = 0; i < c.image.root_count; i++)
        found |= berm_str_is(berm_image_text(&c.image, c.image.roots[i].text), wanted);
    if (!found) fail_msg("%s: nothing is compiled as %s", rule, wanted);
    drop_compiled(&c);
}

static void the_first_match_that_holds_is_chosen(void **state)
{
    (void)state;
    expect_chain("{match: []}", "dyn(null)");
    expect_chain("{match: [{output: '1'}]}", "dyn(variables.`output-0`)");
    expect_chain("{match: [{condition: 'true', output: '1'}]}",
                 "variables.`condition-0` ? dyn(variables.`output-0`) : dyn(null)");
    expect_chain("{match: [{condition: 'true', output: '1'}, {output: '2'}]}",
                 "variables.`condition-0` ? dyn(variables.`output-0`) : dyn(variables.`output-1`)");
}

static void rules_nest(void **state)
{
    (void)state;
    expect_chain(
        "{match: [{condition: 'true', rule: {match: [{condition: 'false', output: '1'}]}}]}",
        "variables.`condition-0` ? (variables.`condition-1` ? dyn(variables.`output-1`) : "
        "dyn(null)) : dyn(null)");
}

/* A rule in a rule, `depth` times. */
static void compile_nested(uint32_t depth, bool fine)
{
    char text[4000];
    size_t len = (size_t)snprintf(text, sizeof text, "name: p\nrule: ");
    for (uint32_t i = 0; i < depth; i++)
        len +=
            (size_t)snprintf(text + len, sizeof text - len, "{match: [{condition: 'true', rule: ");
    len += (size_t)snprintf(text + len, sizeof text - len, "{match: [{output: '1'}]}");
    for (uint32_t i = 0; i < depth; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "}]}");
    assert_true(len < sizeof text - 1);
    compiled c = compile_text(text);
    assert_int_equal(c.status, fine ? BERM_OK : BERM_E_POLICY);
    drop_compiled(&c);
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    compile_nested(16, true);
    compile_nested(17, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_match_that_holds_is_chosen),
        cmocka_unit_test(rules_nest),
        cmocka_unit_test(nesting_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
