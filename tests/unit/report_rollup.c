/* Controls and what became of them, over several sets and versions; and what scorecards count. */
#include "report_help.h"

#include "base/parts.h"

#if BERM_PART_FORMATS && BERM_PART_GOVERNANCE
#include "report/formats/formats.h"

#define FRAMEWORK(name, version, controls) \
    "---\nframework: " name "\nversion: '" version "'\ntitle: F\npattern: '^.+$'\nurl: u\n" \
    "licence: l\ncontrols: " controls "\n"
#define SIZE(controls) \
    SHOP "---\nguardrail: size\ntitle: Size\nmatch: {kinds: [box]}\ncontrols: [" controls "]\n" \
         "validations: [{name: small, expression: 'object.n < 3'}]\n"
#define C(framework, version, id) "{framework: " framework ", version: '" version "', id: '" id "'}"
#define BOX "- {kind: box, name: a, n: 7, tags: {owner: x}}\n"

static void add_run(berm_report *report, judged *j, const char *set, const char *name)
{
    judge(j, set, name, BOX);
    assert_int_equal(berm_report_fill(report, &j->run, &j->decision), BERM_OK);
}

/* "name of framework version: id state, id state; .." */
static void print_rollup(berm_text *out, const berm_rollup *rollup)
{
    for (uint32_t s = 0; s < rollup->sets.count; s++) {
        const berm_rollup_set *set = &rollup->sets.items[s];
        berm_text_format(out, "%S of %S %S (%S):", set->name, set->framework, set->version,
                         set->title);
        for (uint32_t i = set->first; i < set->first + set->count; i++)
            berm_text_format(out, " %S %s", rollup->rows.items[i].id,
                             berm_control_state_word(rollup->rows.items[i].state));
        berm_text_putc(out, '\n');
    }
}

static void expect_rollup(berm_report *report, const char *wanted)
{
    berm_survey view;
    berm_rollup rollup = {0};
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    assert_true(berm_survey_open(&view, report, 0));
    assert_true(berm_rollup_make(&view, &rollup));
    print_rollup(&out, &rollup);
    berm_text_putc(&out, '\0');
    assert_string_equal(out.ptr, wanted);
    berm_rollup_free(&view, &rollup);
    assert_true(berm_survey_close(&view, &out));
    berm_text_free(&out);
}

/* Versions that one policy does not list another may name. */
static void versions_are_sets_of_their_own(void **state)
{
    (void)state;
    judged j, k;
    berm_report report;
    report_begin(&report, &berm_alloc_libc);
    add_run(&report, &j,
            SIZE(C("f", "1", "a") ", " C("f", "2", "a")) FRAMEWORK("f", "1", "[{id: a}, {id: b}]")
                FRAMEWORK("f", "2", "[]") FRAMEWORK("g", "2", "[{id: b}]"),
            "a.yaml");
    add_run(&report, &k,
            SHOP "---\nguardrail: other\ntitle: O\nmatch: {kinds: [box]}\n"
                 "controls: [" C("g", "1", "a") ", " C(
                     "g", "2", "c") "]\n"
                                    "validations: [{name: v, expression: 'object.n > 3'}]\n",
            "b.yaml");
    expect_rollup(&report, "f of f 1 (F): a fail b not-covered\n"
                           "g of g 2 (F): b not-covered c pass\n"
                           "g of g 1 (): a pass\n"
                           "f of f 2 (F): a fail\n");
    expect_part(&report, BERM_REPORT_OSCAL, 0, "\"title\": \"f/2/a\"");
    expect_part(&report, BERM_REPORT_OSCAL, 0, "\"title\": \"g/1/a\"");
    berm_report_clear(&report);
    drop_judged(&j);
    drop_judged(&k);
}

/* What two policies list is one set. */
static void a_framework_of_two_policies_is_listed_once(void **state)
{
    (void)state;
    judged j, k;
    berm_report report;
    report_begin(&report, &berm_alloc_libc);
    add_run(&report, &j, SIZE(C("f", "1", "a")) FRAMEWORK("f", "1", "[{id: a}]"), "a.yaml");
    add_run(&report, &k, /* the same validation: the first one's controls count */
            SIZE(C("f", "1", "b")) FRAMEWORK("f", "1", "[{id: a}, {id: c}]")
                FRAMEWORK("h", "1", "[{id: a}]"),
            "b.yaml");
    expect_rollup(&report, "f of f 1 (F): a fail\nh of h 1 (F): a not-covered\n");
    berm_report_clear(&report);
    drop_judged(&j);
    drop_judged(&k);
}

