/* From a policy to a guardrail: what people are told, messages, what stands for a Pod. */
#include "policy_dialect_help.h"

#include "policy/host.h"

static void notes_come_from_annotations(void **state)
{
    (void)state;
    compiled c = compile_fine(
        "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\n"
        "metadata: {name: p, annotations: {policies.kyverno.io/title: T, description: D, "
        "policies.kyverno.io/category: C, policies.kyverno.io/severity: low}}\n"
        "spec: {" ALL_RULES ", validations: [{expression: 'true'}]}\n");
    const berm_img_guardrail *row = &c.image.guardrails[0];
    assert_text(&c, row->title, "T");
    assert_text(&c, row->description, "D");
    assert_text(&c, row->category, "C");
    assert_int_equal(row->severity, BERM_SEVERITY_LOW);
    assert_int_equal(row->actions, UINT32_MAX);
    drop_compiled(&c);
    c = compile_fine(VAP("p", "validations: [{expression: 'true'}]"));
    assert_text(&c, c.image.guardrails[0].title, "p");
    assert_int_equal(c.image.guardrails[0].severity, BERM_SEVERITY_MEDIUM);
    drop_compiled(&c);
}

static void messages_fall_back(void **state)
{
    (void)state;
    compiled c = compile_fine(
        VAP("p", "validations: [{expression: ' 1 == 1 '}, {expression: 'true', message: ' m '}, "
                 "{expression: 'true', messageExpression: \"'x'\"}]"));
    const berm_img_rule *rules = &c.image.rules[c.image.guardrails[0].rules.first];
    assert_text(&c, rules[0].fallback, "failed expression: 1 == 1");
    assert_int_equal(rules[0].message, BERM_NO_ROW);
    assert_text(&c, rules[1].fallback, "m");
    assert_int_not_equal(rules[2].message, BERM_NO_ROW);
    drop_compiled(&c);
}

static void names_of_clusters_are_refused(void **state)
{
    (void)state;
    expect_diags(
        VAP("p", "validations: [{expression: globalContext.x}, {expression: "
                 "'[1].all(http, http > 0)'}]"),
        "B0517:4:149 `globalContext.x` asks a cluster, and the host has no function for it\n");
}

static berm_status answer(void *ctx, const berm_value *args, size_t count, berm_builder *result)
{
    (void)ctx, (void)args, (void)count, (void)result;
    return BERM_OK;
}

static void a_host_may_have_them(void **state)
{
    (void)state;
    const berm_function function = {.size = sizeof function,
                                    .declaration = "http.Get(string) -> dyn",
                                    .call = answer};
    berm_hosts *hosts;
    assert_int_equal(berm_hosts_declare(&berm_alloc_libc, &function, 1, &hosts, NULL), BERM_OK);
    static const char text[] =
        VAP("p", "validations: [{expression: \"http.Get('https://example.com') == 1\"}]");
    berm_source source = {.size = sizeof source,
                          .name = BERM_STR("p.yaml"),
                          .text = BERM_STR(text),
                          .role = BERM_ROLE_POLICY};
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
    unsigned char *bytes;
    size_t len;
    berm_error err = {0};
    berm_build_terms terms = {.alloc = &berm_alloc_libc, .hosts = hosts};
    if (berm_policy_build(&terms, &input, NULL, &bytes, &len, &err)) fail_msg("%s", err.message);
    berm_mem_free(&berm_alloc_libc, bytes, len);
    berm_hosts_drop(hosts);
}

static void variables_are_declared(void **state)
{
    (void)state;
    expect_diags(VAP("p", "variables: [{name: a, expression: has(variables.b)}], validations: "
                          "[{expression: has(variables.a) && variables.c}]"),
                 "B0401:4:156 the guardrail has no variable `b`\n"
                 "B0401:4:223 the guardrail has no variable `c`\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_come_from_annotations),   cmocka_unit_test(messages_fall_back),
        cmocka_unit_test(names_of_clusters_are_refused), cmocka_unit_test(a_host_may_have_them),
        cmocka_unit_test(variables_are_declared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
