/* Decimal text to double, correctly rounded. Three ways, each for what the one before leaves open:

     1. the digits fit in 53 bits and the power of ten is exact in a double: one multiplication
        rounds once (Clinger);
     2. 64 bits of digits times the leading 128 bits of a power of five: the true value lies between
        the product and a little above it, and where both ends round alike that is the answer
        (Eisel and Lemire);
     3. they round apart: the digits are compared with the middle between the two, in whole numbers.
*/
#include "base/number.h"

#include "base/number_big.h"
#include "base/powers.h"

#include <float.h>
#include <string.h>

#define HEAD_DIGITS 19  /* what surely fits in 64 bits */
#define FULL_DIGITS 800 /* more than the 767 that the middle between two doubles can have */
#define EXPONENT_MOST 100000000000000000 /* over any text's length in digits */

/* A number as written: head x 10^exponent, and more digits behind the head where `tail` says so. */
typedef struct number_decimal {
    uint64_t head; /* the first HEAD_DIGITS significant digits */
    int64_t exponent;
    uint32_t head_count;
    bool tail; /* some digit behind the head is not 0 */
    bool negative;
    berm_str digits; /* all of them, with the point */
} number_decimal;

static bool is_decimal_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t scan_digits(berm_str s, size_t pos, number_decimal *d, bool behind_point)
{
    for (; pos < s.len && is_decimal_digit(s.ptr[pos]); pos++) {
        uint64_t digit = (uint64_t)(s.ptr[pos] - '0');
        if (d->head_count < HEAD_DIGITS) {
            d->head = d->head * 10 + digit;
            d->head_count += d->head != 0;
            d->exponent -= behind_point;
        } else {
            d->tail |= digit != 0;
            d->exponent += !behind_point;
        }
    }
    return pos;
}

/* [eE][+-]digits at *pos, if there: false when there is an e but no digits. */
static bool scan_exponent(berm_str s, size_t *pos, number_decimal *d)
{
    size_t at = *pos;
    if (at == s.len || (s.ptr[at] | 0x20) != 'e') return true;
    at++;
    bool negative = at < s.len && s.ptr[at] == '-';
    if (negative || (at < s.len && s.ptr[at] == '+')) at++;
    size_t start = at;
    int64_t exponent = 0;
    for (; at < s.len && is_decimal_digit(s.ptr[at]); at++) {
        if (exponent < EXPONENT_MOST) exponent = exponent * 10 + (s.ptr[at] - '0');
    }
    if (at == start) return false;
    d->exponent += negative ? -exponent : exponent;
    *pos = at;
    return true;
}

static bool scan_decimal(berm_str s, number_decimal *d)
{
    *d = (number_decimal){.negative = s.len > 0 && s.ptr[0] == '-'};
    size_t start = d->negative || (s.len > 0 && s.ptr[0] == '+');
    size_t pos = scan_digits(s, start, d, false);
    size_t digits = pos - start;
    if (pos < s.len && s.ptr[pos] == '.') {
        size_t fraction = pos + 1;
        pos = scan_digits(s, fraction, d, true);
        digits += pos - fraction;
    }
    if (digits == 0) return false;
    d->digits = (berm_str){s.ptr + start, pos - start};
    return scan_exponent(s, &pos, d) && pos == s.len;
}

static double double_of_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* 1: both factors are exact, so the one rounding is the right one (where arithmetic is that of
   doubles). */
static bool convert_exactly(const number_decimal *d, double *out)
{
#if FLT_EVAL_METHOD == 0 || FLT_EVAL_METHOD == 1
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (d->tail || d->head >> 53 || d->exponent < -22 || d->exponent > 22) return false;
    double head = (double)d->head;
    *out = d->exponent < 0 ? head / tens[-d->exponent] : head * tens[d->exponent];
    return true;
#else
    (void)d;
    (void)out;
    return false;
#endif
}

/* Bits of the double nearest to (hi:mid + a fraction) x 2^exponent, counted in units of hi;
   `more`: the fraction is not 0. hi has one of its two top bits set. Ties go to the even
   neighbour. */
static uint64_t round_to_double(uint64_t hi, uint64_t mid, bool more, int exponent)
{
    if (!(hi >> 63)) {
        hi = hi << 1 | mid >> 63;
        mid <<= 1;
        exponent--;
    }
    /* The leading bit's exponent is exponent + 63; a normal double keeps 53 bits, a subnormal
       those from 2^-1074 on. */
    int biased = exponent + 63 + 1023;
    if (biased >= 0x7FF) return UINT64_C(0x7FF) << 52;
    if (biased < -52) return 0; /* all of it is under half of the least double */
    int drop = biased > 0 ? 11 : 12 - biased;
    uint64_t kept = drop == 64 ? 0 : hi >> drop;
    uint64_t half = UINT64_C(1) << (drop - 1);
    uint64_t rest = drop == 64 ? hi : hi & (half * 2 - 1);
    bool up = rest > half || (rest == half && (mid || more || (kept & 1)));
    kept += up;
    /* Adding the significand with its leading bit also carries into the exponent where rounding
       up reached it. */
    return biased > 0 ? ((uint64_t)(biased - 1) << 52) + kept : kept;
}

