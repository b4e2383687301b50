/* What all kernels share: from the masks of a block to offsets. Included by the kernels alone;
   every function is inlined into one that is compiled for the kernel's instructions. */
#ifndef BERM_DATA_FAST_SCAN_BLOCK_H
#define BERM_DATA_FAST_SCAN_BLOCK_H

#include "data/fast/scan.h"

#include <string.h>

#if defined(__GNUC__)
#define BERM_SCAN_INLINE static inline __attribute__((always_inline))
#else
#define BERM_SCAN_INLINE static inline
#endif

typedef struct berm_masks {
    uint64_t quote, slash;
    uint64_t op;      /* { } [ ] : , and perhaps control characters that look like them */
    uint64_t space;   /* blank, tab, line feed, carriage return */
    uint64_t control; /* below 0x20 */
} berm_masks;

/* The bits behind backslashes that are not escaped themselves; `carry` goes from block to block.
   Subtracting runs a carry through each series of backslashes, which leaves every second one. */
BERM_SCAN_INLINE uint64_t berm_escaped_bits(uint64_t slash, uint64_t *carry)
{
    const uint64_t odd = UINT64_C(0xAAAAAAAAAAAAAAAA);
    if (!slash) {
        uint64_t escaped = *carry;
        *carry = 0;
        return escaped;
    }
    uint64_t free_slash = slash & ~*carry;
    uint64_t codes = (((free_slash << 1) | odd) - free_slash) ^ odd;
    uint64_t escaped = codes ^ (slash | *carry);
    *carry = (codes & slash) >> 63;
    return escaped;
}

/* Each bit: is the number of bits up to and with it odd? */
BERM_SCAN_INLINE uint64_t berm_prefix_xor(uint64_t bits)
{
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    return bits ^ bits << 32;
}

BERM_SCAN_INLINE uint32_t berm_first_bit(uint64_t bits)
{
#if defined(__GNUC__)
    return (uint32_t)__builtin_ctzll(bits);
#else
    uint32_t at = 0;
    while (!(bits >> at & 1)) at++;
    return at;
#endif
}

BERM_SCAN_INLINE uint32_t berm_last_bit(uint64_t bits)
{
#if defined(__GNUC__)
    return 63 - (uint32_t)__builtin_clzll(bits);
#else
    uint32_t at = 63;
    while (!(bits >> at & 1)) at--;
    return at;
#endif
}

BERM_SCAN_INLINE uint32_t berm_count_bits(uint64_t bits)
{
#if defined(__GNUC__)
    return (uint32_t)__builtin_popcountll(bits);
#else
    uint32_t count = 0;
    for (; bits; bits &= bits - 1) count++;
    return count;
#endif
}

/* Eight at a time, whether they are there or not: what is written too much is written over. */
BERM_SCAN_INLINE void berm_put_offsets(berm_scan *scan, uint64_t bits, uint32_t base)
{
    uint32_t *out = scan->offsets + scan->count;
    scan->count += berm_count_bits(bits);
    while (bits) {
        *out++ = base + berm_first_bit(bits);
        bits &= bits - 1;
    }
}

/* Looks at escapes of the block one by one; slow, and rare. */
void berm_scan_escapes(berm_scan *scan, uint64_t escaped, uint32_t base);

/* What the quotes and backslashes of a block come to. */
typedef struct berm_strings {
    uint64_t quote;  /* those that are not escaped */
    uint64_t prefix; /* berm_prefix_xor of them */
    uint64_t odd;    /* escaped bytes that need a look: \u, and what may not be escaped */
} berm_strings;

/* `odd` leaves nothing out while the low half of a pair is waited for. */
#define BERM_SCAN_STRINGS(name, p, quotes, slashes, carry, to) \
    do { \
        uint64_t escaped_ = berm_escaped_bits(slashes, carry); \
        (to).quote = (quotes) & ~escaped_; \
        (to).prefix = prefix_##name((to).quote); \
        (to).odd = escaped_; \
        if (escaped_ && !scan->low_half) (to).odd &= ~simple_##name(p); \
    } while (0)

