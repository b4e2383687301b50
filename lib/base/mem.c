/* The allocator hook and growable arrays. */
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static void *resize_with_libc(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
    (void)ctx;
    (void)old_len;
    if (new_len == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, new_len);
}

const berm_alloc berm_alloc_libc = {resize_with_libc, NULL};

void *berm_mem_resize(const berm_alloc *alloc, void *ptr, size_t old_len, size_t new_len)
{
    if (old_len == 0 && new_len == 0) return NULL;
    /* No object may be larger than a pointer difference can tell. */
    if (new_len > PTRDIFF_MAX) return NULL;
    return alloc->realloc(alloc->ctx, ptr, old_len, new_len);
}

void *berm_mem_new(const berm_alloc *alloc, size_t len)
{
    void *block = berm_mem_resize(alloc, NULL, 0, len);
    if (block) memset(block, 0, len);
    return block;
}

void berm_mem_free(const berm_alloc *alloc, void *ptr, size_t len)
{
    if (ptr) alloc->realloc(alloc->ctx, ptr, len, 0);
}

/* The next capacity: half as much again and at least what is needed, within 32 bits. */
static uint32_t choose_capacity(uint32_t cap, size_t needed)
{
    size_t grown = (size_t)cap + cap / 2 + 8;
    if (grown < needed) grown = needed;
    return grown > UINT32_MAX ? UINT32_MAX : (uint32_t)grown;
}

bool berm_array_grow(const berm_alloc *alloc, void *items, uint32_t *cap, uint32_t count,
                     size_t extra, size_t item_len)
{
    if (extra > UINT32_MAX - count) return false;
    uint32_t new_cap = choose_capacity(*cap, (size_t)count + extra);
    if (new_cap > PTRDIFF_MAX / item_len) return false;
    /* `items` is the address of a pointer of some type: copied, because reading it as void *
       would alias. */
    void *old;
    memcpy(&old, items, sizeof old);
    void *grown = berm_mem_resize(alloc, old, *cap * item_len, new_cap * item_len);
    if (!grown) return false;
    memcpy(items, &grown, sizeof grown);
    *cap = new_cap;
    return true;
}
