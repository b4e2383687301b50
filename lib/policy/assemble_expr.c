#include "policy/assemble.h"

#include "policy/message.h"
#include "policy/sight_check.h"

/* Parsed and checked; E_POLICY after diagnostics. */
static berm_status parse_expr(const berm_sight *sight, berm_ast *ast, berm_str text,
                              const berm_cel_origin *origin, berm_type *type)
{
    static const berm_cel_options options = {0};
    berm_status status = berm_cel_parse(ast, text, &options, origin, sight->build->diags);
    return status == BERM_OK ? berm_sight_check(sight, ast, origin, type) : status;
}

static berm_expr_origin locate_expr(berm_build *build, const berm_expr *expr,
                                    const berm_cel_origin *origin)
{
    berm_expr_origin where = {.source_row = expr->part.file->source_row, .diag_origin = origin};
    berm_diags_locate(build->diags, berm_expr_place(expr, 0, 0), &where.line, &where.column);
    return where;
}

static void note_status(berm_build *build, berm_status status)
{
    if (status != BERM_OK && status != BERM_E_POLICY) berm_build_fail(build, status);
}

/* --- expressions --- */

static bool serves_purpose(berm_types *types, berm_type type, berm_purpose purpose)
{
    switch (purpose) {
    case BERM_FOR_CONDITION: return berm_types_fit(types, type, BERM_TYPE_BOOL);
    case BERM_FOR_ELEMENTS:
        return berm_types_fit(types, type, BERM_TYPE_LIST) ||
               berm_types_fit(types, type, BERM_TYPE_MAP);
    default: return true;
    }
}

static berm_status check_purpose(berm_build *build, const berm_ast *ast,
                                 const berm_cel_origin *origin, berm_purpose purpose)
{
    static const char *const wanted[] =
        {[BERM_FOR_CONDITION] = "bool", [BERM_FOR_ELEMENTS] = "a list or a map to go through"};
    const berm_ast_node *root = berm_ast_at(ast, ast->root);
    berm_types *types = &build->declarations.types;
    if (serves_purpose(types, root->type, purpose)) return BERM_OK;
    berm_text found;
    berm_text_init(&found, build->alloc);
    berm_types_print(&found, types, root->type);
    if (found.failed) berm_build_fail(build, BERM_E_NOMEM);
    berm_place_fault(build, berm_cel_place(origin, root->off, root->len), BERM_D_CEL_TYPE,
                     "expected %s, found %S", wanted[purpose], berm_text_view(&found));
    berm_text_free(&found);
    return BERM_E_POLICY;
}

/* A text to compile: an expression, or one composed of several. */
typedef struct text_work {
    berm_str text;
    const berm_expr *first; /* where the text begins, for the row of the expression */
    const berm_cel_origin *origin;
    berm_purpose purpose;
    berm_type type; /* of its value, when it was checked */
} text_work;

static uint32_t assemble_text(const berm_sight *sight, text_work *work)
{
    berm_build *build = sight->build;
    uint32_t block = BERM_NO_ROW;
    berm_ast ast;
    berm_ast_init(&ast, build->alloc);
    berm_status status = parse_expr(sight, &ast, work->text, work->origin, &work->type);
    if (status == BERM_OK) status = check_purpose(build, &ast, work->origin, work->purpose);
    if (status == BERM_OK) {
        berm_expr_origin where = locate_expr(build, work->first, work->origin);
        berm_scope scope = berm_sight_scope(sight);
        status = berm_lower(&build->gen, &ast, &scope, &where, &block);
    }
    note_status(build, status);
    berm_ast_free(&ast);
    return status == BERM_OK ? block : BERM_NO_ROW;
}

uint32_t berm_assemble_typed(const berm_sight *sight, const berm_expr *expr, berm_purpose purpose,
                             berm_type *type)
{
    *type = BERM_TYPE_DYN;
    if (!berm_expr_given(expr)) return BERM_NO_ROW;
    berm_cel_origin origin = berm_expr_origin_of(expr);
    text_work work = {.text = expr->text, .first = expr, .origin = &origin, .purpose = purpose};
    uint32_t block = assemble_text(sight, &work);
    if (block != BERM_NO_ROW) *type = work.type;
    return block;
}

uint32_t berm_assemble_expr(const berm_sight *sight, const berm_expr *expr, berm_purpose purpose)
{
    berm_type type;
    return berm_assemble_typed(sight, expr, purpose, &type);
}

/* --- fields --- */

/* Each by itself first: an unbalanced bracket in one must not reach into the next. */
static bool check_object_field(const berm_sight *sight, const berm_expr *expr, bool *optional)
{
    if (!berm_expr_given(expr)) return false;
    berm_ast ast;
    berm_type type = BERM_TYPE_DYN;
    berm_ast_init(&ast, sight->build->alloc);
    berm_cel_origin origin = berm_expr_origin_of(expr);
    berm_status status = parse_expr(sight, &ast, expr->text, &origin, &type);
    note_status(sight->build, status);
    *optional = berm_types_head(&sight->build->declarations.types, type) == BERM_TYPE_OPTIONAL;
    berm_ast_free(&ast);
    return status == BERM_OK;
}

