/* UTF-8: checking, stepping, counting. */
#include "base/utf8.h"

#include <string.h>

#define UTF8_HIGH_BITS UINT64_C(0x8080808080808080)
#define UTF8_LOW_BITS UINT64_C(0x0101010101010101)

static uint64_t load_utf8_word(const char *ptr)
{
    uint64_t word;
    memcpy(&word, ptr, sizeof word);
    return word;
}

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Length of the valid multi-byte sequence at p (1 < result <= len), else 0. The second byte's
   range, which depends on the first, is what excludes overlong forms, surrogates and everything
   over U+10FFFF. */
static size_t measure_sequence(const unsigned char *p, size_t len)
{
    unsigned char lead = p[0];
    if (lead < 0xC2 || lead > 0xF4 || len < 2) return 0;
    if (lead < 0xE0) return is_continuation(p[1]) ? 2 : 0;
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < low || p[1] > high || len < 3 || !is_continuation(p[2])) return 0;
    if (lead < 0xF0) return 3;
    return len >= 4 && is_continuation(p[3]) ? 4 : 0;
}

/* 32 bytes of nothing but ASCII. */
static bool is_ascii_run(const char *p)
{
    uint64_t all =
        load_utf8_word(p) | load_utf8_word(p + 8) | load_utf8_word(p + 16) | load_utf8_word(p + 24);
    return !(all & UTF8_HIGH_BITS);
}

static size_t skip_ascii(const char *ptr, size_t pos, size_t len)
{
    while (len - pos >= 32 && is_ascii_run(ptr + pos)) pos += 32;
    while (len - pos >= 8 && !(load_utf8_word(ptr + pos) & UTF8_HIGH_BITS)) pos += 8;
    while (pos < len && berm_utf8_is_ascii_byte(ptr[pos])) pos++;
    return pos;
}

size_t berm_utf8_invalid(const char *ptr, size_t len)
{
    size_t pos = 0;
    while ((pos = skip_ascii(ptr, pos, len)) < len) {
        size_t step;
        /* Texts in other scripts have long runs of such sequences: stay here until ASCII comes
           again. */
        do {
            step = measure_sequence((const unsigned char *)ptr + pos, len - pos);
            if (!step) return pos;
            pos += step;
        } while (pos < len && !berm_utf8_is_ascii_byte(ptr[pos]));
    }
    return len;
}

int32_t berm_utf8_next(berm_str s, size_t *pos)
{
    const unsigned char *p = (const unsigned char *)s.ptr + *pos;
    if (p[0] < 0x80) {
        ++*pos;
        return p[0];
    }
    size_t len = measure_sequence(p, s.len - *pos);
    *pos += len ? len : 1;
    switch (len) {
    case 2: return (p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    case 3: return (p[0] & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    case 4: return (p[0] & 0x07) << 18 | (p[1] & 0x3F) << 12 | (p[2] & 0x3F) << 6 | (p[3] & 0x3F);
    default: return -1;
    }
}

static char make_continuation(uint32_t bits)
{
    return (char)(unsigned char)(0x80 | (bits & 0x3F));
}

size_t berm_utf8_encode(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(unsigned char)(0xC0 | code >> 6);
        out[1] = make_continuation(code);
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(unsigned char)(0xE0 | code >> 12);
        out[1] = make_continuation(code >> 6);
        out[2] = make_continuation(code);
        return 3;
    }
    out[0] = (char)(unsigned char)(0xF0 | code >> 18);
    out[1] = make_continuation(code >> 12);
    out[2] = make_continuation(code >> 6);
    out[3] = make_continuation(code);
    return 4;
}

/* How many of eight bytes are continuation bytes: bit 7 set and bit 6 clear. */
static size_t count_continuations(uint64_t word)
{
    uint64_t marks = (word >> 7) & ~(word >> 6) & UTF8_LOW_BITS;
    return (size_t)((marks * UTF8_LOW_BITS) >> 56);
}

size_t berm_utf8_count(berm_str s)
{
    size_t pos = 0, continuations = 0;
    for (; s.len - pos >= 8; pos += 8) {
        while (s.len - pos >= 40 && is_ascii_run(s.ptr + pos)) pos += 32;
        continuations += count_continuations(load_utf8_word(s.ptr + pos));
    }
    for (; pos < s.len; pos++) continuations += is_continuation((unsigned char)s.ptr[pos]);
    return s.len - continuations;
}

size_t berm_utf8_offset(berm_str s, size_t index)
{
    size_t pos = 0;
    /* Whole words first, as long as the code point cannot start inside the next one. */
    while (s.len - pos >= 8) {
        size_t starts = 8 - count_continuations(load_utf8_word(s.ptr + pos));
        if (starts > index) break;
        index -= starts;
        pos += 8;
    }
    for (; pos < s.len; pos++) {
        if (is_continuation((unsigned char)s.ptr[pos])) continue;
        if (index-- == 0) return pos;
    }
    return s.len;
}
