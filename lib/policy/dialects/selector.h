/* Label selectors over documents of the policy set. */
#ifndef BERM_POLICY_DIALECTS_SELECTOR_H
#define BERM_POLICY_DIALECTS_SELECTOR_H

#include "policy/part.h"

/* Whether a selector ({matchLabels, matchExpressions}, or absent) selects a Kubernetes object. */
bool berm_selector_holds(berm_part selector, berm_part object);

#endif
