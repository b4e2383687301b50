/* Doubles to the shortest decimal text that reads back as the same double; of several the
   nearest. After Giulietti's Schubfach: scale the double and the ends of its rounding interval
   by a power of ten so that exactly one or two of the whole numbers in sight lie inside, and
   choose. */
#include "base/number.h"

#include "base/powers.h"

#include <math.h>
#include <string.h>

#define SIGNIFICAND_BITS 52
#define SIGNIFICAND_MASK ((UINT64_C(1) << SIGNIFICAND_BITS) - 1)

/* value = significand x 2^exponent; `uneven`: the next lower double is only half as far as the
   next higher. */
typedef struct number_binary {
    uint64_t significand;
    int exponent;
    bool uneven;
} number_binary;

typedef struct number_shortest {
    uint64_t digits;
    int exponent; /* of ten */
} number_shortest;

static number_binary split_double(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t fraction = bits & SIGNIFICAND_MASK;
    int biased = (int)(bits >> SIGNIFICAND_BITS);
    if (biased == 0) return (number_binary){fraction, -1074, false};
    return (number_binary){fraction | (SIGNIFICAND_MASK + 1), biased - 1075,
                           fraction == 0 && biased > 1};
}

/* floor(power x factor / 2^128), its lowest bit set too when something was cut off: comparisons
   with even numbers then come out as if nothing had been ("round to odd"). */
static uint64_t scale_to_odd(berm_wide power, uint64_t factor)
{
    uint64_t low = berm_multiply_wide(power.lo, factor).hi;
    berm_wide high = berm_multiply_wide(power.hi, factor);
    high.lo += low;
    high.hi += high.lo < low;
    return high.hi | (high.lo > 1);
}

/* 10^-k as the leading 128 bits, rounded up. */
static berm_wide round_power_up(int q)
{
    berm_wide power = berm_power_bits(q);
    if (!berm_power_is_exact(q)) {
        power.lo++;
        power.hi += power.lo == 0;
    }
    return power;
}

/* Everything below is in quarters: 4 x (value x 10^-k), so that the interval's ends are whole
   before scaling. */
static number_shortest find_shortest(number_binary b)
{
    int k = berm_scale_floor(b.exponent, 1262611, b.uneven ? 524031 : 0, 22);
    berm_wide power = round_power_up(-k);
    /* 10^-k = 5^-k x 2^-k: what is left of all powers of two is a shift by 1 to 4. */
    int shift = b.exponent - k + berm_power_log2(-k) + 1;
    uint64_t quarters = b.significand * 4;
    uint64_t lower = scale_to_odd(power, (quarters - 2 + b.uneven) << shift);
    uint64_t value = scale_to_odd(power, quarters << shift);
    uint64_t upper = scale_to_odd(power, (quarters + 2) << shift);
    /* Reading rounds ties to even: the ends themselves belong to the interval of an even
       significand. */
    if (b.significand & 1) {
        lower++;
        upper--;
    }
    uint64_t whole = value / 4;
    if (whole >= 10) {
        uint64_t tens = whole / 10;
        bool below = lower <= 40 * tens, above = 40 * tens + 40 <= upper;
        if (below != above) return (number_shortest){tens + above, k + 1};
    }
    bool below = lower <= 4 * whole, above = 4 * whole + 4 <= upper;
    if (below != above) return (number_shortest){whole + above, k};
    uint64_t middle = 4 * whole + 2;
    return (number_shortest){whole + (value > middle || (value == middle && (whole & 1))), k};
}

/* Whole numbers that doubles count exactly need no search: no shorter digits lie within half a
   unit. */
static number_shortest shorten_double(double value)
{
    if (value < 9007199254740992.0 && value == (double)(uint64_t)value)
        return (number_shortest){(uint64_t)value, 0};
    return find_shortest(split_double(value));
}

size_t berm_double_digits(double value, char out[BERM_DOUBLE_LEN], int *exponent)
{
    number_shortest s = shorten_double(value);
    size_t len = berm_print_uint(s.digits, out);
    *exponent = s.exponent + (int)len;
    while (len > 1 && out[len - 1] == '0') len--;
    return len;
}

/* d.ddde+x, the exponent with at least `least` digits (1 or 2) */
static size_t print_scientific(const char *digits, size_t count, int exponent, int least, char *out)
{
    int size = exponent < 0 ? -exponent : exponent;
    size_t len = 0;
    out[len++] = digits[0];
    if (count > 1) {
        out[len++] = '.';
        memcpy(out + len, digits + 1, count - 1);
        len += count - 1;
    }
    out[len++] = 'e';
    out[len++] = exponent < 0 ? '-' : '+';
    if (least > 1 && size < 10) out[len++] = '0';
    return len + berm_print_int(size, out + len);
}

/* The point stands behind the first `point` digits, in front of them all if that is not
   positive. */
static size_t print_plain(const char *digits, size_t count, int point, char *out)
{
    if (point <= 0) {
        size_t zeros = (size_t)-point;
        memcpy(out, "0.", 2);
        memset(out + 2, '0', zeros);
        memcpy(out + 2 + zeros, digits, count);
        return 2 + zeros + count;
    }
    size_t whole = (size_t)point;
    if (count <= whole) {
        memcpy(out, digits, count);
        memset(out + count, '0', whole - count);
        return whole;
    }
    memcpy(out, digits, whole);
    out[whole] = '.';
    memcpy(out + whole + 1, digits + whole, count - whole);
    return count + 1;
}

static size_t copy_literal(const char *text, char *out)
{
    size_t len = strlen(text);
    memcpy(out, text, len);
    return len;
}

/* Exponent form where the point stands behind `below` digits or fewer, or behind more than
   `above`. */
static size_t print_double_form(double value, int below, int above, int least, char *out)
{
    if (isnan(value)) return copy_literal("NaN", out);
    if (isinf(value)) return copy_literal(value < 0 ? "-Inf" : "+Inf", out);
    size_t sign = signbit(value) != 0;
    if (sign) *out++ = '-';
    if (value == 0) return sign + copy_literal("0", out);
    char digits[BERM_DOUBLE_LEN];
    int point;
    size_t count = berm_double_digits(sign ? -value : value, digits, &point);
    if (point > above || point <= below)
        return sign + print_scientific(digits, count, point - 1, least, out);
    return sign + print_plain(digits, count, point, out);
}

size_t berm_print_double(double value, char out[BERM_DOUBLE_LEN])
{
    return print_double_form(value, -6, 21, 1, out);
}

size_t berm_print_general(double value, char out[BERM_DOUBLE_LEN])
{
    return print_double_form(value, -4, 6, 2, out);
}
