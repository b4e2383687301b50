/* What the tests of cel/ share: parsing with diagnostics, and trees as text. */
#ifndef BERM_TESTS_CEL_SUPPORT_H
#define BERM_TESTS_CEL_SUPPORT_H

#include "base_alloc.h"
#include "cel/parser.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

typedef struct parsed {
    berm_ast ast;
    berm_diags *diags;
    berm_status status;
} parsed;

static inline parsed parse_with(berm_str text, const berm_cel_options *options)
{
    parsed p = {.diags = berm_diags_new(&berm_alloc_libc)};
    assert_non_null(p.diags);
    assert_int_equal(berm_diags_source(p.diags, BERM_STR("expression"), text), 0);
    berm_ast_init(&p.ast, &berm_alloc_libc);
    p.status = berm_cel_parse(&p.ast, text, options, NULL, p.diags);
    return p;
}

static inline parsed parse_text(const char *text)
{
    return parse_with(berm_str_of(text), NULL);
}

static inline void drop_parsed(parsed *p)
{
    berm_ast_free(&p->ast);
    berm_diags_drop(p->diags);
}

/* --- trees as text: (operator children..), and names of one's own for what has no operator --- */

static void dump_node(berm_text *out, const berm_ast *ast, berm_node n);

static inline void dump_children(berm_text *out, const berm_ast *ast, const berm_ast_node *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        const berm_ast_link *link = &ast->links.items[node->first + i];
        berm_text_put(out, BERM_STR(" "));
        if (link->flags) berm_text_putc(out, '?');
        dump_node(out, ast, link->node);
    }
}

static inline void dump_literal(berm_text *out, const berm_ast_node *node)
{
    switch (node->value.tag) {
    case BERM_TAG_NULL: berm_text_put(out, BERM_STR("null")); break;
    case BERM_TAG_BOOL: berm_text_format(out, "%s", node->value.as.u ? "true" : "false"); break;
    case BERM_TAG_INT: berm_text_format(out, "%l", node->value.as.i); break;
    case BERM_TAG_UINT: berm_text_format(out, "%Lu", node->value.as.u); break;
    case BERM_TAG_DOUBLE: {
        char digits[40];
        snprintf(digits, sizeof digits, "%.17gd", node->value.as.d);
        berm_text_put(out, berm_str_of(digits));
        break;
    }
    case BERM_TAG_BYTES:
        berm_text_putc(out, 'b');
        berm_text_quote(out, node->name);
        break;
    default: berm_text_quote(out, node->name);
    }
}

static inline void dump_node(berm_text *out, const berm_ast *ast, berm_node n)
{
    static const char *const heads[] = {
        [BERM_AST_AND] = "&&",    [BERM_AST_OR] = "||",    [BERM_AST_COND] = "?:",
        [BERM_AST_LIST] = "list", [BERM_AST_MAP] = "map",  [BERM_AST_STRUCT] = "struct",
        [BERM_AST_LOOP] = "loop", [BERM_AST_BIND] = "bind"};
    const berm_ast_node *node = berm_ast_at(ast, n);
    const char *dot = node->flags & BERM_AST_ABSOLUTE ? "." : "";
    bool optional = node->flags & BERM_AST_OPTIONAL;
    if (node->kind == BERM_AST_LITERAL) {
        dump_literal(out, node);
        return;
    }
    if (node->kind == BERM_AST_IDENT) {
        berm_text_format(out, "%s%S", dot, node->name);
        return;
    }
    berm_text_putc(out, '(');
    if (node->kind == BERM_AST_SELECT) {
        berm_text_format(out, "%s%S",
                         node->flags & BERM_AST_TEST ? "has ."
                         : optional                  ? ".?"
                                                     : ".",
                         node->name);
    } else if (node->kind == BERM_AST_INDEX) {
        berm_text_format(out, "%s", optional ? "[?]" : "[]");
    } else if (node->kind == BERM_AST_CALL) {
        berm_text_format(out, "%s%s%S", dot, node->flags & BERM_AST_RECEIVER ? "~" : "",
                         node->name);
    } else {
        berm_text_format(out, "%s", heads[node->kind]);
        if (node->name.len) berm_text_format(out, " %s%S", dot, node->name);
        if (node->var.len) berm_text_format(out, " %S", node->var);
        if (node->var2.len) berm_text_format(out, ",%S", node->var2);
    }
    dump_children(out, ast, node);
    berm_text_putc(out, ')');
}

/* The tree of a text that parses. */
static inline void expect_tree_with(const char *text, const berm_cel_options *options,
                                    const char *tree)
{
    parsed p = parse_with(berm_str_of(text), options);
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    if (p.status == BERM_OK) dump_node(&out, &p.ast, p.ast.root);
    berm_text_putc(&out, '\0');
    if (p.status != BERM_OK || strcmp(out.ptr, tree) != 0) {
        fail_msg("%s\n  is   %s (status %d)\n  not  %s", text, out.ptr, (int)p.status, tree);
    }
    berm_text_free(&out);
    drop_parsed(&p);
}

static inline void expect_tree(const char *text, const char *tree)
{
    expect_tree_with(text, NULL, tree);
}

/* The one error of a text that does not parse: its code and the bytes it points to. */
static inline void expect_error(const char *text, const char *code, uint32_t column, uint32_t end)
{
    parsed p = parse_text(text);
    size_t count;
    const berm_diag *list = berm_diags_list(p.diags, &count);
    if (p.status != BERM_E_POLICY || count != 1 || strcmp(list[0].code.ptr, code) != 0 ||
        list[0].column != column || list[0].end_column != end) {
        fail_msg("%s: status %d, %zu errors, first %s %u-%u", text, (int)p.status, count,
                 count ? list[0].code.ptr : "-", count ? list[0].column : 0,
                 count ? list[0].end_column : 0);
    }
    assert_int_equal(p.ast.root, 0);
    drop_parsed(&p);
}

#endif
