/* Joins through the whole run: what cases cannot say easily. Circles, depth, many links, many kinds,
   more than one run of one evaluator. */
#include "policy_help.h"

static berm_policy *make_policy(const char *text)
{
    compiled c = compile_text(text);
    berm_policy *policy = NULL;
    if (c.status != BERM_OK) fail_msg("%s", c.err.message);
    unsigned char *bytes = c.bytes;
    c.bytes = NULL;
    assert_int_equal(berm_policy_from_bytes(&berm_alloc_libc, bytes, c.len,
                                            (berm_loan){.lent = false}, &policy, NULL),
                     BERM_OK);
    c.len = 0;
    drop_compiled(&c);
    return policy;
}

static berm_doc *read_json(berm_str text)
{
    berm_doc *doc = NULL;
    berm_error err = {0};
    berm_limits limits = berm_limits_resolve(NULL);
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .name = BERM_STR("plan.json"),
                      .text = text};
    if (berm_doc_read(&read, &doc, &err)) fail_msg("%s", err.message);
    return doc;
}

typedef struct judged {
    berm_status status;
    uint64_t pass, fail, unknown, error;
} judged;

static judged judge(berm_runner *runner, const berm_policy *policy, const berm_doc *doc,
                    uint32_t flags)
{
    berm_input input = {.size = sizeof input, .role = BERM_INPUT_DOCUMENT, .doc = doc};
    berm_run run = {.size = sizeof run,
                    .policy = policy,
                    .inputs = &input,
                    .input_count = 1,
                    .flags = flags};
    const berm_decision *decision = NULL;
    judged j = {.status = berm_runner_run(runner, &run, &decision, NULL)};
    if (j.status) return j;
    j.pass = decision->summary.verdicts[BERM_VERDICT_PASS];
    j.fail = decision->summary.verdicts[BERM_VERDICT_FAIL];
    j.unknown = decision->summary.verdicts[BERM_VERDICT_UNKNOWN];
    j.error = decision->summary.verdicts[BERM_VERDICT_ERROR];
    return j;
}

static judged judge_text(const berm_policy *policy, berm_str text, const berm_limits *limits,
                         uint32_t flags)
{
    berm_runner *runner = NULL;
    berm_doc *doc = read_json(text);
    assert_int_equal(berm_runner_new(&berm_alloc_libc, limits, &runner), BERM_OK);
    judged j = judge(runner, policy, doc, flags);
    berm_runner_free(runner);
    berm_doc_drop(doc);
    return j;
}

#define GUARD(kind, expression) \
    "guardrail: g\ntitle: t\nmatch: {target: terraform, kinds: [" kind "]}\nvalidations:\n  - " \
    "{name: v, expression: \"" expression "\"}\n"

static void put_change(berm_text *out, const char *kind, uint32_t i, bool first)
{
    berm_text_format(out,
                     "%s{\"address\": \"%s.r%u\", \"type\": \"%s\", \"name\": \"r%u\", \"change\": "
                     "{\"actions\": [\"create\"], \"before\": null, \"after\": {}, "
                     "\"after_unknown\": {\"x\": true}, \"after_sensitive\": {}}}",
                     first ? "" : ",", kind, i, kind, i);
}

/* Modules whose variables hand on to each other: `width` ways at each of `depth` steps, all of
   which lead to the next, the last to a resource or to the first again. */
static void put_ladder(berm_text *out, uint32_t depth, bool circle)
{
    berm_text_put(out, BERM_STR("{\"format_version\": \"1.2\", \"resource_changes\": ["));
    put_change(out, "a", 0, true);
    put_change(out, "b", 0, false);
    berm_text_put(out, BERM_STR("], \"configuration\": {\"root_module\": {\"resources\": ["
                                "{\"address\": \"a.r0\", \"expressions\": {\"x\": {\"references\": "
                                "[\"module.m0.o\"]}}}, {\"address\": \"b.r0\", \"expressions\": {}}"
                                "], \"module_calls\": {"));
    for (uint32_t i = 0; i < depth; i++) {
        berm_text_format(out, "%s\"m%u\": {\"expressions\": {\"v\": {\"references\": [",
                         i ? "," : "", i);
        if (i + 1 < depth) {
            berm_text_format(out, "\"module.m%u[0].o\", \"module.m%u[1].o\", \"module.m%u.p\"",
                             i + 1, i + 1, i + 1);
        } else {
            berm_text_put(out, circle ? BERM_STR("\"module.m0.o\"") : BERM_STR("\"b.r0.id\""));
        }
        berm_text_put(out, BERM_STR("]}}, \"module\": {\"outputs\": {\"o\": {\"expression\": "
                                    "{\"references\": [\"var.v\"]}}, \"p\": {\"expression\": "
                                    "{\"references\": [\"var.v\"]}}}}}"));
    }
    berm_text_put(out, BERM_STR("}}}}"));
}

static judged judge_ladder(uint32_t depth, bool circle)
{
    berm_policy *policy = make_policy(GUARD("a", "linked('b').exists(b, true)"));
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    put_ladder(&text, depth, circle);
    judged j = judge_text(policy, berm_text_view(&text), NULL, 0);
    berm_text_free(&text);
    berm_policy_unhold(policy);
    return j;
}

static void references_are_followed_far(void **state)
{
    (void)state;
    judged j = judge_ladder(20, false);
    assert_int_equal(j.status, BERM_OK);
    assert_int_equal(j.pass, 1);
}

