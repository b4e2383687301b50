#include "policy_build_help.h"

#include "policy/schema.h"

static void names_start_with_a_letter(void **state)
{
    (void)state;
    static const char *const good[] = {"a",          "Z",          "aws.ingress",
                                       "W-2026-014", "k8s_images", "a9.-_"};
    static const char *const bad[] = {"",    "9a",  "-a", "_a",       ".a",
                                      "a b", "a/b", "a*", "\xc3\xa4", "a\xc3\xa4"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(berm_is_policy_name(berm_str_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(berm_is_policy_name(berm_str_of(bad[i])));
    assert_false(berm_is_policy_name((berm_str){NULL, 0}));
    assert_false(berm_is_policy_name((berm_str){"a\0b", 3}));
}

static void identifiers_are_those_of_expressions(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "_", "_a9", "aB_c"};
    static const char *const bad[] = {"", "9", "a-b", "a.b", "a b", "\xc3\xa4"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(berm_is_identifier(berm_str_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(berm_is_identifier(berm_str_of(bad[i])));
}

static void expect_faults(const char *yaml, berm_schema_id schema, const char *wanted)
{
    stage s;
    stage_begin(&s, yaml);
    assert_int_equal(berm_schema_check(&s.build, stage_root(&s), schema), *wanted == '\0');
    assert_string_equal(stage_diags(&s), wanted);
    stage_end(&s);
}

static void sound_documents_say_nothing(void **state)
{
    (void)state;
    expect_faults("{name: a, expression: b}", BERM_SCHEMA_CONDITION, "");
    expect_faults("{maxDays: 0, categories: [waived, accepted-risk]}", BERM_SCHEMA_WAIVABLE, "");
    expect_faults("{target: a, title: b, detect: c, yaml: 1.1, fallback: false, configuration: []}",
                  BERM_SCHEMA_TARGET, "");
    expect_faults("{target: a, title: b, detect: c, yaml: '1.1', complete: d}", BERM_SCHEMA_TARGET,
                  "");
}

static void faults_are_found_at_every_depth(void **state)
{
    (void)state;
    expect_faults(
        "guardrail: a\ntitle: b\nvalidations:\n  - name: v\n    expression: x\n    eech: "
        "y\nmatch:\n  kinds: {}\n",
        BERM_SCHEMA_GUARDRAIL,
        "B0503:6:5 a validation has no key `eech`; its keys are name, severity, enforcement, each, "
        "expression, message; did you mean `each`?\n"
        "B0505:8:10 `kinds` of match must be a list, found a mapping\n");
}

static void an_expression_cut_at_a_comma_is_recognised(void **state)
{
    (void)state;
    expect_faults("{name: a, expression: f(x, y)}", BERM_SCHEMA_CONDITION,
                  "B0503:1:28 a match condition has no key `y)`; its keys are name, expression; "
                  "between braces an "
                  "expression with a comma stands in quotes\n");
}

static void json_is_read_alike(void **state)
{
    (void)state;
    expect_faults("{\"name\": 5,\n \"expresion\": \"x\"}", BERM_SCHEMA_CONDITION,
                  "B0505:1:10 `name` of a match condition must be a name (a string), found an int; "
                  "put it in quotes\n"
                  "B0503:2:3 a match condition has no key `expresion`; its keys are name, "
                  "expression; did you mean "
                  "`expression`?\n"
                  "B0504:1:3 a match condition needs `expression`\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_start_with_a_letter),
                                       cmocka_unit_test(identifiers_are_those_of_expressions),
                                       cmocka_unit_test(sound_documents_say_nothing),
                                       cmocka_unit_test(faults_are_found_at_every_depth),
                                       cmocka_unit_test(an_expression_cut_at_a_comma_is_recognised),
                                       cmocka_unit_test(json_is_read_alike)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
