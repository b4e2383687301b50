/* Each limit and what it ends: a call with a status and a diagnostic of its own, or an expression
   with an error of its own. A limit is never a pass. */
#include <berm/berm.h>

#include "base_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static berm_str str_of(const char *text)
{
    return (berm_str){text, strlen(text)};
}

typedef struct limited {
    berm_engine *engine;
    berm_policy *policy;
    berm_doc *doc;
    berm_eval *eval;
    berm_error err;
} limited;

/* The document is read and the policy compiled without the limits: they are the evaluation's. */
static limited limited_of(const char *text, uint32_t role, const char *document, berm_limits limits)
{
    limited l = {0};
    limits.size = sizeof limits;
    berm_source source = {.size = sizeof source,
                          .name = str_of("test"),
                          .text = str_of(text),
                          .role = role};
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
    berm_eval_options options = {.size = sizeof options, .limits = &limits};
    assert_int_equal(berm_engine_new(NULL, &l.engine, NULL), BERM_OK);
    if (berm_policy_compile(l.engine, &input, &l.policy, NULL, &l.err))
        fail_msg("%s: %s", text, l.err.message);
    if (berm_doc_parse(l.engine, str_of(document), NULL, &l.doc, NULL, &l.err))
        fail_msg("%s: %s", document, l.err.message);
    assert_int_equal(berm_eval_new(l.engine, &options, &l.eval, NULL), BERM_OK);
    return l;
}

static void drop_limited(limited *l)
{
    berm_eval_free(l->eval);
    berm_doc_unref(l->doc);
    berm_policy_unref(l->policy);
    berm_engine_unref(l->engine);
}

static const char long_list[] = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]";

typedef struct limit_case {
    const char *text;
    berm_limits limits;
    berm_status status; /* of berm_eval_call */
    uint32_t code;      /* of its diagnostic: docs/diagnostics.md */
    const char *message;
} limit_case;

static const limit_case limit_cases[] = {
    {"object.all(i, object.all(k, i > 0 && k > 0))",
     {.rule_cost = 100},
     BERM_E_EXPRESSION,
     705,
     "the expression went over its cost limit"},
    {"object.all(i, object.all(k, i > 0 && k > 0)) || true",
     {.rule_cost = 100},
     BERM_E_EXPRESSION,
     705,
     "the expression went over its cost limit"},
    {"object.all(i, object.all(k, i > 0 && k > 0))",
     {.fuel = 500},
     BERM_E_FUEL,
     702,
     "the fuel is used up"},
    {"object.all(i, object.all(k, i > 0 && k > 0)) || true",
     {.fuel = 500},
     BERM_E_FUEL,
     702,
     "the fuel is used up"},
    {"object.map(i, object).map(l, l + object).size() > 0",
     {.memory_len = 4000},
     BERM_E_LIMIT,
     701,
     "the memory limit is reached"},
    {"object.map(i, 'abcdefghijklmnopqrstuvwxyz').join('-').size() > 0",
     {.memory_len = 500},
     BERM_E_LIMIT,
     701,
     "the memory limit is reached"},
    {"'abcdefgh' + 'ijklmnop' == '' || size(string(object[0]) + 'abcdefghijklm') > 0",
     {.string_len = 10},
     BERM_E_EXPRESSION,
     705,
     "the result is too large"},
    {"object.map(i, 'ab').join('') == ''",
     {.string_len = 35},
     BERM_E_EXPRESSION,
     705,
     "the result is too large"},
    {"bytes('abc' + string(object[0])) == b''",
     {.string_len = 3},
     BERM_E_EXPRESSION,
     705,
     "the result is too large"},
    {"(object + object).size() > 0",
     {.node_count = 35},
     BERM_E_EXPRESSION,
     705,
     "the result is too large"},
    {"object.map(i, i).size() > 0",
     {.node_count = 17},
     BERM_E_EXPRESSION,
     705,
     "the result is too large"},
    {"object.transformMap(i, v, v).size() > 0",
     {.node_count = 17},
     BERM_E_EXPRESSION,
     705,
     "the result is too large"},
    {"'a,b,c,d'.split(',').size() > 0",
     {.node_count = 3},
     BERM_E_EXPRESSION,
     705,
     "the result is too large"},
    {"lists.range(object[3]).size() > 0",
     {.node_count = 3},
     BERM_E_EXPRESSION,
     705,
     "the result is too large"},
};

