/* What berm_report_score says of definitions that are not as they should be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <berm/berm.h>
#include <stdio.h>
#include <string.h>

#define HEAD "scorecard: s\nfigures:\n"
#define FIGURE(rest) HEAD "  - {figure: f, title: t, " rest "}\n"
#define WAIVED "measure: findings-waived, "

static const struct {
    const char *text, *wanted; /* "line:column message", or "" where all is well */
} definitions[] = {
    {FIGURE(WAIVED "target: {max: 10, warn: 12.5}"), ""},
    {FIGURE(WAIVED "guardrails: a-*, elements: [x], tags: {t: [a, b]}, target: {min: 0}"), ""},
    {"[]", "1:1 a scorecard is a map"},
    {"figures: [1]", "1:1 a scorecard's part lacks the member scorecard"},
    {"scorecard: s", "1:1 a scorecard has a list of figures"},
    {"scorecard: s\nfigures: []", "1:1 a scorecard has a list of figures"},
    {"scorecard: 3\nfigures: []", "1:12 this is a text: scorecard"},
    {"scorecard: s\nfigure: x", "2:9 a scorecard has no member called figure"},
    {HEAD "  - 3\n", "3:5 a figure is a map"},
    {FIGURE("measure: guesses, target: {min: 1}"), "3:36 there is no measure called guesses"},
    {FIGURE("measure: controls-covered, target: {min: 1}"),
     "3:5 a scorecard's part lacks the member controls"},
    {FIGURE(WAIVED "guardrails: [1], target: {min: 1}"),
     "3:65 this is a list of patterns: guardrails"},
    {FIGURE(WAIVED "tags: [a], target: {min: 1}"), "3:59 tags are a map of lists of patterns"},
    {FIGURE(WAIVED "target: 3"), "3:5 a figure needs a target: {min: 95}"},
    {FIGURE(WAIVED "target: {min: 1, max: 2}"), "3:61 a target is either min or max"},
    {FIGURE(WAIVED "target: {warn: 2}"), "3:61 a target is either min or max"},
    {FIGURE(WAIVED "target: {min: 101}"), "3:67 this is a percentage from 0 to 100"},
    {FIGURE(WAIVED "target: {min: '5'}"), "3:67 this is a percentage from 0 to 100"},
    {FIGURE(WAIVED "target: {min: 5, warn: 6}"), "3:76 warn lies on the far side of the target"},
    {FIGURE(WAIVED "target: {max: 5, warn: 4}"), "3:76 warn lies on the far side of the target"},
    {FIGURE(WAIVED "target: {max: 5, worn: 6}"), "3:76 a scorecard has no member called worn"},
};

static void faults(void **state)
{
    (void)state;
    berm_engine *engine;
    berm_report *report;
    berm_doc *doc;
    assert_int_equal(berm_engine_new(NULL, &engine, NULL), BERM_OK);
    assert_int_equal(berm_report_new(engine, &report, NULL), BERM_OK);
    for (size_t i = 0; i < sizeof definitions / sizeof *definitions; i++) {
        const berm_str text = {definitions[i].text, strlen(definitions[i].text)};
        const berm_doc_options how = {.size = sizeof how, .format = BERM_FORMAT_IS_YAML};
        berm_error err = {0};
        char got[300] = "";
        assert_int_equal(berm_doc_parse(engine, text, &how, &doc, NULL, NULL), BERM_OK);
        berm_status status = berm_report_score(report, doc, &err);
        if (status) (void)snprintf(got, sizeof got, "%u:%u %s", err.line, err.column, err.message);
        assert_string_equal(got, definitions[i].wanted);
        assert_int_equal(status, *got ? BERM_E_POLICY : BERM_OK);
        if (status) assert_int_equal(err.code, 590);
        berm_doc_unref(doc);
    }
    assert_int_equal(berm_report_score(report, NULL, NULL), BERM_E_ARGUMENT);
    assert_null(berm_report_format_name(BERM_REPORT_FORMAT_COUNT));
    assert_int_equal(berm_report_run_flags(BERM_REPORT_FORMAT_COUNT), 0);
    assert_string_equal(berm_report_format_name(BERM_REPORT_SARIF), "sarif");
    assert_string_equal(berm_report_format_name(BERM_REPORT_COVERAGE), "coverage");
    berm_report_free(report);
    berm_engine_unref(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
