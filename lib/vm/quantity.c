#include "vm/quantity.h"

#include "base/number.h"

#include <math.h>

#define NANO (-9)
#define ZERO_SCALE_MIN (-30)
#define INT64_FACTORS 18u /* digits that an int64 holds whatever they are */
#define INT64_DIGITS 19u

/* --- digits --- */

/* Zeros at both ends go; those at the end into the exponent. */
static void trim_quantity(berm_text *digits, berm_quantity *q)
{
    size_t from = 0, to = digits->len;
    while (to > 0 && digits->ptr[to - 1] == '0') to--;
    q->exponent += (int64_t)(digits->len - to);
    while (from < to && digits->ptr[from] == '0') from++;
    q->digits = berm_str_cut(berm_text_view(digits), from, to);
    if (q->digits.len == 0) {
        q->sign = 0;
        q->exponent = 0;
    }
}

/* Adds one at the last digit. */
static void increment_digits(berm_text *digits)
{
    size_t i = digits->len;
    while (i > 0 && digits->ptr[i - 1] == '9') digits->ptr[--i] = '0';
    if (i > 0) {
        digits->ptr[i - 1]++;
        return;
    }
    berm_text_putc(digits, '0');
    if (!digits->failed) digits->ptr[0] = '1'; /* all others are 0: it is 10..0 */
}

/* Multiplies by 1024, `times` times. */
static void multiply_binary(berm_text *digits, uint32_t times)
{
    while (times-- > 0 && !digits->failed) {
        uint32_t carry = 0, count = 0;
        char more[4];
        for (size_t i = digits->len; i-- > 0;) {
            uint32_t value = (uint32_t)(digits->ptr[i] - '0') * 1024 + carry;
            digits->ptr[i] = (char)('0' + value % 10);
            carry = value / 10;
        }
        for (; carry; carry /= 10) more[count++] = (char)('0' + carry % 10);
        size_t len = digits->len;
        berm_text_pad(digits, '0', count);
        if (digits->failed || count == 0) continue;
        memmove(digits->ptr + count, digits->ptr, len);
        for (uint32_t i = 0; i < count; i++) digits->ptr[i] = more[count - 1 - i];
    }
}

/* Away from zero to a whole number of 10^-9; `exponent` is that of the last digit. */
static void round_to_nano(berm_text *digits, int64_t *exponent)
{
    if (*exponent >= NANO) return;
    uint64_t extra = (uint64_t)(NANO - *exponent);
    size_t drop = extra < digits->len ? (size_t)extra : digits->len, keep = digits->len - drop;
    bool rest = false;
    for (size_t i = keep; i < digits->len; i++) rest = rest || digits->ptr[i] != '0';
    digits->len = keep;
    *exponent = NANO;
    if (rest && keep) increment_digits(digits);
    else if (rest) berm_text_putc(digits, '1');
}

/* --- reading --- */

typedef struct suffix_row {
    char text[3];
    int16_t exponent; /* of ten, or of two */
    bool binary;
} suffix_row;

static const suffix_row suffixes[] = {
    {"", 0, false},   {"n", -9, false}, {"u", -6, false}, {"m", -3, false},
    {"k", 3, false},  {"M", 6, false},  {"G", 9, false},  {"T", 12, false},
    {"P", 15, false}, {"E", 18, false}, {"Ki", 10, true}, {"Mi", 20, true},
    {"Gi", 30, true}, {"Ti", 40, true}, {"Pi", 50, true}, {"Ei", 60, true}};
#define SUFFIX_COUNT (sizeof suffixes / sizeof *suffixes)

/* What a suffix means: a row of the table, or e or E and an exponent. */
static bool read_suffix(berm_str s, int32_t *exponent, berm_quantity_form *form)
{
    for (size_t i = 0; i < SUFFIX_COUNT; i++) {
        if (!berm_str_is(s, suffixes[i].text)) continue;
        *exponent = suffixes[i].exponent;
        *form = suffixes[i].binary ? BERM_QUANTITY_BINARY : BERM_QUANTITY_DECIMAL;
        return true;
    }
    int64_t value;
    if (s.len < 2 || (s.ptr[0] != 'e' && s.ptr[0] != 'E')) return false;
    if (!berm_parse_int(berm_str_cut(s, 1, s.len), &value)) return false;
    if (value < INT32_MIN || value > INT32_MAX) return false;
    *exponent = (int32_t)value;
    *form = BERM_QUANTITY_EXPONENT;
    return true;
}

