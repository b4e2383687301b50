/* One evaluation of an expression as a tree: what each of its parts gave, in each iteration of a
   loop, and which parts were not needed. It is read from a trace (vm/trace.h) along the syntax tree
   of the text that the image keeps; spans lead from one to the other.

     object.replicas > 3 && has(object.x)      seen  && : false
                                                     +- > : false
                                                        +- object.replicas : 2
   Values are in the space, until it is released. */
#ifndef BERM_POLICY_EVALUATION_H
#define BERM_POLICY_EVALUATION_H

#include "cel/parser.h"
#include "vm/trace.h"

#define BERM_NO_BRANCH UINT32_MAX

/* A part that was evaluated, or (`iteration`) a turn of the loop that is its parent, with the
   values of the loop's variables. Rows of evaluation.seen. */
typedef struct berm_branch {
    uint32_t ast; /* row of evaluation.asts */
    berm_node node;
    uint32_t parent, child, last_child, next; /* BERM_NO_BRANCH: none */
    uint32_t first, end;                      /* its events */
    bool iteration;
    berm_cell value, other;
} berm_branch;

typedef struct berm_branch_ast {
    uint32_t root; /* row of ROOT */
    bool parsed;
    berm_ast ast;
} berm_branch_ast;

typedef struct berm_evaluation {
    struct berm_trace trace;
    BERM_ARRAY(berm_branch_ast) asts; /* kept from one evaluation to the next */
    BERM_ARRAY(berm_branch) seen;     /* [0] is the whole expression, if there is anything */
    const berm_image *image;
    const berm_alloc *alloc;
    uint32_t at;   /* the event to be read next */
    uint32_t near; /* row of EXPR that was found last */
    bool failed;   /* memory ended */
    /* Told of every evaluation, while its tree is there; may be NULL. */
    void (*watch)(void *ctx, const struct berm_evaluation *evaluation);
    void *watch_ctx;
} berm_evaluation;

void berm_evaluation_free(berm_evaluation *evaluation, const berm_alloc *alloc);
/* Runs `block` with a fresh scope and keeps what it did; whole: with the iterations that decided
   nothing. The status of the run, or E_NOMEM. */
berm_status berm_evaluation_run(berm_evaluation *evaluation, berm_vm *vm, uint32_t block,
                                bool whole);

static inline const berm_ast *berm_branch_tree(const berm_evaluation *ev, const berm_branch *seen)
{
    return &ev->asts.items[seen->ast].ast;
}
static inline const berm_ast_node *berm_branch_node(const berm_evaluation *ev,
                                                    const berm_branch *seen)
{
    return berm_ast_at(berm_branch_tree(ev, seen), seen->node);
}
/* Child number `i` of `row`, or of its turn `row`: where it was seen, or BERM_NO_BRANCH. */
uint32_t berm_branch_child(const berm_evaluation *ev, uint32_t row, uint32_t i);
/* The expression of the variable that `row` stands for, evaluated there. */
uint32_t berm_branch_call(const berm_evaluation *ev, uint32_t row);
/* The value of a loop's or bind's variable as seen from `row`; MISSING when there is none. */
berm_cell berm_branch_local(const berm_evaluation *ev, uint32_t row, berm_str name);
/* Was it worked out while compiling? Then nothing of its parts was evaluated. */
bool berm_branch_folded(const berm_evaluation *ev, uint32_t row);

/* The part that decided the whole, and where it stands. NOT_SEEN without one. */
uint32_t berm_evaluation_decider(const berm_evaluation *ev);
/* The node of the document that was looked at last for `row`, or else for what is around it;
   MISSING without one. */
berm_cell berm_evaluation_place(const berm_evaluation *ev, uint32_t row);
/* Which part of which expression an instruction stands for; NULL: of none. */
const berm_img_expr *berm_branch_source(const berm_evaluation *ev, uint32_t word);
/* A part's text on one line, cut where it is long. */
void berm_branch_print(berm_text *out, const berm_evaluation *ev, const berm_branch *seen,
                       berm_node node);

#endif
