/* A table of names: which number belongs to a name. Names are borrowed; of names added twice the first counts. */
#ifndef BERM_POLICY_NAMES_H
#define BERM_POLICY_NAMES_H

#include "base/text.h"

typedef struct berm_name_entry {
    berm_str name;
    uint32_t number;
} berm_name_entry;

typedef struct berm_names {
    const berm_alloc *alloc;
    BERM_ARRAY(berm_name_entry) items; /* in the order they were added */
    uint32_t *slots;                   /* open addressing, place in items + 1 */
    uint32_t slot_count;               /* 0 or a power of two */
} berm_names;

#define BERM_NO_NAME UINT32_MAX

void berm_names_init(berm_names *names, const berm_alloc *alloc);
void berm_names_free(berm_names *names);
uint32_t berm_names_find(const berm_names *names, berm_str name);
/* False: the name is there already, or (BERM_NO_NAME in *first) memory ended. *first: the number it has. */
bool berm_names_add(berm_names *names, berm_str name, uint32_t number, uint32_t *first);

#endif
