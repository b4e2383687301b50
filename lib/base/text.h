/* A growable text, locale-free formatting, and slices. */
#ifndef BERM_BASE_TEXT_H
#define BERM_BASE_TEXT_H

#include "base/mem.h"

#include <stdarg.h>
#include <string.h>

#define BERM_STR(literal) ((berm_str){(literal), sizeof(literal) - 1})

static inline berm_str berm_str_of(const char *text)
{
    return (berm_str){text, text ? strlen(text) : 0};
}
static inline bool berm_str_equal(berm_str a, berm_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}
static inline bool berm_str_is(berm_str a, const char *b)
{
    return berm_str_equal(a, berm_str_of(b));
}
/* Bytes from..to; an empty text may have no pointer to add to. */
static inline berm_str berm_str_cut(berm_str s, size_t from, size_t to)
{
    return (berm_str){from ? s.ptr + from : s.ptr, to - from};
}
bool berm_str_starts(berm_str s, berm_str prefix);
bool berm_str_ends(berm_str s, berm_str suffix);
/* Without white space at both ends. */
berm_str berm_str_trim(berm_str s);
int berm_str_compare(berm_str a, berm_str b); /* bytewise, -1 0 1 */

/* `*` matches any run, also across separators, `?` one code point; nothing else is special.
   Linear in practice and never worse than pattern x text: one backtrack point is kept, the last
   star. */
bool berm_glob_match(berm_str pattern, berm_str text);

/* A text that grows. After a failed allocation `failed` is set and further puts do nothing:
   check once, at the end. */
typedef struct berm_text {
    const berm_alloc *alloc;
    char *ptr;
    size_t len, cap;
    bool failed;
} berm_text;

void berm_text_init(berm_text *text, const berm_alloc *alloc);
void berm_text_free(berm_text *text);
void berm_text_put(berm_text *text, berm_str part);
void berm_text_putc(berm_text *text, char c);
void berm_text_pad(berm_text *text, char c, size_t count);
/* The conversions are %s (const char *), %S (berm_str), %c, %d (int), %u (uint32_t), %l
   (int64_t), %L (uint64_t), %x (uint32_t, hex), %%. No width, no locale. */
void berm_text_format(berm_text *text, const char *format, ...);
void berm_text_vformat(berm_text *text, const char *format, va_list args);
/* As JSON string with quotes; control characters, quotes and backslash escaped. */
void berm_text_quote(berm_text *text, berm_str s);
static inline berm_str berm_text_view(const berm_text *text)
{
    return (berm_str){text->ptr, text->len};
}

/* The same conversions into a fixed buffer, cut at a code point boundary; always NUL-terminated. */
void berm_format_into(char *buffer, size_t size, const char *format, ...);
void berm_vformat_into(char *buffer, size_t size, const char *format, va_list args);

#endif
