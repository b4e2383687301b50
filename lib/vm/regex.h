/* matches(): RE2 patterns, compiled on first use and kept per vm. */
#ifndef BERM_VM_REGEX_H
#define BERM_VM_REGEX_H

#include "data/store.h"

struct berm_regex_cache;
void berm_regex_cache_free(struct berm_regex_cache *cache);

#endif
