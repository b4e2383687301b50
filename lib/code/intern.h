/* Tables of what is stored once: hash to a numbered entry. The caller compares; equal hashes are
   gone through in turn. */
#ifndef BERM_CODE_INTERN_H
#define BERM_CODE_INTERN_H

#include "base/mem.h"

#define BERM_NO_ENTRY UINT32_MAX

typedef struct berm_intern_entry {
    uint64_t hash;
    uint32_t off, len; /* of a text; of a constant its cell in `off` */
    uint32_t next;     /* in the same bucket */
} berm_intern_entry;

typedef struct berm_intern_table {
    uint32_t *buckets; /* newest entry of each, or BERM_NO_ENTRY */
    uint32_t bucket_count;
    BERM_ARRAY(berm_intern_entry) entries;
} berm_intern_table;

void berm_intern_free(const berm_alloc *alloc, berm_intern_table *table);

/* The next entry with this hash; *at is BERM_NO_ENTRY before the first call and afterwards theirs.
   NULL: no more. Hashes are salted, so that nobody can make many that are equal; of others in the
   same bucket it goes past a bounded number, storing something twice does no harm. */
const berm_intern_entry *berm_intern_next(const berm_intern_table *table, uint64_t hash,
                                          uint32_t *at);
bool berm_intern_add(const berm_alloc *alloc, berm_intern_table *table, uint64_t hash, uint32_t off,
                     uint32_t len);

#endif
