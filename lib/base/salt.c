/* Hashes that nobody can foresee, for tables of names that strangers choose. */
#include "base/hash.h"

static uint64_t load_salt_word(const unsigned char *p)
{
    uint64_t word = 0;
    for (unsigned i = 0; i < 8; i++) word |= (uint64_t)p[i] << 8 * i;
    return word;
}

typedef struct sip_state {
    uint64_t a, b, c, d;
} sip_state;

static uint64_t rotate_sip(uint64_t word, unsigned by)
{
    return word << by | word >> (64 - by);
}

static void round_sip(sip_state *s)
{
    s->a += s->b;
    s->c += s->d;
    s->b = rotate_sip(s->b, 13) ^ s->a;
    s->d = rotate_sip(s->d, 16) ^ s->c;
    s->a = rotate_sip(s->a, 32) + s->d;
    s->c += s->b;
    s->d = rotate_sip(s->d, 21) ^ s->a;
    s->b = rotate_sip(s->b, 17) ^ s->c;
    s->c = rotate_sip(s->c, 32);
}

uint64_t berm_hash_salted(const void *ptr, size_t len, uint64_t salt)
{
    const unsigned char *p = ptr;
    uint64_t other = ~rotate_sip(salt, 32); /* the second half of the key */
    sip_state s = {salt ^ UINT64_C(0x736f6d6570736575), other ^ UINT64_C(0x646f72616e646f6d),
                   salt ^ UINT64_C(0x6c7967656e657261), other ^ UINT64_C(0x7465646279746573)};
    uint64_t last = (uint64_t)len << 56;
    size_t words = len / 8;
    for (size_t i = 8 * words; i < len; i++) last |= (uint64_t)p[i] << 8 * (i % 8);
    /* one round for each word and the last one, three to end with */
    for (size_t i = 0; i < words + 4; i++) {
        uint64_t word = i < words ? load_salt_word(p + 8 * i) : i == words ? last : 0;
        if (i == words + 1) s.c ^= 0xff;
        s.d ^= word;
        round_sip(&s);
        s.a ^= word;
    }
    return s.a ^ s.b ^ s.c ^ s.d;
}

uint64_t berm_hash_salt(const void *object)
{
    static const char here;
    uint64_t places[] = {(uintptr_t)object, 0, (uintptr_t)&here};
    places[1] = (uintptr_t)places;
    return berm_hash_bytes(places, sizeof places, 0);
}
