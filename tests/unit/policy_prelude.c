/* What policies see besides the object: blocks that a set has once, and what they match. */
#include "policy_dialect_help.h"

#define TWO \
    VAP("p", "validations: [{expression: request.operation == 'CREATE'}]") \
    "---\n" VAP("q", "validations: [{expression: namespaceObject == null}]")

static void the_prelude_is_compiled_once(void **state)
{
    (void)state;
    compiled one = compile_fine(VAP("p", "validations: [{expression: 'true'}]"));
    compiled two = compile_fine(TWO);
    /* the second policy adds its condition of what it applies to, and its rule */
    assert_int_equal(two.image.block_count, one.image.block_count + 2);
    drop_compiled(&one);
    drop_compiled(&two);
}

static void everything_of_kubernetes_is_matched(void **state)
{
    (void)state;
    compiled c = compile_fine(TWO);
    for (uint32_t g = 0; g < c.image.guardrail_count; g++) {
        berm_run_ref run = c.image.guardrails[g].matches;
        assert_int_equal(run.count, 1);
        assert_text(&c, c.image.matchs[run.first].target, "kubernetes");
        assert_text(&c, c.image.matchs[run.first].kind, "*");
    }
    drop_compiled(&c);
}

static void names_of_guardrails_are_not_seen(void **state)
{
    (void)state;
    static const char *const names[] = {"parent", "now", "item", "matches", "plural"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char text[1000], wanted[100];
        snprintf(text, sizeof text, VAP("p", "validations: [{expression: %s == 1}]"), names[i]);
        snprintf(wanted, sizeof wanted, "'%s' is not declared", names[i]);
        compiled c = compile_text(text);
        assert_int_equal(c.status, BERM_E_POLICY);
        assert_non_null(strstr(c.err.message, wanted));
        drop_compiled(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_prelude_is_compiled_once),
        cmocka_unit_test(everything_of_kubernetes_is_matched),
        cmocka_unit_test(names_of_guardrails_are_not_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
