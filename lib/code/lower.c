/* Lowering: expressions that look into values, literals, and what leads to the other files. */
#include "code/lower.h"

void berm_lowering_begin(berm_lowering *low, berm_codegen *gen, const berm_scope *scope)
{
    *low = (berm_lowering){.scope = scope, .names = berm_scope_names(scope, gen->alloc)};
    berm_emit_begin(&low->emit, gen);
}

berm_status berm_lowering_end(berm_lowering *low, uint32_t root, uint32_t *block)
{
    berm_codegen *gen = low->emit.gen;
    *block = berm_emit_end(&low->emit, root);
    if (low->emit.too_large && !low->refused) {
        berm_lower_refuse(low, BERM_D_CEL_TOO_LARGE, 0, 0,
                          "the expression needs more registers or instructions than there can be");
    }
    bool lost = low->names.failed || berm_diags_failed(gen->diags);
    berm_names_free(&low->names);
    if (!lost && !gen->failed && !low->refused) return BERM_OK;
    berm_emit_undo(&low->emit);
    *block = BERM_NO_ROW;
    if (gen->failed) return gen->status;
    return lost ? BERM_E_NOMEM : BERM_E_POLICY;
}

void berm_lower_refuse(berm_lowering *low, berm_diag_id id, uint32_t off, uint32_t len,
                       const char *format, ...)
{
    const berm_cel_origin *origin = low->origin ? low->origin->diag_origin : NULL;
    berm_place place = origin ? berm_cel_place(origin, off, len) : BERM_NOWHERE;
    va_list args;
    va_start(args, format);
    low->refused = true;
    if (berm_diags_vadd(low->emit.gen->diags, id, place, format, args) != BERM_OK) {
        low->names.failed = true;
    }
    va_end(args);
}

/* --- literals --- */

static void lower_literal(berm_lowering *low, const berm_ast_node *node, uint16_t dst)
{
    berm_codegen *gen = low->emit.gen;
    uint32_t cell;
    if (node->value.tag == BERM_TAG_STRING) cell = berm_codegen_string(gen, node->name);
    else if (node->value.tag == BERM_TAG_BYTES) cell = berm_codegen_bytes(gen, node->name);
    else cell = berm_codegen_constant(gen, &low->fold.space, node->value);
    berm_emit_wide(&low->emit, BERM_OP_CONST, dst, cell);
}

/* True when the node was worked out while compiling: the constant costs what the node would
   have. */
static bool lower_folded(berm_lowering *low, berm_node node, uint16_t dst)
{
    const berm_folded *folded = &low->fold.nodes[node];
    if (folded->value.tag == BERM_TAG_MISSING) return false;
    uint32_t cell = berm_codegen_constant(low->emit.gen, &low->fold.space, folded->value);
    low->emit.cost += folded->cost;
    berm_emit_wide(&low->emit, BERM_OP_CONST, dst, cell);
    return true;
}

static void lower_list(berm_lowering *low, const berm_ast_node *node, uint16_t dst)
{
    uint32_t free_register = low->emit.next_register;
    uint16_t mark = berm_lower_register(low), item = berm_lower_register(low);
    berm_emit_abc(&low->emit, BERM_OP_MARK, mark, 0, 0);
    for (uint32_t i = 0; i < node->count; i++) {
        const berm_ast_link *link = &low->ast->links.items[node->first + i];
        uint16_t value = berm_lower_in(low, link->node, item);
        berm_op push = link->flags & BERM_AST_OPTIONAL ? BERM_OP_PUSH_OPT : BERM_OP_PUSH;
        berm_emit_abc(&low->emit, push, value, 0, 0);
    }
    berm_emit_abc(&low->emit, BERM_OP_LIST, dst, mark, 0);
    low->emit.next_register = free_register;
}

static void lower_map(berm_lowering *low, const berm_ast_node *node, uint16_t dst)
{
    uint32_t free_register = low->emit.next_register;
    uint16_t mark = berm_lower_register(low);
    uint16_t left = berm_lower_register(low), right = berm_lower_register(low);
    berm_emit_abc(&low->emit, BERM_OP_MARK, mark, 0, 0);
    for (uint32_t i = 0; i + 1 < node->count; i += 2) {
        const berm_ast_link *link = &low->ast->links.items[node->first + i];
        uint16_t key = berm_lower_in(low, link->node, left);
        uint16_t value = berm_lower_in(low, link[1].node, right);
        if (link->flags & BERM_AST_OPTIONAL) {
            berm_emit_abc(&low->emit, BERM_OP_PUSH_PAIR_OPT, key, value, 0);
        } else {
            berm_emit_abc(&low->emit, BERM_OP_PUSH, key, 0, 0);
            berm_emit_abc(&low->emit, BERM_OP_PUSH, value, 0, 0);
        }
    }
    berm_emit_abc(&low->emit, BERM_OP_MAP, dst, mark, 0);
    low->emit.next_register = free_register;
}

