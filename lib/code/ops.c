/* The instruction table as data. */
#include "code/image.h"

/* Operand kinds as characters: KIND_R is 'R', and KIND__ an operand that is not there. */
enum {
    KIND__ = '_',
    KIND_R = 'R',
    KIND_W = 'W',
    KIND_X = 'X',
    KIND_K = 'K',
    KIND_L = 'L',
    KIND_U = 'U',
    KIND_B = 'B',
    KIND_V = 'V',
    KIND_F = 'F',
    KIND_H = 'H',
    KIND_E = 'E',
    KIND_P = 'P'
};

/* Member by member, so that the row of a second word adds to the row of its instruction. */
const berm_op_info berm_op_infos[BERM_OP_COUNT] = {
#define BERM_OP(name, text, A, B, C, word_count, says) \
    [BERM_OP_##name].mnemonic = (text), [BERM_OP_##name].a = KIND_##A, \
    [BERM_OP_##name].b = KIND_##B, [BERM_OP_##name].c = KIND_##C, \
    [BERM_OP_##name].words = (word_count),
#define BERM_OP2(name, A, B, C) \
    [BERM_OP_##name].a2 = KIND_##A, [BERM_OP_##name].b2 = KIND_##B, [BERM_OP_##name].c2 = KIND_##C,
#include "code/ops.def"
#undef BERM_OP
#undef BERM_OP2
};
