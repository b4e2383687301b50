/* Files of waivers and parameters, globs over guardrails, and loading without memory. */
#include "base_alloc.h"
#include "policy_build_help.h"

#include "base/parts.h"

#if BERM_PART_GOVERNANCE
#include "policy/governance/governance.h"

/* What a file of this role comes to beside a sound guardrail. */
static void expect_of_file(const char *text, uint32_t role, const char *wanted)
{
    const berm_source sources[] = {{.size = sizeof *sources,
                                    .name = BERM_STR("p.yaml"),
                                    .text = BERM_STR(GUARDRAIL_HEAD GUARDRAIL_RULE)},
                                   {.size = sizeof *sources,
                                    .name = BERM_STR("f.yaml"),
                                    .text = berm_str_of(text),
                                    .role = role}};
    compiled c = compile_sources(sources, 2, BERM_COMPILE_NO_BUILTINS);
    expect_said_of(&c, wanted);
}

static void files_of_waivers_hold_waivers(void **state)
{
    (void)state;
    static const char none[] = "B0553:1:1 a file of waivers holds documents that start with "
                               "`waiver`\n";
    expect_of_file("[w]\n", BERM_ROLE_WAIVERS, none);
    expect_of_file("w\n", BERM_ROLE_WAIVERS, none);
    expect_of_file("owner: o\nwaiver: w\n", BERM_ROLE_WAIVERS, none);
}

static void parameter_files_are_mappings(void **state)
{
    (void)state;
    static const char none[] = "B0553:1:1 a parameter file is a mapping with `parameters` and "
                               "`guardrails`\n";
    expect_of_file("[1]\n", BERM_ROLE_PARAMETERS, none);
    expect_of_file("1\n", BERM_ROLE_PARAMETERS, none);
    expect_of_file("guardrails: {}\n", BERM_ROLE_PARAMETERS, "");
}

/* Faults or not. */
static void expect_said(const char *text, const char *wanted)
{
    compiled c = compile_text(text);
    expect_said_of(&c, wanted);
}

#define PACK(guardrails) GUARDRAIL_HEAD GUARDRAIL_RULE "---\npack: p\nguardrails: " guardrails "\n"

static void what_packs_name_is_looked_for(void **state)
{
    (void)state;
    expect_said(PACK("['?']"), "");
    expect_said(PACK("['a?']"), "B0550:7:14 no guardrail is called `a?`\n");
    expect_said(PACK("['']"), "B0550:7:14 no guardrail is called ``\n");
    expect_said(PACK("[gg]"), "B0550:7:14 no guardrail is called `gg`\n");
    expect_said(PACK("[3]"), "B0505:7:14 an element of `guardrails` of a pack must be a string, "
                             "found an int; put it in quotes\n");
    expect_said(PACK("g"), "B0505:7:13 `guardrails` of a pack must be a list, found a string\n");
}

static void globs_are_texts_of_a_list(void **state)
{
    (void)state;
    stage s;
    stage_begin(&s, "a: [1, x*, y]\nb: x*\n");
    berm_part root = stage_root(&s);
    assert_true(berm_globs_match(berm_part_member(root, "a"), BERM_STR("xx")));
    assert_true(berm_globs_match(berm_part_member(root, "a"), BERM_STR("y")));
    assert_false(berm_globs_match(berm_part_member(root, "a"), BERM_STR("1")));
    assert_false(berm_globs_match(berm_part_member(root, "b"), BERM_STR("xx")));
    assert_false(berm_globs_match(berm_part_member(root, "c"), BERM_STR("xx")));
    assert_true(berm_text_is_glob(BERM_STR("a?")) && berm_text_is_glob(BERM_STR("*")));
    assert_false(berm_text_is_glob(BERM_STR("")) || berm_text_is_glob(BERM_STR("a")));
    stage_end(&s);
}

/* --- without memory --- */

