/* Reports: what they refuse, limits, sinks, and that each allocation may fail, in every format. */
#include "api_help.h"

#define SET \
    "target: shop\ntitle: Shop\ndetect: 'true'\n" \
    "resources: [{path: '[*]', kind: item.kind, name: item.name, address: item.name, tags: " \
    "item.tags}]\n" \
    "---\nguardrail: size\ntitle: Size\nmatch: {kinds: [box]}\nremediation: smaller\n" \
    "url: https://example.org/size\ncategory: c\n" \
    "controls: [{framework: f, version: '1', id: C-1}]\n" \
    "validations:\n" \
    "  - {name: small, expression: 'object.n < 3', message: '{resource.name} is large'}\n" \
    "  - {name: least, expression: '10 / object.n > 0'}\n" \
    "  - {name: owned, each: object.owners, expression: \"item != 'x'\"}\n" \
    "---\nframework: f\nversion: '1'\ntitle: F\npattern: '^C-[0-9]$'\nurl: u\nlicence: l\n" \
    "controls: [{id: C-1, title: One}, {id: C-2}]\n" \
    "---\nwaiver: w\nguardrails: [size/small]\nscope: {resources: [b]}\ncategory: waived\n" \
    "reason: r\nowner: o\ncreated: 2026-10-01\nexpires: 2026-12-31\n"
#define CARD \
    "scorecard: s\nfigures:\n" \
    "  - {figure: a, title: A, measure: controls-covered, controls: f, target: {min: 70}}\n" \
    "  - {figure: b, title: B, measure: resources-passed, tags: {owner: ['*']}, target: {max: " \
    "10}}\n" \
    "  - {figure: c, title: C, measure: findings-waived, target: {max: 10, warn: 20}}\n"
#define BOXES \
    "[{\"kind\": \"box\", \"name\": \"a\", \"n\": 7, \"owners\": [\"x\", \"y\"], \"tags\": " \
    "{\"owner\": \"x\"}},\n" \
    " {\"kind\": \"box\", \"name\": \"b\", \"n\": 8, \"owners\": [], \"tags\": {\"team\": " \
    "\"y\"}},\n" \
    " {\"kind\": \"box\", \"name\": \"c\", \"n\": 0, \"owners\": [\"z\"], \"tags\": {}}]"

static const berm_time november = {1795824000, 0}; /* 2026-11-28 */

typedef struct session {
    counted_heap heap;
    berm_engine *engine;
    berm_policy *policy;
    berm_doc *doc, *card;
    berm_eval *eval;
    berm_input input;
    berm_run run;
    const berm_decision *decision;
} session;

static void begin_session(session *s, const berm_limits *limits)
{
    *s = (session){.input = {.size = sizeof s->input}};
    s->engine = counted_engine(&s->heap, limits);
    s->policy = compiled_by(s->engine, SET, BERM_COMPILE_NO_BUILTINS);
    s->doc = read_by(s->engine, BOXES);
    assert_int_equal(berm_doc_parse(s->engine, str_of(CARD), NULL, &s->card, NULL, NULL), BERM_OK);
    assert_int_equal(berm_eval_new(s->engine, NULL, &s->eval, NULL), BERM_OK);
    s->input.doc = s->doc;
    s->run =
        (berm_run){.size = sizeof s->run,
                   .policy = s->policy,
                   .inputs = &s->input,
                   .input_count = 1,
                   .now = november,
                   .flags = BERM_RUN_PASSES | BERM_RUN_TAGS | BERM_RUN_DIGESTS | BERM_RUN_EXPLAIN};
    assert_int_equal(berm_eval_run(s->eval, &s->run, &s->decision, NULL), BERM_OK);
}