/* A quantity's text in pieces: whole part without leading zeros, fraction, suffix. */
typedef struct quantity_text {
    berm_str whole, fraction, suffix;
    bool negative;
} quantity_text;

static berm_str take_quantity_digits(berm_str *s)
{
    size_t len = 0;
    while (len < s->len && s->ptr[len] >= '0' && s->ptr[len] <= '9') len++;
    berm_str digits = berm_str_cut(*s, 0, len);
    *s = berm_str_cut(*s, len, s->len);
    return digits;
}

static bool split_quantity(berm_str s, quantity_text *q)
{
    *q = (quantity_text){.negative = s.len && s.ptr[0] == '-', .fraction = {"", 0}};
    if (q->negative || (s.len && s.ptr[0] == '+')) s = berm_str_cut(s, 1, s.len);
    q->whole = take_quantity_digits(&s);
    bool digit = q->whole.len > 0;
    if (s.len && s.ptr[0] == '.') {
        s = berm_str_cut(s, 1, s.len);
        q->fraction = take_quantity_digits(&s);
        digit = digit || q->fraction.len > 0;
    }
    while (q->whole.len && q->whole.ptr[0] == '0')
        q->whole = berm_str_cut(q->whole, 1, q->whole.len);
    q->suffix = s;
    return digit;
}

/* Whether Kubernetes keeps the number in an int64, which depends on how it is written. */
static bool is_kept_small(const quantity_text *text, berm_quantity_form form, int64_t exponent)
{
    uint64_t whole = text->whole.len ? text->whole.len : 1, fraction = text->fraction.len;
    if (form == BERM_QUANTITY_BINARY) {
        return fraction == 0 && whole + (uint64_t)exponent * 3 / 10 + 1 <= 15;
    }
    return whole + fraction <= INT64_FACTORS && exponent - (int64_t)fraction >= NANO;
}

/* What is rounded is counted in 10^-9, all else in what it is written in. A zero is not rounded,
   but need not be counted in powers that no double tells apart. */
static int32_t settle_written_scale(const berm_quantity *q, int64_t written)
{
    if (q->large && q->sign) return NANO;
    return written < ZERO_SCALE_MIN ? ZERO_SCALE_MIN : (int32_t)written;
}

/* Binary quantities end at 2^63 - 1. */
static void cap_binary(berm_text *digits, berm_quantity *q)
{
    static const char most[] = "9223372036854775807";
    berm_quantity cap = {.sign = 1, .digits = BERM_STR(most)}, size = *q;
    if (size.sign < 0) size.sign = 1;
    if (berm_quantity_compare(&size, &cap) <= 0) return;
    digits->len = 0;
    berm_text_put(digits, cap.digits);
    q->exponent = 0;
    q->scale = 0;
    trim_quantity(digits, q);
}

bool berm_quantity_parse(berm_str text, berm_text *digits, berm_quantity *q)
{
    quantity_text parts;
    int32_t power;
    if (!split_quantity(text, &parts)) return false;
    *q = (berm_quantity){.sign = parts.negative ? -1 : 1};
    if (!read_suffix(parts.suffix, &power, &q->form)) return false;
    bool binary = q->form == BERM_QUANTITY_BINARY;
    q->exponent = (binary ? 0 : (int64_t)power) - (int64_t)parts.fraction.len;
    q->large = !is_kept_small(&parts, q->form, power);
    berm_text_put(digits, parts.whole);
    berm_text_put(digits, parts.fraction);
    if (binary) multiply_binary(digits, (uint32_t)power / 10);
    int64_t written = q->exponent;
    round_to_nano(digits, &q->exponent);
    if (digits->failed) return false;
    trim_quantity(digits, q);
    q->scale = settle_written_scale(q, written);
    if (binary) cap_binary(digits, q);
    /* What is smaller than one is written as a decimal number, rather than rounded up. */
    bool small = q->sign && q->exponent + (int64_t)q->digits.len <= 0;
    if (binary && q->large && small) q->form = BERM_QUANTITY_DECIMAL;
    return !digits->failed;
}

