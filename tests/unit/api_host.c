/* Functions of the host, through the public header alone. */
#include <berm/berm.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static berm_str str_of(const char *text)
{
    return (berm_str){text, strlen(text)};
}

/* --- functions --- */

static struct {
    unsigned owner, twice, broken, echo;
} calls;

static berm_status push(berm_builder *result, uint32_t kind, berm_item item)
{
    item.size = sizeof item;
    berm_event event = {.kind = kind, .item = item};
    return berm_builder_push(result, &event, NULL);
}

static berm_status push_text(berm_builder *result, const char *text)
{
    return push(result, BERM_EVENT_SCALAR,
                (berm_item){.type = BERM_TYPE_OF_STRING, .as.s = str_of(text)});
}

static berm_status push_int(berm_builder *result, int64_t i)
{
    return push(result, BERM_EVENT_SCALAR, (berm_item){.type = BERM_TYPE_OF_INT, .as.i = i});
}

static bool is_text(berm_value value, const char *text)
{
    berm_item item = {.size = sizeof item};
    return berm_value_read(value, &item) == BERM_OK && item.type == BERM_TYPE_OF_STRING &&
           item.as.s.len == strlen(text) && memcmp(item.as.s.ptr, text, item.as.s.len) == 0;
}

/* acme.owner(string) -> optional_type(string): "web" is team-a's, nobody owns the rest. */
static berm_status find_owner(void *ctx, const berm_value *args, size_t count, berm_builder *result)
{
    assert_ptr_equal(ctx, &calls);
    assert_int_equal(count, 1);
    calls.owner++;
    if (is_text(args[0], "web")) return push_text(result, "team-a");
    return push(result, BERM_EVENT_SCALAR, (berm_item){.type = BERM_TYPE_OF_NULL});
}

/* int.twice() -> int */
static berm_status double_int(void *ctx, const berm_value *args, size_t count, berm_builder *result)
{
    berm_item item = {.size = sizeof item};
    (void)ctx, (void)count;
    calls.twice++;
    assert_int_equal(berm_value_read(args[0], &item), BERM_OK);
    return push_int(result, 2 * item.as.i);
}

/* acme.broken(int) -> dyn: fails in as many ways as there are. */
static berm_status be_broken(void *ctx, const berm_value *args, size_t count, berm_builder *result)
{
    berm_item how = {.size = sizeof how};
    (void)ctx, (void)count;
    calls.broken++;
    assert_int_equal(berm_value_read(args[0], &how), BERM_OK);
    switch (how.as.i) {
    case 0: return BERM_E_STATE;
    case 1: return BERM_OK; /* no value */
    case 2: (void)push_int(result, 1); return push_int(result, 2);
    case 3: (void)push_int(result, 1), (void)push_int(result, 2); return BERM_OK;
    case 4: return push(result, BERM_EVENT_BEGIN_LIST, (berm_item){0}); /* not closed */
    case 5: return BERM_E_NOMEM;
    case 6: return BERM_E_INTERRUPTED;
    default: return push_int(result, 1);
    }
}

/* acme.sort(int) -> string: not what it says. */
static berm_status give_int(void *ctx, const berm_value *args, size_t count, berm_builder *result)
{
    (void)ctx, (void)args, (void)count;
    return push_int(result, 7);
}

static berm_status push_value(berm_builder *result, berm_value value);

static berm_status push_element(berm_builder *result, berm_value value, uint64_t i)
{
    berm_value key, element;
    berm_item item = {.size = sizeof item};
    assert_int_equal(berm_value_at(value, i, &key, &element), BERM_OK);
    if (key.store) {
        assert_int_equal(berm_value_read(key, &item), BERM_OK);
        berm_status status = push(result, BERM_EVENT_KEY, item);
        if (status) return status;
    }
    return push_value(result, element);
}

static berm_status push_value(berm_builder *result, berm_value value)
{
    berm_item item = {.size = sizeof item};
    assert_int_equal(berm_value_read(value, &item), BERM_OK);
    bool map = item.type == BERM_TYPE_OF_MAP, list = item.type == BERM_TYPE_OF_LIST;
    if (!map && !list) return push(result, BERM_EVENT_SCALAR, item);
    berm_status status =
        push(result, map ? BERM_EVENT_BEGIN_MAP : BERM_EVENT_BEGIN_LIST, (berm_item){0});
    for (uint64_t i = 0; i < item.count && !status; i++) status = push_element(result, value, i);
    return status ? status : push(result, BERM_EVENT_END, (berm_item){0});
}