/* --- names and what is in them --- */

static void lower_unknown_name(berm_lowering *low, const berm_named *named, uint16_t dst)
{
    if (low->scope->unchecked) {
        berm_emit_wide(&low->emit, BERM_OP_FAIL, dst, BERM_ERR_UNDECLARED);
        return;
    }
    berm_text message;
    berm_text_init(&message, low->emit.gen->alloc);
    const berm_ast_node *last = berm_names_print_unknown(&message, &low->names, named);
    if (message.failed) low->names.failed = true;
    berm_lower_refuse(low, BERM_D_CEL_UNDECLARED, last->off, last->len, "%S",
                      berm_text_view(&message));
    berm_text_free(&message);
}

static void lower_binding(berm_lowering *low, const berm_binding *binding, uint16_t dst)
{
    switch (binding->sort) {
    case BERM_BIND_SLOT: berm_emit_wide(&low->emit, BERM_OP_VAR, dst, binding->index); break;
    case BERM_BIND_CONST: berm_emit_wide(&low->emit, BERM_OP_CONST, dst, binding->index); break;
    case BERM_BIND_ONCE: berm_emit_call(&low->emit, BERM_OP_ONCE, dst, binding->index); break;
    }
}

static void lower_named(berm_lowering *low, const berm_named *named, uint16_t dst)
{
    switch (named->meaning) {
    case BERM_MEANS_LOCAL:
        berm_emit_abc(&low->emit, BERM_OP_MOVE, dst, (uint16_t)named->value, 0);
        break;
    case BERM_MEANS_DECLARED: lower_binding(low, &low->scope->bindings[named->value], dst); break;
    case BERM_MEANS_TYPE: {
        berm_cell type = berm_cell_of(BERM_TAG_TYPE);
        type.as.u = named->value;
        berm_emit_wide(&low->emit, BERM_OP_CONST, dst,
                       berm_codegen_constant(low->emit.gen, &low->fold.space, type));
        break;
    }
    case BERM_MEANS_AUTHORIZER: berm_lower_function(low, BERM_FN_AUTHORIZER, dst, dst); break;
    default: lower_unknown_name(low, named, dst); break;
    }
}

static void set_place(berm_lowering *low, const berm_ast_node *node)
{
    low->emit.off = node->off;
    low->emit.len = node->len;
}

/* An identifier, or a plain selection. All names of a chain are looked at together, and paid for
   together: nothing in between leaves the path. */
static void lower_chain(berm_lowering *low, const berm_ast_node *node, berm_node n, uint16_t dst)
{
    berm_named named = berm_names_resolve(&low->names, low->ast, n);
    if (low->names.failed) return;
    if (named.meaning == BERM_MEANS_VALUE) {
        berm_lower_into(low, berm_lower_child(low, node, 0), dst);
        berm_emit_wide(&low->emit, BERM_OP_FIELD, dst, berm_codegen_key(low->emit.gen, node->name));
        return;
    }
    low->emit.cost += low->names.chain.count - 1;
    set_place(low, berm_names_at(&low->names, named.length - 1));
    lower_named(low, &named, dst);
    if (named.meaning == BERM_MEANS_NOTHING) return;
    for (uint32_t i = named.length; i < low->names.chain.count; i++) {
        const berm_ast_node *select = berm_names_at(&low->names, i);
        set_place(low, select);
        berm_emit_wide(&low->emit, BERM_OP_FIELD, dst,
                       berm_codegen_key(low->emit.gen, select->name));
    }
}

static void lower_select(berm_lowering *low, const berm_ast_node *node, berm_node n, uint16_t dst)
{
    if (!(node->flags & (BERM_AST_TEST | BERM_AST_OPTIONAL))) {
        lower_chain(low, node, n, dst);
        return;
    }
    berm_lower_into(low, berm_lower_child(low, node, 0), dst);
    berm_op op = node->flags & BERM_AST_TEST ? BERM_OP_HAS : BERM_OP_OPT_FIELD;
    berm_emit_wide(&low->emit, op, dst, berm_codegen_key(low->emit.gen, node->name));
}

