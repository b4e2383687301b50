/* Doubles with a given number of decimals. Every double is a whole number over a power of two,
   and so over a power of ten: m / 2^k = m x 5^k / 10^k. The whole number has at most 767 digits;
   rounding looks at all of them. */
#include "vm/decimal.h"

#include "base/number.h"
#include "base/number_big.h"

#include <math.h>

#define DIGITS_MAX 800u

/* 0.d1d2d3.. x 10^point */
typedef struct decimal_digits {
    char digits[DIGITS_MAX];
    uint32_t count;
    int point;
} decimal_digits;

/* Divides by 10^9; the remainder. */
static uint32_t divide_billion(berm_big *big)
{
    uint64_t rest = 0;
    for (uint32_t i = big->count; i-- > 0;) {
        rest = rest << 32 | big->limbs[i];
        big->limbs[i] = (uint32_t)(rest / 1000000000u);
        rest %= 1000000000u;
    }
    while (big->count && big->limbs[big->count - 1] == 0) big->count--;
    return (uint32_t)rest;
}

/* The digits of a whole number, without zeros in front. */
static void write_whole(berm_big *big, decimal_digits *d)
{
    char reversed[DIGITS_MAX + 9];
    uint32_t count = 0;
    while (big->count && count + 9 <= sizeof reversed) {
        uint32_t group = divide_billion(big);
        for (int i = 0; i < 9; i++, group /= 10) reversed[count++] = (char)('0' + group % 10);
    }
    while (count && reversed[count - 1] == '0') count--;
    d->count = count < DIGITS_MAX ? count : DIGITS_MAX;
    for (uint32_t i = 0; i < d->count; i++) d->digits[i] = reversed[count - 1 - i];
}

static void expand_double(double value, decimal_digits *d)
{
    int exponent;
    berm_big big;
    uint64_t mantissa = (uint64_t)ldexp(frexp(fabs(value), &exponent), 53);
    exponent -= 53;
    while (mantissa && !(mantissa & 1)) {
        mantissa >>= 1;
        exponent++;
    }
    berm_big_set(&big, mantissa);
    if (exponent > 0) berm_big_shift_left(&big, (uint32_t)exponent);
    else if (mantissa) berm_big_multiply_power_of_five(&big, (uint32_t)-exponent);
    write_whole(&big, d);
    d->point = mantissa ? (int)d->count + (exponent < 0 ? exponent : 0) : 0;
    while (d->count && d->digits[d->count - 1] == '0') d->count--;
}

/* Keeps the first `keep` digits (none or fewer: 0 digits), rounded half to even. */
static void round_decimal(decimal_digits *d, int64_t keep)
{
    if (keep >= d->count) return;
    if (keep < 0) {
        d->count = 0;
        return;
    }
    uint32_t n = (uint32_t)keep;
    char next = d->digits[n];
    bool exactly_half = next == '5' && d->count == n + 1; /* the last digit is never 0 */
    bool odd = n > 0 && (d->digits[n - 1] & 1);
    d->count = n;
    if (next < '5' || (exactly_half && !odd)) return;
    while (n > 0 && d->digits[n - 1] == '9') d->digits[--n] = '0';
    if (n > 0) {
        d->digits[n - 1]++;
        return;
    }
    memmove(d->digits + 1, d->digits, d->count);
    d->digits[0] = '1';
    d->count++;
    d->point++;
}

/* Digit `i` behind the point of 0.d1d2.., zeros on both sides. */
static char digit_at(const decimal_digits *d, int64_t i)
{
    return i >= 0 && i < d->count ? d->digits[i] : '0';
}

void berm_text_put_fixed(berm_text *out, double value, uint32_t decimals)
{
    decimal_digits d;
    expand_double(value, &d);
    round_decimal(&d, d.point + (int64_t)decimals);
    if (signbit(value)) berm_text_putc(out, '-');
    for (int64_t i = d.point > 0 ? 0 : d.point - 1; i < d.point; i++)
        berm_text_putc(out, digit_at(&d, i));
    if (decimals) berm_text_putc(out, '.');
    for (uint32_t i = 0; i < decimals; i++) berm_text_putc(out, digit_at(&d, d.point + (int64_t)i));
}

void berm_text_put_shortest(berm_text *out, double value)
{
    char digits[BERM_DOUBLE_LEN] = "0";
    int point = 1, count = 1;
    if (signbit(value)) berm_text_putc(out, '-');
    if (value != 0) count = (int)berm_double_digits(fabs(value), digits, &point);
    for (int i = point > 0 ? 0 : point - 1; i < point || i < count; i++) {
        if (i == point) berm_text_putc(out, '.');
        berm_text_putc(out, i >= 0 && i < count ? digits[i] : '0');
    }
}

void berm_text_put_scientific(berm_text *out, double value, uint32_t decimals)
{
    decimal_digits d;
    expand_double(value, &d);
    round_decimal(&d, (int64_t)decimals + 1);
    int exponent = value != 0 ? d.point - 1 : 0;
    if (signbit(value)) berm_text_putc(out, '-');
    berm_text_putc(out, digit_at(&d, 0));
    if (decimals) berm_text_putc(out, '.');
    for (uint32_t i = 1; i <= decimals; i++) berm_text_putc(out, digit_at(&d, i));
    uint32_t size = (uint32_t)(exponent < 0 ? -exponent : exponent);
    berm_text_format(out, size < 10 ? "e%c0%u" : "e%c%u", exponent < 0 ? '-' : '+', size);
}
