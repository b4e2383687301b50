/* Policies for Pods hold for what makes Pods. */
#include "policy_dialect_help.h"

#define CLUSTER(annotations, match, expression) \
    "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: p, annotations: " \
    "{" annotations "}}\nspec:\n  rules:\n    - {name: r, match: " match \
    ", validate: {cel: {expressions: [{expression: \"" expression "\"}]}}}\n"
#define PODS "{any: [{resources: {kinds: [Pod]}}]}"

static void rules_say_for_which_controllers(void **state)
{
    (void)state;
#define CONTROLLERS "pod-policies.kyverno.io/autogen-controllers: "
    expect_guardrails(CLUSTER(CONTROLLERS "none", PODS, "true"), "p@r validations[0]:0");
    expect_guardrails(CLUSTER(CONTROLLERS "CronJob", PODS, "true"),
                      "p@r validations[0]:0; p@autogen-cronjob@r validations[0]:0");
    expect_guardrails(CLUSTER(CONTROLLERS "'Deployment, Job'", PODS, "true"),
                      "p@r validations[0]:0; p@autogen@r validations[0]:0");
}

static void rules_for_more_than_pods_stay_as_they_are(void **state)
{
    (void)state;
    static const char *const matches[] = {
        "{any: [{resources: {kinds: [Pod, Service]}}]}",
        "{any: [{resources: {kinds: [Pod], names: [a]}}]}",
        "{any: [{resources: {kinds: [Pod], name: a}}]}",
        "{any: [{resources: {kinds: [Pod], annotations: {a: b}}}]}",
        "{any: [{resources: {kinds: [Pod], selector: "
        "{matchLabels: {a: b}}}}]}",
        "{any: [{resources: {namespaces: [a]}}]}"};
    for (size_t i = 0; i < sizeof matches / sizeof *matches; i++) {
        char text[1000];
        snprintf(text, sizeof text, CLUSTER("", "%s", "true"), matches[i]);
        expect_guardrails(text, "p@r validations[0]:0");
    }
}

static void the_template_is_asked(void **state)
{
    (void)state;
    const char *text = CLUSTER("", PODS,
                               "object.spec.a == oldObject.metadata.b || object.metadata.namespace "
                               "== object.speck");
    expect_rule_text(text, 1,
                     "object.spec.template.spec.a == oldObject.spec.template.metadata.b || "
                     "object.metadata.namespace == object.spec.template.speck");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_say_for_which_controllers),
        cmocka_unit_test(rules_for_more_than_pods_stay_as_they_are),
        cmocka_unit_test(the_template_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
