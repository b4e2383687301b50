/* What has been seen already, by its hash, which is salted: what is equal is told by it alone. */
#ifndef BERM_POLICY_SEEN_H
#define BERM_POLICY_SEEN_H

#include "base/mem.h"

typedef struct berm_seen_entry {
    uint64_t hash;
    uint32_t count; /* 0: the place is free */
} berm_seen_entry;

/* All zero at first. */
typedef struct berm_seen {
    berm_seen_entry *entries; /* open addressing, at most half of them taken */
    uint32_t entry_count;     /* 0 or a power of two */
    uint32_t taken;
} berm_seen;

/* How often `hash` has been counted, with this time; 0: no memory. */
uint32_t berm_seen_count(berm_seen *seen, const berm_alloc *alloc, uint64_t hash);
/* Nothing has been seen; the memory stays. */
void berm_seen_clear(berm_seen *seen);
void berm_seen_free(berm_seen *seen, const berm_alloc *alloc);

#endif
