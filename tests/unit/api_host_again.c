/* Deferred functions of the host: pending, answered, run again; and runs of policies with both
   sorts. */
#include "api_host_help.h"

/* --- deferred functions --- */

static const berm_pending *pending_at(const bench *b, size_t index, size_t wanted)
{
    size_t count, stride;
    const berm_pending *items = berm_eval_pending(b->eval, &count, &stride);
    assert_int_equal(count, wanted);
    if (count == 0) return NULL;
    return (const berm_pending *)(const void *)((const char *)items + index * stride);
}

static void expect_pending(const bench *b, size_t index, size_t count, const char *key,
                           const char *arguments)
{
    const berm_pending *p = pending_at(b, index, count);
    assert_int_equal(p->key.len, strlen(key));
    assert_memory_equal(p->key.ptr, key, p->key.len);
    assert_string_equal(json_of(p->arguments), arguments);
    assert_int_equal(p->flags, 0);
    assert_ptr_equal(p->ctx, &calls);
}

static berm_status answer(bench *b, size_t index, const char *text)
{
    berm_doc *doc = text ? parse(b->engine, text) : NULL;
    berm_status status = berm_eval_answer(b->eval, index, doc, &b->err);
    berm_doc_unref(doc);
    return status;
}

static bool is_unknown(berm_value value)
{
    berm_item item = {.size = sizeof item};
    return berm_value_read(value, &item) == BERM_OK && item.type == BERM_TYPE_OF_UNKNOWN;
}

/* Asked in rounds: what is asked may depend on what was answered. */
static void deferred_calls_are_answered(void **state)
{
    (void)state;
    berm_value value;
    bench b = bench_of("cluster.get('pod', object.name).orValue({}).?node.orValue('-').lookup() + "
                       "string(cluster.size()) + string(cluster.size())",
                       BERM_ROLE_EXPRESSION, DOCUMENT, NULL);
    assert_int_equal(call(&b, &value), BERM_OK);
    assert_true(is_unknown(value));
    expect_pending(&b, 0, 2, "cluster.get(\"pod\", \"web\")", "[\"pod\",\"web\"]");
    expect_pending(&b, 1, 2, "cluster.size()", "[]");
    assert_int_equal(answer(&b, 1, "3"), BERM_OK);
    assert_int_equal(answer(&b, 0, "{\"node\": \"n7\"}"), BERM_OK);
    expect_pending(&b, 0, 2, "cluster.get(\"pod\", \"web\")", "[\"pod\",\"web\"]");
    assert_int_equal(call(&b, &value), BERM_OK);
    assert_true(is_unknown(value));
    expect_pending(&b, 0, 1, "\"n7\".lookup()", "[\"n7\"]");
    assert_int_equal(answer(&b, 0, "\"rack 2/\""), BERM_OK);
    assert_int_equal(call(&b, &value), BERM_OK);
    assert_string_equal(json_of(value), "\"rack 2/33\"");
    assert_null(pending_at(&b, 0, 0));
    /* Nothing was answered since: all is forgotten. */
    assert_int_equal(call(&b, &value), BERM_OK);
    assert_true(is_unknown(value));
    pending_at(&b, 0, 2);
    drop(&b);
}

static void answers_may_fail_or_be_none(void **state)
{
    (void)state;
    berm_value value;
    bench b = bench_of("cluster.get('a', 'b').hasValue()", BERM_ROLE_EXPRESSION, DOCUMENT, NULL);
    assert_int_equal(call(&b, &value), BERM_OK);
    assert_int_equal(answer(&b, 0, NULL), BERM_OK);
    assert_int_equal(call(&b, &value), BERM_E_EXPRESSION);
    assert_string_equal(b.err.message, "cluster.get failed");
    assert_int_equal(call(&b, &value), BERM_OK);
    assert_int_equal(answer(&b, 0, "null"), BERM_OK);
    assert_int_equal(call(&b, &value), BERM_OK);
    assert_string_equal(json_of(value), "false");
    drop(&b);
}

