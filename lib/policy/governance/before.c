/* Two documents compared: the resources of the one before are what those of the other were. They
   are listed first and kept; those that the other one has not are judged at its end, as what goes
   away. */
#include "base/hash.h"
#include "policy/runner.h"
#include "policy/values.h"

static uint64_t hash_before(berm_str kind, berm_str address, uint64_t salt)
{
    uint64_t hash = berm_hash_salted(kind.ptr, kind.len, salt);
    return berm_hash_salted(address.ptr, address.len, hash);
}

static bool grow_slots(berm_runner *runner, berm_before *before)
{
    uint32_t count = before->slot_count ? before->slot_count * 2 : 64;
    if (before->items.count < before->slot_count / 2) return true;
    uint32_t *slots = berm_mem_new(runner->alloc, count * sizeof *slots);
    if (!slots) return false;
    for (uint32_t i = 0; i < before->items.count; i++) {
        const berm_resource *r = &before->items.items[i].resource;
        uint32_t at = (uint32_t)hash_before(r->kind, r->address, runner->salt) & (count - 1);
        while (slots[at]) at = (at + 1) & (count - 1);
        slots[at] = i + 1;
    }
    berm_mem_free(runner->alloc, before->slots, before->slot_count * sizeof *slots);
    before->slots = slots;
    before->slot_count = count;
    return true;
}

/* The slot of a resource, or the free one where it would be. */
static uint32_t *find_before(berm_runner *runner, berm_str kind, berm_str address)
{
    berm_before *before = &runner->before;
    uint32_t at = (uint32_t)hash_before(kind, address, runner->salt) & (before->slot_count - 1);
    for (; before->slots[at]; at = (at + 1) & (before->slot_count - 1)) {
        const berm_resource *r = &before->items.items[before->slots[at] - 1].resource;
        if (berm_str_equal(r->kind, kind) && berm_str_equal(r->address, address)) break;
    }
    return &before->slots[at];
}

berm_status berm_before_add(berm_runner *runner, const berm_resource *resource)
{
    berm_before *before = &runner->before;
    if (!grow_slots(runner, before)) return BERM_E_NOMEM;
    uint32_t *slot = find_before(runner, resource->kind, resource->address);
    if (*slot) return BERM_OK; /* numbered apart, so it is the same one listed twice */
    berm_before_item item = {*resource, false};
    if (!berm_array_push(runner->alloc, &before->items, item)) return BERM_E_NOMEM;
    *slot = before->items.count;
    return BERM_OK;
}

/* The whole document: the two go by different names. */
berm_status berm_before_document(berm_runner *runner, uint32_t input, uint32_t target,
                                 berm_cell root)
{
    berm_resource r = {.target = target,
                       .input = input,
                       .kind = BERM_STR(BERM_KIND_DOCUMENT),
                       .name = BERM_STR(""),
                       .address = BERM_STR(""),
                       .item = root,
                       .entry = BERM_NO_ENTRY_ROW};
    r.object = berm_values_mark(runner, target, root, &r.sensitive);
    berm_status status = berm_runner_hide(runner, target, &r.object);
    return status ? status : berm_before_add(runner, &r);
}

/* What it was, and so what happens to it. */
void berm_before_match(berm_runner *runner, berm_resource *r, berm_str address)
{
    berm_before *before = &runner->before;
    if (!before->active) return;
    bool drift = runner->run->flags & BERM_RUN_DRIFT;
    uint32_t at = before->slot_count ? *find_before(runner, r->kind, address) : 0;
    r->old_object = berm_cell_of(BERM_TAG_NULL);
    r->action = drift ? BERM_ACTION_DRIFT : BERM_ACTION_CREATE;
    if (!at) return;
    berm_before_item *item = &before->items.items[at - 1];
    item->met = true;
    r->old_object = item->resource.object;
    if (item->resource.sensitive) {
        r->sensitive = true;
        r->item.flags |= BERM_CELL_SENSITIVE;
    }
    bool same = berm_value_equal(&runner->vm.space, r->object, r->old_object) == BERM_TRUE;
    if (same) r->action = BERM_ACTION_NO_OP;
    else if (!drift) r->action = BERM_ACTION_UPDATE;
}

static berm_status judge_gone(berm_runner *runner, berm_resource gone)
{
    const berm_img_target *target = &runner->policy->image.targets[gone.target];
    gone.old_object = gone.object;
    gone.object = berm_cell_of(BERM_TAG_NULL);
    gone.entry = BERM_NO_ENTRY_ROW;
    gone.action = runner->run->flags & BERM_RUN_DRIFT ? BERM_ACTION_DRIFT : BERM_ACTION_DELETE;
    berm_space_mark mark = berm_space_position(&runner->vm.space);
    runner->vm.nulls_missing = target->nulls_missing;
    berm_runner_clear(runner);
    berm_status status = berm_resource_visit(runner, &gone);
    runner->vm.nulls_missing = false;
    berm_space_release(&runner->vm.space, mark);
    runner->decision.summary.resources++;
    runner->decision.summary.unmatched += !gone.matched;
    return status;
}

berm_status berm_before_finish(berm_runner *runner)
{
    berm_before *before = &runner->before;
    berm_status status = BERM_OK;
    for (uint32_t i = 0; i < before->items.count && !status; i++) {
        const berm_before_item *item = &before->items.items[i];
        if (!item->met && item->resource.address.len) status = judge_gone(runner, item->resource);
    }
    before->active = false;
    return status;
}

void berm_before_clear(berm_runner *runner)
{
    berm_before *before = &runner->before;
    if (before->slot_count) memset(before->slots, 0, before->slot_count * sizeof *before->slots);
    before->items.count = 0;
    before->active = false;
}

void berm_before_free(berm_runner *runner)
{
    berm_before *before = &runner->before;
    berm_mem_free(runner->alloc, before->slots, before->slot_count * sizeof *before->slots);
    berm_array_free(runner->alloc, &before->items);
    *before = (berm_before){.slot_count = 0};
}
