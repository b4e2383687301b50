/* Checking what nobody looks at, 64 bytes at a time and without tokens. Included by the kernels
   alone, as scan_block.h.

   Each sort of token is a plane, a bit for each byte; "the token behind one of these" is an
   addition: a carry runs over the bytes that are no tokens, to the next one. Of neighbours alone
   follows

     behind { [ : and ,   a value stands; behind { and [ also their end
     behind values        a comma, a colon or an end
     a colon              behind a string that is behind { or [ or a comma: a key

   What depends on the container, which only brackets change, is told by what is behind { [ and
   commas: a key says "I am in a map", another value "in a list", and both are compared with the
   innermost container up to the next bracket. */
#ifndef BERM_DATA_FAST_SKIP_BLOCK_H
#define BERM_DATA_FAST_SKIP_BLOCK_H

#include "data/fast/scan_block.h"

typedef struct berm_planes {
    uint64_t quote, slash, space, control; /* as berm_masks */
    uint64_t open, shut;                   /* { [, } ] */
    uint64_t curly;                        /* of these, { } (and any bytes that are none) */
    uint64_t colon, comma;
} berm_planes;

/* What goes from block to block: a copy, so that it may stay in registers. */
typedef struct berm_carry {
    uint64_t escaped, in_string, in_scalar;           /* as in berm_scan */
    uint64_t behind_opener, behind_first, behind_key; /* as in berm_skip */
    uint64_t maps;                                    /* the innermost ones */
    uint64_t node_count;
    uint32_t depth, string_from;
} berm_carry;

/* The bits of `tokens` behind bits of `of`; *carry goes from block to block. */
BERM_SCAN_INLINE uint64_t berm_behind(uint64_t of, uint64_t tokens, uint64_t *carry)
{
    uint64_t from = of << 1 | *carry, sum = from + ~tokens;
    *carry = of >> 63 | (sum < from);
    return sum & tokens;
}

/* What neighbours say of a block's tokens. */
typedef struct berm_claims {
    uint64_t wrong;     /* may not stand behind its neighbour */
    uint64_t map, list; /* what the container must be that the token stands in */
} berm_claims;

/* Does an empty container end here? Where its brackets are not side by side nobody keeps it. */
BERM_SCAN_INLINE uint64_t berm_find_ends(uint64_t shut, const char *text, uint32_t base)
{
    uint64_t ends = 0;
    for (; shut; shut &= shut - 1) {
        const char *p = text + base + berm_first_bit(shut) - 1;
        while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r') p--; /* to what it is behind */
        if ((*p | 0x20) == '{') ends |= shut & (0 - shut);
    }
    return ends;
}

BERM_SCAN_INLINE berm_claims berm_claim_block(berm_carry *s, const berm_planes *p, uint64_t strings,
                                              uint64_t tokens, const char *text, uint32_t base)
{
    uint64_t before_first = p->open | p->comma;
    uint64_t first = berm_behind(before_first, tokens, &s->behind_first);
    uint64_t due = berm_behind(before_first | p->colon, tokens, &s->behind_opener);
    uint64_t behind_key = berm_behind(first & strings, tokens, &s->behind_key);
    uint64_t values = tokens & ~(p->shut | p->colon | p->comma);
    uint64_t ends = p->shut & p->open << 1, far = p->shut & first & ~ends;
    if (far) ends |= berm_find_ends(far, text, base);
    return (berm_claims){.wrong = ((due ^ values) & ~ends) | (p->colon & ~behind_key),
                         .map = p->colon,
                         .list = (first & ~strings & ~ends) | (behind_key & ~p->colon)};
}

/* A container begins or ends: its bit comes to the others or goes. Whole words of them wait in
   `maps`. Without a branch for which it is, because that cannot be foreseen. */
