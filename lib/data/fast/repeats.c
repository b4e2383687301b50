#include "data/fast/repeats.h"

#include "data/ops.h"

#include <string.h>

#define REPEATS_PAIRWISE 24u /* keys of an object that are compared each with each */

/* Of keys that are not long, their first and last bytes. */
static uint32_t hash_repeat_key(const char *key, uint32_t len)
{
    uint64_t first = 0, last = 0;
    if (len > 16) return berm_text_hash(key, len);
    if (len >= 8) {
        memcpy(&first, key, 8);
        memcpy(&last, key + len - 8, 8);
    } else if (len >= 4) {
        memcpy(&first, key, 4);
        memcpy(&last, key + len - 4, 4);
    } else {
        memcpy(&first, key, len);
    }
    uint64_t mixed = (first ^ (last << 23 | last >> 41)) * UINT64_C(0x9E3779B97F4A7C15) + len;
    return (uint32_t)((mixed * UINT64_C(0xD6E8FEB86659FD93)) >> 32);
}

bool berm_repeats_open(const berm_alloc *alloc, berm_repeats *r)
{
    if (!berm_array_push(alloc, &r->keys, r->base)) return false;
    r->base = r->keys.count;
    return true;
}

bool berm_repeats_add(const berm_alloc *alloc, berm_repeats *r, const char *text, uint32_t at,
                      uint32_t end)
{
    uint64_t key = (uint64_t)hash_repeat_key(text + at, end - at) << 32 | at;
    return berm_array_push(alloc, &r->keys, key);
}

static void sink_repeat(uint64_t *keys, uint32_t root, uint32_t count)
{
    uint64_t moved = keys[root];
    for (uint32_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && keys[child] < keys[child + 1]) child++;
        if (moved >= keys[child]) break;
        keys[root] = keys[child];
    }
    keys[root] = moved;
}

/* A heap's way: n log n whatever the keys are, and no recursion. */
static void sort_repeats(uint64_t *keys, uint32_t count)
{
    for (uint32_t i = count / 2; i-- > 0;) sink_repeat(keys, i, count);
    for (uint32_t i = count; i-- > 1;) {
        uint64_t last = keys[i];
        keys[i] = keys[0];
        keys[0] = last;
        sink_repeat(keys, 0, i);
    }
}

/* Two keys of one hash; up to their quotes, for neither has an escape. */
static bool is_repeat(berm_repeats *r, const char *text, uint64_t a, uint64_t b)
{
    const char *left = text + (uint32_t)a, *right = text + (uint32_t)b;
    if (r->spare == 0) return true; /* somebody makes them collide */
    r->spare--;
    while (*left == *right && *left != '"') left++, right++;
    return *left == *right;
}

/* Neighbours alone are compared; of three with one hash nobody knows. */
static bool find_sorted_repeat(berm_repeats *r, const char *text, uint64_t *keys, uint32_t count)
{
    sort_repeats(keys, count);
    for (uint32_t i = 1; i < count; i++) {
        if (keys[i] >> 32 != keys[i - 1] >> 32) continue;
        if (i > 1 && keys[i] >> 32 == keys[i - 2] >> 32) return true;
        if (is_repeat(r, text, keys[i - 1], keys[i])) return true;
    }
    return false;
}

static bool find_paired_repeat(berm_repeats *r, const char *text, const uint64_t *keys,
                               uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        uint64_t same = UINT64_MAX;
        for (uint32_t k = 0; k < i; k++) {
            uint64_t differs = (keys[k] ^ keys[i]) >> 32;
            same = differs < same ? differs : same;
        }
        for (uint32_t k = 0; same == 0 && k < i; k++)
            if ((keys[k] ^ keys[i]) >> 32 == 0 && is_repeat(r, text, keys[k], keys[i])) return true;
    }
    return false;
}

bool berm_repeats_close(berm_repeats *r, const char *text)
{
    uint64_t *keys = r->keys.items + r->base;
    uint32_t count = r->keys.count - r->base;
    r->keys.count = r->base - 1;
    r->base = (uint32_t)keys[-1];
    return count > REPEATS_PAIRWISE ? find_sorted_repeat(r, text, keys, count)
                                    : find_paired_repeat(r, text, keys, count);
}
