/* UTF-8: checking, stepping, counting. Overlong forms, surrogates and code points over U+10FFFF
   are invalid. */
#ifndef BERM_BASE_UTF8_H
#define BERM_BASE_UTF8_H

#include <berm/berm.h>
#include <stdbool.h>

/* Offset of the first byte that is not valid UTF-8, or len. Quick on ASCII. */
size_t berm_utf8_invalid(const char *ptr, size_t len);
/* Code point at s[*pos], *pos moved behind it; -1 (and *pos moved by one) on an invalid byte.
   *pos < s.len. */
int32_t berm_utf8_next(berm_str s, size_t *pos);
/* Writes 1..4 bytes to out; how many. `code` is a valid scalar value. */
size_t berm_utf8_encode(uint32_t code, char out[4]);
/* Code points in valid UTF-8; and the byte offset of code point `index` (len when past the end). */
size_t berm_utf8_count(berm_str s);
size_t berm_utf8_offset(berm_str s, size_t index);
static inline bool berm_utf8_is_ascii_byte(char c)
{
    return (unsigned char)c < 0x80;
}

#endif
