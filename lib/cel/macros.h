/* Calls that are macros, and the nodes they become. */
#ifndef BERM_CEL_MACROS_H
#define BERM_CEL_MACROS_H

#include "cel/ast.h"
#include "cel/fault.h"

/* Which macros there are. */
typedef struct berm_cel_options {
    bool no_macros;   /* macros are plain calls */
    bool test_macros; /* cel.block, cel.index, cel.iterVar, cel.accuVar */
} berm_cel_options;

typedef enum berm_macro_on {
    BERM_MACRO_ON_NOTHING,
    BERM_MACRO_ON_RANGE,
    BERM_MACRO_ON_CEL
} berm_macro_on;

typedef enum berm_macro_form {
    BERM_MACRO_FORM_HAS,
    BERM_MACRO_FORM_LOOP,
    BERM_MACRO_FORM_BIND,
    BERM_MACRO_FORM_BLOCK,
    BERM_MACRO_FORM_INDEX,
    BERM_MACRO_FORM_ITER_VAR,
    BERM_MACRO_FORM_ACCU_VAR
} berm_macro_form;

typedef struct berm_macro_info {
    const char *name;
    berm_macro_on on;
    uint32_t arguments, variables;
    berm_macro_form form;
    berm_macro macro;
} berm_macro_info;

/* The macro that `call` is, a CALL node that stands on `receiver` (0: none) with `count`
   arguments; NULL: none. */
const berm_macro_info *berm_cel_macro(const berm_ast *ast, const berm_cel_options *options,
                                      const berm_ast_node *call, berm_node receiver,
                                      uint32_t count);

/* "2 or 3": how many arguments the macro of that name takes; with a receiver or without. False when
   there is none. Those of the tests are none. */
bool berm_cel_print_macro_arguments(berm_text *out, berm_str name, bool receiver);

/* The node the call becomes. 0 when it does not fit the macro (reported) or memory ends. */
berm_node berm_cel_expand(berm_ast *ast, berm_cel_faults *faults, const berm_macro_info *info,
                          const berm_ast_node *call, berm_node receiver, const berm_ast_link *args);

/* The variables that cel.index and its like stand for: "@index3", "@it:0:1", "@ac:0:1". Prints the
   call; false when `name` is none of them. */
bool berm_cel_print_test_variable(berm_text *out, berm_str name);

#endif
