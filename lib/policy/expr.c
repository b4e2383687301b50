#include "policy/expr.h"

uint32_t berm_expr_offset(const berm_expr *expr, uint32_t off)
{
    if (!expr->part.cell) return expr->base + off;
    return berm_doc_offset_in(expr->part.file->doc, expr->part.cell, expr->base + off);
}

berm_place berm_expr_place(const berm_expr *expr, uint32_t off, uint32_t len)
{
    berm_cel_origin origin = berm_expr_origin_of(expr);
    return berm_cel_place(&origin, off, len);
}

static uint32_t map_expr(const void *ctx, uint32_t off)
{
    return berm_expr_offset(ctx, off);
}

/* What lies between two pieces is nobody's: it counts as the end of the one before. */
static uint32_t map_pieces(const void *ctx, uint32_t off)
{
    const berm_expr_pieces *pieces = ctx;
    uint32_t at = 0;
    while (at + 1 < pieces->count && pieces->items[at + 1].off <= off) at++;
    const berm_expr_piece *piece = &pieces->items[at];
    uint32_t inside = off > piece->off ? off - piece->off : 0;
    if (inside > piece->expr.text.len) inside = (uint32_t)piece->expr.text.len;
    return berm_expr_offset(&piece->expr, inside);
}

berm_cel_origin berm_expr_origin_of(const berm_expr *expr)
{
    return (berm_cel_origin){expr->part.file->diag_source, map_expr, expr};
}

berm_cel_origin berm_expr_pieces_origin(const berm_expr_pieces *pieces)
{
    return (berm_cel_origin){pieces->items[0].expr.part.file->diag_source, map_pieces, pieces};
}
