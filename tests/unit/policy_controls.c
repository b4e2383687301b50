/* Frameworks, mappings, and what a compiled set tells of controls. */
#include "policy_help.h"

#include "base/parts.h"

#if BERM_PART_GOVERNANCE
#include "policy/governance/controls.h"

#define FRAMEWORK \
    "---\nframework: f\nversion: '1'\ntitle: F\npattern: '^C-[0-9]+$'\nurl: u\nlicence: l\n" \
    "controls: [{id: C-1, title: First}, {id: C-2}]\n"
#define GUARDED GUARDRAIL_HEAD "controls: [{framework: f, version: '1', id: C-1}]\n" GUARDRAIL_RULE

static bool is_text(berm_str text, const char *wanted)
{
    return berm_str_is(text, wanted);
}

static void frameworks_and_mappings_are_listed(void **state)
{
    (void)state;
    compiled c = compile_fine(GUARDED FRAMEWORK "---\nmapping: m\nframework: f\nversion: '1'\n"
                                                "controls: {C-2: [g], C-3: [], C-1: ['*']}\n");
    berm_control_set set;
    assert_true(berm_control_set_at(&c.image, 0, &set));
    assert_true(is_text(set.name, "f") && is_text(set.licence, "l"));
    assert_int_equal(set.controls.count, 2);
    assert_true(is_text(berm_control_of_set(&c.image, &set, 0).title, "First"));
    assert_true(berm_control_set_at(&c.image, 1, &set));
    assert_true(is_text(set.name, "m") && is_text(set.framework, "f") && is_text(set.title, "F"));
    assert_int_equal(set.controls.count, 3);
    assert_true(is_text(berm_control_of_set(&c.image, &set, 1).id, "C-3"));
    assert_true(is_text(berm_control_of_set(&c.image, &set, 2).title, "First"));
    assert_false(berm_control_set_at(&c.image, 2, &set));
    drop_compiled(&c);
}

static void a_set_is_found_by_name_and_version(void **state)
{
    (void)state;
    compiled c =
        compile_fine(GUARDED FRAMEWORK "---\nframework: f\nversion: '2'\ntitle: G\npattern: '^D$'\n"
                                       "url: u\nlicence: l\n");
    berm_control_set set;
    assert_true(berm_control_set_find(&c.image, BERM_STR("f"), BERM_STR("1"), &set));
    assert_true(is_text(set.title, "F"));
    assert_true(berm_control_set_find(&c.image, BERM_STR("f"), BERM_STR(""), &set));
    assert_true(is_text(set.title, "G"));
    assert_false(berm_control_set_find(&c.image, BERM_STR("f"), BERM_STR("3"), &set));
    assert_false(berm_control_set_find(&c.image, BERM_STR("x"), BERM_STR(""), &set));
    drop_compiled(&c);
}

static void mappings_add_to_a_guardrails_own_controls_once(void **state)
{
    (void)state;
    compiled c = compile_fine(GUARDED FRAMEWORK "---\nmapping: m\nframework: f\nversion: '1'\n"
                                                "controls: {C-1: [g], C-2: ['*'], C-3: [other]}\n");
    assert_int_equal(berm_control_count(&c.image, 0), 2);
    berm_control first = berm_control_at(&c.image, 0, 0), second = berm_control_at(&c.image, 0, 1);
    assert_true(is_text(first.id, "C-1") && is_text(first.title, "First"));
    assert_true(is_text(second.id, "C-2") && is_text(second.framework, "f"));
    const berm_control third = {.framework = BERM_STR("f"),
                                .version = BERM_STR("1"),
                                .id = BERM_STR("C-3")};
    assert_true(berm_control_is_of(&c.image, 0, &second));
    assert_false(berm_control_is_of(&c.image, 0, &third));
    drop_compiled(&c);
}

