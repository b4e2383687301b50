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

void berm_origins_assemble(berm_build *build)
{
    berm_codegen *gen = &build->gen;
    for (const berm_origin *o = build->model->governance->origins; o; o = o->next) {
        uint32_t column, guardrail = berm_guardrail_row(build, o->guardrail);
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