/* One that is faulty keeps the whole from being compiled; the others are looked at all the same. */
static bool check_object_fields(const berm_sight *sight, const berm_named_exprs *fields,
                                bool *optional)
{
    bool good = true;
    for (uint32_t i = 0; i < fields->count; i++) {
        good &= check_object_field(sight, &fields->items[i].expr, &optional[i]);
    }
    return good;
}

static void compose_fields(const berm_named_exprs *fields, const bool *optional, berm_text *text,
                           berm_expr_piece *pieces)
{
    for (uint32_t i = 0; i < fields->count; i++) {
        const berm_named_expr *field = &fields->items[i];
        berm_text_put(text, i ? BERM_STR(", ") : BERM_STR("{"));
        if (optional[i]) berm_text_putc(text, '?');
        berm_text_quote(text, field->name);
        berm_text_put(text, BERM_STR(": ("));
        pieces[i] = (berm_expr_piece){(uint32_t)text->len, field->expr};
        berm_text_put(text, field->expr.text);
        /* On a line of its own: the expression may end in a comment. */
        berm_text_put(text, BERM_STR("\n)"));
    }
    berm_text_put(text, BERM_STR("}"));
}

uint32_t berm_assemble_fields(const berm_sight *sight, const berm_named_exprs *fields)
{
    berm_build *build = sight->build;
    berm_expr_piece *pieces = berm_build_alloc(build, fields->count, sizeof *pieces);
    bool *optional = berm_build_alloc(build, fields->count, sizeof *optional);
    if (!pieces || !optional || !check_object_fields(sight, fields, optional)) return BERM_NO_ROW;
    berm_text text;
    berm_text_init(&text, build->alloc);
    compose_fields(fields, optional, &text, pieces);
    uint32_t block = BERM_NO_ROW;
    if (text.failed) {
        berm_build_fail(build, BERM_E_NOMEM);
    } else {
        berm_expr_pieces composed = {pieces, fields->count};
        berm_cel_origin origin = berm_expr_pieces_origin(&composed);
        text_work work = {.text = berm_text_view(&text),
                          .first = &fields->items[0].expr,
                          .origin = &origin};
        block = assemble_text(sight, &work);
    }
    berm_text_free(&text);
    return block;
}

/* --- messages --- */

typedef struct message_work {
    const berm_sight *sight;
    berm_message_pieces pieces;
    berm_ast *asts;           /* one for each piece */
    berm_cel_origin *origins; /* likewise */
    berm_message_part *parts; /* likewise */
} message_work;

static bool parse_piece(message_work *work, uint32_t i)
{
    const berm_expr *expr = &work->pieces.items[i].expr;
    berm_ast_init(&work->asts[i], work->sight->build->alloc);
    work->origins[i] = berm_expr_origin_of(expr);
    berm_status status =
        parse_expr(work->sight, &work->asts[i], expr->text, &work->origins[i], NULL);
    note_status(work->sight->build, status);
    work->parts[i].ast = &work->asts[i];
    work->parts[i].origin = locate_expr(work->sight->build, expr, &work->origins[i]);
    return status == BERM_OK;
}

/* As with fields: all are looked at even where one is faulty. */
static bool parse_message(message_work *work)
{
    bool good = true;
    for (uint32_t i = 0; i < work->pieces.count; i++) {
        const berm_message_piece *piece = &work->pieces.items[i];
        if (!piece->expression) work->parts[i].literal = piece->expr.text;
        else good &= parse_piece(work, i);
    }
    return good;
}

static uint32_t lower_message(message_work *work)
{
    berm_build *build = work->sight->build;
    uint32_t count = work->pieces.count, block = BERM_NO_ROW;
    work->asts = berm_build_alloc(build, count, sizeof *work->asts);
    work->origins = berm_build_alloc(build, count, sizeof *work->origins);
    work->parts = berm_build_alloc(build, count, sizeof *work->parts);
    if (!work->asts || !work->origins || !work->parts) return block;
    if (parse_message(work)) {
        berm_scope scope = berm_sight_scope(work->sight);
        berm_status status = berm_lower_message(&build->gen, work->parts, count, &scope, &block);
        note_status(build, status);
        if (status != BERM_OK) block = BERM_NO_ROW;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (work->parts[i].ast) berm_ast_free(&work->asts[i]);
    }
    return block;
}

uint32_t berm_assemble_message(const berm_sight *sight, const berm_expr *message)
{
    message_work work = {.sight = sight};
    uint32_t block = BERM_NO_ROW;
    if (!berm_expr_given(message) || message->text.len == 0) return block;
    if (berm_message_split(sight->build, message, &work.pieces)) block = lower_message(&work);
    berm_array_free(sight->build->alloc, &work.pieces);
    return block;
}
