/* The allocator hook. Every allocation of the library goes through a berm_alloc, sizes are always
   known, and every allocation may fail. Blocks of length 0 are NULL. */
#ifndef BERM_BASE_MEM_H
#define BERM_BASE_MEM_H

#include <berm/berm.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) /* in files that are compiled for speed: rarely called, compiled for size */
#define BERM_RARE __attribute__((cold))
#else
#define BERM_RARE
#endif

/* The C library's allocator, used where the host gives none. */
extern const berm_alloc berm_alloc_libc;

/* As realloc: NULL on failure with the old block untouched; new_len 0 frees and returns NULL. */
void *berm_mem_resize(const berm_alloc *alloc, void *ptr, size_t old_len, size_t new_len);
void *berm_mem_new(const berm_alloc *alloc, size_t len); /* zeroed */
void berm_mem_free(const berm_alloc *alloc, void *ptr, size_t len);

/* Growable arrays: `BERM_ARRAY(int) a = {0};` is {items, count, cap}. */
#define BERM_ARRAY(type) \
    struct { \
        type *items; \
        uint32_t count, cap; \
    }

/* Room for `extra` more items; false when memory ends or the count would pass UINT32_MAX. A failure
   loses nothing. */
#define berm_array_reserve(alloc, array, extra) \
    ((size_t)((array)->cap - (array)->count) >= (size_t)(extra) || \
     berm_array_grow((alloc), (void *)&(array)->items, &(array)->cap, (array)->count, (extra), \
                     sizeof *(array)->items))
#define berm_array_push(alloc, array, ...) \
    (berm_array_reserve((alloc), (array), 1) \
         ? ((array)->items[(array)->count++] = (__VA_ARGS__), true) \
         : false)
#define berm_array_free(alloc, array) \
    (berm_mem_free((alloc), (array)->items, (size_t)(array)->cap * sizeof *(array)->items), \
     (array)->items = NULL, (array)->count = (array)->cap = 0)

/* What berm_array_reserve calls; `items` points to the array's item pointer. */
bool berm_array_grow(const berm_alloc *alloc, void *items, uint32_t *cap, uint32_t count,
                     size_t extra, size_t item_len);

/* --- arena.c: memory that goes all at once --- */
typedef struct berm_arena_block berm_arena_block;
typedef struct berm_arena {
    const berm_alloc *alloc;
    berm_arena_block *blocks;
    berm_arena_block *spare; /* empty ones, for the next that are needed */
    size_t used;             /* bytes of the newest block */
} berm_arena;

void berm_arena_init(berm_arena *arena, const berm_alloc *alloc);
void berm_arena_free(berm_arena *arena);
/* Forgets all that is in it and keeps the memory, up to a bound. */
void berm_arena_reset(berm_arena *arena);
/* Zeroed, 16-byte aligned; NULL: no memory. */
void *berm_arena_alloc(berm_arena *arena, size_t len);
/* A NUL is added behind, not counted. */
bool berm_arena_copy(berm_arena *arena, berm_str text, berm_str *out);

#endif