static void ids_become_tokens_of_oscal(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    report_begin(&report, &berm_alloc_libc);
    add_run(&report, &j, SIZE(C("f", "1", "A_b~C.9(1) d-") ", " C("nist-800-53", "5", "AC-6(1)")),
            "a.yaml");
    expect_part(&report, BERM_REPORT_OSCAL, 0, "\"control-id\": \"f_a_b-c.9.1-d-\"");
    expect_part(&report, BERM_REPORT_OSCAL, 0, "\"control-id\": \"ac-6.1\"");
    berm_report_clear(&report);
    drop_judged(&j);
}

/* GitHub takes 20 tags; texts of a rule may not be empty. */
static void rules_of_sarif_have_what_it_asks_for(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    report_begin(&report, &berm_alloc_libc);
    berm_text set;
    berm_text_init(&set, &berm_alloc_libc);
    berm_text_put(&set, BERM_STR(SHOP "---\nguardrail: size\ntitle: ''\nmatch: {kinds: [box]}\n"
                                      "category: c\ncontrols:\n"));
    for (uint32_t i = 0; i < 30; i++)
        berm_text_format(&set, "  - {framework: f, version: '1', id: 'c%u'}\n", i);
    berm_text_put(&set, BERM_STR("validations: [{name: small, expression: 'object.n < 3'}]\n"));
    berm_text_putc(&set, '\0');
    add_run(&report, &j, set.ptr, "a.yaml");
    expect_part(&report, BERM_REPORT_SARIF, 0, "\"tags\": [\"guardrail\", \"c\", \"f/1/c0\"");
    expect_part(&report, BERM_REPORT_SARIF, 0, "\"f/1/c17\"]");
    expect_part(&report, BERM_REPORT_SARIF, 0, "\"shortDescription\": {\"text\": \"size\"}");
    expect_part(&report, BERM_REPORT_SARIF, 0, "\"help\": {\"text\": \"no description\"}");
    berm_text_free(&set);
    berm_report_clear(&report);
    drop_judged(&j);
}

/* --- scorecards --- */

static void score(berm_report *report, const char *text)
{
    berm_error err = {0};
    berm_doc *doc = doc_of("card.yaml", text);
    if (berm_scorecards_add(report, doc, &err)) fail_msg("%s", err.message);
    berm_doc_drop(doc); /* the report holds it */
}

static void figures_count_what_they_say(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    report_begin(&report, &berm_alloc_libc);
    add_run(&report, &j,
            SIZE(C("f", "1", "a")) FRAMEWORK("f", "1", "[{id: a}, {id: b}]")
                FRAMEWORK("f", "2", "[{id: a}]"),
            "a.yaml");
    score(&report,
          "scorecard: one\nfigures:\n"
          "  - {figure: a, title: 'A|', measure: controls-covered, controls: f, version: '1', "
          "target: {min: 60, warn: 50}}\n"
          "  - {figure: b, title: B, measure: controls-covered, controls: f, target: {min: 60}}\n"
          "  - {figure: c, title: C, measure: controls-covered, controls: f, version: '3', "
          "target: {min: 60}}\n"
          "  - {figure: d, title: D, measure: controls-passed, controls: h, target: {min: 60}}\n");
    score(
        &report,
        "scorecard: two\nfigures:\n"
        "  - {figure: e, title: E, measure: resources-passed, guardrails: s*, target: {max: 10}}\n"
        "  - {figure: f, title: F, measure: resources-passed, guardrails: x, target: {min: 1}}\n");
    expect_part(&report, BERM_REPORT_COVERAGE, 0,
                "scorecard one\n"
                "  near     50.0 % (1 of 2), target at least 60.0 %: A|\n"
                "  missed   0.0 % (0 of 1), target at least 60.0 %: B\n"
                "  no-data  nothing to count, target at least 60.0 %: C\n"
                "  no-data  nothing to count, target at least 60.0 %: D\n"
                "scorecard two\n"
                "  met      0.0 % (0 of 1), target at most 10.0 %: E\n"
                "  no-data  nothing to count, target at least 1.0 %: F\n\n");
    expect_part(&report, BERM_REPORT_HTML, 0, "</table>\n<h2>Scorecard: two</h2>\n<table>\n");
    expect_part(
        &report, BERM_REPORT_JSON, 0,
        "{\"scorecard\": \"two\", \"figure\": \"e\", \"title\": \"E\", \"status\": \"met\"");
    berm_report_clear(&report);
    drop_judged(&j);
}

static void a_document_without_roots_is_no_scorecard(void **state)
{
    (void)state;
    berm_report report;
    berm_error err = {0};
    report_begin(&report, &berm_alloc_libc);
    berm_doc *doc = doc_of("card.yaml", "scorecard: s\n");
    doc->root_count = 0;
    assert_int_equal(berm_scorecards_add(&report, doc, &err), BERM_E_POLICY);
    assert_string_equal(err.message, "there is no scorecard");
    doc->root_count = 1;
    berm_doc_drop(doc);
    berm_report_clear(&report);
}

