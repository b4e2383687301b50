#include "bridge.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static atomic_int_least64_t live;

int64_t bermgo_live_blocks(void)
{
    return atomic_load_explicit(&live, memory_order_relaxed);
}

static void count_block(int by)
{
    atomic_fetch_add_explicit(&live, by, memory_order_relaxed);
}

void *bermgo_mem_grow(void *ptr, size_t len)
{
    void *grown = realloc(ptr, len ? len : 1);
    if (grown && !ptr) count_block(1);
    return grown;
}

void bermgo_mem_free(void *ptr)
{
    if (ptr) count_block(-1);
    free(ptr);
}

static void *resize_counted(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
    (void)ctx;
    (void)old_len;
    if (new_len) return bermgo_mem_grow(ptr, new_len);
    bermgo_mem_free(ptr);
    return NULL;
}

const berm_alloc bermgo_counting_alloc = {resize_counted, NULL};

/* --- buffers --- */

void bermgo_buffer_clear(bermgo_buffer *b)
{
    b->len = 0;
    b->failed = false;
}

void bermgo_buffer_free(bermgo_buffer *b)
{
    bermgo_mem_free(b->ptr);
    *b = (bermgo_buffer){0};
}

static bool reserve(bermgo_buffer *b, size_t more)
{
    if (b->failed || more > SIZE_MAX / 4 || b->len > SIZE_MAX / 4) return false;
    if (b->len + more <= b->cap) return true;
    size_t cap = (b->len + more) * 2;
    char *grown = bermgo_mem_grow(b->ptr, cap);
    if (!grown) return false;
    b->ptr = grown;
    b->cap = cap;
    return true;
}

void bermgo_put(bermgo_buffer *b, const void *ptr, size_t len)
{
    if (!reserve(b, len)) {
        b->failed = true;
        return;
    }
    if (len) memcpy(b->ptr + b->len, ptr, len);
    b->len += len;
}

void bermgo_put_u8(bermgo_buffer *b, uint8_t number)
{
    bermgo_put(b, &number, 1);
}

static void put_number(bermgo_buffer *b, uint64_t number, size_t len)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < len; i++) bytes[i] = (unsigned char)(number >> 8 * i);
    bermgo_put(b, bytes, len);
}

void bermgo_put_u32(bermgo_buffer *b, uint32_t number)
{
    put_number(b, number, 4);
}

void bermgo_put_u64(bermgo_buffer *b, uint64_t number)
{
    put_number(b, number, 8);
}

void bermgo_put_text(bermgo_buffer *b, berm_str text)
{
    bermgo_put_u64(b, text.len);
    bermgo_put(b, text.ptr, text.len);
}

int bermgo_buffer_write(void *buffer, const char *ptr, size_t len)
{
    bermgo_buffer *b = buffer;
    bermgo_put(b, ptr, len);
    return b->failed;
}

/* --- reading --- */

static uint64_t take_number(bermgo_reader *r, size_t len)
{
    uint64_t number = 0;
    if ((size_t)(r->end - r->at) < len) {
        r->failed = true;
        return 0;
    }
    for (size_t i = 0; i < len; i++) number |= (uint64_t)(unsigned char)r->at[i] << 8 * i;
    r->at += len;
    return number;
}

uint8_t bermgo_take_u8(bermgo_reader *r)
{
    return (uint8_t)take_number(r, 1);
}

uint32_t bermgo_take_u32(bermgo_reader *r)
{
    return (uint32_t)take_number(r, 4);
}

uint64_t bermgo_take_u64(bermgo_reader *r)
{
    return take_number(r, 8);
}

berm_str bermgo_take_text(bermgo_reader *r)
{
    uint64_t len = bermgo_take_u64(r);
    if (r->failed || (uint64_t)(r->end - r->at) < len) {
        r->failed = true;
        return (berm_str){"", 0};
    }
    berm_str text = {r->at, (size_t)len};
    r->at += len;
    return text;
}