BERM_SCAN_INLINE void berm_turn_maps(berm_carry *s, uint64_t *maps, uint32_t opens, uint32_t shuts,
                                     uint64_t curly)
{
    uint32_t edge = s->depth - shuts;
    if ((edge % 64 == 0) & opens) maps[edge / 64 - 1] = s->maps;
    s->maps = s->maps << opens >> shuts | (curly & opens);
    s->depth += opens - shuts;
    if ((edge % 64 == 0) & shuts & (edge > 0)) s->maps = maps[edge / 64 - 1];
}

/* Compares the claims with the containers; false where they differ or brackets do. *end becomes the
   mask of the bracket that closes all. */
BERM_SCAN_INLINE bool berm_take_brackets(berm_carry *s, berm_skip *skip, const berm_planes *p,
                                         berm_claims c, uint64_t *end)
{
    /* [] and {} change nothing, unless they are nested too deep */
    uint64_t empty = s->depth + BERM_SCAN_BLOCK < skip->depth_max ? p->shut & p->open << 1 : 0;
    uint64_t wrong = c.wrong | ((p->curly ^ p->curly << 1) & empty), rest = ~UINT64_C(0);
    uint64_t both = (p->open | p->shut) & ~(empty | empty >> 1), either = c.map ^ c.list;
    while (both) {
        uint64_t bit = both & (0 - both), upto = (bit | (bit - 1)) & rest, map = s->maps & 1;
        uint32_t opens = (p->open & bit) != 0, shuts = (p->shut & bit) != 0;
        uint64_t curly = (p->curly & bit) != 0;
        wrong |= (c.map ^ (either & (0 - map))) & upto;
        wrong |= bit & (0 - ((map ^ curly) & shuts));
        rest ^= upto;
        if ((s->depth == skip->depth_max) & opens) return false;
        berm_turn_maps(s, skip->maps, opens, shuts, curly);
        if (s->depth == 0) {
            *end = bit;
            return !(wrong & (bit | (bit - 1)));
        }
        both ^= bit;
    }
    return !(wrong | ((c.map ^ (either & (0 - (s->maps & 1)))) & rest));
}

/* Strings that begin or end in other blocks may be too long. */
BERM_SCAN_INLINE bool berm_check_lengths(berm_carry *s, uint32_t most, uint64_t quote,
                                         uint64_t inside, uint32_t base)
{
    const uint64_t top = UINT64_C(1) << 63;
    uint32_t len = base + berm_first_bit(quote | top) - s->string_from - 1;
    bool some = quote != 0;
    s->string_from = some ? base + berm_last_bit(quote | 1) : s->string_from;
    return !(some & (inside != 0) & (len > most));
}

