#include "policy/governance/governance.h"

#include "policy/schema.h"

berm_governance *berm_governance_of(berm_build *build)
{
    berm_model *model = build->model;
    if (model->governance) return model->governance;
    berm_governance *governance = berm_build_alloc(build, 1, sizeof *governance);
    if (!governance) return NULL;
    berm_governed_list *const lists[] = {&governance->packs, &governance->waivers,
                                         &governance->frameworks, &governance->mappings,
                                         &governance->values};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) lists[i]->end = &lists[i]->first;
    governance->origins_end = &governance->origins;
    return model->governance = governance;
}

berm_governed *berm_governance_keep(berm_build *build, berm_governed_list *list, berm_part at)
{
    berm_governed *kept = berm_build_alloc(build, 1, sizeof *kept);
    if (!kept) return NULL;
    kept->at = at;
    kept->row = BERM_NO_ROW;
    *list->end = kept;
    list->end = &kept->next;
    list->count++;
    return kept;
}

static void load_waiver_file(berm_build *build, berm_part document)
{
    if (!berm_part_is(document, BERM_TAG_MAP) ||
        !berm_str_is(berm_part_text(berm_part_key_at(document, 0)), "waiver")) {
        berm_place_fault(build, berm_part_head_place(document), BERM_D_GOVERNANCE_FILE,
                         "a file of waivers holds documents that start with `waiver`");
        return;
    }
    berm_schema_check(build, document, BERM_SCHEMA_WAIVER);
    berm_waiver_load(build, document);
}

static void load_value_file(berm_build *build, berm_part document)
{
    berm_governance *governance = berm_governance_of(build);
    if (!berm_part_is(document, BERM_TAG_MAP)) {
        berm_part_fault(build, document, BERM_D_GOVERNANCE_FILE,
                        "a parameter file is a mapping with `parameters` and `guardrails`");
        return;
    }
    if (!berm_schema_check(build, document, BERM_SCHEMA_VALUE_FILE) || !governance) return;
    berm_governance_keep(build, &governance->values, document);
}

void berm_governance_file(berm_build *build, berm_part document)
{
    if (document.file->role == BERM_ROLE_WAIVERS) load_waiver_file(build, document);
    else load_value_file(build, document);
}

void berm_governance_bind(berm_build *build, berm_str profile)
{
    berm_packs_apply(build, profile);
    if (!build->model->governance) return;
    berm_values_apply(build);
    berm_frameworks_check(build);
}

void berm_governance_assemble(berm_build *build)
{
    if (!build->model->governance || berm_build_status(build) != BERM_OK) return;
    berm_frameworks_assemble(build);
    berm_origins_assemble(build);
    berm_waivers_assemble(build);
}

/* --- globs over guardrails --- */

bool berm_text_is_glob(berm_str text)
{
    return text.len && (memchr(text.ptr, '*', text.len) || memchr(text.ptr, '?', text.len));
}

bool berm_globs_match(berm_part list, berm_str text)
{
    for (uint32_t i = 0; berm_part_is(list, BERM_TAG_LIST) && i < berm_part_count(list); i++) {
        berm_str glob = berm_part_text(berm_part_element_at(list, i));
        if (glob.ptr && berm_glob_match(glob, text)) return true;
    }
    return false;
}

void berm_globs_check(berm_build *build, berm_part list)
{
    const berm_model *model = build->model;
    for (uint32_t i = 0; berm_part_is(list, BERM_TAG_LIST) && i < berm_part_count(list); i++) {
        berm_part part = berm_part_element_at(list, i);
        berm_nearest nearest = {.wanted = berm_part_text(part)};
        bool named = !nearest.wanted.ptr;
        for (uint32_t g = 0; g < model->guardrails.count && !named; g++) {
            named = berm_glob_match(nearest.wanted, model->guardrails.items[g]->id);
            if (!berm_text_is_glob(nearest.wanted))
                berm_nearest_offer(&nearest, model->guardrails.items[g]->id);
        }
        if (!named)
            berm_near_fault(build, berm_part_place(part), BERM_D_PACK_NAMES_NOTHING, &nearest,
                            "no guardrail is called `%S`", nearest.wanted);
    }
}
