/* What guardrails and derived kinds apply to: the rows that the index works on. */
#ifndef BERM_POLICY_MATCH_H
#define BERM_POLICY_MATCH_H

#include "policy/model.h"

/* Reports a target that nothing defines: B0509 at `at`. */
void berm_match_unknown_target(berm_build *build, berm_part at, berm_str name);
void berm_match_check(berm_build *build, const berm_match_def *match);

/* A MATCH row for each glob, and one for each built-in kind that a bare name means
   (`Deployment`: apps/Deployment). */
berm_run_ref berm_match_rows(berm_build *build, const berm_match_def *match);

/* A kind that linked() or resources() of a guardrail asks for: a JOIN row, one for each text. */
void berm_match_join(berm_build *build, const berm_match_def *asking, berm_str kind,
                     berm_place place);

/* Reports kinds that are derived from each other in a circle, too deep, or too many. */
void berm_kinds_check(berm_build *build);

#endif
