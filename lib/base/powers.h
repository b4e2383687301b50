/* What reading and printing doubles share: 128-bit products and the leading bits of powers of
   five. */
#ifndef BERM_BASE_POWERS_H
#define BERM_BASE_POWERS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct berm_wide {
    uint64_t hi, lo;
} berm_wide;

static inline berm_wide berm_multiply_wide(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (berm_wide){(uint64_t)(product >> 64), (uint64_t)product};
#else
    uint64_t a0 = a & UINT32_MAX, a1 = a >> 32, b0 = b & UINT32_MAX, b1 = b >> 32;
    uint64_t low = a0 * b0;
    uint64_t middle = a1 * b0 + (low >> 32);
    uint64_t carry = a0 * b1 + (middle & UINT32_MAX);
    return (berm_wide){a1 * b1 + (middle >> 32) + (carry >> 32), carry << 32 | (low & UINT32_MAX)};
#endif
}

/* floor(value * factor / 2^shift), without the shift of a negative number that C leaves open. */
static inline int berm_scale_floor(int value, int32_t factor, int32_t less, unsigned shift)
{
    const int64_t lift = INT64_C(1) << 40;
    return (int)(((int64_t)value * factor - less + lift) >> shift) - (int)(lift >> shift);
}

#define BERM_POWER_MIN (-351)
#define BERM_POWER_MAX 350

/* 5^q = (bits + a fraction) x 2^(berm_power_log2(q) - 127): the fraction is 0 where
   berm_power_is_exact. The top bit is set. */
berm_wide berm_power_bits(int q);
static inline bool berm_power_is_exact(int q)
{
    return q >= 0 && q <= 55;
}

/* floor(log2(5^q)) */
static inline int berm_power_log2(int q)
{
    return berm_scale_floor(q, 152170, 0, 16);
}

#endif
