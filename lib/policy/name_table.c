#include "policy/name_table.h"

#include "base/hash.h"

void berm_name_table_init(berm_name_table *names, const berm_alloc *alloc)
{
    *names = (berm_name_table){.alloc = alloc, .salt = berm_hash_salt(names)};
}

void berm_name_table_free(berm_name_table *names)
{
    berm_mem_free(names->alloc, names->slots, names->slot_count * sizeof *names->slots);
    berm_array_free(names->alloc, &names->items);
    names->slots = NULL;
    names->slot_count = 0;
}

void berm_name_table_clear(berm_name_table *names)
{
    names->items.count = 0;
    if (names->slots) memset(names->slots, 0, names->slot_count * sizeof *names->slots);
}

/* The slot that holds `name`, or the empty one where it would go. */
static uint32_t find_name_slot(const berm_name_table *names, berm_str name)
{
    uint32_t mask = names->slot_count - 1;
    uint32_t slot = (uint32_t)berm_hash_salted(name.ptr, name.len, names->salt) & mask;
    while (names->slots[slot] &&
           !berm_str_equal(names->items.items[names->slots[slot] - 1].name, name)) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

uint32_t berm_name_table_find(const berm_name_table *names, berm_str name)
{
    if (names->slot_count == 0) return BERM_NO_NAME;
    uint32_t place = names->slots[find_name_slot(names, name)];
    return place ? names->items.items[place - 1].number : BERM_NO_NAME;
}

/* At most half of the slots are ever taken. */
static bool grow_name_slots(berm_name_table *names)
{
    if (names->items.count < names->slot_count / 2) return true;
    uint32_t count = names->slot_count ? names->slot_count * 2 : 32;
    uint32_t *slots = berm_mem_new(names->alloc, count * sizeof *slots);
    if (!slots) return false;
    berm_mem_free(names->alloc, names->slots, names->slot_count * sizeof *names->slots);
    names->slots = slots;
    names->slot_count = count;
    for (uint32_t i = 0; i < names->items.count; i++) {
        slots[find_name_slot(names, names->items.items[i].name)] = i + 1;
    }
    return true;
}

bool berm_name_table_add(berm_name_table *names, berm_str name, uint32_t number, uint32_t *first)
{
    *first = berm_name_table_find(names, name);
    if (*first != BERM_NO_NAME) return false;
    berm_name_entry entry = {name, number};
    if (!grow_name_slots(names) || !berm_array_push(names->alloc, &names->items, entry))
        return false;
    names->slots[find_name_slot(names, name)] = names->items.count;
    *first = number;
    return true;
}
