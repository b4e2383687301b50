/* Growable texts, formatting, globs. */
#include "base/text.h"

#include "base/number.h"
#include "base/utf8.h"

bool berm_str_starts(berm_str s, berm_str prefix)
{
    return s.len >= prefix.len && berm_str_equal(berm_str_cut(s, 0, prefix.len), prefix);
}

bool berm_str_ends(berm_str s, berm_str suffix)
{
    return s.len >= suffix.len &&
           berm_str_equal(berm_str_cut(s, s.len - suffix.len, s.len), suffix);
}

berm_str berm_str_trim(berm_str s)
{
    static const char white[] = {' ', '\t', '\n', '\v', '\f', '\r'};
    while (s.len && memchr(white, s.ptr[s.len - 1], sizeof white)) s.len--;
    while (s.len && memchr(white, s.ptr[0], sizeof white)) s = berm_str_cut(s, 1, s.len);
    return s;
}

int berm_str_compare(berm_str a, berm_str b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;
    if (order == 0) return (a.len > b.len) - (a.len < b.len);
    return order < 0 ? -1 : 1;
}

bool berm_glob_match(berm_str pattern, berm_str text)
{
    size_t p = 0, t = 0;
    size_t star = SIZE_MAX,
           resume = 0; /* behind the last star, and where its run ended in the text so far */
    while (t < text.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = ++p;
            resume = t;
        } else if (p < pattern.len && pattern.ptr[p] == '?') {
            p++;
            (void)berm_utf8_next(text, &t);
        } else if (p < pattern.len && pattern.ptr[p] == text.ptr[t]) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            /* The last star takes one code point more; an earlier star could not do better. */
            (void)berm_utf8_next(text, &resume);
            t = resume;
            p = star;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*') p++;
    return p == pattern.len;
}

void berm_text_init(berm_text *text, const berm_alloc *alloc)
{
    *text = (berm_text){.alloc = alloc};
}

void berm_text_free(berm_text *text)
{
    berm_mem_free(text->alloc, text->ptr, text->cap);
    *text = (berm_text){.alloc = text->alloc};
}

/* Room for `len` more bytes, or `failed`. */
static bool reserve_text(berm_text *text, size_t len)
{
    if (text->failed) return false;
    if (text->cap - text->len >= len) return true;
    size_t cap = text->cap + text->cap / 2 + 64;
    if (len > PTRDIFF_MAX / 2 - text->len) {
        text->failed = true;
        return false;
    }
    if (cap < text->len + len) cap = text->len + len;
    char *grown = berm_mem_resize(text->alloc, text->ptr, text->cap, cap);
    if (!grown) {
        text->failed = true;
        return false;
    }
    text->ptr = grown;
    text->cap = cap;
    return true;
}

void berm_text_put(berm_text *text, berm_str part)
{
    if (part.len == 0 || !reserve_text(text, part.len)) return;
    memcpy(text->ptr + text->len, part.ptr, part.len);
    text->len += part.len;
}

void berm_text_putc(berm_text *text, char c)
{
    if (reserve_text(text, 1)) text->ptr[text->len++] = c;
}

void berm_text_pad(berm_text *text, char c, size_t count)
{
    if (count == 0 || !reserve_text(text, count)) return;
    memset(text->ptr + text->len, c, count);
    text->len += count;
}

/* --- formatting: one walk over the format, two places it can write to --- */

/* Either a growing text, or a buffer of `size` bytes that is cut, once, where the first part
   does not fit. */
typedef struct format_sink {
    berm_text *text;
    char *buffer;
    size_t size, len;
    bool full;
} format_sink;

static void put_formatted(format_sink *sink, berm_str part)
{
    if (sink->text) {
        berm_text_put(sink->text, part);
        return;
    }
    if (sink->full || part.len == 0) return;
    size_t room = sink->size - 1 - sink->len;
    if (part.len > room) {
        part.len = room;
        /* Not inside a code point; a run of stray continuation bytes is given up after a code
           point's length. */
        for (int i = 0; i < 3 && part.len > 0 && ((unsigned char)part.ptr[part.len] & 0xC0) == 0x80;
             i++)
            part.len--;
        sink->full = true;
    }
    if (part.len) memcpy(sink->buffer + sink->len, part.ptr, part.len);
    sink->len += part.len;
}

