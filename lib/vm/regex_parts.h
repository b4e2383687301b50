/* The engines behind matches(): what each is made from, and how it answers. */
#ifndef BERM_VM_REGEX_PARTS_H
#define BERM_VM_REGEX_PARTS_H

#include "data/store.h"
#include "vm/regex_tree.h"

typedef enum berm_regex_answer {
    BERM_REGEX_NO,
    BERM_REGEX_YES,
    BERM_REGEX_GAVE_UP
} berm_regex_answer;

/* --- regex_simple.c: patterns that need no engine --- */
typedef struct berm_regex_run {
    uint32_t class, min, max;
} berm_regex_run;

typedef struct berm_regex_simple {
    enum { BERM_REGEX_NOT_SIMPLE, BERM_REGEX_LITERAL, BERM_REGEX_RUNS } form;
    bool begin, end; /* anchored there */
    BERM_ARRAY(berm_regex_run) runs;
    BERM_ARRAY(char) text; /* LITERAL: the runs as one text */
} berm_regex_simple;
/* False without memory. */
bool berm_regex_simple_make(berm_regex_simple *simple, const berm_regex_tree *tree);
void berm_regex_simple_free(berm_regex_simple *simple, const berm_alloc *alloc);
bool berm_regex_simple_match(const berm_regex_simple *simple, const berm_regex_tree *tree,
                             berm_str text);

/* --- regex_proof.c --- */
/* Whether every match has to begin at the begin of the text. */
bool berm_regex_is_anchored(const berm_regex_tree *tree, uint32_t node);
/* Whether a backtracking engine takes time linear in the text: at every step at most one way on
   fits the next code point, no text is read in two ways, and attempts start at one place or are
   short. */
bool berm_regex_is_plain(const berm_regex_tree *tree);

/* --- regex_nfa.c: any pattern, in time linear in the text --- */
typedef struct berm_regex_nfa berm_regex_nfa;
/* NULL without memory, or with *too_large set when the program would be. Not for trees that need
   Unicode's tables. */
berm_regex_nfa *berm_regex_nfa_new(const berm_regex_tree *tree, bool *too_large);
void berm_regex_nfa_free(berm_regex_nfa *nfa);
/* Gives up when the fuel of the space ends. *steps (nullable) counts what was done, for tests. */
berm_regex_answer berm_regex_nfa_match(berm_regex_nfa *nfa, berm_space *space, berm_str text,
                                       uint64_t *steps);

/* The assertions that hold between two code points, a bit for each; -1 is the edge of the text. */
uint32_t berm_regex_assertions(int32_t before, int32_t after);

/* --- regex_find.c: where a pattern matches, in time linear in the text --- */
typedef struct berm_regex_finder berm_regex_finder;
#define BERM_REGEX_GROUPS_KEPT 9u
/* As berm_regex_nfa_new. */
berm_regex_finder *berm_regex_finder_new(const berm_regex_tree *tree, bool *too_large);
void berm_regex_finder_free(berm_regex_finder *finder);
/* The leftmost match at `from` or behind: spans[0] and [1] are where it begins and ends, spans[2 g]
   and [2 g + 1] the same of group g, UINT32_MAX where it took no part. Gives up without fuel. */
berm_regex_answer berm_regex_finder_find(const berm_regex_finder *finder, berm_space *space,
                                         berm_str text, size_t from, uint32_t *spans,
                                         uint32_t span_count);

/* --- regex_pcre.c: the only file that knows pcre2 --- */
typedef struct berm_regex_pcre berm_regex_pcre;
/* NULL without memory, or when pcre2 refuses: the caller goes on with another engine. */
berm_regex_pcre *berm_regex_pcre_new(const berm_regex_tree *tree);
void berm_regex_pcre_free(berm_regex_pcre *pcre);
/* Gives up at its limits. */
berm_regex_answer berm_regex_pcre_match(berm_regex_pcre *pcre, berm_str text);
/* Where the leftmost match at `from` or behind begins and ends. */
berm_regex_answer berm_regex_pcre_find(berm_regex_pcre *pcre, berm_str text, size_t from,
                                       uint32_t span[2]);

#endif
