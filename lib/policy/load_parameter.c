#include "policy/load.h"

berm_parameter_def berm_load_parameter_def(berm_build *build, berm_str name, berm_part map)
{
    berm_parameter_def parameter = {.name = name,
                                    .use = berm_part_text(berm_part_member(map, "use")),
                                    .at = map,
                                    .fallback = berm_part_member(map, "default"),
                                    .value = berm_cell_of(BERM_TAG_MISSING)};
    berm_part type = berm_part_member(map, "type");
    if (!parameter.use.ptr) {
        if (berm_part_given(type)) {
            parameter.type = berm_param_type_read(build, type);
        } else if (berm_part_given(map) && !berm_part_given(berm_part_member(map, "parameter"))) {
            berm_part_fault(build, map, BERM_D_POLICY_KEY_MISSING,
                            "the parameter `%S` needs `type`, or `use` with the name of a shared "
                            "parameter",
                            name);
        }
        parameter.rules = berm_param_rules_read(build, map, parameter.type);
        return parameter;
    }
    for (uint32_t i = 0; i < berm_part_count(map); i++) {
        berm_str key = berm_part_text(berm_part_key_at(map, i));
        if (berm_str_is(key, "use") || berm_str_is(key, "description")) continue;
        berm_place_fault(build, berm_part_key_place(map, i), BERM_D_POLICY_KEY_UNKNOWN,
                         "with `use` the shared parameter says `%S`", key);
    }
    return parameter;
}

static void register_parameter(berm_build *build, berm_parameter_def *parameter)
{
    berm_model *model = build->model;
    if (!berm_array_push(build->alloc, &model->parameters, parameter)) {
        berm_build_fail(build, BERM_E_NOMEM);
        return;
    }
    uint32_t first = berm_load_register(build, &model->parameter_names, parameter->name,
                                        model->parameters.count - 1);
    if (first == BERM_NO_NAME) return;
    berm_model_twice(build, "the parameter", berm_part_member(parameter->at, "parameter"),
                     berm_part_member(model->parameters.items[first]->at, "parameter"));
}

void berm_load_parameter(berm_build *build, berm_part document)
{
    berm_parameter_def *parameter = berm_build_alloc(build, 1, sizeof *parameter);
    if (!parameter) return;
    *parameter = berm_load_parameter_def(build, berm_load_text(document, "parameter"), document);
    register_parameter(build, parameter);
}
