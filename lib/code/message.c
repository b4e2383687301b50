/* Message templates. */
#include "code/lower.h"

static void push_literal(berm_lowering *low, berm_str literal, uint16_t item)
{
    berm_emit_wide(&low->emit, BERM_OP_CONST, item, berm_codegen_string(low->emit.gen, literal));
    berm_emit_abc(&low->emit, BERM_OP_PUSH, item, 0, 0);
}

/* Parts may be many expressions, so the block has no ROOT of its own: each word's row says which
   it belongs to. */
berm_status berm_lower_message(berm_codegen *gen, const berm_message_part *parts, uint32_t count,
                               const berm_scope *scope, uint32_t *block)
{
    berm_lowering low;
    berm_lowering_begin(&low, gen, scope);
    uint16_t result = berm_lower_register(&low), mark = berm_lower_register(&low);
    uint16_t item = berm_lower_register(&low);
    berm_emit_abc(&low.emit, BERM_OP_MARK, mark, 0, 0);
    for (uint32_t i = 0; i < count; i++) {
        if (!parts[i].ast) {
            push_literal(&low, parts[i].literal, item);
            continue;
        }
        berm_lowering_root(&low, parts[i].ast, &parts[i].origin, item);
        berm_emit_abc(&low.emit, BERM_OP_PUSH, item, 0, 0);
    }
    berm_emit_abc(&low.emit, BERM_OP_MESSAGE, result, mark, 0);
    berm_emit_abc(&low.emit, BERM_OP_RET, result, 0, 0);
    return berm_lowering_end(&low, BERM_NO_ROW, block);
}
