/* Trees of nodes in one array: growing, freeing, comparing. */
#include "cel/ast.h"

void berm_ast_init(berm_ast *ast, const berm_alloc *alloc)
{
    *ast = (berm_ast){.root = 0};
    berm_arena_init(&ast->arena, alloc);
}

void berm_ast_free(berm_ast *ast)
{
    const berm_alloc *alloc = ast->arena.alloc;
    berm_array_free(alloc, &ast->nodes);
    berm_array_free(alloc, &ast->links);
    berm_arena_free(&ast->arena);
    ast->root = 0;
}

berm_node berm_ast_add(berm_ast *ast, const berm_ast_node *node, const berm_ast_link *children,
                       uint32_t count)
{
    const berm_alloc *alloc = ast->arena.alloc;
    berm_ast_node copy = *node;
    uint16_t depth = 0;
    if (!berm_array_reserve(alloc, &ast->links, count)) return 0;
    if (ast->nodes.count == 0 && !berm_array_push(alloc, &ast->nodes, (berm_ast_node){0})) return 0;
    copy.first = ast->links.count;
    copy.count = count;
    for (uint32_t i = 0; i < count; i++) {
        const berm_ast_node *child = berm_ast_at(ast, children[i].node);
        if (child->depth > depth) depth = child->depth;
        ast->links.items[copy.first + i] = children[i];
    }
    copy.depth = depth < UINT16_MAX ? (uint16_t)(depth + 1) : UINT16_MAX;
    if (!berm_array_push(alloc, &ast->nodes, copy)) return 0;
    ast->links.count += count;
    return ast->nodes.count - 1;
}

/* What a node says, its children apart. A LOOP's name is one of several spellings of its macro. */
static bool equal_ast_heads(const berm_ast_node *x, const berm_ast_node *y)
{
    unsigned differing = (unsigned)(x->flags ^ y->flags) & ~(unsigned)BERM_AST_CHAINED;
    return x->kind == y->kind && !differing && x->macro == y->macro && x->count == y->count &&
           (x->kind == BERM_AST_LOOP || berm_str_equal(x->name, y->name)) &&
           berm_str_equal(x->var, y->var) && berm_str_equal(x->var2, y->var2) &&
           x->value.tag == y->value.tag && x->value.as.u == y->value.as.u;
}

bool berm_ast_equal(const berm_ast *a, berm_node x, const berm_ast *b, berm_node y)
{
    const berm_ast_node *left = berm_ast_at(a, x), *right = berm_ast_at(b, y);
    if (!equal_ast_heads(left, right)) return false;
    for (uint32_t i = 0; i < left->count; i++) {
        const berm_ast_link *p = &a->links.items[left->first + i];
        const berm_ast_link *q = &b->links.items[right->first + i];
        if (p->flags != q->flags || !berm_ast_equal(a, p->node, b, q->node)) return false;
    }
    return true;
}
