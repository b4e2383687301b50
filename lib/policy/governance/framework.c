/* Frameworks of controls and mappings: which ids there are, and which guardrails are about which.
   A framework says what an id looks like; titles are given where its licence allows it. */
#include "policy/governance/governance.h"
#include "policy/load.h"
#include "policy/regex_check.h"
#include "policy/schema.h"

void berm_framework_load(berm_build *build, berm_part document)
{
    berm_governance *governance = berm_governance_of(build);
    berm_part pattern = berm_part_member(document, "pattern");
    if (!governance || !berm_part_text(pattern).ptr || !berm_load_text(document, "version").len)
        return;
    if (!berm_pattern_check(build, berm_part_text(pattern), berm_part_place(pattern))) return;
    berm_str name = berm_load_text(document, "framework");
    berm_str version = berm_load_text(document, "version");
    for (berm_governed *other = governance->frameworks.first; other; other = other->next)
        if (berm_str_equal(berm_load_text(other->at, "framework"), name) &&
            berm_str_equal(berm_load_text(other->at, "version"), version)) {
            berm_model_twice(build, "this version of the framework",
                             berm_part_member(document, "framework"),
                             berm_part_member(other->at, "framework"));
            return;
        }
    berm_governance_keep(build, &governance->frameworks, document);
}

void berm_mapping_load(berm_build *build, berm_part document)
{
    berm_governance *governance = berm_governance_of(build);
    if (!governance) return;
    berm_part name = berm_part_member(document, "mapping");
    for (berm_governed *other = governance->mappings.first; other; other = other->next)
        if (berm_str_equal(berm_load_text(other->at, "mapping"), berm_part_text(name))) {
            berm_model_twice(build, "the mapping", name, berm_part_member(other->at, "mapping"));
            return;
        }
    berm_governance_keep(build, &governance->mappings, document);
}

/* --- checks --- */

static berm_governed *find_framework(const berm_build *build, berm_str name, berm_str version,
                                     bool *named)
{
    *named = false;
    for (berm_governed *f = build->model->governance->frameworks.first; f; f = f->next) {
        if (!berm_str_equal(berm_load_text(f->at, "framework"), name)) continue;
        *named = true;
        if (berm_str_equal(berm_load_text(f->at, "version"), version)) return f;
    }
    return NULL;
}

/* The framework that `map` names; B0561 where the set knows it in other versions alone. */
static berm_governed *check_framework_version(berm_build *build, berm_part map)
{
    bool named;
    berm_str name = berm_load_text(map, "framework"), version = berm_load_text(map, "version");
    berm_governed *framework = find_framework(build, name, version, &named);
    if (framework || !named || !version.len) return framework;
    berm_nearest nearest = {.wanted = version};
    for (berm_governed *f = build->model->governance->frameworks.first; f; f = f->next)
        if (berm_str_equal(berm_load_text(f->at, "framework"), name))
            berm_nearest_offer(&nearest, berm_load_text(f->at, "version"));
    berm_near_fault(build, berm_part_place(berm_part_member(map, "version")),
                    BERM_D_CONTROL_VERSION, &nearest, "the framework %S has no version `%S`", name,
                    version);
    return NULL;
}

static void check_control_id(berm_build *build, const berm_governed *framework, berm_str id,
                             berm_place place)
{
    berm_str pattern = berm_load_text(framework->at, "pattern");
    if (berm_pattern_matches(build, pattern, id)) return;
    berm_place_fault(build, place, BERM_D_CONTROL_ID,
                     "`%S` is no control of %S %S, whose ids match %S", id,
                     berm_load_text(framework->at, "framework"),
                     berm_load_text(framework->at, "version"), pattern);
}

static void check_guardrail_controls(berm_build *build, const berm_guardrail_def *guardrail)
{
    berm_part list = guardrail->controls;
    for (uint32_t i = 0; berm_part_is(list, BERM_TAG_LIST) && i < berm_part_count(list); i++) {
        berm_part control = berm_part_element_at(list, i), id = berm_part_member(control, "id");
        const berm_governed *framework = check_framework_version(build, control);
        if (framework && berm_part_text(id).ptr)
            check_control_id(build, framework, berm_part_text(id), berm_part_place(id));
    }
}

