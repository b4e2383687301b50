/* Sorting: stable, by keys that CEL can order. */
#include "vm/exec.h"

/* Whether all keys have one type, and one that has an order: sort() mixes no numbers. */
static bool are_orderable(berm_vm *vm, berm_cell keys)
{
    int order;
    for (uint32_t i = 0; i < keys.as.ref.len; i++) {
        berm_cell first = berm_list_at(&vm->space, keys, 0),
                  key = berm_list_at(&vm->space, keys, i);
        if (key.tag != first.tag || !berm_value_order(&vm->space, first, key, &order)) return false;
    }
    return true;
}

static void merge_runs(berm_vm *vm, berm_cell keys, const uint32_t *from, uint32_t *to,
                       uint32_t low, uint32_t middle, uint32_t high)
{
    uint32_t left = low, right = middle;
    for (uint32_t at = low; at < high; at++) {
        bool take_right = left == middle;
        if (!take_right && right < high) {
            berm_cell a = berm_list_at(&vm->space, keys, from[left]),
                      b = berm_list_at(&vm->space, keys, from[right]);
            take_right = berm_value_total_order(&vm->space, a, b) > 0;
        }
        to[at] = from[take_right ? right++ : left++];
    }
}

/* The places of `keys` in order, in one of two arrays of scratch memory; NULL when memory or
   fuel ends. */
static const uint32_t *sort_places(berm_vm *vm, berm_cell keys)
{
    uint32_t count = keys.as.ref.len, half = count / 4 + 1;
    berm_cell place;
    berm_cell *scratch = berm_space_cells(&vm->space, 2 * half, &place);
    if (!scratch) return NULL;
    uint32_t *from = (uint32_t *)(void *)scratch, *to = (uint32_t *)(void *)(scratch + half);
    for (uint32_t i = 0; i < count; i++) from[i] = i;
    for (uint64_t width = 1; width < count; width *= 2) {
        if (!berm_space_spend(&vm->space, count)) return NULL;
        for (uint64_t low = 0; low < count; low += 2 * width) {
            uint64_t middle = low + width < count ? low + width : count, high = low + 2 * width;
            merge_runs(vm, keys, from, to, (uint32_t)low, (uint32_t)middle,
                       high < count ? (uint32_t)high : count);
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

static berm_cell reorder_list(berm_vm *vm, berm_cell list, berm_cell keys)
{
    uint32_t count = list.as.ref.len;
    berm_cell sorted;
    berm_cell *cells = berm_list_new(vm, count, &sorted);
    if (!cells) return sorted;
    berm_space_mark scratch = berm_space_position(&vm->space);
    const uint32_t *places = sort_places(vm, keys);
    for (uint32_t i = 0; places && i < count; i++)
        cells[i] = berm_list_at(&vm->space, list, places[i]);
    if (!places) sorted.as.ref.len = 0;
    berm_space_release(&vm->space, scratch);
    sorted.flags |= (uint8_t)(list.flags & BERM_CELL_OPEN);
    return sorted;
}

berm_cell berm_op_sort(berm_vm *vm, berm_cell list, berm_cell keys, uint32_t word)
{
    berm_cell pair[2] = {list, keys};
    berm_cell result = berm_pick_undecided(pair, 2);
    if (result.tag != BERM_TAG_MISSING) return result;
    if (list.tag != BERM_TAG_LIST || keys.tag != BERM_TAG_LIST ||
        keys.as.ref.len != list.as.ref.len) {
        return berm_no_overload(vm, pair, 2, word);
    }
    if (!berm_space_spend(&vm->space, list.as.ref.len)) return result;
    if (keys.as.ref.len)
        result = berm_pick_undecided(berm_children_of(&vm->space, keys), keys.as.ref.len);
    if (result.tag == BERM_TAG_MISSING) {
        result = are_orderable(vm, keys) ? reorder_list(vm, list, keys)
                                         : berm_no_overload(vm, pair, 1, word);
    } else if (result.store == BERM_STORE_SELF) {
        result = berm_cell_in(keys, result);
    }
    berm_vm_survey(vm, &keys, 1, &result.flags); /* the order tells of the keys */
    return berm_cell_tint(result, list);
}
