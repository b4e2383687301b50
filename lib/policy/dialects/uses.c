#include "policy/dialects/uses.h"

#include <string.h>

static bool is_host_name(const berm_hosts *hosts, const char *first)
{
    size_t len = strlen(first);
    for (uint32_t i = 0; hosts && i < hosts->items.count; i++) {
        berm_str name = hosts->items.items[i].name;
        if (name.len > len && name.ptr[len] == '.' && !memcmp(name.ptr, first, len)) return true;
    }
    return false;
}

/* Names of Kyverno that stand for a cluster. */
static const char *find_cluster_name(const berm_ast_node *node)
{
    static const char *const names[] = {"resource", "http", "globalContext", "image"};
    for (size_t i = 0; node->kind == BERM_AST_IDENT && i < sizeof names / sizeof *names; i++)
        if (berm_str_is(node->name, names[i])) return names[i];
    return NULL;
}

/* What is called on the name, so that people read `resource.Get`; empty where nothing is. */
static berm_str find_called(const berm_ast *ast, uint32_t name)
{
    for (uint32_t i = name + 1; i < ast->nodes.count; i++) {
        const berm_ast_node *node = &ast->nodes.items[i];
        bool asks = node->kind == BERM_AST_SELECT ||
                    (node->kind == BERM_AST_CALL && node->flags & BERM_AST_RECEIVER);
        if (asks && node->count && ast->links.items[node->first].node == name) return node->name;
    }
    return BERM_STR("");
}

static bool check_cluster_uses(const berm_sight *sight, const berm_ast *ast,
                               const berm_cel_origin *origin)
{
    bool good = true;
    for (uint32_t i = 1; i < ast->nodes.count; i++) {
        const berm_ast_node *node = &ast->nodes.items[i];
        const char *name = find_cluster_name(node);
        if (!name || berm_sight_shadows(ast, name) || is_host_name(sight->build->hosts, name))
            continue;
        berm_str called = find_called(ast, i);
        berm_place_fault(sight->build, berm_cel_place(origin, node->off, node->len),
                         BERM_D_POLICY_UNSUPPORTED,
                         "`%s%s%S` asks a cluster, and the host has no function for it", name,
                         called.len ? "." : "", called);
        good = false;
    }
    return good;
}

/* In Kubernetes `variables` is an object that has what is declared: there has(variables.x) is true.
   (Of a variable that errs it errs; here its use does.) */
static bool settle_variable_test(const berm_sight *sight, const berm_ast *ast, berm_ast_node *node,
                                 const berm_cel_origin *origin)
{
    if (node->kind != BERM_AST_SELECT || !(node->flags & BERM_AST_TEST)) return true;
    const berm_ast_node *from = berm_ast_at(ast, ast->links.items[node->first].node);
    if (from->kind != BERM_AST_IDENT || !berm_str_is(from->name, "variables")) return true;
    bool seen = berm_sight_check_variable(sight, node, origin);
    node->kind = BERM_AST_LITERAL;
    node->flags = 0;
    node->count = 0;
    node->value = berm_cell_bool(true);
    return seen;
}

bool berm_dialect_check_uses(const berm_sight *sight, berm_ast *ast, const berm_cel_origin *origin)
{
    bool good = check_cluster_uses(sight, ast, origin);
    bool shadowed = berm_sight_shadows(ast, "variables");
    for (uint32_t i = 1; i < ast->nodes.count && !shadowed; i++)
        good &= settle_variable_test(sight, ast, &ast->nodes.items[i], origin);
    return good;
}