void berm_quantity_from_int(int64_t value, berm_text *digits, berm_quantity *q)
{
    char text[BERM_INT_LEN];
    size_t len = berm_print_int(value, text), sign = value < 0;
    *q = (berm_quantity){.sign = value < 0 ? -1 : 1, .form = BERM_QUANTITY_EXPONENT};
    berm_text_put(digits, (berm_str){text + sign, len - sign});
    if (!digits->failed) trim_quantity(digits, q);
}

/* --- comparing --- */

/* 0.d1d2.. x 10^point: a larger point is a larger number. */
static int64_t point_of(const berm_quantity *q)
{
    return q->exponent + (int64_t)q->digits.len;
}

static int compare_magnitudes(const berm_quantity *a, const berm_quantity *b)
{
    int64_t x = point_of(a), y = point_of(b);
    return x != y ? (x < y ? -1 : 1) : berm_str_compare(a->digits, b->digits);
}

int berm_quantity_compare(const berm_quantity *a, const berm_quantity *b)
{
    if (a->sign != b->sign) return a->sign < b->sign ? -1 : 1;
    return a->sign * (a->sign ? compare_magnitudes(a, b) : 0);
}

/* --- adding --- */

/* The digit of `q` that stands for 10^power. */
static uint32_t digit_of_power(const berm_quantity *q, int64_t power)
{
    int64_t at = point_of(q) - 1 - power;
    return at >= 0 && at < (int64_t)q->digits.len ? (uint32_t)(q->digits.ptr[at] - '0') : 0;
}

/* Magnitudes added, or the smaller one `b` taken away, into digits of 10^exponent and up. */
static void combine_magnitudes(const berm_quantity *a, const berm_quantity *b, bool subtract,
                               int64_t exponent, berm_text *digits)
{
    uint32_t carry = 0;
    for (size_t i = digits->len; i-- > 0; exponent++) {
        uint32_t x = digit_of_power(a, exponent), y = digit_of_power(b, exponent) + carry;
        uint32_t value = subtract ? x + 10 - y : x + y;
        carry = subtract ? value < 10 : value >= 10;
        digits->ptr[i] = (char)('0' + value % 10);
    }
}

/* The number counted in 10^scale, where that is whole and fits. */
static bool count_in_scale(const berm_quantity *q, int64_t scale, int64_t *value)
{
    uint64_t count = 0;
    *value = 0;
    if (q->sign == 0) return true;
    if (q->exponent < scale || point_of(q) - scale > INT64_DIGITS) return false;
    for (int64_t power = point_of(q); power-- > scale;) {
        count = count * 10 + digit_of_power(q, power); /* 19 digits fit into a uint64 */
    }
    if (count > (uint64_t)INT64_MAX + (q->sign < 0)) return false;
    *value = q->sign > 0 ? (int64_t)count : count ? -(int64_t)(count - 1) - 1 : 0;
    return true;
}

/* How Kubernetes goes on counting: in the smaller of the scales, in an int64 while all of it
   fits. */
static void settle_scale(const berm_quantity *a, const berm_quantity *b, berm_quantity *sum)
{
    int64_t value;
    sum->form = a->sign ? a->form : b->form;
    sum->large = a->large || b->large;
    sum->scale = a->scale < b->scale ? a->scale : b->scale;
    if (!sum->large && b->sign == 0) sum->scale = a->scale;
    else if (!sum->large && a->sign == 0) sum->scale = b->scale;
    else if (!sum->large) {
        sum->large = !count_in_scale(a, sum->scale, &value) ||
                     !count_in_scale(b, sum->scale, &value) ||
                     !count_in_scale(sum, sum->scale, &value);
    }
}

bool berm_quantity_add(const berm_quantity *a, const berm_quantity *b, bool subtract,
                       berm_text *digits, berm_quantity *sum)
{
    int b_sign = subtract ? -b->sign : b->sign;
    int64_t low = a->exponent, high = point_of(a);
    if (a->sign == 0 || (b_sign && b->exponent < low)) low = b->exponent;
    if (a->sign == 0 || (b_sign && point_of(b) > high)) high = point_of(b);
    if (high - low >= (int64_t)BERM_QUANTITY_DIGITS_MAX) return false;
    bool opposed = a->sign && b_sign && a->sign != b_sign;
    bool swapped = opposed && compare_magnitudes(a, b) < 0;
    *sum = (berm_quantity){.sign = a->sign && !swapped ? a->sign : b_sign, .exponent = low};
    berm_text_pad(digits, '0', (size_t)(high - low) + 1);
    if (digits->failed) return false;
    combine_magnitudes(swapped ? b : a, swapped ? a : b, opposed, low, digits);
    trim_quantity(digits, sum);
    settle_scale(a, b, sum);
    return true;
}

