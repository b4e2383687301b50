/* Powers of five: every 27th is stored with 192 bits, the rest are products. See
   tools/gen_powers.py. */
#include "base/powers.h"

#define POWERS_STEP 27

static const uint64_t powers_wide[][3] = {
#define BERM_POWER_WIDE(n, hi, mid, lo) {UINT64_C(hi), UINT64_C(mid), UINT64_C(lo)},
#include "base/powers.def"
#undef BERM_POWER_WIDE
};

static const uint64_t powers_small[POWERS_STEP] = {
#define BERM_POWER_SMALL(n, bits) UINT64_C(bits),
#include "base/powers.def"
#undef BERM_POWER_SMALL
};

_Static_assert(sizeof powers_wide / sizeof *powers_wide * POWERS_STEP ==
                   BERM_POWER_MAX - BERM_POWER_MIN + 1,
               "the table has the range the header says");

/*        hi     mid    lo       of the stored power
     x                  small
     = [ product.hi  product.lo  middle.. ]  of which the leading 128 bits count; the script has
     checked them all */
berm_wide berm_power_bits(int q)
{
    int index = (q - BERM_POWER_MIN) / POWERS_STEP;
    int rest = (q - BERM_POWER_MIN) % POWERS_STEP;
    const uint64_t *stored = powers_wide[index];
    uint64_t small = powers_small[rest];
    berm_wide product = berm_multiply_wide(stored[0], small);
    berm_wide middle = berm_multiply_wide(stored[1], small);
    uint64_t low = berm_multiply_wide(stored[2], small).hi;
    middle.lo += low;
    middle.hi += middle.lo < low;
    product.lo += middle.hi;
    product.hi += product.lo < middle.hi;
    if (product.hi >> 63) return product;
    return (berm_wide){product.hi << 1 | product.lo >> 63, product.lo << 1 | middle.lo >> 63};
}
