/* Iterators: three registers that hold the container and how far it has been read. Nothing about
   them is trusted: a register that is no container has no elements. */
#include "vm/exec.h"
#include "vm/trace.h"

berm_cell berm_op_iter(berm_vm *vm, berm_cell over, berm_cell *iterator, uint32_t word)
{
    if (berm_cell_undecided(over)) return berm_cell_fallible(over);
    if (berm_cell_container(over) && over.flags & BERM_CELL_OPEN)
        return berm_cell_fallible(berm_vm_open_question(vm, over, over));
    if (!berm_cell_container(over)) {
        berm_cell error = berm_value_error(&vm->space, BERM_ERR_NOT_ITERABLE, word, &over, 1);
        return berm_cell_tint(error, over);
    }
    iterator[0] = over;
    iterator[1] = berm_cell_int(0);
    iterator[2] = berm_cell_of(BERM_TAG_NULL);
    return berm_cell_of(BERM_TAG_MISSING);
}

bool berm_op_next(berm_vm *vm, berm_cell *iterator, berm_cell *first, berm_cell *second)
{
    berm_cell over = iterator[0];
    if (!berm_cell_container(over)) return false;
    uint64_t at = iterator[1].as.u;
    if (at >= over.as.ref.len) return false;
    iterator[1].as.u++;
    bool map = over.tag == BERM_TAG_MAP, one = first == second;
    uint32_t i = (uint32_t)at;
    berm_cell key = map ? berm_map_key_at(&vm->space, over, i) : berm_cell_int(i);
    if (one && map && !vm->trace) { /* nobody looks at the value */
        *first = key;
        return true;
    }
    berm_cell value = map ? berm_map_value_at(&vm->space, over, i)
                          : berm_cell_in(over, berm_children_of(&vm->space, over)[i]);
    if (vm->trace) berm_trace_look(vm, value);
    *second = value;
    if (!one || map) *first = key;
    return true;
}