/* --- as other numbers --- */

bool berm_quantity_int(const berm_quantity *q, int64_t *value)
{
    if (q->large || (q->scale < 0)) return false;
    return count_in_scale(q, 0, value);
}

/* 10^power to the nearest double. */
static double power_of_ten(int64_t power)
{
    char text[2 + BERM_INT_LEN] = "1e";
    double value = 0;
    if (power > 308) return (double)INFINITY;
    if (power < -323) return 0;
    size_t len = 2 + berm_print_int(power, text + 2);
    (void)berm_parse_double((berm_str){text, len}, &value);
    return value;
}

bool berm_quantity_double(const berm_quantity *q, berm_text *scratch, double *value)
{
    double count = 0;
    int64_t shift = q->exponent - q->scale;
    *value = 0;
    if (q->sign == 0) return true;
    berm_text_put(scratch, q->digits);
    berm_text_format(scratch, "e%l", shift);
    if (scratch->failed || !berm_parse_double(berm_text_view(scratch), &count)) return false;
    if (q->scale) count *= power_of_ten(q->scale);
    *value = q->sign < 0 ? -count : count;
    return true;
}

/* --- writing --- */

/* The whole number as decimal digits: exponent is not negative. */
static void put_whole(berm_text *out, const berm_quantity *q)
{
    berm_text_put(out, q->digits);
    berm_text_pad(out, '0', (size_t)q->exponent);
}

static void put_decimal_quantity(berm_text *out, const berm_quantity *q)
{
    int64_t exponent = q->exponent - ((q->exponent % 3) + 3) % 3;
    if (q->form != BERM_QUANTITY_EXPONENT && exponent > 18 && q->exponent < 400) exponent = 18;
    berm_text_put(out, q->digits);
    berm_text_pad(out, '0', (size_t)(q->exponent - exponent));
    for (size_t i = 0; q->form != BERM_QUANTITY_EXPONENT && i < SUFFIX_COUNT; i++) {
        if (suffixes[i].binary || suffixes[i].exponent != exponent) continue;
        berm_text_put(out, berm_str_of(suffixes[i].text));
        return;
    }
    if (exponent) berm_text_format(out, "e%l", exponent);
}

/* Divides the digits from `from` on by 1024 where that leaves nothing over. */
static bool divide_binary(berm_text *out, size_t from)
{
    uint32_t rest = 0;
    for (size_t i = from; i < out->len; i++)
        rest = (rest * 10 + (uint32_t)(out->ptr[i] - '0')) % 1024;
    if (rest) return false;
    size_t to = from;
    for (size_t i = from; i < out->len; i++) {
        rest = rest * 10 + (uint32_t)(out->ptr[i] - '0');
        char digit = (char)('0' + rest / 1024);
        rest %= 1024;
        if (to > from || digit != '0') out->ptr[to++] = digit;
    }
    out->len = to;
    return true;
}

static void put_binary_quantity(berm_text *out, const berm_quantity *q)
{
    static const char letters[] = "KMGTPE";
    size_t from = out->len, power = 0;
    put_whole(out, q);
    if (out->failed) return;
    while (power < sizeof letters - 1 && divide_binary(out, from)) power++;
    if (power == 0) return;
    berm_text_putc(out, letters[power - 1]);
    berm_text_putc(out, 'i');
}

void berm_quantity_print(berm_text *out, const berm_quantity *q)
{
    if (q->sign == 0) {
        berm_text_putc(out, '0');
        return;
    }
    if (q->sign < 0) berm_text_putc(out, '-');
    /* Small numbers and fractions do without binary suffixes. */
    berm_quantity decimal = *q, limit = {.sign = 1, .exponent = 0, .digits = BERM_STR("1024")};
    bool binary = q->form == BERM_QUANTITY_BINARY && q->exponent >= 0 && q->exponent < 400 &&
                  compare_magnitudes(q, &limit) >= 0;
    if (q->form == BERM_QUANTITY_BINARY) decimal.form = BERM_QUANTITY_DECIMAL;
    if (binary) put_binary_quantity(out, q);
    else put_decimal_quantity(out, &decimal);
}