/* So many controls, rules and owners that each table takes memory of its own. */
static void large_reports_are_whole_or_refused(void **state)
{
    (void)state;
    judged j;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_report report;
    berm_text set;
    berm_text_init(&set, &berm_alloc_libc);
    berm_text_put(&set, BERM_STR(SHOP));
    for (uint32_t i = 0; i < 9; i++) {
        berm_text_format(&set, "---\nguardrail: g%u\ntitle: T\nmatch: {kinds: [box]}\ncontrols:\n",
                         i);
        for (uint32_t k = 0; k < 3; k++)
            berm_text_format(&set, "  - {framework: f, version: '1', id: 'c%u'}\n", 3 * i + k);
        berm_text_put(&set, BERM_STR("validations:\n"));
        for (uint32_t k = 0; k < 60; k++)
            berm_text_format(&set, "  - {name: v%u, expression: 'object.n < %u'}\n", k, k);
    }
    berm_text_put(&set, BERM_STR(FRAMEWORK("f", "1", "[{id: c1}, {id: x}]")));
    berm_text_putc(&set, '\0');
    report_begin(&report, &alloc);
    judge(&j, set.ptr, "a.yaml", BOX);
    j.decision.findings.count = 0; /* rules alone */
    assert_int_equal(berm_report_fill(&report, &j.run, &j.decision), BERM_OK);
    expect_format_whole(&report, &heap, BERM_REPORT_COVERAGE, true);
    score(&report, "scorecard: s\nfigures:\n"
                   "  - {figure: a, title: A, measure: controls-covered, controls: f, "
                   "target: {min: 70}}\n");
    for (uint32_t i = 0; i < 13; i++) { /* what they take leaves less and less room for the rest */
        const berm_error why = {.message = "unreadable"};
        assert_int_equal(berm_report_fill_failure(&report, BERM_STR("t"), &why), BERM_OK);
        if (i > 6) expect_format_whole(&report, &heap, BERM_REPORT_OSCAL, true);
    }
    berm_report_clear(&report);
    assert_int_equal(heap.in_use, 0);
    drop_judged(&j);
    berm_text_free(&set);
}

/* --- evidence --- */

static void options_are_taken_whole_or_not(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_report report;
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_pad(&text, 'x', 3000);
    const berm_report_options old = {sizeof old, BERM_STR("b"), BERM_STR("r")};
    const berm_report_options options = {sizeof options, berm_text_view(&text),
                                         berm_text_view(&text)};
    report_begin(&report, &alloc);
    assert_true(berm_report_set_options(&report, &old));
    for (size_t nth = 1; nth < 3; nth++) {
        heap.calls = 0;
        heap.fail_at = nth;
        assert_false(berm_report_set_options(&report, &options));
        assert_true(berm_str_is(report.extras.base, "b"));
        assert_true(berm_str_is(report.extras.revision, "r"));
    }
    heap.fail_at = 0;
    assert_true(berm_report_set_options(&report, &options));
    assert_int_equal(report.extras.revision.len, 3000);
    berm_report_clear(&report);
    berm_text_free(&text);
}

/* Digests of documents end a block of the report's memory now and then. */
static void many_documents_are_kept_or_refused(void **state)
{
    (void)state;
    judged j;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_report report;
    judge(&j, SIZE(C("f", "1", "a")), "a.yaml", BOX);
    report_begin(&report, &alloc);
    j.decision.findings.count = 0;
    for (uint32_t count = 0; count < 200; count++) {
        berm_status status = BERM_E_NOMEM;
        for (size_t nth = 1; status; nth++) {
            heap.calls = 0;
            heap.fail_at = nth;
            status = berm_report_fill(&report, &j.run, &j.decision);
            assert_int_equal(status, heap.calls >= nth ? BERM_E_NOMEM : BERM_OK);
        }
        assert_int_equal(report.sources.count, count + 1);
        assert_int_equal(report.extras.digests.count, count + 1);
        assert_int_equal(berm_report_digest(&report, count).len, 64);
    }
    heap.fail_at = 0;
    berm_report_clear(&report);
    assert_int_equal(heap.in_use, 0);
    drop_judged(&j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_are_sets_of_their_own),
        cmocka_unit_test(a_framework_of_two_policies_is_listed_once),
        cmocka_unit_test(ids_become_tokens_of_oscal),
        cmocka_unit_test(rules_of_sarif_have_what_it_asks_for),
        cmocka_unit_test(figures_count_what_they_say),
        cmocka_unit_test(a_document_without_roots_is_no_scorecard),
        cmocka_unit_test(large_reports_are_whole_or_refused),
        cmocka_unit_test(options_are_taken_whole_or_not),
        cmocka_unit_test(many_documents_are_kept_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
