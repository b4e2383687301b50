/* Kubernetes quantities (resource.Quantity): decimal numbers of any size with a suffix.

   digits x 10^exponent, the digits without zeros at either end, so that equal numbers look alike. A
   quantity also remembers how it was written, which is no part of its value but decides what it is
   written like, and what Kubernetes takes for an integer. */
#ifndef BERM_VM_QUANTITY_H
#define BERM_VM_QUANTITY_H

#include "base/text.h"

typedef enum berm_quantity_form {
    BERM_QUANTITY_DECIMAL,  /* 12M */
    BERM_QUANTITY_BINARY,   /* 12Mi */
    BERM_QUANTITY_EXPONENT, /* 12e6 */
} berm_quantity_form;

typedef struct berm_quantity {
    int sign; /* -1 0 1 */
    int64_t exponent;
    berm_str digits; /* "" for 0 */
    berm_quantity_form form;
    int32_t scale; /* the power of ten that Kubernetes counts in: 1.50 is 150 x 10^-2 */
    bool large;    /* it does not keep it in an int64, and so takes it for no integer */
} berm_quantity;

/* Digits that a sum may have; beyond that it is refused. */
#define BERM_QUANTITY_DIGITS_MAX 100000u

/* Reads <sign><number><suffix>. The digits are in `digits`, which the caller has initialised and
   frees. False when it is none, or without memory (digits->failed). */
bool berm_quantity_parse(berm_str text, berm_text *digits, berm_quantity *q);
void berm_quantity_from_int(int64_t value, berm_text *digits, berm_quantity *q);

int berm_quantity_compare(const berm_quantity *a, const berm_quantity *b);
/* a + b, or a - b; false when it would have too many digits, or without memory. */
bool berm_quantity_add(const berm_quantity *a, const berm_quantity *b, bool subtract,
                       berm_text *digits, berm_quantity *sum);
/* As Kubernetes' AsInt64: quantities with a fraction in their writing are none (1.0, 1000m). */
bool berm_quantity_int(const berm_quantity *q, int64_t *value);
/* The nearest double of what Kubernetes counts, times its power of ten; infinities beyond. False
   without memory for `scratch`, an empty text that the caller frees. */
bool berm_quantity_double(const berm_quantity *q, berm_text *scratch, double *value);
/* The canonical text: the largest suffix that leaves a whole number. */
void berm_quantity_print(berm_text *out, const berm_quantity *q);

#endif
