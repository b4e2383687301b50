/* Policy files: the loader, the compiler, targets and kinds, the decision and the reports, inline
   tests, what lint and fmt say. A set that was loaded judges as the compiled one; failing memory and
   smaller limits end it or change nothing. The options of the settings: 1 lint and fmt, 2 tests and
   coverage, 4 partial, 8 with the shipped targets. */
#include "base/parts.h"
#include "judge.h"
#include "targets.h"

static const char targets[] = FUZZ_KUBERNETES;

static const char manifests[] =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {app: web}}\n"
    "spec: {replicas: 1, template: {spec: {containers: [{name: a, image: 'b:1'}]}}}\n"
    "---\n{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {containers: []}}\n";

static int take_result(void *ctx, const berm_test_result *result)
{
    (void)ctx;
    REQUIRE(result->passed == (result->message.len == 0));
    return 0;
}

static int take_point(void *ctx, const berm_coverage_point *point)
{
    (void)ctx;
    REQUIRE(point->expression.len > 0);
    return 0;
}

/* The input and the targets: its own are fewer, so that most of the time is spent on the input. */
static void take_sources(berm_str text, uint8_t how, berm_source sources[2],
                         berm_compile_input *input)
{
    sources[0] = (berm_source){.size = sizeof(berm_source), .name = {"input", 5}, .text = text};
    sources[1] = (berm_source){.size = sizeof(berm_source),
                               .name = {"targets", 7},
                               .text = {targets, sizeof targets - 1}};
    *input = (berm_compile_input){.size = sizeof *input,
                                  .sources = sources,
                                  .source_count = how & 8 ? 1 : 2,
                                  .flags = how & 8 ? 0 : BERM_COMPILE_NO_BUILTINS};
}

static berm_policy *compile_text(berm_engine *engine, berm_str text, uint8_t how)
{
    berm_source sources[2];
    berm_compile_input input;
    berm_policy *policy = NULL;
    take_sources(text, how, sources, &input);
    fuzz_compile_all(engine, &input, &policy);
    return policy;
}

static bool is_told(berm_status status)
{
    return status != BERM_E_ARGUMENT && status != BERM_E_INTERNAL;
}

/* fmt's text is one that fmt leaves as it is. */
static void write_again(berm_engine *engine, berm_str text)
{
    fuzz_text once = {0}, twice = {0};
    const berm_sink first = {fuzz_keep, &once}, second = {fuzz_keep, &twice};
    berm_source source = {.size = sizeof source, .name = {"input", 5}, .text = text};
    berm_status status = berm_policy_format(engine, &source, &first, NULL, NULL);
    REQUIRE(is_told(status));
    if (status == BERM_OK) {
        source.text = fuzz_view(&once);
        status = berm_policy_format(engine, &source, &second, NULL, NULL);
        REQUIRE(status == BERM_E_NOMEM || status == BERM_E_LIMIT || status == BERM_OK);
        REQUIRE(status != BERM_OK || fuzz_same_text(&once, &twice));
    }
    free(once.ptr);
    free(twice.ptr);
}

static void look_over(berm_engine *engine, berm_str text, uint8_t how)
{
    berm_source sources[2];
    berm_compile_input input;
    berm_diags *diags = NULL;
    if (!BERM_PART_AUTHORING || !(how & 1)) return;
    take_sources(text, how, sources, &input);
    REQUIRE(is_told(berm_policy_lint(engine, &input, &diags, NULL)));
    berm_diags_free(diags);
    write_again(engine, text);
}

static void try_tests(const berm_policy *policy, uint8_t how)
{
    if (!(how & 2)) return;
    REQUIRE(is_told(berm_policy_test(policy, take_result, NULL, NULL)));
    if (!BERM_PART_AUTHORING) return;
    REQUIRE(is_told(berm_policy_coverage(policy, take_result, take_point, NULL, NULL)));
}

static fuzz_outcome judge_manifests(berm_engine *engine, const berm_policy *policy, uint8_t how)
{
    fuzz_outcome out = {.status = BERM_E_NOMEM};
    berm_doc *doc =
        fuzz_parse(engine, (berm_str){manifests, sizeof manifests - 1}, BERM_FORMAT_IS_YAML);
    const berm_input input = {.size = sizeof input, .doc = doc};
    const berm_run run = {.size = sizeof run,
                          .policy = policy,
                          .inputs = &input,
                          .input_count = 1,
                          .now = FUZZ_NOW,
                          .flags = BERM_RUN_PASSES | (how & 4 ? BERM_RUN_PARTIAL : 0)};
    if (doc) out = fuzz_run(engine, &run, true);
    berm_doc_unref(doc);
    return out;
}

static fuzz_outcome judge_plainly(berm_engine *engine, const berm_policy *policy, uint8_t how)
{
    const berm_sink sink = {fuzz_swallow, NULL};
    berm_policy *loaded = fuzz_reload(engine, policy);
    REQUIRE(loaded);
    fuzz_outcome wanted = judge_manifests(engine, policy, how);
    fuzz_outcome again = judge_manifests(engine, loaded, how);
    REQUIRE(again.status == wanted.status && fuzz_same_text(&again.text, &wanted.text));
    REQUIRE(berm_policy_disasm(policy, &sink, NULL) == BERM_OK);
    try_tests(policy, how);
    free(again.text.ptr);
    berm_policy_unref(loaded);
    return wanted;
}

static void judge_hostile(const fuzz_settings *settings, berm_str text, const fuzz_outcome *wanted)
{
    fuzz_memory memory;
    berm_engine *engine = fuzz_engine_with(settings, &memory);
    if (!engine) return;
    berm_policy *policy = compile_text(engine, text, settings->options);
    REQUIRE(!policy || wanted || settings->tiny);
    REQUIRE(policy || !wanted || settings->tiny || memory.failed);
    look_over(engine, text, settings->options);
    if (policy) {
        fuzz_outcome out = judge_manifests(engine, policy, settings->options);
        if (!settings->tiny && out.status == BERM_OK)
            REQUIRE(wanted->status == BERM_OK && fuzz_same_text(&out.text, &wanted->text));
        free(out.text.ptr);
        try_tests(policy, settings->options);
    }
    berm_policy_unref(policy);
    fuzz_engine_end(engine, &memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_settings settings = fuzz_take_settings(&data, &size);
    berm_str text = {(const char *)data, size};
    fuzz_outcome wanted = {0};
    berm_engine *engine = fuzz_engine();
    REQUIRE(engine);
    look_over(engine, text, settings.options);
    berm_policy *policy = compile_text(engine, text, settings.options);
    if (policy) wanted = judge_plainly(engine, policy, settings.options);
    if (settings.tiny || settings.fail_at > 0)
        judge_hostile(&settings, text, policy ? &wanted : NULL);
    free(wanted.text.ptr);
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    return 0;
}
