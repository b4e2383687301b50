#include "data/functions.h"

#include "base/text.h"

enum { DEPTH_SHALLOW, DEPTH_DEEP, DEPTH_LEAD, DEPTH_ANY };
enum { COST_FLAT, COST_LINEAR };

const berm_function_info berm_function_infos[BERM_FN_COUNT] = {
#define BERM_FN(id, fn_name, fn_style, fn_argc, fn_depth, fn_cost) \
    [BERM_FN_##id] = {.name = (fn_name), \
                      .style = BERM_FN_STYLE_##fn_style, \
                      .argc = (fn_argc), \
                      .deep = DEPTH_##fn_depth == DEPTH_DEEP, \
                      .linear = COST_##fn_cost == COST_LINEAR, \
                      .lead = DEPTH_##fn_depth == DEPTH_LEAD, \
                      .any = DEPTH_##fn_depth == DEPTH_ANY},
#define BERM_SIG(overload, declaration, source, example)
#define VARIADIC BERM_FN_VARIADIC
#include "data/functions.def"
#undef BERM_FN
#undef BERM_SIG
};

int berm_function_find(berm_str name, bool method, uint32_t argc)
{
    int variadic = -1;
    uint8_t style = method ? BERM_FN_STYLE_METHOD : BERM_FN_STYLE_GLOBAL;
    for (int i = 0; i < BERM_FN_COUNT; i++) {
        const berm_function_info *info = &berm_function_infos[i];
        if (info->style != style || !berm_str_is(name, info->name)) continue;
        if (info->argc == argc) return i;
        if (info->argc == BERM_FN_VARIADIC && argc >= 2) variadic = i;
    }
    return variadic;
}

bool berm_function_known(berm_str name)
{
    for (int i = 0; i < BERM_FN_COUNT; i++)
        if (berm_str_is(name, berm_function_infos[i].name)) return true;
    return false;
}
