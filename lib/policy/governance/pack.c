/* Packs: which guardrails belong together, and what a profile changes of them. An override that
   comes later wins, field by field; hard-mandatory is never lowered. */
#include "policy/governance/governance.h"
#include "policy/load.h"
#include "policy/schema.h"
#include "policy/words.h"

static void check_overrides(berm_build *build, berm_part list)
{
    for (uint32_t i = 0; berm_part_is(list, BERM_TAG_LIST) && i < berm_part_count(list); i++) {
        berm_part override = berm_part_element_at(list, i);
        if (berm_part_is(override, BERM_TAG_MAP))
            berm_schema_check(build, override, BERM_SCHEMA_OVERRIDE);
        else
            berm_part_fault(build, override, BERM_D_POLICY_TYPE,
                            "an override is a mapping, found %s", berm_part_sort_name(override));
    }
}

void berm_pack_load(berm_build *build, berm_part document)
{
    berm_governance *governance = berm_governance_of(build);
    berm_part name = berm_part_member(document, "pack");
    berm_part profiles = berm_part_member(document, "profiles");
    if (!governance) return;
    for (uint32_t i = 0; berm_part_is(profiles, BERM_TAG_MAP) && i < berm_part_count(profiles);
         i++) {
        berm_part list = berm_part_value_at(profiles, i);
        if (!berm_part_is(list, BERM_TAG_LIST))
            berm_part_fault(build, list, BERM_D_POLICY_TYPE,
                            "a profile is a list of overrides, found %s",
                            berm_part_sort_name(list));
        check_overrides(build, list);
    }
    for (berm_governed *other = governance->packs.first; other; other = other->next)
        if (berm_str_equal(berm_load_text(other->at, "pack"), berm_part_text(name))) {
            berm_model_twice(build, "the pack", name, berm_part_member(other->at, "pack"));
            return;
        }
    berm_governance_keep(build, &governance->packs, document);
}

berm_part berm_packs_waivable(const berm_build *build)
{
    berm_part last = {NULL, NULL};
    for (const berm_governed *p = build->model->governance->packs.first; p; p = p->next) {
        berm_part own = berm_part_member(p->at, "waivable");
        if (berm_part_given(own)) last = own;
    }
    return last;
}

/* --- overrides --- */

/* One override on its way over the guardrails. */
typedef struct pack_work {
    berm_build *build;
    berm_part pack, override;
    berm_str by; /* "profile prod of the pack acme" */
    uint32_t changed, kept;
} pack_work;

static void override_enforcement(pack_work *work, berm_guardrail_def *guardrail, uint32_t rule)
{
    berm_part value = berm_part_member(work->override, "enforcement");
    int number = berm_enforcement_number(berm_part_text(value));
    uint32_t *own = &guardrail->validations.items[rule].enforcement;
    if (number < 0) return;
    bool kept = *own == BERM_ENFORCEMENT_HARD_MANDATORY && (uint32_t)number < *own;
    if (kept) work->kept++;
    else {
        *own = (uint32_t)number;
        work->changed++;
    }
    berm_origin_add(work->build, (berm_origin){.guardrail = guardrail,
                                               .rule = rule,
                                               .field = BERM_ORIGIN_ENFORCEMENT,
                                               .by = work->by,
                                               .value = value,
                                               .kept = kept});
}

static void override_severity(pack_work *work, berm_guardrail_def *guardrail, uint32_t rule)
{
    berm_part value = berm_part_member(work->override, "severity");
    int number = berm_severity_number(berm_part_text(value));
    if (number < 0) return;
    guardrail->validations.items[rule].severity = (uint32_t)number;
    work->changed++;
    berm_origin_add(work->build, (berm_origin){.guardrail = guardrail,
                                               .rule = rule,
                                               .field = BERM_ORIGIN_SEVERITY,
                                               .by = work->by,
                                               .value = value});
}

static void override_parameters(pack_work *work, berm_guardrail_def *guardrail)
{
    berm_part values = berm_part_member(work->override, "parameters");
    for (uint32_t i = 0; berm_part_is(values, BERM_TAG_MAP) && i < berm_part_count(values); i++) {
        work->changed++;
        berm_value_set(work->build, guardrail, values, i, work->by);
    }
}