static void lower_index(berm_lowering *low, const berm_ast_node *node, uint16_t dst)
{
    uint32_t free_register = low->emit.next_register;
    uint16_t container = berm_lower_in(low, berm_lower_child(low, node, 0), dst);
    uint16_t index = berm_lower_in(low, berm_lower_child(low, node, 1), berm_lower_register(low));
    berm_op op = node->flags & BERM_AST_OPTIONAL ? BERM_OP_OPT_INDEX : BERM_OP_INDEX;
    berm_emit_abc(&low->emit, op, dst, container, index);
    low->emit.next_register = free_register;
}

/* --- any node --- */

static void lower_node(berm_lowering *low, const berm_ast_node *node, berm_node n, uint16_t dst)
{
    switch (node->kind) {
    case BERM_AST_LITERAL: lower_literal(low, node, dst); break;
    case BERM_AST_IDENT: lower_chain(low, node, n, dst); break;
    case BERM_AST_SELECT: lower_select(low, node, n, dst); break;
    case BERM_AST_INDEX: lower_index(low, node, dst); break;
    case BERM_AST_CALL: berm_lower_call(low, node, dst); break;
    case BERM_AST_AND:
    case BERM_AST_OR: berm_lower_logic(low, node, dst); break;
    case BERM_AST_COND: berm_lower_cond(low, node, dst); break;
    case BERM_AST_LIST: lower_list(low, node, dst); break;
    case BERM_AST_MAP: lower_map(low, node, dst); break;
    case BERM_AST_LOOP: berm_lower_loop(low, node, dst); break;
    case BERM_AST_BIND: berm_lower_bind(low, node, dst); break;
    case BERM_AST_STRUCT:
        berm_lower_refuse(low, BERM_D_CEL_FUNCTION, node->off, node->len,
                          "messages cannot be constructed: write a map instead of '%S{..}'",
                          node->name);
        break;
    default: berm_lower_refuse(low, BERM_D_INTERNAL, node->off, node->len, "an empty tree"); break;
    }
}

void berm_lower_into(berm_lowering *low, berm_node n, uint16_t dst)
{
    const berm_ast_node *node = berm_ast_at(low->ast, n);
    uint32_t off = low->emit.off, len = low->emit.len;
    set_place(low, node);
    if (!lower_folded(low, n, dst)) {
        low->emit.cost++;
        lower_node(low, node, n, dst);
    }
    low->emit.off = off;
    low->emit.len = len;
}

uint16_t berm_lower_in(berm_lowering *low, berm_node n, uint16_t dst)
{
    uint32_t reg;
    if (!berm_names_local(&low->names, berm_ast_at(low->ast, n), &reg)) {
        berm_lower_into(low, n, dst);
        return dst;
    }
    low->emit.cost++;
    return (uint16_t)reg;
}

uint32_t berm_lowering_root(berm_lowering *low, const berm_ast *ast, const berm_expr_origin *origin,
                            uint16_t dst)
{
    berm_codegen *gen = low->emit.gen;
    berm_img_root root = {origin->source_row, origin->line, origin->column,
                          berm_codegen_text(gen, ast->text)};
    low->ast = ast;
    low->origin = origin;
    low->emit.root = gen->roots.count;
    low->emit.origin = origin->diag_origin;
    if (!berm_array_push(gen->alloc, &gen->roots, root) ||
        !berm_fold_tree(&low->fold, gen->alloc, ast)) {
        low->names.failed = true;
    } else {
        berm_lower_into(low, ast->root, dst);
        set_place(low, berm_ast_at(ast, ast->root));
    }
    berm_fold_free(&low->fold);
    return low->emit.root;
}

berm_status berm_lower(berm_codegen *gen, const berm_ast *ast, const berm_scope *scope,
                       const berm_expr_origin *origin, uint32_t *block)
{
    berm_lowering low;
    berm_lowering_begin(&low, gen, scope);
    uint16_t result = berm_lower_register(&low);
    uint32_t root = berm_lowering_root(&low, ast, origin, result);
    berm_emit_abc(&low.emit, BERM_OP_RET, result, 0, 0);
    return berm_lowering_end(&low, root, block);
}
