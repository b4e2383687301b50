/* What names mean: local variables, bindings under the container, types; and what the writer may have meant. */
#ifndef BERM_CODE_SCOPE_H
#define BERM_CODE_SCOPE_H

#include "code/codegen.h"
#include "data/functions.h"

typedef struct berm_local {
    berm_str name;
    uint16_t reg;
} berm_local;

typedef struct berm_names {
    const berm_alloc *alloc;
    const berm_scope *scope;
    const berm_ast *ast;           /* of the chain */
    BERM_ARRAY(berm_local) locals; /* innermost last */
    BERM_ARRAY(berm_node) chain;   /* of the a.b.c looked at: a, a.b, a.b.c */
    bool failed;                   /* no memory */
} berm_names;

void berm_names_free(berm_names *names);
void berm_names_push(berm_names *names, berm_str name, uint16_t reg);

typedef enum berm_meaning {
    BERM_MEANS_NOTHING, /* `length` 1: the first name is not declared */
    BERM_MEANS_VALUE,   /* no name at its start: the chain stands on another expression; length 1 */
    BERM_MEANS_LOCAL,
    BERM_MEANS_BINDING,
    BERM_MEANS_TYPE
} berm_meaning;

typedef struct berm_named {
    berm_meaning meaning;
    uint32_t
        length; /* how many of the chain's nodes the name takes: the longest that means something */
    uint16_t reg;
    const berm_binding *binding;
    berm_type_id type;
} berm_named;

/* Fills names->chain with `node` and the plain selections below it, innermost first, and says what its names mean. */
berm_named berm_names_resolve(berm_names *names, const berm_ast *ast, berm_node node);
static inline const berm_ast_node *berm_names_at(const berm_names *names, uint32_t i)
{
    return berm_ast_at(names->ast, names->chain.items[i]);
}
/* The register of a local variable that `node` names. */
bool berm_names_local(const berm_names *names, const berm_ast_node *node, uint16_t *reg);

/* A function call: of a method, or of a function whose name may be qualified (math.greatest). */
typedef struct berm_callee {
    int function; /* or -1 */
    bool method;
    bool known; /* with -1: there is a function of that name, with other arguments */
} berm_callee;
berm_callee berm_names_callee(berm_names *names, const berm_ast *ast, const berm_ast_node *call);

/* The closest visible name, or empty. */
berm_str berm_names_suggest(const berm_names *names, berm_str wrong);
berm_str berm_names_suggest_function(berm_str wrong, bool method);

#endif
