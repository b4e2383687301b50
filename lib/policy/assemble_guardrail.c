#include "policy/assemble.h"
#include "policy/bind_params.h"
#include "policy/dialects/prelude.h"
#include "policy/dialects/reach.h"
#include "policy/governance/governance.h"
#include "policy/match.h"

/* One compilation of a guardrail: with its parameters' values, or with those of a test. */
typedef struct guardrail_work {
    berm_build *build;
    const berm_guardrail_def *guardrail;
    berm_sight sight;
    uint32_t row;
} guardrail_work;

/* After a failure a container may be in no store at all. */
static uint32_t constant_of(berm_build *build, berm_cell value)
{
    bool broken = value.tag == BERM_TAG_MISSING || build->space.status != BERM_OK;
    if (broken) value = berm_cell_of(BERM_TAG_NULL);
    return berm_codegen_constant(&build->gen, &build->space, value);
}

/* The rows are appended after all blocks of the expression are there, so that a guardrail's rows
   stay together. */
static void assemble_variables(guardrail_work *work)
{
    const berm_named_exprs *variables = &work->guardrail->variables;
    for (uint32_t i = 0; i < variables->count; i++) {
        berm_type type;
        uint32_t block =
            berm_assemble_typed(&work->sight, &variables->items[i].expr, BERM_FOR_VALUE, &type);
        berm_sight_add_variable(&work->sight, block, type);
    }
}

static berm_run_ref assemble_conditions(guardrail_work *work)
{
    berm_codegen *gen = &work->build->gen;
    const berm_named_exprs *conditions = &work->guardrail->conditions;
    berm_run_ref run = {gen->conditions.count, conditions->count};
    for (uint32_t i = 0; i < conditions->count; i++) {
        const berm_named_expr *condition = &conditions->items[i];
        berm_img_condition row = {
            berm_codegen_text(gen, condition->name),
            berm_assemble_expr(&work->sight, &condition->expr, BERM_FOR_CONDITION)};
        if (!berm_array_push(gen->alloc, &gen->conditions, row)) {
            berm_build_fail(work->build, BERM_E_NOMEM);
        }
    }
    return run;
}

static void assemble_rule(guardrail_work *work, const berm_validation_def *validation)
{
    berm_codegen *gen = &work->build->gen;
    bool each = berm_expr_given(&validation->each);
    berm_type elements;
    berm_img_rule row = {
        .guardrail = work->row,
        .name = berm_codegen_text(gen, validation->name),
        .severity = validation->severity,
        .enforcement = validation->enforcement,
        .fallback = berm_codegen_text(gen, validation->fallback),
        .annotation = validation->annotation,
        .reason = berm_codegen_text(gen, validation->reason),
        .each = berm_assemble_typed(&work->sight, &validation->each, BERM_FOR_ELEMENTS, &elements)};
    if (each) berm_sight_add_element(&work->sight, elements);
    row.block = berm_assemble_expr(&work->sight, &validation->expression,
                                   validation->annotation ? BERM_FOR_VALUE : BERM_FOR_CONDITION);
    row.message = berm_assemble_message(&work->sight, &validation->message);
    if (berm_expr_given(&validation->message_expression))
        row.message =
            berm_assemble_expr(&work->sight, &validation->message_expression, BERM_FOR_VALUE);
    if (each) berm_sight_drop_element(&work->sight);
    if (!berm_array_push(gen->alloc, &gen->rules, row)) berm_build_fail(work->build, BERM_E_NOMEM);
}

static berm_run_ref assemble_rules(guardrail_work *work)
{
    berm_run_ref run = {work->build->gen.rules.count, work->guardrail->validations.count};
    for (uint32_t i = 0; i < work->guardrail->validations.count; i++) {
        assemble_rule(work, &work->guardrail->validations.items[i]);
    }
    return run;
}

static void fill_guardrail_texts(berm_codegen *gen, const berm_guardrail_def *guardrail,
                                 berm_img_guardrail *row)
{
    row->id = berm_codegen_text(gen, guardrail->id);
    row->title = berm_codegen_text(gen, guardrail->title);
    row->description = berm_codegen_text(gen, guardrail->description);
    row->category = berm_codegen_text(gen, guardrail->category);
    row->remediation = berm_codegen_text(gen, guardrail->remediation);
    row->url = berm_codegen_text(gen, guardrail->url);
}

static berm_cell empty_list(berm_build *build)
{
    berm_cell list = berm_cell_of(BERM_TAG_LIST);
    berm_space_cells(&build->space, 0, &list);
    return list;
}

static void fill_guardrail_values(berm_build *build, const berm_guardrail_def *guardrail,
                                  berm_img_guardrail *row)
{
    uint32_t column;
    row->severity = guardrail->severity;
    row->enforcement = guardrail->enforcement;
    row->on_unknown_fail = guardrail->on_unknown_fail;
    row->actions = guardrail->match.actions;
#if BERM_PART_GOVERNANCE
    berm_cell controls = berm_controls_of(build, guardrail);
#else
    berm_cell controls = berm_part_cell(guardrail->controls);
#endif
    if (controls.tag == BERM_TAG_MISSING) controls = empty_list(build);
    row->controls = constant_of(build, controls);
    row->waivable = constant_of(build, berm_part_cell(guardrail->waivable));
    row->source = guardrail->at.file->source_row;
    berm_diags_locate(build->diags, berm_part_head_place(guardrail->at), &row->line, &column);
}