/* acme.echo(A) -> A */
static berm_status echo(void *ctx, const berm_value *args, size_t count, berm_builder *result)
{
    (void)ctx, (void)count;
    calls.echo++;
    return push_value(result, args[0]);
}

static berm_status give_double(void *ctx, const berm_value *args, size_t count,
                               berm_builder *result)
{
    (void)ctx, (void)args, (void)count;
    return push_int(result, 3);
}

static berm_status give_unknown(void *ctx, const berm_value *args, size_t count,
                                berm_builder *result)
{
    (void)ctx, (void)args, (void)count;
    return push(result, BERM_EVENT_SCALAR, (berm_item){.type = BERM_TYPE_OF_UNKNOWN});
}

#define FUNCTION(declaration, call) \
    { \
        sizeof(berm_function), declaration, 0, call, &calls \
    }
static const berm_function functions[] = {
    FUNCTION("acme.owner(string) -> optional_type(string)", find_owner),
    FUNCTION("int.twice() -> int", double_int),
    FUNCTION("acme.broken(int) -> dyn", be_broken),
    FUNCTION("acme.sort(int) -> string", give_int),
    FUNCTION("acme.echo(A) -> A", echo),
    FUNCTION("acme.third(A, B) -> double", give_double),
    FUNCTION("acme.unknown() -> string", give_unknown),
    FUNCTION("cluster.get(string, string) -> optional_type(map(string, dyn))", NULL),
    FUNCTION("cluster.size() -> int", NULL),
    FUNCTION("string.lookup() -> string", NULL),
    FUNCTION("cluster.ratio(dyn) -> double", NULL),
};
#define FUNCTION_COUNT (sizeof functions / sizeof *functions)

/* --- an engine, a policy, an eval --- */

typedef struct bench {
    berm_engine *engine;
    berm_policy *policy;
    berm_doc *doc;
    berm_eval *eval;
    berm_error err;
} bench;

static berm_engine *make_engine(const berm_function *given, size_t count, const berm_limits *limits)
{
    berm_engine_options options = {.size = sizeof options,
                                   .limits = limits,
                                   .functions = given,
                                   .function_count = count};
    berm_engine *engine;
    berm_error err = {0};
    if (berm_engine_new(&options, &engine, &err)) fail_msg("%s", err.message);
    return engine;
}

static berm_policy *compile(berm_engine *engine, const char *text, uint32_t role)
{
    berm_source source = {.size = sizeof source,
                          .name = str_of("test"),
                          .text = str_of(text),
                          .role = role};
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
    berm_policy *policy;
    berm_error err = {0};
    if (berm_policy_compile(engine, &input, &policy, NULL, &err))
        fail_msg("%s: %s", text, err.message);
    return policy;
}

static berm_doc *parse(berm_engine *engine, const char *text)
{
    berm_doc *doc;
    berm_error err = {0};
    if (berm_doc_parse(engine, str_of(text), NULL, &doc, NULL, &err)) fail_msg("%s", err.message);
    return doc;
}

static bench bench_of(const char *text, uint32_t role, const char *document,
                      const berm_limits *limits)
{
    bench b = {.engine = make_engine(functions, FUNCTION_COUNT, limits)};
    memset(&calls, 0, sizeof calls);
    b.policy = compile(b.engine, text, role);
    b.doc = parse(b.engine, document);
    assert_int_equal(berm_eval_new(b.engine, NULL, &b.eval, NULL), BERM_OK);
    return b;
}

static void drop(bench *b)
{
    berm_eval_free(b->eval);
    berm_doc_unref(b->doc);
    berm_policy_unref(b->policy);
    berm_engine_unref(b->engine);
}

static int append(void *ctx, const char *ptr, size_t len)
{
    char *out = ctx;
    size_t used = strlen(out);
    assert_true(used + len < 400);
    memcpy(out + used, ptr, len);
    out[used + len] = 0;
    return 0;
}

