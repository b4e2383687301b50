/* Operands: literals, names, calls and all that stands in brackets. */
#include "cel/descent.h"
#include "cel/literals.h"
#include "cel/macros.h"

static void push_cel_link(berm_cel_parser *p, berm_node node, bool optional)
{
    berm_ast_link link = {.node = node, .flags = optional ? BERM_AST_OPTIONAL : 0};
    if (!berm_array_push(p->alloc, &p->links, link)) berm_cel_nomem(&p->faults);
}

/* The links pushed since `first` become the node's children. */
static berm_node add_cel_over(berm_cel_parser *p, berm_ast_node *node, uint32_t first, bool fine)
{
    uint32_t count = p->links.count - first;
    p->links.count = first;
    if (!fine || p->faults.nomem) return 0;
    return berm_cel_add(p, node, count ? &p->links.items[first] : NULL, count);
}

/* --- brackets --- */

/* What stands between two brackets. */
typedef struct cel_bracket {
    berm_token_kind closer;
    const char *opened, *closed;
    bool (*element)(berm_cel_parser *p); /* reads one, pushes its links */
    const char *after;                   /* what may follow an element */
    const char *trailing;                /* why no comma stands before the closer; NULL: one may */
} cel_bracket;

static void skip_cel_elements(berm_cel_parser *p)
{
    while (!berm_cel_at_closer(p)) {
        berm_cel_skip_term(p);
        if (!berm_cel_at_closer(p)) berm_cel_take(p);
    }
}

static bool parse_cel_plain(berm_cel_parser *p)
{
    berm_node node = berm_cel_expression(p);
    push_cel_link(p, node, false);
    return node != 0;
}

static bool parse_cel_optional(berm_cel_parser *p)
{
    bool optional = berm_cel_take_if(p, BERM_TOKEN_QUESTION);
    berm_node node = berm_cel_expression(p);
    push_cel_link(p, node, optional);
    return node != 0;
}

/* Without its colon the rest of a map is no map: one report, not one for each entry. */
static bool parse_cel_colon(berm_cel_parser *p, bool fine, const char *behind)
{
    if (berm_cel_take_if(p, BERM_TOKEN_COLON)) return true;
    if (fine) berm_cel_expected(p, BERM_D_CEL_EXPECTED, behind, "; a map is {key: value}");
    skip_cel_elements(p);
    return false;
}

static bool parse_cel_entry(berm_cel_parser *p)
{
    bool optional = berm_cel_take_if(p, BERM_TOKEN_QUESTION);
    p->colons++;
    uint32_t faults = p->faults.count;
    berm_node key = berm_cel_expression(p);
    p->colons--;
    push_cel_link(p, key, optional);
    if (!parse_cel_colon(p, faults == p->faults.count, "an operator or ':' behind the key")) {
        return false;
    }
    return parse_cel_plain(p) && key;
}

/* A field of a message: its name becomes a string. */
static bool parse_cel_field(berm_cel_parser *p)
{
    bool optional = berm_cel_take_if(p, BERM_TOKEN_QUESTION);
    bool quoted = berm_cel_at(p, BERM_TOKEN_QUOTED);
    if (!quoted && !berm_cel_at(p, BERM_TOKEN_IDENT) && !berm_cel_at(p, BERM_TOKEN_RESERVED)) {
        berm_cel_expected(p, BERM_D_CEL_EXPECTED, "a field's name", "");
        skip_cel_elements(p);
        return false;
    }
    berm_token name = berm_cel_take(p);
    berm_ast_node node = berm_cel_node(BERM_AST_LITERAL, name.off, name);
    node.name = berm_cel_token_text(p, name);
    if (quoted) node.name = berm_str_cut(node.name, 1, node.name.len - 1);
    node.value = berm_cell_of(BERM_TAG_STRING);
    push_cel_link(p, berm_cel_add(p, &node, NULL, 0), optional);
    return parse_cel_colon(p, true, "':' behind the field's name") && parse_cel_plain(p);
}

