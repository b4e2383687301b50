/* Which kinds a policy can be about, before anything is run: MATCH rows that take in every resource
   it may apply to. What applies is asked of the request (prelude.h), of those alone. */
#ifndef BERM_POLICY_DIALECTS_REACH_H
#define BERM_POLICY_DIALECTS_REACH_H

#include "code/codegen.h"
#include "policy/model.h"

/* Rows of a guardrail of a dialect. All kinds of Kubernetes, where its policy does not tell. */
berm_run_ref berm_reach_rows(berm_build *build, const berm_guardrail_def *guardrail);

#endif
