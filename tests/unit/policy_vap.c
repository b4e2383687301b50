/* ValidatingAdmissionPolicy: a guardrail for each binding and parameter. */
#include "policy_dialect_help.h"

#define TRUE "validations: [{expression: 'true'}]"
#define PARAM(name, more) \
    "---\napiVersion: example.com/v1\nkind: Limit\nmetadata: {name: " name more "}\n"
#define PARAM_KIND "paramKind: {apiVersion: example.com/v1, kind: Limit}, "

static void a_policy_without_a_binding_is_judged(void **state)
{
    (void)state;
    expect_guardrails(VAP("p", TRUE), "p validations[0]:1");
    expect_guardrails(VAP("p", "failurePolicy: Ignore, " TRUE), "p+ validations[0]:1");
    expect_guardrails(VAP("p", PARAM_KIND TRUE), "p validations[0]:1");
}

static void a_guardrail_for_each_binding(void **state)
{
    (void)state;
    expect_guardrails(VAP("p", TRUE) BINDING("a", "p", "validationActions: [Deny, Audit]")
                          BINDING("b", "p", "validationActions: [Warn]"),
                      "p@a validations[0]:1; p@b validations[0]:0");
}

static void annotations_are_rules(void **state)
{
    (void)state;
    expect_guardrails(VAP("p", "auditAnnotations: [{key: k, valueExpression: \"'v'\"}]")
                          BINDING("a", "p", "validationActions: [Warn]"),
                      "p@a auditAnnotations.k:1*");
}

static void a_guardrail_for_each_parameter(void **state)
{
    (void)state;
    expect_guardrails(VAP("p", PARAM_KIND TRUE)
                          BINDING("a", "p", "validationActions: [Deny], paramRef: {name: x}")
                              PARAM("x", "") PARAM("z", ""),
                      "p@a@x validations[0]:1");
    expect_guardrails(VAP("p", PARAM_KIND TRUE)
                          BINDING("a", "p", "validationActions: [Warn], paramRef: {selector: {}}")
                              PARAM("x", "") PARAM("z", ", namespace: ns"),
                      "p@a@x validations[0]:0; p@a@ns@z validations[0]:0");
}

static void what_is_not_found_fails(void **state)
{
    (void)state;
    expect_guardrails(VAP("p", PARAM_KIND TRUE)
                          BINDING("a", "p", "validationActions: [Warn], paramRef: {name: x}")
                              PARAM("x", ", namespace: ns"),
                      "p@a@ns@x validations[0]:0; p@a@paramRef paramRef:1");
    expect_guardrails(VAP("p", "failurePolicy: Ignore, " PARAM_KIND TRUE)
                          BINDING("a", "p", "validationActions: [Deny], paramRef: {name: x}"),
                      "p@a+ paramRef:0");
    expect_diags(
        VAP("p", PARAM_KIND TRUE) BINDING(
            "a", "p", "validationActions: [Deny], paramRef: {parameterNotFoundAction: Deny}"),
        "B0504:9:60 paramRef needs either `name` or `selector`\n");
}

static void parameters_need_names(void **state)
{
    (void)state;
    expect_diags(VAP("p", PARAM_KIND TRUE)
                     BINDING("a", "p", "validationActions: [Deny], paramRef: {selector: {}}")
                         PARAM("yes", ""),
                 "B0508:13:18 Limit cannot be called `` (metadata.name)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_policy_without_a_binding_is_judged),
        cmocka_unit_test(a_guardrail_for_each_binding),
        cmocka_unit_test(annotations_are_rules),
        cmocka_unit_test(a_guardrail_for_each_parameter),
        cmocka_unit_test(what_is_not_found_fails),
        cmocka_unit_test(parameters_need_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
