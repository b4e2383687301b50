/* One expression over one world, judged. */
#ifndef BERM_MODEL_TRIAL_H
#define BERM_MODEL_TRIAL_H

#include "world.h"

typedef enum verdict {
    TRIAL_AGREES,
    TRIAL_SKIPPED, /* too much work for the model */
    TRIAL_DIFFERS
} verdict;

typedef struct finding {
    const char *what; /* in a few words */
    const value *wanted, *got;
    world over; /* the values that were tried when it showed */
} finding;

typedef struct tally {
    bool wrong; /* a test of the trial itself: what it compares with is made wrong */
    uint64_t trials, skipped, values, errors, refused, unknown, decided, values_alike, errors_alike,
        graphs;
} tally;

/* A way to try: the AST's expression over `w`; a finding is filled when it differs. `d` throws
   what the trial needs. */
typedef verdict trial(heap *h, dice d, const berm_ast *ast, const world *w, finding *f, tally *t);

/* Model, VM and VM after saving and loading come to the same. */
trial try_model;
/* What is decided although some values are unknown stays so whatever they are. */
trial try_unknowns;
/* With every literal in a variable, nothing is folded: same result, same cost. */
trial try_folding;

#endif
