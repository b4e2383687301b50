/* The scopes of lowering as names of cel/names.h. */
#ifndef BERM_CODE_SCOPE_H
#define BERM_CODE_SCOPE_H

#include "cel/names.h"
#include "code/codegen.h"

/* The locals' values are registers, the declared names' rows are the scope's bindings. */
berm_names berm_scope_names(const berm_scope *scope, const berm_alloc *alloc);

/* callee.function is a berm_function_id, or BERM_FN_COUNT and the number of a host function. */
berm_callee berm_scope_callee(const berm_scope *scope, berm_names *names, const berm_ast *ast,
                              const berm_ast_node *call);
/* For "did you mean": every function of that style. */
void berm_scope_offer_functions(const berm_scope *scope, berm_nearest *nearest, bool method);

#endif
