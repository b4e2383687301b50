/* berm test: the guardrails' own tests, and what they reach. */
#include "tally.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static berm_str copy_text(berm_str text)
{
    char *copy = malloc(text.len + 1);
    if (!copy) return (berm_str){NULL, 0};
    if (text.len) memcpy(copy, text.ptr, text.len);
    copy[text.len] = 0;
    return (berm_str){copy, text.len};
}

static void free_text(berm_str text)
{
    free((char *)(uintptr_t)text.ptr);
}

/* Room for one more item of `len` bytes; NULL when memory ends. */
static void *grow(void **items, size_t count, size_t len)
{
    if ((count & (count - 1)) == 0) { /* full at each power of two */
        void *more = realloc(*items, (count ? 2 * count : 1) * len);
        if (!more) return NULL;
        *items = more;
    }
    return (char *)*items + count * len;
}

static int keep_result(void *ctx, const berm_test_result *r)
{
    tally *t = ctx;
    berm_test_result *kept = grow((void **)&t->results, t->result_count, sizeof *kept);
    if (!kept) return -1;
    t->result_count++;
    *kept = *r;
    kept->guardrail = copy_text(r->guardrail);
    kept->name = copy_text(r->name);
    kept->source = copy_text(r->source);
    kept->message = copy_text(r->message);
    if (r->passed) t->passed++;
    else t->failed++;
    return 0;
}

static int keep_point(void *ctx, const berm_coverage_point *p)
{
    tally *t = ctx;
    berm_coverage_point *kept = grow((void **)&t->points, t->point_count, sizeof *kept);
    if (!kept) return -1;
    t->point_count++;
    *kept = *p;
    kept->guardrail = copy_text(p->guardrail);
    kept->source = copy_text(p->source);
    kept->expression = copy_text(p->expression);
    return 0;
}

static void free_tally(tally *t)
{
    for (size_t i = 0; i < t->result_count; i++) {
        free_text(t->results[i].guardrail), free_text(t->results[i].name);
        free_text(t->results[i].source), free_text(t->results[i].message);
    }
    for (size_t i = 0; i < t->point_count; i++) {
        free_text(t->points[i].guardrail), free_text(t->points[i].source);
        free_text(t->points[i].expression);
    }
    free(t->results);
    free(t->points);
}

static void print_results(const tally *t, FILE *out)
{
    for (size_t i = 0; i < t->result_count; i++) {
        const berm_test_result *r = &t->results[i];
        if (r->passed && !t->o->verbose) continue;
        fprintf(out, "%s %.*s: %.*s\n", r->passed ? "ok  " : "FAIL", (int)r->guardrail.len,
                r->guardrail.ptr, (int)r->name.len, r->name.ptr);
        if (!r->passed)
            fprintf(out, "  --> %.*s:%u\n  %.*s\n", (int)r->source.len, r->source.ptr, r->line,
                    (int)r->message.len, r->message.ptr);
    }
    if (t->o->coverage) print_coverage(t, out);
    fprintf(out, "%zu passed, %zu failed\n", t->passed, t->failed);
}

static int write_tally(const tally *t, const output *to)
{
    FILE *out = to->path ? fopen(to->path, "wb") : stdout;
    if (!out) {
        fprintf(stderr, "berm: %s: %s\n", to->path, strerror(errno));
        return EXIT_BROKEN;
    }
    if (to->format == BERM_REPORT_JSON) print_tally_json(t, out);
    else print_results(t, out);
    bool broken = ferror(out) != 0;
    if (to->path ? fclose(out) : fflush(out)) broken = true;
    if (broken) fprintf(stderr, "berm: the results could not be written: %s\n", strerror(errno));
    return broken ? EXIT_BROKEN : EXIT_PASSED;
}

static int run_tests(tally *t, const berm_policy *policy)
{
    berm_error err = {0};
    int worst = EXIT_PASSED;
    if (t->o->coverage ? berm_policy_coverage(policy, keep_result, keep_point, t, &err)
                       : berm_policy_test(policy, keep_result, t, &err)) {
        print_error("the tests", &err);
        return EXIT_BROKEN;
    }
    for (size_t i = 0; i < t->o->output_count && !worst; i++)
        worst = write_tally(t, &t->o->outputs[i]);
    if (worst) return worst;
    return t->failed || !reaches_minimum(t) ? EXIT_VIOLATED : EXIT_PASSED;
}

int run_test(const options *o)
{
    if (o->test_format && o->verify_key) {
        fprintf(stderr, "berm: --verify-key does not go with --format: suites name their own "
                        "policies, which are not signed\n");
        return EXIT_USAGE;
    }
    if (o->test_format) return run_suites(o);
    const path_list *paths = o->policies.count ? &o->policies : &o->inputs;
    if (!paths->count) {
        fprintf(stderr, "berm: test needs policy files or directories\n");
        return EXIT_USAGE;
    }
    berm_engine *engine = make_engine(o);
    if (!engine) return EXIT_BROKEN;
    berm_policy *policy;
    tally t = {.o = o};
    int code = compile_set(engine, o, paths, 0, &policy);
    if (!code) {
        code = run_tests(&t, policy);
        free_tally(&t);
        berm_policy_unref(policy);
    }
    berm_engine_unref(engine);
    return code;
}
