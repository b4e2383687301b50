/* Constant folding: the parts of an expression that need no input, worked out once while compiling.

   Only what gives a value is folded; what ends in an error (1 / 0) is left to run, where && and ||
   may absorb it. The cost of a folded part is that of running it, so folding is invisible to
   budgets. */
#ifndef BERM_CODE_FOLD_H
#define BERM_CODE_FOLD_H

#include "cel/ast.h"
#include "data/store.h"

typedef struct berm_folded {
    berm_cell value; /* MISSING: not a constant */
    uint64_t cost;
} berm_folded;

typedef struct berm_fold {
    berm_space space;   /* where the values are */
    berm_folded *nodes; /* per node of the tree */
    uint32_t count;
} berm_fold;

/* Works out all constant parts. False: no memory; the fold is to be freed all the same. */
bool berm_fold_tree(berm_fold *fold, const berm_alloc *alloc, const berm_ast *ast);
void berm_fold_free(berm_fold *fold);

#endif
