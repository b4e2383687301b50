/* Runs and calls: what they refuse, what stops them, and that each allocation may fail. */
#include "../fail_alloc/texts.h"
#include "api_help.h"

#define SIMPLE \
    "guardrail: g\ntitle: T\nmatch: {kinds: [document]}\n" \
    "validations: [{name: v, expression: object.a > 1, message: 'a is {object.a}'}]\n"

typedef struct session {
    counted_heap heap;
    berm_engine *engine;
    berm_policy *policy;
    berm_doc *docs[2];
    berm_eval *eval;
    uint32_t flags;
    bool compared; /* the second document is the first one as it was */
} session;

static void begin_session(session *s, const char *policy, const char *document, const char *second)
{
    *s = (session){.flags = BERM_RUN_PASSES};
    s->engine = counted_engine(&s->heap, NULL);
    s->policy = compiled_by(s->engine, policy, 0);
    s->docs[0] = read_by(s->engine, document);
    if (second) s->docs[1] = read_by(s->engine, second);
    assert_int_equal(berm_eval_new(s->engine, NULL, &s->eval, NULL), BERM_OK);
}

static void end_session(session *s)
{
    berm_eval_free(s->eval);
    berm_doc_unref(s->docs[0]);
    berm_doc_unref(s->docs[1]);
    berm_policy_unref(s->policy);
    berm_engine_unref(s->engine);
    assert_int_equal(s->heap.in_use, 0);
}

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    session s;
    begin_session(&s, SIMPLE, "{\"a\": 1}", NULL);
    berm_eval *eval = NULL;
    const berm_eval_options unsized = {0};
    const berm_decision *decision = NULL;
    const berm_input input = {.size = sizeof input, .doc = s.docs[0]}, sizeless = {0};
    berm_run run = {.size = sizeof run, .policy = s.policy, .inputs = &input, .input_count = 1};
    const berm_run none = {0};
    berm_value value;
    berm_error err;
    const berm_time now = {0, 0};
    static const char missing[] = "eval, run or out is NULL",
                      call[] = "eval, policy or out is NULL";
    expect_refused(err, berm_eval_new(NULL, NULL, &eval, &err), "engine or out is NULL");
    expect_refused(err, berm_eval_new(s.engine, NULL, NULL, &err), "engine or out is NULL");
    expect_refused(err, berm_eval_new(s.engine, &unsized, &eval, &err), "options.size is not set");
    assert_null(eval);
    expect_refused(err, berm_eval_run(NULL, &run, &decision, &err), missing);
    expect_refused(err, berm_eval_run(s.eval, NULL, &decision, &err), missing);
    expect_refused(err, berm_eval_run(s.eval, &run, NULL, &err), missing);
    expect_refused(err, berm_eval_run(s.eval, &none, &decision, &err), "run.size is not set");
    run.inputs = &sizeless;
    expect_refused(err, berm_eval_run(s.eval, &run, &decision, &err), "an input's size is not set");
    run.inputs = NULL;
    expect_refused(err, berm_eval_run(s.eval, &run, &decision, &err), "run.inputs is NULL");
    run.policy = NULL;
    expect_refused(err, berm_eval_run(s.eval, &run, &decision, &err), "run.policy is NULL");
    expect_refused(err, berm_eval_call(NULL, s.policy, NULL, now, &value, &err), call);
    expect_refused(err, berm_eval_call(s.eval, NULL, NULL, now, &value, &err), call);
    expect_refused(err, berm_eval_call(s.eval, s.policy, NULL, now, NULL, &err), call);
    expect_refused(err, berm_eval_answer(NULL, 0, NULL, &err), "eval is NULL");
    end_session(&s);
}

/* What has no decision has no findings: none of these crash, and all say zero. */
static void nothing_says_nothing(void **state)
{
    (void)state;
    size_t count = 7, stride = 7;
    berm_summary sum = {.size = sizeof sum, .denied = 1};
    assert_null(berm_decision_findings(NULL, &count, &stride));
    assert_int_equal(count, 0);
    assert_true(stride > 0);
    assert_null(berm_decision_findings(NULL, NULL, NULL));
    berm_decision_summary(NULL, &sum);
    assert_int_equal(sum.denied, 1);
    count = 7;
    assert_null(berm_eval_pending(NULL, &count, NULL));
    assert_int_equal(count, 0);
    assert_null(berm_eval_pending(NULL, NULL, &stride));
    berm_eval_interrupt(NULL);
    berm_eval_free(NULL);
}

static int ask_to_stop(void *ctx)
{
    return ++*(int *)ctx > 0;
}

