/* Whole numbers, little-endian limbs. Every operation stays inside the array whatever it is
   given; that results fit is the caller's arithmetic. */
#include "base/number_big.h"

#include <stddef.h>
#include <string.h>

static void push_limb(berm_big *big, uint32_t limb)
{
    if (limb && big->count < BERM_BIG_LIMBS) big->limbs[big->count++] = limb;
}

void berm_big_set(berm_big *big, uint64_t value)
{
    big->count = 0;
    if (!value) return;
    big->limbs[big->count++] = (uint32_t)value;
    if (value >> 32) push_limb(big, (uint32_t)(value >> 32));
}

void berm_big_multiply_add(berm_big *big, uint32_t factor, uint32_t addend)
{
    uint64_t carry = addend;
    for (uint32_t i = 0; i < big->count; i++) {
        carry += (uint64_t)big->limbs[i] * factor;
        big->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    push_limb(big, (uint32_t)carry);
}

void berm_big_multiply_power_of_five(berm_big *big, uint32_t exponent)
{
    static const uint32_t small_powers[13] = {
        1, 5, 25, 125, 625, 3125, 15625, 78125, 390625, 1953125, 9765625, 48828125, 244140625};
    for (; exponent >= 13; exponent -= 13) berm_big_multiply_add(big, 1220703125, 0);
    berm_big_multiply_add(big, small_powers[exponent], 0);
}

void berm_big_shift_left(berm_big *big, uint32_t bits)
{
    berm_big_multiply_add(big, UINT32_C(1) << bits % 32, 0);
    uint32_t limbs = bits / 32;
    if (big->count == 0 || limbs == 0 || limbs > BERM_BIG_LIMBS - big->count) return;
    memmove(big->limbs + limbs, big->limbs, big->count * sizeof *big->limbs);
    memset(big->limbs, 0, limbs * sizeof *big->limbs);
    big->count += limbs;
}

int berm_big_compare(const berm_big *a, const berm_big *b)
{
    if (a->count != b->count) return a->count < b->count ? -1 : 1;
    for (size_t i = a->count; i-- > 0;) {
        if (a->limbs[i] != b->limbs[i]) return a->limbs[i] < b->limbs[i] ? -1 : 1;
    }
    return 0;
}
