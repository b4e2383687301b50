/* Texts of expressions, messages and paths, and where each of their bytes is in its file. */
#ifndef BERM_POLICY_EXPR_H
#define BERM_POLICY_EXPR_H

#include "policy/part.h"

/* Absent: text.ptr is NULL. A part without a cell: the text is the whole file
   (BERM_ROLE_EXPRESSION). */
typedef struct berm_expr {
    berm_str text;
    berm_part part;
    uint32_t
        base; /* where in the part's value the text begins: not 0 for expressions in messages */
} berm_expr;

static inline bool berm_expr_given(const berm_expr *expr)
{
    return expr->text.ptr != NULL;
}

/* File offset of byte `off` of the text. */
uint32_t berm_expr_offset(const berm_expr *expr, uint32_t off);
berm_place berm_expr_place(const berm_expr *expr, uint32_t off, uint32_t len);

/* An expression put together from others: `{"name": (expression), ..}`. */
typedef struct berm_expr_piece {
    uint32_t off; /* in the composed text */
    berm_expr expr;
} berm_expr_piece;

typedef struct berm_expr_pieces {
    const berm_expr_piece *items; /* in order of `off`, at least one */
    uint32_t count;
} berm_expr_pieces;

/* What diagnostics are told: the origin of one expression, or of a composed one. Borrows its
   argument. */
berm_cel_origin berm_expr_origin_of(const berm_expr *expr);
berm_cel_origin berm_expr_pieces_origin(const berm_expr_pieces *pieces);

#endif