static const char *json_of(berm_value value)
{
    static char out[400];
    out[0] = 0;
    const berm_sink sink = {append, out};
    assert_int_equal(berm_value_json(value, &sink, NULL), BERM_OK);
    return out;
}

static berm_status call(bench *b, berm_value *value)
{
    b->err = (berm_error){0};
    return berm_eval_call(b->eval, b->policy, b->doc, (berm_time){0, 0}, value, &b->err);
}

#define DOCUMENT "{\"name\": \"web\", \"big\": [1, [2.5, {\"a\": \"b\"}], null, true]}"

/* What an expression comes to: JSON, or "error" and its text. */
static void expect(const char *text, const char *wanted)
{
    bench b = bench_of(text, BERM_ROLE_EXPRESSION, DOCUMENT, NULL);
    berm_value value;
    berm_status status = call(&b, &value);
    const char *got = status ? b.err.message : json_of(value);
    if (strcmp(got, wanted) != 0) fail_msg("%s\n  expected %s\n  got      %s", text, wanted, got);
    drop(&b);
}

/* --- pure functions --- */

static void gives_values(void **state)
{
    (void)state;
    expect("acme.owner('web').orValue('-')", "\"team-a\"");
    expect("acme.owner('db').orValue('-')", "\"-\"");
    expect("acme.owner(object.name).value() + '!'", "\"team-a!\"");
    expect("acme.owner('db').hasValue()", "false");
    expect("21.twice()", "42");
    expect("[1, 2, 3].map(i, i.twice().twice())", "[4,8,12]");
    expect("acme.echo(object.big)", "[1,[2.5,{\"a\":\"b\"}],null,true]");
    expect("acme.echo(object.big) == object.big", "true");
    expect("acme.echo(acme.echo(acme.echo(object)).big[1])[1].a", "\"b\"");
    expect("acme.third(1, 'x')", "3.0");
    expect("acme.third(1, 'x') == 3.0", "true");
    expect("acme.echo({1: 'a', true: b'b', 'c': 2u})", "{\"1\":\"a\",\"true\":\"Yg==\",\"c\":2}");
    expect("acme.echo(timestamp('2026-01-02T03:04:05.5Z')) == timestamp('2026-01-02T03:04:05.5Z')",
           "true");
    expect("acme.echo(duration('1m')) == duration('60s')", "true");
}

/* Maps with so many members that they carry an order. */
static void keeps_large_maps(void **state)
{
    (void)state;
    expect("cel.bind(m, acme.echo({'a':1,'b':2,'c':3,'d':4,'e':5,'f':6,'g':7,'h':8,'i':9,'j':10,"
           "'k':11,'l':12,'m':13,'n':14,'o':15,'p':16,'q':17,'r':18,'s':19,'t':20}), "
           "m.a + m.t + m['j'] + acme.echo(m).s + (has(m.zz) ? 100 : 0))",
           "50");
}

static void fails_as_a_value(void **state)
{
    (void)state;
    expect("acme.broken(0)", "acme.broken failed");
    expect("acme.broken(1)", "acme.broken failed");
    expect("acme.broken(2)", "acme.broken failed");
    expect("acme.broken(3)", "acme.broken failed");
    expect("acme.broken(4)", "acme.broken failed");
    expect("acme.broken(7)", "1");
    expect("true || acme.broken(0)", "true");
    expect("acme.broken(0) || true", "true");
    expect("acme.sort(1)", "acme.sort gave int where it declares string");
    expect("acme.owner(dyn(1))", "no matching overload for these types: int");
    expect("acme.owner(dyn(object.big)).hasValue()", "no matching overload for these types: list");
    expect("acme.owner(string(1 / (object.name.size() - 3)))", "division by zero");
    expect("acme.unknown()", "null");
}

/* The same call is made once; another is another. */
static void calls_once(void **state)
{
    (void)state;
    berm_value value;
    bench b = bench_of("[1, 1, 2, 1, 2].map(i, i.twice()) + [acme.echo(1) == 1 ? 1 : 0, "
                       "acme.echo(1u) == 1u ? 1 : 0, acme.echo('1') == '1' ? 1 : 0, "
                       "acme.echo(1.0) == 1.0 ? 1 : 0, acme.echo('1u') == '1u' ? 1 : 0]",
                       BERM_ROLE_EXPRESSION, DOCUMENT, NULL);
    assert_int_equal(call(&b, &value), BERM_OK);
    assert_string_equal(json_of(value), "[2,2,4,2,4,1,1,1,1,1]");
    assert_int_equal(calls.twice, 2);
    assert_int_equal(calls.echo, 5);
    assert_int_equal(call(&b, &value), BERM_OK);
    assert_int_equal(calls.twice, 4);
    drop(&b);
}

