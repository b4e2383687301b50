#include "policy/assemble.h"

#include "policy/message.h"

/* Parsed and checked; E_POLICY after diagnostics. */
static berm_status parse_expr(const berm_sight *sight, berm_ast *ast, berm_str text,
                              const berm_cel_origin *origin)
{
    static const berm_cel_options options = {0};
    berm_status status = berm_cel_parse(ast, text, &options, origin, sight->build->diags);
    if (status == BERM_OK && !berm_sight_check(sight, ast, origin)) status = BERM_E_POLICY;
    return status;
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

/* `first` is where the text begins, for the row of the expression. */
static uint32_t assemble_text(const berm_sight *sight, berm_str text, const berm_expr *first,
                              const berm_cel_origin *origin)
{
    berm_build *build = sight->build;
    uint32_t block = BERM_NO_ROW;
    berm_ast ast;
    berm_ast_init(&ast, build->alloc);
    berm_status status = parse_expr(sight, &ast, text, origin);
    if (status == BERM_OK) {
        berm_expr_origin where = locate_expr(build, first, origin);
        berm_scope scope = berm_sight_scope(sight);
        status = berm_lower(&build->gen, &ast, &scope, &where, &block);
    }
    note_status(build, status);
    berm_ast_free(&ast);
    return status == BERM_OK ? block : BERM_NO_ROW;
}

uint32_t berm_assemble_expr(const berm_sight *sight, const berm_expr *expr)
{
    if (!berm_expr_given(expr)) return BERM_NO_ROW;
    berm_cel_origin origin = berm_expr_origin_of(expr);
    return assemble_text(sight, expr->text, expr, &origin);
}

/* --- fields --- */

static bool names_one_of(berm_str name, const char *const *words)
{
    while (*words && !berm_str_is(name, *words)) words++;
    return *words != NULL;
}

/* Does the expression plainly give an optional: a.?b, a.?b.c, a[?b], x.or(y), optional.of(x) ..? */
static bool gives_optional(const berm_ast *ast)
{
    static const char *const methods[] = {"or", "first", "last", NULL};
    static const char *const functions[] = {"of", "none", "ofNonZeroValue", NULL};
    const berm_ast_node *node = berm_ast_at(ast, ast->root);
    if (node->kind == BERM_AST_BIND) {
        return node->macro == BERM_MACRO_OPT_MAP || node->macro == BERM_MACRO_OPT_FLAT_MAP;
    }
    if (node->kind == BERM_AST_CALL) {
        if (!(node->flags & BERM_AST_RECEIVER)) return false;
        const berm_ast_node *on = berm_ast_at(ast, ast->links.items[node->first].node);
        if (on->kind == BERM_AST_IDENT && berm_str_is(on->name, "optional")) {
            return names_one_of(node->name, functions);
        }
        return names_one_of(node->name, methods);
    }
    while (node->kind == BERM_AST_SELECT || node->kind == BERM_AST_INDEX) {
        if (node->flags & BERM_AST_TEST) return false;
        if (node->flags & BERM_AST_OPTIONAL) return true;
        node = berm_ast_at(ast, ast->links.items[node->first].node);
    }
    return false;
}

typedef struct field_work {
    bool sound, optional;
} field_work;

/* Each by itself first: an unbalanced bracket in one must not reach into the next. */
static bool check_object_field(const berm_sight *sight, const berm_expr *expr, field_work *work)
{
    if (!berm_expr_given(expr)) return false;
    berm_ast ast;
    berm_ast_init(&ast, sight->build->alloc);
    berm_cel_origin origin = berm_expr_origin_of(expr);
    berm_status status = parse_expr(sight, &ast, expr->text, &origin);
    note_status(sight->build, status);
    work->sound = status == BERM_OK;
    work->optional = work->sound && gives_optional(&ast);
    berm_ast_free(&ast);
    return work->sound;
}

/* One that is faulty keeps the whole from being compiled; the others are looked at all the same. */
static bool check_object_fields(const berm_sight *sight, const berm_named_exprs *fields,
                                field_work *work)
{
    bool good = true;
    for (uint32_t i = 0; i < fields->count; i++) {
        good &= check_object_field(sight, &fields->items[i].expr, &work[i]);
    }
    for (uint32_t i = 0; !good && i < fields->count; i++) {
        if (work[i].sound) berm_assemble_expr(sight, &fields->items[i].expr);
    }
    return good;
}

static void compose_fields(const berm_named_exprs *fields, const field_work *work, berm_text *text,
                           berm_expr_piece *pieces)
{
    for (uint32_t i = 0; i < fields->count; i++) {
        const berm_named_expr *field = &fields->items[i];
        berm_text_put(text, i ? BERM_STR(", ") : BERM_STR("{"));
        if (work[i].optional) berm_text_putc(text, '?');
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
    field_work *work = berm_build_alloc(build, fields->count, sizeof *work);
    if (!pieces || !work || !check_object_fields(sight, fields, work)) return BERM_NO_ROW;
    berm_text text;
    berm_text_init(&text, build->alloc);
    compose_fields(fields, work, &text, pieces);
    uint32_t block = BERM_NO_ROW;
    if (text.failed) {
        berm_build_fail(build, BERM_E_NOMEM);
    } else {
        berm_expr_pieces composed = {pieces, fields->count};
        berm_cel_origin origin = berm_expr_pieces_origin(&composed);
        block = assemble_text(sight, berm_text_view(&text), &fields->items[0].expr, &origin);
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
    bool *sound;              /* likewise: an expression that parses */
} message_work;

static bool parse_piece(message_work *work, uint32_t i)
{
    const berm_expr *expr = &work->pieces.items[i].expr;
    berm_ast_init(&work->asts[i], work->sight->build->alloc);
    work->origins[i] = berm_expr_origin_of(expr);
    berm_status status = parse_expr(work->sight, &work->asts[i], expr->text, &work->origins[i]);
    note_status(work->sight->build, status);
    work->parts[i].ast = &work->asts[i];
    work->parts[i].origin = locate_expr(work->sight->build, expr, &work->origins[i]);
    return status == BERM_OK;
}

/* As with fields: what is sound is looked at even where something else is not. */
static bool parse_message(message_work *work)
{
    bool good = true;
    for (uint32_t i = 0; i < work->pieces.count; i++) {
        const berm_message_piece *piece = &work->pieces.items[i];
        if (!piece->expression) work->parts[i].literal = piece->expr.text;
        else good &= work->sound[i] = parse_piece(work, i);
    }
    for (uint32_t i = 0; !good && i < work->pieces.count; i++) {
        if (work->sound[i]) berm_assemble_expr(work->sight, &work->pieces.items[i].expr);
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
    work->sound = berm_build_alloc(build, count, sizeof *work->sound);
    if (!work->asts || !work->origins || !work->parts || !work->sound) return block;
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
