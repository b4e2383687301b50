/* The inside of a DFA: what its files share. */
#ifndef BERM_VM_REGEX_DFA_H
#define BERM_VM_REGEX_DFA_H

#include "vm/regex_parts.h"

#define BERM_DFA_SYMBOLS_MAX 255u
#define BERM_DFA_BUCKETS 256u
#define BERM_DFA_BYTES_PER_FUEL 16u

/* What a row says beside other rows. */
enum { BERM_DFA_UNKNOWN, BERM_DFA_NO_MATCH, BERM_DFA_MATCH, BERM_DFA_ROWS = 4 };

/* What stands before the next code point, as far as assertions look at it. */
enum {
    BERM_BEFORE_BEGIN,
    BERM_BEFORE_LINE,
    BERM_BEFORE_WORD,
    BERM_BEFORE_OTHER,
    BERM_BEFORE_COUNT
};

/* From code point `from` to the next cut all are the same symbol. */
typedef struct berm_dfa_cut {
    uint32_t from, symbol;
} berm_dfa_cut;

typedef struct berm_dfa_state {
    uint32_t first, count; /* of `sets`: states of the program behind what was read, ascending */
    uint32_t before, next; /* the next state in the same bucket, + 1 */
} berm_dfa_state;

struct berm_regex_dfa {
    const berm_alloc *alloc;
    const berm_regex_program *program;
    uint8_t ascii[128];                     /* symbols */
    BERM_ARRAY(berm_dfa_cut) cuts;          /* all code points, in order */
    uint32_t samples[BERM_DFA_SYMBOLS_MAX]; /* a code point of each symbol */
    uint32_t width;                         /* of a row: the symbols and, last, the end */
    BERM_ARRAY(berm_dfa_state) states;      /* that of row BERM_DFA_ROWS + i * width is i */
    BERM_ARRAY(uint32_t) sets, rows;        /* from a row and a symbol to a row */
    uint32_t buckets[BERM_DFA_BUCKETS];     /* a state + 1 */
    uint32_t begins[BERM_BEFORE_COUNT];     /* rows in which nothing has been read */
    uint32_t *dense, *sparse, *stack;       /* for each state of the program; one allocation */
    uint32_t *bits;
    uint32_t live; /* in `dense` */
    uint64_t read; /* bytes since the last time all was forgotten */
    bool looks_back, off;
};

/* --- regex_symbols.c --- */
/* Which code points are one symbol; false without memory. */
bool berm_dfa_find_symbols(berm_regex_dfa *dfa);
/* The cut that a code point lies behind. */
const berm_dfa_cut *berm_dfa_find_cut(const berm_regex_dfa *dfa, uint32_t code);

/* --- regex_steps.c --- */
/* Which BERM_BEFORE_x a code point is; -1 is the begin. */
uint32_t berm_dfa_look_back(const berm_regex_dfa *dfa, int32_t code);
/* The row in which nothing has been read; BERM_DFA_UNKNOWN without memory. */
uint32_t berm_dfa_begin(berm_regex_dfa *dfa, berm_space *space, uint32_t before);
/* Where `symbol` leads from a row; BERM_DFA_UNKNOWN to give up. */
uint32_t berm_dfa_step(berm_regex_dfa *dfa, berm_space *space, uint32_t row, uint32_t symbol);

#endif
