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

/* Rows in the order of functions.def: each function's row, which has no overload, goes before
   its overloads' rows. */
static const berm_signature signature_rows[] = {
#define BERM_FN(id, name, style, argc, depth, cost) {NULL, (name), NULL, NULL},
#define BERM_SIG(overload, declaration, source, example) \
    {(overload), (declaration), (source), (example)},
#include "data/functions.def"
#undef BERM_FN
#undef BERM_SIG
};

const berm_signature *berm_function_signatures(berm_function_id id, uint32_t *count)
{
    const berm_signature *row = signature_rows, *end = row + sizeof signature_rows / sizeof *row;
    for (uint32_t functions = 0; row < end; row++)
        if (!row->overload && functions++ == (uint32_t)id) break;
    const berm_signature *first = row + 1;
    *count = 0;
    while (first + *count < end && first[*count].overload) ++*count;
    return first;
}

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
