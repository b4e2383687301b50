/* Making public values. */
#ifndef BERM_API_VALUES_H
#define BERM_API_VALUES_H

#include "data/store.h"

/* A value of an evaluation's space; {NULL, 0} without memory. */
berm_value berm_value_in_space(berm_space *space, berm_cell cell);

#endif
