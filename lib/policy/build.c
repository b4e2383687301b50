#include "policy/build.h"

void *berm_build_alloc(berm_build *build, size_t count, size_t item_len)
{
    if (count == 0) return NULL;
    void *items =
        count <= SIZE_MAX / item_len ? berm_arena_alloc(&build->arena, count * item_len) : NULL;
    if (!items) berm_build_fail(build, BERM_E_NOMEM);
    return items;
}

void berm_build_fail(berm_build *build, berm_status status)
{
    if (build->status == BERM_OK) build->status = status;
}

berm_status berm_build_status(const berm_build *build)
{
    if (build->status != BERM_OK) return build->status;
    if (build->space.status != BERM_OK) return build->space.status;
    if (build->gen.failed) return build->gen.status;
    return berm_diags_failed(build->diags) ? BERM_E_NOMEM : BERM_OK;
}