static void each_limit_has_its_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof limit_cases / sizeof *limit_cases; i++) {
        const limit_case *c = &limit_cases[i];
        limited l = limited_of(c->text, BERM_ROLE_EXPRESSION, long_list, c->limits);
        berm_value value;
        berm_status status =
            berm_eval_call(l.eval, l.policy, l.doc, (berm_time){0, 0}, &value, &l.err);
        if (status != c->status || l.err.code != c->code || strcmp(l.err.message, c->message) != 0)
            fail_msg("%s: status %d, code %u, %s", c->text, (int)status, (unsigned)l.err.code,
                     l.err.message);
        assert_int_equal(l.err.status, status);
        drop_limited(&l);
        /* Without the limit it has a value. */
        l = limited_of(c->text, BERM_ROLE_EXPRESSION, long_list, (berm_limits){0});
        if (berm_eval_call(l.eval, l.policy, l.doc, (berm_time){0, 0}, &value, &l.err))
            fail_msg("%s: %s", c->text, l.err.message);
        drop_limited(&l);
    }
}

/* What is as large as it may be. */
static void the_limit_itself_is_allowed(void **state)
{
    static const limit_case cases[] = {
        {"object.map(i, 'ab').join('') != ''", {.string_len = 36}, BERM_OK, 0, ""},
        {"(object + object).size() == 36", {.node_count = 36}, BERM_OK, 0, ""},
        {"object.map(i, i).size() == 18", {.node_count = 18}, BERM_OK, 0, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        limited l = limited_of(cases[i].text, BERM_ROLE_EXPRESSION, long_list, cases[i].limits);
        berm_value value;
        berm_item item = {.size = sizeof item};
        if (berm_eval_call(l.eval, l.policy, l.doc, (berm_time){0, 0}, &value, &l.err))
            fail_msg("%s: %s", cases[i].text, l.err.message);
        assert_int_equal(berm_value_read(value, &item), BERM_OK);
        assert_int_equal(item.as.u, 1);
        drop_limited(&l);
    }
}

/* Equality of what is nested deeper than values are worked with. */
static void depth(void **state)
{
    enum { DEEP = 600 };
    static char text[2 * DEEP + 4];
    berm_limits limits = {.size = sizeof limits, .depth = 1000};
    berm_engine_options options = {.size = sizeof options, .limits = &limits};
    berm_value value;
    (void)state;
    memset(text, '[', DEEP);
    memset(text + DEEP, ']', DEEP);
    limited l = limited_of("object == object.map(x, x)", BERM_ROLE_EXPRESSION, "[]", limits);
    berm_engine *engine;
    assert_int_equal(berm_engine_new(&options, &engine, NULL), BERM_OK);
    berm_doc_unref(l.doc);
    assert_int_equal(berm_doc_parse(engine, str_of(text), NULL, &l.doc, NULL, NULL), BERM_OK);
    assert_int_equal(berm_eval_call(l.eval, l.policy, l.doc, (berm_time){0, 0}, &value, &l.err),
                     BERM_E_LIMIT);
    assert_int_equal(l.err.code, 707);
    assert_string_equal(l.err.message, "a value is nested too deep to be worked with");
    berm_engine_unref(engine);
    drop_limited(&l);
}

#define POLICY \
    "guardrail: g\n" \
    "title: t\n" \
    "match: {kinds: [document]}\n" \
    "validations:\n" \
    "  - {name: v, expression: \"object.l.all(i, object.l.all(k, i > 0 && k > 0))\"}\n" \
    "  - {name: w, expression: \"true || object.l == []\"}\n"
#define DOCUMENT "{\"l\": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}"

static berm_status run_limited(limited *l, berm_summary *summary)
{
    berm_input input = {.size = sizeof input, .doc = l->doc};
    berm_run run = {.size = sizeof run, .policy = l->policy, .inputs = &input, .input_count = 1};
    const berm_decision *decision;
    berm_status status = berm_eval_run(l->eval, &run, &decision, &l->err);
    if (status) assert_null(decision);
    *summary = (berm_summary){.size = sizeof *summary};
    berm_decision_summary(decision, summary);
    return status;
}

/* In a run a rule over its cost has verdict error, and the others theirs; the run goes on. */
static void a_rule_over_its_cost(void **state)
{
    berm_summary summary;
    (void)state;
    limited l = limited_of(POLICY, BERM_ROLE_POLICY, DOCUMENT, (berm_limits){.rule_cost = 50});
    assert_int_equal(run_limited(&l, &summary), BERM_OK);
    assert_int_equal(summary.verdicts[BERM_VERDICT_ERROR], 1);
    assert_int_equal(summary.verdicts[BERM_VERDICT_PASS], 1);
    assert_int_equal(summary.denied, 1);
    drop_limited(&l);
}

/* A run without fuel or memory decides nothing; the eval works again with another policy. */
static void a_run_that_ends(void **state)
{
    berm_summary summary;
    (void)state;
    limited l = limited_of(POLICY, BERM_ROLE_POLICY, DOCUMENT, (berm_limits){.fuel = 300});
    assert_int_equal(run_limited(&l, &summary), BERM_E_FUEL);
    assert_int_equal(l.err.code, 702);
    assert_int_equal(summary.verdicts[BERM_VERDICT_PASS], 0);
    assert_int_equal(run_limited(&l, &summary), BERM_E_FUEL);
    drop_limited(&l);
    l = limited_of(POLICY, BERM_ROLE_POLICY, DOCUMENT, (berm_limits){.memory_len = 3});
    assert_int_equal(run_limited(&l, &summary), BERM_E_LIMIT);
    assert_int_equal(l.err.code, 701);
    drop_limited(&l);
    l = limited_of(POLICY, BERM_ROLE_POLICY, DOCUMENT, (berm_limits){0});
    assert_int_equal(run_limited(&l, &summary), BERM_OK);
    assert_int_equal(summary.verdicts[BERM_VERDICT_PASS], 2);
    drop_limited(&l);
}

#define COSTLY "\"size(input) > 0 && input.all(i, input.all(k, i > 0 && k > 0))\""
#define JUDGED \
    "---\nguardrail: g\ntitle: t\nmatch: {target: lists, kinds: [list]}\n" \
    "validations: [{name: v, expression: \"!('bad' in resource.tags)\"}]\n"

/* A document that costs a target much is not one that no target claims: it is claimed, or the run
   ends. */
static void a_detection_that_costs(void **state)
{
    (void)state;
    limited l = limited_of("target: lists\ntitle: t\ndetect: " COSTLY
                           "\nresources: [{path: ., kind: \"'list'\"}]\n" JUDGED,
                           BERM_ROLE_POLICY, long_list, (berm_limits){.rule_cost = 100});
    berm_summary summary;
    assert_int_equal(run_limited(&l, &summary), BERM_OK);
    assert_int_equal(summary.verdicts[BERM_VERDICT_PASS], 1);
    drop_limited(&l);
    l = limited_of("target: lists\ntitle: t\ndetect: input.map(i, 'ab').join('') != ''"
                   "\nresources: [{path: ., kind: \"'list'\"}]\n" JUDGED,
                   BERM_ROLE_POLICY, long_list, (berm_limits){.string_len = 35});
    assert_int_equal(run_limited(&l, &summary), BERM_E_LIMIT);
    assert_int_equal(l.err.code, 705);
    drop_limited(&l);
}

/* What a listing says of an entry: over the limit it is an error that denies, not "there is none". */
static void a_listing_over_its_cost(void **state)
{
    static const char *const parts[] = {"where: " COSTLY, "request: " COSTLY,
                                        "tags: \"[{'bad': 1}].filter(t, size(input) > 0 && "
                                        "input.all(i, input.all(k, i > 0 && k > 0)))[0]\""};
    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char text[1000];
        berm_summary summary;
        snprintf(text, sizeof text,
                 "target: lists\ntitle: t\ndetect: size(input) == 18\nresources:\n"
                 "  - {path: ., kind: \"'list'\", %s}\n" JUDGED,
                 parts[i]);
        limited l = limited_of(text, BERM_ROLE_POLICY, long_list, (berm_limits){.rule_cost = 100});
        assert_int_equal(run_limited(&l, &summary), BERM_OK);
        assert_int_equal(summary.verdicts[BERM_VERDICT_ERROR], 1);
        assert_int_equal(summary.denied, 1);
        drop_limited(&l);
    }
}