BERM_SCAN_INLINE void berm_take_block(berm_scan *scan, const berm_masks *m, const berm_strings *t,
                                      uint32_t base)
{
    uint64_t in_string = t->prefix ^ scan->in_string;
    scan->in_string = 0 - (in_string >> 63);
    if (m->control & in_string) scan->fault = true;
    if (t->odd & in_string) berm_scan_escapes(scan, t->odd & in_string, base);
    uint64_t scalar = ~(m->op | m->space | t->quote | in_string);
    uint64_t starts = scalar & ~(scalar << 1 | scan->in_scalar);
    scan->in_scalar = scalar >> 63;
    scan->slashes[(base - scan->from) / BERM_SCAN_BLOCK] = m->slash;
    berm_put_offsets(scan, (m->op & ~in_string) | t->quote | starts, base);
}

/* The last block of a text is copied, so that nothing is read behind it. */
BERM_SCAN_INLINE const char *berm_last_block(const berm_scan *scan, uint32_t at, char *copy)
{
    memset(copy, ' ', BERM_SCAN_BLOCK);
    memcpy(copy, scan->text + at, scan->len - at);
    return copy;
}

/* The depth behind a block, whose brackets are told as opening and closing; where it reaches 0,
   *close gets the bit. */
BERM_SCAN_INLINE uint64_t berm_close_depth(uint64_t depth, uint64_t open, uint64_t shut,
                                           uint32_t *close)
{
    if (depth > berm_count_bits(shut)) return depth + berm_count_bits(open) - berm_count_bits(shut);
    for (uint64_t both = open | shut; both; both &= both - 1) {
        uint64_t bit = both & (0 - both);
        if (open & bit) depth++;
        else if (--depth == 0) {
            *close = berm_first_bit(bit);
            return 0;
        }
    }
    return depth;
}

#define BERM_SCAN_KERNEL(name, attribute) \
    attribute static void scan_window_##name(berm_scan *scan) \
    { \
        char last[BERM_SCAN_BLOCK]; \
        scan->from = scan->at; \
        while (scan->at < scan->len && scan->at - scan->from < scan->window) { \
            uint32_t at = scan->at; \
            bool whole = scan->len - at >= BERM_SCAN_BLOCK; \
            const char *p = whole ? scan->text + at : berm_last_block(scan, at, last); \
            berm_masks m; \
            berm_strings strings; \
            classify_##name(p, &m); \
            BERM_SCAN_STRINGS(name, p, m.quote, m.slash, &scan->escaped, strings); \
            berm_take_block(scan, &m, &strings, at); \
            scan->at = whole ? at + BERM_SCAN_BLOCK : scan->len; \
        } \
    } \
    attribute static uint32_t scan_close_##name(const char *text, uint32_t len, uint32_t off) \
    { \
        uint64_t in_string = 0, carry = 0, depth = 0; \
        char last[BERM_SCAN_BLOCK]; \
        berm_scan whole = {.text = text, .len = len}; \
        for (uint64_t at = off; at < len; at += BERM_SCAN_BLOCK) { \
            bool full = len - at >= BERM_SCAN_BLOCK; \
            const char *p = full ? text + at : berm_last_block(&whole, (uint32_t)at, last); \
            uint64_t open, shut, slash, quote; \
            uint32_t close = 0; \
            brackets_##name(p, &open, &shut, &quote, &slash); \
            quote &= ~berm_escaped_bits(slash, &carry); \
            in_string ^= prefix_##name(quote); \
            depth = berm_close_depth(depth, open & ~in_string, shut & ~in_string, &close); \
            if (depth == 0) return (uint32_t)at + close + 1; \
            in_string = 0 - (in_string >> 63); \
        } \
        return len; \
    }

#endif
