/* Values that outlive the arena: the results of host functions, and what pending calls were asked.
   A keep is a store of its own that grows; what is in it names its own cells, so it may move. */
#ifndef BERM_VM_KEEP_H
#define BERM_VM_KEEP_H

#include "base/mem.h"
#include "data/store.h"

typedef struct berm_keep {
    const berm_alloc *alloc;
    BERM_ARRAY(berm_cell) cells;
    BERM_ARRAY(char) text;
    berm_store store; /* the arrays as a store: points to where they are now */
} berm_keep;

void berm_keep_free(berm_keep *keep);
void berm_keep_clear(berm_keep *keep);

/* What copies of values take. */
typedef struct berm_keep_size {
    uint64_t cells, text;
} berm_keep_size;
/* Adds up what lies below the surface of `value`; false when it is nested deeper than `depth`. */
bool berm_keep_measure(const berm_space *space, berm_cell value, uint32_t depth,
                       berm_keep_size *size);
static inline uint64_t berm_keep_bytes(berm_keep_size size)
{
    return size.cells * sizeof(berm_cell) + size.text;
}
/* Room for that much more; the store may be elsewhere afterwards. E_NOMEM. */
berm_status berm_keep_reserve(berm_keep *keep, berm_keep_size size);
/* A deep copy, for which there is room; its store is SELF. Plain data: no error. Spans are not
   kept. */
berm_cell berm_keep_copy(berm_keep *keep, const berm_space *space, berm_cell value);
/* A list of `count` values, for which there is room. */
berm_cell berm_keep_list(berm_keep *keep, const berm_space *space, const berm_cell *values,
                         uint32_t count);
/* A single cell for `value`, which is in the keep: its number. There is room for it. */
uint32_t berm_keep_place(berm_keep *keep, berm_cell value);

#endif