static void ids_fit_their_framework(void **state)
{
    (void)state;
    expect_diags(GUARDRAIL_HEAD
                 "controls: [{framework: f, version: '1', id: c-1}]\n" GUARDRAIL_RULE FRAMEWORK,
                 "B0560:4:45 `c-1` is no control of f 1, whose ids match ^C-[0-9]+$\n");
    expect_diags(GUARDRAIL_HEAD
                 "controls: [{framework: f, version: '2', id: C-1}]\n" GUARDRAIL_RULE FRAMEWORK,
                 "B0561:4:36 the framework f has no version `2`\n");
    expect_diags(GUARDED FRAMEWORK "---\nmapping: m\nframework: f\nversion: '1'\n"
                                   "controls:\n  D-1: [g]\n  C-2: g\n",
                 "B0560:19:3 `D-1` is no control of f 1, whose ids match ^C-[0-9]+$\n"
                 "B0505:20:8 a control of a mapping has a list of guardrails, found a string\n");
    /* Nobody says what these look like. */
    expect_diags(GUARDRAIL_HEAD
                 "controls: [{framework: g, version: '1', id: any}]\n" GUARDRAIL_RULE FRAMEWORK,
                 "");
}

static void frameworks_are_checked(void **state)
{
    (void)state;
    expect_diags(
        GUARDED FRAMEWORK "---\nframework: f\nversion: '1'\ntitle: F\npattern: '^C-1$'\n"
                          "url: u\nlicence: l\n",
        "B0507:15:12 this version of the framework `f` is already defined at p.yaml:7:12\n");
    expect_diags(GUARDED "---\nframework: f\nversion: '1'\ntitle: F\npattern: '^C-[0-9]+$'\n"
                         "url: u\nlicence: l\ncontrols: [{id: C-1}, {id: C-1}, {id: x}]\n",
                 "B0562:13:28 the control `C-1` is named twice\n"
                 "B0560:13:39 `x` is no control of f 1, whose ids match ^C-[0-9]+$\n");
    expect_diags(GUARDED "---\nframework: f\nversion: '1'\ntitle: F\npattern: '('\n"
                         "url: u\nlicence: l\n",
                 "B0404:10:10 the pattern is not a valid RE2 pattern: \"(\"\n");
}

static void a_control_is_known_by_all_of_its_parts(void **state)
{
    (void)state;
    compiled c = compile_fine(GUARDED FRAMEWORK);
    berm_control control = berm_control_at(&c.image, 0, 0);
    assert_true(berm_control_is_of(&c.image, 0, &control));
    control.version = BERM_STR("2");
    assert_false(berm_control_is_of(&c.image, 0, &control));
    assert_int_equal(berm_control_title(&c.image, &control).len, 0);
    control.framework = BERM_STR("g");
    assert_false(berm_control_is_of(&c.image, 0, &control));
    assert_int_equal(berm_control_title(&c.image, &control).len, 0);
    drop_compiled(&c);
}

/* Cells as an image could have them that no compiler wrote. */
static void controls_of_another_shape_are_empty(void **state)
{
    (void)state;
    compiled c = compile_fine(GUARDED FRAMEWORK);
    berm_cell *cells = (berm_cell *)(uintptr_t)c.image.store.cells; /* our own bytes */
    berm_cell *list = &cells[c.image.guardrails[0].controls];
    berm_cell *map = &cells[list->as.ref.off], *members = &cells[map->as.ref.off];
    for (uint32_t i = 0; i < 2 * map->as.ref.len; i++) {
        uint8_t tag = members[i].tag;
        assert_true(is_text(berm_control_at(&c.image, 0, 0).id, "C-1"));
        members[i].tag = BERM_TAG_INT;
        berm_control control = berm_control_at(&c.image, 0, 0);
        assert_true(!control.framework.len || !control.version.len || !control.id.len);
        members[i].tag = tag;
    }
    map->tag = BERM_TAG_NULL;
    berm_control control = berm_control_at(&c.image, 0, 0);
    assert_true(!control.framework.len && !control.version.len && !control.id.len);
    list->tag = BERM_TAG_NULL;
    assert_int_equal(berm_control_count(&c.image, 0), 0);
    drop_compiled(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_control_is_known_by_all_of_its_parts),
        cmocka_unit_test(controls_of_another_shape_are_empty),
        cmocka_unit_test(frameworks_and_mappings_are_listed),
        cmocka_unit_test(a_set_is_found_by_name_and_version),
        cmocka_unit_test(mappings_add_to_a_guardrails_own_controls_once),
        cmocka_unit_test(ids_fit_their_framework),
        cmocka_unit_test(frameworks_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
