/* Words of the language and their numbers, from words.def. */
#ifndef BERM_POLICY_WORDS_H
#define BERM_POLICY_WORDS_H

#include "base/text.h"

/* The word of a number ("" when out of range), and the number of a word (-1 when there is none). */
const char *berm_severity_word(uint32_t severity);
const char *berm_enforcement_word(uint32_t enforcement);
const char *berm_verdict_word(uint32_t verdict);
const char *berm_action_word(uint32_t action);
int berm_severity_number(berm_str word);
int berm_enforcement_number(berm_str word);
int berm_verdict_number(berm_str word);
int berm_action_number(berm_str word);

#endif
