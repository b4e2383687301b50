/* Writing the code of one block: instructions, labels, registers, costs, and which source each word
   comes from.

   Costs are collected, not passed: entering a node adds 1 to `cost`, and the next instruction
   carries what has been collected. It runs exactly when the node is entered, because a label takes
   what is still there before it is set. */
#ifndef BERM_CODE_EMIT_H
#define BERM_CODE_EMIT_H

#include "code/codegen.h"

typedef struct berm_emit {
    berm_codegen *gen;
    uint32_t block_count, root_count,
        expr_count; /* of the tables before this block: what undo goes back to */
    uint32_t start; /* first word */
    uint32_t next_register, register_count;
    uint32_t callee_registers, callee_depth; /* of the deepest block called */
    uint64_t cost;
    uint32_t root, off, len;       /* the source of what is written now; root may be BERM_NO_ROW */
    const berm_cel_origin *origin; /* of the root; may be NULL */
    bool too_large;                /* more registers or words than there can be */
} berm_emit;

/* Where jumps lead that is not known yet: the words that wait for it, each naming the one
   before. */
typedef struct berm_label {
    uint32_t newest;
} berm_label;
#define BERM_LABEL_NEW ((berm_label){UINT32_MAX})

void berm_emit_begin(berm_emit *emit, berm_codegen *gen);
/* The BLOCK row of what was written; `root` may be BERM_NO_ROW. */
uint32_t berm_emit_end(berm_emit *emit, uint32_t root);
/* Forget everything since begin, constants apart. */
void berm_emit_undo(berm_emit *emit);

/* `count` neighbouring registers, free again once next_register is set back to what it was. */
uint16_t berm_emit_registers(berm_emit *emit, uint32_t count);

void berm_emit_abc(berm_emit *emit, berm_op op, uint16_t a, uint16_t b, uint16_t c);
void berm_emit_wide(berm_emit *emit, berm_op op, uint16_t a, uint32_t w);
void berm_emit_jump(berm_emit *emit, berm_op op, uint16_t a, berm_label *to);
/* The second word of the instruction just written. */
void berm_emit_second(berm_emit *emit, uint16_t a, berm_label *to);
void berm_emit_call(berm_emit *emit, berm_op op, uint16_t a, uint32_t block);
void berm_emit_bind(berm_emit *emit, berm_label *label);
/* The word to be written next, counted from the block's first. */
uint32_t berm_emit_here(const berm_emit *emit);

#endif
