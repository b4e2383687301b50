/* What expressions are tried on: a few variables with random values. */
#ifndef BERM_MODEL_WORLD_H
#define BERM_MODEL_WORLD_H

#include "dice.h"
#include "evaluate.h"

#define WORLD_MAX 60 /* slots; make_world takes a few, the rest is for literals */

typedef struct world {
    binding at[WORLD_MAX];
    size_t count;
    const char *container;
} world;

world make_world(heap *h, dice *d);
/* Random values, of a kind (V_KINDS: any that a document can hold). */
const value *make_value(heap *h, dice *d, kind k, int depth);

/* The same world with some values unknown, at least one; and with values in place of each
   unknown: of the kind that it has in `like`, or (NULL) of five kinds in turn. */
world hide_values(heap *h, dice *d, const world *w);
world fill_unknowns(heap *h, dice *d, const world *w, const world *like, unsigned turn);

/* The number and double literals, strings, .. that are tried everywhere. */
const char *pick_string(dice *d);
int64_t pick_int(dice *d);
uint64_t pick_uint(dice *d);
double pick_double(dice *d);
const char *pick_time(dice *d);
const char *pick_duration(dice *d);

void put_world(berm_text *out, const world *w);

#endif
