/* Whether an expression may be written as it is where it stands. */
#ifndef BERM_POLICY_SIGHT_CHECK_H
#define BERM_POLICY_SIGHT_CHECK_H

#include "policy/sight.h"

/* Checks names, functions, patterns and types; *type is that of the whole. E_POLICY after
   diagnostics, E_NOMEM. */
berm_status berm_sight_check(const berm_sight *sight, berm_ast *ast, const berm_cel_origin *origin,
                             berm_type *type);

#endif