static void check_framework(berm_build *build, const berm_governed *framework)
{
    berm_part list = berm_part_member(framework->at, "controls");
    berm_name_table ids;
    berm_name_table_init(&ids, build->alloc);
    for (uint32_t i = 0; berm_part_is(list, BERM_TAG_LIST) && i < berm_part_count(list); i++) {
        berm_part id = berm_part_member(berm_part_element_at(list, i), "id");
        if (!berm_part_text(id).ptr) continue;
        check_control_id(build, framework, berm_part_text(id), berm_part_place(id));
        if (berm_load_register(build, &ids, berm_part_text(id), i) != BERM_NO_NAME)
            berm_part_fault(build, id, BERM_D_CONTROL_TITLE, "the control `%S` is named twice",
                            berm_part_text(id));
    }
    berm_name_table_free(&ids);
}

static void check_mapping(berm_build *build, const berm_governed *mapping)
{
    const berm_governed *framework = check_framework_version(build, mapping->at);
    berm_part controls = berm_part_member(mapping->at, "controls");
    if (!berm_part_is(controls, BERM_TAG_MAP)) return;
    for (uint32_t i = 0; i < berm_part_count(controls); i++) {
        berm_part list = berm_part_value_at(controls, i);
        if (framework)
            check_control_id(build, framework, berm_part_text(berm_part_key_at(controls, i)),
                             berm_part_key_place(controls, i));
        bool texts = berm_part_is(list, BERM_TAG_LIST);
        for (uint32_t k = 0; texts && k < berm_part_count(list); k++)
            texts = berm_part_is(berm_part_element_at(list, k), BERM_TAG_STRING);
        if (!texts)
            berm_part_fault(build, list, BERM_D_POLICY_TYPE,
                            "a control of a mapping has a list of guardrails, found %s",
                            berm_part_sort_name(list));
    }
}

void berm_frameworks_check(berm_build *build)
{
    const berm_governance *governance = build->model->governance;
    const berm_model *model = build->model;
    for (berm_governed *f = governance->frameworks.first; f; f = f->next) check_framework(build, f);
    for (berm_governed *m = governance->mappings.first; m; m = m->next) check_mapping(build, m);
    for (uint32_t i = 0; i < model->guardrails.count && governance->frameworks.first; i++)
        check_guardrail_controls(build, model->guardrails.items[i]);
}

/* --- the controls of a guardrail --- */

typedef struct control_list {
    berm_cell *items;
    uint32_t count;
} control_list;

static void add_control(berm_build *build, control_list *list, berm_cell framework,
                        berm_cell version, berm_cell id)
{
    static const berm_str names[3] = {{"framework", 9}, {"version", 7}, {"id", 2}};
    const berm_cell values[3] = {framework, version, id};
    for (uint32_t i = 0; i < 3; i++)
        if (values[i].tag == BERM_TAG_MISSING) return; /* a fault, and told */
    berm_cell control = berm_param_map(build, names, values, 3);
    if (control.tag == BERM_TAG_MISSING) return;
    for (uint32_t i = 0; i < list->count; i++)
        if (berm_value_equal(&build->space, list->items[i], control) == BERM_TRUE) return;
    list->items[list->count++] = control;
}

static void add_mapped(berm_build *build, control_list *list, const berm_governed *mapping,
                       berm_str guardrail)
{
    berm_part controls = berm_part_member(mapping->at, "controls");
    for (uint32_t i = 0; berm_part_is(controls, BERM_TAG_MAP) && i < berm_part_count(controls);
         i++) {
        if (!berm_globs_match(berm_part_value_at(controls, i), guardrail)) continue;
        add_control(build, list, berm_part_cell(berm_part_member(mapping->at, "framework")),
                    berm_part_cell(berm_part_member(mapping->at, "version")),
                    berm_part_cell(berm_part_key_at(controls, i)));
    }
}

