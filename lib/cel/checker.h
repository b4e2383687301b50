/* What the files of the checker share. A berm_checker looks at one expression, from the leaves to
   the root; the types of nodes may hold variables until the end. */
#ifndef BERM_CEL_CHECKER_H
#define BERM_CEL_CHECKER_H

#include "cel/declare.h"
#include "cel/fault.h"
#include "cel/names.h"

typedef struct berm_checker {
    berm_ast *ast;
    const berm_check_env *env;
    berm_declarations *declarations;
    berm_types *types;
    berm_names names; /* the locals' values are berm_types */
    berm_cel_faults faults;
} berm_checker;

/* --- check.c --- */

/* The type of a node, checked and noted. */
berm_type berm_check_node(berm_checker *c, berm_node n);
static inline berm_type berm_check_child(berm_checker *c, const berm_ast_node *node, uint32_t i)
{
    return berm_check_node(c, c->ast->links.items[node->first + i].node);
}

/* Reports, unless the checker gave up. The types in a message are written with a berm_text. */
void berm_check_fault(berm_checker *c, berm_diag_id id, uint32_t off, uint32_t len,
                      berm_text *message);
/* Of a message that is not needed after all. */
void berm_check_drop(berm_checker *c, berm_text *message);
/* "expected int as .., found string" at the node when `type` does not fit `wanted`. */
bool berm_check_expect(berm_checker *c, berm_node at, berm_type type, berm_type wanted,
                       const char *as);
/* The same with "a list" and the like for what is expected. */
void berm_check_unexpected(berm_checker *c, berm_node at, const char *wanted, const char *as,
                           berm_type type);

/* What is in an optional; *optional says whether it is one. Others are themselves. */
berm_type berm_check_unwrap(const berm_checker *c, berm_type type, bool *optional);

/* --- check_call.c --- */

berm_type berm_check_call(berm_checker *c, const berm_ast_node *node);
berm_type berm_check_index(berm_checker *c, const berm_ast_node *node);
/* Can values of that type be ordered? */
bool berm_check_ordered(berm_checker *c, berm_type type);

/* --- check_macro.c --- */

berm_type berm_check_loop(berm_checker *c, const berm_ast_node *node);
berm_type berm_check_bind(berm_checker *c, const berm_ast_node *node);
berm_type berm_check_block(berm_checker *c, const berm_ast_node *node);

#endif
