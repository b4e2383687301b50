#include "policy/seen.h"

#include <string.h>

static berm_seen_entry *find_seen(const berm_seen *seen, uint64_t hash)
{
    uint32_t mask = seen->entry_count - 1, at = (uint32_t)hash & mask;
    while (seen->entries[at].count && seen->entries[at].hash != hash) at = (at + 1) & mask;
    return &seen->entries[at];
}

static bool grow_seen(berm_seen *seen, const berm_alloc *alloc)
{
    if (seen->taken < seen->entry_count / 2) return true;
    berm_seen more = {.entry_count = seen->entry_count ? seen->entry_count * 2 : 64,
                      .taken = seen->taken};
    more.entries = berm_mem_new(alloc, more.entry_count * sizeof *more.entries);
    if (!more.entries) return false;
    for (uint32_t i = 0; i < seen->entry_count; i++) {
        const berm_seen_entry *entry = &seen->entries[i];
        if (entry->count) *find_seen(&more, entry->hash) = *entry;
    }
    berm_seen_free(seen, alloc);
    *seen = more;
    return true;
}

uint32_t berm_seen_count(berm_seen *seen, const berm_alloc *alloc, uint64_t hash)
{
    if (!grow_seen(seen, alloc)) return 0;
    berm_seen_entry *entry = find_seen(seen, hash);
    seen->taken += entry->count == 0;
    entry->hash = hash;
    return ++entry->count;
}

void berm_seen_clear(berm_seen *seen)
{
    if (seen->taken) memset(seen->entries, 0, seen->entry_count * sizeof *seen->entries);
    seen->taken = 0;
}

void berm_seen_free(berm_seen *seen, const berm_alloc *alloc)
{
    berm_mem_free(alloc, seen->entries, seen->entry_count * sizeof *seen->entries);
    *seen = (berm_seen){.entry_count = 0};
}
