/* JUnit's XML in the dialect that CI systems share: a suite a document, a case a verdict. */
#include "report/formats/formats.h"

#include "policy/words.h"

typedef struct junit_counts {
    uint32_t tests, failures, errors, skipped;
} junit_counts;

static void count_case(junit_counts *counts, const berm_entry *e)
{
    uint32_t verdict = e->finding.verdict;
    counts->tests++;
    if (verdict == BERM_VERDICT_FAIL) counts->failures++;
    else if (verdict == BERM_VERDICT_ERROR) counts->errors++;
    else if (verdict != BERM_VERDICT_PASS) counts->skipped++;
}

static void put_counts(berm_text *out, const junit_counts *counts)
{
    berm_text_format(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\" time=\"0\"",
                     counts->tests, counts->failures, counts->errors, counts->skipped);
}

/* What a program wrote into `made`, as an attribute or text. */
static void put_made(berm_text *out, const char *lead, const berm_text *made, const char *end)
{
    berm_text_put(out, berm_str_of(lead));
    berm_put_markup(out, berm_text_view(made));
    berm_text_put(out, berm_str_of(end));
}

static void put_failure(berm_text *out, const berm_entry *e, const char *element)
{
    const berm_finding *f = &e->finding;
    berm_text_format(out, ">\n      <%s message=\"", element);
    berm_put_markup(out, f->message.len ? f->message : e->title);
    berm_text_format(out, "\" type=\"%s\">", berm_enforcement_word(f->enforcement));
    berm_put_markup(out, e->source);
    if (f->line) berm_text_format(out, ":%u:%u", f->line, f->column);
    berm_text_put(out, BERM_STR("&#10;"));
    berm_text why;
    berm_text_init(&why, out->alloc);
    berm_put_reason(&why, e);
    berm_put_markup(out, berm_text_view(&why));
    out->failed |= why.failed;
    berm_text_free(&why);
    if (e->remediation.len) {
        berm_text_put(out, BERM_STR("&#10;fix: "));
        berm_put_markup(out, e->remediation);
    }
    berm_text_format(out, "</%s>\n    </testcase>\n", element);
}

static void put_skipped(berm_text *out, const berm_entry *e)
{
    const berm_finding *f = &e->finding;
    berm_text_format(out, ">\n      <skipped message=\"%s", berm_verdict_word(f->verdict));
    if (f->waiver.len) {
        berm_text_put(out, BERM_STR(" by "));
        berm_put_markup(out, f->waiver);
    }
    if (f->message.len) {
        berm_text_put(out, BERM_STR(": "));
        berm_put_markup(out, f->message);
    }
    berm_text_put(out, BERM_STR("\"/>\n    </testcase>\n"));
}

static void put_case(berm_text *out, const berm_survey *view, const berm_entry *e)
{
    const berm_finding *f = &e->finding;
    berm_text made;
    berm_text_init(&made, out->alloc);
    berm_put_subject(&made, e);
    put_made(out, "    <testcase name=\"", &made, "\" classname=\"");
    made.len = 0;
    berm_put_rule_id(&made, e);
    put_made(out, "", &made, "\" file=\"");
    out->failed |= made.failed;
    berm_text_free(&made);
    berm_put_markup(out, berm_survey_path(view, e->source));
    berm_text_putc(out, '"');
    if (f->line) berm_text_format(out, " line=\"%u\"", f->line);
    berm_text_put(out, BERM_STR(" time=\"0\""));
    switch (f->verdict) {
    case BERM_VERDICT_PASS: berm_text_put(out, BERM_STR("/>\n")); break;
    case BERM_VERDICT_FAIL: put_failure(out, e, "failure"); break;
    case BERM_VERDICT_ERROR: put_failure(out, e, "error"); break;
    default: put_skipped(out, e); break;
    }
}

/* The entries of one document follow each other. */
static uint32_t end_of_source(const berm_report *report, uint32_t at, junit_counts *counts)
{
    berm_str source = report->entries.items[at].source;
    for (; at < report->entries.count; at++) {
        if (!berm_str_equal(report->entries.items[at].source, source)) break;
        count_case(counts, &report->entries.items[at]);
    }
    return at;
}

bool berm_formats_junit(berm_text *out, const berm_report *report, uint32_t flags)
{
    berm_survey view;
    junit_counts all = {0};
    bool made = berm_survey_open(&view, report, flags);
    uint32_t count = made ? report->entries.count : 0;
    for (uint32_t i = 0; i < count; i++) count_case(&all, &report->entries.items[i]);
    berm_text_put(
        out, BERM_STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"berm\""));
    put_counts(out, &all);
    berm_text_put(out, BERM_STR(">\n"));
    for (uint32_t i = 0; i < count && out->len <= report->output_len;) {
        junit_counts counts = {0};
        uint32_t end = end_of_source(report, i, &counts);
        berm_text_put(out, BERM_STR("  <testsuite name=\""));
        berm_put_markup(out, berm_survey_path(&view, report->entries.items[i].source));
        berm_text_putc(out, '"');
        put_counts(out, &counts);
        berm_text_put(out, BERM_STR(" timestamp=\""));
        berm_put_markup(out, berm_str_cut(view.now, 0, view.now.len > 19 ? 19 : view.now.len));
        berm_text_put(out, BERM_STR("\" hostname=\"berm\">\n"));
        for (; i < end; i++) put_case(out, &view, &report->entries.items[i]);
        berm_text_put(out, BERM_STR("  </testsuite>\n"));
    }
    berm_text_put(out, BERM_STR("</testsuites>\n"));
    return berm_survey_close(&view, out);
}
