/* The macros that go through a container. Each is a loop of one shape,

       it = iterator over the range;  not iterable: dst, end
   top:
       next it -> variables, done
       (body)
       loop top
   done:
       dst = (result)
       tint dst, it               how many elements a sensitive container has is sensitive, too
   end:

   with its own body and its own result. Only all and exists absorb: in the others an error or
   unknown is the result. What a sensitive condition chose is collected in a register of its own,
   `chosen`. */
#include "code/lower.h"

typedef struct loop_frame {
    const berm_ast_node *node;
    uint16_t dst;
    uint16_t iterator, first, second, item, chosen;
    uint32_t top;
    berm_label done; /* behind the last element */
    berm_label end;  /* dst is set */
} loop_frame;

static void bind_loop_variables(berm_lowering *low, loop_frame *loop)
{
    loop->first = loop->second = berm_lower_register(low);
    berm_names_push(&low->names, loop->node->var, loop->first);
    if (loop->node->var2.len > 0) {
        loop->second = berm_lower_register(low);
        berm_names_push(&low->names, loop->node->var2, loop->second);
    }
}

/* The range is evaluated before the variables are known. */
static uint16_t lower_range(berm_lowering *low, loop_frame *loop)
{
    loop->iterator = berm_emit_registers(&low->emit, 3);
    return berm_lower_in(low, berm_lower_child(low, loop->node, 0), loop->iterator);
}

static void begin_loop(berm_lowering *low, loop_frame *loop, uint16_t range)
{
    berm_emit_abc(&low->emit, BERM_OP_ITER, loop->iterator, range, 0);
    berm_emit_second(&low->emit, loop->dst, &loop->end);
    bind_loop_variables(low, loop);
    loop->item = berm_lower_register(low);
    loop->top = berm_emit_here(&low->emit);
    berm_emit_abc(&low->emit, BERM_OP_NEXT, loop->iterator, loop->first, loop->second);
    berm_emit_second(&low->emit, 0, &loop->done);
}

static void end_loop(berm_lowering *low, loop_frame *loop)
{
    low->emit.cost++; /* of the iteration itself */
    berm_emit_wide(&low->emit, BERM_OP_LOOP, 0, loop->top);
    berm_emit_bind(&low->emit, &loop->done);
}

static void tint_result(berm_lowering *low, const loop_frame *loop, uint16_t by)
{
    berm_emit_abc(&low->emit, BERM_OP_TINT, loop->dst, by, 0);
}

static void load_loop_constant(berm_lowering *low, uint16_t dst, berm_cell value)
{
    berm_emit_wide(&low->emit, BERM_OP_CONST, dst,
                   berm_codegen_constant(low->emit.gen, &low->fold.space, value));
}

static uint16_t lower_body(berm_lowering *low, const loop_frame *loop, uint32_t child)
{
    return berm_lower_in(low, berm_lower_child(low, loop->node, child), loop->item);
}

/* The condition of filter, exists_one and the like: goes on where it is true, to `skip` where it is
   false. An undecided one is the result: dst, and on to `out`. */
static void lower_condition(berm_lowering *low, const loop_frame *loop, berm_label *skip,
                            berm_label *out)
{
    uint16_t holds = lower_body(low, loop, 1);
    berm_emit_abc(&low->emit, BERM_OP_TINT, loop->chosen, holds, 0);
    berm_emit_jump(&low->emit, BERM_OP_COND, holds, skip);
    berm_emit_second(&low->emit, loop->dst, out);
}

static void prepare_chosen(berm_lowering *low, loop_frame *loop)
{
    loop->chosen = berm_lower_register(low);
    load_loop_constant(low, loop->chosen, berm_cell_bool(false));
}

/* all, exists:
       dst = true
       .. dst = dst && p;  jump_false dst, done            (false, ||, jump_true for exists) */
static void lower_quantifier(berm_lowering *low, loop_frame *loop)
{
    bool all = loop->node->macro == BERM_MACRO_ALL;
    uint16_t range = lower_range(low, loop);
    load_loop_constant(low, loop->dst, berm_cell_bool(all));
    begin_loop(low, loop, range);
    uint16_t holds = lower_body(low, loop, 1);
    berm_emit_abc(&low->emit, all ? BERM_OP_AND : BERM_OP_OR, loop->dst, holds, 0);
    berm_emit_jump(&low->emit, all ? BERM_OP_JUMP_FALSE : BERM_OP_JUMP_TRUE, loop->dst,
                   &loop->done);
    end_loop(low, loop);
    tint_result(low, loop, loop->iterator);
}

/* exists_one:
       n = 0;  one = 1
       .. tint chosen, p;  cond p, skip; dst, end
          n = n + one
       skip:
   done:
       dst = n == one                                      */
