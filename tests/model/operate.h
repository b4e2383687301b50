/* What operators, conversions and functions do; arguments are values, no errors or unknowns. */
#ifndef BERM_MODEL_OPERATE_H
#define BERM_MODEL_OPERATE_H

#include "value.h"

const value *add_values(heap *h, const value *a, const value *b);
const value *subtract_values(heap *h, const value *a, const value *b);
const value *multiply_values(heap *h, const value *a, const value *b);
const value *divide_values(heap *h, const value *a, const value *b);
const value *modulo_values(heap *h, const value *a, const value *b);
const value *negate_value(heap *h, const value *a);
const value *find_in(heap *h, const value *needle, const value *haystack);

/* A function of the model. `args` are of the kinds its row says. */
typedef const value *function_body(heap *h, const value *const *args);

/* How many arguments, and what kinds of: see functions.c. */
typedef struct function_row {
    const char *name;
    bool method;
    const char *kinds;
    function_body *body;
} function_row;

/* The rows of each file, up to one without a name. */
extern const function_row conversion_rows[], string_rows[], list_rows[], math_rows[], other_rows[];

/* Calls it: no_overload when no row fits the arguments. The arguments are as they come, unknowns
   included. */
const value *call_function(heap *h, berm_str name, bool method, const value *const *args,
                           size_t count);
/* Whether any row has this name, style and number of arguments (math.greatest and .least have
   any). */
bool is_function(berm_str name, bool method, size_t count);

/* Shared by several: the shortest decimal digits that are `d` again, finite and positive:
   0.digits x 10^*exponent. */
size_t shortest_digits(double d, char digits[20], int *exponent);
void put_plain_double(berm_text *t, double d); /* the shortest digits, never an exponent; finite */
/* Stable sort of `values` by `keys`; an error where two keys have no order. */
const value *sort_values(heap *h, const value *const *values, const value *const *keys,
                         size_t count);
const value *format_values(heap *h, const value *const *args);
/* RE2 syntax, as far as the model has it; an error value for what it has not. */
const value *match_pattern(heap *h, berm_str text, berm_str pattern);

#endif