/* A GUARDRAIL row with everything that belongs to it but matches and tests; its number. */
static uint32_t compile_guardrail(berm_build *build, const berm_guardrail_def *guardrail,
                                  const berm_param_values *params)
{
    berm_codegen *gen = &build->gen;
    guardrail_work work = {.build = build, .guardrail = guardrail, .row = gen->guardrails.count};
    berm_img_guardrail row = {.matches = {gen->matchs.count, 0}};
    fill_guardrail_texts(gen, guardrail, &row);
    fill_guardrail_values(build, guardrail, &row);
    row.params = constant_of(build, params->map);
    berm_sight_init(&work.sight, build,
                    BERM_IS_FOREIGN(guardrail) ? BERM_VIEW_ADMISSION : BERM_VIEW_GUARDRAIL);
    work.sight.guardrail = guardrail;
    row.applies = BERM_NO_ROW;
    if (BERM_IS_FOREIGN(guardrail)) berm_prelude_see(&work.sight, &row);
    else berm_sight_add_params(&work.sight, params->map, params->values);
    assemble_variables(&work);
    row.conditions = assemble_conditions(&work);
    row.rules = assemble_rules(&work);
    berm_sight_free(&work.sight);
    if (!berm_array_push(gen->alloc, &gen->guardrails, row)) berm_build_fail(build, BERM_E_NOMEM);
    return work.row;
}

/* A test that gives parameters has the guardrail compiled with them: parameters are constants of
   the program. */
static void assemble_test(berm_build *build, const berm_guardrail_def *guardrail, uint32_t row,
                          const berm_test_def *test)
{
    berm_codegen *gen = &build->gen;
    uint32_t column;
    berm_img_test test_row = {.guardrail = row,
                              .name = berm_codegen_text(gen, test->name),
                              .spec = constant_of(build, berm_part_cell(test->at))};
    if (berm_part_is(test->params, BERM_TAG_MAP)) {
        uint32_t faults = berm_diags_error_count(build->diags);
        berm_param_values params = berm_params_of_test(build, guardrail, test->params);
        if (berm_diags_error_count(build->diags) != faults) return;
        test_row.guardrail = compile_guardrail(build, guardrail, &params);
    }
    berm_diags_locate(build->diags, berm_part_head_place(test->at), &test_row.line, &column);
    if (!berm_array_push(gen->alloc, &gen->tests, test_row)) berm_build_fail(build, BERM_E_NOMEM);
}

void berm_assemble_guardrail(berm_build *build, const berm_guardrail_def *guardrail)
{
    berm_codegen *gen = &build->gen;
    uint32_t faults = berm_diags_error_count(build->diags);
    berm_match_check(build, &guardrail->match);
    berm_param_values params = berm_params_of_guardrail(build, guardrail);
    uint32_t row = compile_guardrail(build, guardrail, &params);
    berm_run_ref matches = BERM_IS_FOREIGN(guardrail) ? berm_reach_rows(build, guardrail)
                                                      : berm_match_rows(build, &guardrail->match);
    if (row < gen->guardrails.count) gen->guardrails.items[row].matches = matches;
    /* A faulty guardrail would only say the same again for each test. */
    bool sound = berm_diags_error_count(build->diags) == faults;
    for (uint32_t i = 0; i < guardrail->tests.count; i++) {
        if (sound || !berm_part_given(guardrail->tests.items[i].params)) {
            assemble_test(build, guardrail, row, &guardrail->tests.items[i]);
        }
    }
}

void berm_assemble_expression(berm_build *build, const berm_policy_file *file)
{
    berm_codegen *gen = &build->gen;
    berm_expr expr = {.text = file->text, .part = {.file = file}};
    berm_sight sight;
    berm_sight_init(&sight, build, BERM_VIEW_EXPRESSION);
    berm_img_rule rule = {.guardrail = gen->guardrails.count,
                          .name = berm_codegen_text(gen, BERM_STR("expression")),
                          .block = berm_assemble_expr(&sight, &expr, BERM_FOR_VALUE),
                          .each = BERM_NO_ROW,
                          .message = BERM_NO_ROW};
    berm_sight_free(&sight);
    berm_img_guardrail row = {.id = berm_codegen_text(gen, BERM_STR("@expression")),
                              .controls = constant_of(build, empty_list(build)),
                              .waivable = constant_of(build, berm_cell_of(BERM_TAG_NULL)),
                              .params = constant_of(build, berm_param_map(build, NULL, NULL, 0)),
                              .matches = {gen->matchs.count, 0},
                              .conditions = {gen->conditions.count, 0},
                              .rules = {gen->rules.count, 1},
                              .applies = BERM_NO_ROW,
                              .source = file->source_row,
                              .line = 1};
    if (!berm_array_push(gen->alloc, &gen->rules, rule) ||
        !berm_array_push(gen->alloc, &gen->guardrails, row)) {
        berm_build_fail(build, BERM_E_NOMEM);
    }
}
