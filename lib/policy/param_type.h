/* The types of parameters, written in the shape of their values, and the values that fit them. */
#ifndef BERM_POLICY_PARAM_TYPE_H
#define BERM_POLICY_PARAM_TYPE_H

#include "policy/part.h"

/* Scalars first, in the order of the words that name them. */
typedef enum berm_param_sort {
    BERM_PARAM_STRING,
    BERM_PARAM_INT,
    BERM_PARAM_DOUBLE,
    BERM_PARAM_BOOL,
    BERM_PARAM_TIMESTAMP,
    BERM_PARAM_DURATION,
    BERM_PARAM_REGEX,
    BERM_PARAM_LIST,  /* [T] */
    BERM_PARAM_MAP,   /* {"*": T} */
    BERM_PARAM_RECORD /* {name: T} */
} berm_param_sort;

typedef struct berm_param_field {
    berm_str name;
    const struct berm_param_type *type;
} berm_param_field;

typedef struct berm_param_type {
    berm_param_sort sort;
    const struct berm_param_type *item; /* LIST, MAP */
    BERM_LIST(berm_param_field) fields; /* RECORD */
} berm_param_type;

/* Types nested deeper are refused, so recursion over them is bounded. */
#define BERM_PARAM_DEPTH_MAX 16u
/* Fields of one record, values of one enum: they are searched in order. */
#define BERM_PARAM_WORDS_MAX 1000u

/* `enum`, `minimum`, `pattern`: they hold for the scalar itself, and for every element of a list
   or {"*": T} of it. */
typedef struct berm_param_rules {
    berm_part enumeration, pattern;
    BERM_LIST(berm_cell) allowed; /* none: anything */
    berm_cell minimum;            /* MISSING: none */
} berm_param_rules;

/* What is written behind `type:`; NULL after a diagnostic. */
const berm_param_type *berm_param_type_read(berm_build *build, berm_part part);

/* The restrictions of a parameter `map` of a type; faults are reported. */
berm_param_rules berm_param_rules_read(berm_build *build, berm_part map,
                                       const berm_param_type *type);

/* The value of `part` as expressions see it, in the build's space; false after B0510 (every
   fault of the value). `name` is the parameter's, for messages. */
bool berm_param_value_read(berm_build *build, berm_str name, berm_part part,
                           const berm_param_type *type, const berm_param_rules *rules,
                           berm_cell *out);

/* A map of names to values in the build's space; names and values are parallel. MISSING: no
   memory (sticky). */
berm_cell berm_param_map(berm_build *build, const berm_str *names, const berm_cell *values,
                         uint32_t count);

#endif
