/* Numbers and strings: from the source to values and back. */
#include "cel/literals.h"

#include "base/number.h"
#include "base/utf8.h"

#include <float.h>

/* --- numbers --- */

static void report_cel_range(berm_cel_faults *faults, berm_token token, const char *type,
                             const char *least, const char *most)
{
    berm_cel_fault(faults, BERM_D_CEL_NUMBER, token.off, token.len,
                   "expected a number in the range of %s, %s to %s", type, least, most);
}

static bool parse_cel_magnitude(berm_str text, uint64_t *out)
{
    bool hex = text.len > 2 && text.ptr[0] == '0' && text.ptr[1] == 'x';
    return hex ? berm_parse_hex(berm_str_cut(text, 2, text.len), out) : berm_parse_uint(text, out);
}

static bool parse_cel_int(berm_str text, bool negative, int64_t *out)
{
    uint64_t magnitude;
    if (!parse_cel_magnitude(text, &magnitude)) return false;
    if (magnitude <= INT64_MAX) {
        *out = negative ? -(int64_t)magnitude : (int64_t)magnitude;
        return true;
    }
    /* -9223372036854775808 has no positive twin */
    *out = INT64_MIN;
    return negative && magnitude == (uint64_t)INT64_MAX + 1;
}

static bool parse_cel_double(berm_str text, bool negative, double *out)
{
    if (!berm_parse_double(text, out) || !(*out <= DBL_MAX)) return false;
    if (negative) *out = -*out;
    return true;
}

void berm_cel_number(berm_cel_faults *faults, berm_token token, berm_str text, bool negative,
                     berm_cell *out)
{
    int64_t i = 0;
    uint64_t u = 0;
    double d = 0;
    *out = berm_cell_int(0);
    if (token.kind == BERM_TOKEN_INT) {
        if (parse_cel_int(text, negative, &i)) *out = berm_cell_int(i);
        else report_cel_range(faults, token, "int", "-9223372036854775808", "9223372036854775807");
    } else if (token.kind == BERM_TOKEN_UINT) {
        if (parse_cel_magnitude(berm_str_cut(text, 0, text.len - 1), &u)) *out = berm_cell_uint(u);
        else report_cel_range(faults, token, "uint", "0u", "18446744073709551615u");
    } else {
        if (parse_cel_double(text, negative, &d)) *out = berm_cell_double(d);
        else
            report_cel_range(faults, token, "double", "-1.7976931348623157e+308",
                             "1.7976931348623157e+308");
    }
}

void berm_cel_print_double(berm_text *out, double value)
{
    char digits[BERM_DOUBLE_LEN];
    size_t len = berm_print_double(value, digits);
    berm_text_put(out, (berm_str){digits, len});
    for (size_t i = 0; i < len; i++) {
        if (digits[i] == '.' || digits[i] == 'e') return;
    }
    berm_text_put(out, BERM_STR(".0"));
}

/* --- strings --- */

typedef struct cel_escapes {
    berm_cel_faults *faults;
    berm_str text; /* between the quotes */
    size_t pos;
    uint32_t off; /* of text in the expression */
    bool bytes, raw;
    char *out;
    size_t len;
} cel_escapes;

static void put_cel_code(cel_escapes *e, uint32_t code)
{
    if (e->bytes) e->out[e->len++] = (char)(unsigned char)code;
    else e->len += berm_utf8_encode(code, e->out + e->len);
}

static void report_cel_escape(cel_escapes *e, size_t from, const char *expected)
{
    size_t shown = from + 1; /* the backslash, and what can be shown of the letter behind it */
    if (shown < e->text.len && (unsigned char)e->text.ptr[shown] >= ' ') {
        berm_utf8_next(e->text, &shown);
    }
    if (e->pos > shown) shown = e->pos;
    berm_cel_fault(e->faults, BERM_D_CEL_ESCAPE, e->off + (uint32_t)from, (uint32_t)(shown - from),
                   "expected %s, found '%S'", expected, berm_str_cut(e->text, from, shown));
    e->pos = shown;
}

static int read_cel_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* Up to `count` digits; false when there are fewer. */
static bool read_cel_digits(cel_escapes *e, unsigned count, int base, uint32_t *code)
{
    for (*code = 0; count; count--) {
        int digit = e->pos < e->text.len ? read_cel_digit(e->text.ptr[e->pos]) : 16;
        if (digit >= base) return false;
        *code = *code * (uint32_t)base + (uint32_t)digit;
        e->pos++;
    }
    return true;
}

static void decode_cel_unicode(cel_escapes *e, size_t from, unsigned digits)
{
    uint32_t code;
    if (e->bytes) {
        report_cel_escape(e, from,
                          "an escape for one byte such as \\xC3 (\\u and \\U are for strings)");
    } else if (!read_cel_digits(e, digits, 16, &code)) {
        report_cel_escape(e, from,
                          digits == 4 ? "four hexadecimal digits behind \\u"
                                      : "eight hexadecimal digits behind \\U");
    } else if (code > 0x10FFFF) {
        report_cel_escape(e, from, "a code point up to \\U0010FFFF");
    } else if (code >= 0xD800 && code <= 0xDFFF) {
        report_cel_escape(e, from,
                          "a character, not a surrogate half (write \\U and eight digits)");
    } else {
        put_cel_code(e, code);
    }
}