static void answers_are_checked(void **state)
{
    (void)state;
    berm_value value;
    bench b = bench_of("cluster.ratio([1]) * 2.0", BERM_ROLE_EXPRESSION, DOCUMENT, NULL);
    assert_int_equal(answer(&b, 0, "1"), BERM_E_ARGUMENT);
    assert_int_equal(berm_eval_answer(NULL, 0, NULL, NULL), BERM_E_ARGUMENT);
    assert_int_equal(call(&b, &value), BERM_OK);
    assert_int_equal(answer(&b, 1, "1"), BERM_E_ARGUMENT);
    assert_int_equal(answer(&b, 0, "\"x\""), BERM_E_ARGUMENT);
    assert_string_equal(b.err.message,
                        "the answer to cluster.ratio is of another type than it declares");
    assert_int_equal(answer(&b, 0, "--- 1\n--- 2\n"), BERM_E_ARGUMENT);
    assert_int_equal(answer(&b, 0, "9007199254740993"), BERM_E_ARGUMENT); /* no such double */
    assert_int_equal(answer(&b, 0, "4"), BERM_OK);
    assert_int_equal(answer(&b, 0, "5"), BERM_OK); /* the last one counts */
    assert_int_equal(call(&b, &value), BERM_OK);
    assert_string_equal(json_of(value), "10.0");
    drop(&b);
}

/* --- runs --- */

#define POLICY \
    "guardrail: owned\n" \
    "title: What runs is owned\n" \
    "match: {kinds: [document]}\n" \
    "validations:\n" \
    "  - {name: owner, expression: \"acme.owner(object.name).hasValue()\"}\n" \
    "  - {name: size, expression: \"cluster.size() > 2 && cluster.size() < 9\"}\n" \
    "  - {name: broken, expression: \"acme.broken(object.how) == 1\"}\n" \
    "tests:\n" \
    "  - {name: t, kind: document, object: {name: web, how: 7}, " \
    "expect: {owner: pass, size: unknown, broken: pass}}\n"

static const berm_decision *run_with(bench *b, uint32_t flags)
{
    berm_input input = {.size = sizeof input, .doc = b->doc};
    berm_run run = {.size = sizeof run,
                    .policy = b->policy,
                    .inputs = &input,
                    .input_count = 1,
                    .flags = flags | BERM_RUN_PASSES};
    const berm_decision *decision;
    if (berm_eval_run(b->eval, &run, &decision, &b->err)) fail_msg("%s", b->err.message);
    return decision;
}

static void expect_verdicts(const berm_decision *decision, uint32_t owner, uint32_t size,
                            uint32_t broken, uint32_t pending)
{
    size_t count;
    const berm_finding *f = berm_decision_findings(decision, &count, NULL);
    berm_summary summary = {.size = sizeof summary};
    assert_int_equal(count, 3);
    assert_int_equal(f[0].verdict, owner);
    assert_int_equal(f[1].verdict, size);
    assert_int_equal(f[2].verdict, broken);
    berm_decision_summary(decision, &summary);
    assert_int_equal(summary.pending_calls, pending);
}

static void runs_again(void **state)
{
    (void)state;
    bench b = bench_of(POLICY, BERM_ROLE_POLICY, "{\"name\": \"db\", \"how\": 0}", NULL);
    const berm_decision *d = run_with(&b, 0);
    expect_verdicts(d, BERM_VERDICT_FAIL, BERM_VERDICT_UNKNOWN, BERM_VERDICT_ERROR, 1);
    const berm_finding *f = berm_decision_findings(d, NULL, NULL);
    assert_int_equal(f[2].message.len, strlen("acme.broken failed"));
    assert_memory_equal(f[2].message.ptr, "acme.broken failed", f[2].message.len);
    assert_int_equal(calls.owner, 1); /* also for the witness */
    assert_int_equal(calls.broken, 1);
    assert_int_equal(answer(&b, 0, "5"), BERM_OK);
    d = run_with(&b, BERM_RUN_AGAIN);
    expect_verdicts(d, BERM_VERDICT_FAIL, BERM_VERDICT_PASS, BERM_VERDICT_ERROR, 0);
    assert_int_equal(calls.owner, 1);
    d = run_with(&b, BERM_RUN_AGAIN); /* still known */
    expect_verdicts(d, BERM_VERDICT_FAIL, BERM_VERDICT_PASS, BERM_VERDICT_ERROR, 0);
    d = run_with(&b, 0); /* forgotten */
    expect_verdicts(d, BERM_VERDICT_FAIL, BERM_VERDICT_UNKNOWN, BERM_VERDICT_ERROR, 1);
    assert_int_equal(calls.owner, 2);
    drop(&b);
}

