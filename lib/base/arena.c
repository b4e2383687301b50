/* An arena: blocks in a list, the newest first and filled from its start.

     blocks -> [ next | len | ... used ....|  free  ] -> [ next | len | full ] -> NULL

   A request too large to share a block gets one of its own, put behind the newest so that its
   free part stays in use. */
#include "base/mem.h"

#include <string.h>

struct berm_arena_block {
    berm_arena_block *next;
    size_t len; /* with this header */
};

#define ARENA_ALIGN 16u
#define ARENA_FIRST_LEN 2048u
#define ARENA_MOST_LEN 65536u
#define ARENA_KEPT_LEN ((size_t)1 << 20) /* over a reset */

void berm_arena_init(berm_arena *arena, const berm_alloc *alloc)
{
    *arena = (berm_arena){.alloc = alloc};
}

static void free_arena_blocks(const berm_arena *arena, berm_arena_block *block)
{
    while (block) {
        berm_arena_block *next = block->next;
        berm_mem_free(arena->alloc, block, block->len);
        block = next;
    }
}

void berm_arena_free(berm_arena *arena)
{
    free_arena_blocks(arena, arena->blocks);
    free_arena_blocks(arena, arena->spare);
    arena->blocks = arena->spare = NULL;
    arena->used = 0;
}

void berm_arena_reset(berm_arena *arena)
{
    size_t kept = 0;
    while (arena->blocks) { /* the newest first, so that they are taken in the order of their age */
        berm_arena_block *block = arena->blocks;
        arena->blocks = block->next;
        block->next = arena->spare;
        arena->spare = block;
    }
    for (berm_arena_block **at = &arena->spare; *at; at = &(*at)->next) {
        kept += (*at)->len;
        if (kept <= ARENA_KEPT_LEN) continue;
        free_arena_blocks(arena, *at);
        *at = NULL;
        break;
    }
    arena->used = 0;
}

/* Offset of the first aligned byte at or behind `used`; the block itself may be aligned less
   than that. */
static size_t align_in_block(const berm_arena_block *block, size_t used)
{
    uintptr_t address = (uintptr_t)block + used;
    return used + (ARENA_ALIGN - address % ARENA_ALIGN) % ARENA_ALIGN;
}

static berm_arena_block *make_arena_block(berm_arena *arena, size_t len)
{
    for (berm_arena_block **at = &arena->spare; *at; at = &(*at)->next) {
        berm_arena_block *spare = *at;
        if (spare->len < len) continue;
        *at = spare->next;
        return spare;
    }
    berm_arena_block *block = berm_mem_resize(arena->alloc, NULL, 0, len);
    if (block) block->len = len;
    return block;
}

static void *place_in_own_block(berm_arena *arena, size_t len)
{
    berm_arena_block *block = make_arena_block(arena, sizeof *block + ARENA_ALIGN + len);
    if (!block) return NULL;
    if (arena->blocks) {
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = NULL;
        arena->blocks = block;
        arena->used = block->len;
    }
    return (char *)block + align_in_block(block, sizeof *block);
}

static bool push_arena_block(berm_arena *arena)
{
    size_t len = arena->blocks ? arena->blocks->len * 2 : ARENA_FIRST_LEN;
    if (len < ARENA_FIRST_LEN) len = ARENA_FIRST_LEN;
    if (len > ARENA_MOST_LEN) len = ARENA_MOST_LEN;
    berm_arena_block *block = make_arena_block(arena, len);
    if (!block) return false;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->used = sizeof *block;
    return true;
}

static void *place_in_arena(berm_arena *arena, size_t len)
{
    if (arena->blocks) {
        size_t off = align_in_block(arena->blocks, arena->used);
        if (off <= arena->blocks->len && arena->blocks->len - off >= len) {
            arena->used = off + len;
            return (char *)arena->blocks + off;
        }
    }
    if (len > ARENA_FIRST_LEN / 4) return place_in_own_block(arena, len);
    if (!push_arena_block(arena)) return NULL;
    size_t off = align_in_block(arena->blocks, arena->used);
    arena->used = off + len;
    return (char *)arena->blocks + off;
}

void *berm_arena_alloc(berm_arena *arena, size_t len)
{
    if (len > PTRDIFF_MAX / 2) return NULL;
    /* Never of no length, so that a pointer always tells success. */
    void *memory = place_in_arena(arena, len ? len : 1);
    if (memory) memset(memory, 0, len);
    return memory;
}

bool berm_arena_copy(berm_arena *arena, berm_str text, berm_str *out)
{
    if (text.len > PTRDIFF_MAX / 4) return false;
    char *copy = berm_arena_alloc(arena, text.len + 1);
    if (!copy) return false;
    if (text.len) memcpy(copy, text.ptr, text.len);
    *out = (berm_str){copy, text.len};
    return true;
}