/* 2: *bits gets the double that the lower end rounds to; false when the upper end rounds
   elsewhere. */
static bool convert_by_product(const number_decimal *d, uint64_t *bits)
{
    int q = (int)d->exponent;
    unsigned shift = 0;
    while (!(d->head << shift >> 63)) shift++;
    uint64_t head = d->head << shift;
    berm_wide power = berm_power_bits(q);
    berm_wide high = berm_multiply_wide(head, power.hi);
    berm_wide low = berm_multiply_wide(head, power.lo);
    high.lo += low.hi;
    high.hi += high.lo < low.hi;
    /* high:low.lo x 2^exponent, exponent in units of high.hi; 10^q = 5^q x 2^q. */
    int exponent = q + berm_power_log2(q) - 127 - (int)shift + 128;
    bool exact = berm_power_is_exact(q) && !d->tail;
    *bits = round_to_double(high.hi, high.lo, low.lo || !exact, exponent);
    if (exact) return true;
    /* The power's lost fraction adds less than `head`, under 1 in high.lo. Lost digits add less
       than 2^shift times the power, under 2^shift in high.hi. */
    uint64_t upper = high.hi + (d->tail ? (UINT64_C(1) << shift) + 1 : high.lo == UINT64_MAX);
    if (upper < high.hi) return round_to_double(UINT64_MAX, UINT64_MAX, true, exponent) == *bits;
    uint64_t upper_lo = d->tail ? high.lo : high.lo + 1;
    return round_to_double(upper, upper_lo, true, exponent) == *bits;
}

/* Every significant digit up to FULL_DIGITS into a whole number: how many. *more: a later one is
   not 0. */
static uint32_t read_all_digits(const number_decimal *d, berm_big *big, bool *more)
{
    uint32_t count = 0;
    *more = false;
    berm_big_set(big, 0);
    for (size_t i = 0; i < d->digits.len; i++) {
        char c = d->digits.ptr[i];
        if (c == '.' || (count == 0 && c == '0')) continue;
        if (count == FULL_DIGITS) {
            *more |= c != '0';
            continue;
        }
        berm_big_multiply_add(big, 10, (uint32_t)(c - '0'));
        count++;
    }
    return count;
}

/* 3: the number lies between the doubles `bits` and `bits` + 1; with D its digits and M x 2^e
   the middle between them, compares D x 10^q with M x 2^e after moving negative powers to the
   other side. All 800 digits of the smallest doubles make q = -1123, so neither side is longer
   than 54 + 2608 bits and what evens out the powers of two. */
static uint64_t decide_by_digits(const number_decimal *d, uint64_t bits)
{
    berm_big number, middle;
    bool more;
    uint32_t count = read_all_digits(d, &number, &more);
    int q = (int)(d->exponent + d->head_count) - (int)count;
    int biased = (int)(bits >> 52);
    uint64_t significand = (bits & ((UINT64_C(1) << 52) - 1)) | (uint64_t)(biased > 0) << 52;
    int e = (biased > 0 ? biased : 1) - 1076;
    berm_big_set(&middle, significand * 2 + 1);
    berm_big_multiply_power_of_five(q < 0 ? &middle : &number, (uint32_t)(q < 0 ? -q : q));
    berm_big_shift_left(q > e ? &number : &middle, (uint32_t)(q > e ? q - e : e - q));
    int order = berm_big_compare(&number, &middle);
    if (order == 0 && !more) return bits + (bits & 1);
    return bits + (order >= 0);
}

static double convert_decimal(const number_decimal *d)
{
    double value;
    if (d->head == 0) return 0;
    if (convert_exactly(d, &value)) return value;
    /* The head is under 2^64: times 10^-343 it is nearer to 0 than to the least double; times
       10^309 it is over the greatest. */
    if (d->exponent < -342) return 0;
    if (d->exponent > 308) return double_of_bits(UINT64_C(0x7FF) << 52);
    uint64_t bits;
    if (!convert_by_product(d, &bits)) bits = decide_by_digits(d, bits);
    return double_of_bits(bits);
}

bool berm_parse_double(berm_str s, double *out)
{
    number_decimal d;
    if (!scan_decimal(s, &d)) return false;
    double value = convert_decimal(&d);
    *out = d.negative ? -value : value;
    return true;
}
