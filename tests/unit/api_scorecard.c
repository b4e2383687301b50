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
    {FIGURE(WAIVED "target: {max: 5, warn: '6'}"), "3:76 this is a percentage from 0 to 100"},
    {FIGURE(WAIVED "title: x"), "3:5 a figure needs a target: {min: 95}"},
    {FIGURE("target: {min: 1}"), "3:5 a scorecard's part lacks the member measure"},
    {FIGURE(WAIVED "misure: x"), "3:61 a scorecard has no member called misure"},
    {HEAD "  - {1: x}\n", "3:9 a scorecard has no member called 1"},
    {HEAD "  - {title: t, " WAIVED "target: {min: 1}}\n",
     "3:5 a scorecard's part lacks the member figure"},
    {HEAD "  - {figure: f, " WAIVED "target: {min: 1}}\n",
     "3:5 a scorecard's part lacks the member title"},
    {FIGURE("measure: controls-covered, controls: [f], target: {min: 1}"),
     "3:64 this is a text: controls"},
    {FIGURE(WAIVED "version: 1, target: {min: 1}"), "3:62 this is a text: version"},
    {FIGURE(WAIVED "guardrails: 3, target: {min: 1}"),
     "3:65 this is a list of patterns: guardrails"},
    {FIGURE(WAIVED "elements: {a: b}, target: {min: 1}"),
     "3:63 this is a list of patterns: elements"},
    {FIGURE(WAIVED "kinds: [a, [b]], target: {min: 1}"), "3:60 this is a list of patterns: kinds"},
    {FIGURE(WAIVED "tags: {1: [a]}, target: {min: 1}"), ""},
    {FIGURE(WAIVED "tags: {a: [b], c: 3}, target: {min: 1}"),
     "3:59 tags are a map of lists of patterns"},
    {"scorecard: s\ntitle: 3\nfigures: [x]", "2:8 this is a text: title"},
    {"scorecard: s\nfigures: 3", "1:1 a scorecard has a list of figures"},
    {"# nothing\n", "1:1 a scorecard is a map"},
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

/* --- documents of a host's own, whose keys may be numbers --- */

static void push_event(berm_builder *builder, uint32_t kind, const char *text, size_t len)
{
    berm_event event = {.kind = kind, .item = {.size = sizeof event.item}};
    if (len && *text >= '0' && *text <= '9') {
        event.item.type = BERM_TYPE_OF_INT;
        event.item.as.i = *text - '0';
    } else if (len) {
        event.item.type = BERM_TYPE_OF_STRING;
        event.item.as.s = (berm_str){text, len};
    }
    assert_int_equal(berm_builder_push(builder, &event, NULL), BERM_OK);
}

/* "{ key: value .. }" with [ ] and numbers of one digit; a blank between all. */
static berm_doc *build_doc(berm_engine *engine, const char *text)
{
    berm_builder *builder;
    berm_doc *doc;
    assert_int_equal(berm_builder_new(engine, (berm_str){"d", 1}, &builder, NULL), BERM_OK);
    for (const char *word = text; *word;) {
        size_t len = strcspn(word, " ");
        if (*word == '{') push_event(builder, BERM_EVENT_BEGIN_MAP, NULL, 0);
        else if (*word == '[') push_event(builder, BERM_EVENT_BEGIN_LIST, NULL, 0);
        else if (*word == '}' || *word == ']') push_event(builder, BERM_EVENT_END, NULL, 0);
        else if (word[len - 1] == ':') push_event(builder, BERM_EVENT_KEY, word, len - 1);
        else push_event(builder, BERM_EVENT_SCALAR, word, len);
        word += len + (word[len] == ' ');
    }
    assert_int_equal(berm_builder_finish(builder, &doc, NULL), BERM_OK);
    berm_builder_free(builder);
    return doc;
}

static void built_definitions_have_faults_without_a_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *wanted;
    } built[] = {
        {"{ scorecard: s figures: [ { figure: f title: t measure: findings-waived "
         "target: { min: 1 } } ] }",
         ""},
        {"{ scorecard: s 7: x }", "a scorecard has no member called "},
        {"{ scorecard: s figures: [ { figure: f title: t measure: findings-waived tags: { 1: a } "
         "target: { min: 1 } } ] }",
         "tags are a map of lists of patterns"},
        {"[ 1 ]", "a scorecard is a map"},
    };
    berm_engine *engine;
    berm_report *report;
    assert_int_equal(berm_engine_new(NULL, &engine, NULL), BERM_OK);
    assert_int_equal(berm_report_new(engine, &report, NULL), BERM_OK);
    for (size_t i = 0; i < sizeof built / sizeof *built; i++) {
        berm_error err = {0};
        berm_doc *doc = build_doc(engine, built[i].text);
        berm_status status = berm_report_score(report, doc, &err);
        assert_string_equal(err.message, built[i].wanted);
        assert_int_equal(status, *built[i].wanted ? BERM_E_POLICY : BERM_OK);
        berm_doc_unref(doc);
    }
    berm_report_free(report);
    berm_engine_unref(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults), cmocka_unit_test(built_definitions_have_faults_without_a_place)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
