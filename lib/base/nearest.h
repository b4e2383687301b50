/* "did you mean": the known word that is nearest to one that is not known. */
#ifndef BERM_BASE_NEAREST_H
#define BERM_BASE_NEAREST_H

#include "base/text.h"

/* Start with {.wanted = word}, offer every known word, then look at best: empty when none is near
   enough. Of words equally near the first offered wins. */
typedef struct berm_nearest {
    berm_str wanted, best;
    uint32_t distance; /* of best */
} berm_nearest;

void berm_nearest_offer(berm_nearest *nearest, berm_str known);

/* "; did you mean `best`?", or nothing. */
void berm_nearest_print(berm_text *out, const berm_nearest *nearest);

#endif
