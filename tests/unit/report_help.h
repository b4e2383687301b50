/* For the tests of reports: a run over some documents, and a report with an allocator that counts. */
#ifndef TEST_REPORT_HELP_H
#define TEST_REPORT_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base_alloc.h"

#include "data/limits.h"
#include "report/report.h"

#define NOVEMBER ((berm_time){1795824000, 0}) /* 2026-11-28 */

/* A target of its own, so that the built-in ones need not be compiled. */
#define SHOP \
    "target: shop\ntitle: Shop\ndetect: 'true'\n" \
    "resources: [{path: '[*]', kind: item.kind, name: item.name, address: item.name, tags: " \
    "'item.?tags.orValue({})'}]\n"

typedef struct judged {
    berm_policy *policy;
    berm_runner *runner;
    berm_doc *doc;
    berm_input input;
    berm_run run;
    berm_decision decision; /* a copy: findings may be changed */
} judged;

static inline berm_policy *policy_of(const char *text)
{
    const berm_source source = {.size = sizeof source,
                                .name = BERM_STR("set.yaml"),
                                .text = berm_str_of(text)};
    const berm_compile_input input = {.size = sizeof input,
                                      .sources = &source,
                                      .source_count = 1,
                                      .flags = BERM_COMPILE_NO_BUILTINS};
    berm_diags *diags = berm_diags_new(&berm_alloc_libc);
    unsigned char *bytes = NULL;
    size_t len = 0;
    berm_error err = {0};
    berm_policy *policy = NULL;
    if (berm_policy_build(&(berm_build_terms){.alloc = &berm_alloc_libc}, &input, diags, &bytes,
                          &len, &err))
        fail_msg("%s", err.message);
    berm_diags_drop(diags);
    assert_int_equal(
        berm_policy_from_bytes(&berm_alloc_libc, bytes, len, (berm_loan){0}, &policy, &err),
        BERM_OK);
    return policy;
}

static inline berm_doc *doc_of(const char *name, const char *text)
{
    const berm_limits limits = berm_limits_resolve(NULL);
    const berm_read read = {.alloc = &berm_alloc_libc,
                            .limits = &limits,
                            .name = berm_str_of(name),
                            .text = berm_str_of(text),
                            .format = BERM_FORMAT_YAML};
    berm_error err = {0};
    berm_doc *doc = NULL;
    if (berm_doc_read(&read, &doc, &err)) fail_msg("%s", err.message);
    return doc;
}

static inline void judge(judged *j, const char *set, const char *name, const char *text)
{
    *j = (judged){.policy = policy_of(set), .doc = doc_of(name, text)};
    j->input = (berm_input){.size = sizeof j->input, .doc = j->doc};
    j->run = (berm_run){.size = sizeof j->run,
                        .policy = j->policy,
                        .inputs = &j->input,
                        .input_count = 1,
                        .now = NOVEMBER,
                        .flags = BERM_RUN_PASSES | BERM_RUN_TAGS | BERM_RUN_DIGESTS};
    const berm_decision *decision = NULL;
    berm_error err = {0};
    assert_int_equal(berm_runner_new(&berm_alloc_libc, NULL, &j->runner), BERM_OK);
    if (berm_runner_run(j->runner, &j->run, &decision, &err)) fail_msg("%s", err.message);
    j->decision = *decision;
}

static inline void drop_judged(judged *j)
{
    berm_runner_free(j->runner);
    berm_doc_drop(j->doc);
    berm_policy_unhold(j->policy);
}

static inline void report_begin(berm_report *report, const berm_alloc *alloc)
{
    *report = (berm_report){.alloc = *alloc, .output_len = 1u << 30};
    berm_arena_init(&report->arena, &report->alloc);
}

/* The report, as berm_report_write does: false when memory ends. */
static inline bool put_report(berm_text *out, berm_report *report, uint32_t format, uint32_t flags)
{
    berm_report_sort(report);
    return berm_report_find_format(format)->write(out, report, flags);
}

/* As a C text that the caller frees with berm_text_free. */
static inline berm_text written(berm_report *report, uint32_t format, uint32_t flags)
{
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    assert_true(put_report(&out, report, format, flags));
    berm_text_putc(&out, '\0');
    return out;
}

/* Some of the report's text is `part`. */
static inline void expect_part(berm_report *report, uint32_t format, uint32_t flags,
                               const char *part)
{
    berm_text out = written(report, format, flags);
    if (!strstr(out.ptr, part)) fail_msg("no %s\nin %.3000s", part, out.ptr);
    berm_text_free(&out);
}

static inline void expect_no_part(berm_report *report, uint32_t format, uint32_t flags,
                                  const char *part)
{
    berm_text out = written(report, format, flags);
    if (strstr(out.ptr, part)) fail_msg("%s\nin %s", part, out.ptr);
    berm_text_free(&out);
}

/* One format; each allocation fails alone (once), or with all that come after it: a report is whole
   or it is refused. Of many allocations the first and the last ones: those between are each
   entry's. */
#define EACH_ALLOCATION_MAX 40u
static inline void expect_format_whole(berm_report *report, counted_heap *heap, uint32_t format,
                                       bool once)
{
    berm_text whole;
    berm_text_init(&whole, &report->alloc);
    heap->calls = 0;
    assert_true(put_report(&whole, report, format, BERM_REPORT_VERBOSE));
    size_t all = heap->calls, before = heap->in_use;
    for (size_t nth = 1; nth <= all; nth++) {
        berm_text out;
        heap->calls = 0;
        heap->fail_at = nth;
        heap->once = once;
        berm_text_init(&out, &report->alloc);
        bool made = put_report(&out, report, format, BERM_REPORT_VERBOSE);
        heap->fail_at = 0;
        if (made) assert_true(berm_str_equal(berm_text_view(&out), berm_text_view(&whole)));
        berm_text_free(&out);
        assert_int_equal(heap->in_use, before);
        assert_false(heap->wrong_len);
        if (nth == EACH_ALLOCATION_MAX && all > 2 * nth) nth = all - nth;
    }
    berm_text_free(&whole);
}

static inline void expect_whole_or_refused(berm_report *report, counted_heap *heap)
{
    for (uint32_t format = 0; format < BERM_REPORT_FORMAT_COUNT; format++) {
        expect_format_whole(report, heap, format, true);
        expect_format_whole(report, heap, format, false);
    }
}

#endif
