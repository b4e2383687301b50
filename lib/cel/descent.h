/* What the files of the parser share: recursive descent over CEL's grammar, one function a rule.
   Recursion follows brackets alone: chains of operators, members and conditionals are loops.

   A function whose expression is malformed reports it and returns 0; nothing is built over a 0.
   The search for more errors goes on behind the next && || ? : , or closing bracket of the same
   nesting (berm_cel_skip_term), where the text may be trusted again. When it may not,
   faults.stopped ends the reading. */
#ifndef BERM_CEL_DESCENT_H
#define BERM_CEL_DESCENT_H

#include "cel/lexer.h"
#include "cel/macros.h"

/* An operand of && || ?: with the sign before it. */
typedef struct berm_cel_term {
    berm_node node;
    uint32_t off, end;
    berm_token sign;
} berm_cel_term;

typedef struct berm_cel_parser {
    berm_ast *ast;
    const berm_alloc *alloc;
    const berm_cel_options *options;
    berm_lexer lexer;
    berm_cel_faults faults;
    berm_token token;                /* the next one */
    uint32_t end;                    /* where the one taken last ended */
    uint32_t depth;                  /* brackets open */
    uint32_t colons;                 /* the : that this bracket still waits for */
    const char *after;               /* what may stand behind an operand here */
    BERM_ARRAY(berm_ast_link) links; /* children being collected, a stack */
    BERM_ARRAY(berm_cel_term) terms; /* operands being collected, a stack */
} berm_cel_parser;

/* --- descent.c: tokens, errors, nodes --- */

berm_token berm_cel_take(berm_cel_parser *p);
static inline bool berm_cel_at(const berm_cel_parser *p, berm_token_kind kind)
{
    return p->token.kind == kind;
}
static inline bool berm_cel_take_if(berm_cel_parser *p, berm_token_kind kind)
{
    return berm_cel_at(p, kind) ? (berm_cel_take(p), true) : false;
}
bool berm_cel_at_closer(const berm_cel_parser *p); /* a closing bracket, or the end */
berm_str berm_cel_token_text(const berm_cel_parser *p, berm_token token);

/* "expected .., found (the token at hand)" and a hint, which begins with "; " or is empty. */
void berm_cel_expected(berm_cel_parser *p, berm_diag_id id, const char *expected, const char *hint);
/* To where the next term may begin, or what holds the terms goes on. */
void berm_cel_skip_term(berm_cel_parser *p);

/* A node that begins at `off` and is called what `name` says. */
berm_ast_node berm_cel_node(berm_ast_kind kind, uint32_t off, berm_token name);
/* Adds `node` over children; it ends where the last token did, unless its length is set. 0 where a
   child is, when the tree gets too deep, and when memory ends. */
berm_node berm_cel_add(berm_cel_parser *p, berm_ast_node *node, const berm_ast_link *children,
                       uint32_t count);
berm_node berm_cel_check_depth(berm_cel_parser *p, berm_node node);
/* Reports that there are more than `most` and ends the reading. */
bool berm_cel_refuse_depth(berm_cel_parser *p, berm_token at, uint32_t most, const char *what);

/* --- operand.c --- */

/* A literal, name, call or bracket with the .fields, [indexes] and .calls() behind it. `minus`:
   the sign of the number that comes next; else NULL. */
berm_node berm_cel_member(berm_cel_parser *p, const berm_token *minus);

/* --- parser.c --- */

berm_node berm_cel_expression(berm_cel_parser *p);

#endif