static void override_guardrail(pack_work *work, berm_guardrail_def *guardrail)
{
    berm_part validations = berm_part_member(work->override, "validations");
    for (uint32_t r = 0; r < guardrail->validations.count; r++) {
        berm_str name = guardrail->validations.items[r].name;
        if (berm_part_given(validations) && !berm_globs_match(validations, name)) continue;
        override_severity(work, guardrail, r);
        override_enforcement(work, guardrail, r);
    }
    override_parameters(work, guardrail);
}

static void apply_override(pack_work *work)
{
    berm_model *model = work->build->model;
    berm_part named = berm_part_member(work->override, "guardrails");
    berm_part pack = berm_part_member(work->pack, "guardrails");
    work->changed = work->kept = 0;
    for (uint32_t i = 0; i < model->guardrails.count; i++) {
        berm_guardrail_def *guardrail = model->guardrails.items[i];
        if (berm_globs_match(named, guardrail->id) && berm_globs_match(pack, guardrail->id))
            override_guardrail(work, guardrail);
    }
    if (work->kept && !work->changed)
        berm_part_fault(work->build, berm_part_member(work->override, "enforcement"),
                        BERM_D_PACK_LOWERED,
                        "everything that this override names is hard-mandatory, and stays so");
    else if (!work->kept && !work->changed)
        berm_part_fault(work->build, named, BERM_D_PACK_NAMES_NOTHING,
                        "the override changes nothing: it names no validation of the pack %S",
                        berm_load_text(work->pack, "pack"));
}

static void apply_overrides(berm_build *build, berm_part pack, berm_part list, berm_str by)
{
    for (uint32_t i = 0; berm_part_is(list, BERM_TAG_LIST) && i < berm_part_count(list); i++) {
        berm_part override = berm_part_element_at(list, i);
        pack_work work = {build, pack, override, by, 0, 0};
        if (berm_part_is(override, BERM_TAG_MAP)) apply_override(&work);
    }
}

/* "profile prod of the pack acme", in the build's memory. */
static berm_str name_source(berm_build *build, berm_part pack, berm_str profile)
{
    berm_text text;
    berm_str name = BERM_STR("a pack");
    berm_text_init(&text, build->alloc);
    if (profile.len) berm_text_format(&text, "profile %S of the ", profile);
    berm_text_format(&text, "pack %S", berm_load_text(pack, "pack"));
    if (text.failed || !berm_arena_copy(&build->arena, berm_text_view(&text), &name))
        berm_build_fail(build, BERM_E_NOMEM);
    berm_text_free(&text);
    return name;
}

static berm_part profile_of(berm_part pack, berm_str profile)
{
    berm_part profiles = berm_part_member(pack, "profiles");
    for (uint32_t i = 0; berm_part_is(profiles, BERM_TAG_MAP) && i < berm_part_count(profiles); i++)
        if (berm_str_equal(berm_part_text(berm_part_key_at(profiles, i)), profile))
            return berm_part_value_at(profiles, i);
    return (berm_part){NULL, NULL};
}

static void fault_profile(berm_build *build, berm_str profile)
{
    berm_nearest nearest = {.wanted = profile};
    const berm_governance *governance = build->model->governance;
    for (const berm_governed *p = governance ? governance->packs.first : NULL; p; p = p->next) {
        berm_part profiles = berm_part_member(p->at, "profiles");
        for (uint32_t i = 0; berm_part_is(profiles, BERM_TAG_MAP) && i < berm_part_count(profiles);
             i++)
            berm_nearest_offer(&nearest, berm_part_text(berm_part_key_at(profiles, i)));
    }
    berm_near_fault(build, BERM_NOWHERE, BERM_D_PACK_PROFILE, &nearest,
                    "no pack has a profile `%S`", profile);
}

void berm_packs_apply(berm_build *build, berm_str profile)
{
    const berm_governance *governance = build->model->governance;
    bool found = false;
    for (const berm_governed *p = governance ? governance->packs.first : NULL; p; p = p->next) {
        berm_globs_check(build, berm_part_member(p->at, "guardrails"));
        apply_overrides(build, p->at, berm_part_member(p->at, "overrides"),
                        name_source(build, p->at, BERM_STR("")));
        berm_part list = profile.len ? profile_of(p->at, profile) : (berm_part){NULL, NULL};
        if (!berm_part_given(list)) continue;
        found = true;
        apply_overrides(build, p->at, list, name_source(build, p->at, profile));
    }
    if (profile.len && !found) fault_profile(build, profile);
}
