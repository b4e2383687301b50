/* Strings and extents in JSON text. */
#include "data/json_parts.h"

#include "base/parts.h"
#include "base/utf8.h"
#include "data/fast/scan.h"

#include <string.h>

#define JSON_ONES UINT64_C(0x0101010101010101)
#define JSON_HIGHS UINT64_C(0x8080808080808080)

/* High bits of the bytes of `word` that are zero; bytes above such a one may be set wrongly, none
   is missed. */
static inline uint64_t find_zero_bytes(uint64_t word)
{
    return (word - JSON_ONES) & ~word & JSON_HIGHS;
}

/* Non-zero when one of eight bytes is a quote, a backslash or a control character. */
static inline uint64_t find_json_special(uint64_t word)
{
    uint64_t control = (word - JSON_ONES * 0x20) & ~word & JSON_HIGHS;
    return control | find_zero_bytes(word ^ JSON_ONES * '"') |
           find_zero_bytes(word ^ JSON_ONES * '\\');
}

const char *berm_json_string_end(const char *p, const char *end, bool *escaped)
{
    *escaped = false;
    for (;;) {
        uint64_t word;
        while (end - p >= (ptrdiff_t)sizeof word) {
            memcpy(&word, p, sizeof word);
            if (find_json_special(word)) break;
            p += sizeof word;
        }
        while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20) p++;
        if (p == end || *p != '\\') return p;
        *escaped = true;
        if (++p == end) return p;
        if ((unsigned char)*p >= 0x20) p++;
    }
}

static int32_t hex_digit_of(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* The code unit of \uXXXX at s[at]; -1 when it is not one. */
static int32_t read_json_unit(berm_str s, size_t at)
{
    if (s.len < at + 6 || s.ptr[at] != '\\' || s.ptr[at + 1] != 'u') return -1;
    int32_t unit = 0;
    for (size_t i = at + 2; i < at + 6; i++) {
        int32_t digit = hex_digit_of(s.ptr[i]);
        if (digit < 0) return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

static size_t read_json_unicode(berm_str s, uint32_t *code)
{
    int32_t high = read_json_unit(s, 0);
    *code = 0;
    if (high < 0) return 0;
    *code = (uint32_t)high;
    if (high < 0xD800 || high > 0xDFFF) return 6;
    int32_t low = high < 0xDC00 ? read_json_unit(s, 6) : -1;
    if (low < 0xDC00 || low > 0xDFFF) {
        *code = BERM_JSON_LONE_SURROGATE;
        return 0;
    }
    *code = 0x10000 + ((uint32_t)(high - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
    return 12;
}

size_t berm_json_escape(berm_str s, uint32_t *code)
{
    *code = 0;
    if (s.len < 2) return 0;
    switch (s.ptr[1]) {
    case '"':
    case '\\':
    case '/': *code = (uint32_t)s.ptr[1]; return 2;
    case 'b': *code = '\b'; return 2;
    case 'f': *code = '\f'; return 2;
    case 'n': *code = '\n'; return 2;
    case 'r': *code = '\r'; return 2;
    case 't': *code = '\t'; return 2;
    case 'u': return read_json_unicode(s, code);
    default: return 0;
    }
}

/* Behind the container that starts at `off`: brackets are counted, strings stepped over. Offsets
   into documents fit 32 bits. */
static size_t find_json_bracket(berm_str text, size_t off)
{
#if BERM_PART_FAST
    const berm_kernel_info *kernel = berm_kernel_find(BERM_KERNEL_AUTO);
    return kernel->close(text.ptr, (uint32_t)text.len, (uint32_t)off);
#else
    const char *p = text.ptr + off, *end = text.ptr + text.len;
    bool escaped;
    for (size_t depth = 0; p < end; p++) {
        if (*p == '[' || *p == '{') depth++;
        else if (*p == '"') p = berm_json_string_end(p + 1, end, &escaped);
        else if ((*p == ']' || *p == '}') && --depth == 0) return (size_t)(p - text.ptr) + 1;
        if (p == end) break;
    }
    return text.len;
#endif
}

size_t berm_json_value_end(berm_str text, size_t off)
{
    if (off >= text.len) return text.len;
    char first = text.ptr[off];
    if (first == '[' || first == '{') return find_json_bracket(text, off);
    if (first == '"') {
        bool escaped;
        const char *end = berm_json_string_end(text.ptr + off + 1, text.ptr + text.len, &escaped);
        size_t behind = (size_t)(end - text.ptr) + 1;
        return behind < text.len ? behind : text.len;
    }
    /* Nothing need stand behind a value of a stream, so a scalar ends where it cannot go on. */
    size_t len = first == 't' || first == 'n' ? 4 : first == 'f' ? 5 : 0;
    while (len == 0 && off < text.len && memchr("-+.eE0123456789", text.ptr[off], 15)) off++;
    return off + len < text.len ? off + len : text.len;
}

size_t berm_json_offset_in(berm_str text, size_t off, size_t index)
{
    size_t at = off + 1;
    while (at < text.len && text.ptr[at] != '"') {
        uint32_t code;
        char bytes[4];
        size_t len = 1, decoded = 1;
        if (text.ptr[at] == '\\') {
            len = berm_json_escape((berm_str){text.ptr + at, text.len - at}, &code);
            if (len == 0) break;
            decoded = berm_utf8_encode(code, bytes);
        }
        if (index < decoded) break;
        index -= decoded;
        at += len;
    }
    return at;
}
