/* Doubles with a given number of decimals, exactly, rounded half to even. */
#ifndef BERM_VM_DECIMAL_H
#define BERM_VM_DECIMAL_H

#include "base/text.h"

#define BERM_DECIMALS_MAX 1000u

/* 123.4 with 2 decimals: 123.40. `value` is finite. */
void berm_text_put_fixed(berm_text *out, double value, uint32_t decimals);
/* The shortest digits that read back as the same double, never in exponent form: 1e21 has 22
   digits. */
void berm_text_put_shortest(berm_text *out, double value);
/* 1234.5 with 2 decimals: 1.23e+03. */
void berm_text_put_scientific(berm_text *out, double value, uint32_t decimals);

#endif
