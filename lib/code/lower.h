/* Lowering: what its files share. One berm_lowering turns one expression, or the parts of one
   message, into a block.

   Registers are a stack: an expression is lowered into a register its parent chose, with everything
   above free to it. Local variables (of loops and binds) live in registers and are read in
   place. */
#ifndef BERM_CODE_LOWER_H
#define BERM_CODE_LOWER_H

#include "code/emit.h"
#include "code/fold.h"
#include "code/scope.h"
#include "data/functions.h"

typedef struct berm_lowering {
    berm_emit emit;
    const berm_ast *ast;
    const berm_expr_origin *origin;
    const berm_scope *scope;
    berm_names names;
    berm_fold fold;
    bool refused; /* diagnostics were added: what is written is only walked on to find more */
} berm_lowering;

/* --- lower.c --- */
/* Begins to write a block; end gives its row, or undoes everything and says why. The ROOT of the
   block is that of its only expression, or BERM_NO_ROW. */
void berm_lowering_begin(berm_lowering *low, berm_codegen *gen, const berm_scope *scope);
berm_status berm_lowering_end(berm_lowering *low, uint32_t root, uint32_t *block);
/* Lowers a whole tree into `dst`; the row of its ROOT. */
uint32_t berm_lowering_root(berm_lowering *low, const berm_ast *ast, const berm_expr_origin *origin,
                            uint16_t dst);

void berm_lower_into(berm_lowering *low, berm_node node, uint16_t dst);
/* Where the value of `node` is: the register of a local variable as it stands, or else `dst`,
   filled. */
uint16_t berm_lower_in(berm_lowering *low, berm_node node, uint16_t dst);
static inline uint16_t berm_lower_register(berm_lowering *low)
{
    return berm_emit_registers(&low->emit, 1);
}
void berm_lower_refuse(berm_lowering *low, berm_diag_id id, uint32_t off, uint32_t len,
                       const char *format, ...);

/* --- lower_call.c --- */
void berm_lower_call(berm_lowering *low, const berm_ast_node *node, uint16_t dst);
/* `dst` = the function on what stands in the registers from `first` on. */
void berm_lower_function(berm_lowering *low, berm_function_id function, uint16_t dst,
                         uint16_t first);

/* --- lower_logic.c --- */
void berm_lower_logic(berm_lowering *low, const berm_ast_node *node, uint16_t dst);
void berm_lower_cond(berm_lowering *low, const berm_ast_node *node, uint16_t dst);

/* --- lower_loop.c --- */
void berm_lower_loop(berm_lowering *low, const berm_ast_node *node, uint16_t dst);

/* --- lower_bind.c: variables without a loop --- */
void berm_lower_bind(berm_lowering *low, const berm_ast_node *node, uint16_t dst);
void berm_lower_block(berm_lowering *low, const berm_ast_node *node, uint16_t dst);

static inline berm_node berm_lower_child(const berm_lowering *low, const berm_ast_node *node,
                                         uint32_t i)
{
    return low->ast->links.items[node->first + i].node;
}

#endif
