/* Objects of the function libraries: an opaque type's value is a cell with a few children. The last
   one is always its text, what string() gives and what people see; for quantities and semantic
   versions it is no part of the value (see value_compare.c). */
#ifndef BERM_VM_OBJECT_H
#define BERM_VM_OBJECT_H

#include "vm/exec.h"

static inline bool berm_is_object(berm_cell c, berm_type_id type)
{
    return c.tag == BERM_TAG_OBJECT && c.aux == (uint32_t)type;
}

/* --- object.c --- */

/* An object of `type` with these parts; the status of the space says when there is no memory. */
berm_cell berm_object_new(berm_vm *vm, berm_type_id type, const berm_cell *parts, uint32_t count);
/* Part `index`; MISSING where the object has none. */
berm_cell berm_object_part(const berm_vm *vm, berm_cell object, uint32_t index);
/* The bytes of a part that is a string or bytes; "" for another. */
berm_str berm_object_text(const berm_vm *vm, berm_cell object, uint32_t index);
/* What string() makes of an object: its last part; MISSING for those that have no text. */
berm_cell berm_object_string(const berm_vm *vm, berm_cell object);
/* Bytes as a cell: a copy in the arena. */
berm_cell berm_bytes_new(berm_vm *vm, const void *bytes, uint32_t len);

/* --- fn_semver.c --- precedence of two semantic versions: -1, 0, 1 */
int berm_semver_compare(berm_vm *vm, berm_cell a, berm_cell b);
/* --- fn_list_fold.c --- index of the first or last element equal to `item`; -1 */
berm_cell berm_list_position(berm_vm *vm, berm_cell list, berm_cell item, bool last);

#endif
