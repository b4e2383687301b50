/* Tokens, errors and nodes, as every rule of the grammar needs them. */
#include "cel/descent.h"

/* --- tokens --- */

berm_token berm_cel_take(berm_cel_parser *p)
{
    berm_token token = p->token;
    p->end = token.off + token.len;
    p->token = berm_lexer_next(&p->lexer);
    return token;
}

berm_str berm_cel_token_text(const berm_cel_parser *p, berm_token token)
{
    return berm_str_cut(p->ast->text, token.off, (size_t)token.off + token.len);
}

bool berm_cel_at_closer(const berm_cel_parser *p)
{
    return berm_cel_at(p, BERM_TOKEN_RPAREN) || berm_cel_at(p, BERM_TOKEN_RBRACKET) ||
           berm_cel_at(p, BERM_TOKEN_RBRACE) || berm_cel_at(p, BERM_TOKEN_END);
}

static bool at_cel_opener(const berm_cel_parser *p)
{
    return berm_cel_at(p, BERM_TOKEN_LPAREN) || berm_cel_at(p, BERM_TOKEN_LBRACKET) ||
           berm_cel_at(p, BERM_TOKEN_LBRACE);
}

/* --- errors --- */

static const char *name_cel_class(berm_token_kind kind)
{
    switch (kind) {
    case BERM_TOKEN_IDENT: return "the name ";
    case BERM_TOKEN_RESERVED: return "the reserved word ";
    case BERM_TOKEN_QUOTED: return "the quoted field name ";
    case BERM_TOKEN_INT:
    case BERM_TOKEN_UINT:
    case BERM_TOKEN_DOUBLE: return "the number ";
    case BERM_TOKEN_STRING: return "the string ";
    case BERM_TOKEN_BYTES: return "the bytes ";
    default: return "";
    }
}

void berm_cel_expected(berm_cel_parser *p, berm_diag_id id, const char *expected, const char *hint)
{
    berm_token token = p->token;
    if (token.kind == BERM_TOKEN_ERROR) return; /* the lexer reported it */
    if (token.kind == BERM_TOKEN_END) {
        /* In a bracket that is the bracket's to report; behind another error it is no news. */
        if (p->depth || p->faults.count) return;
        berm_cel_fault(&p->faults, id, token.off, 0,
                       "expected %s, found the end of the expression%s", expected, hint);
        return;
    }
    char shown[64];
    bool literal = token.kind == BERM_TOKEN_STRING || token.kind == BERM_TOKEN_BYTES;
    berm_format_into(shown, sizeof shown, literal ? "%S" : "'%S'", berm_cel_token_text(p, token));
    const char *more = token.len > sizeof shown - 4 ? ".." : "";
    berm_cel_fault(&p->faults, id, token.off, token.len, "expected %s, found %s%s%s%s", expected,
                   name_cel_class(token.kind), shown, more, hint);
}

void berm_cel_skip_term(berm_cel_parser *p)
{
    for (uint32_t depth = 0; !berm_cel_at(p, BERM_TOKEN_END); berm_cel_take(p)) {
        if (at_cel_opener(p)) {
            depth++;
        } else if (depth) {
            depth -= berm_cel_at_closer(p);
        } else if (berm_cel_at_closer(p) || berm_cel_at(p, BERM_TOKEN_AND) ||
                   berm_cel_at(p, BERM_TOKEN_OR) || berm_cel_at(p, BERM_TOKEN_QUESTION) ||
                   berm_cel_at(p, BERM_TOKEN_COMMA) ||
                   (p->colons && berm_cel_at(p, BERM_TOKEN_COLON))) {
            return;
        }
    }
}

/* --- nodes --- */

berm_ast_node berm_cel_node(berm_ast_kind kind, uint32_t off, berm_token name)
{
    return (berm_ast_node){.kind = (uint8_t)kind,
                           .off = off,
                           .name_off = name.off,
                           .name_len = name.len};
}

bool berm_cel_refuse_depth(berm_cel_parser *p, berm_token at, uint32_t most, const char *what)
{
    berm_cel_fault(&p->faults, BERM_D_CEL_DEPTH, at.off, at.len, "expected at most %u %s", most,
                   what);
    p->faults.stopped = true;
    return false;
}

berm_node berm_cel_check_depth(berm_cel_parser *p, berm_node node)
{
    const berm_ast_node *n = berm_ast_at(p->ast, node);
    if (n->depth <= BERM_CEL_TREE_DEPTH_MAX) return node;
    berm_token name = {.off = n->name_off, .len = n->name_len};
    berm_cel_refuse_depth(p, name, BERM_CEL_TREE_DEPTH_MAX, "operations over each other's results");
    return 0;
}

berm_node berm_cel_add(berm_cel_parser *p, berm_ast_node *node, const berm_ast_link *children,
                       uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!children[i].node) return 0;
    }
    if (!node->len) node->len = p->end - node->off;
    berm_node added = berm_ast_add(p->ast, node, children, count);
    if (added) return berm_cel_check_depth(p, added);
    berm_cel_nomem(&p->faults);
    return 0;
}
