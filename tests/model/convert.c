/* Conversions between types, and what looks at a value as a whole. */
#include "base/utf8.h"
#include "moment.h"
#include "operate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const value *fail_conversion(heap *h)
{
    return make_error(h, "");
}

/* --- texts to numbers --- */

static bool is_digits(berm_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9') return false;
    return s.len > 0;
}

static bool read_magnitude(berm_str s, uint64_t *out)
{
    *out = 0;
    if (!is_digits(s)) return false;
    for (size_t i = 0; i < s.len; i++) {
        uint64_t digit = (uint64_t)(s.ptr[i] - '0');
        if (*out > (UINT64_MAX - digit) / 10) return false;
        *out = 10 * *out + digit;
    }
    return true;
}

static const value *int_of_string(heap *h, const value *const *args)
{
    berm_str s = args[0]->text;
    uint64_t magnitude;
    bool negative = s.len && s.ptr[0] == '-';
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+')) s = berm_str_cut(s, 1, s.len);
    if (!read_magnitude(s, &magnitude)) return fail_conversion(h);
    if (magnitude > (uint64_t)INT64_MAX + negative) return fail_conversion(h);
    return make_int(h, negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude);
}

static const value *uint_of_string(heap *h, const value *const *args)
{
    uint64_t magnitude;
    return read_magnitude(args[0]->text, &magnitude) ? make_uint(h, magnitude) : fail_conversion(h);
}

/* Digits with a point and an exponent, as the C library reads them, but nothing else that it
   would read. */
static bool is_decimal(berm_str s)
{
    size_t i = 0, digits = 0;
    if (i < s.len && (s.ptr[i] == '-' || s.ptr[i] == '+')) i++;
    for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++) digits++;
    if (i < s.len && s.ptr[i] == '.') i++;
    for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++) digits++;
    if (digits == 0) return false;
    if (i == s.len) return true;
    if (s.ptr[i] != 'e' && s.ptr[i] != 'E') return false;
    i++;
    if (i < s.len && (s.ptr[i] == '-' || s.ptr[i] == '+')) i++;
    return is_digits(berm_str_cut(s, i, s.len));
}

static bool is_word(berm_str s, const char *word)
{
    if (s.len != strlen(word)) return false;
    for (size_t i = 0; i < s.len; i++)
        if ((s.ptr[i] | 0x20) != word[i]) return false;
    return true;
}

static const value *double_of_string(heap *h, const value *const *args)
{
    berm_str s = args[0]->text, rest = s;
    char buffer[128];
    bool negative = s.len && s.ptr[0] == '-';
    if (is_word(s, "nan")) return make_double(h, NAN);
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+')) rest = berm_str_cut(s, 1, s.len);
    if (is_word(rest, "inf") || is_word(rest, "infinity"))
        return make_double(h, negative ? -INFINITY : INFINITY);
    if (!is_decimal(s) || s.len >= sizeof buffer) return fail_conversion(h);
    memcpy(buffer, s.ptr, s.len);
    buffer[s.len] = 0;
    double d = strtod(buffer, NULL);
    return isinf(d) ? fail_conversion(h) : make_double(h, d);
}

static const value *bool_of_string(heap *h, const value *const *args)
{
    static const char *const words[2][5] = {{"false", "False", "FALSE", "f", "0"},
                                            {"true", "True", "TRUE", "t", "1"}};
    for (int truth = 0; truth < 2; truth++)
        for (int i = 0; i < 5; i++)
            if (berm_str_is(args[0]->text, words[truth][i])) return make_bool(truth);
    if (berm_str_is(args[0]->text, "F")) return make_bool(false);
    if (berm_str_is(args[0]->text, "T")) return make_bool(true);
    return fail_conversion(h);
}

/* --- numbers to numbers --- */

static const value *keep(heap *h, const value *const *args)
{
    (void)h;
    return args[0];
}