static const cel_bracket cel_group = {
    .closer = BERM_TOKEN_RPAREN,
    .opened = "(",
    .closed = ")",
    .element = parse_cel_plain,
    .after = "an operator or ')'",
};
static const cel_bracket cel_index = {
    .closer = BERM_TOKEN_RBRACKET,
    .opened = "[",
    .closed = "]",
    .element = parse_cel_optional,
    .after = "an operator or ']'",
};
static const cel_bracket cel_arguments = {
    .closer = BERM_TOKEN_RPAREN,
    .opened = "(",
    .closed = ")",
    .element = parse_cel_plain,
    .after = "an operator, ',' or ')'",
    .trailing = "; no comma stands behind the last argument of a call",
};
static const cel_bracket cel_list = {
    .closer = BERM_TOKEN_RBRACKET,
    .opened = "[",
    .closed = "]",
    .element = parse_cel_optional,
    .after = "an operator, ',' or ']'",
};
static const cel_bracket cel_map = {
    .closer = BERM_TOKEN_RBRACE,
    .opened = "{",
    .closed = "}",
    .element = parse_cel_entry,
    .after = "an operator, ',' or '}'",
};
static const cel_bracket cel_fields = {
    .closer = BERM_TOKEN_RBRACE,
    .opened = "{",
    .closed = "}",
    .element = parse_cel_field,
    .after = "an operator, ',' or '}'",
};

/* The closing bracket. Where the text has another one, or none, nothing behind it can be trusted.
 */
static bool close_cel(berm_cel_parser *p, berm_token opener, const cel_bracket *bracket, bool fine)
{
    if (berm_cel_take_if(p, bracket->closer)) return fine;
    if (berm_cel_at(p, BERM_TOKEN_END)) {
        berm_cel_fault(&p->faults, BERM_D_CEL_EXPECTED, opener.off, opener.len,
                       "expected '%s' before the end of the expression: this '%s' is never closed",
                       bracket->closed, bracket->opened);
        p->faults.stopped = true;
    } else if (fine) {
        berm_cel_expected(p, BERM_D_CEL_EXPECTED, bracket->after, "");
    }
    if (berm_cel_at_closer(p)) p->faults.stopped = true;
    skip_cel_elements(p);
    berm_cel_take_if(p, bracket->closer);
    return false;
}

/* A comma with nothing before it: in front of the closing bracket of a list or map it is legal. */
static bool take_lone_comma(berm_cel_parser *p, const cel_bracket *bracket)
{
    berm_token comma = p->token;
    if (bracket->trailing || !berm_cel_take_if(p, BERM_TOKEN_COMMA)) return true;
    if (berm_cel_at(p, bracket->closer)) return true;
    berm_cel_fault(&p->faults, BERM_D_CEL_EXPECTED, comma.off, comma.len,
                   "expected a value, found ','");
    return false;
}

/* Reads from the opening bracket to the closing one; the elements' links are pushed. */
static bool parse_cel_bracket(berm_cel_parser *p, const cel_bracket *bracket, bool single)
{
    const char *outer = p->after;
    uint32_t colons = p->colons;
    berm_token opener = berm_cel_take(p);
    if (p->depth == BERM_CEL_DEPTH_MAX) {
        return berm_cel_refuse_depth(p, opener, BERM_CEL_DEPTH_MAX, "brackets in each other");
    }
    p->depth++;
    p->after = bracket->after;
    p->colons = 0;
    bool fine = single || take_lone_comma(p, bracket);
    while (single || !berm_cel_at(p, bracket->closer)) {
        fine = bracket->element(p) && fine;
        if (single || !berm_cel_take_if(p, BERM_TOKEN_COMMA)) break;
        if (fine && bracket->trailing && berm_cel_at(p, bracket->closer)) {
            berm_cel_expected(p, BERM_D_CEL_EXPECTED, "an argument", bracket->trailing);
            fine = false;
        }
    }
    fine = close_cel(p, opener, bracket, fine);
    p->depth--;
    p->after = outer;
    p->colons = colons;
    return fine;
}

/* --- names, fields, calls --- */

static berm_node parse_cel_call(berm_cel_parser *p, berm_ast_node *node, berm_node receiver)
{
    uint32_t first = p->links.count;
    node->kind = BERM_AST_CALL;
    if (receiver) {
        node->flags |= BERM_AST_RECEIVER;
        push_cel_link(p, receiver, false);
    }
    bool fine = parse_cel_bracket(p, &cel_arguments, false);
    node->len = p->end - node->off;
    uint32_t args = first + (receiver != 0);
    if (!fine || p->faults.nomem) return add_cel_over(p, node, first, false);
    const berm_macro_info *macro =
        berm_cel_macro(p->ast, p->options, node, receiver, p->links.count - args);
    if (!macro) return add_cel_over(p, node, first, true);
    p->links.count = first;
    berm_node expanded =
        berm_cel_expand(p->ast, &p->faults, macro, node, receiver, &p->links.items[args]);
    return expanded ? berm_cel_check_depth(p, expanded) : 0;
}

