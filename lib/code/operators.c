/* Operators and their instructions. */
#include "code/operators.h"

static const struct operator_row {
    const char *name;
    uint8_t op, operands;
} operator_rows[] = {
    {"_==_", BERM_OP_EQ, 2}, {"_!=_", BERM_OP_NE, 2}, {"@in", BERM_OP_IN, 2},
    {"_<_", BERM_OP_LT, 2},  {"_<=_", BERM_OP_LE, 2}, {"_>_", BERM_OP_GT, 2},
    {"_>=_", BERM_OP_GE, 2}, {"_+_", BERM_OP_ADD, 2}, {"_-_", BERM_OP_SUB, 2},
    {"_*_", BERM_OP_MUL, 2}, {"_/_", BERM_OP_DIV, 2}, {"_%_", BERM_OP_MOD, 2},
    {"!_", BERM_OP_NOT, 1},  {"-_", BERM_OP_NEG, 1},
};

berm_op berm_operator_of(const berm_ast_node *call)
{
    if (call->kind != BERM_AST_CALL || (call->flags & BERM_AST_RECEIVER)) return BERM_OP_NOP;
    for (size_t i = 0; i < sizeof operator_rows / sizeof *operator_rows; i++) {
        const struct operator_row *row = &operator_rows[i];
        if (row->operands == call->count && berm_str_is(call->name, row->name)) {
            return (berm_op)row->op;
        }
    }
    return BERM_OP_NOP;
}
