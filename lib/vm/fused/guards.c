/* Guardrails by the thousand, most of which are about something else: the first match condition
   compares a path with a text, `object.metadata.name == 'web'`, and comes to false. What such a
   condition asks is kept in a row of its own, so that a guardrail that is closed costs a look at
   its row, and one more costs no memory that is far away. */
#include "vm/fused/graph.h"

/* The last eight bytes: names that strangers number differ at their end. */
static uint64_t tail_of(berm_str text)
{
    uint64_t word = 0;
    if (text.len >= sizeof word) memcpy(&word, text.ptr + text.len - sizeof word, sizeof word);
    else if (text.len) memcpy(&word, text.ptr, text.len);
    return word;
}

/* The row of a guardrail whose first condition begins with the only thing that it asks. */
static berm_fused_guard make_guard(berm_vm *vm, struct berm_fused *fused, uint32_t guardrail)
{
    berm_fused_guard guard = {.sort = BERM_GUARD_NONE};
    const berm_img_guardrail *g = &vm->image->guardrails[guardrail];
    if (!g->conditions.count || g->applies != BERM_NO_ROW) return guard;
    uint32_t block = vm->image->conditions[g->conditions.first].block;
    const berm_fused_edge *start = berm_fused_start(vm, fused, block);
    if (!start || start->to < BERM_FUSED_NODES_FROM) return guard;
    const berm_fused_node *node = &fused->nodes.items[start->to];
    const berm_fused_edge *no = &node->edges[0];
    uint64_t fuel = (uint64_t)start->fuel + no->fuel, cost = (uint64_t)start->cost + no->cost;
    if (node->op != BERM_FUSED_TEXT || node->x.loop || no->to != BERM_FUSED_FALSE ||
        cost > vm->cost_limit || fuel > UINT16_MAX || g->rules.count > UINT16_MAX ||
        g->actions > UINT16_MAX)
        return guard;
    berm_cell text = vm->image->store.cells[node->y.at];
    text.store = BERM_STORE_IMAGE;
    return (berm_fused_guard){.sort = BERM_GUARD_TEXT,
                              .path = (uint16_t)node->x.at,
                              .len = text.as.ref.len,
                              .fuel = (uint16_t)fuel,
                              .rules = (uint16_t)g->rules.count,
                              .actions = (uint16_t)g->actions,
                              .tail = tail_of(berm_text_of(&vm->space, text))};
}

/* What the guards are held against. */
typedef struct guarded {
    uint32_t path, len;
    uint64_t tail;
    bool text; /* it is one */
} guarded;

static guarded look_at(berm_vm *vm, struct berm_fused *fused, uint32_t path)
{
    guarded seen = {.path = path};
    const berm_cell *cell = berm_fused_read(vm, fused, path, 0);
    seen.text = cell->tag == BERM_TAG_STRING && vm->space.status == BERM_OK;
    if (!seen.text) return seen;
    seen.len = cell->as.ref.len;
    seen.tail = tail_of(berm_text_of(&vm->space, *cell));
    return seen;
}

/* The row of a guardrail, made when it is met first; NULL: ask no more. What is seen of the
   resource is seen anew where a row asks for paths that there were not. */
static const berm_fused_guard *find_guard(berm_vm *vm, struct berm_fused *fused, uint32_t guardrail,
                                          guarded *seen)
{
    berm_fused_guard *guard = &fused->guards[guardrail];
    if (guard->sort != BERM_GUARD_UNTRIED) return guard;
    berm_fused_guard made = make_guard(vm, fused, guardrail);
    if (vm->space.status != BERM_OK) return NULL;
    *guard = made;
    seen->path = UINT32_MAX;
    return berm_fused_refresh(vm, fused) ? guard : NULL;
}

static bool begin_guards(berm_vm *vm, struct berm_fused *fused)
{
    uint32_t count = vm->image->guardrail_count;
    if (!fused->guards) {
        fused->guards = berm_mem_new(fused->alloc, count * sizeof *fused->guards);
        if (!fused->guards) return berm_fused_fail_memory(fused);
        fused->guard_count = count; /* the image may be gone before this is */
    }
    return vm->space.fuel > vm->poll_at;
}

uint32_t berm_fused_close(berm_vm *vm, const uint32_t *guardrails, uint32_t count, uint32_t action,
                          uint64_t *rules)
{
    struct berm_fused *fused = berm_fused_of(vm);
    guarded seen = {.path = UINT32_MAX};
    uint32_t at = 0;
    uint64_t owed = 0;
    if (!fused || !begin_guards(vm, fused)) return 0;
    if (fused->guards[*guardrails].sort == BERM_GUARD_NONE || !berm_fused_refresh(vm, fused))
        return 0;
    uint64_t most = vm->space.fuel - vm->poll_at;
    for (; at < count; at++) {
        const berm_fused_guard *guard = find_guard(vm, fused, guardrails[at], &seen);
        if (!guard || guard->sort != BERM_GUARD_TEXT || !(guard->actions & 1u << action)) break;
        if (guard->path != seen.path) seen = look_at(vm, fused, guard->path);
        bool alike = seen.len == guard->len;
        if (!seen.text || (alike && seen.tail == guard->tail)) break;
        uint64_t fuel = guard->fuel;
        if (alike) fuel += 1 + guard->len / BERM_COMPARE_BYTES_PER_FUEL;
        if (fuel >= most - owed) break;
        owed += fuel;
        *rules += guard->rules;
    }
    vm->space.fuel -= owed;
    return at;
}
