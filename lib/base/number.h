/* Numbers and text, exact and without locale. */
#ifndef BERM_BASE_NUMBER_H
#define BERM_BASE_NUMBER_H

#include <berm/berm.h>
#include <stdbool.h>

/* Decimal digits with optional sign (int) into *out; false when `s` is not wholly that or it
   does not fit. */
bool berm_parse_int(berm_str s, int64_t *out);
bool berm_parse_uint(berm_str s, uint64_t *out);
bool berm_parse_hex(berm_str s, uint64_t *out); /* digits only, no 0x */

/* A decimal floating-point number [+-]digits[.digits][e[+-]digits] (digits on at least one side
   of the point), rounded to the nearest double, ties to even: correct for every input of any
   length. False when malformed; *out is +-infinity when the magnitude is too large. */
bool berm_parse_double(berm_str s, double *out);

#define BERM_DOUBLE_LEN 32
#define BERM_INT_LEN 24
/* The shortest decimal text that reads back as the same double, as JSON and messages show it:
   exponent form below 1e-6 and from 1e21 on, as ECMAScript's Number::toString, but "-0" for -0;
   "NaN", "+Inf", "-Inf". Length written; no NUL. */
size_t berm_print_double(double value, char out[BERM_DOUBLE_LEN]);
/* The same digits in the form of C's %g, as CEL's string() has them: exponent form below 1e-4 and
   from 1e6 on, the exponent with two digits at least ("1e+06"). */
size_t berm_print_general(double value, char out[BERM_DOUBLE_LEN]);
/* The shortest digits alone: value = 0.d1d2d3.. x 10^*exponent; digit count, digits in out.
   value finite and > 0. */
size_t berm_double_digits(double value, char out[BERM_DOUBLE_LEN], int *exponent);
size_t berm_print_int(int64_t value, char out[BERM_INT_LEN]);
size_t berm_print_uint(uint64_t value, char out[BERM_INT_LEN]);

#endif
