/* For the tests of single stages: a build with one source read, without compiling it. */
#ifndef TEST_POLICY_BUILD_HELP_H
#define TEST_POLICY_BUILD_HELP_H

#include "policy_help.h"

#include "policy/model.h"

typedef struct stage {
    berm_build build;
    berm_model model;
    berm_policy_file file;
} stage;

/* `text` is read as YAML, or as JSON when it starts so. */
static inline void stage_begin(stage *s, const char *text)
{
    *s = (stage){0};
    berm_build *build = &s->build;
    build->alloc = &berm_alloc_libc;
    build->limits = berm_limits_resolve(NULL);
    build->diags = berm_diags_new(&berm_alloc_libc);
    build->model = &s->model;
    berm_arena_init(&build->arena, &berm_alloc_libc);
    berm_space_init(&build->space, &berm_alloc_libc, build->limits.memory_len);
    berm_codegen_init(&build->gen, &berm_alloc_libc, build->diags);
    berm_model_init(&s->model, &berm_alloc_libc);
    s->file = (berm_policy_file){.name = BERM_STR("s.yaml"), .text = berm_str_of(text)};
    s->file.diag_source = berm_diags_source(build->diags, s->file.name, s->file.text);
    berm_error err = {0};
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &build->limits,
                      .name = text[0] == '{' && text[1] == '"' ? BERM_STR("s.json") : s->file.name,
                      .text = s->file.text};
    if (berm_doc_read(&read, &s->file.doc, &err) != BERM_OK) fail_msg("%s", err.message);
    s->file.store = berm_space_add(&build->space, &s->file.doc->store);
}

static inline berm_part stage_root(const stage *s)
{
    return (berm_part){&s->file, &s->file.doc->roots[0]};
}

static inline void stage_end(stage *s)
{
    berm_build *build = &s->build;
    if (build->vm) berm_vm_free(build->vm);
    berm_model_free(&s->model, &berm_alloc_libc);
    berm_codegen_free(&build->gen);
    berm_space_free(&build->space);
    berm_doc_drop(s->file.doc);
    berm_arena_free(&build->arena);
    berm_diags_drop(build->diags);
}

/* What was reported so far, one line each; lives until the next call. */
static inline const char *stage_diags(const stage *s)
{
    static char text[4096];
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    print_diags(&out, s->build.diags);
    assert_true(out.len < sizeof text);
    if (out.len) memcpy(text, out.ptr, out.len);
    text[out.len] = '\0';
    berm_text_free(&out);
    return text;
}

#endif
