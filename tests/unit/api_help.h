/* What the tests of the public functions share: engines whose allocations are counted and fail, and
   what a call that refuses its arguments must say. */
#ifndef BERM_TESTS_API_HELP_H
#define BERM_TESTS_API_HELP_H

#include "base_alloc.h"

#include <berm/berm.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static inline berm_str str_of(const char *text)
{
    return (berm_str){text, strlen(text)};
}

/* `call` fills `err`, a berm_error: it says what status, and in which words. The same call without
   an err is expected by the caller where that matters. */
#define expect_failure(err, call, wanted, words) \
    do { \
        (err) = (berm_error){0}; \
        assert_int_equal((call), (wanted)); \
        assert_int_equal((err).status, (wanted)); \
        assert_string_equal((err).message, (words)); \
    } while (0)
#define expect_refused(err, call, words) expect_failure(err, call, BERM_E_ARGUMENT, words)

static inline berm_engine *counted_engine(counted_heap *heap, const berm_limits *limits)
{
    berm_alloc alloc = counted_alloc(heap);
    berm_engine_options options = {.size = sizeof options, .alloc = &alloc, .limits = limits};
    berm_engine *engine = NULL;
    assert_int_equal(berm_engine_new(&options, &engine, NULL), BERM_OK);
    return engine;
}

static inline berm_policy *compiled_by(berm_engine *engine, const char *text, uint32_t flags)
{
    berm_source source = {.size = sizeof source, .name = str_of("p.yaml"), .text = str_of(text)};
    berm_compile_input input = {.size = sizeof input,
                                .sources = &source,
                                .source_count = 1,
                                .flags = flags};
    berm_policy *policy = NULL;
    berm_error err = {0};
    if (berm_policy_compile(engine, &input, &policy, NULL, &err)) fail_msg("%s", err.message);
    return policy;
}

static inline berm_doc *read_by(berm_engine *engine, const char *text)
{
    berm_doc_options how = {.size = sizeof how, .name = str_of("doc")};
    berm_doc *doc = NULL;
    berm_error err = {0};
    if (berm_doc_parse(engine, str_of(text), &how, &doc, NULL, &err)) fail_msg("%s", err.message);
    return doc;
}

/* --- texts that a sink gets --- */

typedef struct said_text {
    char *ptr;
    size_t len;
    bool refuses; /* the sink says no */
} said_text;

static inline int keep_said(void *ctx, const char *ptr, size_t len)
{
    said_text *said = ctx;
    if (said->refuses) return 1;
    char *more = realloc(said->ptr, said->len + len + 1);
    if (!more) return 1;
    memcpy(more + said->len, ptr, len);
    said->ptr = more;
    said->len += len;
    more[said->len] = '\0';
    return 0;
}

static inline berm_sink sink_into(said_text *said)
{
    return (berm_sink){keep_said, said};
}

static inline void drop_said(said_text *said)
{
    free(said->ptr);
    *said = (said_text){0};
}

/* --- failing allocations --- */

typedef struct alloc_case {
    counted_heap *heap;
    /* does and undoes everything; what it says goes into `said` */
    berm_status (*run)(void *ctx, said_text *said);
    void *ctx;
    /* of the allocations that fail, each alone; 0: every one, also with all that come after it */
    size_t first, last;
} alloc_case;

static inline void expect_run(const alloc_case *c, const said_text *whole, size_t nth, bool once)
{
    said_text said = {0};
    size_t before = c->heap->in_use;
    c->heap->calls = 0;
    c->heap->fail_at = nth;
    c->heap->once = once;
    berm_status status = c->run(c->ctx, &said);
    c->heap->fail_at = 0;
    c->heap->once = 0;
    assert_false(c->heap->wrong_len);
    if (c->heap->in_use != before) fail_msg("allocation %zu: something is not freed", nth);
    if (status == BERM_OK) { /* done without: then nothing may be missing */
        assert_int_equal(said.len, whole->len);
        if (said.len) assert_memory_equal(said.ptr, whole->ptr, said.len);
    } else {
        if (status != BERM_E_NOMEM) fail_msg("allocation %zu: status %d", nth, (int)status);
    }
    drop_said(&said);
}

/* Whatever allocation fails, alone or with all that come after it, the run says BERM_E_NOMEM and
   frees what it had, or comes to the same outcome as with memory. */
static inline void expect_alloc_failures(const alloc_case *c)
{
    said_text whole = {0};
    size_t before = c->heap->in_use;
    c->heap->calls = 0;
    berm_status fine = c->run(c->ctx, &whole);
    if (fine) fail_msg("with memory: status %d %s", (int)fine, whole.ptr ? whole.ptr : "");
    assert_int_equal(c->heap->in_use, before);
    size_t last = c->heap->calls;
    assert_true(last > 0 && c->first <= last);
    if (c->last && c->last < last) last = c->last;
    for (size_t nth = c->first ? c->first : 1; nth <= last; nth++) {
        expect_run(c, &whole, nth, true);
        if (!c->first) expect_run(c, &whole, nth, false);
    }
    drop_said(&whole);
}

#endif
