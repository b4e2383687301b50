/* An allocator for tests of the lower layers: it counts the bytes in use, checks that sizes given
   back are the sizes that were asked for, and fails at a chosen call, or from it on. */
#ifndef BERM_TESTS_BASE_ALLOC_H
#define BERM_TESTS_BASE_ALLOC_H

#include "base/mem.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct counted_heap {
    size_t in_use, calls;
    size_t fail_at; /* the number, from 1, of the first call that fails; 0: none does */
    int once;       /* that call alone fails */
    int wrong_len;  /* an old length was not the block's */
} counted_heap;

/* Every block is preceded by its length. */
#define COUNTED_HEAD 16u

static void *resize_counted(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
    counted_heap *heap = ctx;
    char *block = ptr ? (char *)ptr - COUNTED_HEAD : NULL;
    size_t known = 0;
    if (block) memcpy(&known, block, sizeof known);
    if (known != old_len) heap->wrong_len = 1;
    if (new_len == 0) {
        heap->in_use -= known;
        free(block);
        return NULL;
    }
    heap->calls++;
    bool late = heap->calls > heap->fail_at && !heap->once;
    if (heap->fail_at && (heap->calls == heap->fail_at || late)) return NULL;
    char *grown = realloc(block, COUNTED_HEAD + new_len);
    if (!grown) return NULL;
    memcpy(grown, &new_len, sizeof new_len);
    heap->in_use += new_len - known;
    return grown + COUNTED_HEAD;
}

static inline berm_alloc counted_alloc(counted_heap *heap)
{
    return (berm_alloc){resize_counted, heap};
}

#endif
