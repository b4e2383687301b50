/* Explanations of verdicts, for people. */
#ifndef BERM_POLICY_EXPLAIN_H
#define BERM_POLICY_EXPLAIN_H

#include "policy/runner.h"

/* Does the run want this guardrail explained for this resource? */
bool berm_explain_wanted(const berm_runner *runner, const berm_resource *r, uint32_t guardrail);
/* To runner->explanation: the evaluation that the runner holds; those of the match conditions. */
void berm_explain_evaluation(berm_runner *runner);
berm_status berm_explain_conditions(berm_runner *runner, const berm_img_guardrail *guardrail);
/* What a guardrail that does not look at a resource did not find: its target or kind; its action;
   in a request what a policy of a dialect applies to. */
typedef enum berm_unseen { BERM_UNSEEN_KIND, BERM_UNSEEN_ACTION, BERM_UNSEEN_REQUEST } berm_unseen;
/* A finding that says so. */
berm_status berm_explain_skip(berm_runner *runner, const berm_resource *r, uint32_t guardrail,
                              berm_unseen why);

#endif
