/* Patterns in policy files: checked where they are written, by the engine that will run them. */
#ifndef BERM_POLICY_REGEX_CHECK_H
#define BERM_POLICY_REGEX_CHECK_H

#include "policy/part.h"

/* Whether the string is a pattern that this version runs; B0404 or B0405 otherwise. */
bool berm_regex_check(berm_build *build, berm_part pattern);
/* Whether `text` matches; `pattern` passed berm_regex_check. */
bool berm_regex_matches(berm_build *build, berm_part pattern, berm_str text);

#endif
