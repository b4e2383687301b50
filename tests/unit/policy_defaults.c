/* Defaults that a template's schema has for the parameters of its constraints, as the constants of
   the program that they become. */
#include "policy_dialect_help.h"

#define TEMPLATE(schema) \
    "apiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata: {name: a}\n" \
    "spec: {crd: {spec: {names: {kind: A}, validation: {openAPIV3Schema: " schema "}}}, targets: " \
    "[{target: admission.k8s.gatekeeper.sh, code: [{engine: K8sNativeValidation, source: " \
    "{validations: [{expression: 'true'}]}}]}]}\n" \
    "---\napiVersion: constraints.gatekeeper.sh/v1beta1\nkind: A\nmetadata: {name: b}\n"

/* Texts of constants are in the image as they are. */
static bool keeps_text(const compiled *c, const char *wanted)
{
    size_t len = strlen(wanted);
    for (size_t i = 0; i + len <= c->image.len; i++)
        if (memcmp(c->image.bytes + i, wanted, len) == 0) return true;
    return false;
}

static void expect_text(const char *text, bool wanted)
{
    compiled c = compile_fine(text);
    assert_int_equal(keeps_text(&c, "filled"), wanted);
    drop_compiled(&c);
}

#define WORD "{properties: {a: {default: filled}}}"

static void properties_that_are_not_there_are_filled_in(void **state)
{
    (void)state;
    expect_text(TEMPLATE(WORD) "spec: {parameters: {}}", true);
    expect_text(TEMPLATE(WORD) "spec: {parameters: {a: said}}", false);
    expect_text(TEMPLATE(WORD), false);
    expect_text(TEMPLATE("{default: {}, properties: {a: {default: filled}}}"), true);
}

static void nulls_stay_where_they_may_be(void **state)
{
    (void)state;
    expect_text(TEMPLATE(WORD) "spec: {parameters: {a: null}}", true);
    expect_text(
        TEMPLATE(
            "{properties: {a: {nullable: true, default: filled}}}") "spec: {parameters: {a: null}}",
        false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(properties_that_are_not_there_are_filled_in),
        cmocka_unit_test(nulls_stay_where_they_may_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