/* The escapes of one letter, and what they stand for at the same index. */
static const char cel_escape_letters[] = "abfnrtv\\?\"'`";
static const char cel_escape_values[] = "\a\b\f\n\r\t\v\\?\"'`";

/* At a backslash. */
static void decode_cel_escape(cel_escapes *e)
{
    size_t from = e->pos++;
    char c = '\0';
    if (e->pos < e->text.len) c = e->text.ptr[e->pos];
    const char *letter = c ? strchr(cel_escape_letters, c) : NULL;
    uint32_t code;
    if (letter) {
        e->pos++;
        e->out[e->len++] = cel_escape_values[letter - cel_escape_letters];
    } else if (c == 'x' || c == 'X') {
        e->pos++;
        if (read_cel_digits(e, 2, 16, &code)) put_cel_code(e, code);
        else report_cel_escape(e, from, "two hexadecimal digits behind \\x");
    } else if (c == 'u' || c == 'U') {
        e->pos++;
        decode_cel_unicode(e, from, c == 'u' ? 4 : 8);
    } else if (c >= '0' && c <= '7') {
        if (read_cel_digits(e, 3, 8, &code) && code <= 0xFF) put_cel_code(e, code);
        else report_cel_escape(e, from, "three octal digits from \\000 to \\377");
    } else {
        report_cel_escape(e, from,
                          "one of \\n \\r \\t \\a \\b \\f \\v \\\\ \\' \\\" \\` \\? \\xHH \\uHHHH "
                          "\\UHHHHHHHH \\OOO (a backslash itself is \\\\, or r'..')");
    }
}

/* No escape is shorter than what it stands for, so the text's own length is room enough. */
static berm_str decode_cel_string(cel_escapes *e, berm_arena *arena)
{
    e->out = berm_arena_alloc(arena, e->text.len);
    if (!e->out) {
        berm_cel_nomem(e->faults);
        return (berm_str){"", 0};
    }
    while (e->pos < e->text.len) {
        char c = e->text.ptr[e->pos];
        if (c == '\\' && !e->raw) {
            decode_cel_escape(e);
            continue;
        }
        bool windows = c == '\r' && e->pos + 1 < e->text.len && e->text.ptr[e->pos + 1] == '\n';
        e->out[e->len++] = c == '\r' ? '\n' : c; /* an end of line is one, however it is written */
        e->pos += windows ? 2 : 1;
    }
    return (berm_str){e->out, e->len};
}

berm_str berm_cel_string(berm_cel_faults *faults, berm_arena *arena, berm_token token,
                         berm_str text)
{
    size_t from = 0;
    if (token.kind == BERM_TOKEN_BYTES) from++;
    bool raw = text.ptr[from] == 'r' || text.ptr[from] == 'R';
    from += raw;
    char quote = text.ptr[from];
    /* '' is empty, ''' opens a long one: a closed string of six characters at least */
    bool triple =
        text.len - from >= 6 && text.ptr[from + 1] == quote && text.ptr[from + 2] == quote;
    size_t mark = triple ? 3 : 1;
    cel_escapes e = {.faults = faults,
                     .text = berm_str_cut(text, from + mark, text.len - mark),
                     .off = token.off + (uint32_t)(from + mark),
                     .bytes = token.kind == BERM_TOKEN_BYTES,
                     .raw = raw};
    if (e.text.len == 0) return e.text;
    bool escapes = !raw && memchr(e.text.ptr, '\\', e.text.len);
    if (!escapes && !memchr(e.text.ptr, '\r', e.text.len)) return e.text;
    return decode_cel_string(&e, arena);
}

/* --- printing --- */

static void print_cel_hex(berm_text *out, unsigned char byte)
{
    static const char digits[] = "0123456789abcdef";
    berm_text_put(out, BERM_STR("\\x"));
    berm_text_putc(out, digits[byte >> 4]);
    berm_text_putc(out, digits[byte & 15]);
}

void berm_cel_print_string(berm_text *out, berm_str value, bool bytes)
{
    bool apostrophes = value.len && memchr(value.ptr, '\'', value.len);
    bool quotes = value.len && memchr(value.ptr, '"', value.len);
    char quote = apostrophes && !quotes ? '"' : '\'';
    if (bytes) berm_text_putc(out, 'b');
    berm_text_putc(out, quote);
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        const char *escape = c ? strchr(cel_escape_values, c) : NULL;
        bool plain = escape && strchr("?\"'`", c) && c != quote;
        if (escape && !plain) {
            berm_text_putc(out, '\\');
            berm_text_putc(out, cel_escape_letters[escape - cel_escape_values]);
        } else if ((unsigned char)c < ' ' || c == 0x7f || (bytes && (unsigned char)c >= 0x80)) {
            print_cel_hex(out, (unsigned char)c);
        } else {
            berm_text_putc(out, c);
        }
    }
    berm_text_putc(out, quote);
}
