/* Parameters of admission policies: which a reference takes, and what becomes of a policy then. */
#include "policy_dialect_help.h"

#define WITH_PARAMS \
    "paramKind: {apiVersion: v1, kind: ConfigMap}, validations: [{expression: 'true'}]"
#define PARAM(meta) "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {" meta "}\n"
#define BOUND(ref) \
    VAP("p", WITH_PARAMS) BINDING("b", "p", "validationActions: [Deny], paramRef: {" ref "}")

static void a_name_takes_one_in_each_namespace(void **state)
{
    (void)state;
    const char *text = BOUND("name: a") PARAM("name: a, namespace: x")
        PARAM("name: a, namespace: z") PARAM("name: other, namespace: x");
    expect_guardrails(text, "p@b@x@a validations[0]:1; p@b@z@a validations[0]:1; "
                            "p@b@paramRef paramRef:1");
    expect_guardrails(BOUND("name: a, namespace: x") PARAM("name: a, namespace: x")
                          PARAM("name: a, namespace: z"),
                      "p@b@x@a validations[0]:1");
}

static void a_selector_takes_those_with_labels(void **state)
{
    (void)state;
    expect_guardrails(BOUND("selector: {matchLabels: {k: v}}") PARAM("name: a, labels: {k: v}")
                          PARAM("name: c, labels: {k: w}"),
                      "p@b@a validations[0]:1");
}

static void what_is_not_there_is_a_failure_or_nothing(void **state)
{
    (void)state;
    expect_guardrails(BOUND("name: a"), "p@b paramRef:1");
    expect_guardrails(VAP("q", "validations: [{expression: 'true'}]") "---\n" BOUND(
                          "name: a, parameterNotFoundAction: Allow"),
                      "q validations[0]:1; p@b validations[0]:1"); /* it is about nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_takes_one_in_each_namespace),
        cmocka_unit_test(a_selector_takes_those_with_labels),
        cmocka_unit_test(what_is_not_there_is_a_failure_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
