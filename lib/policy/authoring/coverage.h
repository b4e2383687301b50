/* What the inline tests reach of their guardrails: for each condition whether it was ever true and
   ever false, for each branch of ?: whether it was ever taken. Conditions are whole validations and
   match conditions, the operands of && || ! and ?:, and what loops ask of their elements; those
   that look at parameters alone are not for tests to vary. Read from the evaluations that
   explanations are made of (policy/evaluation.h). */
#ifndef BERM_POLICY_AUTHORING_COVERAGE_H
#define BERM_POLICY_AUTHORING_COVERAGE_H

#include "policy/runner.h"

typedef struct berm_coverage berm_coverage;

/* Everything that the tests could reach; NULL: no memory. Guardrails of other dialects have no
   tests of this sort and are left out. */
berm_coverage *berm_coverage_new(const berm_alloc *alloc, const berm_image *image);
void berm_coverage_free(berm_coverage *coverage);
/* Counts an evaluation: what berm_evaluation.watch calls, with the coverage as its context. */
void berm_coverage_watch(void *coverage, const berm_evaluation *evaluation);
/* Tells each point, guardrail by guardrail; BERM_E_INTERRUPTED when on_point says so. */
berm_status berm_coverage_tell(const berm_coverage *coverage,
                               int (*on_point)(void *ctx, const berm_coverage_point *point),
                               void *ctx);

#endif
