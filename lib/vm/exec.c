#include "vm/exec.h"

#define POLL_EVERY 4096u

bool berm_vm_poll(berm_vm *vm)
{
    uint64_t fuel = vm->space.fuel;
    vm->poll_at = fuel > POLL_EVERY ? fuel - POLL_EVERY : 0;
    bool stop = vm->interrupt && atomic_load_explicit(vm->interrupt, memory_order_relaxed) != 0;
    if (!stop && vm->poll) stop = vm->poll(vm->poll_ctx) != 0;
    if (stop && vm->space.status == BERM_OK) vm->space.status = BERM_E_INTERRUPTED;
    return !stop;
}

berm_cell berm_pick_undecided(const berm_cell *cells, uint32_t count)
{
    berm_cell picked = berm_cell_of(BERM_TAG_MISSING);
    uint8_t flags = 0;
    for (uint32_t i = 0; i < count; i++) {
        flags |= cells[i].flags;
        if (cells[i].tag == BERM_TAG_UNKNOWN && picked.tag != BERM_TAG_UNKNOWN) picked = cells[i];
        if (cells[i].tag == BERM_TAG_ERROR && picked.tag == BERM_TAG_MISSING) picked = cells[i];
    }
    picked.flags |= (uint8_t)(flags & BERM_CELL_SENSITIVE);
    return berm_cell_fallible(picked);
}

berm_cell berm_vm_refuse_size(berm_vm *vm, berm_cell value, uint32_t word)
{
    berm_cell error = berm_value_error(&vm->space, BERM_ERR_RESULT_SIZE, word, NULL, 0);
    return berm_cell_tint(error, value);
}

berm_cell berm_no_overload(berm_vm *vm, const berm_cell *args, uint32_t count, uint32_t word)
{
    return berm_value_error(&vm->space, BERM_ERR_NO_OVERLOAD, word, args, count < 3 ? count : 3);
}
