/* What the guardrails of a set came to, and where each value is from. */
#ifndef BERM_POLICY_GOVERNANCE_EFFECTIVE_H
#define BERM_POLICY_GOVERNANCE_EFFECTIVE_H

#include "policy/policy.h"

/* Text for people, or JSON; false: no memory. */
bool berm_effective_print(berm_text *out, const berm_policy *policy, bool json);

#endif