static void some_failures_end_the_run(void **state)
{
    (void)state;
    berm_value value;
    bench b = bench_of("acme.broken(object) == 1", BERM_ROLE_EXPRESSION, "5", NULL);
    assert_int_equal(call(&b, &value), BERM_E_NOMEM);
    assert_int_equal(b.err.status, BERM_E_NOMEM);
    drop(&b);
    b = bench_of("acme.broken(object) == 1", BERM_ROLE_EXPRESSION, "6", NULL);
    assert_int_equal(call(&b, &value), BERM_E_INTERRUPTED);
    drop(&b);
}

/* --- declarations: what is faulty in them is for policy_host.c --- */

static void expect_engine(const berm_engine_options *options, berm_status wanted)
{
    berm_engine *engine = NULL;
    berm_error err = {0};
    assert_int_equal(berm_engine_new(options, &engine, &err), wanted);
    assert_int_equal(err.status, wanted);
    berm_engine_unref(engine);
}

static void options_are_checked(void **state)
{
    (void)state;
    berm_function f[] = {FUNCTION("acme.f(int) -> int", echo), FUNCTION("acme.f(A) -> A", NULL)};
    berm_engine_options options = {.size = sizeof options, .function_count = 2};
    expect_engine(&options, BERM_E_ARGUMENT); /* no array */
    options.functions = f;
    expect_engine(&options, BERM_E_ARGUMENT); /* twice with one argument */
    f[1].declaration = "acme.f(int, int) -> int";
    expect_engine(&options, BERM_OK);
    f[1].declaration = "int.f() -> int"; /* a method is another function */
    expect_engine(&options, BERM_OK);
    f[1].flags = 1;
    expect_engine(&options, BERM_E_ARGUMENT);
    f[1].flags = 0;
    f[1].size = 0;
    expect_engine(&options, BERM_E_ARGUMENT);
    f[1].size = sizeof *f;
    f[1].declaration = NULL;
    expect_engine(&options, BERM_E_ARGUMENT);
    options.function_count = 1001;
    expect_engine(&options, BERM_E_ARGUMENT);
    /* An older caller's struct ends before them. */
    options.size = offsetof(berm_engine_options, functions);
    expect_engine(&options, BERM_OK);
}

static void expect_fault(const char *text, const char *why)
{
    berm_engine *engine = make_engine(functions, FUNCTION_COUNT, NULL);
    berm_source source = {.size = sizeof source,
                          .name = str_of("test"),
                          .text = str_of(text),
                          .role = BERM_ROLE_EXPRESSION};
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
    berm_policy *policy;
    berm_error err = {0};
    assert_int_equal(berm_policy_compile(engine, &input, &policy, NULL, &err), BERM_E_POLICY);
    if (!strstr(err.message, why)) fail_msg("%s: %s", text, err.message);
    berm_engine_unref(engine);
}

static void calls_are_checked(void **state)
{
    (void)state;
    expect_fault("acme.owner(1)", "string");
    expect_fault("acme.owner('a', 'b')", "there is no function owner() that takes 2 arguments");
    expect_fault("acme.ownr('a')", "did you mean");
    expect_fault("acme.owner('a') + 'b'", "optional");
    expect_fault("'a'.twice()", "int");
}

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
    char bytes[1 << 16];
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_values),
        cmocka_unit_test(keeps_large_maps),
        cmocka_unit_test(fails_as_a_value),
        cmocka_unit_test(calls_once),
        cmocka_unit_test(some_failures_end_the_run),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(calls_are_checked),
        cmocka_unit_test(deferred_calls_are_answered),
        cmocka_unit_test(answers_may_fail_or_be_none),
        cmocka_unit_test(answers_are_checked),
        cmocka_unit_test(runs_again),
        cmocka_unit_test(inline_tests_call),
        cmocka_unit_test(a_lacking_function_is_an_error),
        cmocka_unit_test(sensitive_arguments_tint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
