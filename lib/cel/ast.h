/* The syntax tree of a CEL expression. Nodes are numbered; children are runs in `links`. Macros
   stay what they are (a LOOP, a BIND): lowering knows each one, and the unparser prints what was
   written. */
#ifndef BERM_CEL_AST_H
#define BERM_CEL_AST_H

#include "base/diag.h"
#include "data/value.h"

typedef uint32_t berm_node; /* index into berm_ast.nodes; 0 is no node */

typedef enum berm_ast_kind {
    BERM_AST_NONE,
    /* value: null, bool, int, uint, double; string and bytes have their text in `name` */
    BERM_AST_LITERAL,
    /* name; ABSOLUTE for .x */
    BERM_AST_IDENT,
    /* child 0 . name; OPTIONAL for .? ; TEST for has() */
    BERM_AST_SELECT,
    /* child 0 [ child 1 ]; OPTIONAL for [?] */
    BERM_AST_INDEX,
    /* name ( children ); RECEIVER: child 0 is the receiver; ABSOLUTE for .f(). Operators are
       calls, too: "-_" "!_" and those of operators.def */
    BERM_AST_CALL,
    /* children 0, 1 */
    BERM_AST_AND,
    BERM_AST_OR,
    /* children 0 ? 1 : 2 */
    BERM_AST_COND,
    /* children; an element that is [?e] has OPTIONAL on its link */
    BERM_AST_LIST,
    /* children: key, value, key, value; {?k: v} has OPTIONAL on the key's link */
    BERM_AST_MAP,
    /* name {field: value}; kept only to be refused with a clear diagnostic. Children as a map's,
       each field a string literal */
    BERM_AST_STRUCT,
    /* macro over child 0; variables var, var2 (empty: one variable); bodies are children 1.. ;
       name is the macro's, as written */
    BERM_AST_LOOP,
    /* cel.bind(var, child 0, child 1); optMap, optFlatMap: child 0 is the optional, 1 the body */
    BERM_AST_BIND
} berm_ast_kind;

typedef enum berm_macro {
    BERM_MACRO_NONE,
    BERM_MACRO_ALL,            /* range, predicate */
    BERM_MACRO_EXISTS,         /* range, predicate */
    BERM_MACRO_EXISTS_ONE,     /* range, predicate (also existsOne) */
    BERM_MACRO_MAP,            /* range, transform | range, filter, transform */
    BERM_MACRO_FILTER,         /* range, predicate */
    BERM_MACRO_TRANSFORM_LIST, /* two variables; range, transform | range, filter, transform */
    BERM_MACRO_TRANSFORM_MAP,
    BERM_MACRO_TRANSFORM_MAP_ENTRY,
    BERM_MACRO_SORT_BY, /* range, key */
    BERM_MACRO_BIND,    /* BERM_AST_BIND: cel.bind */
    BERM_MACRO_OPT_MAP,
    BERM_MACRO_OPT_FLAT_MAP,
    BERM_MACRO_BLOCK, /* cel.block([..], body): a CALL named cel.@block over elements, body */
    BERM_MACRO_COUNT
} berm_macro;

enum {
    BERM_AST_OPTIONAL = 1u << 0,
    BERM_AST_TEST = 1u << 1,
    BERM_AST_ABSOLUTE = 1u << 2,
    BERM_AST_RECEIVER = 1u << 3,
    /* an AND or OR that balances a && b && c && d: no parentheses were written around it */
    BERM_AST_CHAINED = 1u << 4
};

/* No path from the root passes more nodes, so passes over the tree may recurse. The parser refuses
   what is deeper: chains of + or . grow by one node a term, chains of && and || by one each time
   the number of terms doubles. */
#define BERM_CEL_TREE_DEPTH_MAX 1000u
#define BERM_CEL_DEPTH_MAX 250u /* brackets in each other, on which the parser recurses */

typedef struct berm_ast_node {
    uint8_t kind, flags, macro;
    uint16_t depth;    /* 1 for a leaf, else one more than the deepest child */
    uint32_t off, len; /* bytes of the expression's text */
    /* the bytes that say what it is: identifier, field, function, operator, literal */
    uint32_t name_off, name_len;
    uint32_t first, count; /* children: links[first .. first + count) */
    /* identifier, field, function or literal text; lives in the AST's arena or the source */
    berm_str name;
    berm_str var, var2; /* LOOP, BIND */
    berm_cell value;    /* LITERAL: the cell; strings and bytes have the tag only */
    uint32_t type;      /* filled by the checker; 0 is dyn */
} berm_ast_node;

typedef struct berm_ast_link {
    berm_node node;
    uint8_t flags; /* BERM_AST_OPTIONAL */
} berm_ast_link;

typedef struct berm_ast {
    berm_arena arena;
    BERM_ARRAY(berm_ast_node) nodes; /* [0] is NONE */
    BERM_ARRAY(berm_ast_link) links;
    berm_str text; /* borrowed */
    berm_node root;
} berm_ast;

void berm_ast_init(berm_ast *ast, const berm_alloc *alloc);
void berm_ast_free(berm_ast *ast);

static inline const berm_ast_node *berm_ast_at(const berm_ast *ast, berm_node n)
{
    return &ast->nodes.items[n];
}
static inline berm_node berm_ast_child(const berm_ast *ast, berm_node n, uint32_t i)
{
    return ast->links.items[ast->nodes.items[n].first + i].node;
}

/* Adds a copy of `node` with its own copy of the children, depth computed. 0 when memory ends. */
berm_node berm_ast_add(berm_ast *ast, const berm_ast_node *node, const berm_ast_link *children,
                       uint32_t count);
/* Two subtrees with the same meaning and shape (spans apart). */
bool berm_ast_equal(const berm_ast *a, berm_node x, const berm_ast *b, berm_node y);

#endif