static const value *int_of_uint(heap *h, const value *const *args)
{
    return args[0]->u <= INT64_MAX ? make_int(h, (int64_t)args[0]->u) : fail_conversion(h);
}

static const value *int_of_double(heap *h, const value *const *args)
{
    double d = args[0]->d;
    bool fits = d > -9223372036854775808.0 && d < 9223372036854775808.0;
    return fits ? make_int(h, (int64_t)d) : fail_conversion(h);
}

static const value *int_of_time(heap *h, const value *const *args)
{
    return make_int(h, args[0]->time.sec);
}

static const value *int_of_duration(heap *h, const value *const *args)
{
    return make_int(h, args[0]->i);
}

static const value *uint_of_int(heap *h, const value *const *args)
{
    return args[0]->i >= 0 ? make_uint(h, (uint64_t)args[0]->i) : fail_conversion(h);
}

static const value *uint_of_double(heap *h, const value *const *args)
{
    double d = args[0]->d;
    bool fits = d >= 0 && d < 18446744073709551616.0;
    return fits ? make_uint(h, (uint64_t)d) : fail_conversion(h);
}

static const value *double_of_int(heap *h, const value *const *args)
{
    return make_double(h, (double)args[0]->i);
}

static const value *double_of_uint(heap *h, const value *const *args)
{
    return make_double(h, (double)args[0]->u);
}

/* --- to texts --- */

size_t shortest_digits(double d, char digits[20], int *exponent)
{
    char buffer[40];
    int precision = 0;
    do {
        snprintf(buffer, sizeof buffer, "%.*e", precision, d);
    } while (strtod(buffer, NULL) != d && ++precision < 17);
    size_t len = 0;
    for (const char *p = buffer; *p != 'e'; p++)
        if (*p != '.') digits[len++] = *p;
    while (len > 1 && digits[len - 1] == '0') len--;
    *exponent = atoi(strchr(buffer, 'e') + 1) + 1;
    return len;
}

void put_plain_double(berm_text *t, double d)
{
    char digits[20] = "0";
    int point = 1;
    size_t len = d == 0 ? 1 : shortest_digits(fabs(d), digits, &point);
    if (signbit(d)) berm_text_putc(t, '-');
    if (point <= 0) berm_text_put(t, BERM_STR("0."));
    for (int i = point; i < 0; i++) berm_text_putc(t, '0');
    for (size_t i = 0; i < len; i++) {
        if (i && (int)i == point) berm_text_putc(t, '.');
        berm_text_putc(t, digits[i]);
    }
    for (int i = (int)len; i < point; i++) berm_text_putc(t, '0');
}

static void put_with_exponent(berm_text *t, double d)
{
    char digits[20], exponent[16];
    int point;
    size_t len = shortest_digits(fabs(d), digits, &point);
    if (d < 0) berm_text_putc(t, '-');
    berm_text_putc(t, digits[0]);
    if (len > 1) berm_text_putc(t, '.');
    berm_text_put(t, (berm_str){digits + 1, len - 1});
    snprintf(exponent, sizeof exponent, "e%+03d", point - 1);
    berm_text_put(t, berm_str_of(exponent));
}

/* As %g has it, with the shortest digits: an exponent below 1e-4 and from 1e6 on. The definition
   is silent, this is cel-go's. */
static const value *string_of_double(heap *h, const value *const *args)
{
    double d = args[0]->d;
    if (isnan(d)) return make_string(h, BERM_STR("NaN"));
    if (isinf(d)) return make_string(h, d < 0 ? BERM_STR("-Inf") : BERM_STR("+Inf"));
    char digits[20];
    int point = 1;
    if (d != 0) (void)shortest_digits(fabs(d), digits, &point);
    berm_text t;
    text_begin(&t);
    if (point - 1 < -4 || point - 1 >= 6) put_with_exponent(&t, d);
    else put_plain_double(&t, d);
    return text_end(h, &t);
}

