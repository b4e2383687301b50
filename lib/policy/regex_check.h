/* Patterns in policy files: checked where they are written, by the engine that will run them. */
#ifndef BERM_POLICY_REGEX_CHECK_H
#define BERM_POLICY_REGEX_CHECK_H

#include "policy/part.h"

/* Whether this version runs the pattern; B0404 or B0405 at `place` otherwise. */
bool berm_pattern_check(berm_build *build, berm_str pattern, berm_place place);
/* Whether `text` matches; `pattern` passed berm_pattern_check. */
bool berm_pattern_matches(berm_build *build, berm_str pattern, berm_str text);

#endif
