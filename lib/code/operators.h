/* Operators, which the tree has as calls, and the instructions that are them. */
#ifndef BERM_CODE_OPERATORS_H
#define BERM_CODE_OPERATORS_H

#include "cel/ast.h"
#include "code/image.h"

/* The instruction of an operator's call; NOP when the call is of a function. */
berm_op berm_operator_of(const berm_ast_node *call);

#endif