/* IDENT, with or without a dot before it and a call behind it; *path: a name that may go on with
   .x or {..} */
static berm_node parse_cel_name(berm_cel_parser *p, bool *path)
{
    uint32_t off = p->token.off;
    bool absolute = berm_cel_take_if(p, BERM_TOKEN_DOT);
    if (!berm_cel_at(p, BERM_TOKEN_IDENT)) {
        bool reserved = berm_cel_at(p, BERM_TOKEN_RESERVED);
        berm_cel_expected(p, reserved ? BERM_D_CEL_RESERVED : BERM_D_CEL_EXPECTED,
                          absolute ? "a name behind '.'" : "a value",
                          berm_cel_word_hint(berm_cel_token_text(p, p->token)));
        return 0;
    }
    berm_token name = berm_cel_take(p);
    berm_ast_node node = berm_cel_node(BERM_AST_IDENT, off, name);
    node.name = berm_cel_token_text(p, name);
    node.flags = absolute ? BERM_AST_ABSOLUTE : 0;
    if (berm_cel_at(p, BERM_TOKEN_LPAREN)) return parse_cel_call(p, &node, 0);
    *path = true;
    return berm_cel_add(p, &node, NULL, 0);
}

/* Behind a dot at `dot` stands no name of a field. */
static berm_node refuse_cel_selector(berm_cel_parser *p, berm_token dot)
{
    char before = p->ast->text.ptr[dot.off - 1];
    bool keyword = berm_cel_at(p, BERM_TOKEN_IN) || berm_cel_at(p, BERM_TOKEN_TRUE) ||
                   berm_cel_at(p, BERM_TOKEN_FALSE) || berm_cel_at(p, BERM_TOKEN_NULL);
    const char *hint = "";
    if (keyword) hint = "; a field of this name is written in backquotes";
    else if (before >= '0' && before <= '9') hint = "; a number has digits behind its point";
    berm_cel_expected(p, keyword ? BERM_D_CEL_RESERVED : BERM_D_CEL_EXPECTED,
                      "a field's name behind '.'", hint);
    if (keyword) berm_cel_take(p);
    return 0;
}

/* .name  .?name  .`name`  .name(..) */
static berm_node parse_cel_dot(berm_cel_parser *p, berm_node object, uint32_t off, bool *path)
{
    berm_token dot = berm_cel_take(p);
    bool optional = berm_cel_take_if(p, BERM_TOKEN_QUESTION);
    bool quoted = berm_cel_at(p, BERM_TOKEN_QUOTED);
    if (!quoted && !berm_cel_at(p, BERM_TOKEN_IDENT) && !berm_cel_at(p, BERM_TOKEN_RESERVED)) {
        return refuse_cel_selector(p, dot);
    }
    berm_token name = berm_cel_take(p);
    berm_ast_node node = berm_cel_node(BERM_AST_SELECT, off, name);
    node.name = berm_cel_token_text(p, name);
    if (quoted) node.name = berm_str_cut(node.name, 1, node.name.len - 1);
    *path = *path && !optional && !quoted;
    if (berm_cel_at(p, BERM_TOKEN_LPAREN) && !optional && !quoted) {
        *path = false;
        return parse_cel_call(p, &node, object);
    }
    node.flags = optional ? BERM_AST_OPTIONAL : 0;
    return berm_cel_add(p, &node, &(berm_ast_link){.node = object}, 1);
}

static berm_node parse_cel_subscript(berm_cel_parser *p, berm_node object, uint32_t off)
{
    uint32_t first = p->links.count;
    berm_ast_node node = berm_cel_node(BERM_AST_INDEX, off, p->token);
    push_cel_link(p, object, false);
    bool fine = parse_cel_bracket(p, &cel_index, true);
    if (fine && !p->faults.nomem && p->links.items[first + 1].flags) {
        p->links.items[first + 1].flags = 0; /* [?i] is the node's own */
        node.flags = BERM_AST_OPTIONAL;
    }
    return add_cel_over(p, &node, first, fine);
}

/* a.b.c as written in one word; `node` is IDENT or SELECTs over one */
static bool join_cel_path(berm_cel_parser *p, berm_node node, berm_ast_node *out)
{
    size_t len = 0;
    const berm_ast_node *n = berm_ast_at(p->ast, node);
    for (; n->kind == BERM_AST_SELECT;
         n = berm_ast_at(p->ast, p->ast->links.items[n->first].node)) {
        len += n->name.len + 1;
    }
    out->flags = n->flags; /* ABSOLUTE */
    len += n->name.len;
    char *text = berm_arena_alloc(&p->ast->arena, len);
    if (!text) {
        berm_cel_nomem(&p->faults);
        return false;
    }
    out->name = (berm_str){text, len};
    for (n = berm_ast_at(p->ast, node);;
         n = berm_ast_at(p->ast, p->ast->links.items[n->first].node)) {
        len -= n->name.len;
        memcpy(text + len, n->name.ptr, n->name.len);
        if (n->kind != BERM_AST_SELECT) return true;
        text[--len] = '.';
    }
}

