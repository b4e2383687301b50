/* ConstraintTemplates with CEL: a guardrail for each constraint of the kind. */
#include "policy_dialect_help.h"

#define TEMPLATE(source) \
    "apiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata: {name: k}\n" \
    "spec:\n  crd: {spec: {names: {kind: K}}}\n  targets: [{target: t, code: [{engine: " \
    "K8sNativeValidation, source: {" source "}}]}]\n"
#define CONSTRAINT(name, spec) \
    "---\napiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K\nmetadata: {name: " name "}" \
    "\n" spec
#define TRUE "validations: [{expression: 'variables.params == null || has(variables.anyObject.x)'}]"

static void a_guardrail_for_each_constraint(void **state)
{
    (void)state;
    expect_guardrails(TEMPLATE(TRUE) CONSTRAINT("a", "")
                          CONSTRAINT("b", "spec: {enforcementAction: warn}\n")
                              CONSTRAINT("c", "spec: {enforcementAction: dryrun}\n")
                                  CONSTRAINT("d", "spec: {enforcementAction: deny}\n"),
                      "K@a validations[0]:1; K@b validations[0]:0; K@c validations[0]:0; K@d "
                      "validations[0]:1");
    expect_guardrails(TEMPLATE("failurePolicy: Ignore, " TRUE) CONSTRAINT("a", ""),
                      "K@a+ validations[0]:1");
}

static void a_template_without_cel_is_refused(void **state)
{
    (void)state;
    expect_diags("apiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata: "
                 "{name: k}\nspec:\n  crd: {spec: {names: {kind: K}}}\n  targets: [{target: t, "
                 "rego: 'package x'}]\n" CONSTRAINT("a", ""),
                 "B0517:1:1 the template `k` has no K8sNativeValidation: Rego is not supported\n");
}

static void a_constraint_needs_its_template(void **state)
{
    (void)state;
    expect_diags(TEMPLATE(TRUE) "---\napiVersion: constraints.gatekeeper.sh/v1beta1\nkind: L\n"
                                "metadata: {name: a}\n",
                 "B0509:8:1 the L `a` is for a policy that is not here\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_guardrail_for_each_constraint),
        cmocka_unit_test(a_template_without_cel_is_refused),
        cmocka_unit_test(a_constraint_needs_its_template),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
