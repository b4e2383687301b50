#include "vm/exec.h"
#include "vm/regex.h"

void berm_vm_init(berm_vm *vm, const berm_alloc *alloc, const berm_limits *limits)
{
    memset(vm, 0, sizeof *vm);
    berm_space_init(&vm->space, alloc, limits->memory_len);
    vm->limits = *limits;
    vm->cost_limit = limits->rule_cost;
}

static void free_bound(berm_vm *vm)
{
    const berm_alloc *alloc = vm->space.alloc;
    berm_mem_free(alloc, vm->registers, vm->register_cap * sizeof *vm->registers);
    berm_mem_free(alloc, vm->frames, vm->frame_cap * sizeof *vm->frames);
    berm_mem_free(alloc, vm->memos, vm->memo_cap * sizeof *vm->memos);
    vm->registers = NULL;
    vm->frames = NULL;
    vm->memos = NULL;
    vm->register_cap = vm->frame_cap = vm->memo_cap = 0;
    vm->image = NULL;
}

void berm_vm_free(berm_vm *vm)
{
    free_bound(vm);
    berm_array_free(vm->space.alloc, &vm->stack);
    berm_regex_cache_free(vm->regexes);
    vm->regexes = NULL;
    berm_space_free(&vm->space);
}

berm_status berm_vm_bind(berm_vm *vm, const berm_image *image)
{
    const berm_alloc *alloc = vm->space.alloc;
    free_bound(vm);
    uint32_t registers = image->register_count ? image->register_count : 1,
             blocks = image->block_count;
    vm->registers = berm_mem_new(alloc, registers * sizeof *vm->registers);
    if (vm->registers) vm->register_cap = registers;
    vm->frames = berm_mem_new(alloc, (image->call_depth + (size_t)1) * sizeof *vm->frames);
    if (vm->frames) vm->frame_cap = image->call_depth + 1;
    vm->memos = berm_mem_new(alloc, blocks * sizeof *vm->memos);
    if (vm->memos) vm->memo_cap = blocks;
    if (!vm->registers || !vm->frames || (blocks && !vm->memos)) {
        free_bound(vm);
        return BERM_E_NOMEM;
    }
    vm->generation = 0;
    vm->image = image;
    return BERM_OK;
}

berm_status berm_vm_begin(berm_vm *vm, uint64_t fuel)
{
    if (!vm->image) return BERM_E_STATE;
    berm_space_reset(&vm->space, fuel);
    vm->poll_at = fuel;
    vm->stack.count = 0;
    vm->witness = berm_cell_of(BERM_TAG_MISSING);
    for (uint32_t i = 0; i < BERM_SLOT_MAX; i++) vm->slots[i] = berm_cell_of(BERM_TAG_MISSING);
    berm_vm_scope(vm);
    uint16_t id = berm_space_add(&vm->space, &vm->image->store);
    if (id == 0) return vm->space.status;
    return id == BERM_STORE_IMAGE ? BERM_OK : BERM_E_INTERNAL;
}

void berm_vm_scope(berm_vm *vm)
{
    if (++vm->generation != 0) return;
    for (uint32_t i = 0; i < vm->memo_cap; i++) vm->memos[i].generation = 0;
    vm->generation = 1;
}

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

/* Tags whose aux is the span of a node. */
static bool has_span(berm_cell node)
{
    switch (node.tag) {
    case BERM_TAG_NULL:
    case BERM_TAG_BOOL:
    case BERM_TAG_INT:
    case BERM_TAG_UINT:
    case BERM_TAG_DOUBLE:
    case BERM_TAG_STRING:
    case BERM_TAG_BYTES:
    case BERM_TAG_LIST:
    case BERM_TAG_MAP:
    case BERM_TAG_SET:
    case BERM_TAG_UNKNOWN: return node.aux != BERM_NO_SPAN;
    default: return false;
    }
}

void berm_vm_witness(berm_vm *vm, berm_cell node)
{
    if (node.store > BERM_STORE_IMAGE && has_span(node)) vm->witness = node;
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
    return picked;
}

berm_cell berm_no_overload(berm_vm *vm, const berm_cell *args, uint32_t count, uint32_t word)
{
    return berm_value_error(&vm->space, BERM_ERR_NO_OVERLOAD, word, args, count < 3 ? count : 3);
}