static int take_test(void *ctx, const berm_test_result *result)
{
    if (!result->passed) fail_msg("%.*s", (int)result->message.len, result->message.ptr);
    ++*(int *)ctx;
    return 0;
}

/* An inline test calls what is pure; what is deferred stays unknown. */
static void inline_tests_call(void **state)
{
    (void)state;
    int count = 0;
    bench b = bench_of(POLICY, BERM_ROLE_POLICY, "{}", NULL);
    assert_int_equal(berm_policy_test(b.policy, take_test, &count, &b.err), BERM_OK);
    assert_int_equal(count, 1);
    assert_int_equal(calls.owner, 1);
    drop(&b);
}

static struct {
    size_t len;
    char bytes[1 << 18];
} image;

static int keep(void *ctx, const char *ptr, size_t len)
{
    (void)ctx;
    assert_true(len <= sizeof image.bytes - image.len);
    memcpy(image.bytes + image.len, ptr, len);
    image.len += len;
    return 0;
}

/* Where a function is not there, what calls it is an error, never a pass. */
static void a_lacking_function_is_an_error(void **state)
{
    (void)state;
    const berm_sink sink = {keep, NULL};
    const berm_function others[] = {
        FUNCTION("acme.owner(string, string) -> optional_type(string)", find_owner),
        FUNCTION("int.broken() -> dyn", be_broken), FUNCTION("cluster.size() -> int", NULL)};
    bench b = bench_of(POLICY, BERM_ROLE_POLICY, "{\"name\": \"web\", \"how\": 7}", NULL);
    image.len = 0;
    assert_int_equal(berm_policy_save(b.policy, &sink, NULL), BERM_OK);
    drop(&b);
    b = (bench){.engine = make_engine(others, 3, NULL)};
    assert_int_equal(
        berm_policy_load(b.engine, (berm_str){image.bytes, image.len}, &b.policy, NULL), BERM_OK);
    b.doc = parse(b.engine, "{\"name\": \"web\", \"how\": 7}");
    assert_int_equal(berm_eval_new(b.engine, NULL, &b.eval, NULL), BERM_OK);
    const berm_decision *d = run_with(&b, 0);
    expect_verdicts(d, BERM_VERDICT_ERROR, BERM_VERDICT_UNKNOWN, BERM_VERDICT_ERROR, 1);
    const berm_finding *f = berm_decision_findings(d, NULL, NULL);
    assert_int_equal(f[0].message.len, strlen("no such function: acme.owner"));
    assert_memory_equal(f[0].message.ptr, "no such function: acme.owner", f[0].message.len);
    drop(&b);
    /* Loaded where there is one, it runs. */
    b = bench_of(POLICY, BERM_ROLE_POLICY, "{\"name\": \"web\", \"how\": 7}", NULL);
    berm_policy_unref(b.policy);
    assert_int_equal(
        berm_policy_load(b.engine, (berm_str){image.bytes, image.len}, &b.policy, NULL), BERM_OK);
    d = run_with(&b, 0);
    expect_verdicts(d, BERM_VERDICT_PASS, BERM_VERDICT_UNKNOWN, BERM_VERDICT_PASS, 1);
    drop(&b);
}

/* --- what must not be shown --- */

static void sensitive_arguments_tint(void **state)
{
    (void)state;
    static const berm_event events[] = {
        {.kind = BERM_EVENT_SCALAR,
         .item = {.size = sizeof(berm_item),
                  .type = BERM_TYPE_OF_STRING,
                  .flags = BERM_ITEM_SENSITIVE,
                  .as.s = {"web", 3}}},
    };
    bench b = bench_of("[acme.owner(object).value(), object.lookup()]", BERM_ROLE_EXPRESSION,
                       DOCUMENT, NULL);
    berm_builder *builder;
    berm_doc_unref(b.doc);
    assert_int_equal(berm_builder_new(b.engine, str_of("built"), &builder, NULL), BERM_OK);
    assert_int_equal(berm_builder_push(builder, events, NULL), BERM_OK);
    assert_int_equal(berm_builder_finish(builder, &b.doc, NULL), BERM_OK);
    berm_builder_free(builder);
    berm_value value, element;
    berm_item item = {.size = sizeof item};
    assert_int_equal(call(&b, &value), BERM_OK);
    assert_int_equal(pending_at(&b, 0, 1)->flags, BERM_ITEM_SENSITIVE);
    assert_int_equal(answer(&b, 0, "\"x\""), BERM_OK);
    assert_int_equal(call(&b, &value), BERM_OK);
    for (uint64_t i = 0; i < 2; i++) {
        assert_int_equal(berm_value_at(value, i, NULL, &element), BERM_OK);
        assert_int_equal(berm_value_read(element, &item), BERM_OK);
        assert_int_equal(item.type, BERM_TYPE_OF_STRING);
        assert_int_equal(item.flags, BERM_ITEM_SENSITIVE);
    }
    drop(&b);
}

