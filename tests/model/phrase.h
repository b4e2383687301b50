/* Random expressions: typed, so that most of them mean something, over the variables of a world. */
#ifndef BERM_MODEL_PHRASE_H
#define BERM_MODEL_PHRASE_H

#include "world.h"

/* One expression as text; about `size` nodes. */
void put_phrase(berm_text *out, heap *h, dice *d, const world *over, int size);

#endif
