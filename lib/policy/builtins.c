#include "policy/builtins.h"

#include "base/hash.h"
#include "base/unpack.h"

#include <string.h>

#include "policy/builtin_targets.inc"

uint32_t berm_builtin_count(void)
{
    return BUILTIN_COUNT;
}

/* `text` begins with a name or a text, behind which is a NUL. */
static berm_str cut_builtin(const char **text)
{
    berm_str part = {*text, strlen(*text)};
    *text += part.len + 1;
    return part;
}

const berm_builtin *berm_builtins_unpack(berm_arena *arena, const berm_builtin_pack *pack)
{
    berm_builtin *builtins = berm_arena_alloc(arena, pack->count * sizeof *builtins);
    char *unpacked = berm_arena_alloc(arena, pack->len);
    if (!builtins || !unpacked ||
        !berm_unpack(arena->alloc, pack->packed, pack->packed_len, unpacked, pack->len)) {
        return NULL;
    }
    const char *text = unpacked;
    for (uint32_t i = 0; i < pack->count; i++) {
        builtins[i].name = cut_builtin(&text);
        builtins[i].text = cut_builtin(&text);
    }
    return builtins;
}

const berm_builtin *berm_builtins_read(berm_arena *arena)
{
    static const berm_builtin_pack pack = {builtin_packed, sizeof builtin_packed, BUILTIN_LEN,
                                           BUILTIN_COUNT};
    return berm_builtins_unpack(arena, &pack);
}

bool berm_builtin_is(berm_str text)
{
    berm_sha256 hash;
    unsigned char digest[32];
    if (text.len > BUILTIN_LEN) return false;
    berm_sha256_init(&hash);
    berm_sha256_put(&hash, text.ptr, text.len);
    berm_sha256_end(&hash, digest);
    for (uint32_t i = 0; i < BUILTIN_COUNT; i++) {
        if (memcmp(digest, builtin_digests[i], sizeof builtin_digests[i]) == 0) return true;
    }
    return false;
}
