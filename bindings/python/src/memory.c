#include "core.h"

#include <stdlib.h>
#include <string.h>

static bool may_allocate(bpy_memory *memory)
{
    int64_t left = atomic_load(&memory->left);
    if (left < 0) return true;
    return left > 0 && atomic_fetch_sub(&memory->left, 1) > 0;
}

void *bpy_memory_realloc(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
    bpy_memory *memory = ctx;
    if (!new_len) {
        free(ptr);
        atomic_fetch_sub(&memory->bytes, (int64_t)old_len);
        atomic_fetch_sub(&memory->blocks, ptr != NULL);
        return NULL;
    }
    if (!may_allocate(memory)) return NULL;
    void *grown = realloc(ptr, new_len);
    if (!grown) return NULL;
    atomic_fetch_add(&memory->bytes, (int64_t)new_len - (int64_t)old_len);
    atomic_fetch_add(&memory->blocks, ptr == NULL);
    return grown;
}

bool bpy_bytes_add(bpy_bytes *b, const void *ptr, size_t len)
{
    if (len > b->cap - b->len) {
        size_t cap = b->cap ? b->cap : 64;
        while (cap - b->len < len) {
            if (cap > SIZE_MAX / 2) return false;
            cap *= 2;
        }
        char *grown = realloc(b->ptr, cap);
        if (!grown) return false;
        b->ptr = grown;
        b->cap = cap;
    }
    if (len) memcpy(b->ptr + b->len, ptr, len);
    b->len += len;
    return true;
}

void bpy_bytes_free(bpy_bytes *b)
{
    free(b->ptr);
    *b = (bpy_bytes){0};
}

int bpy_bytes_write(void *ctx, const char *ptr, size_t len)
{
    return bpy_bytes_add(ctx, ptr, len) ? 0 : -1;
}
