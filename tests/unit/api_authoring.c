/* Lint, coverage and formatting through the public functions: what they refuse, and that each
   allocation may fail. */
#include "base_alloc.h"

#include <berm/berm.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char sample[] =
    "guardrail: g\n"
    "title: t\n"
    "match: {target: kubernetes, kinds: [Pod, Podd]}\n"
    "parameters: {most: {type: int, default: 3}, unused: {type: int, default: 1}}\n"
    "variables: [{name: a, expression: 'object.x.size()>=0'}, {name: b, expression: object.y}]\n"
    "matchConditions: [{name: m, expression: 'has(object.x.y)||!object.z'}]\n"
    "validations:\n"
    "  - name: v\n"
    "    expression: 'variables.a&&object.l.orValue([]).all(i, i.matches(\"x\") && i != \"\")'\n"
    "    message: '{params.most}'\n"
    "  - {name: no, each: object.l, expression: 'item==object.k[item] ? true : false'}\n"
    "tests:\n"
    "  - {name: one, object: {x: {y: 1}, z: true, l: [a]}, params: {most: 1}, expect: {v: error}}\n"
    "  - {name: two, object: {x: {y: 1}, l: [a], k: {a: a}}, expect: {v: error}}\n";

static berm_source source_of(const char *text)
{
    return (berm_source){.size = sizeof(berm_source),
                         .name = {"s.yaml", 6},
                         .text = {text, strlen(text)}};
}

static int count_result(void *ctx, const berm_test_result *r)
{
    (void)r;
    ++*(size_t *)ctx;
    return 0;
}

static int count_point(void *ctx, const berm_coverage_point *p)
{
    assert_true(p->line > 0 && p->column > 0 && p->expression.len > 0);
    ++*(size_t *)ctx;
    return 0;
}

static int stop_at_point(void *ctx, const berm_coverage_point *p)
{
    (void)ctx, (void)p;
    return 1;
}

static int take_text(void *ctx, const char *ptr, size_t len)
{
    (void)ptr;
    *(size_t *)ctx = len;
    return 0;
}

static berm_engine *engine_with(counted_heap *heap)
{
    berm_alloc alloc = counted_alloc(heap);
    berm_engine_options options = {.size = sizeof options, .alloc = &alloc};
    berm_engine *engine = NULL;
    assert_int_equal(berm_engine_new(&options, &engine, NULL), BERM_OK);
    return engine;
}

static berm_status lint_sample(berm_engine *engine, size_t *count)
{
    berm_source source = source_of(sample);
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
    berm_diags *diags = NULL;
    berm_status status = berm_policy_lint(engine, &input, &diags, NULL);
    berm_diags_items(diags, count);
    berm_diags_free(diags);
    return status;
}

static berm_status cover_sample(berm_engine *engine, size_t *count)
{
    berm_source source = source_of(sample);
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
    berm_policy *policy = NULL;
    *count = 0;
    berm_status status = berm_policy_compile(engine, &input, &policy, NULL, NULL);
    if (!status) status = berm_policy_coverage(policy, count_result, count_point, count, NULL);
    berm_policy_unref(policy);
    return status;
}

static berm_status format_sample(berm_engine *engine, size_t *count)
{
    berm_source source = source_of(sample);
    const berm_sink sink = {take_text, count};
    return berm_policy_format(engine, &source, &sink, NULL, NULL);
}

static void every_allocation_may_fail(berm_status (*run)(berm_engine *engine, size_t *count))
{
    counted_heap heap = {0};
    berm_engine *engine = engine_with(&heap);
    size_t whole = 0, count = 0, before = heap.in_use, calls = heap.calls;
    assert_int_equal(run(engine, &whole), BERM_OK);
    assert_true(whole > 0);
    assert_int_equal(heap.in_use, before);
    size_t all = heap.calls - calls, step = all / 400 + 1;
    for (size_t at = 1; at <= all; at += at < 300 ? 1 : step) {
        heap.fail_at = heap.calls + at;
        assert_int_equal(run(engine, &count), BERM_E_NOMEM);
        heap.fail_at = 0;
        assert_int_equal(heap.in_use, before);
        assert_false(heap.wrong_len);
    }
    assert_int_equal(run(engine, &count), BERM_OK);
    assert_int_equal(count, whole);
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

static void lint_stands_failing_allocations(void **state)
{
    (void)state;
    every_allocation_may_fail(lint_sample);
}

static void coverage_stands_failing_allocations(void **state)
{
    (void)state;
    every_allocation_may_fail(cover_sample);
}

static void format_stands_failing_allocations(void **state)
{
    (void)state;
    every_allocation_may_fail(format_sample);
}

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_engine *engine = engine_with(&heap);
    berm_source source = source_of(sample), unsized = {.text = {"a: b", 4}};
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1},
                       none = {0};
    size_t count = 0;
    const berm_sink sink = {take_text, &count}, nowhere = {NULL, NULL};
    berm_diags *diags;
    berm_policy *policy;
    assert_int_equal(berm_policy_lint(NULL, &input, &diags, NULL), BERM_E_ARGUMENT);
    assert_int_equal(berm_policy_lint(engine, &input, NULL, NULL), BERM_E_ARGUMENT);
    assert_int_equal(berm_policy_lint(engine, &none, &diags, NULL), BERM_E_ARGUMENT);
    assert_null(diags);
    assert_int_equal(berm_policy_format(engine, &unsized, &sink, &diags, NULL), BERM_E_ARGUMENT);
    assert_int_equal(berm_policy_format(engine, &source, &nowhere, &diags, NULL), BERM_E_ARGUMENT);
    assert_int_equal(berm_policy_format(engine, NULL, &sink, &diags, NULL), BERM_E_ARGUMENT);
    assert_int_equal(berm_policy_coverage(NULL, count_result, count_point, &count, NULL),
                     BERM_E_ARGUMENT);
    assert_int_equal(berm_policy_compile(engine, &input, &policy, NULL, NULL), BERM_OK);
    assert_int_equal(berm_policy_coverage(policy, count_result, NULL, &count, NULL),
                     BERM_E_ARGUMENT);
    assert_int_equal(berm_policy_coverage(policy, count_result, stop_at_point, &count, NULL),
                     BERM_E_INTERRUPTED);
    berm_policy_unref(policy);
    berm_engine_unref(engine);
}

static void faulty_policies_say_so(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_engine *engine = engine_with(&heap);
    berm_source source = source_of("guardrail: [\n");
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
    berm_diags *diags;
    size_t count;
    const berm_sink sink = {take_text, &count};
    assert_int_equal(berm_policy_lint(engine, &input, &diags, NULL), BERM_E_POLICY);
    assert_true(berm_diags_items(diags, &count) != NULL && count > 0);
    berm_diags_free(diags);
    assert_int_equal(berm_policy_format(engine, &source, &sink, &diags, NULL), BERM_E_SYNTAX);
    assert_true(berm_diags_items(diags, &count) != NULL && count > 0);
    berm_diags_free(diags);
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lint_stands_failing_allocations),
                                       cmocka_unit_test(coverage_stands_failing_allocations),
                                       cmocka_unit_test(format_stands_failing_allocations),
                                       cmocka_unit_test(wrong_arguments_are_refused),
                                       cmocka_unit_test(faulty_policies_say_so)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
