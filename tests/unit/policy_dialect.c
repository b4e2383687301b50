/* Documents of other dialects: which are understood, and what refers to what. */
#include "policy_dialect_help.h"

#define TRUE "validations: [{expression: 'true'}]"

static void the_order_of_documents_does_not_count(void **state)
{
    (void)state;
    expect_guardrails(BINDING("a", "p", "validationActions: [Deny]") "---\n" VAP("p", TRUE),
                      "p@a validations[0]:1");
}

static void what_is_not_understood_is_a_fault(void **state)
{
    (void)state;
    expect_diags("apiVersion: v2\nkind: K\n---\n" VAP("p", TRUE),
                 "B0514:1:1 v2 K is no policy that is understood, nor a parameter of one\n");
    expect_diags("apiVersion: 2\nkind: K\n",
                 "B0514:1:1 2 K is no policy that is understood, nor a parameter of one\n");
    expect_diags("apiVersion: admissionregistration.k8s.io/v2\nkind: ValidatingAdmissionPolicy\n",
                 "B0514:1:1 admissionregistration.k8s.io/v2 ValidatingAdmissionPolicy is no policy "
                 "that is understood, nor a parameter of one\n");
}

static void what_is_for_nothing_is_a_fault(void **state)
{
    (void)state;
    expect_diags(VAP("p", TRUE) BINDING("a", "q", "validationActions: [Deny]"),
                 "B0509:6:1 the ValidatingAdmissionPolicyBinding `a` is for a policy that is not "
                 "here\n");
}

static void names_are_needed(void **state)
{
    (void)state;
    expect_diags(VAP("a@b", TRUE),
                 "B0508:3:18 ValidatingAdmissionPolicy cannot be called `a@b` (metadata.name)\n");
    expect_diags("apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\n"
                 "metadata: {}\nspec: {" ALL_RULES ", " TRUE "}\n",
                 "B0508:1:1 ValidatingAdmissionPolicy cannot be called `` (metadata.name)\n");
}

static void a_spec_is_a_mapping(void **state)
{
    (void)state;
    expect_diags("apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\n"
                 "metadata: {name: a}\nspec: []\n",
                 "B0505:4:7 `spec` of a ValidatingAdmissionPolicy must be a mapping, found a list\n"
                 "B0504:1:1 the policy has neither `validations` nor `auditAnnotations`\n");
}

static void namespaces_are_kept_with_their_label(void **state)
{
    (void)state;
    expect_guardrails(
        VAP("p", TRUE) "---\n{apiVersion: v1, kind: Namespace, metadata: {name: one}}\n"
                       "---\n{apiVersion: v1, kind: Namespace, metadata: {name: m, "
                       "labels: {kubernetes.io/metadata.name: wrong, a: b}}}\n",
        "p validations[0]:1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_documents_does_not_count),
        cmocka_unit_test(what_is_not_understood_is_a_fault),
        cmocka_unit_test(what_is_for_nothing_is_a_fault),
        cmocka_unit_test(names_are_needed),
        cmocka_unit_test(a_spec_is_a_mapping),
        cmocka_unit_test(namespaces_are_kept_with_their_label),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
