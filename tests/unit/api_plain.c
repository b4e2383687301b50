/* Rules that share what they look up judge as rules that share nothing do: findings, costs, and where
   each limit ends a run or a rule. */
#include "api_help.h"

/* Is it about this resource? Mostly not. */
#define ABOUT(name, condition) \
    "---\n" \
    "guardrail: about-" name "\n" \
    "title: t\n" \
    "severity: low\n" \
    "enforcement: advisory\n" \
    "match: {target: boxes, kinds: ['*']}\n" \
    "matchConditions: [{name: about, expression: \"" condition "\"}]\n" \
    "validations: [{name: n, expression: 'object.n > 3'}, {name: m, expression: 'object.n < " \
    "9'}]\n"

static const char policy_text[] =
    "target: boxes\n"
    "title: Boxes\n"
    "detect: has(input.boxes)\n"
    "resources: [{path: 'boxes[*]', kind: item.kind, name: item.name, address: item.name,\n"
    "             sensitive: item.?secret}]\n" ABOUT("a", "object.name == 'bix'") ABOUT(
        "b",
        "object.name == 'other'") ABOUT("c",
                                        "object.name == 'a-long-one'") ABOUT("d",
                                                                             "object.name == 'box'")
        ABOUT("e", "object.kind == 'lid' && object.name != 'x'") ABOUT(
            "f", "object.kind != 'lid'") ABOUT("g", "object.kind == 'bin'")
            ABOUT("h", "object.tag == 'bin'") ABOUT("i", "object.name == 'bin'") ABOUT(
                "j",
                "object.name == 'a name that is as long as the name of the resource that has a long"
                " one, and differs'") "---\n"
                                      "guardrail: one\n"
                                      "title: t\n"
                                      "severity: low\n"
                                      "enforcement: advisory\n"
                                      "match: {target: boxes, kinds: ['*']}\n"
                                      "matchConditions: [{name: lid, expression: \"object.kind != "
                                      "'lid'\"},\n"
                                      "                  {name: open, expression: "
                                      "'!has(object.open) || object.open'}]\n"
                                      "validations:\n"
                                      "  - {name: n, expression: 'object.n > 1'}\n"
                                      "  - {name: name, expression: \"object.name.startsWith('b') "
                                      "&& object.name.size() < 9\"}\n"
                                      "  - {name: parts, expression: \"!has(object.parts) || "
                                      "object.parts.all(p, p.image != 'x')\"}\n"
                                      "---\n"
                                      "guardrail: two\n"
                                      "title: t\n"
                                      "severity: high\n"
                                      "enforcement: soft-mandatory\n"
                                      "match: {target: boxes, kinds: ['*']}\n"
                                      "variables: [{name: words, expression: 'object.parts.map(p, "
                                      "p.image)'}]\n"
                                      "validations:\n"
                                      "  - {name: env, expression: \"object.parts.exists(p, "
                                      "has(p.env) && p.env.all(e, e != ''))\",\n"
                                      "     message: '{object.name} has {variables.words}'}\n"
                                      "  - {name: each, each: object.parts, expression: "
                                      "'item.image != key'}\n"
                                      "  - {name: deep, expression: 'object == object || "
                                      "object.a.b.c == 1'}\n"
                                      "  - {name: words, expression: 'variables.words.size() > 1 "
                                      "&& size(object.parts) > 1'}\n";

static const char documents[] =
    "{\"boxes\": ["
    "{\"kind\": \"box\", \"name\": \"box\", \"n\": 2, \"parts\": [{\"image\": \"y\", \"env\": "
    "[\"a\", \"b\"]}, {\"image\": \"z\"}]},"
    "{\"kind\": \"box\", \"name\": \"other\", \"n\": 1, \"parts\": [{\"image\": \"x\"}]},"
    "{\"kind\": \"lid\", \"name\": \"lid\", \"n\": \"none\", \"tag\": 5},"
    "{\"kind\": \"lid\", \"name\": \"A name that is as long as the name of the resource that has a "
    "long one, and differs\", \"n\": 4, \"tag\": \"bin\"},"
    "{\"kind\": \"bin\", \"name\": \"bin\", \"open\": false, \"n\": null, \"parts\": []},"
    "{\"kind\": \"bin\", \"name\": \"hidden\", \"n\": 5, \"parts\": [{\"image\": \"w\"}],"
    " \"secret\": {\"n\": true, \"parts\": true}}]}";

typedef struct both {
    berm_engine *engine;
    berm_policy *policy;
    berm_doc *doc;
} both;

static both begin_both(void)
{
    both b = {0};
    assert_int_equal(berm_engine_new(NULL, &b.engine, NULL), BERM_OK);
    b.policy = compiled_by(b.engine, policy_text, 0);
    b.doc = read_by(b.engine, documents);
    return b;
}

static void end_both(both *b)
{
    berm_doc_unref(b->doc);
    berm_policy_unref(b->policy);
    berm_engine_unref(b->engine);
}

static void put_finding(said_text *out, const berm_finding *f)
{
    char line[600];
    int len = snprintf(line, sizeof line, "%.*s %.*s %.*s verdict %u cost %u: %.*s; %.*s %.*s\n",
                       (int)f->address.len, f->address.ptr, (int)f->guardrail.len, f->guardrail.ptr,
                       (int)f->validation.len, f->validation.ptr, (unsigned)f->verdict,
                       (unsigned)f->cost, (int)f->message.len, f->message.ptr, (int)f->path.len,
                       f->path.ptr, (int)f->fingerprint.len, f->fingerprint.ptr);
    assert_true(len > 0 && (size_t)len < sizeof line);
    assert_int_equal(keep_said(out, line, (size_t)len), 0);
}