BERM_SCAN_INLINE uint64_t berm_eight_bytes(const char *text)
{
    uint64_t bytes;
    memcpy(&bytes, text, 8);
    return bytes;
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define BERM_FIRST_BYTES(len) ~(~UINT64_C(0) >> 8 * (len))
#else
#define BERM_FIRST_BYTES(len) ~(~UINT64_C(0) << 8 * (len))
#endif

/* Is a number or word of `len` bytes, up to seven of eight that are there, a natural number, true,
   false or null? Without a branch: which one it is cannot be foreseen. */
BERM_SCAN_INLINE bool berm_is_plain_scalar(const char *text, uint32_t len)
{
    const uint64_t high = UINT64_C(0x8080808080808080), most = UINT64_C(0x7676767676767676);
    const uint64_t zeros = UINT64_C(0x3030303030303030), there = BERM_FIRST_BYTES(len);
    uint64_t bytes = berm_eight_bytes(text) & there, digits = bytes ^ (zeros & there);
    bool plain = ((digits | (digits + most)) & high) == 0;
    plain &= (len == 1) | (text[0] != '0');
    /* zero bytes of the text are none of those that are left out */
    plain |= (len == 4) & (bytes == berm_eight_bytes("true\0\0\0"));
    plain |= (len == 4) & (bytes == berm_eight_bytes("null\0\0\0"));
    plain |= (len == 5) & (bytes == berm_eight_bytes("false\0\0"));
    return plain;
}

/* Numbers and words; `scalar` has all of their bytes, `starts` the first ones. `p` is the block. */
BERM_SCAN_INLINE bool berm_check_scalars(const berm_scan *scan, const char *p, uint64_t starts,
                                         uint64_t scalar, uint32_t base)
{
    const uint64_t top = UINT64_C(1) << 63;
    for (; starts; starts &= starts - 1) {
        uint32_t bit = berm_first_bit(starts), len = berm_first_bit(~(scalar >> bit) | top);
        if ((bit <= BERM_SCAN_BLOCK - 8) & (len < 8) && berm_is_plain_scalar(p + bit, len))
            continue;
        if (!berm_skip_scalar(scan->text, scan->len, base + bit)) return false;
    }
    return true;
}

/* False: not valid, or not for us to judge. *end stays 0 as long as the container goes on. */
BERM_SCAN_INLINE bool berm_skip_one_block(berm_carry *s, berm_skip *skip, berm_scan *scan,
                                          const char *block, const berm_planes *p,
                                          const berm_strings *t, uint32_t base, uint64_t *end)
{
    uint64_t inside = s->in_string, in_string = t->prefix ^ inside;
    s->in_string = 0 - (in_string >> 63);
    if (p->control & in_string) return false;
    if ((inside | s->in_string) && !berm_check_lengths(s, skip->string_len, t->quote, inside, base))
        return false;
    uint64_t outside = ~(in_string | t->quote), taken = ~UINT64_C(0);
    berm_planes q = {.open = p->open & outside,
                     .shut = p->shut & outside,
                     .curly = p->curly,
                     .colon = p->colon & outside,
                     .comma = p->comma & outside};
    uint64_t ops = (p->open | p->shut | p->colon | p->comma) & outside;
    uint64_t strings = t->quote & in_string, scalar = outside & ~(ops | p->space);
    uint64_t starts = scalar & ~(scalar << 1 | s->in_scalar), tokens = ops | strings | starts;
    s->in_scalar = scalar >> 63;
    if (tokens) {
        berm_claims claims = berm_claim_block(s, &q, strings, tokens, scan->text, base);
        if (!berm_take_brackets(s, skip, &q, claims, end)) return false;
        if (*end) taken = *end | (*end - 1);
        s->node_count += berm_count_bits((q.open | strings | starts) & taken);
        s->node_count -= berm_count_bits(q.colon & taken);
    }
    if (t->odd & in_string & taken) berm_scan_escapes(scan, t->odd & in_string & taken, base);
    return !scan->fault && berm_check_scalars(scan, block, starts & taken, scalar, base);
}

BERM_SCAN_INLINE berm_carry berm_take_carry(const berm_skip *s, const berm_scan *scan)
{
    return (berm_carry){.escaped = scan->escaped,
                        .in_string = scan->in_string,
                        .in_scalar = scan->in_scalar,
                        .behind_opener = s->first,
                        .behind_first = s->first,
                        .maps = s->maps[(s->depth - 1) / 64],
                        .depth = s->depth};
}

#define BERM_SKIP_KERNEL(name, attribute) \
    attribute static uint32_t scan_skip_##name(berm_skip *skip, berm_scan *scan) \
    { \
        char last[BERM_SCAN_BLOCK]; \
        berm_carry s = berm_take_carry(skip, scan); \
        uint64_t end = 0; \
        for (uint32_t at = scan->at, step; at < scan->len; at += step) { \
            bool whole = scan->len - at >= BERM_SCAN_BLOCK; \
            const char *p = whole ? scan->text + at : berm_last_block(scan, at, last); \
            berm_planes planes; \
            berm_strings strings; \
            step = whole ? BERM_SCAN_BLOCK : scan->len - at; \
            planes_##name(p, &planes); \
            BERM_SCAN_STRINGS(name, p, planes.quote, planes.slash, &s.escaped, strings); \
            if (!berm_skip_one_block(&s, skip, scan, p, &planes, &strings, at, &end)) return 0; \
            if (!end) continue; \
            skip->node_count = s.node_count; \
            return at + berm_first_bit(end) + 1; \
        } \
        return 0; \
    }

#endif
