/* matches() and its kin: what each vm keeps to run patterns. */
#ifndef BERM_VM_REGEX_H
#define BERM_VM_REGEX_H

#include "data/store.h"

struct berm_regex_cache;
void berm_regex_cache_free(struct berm_regex_cache *cache);

/* A search: where `pattern` is found first in `text` at `from` or behind. */
typedef struct berm_regex_search {
    berm_cell pattern;
    berm_str text;
    size_t from;
    uint32_t *spans; /* as berm_regex_pike_find fills them */
    uint32_t span_count;
    uint32_t group_count; /* of the pattern, set */
    berm_error_code
        error; /* why nothing can be found, set; ERR_NONE when the space's status says */
} berm_regex_search;
typedef enum berm_regex_found {
    BERM_REGEX_MISSED,
    BERM_REGEX_FOUND,
    BERM_REGEX_FAULTY
} berm_regex_found;
struct berm_vm;
berm_regex_found berm_regex_search_run(struct berm_vm *vm, berm_regex_search *search);

#endif
