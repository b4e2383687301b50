/* What can be done with values without a VM: look up, compare, order, hash, and CEL's arithmetic.
   All of it works on any space, so constant folding and evaluation share one meaning. */
#ifndef BERM_DATA_OPS_H
#define BERM_DATA_OPS_H

#include "data/store.h"

/* Three-valued answers: an unknown inside a container leaves a deep question open unless the rest
   decides it. */
typedef enum berm_truth { BERM_FALSE, BERM_TRUE, BERM_UNDECIDED } berm_truth;

/* --- value_find.c: looking into containers --- */

/* Hash of a map key: equal keys hash alike (1, 1u and 1.0 too; letters ASCII-folded). Goes into the
   key cell's aux. */
uint32_t berm_key_hash(const berm_space *space, berm_cell key);
uint32_t berm_text_hash(const char *ptr, size_t len);

/* Order of map keys, 0 for equal ones; exact across numeric types. Not an order for people: strings
   go by length first. Containers are equal only to themselves; timestamps and objects cannot be
   keys, their aux is taken. */
int berm_key_compare(const berm_space *space, berm_cell a, berm_cell b);

/* The member whose key equals `key` (`hash` is its hash): MISSING when there is none. Works for
   numeric keys across int, uint and integral double, as CEL says. */
uint32_t berm_map_index(const berm_space *space, berm_cell map, berm_cell key,
                        uint32_t hash); /* UINT32_MAX: none */
berm_cell berm_map_find(const berm_space *space, berm_cell map, berm_cell key, uint32_t hash);
/* The value where it lies of the member whose key is the string `key` with its hash in aux; NULL:
   none. */
const berm_cell *berm_map_member(const berm_space *space, berm_cell map, berm_cell key);
/* The same without building it, where it is LAZY: to ask whether it is there. */
const berm_cell *berm_map_slot(const berm_space *space, berm_cell map, berm_cell key);
berm_cell berm_map_find_text(const berm_space *space, berm_cell map, berm_str name);
berm_cell berm_list_at(const berm_space *space, berm_cell list, uint32_t index);
berm_cell berm_map_key_at(const berm_space *space, berm_cell map, uint32_t index);
berm_cell berm_map_value_at(const berm_space *space, berm_cell map, uint32_t index);

/* --- value_compare.c --- */

/* Texts of one length cost 1, and 1 for so many bytes; of two lengths 1. */
#define BERM_COMPARE_BYTES_PER_FUEL 64u
/* CEL equality: deep, numeric types compare by value, NaN equals nothing, different types are
   unequal. Charges fuel; UNDECIDED when an unknown decides, or on an exhausted budget
   (space->status says so). */
berm_truth berm_value_equal(berm_space *space, berm_cell a, berm_cell b);

/* Order of two values CEL can order (numbers across types, strings bytewise by code point, bytes,
   bool, timestamps, durations): *order is -1, 0, 1. False when there is no such overload. NaN:
   *order is 2, every comparison false. */
bool berm_value_order(const berm_space *space, berm_cell a, berm_cell b, int *order);

/* Numbers by their exact values: -1, 0, 1; NaN behind all others and equal to itself. */
int berm_number_compare(berm_cell a, berm_cell b);

/* One total order over all values, for printing and sorting: by rank of type, then value; NaN after
   all numbers. */
int berm_value_total_order(berm_space *space, berm_cell a, berm_cell b);

/* `needle in haystack`: list or set element, or map key. */
berm_truth berm_value_in(berm_space *space, berm_cell needle, berm_cell haystack);

/* --- arithmetic.c: + - * / % and unary minus of CEL over all its types, errors as error cells.
   `word` is put into the error (see value.h). Operands are neither unknown nor error. --- */
typedef enum berm_arith { BERM_ADD, BERM_SUB, BERM_MUL, BERM_DIV, BERM_MOD } berm_arith;
berm_cell berm_value_arith(berm_space *space, berm_arith op, berm_cell a, berm_cell b,
                           uint32_t word);
berm_cell berm_value_negate(berm_space *space, berm_cell a, uint32_t word);

/* An error value that names up to three operands. */
berm_cell berm_value_error(berm_space *space, berm_error_code code, uint32_t word,
                           const berm_cell *operands, uint32_t operand_count);
static inline berm_error_code berm_error_code_of(berm_cell error)
{
    return (berm_error_code)(error.aux >> 24);
}
static inline uint32_t berm_error_word_of(berm_cell error)
{
    return error.aux & 0xffffffu;
}
const char *berm_error_name(berm_error_code code); /* "NO_SUCH_KEY" */

/* Type of a value as CEL's type() says. */
berm_type_id berm_type_of(berm_cell value);
const char *berm_type_name(berm_type_id type);

#endif