/* Three ways at every step are not 3^n: a name is followed once for each resource. */
static void many_ways_and_circles_end(void **state)
{
    (void)state;
    judged j = judge_ladder(25, true);
    assert_int_equal(j.status, BERM_OK);
    assert_int_equal(j.fail, 1);
}

/* Deeper than references are followed, there may be anything. */
static void what_is_too_deep_is_open(void **state)
{
    (void)state;
    judged j = judge_ladder(60, false);
    assert_int_equal(j.status, BERM_OK);
    assert_int_equal(j.unknown, 1);
}

static void fuel_ends_it(void **state)
{
    (void)state;
    berm_policy *policy = make_policy(GUARD("a", "linked('b').exists(b, true)"));
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    put_ladder(&text, 20, false);
    berm_limits limits = {.size = sizeof limits, .fuel = 500};
    judged j = judge_text(policy, berm_text_view(&text), &limits, 0);
    assert_int_equal(j.status, BERM_E_FUEL);
    limits = (berm_limits){.size = sizeof limits, .memory_len = 4000};
    j = judge_text(policy, berm_text_view(&text), &limits, 0);
    assert_int_equal(j.status, BERM_E_LIMIT);
    berm_text_free(&text);
    berm_policy_unhold(policy);
}

/* More kinds than bits: the last bit is shared, the answers are not. */
static void kinds_beyond_the_set_are_told_apart(void **state)
{
    (void)state;
    berm_text policy_text, text;
    berm_text_init(&policy_text, &berm_alloc_libc);
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_put(&policy_text, BERM_STR("guardrail: g\ntitle: t\nmatch: {target: terraform, "
                                         "kinds: [a]}\nvalidations:\n"));
    for (uint32_t i = 0; i < 70; i++)
        berm_text_format(&policy_text,
                         "  - {name: v%u, expression: \"resources('k%u').size() == "
                         "%u\"}\n",
                         i, i, i == 69 ? 1u : 0u);
    berm_text_putc(&policy_text, '\0');
    berm_text_put(&text, BERM_STR("{\"format_version\": \"1.2\", \"resource_changes\": ["));
    put_change(&text, "a", 0, true);
    put_change(&text, "k69", 0, false);
    berm_text_put(&text, BERM_STR("]}"));
    berm_policy *policy = make_policy(policy_text.ptr);
    judged j = judge_text(policy, berm_text_view(&text), NULL, 0);
    assert_int_equal(j.status, BERM_OK);
    assert_int_equal(j.pass, 70);
    j = judge_text(policy, berm_text_view(&text), NULL, BERM_RUN_PARTIAL);
    assert_int_equal(j.unknown, 70);
    berm_policy_unhold(policy);
    berm_text_free(&policy_text);
    berm_text_free(&text);
}

/* Nothing of one run is left in the next, whatever its policies join. */
static void an_evaluator_forgets(void **state)
{
    (void)state;
    berm_policy *joins = make_policy(GUARD("a", "resources('b').size() == 1"));
    berm_policy *plain = make_policy(GUARD("a", "true"));
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    put_ladder(&text, 3, false);
    berm_doc *both = read_json(berm_text_view(&text));
    berm_doc *one = read_json(BERM_STR(
        "{\"format_version\": \"1.2\", \"resource_changes\": [{\"address\": \"a.r\", \"type\": "
        "\"a\", \"name\": \"r\", \"change\": {\"actions\": [\"create\"], \"after\": {}, "
        "\"before\": null}}]}"));
    berm_runner *runner = NULL;
    assert_int_equal(berm_runner_new(&berm_alloc_libc, NULL, &runner), BERM_OK);
    assert_int_equal(judge(runner, joins, both, 0).pass, 1);
    assert_int_equal(judge(runner, joins, one, 0).fail, 1);
    assert_int_equal(judge(runner, plain, one, 0).pass, 1);
    assert_int_equal(judge(runner, joins, both, 0).pass, 1);
    berm_runner_free(runner);
    berm_doc_drop(both);
    berm_doc_drop(one);
    berm_text_free(&text);
    berm_policy_unhold(joins);
    berm_policy_unhold(plain);
}

static void a_set_says_whether_it_joins_documents(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool joins;
    } sets[] = {
        {GUARD("a", "true"), false},
        {GUARD("a", "linked('b') == []"), false}, /* within one plan */
        {"guardrail: g\ntitle: t\nmatch: {target: kubernetes, kinds: [Pod]}\nvalidations:\n  - "
         "{name: v, expression: \"linked('Service') == []\"}\n",
         true},
        {"guardrail: g\ntitle: t\nmatch: {kinds: ['*']}\nvalidations:\n  - {name: v, expression: "
         "\"linked('Service') == []\"}\n",
         true},
    };
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        berm_policy *policy = make_policy(sets[i].text);
        assert_int_equal(berm_policy_joins_run(policy), sets[i].joins);
        berm_policy_unhold(policy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_are_followed_far),
        cmocka_unit_test(many_ways_and_circles_end),
        cmocka_unit_test(what_is_too_deep_is_open),
        cmocka_unit_test(fuel_ends_it),
        cmocka_unit_test(kinds_beyond_the_set_are_told_apart),
        cmocka_unit_test(an_evaluator_forgets),
        cmocka_unit_test(a_set_says_whether_it_joins_documents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
