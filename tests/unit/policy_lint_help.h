/* For the tests of lint: a text to what is said of it. */
#ifndef TEST_POLICY_LINT_HELP_H
#define TEST_POLICY_LINT_HELP_H

#include "base_alloc.h"
#include "policy_build_help.h"

static inline berm_status lint_hosted(const berm_alloc *alloc, const char *text, uint32_t flags,
                                      const berm_hosts *hosts, berm_text *out)
{
    const berm_source source = {.size = sizeof source,
                                .name = BERM_STR("p.yaml"),
                                .text = berm_str_of(text)};
    const berm_compile_input input = {.size = sizeof input,
                                      .sources = &source,
                                      .source_count = 1,
                                      .flags = flags};
    unsigned char *bytes = NULL;
    size_t len = 0;
    berm_error err = {0};
    berm_diags *diags = berm_diags_new(alloc);
    if (!diags) return BERM_E_NOMEM;
    berm_status status =
        berm_policy_build(&(berm_build_terms){.alloc = alloc, .hosts = hosts, .lint = true}, &input,
                          diags, &bytes, &len, &err);
    berm_mem_free(alloc, bytes, len);
    print_diags(out, diags);
    berm_diags_drop(diags);
    return status;
}

static inline berm_status lint_with(const berm_alloc *alloc, const char *text, uint32_t flags,
                                    berm_text *out)
{
    return lint_hosted(alloc, text, flags, NULL, out);
}

static inline void expect_lint(const char *text, const char *wanted)
{
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    (void)lint_with(&berm_alloc_libc, text, 0, &out);
    berm_text_putc(&out, '\0');
    assert_string_equal(out.ptr, wanted);
    berm_text_free(&out);
}

/* A guardrail of which nothing is to be said, but for `more`. */
#define LINT_HEAD \
    "guardrail: g\ntitle: T\nremediation: r\nmatch: {kinds: [thing]}\n" \
    "tests: [{name: t, object: {a: 1}, expect: {v: fail}}]\n"
#define LINT_EXPRESSION(expression) \
    LINT_HEAD "validations: [{name: v, message: m, expression: \"" expression "\"}]\n"
/* where `expression` begins */
#define LINT_AT "6:50 "

#endif
