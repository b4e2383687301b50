/* Limits: what a berm_limits with zero fields means. */
#ifndef BERM_DATA_LIMITS_H
#define BERM_DATA_LIMITS_H

#include <berm/berm.h>

/* `wanted` (nullable) with every zero field, and every field that wanted->size says it does not
   have, replaced by its default. */
berm_limits berm_limits_resolve(const berm_limits *wanted);

#endif