static void end_session(session *s)
{
    berm_eval_free(s->eval);
    berm_doc_unref(s->doc);
    berm_doc_unref(s->card);
    berm_policy_unref(s->policy);
    berm_engine_unref(s->engine);
    assert_int_equal(s->heap.in_use, 0);
}

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    session s;
    begin_session(&s, NULL);
    berm_report *report = NULL;
    said_text said = {0};
    const berm_sink sink = sink_into(&said), mute = {NULL, NULL};
    const berm_report_options unsized = {0}, options = {.size = sizeof options};
    berm_error err, why = {.message = "unreadable"};
    static const char add[] = "report, run or decision is NULL";
    static const char failure[] = "report, source or why is NULL";
    static const char configure[] = "report or options is NULL, or options.size is 0";
    static const char score[] = "report or definitions is NULL", write[] = "report or sink is NULL";
    const berm_str name = str_of("x");
    expect_refused(err, berm_report_new(NULL, &report, &err), "engine or out is NULL");
    expect_refused(err, berm_report_new(s.engine, NULL, &err), "engine or out is NULL");
    assert_int_equal(berm_report_new(s.engine, &report, &err), BERM_OK);
    expect_refused(err, berm_report_add(NULL, &s.run, s.decision, &err), add);
    expect_refused(err, berm_report_add(report, NULL, s.decision, &err), add);
    expect_refused(err, berm_report_add(report, &s.run, NULL, &err), add);
    expect_refused(err, berm_report_fail(NULL, name, &why, &err), failure);
    expect_refused(err, berm_report_fail(report, name, NULL, &err), failure);
    expect_refused(err, berm_report_fail(report, (berm_str){NULL, 1}, &why, &err), failure);
    expect_refused(err, berm_report_configure(NULL, &options, &err), configure);
    expect_refused(err, berm_report_configure(report, NULL, &err), configure);
    expect_refused(err, berm_report_configure(report, &unsized, &err), configure);
    expect_refused(err, berm_report_score(NULL, s.card, &err), score);
    expect_refused(err, berm_report_score(report, NULL, &err), score);
    expect_refused(err, berm_report_write(NULL, 0, 0, &sink, &err), write);
    expect_refused(err, berm_report_write(report, 0, 0, NULL, &err), write);
    expect_refused(err, berm_report_write(report, 0, 0, &mute, &err), write);
    expect_refused(err, berm_report_write(report, BERM_REPORT_FORMAT_COUNT, 0, &sink, &err),
                   "format is none of BERM_REPORT_*");
    assert_null(said.ptr);
    assert_null(berm_report_format_name(BERM_REPORT_FORMAT_COUNT));
    assert_int_equal(berm_report_run_flags(BERM_REPORT_FORMAT_COUNT), 0);
    assert_string_equal(berm_report_format_name(BERM_REPORT_SARIF), "sarif");
    berm_report_free(report);
    berm_report_free(NULL);
    end_session(&s);
}

static void nothing_says_nothing(void **state)
{
    (void)state;
    size_t count = 7, stride = 0;
    berm_summary sum = {.size = sizeof sum, .denied = 1};
    berm_waiver waiver = {.size = sizeof waiver};
    berm_error err;
    assert_null(berm_report_findings(NULL, &count, &stride));
    assert_true(count == 0 && stride > 0);
    assert_null(berm_report_findings(NULL, NULL, NULL));
    berm_report_summary(NULL, &sum);
    assert_int_equal(sum.denied, 1);
    assert_int_equal(berm_report_waiver_count(NULL), 0);
    expect_refused(err, berm_report_waiver(NULL, 0, &waiver, &err), "there is no such waiver");
}

static void reports_say_what_was_added(void **state)
{
    (void)state;
    session s;
    begin_session(&s, NULL);
    berm_report *report = NULL;
    size_t count, stride;
    berm_summary sum = {.size = sizeof sum};
    berm_waiver waiver = {.size = sizeof waiver}, unsized = {0};
    berm_error err = {0}, why = {.message = "unreadable"};
    assert_int_equal(berm_report_new(s.engine, &report, NULL), BERM_OK);
    assert_null(berm_report_findings(report, &count, &stride)); /* none yet */
    assert_int_equal(count, 0);
    assert_int_equal(berm_report_add(report, &s.run, s.decision, NULL), BERM_OK);
    assert_int_equal(berm_report_fail(report, str_of("torn.json"), &why, NULL), BERM_OK);
    berm_report_summary(report, &sum);
    assert_int_equal(sum.verdicts[BERM_VERDICT_WAIVED], 1);
    assert_int_equal(sum.verdicts[BERM_VERDICT_ERROR], 2);
    assert_non_null(berm_report_findings(report, &count, NULL));
    assert_int_equal(count, 11); /* two of each box, four of owners, the torn input */
    assert_int_equal(berm_report_waiver_count(report), 1);
    assert_int_equal(berm_report_waiver(report, 0, &waiver, &err), BERM_OK);
    assert_int_equal(waiver.matches, 1);
    expect_refused(err, berm_report_waiver(report, 1, &waiver, &err), "there is no such waiver");
    expect_refused(err, berm_report_waiver(report, 0, NULL, &err), "there is no such waiver");
    expect_refused(err, berm_report_waiver(report, 0, &unsized, &err), "there is no such waiver");
    berm_report_free(report);
    end_session(&s);
}