static const value *string_of_int(heap *h, const value *const *args)
{
    char buffer[32];
    snprintf(buffer, sizeof buffer, "%lld", (long long)args[0]->i);
    return make_string(h, berm_str_of(buffer));
}

static const value *string_of_uint(heap *h, const value *const *args)
{
    char buffer[32];
    snprintf(buffer, sizeof buffer, "%llu", (unsigned long long)args[0]->u);
    return make_string(h, berm_str_of(buffer));
}

static const value *string_of_bool(heap *h, const value *const *args)
{
    return make_string(h, args[0]->b ? BERM_STR("true") : BERM_STR("false"));
}

static const value *string_of_bytes(heap *h, const value *const *args)
{
    berm_str s = args[0]->text;
    return berm_utf8_invalid(s.ptr, s.len) == s.len ? make_string(h, s) : make_error(h, "UTF8");
}

static const value *bytes_of_string(heap *h, const value *const *args)
{
    return make_bytes(h, args[0]->text);
}

static const value *string_of_timed(heap *h, const value *const *args)
{
    berm_text t;
    text_begin(&t);
    if (args[0]->kind == V_TIME) put_time(&t, args[0]->time);
    else put_seconds(&t, args[0]->i);
    return text_end(h, &t);
}

/* --- time --- */

static const value *time_of_string(heap *h, const value *const *args)
{
    return parse_time(h, args[0]->text);
}

static const value *time_of_int(heap *h, const value *const *args)
{
    return make_time(h, args[0]->i, 0);
}

static const value *duration_of_string(heap *h, const value *const *args)
{
    return parse_duration(h, args[0]->text);
}

/* --- as a whole --- */

static const value *size_of(heap *h, const value *const *args)
{
    const value *v = args[0];
    switch (v->kind) {
    case V_STRING: return make_int(h, (int64_t)berm_utf8_count(v->text));
    case V_BYTES: return make_int(h, (int64_t)v->text.len);
    case V_LIST: return make_int(h, (int64_t)v->count);
    default: return make_int(h, (int64_t)member_count(v));
    }
}

static const value *type_of(heap *h, const value *const *args)
{
    return make_type(h, type_name_of(args[0]));
}

const function_row conversion_rows[] = {
    {"int", false, "i", keep},
    {"int", false, "u", int_of_uint},
    {"int", false, "d", int_of_double},
    {"int", false, "s", int_of_string},
    {"int", false, "t", int_of_time},
    {"int", false, "r", int_of_duration},
    {"uint", false, "u", keep},
    {"uint", false, "i", uint_of_int},
    {"uint", false, "d", uint_of_double},
    {"uint", false, "s", uint_of_string},
    {"double", false, "d", keep},
    {"double", false, "i", double_of_int},
    {"double", false, "u", double_of_uint},
    {"double", false, "s", double_of_string},
    {"string", false, "s", keep},
    {"string", false, "b", string_of_bool},
    {"string", false, "i", string_of_int},
    {"string", false, "u", string_of_uint},
    {"string", false, "d", string_of_double},
    {"string", false, "y", string_of_bytes},
    {"string", false, "t", string_of_timed},
    {"string", false, "r", string_of_timed},
    {"bytes", false, "y", keep},
    {"bytes", false, "s", bytes_of_string},
    {"bool", false, "b", keep},
    {"bool", false, "s", bool_of_string},
    {"timestamp", false, "t", keep},
    {"timestamp", false, "s", time_of_string},
    {"timestamp", false, "i", time_of_int},
    {"duration", false, "r", keep},
    {"duration", false, "s", duration_of_string},
    {"dyn", false, ".", keep},
    {"type", false, ".", type_of},
    {"size", false, "s", size_of},
    {"size", false, "y", size_of},
    {"size", false, "l", size_of},
    {"size", false, "m", size_of},
    {"size", true, "s", size_of},
    {"size", true, "y", size_of},
    {"size", true, "l", size_of},
    {"size", true, "m", size_of},
    {NULL, false, NULL, NULL},
};