static size_t print_hex(uint32_t value, char out[8])
{
    static const char digits[] = "0123456789abcdef";
    size_t len = 1;
    while (len < 8 && value >> 4 * len) len++;
    for (size_t i = 0; i < len; i++) out[i] = digits[value >> 4 * (len - 1 - i) & 0xF];
    return len;
}

static void format_to_sink(format_sink *sink, const char *format, va_list args)
{
    char scratch[BERM_INT_LEN];
    while (*format) {
        size_t plain = strcspn(format, "%");
        put_formatted(sink, (berm_str){format, plain});
        format += plain;
        if (!*format) break;
        berm_str part = {scratch, 0};
        switch (*++format) {
        case 's': part = berm_str_of(va_arg(args, const char *)); break;
        case 'S': part = va_arg(args, berm_str); break;
        case 'c':
            scratch[0] = (char)va_arg(args, int);
            part.len = 1;
            break;
        case 'd': part.len = berm_print_int(va_arg(args, int), scratch); break;
        case 'u': part.len = berm_print_uint(va_arg(args, uint32_t), scratch); break;
        case 'l': part.len = berm_print_int(va_arg(args, int64_t), scratch); break;
        case 'L': part.len = berm_print_uint(va_arg(args, uint64_t), scratch); break;
        case 'x': part.len = print_hex(va_arg(args, uint32_t), scratch); break;
        default: part = (berm_str){format, *format != '\0'}; break;
        }
        put_formatted(sink, part);
        if (*format) format++;
    }
}

void berm_text_vformat(berm_text *text, const char *format, va_list args)
{
    format_sink sink = {.text = text};
    format_to_sink(&sink, format, args);
}

void berm_text_format(berm_text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    berm_text_vformat(text, format, args);
    va_end(args);
}

void berm_vformat_into(char *buffer, size_t size, const char *format, va_list args)
{
    if (size == 0) return;
    format_sink sink = {.buffer = buffer, .size = size};
    format_to_sink(&sink, format, args);
    buffer[sink.len] = '\0';
}

void berm_format_into(char *buffer, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    berm_vformat_into(buffer, size, format, args);
    va_end(args);
}

/* --- JSON strings --- */

static bool needs_escape(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

static void put_escape(berm_text *text, unsigned char c)
{
    static const char letters[] = "btn?fr"; /* for 8 to 13; 11 has none */
    if (c == '"' || c == '\\') {
        berm_text_format(text, "\\%c", c);
    } else if (c >= 8 && c <= 13 && c != 11) {
        berm_text_format(text, "\\%c", letters[c - 8]);
    } else {
        char hex[8];
        berm_text_put(text, BERM_STR("\\u00"));
        berm_text_putc(text, c < 0x10 ? '0' : '1');
        (void)print_hex(c & 0xFu, hex);
        berm_text_putc(text, hex[0]);
    }
}

/* `s` is valid UTF-8. */
static void put_escaped(berm_text *text, berm_str s)
{
    size_t start = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (!needs_escape(c)) continue;
        berm_text_put(text, berm_str_cut(s, start, i));
        put_escape(text, c);
        start = i + 1;
    }
    berm_text_put(text, (berm_str){s.ptr + start, s.len - start});
}

void berm_text_quote(berm_text *text, berm_str s)
{
    berm_text_putc(text, '"');
    while (s.len) {
        size_t valid = berm_utf8_invalid(s.ptr, s.len);
        put_escaped(text, berm_str_cut(s, 0, valid));
        if (valid == s.len) break;
        berm_text_put(text, BERM_STR("\\ufffd"));
        s = berm_str_cut(s, valid + 1, s.len);
    }
    berm_text_putc(text, '"');
}
