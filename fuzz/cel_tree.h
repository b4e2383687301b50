/* CEL's parser, unparser and type checker: what is printed parses to the same tree and prints the
   same again, and both trees check alike. */
#ifndef BERM_FUZZ_CEL_TREE_H
#define BERM_FUZZ_CEL_TREE_H

#include "cel/check.h"
#include "common.h"

#define TERMS_KEPT 20000u /* types that the declarations may gather before they are made anew */

static const struct {
    const char *name, *type;
} variables[] = {{"object", "dyn"},
                 {"b", "bool"},
                 {"i", "int"},
                 {"u", "uint"},
                 {"d", "double"},
                 {"s", "string"},
                 {"t", "timestamp"},
                 {"span", "duration"},
                 {"bytes_", "bytes"},
                 {"ints", "list(int)"},
                 {"words", "list(string)"},
                 {"any", "list(dyn)"},
                 {"labels", "map(string, string)"},
                 {"deep", "map(string, list(map(string, int)))"},
                 {"maybe", "optional_type(int)"},
                 {"wrapped", "wrapper(int)"},
                 {"a.b", "list(string)"}};
#define VARIABLE_COUNT (sizeof variables / sizeof *variables)

static berm_declarations declarations;
static berm_declared declared[VARIABLE_COUNT];

/* Declarations are read once and shared by many checks, as an engine does. */
static void prepare_declarations(void)
{
    if (declarations.functions.count > 0 && declarations.types.terms.count < TERMS_KEPT) return;
    berm_declarations_free(&declarations);
    REQUIRE(berm_declarations_init(&declarations, &berm_alloc_libc) == BERM_OK);
    for (size_t k = 0; k < VARIABLE_COUNT; k++) {
        berm_type type = berm_declare_type(&declarations, berm_str_of(variables[k].type));
        REQUIRE(type != BERM_TYPE_FREE);
        declared[k] = (berm_declared){berm_str_of(variables[k].name), type};
    }
}

typedef struct parsed_text {
    berm_ast ast;
    berm_diags *diags;
    berm_status status;
} parsed_text;

static void parse_input(parsed_text *p, berm_str text)
{
    static const berm_cel_options options = {.test_macros = true};
    size_t count;
    p->diags = berm_diags_new(&berm_alloc_libc);
    REQUIRE(p->diags && berm_diags_source(p->diags, BERM_STR("input"), text) == 0);
    berm_ast_init(&p->ast, &berm_alloc_libc);
    p->status = berm_cel_parse(&p->ast, text, &options, NULL, p->diags);
    berm_diags_list(p->diags, &count);
    REQUIRE((p->status == BERM_OK) == (count == 0));
    REQUIRE((p->status == BERM_OK) == (p->ast.root != 0));
}

static void drop_input(parsed_text *p)
{
    berm_ast_free(&p->ast);
    berm_diags_drop(p->diags);
}

/* The number of diagnostics; with none the type is set. Their places are in the text. */
static size_t check_tree(parsed_text *p, berm_type *type)
{
    const berm_check_env env = {.declarations = &declarations,
                                .variables = declared,
                                .count = VARIABLE_COUNT};
    size_t count;
    berm_status status = berm_cel_check(&p->ast, &env, NULL, p->diags, type);
    const berm_diag *list = berm_diags_list(p->diags, &count);
    REQUIRE(status == (count ? BERM_E_POLICY : BERM_OK));
    for (size_t k = 0; k < count; k++) {
        REQUIRE(list[k].line > 0 && list[k].column > 0 && list[k].message.len > 0);
        REQUIRE(list[k].end_line > list[k].line || list[k].end_column >= list[k].column);
    }
    return count;
}

/* Each type can be printed, and the text of a closed one without abstract types is that type. */
static void print_types(const parsed_text *p)
{
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    for (uint32_t n = 1; n < p->ast.nodes.count; n++) {
        out.len = 0;
        berm_types_print(&out, &declarations.types, p->ast.nodes.items[n].type);
        REQUIRE(!out.failed && out.len > 0);
    }
    berm_text_free(&out);
}

static void check_both(parsed_text *p, parsed_text *q)
{
    berm_type type = BERM_TYPE_DYN, again = BERM_TYPE_DYN;
    prepare_declarations();
    size_t faults = check_tree(p, &type);
    REQUIRE(check_tree(q, &again) == faults);
    REQUIRE(faults > 0 || type == again);
    print_types(p);
}

static void print_and_check(parsed_text *p)
{
    berm_text printed, again;
    parsed_text q;
    berm_text_init(&printed, &berm_alloc_libc);
    berm_text_init(&again, &berm_alloc_libc);
    REQUIRE(berm_cel_unparse(&printed, &p->ast, p->ast.root));
    berm_str text = berm_text_view(&printed);
    if (text.len <= BERM_CEL_CODE_POINTS_MAX) {
        parse_input(&q, text);
        REQUIRE(q.status == BERM_OK);
        REQUIRE(berm_ast_equal(&p->ast, p->ast.root, &q.ast, q.ast.root));
        REQUIRE(berm_cel_unparse(&again, &q.ast, q.ast.root));
        REQUIRE(berm_str_equal(text, berm_text_view(&again)));
        check_both(p, &q);
        drop_input(&q);
    }
    berm_text_free(&printed);
    berm_text_free(&again);
}

static void check_expression(berm_str text)
{
    parsed_text p;
    parse_input(&p, text);
    if (p.status == BERM_OK) print_and_check(&p);
    drop_input(&p);
}

#endif
