/* What the tests of the compile side share: texts to diagnostics, or to an image. */
#ifndef TEST_POLICY_HELP_H
#define TEST_POLICY_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/limits.h"
#include "policy/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct compiled {
    berm_status status;
    berm_diags *diags;
    unsigned char *bytes;
    size_t len;
    berm_image image;
    berm_error err;
} compiled;

static inline compiled compile_sources(const berm_source *sources, size_t count, uint32_t flags)
{
    compiled c = {.diags = berm_diags_new(&berm_alloc_libc)};
    berm_compile_input input = {.size = sizeof input,
                                .sources = sources,
                                .source_count = count,
                                .flags = flags};
    c.status = berm_policy_build(&(berm_build_terms){.alloc = &berm_alloc_libc}, &input, c.diags,
                                 &c.bytes, &c.len, &c.err);
    if (c.status == BERM_OK) {
        berm_error err = {0};
        berm_status opened = berm_image_open(&berm_alloc_libc, c.bytes, c.len, &c.image, &err);
        if (opened != BERM_OK) fail_msg("the image does not open: %s", err.message);
    }
    return c;
}

static inline compiled compile_text(const char *text)
{
    berm_source source = {.size = sizeof source,
                          .name = BERM_STR("p.yaml"),
                          .text = berm_str_of(text),
                          .role = BERM_ROLE_POLICY};
    return compile_sources(&source, 1, 0);
}

static inline void drop_compiled(compiled *c)
{
    berm_mem_free(&berm_alloc_libc, c->bytes, c->len);
    berm_diags_drop(c->diags);
}

/* Every diagnostic as "code:line:column message\n", so that a failing test shows what there was. */
static inline void print_diags(berm_text *out, const berm_diags *diags)
{
    size_t count;
    const berm_diag *list = berm_diags_list(diags, &count);
    for (size_t i = 0; i < count; i++) {
        berm_text_format(out, "%S:%u:%u %S\n", list[i].code, list[i].line, list[i].column,
                         list[i].message);
    }
}

/* What was said of a set, which is then dropped; faults or not. */
static inline void expect_said_of(compiled *c, const char *wanted)
{
    berm_text got;
    berm_text_init(&got, &berm_alloc_libc);
    print_diags(&got, c->diags);
    berm_text_putc(&got, '\0');
    assert_false(got.failed);
    assert_string_equal(got.ptr, wanted);
    berm_text_free(&got);
    drop_compiled(c);
}

static inline void expect_diags(const char *text, const char *wanted)
{
    compiled c = compile_text(text);
    assert_int_equal(c.status, *wanted ? BERM_E_POLICY : BERM_OK);
    expect_said_of(&c, wanted);
}

/* The image of policies that must compile. */
static inline compiled compile_fine(const char *text)
{
    compiled c = compile_text(text);
    if (c.status != BERM_OK) fail_msg("%s", c.err.message);
    return c;
}

static inline berm_str image_text(const compiled *c, berm_text_ref ref)
{
    return berm_image_text(&c->image, ref);
}

#define assert_text(c, ref, wanted) \
    do { \
        berm_str text_ = image_text((c), (ref)); \
        assert_int_equal(text_.len, strlen(wanted)); \
        assert_memory_equal(text_.ptr, wanted, text_.len); \
    } while (0)

/* A whole guardrail around what a test is about. */
#define GUARDRAIL_HEAD "guardrail: g\ntitle: T\nmatch: {kinds: [a]}\n"
#define GUARDRAIL_RULE "validations: [{name: v, expression: 'true'}]\n"

#endif
