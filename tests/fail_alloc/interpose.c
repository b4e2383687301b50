#include "interpose.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* glibc's own functions, under the names it keeps for those who replace malloc. */
extern void *__libc_malloc(size_t len);
extern void __libc_free(void *ptr);

/* What stands in front of every block; 16 bytes, so that the block stays aligned as malloc
   promises. */
typedef struct header {
    _Alignas(16) size_t len;
    uint64_t armed; /* MARK_ARMED when the block was made while armed */
} header;

#define MARK_ARMED 0x62657261726d6564u
#define MARK_PLAIN 0x6265726d706c6169u
#define BORN 0xa5
#define DEAD 0xdd

static struct {
    bool armed, onwards;
    size_t nth, calls, failed;
    long live;
} state;

void interpose_arm(size_t nth, bool onwards)
{
    memset(&state, 0, sizeof state);
    state.nth = nth;
    state.onwards = onwards;
    state.armed = true;
}

void interpose_disarm(void)
{
    state.armed = false;
}

size_t interpose_calls(void)
{
    return state.calls;
}

size_t interpose_failed(void)
{
    return state.failed;
}

long interpose_live(void)
{
    return state.live;
}

static bool must_fail(void)
{
    if (!state.armed) return false;
    state.calls++;
    if (state.nth == 0 || state.calls < state.nth) return false;
    if (state.calls > state.nth && !state.onwards) return false;
    state.failed++;
    return true;
}

static void *make_block(size_t len)
{
    header *block = NULL;
    if (!must_fail() && len <= SIZE_MAX - sizeof *block) block = __libc_malloc(sizeof *block + len);
    if (!block) {
        errno = ENOMEM;
        return NULL;
    }
    block->len = len;
    block->armed = state.armed ? MARK_ARMED : MARK_PLAIN;
    if (state.armed) state.live++;
    memset(block + 1, BORN, len);
    return block + 1;
}

static void drop_block(void *ptr)
{
    header *block = (header *)ptr - 1;
    if (block->armed != MARK_ARMED && block->armed != MARK_PLAIN)
        __builtin_trap(); /* not ours, or freed twice */
    if (state.armed && block->armed == MARK_ARMED) state.live--;
    block->armed = 0;
    memset(ptr, DEAD, block->len);
    __libc_free(block);
}

void *malloc(size_t len)
{
    return make_block(len);
}

void *calloc(size_t count, size_t len)
{
    void *ptr = NULL;
    if (len == 0 || count <= SIZE_MAX / len) ptr = make_block(count * len);
    if (ptr) memset(ptr, 0, count * len);
    return ptr;
}

void *realloc(void *old, size_t len)
{
    if (!old) return make_block(len);
    if (len == 0) {
        drop_block(old);
        return NULL;
    }
    void *ptr = make_block(len);
    if (!ptr) return NULL;
    size_t old_len = ((const header *)old - 1)->len;
    memcpy(ptr, old, old_len < len ? old_len : len);
    drop_block(old);
    return ptr;
}

void free(void *ptr)
{
    if (ptr) drop_block(ptr);
}