berm_cell berm_controls_of(berm_build *build, const berm_guardrail_def *guardrail)
{
    const berm_governance *governance = build->model->governance;
    berm_part own = guardrail->controls;
    uint32_t most = berm_part_count(own);
    const berm_governed *mappings = governance ? governance->mappings.first : NULL;
    if (!mappings) return berm_part_cell(own);
    for (const berm_governed *m = mappings; m; m = m->next)
        most += berm_part_count(berm_part_member(m->at, "controls"));
    control_list list = {berm_build_alloc(build, most, sizeof(berm_cell)), 0};
    if (!list.items) return berm_cell_of(BERM_TAG_MISSING);
    for (uint32_t i = 0; i < berm_part_count(own); i++) {
        berm_part control = berm_part_element_at(own, i);
        add_control(build, &list, berm_part_cell(berm_part_member(control, "framework")),
                    berm_part_cell(berm_part_member(control, "version")),
                    berm_part_cell(berm_part_member(control, "id")));
    }
    for (const berm_governed *m = mappings; m; m = m->next)
        add_mapped(build, &list, m, guardrail->id);
    berm_cell all = berm_cell_of(BERM_TAG_LIST);
    berm_cell *cells = berm_space_cells(&build->space, list.count, &all);
    if (!cells) return berm_cell_of(BERM_TAG_MISSING);
    if (list.count) memcpy(cells, list.items, list.count * sizeof *cells);
    return all;
}

/* --- rows --- */

static void push_control(berm_build *build, berm_str id, berm_str title)
{
    berm_codegen *gen = &build->gen;
    berm_img_control row = {berm_codegen_text(gen, id), berm_codegen_text(gen, title)};
    if (!berm_array_push(gen->alloc, &gen->controls, row)) berm_build_fail(build, BERM_E_NOMEM);
}

static berm_text_ref text_member(berm_build *build, berm_part map, const char *key)
{
    return berm_codegen_text(&build->gen, berm_load_text(map, key));
}

static void assemble_framework(berm_build *build, berm_governed *framework)
{
    berm_codegen *gen = &build->gen;
    berm_part at = framework->at, list = berm_part_member(at, "controls");
    uint32_t column;
    berm_img_framework row = {.name = text_member(build, at, "framework"),
                              .version = text_member(build, at, "version"),
                              .title = text_member(build, at, "title"),
                              .url = text_member(build, at, "url"),
                              .licence = text_member(build, at, "licence"),
                              .pattern = text_member(build, at, "pattern"),
                              .controls = {gen->controls.count, berm_part_count(list)},
                              .source = at.file->source_row};
    for (uint32_t i = 0; i < row.controls.count; i++) {
        berm_part control = berm_part_element_at(list, i);
        push_control(build, berm_load_text(control, "id"), berm_load_text(control, "title"));
    }
    berm_diags_locate(build->diags, berm_part_head_place(at), &row.line, &column);
    framework->row = gen->frameworks.count;
    if (!berm_array_push(gen->alloc, &gen->frameworks, row)) berm_build_fail(build, BERM_E_NOMEM);
}

static berm_str title_of_control(const berm_governed *framework, berm_str id)
{
    berm_part list =
        framework ? berm_part_member(framework->at, "controls") : (berm_part){NULL, NULL};
    for (uint32_t i = 0; i < berm_part_count(list); i++) {
        berm_part control = berm_part_element_at(list, i);
        if (berm_str_equal(berm_load_text(control, "id"), id))
            return berm_load_text(control, "title");
    }
    return BERM_STR("");
}

static void assemble_mapping(berm_build *build, const berm_governed *mapping)
{
    berm_codegen *gen = &build->gen;
    berm_part at = mapping->at, controls = berm_part_member(at, "controls");
    bool named;
    uint32_t column;
    const berm_governed *framework = find_framework(build, berm_load_text(at, "framework"),
                                                    berm_load_text(at, "version"), &named);
    berm_img_mapping row = {.name = text_member(build, at, "mapping"),
                            .title = text_member(build, at, "title"),
                            .framework = text_member(build, at, "framework"),
                            .version = text_member(build, at, "version"),
                            .catalogue = framework ? framework->row : BERM_NO_ROW,
                            .controls = {gen->controls.count, berm_part_count(controls)},
                            .source = at.file->source_row};
    for (uint32_t i = 0; i < row.controls.count; i++) {
        berm_str id = berm_part_text(berm_part_key_at(controls, i));
        push_control(build, id, title_of_control(framework, id));
    }
    berm_diags_locate(build->diags, berm_part_head_place(at), &row.line, &column);
    if (!berm_array_push(gen->alloc, &gen->mappings, row)) berm_build_fail(build, BERM_E_NOMEM);
}

void berm_frameworks_assemble(berm_build *build)
{
    const berm_governance *governance = build->model->governance;
    for (berm_governed *f = governance->frameworks.first; f; f = f->next)
        assemble_framework(build, f);
    for (berm_governed *m = governance->mappings.first; m; m = m->next) assemble_mapping(build, m);
}
