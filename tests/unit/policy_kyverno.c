/* Kyverno's policies with CEL, and what they hold for besides Pods. */
#include "policy_dialect_help.h"

#define CLUSTER(annotations, match, expression) \
    "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: p, annotations: " \
    "{" annotations "}}\nspec:\n  rules:\n    - {name: r, match: " match \
    ", validate: {cel: {expressions: [{expression: \"" expression "\"}]}}}\n"
#define PODS "{any: [{resources: {kinds: [Pod]}}]}"
#define VPOL(spec, resources) \
    "apiVersion: policies.kyverno.io/v1alpha1\nkind: ValidatingPolicy\nmetadata: {name: " \
    "p}\nspec: {" spec \
    "matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: " \
    "[CREATE], resources: " resources "}]}, validations: [{expression: 'true'}]}\n"

static void rules_are_guardrails(void **state)
{
    (void)state;
    expect_guardrails(CLUSTER("", "{resources: {kinds: [Service]}}", "true"),
                      "p@r validations[0]:0");
    expect_guardrails(CLUSTER("", PODS, "true"),
                      "p@r validations[0]:0; p@autogen@r validations[0]:0; p@autogen-cronjob@r "
                      "validations[0]:0");
}

static void a_policy_stands_for_itself(void **state)
{
    (void)state;
    expect_guardrails(VPOL("", "[services]"), "p validations[0]:1");
    expect_guardrails(VPOL("validationActions: [Audit], ", "[pods]"),
                      "p validations[0]:0; p@autogen validations[0]:0; p@autogen-cronjob "
                      "validations[0]:0");
    expect_guardrails(VPOL("autogen: {podControllers: {controllers: [jobs]}}, ", "[pods]"),
                      "p validations[0]:1; p@autogen validations[0]:1");
    expect_guardrails(VPOL("", "[pods, services]"), "p validations[0]:1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_guardrails),
        cmocka_unit_test(a_policy_stands_for_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
