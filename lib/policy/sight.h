/* What an expression sees: the names it may use and what they stand for. */
#ifndef BERM_POLICY_SIGHT_H
#define BERM_POLICY_SIGHT_H

#include "policy/model.h"

/* The places where expressions stand; each sees some of slots.def. */
typedef enum berm_view {
    BERM_VIEW_GUARDRAIL,
    BERM_VIEW_KIND,      /* `each` of a kind */
    BERM_VIEW_KIND_ITEM, /* its name and object */
    BERM_VIEW_DETECT,
    BERM_VIEW_DOCUMENT, /* `complete` of a target */
    BERM_VIEW_LISTING,
    BERM_VIEW_ADMISSION, /* of other dialects; the rest is bound by dialects/prelude.h */
    BERM_VIEW_TAGS,      /* of a listing: also the object, with what is unknown in it */
    BERM_VIEW_EXPRESSION /* an expression by itself */
} berm_view;

typedef struct berm_sight {
    berm_build *build;
    const berm_guardrail_def *guardrail; /* NULL: no params, no variables */
    uint32_t variable_count;             /* of those, how many are seen: the ones above */
    BERM_ARRAY(berm_binding) bindings;
    BERM_ARRAY(berm_declared) declared; /* the bindings' types, behind that of `variables` */
} berm_sight;

/* The functions that expressions may use, into build->declarations. */
void berm_sight_declare(berm_build *build);
void berm_sight_init(berm_sight *sight, berm_build *build, berm_view view);
void berm_sight_free(berm_sight *sight);
/* `params`, and `params.x` for each of the guardrail's parameters; `map` is all of them, values
   are parallel to them. */
void berm_sight_add_params(berm_sight *sight, berm_cell map, const berm_cell *values);
/* `variables.x`, run at most once: the next of the guardrail's variables. */
void berm_sight_add_variable(berm_sight *sight, uint32_t block, berm_type type);
/* Does a macro's or cel.bind()'s own variable have this name? */
bool berm_sight_shadows(const berm_ast *ast, const char *name);
/* Reports what the guardrail has not: a `what` called as `node` says. Always false. */
bool berm_sight_fault_unseen(const berm_sight *sight, const berm_ast_node *node,
                             const berm_cel_origin *origin, const char *what,
                             const berm_nearest *nearest);
/* Reports a variable (`node` selects it) that is not there, or not yet. */
bool berm_sight_check_variable(const berm_sight *sight, const berm_ast_node *node,
                               const berm_cel_origin *origin);
/* Any other name. */
void berm_sight_add(berm_sight *sight, berm_binding binding, berm_type type);
/* `item` and `key`, under an `each` of that type; and no more. */
void berm_sight_add_element(berm_sight *sight, berm_type elements);
void berm_sight_drop_element(berm_sight *sight);

berm_scope berm_sight_scope(const berm_sight *sight);

#endif
