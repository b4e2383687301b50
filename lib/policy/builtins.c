#include "policy/builtins.h"

#include "policy/builtin_targets.inc"

uint32_t berm_builtin_count(void)
{
    return (uint32_t)(sizeof builtin_targets / sizeof *builtin_targets);
}

berm_str berm_builtin_name(uint32_t index)
{
    return berm_str_of(builtin_targets[index].name);
}

berm_str berm_builtin_text(uint32_t index)
{
    return (berm_str){builtin_targets[index].text, builtin_targets[index].len};
}
