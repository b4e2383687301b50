/* What evaluate.c and macros.c share. */
#ifndef BERM_MODEL_STEPS_H
#define BERM_MODEL_STEPS_H

#include "evaluate.h"

/* A variable of a macro, and those around it. */
typedef struct variable variable;
struct variable {
    berm_str name;
    const value *value;
    const variable *outer;
};

typedef struct evaluation {
    heap *h;
    const program *p;
    const variable *variables;
} evaluation;

const value *evaluate_node(evaluation *e, berm_node n);
const value *evaluate_loop(evaluation *e, berm_node n);
const value *evaluate_bind(evaluation *e, berm_node n);

/* a && b, a || b over any values */
const value *both(heap *h, const value *a, const value *b);
const value *either(heap *h, const value *a, const value *b);
/* What a strict function of these is without being called: an unknown, else the first error,
   else NULL. */
const value *first_unsettled(const value *const *args, size_t count);

#endif
