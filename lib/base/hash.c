/* The hash of constants and map keys: words of eight bytes, little-endian; each step is a bijection
   of the state, the finish mixes all of it. Not secret: tables must not rely on it against an
   attacker, they have the salted one. */
#include "base/hash.h"

#include <stdbool.h>

#define HASH_STEP UINT64_C(0x9FB21C651E98DF25)
#define HASH_ONES UINT64_C(0x0101010101010101)

/* Bytes are joined by hand so that every platform reads the same number; compilers make one load
   of it. */
static uint64_t load_hash_word(const unsigned char *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;
}

static uint64_t load_hash_half(const unsigned char *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24;
}

/* One to seven bytes, in halves that overlap: without a loop. */
static uint64_t load_hash_tail(const unsigned char *p, size_t len)
{
    if (len >= 4) return load_hash_half(p) | load_hash_half(p + len - 4) << 8 * (len - 4);
    return (uint64_t)p[0] | (uint64_t)p[len / 2] << 8 * (len / 2) |
           (uint64_t)p[len - 1] << 8 * (len - 1);
}

/* ASCII capitals of eight bytes to small letters. Of the low seven bits of each byte, adding
   0x3F sets bit 7 from 'A' on and adding 0x25 sets it behind 'Z'; bytes over 0x7F are left
   alone. */
static uint64_t fold_word(uint64_t word)
{
    uint64_t low = word & (HASH_ONES * 0x7F);
    uint64_t from_a = low + HASH_ONES * 0x3F;
    uint64_t behind_z = low + HASH_ONES * 0x25;
    uint64_t capital = from_a & ~behind_z & ~word & (HASH_ONES * 0x80);
    return word | capital >> 2;
}

static uint64_t step_hash(uint64_t state, uint64_t word)
{
    state = (state ^ word) * HASH_STEP;
    return state ^ state >> 32;
}

static uint64_t finish_hash(uint64_t state)
{
    state *= UINT64_C(0xD6E8FEB86659FD93);
    state ^= state >> 32;
    state *= UINT64_C(0xD6E8FEB86659FD93);
    return state ^ state >> 32;
}

static inline uint64_t hash_all(const unsigned char *p, size_t len, uint64_t seed, bool fold)
{
    uint64_t state = seed ^ ((uint64_t)len * HASH_STEP);
    for (; len >= 8; p += 8, len -= 8) {
        uint64_t word = load_hash_word(p);
        state = step_hash(state, fold ? fold_word(word) : word);
    }
    if (len) {
        uint64_t word = load_hash_tail(p, len);
        state = step_hash(state, fold ? fold_word(word) : word);
    }
    return finish_hash(state);
}

uint64_t berm_hash_bytes(const void *ptr, size_t len, uint64_t seed)
{
    return hash_all(ptr, len, seed, false);
}

uint64_t berm_hash_folded(const char *ptr, size_t len, uint64_t seed)
{
    return hash_all((const unsigned char *)ptr, len, seed, true);
}

/* Four states that do not wait for each other, each for every fourth word; what is left begins with
   all of them. */
uint64_t berm_hash_lanes(const void *ptr, size_t len)
{
    const unsigned char *p = ptr;
    uint64_t lanes[4] = {1, 2, 3, 4};
    size_t left = len;
    for (; left >= sizeof lanes; p += sizeof lanes, left -= sizeof lanes)
        for (size_t i = 0; i < 4; i++) lanes[i] = step_hash(lanes[i], load_hash_word(p + 8 * i));
    return berm_hash_bytes(p, left, len ^ lanes[0] ^ lanes[1] ^ lanes[2] ^ lanes[3]);
}
