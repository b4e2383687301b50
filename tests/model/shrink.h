/* From an expression that differs to a small one that still does. */
#ifndef BERM_MODEL_SHRINK_H
#define BERM_MODEL_SHRINK_H

#include "trial.h"

/* Parses; false (and nothing to free) when it cannot. */
bool parse_phrase(berm_ast *ast, berm_str text);

/* Makes `text` (an expression for which `tried` differs as `like` says) and the world as small
   as they get. */
void shrink(heap *h, trial *tried, dice d, const finding *like, berm_text *text, world *w);

#endif
