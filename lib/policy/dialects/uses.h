/* What expressions of admission policies may use, beside what policy/sight.h checks of all. */
#ifndef BERM_POLICY_DIALECTS_USES_H
#define BERM_POLICY_DIALECTS_USES_H

#include "policy/sight.h"

/* Reports names that stand for a cluster where the host has no functions for them, and settles
   has(variables.x), which Kubernetes always finds. False after a fault. */
bool berm_dialect_check_uses(const berm_sight *sight, berm_ast *ast, const berm_cel_origin *origin);

#endif
