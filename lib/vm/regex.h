/* matches(): RE2 patterns, compiled on first use and kept per vm. */
#ifndef BERM_VM_REGEX_H
#define BERM_VM_REGEX_H

#include "data/store.h"

struct berm_regex_cache;
void berm_regex_cache_free(struct berm_regex_cache *cache);

/* Whether a pattern is one that matches() takes; *why (borrowed, static) says what is wrong with
   it at byte *off. For patterns that are known while policies are loaded. False without memory,
   too, with *why NULL. */
bool berm_regex_check(const berm_alloc *alloc, berm_str pattern, const char **why, size_t *off);

/* A search: where `pattern` is found first in `text` at `from` or behind. */
typedef struct berm_regex_search {
    berm_str pattern, text;
    size_t from;
    uint32_t *spans; /* as berm_regex_finder_find fills them */
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
