/* Binding parameters: every one gets its value before anything is compiled. */
#ifndef BERM_POLICY_BIND_PARAMS_H
#define BERM_POLICY_BIND_PARAMS_H

#include "policy/model.h"

/* Shared parameters first, then those of each guardrail. */
void berm_params_bind(berm_build *build);

/* Reads a value of a parameter; false after a diagnostic, or when the parameter itself is
   faulty. */
bool berm_param_bind(berm_build *build, const berm_parameter_def *parameter, berm_str name,
                     berm_part part, berm_cell *value);

/* The values of one compilation: all of them as a map, and each, parallel to the guardrail's
   parameters. */
typedef struct berm_param_values {
    berm_cell map;
    const berm_cell *values;
} berm_param_values;

berm_param_values berm_params_of_guardrail(berm_build *build, const berm_guardrail_def *guardrail);
/* With what a test's `params` says instead. Faults are reported. */
berm_param_values berm_params_of_test(berm_build *build, const berm_guardrail_def *guardrail,
                                      berm_part params);

#endif
