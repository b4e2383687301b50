/* Expressions: operators, && and ||, choices, and the whole text. */
#include "cel/parser.h"

#include "base/utf8.h"
#include "cel/descent.h"

/* --- operators --- */

enum { CEL_RELATION = 1, CEL_ADDITION, CEL_MULTIPLICATION };

static const struct cel_operator {
    const char *function;
    int level;
} cel_operators[BERM_TOKEN_COUNT] = {
#define BERM_CEL_OPERATOR(token, function, text, level) \
    [BERM_TOKEN_##token] = {function, CEL_##level},
#include "cel/operators.def"
#undef BERM_CEL_OPERATOR
};

static bool is_cel_not_word(const berm_cel_parser *p, berm_node node)
{
    const berm_ast_node *n = berm_ast_at(p->ast, node);
    bool operand = berm_cel_at(p, BERM_TOKEN_IDENT) ||
                   (p->token.kind >= BERM_TOKEN_INT && p->token.kind <= BERM_TOKEN_NULL);
    return operand && n->kind == BERM_AST_IDENT && berm_str_is(n->name, "not");
}

/* An operand; `not x` is reported and read as x. */
static berm_node parse_cel_operand(berm_cel_parser *p, const berm_token *minus)
{
    berm_node node = berm_cel_member(p, minus);
    while (node && is_cel_not_word(p, node)) {
        const berm_ast_node *n = berm_ast_at(p->ast, node);
        berm_cel_fault(&p->faults, BERM_D_CEL_EXPECTED, n->off, n->len,
                       "expected an operator of CEL, found 'not'; write !");
        node = berm_cel_member(p, NULL);
    }
    return node;
}

/* A run of ! or of -: each pair takes itself back, as in every implementation of CEL. */
static berm_node parse_cel_unary(berm_cel_parser *p)
{
    berm_token sign = p->token;
    bool minus = sign.kind == BERM_TOKEN_MINUS;
    if (!minus && sign.kind != BERM_TOKEN_NOT) return parse_cel_operand(p, NULL);
    uint32_t count = 0;
    while (berm_cel_take_if(p, sign.kind)) count++;
    bool number = berm_cel_at(p, BERM_TOKEN_INT) || berm_cel_at(p, BERM_TOKEN_DOUBLE);
    if (minus && count == 1 && number) return parse_cel_operand(p, &sign);
    if (berm_cel_at(p, BERM_TOKEN_MINUS) || berm_cel_at(p, BERM_TOKEN_NOT)) {
        berm_cel_expected(p, BERM_D_CEL_EXPECTED, "a value",
                          minus ? "; write -(!x)" : "; write !(-x)");
        return 0;
    }
    berm_node operand = parse_cel_operand(p, NULL);
    if (count % 2 == 0) return operand;
    berm_ast_node node = berm_cel_node(BERM_AST_CALL, sign.off, sign);
    node.name = minus ? BERM_STR("-_") : BERM_STR("!_");
    return berm_cel_add(p, &node, &(berm_ast_link){.node = operand}, 1);
}

static berm_node parse_cel_binary(berm_cel_parser *p, int level)
{
    uint32_t off = p->token.off;
    berm_node left =
        level == CEL_MULTIPLICATION ? parse_cel_unary(p) : parse_cel_binary(p, level + 1);
    while (cel_operators[p->token.kind].level == level) {
        berm_token sign = berm_cel_take(p);
        berm_ast_node node = berm_cel_node(BERM_AST_CALL, off, sign);
        node.name = berm_str_of(cel_operators[sign.kind].function);
        berm_node right =
            level == CEL_MULTIPLICATION ? parse_cel_unary(p) : parse_cel_binary(p, level + 1);
        left = berm_cel_add(p, &node, (berm_ast_link[]){{.node = left}, {.node = right}}, 2);
    }
    return left;
}

/* --- terms: what && || ?: join --- */

/* Words that stand between operands elsewhere. */
static const struct cel_infix {
    const char *word;
    berm_token_kind meant; /* END: the hint is all */
    const char *hint;
} cel_infixes[] = {
    {"and", BERM_TOKEN_AND, "; write &&"},
    {"AND", BERM_TOKEN_AND, "; write &&"},
    {"or", BERM_TOKEN_OR, "; write ||"},
    {"OR", BERM_TOKEN_OR, "; write ||"},
    {"not", BERM_TOKEN_END, "; write !(x in y)"},
    {"is", BERM_TOKEN_END, "; write =="},
    {"eq", BERM_TOKEN_END, "; write =="},
    {"ne", BERM_TOKEN_END, "; write !="},
    {"xor", BERM_TOKEN_END, "; write !="},
    {"mod", BERM_TOKEN_END, "; write %"},
    {"then", BERM_TOKEN_END, "; a choice is written condition ? value : other"},
    {"contains", BERM_TOKEN_END, "; write text.contains(part)"},
    {"matches", BERM_TOKEN_END, "; write text.matches(pattern)"},
    {"startsWith", BERM_TOKEN_END, "; write text.startsWith(part)"},
    {"endsWith", BERM_TOKEN_END, "; write text.endsWith(part)"},
};

static const struct cel_infix *find_cel_infix(const berm_cel_parser *p)
{
    if (!berm_cel_at(p, BERM_TOKEN_IDENT)) return NULL;
    for (size_t i = 0; i < sizeof cel_infixes / sizeof *cel_infixes; i++) {
        if (berm_str_is(berm_cel_token_text(p, p->token), cel_infixes[i].word))
            return &cel_infixes[i];
    }
    return NULL;
}

static bool is_cel_operand_end(const berm_cel_parser *p)
{
    return berm_cel_at_closer(p) || berm_cel_at(p, BERM_TOKEN_AND) ||
           berm_cel_at(p, BERM_TOKEN_OR) || berm_cel_at(p, BERM_TOKEN_QUESTION) ||
           berm_cel_at(p, BERM_TOKEN_COLON) || berm_cel_at(p, BERM_TOKEN_COMMA);
}

static const char cel_quote_hint[] = "; a quote inside a string has a backslash before it";

static const char *find_cel_operator_hint(const berm_cel_parser *p)
{
    berm_str before = berm_str_cut(p->ast->text, p->end - 1, p->end);
    bool touching = p->end == p->token.off;
    const struct cel_infix *infix = find_cel_infix(p);
    if (infix) return infix->hint;
    if (berm_cel_at(p, BERM_TOKEN_LPAREN)) return "; a call stands behind a name or a plain .name";
    if (touching && (before.ptr[0] == '\'' || before.ptr[0] == '"')) {
        return cel_quote_hint;
    }
    if (berm_cel_at(p, BERM_TOKEN_NOT)) return "; write !(x in y)";
    return berm_cel_word_hint(berm_cel_token_text(p, p->token));
}

static berm_node parse_cel_term(berm_cel_parser *p)
{
    berm_node node = parse_cel_binary(p, CEL_RELATION);
    const struct cel_infix *infix = node ? find_cel_infix(p) : NULL;
    if (node && is_cel_operand_end(p)) return node;
    if (node) {
        const char *hint = find_cel_operator_hint(p);
        berm_cel_expected(p, BERM_D_CEL_EXPECTED, p->after, hint);
        /* 'it's': every quote that follows opens what should be closed */
        if (hint == cel_quote_hint) p->faults.stopped = true;
    }
    if (infix && infix->meant != BERM_TOKEN_END) {
        p->token.kind = infix->meant;
        return node;
    }
    berm_cel_skip_term(p);
    return 0;
}

/* a && b && c && d is a tree of depth 2, not 3: (a && b) && (c && d). That keeps every meaning, as
   && and || are associative, errors included. */
static berm_node balance_cel_chain(berm_cel_parser *p, berm_ast_kind kind, uint32_t first,
                                   uint32_t count, uint8_t flags)
{
    if (count == 1) return p->terms.items[first].node;
    uint32_t half = (count + 1) / 2;
    berm_ast_link children[2] = {
        {.node = balance_cel_chain(p, kind, first, half, BERM_AST_CHAINED)},
        {.node = balance_cel_chain(p, kind, first + half, count - half, BERM_AST_CHAINED)}};
    const berm_cel_term *terms = p->terms.items + first;
    berm_ast_node node = berm_cel_node(kind, terms[0].off, terms[half].sign);
    node.len = terms[count - 1].end - node.off;
    node.flags = flags;
    return berm_cel_add(p, &node, children, 2);
}

static berm_node parse_cel_chain(berm_cel_parser *p, berm_token_kind sign);

static void push_cel_term(berm_cel_parser *p, berm_token sign, berm_token_kind level)
{
    berm_cel_term term = {.off = p->token.off, .sign = sign};
    if (level == BERM_TOKEN_AND) term.node = parse_cel_term(p);
    else if (level == BERM_TOKEN_OR) term.node = parse_cel_chain(p, BERM_TOKEN_AND);
    else term.node = parse_cel_chain(p, BERM_TOKEN_OR);
    term.end = p->end;
    if (!berm_array_push(p->alloc, &p->terms, term)) berm_cel_nomem(&p->faults);
}

/* Terms joined by && (sign AND), or && chains joined by || */
static berm_node parse_cel_chain(berm_cel_parser *p, berm_token_kind sign)
{
    uint32_t first = p->terms.count;
    push_cel_term(p, p->token, sign);
    while (berm_cel_at(p, sign)) push_cel_term(p, berm_cel_take(p), sign);
    uint32_t count = p->terms.count - first;
    berm_ast_kind kind = sign == BERM_TOKEN_AND ? BERM_AST_AND : BERM_AST_OR;
    berm_node node = p->faults.nomem ? 0 : balance_cel_chain(p, kind, first, count, 0);
    p->terms.count = first;
    return node;
}

/* Conditions and values c v c v .. v, from the last choice to the first. */
static berm_node fold_cel_choices(berm_cel_parser *p, uint32_t first)
{
    if (p->faults.nomem) return 0;
    uint32_t last = p->terms.count - 1;
    berm_node node = p->terms.items[last].node;
    for (uint32_t i = last; i > first; i -= 2) {
        const berm_cel_term *choice = &p->terms.items[i - 2];
        berm_ast_node cond = berm_cel_node(BERM_AST_COND, choice->off, choice[1].sign);
        cond.len = p->terms.items[last].end - choice->off;
        berm_ast_link children[3] = {{.node = choice[0].node},
                                     {.node = choice[1].node},
                                     {.node = node}};
        node = berm_cel_add(p, &cond, children, 3);
    }
    return node;
}

static bool parse_cel_else(berm_cel_parser *p, berm_token question)
{
    if (berm_cel_take_if(p, BERM_TOKEN_COLON)) return true;
    const char *hint = "";
    berm_str behind = berm_str_cut(p->ast->text, question.off + 1u, p->ast->text.len);
    if (behind.len && behind.ptr[0] == '.') hint = "; an optional field is written a.?b";
    if (behind.len && behind.ptr[0] == '[') hint = "; an optional element is written a[?b]";
    if (p->terms.items[p->terms.count - 1].node) {
        berm_cel_expected(p, BERM_D_CEL_EXPECTED, "an operator or ':' and the value for otherwise",
                          hint);
    }
    return false;
}

/* Expr = Or ["?" Or ":" Expr] */
berm_node berm_cel_expression(berm_cel_parser *p)
{
    uint32_t first = p->terms.count;
    bool fine = true;
    push_cel_term(p, p->token, BERM_TOKEN_QUESTION);
    while (fine && berm_cel_at(p, BERM_TOKEN_QUESTION)) {
        berm_token question = berm_cel_take(p);
        p->colons++;
        push_cel_term(p, question, BERM_TOKEN_QUESTION);
        p->colons--;
        fine = !p->faults.nomem && parse_cel_else(p, question);
        if (fine) push_cel_term(p, question, BERM_TOKEN_QUESTION);
    }
    berm_node node = fine ? fold_cel_choices(p, first) : 0;
    p->terms.count = first;
    return node;
}

/* --- the whole --- */

static bool check_cel_text(berm_cel_parser *p, berm_str text)
{
    size_t invalid = berm_utf8_invalid(text.ptr, text.len);
    if (invalid < text.len) {
        uint32_t off = invalid < UINT32_MAX ? (uint32_t)invalid : UINT32_MAX;
        berm_cel_fault(&p->faults, BERM_D_CEL_CHAR, off, 1, "expected UTF-8, found the byte 0x%x",
                       (uint32_t)(unsigned char)text.ptr[invalid]);
        return false;
    }
    size_t count = berm_utf8_count(text);
    if (count <= BERM_CEL_CODE_POINTS_MAX) return true;
    berm_cel_fault(&p->faults, BERM_D_CEL_SIZE, 0, 0, "expected at most %u characters, found %L",
                   BERM_CEL_CODE_POINTS_MAX, (uint64_t)count);
    return false;
}

static void parse_cel_whole(berm_cel_parser *p)
{
    p->token = berm_lexer_next(&p->lexer);
    if (berm_cel_at(p, BERM_TOKEN_END) && !p->faults.count) {
        berm_cel_fault(&p->faults, BERM_D_CEL_EMPTY, 0, p->token.off,
                       "expected an expression, found %s",
                       p->token.off ? "only white space and comments" : "nothing");
        return;
    }
    p->ast->root = berm_cel_expression(p);
    if (!p->ast->root || berm_cel_at(p, BERM_TOKEN_END)) return;
    const char *hint = "";
    if (berm_cel_at_closer(p)) hint = "; no bracket is open here";
    if (berm_cel_at(p, BERM_TOKEN_COLON)) hint = "; a choice is written condition ? value : other";
    berm_cel_expected(p, BERM_D_CEL_EXPECTED, p->after, hint);
}

berm_status berm_cel_parse(berm_ast *ast, berm_str text, const berm_cel_options *options,
                           const berm_cel_origin *origin, berm_diags *diags)
{
    static const berm_cel_options plain = {0};
    berm_cel_parser p = {.ast = ast,
                         .options = options ? options : &plain,
                         .alloc = ast->arena.alloc,
                         .after = "an operator or the end",
                         .faults = {.diags = diags, .origin = origin}};
    p.lexer = (berm_lexer){.text = text, .faults = &p.faults};
    ast->text = text;
    if (check_cel_text(&p, text)) parse_cel_whole(&p);
    berm_array_free(p.alloc, &p.links);
    berm_array_free(p.alloc, &p.terms);
    if (p.faults.nomem || p.faults.count) ast->root = 0;
    if (p.faults.nomem) return BERM_E_NOMEM;
    return p.faults.count ? BERM_E_POLICY : BERM_OK;
}
