#include "base/unpack.h"

#define UNPACK_RATE 4
#define UNPACK_EVEN 2048u /* of 4096 */

typedef struct unpack_number {
    uint16_t counts[32], bits[32][8];
} unpack_number;

/* The chance, of 4096, that a bit is set. */
typedef struct unpack_models {
    uint16_t items[8], literals[128][128];
    unpack_number lengths, distances;
} unpack_models;

typedef struct unpacking {
    const unsigned char *at, *end;
    uint32_t low, high, code;
} unpacking;

static void shift_unpacking(unpacking *u)
{
    u->code = u->code << 8 | (u->at < u->end ? *u->at++ : 0u);
}

static unsigned take_bit(unpacking *u, uint16_t *model)
{
    uint32_t middle = u->low + ((u->high - u->low) >> 12) * *model;
    unsigned bit = u->code <= middle;
    if (bit) {
        u->high = middle;
        *model = (uint16_t)(*model + ((4096u - *model) >> UNPACK_RATE));
    } else {
        u->low = middle + 1;
        *model = (uint16_t)(*model - (*model >> UNPACK_RATE));
    }
    while ((u->low ^ u->high) >> 24 == 0) {
        u->low <<= 8;
        u->high = u->high << 8 | 0xFFu;
        shift_unpacking(u);
    }
    return bit;
}

static unsigned take_tree(unpacking *u, uint16_t *models, unsigned bits)
{
    unsigned node = 1;
    while (node < 1u << bits) node = 2 * node + take_bit(u, &models[node]);
    return node - (1u << bits);
}

static uint32_t take_number(unpacking *u, unpack_number *models)
{
    uint32_t value = 1;
    unsigned count = take_tree(u, models->counts, 5);
    for (unsigned i = 1; i < count; i++) {
        uint16_t even = UNPACK_EVEN;
        value = 2 * value + take_bit(u, value < 8 ? &models->bits[count][value] : &even);
    }
    return value;
}

static bool unpack_items(unpacking *u, unpack_models *models, char *text, size_t len)
{
    unsigned items = 0;
    for (size_t used = 0; used < len;) {
        unsigned copied = take_bit(u, &models->items[items]);
        items = (2 * items + copied) & 7u;
        if (!copied) {
            unsigned before = used ? (unsigned char)text[used - 1] : 0;
            text[used++] = (char)take_tree(u, models->literals[before], 7);
            continue;
        }
        size_t count = (size_t)take_number(u, &models->lengths) + 1;
        size_t distance = take_number(u, &models->distances);
        if (count > len - used || distance > used) return false;
        for (; count; count--, used++) text[used] = text[used - distance];
    }
    return true;
}

bool berm_unpack(const berm_alloc *alloc, const unsigned char *packed, size_t packed_len,
                 char *text, size_t len)
{
    unpack_models *models = berm_mem_new(alloc, sizeof *models);
    if (!models) return false;
    uint16_t *all = models->items;
    for (size_t i = 0; i < sizeof *models / sizeof *all; i++) all[i] = UNPACK_EVEN;
    unpacking u = {.at = packed, .end = packed + packed_len, .high = UINT32_MAX};
    for (int i = 0; i < 4; i++) shift_unpacking(&u);
    bool done = unpack_items(&u, models, text, len);
    berm_mem_free(alloc, models, sizeof *models);
    return done;
}
