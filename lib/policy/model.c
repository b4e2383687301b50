#include "policy/model.h"

void berm_model_init(berm_model *model, const berm_alloc *alloc)
{
    *model = (berm_model){0};
    berm_name_table_init(&model->guardrail_names, alloc);
    berm_name_table_init(&model->target_names, alloc);
    berm_name_table_init(&model->parameter_names, alloc);
}

void berm_model_free(berm_model *model, const berm_alloc *alloc)
{
    berm_array_free(alloc, &model->guardrails);
    berm_array_free(alloc, &model->kinds);
    berm_array_free(alloc, &model->targets);
    berm_array_free(alloc, &model->parameters);
    berm_array_free(alloc, &model->expressions);
    berm_array_free(alloc, &model->foreign);
    berm_name_table_free(&model->guardrail_names);
    berm_name_table_free(&model->target_names);
    berm_name_table_free(&model->parameter_names);
}

berm_target_def *berm_model_target(const berm_model *model, berm_str name)
{
    uint32_t at = berm_name_table_find(&model->target_names, name);
    return at == BERM_NO_NAME ? NULL : model->targets.items[at];
}

berm_parameter_def *berm_model_parameter(const berm_model *model, berm_str name)
{
    uint32_t at = berm_name_table_find(&model->parameter_names, name);
    return at == BERM_NO_NAME ? NULL : model->parameters.items[at];
}

const berm_parameter_def *berm_parameter_definition(const berm_model *model,
                                                    const berm_parameter_def *parameter)
{
    return parameter->use.ptr ? berm_model_parameter(model, parameter->use) : parameter;
}

berm_parameter_def *berm_parameter_find(const berm_parameter_defs *parameters, berm_str name)
{
    for (uint32_t i = 0; i < parameters->count; i++) {
        if (berm_str_equal(parameters->items[i].name, name)) return &parameters->items[i];
    }
    return NULL;
}

void berm_model_twice(berm_build *build, const char *what, berm_part at, berm_part first)
{
    uint32_t line, column;
    berm_diags_locate(build->diags, berm_part_place(first), &line, &column);
    berm_part_fault(build, at, BERM_D_POLICY_ID_TWICE, "%s `%S` is already defined at %S:%u:%u",
                    what, berm_part_text(at), first.file->name, line, column);
}
