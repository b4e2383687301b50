/* Constant folding. Children are numbered before their parents, so one pass over the nodes is
   enough; a child that is not counts as no constant. */
#include "code/fold.h"

#include "code/operators.h"
#include "data/ops.h"
#include "data/tree.h"

#define FOLD_MEMORY_MAX ((uint64_t)16 << 20)

static bool is_folded(const berm_fold *fold, berm_node node)
{
    return fold->nodes[node].value.tag != BERM_TAG_MISSING;
}

static const berm_folded *folded_child(const berm_fold *fold, const berm_ast *ast,
                                       const berm_ast_node *node, uint32_t i)
{
    return &fold->nodes[ast->links.items[node->first + i].node];
}

/* A node that stands on all of its children: are they constants? Their costs are added up. */
static bool sum_children(const berm_fold *fold, const berm_ast *ast, berm_node n, uint64_t *cost)
{
    const berm_ast_node *node = berm_ast_at(ast, n);
    *cost = 1;
    for (uint32_t i = 0; i < node->count; i++) {
        const berm_ast_link *link = &ast->links.items[node->first + i];
        if (link->node >= n || link->flags || !is_folded(fold, link->node)) return false;
        *cost += fold->nodes[link->node].cost;
    }
    return true;
}

/* --- operators --- */

static berm_cell fold_truth(berm_truth truth, bool wanted)
{
    if (truth == BERM_UNDECIDED) return berm_cell_of(BERM_TAG_MISSING);
    return berm_cell_bool((truth == BERM_TRUE) == wanted);
}

static berm_cell fold_order(const berm_space *space, berm_op op, berm_cell a, berm_cell b)
{
    int order = 2;
    if (!berm_value_order(space, a, b, &order)) return berm_cell_of(BERM_TAG_MISSING);
    if (order == 2) return berm_cell_bool(false);
    switch (op) {
    case BERM_OP_LT: return berm_cell_bool(order < 0);
    case BERM_OP_LE: return berm_cell_bool(order <= 0);
    case BERM_OP_GT: return berm_cell_bool(order > 0);
    default: return berm_cell_bool(order >= 0);
    }
}

static berm_cell fold_binary(berm_space *space, berm_op op, berm_cell a, berm_cell b)
{
    switch (op) {
    case BERM_OP_ADD: return berm_value_arith(space, BERM_ADD, a, b, 0);
    case BERM_OP_SUB: return berm_value_arith(space, BERM_SUB, a, b, 0);
    case BERM_OP_MUL: return berm_value_arith(space, BERM_MUL, a, b, 0);
    case BERM_OP_DIV: return berm_value_arith(space, BERM_DIV, a, b, 0);
    case BERM_OP_MOD: return berm_value_arith(space, BERM_MOD, a, b, 0);
    case BERM_OP_EQ: return fold_truth(berm_value_equal(space, a, b), true);
    case BERM_OP_NE: return fold_truth(berm_value_equal(space, a, b), false);
    case BERM_OP_IN:
        if (b.tag != BERM_TAG_LIST && b.tag != BERM_TAG_MAP) return berm_cell_of(BERM_TAG_MISSING);
        return fold_truth(berm_value_in(space, a, b), true);
    default: return fold_order(space, op, a, b);
    }
}

static berm_cell fold_unary(berm_space *space, berm_op op, berm_cell a)
{
    if (op == BERM_OP_NEG) return berm_value_negate(space, a, 0);
    if (a.tag != BERM_TAG_BOOL) return berm_cell_of(BERM_TAG_MISSING);
    return berm_cell_bool(!a.as.u);
}

static void fold_operator(berm_fold *fold, const berm_ast *ast, berm_node n)
{
    const berm_ast_node *node = berm_ast_at(ast, n);
    berm_op op = berm_operator_of(node);
    berm_folded result;
    if (op == BERM_OP_NOP || !sum_children(fold, ast, n, &result.cost)) return;
    berm_cell a = folded_child(fold, ast, node, 0)->value;
    result.value = node->count == 1
                       ? fold_unary(&fold->space, op, a)
                       : fold_binary(&fold->space, op, a, folded_child(fold, ast, node, 1)->value);
    bool decided = result.value.tag != BERM_TAG_ERROR && result.value.tag != BERM_TAG_MISSING;
    if (decided) fold->nodes[n] = result;
}

/* --- && || ?: with the cost of what would have run --- */

static bool are_bools(const berm_folded *a, const berm_folded *b)
{
    return a->value.tag == BERM_TAG_BOOL && b->value.tag == BERM_TAG_BOOL;
}

static void fold_logic(berm_fold *fold, const berm_ast *ast, berm_node n)
{
    const berm_ast_node *node = berm_ast_at(ast, n);
    uint64_t whole;
    if (!sum_children(fold, ast, n, &whole)) return;
    const berm_folded *a = folded_child(fold, ast, node, 0);
    const berm_folded *b = folded_child(fold, ast, node, 1);
    if (!are_bools(a, b)) return;
    bool decided = berm_cell_is_true(a->value) == (node->kind == BERM_AST_OR);
    fold->nodes[n].value = decided ? a->value : b->value;
    fold->nodes[n].cost = decided ? 1 + a->cost : whole;
}

