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

#endif