/* A report over its limit is not written at all, and a sink may say no. */
static void output_is_limited(void **state)
{
    (void)state;
    session s;
    const berm_limits limits = {.size = sizeof limits, .output_len = 200};
    begin_session(&s, &limits);
    berm_report *report = NULL;
    said_text said = {0};
    const berm_sink sink = sink_into(&said);
    berm_error err;
    assert_int_equal(berm_report_new(s.engine, &report, NULL), BERM_OK);
    assert_int_equal(berm_report_add(report, &s.run, s.decision, NULL), BERM_OK);
    expect_failure(err, berm_report_write(report, BERM_REPORT_JSON, 0, &sink, &err), BERM_E_LIMIT,
                   "the report is longer than the limit of 200 bytes");
    assert_null(said.ptr);
    berm_report_free(report);
    assert_int_equal(berm_report_new(s.engine, &report, NULL), BERM_OK);
    said.refuses = true;
    expect_failure(err, berm_report_write(report, BERM_REPORT_TEXT, 0, &sink, &err), BERM_E_IO,
                   "the sink refused the text");
    berm_report_free(report);
    end_session(&s);
}

/* --- each allocation may fail --- */

static berm_status fill_report(const session *s, berm_report *report, berm_error *err)
{
    static const berm_report_options how = {sizeof how, {"/base/", 6}, {"0123abc", 7}};
    const berm_error why = {.message = "unreadable", .line = 3, .column = 4, .off = 9};
    berm_status status = berm_report_configure(report, &how, err);
    if (!status) status = berm_report_score(report, s->card, err);
    if (!status) status = berm_report_fail(report, str_of("/base/torn.json"), &why, err);
    if (!status) status = berm_report_add(report, &s->run, s->decision, err);
    return status;
}

static berm_status fill_once(void *ctx, said_text *said)
{
    const session *s = ctx;
    const berm_sink sink = sink_into(said);
    berm_report *report = NULL;
    berm_error err = {0};
    berm_status status = berm_report_new(s->engine, &report, &err);
    if (!status) status = fill_report(s, report, &err);
    if (!status) status = berm_report_write(report, BERM_REPORT_JSON, 0, &sink, &err);
    assert_int_equal(status, err.status);
    berm_report_free(report);
    return status;
}

static void filling_stands_failing_allocations(void **state)
{
    (void)state;
    session s;
    begin_session(&s, NULL);
    expect_alloc_failures(&(alloc_case){.heap = &s.heap, .run = fill_once, .ctx = &s});
    end_session(&s);
}

typedef struct write_case {
    const berm_report *report;
    uint32_t format, flags;
} write_case;

static berm_status write_once(void *ctx, said_text *said)
{
    const write_case *c = ctx;
    const berm_sink sink = sink_into(said);
    berm_error err = {0};
    berm_status status = berm_report_write(c->report, c->format, c->flags, &sink, &err);
    assert_int_equal(status, err.status);
    return status;
}

static void writers_stand_failing_allocations(void **state)
{
    (void)state;
    session s;
    begin_session(&s, NULL);
    berm_report *report = NULL;
    berm_error err = {0};
    assert_int_equal(berm_report_new(s.engine, &report, &err), BERM_OK);
    assert_int_equal(fill_report(&s, report, &err), BERM_OK);
    for (uint32_t format = 0; format < BERM_REPORT_FORMAT_COUNT; format++) {
        write_case plain = {report, format, 0};
        write_case verbose = {report, format, BERM_REPORT_VERBOSE | BERM_REPORT_COLOR};
        expect_alloc_failures(&(alloc_case){.heap = &s.heap, .run = write_once, .ctx = &plain});
        expect_alloc_failures(&(alloc_case){.heap = &s.heap, .run = write_once, .ctx = &verbose});
    }
    berm_report_free(report);
    end_session(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(nothing_says_nothing),
        cmocka_unit_test(reports_say_what_was_added),
        cmocka_unit_test(output_is_limited),
        cmocka_unit_test(filling_stands_failing_allocations),
        cmocka_unit_test(writers_stand_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
