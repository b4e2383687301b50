/* Memory of documents that are read again and again: what one run gives back the next one takes. A
   berm_alloc over another one. Large blocks that a whole run did not need go, small ones after many
   runs, so that no more is kept than the run before needed, and little. Not for several threads. */
#ifndef BERM_DATA_FAST_RECYCLE_H
#define BERM_DATA_FAST_RECYCLE_H

#include "base/mem.h"

#define BERM_RECYCLE_MAX 64u /* blocks that are kept */

typedef struct berm_recycle_block berm_recycle_block;

typedef struct berm_recycle {
    berm_alloc alloc; /* what others allocate by */
    berm_alloc from;
    berm_recycle_block *kept[BERM_RECYCLE_MAX];
    uint32_t count;
} berm_recycle;

/* It stays where it is as long as somebody uses recycle->alloc. */
void berm_recycle_init(berm_recycle *recycle, const berm_alloc *from);
/* A run ended: what was not needed for long goes. */
void berm_recycle_turn(berm_recycle *recycle);
/* All blocks were given back. */
void berm_recycle_free(berm_recycle *recycle);

#endif
