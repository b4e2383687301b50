/* Writing the code of one block. */
#include "code/emit.h"

#define EMIT_COST_MAX 255u

void berm_emit_begin(berm_emit *emit, berm_codegen *gen)
{
    *emit = (berm_emit){.gen = gen,
                        .block_count = gen->blocks.count,
                        .root_count = gen->roots.count,
                        .expr_count = gen->exprs.count,
                        .start = gen->code.count,
                        .root = BERM_NO_ROW};
}

void berm_emit_undo(berm_emit *emit)
{
    berm_codegen *gen = emit->gen;
    gen->code.count = emit->start;
    gen->blocks.count = emit->block_count;
    gen->roots.count = emit->root_count;
    gen->exprs.count = emit->expr_count;
}

static void fail_emit(berm_emit *emit)
{
    if (!emit->gen->failed) emit->gen->status = BERM_E_NOMEM;
    emit->gen->failed = true;
}

uint32_t berm_emit_here(const berm_emit *emit)
{
    return emit->gen->code.count - emit->start;
}

uint16_t berm_emit_registers(berm_emit *emit, uint32_t count)
{
    if (emit->next_register + count > UINT16_MAX) {
        emit->too_large = true;
        return 0;
    }
    uint16_t first = (uint16_t)emit->next_register;
    emit->next_register += count;
    if (emit->register_count < emit->next_register) emit->register_count = emit->next_register;
    return first;
}

/* To find a place is to read the expression from its beginning: what is further inside is told by
   the place of the whole, so that long expressions do not take the square of their length. */
#define EMIT_PLACED_MAX 4096u

/* A row where the source changes; words without one belong to the row before. */
static void note_source(berm_emit *emit)
{
    berm_codegen *gen = emit->gen;
    if (emit->root == BERM_NO_ROW) return;
    berm_img_expr row = {gen->code.count, emit->root, emit->off, emit->len, 0, 0};
    if (gen->exprs.count > emit->expr_count) {
        const berm_img_expr *last = &gen->exprs.items[gen->exprs.count - 1];
        if (last->root == row.root && last->off == row.off && last->len == row.len) return;
    }
    if (emit->origin && row.off < EMIT_PLACED_MAX)
        berm_diags_locate(gen->diags, berm_cel_place(emit->origin, row.off, row.len), &row.line,
                          &row.column);
    if (!berm_array_push(gen->alloc, &gen->exprs, row)) fail_emit(emit);
}

static void push_word(berm_emit *emit, berm_ins ins)
{
    berm_codegen *gen = emit->gen;
    if (gen->code.count >= BERM_IMAGE_CODE_MAX) {
        emit->too_large = true;
    } else if (!gen->failed && !berm_array_push(gen->alloc, &gen->code, ins)) {
        fail_emit(emit);
    }
}

/* Costs that do not fit the one byte of an instruction go into NOPs before it. */
static void push_instruction(berm_emit *emit, berm_ins ins)
{
    note_source(emit);
    while (emit->cost > EMIT_COST_MAX && !emit->gen->failed && !emit->too_large) {
        push_word(emit, (berm_ins){.op = BERM_OP_NOP, .cost = EMIT_COST_MAX});
        emit->cost -= EMIT_COST_MAX;
    }
    ins.cost = (uint8_t)(emit->cost & EMIT_COST_MAX);
    emit->cost = 0;
    push_word(emit, ins);
}

void berm_emit_abc(berm_emit *emit, berm_op op, uint16_t a, uint16_t b, uint16_t c)
{
    push_instruction(emit, (berm_ins){.op = (uint8_t)op, .a = a, .b = b, .c = c});
}

void berm_emit_wide(berm_emit *emit, berm_op op, uint16_t a, uint32_t w)
{
    push_instruction(emit, (berm_ins){.op = (uint8_t)op, .a = a, .w = w});
}

/* The word just written waits for `label`. */
static void chain_label(berm_emit *emit, berm_label *label)
{
    if (berm_emit_here(emit) > 0) label->newest = berm_emit_here(emit) - 1;
}

void berm_emit_jump(berm_emit *emit, berm_op op, uint16_t a, berm_label *to)
{
    berm_emit_wide(emit, op, a, to->newest);
    chain_label(emit, to);
}

void berm_emit_second(berm_emit *emit, uint16_t a, berm_label *to)
{
    push_word(emit, (berm_ins){.a = a, .w = to->newest});
    chain_label(emit, to);
}

void berm_emit_call(berm_emit *emit, berm_op op, uint16_t a, uint32_t block)
{
    const berm_img_block *callee = &emit->gen->blocks.items[block];
    if (emit->callee_registers < callee->depth_registers) {
        emit->callee_registers = callee->depth_registers;
    }
    if (emit->callee_depth < callee->call_depth) emit->callee_depth = callee->call_depth;
    berm_emit_wide(emit, op, a, block);
}

void berm_emit_bind(berm_emit *emit, berm_label *label)
{
    if (emit->cost) berm_emit_wide(emit, BERM_OP_NOP, 0, 0);
    /* Without memory, or with too much code, words are missing: their places mean nothing. */
    if (emit->gen->failed || emit->too_large) return;
    uint32_t here = berm_emit_here(emit);
    for (uint32_t word = label->newest; word != UINT32_MAX;) {
        berm_ins *ins = &emit->gen->code.items[emit->start + word];
        word = ins->w;
        ins->w = here;
    }
    label->newest = UINT32_MAX;
}

uint32_t berm_emit_end(berm_emit *emit, uint32_t root)
{
    berm_codegen *gen = emit->gen;
    berm_img_block row = {
        .code = emit->start,
        .code_count = berm_emit_here(emit),
        .register_count = emit->register_count,
        .depth_registers = emit->register_count + emit->callee_registers,
        .call_depth = emit->callee_depth + 1,
        .root = root,
    };
    if (row.depth_registers > BERM_IMAGE_REGISTERS_MAX || row.call_depth > BERM_IMAGE_CALLS_MAX) {
        emit->too_large = true;
    }
    if (!berm_array_push(gen->alloc, &gen->blocks, row)) fail_emit(emit);
    return gen->blocks.count - 1;
}
