/* What the tests of the checker share: expressions in, types and diagnostics out. */
#ifndef BERM_TESTS_CEL_CHECK_SUPPORT_H
#define BERM_TESTS_CEL_CHECK_SUPPORT_H

#include "cel/check.h"
#include "cel_support.h"

/* The declarations of the tests: what each variable's name says. */
static const struct check_name {
    const char *name, *type;
} check_names[] = {
    {"object", "dyn"},
    {"b", "bool"},
    {"i", "int"},
    {"u", "uint"},
    {"d", "double"},
    {"s", "string"},
    {"t", "timestamp"},
    {"span", "duration"},
    {"ints", "list(int)"},
    {"words", "list(string)"},
    {"any", "list(dyn)"},
    {"labels", "map(string, string)"},
    {"deep", "map(string, list(map(string, int)))"},
    {"maybe", "optional_type(int)"},
    {"img", "berm.Image"},
    {"wrapped", "wrapper(int)"},
    {"params.size", "int"},
    {"params", "map(string, dyn)"},
    {"com.example.x", "int"},
};
#define CHECK_NAME_COUNT (sizeof check_names / sizeof *check_names)

typedef struct check_world {
    berm_declarations declarations;
    berm_declared names[CHECK_NAME_COUNT];
    berm_check_env env;
} check_world;

static inline berm_status begin_world(check_world *world, const berm_alloc *alloc)
{
    berm_status status = berm_declarations_init(&world->declarations, alloc);
    for (size_t k = 0; k < CHECK_NAME_COUNT; k++) {
        berm_type type = BERM_TYPE_DYN;
        if (status == BERM_OK) {
            type = berm_declare_type(&world->declarations, berm_str_of(check_names[k].type));
        }
        world->names[k] = (berm_declared){berm_str_of(check_names[k].name), type};
    }
    world->env = (berm_check_env){.declarations = &world->declarations,
                                  .variables = world->names,
                                  .count = CHECK_NAME_COUNT};
    return status;
}

static inline check_world *make_world(void)
{
    static check_world world;
    assert_int_equal(begin_world(&world, &berm_alloc_libc), BERM_OK);
    for (size_t k = 0; k < CHECK_NAME_COUNT; k++) {
        assert_int_not_equal(world.names[k].type, BERM_TYPE_FREE);
    }
    return &world;
}

static inline void drop_world(check_world *world)
{
    berm_declarations_free(&world->declarations);
}

/* "type\n", or a line for each diagnostic. */
static inline void put_checked(berm_text *out, check_world *world, berm_str text,
                               const berm_cel_options *options)
{
    parsed p = parse_with(text, options);
    berm_type type = BERM_TYPE_DYN;
    size_t count;
    if (p.status == BERM_OK) {
        p.status = berm_cel_check(&p.ast, &world->env, NULL, p.diags, &type);
    }
    const berm_diag *list = berm_diags_list(p.diags, &count);
    assert_int_equal(p.status == BERM_OK, count == 0);
    if (p.status == BERM_OK) {
        berm_types_print(out, &world->declarations.types, type);
        berm_text_putc(out, '\n');
    }
    for (size_t k = 0; k < count; k++) {
        berm_text_format(out, "%u:%u-%u:%u %S %S\n", list[k].line, list[k].column, list[k].end_line,
                         list[k].end_column, list[k].code, list[k].message);
    }
    drop_parsed(&p);
}

/* `wanted` without the line break at its end. */
static inline void expect_checked_with(check_world *world, const char *text,
                                       const berm_cel_options *options, const char *wanted)
{
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    put_checked(&out, world, berm_str_of(text), options);
    out.ptr[out.len - 1] = '\0';
    if (strcmp(out.ptr, wanted) != 0) fail_msg("%s\n  is   %s\n  not  %s", text, out.ptr, wanted);
    berm_text_free(&out);
}

static inline void expect_checked(check_world *world, const char *text, const char *wanted)
{
    expect_checked_with(world, text, NULL, wanted);
}

typedef struct checked_case {
    const char *text, *wanted;
} checked_case;

static inline void expect_all_checked(const checked_case *cases, size_t count)
{
    check_world *world = make_world();
    for (size_t k = 0; k < count; k++) expect_checked(world, cases[k].text, cases[k].wanted);
    drop_world(world);
}

/* Every allocation fails in turn, from the declarations to the end of checking: that one alone, and
   that one with all behind it. */
typedef struct failing_heap {
    counted_heap heap;
    bool once, failed;
} failing_heap;

static inline void *resize_failing(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
    failing_heap *failing = ctx;
    void *block = resize_counted(&failing->heap, ptr, old_len, new_len);
    if (block || new_len == 0) return block;
    failing->failed = true;
    if (failing->once) failing->heap.fail_at = 0;
    return NULL;
}

static inline bool check_failing(const char *text, size_t at, bool once)
{
    static check_world world;
    failing_heap failing = {.heap = {.fail_at = at}, .once = once};
    berm_alloc alloc = {resize_failing, &failing};
    berm_ast ast;
    berm_ast_init(&ast, &alloc);
    berm_status status = begin_world(&world, &alloc);
    berm_diags *diags = berm_diags_new(&alloc);
    if (!diags) status = BERM_E_NOMEM;
    if (status == BERM_OK) status = berm_cel_parse(&ast, berm_str_of(text), NULL, NULL, diags);
    if (status == BERM_OK) status = berm_cel_check(&ast, &world.env, NULL, diags, NULL);
    if (failing.failed && status != BERM_E_NOMEM) {
        fail_msg("%s: allocation %zu: %d", text, at, (int)status);
    }
    berm_diags_drop(diags);
    berm_ast_free(&ast);
    berm_declarations_free(&world.declarations);
    assert_int_equal(failing.heap.in_use, 0);
    assert_false(failing.heap.wrong_len);
    return failing.failed;
}

static inline void expect_failing_allocations(const char *text)
{
    for (unsigned once = 0; once < 2; once++) {
        size_t at = 1;
        while (check_failing(text, at, once)) at++;
        assert_true(at > 20);
    }
}

#endif
