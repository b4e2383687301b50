/* A table of names: which number belongs to a name. Names are borrowed; of names added twice the
   first counts. */
#ifndef BERM_POLICY_NAME_TABLE_H
#define BERM_POLICY_NAME_TABLE_H

#include "base/text.h"

typedef struct berm_name_entry {
    berm_str name;
    uint32_t number;
} berm_name_entry;

typedef struct berm_name_table {
    const berm_alloc *alloc;
    BERM_ARRAY(berm_name_entry) items; /* in the order they were added */
    uint32_t *slots;                   /* open addressing, place in items + 1 */
    uint32_t slot_count;               /* 0 or a power of two */
    uint64_t salt;                     /* names are strangers' */
} berm_name_table;

#define BERM_NO_NAME UINT32_MAX

void berm_name_table_init(berm_name_table *names, const berm_alloc *alloc);
void berm_name_table_free(berm_name_table *names);
/* Without names, with its memory. */
void berm_name_table_clear(berm_name_table *names);
uint32_t berm_name_table_find(const berm_name_table *names, berm_str name);
/* False: the name is there already, or (BERM_NO_NAME in *first) memory ended. *first: the number
   it has. */
bool berm_name_table_add(berm_name_table *names, berm_str name, uint32_t number, uint32_t *first);

#endif
