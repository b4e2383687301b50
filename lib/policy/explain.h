/* Explanations of verdicts, for people. */
#ifndef BERM_POLICY_EXPLAIN_H
#define BERM_POLICY_EXPLAIN_H

#include "policy/runner.h"

/* Does the run want this guardrail explained for this resource? */
bool berm_explain_wanted(const berm_runner *runner, const berm_resource *r, uint32_t guardrail);
/* To runner->explanation: the evaluation that the runner holds; those of the match conditions. */
void berm_explain_evaluation(berm_runner *runner);
berm_status berm_explain_conditions(berm_runner *runner, const berm_img_guardrail *guardrail);
/* A finding that says why the guardrail does not look at the resource: its action, where target
   and kind match (`matched`). */
berm_status berm_explain_skip(berm_runner *runner, const berm_resource *r, uint32_t guardrail,
                              bool matched);

#endif
