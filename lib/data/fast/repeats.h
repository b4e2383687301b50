/* Keys that repeat in objects that are checked and not built. Nobody keeps such keys, so while one
   of these objects is open, a hash and the place of each of its keys wait here:

     {"a": 1, "b": {"c": 2 ..      keys   0 | a | b | 1 | c
                                          where the keys of the object around it begin

   Asked for only where repeats are warned of or refused. */
#ifndef BERM_DATA_FAST_REPEATS_H
#define BERM_DATA_FAST_REPEATS_H

#include "base/mem.h"

typedef struct berm_repeats {
    BERM_ARRAY(uint64_t) keys; /* hash << 32 | offset of the key's first byte */
    uint32_t base;             /* where those of the innermost object begin */
    uint32_t spare;            /* different keys of one hash that are looked at yet */
} berm_repeats;

/* An object begins. False: no memory. */
bool berm_repeats_open(const berm_alloc *alloc, berm_repeats *r);

/* Its key at text[at..end), which has no escape. False: no memory. */
bool berm_repeats_add(const berm_alloc *alloc, berm_repeats *r, const char *text, uint32_t at,
                      uint32_t end);
/* It ends. True: one of its keys repeats, or perhaps does. */
bool berm_repeats_close(berm_repeats *r, const char *text);

#endif
