#include "policy/dialects/prelude.h"

#include "policy/assemble.h"
#include "policy/dialects/admission.h"
#include "policy/dialects/dialect.h"

#include "policy/dialects/prelude.inc"

static const char *const prelude_names[BERM_PRELUDE_COUNT] = {
    [BERM_PRELUDE_PLURAL] = "plural",
    [BERM_PRELUDE_REQUEST] = "request",
    [BERM_PRELUDE_NAMESPACE] = "namespaceObject",
    [BERM_PRELUDE_REQUEST_RESOURCE] = "authorizer.requestResource",
};

const berm_builtin *berm_prelude_read(berm_arena *arena)
{
    static const berm_builtin_pack pack = {prelude_packed, sizeof prelude_packed, PRELUDE_LEN, 1};
    return berm_builtins_unpack(arena, &pack);
}

static void see_constant(berm_sight *sight, const char *name, berm_cell value)
{
    berm_build *build = sight->build;
    bool broken = value.tag == BERM_TAG_MISSING || build->space.status != BERM_OK;
    if (broken) value = berm_cell_of(BERM_TAG_NULL);
    uint32_t cell = berm_codegen_constant(&build->gen, &build->space, value);
    berm_sight_add(sight, (berm_binding){berm_str_of(name), BERM_BIND_CONST, cell}, BERM_TYPE_DYN);
}

static void see_prelude(berm_sight *sight, uint32_t id)
{
    uint32_t block = sight->build->model->dialects->blocks[id];
    berm_binding binding = {berm_str_of(prelude_names[id]), BERM_BIND_ONCE, block};
    if (block == BERM_NO_ROW) /* it did not compile, for want of memory */
        binding = (berm_binding){binding.name, BERM_BIND_SLOT, BERM_SLOT_OBJECT};
    berm_sight_add(sight, binding, BERM_TYPE_DYN);
}

static void compile_prelude(berm_build *build)
{
    berm_dialects *dialects = build->model->dialects;
    if (dialects->compiled) return;
    dialects->compiled = true;
    for (uint32_t id = 0; id < BERM_PRELUDE_COUNT; id++) {
        berm_sight sight;
        bool first = id <= BERM_PRELUDE_REQUEST;
        berm_sight_init(&sight, build, first ? BERM_VIEW_GUARDRAIL : BERM_VIEW_ADMISSION);
        if (!first) see_constant(&sight, "namespaces", dialects->namespaces);
        for (uint32_t i = 0; i < id; i++) see_prelude(&sight, i);
        berm_expr expr = berm_load_expr(build->model->prelude, prelude_names[id]);
        dialects->blocks[id] = berm_assemble_expr(&sight, &expr, BERM_FOR_VALUE);
        berm_sight_free(&sight);
    }
}

/* "names head selectors tail end", as the file says. */
static void write_applies(berm_build *build, const char *dialect, berm_text *out)
{
    berm_part prelude = build->model->prelude, own = berm_part_member(prelude, dialect);
    bool whole = berm_part_is(own, BERM_TAG_LIST) && berm_part_count(own) == 2;
    if (whole)
        berm_text_format(
            out, "%S %S%S%S%S", berm_load_text(prelude, "names"),
            berm_part_text(berm_part_element_at(own, 0)), berm_load_text(prelude, "selectors"),
            berm_part_text(berm_part_element_at(own, 1)), berm_load_text(prelude, "end"));
    if (out->failed) berm_build_fail(build, BERM_E_NOMEM);
}

/* What a policy did not write itself points at the policy. */
static uint32_t compile_applies(berm_build *build, const berm_guardrail_def *guardrail)
{
    const berm_admission *admission = guardrail->admission;
    berm_sight sight;
    berm_text text;
    berm_sight_init(&sight, build, BERM_VIEW_ADMISSION);
    berm_text_init(&text, build->alloc);
    for (uint32_t id = 0; id < BERM_PRELUDE_COUNT; id++) see_prelude(&sight, id);
    see_constant(&sight, "matches", admission->matches);
    see_constant(&sight, "stands", admission->stands);
    see_constant(&sight, "within", admission->within);
    see_constant(&sight, "without", admission->without);
    write_applies(build, admission->applies, &text);
    berm_expr expr = {.text = berm_text_view(&text), .part = guardrail->at};
    uint32_t block = berm_assemble_expr(&sight, &expr, BERM_FOR_CONDITION);
    berm_text_free(&text);
    berm_sight_free(&sight);
    return block;
}

void berm_prelude_see(berm_sight *sight, berm_img_guardrail *row)
{
    const berm_guardrail_def *guardrail = sight->guardrail;
    compile_prelude(sight->build);
    row->applies = compile_applies(sight->build, guardrail);
    row->errors_pass = guardrail->admission->errors_pass;
    see_prelude(sight, BERM_PRELUDE_REQUEST);
    see_prelude(sight, BERM_PRELUDE_NAMESPACE);
    see_prelude(sight, BERM_PRELUDE_REQUEST_RESOURCE);
    see_constant(sight, "params", guardrail->admission->params);
}
