/* What the tests of lib/code share: expressions to blocks to images. */
#ifndef TEST_CODE_HELP_H
#define TEST_CODE_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cel/parser.h"
#include "code/codegen.h"
#include "code/image_layout.h"

#include <stdlib.h>
#include <string.h>

/* What the expressions of the tests see. */
static const berm_binding code_bindings[] = {
    {.name = {"object", 6}, .sort = BERM_BIND_SLOT, .index = 0},
    {.name = {"params", 6}, .sort = BERM_BIND_SLOT, .index = 1},
    {.name = {"a", 1}, .sort = BERM_BIND_SLOT, .index = 2},
    {.name = {"b", 1}, .sort = BERM_BIND_SLOT, .index = 3},
    {.name = {"c", 1}, .sort = BERM_BIND_SLOT, .index = 4},
    {.name = {"x.y", 3}, .sort = BERM_BIND_SLOT, .index = 5},
    {.name = {"com.example.z", 13}, .sort = BERM_BIND_SLOT, .index = 6},
};
static const berm_scope code_scope = {.bindings = code_bindings,
                                      .count = sizeof code_bindings / sizeof *code_bindings};

/* A program being compiled. */
typedef struct code_program {
    berm_alloc alloc;
    berm_diags *diags;
    berm_codegen gen;
    berm_expr_origin origin;
    berm_cel_origin cel_origin;
    unsigned char *bytes;
    size_t len;
    berm_image image;
} code_program;

static inline void program_begin(code_program *p, const berm_alloc *alloc)
{
    *p = (code_program){.alloc = *alloc};
    p->diags = berm_diags_new(&p->alloc);
    berm_codegen_init(&p->gen, &p->alloc, p->diags);
    berm_img_source row = {berm_codegen_text(&p->gen, BERM_STR("test"))};
    if (!berm_array_push(&p->alloc, &p->gen.sources, row)) {
        p->gen.failed = true;
        p->gen.status = BERM_E_NOMEM;
    }
    p->origin = (berm_expr_origin){.line = 1, .column = 1};
}

static inline void program_end(code_program *p)
{
    berm_mem_free(&p->alloc, p->bytes, p->len);
    berm_codegen_free(&p->gen);
    berm_diags_drop(p->diags);
}

static inline berm_status program_parse(code_program *p, berm_ast *ast, const char *text)
{
    static const berm_cel_options options = {.test_macros = true};
    berm_ast_init(ast, &p->alloc);
    if (!p->diags) return BERM_E_NOMEM;
    uint32_t source = berm_diags_source(p->diags, BERM_STR("test"), berm_str_of(text));
    if (source == BERM_NO_SOURCE) return BERM_E_NOMEM;
    p->cel_origin = (berm_cel_origin){.source = source};
    p->origin.diag_origin = &p->cel_origin;
    return berm_cel_parse(ast, berm_str_of(text), &options, &p->cel_origin, p->diags);
}

static inline berm_status program_add(code_program *p, const char *text, const berm_scope *scope,
                                      uint32_t *block)
{
    berm_ast ast;
    *block = BERM_NO_ROW;
    berm_status status = program_parse(p, &ast, text);
    if (status == BERM_OK) status = berm_lower(&p->gen, &ast, scope, &p->origin, block);
    berm_ast_free(&ast);
    return status;
}

static inline berm_status program_link(code_program *p, berm_error *err)
{
    berm_status status = berm_codegen_link(&p->gen, &p->bytes, &p->len);
    if (status != BERM_OK) return status;
    return berm_image_open(&p->alloc, p->bytes, p->len, &p->image, err);
}

/* The first diagnostic's code, "" without one. */
static inline berm_str program_code(const code_program *p)
{
    size_t count;
    const berm_diag *list = berm_diags_list(p->diags, &count);
    return count ? list[0].code : BERM_STR("");
}

static inline berm_str program_message(const code_program *p)
{
    size_t count;
    const berm_diag *list = berm_diags_list(p->diags, &count);
    return count ? list[0].message : BERM_STR("");
}

#define assert_str(actual, expected) \
    do { \
        berm_str str_ = (actual); \
        assert_int_equal(str_.len, strlen(expected)); \
        assert_memory_equal(str_.ptr, expected, str_.len); \
    } while (0)

#endif
