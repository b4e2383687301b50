/* Kubernetes' authorizer through the public header: what expressions ask of the host, and what they make of its answers. */
#include "api_host_help.h"

static const berm_function deferred[] = {
    {sizeof(berm_function), "authz.check(map(string, dyn)) -> kubernetes.authorization.Decision", 0,
     NULL, NULL}};

static bench authz_bench(const char *text)
{
    bench b = {.engine = make_engine(deferred, 1, NULL)};
    b.policy = compile(b.engine, text, BERM_ROLE_EXPRESSION);
    b.doc = parse(b.engine, DOCUMENT);
    assert_int_equal(berm_eval_new(b.engine, NULL, &b.eval, NULL), BERM_OK);
    return b;
}

/* Evaluates a first time, up to the one question. */
static void expect_asked(bench *b, const char *asked)
{
    berm_value value;
    size_t count;
    assert_int_equal(call(b, &value), BERM_OK);
    const berm_pending *pending = berm_eval_pending(b->eval, &count, NULL);
    assert_int_equal(count, 1);
    if (strcmp(json_of(pending->arguments), asked) != 0)
        fail_msg("%s, not %s", json_of(pending->arguments), asked);
}

static void expect_question(const char *text, const char *asked)
{
    bench b = authz_bench(text);
    expect_asked(&b, asked);
    drop(&b);
}

static void questions(void **state)
{
    (void)state;
    expect_question("authorizer.path('/healthz').check('get').allowed()",
                    "[{\"path\":\"/healthz\",\"verb\":\"get\"}]");
    expect_question("authorizer.group('').resource('pods').check('list').allowed()",
                    "[{\"group\":\"\",\"resource\":\"pods\",\"verb\":\"list\"}]");
    expect_question("authorizer.group('apps').resource('deployments').subresource('status')"
                    ".namespace('web').name(object.name).fieldSelector('a=b').labelSelector('c')"
                    ".check('create').allowed()",
                    "[{\"group\":\"apps\",\"resource\":\"deployments\",\"subresource\":\"status\","
                    "\"namespace\":\"web\",\"name\":\"web\",\"fieldSelector\":\"a=b\","
                    "\"labelSelector\":\"c\",\"verb\":\"create\"}]");
    expect_question("authorizer.serviceAccount('ci', 'build.er').path('/x').check('get').allowed()",
                    "[{\"user\":\"system:serviceaccount:ci:build.er\",\"path\":\"/x\","
                    "\"verb\":\"get\"}]");
    /* The last word counts; what was said before stays as it was. */
    expect_question("cel.bind(r, authorizer.group('').resource('pods').name('a'), "
                    "r == r.name('b') || r.name('b').check('get').allowed())",
                    "[{\"group\":\"\",\"resource\":\"pods\",\"name\":\"b\",\"verb\":\"get\"}]");
}

/* The value of the expression when the host gives `decision`. */
static void expect_answer(const char *text, const char *decision, const char *wanted)
{
    berm_value value;
    bench b = authz_bench(text);
    expect_asked(&b, "[{\"path\":\"/x\",\"verb\":\"get\"}]");
    berm_doc *answer = parse(b.engine, decision);
    assert_int_equal(berm_eval_answer(b.eval, 0, answer, &b.err), BERM_OK);
    berm_doc_unref(answer);
    berm_status status = call(&b, &value);
    const char *got = status ? b.err.message : json_of(value);
    if (strcmp(got, wanted) != 0) fail_msg("%s over %s: %s, not %s", text, decision, got, wanted);
    drop(&b);
}

#define ALL_OF_A_DECISION \
    "cel.bind(d, authorizer.path('/x').check('get'), " \
    "[d.allowed(), d.reason(), d.errored(), d.error()])"

