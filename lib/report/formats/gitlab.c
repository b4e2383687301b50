/* GitLab's Code Quality: the subset of Code Climate that it reads. What is waived or not known is
   no finding there. */
#include "report/formats/formats.h"

#include "policy/words.h"

static const char *gitlab_severity(const berm_finding *f)
{
    static const char *const words[] = {"info", "minor", "major", "critical", "blocker"};
    return words[f->severity <= BERM_SEVERITY_CRITICAL ? f->severity : BERM_SEVERITY_CRITICAL];
}

static void put_quality(berm_out *o, const berm_survey *view, uint32_t index)
{
    const berm_entry *e = &view->report->entries.items[index];
    const berm_finding *f = &e->finding;
    berm_out_open(o, NULL, '{');
    berm_text *made = berm_out_make(o);
    berm_put_subject(made, e);
    berm_text_format(made, ": %S", f->message.len ? f->message : e->title);
    berm_out_made(o, "description");
    berm_put_rule_id(berm_out_make(o), e);
    berm_out_made(o, "check_name");
    berm_out_str(o, "fingerprint", view->identities[index]);
    berm_out_lit(o, "severity", gitlab_severity(f));
    berm_out_open(o, "location", '{');
    berm_out_str(o, "path", berm_survey_path(view, e->source));
    berm_out_open(o, "lines", '{');
    berm_out_num(o, "begin", f->line ? f->line : 1);
    berm_out_close(o, '}');
    berm_out_close(o, '}');
    berm_out_close(o, '}');
}

bool berm_formats_gitlab(berm_text *out, const berm_report *report, uint32_t flags)
{
    berm_survey view;
    berm_out o;
    bool made = berm_survey_open(&view, report, flags);
    berm_out_init(&o, out, 1);
    berm_out_open(&o, NULL, '[');
    for (uint32_t i = 0; made && i < report->entries.count; i++)
        if (berm_entry_is_bad(&report->entries.items[i])) put_quality(&o, &view, i);
    berm_out_close(&o, ']');
    berm_out_free(&o);
    berm_text_putc(out, '\n');
    return berm_survey_close(&view, out);
}