static void load_one(berm_build *build, berm_part document, uint32_t which)
{
    const berm_guardrail_def guardrail = {.id = BERM_STR("g")};
    switch (which) {
    case 0: berm_pack_load(build, document); break;
    case 1: berm_waiver_load(build, document); break;
    case 2: berm_framework_load(build, document); break;
    case 3: berm_mapping_load(build, document); break;
    case 4: berm_origin_add(build, (berm_origin){.guardrail = &guardrail}); break;
    default: berm_governance_file(build, document); break;
    }
}

/* No memory for the first document of all, or for one more: both are told. */
static void loading_tells_where_memory_ends(void **state)
{
    (void)state;
    for (uint32_t which = 0; which < 12; which++) {
        counted_heap heap = {0};
        berm_alloc alloc = counted_alloc(&heap);
        stage s;
        stage_begin(&s, which < 10 ? "pattern: '^a$'\nversion: '1'\n" : "parameters: {}\n");
        s.file.role = BERM_ROLE_PARAMETERS;
        berm_arena_init(&s.build.arena, &alloc);
        if (which % 2) assert_non_null(berm_governance_of(&s.build));
        heap.fail_at = heap.calls + 1;
        while (berm_arena_alloc(&s.build.arena, 16)) continue; /* what room is left */
        load_one(&s.build, stage_root(&s), which / 2);
        assert_int_equal(s.build.status, BERM_E_NOMEM);
        stage_end(&s);
        assert_int_equal(heap.in_use, 0);
    }
}

static void assembling_tells_where_memory_ends(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    stage s;
    stage_begin(&s, "a: 1\n");
    berm_guardrail_def guardrail = {.id = BERM_STR("g")}, *items = &guardrail;
    s.model.guardrails.items = &items;
    s.model.guardrails.count = 1;
    berm_origin_add(&s.build, (berm_origin){.guardrail = &guardrail});
    assert_int_equal(s.build.status, BERM_OK);
    berm_arena whole = s.build.arena;
    heap.fail_at = 1;
    berm_arena_init(&s.build.arena, &alloc);
    berm_origins_assemble(&s.build);
    assert_int_equal(s.build.status, BERM_E_NOMEM);
    assert_int_equal(s.build.gen.origins.count, 0);
    s.build.arena = whole;
    s.model.guardrails.items = NULL;
    s.model.guardrails.count = 0;
    stage_end(&s);
}

static void naming_a_profile_tells_where_memory_ends(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    stage s;
    stage_begin(&s, "pack: p\nguardrails: []\n");
    berm_pack_load(&s.build, stage_root(&s));
    berm_arena whole = s.build.arena;
    heap.fail_at = 1;
    berm_arena_init(&s.build.arena, &alloc);
    berm_packs_apply(&s.build, BERM_STR(""));
    assert_int_equal(s.build.status, BERM_E_NOMEM);
    s.build.arena = whole;
    stage_end(&s);
}

static void binding_without_anything_to_bind(void **state)
{
    (void)state;
    stage s;
    stage_begin(&s, "a: 1\n");
    berm_governance_bind(&s.build, BERM_STR(""));
    berm_governance_assemble(&s.build);
    assert_string_equal(stage_diags(&s), "");
    berm_governance_bind(&s.build, BERM_STR("prod"));
    assert_string_equal(stage_diags(&s), "B0551:0:0 no pack has a profile `prod`\n");
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_waivers_hold_waivers),
        cmocka_unit_test(parameter_files_are_mappings),
        cmocka_unit_test(what_packs_name_is_looked_for),
        cmocka_unit_test(globs_are_texts_of_a_list),
        cmocka_unit_test(loading_tells_where_memory_ends),
        cmocka_unit_test(assembling_tells_where_memory_ends),
        cmocka_unit_test(naming_a_profile_tells_where_memory_ends),
        cmocka_unit_test(binding_without_anything_to_bind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
