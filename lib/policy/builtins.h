/* The targets and derived kinds that come with the library. */
#ifndef BERM_POLICY_BUILTINS_H
#define BERM_POLICY_BUILTINS_H

#include "base/mem.h"

typedef struct berm_builtin {
    berm_str name, text; /* "kubernetes.yaml"; lines that are a comment are empty */
} berm_builtin;

uint32_t berm_builtin_count(void);
/* All of them, unpacked into the arena; NULL: no memory. */
const berm_builtin *berm_builtins_read(berm_arena *arena);
/* Is `text` one of their files as it stands in policies/targets? */
bool berm_builtin_is(berm_str text);

#endif