static void fold_cond(berm_fold *fold, const berm_ast *ast, berm_node n)
{
    const berm_ast_node *node = berm_ast_at(ast, n);
    uint64_t whole;
    if (!sum_children(fold, ast, n, &whole)) return;
    const berm_folded *condition = folded_child(fold, ast, node, 0);
    if (condition->value.tag != BERM_TAG_BOOL) return;
    const berm_folded *taken = folded_child(fold, ast, node, condition->value.as.u ? 1 : 2);
    fold->nodes[n].value = taken->value;
    fold->nodes[n].cost = 1 + condition->cost + taken->cost;
}

/* --- literals --- */

static void fold_literal(berm_fold *fold, const berm_ast *ast, berm_node n)
{
    const berm_ast_node *node = berm_ast_at(ast, n);
    berm_cell value = node->value;
    value.aux = BERM_NO_SPAN;
    value.flags = 0;
    if (value.tag == BERM_TAG_STRING || value.tag == BERM_TAG_BYTES) {
        value = berm_space_string(&fold->space, node->name);
        if (value.tag == BERM_TAG_STRING) value.tag = node->value.tag;
    }
    fold->nodes[n] = (berm_folded){value, 1};
}

static void fold_list(berm_fold *fold, const berm_ast *ast, berm_node n)
{
    const berm_ast_node *node = berm_ast_at(ast, n);
    berm_folded result = {.value = berm_cell_of(BERM_TAG_LIST)};
    if (!sum_children(fold, ast, n, &result.cost)) return;
    berm_cell *items = berm_space_cells(&fold->space, node->count, &result.value);
    if (!items) return;
    for (uint32_t i = 0; i < node->count; i++) items[i] = folded_child(fold, ast, node, i)->value;
    fold->nodes[n] = result;
}

static bool is_constant_key(berm_cell c)
{
    return c.tag == BERM_TAG_BOOL || c.tag == BERM_TAG_INT || c.tag == BERM_TAG_UINT ||
           c.tag == BERM_TAG_STRING;
}

static void fold_map(berm_fold *fold, const berm_ast *ast, berm_node n)
{
    const berm_ast_node *node = berm_ast_at(ast, n);
    berm_folded result = {.value = berm_cell_of(BERM_TAG_MAP)};
    if (!sum_children(fold, ast, n, &result.cost)) return;
    uint32_t count = node->count / 2, repeat;
    for (uint32_t i = 0; i < count; i++) {
        if (!is_constant_key(folded_child(fold, ast, node, 2 * i)->value)) return;
    }
    berm_cell *members =
        berm_space_cells(&fold->space, node->count + berm_map_order_cells(count), &result.value);
    if (!members) return;
    for (uint32_t i = 0; i < node->count; i++) {
        members[i] = folded_child(fold, ast, node, i)->value;
    }
    berm_map_finish(&fold->space, members, count, &repeat);
    result.value.as.ref.len = count;
    if (repeat == UINT32_MAX) fold->nodes[n] = result;
}

static void fold_node(berm_fold *fold, const berm_ast *ast, berm_node n)
{
    switch (berm_ast_at(ast, n)->kind) {
    case BERM_AST_LITERAL: fold_literal(fold, ast, n); break;
    case BERM_AST_CALL: fold_operator(fold, ast, n); break;
    case BERM_AST_AND:
    case BERM_AST_OR: fold_logic(fold, ast, n); break;
    case BERM_AST_COND: fold_cond(fold, ast, n); break;
    case BERM_AST_LIST: fold_list(fold, ast, n); break;
    case BERM_AST_MAP: fold_map(fold, ast, n); break;
    default: break;
    }
}

bool berm_fold_tree(berm_fold *fold, const berm_alloc *alloc, const berm_ast *ast)
{
    berm_space_init(&fold->space, alloc, FOLD_MEMORY_MAX);
    fold->count = ast->nodes.count;
    fold->nodes = berm_mem_new(alloc, fold->count * sizeof *fold->nodes);
    if (!fold->nodes) return false;
    /* Folding too much at once only ends the folding: what is left runs as it is written. */
    for (berm_node n = 1; n < fold->count && fold->space.status == BERM_OK; n++) {
        fold_node(fold, ast, n);
        if (fold->space.status != BERM_OK) fold->nodes[n] = (berm_folded){0};
    }
    return fold->space.status != BERM_E_NOMEM;
}

void berm_fold_free(berm_fold *fold)
{
    const berm_alloc *alloc = fold->space.alloc;
    if (!alloc) return;
    berm_mem_free(alloc, fold->nodes, fold->count * sizeof *fold->nodes);
    berm_space_free(&fold->space);
    *fold = (berm_fold){0};
}
