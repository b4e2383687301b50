#include "code/scope.h"

#include "data/functions.h"

berm_names berm_scope_names(const berm_scope *scope, const berm_alloc *alloc)
{
    berm_names names = {.alloc = alloc, .container = scope->container};
    if (scope->count == 0) return names;
    names.declared =
        (berm_name_list){&scope->bindings->name, sizeof *scope->bindings, scope->count};
    return names;
}

static int find_scope_function(const void *ctx, berm_str name, bool method, uint32_t argc,
                               bool *known)
{
    (void)ctx;
    if (!berm_function_known(name)) return -1;
    *known = true;
    return berm_function_find(name, method, argc);
}

berm_callee berm_scope_callee(berm_names *names, const berm_ast *ast, const berm_ast_node *call)
{
    const berm_function_finder finder = {.find = find_scope_function};
    return berm_names_callee(names, ast, call, &finder);
}

void berm_scope_offer_functions(berm_nearest *nearest, bool method)
{
    uint8_t style = method ? BERM_FN_STYLE_METHOD : BERM_FN_STYLE_GLOBAL;
    for (uint32_t i = 0; i < BERM_FN_COUNT; i++) {
        const berm_function_info *info = &berm_function_infos[i];
        if (info->style == style) berm_nearest_offer(nearest, berm_str_of(info->name));
    }
}
