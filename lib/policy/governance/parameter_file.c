/* Parameter files: values of shared parameters and of guardrails' own.

     parameters: {service-tiers: ..}
     guardrails: {k8s-images: {allowed: [..]}} */
#include "policy/bind_params.h"
#include "policy/governance/governance.h"
#include "policy/load.h"

static void fault_no_parameter(berm_build *build, const berm_guardrail_def *guardrail,
                               berm_part map, uint32_t index)
{
    berm_nearest nearest = {.wanted = berm_part_text(berm_part_key_at(map, index))};
    for (uint32_t i = 0; i < guardrail->parameters.count; i++)
        berm_nearest_offer(&nearest, guardrail->parameters.items[i].name);
    berm_near_fault(build, berm_part_key_place(map, index), BERM_D_POLICY_REFERENCE, &nearest,
                    "the guardrail %S has no parameter `%S`", guardrail->id, nearest.wanted);
}

void berm_value_set(berm_build *build, berm_guardrail_def *guardrail, berm_part map, uint32_t index,
                    berm_str by)
{
    berm_str name = berm_part_text(berm_part_key_at(map, index));
    berm_part value = berm_part_value_at(map, index);
    berm_parameter_def *parameter = berm_parameter_find(&guardrail->parameters, name);
    if (!parameter) {
        fault_no_parameter(build, guardrail, map, index);
        return;
    }
    if (!berm_param_bind(build, parameter, name, value, &parameter->value)) return;
    berm_origin_add(build, (berm_origin){.guardrail = guardrail,
                                         .rule = BERM_NO_ROW,
                                         .field = BERM_ORIGIN_PARAMETER,
                                         .name = name,
                                         .by = by,
                                         .value = value});
}

/* Every guardrail that uses the shared parameter, and whose value nobody set by itself. */
static void note_shared(berm_build *build, berm_str name, berm_part value, berm_str by)
{
    const berm_model *model = build->model;
    for (uint32_t i = 0; i < model->guardrails.count; i++) {
        const berm_guardrail_def *guardrail = model->guardrails.items[i];
        for (uint32_t k = 0; k < guardrail->parameters.count; k++) {
            const berm_parameter_def *own = &guardrail->parameters.items[k];
            if (!berm_str_equal(own->use, name) || own->value.tag != BERM_TAG_MISSING) continue;
            berm_origin_add(build, (berm_origin){.guardrail = guardrail,
                                                 .rule = BERM_NO_ROW,
                                                 .field = BERM_ORIGIN_PARAMETER,
                                                 .name = own->name,
                                                 .by = by,
                                                 .value = value});
        }
    }
}

static void set_shared(berm_build *build, berm_part map, uint32_t index)
{
    berm_str name = berm_part_text(berm_part_key_at(map, index));
    berm_part value = berm_part_value_at(map, index);
    berm_parameter_def *parameter = berm_model_parameter(build->model, name);
    if (!parameter) {
        berm_nearest nearest = {.wanted = name};
        for (uint32_t i = 0; i < build->model->parameters.count; i++)
            berm_nearest_offer(&nearest, build->model->parameters.items[i]->name);
        berm_near_fault(build, berm_part_key_place(map, index), BERM_D_POLICY_REFERENCE, &nearest,
                        "no parameter is called `%S`", name);
        return;
    }
    if (berm_param_bind(build, parameter, name, value, &parameter->value))
        note_shared(build, name, value, BERM_STR("parameter file"));
}

static berm_guardrail_def *find_guardrail_of(berm_build *build, berm_part map, uint32_t index)
{
    const berm_model *model = build->model;
    berm_nearest nearest = {.wanted = berm_part_text(berm_part_key_at(map, index))};
    uint32_t at = berm_name_table_find(&model->guardrail_names, nearest.wanted);
    if (at != BERM_NO_NAME) return model->guardrails.items[at];
    for (uint32_t i = 0; i < model->guardrails.count; i++)
        berm_nearest_offer(&nearest, model->guardrails.items[i]->id);
    berm_near_fault(build, berm_part_key_place(map, index), BERM_D_POLICY_REFERENCE, &nearest,
                    "no guardrail is called `%S`", nearest.wanted);
    return NULL;
}

static void set_own(berm_build *build, berm_part map, uint32_t index)
{
    berm_part values = berm_part_value_at(map, index);
    berm_guardrail_def *guardrail = find_guardrail_of(build, map, index);
    if (guardrail && !berm_part_is(values, BERM_TAG_MAP)) {
        berm_part_fault(build, values, BERM_D_POLICY_TYPE,
                        "a guardrail's parameters are a mapping of names to values, found %s",
                        berm_part_sort_name(values));
        return;
    }
    for (uint32_t i = 0; guardrail && i < berm_part_count(values); i++)
        berm_value_set(build, guardrail, values, i, BERM_STR("parameter file"));
}

/* Own values first: where a guardrail has one, the shared one is not where its value is from. */
void berm_values_apply(berm_build *build)
{
    const berm_governed *first = build->model->governance->values.first;
    for (const berm_governed *v = first; v; v = v->next) {
        berm_part own = berm_part_member(v->at, "guardrails");
        for (uint32_t i = 0; i < berm_part_count(own); i++) set_own(build, own, i);
    }
    for (const berm_governed *v = first; v; v = v->next) {
        berm_part shared = berm_part_member(v->at, "parameters");
        for (uint32_t i = 0; i < berm_part_count(shared); i++) set_shared(build, shared, i);
    }
}
