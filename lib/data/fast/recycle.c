#include "data/fast/recycle.h"

#include <string.h>

/* In front of each block; as long as the alignment that is asked of allocators. */
struct berm_recycle_block {
    size_t cap;    /* bytes behind this */
    uint32_t idle; /* runs that ended since somebody had it */
    uint32_t unused_padding;
};

#define RECYCLE_HEAD 16u
#define RECYCLE_SMALL (size_t)4096
#define RECYCLE_LARGE (size_t)1048576
#define RECYCLE_IDLE 256u
_Static_assert(sizeof(berm_recycle_block) <= RECYCLE_HEAD, "the head has its place");

static void *find_block_bytes(berm_recycle_block *block)
{
    return (char *)block + RECYCLE_HEAD;
}

static berm_recycle_block *find_block_of(void *bytes)
{
    return (berm_recycle_block *)(void *)((char *)bytes - RECYCLE_HEAD);
}

static void drop_block(berm_recycle *r, berm_recycle_block *block)
{
    berm_mem_free(&r->from, block, RECYCLE_HEAD + block->cap);
}

/* The smallest one that is large enough; NULL: none is. Small needs leave large ones to others. */
static berm_recycle_block *take_kept(berm_recycle *r, size_t len)
{
    uint32_t best = BERM_RECYCLE_MAX;
    size_t most = len < RECYCLE_SMALL ? 16 * RECYCLE_SMALL : SIZE_MAX;
    for (uint32_t i = 0; i < r->count; i++) {
        if (r->kept[i]->cap < len || r->kept[i]->cap > most) continue;
        if (best == BERM_RECYCLE_MAX || r->kept[i]->cap < r->kept[best]->cap) best = i;
    }
    if (best == BERM_RECYCLE_MAX) return NULL;
    berm_recycle_block *block = r->kept[best];
    r->kept[best] = r->kept[--r->count];
    block->idle = 0;
    return block;
}

static void keep_block(berm_recycle *r, berm_recycle_block *block)
{
    if (r->count == BERM_RECYCLE_MAX) drop_block(r, block);
    else r->kept[r->count++] = block;
}

/* A few sizes alone, so that soon every need finds one: an eighth more at most. */
static size_t round_block(size_t len)
{
    size_t step = 64;
    while (step < len / 8) step *= 2;
    return (len + step - 1) / step * step;
}

/* `block` NULL: a new one. */
static void *resize_block(berm_recycle *r, berm_recycle_block *block, size_t len)
{
    if (len > PTRDIFF_MAX / 2) return NULL;
    len = round_block(len);
    size_t old = block ? RECYCLE_HEAD + block->cap : 0;
    block = berm_mem_resize(&r->from, block, old, RECYCLE_HEAD + len);
    if (!block) return NULL;
    *block = (berm_recycle_block){.cap = len};
    return find_block_bytes(block);
}

static void *recycle_bytes(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
    berm_recycle *r = ctx;
    berm_recycle_block *block = ptr ? find_block_of(ptr) : NULL;
    if (new_len == 0) {
        if (block) keep_block(r, block);
        return NULL;
    }
    if (block && block->cap >= new_len) return ptr;
    berm_recycle_block *other = take_kept(r, new_len);
    if (!other) return resize_block(r, block, new_len);
    if (block) {
        memcpy(find_block_bytes(other), ptr, old_len);
        keep_block(r, block);
    }
    return find_block_bytes(other);
}

void berm_recycle_init(berm_recycle *recycle, const berm_alloc *from)
{
    recycle->from = *from;
    recycle->alloc = (berm_alloc){.realloc = recycle_bytes, .ctx = recycle};
    recycle->count = 0;
}

void berm_recycle_turn(berm_recycle *recycle)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < recycle->count; i++) {
        berm_recycle_block *block = recycle->kept[i];
        uint32_t most = block->cap < RECYCLE_LARGE ? RECYCLE_IDLE : 1;
        if (++block->idle > most) drop_block(recycle, block);
        else recycle->kept[count++] = block;
    }
    recycle->count = count;
}

void berm_recycle_free(berm_recycle *recycle)
{
    while (recycle->count > 0) drop_block(recycle, recycle->kept[--recycle->count]);
}
