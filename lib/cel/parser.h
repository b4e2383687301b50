/* Text to syntax tree, and back. */
#ifndef BERM_CEL_PARSER_H
#define BERM_CEL_PARSER_H

#include "cel/macros.h"

#define BERM_CEL_CODE_POINTS_MAX 100000u

/* Parses `text` into `ast` (initialised, empty). Syntax errors go to diags (may be NULL), at most
   ten a text; E_POLICY then. E_NOMEM leaves what can only be freed. `options`, `origin`: NULL for
   the defaults. `text` stays borrowed by the AST, which needs it as long as it lives. */
berm_status berm_cel_parse(berm_ast *ast, berm_str text, const berm_cel_options *options,
                           const berm_cel_origin *origin, berm_diags *diags);

/* Canonical text: parses to the same tree. */
bool berm_cel_unparse(berm_text *out, const berm_ast *ast, berm_node node);

#endif
