/* Variables without a loop: cel.bind, optMap, optFlatMap, cel.block. A variable is evaluated once,
   where it is declared: that it might not be needed changes no result, because an error in it is a
   value nobody looks at. */
#include "code/lower.h"

#define BLOCK_NAME_LEN 24u

/*     v = init
       dst = body                                          */
static void lower_plain_bind(berm_lowering *low, const berm_ast_node *node, uint16_t dst)
{
    uint16_t variable = berm_lower_register(low);
    berm_lower_into(low, berm_lower_child(low, node, 0), variable);
    berm_names_push(&low->names, node->var, variable);
    berm_lower_into(low, berm_lower_child(low, node, 1), dst);
}

/*     o = optional
       h = o.hasValue()
       cond h, none; dst, end
       v = o.value()
       dst = body;  dst = optional.of(dst)                 (optFlatMap: the body is an optional)
       tint dst, o
       jump end
   none:
       dst = o
   end:                                                    */
static void lower_optional_bind(berm_lowering *low, const berm_ast_node *node, uint16_t dst)
{
    berm_label none = BERM_LABEL_NEW, end = BERM_LABEL_NEW;
    uint16_t optional = berm_lower_register(low), variable = berm_lower_register(low);
    berm_lower_into(low, berm_lower_child(low, node, 0), optional);
    berm_lower_function(low, BERM_FN_HAS_VALUE, variable, optional);
    berm_emit_jump(&low->emit, BERM_OP_COND, variable, &none);
    berm_emit_second(&low->emit, dst, &end);
    berm_lower_function(low, BERM_FN_VALUE, variable, optional);
    berm_names_push(&low->names, node->var, variable);
    berm_lower_into(low, berm_lower_child(low, node, 1), dst);
    if (node->macro == BERM_MACRO_OPT_MAP) berm_emit_abc(&low->emit, BERM_OP_OPT, dst, dst, 0);
    berm_emit_abc(&low->emit, BERM_OP_TINT, dst, optional, 0);
    berm_emit_jump(&low->emit, BERM_OP_JUMP, 0, &end);
    berm_emit_bind(&low->emit, &none);
    berm_emit_abc(&low->emit, BERM_OP_MOVE, dst, optional, 0);
    berm_emit_bind(&low->emit, &end);
}

void berm_lower_bind(berm_lowering *low, const berm_ast_node *node, uint16_t dst)
{
    uint32_t free_register = low->emit.next_register, locals = low->names.locals.count;
    if (node->macro == BERM_MACRO_BIND) lower_plain_bind(low, node, dst);
    else lower_optional_bind(low, node, dst);
    low->names.locals.count = locals;
    low->emit.next_register = free_register;
}

/* cel.block([a, b], body): @index0, @index1 are variables for the elements behind them and the
   body. */
void berm_lower_block(berm_lowering *low, const berm_ast_node *node, uint16_t dst)
{
    uint32_t free_register = low->emit.next_register, locals = low->names.locals.count;
    uint32_t elements = node->count - 1;
    size_t len = (size_t)elements * BLOCK_NAME_LEN;
    char *names = berm_mem_new(low->emit.gen->alloc, len);
    if (elements && !names) low->names.failed = true;
    for (uint32_t i = 0; i < elements && names; i++) {
        uint16_t variable = berm_lower_register(low);
        berm_lower_into(low, berm_lower_child(low, node, i), variable);
        char *name = names + (size_t)i * BLOCK_NAME_LEN;
        berm_format_into(name, BLOCK_NAME_LEN, "@index%u", i);
        berm_names_push(&low->names, berm_str_of(name), variable);
    }
    berm_lower_into(low, berm_lower_child(low, node, elements), dst);
    low->names.locals.count = locals;
    low->emit.next_register = free_register;
    berm_mem_free(low->emit.gen->alloc, names, len);
}
