/* Whole numbers of up to 3,072 bits, for the one question that 128 bits leave open: on which
   side of the middle between two doubles a decimal number lies. */
#ifndef BERM_BASE_NUMBER_BIG_H
#define BERM_BASE_NUMBER_BIG_H

#include <stdint.h>

/* Enough for 800 digits against 5^1123 x 2^54, evened out: see number_parse.c. */
#define BERM_BIG_LIMBS 96u

typedef struct berm_big {
    uint32_t count; /* limbs in use, the last one not 0 */
    uint32_t limbs[BERM_BIG_LIMBS];
} berm_big;

void berm_big_set(berm_big *big, uint64_t value);
void berm_big_multiply_add(berm_big *big, uint32_t factor, uint32_t addend);
void berm_big_multiply_power_of_five(berm_big *big, uint32_t exponent);
void berm_big_shift_left(berm_big *big, uint32_t bits);
int berm_big_compare(const berm_big *a, const berm_big *b); /* -1 0 1 */

#endif
