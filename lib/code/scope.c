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
    const berm_scope *scope = ctx;
    int function = -1;
    if (berm_function_known(name)) {
        *known = true;
        function = berm_function_find(name, method, argc);
    }
    if (function >= 0 || !berm_hosts_known(scope->hosts, name)) return function;
    *known = true;
    int host = berm_hosts_find(scope->hosts, name, method, argc);
    return host < 0 ? host : BERM_FN_COUNT + host;
}

berm_callee berm_scope_callee(const berm_scope *scope, berm_names *names, const berm_ast *ast,
                              const berm_ast_node *call)
{
    const berm_function_finder finder = {.ctx = scope, .find = find_scope_function};
    return berm_names_callee(names, ast, call, &finder);
}

void berm_scope_offer_functions(const berm_scope *scope, berm_nearest *nearest, bool method)
{
    uint8_t style = method ? BERM_FN_STYLE_METHOD : BERM_FN_STYLE_GLOBAL;
    for (uint32_t i = 0; i < BERM_FN_COUNT; i++) {
        const berm_function_info *info = &berm_function_infos[i];
        if (info->style == style) berm_nearest_offer(nearest, berm_str_of(berm_function_name(i)));
    }
    const berm_hosts *hosts = scope->hosts;
    for (uint32_t i = 0; hosts && i < hosts->items.count; i++) {
        const berm_host *host = &hosts->items.items[i];
        if (host->method == method) berm_nearest_offer(nearest, host->name);
    }
}
