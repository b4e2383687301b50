/* The targets and derived kinds that come with the library. */
#ifndef BERM_POLICY_BUILTINS_H
#define BERM_POLICY_BUILTINS_H

#include "base/text.h"

uint32_t berm_builtin_count(void);
berm_str berm_builtin_name(uint32_t index); /* "kubernetes.yaml" */
berm_str berm_builtin_text(uint32_t index);

#endif
