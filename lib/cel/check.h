/* The type checker: gradual, dyn fits everything. It finds what cannot work whatever the input is,
   and says the types of the rest. */
#ifndef BERM_CEL_CHECK_H
#define BERM_CEL_CHECK_H

#include "cel/declare.h"
#include "cel/parser.h"

/* Fills the type of every node (the middle of a dotted name has none: dyn) and *type, that of the
   whole. E_POLICY with diagnostics, at most ten a text: names, functions, arguments and types that
   do not fit; what is built on a faulty part is dyn and not reported. E_NOMEM.
   `origin`, `diags`, `type`: may be NULL. */
berm_status berm_cel_check(berm_ast *ast, const berm_check_env *env, const berm_cel_origin *origin,
                           berm_diags *diags, berm_type *type);

#endif
