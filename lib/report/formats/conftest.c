/* The JSON of `conftest test -o json`: a result a document; advisory failures are warnings. */
#include "report/formats/formats.h"

#include "policy/words.h"

enum { CONFTEST_NONE, CONFTEST_WARNING, CONFTEST_FAILURE, CONFTEST_EXCEPTION };

static int sort_of_result(const berm_entry *e)
{
    const berm_finding *f = &e->finding;
    if (f->verdict == BERM_VERDICT_WAIVED) return CONFTEST_EXCEPTION;
    if (!berm_entry_is_bad(e)) return CONFTEST_NONE;
    return f->enforcement == BERM_ENFORCEMENT_ADVISORY ? CONFTEST_WARNING : CONFTEST_FAILURE;
}

static void put_result(berm_out *o, const berm_entry *e)
{
    const berm_finding *f = &e->finding;
    berm_out_open(o, NULL, '{');
    berm_text *msg = berm_out_make(o);
    berm_put_subject(msg, e);
    berm_text_format(msg, ": %S", f->message.len ? f->message : e->title);
    berm_out_made(o, "msg");
    berm_out_open(o, "metadata", '{');
    berm_put_rule_id(berm_out_make(o), e);
    berm_out_made(o, "query");
    berm_out_lit(o, "verdict", berm_verdict_word(f->verdict));
    berm_out_lit(o, "severity", berm_severity_word(f->severity));
    berm_out_opt(o, "waiver", f->waiver);
    berm_out_opt(o, "fingerprint", f->fingerprint);
    berm_out_close(o, '}');
    berm_out_close(o, '}');
}

static void put_results(berm_out *o, const berm_report *report, uint32_t from, uint32_t to,
                        int sort)
{
    static const char *const names[] = {"", "warnings", "failures", "exceptions"};
    bool any = false;
    for (uint32_t i = from; i < to; i++) {
        if (sort_of_result(&report->entries.items[i]) != sort) continue;
        if (!any) berm_out_open(o, names[sort], '[');
        any = true;
        put_result(o, &report->entries.items[i]);
    }
    if (any) berm_out_close(o, ']');
}

static void put_document(berm_out *o, const berm_survey *view, uint32_t from, uint32_t to)
{
    const berm_report *report = view->report;
    uint32_t passed = 0;
    for (uint32_t i = from; i < to; i++)
        passed += report->entries.items[i].finding.verdict == BERM_VERDICT_PASS;
    berm_out_open(o, NULL, '{');
    berm_out_str(o, "filename", berm_survey_path(view, report->entries.items[from].source));
    berm_out_lit(o, "namespace", "berm");
    berm_out_num(o, "successes", passed);
    for (int sort = CONFTEST_WARNING; sort <= CONFTEST_EXCEPTION; sort++)
        put_results(o, report, from, to, sort);
    berm_out_close(o, '}');
}

bool berm_formats_conftest(berm_text *out, const berm_report *report, uint32_t flags)
{
    berm_survey view;
    berm_out o;
    bool made = berm_survey_open(&view, report, flags);
    berm_out_init(&o, out, 4);
    berm_out_open(&o, NULL, '[');
    for (uint32_t i = 0; made && i < report->entries.count;) {
        uint32_t end = i;
        while (end < report->entries.count &&
               berm_str_equal(report->entries.items[end].source, report->entries.items[i].source))
            end++;
        put_document(&o, &view, i, end);
        i = end;
    }
    berm_out_close(&o, ']');
    berm_out_free(&o);
    berm_text_putc(out, '\n');
    return berm_survey_close(&view, out);
}
