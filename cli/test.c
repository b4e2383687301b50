#include "cli.h"

typedef struct test_tally {
    const options *o;
    size_t passed, failed;
} test_tally;

static int show_result(void *ctx, const berm_test_result *r)
{
    test_tally *tally = ctx;
    if (r->passed) tally->passed++;
    else tally->failed++;
    if (r->passed && !tally->o->verbose) return 0;
    printf("%s %.*s: %.*s\n", r->passed ? "ok  " : "FAIL", (int)r->guardrail.len, r->guardrail.ptr,
           (int)r->name.len, r->name.ptr);
    if (!r->passed)
        printf("  --> %.*s:%u\n  %.*s\n", (int)r->source.len, r->source.ptr, r->line,
               (int)r->message.len, r->message.ptr);
    return 0;
}

int run_test(const options *o)
{
    if (o->test_format) return run_suites(o);
    const path_list *paths = o->policies.count ? &o->policies : &o->inputs;
    if (!paths->count) {
        fprintf(stderr, "berm: test needs policy files or directories\n");
        return EXIT_USAGE;
    }
    berm_engine *engine = make_engine();
    if (!engine) return EXIT_BROKEN;
    berm_policy *policy;
    test_tally tally = {.o = o};
    berm_error err = {0};
    int code = compile_policies(engine, paths, &policy);
    if (!code) {
        if (berm_policy_test(policy, show_result, &tally, &err)) {
            print_error("the tests", &err);
            code = EXIT_BROKEN;
        } else {
            printf("%zu passed, %zu failed\n", tally.passed, tally.failed);
            code = tally.failed ? EXIT_VIOLATED : EXIT_PASSED;
        }
        berm_policy_unref(policy);
    }
    berm_engine_unref(engine);
    return code;
}
