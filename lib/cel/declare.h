/* What functions and operators take and give: the declarations that expressions are checked
   against. Those of data/functions.def and operator_types.def are read once into a table that many
   checks share; a host's own functions are added to it. And the variables of one expression. */
#ifndef BERM_CEL_DECLARE_H
#define BERM_CEL_DECLARE_H

#include "cel/types.h"

#define BERM_DECLARE_ARGUMENTS_MAX 32u

typedef struct berm_overload {
    uint32_t first; /* of its parameters, in declarations->parameters; the receiver is one */
    uint32_t next;  /* overload of the same function; BERM_NO_OVERLOAD behind the last */
    uint8_t count;
    bool variadic; /* what the last parameter says goes for any number of arguments more */
    berm_type result;
} berm_overload;

#define BERM_NO_OVERLOAD UINT32_MAX

typedef struct berm_declared_function {
    berm_str name; /* may be qualified: math.greatest */
    bool method;
    uint32_t first, last; /* overload */
} berm_declared_function;

typedef struct berm_declarations {
    berm_types types; /* of the declarations, and of all that is checked against them */
    BERM_ARRAY(berm_type) parameters;
    BERM_ARRAY(berm_overload) overloads;
    BERM_ARRAY(berm_declared_function) functions; /* operators first */
    uint32_t operator_count;
} berm_declarations;

/* The functions of CEL and Berm. E_NOMEM, and E_INTERNAL when a declaration of the tables is
   malformed; free it in any case. */
berm_status berm_declarations_init(berm_declarations *declarations, const berm_alloc *alloc);
void berm_declarations_free(berm_declarations *declarations);

/* Adds an overload written as in functions.def: "f(string, list(A)) -> map(string, A)", or
   "string.f(int, int, ...) -> bool" for a method. Single capital letters are type parameters.
   E_ARGUMENT: not of that form, a type that is not known. */
berm_status berm_declare(berm_declarations *declarations, berm_str name, bool method,
                         berm_str declaration);
/* What a declaration is of: "string.f(int) -> bool" of the method f, "a.f(int) -> bool" of the
   function a.f, where no type is called a. E_ARGUMENT: it does not begin like one. */
berm_status berm_declaration_name(berm_declarations *declarations, berm_str declaration,
                                  berm_str *name, bool *method);
/* The same with types made already; of a method the first one is the receiver. */
berm_status berm_declare_overload(berm_declarations *declarations, berm_str name, bool method,
                                  const berm_type *parameters, uint32_t count, berm_type result);
/* "map(string, list(int))" as a type; BERM_TYPE_FREE when it is malformed. */
berm_type berm_declare_type(berm_declarations *declarations, berm_str text);

/* --- what an expression sees --- */

typedef struct berm_declared {
    berm_str name; /* may be dotted */
    berm_type type;
} berm_declared;

/* The same names as the berm_scope for lowering. */
typedef struct berm_check_env {
    berm_declarations *declarations; /* functions; and where all types live */
    const berm_declared *variables;  /* of two with one name the later counts */
    uint32_t count;
    berm_str container;
} berm_check_env;

/* --- looking up --- */

/* NULL: there is none of that name and style. */
const berm_declared_function *berm_declarations_find(const berm_declarations *declarations,
                                                     berm_str name, bool method);
const berm_declared_function *berm_declarations_operator(const berm_declarations *declarations,
                                                         berm_str name);

static inline bool berm_overload_takes(const berm_overload *overload, uint32_t count)
{
    return overload->variadic ? count >= overload->count : count == overload->count;
}
/* Does any overload take that many arguments? */
bool berm_function_takes(const berm_declarations *declarations,
                         const berm_declared_function *function, uint32_t count);
/* What the i-th argument of a call should be. */
berm_type berm_overload_parameter(const berm_declarations *declarations,
                                  const berm_overload *overload, uint32_t i);

#endif
