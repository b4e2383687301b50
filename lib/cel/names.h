/* What names mean: local variables, declared names under the container, types, functions that have
   a qualified name; and what the writer may have meant. The checker and lowering resolve names by
   these functions, so that what was checked is what runs. */
#ifndef BERM_CEL_NAMES_H
#define BERM_CEL_NAMES_H

#include "base/nearest.h"
#include "cel/ast.h"

/* A variable of a macro. `value` is what the pass over the tree keeps of it: a register, a type. */
typedef struct berm_local {
    berm_str name;
    uint32_t value;
} berm_local;

/* The names in an array of rows that begin with their name; later rows hide earlier ones. */
typedef struct berm_name_list {
    const berm_str *first;
    size_t stride;
    uint32_t count;
} berm_name_list;

static inline berm_str berm_name_at(const berm_name_list *list, uint32_t i)
{
    const void *row = (const char *)list->first + i * list->stride;
    return *(const berm_str *)row;
}

typedef struct berm_names {
    const berm_alloc *alloc;
    berm_name_list declared; /* may be dotted ("x.y"): the longest name wins */
    berm_str container;
    const berm_ast *ast;           /* of the chain */
    BERM_ARRAY(berm_local) locals; /* innermost last */
    BERM_ARRAY(berm_node) chain;   /* of the a.b.c looked at: a, a.b, a.b.c */
    bool failed;                   /* no memory */
} berm_names;

void berm_names_free(berm_names *names);
void berm_names_push(berm_names *names, berm_str name, uint32_t value);

typedef enum berm_meaning {
    BERM_MEANS_NOTHING, /* `length` 1: the first name is not declared */
    BERM_MEANS_VALUE,   /* no name at its start: the chain stands on another expression; length 1 */
    BERM_MEANS_LOCAL,
    BERM_MEANS_DECLARED,
    BERM_MEANS_TYPE,
    BERM_MEANS_AUTHORIZER /* Kubernetes' */
} berm_meaning;

typedef struct berm_named {
    berm_meaning meaning;
    uint32_t length; /* how many of the chain's nodes the name takes: the longest that means
                        something */
    uint32_t value;  /* LOCAL: what was pushed. DECLARED: the row. TYPE: the berm_type_id */
} berm_named;

/* Fills names->chain with `node` and the plain selections below it, innermost first. */
bool berm_names_collect(berm_names *names, const berm_ast *ast, berm_node node);
/* Does so, and says what its names mean. */
berm_named berm_names_resolve(berm_names *names, const berm_ast *ast, berm_node node);
static inline const berm_ast_node *berm_names_at(const berm_names *names, uint32_t i)
{
    return berm_ast_at(names->ast, names->chain.items[i]);
}
/* The value of a local variable that `node` names. */
bool berm_names_local(const berm_names *names, const berm_ast_node *node, uint32_t *value);

/* How a pass finds its functions. */
typedef struct berm_function_finder {
    const void *ctx;
    /* The number of the function for a call with so many arguments (a method's receiver is one),
       or -1; *known is set when there is a function of that name, whatever it takes. */
    int (*find)(const void *ctx, berm_str name, bool method, uint32_t argc, bool *known);
} berm_function_finder;

/* A function call: of a method, or of a function whose name may be qualified (math.greatest). The
   function is meant even where there is a variable called math. */
typedef struct berm_callee {
    int function; /* or -1 */
    bool method;
    bool known;   /* with -1: there is a function of that name, with other arguments */
    bool unnamed; /* the receiver is a name that means nothing; names->chain is that name */
} berm_callee;
berm_callee berm_names_callee(berm_names *names, const berm_ast *ast, const berm_ast_node *call,
                              const berm_function_finder *finder);
/* Children of the call before its arguments: 1 where the receiver is a part of the name. */
static inline uint32_t berm_callee_skipped(const berm_ast_node *call, const berm_callee *callee)
{
    return (call->flags & BERM_AST_RECEIVER) && !callee->method;
}

/* --- what is said of names that mean nothing --- */

/* Of the chain that was resolved last. The node whose place is faulty. */
const berm_ast_node *berm_names_print_unknown(berm_text *out, const berm_names *names,
                                              const berm_named *named);
/* a.b.c */
void berm_names_print_chain(berm_text *out, const berm_names *names);
/* "; write size()" for what people coming from elsewhere call `len`; nothing for most names. */
bool berm_names_print_habit(berm_text *out, berm_str name);
/* Of a function; `nearest` was offered what there is. */
void berm_names_print_no_function(berm_text *out, const berm_ast_node *call,
                                  const berm_callee *callee, const berm_nearest *nearest);

#endif