static void decisions(void **state)
{
    (void)state;
    expect_answer(ALL_OF_A_DECISION, "{\"allowed\": true}", "[true,\"\",false,\"\"]");
    expect_answer(ALL_OF_A_DECISION, "{\"allowed\": false, \"reason\": \"no role\"}",
                  "[false,\"no role\",false,\"\"]");
    expect_answer(ALL_OF_A_DECISION, "{\"error\": \"timed out\"}",
                  "[false,\"\",true,\"timed out\"]");
    expect_answer(ALL_OF_A_DECISION, "{}", "no such key: \"allowed\"");
    expect_answer(ALL_OF_A_DECISION, "{\"allowed\": 1}",
                  "no matching overload for these types: int");
    expect_answer("authorizer.path('/x').check('get').reason()", "{\"reason\": null}",
                  "no matching overload for these types: null_type");
    expect_answer(
        "authorizer.path('/x').check('get') == authz.check({'path': '/x', 'verb': 'get'})",
        "{\"allowed\": true}", "true");
}

static void answers_of_another_type(void **state)
{
    (void)state;
    bench b = authz_bench("authorizer.path('/x').check('get').allowed()");
    expect_asked(&b, "[{\"path\":\"/x\",\"verb\":\"get\"}]");
    berm_doc *answer = parse(b.engine, "true");
    assert_int_equal(berm_eval_answer(b.eval, 0, answer, &b.err), BERM_E_ARGUMENT);
    berm_doc_unref(answer);
    drop(&b);
}

static void expect_value_of(const char *text, const char *wanted)
{
    berm_value value;
    bench b = authz_bench(text);
    const char *got = call(&b, &value) ? b.err.message : json_of(value);
    if (strcmp(got, wanted) != 0) fail_msg("%s: %s, not %s", text, got, wanted);
    drop(&b);
}

/* Where the checker does not see the types, the run does; blank and odd names are none. */
static void what_cannot_be_asked(void **state)
{
    static const char *const unfit[] = {
        "dyn(authorizer).resource('pods')",
        "dyn(authorizer).check('get')",
        "dyn(authorizer.group('apps')).check('get')",
        "dyn(authorizer.path('/x')).path('/y')",
        "dyn({'path': '/x'}).check('get')",
        "dyn(object).name('x')",
        "authorizer.path(dyn(1)) == authorizer.path('1')",
        "authorizer.serviceAccount('a', dyn(1)) == authorizer",
        "dyn({'allowed': true}).allowed()",
    };
    (void)state;
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++) {
        berm_value value;
        bench b = authz_bench(unfit[i]);
        assert_int_equal(call(&b, &value), BERM_E_EXPRESSION);
        if (!strstr(b.err.message, "no matching overload")) fail_msg("%s", b.err.message);
        drop(&b);
    }
    expect_value_of("authorizer.path(' ') == authorizer.path('/x')",
                    "an argument is out of range: \" \"");
    expect_value_of("authorizer.group('apps').resource('') == authorizer.group('').resource('x')",
                    "an argument is out of range: \"\"");
    expect_value_of("authorizer.serviceAccount('a:b', 'c') == authorizer",
                    "an argument is out of range: \"a:b\"");
    expect_value_of("authorizer.serviceAccount('a', 'B') == authorizer",
                    "an argument is out of range: \"B\"");
    expect_value_of("[1].map(authorizer, authorizer + 1)", "[2]");
}

/* Without the host's function check() is no call: refused, not passed. */
static void engines_without_it(void **state)
{
    berm_engine *engine = make_engine(NULL, 0, NULL);
    berm_source source = {.size = sizeof source,
                          .text = str_of("authorizer.path('/x').check('get').allowed()"),
                          .role = BERM_ROLE_EXPRESSION};
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
    berm_policy *policy;
    berm_error err = {0};
    (void)state;
    assert_int_equal(berm_policy_compile(engine, &input, &policy, NULL, &err), BERM_E_POLICY);
    assert_non_null(strstr(err.message, "authz.check"));
    berm_engine_unref(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions),
        cmocka_unit_test(decisions),
        cmocka_unit_test(answers_of_another_type),
        cmocka_unit_test(what_cannot_be_asked),
        cmocka_unit_test(engines_without_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
