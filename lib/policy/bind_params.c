#include "policy/bind_params.h"

#include "policy/governance/governance.h"

bool berm_param_bind(berm_build *build, const berm_parameter_def *parameter, berm_str name,
                     berm_part part, berm_cell *value)
{
    const berm_parameter_def *def = berm_parameter_definition(build->model, parameter);
    return def && def->type &&
           berm_param_value_read(build, name, part, def->type, &def->rules, value);
}

static void bind_default(berm_build *build, berm_parameter_def *parameter)
{
    if (!parameter->use.ptr && berm_part_given(parameter->fallback)) {
        berm_param_bind(build, parameter, parameter->name, parameter->fallback, &parameter->value);
    }
}

/* --- the values of guardrails' parameters --- */

static void fault_unknown_shared(berm_build *build, const berm_parameter_def *parameter)
{
    berm_nearest nearest = {.wanted = parameter->use};
    for (uint32_t i = 0; i < build->model->parameters.count; i++) {
        berm_nearest_offer(&nearest, build->model->parameters.items[i]->name);
    }
    berm_near_fault(build, berm_part_place(berm_part_member(parameter->at, "use")),
                    BERM_D_POLICY_REFERENCE, &nearest, "no parameter is called `%S`",
                    parameter->use);
}

/* What is missing comes from the shared parameter; what is missing then is reported. */
static void settle_param(berm_build *build, berm_parameter_def *parameter)
{
    const berm_parameter_def *def = berm_parameter_definition(build->model, parameter);
    if (!def) {
        fault_unknown_shared(build, parameter);
        return;
    }
    if (parameter->value.tag == BERM_TAG_MISSING) parameter->value = def->value;
    if (parameter->value.tag != BERM_TAG_MISSING || !def->type || berm_part_given(def->fallback))
        return;
    berm_part_fault(build, parameter->at, BERM_D_POLICY_PARAMETER,
                    "the parameter `%S` has no `default`", parameter->name);
}

void berm_params_bind(berm_build *build)
{
    berm_model *model = build->model;
    for (uint32_t i = 0; i < model->parameters.count; i++) {
        bind_default(build, model->parameters.items[i]);
    }
    for (uint32_t i = 0; i < model->guardrails.count; i++) {
        berm_parameter_defs *own = &model->guardrails.items[i]->parameters;
        for (uint32_t k = 0; k < own->count; k++) bind_default(build, &own->items[k]);
    }
#if BERM_PART_GOVERNANCE
    berm_governance_bind(build, build->profile);
#endif
    for (uint32_t i = 0; i < model->guardrails.count; i++) {
        berm_parameter_defs *own = &model->guardrails.items[i]->parameters;
        for (uint32_t k = 0; k < own->count; k++) settle_param(build, &own->items[k]);
    }
}

/* --- for one compilation --- */

static berm_param_values gather_params(berm_build *build, const berm_guardrail_def *guardrail,
                                       berm_cell *values)
{
    uint32_t count = guardrail->parameters.count;
    berm_str *names = berm_build_alloc(build, count, sizeof *names);
    berm_param_values params = {berm_cell_of(BERM_TAG_NULL), values};
    if (count && !names) return params;
    for (uint32_t i = 0; i < count; i++) {
        names[i] = guardrail->parameters.items[i].name;
        if (values[i].tag == BERM_TAG_MISSING) values[i] = berm_cell_of(BERM_TAG_NULL);
    }
    params.map = berm_param_map(build, names, values, count);
    return params;
}

static berm_cell *copy_values(berm_build *build, const berm_guardrail_def *guardrail)
{
    uint32_t count = guardrail->parameters.count;
    berm_cell *values = berm_build_alloc(build, count, sizeof *values);
    for (uint32_t i = 0; values && i < count; i++) values[i] = guardrail->parameters.items[i].value;
    return values;
}

berm_param_values berm_params_of_guardrail(berm_build *build, const berm_guardrail_def *guardrail)
{
    berm_cell *values = copy_values(build, guardrail);
    return gather_params(build, guardrail, values);
}

static void fault_test_param(berm_build *build, const berm_guardrail_def *guardrail, berm_part map,
                             uint32_t index)
{
    berm_nearest nearest = {.wanted = berm_part_text(berm_part_key_at(map, index))};
    for (uint32_t i = 0; i < guardrail->parameters.count; i++) {
        berm_nearest_offer(&nearest, guardrail->parameters.items[i].name);
    }
    berm_near_fault(build, berm_part_key_place(map, index), BERM_D_POLICY_REFERENCE, &nearest,
                    "the guardrail has no parameter `%S`", nearest.wanted);
}

berm_param_values berm_params_of_test(berm_build *build, const berm_guardrail_def *guardrail,
                                      berm_part params)
{
    berm_cell *values = copy_values(build, guardrail);
    for (uint32_t i = 0; i < berm_part_count(params); i++) {
        berm_str name = berm_part_text(berm_part_key_at(params, i));
        const berm_parameter_def *parameter = berm_parameter_find(&guardrail->parameters, name);
        if (!parameter) {
            fault_test_param(build, guardrail, params, i);
        } else if (values) {
            uint32_t at = (uint32_t)(parameter - guardrail->parameters.items);
            berm_param_bind(build, parameter, name, berm_part_value_at(params, i), &values[at]);
        }
    }
    return gather_params(build, guardrail, values);
}
