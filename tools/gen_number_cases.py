#!/usr/bin/env python3
"""Writes tests/unit/number_cases.def: python3 tools/gen_number_cases.py > tests/unit/number_cases.def

Decimal numbers that are hard to read correctly, with the bits of the double that Python reads: an implementation that has
nothing in common with ours. Among them exact middles between two doubles and their neighbours, with hundreds of digits.
"""

import random
import struct
from fractions import Fraction

# Vern Paxson, "A Program for Testing IEEE Decimal-Binary Conversion" (1991): close to a middle from below and above.
PAXSON = """5e125 69e267 999e-26 7861e-34 75569e-254 928609e-261 9210917e80 84863171e114 653777767e273 5232604057e-298
27235667517e-109 653532977297e-123 3142213164987e-294 46202199371337e-72 231010996856685e-73 9324754620109615e212
78459735791271921e49 272104041512242479e200 6802601037806061975e198 20505426358836677347e-221
836168422905420598437e-234 4891559871276714924261e222 9e-265 85e-37 623e100 3571e263 81661e153 920657e-23 4603285e-24
87575437e-309 245540327e122 6138508175e120 83356057653e193 619534293513e124 2335141086879e218 36167929443327e-159
609610927149051e-255 3743626360493413e-165 94080055902682397e-242 899810892172646163e283 7120190517612959703e120
25188282901709339043e-252 308984926168550152811e-52 6372891218502368041059e64"""

BORDERS = """0 -0 0.0 0e999999999999999999999999 1 -1 +1 .5 5. 0.1 1e22 1e23 -1e23 123456789012345678 9007199254740991
9007199254740992 9007199254740993 9007199254740993.0 9007199254740993.00000000000000000000001 9007199254740995
18446744073709551615 18446744073709551616 99999999999999999999999 1E+2 1e-2 1e0000000000000000000002
4.9406564584124654e-324 4.9e-324 2.4703282292062327e-324 2.4703282292062328e-324 2.47032822920623272e-324
2.2250738585072011e-308 2.2250738585072012e-308 2.2250738585072013e-308 2.2250738585072014e-308 1e-323 1e-324
1.7976931348623157e308 1.7976931348623158e308 1.7976931348623159e308 1e308 1e309 -1e309 1e400 1e-400
1e999999999999999999999 1e-999999999999999999999 10000000000000000000000000000000000000000e-40
0.000000000000000000000000000000000000000000000000000000000000001e63 7.2057594037927933e16 0.500000000000000166
0.50000000000000016653345369377348 3.518437208883201171875e13 62.5364939768271845828 8.10109172351e-10
1.50000000000000011102230246251565 4503599627370496.5 4503599627370497.5 4503599627370475.352207109000
2.98023223876953125e-8 2.9802322387695312e-8 6929495644600919.5 3.7455744005952583e15 100000000000000008388608
100000000000000016777215 100000000000000016777216 100000000000000016777217 1090544144181609348671888949248e0"""


def bits_of(value):
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def double_of(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def exact_digits(value):
    """Every digit of a fraction whose denominator is a power of two."""
    places = value.denominator.bit_length() - 1
    digits = str(value.numerator * 5**places).rjust(places + 1, "0")
    return digits[:-places] + "." + digits[-places:] if places else digits + ".0"


def around_middle(bits):
    """The middle between a double and the next, and numbers a hair away from it."""
    middle = exact_digits((Fraction(double_of(bits)) + Fraction(double_of(bits + 1))) / 2)
    below = middle[:-1] + chr(ord(middle[-1]) - 1) + "9" if middle[-1] != "0" else None
    return [middle, middle + "1", middle + "0" * 60 + "1"] + ([below] if below else [])


def cases():
    yield from BORDERS.split()
    yield from PAXSON.split()
    rng = random.Random(20)
    # The least and greatest middles have the most digits.
    for bits in (0, 1, 2, (1 << 52) - 1, 1 << 52, (2 << 52) - 1, 0x7FEFFFFFFFFFFFFE, bits_of(1.0), bits_of(2.0**53)):
        yield from around_middle(bits)
    yield exact_digits(Fraction(double_of(0x7FEFFFFFFFFFFFFF)) + Fraction(2) ** 970)
    for _ in range(30):
        yield from around_middle(rng.randrange(bits_of(1e-18), bits_of(1e30)))
    for _ in range(60):
        yield f"{rng.randrange(10 ** rng.randrange(1, 40))}e{rng.randrange(-360, 300)}"
    for _ in range(40):
        yield repr(double_of(rng.randrange(1, 0x7FF << 52)))


def main():
    print("/* Written by tools/gen_number_cases.py. NUMBER_CASE(text, bits of the double) */")
    for text in dict.fromkeys(cases()):
        pieces = [text[i : i + 80] for i in range(0, len(text), 80)]
        quoted = "\n            ".join(f'"{piece}"' for piece in pieces)
        print(f"NUMBER_CASE({quoted}, 0x{bits_of(float(text)):016X})")


main()
