/* Defaults of a schema, as the API server fills them in before anybody sees an object. */
#ifndef BERM_POLICY_DIALECTS_DEFAULTS_H
#define BERM_POLICY_DIALECTS_DEFAULTS_H

#include "policy/model.h"

/* `value` with what the schema has defaults for, in the build's space. Where there is no value, the
   default of the schema itself; MISSING without one. */
berm_cell berm_defaults_fill(berm_build *build, berm_part schema, berm_part value);
/* `map` (or an empty one) with one member set. */
berm_cell berm_defaults_set(berm_build *build, berm_part map, const char *key, berm_cell value);

#endif
