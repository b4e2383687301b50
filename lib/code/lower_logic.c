/* && || and ?: in jumps. Errors and unknowns are values, so only a deciding left side skips the
   right one. */
#include "code/lower.h"

/*     dst = a
       jump_false dst, end        (jump_true for ||)
       dst = dst && b
   end:                                                    */
void berm_lower_logic(berm_lowering *low, const berm_ast_node *node, uint16_t dst)
{
    bool both = node->kind == BERM_AST_AND;
    uint32_t free_register = low->emit.next_register;
    berm_label end = BERM_LABEL_NEW;
    berm_lower_into(low, berm_lower_child(low, node, 0), dst);
    berm_emit_jump(&low->emit, both ? BERM_OP_JUMP_FALSE : BERM_OP_JUMP_TRUE, dst, &end);
    uint16_t right = berm_lower_in(low, berm_lower_child(low, node, 1), berm_lower_register(low));
    berm_emit_abc(&low->emit, both ? BERM_OP_AND : BERM_OP_OR, dst, right, 0);
    berm_emit_bind(&low->emit, &end);
    low->emit.next_register = free_register;
}

/*     cond c, otherwise; dst, end
       dst = a
       jump chosen
   otherwise:
       dst = b
   chosen:
       tint dst, c                what the choice says about a sensitive condition is sensitive
   end:                                                    */
void berm_lower_cond(berm_lowering *low, const berm_ast_node *node, uint16_t dst)
{
    uint32_t free_register = low->emit.next_register;
    berm_label otherwise = BERM_LABEL_NEW, chosen = BERM_LABEL_NEW, end = BERM_LABEL_NEW;
    uint16_t condition =
        berm_lower_in(low, berm_lower_child(low, node, 0), berm_lower_register(low));
    berm_emit_jump(&low->emit, BERM_OP_COND, condition, &otherwise);
    berm_emit_second(&low->emit, dst, &end);
    berm_lower_into(low, berm_lower_child(low, node, 1), dst);
    berm_emit_jump(&low->emit, BERM_OP_JUMP, 0, &chosen);
    berm_emit_bind(&low->emit, &otherwise);
    berm_lower_into(low, berm_lower_child(low, node, 2), dst);
    berm_emit_bind(&low->emit, &chosen);
    berm_emit_abc(&low->emit, BERM_OP_TINT, dst, condition, 0);
    berm_emit_bind(&low->emit, &end);
    low->emit.next_register = free_register;
}
