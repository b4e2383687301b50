/* Resource paths of targets: names joined by dots, [*] for list elements, .* for map values, [] for
   either, {a,b} for one of several names, (..)* for steps that repeat. */
#ifndef BERM_POLICY_PATH_H
#define BERM_POLICY_PATH_H

#include "policy/expr.h"

typedef struct berm_path_step {
    uint32_t kind; /* BERM_STEP_x */
    berm_str name; /* FIELD, EITHER */
    uint32_t
        jump; /* GROUP, GROUP_END: place of the other one; EITHER: of the step behind the last */
} berm_path_step;

typedef struct berm_path {
    berm_path_step steps[BERM_IMAGE_PATH_MAX];
    uint32_t count;
} berm_path;

/* False after B0515. */
bool berm_path_read(berm_build *build, const berm_expr *text, berm_path *out);

#endif