static void put_decision(said_text *out, const berm_decision *decision)
{
    berm_summary s = {.size = sizeof s};
    char line[300];
    size_t count, stride;
    const char *at = (const char *)berm_decision_findings(decision, &count, &stride);
    for (size_t i = 0; i < count; i++)
        put_finding(out, (const berm_finding *)(const void *)(at + i * stride));
    berm_decision_summary(decision, &s);
    int len = snprintf(line, sizeof line,
                       "resources %u unmatched %u cost %u denied %u:", (unsigned)s.resources,
                       (unsigned)s.unmatched, (unsigned)s.cost, s.denied);
    for (uint32_t k = 0; k < BERM_VERDICT_COUNT; k++)
        len += snprintf(line + len, sizeof line - (size_t)len, " %u", (unsigned)s.verdicts[k]);
    assert_int_equal(keep_said(out, line, (size_t)len), 0);
}

/* What the run says, or which status ended it. Each has an evaluation of its own. */
static said_text judge(const both *b, const berm_limits *limits, uint32_t flags)
{
    said_text out = {0};
    berm_eval *eval = NULL;
    const berm_decision *decision = NULL;
    berm_eval_options options = {.size = sizeof options, .limits = limits};
    berm_input input = {.size = sizeof input, .doc = b->doc};
    berm_run run = {.size = sizeof run,
                    .policy = b->policy,
                    .inputs = &input,
                    .input_count = 1,
                    .flags = flags};
    assert_int_equal(berm_eval_new(b->engine, &options, &eval, NULL), BERM_OK);
    for (int turn = 0; turn < 2; turn++) { /* cold and warm */
        berm_status status = berm_eval_run(eval, &run, &decision, NULL);
        char line[40];
        int len = snprintf(line, sizeof line, "status %d\n", (int)status);
        assert_int_equal(keep_said(&out, line, (size_t)len), 0);
        if (status == BERM_OK) put_decision(&out, decision);
    }
    berm_eval_free(eval);
    return out;
}

static bool is_same(const both *b, berm_limits limits, uint32_t flags)
{
    limits.size = sizeof limits;
    said_text plain = judge(b, &limits, flags | BERM_RUN_PLAIN), shared = judge(b, &limits, flags);
    if (strcmp(plain.ptr, shared.ptr) != 0) fail_msg("%s\n--\n%s", plain.ptr, shared.ptr);
    bool whole = strstr(plain.ptr, "resources") != NULL;
    free(plain.ptr);
    free(shared.ptr);
    return whole;
}

static void same_verdicts(void **state)
{
    (void)state;
    both b = begin_both();
    assert_true(is_same(&b, (berm_limits){0}, 0));
    assert_true(is_same(&b, (berm_limits){0}, BERM_RUN_PASSES));
    assert_true(is_same(&b, (berm_limits){0}, BERM_RUN_EXPLAIN));
    end_both(&b);
}

static void same_costs(void **state)
{
    (void)state;
    both b = begin_both();
    for (uint64_t cost = 1; cost < 80; cost++) is_same(&b, (berm_limits){.rule_cost = cost}, 0);
    end_both(&b);
}

static void same_fuel(void **state)
{
    (void)state;
    both b = begin_both();
    uint64_t fuel = 1;
    while (!is_same(&b, (berm_limits){.fuel = fuel}, 0)) fuel++;
    assert_in_range(fuel, 1000, 20000);
    for (uint64_t more = 0; more < 20; more++)
        assert_true(is_same(&b, (berm_limits){.fuel = fuel + more}, 0));
    end_both(&b);
}

static void same_memory(void **state)
{
    (void)state;
    both b = begin_both();
    uint64_t memory = 16;
    while (!is_same(&b, (berm_limits){.memory_len = memory}, 0)) memory += 16;
    assert_in_range(memory, 64, 65536);
    end_both(&b);
}

/* An evaluation outlives its policies: what it made for the first is given back, to the byte, when
   that one is long gone. */
static void policies_go(void **state)
{
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    berm_eval *eval = NULL;
    (void)state;
    assert_int_equal(berm_eval_new(engine, NULL, &eval, NULL), BERM_OK);
    for (int turn = 0; turn < 3; turn++) {
        const berm_decision *decision = NULL;
        both b = {engine, compiled_by(engine, policy_text, 0), read_by(engine, documents)};
        berm_input input = {.size = sizeof input, .doc = b.doc};
        berm_run run = {.size = sizeof run, .policy = b.policy, .inputs = &input, .input_count = 1};
        assert_int_equal(berm_eval_run(eval, &run, &decision, NULL), BERM_OK);
        berm_doc_unref(b.doc);
        berm_policy_unref(b.policy);
    }
    berm_eval_free(eval);
    berm_engine_unref(engine);
    assert_int_equal(heap.wrong_len, 0);
    assert_int_equal(heap.in_use, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_verdicts), cmocka_unit_test(same_costs),  cmocka_unit_test(same_fuel),
        cmocka_unit_test(same_memory),   cmocka_unit_test(policies_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
