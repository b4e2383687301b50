/* Frameworks and mappings while they are loaded: what is faulty, and what memory that ends does. */
#include "policy_help.h"

#include "base/parts.h"

#if BERM_PART_GOVERNANCE
#include "policy/governance/controls.h"

#define OF(framework, version, id) \
    GUARDRAIL_HEAD "controls: [{framework: " framework ", version: " version ", id: " id \
                   "}]\n" GUARDRAIL_RULE
#define FRAMEWORK(name, version) \
    "---\nframework: " name "\nversion: '" version "'\ntitle: F\npattern: '^C-[0-9]+$'\nurl: u\n" \
    "licence: l\n"
#define MAPPING(name, controls) \
    "---\nmapping: " name "\nframework: f\nversion: '1'\ncontrols: " controls "\n"

static void frameworks_say_what_they_must(void **state)
{
    (void)state;
    expect_diags(OF("f", "'1'", "any") "---\nframework: f\ntitle: F\npattern: '^C$'\nurl: u\n"
                                       "licence: l\n",
                 "B0504:7:1 a framework needs `version`\n");
    expect_diags(OF("f", "'1'", "any") "---\nframework: f\nversion: '1'\ntitle: F\nurl: u\n"
                                       "licence: l\n",
                 "B0504:7:1 a framework needs `pattern`\n");
    expect_diags(OF("f", "'1'", "C-1") FRAMEWORK("f", "1") "controls: [{id: 3}, {id: C-3}]\n",
                 "B0505:13:17 `id` of a control of a framework must be a string, found an int; put "
                 "it in quotes\n");
}

static void controls_say_what_they_must(void **state)
{
    (void)state;
    expect_diags(OF("f", "'1'", "3") FRAMEWORK("f", "1"),
                 "B0505:4:45 `id` of a control must be a string, found an int; put it in quotes\n");
    expect_diags(GUARDRAIL_HEAD
                 "controls: [{framework: f, id: C-1}]\n" GUARDRAIL_RULE FRAMEWORK("f", "1"),
                 "B0504:4:13 a control needs `version`\n");
}

/* Of several frameworks the versions of this one are meant. */
static void versions_are_a_frameworks_own(void **state)
{
    (void)state;
    expect_diags(OF("f", "'2'", "C-1") FRAMEWORK("f", "1") FRAMEWORK("g", "2"),
                 "B0561:4:36 the framework f has no version `2`\n");
    expect_diags(OF("f", "'2'", "C-1") FRAMEWORK("g", "1"), "");
}

static void mappings_have_names_of_their_own(void **state)
{
    (void)state;
    expect_diags(OF("f", "'1'", "C-1") MAPPING("m", "{C-1: [g]}") MAPPING("n", "{C-1: [g]}"), "");
    expect_diags(OF("f", "'1'", "C-1") MAPPING("m", "{C-1: [g]}") MAPPING("n", "{C-1: [g]}")
                     MAPPING("m", "{C-2: [g]}"),
                 "B0507:17:10 the mapping `m` is already defined at p.yaml:7:10\n");
    expect_diags(OF("f", "'1'", "C-1") MAPPING("m", "[C-1]"),
                 "B0505:10:11 `controls` of a mapping must be a mapping, found a list\n");
}

/* Nothing is mapped, and the guardrail says nothing: then it is about no control. */
static void a_mapping_may_be_empty(void **state)
{
    (void)state;
    compiled c = compile_fine(GUARDRAIL_HEAD GUARDRAIL_RULE MAPPING("m", "{}"));
    berm_control_set set;
    assert_int_equal(berm_control_count(&c.image, 0), 0);
    assert_true(berm_control_set_at(&c.image, 0, &set)); /* of a framework that nobody listed */
    assert_true(berm_str_is(set.framework, "f") && berm_str_is(set.version, "1"));
    assert_int_equal(set.title.len, 0);
    assert_int_equal(set.controls.count, 0);
    drop_compiled(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frameworks_say_what_they_must),
        cmocka_unit_test(controls_say_what_they_must),
        cmocka_unit_test(versions_are_a_frameworks_own),
        cmocka_unit_test(mappings_have_names_of_their_own),
        cmocka_unit_test(a_mapping_may_be_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
