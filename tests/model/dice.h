/* Chance that can be repeated: the same seed, the same throws. */
#ifndef BERM_MODEL_DICE_H
#define BERM_MODEL_DICE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct dice {
    uint64_t state;
} dice;

/* Number `trial` of the run with this seed can be thrown by itself. */
static inline dice dice_of(uint64_t seed, uint64_t trial)
{
    return (dice){seed * 0x9e3779b97f4a7c15u + trial * 0xd1342543de82ef95u + 1};
}

/* splitmix64 */
static inline uint64_t dice_throw(dice *d)
{
    uint64_t z = d->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static inline uint32_t dice_below(dice *d, uint32_t sides)
{
    return (uint32_t)(dice_throw(d) >> 32) % sides;
}

static inline bool dice_percent(dice *d, uint32_t percent)
{
    return dice_below(d, 100) < percent;
}

#endif
