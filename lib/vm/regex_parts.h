/* The engines behind matches(): each runs a program, which is borrowed. */
#ifndef BERM_VM_REGEX_PARTS_H
#define BERM_VM_REGEX_PARTS_H

#include "code/regex.h"
#include "data/store.h"

/* GAVE_UP without fuel or memory, where the space's status says so; a DFA also where it does not
   pay. */
typedef enum berm_regex_answer {
    BERM_REGEX_NO,
    BERM_REGEX_YES,
    BERM_REGEX_GAVE_UP
} berm_regex_answer;

/* --- regex_pike.c: where a pattern matches, in time linear in the text --- */
typedef struct berm_regex_pike berm_regex_pike;
/* NULL without memory. */
berm_regex_pike *berm_regex_pike_new(const berm_alloc *alloc, const berm_regex_program *program);
void berm_regex_pike_free(berm_regex_pike *pike);
/* The leftmost match at `from` or behind: spans[0] and [1] are where it begins and ends, spans[2 g]
   and [2 g + 1] the same of group g, UINT32_MAX where it took no part. */
berm_regex_answer berm_regex_pike_find(const berm_regex_pike *pike, berm_space *space,
                                       berm_str text, size_t from, uint32_t *spans,
                                       uint32_t span_count);

/* The assertions that hold between two code points, a bit for each; -1 is the edge of the text. */
uint32_t berm_regex_assertions(int32_t before, int32_t after);
/* The code point that ends at `at`; -1 at the begin. */
int32_t berm_regex_code_before(berm_str text, size_t at);

/* --- regex_dfa.c: whether it does, a table look-up for each code point in the steady state --- */
typedef struct berm_regex_dfa berm_regex_dfa;
/* NULL without memory. */
berm_regex_dfa *berm_regex_dfa_new(const berm_alloc *alloc, const berm_regex_program *program);
void berm_regex_dfa_free(berm_regex_dfa *dfa);
/* Whether there is a match at `from` or behind. */
berm_regex_answer berm_regex_dfa_match(berm_regex_dfa *dfa, berm_space *space, berm_str text,
                                       size_t from);

#endif