/* Whatever allocation fails, an error of an expression says which one it is, or that there was no
   memory to say it. */
static void an_error_has_a_text(void **state)
{
    (void)state;
    limited l =
        limited_of("[1].all(x, dyn('no bool'))", BERM_ROLE_EXPRESSION, "{}", (berm_limits){0});
    berm_status status = BERM_E_NOMEM;
    for (size_t n = 1; status == BERM_E_NOMEM && n < 1000; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        berm_engine_options options = {.size = sizeof options, .alloc = &alloc};
        berm_engine *engine = NULL;
        berm_eval *eval = NULL;
        berm_value value;
        berm_error err = {0};
        status = berm_engine_new(&options, &engine, &err);
        if (!status) status = berm_eval_new(engine, NULL, &eval, &err);
        if (!status)
            status = berm_eval_call(eval, l.policy, l.doc, (berm_time){0, 0}, &value, &err);
        assert_true(status == BERM_E_NOMEM || status == BERM_E_EXPRESSION);
        assert_int_equal(err.status, status);
        assert_string_not_equal(err.message, "");
        berm_eval_free(eval);
        berm_engine_unref(engine);
        assert_int_equal(heap.in_use, 0);
    }
    assert_int_equal(status, BERM_E_EXPRESSION);
    drop_limited(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_limit_has_its_error),
        cmocka_unit_test(the_limit_itself_is_allowed),
        cmocka_unit_test(depth),
        cmocka_unit_test(a_rule_over_its_cost),
        cmocka_unit_test(a_run_that_ends),
        cmocka_unit_test(a_detection_that_costs),
        cmocka_unit_test(a_listing_over_its_cost),
        cmocka_unit_test(an_error_has_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
