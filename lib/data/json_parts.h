/* What the JSON reader and the spans of JSON documents share. */
#ifndef BERM_DATA_JSON_PARTS_H
#define BERM_DATA_JSON_PARTS_H

#include <berm/berm.h>
#include <stdbool.h>

/* The first byte from `p` on that ends a string or is not allowed in one: a quote, a control
   character, or `end`. *escaped: there are backslashes on the way. */
const char *berm_json_string_end(const char *p, const char *end, bool *escaped);

/* The escape sequence at the start of `s`, which is a backslash: its length (a surrogate pair's two
   together) and what it stands for. 0: malformed; *code is BERM_JSON_LONE_SURROGATE when it is half
   of a pair, else 0. */
size_t berm_json_escape(berm_str s, uint32_t *code);
#define BERM_JSON_LONE_SURROGATE 0xD800u

/* The number that the digits between `p` and `end` are; false: it does not fit. */
bool berm_json_sum(const char *p, const char *end, uint64_t *out);

/* Offset behind the value that starts at `off` of a valid JSON text. */
size_t berm_json_value_end(berm_str text, size_t off);

/* Offset of byte `index` of the string whose quote is at `off`: escapes count as what they stand
   for. */
size_t berm_json_offset_in(berm_str text, size_t off, size_t index);

#endif
