/* Which kinds a policy of a dialect is indexed by. */
#include "policy_dialect_help.h"

/* "kind, kind; .." of every guardrail. */
static void expect_kinds(const char *text, const char *wanted)
{
    compiled c = compile_fine(text);
    berm_text got;
    berm_text_init(&got, &berm_alloc_libc);
    for (uint32_t g = 0; g < c.image.guardrail_count; g++) {
        berm_run_ref rows = c.image.guardrails[g].matches;
        if (g) berm_text_format(&got, "; ");
        for (uint32_t i = 0; i < rows.count; i++)
            berm_text_format(&got, "%s%S", i ? ", " : "",
                             image_text(&c, c.image.matchs[rows.first + i].kind));
    }
    berm_text_putc(&got, '\0');
    assert_string_equal(got.ptr, wanted);
    berm_text_free(&got);
    drop_compiled(&c);
}

static void expect_of_rule(const char *groups, const char *resources, const char *wanted)
{
    char text[1000];
    snprintf(text, sizeof text,
             "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\n"
             "metadata: {name: p}\nspec:\n  matchConstraints: {resourceRules: [{apiGroups: %s, "
             "apiVersions: ['*'], operations: ['*'], resources: %s}]}\n"
             "  validations: [{expression: 'true'}]\n",
             groups, resources);
    expect_kinds(text, wanted);
}

static void resources_are_found_by_their_plurals(void **state)
{
    (void)state;
    expect_of_rule("['']", "[pods, endpoints]", "v1/Pod, v1/Endpoints");
    expect_of_rule("[apps, batch]", "[deployments]", "apps/Deployment, batch/*");
    expect_of_rule("[networking.k8s.io]", "[ingresses, networkpolicies]",
                   "networking.k8s.io/Ingress, networking.k8s.io/NetworkPolicy");
    expect_of_rule("[storage.k8s.io]", "[storageclasses]", "storage.k8s.io/StorageClass");
}

static void what_is_not_known_takes_in_its_group(void **state)
{
    (void)state;
    expect_of_rule("[example.com]", "[widgets]", "example.com/*");
    expect_of_rule("['']", "['*']", "v1/*");
    expect_of_rule("['']", "[Pods]", "v1/*");
}

static void what_may_be_of_any_group_takes_in_everything(void **state)
{
    (void)state;
    expect_of_rule("['*']", "[pods]", "*");
    expect_of_rule("['']", "[pods, pods/exec]", "*");
    expect_of_rule("['']", "['*/*']", "*");
    expect_of_rule("[]", "[pods]", "*");
    expect_of_rule("['']", "[]", "*");
}

#define CONSTRAINED(match) \
    "apiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata: {name: a}\n" \
    "spec: {crd: {spec: {names: {kind: A}}}, targets: [{target: admission.k8s.gatekeeper.sh, " \
    "code: [{engine: K8sNativeValidation, source: {validations: [{expression: 'true'}]}}]}]}\n" \
    "---\napiVersion: constraints.gatekeeper.sh/v1beta1\nkind: A\nmetadata: {name: b}\n" \
    "spec: {match: " match "}\n"

static void constraints_say_kinds(void **state)
{
    (void)state;
    expect_kinds(CONSTRAINED("{kinds: [{apiGroups: [''], kinds: [Pod]}, {apiGroups: ['*'], kinds: "
                             "[Deployment]}, {apiGroups: [apps], kinds: ['*']}]}"),
                 "v1/Pod, */Deployment, apps/*");
    expect_kinds(CONSTRAINED("{kinds: [{apiGroups: ['*'], kinds: ['*']}]}"), "*");
    expect_kinds(CONSTRAINED("{kinds: [{kinds: [Pod]}]}"), "*");
    expect_kinds(CONSTRAINED("{namespaces: [a]}"), "*");
}

#define RULE(match) \
    "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: p, annotations: " \
    "{pod-policies.kyverno.io/autogen-controllers: 'Job,CronJob'}}\nspec:\n  rules:\n    - " \
    "{name: " \
    "r, match: " match ", validate: {cel: {expressions: [{expression: 'true'}]}}}\n"

static void rules_say_kinds(void **state)
{
    (void)state;
    expect_kinds(RULE("{any: [{resources: {kinds: [Pod]}}]}"), "*/Pod; */Job; */CronJob");
    expect_kinds(RULE("{all: [{resources: {kinds: [apps/v1/Deployment, v1/Service, '*/Node']}}]}"),
                 "apps/Deployment, */Service, */Node");
    expect_kinds(RULE("{resources: {kinds: ['*Set']}}"), "*/*Set");
    expect_kinds(RULE("{any: [{resources: {kinds: [Pod/exec]}}]}"), "*");
    expect_kinds(RULE("{any: [{resources: {kinds: ['*']}}]}"), "*");
    expect_kinds(RULE("{any: [{resources: {kinds: ['*/*/*/*']}}]}"), "*");
    expect_kinds(RULE("{any: [{resources: {kinds: [Pod]}}, {resources: {namespaces: [a]}}]}"),
                 "*; */Job; */CronJob");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resources_are_found_by_their_plurals),
        cmocka_unit_test(what_is_not_known_takes_in_its_group),
        cmocka_unit_test(what_may_be_of_any_group_takes_in_everything),
        cmocka_unit_test(constraints_say_kinds),
        cmocka_unit_test(rules_say_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
