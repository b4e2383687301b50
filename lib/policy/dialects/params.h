/* Parameters of admission policies: objects of a kind (paramKind) of which a reference (paramRef)
   takes one by its name or some by their labels. */
#ifndef BERM_POLICY_DIALECTS_PARAMS_H
#define BERM_POLICY_DIALECTS_PARAMS_H

#include "policy/dialects/admission.h"

/* Objects of the paramKind are parameters, whether somebody takes them or not. */
void berm_params_use(berm_build *build, berm_part kind);
/* Reports a reference that says neither or both of `name` and `selector`. */
void berm_params_check(berm_build *build, berm_part ref);
/* Adds a guardrail for each parameter that the terms' reference takes, and one that fails where
   there is none; the guardrail as it is without a kind or a reference. */
void berm_params_add(berm_build *build, const berm_admission_terms *terms);

#endif
