/* What expressions of admission policies see besides the object: names that are themselves
   expressions, of admission-policies.yaml, compiled once for a policy set and
   run when somebody asks. */
#ifndef BERM_POLICY_DIALECTS_PRELUDE_H
#define BERM_POLICY_DIALECTS_PRELUDE_H

#include "policy/builtins.h"
#include "policy/sight.h"

/* The file, unpacked into the arena; NULL: no memory. */
const berm_builtin *berm_prelude_read(berm_arena *arena);
/* For a guardrail of a dialect (sight->guardrail): makes its names known, and fills in what only
   such guardrails have. */
void berm_prelude_see(berm_sight *sight, berm_img_guardrail *row);

#endif
