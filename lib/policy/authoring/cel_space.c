/* White space between the tokens of CEL: one blank around operators, behind commas and colons, none
   inside brackets, around dots and behind signs. */
#include "cel/lexer.h"
#include "policy/authoring/format.h"

#define SPACE_DEPTH_MAX 512u

typedef enum gap { GAP_KEEP, GAP_NONE, GAP_BLANK } gap;

typedef struct space_scan {
    const berm_expr *expr;
    berm_str source; /* of the file */
    bool plain;      /* a scalar without quotes: a colon and a blank would end it */
    /* Of each bracket that is open: how many ?: have yet to see their colon. */
    uint16_t choices[SPACE_DEPTH_MAX];
    uint32_t depth;
    bool choice;  /* the token is a ? or : of ?: */
    bool sign;    /* it is a - or ! before an operand, or a ? of .? [?] {?} */
    bool operand; /* an operand ended with it */
} space_scan;

static bool is_binary(berm_token_kind kind)
{
    switch (kind) {
    case BERM_TOKEN_AND:
    case BERM_TOKEN_OR:
#define BERM_CEL_OPERATOR(token, function, text, level) case BERM_TOKEN_##token:
#include "cel/operators.def"
#undef BERM_CEL_OPERATOR
        return true;
    default: return false;
    }
}

static bool ends_operand(berm_token_kind kind)
{
    switch (kind) {
    case BERM_TOKEN_IDENT:
    case BERM_TOKEN_RESERVED:
    case BERM_TOKEN_QUOTED:
    case BERM_TOKEN_INT:
    case BERM_TOKEN_UINT:
    case BERM_TOKEN_DOUBLE:
    case BERM_TOKEN_STRING:
    case BERM_TOKEN_BYTES:
    case BERM_TOKEN_TRUE:
    case BERM_TOKEN_FALSE:
    case BERM_TOKEN_NULL:
    case BERM_TOKEN_RPAREN:
    case BERM_TOKEN_RBRACKET:
    case BERM_TOKEN_RBRACE: return true;
    default: return false;
    }
}

/* Takes note of the token: brackets, and what a ? : - stands for. `before` had an operand end. */
static void enter_token(space_scan *s, berm_token_kind kind, bool before)
{
    uint16_t *choices = &s->choices[s->depth];
    s->choice = s->sign = false;
    s->operand = ends_operand(kind);
    if (kind == BERM_TOKEN_QUESTION) {
        s->choice = before;
        s->sign = !before;
        *choices = (uint16_t)(*choices + before);
    } else if (kind == BERM_TOKEN_COLON && *choices) {
        s->choice = true;
        --*choices;
    } else if (kind == BERM_TOKEN_NOT || (kind == BERM_TOKEN_MINUS && !before)) {
        s->sign = true;
    }
    bool opens =
        kind == BERM_TOKEN_LPAREN || kind == BERM_TOKEN_LBRACKET || kind == BERM_TOKEN_LBRACE;
    bool closes =
        kind == BERM_TOKEN_RPAREN || kind == BERM_TOKEN_RBRACKET || kind == BERM_TOKEN_RBRACE;
    if (opens && s->depth + 1 < SPACE_DEPTH_MAX) s->choices[++s->depth] = 0;
    if (closes && s->depth) s->depth--;
}

/* What is written between token `a`, which the scan has entered, and `b`. */
static gap choose_gap(const space_scan *s, berm_token_kind a, berm_token_kind b)
{
    bool choice_next = b == BERM_TOKEN_QUESTION && s->operand;
    if (s->plain && (a == BERM_TOKEN_COLON || b == BERM_TOKEN_COLON)) return GAP_KEEP;
    if (b == BERM_TOKEN_COMMA || b == BERM_TOKEN_RPAREN || b == BERM_TOKEN_RBRACKET ||
        b == BERM_TOKEN_RBRACE)
        return GAP_NONE;
    if (a == BERM_TOKEN_LPAREN || a == BERM_TOKEN_LBRACKET || a == BERM_TOKEN_LBRACE)
        return GAP_NONE;
    if (a == BERM_TOKEN_MINUS && s->sign) return GAP_KEEP; /* -1 is a literal, - 1 is none */
    if (s->sign) return GAP_NONE;
    if (a == BERM_TOKEN_COMMA || s->choice || choice_next) return GAP_BLANK;
    if (a == BERM_TOKEN_COLON) return GAP_BLANK;
    if (b == BERM_TOKEN_COLON) return s->choices[s->depth] ? GAP_BLANK : GAP_NONE;
    if (is_binary(a) || is_binary(b)) return GAP_BLANK;
    if (a == BERM_TOKEN_INT && b == BERM_TOKEN_DOT) return GAP_KEEP;
    if (a == BERM_TOKEN_DOT || b == BERM_TOKEN_DOT) return GAP_NONE;
    return GAP_NONE; /* what is left opens a call, a struct or an index */
}

/* The bytes of the file between two tokens, text[from, to) of the expression, are blanks and
   nothing else: no line ends, no comment, no escape is among them. */
static bool is_plain_gap(const space_scan *s, uint32_t from, uint32_t to, berm_edit *edit)
{
    uint32_t end = berm_expr_offset(s->expr, to);
    uint32_t start = from == to ? end : berm_expr_offset(s->expr, from);
    if (end - start != to - from || end > s->source.len) return false;
    for (uint32_t i = start; i < end; i++)
        if (s->source.ptr[i] != ' ' && s->source.ptr[i] != '\t') return false;
    *edit = (berm_edit){start, end - start, ""};
    return true;
}

static bool space_tokens(const berm_alloc *alloc, space_scan *s, berm_edits *edits)
{
    berm_cel_faults faults = {0};
    berm_lexer lexer = {.text = s->expr->text, .faults = &faults};
    berm_token a = berm_lexer_next(&lexer);
    bool before = false;
    for (;;) { /* it has parsed: there is a token */
        enter_token(s, a.kind, before);
        before = s->operand;
        berm_token b = berm_lexer_next(&lexer);
        if (b.kind == BERM_TOKEN_END) return true;
        gap wanted = choose_gap(s, a.kind, b.kind);
        uint32_t len = b.off - (a.off + a.len);
        berm_edit edit;
        bool right = wanted == GAP_KEEP || (wanted == GAP_NONE && len == 0) ||
                     (wanted == GAP_BLANK && len == 1 && s->expr->text.ptr[b.off - 1] == ' ');
        if (!right && is_plain_gap(s, a.off + a.len, b.off, &edit)) {
            edit.text = wanted == GAP_BLANK ? " " : "";
            if (!berm_array_push(alloc, edits, edit)) return false;
        }
        a = b;
    }
}

bool berm_cel_space(const berm_alloc *alloc, const berm_expr *expr, berm_edits *edits)
{
    berm_ast ast;
    berm_ast_init(&ast, alloc);
    berm_status status = berm_cel_parse(&ast, expr->text, NULL, NULL, NULL);
    berm_ast_free(&ast);
    if (status != BERM_OK) return status != BERM_E_NOMEM;
    berm_str written = berm_part_source(expr->part);
    space_scan s = {.expr = expr,
                    .source = expr->part.file->doc->text,
                    .plain = !written.len || !memchr("\"'|>", written.ptr[0], 4)};
    return space_tokens(alloc, &s, edits);
}
