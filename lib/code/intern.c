/* A hash table with chains through an array of entries. */
#include "code/intern.h"

#define INTERN_BUCKETS_FIRST 64u
#define INTERN_CHAIN_MAX 64u

void berm_intern_free(const berm_alloc *alloc, berm_intern_table *table)
{
    berm_mem_free(alloc, table->buckets, table->bucket_count * sizeof *table->buckets);
    berm_array_free(alloc, &table->entries);
    *table = (berm_intern_table){0};
}

static uint32_t *choose_bucket(const berm_intern_table *table, uint64_t hash)
{
    return &table->buckets[hash & (table->bucket_count - 1)];
}

const berm_intern_entry *berm_intern_next(const berm_intern_table *table, uint64_t hash,
                                          uint32_t *at)
{
    if (!table->bucket_count) return NULL;
    uint32_t i =
        *at == BERM_NO_ENTRY ? *choose_bucket(table, hash) : table->entries.items[*at].next;
    for (uint32_t seen = 0; i != BERM_NO_ENTRY && seen < INTERN_CHAIN_MAX; seen++) {
        const berm_intern_entry *entry = &table->entries.items[i];
        if (entry->hash == hash) {
            *at = i;
            return entry;
        }
        i = entry->next;
    }
    return NULL;
}

static void chain_entry(berm_intern_table *table, uint32_t i)
{
    uint32_t *bucket = choose_bucket(table, table->entries.items[i].hash);
    table->entries.items[i].next = *bucket;
    *bucket = i;
}

static bool grow_buckets(const berm_alloc *alloc, berm_intern_table *table)
{
    uint32_t count = table->bucket_count ? table->bucket_count * 2 : INTERN_BUCKETS_FIRST;
    if (count > UINT32_MAX / 4) return true; /* longer chains will do */
    uint32_t *buckets = berm_mem_resize(alloc, NULL, 0, count * sizeof *buckets);
    if (!buckets) return false;
    berm_mem_free(alloc, table->buckets, table->bucket_count * sizeof *buckets);
    table->buckets = buckets;
    table->bucket_count = count;
    for (uint32_t i = 0; i < count; i++) buckets[i] = BERM_NO_ENTRY;
    for (uint32_t i = 0; i < table->entries.count; i++) chain_entry(table, i);
    return true;
}

bool berm_intern_add(const berm_alloc *alloc, berm_intern_table *table, uint64_t hash, uint32_t off,
                     uint32_t len)
{
    if (table->entries.count >= table->bucket_count && !grow_buckets(alloc, table)) return false;
    berm_intern_entry entry = {.hash = hash, .off = off, .len = len};
    if (!berm_array_push(alloc, &table->entries, entry)) return false;
    chain_entry(table, table->entries.count - 1);
    return true;
}
