/* The targets and derived kinds that come with the library. */
#ifndef BERM_POLICY_BUILTINS_H
#define BERM_POLICY_BUILTINS_H

#include "base/mem.h"

typedef struct berm_builtin {
    berm_str name, text; /* "kubernetes.yaml"; lines that are a comment are empty */
} berm_builtin;

/* Files as they are packed: each one's name and text, a NUL behind each. */
typedef struct berm_builtin_pack {
    const unsigned char *packed;
    size_t packed_len, len;
    uint32_t count;
} berm_builtin_pack;

/* As berm_builtins_read. */
const berm_builtin *berm_builtins_unpack(berm_arena *arena, const berm_builtin_pack *pack);

uint32_t berm_builtin_count(void);
/* All of them, unpacked into the arena; NULL: no memory. */
const berm_builtin *berm_builtins_read(berm_arena *arena);
/* Is `text` one of their files as it stands in policies/targets? */
bool berm_builtin_is(berm_str text);

#endif
