#include "policy/governance/governance.h"

void berm_origin_add(berm_build *build, berm_origin origin)
{
    berm_governance *governance = berm_governance_of(build);
    berm_origin *kept = berm_build_alloc(build, 1, sizeof *kept);
    if (!governance || !kept) return;
    *kept = origin;
    kept->next = NULL;
    *governance->origins_end = kept;
    governance->origins_end = &kept->next;
}

/* Rows that match something are those of guardrails, in the order of the model; the others are
   compiled for tests. */
static uint32_t *number_rows(berm_build *build)
{
    const berm_codegen *gen = &build->gen;
    uint32_t count = build->model->guardrails.count, g = 0;
    uint32_t *rows = berm_build_alloc(build, count, sizeof *rows);
    for (uint32_t i = 0; rows && i < gen->guardrails.count && g < count; i++)
        if (gen->guardrails.items[i].matches.count) rows[g++] = i;
    while (rows && g < count) rows[g++] = BERM_NO_ROW; /* reported */
    return rows;
}

void berm_origins_assemble(berm_build *build)
{
    berm_codegen *gen = &build->gen;
    const berm_origin *first = build->model->governance->origins;
    const uint32_t *rows = first ? number_rows(build) : NULL;
    for (const berm_origin *o = first; o && rows; o = o->next) {
        uint32_t column;
        uint32_t at = berm_name_table_find(&build->model->guardrail_names, o->guardrail->id);
        uint32_t guardrail = at == BERM_NO_NAME ? BERM_NO_ROW : rows[at];
        if (guardrail == BERM_NO_ROW) continue;
        berm_img_origin row = {.guardrail = guardrail,
                               .rule = o->rule,
                               .field = o->field,
                               .name = berm_codegen_text(gen, o->name),
                               .value = berm_codegen_text(gen, berm_part_source(o->value)),
                               .by = berm_codegen_text(gen, o->by),
                               .kept = o->kept,
                               .source = o->value.file->source_row};
        if (row.rule != BERM_NO_ROW) row.rule += gen->guardrails.items[guardrail].rules.first;
        berm_diags_locate(build->diags, berm_part_place(o->value), &row.line, &column);
        if (!berm_array_push(gen->alloc, &gen->origins, row)) berm_build_fail(build, BERM_E_NOMEM);
    }
}
