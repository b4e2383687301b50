/* From the model to the rows and blocks of an image. What does not compile gets a diagnostic and
   BERM_NO_ROW; the image is only linked when there was none. */
#ifndef BERM_POLICY_ASSEMBLE_H
#define BERM_POLICY_ASSEMBLE_H

#include "policy/sight.h"

/* What an expression is there for, and so what it may give. */
typedef enum berm_purpose { BERM_FOR_VALUE, BERM_FOR_CONDITION, BERM_FOR_ELEMENTS } berm_purpose;

/* The block of an expression; BERM_NO_ROW when absent or faulty. */
uint32_t berm_assemble_expr(const berm_sight *sight, const berm_expr *expr, berm_purpose purpose);
/* The same; *type says what it gives, DYN where that is open. */
uint32_t berm_assemble_typed(const berm_sight *sight, const berm_expr *expr, berm_purpose purpose,
                             berm_type *type);
/* A map of names to expressions as one block; a field whose expression gives an optional is
   there when it has a value. */
uint32_t berm_assemble_fields(const berm_sight *sight, const berm_named_exprs *fields);
/* The block of a message template. */
uint32_t berm_assemble_message(const berm_sight *sight, const berm_expr *message);

/* Rows of MARK: what `values` of the target says. */
berm_run_ref berm_assemble_marks(berm_build *build, const berm_target_def *target);
/* Rows of MARK: how `references` says that references are written. */
berm_run_ref berm_assemble_references(berm_build *build, const berm_target_def *target);
void berm_assemble_target(berm_build *build, const berm_target_def *target);
void berm_assemble_kind(berm_build *build, const berm_kind_def *kind);
void berm_assemble_guardrail(berm_build *build, const berm_guardrail_def *guardrail);
/* A BERM_ROLE_EXPRESSION source: the one rule of a guardrail "@expression". */
void berm_assemble_expression(berm_build *build, const berm_policy_file *file);

#endif
