/* What helps to write policies. */
#include "api/objects.h"
#include "base/parts.h"
#include "policy/authoring/coverage.h"
#include "policy/authoring/format.h"

#if BERM_PART_AUTHORING
static berm_status cover_tests(const berm_policy *policy, berm_runner *runner,
                               int (*on_result)(void *ctx, const berm_test_result *result),
                               int (*on_point)(void *ctx, const berm_coverage_point *point),
                               void *ctx, berm_error *err)
{
    berm_coverage *coverage = berm_coverage_new(&policy->alloc, &policy->image);
    if (!coverage) return berm_api_nomem(err);
    runner->evaluation.watch = berm_coverage_watch;
    runner->evaluation.watch_ctx = coverage;
    berm_status status = berm_policy_run_tests(runner, policy, on_result, ctx, err);
    if (!status) {
        status = berm_coverage_tell(coverage, on_point, ctx);
        if (status) status = berm_runner_explain(runner, status, err);
    }
    berm_coverage_free(coverage);
    return status;
}
#else
static berm_status refuse_authoring(berm_error *err)
{
    return berm_api_refuse(err, "this library was built without its part `authoring`");
}
#endif

berm_status berm_policy_coverage(const berm_policy *policy,
                                 int (*on_result)(void *ctx, const berm_test_result *result),
                                 int (*on_point)(void *ctx, const berm_coverage_point *point),
                                 void *ctx, berm_error *err)
{
    if (!policy || !on_result || !on_point)
        return berm_api_refuse(err, "policy, on_result or on_point is NULL");
#if BERM_PART_AUTHORING
    berm_runner *runner;
    if (berm_runner_new(&policy->alloc, NULL, &runner)) return berm_api_nomem(err);
    berm_runner_vm(runner)->hosts = policy->hosts;
    berm_status status = cover_tests(policy, runner, on_result, on_point, ctx, err);
    berm_runner_free(runner);
    return status;
#else
    (void)ctx;
    return refuse_authoring(err);
#endif
}

berm_status berm_policy_lint(berm_engine *engine, const berm_compile_input *input,
                             berm_diags **diags, berm_error *err)
{
    if (!engine || !input || !diags) return berm_api_refuse(err, "engine, input or diags is NULL");
    *diags = NULL;
#if BERM_PART_AUTHORING
    berm_compile_input taken;
    berm_status status = berm_api_take_input(&taken, input, err);
    if (status) return status;
    unsigned char *bytes;
    size_t len;
    const berm_build_terms terms = {&engine->alloc, &engine->limits, engine->hosts, true};
    *diags = berm_diags_new(&engine->alloc);
    if (!*diags) return berm_api_nomem(err);
    status = berm_policy_build(&terms, &taken, *diags, &bytes, &len, err);
    berm_mem_free(&engine->alloc, bytes, len);
    return status;
#else
    return refuse_authoring(err);
#endif
}

#if BERM_PART_AUTHORING
static berm_status format_source(berm_engine *engine, const berm_source *source,
                                 const berm_sink *sink, berm_diags *diags, berm_error *err)
{
    const berm_format_terms terms = {&engine->alloc, &engine->limits, source->name};
    berm_str given = source->text.ptr ? source->text : BERM_STR("");
    berm_text text;
    berm_text_init(&text, &engine->alloc);
    berm_status status = berm_format_text(&terms, given, &text, diags, err);
    if (!status && text.failed) status = berm_api_nomem(err);
    if (!status) status = berm_api_write(sink, berm_text_view(&text), err);
    berm_text_free(&text);
    return status;
}
#endif

berm_status berm_policy_format(berm_engine *engine, const berm_source *source,
                               const berm_sink *sink, berm_diags **diags, berm_error *err)
{
    if (diags) *diags = NULL;
    if (!engine || !source || !sink || !sink->write)
        return berm_api_refuse(err, "engine, source or sink is NULL");
    if (source->size < sizeof(berm_source)) return berm_api_refuse(err, "source.size is not set");
#if BERM_PART_AUTHORING
    berm_diags *list = berm_diags_new(&engine->alloc);
    if (!list) return berm_api_nomem(err);
    berm_status status = format_source(engine, source, sink, list, err);
    if (diags) *diags = list;
    else berm_diags_drop(list);
    return status;
#else
    return refuse_authoring(err);
#endif
}