static void lower_exists_one(berm_lowering *low, loop_frame *loop)
{
    berm_label skip = BERM_LABEL_NEW;
    uint16_t count = berm_lower_register(low), one = berm_lower_register(low);
    uint16_t range = lower_range(low, loop);
    load_loop_constant(low, count, berm_cell_int(0));
    load_loop_constant(low, one, berm_cell_int(1));
    prepare_chosen(low, loop);
    begin_loop(low, loop, range);
    lower_condition(low, loop, &skip, &loop->end);
    berm_emit_abc(&low->emit, BERM_OP_ADD, count, count, one);
    berm_emit_bind(&low->emit, &skip);
    end_loop(low, loop);
    berm_emit_abc(&low->emit, BERM_OP_EQ, loop->dst, count, one);
    tint_result(low, loop, loop->iterator);
    tint_result(low, loop, loop->chosen);
}

/* What map, filter and the transforms add for an element. */
static void push_element(berm_lowering *low, const loop_frame *loop)
{
    uint32_t last = loop->node->count - 1;
    if (loop->node->macro == BERM_MACRO_TRANSFORM_MAP) {
        berm_emit_abc(&low->emit, BERM_OP_PUSH, loop->first, 0, 0);
    }
    uint16_t element =
        loop->node->macro == BERM_MACRO_FILTER ? loop->first : lower_body(low, loop, last);
    berm_emit_abc(&low->emit, BERM_OP_PUSH, element, 0, 0);
}

static berm_op choose_collector(uint8_t macro)
{
    if (macro == BERM_MACRO_TRANSFORM_MAP) return BERM_OP_MAP;
    return macro == BERM_MACRO_TRANSFORM_MAP_ENTRY ? BERM_OP_MERGE : BERM_OP_LIST;
}

/* map, filter, transformList, transformMap, transformMapEntry, with or without a condition:
       mark m
       .. tint chosen, p;  cond p, skip; dst, drop
          push e
       skip:
   done:
       dst = list m
       jump end
   drop:                      an undecided condition is the result; what was pushed goes
       m = list m                                          */
static void lower_collect(berm_lowering *low, loop_frame *loop)
{
    berm_label skip = BERM_LABEL_NEW, drop = BERM_LABEL_NEW;
    const berm_ast_node *node = loop->node;
    bool filters = node->macro == BERM_MACRO_FILTER || node->count == 3;
    uint16_t mark = berm_lower_register(low);
    uint16_t range = lower_range(low, loop);
    if (filters) prepare_chosen(low, loop);
    berm_emit_abc(&low->emit, BERM_OP_MARK, mark, 0, 0);
    begin_loop(low, loop, range);
    if (filters) lower_condition(low, loop, &skip, &drop);
    push_element(low, loop);
    berm_emit_bind(&low->emit, &skip);
    end_loop(low, loop);
    berm_emit_abc(&low->emit, choose_collector(node->macro), loop->dst, mark, 0);
    tint_result(low, loop, loop->iterator);
    if (!filters) return;
    tint_result(low, loop, loop->chosen);
    berm_emit_jump(&low->emit, BERM_OP_JUMP, 0, &loop->end);
    berm_emit_bind(&low->emit, &drop);
    berm_emit_abc(&low->emit, BERM_OP_LIST, mark, mark, 0);
}

/* sortBy:
       r = range;  mark m
       .. push key
   done:
       m = list m
       dst = r sorted by m                                 */
static void lower_sort_by(berm_lowering *low, loop_frame *loop)
{
    uint16_t mark = berm_lower_register(low), range = berm_lower_register(low);
    range = berm_lower_in(low, berm_lower_child(low, loop->node, 0), range);
    loop->iterator = berm_emit_registers(&low->emit, 3);
    berm_emit_abc(&low->emit, BERM_OP_MARK, mark, 0, 0);
    begin_loop(low, loop, range);
    uint16_t key = lower_body(low, loop, 1);
    berm_emit_abc(&low->emit, BERM_OP_PUSH, key, 0, 0);
    end_loop(low, loop);
    berm_emit_abc(&low->emit, BERM_OP_LIST, mark, mark, 0);
    berm_emit_abc(&low->emit, BERM_OP_SORT, loop->dst, range, mark);
    tint_result(low, loop, loop->iterator);
}

void berm_lower_loop(berm_lowering *low, const berm_ast_node *node, uint16_t dst)
{
    uint32_t free_register = low->emit.next_register, locals = low->names.locals.count;
    loop_frame loop = {.node = node, .dst = dst, .done = BERM_LABEL_NEW, .end = BERM_LABEL_NEW};
    switch (node->macro) {
    case BERM_MACRO_ALL:
    case BERM_MACRO_EXISTS: lower_quantifier(low, &loop); break;
    case BERM_MACRO_EXISTS_ONE: lower_exists_one(low, &loop); break;
    case BERM_MACRO_SORT_BY: lower_sort_by(low, &loop); break;
    default: lower_collect(low, &loop); break;
    }
    berm_emit_bind(&low->emit, &loop.end);
    low->names.locals.count = locals;
    low->emit.next_register = free_register;
}
