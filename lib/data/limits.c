#include "data/limits.h"

#include <stdbool.h>

/* Whether a caller's struct of `size` bytes reaches behind the field at `off`. */
static bool has_limit_field(size_t size, size_t off, size_t len)
{
    return size >= off + len;
}

static uint64_t resolve_limit(uint64_t wanted, uint64_t standard, uint64_t most)
{
    if (wanted == 0) return standard;
    return wanted < most ? wanted : most;
}

berm_limits berm_limits_resolve(const berm_limits *wanted)
{
    berm_limits out = {.size = sizeof out};
#define BERM_LIMIT(field, standard, most, what, why, beyond) \
    out.field = \
        wanted && has_limit_field(wanted->size, offsetof(berm_limits, field), sizeof out.field) \
            ? resolve_limit(wanted->field, standard, most) \
            : (standard);
#include "data/limits.def"
#undef BERM_LIMIT
    return out;
}
