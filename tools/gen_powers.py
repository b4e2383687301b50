#!/usr/bin/env python3
"""Writes lib/base/powers.def: python3 tools/gen_powers.py > lib/base/powers.def

Numbers need the leading 128 bits, rounded down, of 5^q for q from -351 to 350. Only every 27th power is stored, with 192
bits; the others are a stored one times 5^0 .. 5^26, which fit in 64 bits. The script checks that this gives exactly the
rounded-down bits for every q, and that the logarithm that powers.h computes in integers is right.
"""

STEP = 27
FIRST, LAST = -13, 12  # of the stored powers: 5^(27 * index)


def leading_bits(q, bits):
    """The leading `bits` bits of 5^q, rounded down."""
    if q >= 0:
        power = 5**q
        extra = power.bit_length() - bits
        return power >> extra if extra >= 0 else power << -extra
    divisor = 5**-q
    quotient = (1 << (divisor.bit_length() + bits)) // divisor
    return quotient >> (quotient.bit_length() - bits)


def floor_log2_of_power(q):
    """floor(log2(5^q)), exactly."""
    return (5**q).bit_length() - 1 if q >= 0 else -((5**-q).bit_length())


def compute(q):
    """What powers.c does."""
    index, rest = divmod(q, STEP)
    product = leading_bits(index * STEP, 192) * leading_bits(rest, 64)
    return product >> (product.bit_length() - 128)


def check_logarithm(q, shift, numerator, denominator):
    """k is floor(log10(numerator / denominator * 2^q)), as number_print.c computes it."""
    k = (1262611 * q - shift) >> 22
    numerator *= 2 ** max(q, 0) * 10 ** max(-k, 0)
    denominator *= 2 ** max(-q, 0) * 10 ** max(k, 0)
    assert denominator <= numerator < 10 * denominator, (q, k)


def check():
    for q in range(FIRST * STEP, (LAST + 1) * STEP):
        assert compute(q) == leading_bits(q, 128), q
        assert 152170 * q >> 16 == floor_log2_of_power(q), q
    for q in range(-1074, 972):
        check_logarithm(q, 0, 1, 1)
        check_logarithm(q, 524031, 3, 4)


def words(value, count):
    return ", ".join(f"0x{value >> 64 * (count - 1 - i) & (1 << 64) - 1:016X}" for i in range(count))


def main():
    check()
    print("/* Written by tools/gen_powers.py, which says what and why. Do not edit. */")
    print("/* Leading 192 bits of 5^(27 * n), most significant word first. */")
    print("#ifdef BERM_POWER_WIDE")
    for index in range(FIRST, LAST + 1):
        print(f"BERM_POWER_WIDE({index}, {words(leading_bits(index * STEP, 192), 3)})")
    print("#endif")
    print("/* Leading 64 bits of 5^n: all of them. */")
    print("#ifdef BERM_POWER_SMALL")
    for rest in range(STEP):
        print(f"BERM_POWER_SMALL({rest}, {words(leading_bits(rest, 64), 1)})")
    print("#endif")


main()