/* A message tells what waits for the host from what waits for the cloud. */
static void messages_say_pending(void **state)
{
    (void)state;
    bench b = bench_of("guardrail: g\ntitle: t\nmatch: {kinds: [document]}\nvalidations:\n"
                       "  - {name: v, expression: \"cluster.size() > 2\", "
                       "message: \"{cluster.size()} nodes\"}\n",
                       BERM_ROLE_POLICY, DOCUMENT, NULL);
    const berm_finding *f = berm_decision_findings(run_with(&b, 0), NULL, NULL);
    assert_int_equal(f->message.len, strlen("(pending) nodes"));
    assert_memory_equal(f->message.ptr, "(pending) nodes", f->message.len);
    drop(&b);
}

static void expect_counts(const berm_decision *d, uint32_t verdict, uint32_t pending)
{
    berm_summary summary = {.size = sizeof summary};
    berm_decision_summary(d, &summary);
    for (uint32_t v = 0; v < BERM_VERDICT_COUNT; v++)
        assert_int_equal(summary.verdicts[v], v == verdict);
    assert_int_equal(summary.pending_calls, pending);
}

/* What a policy of Kyverno asks its cluster, the host answers, under the names it has there. */
static void kyverno_asks_the_host(void **state)
{
    (void)state;
    static const berm_function cluster = {
        sizeof cluster, "resource.Get(string, string, string, string) -> dyn", 0, NULL, &calls};
    static const char policy[] =
        "apiVersion: policies.kyverno.io/v1\nkind: ValidatingPolicy\nmetadata: {name: p}\n"
        "spec:\n  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], "
        "operations: [CREATE], resources: [pods]}]}\n"
        "  variables: [{name: c, expression: \"resource.Get('v1', 'configmaps', 'shop', 'c')\"}]\n"
        "  validations: [{expression: \"object.metadata.name in variables.c.data\"}]\n";
    bench b = {.engine = make_engine(&cluster, 1, NULL)};
    b.policy = compile(b.engine, policy, BERM_ROLE_POLICY);
    b.doc = parse(b.engine, "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", "
                            "\"metadata\": {\"name\": \"web\", \"namespace\": \"shop\"}}");
    assert_int_equal(berm_eval_new(b.engine, NULL, &b.eval, NULL), BERM_OK);
    expect_counts(run_with(&b, 0), BERM_VERDICT_UNKNOWN, 1);
    expect_pending(&b, 0, 1, "resource.Get(\"v1\", \"configmaps\", \"shop\", \"c\")",
                   "[\"v1\",\"configmaps\",\"shop\",\"c\"]");
    assert_int_equal(answer(&b, 0, "{\"data\": {\"web\": 1}}"), BERM_OK);
    expect_counts(run_with(&b, BERM_RUN_AGAIN), BERM_VERDICT_PASS, 0);
    expect_counts(run_with(&b, 0), BERM_VERDICT_UNKNOWN, 1);
    assert_int_equal(answer(&b, 0, "{\"data\": {}}"), BERM_OK);
    expect_counts(run_with(&b, BERM_RUN_AGAIN), BERM_VERDICT_FAIL, 0);
    drop(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deferred_calls_are_answered),
        cmocka_unit_test(kyverno_asks_the_host),
        cmocka_unit_test(answers_may_fail_or_be_none),
        cmocka_unit_test(answers_are_checked),
        cmocka_unit_test(runs_again),
        cmocka_unit_test(inline_tests_call),
        cmocka_unit_test(a_lacking_function_is_an_error),
        cmocka_unit_test(sensitive_arguments_tint),
        cmocka_unit_test(messages_say_pending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