static berm_node parse_cel_struct(berm_cel_parser *p, berm_node name, uint32_t off)
{
    uint32_t first = p->links.count;
    const berm_ast_node *path = berm_ast_at(p->ast, name);
    berm_token whole = {.off = path->off, .len = path->len};
    berm_ast_node node = berm_cel_node(BERM_AST_STRUCT, off, whole);
    bool fine = join_cel_path(p, name, &node) && parse_cel_bracket(p, &cel_fields, false);
    return add_cel_over(p, &node, first, fine);
}

/* --- values --- */

static berm_node parse_cel_literal(berm_cel_parser *p, const berm_token *minus)
{
    berm_token token = berm_cel_take(p);
    berm_ast_node node = berm_cel_node(BERM_AST_LITERAL, minus ? minus->off : token.off, token);
    berm_str text = berm_cel_token_text(p, token);
    switch (token.kind) {
    case BERM_TOKEN_NULL: node.value = berm_cell_of(BERM_TAG_NULL); break;
    case BERM_TOKEN_TRUE: node.value = berm_cell_bool(true); break;
    case BERM_TOKEN_FALSE: node.value = berm_cell_bool(false); break;
    case BERM_TOKEN_STRING:
    case BERM_TOKEN_BYTES:
        node.value =
            berm_cell_of(token.kind == BERM_TOKEN_STRING ? BERM_TAG_STRING : BERM_TAG_BYTES);
        node.name = berm_cel_string(&p->faults, &p->ast->arena, token, text);
        break;
    default: berm_cel_number(&p->faults, token, text, minus != NULL, &node.value);
    }
    return berm_cel_add(p, &node, NULL, 0);
}

static berm_node parse_cel_group(berm_cel_parser *p)
{
    uint32_t first = p->links.count;
    bool fine = parse_cel_bracket(p, &cel_group, true) && !p->faults.nomem;
    berm_node node = fine ? p->links.items[first].node : 0;
    p->links.count = first;
    return node;
}

static berm_node parse_cel_container(berm_cel_parser *p, berm_ast_kind kind,
                                     const cel_bracket *bracket)
{
    uint32_t first = p->links.count;
    berm_ast_node node = berm_cel_node(kind, p->token.off, p->token);
    bool fine = parse_cel_bracket(p, bracket, false);
    return add_cel_over(p, &node, first, fine);
}

static berm_node parse_cel_primary(berm_cel_parser *p, const berm_token *minus, bool *path)
{
    *path = false;
    switch (p->token.kind) {
    case BERM_TOKEN_INT:
    case BERM_TOKEN_UINT:
    case BERM_TOKEN_DOUBLE:
    case BERM_TOKEN_STRING:
    case BERM_TOKEN_BYTES:
    case BERM_TOKEN_TRUE:
    case BERM_TOKEN_FALSE:
    case BERM_TOKEN_NULL: return parse_cel_literal(p, minus);
    case BERM_TOKEN_LPAREN: return parse_cel_group(p);
    case BERM_TOKEN_LBRACKET: return parse_cel_container(p, BERM_AST_LIST, &cel_list);
    case BERM_TOKEN_LBRACE: return parse_cel_container(p, BERM_AST_MAP, &cel_map);
    default: return parse_cel_name(p, path);
    }
}

berm_node berm_cel_member(berm_cel_parser *p, const berm_token *minus)
{
    uint32_t off = minus ? minus->off : p->token.off;
    bool path;
    berm_node node = parse_cel_primary(p, minus, &path);
    while (node) {
        if (berm_cel_at(p, BERM_TOKEN_DOT)) {
            node = parse_cel_dot(p, node, off, &path);
        } else if (berm_cel_at(p, BERM_TOKEN_LBRACKET)) {
            node = parse_cel_subscript(p, node, off);
            path = false;
        } else if (berm_cel_at(p, BERM_TOKEN_LBRACE) && path) {
            node = parse_cel_struct(p, node, off);
            path = false;
        } else {
            break;
        }
    }
    return node;
}
