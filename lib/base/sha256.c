/* SHA-256 as FIPS 180-4 describes it. */
#include "base/hash.h"

#include <string.h>

static const uint32_t sha256_constants[64] = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
};

static uint32_t rotate_right(uint32_t x, unsigned count)
{
    return x >> count | x << (32 - count);
}

static uint32_t load_big_endian(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void store_big_endian(unsigned char *p, uint32_t x)
{
    p[0] = (unsigned char)(x >> 24);
    p[1] = (unsigned char)(x >> 16);
    p[2] = (unsigned char)(x >> 8);
    p[3] = (unsigned char)x;
}

static void expand_block(uint32_t w[64], const unsigned char *block)
{
    for (size_t i = 0; i < 16; i++) w[i] = load_big_endian(block + 4 * i);
    for (size_t i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        uint32_t s0 = rotate_right(a, 7) ^ rotate_right(a, 18) ^ a >> 3;
        uint32_t s1 = rotate_right(b, 17) ^ rotate_right(b, 19) ^ b >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
}

static void compress_block(uint32_t state[8], const unsigned char *block)
{
    uint32_t w[64], s[8];
    expand_block(w, block);
    memcpy(s, state, sizeof s);
    for (size_t i = 0; i < 64; i++) {
        uint32_t s1 = rotate_right(s[4], 6) ^ rotate_right(s[4], 11) ^ rotate_right(s[4], 25);
        uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
        uint32_t t1 = s[7] + s1 + choice + sha256_constants[i] + w[i];
        uint32_t s0 = rotate_right(s[0], 2) ^ rotate_right(s[0], 13) ^ rotate_right(s[0], 22);
        uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t1;
        s[0] = t1 + s0 + majority;
    }
    for (size_t i = 0; i < 8; i++) state[i] += s[i];
}

void berm_sha256_init(berm_sha256 *h)
{
    static const uint32_t start[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                      0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
    memcpy(h->state, start, sizeof start);
    h->len = 0;
}

void berm_sha256_put(berm_sha256 *h, const void *ptr, size_t len)
{
    const unsigned char *p = ptr;
    size_t held = h->len % sizeof h->block;
    h->len += len;
    if (held) {
        size_t room = sizeof h->block - held;
        size_t part = len < room ? len : room;
        if (part) memcpy(h->block + held, p, part);
        if (part < room) return;
        compress_block(h->state, h->block);
        p += part;
        len -= part;
    }
    for (; len >= sizeof h->block; p += sizeof h->block, len -= sizeof h->block)
        compress_block(h->state, p);
    if (len) memcpy(h->block, p, len);
}

void berm_sha256_end(berm_sha256 *h, unsigned char out[32])
{
    static const unsigned char padding[64] = {0x80};
    unsigned char bits[8];
    store_big_endian(bits, (uint32_t)(h->len >> 29));
    store_big_endian(bits + 4, (uint32_t)(h->len << 3));
    /* One 0x80 byte, then zeros up to eight bytes before the end of a block. */
    size_t held = h->len % 64;
    berm_sha256_put(h, padding, held < 56 ? 56 - held : 120 - held);
    berm_sha256_put(h, bits, sizeof bits);
    for (size_t i = 0; i < 8; i++) store_big_endian(out + 4 * i, h->state[i]);
}
