/* The values of literals. */
#ifndef BERM_CEL_LITERALS_H
#define BERM_CEL_LITERALS_H

#include "cel/lexer.h"
#include "data/value.h"

/* The value of an INT, UINT or DOUBLE token whose text is `text`; `negative`: a minus stands
   before it. What is out of range is reported, and *out is 0 then. */
void berm_cel_number(berm_cel_faults *faults, berm_token token, berm_str text, bool negative,
                     berm_cell *out);

/* The text of a STRING or BYTES token: a part of the source where nothing is escaped, else decoded
   into the arena. Malformed escape sequences are reported, each. */
berm_str berm_cel_string(berm_cel_faults *faults, berm_arena *arena, berm_token token,
                         berm_str text);

/* As a literal in single quotes (b'..' for bytes), in printable characters. */
void berm_cel_print_string(berm_text *out, berm_str value, bool bytes);
/* With a point or exponent, so that it reads as a double again. */
void berm_cel_print_double(berm_text *out, double value);

#endif
