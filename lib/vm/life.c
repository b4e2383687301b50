/* A VM from its birth to its end: memory for an image, and what each call starts with. */
#include "vm/exec.h"
#include "vm/fused/fused.h"
#include "vm/host.h"
#include "vm/regex.h"
#include "vm/vm.h"

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
    berm_mem_free(alloc, vm->host_links, vm->host_link_cap * sizeof *vm->host_links);
    berm_regex_cache_free(vm->regexes);
#if BERM_PART_FUSED
    berm_fused_free(vm);
#endif
    vm->regexes = NULL;
    vm->host_links = NULL;
    vm->host_link_cap = 0;
    vm->registers = NULL;
    vm->frames = NULL;
    vm->memos = NULL;
    vm->register_cap = vm->frame_cap = vm->memo_cap = 0;
    vm->image = NULL;
}

void berm_vm_free(berm_vm *vm)
{
    free_bound(vm);
    berm_host_calls_free(vm);
    berm_mem_free(vm->space.alloc, vm->scratch.ptr, vm->scratch.cap);
    berm_array_free(vm->space.alloc, &vm->stack);
    berm_space_free(&vm->space);
}

/* Which of the host's functions the rows of the image are. */
static bool link_hosts(berm_vm *vm, const berm_image *image)
{
    uint32_t count = image->host_count;
    if (count == 0) return true;
    vm->host_links = berm_mem_new(vm->space.alloc, count * sizeof *vm->host_links);
    if (!vm->host_links) return false;
    vm->host_link_cap = count;
    for (uint32_t row = 0; row < count; row++) {
        const berm_img_host *host = &image->hosts[row];
        berm_str name = berm_image_text(image, host->name);
        int found = berm_hosts_find(vm->hosts, name, host->method, host->argc);
        vm->host_links[row] = (uint32_t)(found + 1);
    }
    return true;
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
    bool linked = link_hosts(vm, image);
    if (!vm->registers || !vm->frames || (blocks && !vm->memos) || !linked) {
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
    berm_host_calls_begin(vm);
    vm->poll_at = fuel;
    vm->stack.count = 0;
    for (uint32_t i = 0; i < BERM_SLOT_MAX; i++) vm->slots[i] = berm_cell_of(BERM_TAG_MISSING);
    berm_vm_scope(vm);
#if BERM_PART_FUSED
    vm->scene++;
#endif
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

/* --- texts that come and go --- */

#define SCRATCH_MOST 65536u /* bytes that are worth keeping */

berm_text berm_vm_text(berm_vm *vm)
{
    berm_text text = vm->scratch;
    text.alloc = vm->space.alloc;
    text.len = 0;
    text.failed = false;
    vm->scratch = (berm_text){.alloc = vm->space.alloc};
    return text;
}

void berm_vm_keep_text(berm_vm *vm, berm_text *text)
{
    bool kept = text->cap > vm->scratch.cap && text->cap <= SCRATCH_MOST;
    berm_text old = kept ? vm->scratch : *text;
    if (kept) vm->scratch = *text;
    berm_mem_free(vm->space.alloc, old.ptr, old.cap);
}
