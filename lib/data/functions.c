#include "data/functions.h"

#include "base/text.h"

#include <stddef.h>

enum { DEPTH_SHALLOW, DEPTH_DEEP, DEPTH_LEAD, DEPTH_ANY };
enum { COST_FLAT, COST_LINEAR };

/* An array for each name, as its row is called. */
static const struct function_names {
#define BERM_FN(id, name, style, argc, depth, cost) char id[sizeof(name)];
#define BERM_SIG(overload, declaration, source, example)
#include "data/functions.def"
#undef BERM_FN
#undef BERM_SIG
} function_names = {
#define BERM_FN(id, name, style, argc, depth, cost) name,
#define BERM_SIG(overload, declaration, source, example)
#include "data/functions.def"
#undef BERM_FN
#undef BERM_SIG
};

const berm_function_info berm_function_infos[BERM_FN_COUNT] = {
#define BERM_FN(id, fn_name, fn_style, fn_argc, fn_depth, fn_cost) \
    [BERM_FN_##id] = {.name = offsetof(struct function_names, id), \
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

const char *berm_function_name(uint32_t id)
{
    return (const char *)&function_names + berm_function_infos[id].name;
}

int berm_function_find(berm_str name, bool method, uint32_t argc)
{
    int variadic = -1;
    uint8_t style = method ? BERM_FN_STYLE_METHOD : BERM_FN_STYLE_GLOBAL;
    for (int i = 0; i < BERM_FN_COUNT; i++) {
        const berm_function_info *info = &berm_function_infos[i];
        if (info->style != style || !berm_str_is(name, berm_function_name((uint32_t)i))) continue;
        if (info->argc == argc) return i;
        if (info->argc == BERM_FN_VARIADIC && argc >= 2) variadic = i;
    }
    return variadic;
}

bool berm_function_known(berm_str name)
{
    for (uint32_t i = 0; i < BERM_FN_COUNT; i++)
        if (berm_str_is(name, berm_function_name(i))) return true;
    return false;
}
