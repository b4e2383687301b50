/* Policy sets through the public functions: what they refuse, images, waivers, and that each
   allocation may fail. */
#include "../fail_alloc/texts.h"
#include "api_help.h"

#define SIMPLE \
    "guardrail: g\ntitle: T\nmatch: {kinds: [document]}\n" \
    "validations: [{name: v, expression: object.a > 1}]\n" \
    "tests: [{name: t, object: {a: 2}, expect: {v: pass}}, {name: u, object: {a: 1}, expect: {v: " \
    "pass}}]\n"
#define WAIVED \
    SIMPLE "---\nwaiver: w\nguardrails: [g]\nscope: {resources: [x]}\ncategory: waived\n" \
           "reason: r\nowner: o\ncreated: 2026-10-01\nexpires: 2026-12-31\n"

static void wrong_sources_are_refused(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    berm_policy *policy = NULL;
    berm_diags *diags = NULL;
    berm_error err;
    const berm_source unsized = {0}, torn = {.size = sizeof torn, .text = {NULL, 3}};
    const berm_compile_input none = {0}, listless = {.size = sizeof none, .source_count = 2},
                             bad = {.size = sizeof bad, .sources = &unsized, .source_count = 1},
                             half = {.size = sizeof half, .sources = &torn, .source_count = 1};
    static const char missing[] = "engine, input or out is NULL";
    expect_refused(err, berm_policy_compile(NULL, &half, &policy, NULL, &err), missing);
    expect_refused(err, berm_policy_compile(engine, NULL, &policy, NULL, &err), missing);
    expect_refused(err, berm_policy_compile(engine, &half, NULL, NULL, &err), missing);
    expect_refused(err, berm_policy_compile(engine, &none, &policy, &diags, &err),
                   "input.size is not set");
    expect_refused(err, berm_policy_compile(engine, &listless, &policy, &diags, &err),
                   "input.sources is NULL");
    expect_refused(err, berm_policy_compile(engine, &bad, &policy, &diags, &err),
                   "a source's size is not set");
    expect_refused(err, berm_policy_compile(engine, &half, &policy, &diags, &err),
                   "a source has a length but no text");
    assert_null(policy);
    assert_null(diags);
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

static int stop_results(void *ctx, const berm_test_result *result)
{
    (void)result;
    return ++*(int *)ctx == 1;
}

static int count_passed(void *ctx, const berm_test_result *result)
{
    if (result->passed) ++*(int *)ctx;
    else assert_true(result->message.len > 0);
    return 0;
}

static void wrong_calls_are_refused(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    berm_policy *policy = compiled_by(engine, SIMPLE, 0), *other = NULL;
    said_text said = {0};
    const berm_sink sink = sink_into(&said), mute = {NULL, NULL};
    berm_error err;
    int results = 0;
    static const char missing[] = "policy or sink is NULL";
    static const char effective[] = "policy or sink is NULL, or there is no such format";
    static const char load[] = "engine, image or out is NULL";
    expect_refused(err, berm_policy_save(NULL, &sink, &err), missing);
    expect_refused(err, berm_policy_save(policy, NULL, &err), missing);
    expect_refused(err, berm_policy_save(policy, &mute, &err), missing);
    expect_refused(err, berm_policy_disasm(NULL, &sink, &err), missing);
    expect_refused(err, berm_policy_disasm(policy, NULL, &err), missing);
    expect_refused(err, berm_policy_disasm(policy, &mute, &err), missing);
    expect_refused(err, berm_policy_effective(NULL, 0, &sink, &err), effective);
    expect_refused(err, berm_policy_effective(policy, 0, NULL, &err), effective);
    expect_refused(err, berm_policy_effective(policy, 0, &mute, &err), effective);
    expect_refused(err, berm_policy_effective(policy, BERM_REPORT_CSV, &sink, &err), effective);
    expect_refused(err, berm_policy_load(NULL, str_of("x"), &other, &err), load);
    expect_refused(err, berm_policy_load(engine, str_of("x"), NULL, &err), load);
    expect_refused(err, berm_policy_load(engine, (berm_str){NULL, 0}, &other, &err), load);
    expect_refused(err, berm_policy_test(NULL, stop_results, &results, &err),
                   "policy or on_result is NULL");
    expect_refused(err, berm_policy_test(policy, NULL, &results, &err),
                   "policy or on_result is NULL");
    assert_int_equal(berm_policy_load(engine, (berm_str){"", 0}, &other, &err), BERM_E_IMAGE);
    assert_null(other);
    assert_int_equal(berm_policy_test(policy, stop_results, &results, &err), BERM_E_INTERRUPTED);
    assert_int_equal(results, 1);
    results = 0;
    assert_int_equal(berm_policy_test(policy, count_passed, &results, &err), BERM_OK);
    assert_int_equal(results, 1); /* of two */
    assert_int_equal(berm_policy_joins(NULL), 0);
    assert_int_equal(berm_policy_joins(policy), 0);
    assert_int_equal(berm_policy_waiver_count(NULL), 0);
    assert_null(said.ptr);
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

static void waivers_are_told(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    berm_policy *policy = compiled_by(engine, WAIVED, 0);
    const berm_time november = {1795824000, 0}; /* 2026-11-28 */
    berm_waiver waiver = {.size = sizeof waiver}, unsized = {0};
    berm_error err;
    static const char none[] = "there is no such waiver";
    assert_int_equal(berm_policy_waiver_count(policy), 1);
    assert_int_equal(berm_policy_waiver(policy, 0, november, &waiver, &err), BERM_OK);
    assert_int_equal(waiver.status, BERM_WAIVER_ACTIVE);
    assert_true(waiver.line == 7 && waiver.owner.len == 1 && waiver.size == sizeof waiver);
    expect_refused(err, berm_policy_waiver(policy, 1, november, &waiver, &err), none);
    expect_refused(err, berm_policy_waiver(policy, 0, november, &unsized, &err), none);
    expect_refused(err, berm_policy_waiver(policy, 0, november, NULL, &err), none);
    expect_refused(err, berm_policy_waiver(NULL, 0, november, &waiver, &err), none);
    berm_policy_unref(policy);
    berm_engine_unref(engine);
}

/* --- each allocation may fail --- */

typedef struct compile_case {
    berm_engine *engine;
    const char *text;
    bool faulty; /* the diagnostics are what matters */
    bool builtins;
} compile_case;

static void say_diags(const berm_diags *diags, said_text *said)
{
    size_t count;
    const berm_diag *list = berm_diags_items(diags, &count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(keep_said(said, list[i].message.ptr, list[i].message.len), 0);
        assert_int_equal(
            keep_said(said, list[i].hint.ptr ? list[i].hint.ptr : "", list[i].hint.len), 0);
    }
}

static berm_status compile_once(void *ctx, said_text *said)
{
    const compile_case *c = ctx;
    const berm_sink sink = sink_into(said);
    berm_source source = {.size = sizeof source, .name = str_of("p.yaml"), .text = str_of(c->text)};
    berm_compile_input input = {.size = sizeof input,
                                .sources = &source,
                                .source_count = 1,
                                .flags = c->builtins ? 0 : BERM_COMPILE_NO_BUILTINS};
    berm_policy *policy = NULL;
    berm_diags *diags = NULL;
    berm_error err = {0};
    berm_status status = berm_policy_compile(c->engine, &input, &policy, &diags, &err);
    assert_int_equal(status, err.status);
    assert_true((status == BERM_OK) == (policy != NULL));
    if (status == BERM_E_POLICY) say_diags(diags, said);
    if (c->faulty && status == BERM_E_POLICY) status = BERM_OK;
    else if (!status) status = berm_policy_save(policy, &sink, &err);
    berm_diags_free(diags);
    berm_policy_unref(policy);
    return status;
}

static void compile_with_failures(compile_case c)
{
    counted_heap heap = {0};
    c.engine = counted_engine(&heap, NULL);
    expect_alloc_failures(&(alloc_case){.heap = &heap, .run = compile_once, .ctx = &c});
    berm_engine_unref(c.engine);
    assert_int_equal(heap.in_use, 0);
}

static void compiling_stands_failing_allocations(void **state)
{
    (void)state;
    compile_with_failures((compile_case){.text = WAIVED});
    compile_with_failures((compile_case){.text = BROKEN_POLICY_TEXT, .faulty = true});
}

/* How many allocations it takes to compile a text that is not even YAML: the built-in targets are read
   by then, and what comes next is of the policies alone. */
static size_t count_builtin_allocations(void)
{
    counted_heap heap = {0};
    compile_case c = {.engine = counted_engine(&heap, NULL),
                      .text = "guardrail: [",
                      .faulty = true,
                      .builtins = true};
    said_text said = {0};
    heap.calls = 0;
    assert_int_equal(compile_once(&c, &said), BERM_OK);
    size_t count = heap.calls;
    drop_said(&said);
    berm_engine_unref(c.engine);
    return count;
}

static void dialects_stand_failing_allocations(void **state)
{
    (void)state;
    counted_heap heap = {0};
    compile_case c = {.text = DIALECTS_TEXT, .builtins = true};
    c.engine = counted_engine(&heap, NULL);
    size_t first = count_builtin_allocations();
    expect_alloc_failures(&(alloc_case){.heap = &heap,
                                        .run = compile_once,
                                        .ctx = &c,
                                        .first = first,
                                        .last = first + 50});
    berm_engine_unref(c.engine);
    assert_int_equal(heap.in_use, 0);
}

static berm_status use_policy(void *ctx, said_text *said)
{
    const berm_policy *policy = ctx;
    const berm_sink sink = sink_into(said);
    berm_error err = {0};
    int passed = 0;
    berm_status status = berm_policy_disasm(policy, &sink, &err);
    if (!status) status = berm_policy_effective(policy, BERM_REPORT_TEXT, &sink, &err);
    if (!status) status = berm_policy_effective(policy, BERM_REPORT_JSON, &sink, &err);
    if (!status) status = berm_policy_test(policy, count_passed, &passed, &err);
    assert_int_equal(status, err.status);
    return status;
}

static void policies_stand_failing_allocations(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    berm_policy *policy = compiled_by(engine, WAIVED "---\n" POLICY_TEXT, 0);
    expect_alloc_failures(&(alloc_case){.heap = &heap, .run = use_policy, .ctx = policy});
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_sources_are_refused),
        cmocka_unit_test(wrong_calls_are_refused),
        cmocka_unit_test(waivers_are_told),
        cmocka_unit_test(compiling_stands_failing_allocations),
        cmocka_unit_test(dialects_stand_failing_allocations),
        cmocka_unit_test(policies_stand_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
