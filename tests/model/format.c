/* string.format() */
#include "base/utf8.h"
#include "moment.h"
#include "operate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* NULL: it is finite */
static const char *name_special(double d)
{
    if (isnan(d)) return "NaN";
    return isinf(d) ? d < 0 ? "-Infinity" : "Infinity" : NULL;
}

static void put_double_or_name(berm_text *t, double d)
{
    if (name_special(d)) berm_text_put(t, berm_str_of(name_special(d)));
    else put_plain_double(t, d);
}

/* --- %s --- */

/* Each run of bytes that are no UTF-8 as one U+FFFD, as cel-go has it. */
static void put_as_text(berm_text *t, berm_str s)
{
    bool run = false;
    for (size_t pos = 0, from = 0; pos < s.len; from = pos) {
        bool valid = berm_utf8_next(s, &pos) >= 0;
        if (valid) berm_text_put(t, berm_str_cut(s, from, pos));
        else if (!run) berm_text_put(t, BERM_STR("\xef\xbf\xbd"));
        run = !valid;
    }
}

static bool put_any(heap *h, berm_text *t, const value *v);

static bool put_list(heap *h, berm_text *t, const value *v)
{
    berm_text_putc(t, '[');
    for (size_t i = 0; i < v->count; i++) {
        if (i) berm_text_put(t, BERM_STR(", "));
        if (!put_any(h, t, v->items[i])) return false;
    }
    berm_text_putc(t, ']');
    return true;
}

/* Members in the order of their keys' texts. */
static bool put_map(heap *h, berm_text *t, const value *v)
{
    const value **keys = heap_new(h, (v->count + 1) * sizeof *keys);
    const value **members = heap_new(h, (v->count + 1) * sizeof *members);
    for (size_t i = 0; i < v->count; i += 2) {
        berm_text key, member;
        text_begin(&key);
        text_begin(&member);
        bool done = put_any(h, &key, v->items[i]) && put_any(h, &member, v->items[i + 1]);
        keys[i / 2] = text_end(h, &key);
        members[i / 2] = text_end(h, &member);
        if (!done) return false;
    }
    size_t count = member_count(v);
    const value *sorted_keys = sort_values(h, keys, keys, count);
    const value *sorted = sort_values(h, members, keys, count);
    berm_text_putc(t, '{');
    for (size_t i = 0; i < count; i++)
        berm_text_format(t, "%s%S: %S", i ? ", " : "", sorted_keys->items[i]->text,
                         sorted->items[i]->text);
    berm_text_putc(t, '}');
    return true;
}

static bool put_any(heap *h, berm_text *t, const value *v)
{
    switch (v->kind) {
    case V_NULL: berm_text_put(t, BERM_STR("null")); return true;
    case V_BOOL: berm_text_put(t, v->b ? BERM_STR("true") : BERM_STR("false")); return true;
    case V_INT: berm_text_format(t, "%l", v->i); return true;
    case V_UINT: berm_text_format(t, "%L", v->u); return true;
    case V_DOUBLE: put_double_or_name(t, v->d); return true;
    case V_BYTES: put_as_text(t, v->text); return true;
    case V_STRING:
    case V_TYPE: berm_text_put(t, v->text); return true;
    case V_TIME: put_time(t, v->time); return true;
    case V_DURATION: put_seconds(t, v->i); return true;
    case V_LIST: return put_list(h, t, v);
    case V_MAP: return put_map(h, t, v);
    default: return false;
    }
}

/* --- the others --- */

static bool put_decimal(berm_text *t, const value *v)
{
    if (v->kind == V_INT) berm_text_format(t, "%l", v->i);
    else if (v->kind == V_UINT) berm_text_format(t, "%L", v->u);
    else if (v->kind == V_DOUBLE) put_double_or_name(t, v->d);
    else return false;
    return true;
}

static bool put_real(berm_text *t, const value *v, char clause, int precision)
{
    char buffer[512];
    if (!is_number(v)) return false;
    double d = v->kind == V_INT ? (double)v->i : v->kind == V_UINT ? (double)v->u : v->d;
    if (name_special(d)) berm_text_put(t, berm_str_of(name_special(d)));
    else {
        snprintf(buffer, sizeof buffer, clause == 'f' ? "%.*f" : "%.*e",
                 precision < 0 ? 6 : precision, d);
        berm_text_put(t, berm_str_of(buffer));
    }
    return true;
}

static bool put_in_base(berm_text *t, const value *v, unsigned base, const char *digits)
{
    char buffer[65];
    size_t at = sizeof buffer;
    bool negative = v->kind == V_INT && v->i < 0;
    if (v->kind != V_INT && v->kind != V_UINT) return false;
    uint64_t rest = negative ? 0 - (uint64_t)v->i : v->u;
    do {
        buffer[--at] = digits[rest % base];
        rest /= base;
    } while (rest);
    if (negative) berm_text_putc(t, '-');
    berm_text_put(t, (berm_str){buffer + at, sizeof buffer - at});
    return true;
}

static bool put_hex(berm_text *t, const value *v, const char *digits)
{
    if (v->kind != V_STRING && v->kind != V_BYTES) return put_in_base(t, v, 16, digits);
    for (size_t i = 0; i < v->text.len; i++) {
        unsigned char c = (unsigned char)v->text.ptr[i];
        berm_text_putc(t, digits[c / 16]);
        berm_text_putc(t, digits[c % 16]);
    }
    return true;
}

static bool put_clause(heap *h, berm_text *t, const value *v, char clause, int precision)
{
    switch (clause) {
    case 's': return put_any(h, t, v);
    case 'd': return put_decimal(t, v);
    case 'f':
    case 'e': return put_real(t, v, clause, precision);
    case 'b':
        if (v->kind != V_BOOL) return put_in_base(t, v, 2, "01");
        berm_text_putc(t, v->b ? '1' : '0');
        return true;
    case 'o': return put_in_base(t, v, 8, "01234567");
    case 'x': return put_hex(t, v, "0123456789abcdef");
    case 'X': return put_hex(t, v, "0123456789ABCDEF");
    default: return false;
    }
}

/* --- the template --- */

/* .digits before the clause; -1: none; -2: malformed */
static int take_precision(berm_str s, size_t *i)
{
    int precision = 0;
    if (*i == s.len || s.ptr[*i] != '.') return -1;
    size_t from = ++*i;
    while (*i < s.len && s.ptr[*i] >= '0' && s.ptr[*i] <= '9' && precision < 1000)
        precision = 10 * precision + (s.ptr[(*i)++] - '0');
    return *i == from ? -2 : precision;
}

static bool put_template(heap *h, berm_text *t, berm_str s, const value *list)
{
    size_t used = 0;
    for (size_t i = 0; i < s.len;) {
        char c = s.ptr[i++];
        if (c != '%') {
            berm_text_putc(t, c);
            continue;
        }
        if (i < s.len && s.ptr[i] == '%') {
            berm_text_putc(t, s.ptr[i++]);
            continue;
        }
        int precision = take_precision(s, &i);
        if (precision == -2 || i == s.len || used == list->count) return false;
        if (!put_clause(h, t, list->items[used++], s.ptr[i++], precision)) return false;
    }
    return true;
}

const value *format_values(heap *h, const value *const *args)
{
    berm_text t;
    text_begin(&t);
    bool done = put_template(h, &t, args[0]->text, args[1]);
    const value *formatted = text_end(h, &t);
    return done ? formatted : make_error(h, "");
}