/* A run that is stopped decides nothing; the next one is a run like any other. */
static void interrupted_runs_decide_nothing(void **state)
{
    (void)state;
    session s;
    begin_session(&s, SIMPLE, "{\"a\": 1}", NULL);
    int asked = 0;
    const berm_eval_options polled = {.size = sizeof polled,
                                      .poll = ask_to_stop,
                                      .poll_ctx = &asked};
    const berm_decision *decision = NULL;
    const berm_input input = {.size = sizeof input, .doc = s.docs[0]};
    const berm_run run = {.size = sizeof run,
                          .policy = s.policy,
                          .inputs = &input,
                          .input_count = 1};
    berm_eval *eval = NULL;
    berm_error err = {0};
    berm_summary sum = {.size = sizeof sum};
    berm_eval_interrupt(s.eval);
    assert_int_equal(berm_eval_run(s.eval, &run, &decision, &err), BERM_E_INTERRUPTED);
    assert_null(decision);
    assert_int_equal(berm_eval_run(s.eval, &run, &decision, &err), BERM_OK);
    berm_decision_summary(decision, &sum);
    assert_true(sum.denied && sum.verdicts[BERM_VERDICT_FAIL] == 1);
    size_t small[2] = {sizeof small[0], 77}; /* an older caller's summary: its size alone */
    berm_decision_summary(decision, (berm_summary *)(void *)small);
    assert_true(small[0] == sizeof small[0] && small[1] == 77);
    assert_int_equal(berm_eval_new(s.engine, &polled, &eval, NULL), BERM_OK);
    assert_int_equal(berm_eval_run(eval, &run, &decision, &err), BERM_E_INTERRUPTED);
    assert_true(asked > 0);
    assert_null(decision);
    berm_eval_free(eval);
    end_session(&s);
}

/* --- each allocation may fail --- */

static void say_findings(const berm_decision *decision, said_text *said)
{
    size_t count, stride;
    const berm_finding *f = berm_decision_findings(decision, &count, &stride);
    for (size_t i = 0; i < count; i++) {
        const berm_str texts[] = {f->guardrail, f->validation,  f->address,
                                  f->message,   f->path,        f->waiver,
                                  f->tags,      f->explanation, f->fingerprint};
        char line[64];
        int len =
            snprintf(line, sizeof line, "%u %u:%u %u\n", f->verdict, f->line, f->column, f->action);
        assert_int_equal(keep_said(said, line, (size_t)len), 0);
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            assert_int_equal(keep_said(said, texts[t].ptr ? texts[t].ptr : "", texts[t].len), 0);
        f = (const berm_finding *)(const void *)((const char *)f + stride);
    }
}

static berm_status run_session(void *ctx, said_text *said)
{
    const session *s = ctx;
    berm_eval *eval = NULL;
    const berm_decision *decision = NULL;
    berm_error err = {0};
    const berm_input inputs[2] = {
        {.size = sizeof *inputs, .doc = s->docs[0], .before = s->compared ? s->docs[1] : NULL},
        {.size = sizeof *inputs, .doc = s->docs[1]}};
    const berm_run run = {.size = sizeof run,
                          .policy = s->policy,
                          .inputs = inputs,
                          .input_count = s->docs[1] && !s->compared ? 2 : 1,
                          .flags = s->flags};
    berm_status status = berm_eval_new(s->engine, NULL, &eval, &err);
    if (!status) status = berm_eval_run(eval, &run, &decision, &err);
    assert_int_equal(status, err.status);
    if (status) assert_null(decision);
    else say_findings(decision, said);
    berm_eval_free(eval);
    return status;
}

static void runs_stand_failing_allocations(void **state)
{
    (void)state;
    session s;
    begin_session(&s, POLICY_TEXT, PLAN_TEXT, MANIFESTS_TEXT);
    s.flags |= BERM_RUN_TAGS | BERM_RUN_DIGESTS;
    expect_alloc_failures(&(alloc_case){.heap = &s.heap, .run = run_session, .ctx = &s});
    s.flags |= BERM_RUN_EXPLAIN;
    expect_alloc_failures(&(alloc_case){.heap = &s.heap, .run = run_session, .ctx = &s});
    s.flags = BERM_RUN_PASSES | BERM_RUN_PARTIAL;
    expect_alloc_failures(&(alloc_case){.heap = &s.heap, .run = run_session, .ctx = &s});
    end_session(&s);
}

static void comparisons_stand_failing_allocations(void **state)
{
    (void)state;
    session s;
    begin_session(&s,
                  "guardrail: g\ntitle: T\n"
                  "match: {kinds: ['*'], actions: [create, update, delete, no-op, drift]}\n"
                  "validations: [{name: v, expression: 'oldObject == object'}]\n",
                  MANIFESTS_TEXT, "kind: Pod\napiVersion: v1\nmetadata: {name: gone}\n");
    s.compared = true;
    expect_alloc_failures(&(alloc_case){.heap = &s.heap, .run = run_session, .ctx = &s});
    s.flags |= BERM_RUN_DRIFT;
    expect_alloc_failures(&(alloc_case){.heap = &s.heap, .run = run_session, .ctx = &s});
    end_session(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(nothing_says_nothing),
        cmocka_unit_test(interrupted_runs_decide_nothing),
        cmocka_unit_test(runs_stand_failing_allocations),
        cmocka_unit_test(comparisons_stand_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
