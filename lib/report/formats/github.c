/* GitHub's annotations: commands that a step prints. A step shows ten of each sort, so the most
   severe come first, and what is left is counted. */
#include "report/formats/formats.h"

#define GITHUB_SHOWN_MAX 10u

typedef enum annotation { ANNOTATE_ERROR, ANNOTATE_WARNING, ANNOTATE_NOTICE } annotation;

static const char *const annotation_words[] = {"error", "warning", "notice"};

static annotation choose_annotation(const berm_entry *e)
{
    const berm_finding *f = &e->finding;
    if (f->verdict == BERM_VERDICT_UNKNOWN) return ANNOTATE_NOTICE;
    return f->enforcement == BERM_ENFORCEMENT_ADVISORY ? ANNOTATE_WARNING : ANNOTATE_ERROR;
}

static bool is_annotated(const berm_entry *e)
{
    return berm_entry_is_bad(e) || e->finding.verdict == BERM_VERDICT_UNKNOWN;
}

static void put_command_text(berm_text *out, berm_str text, bool property)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%') berm_text_put(out, BERM_STR("%25"));
        else if (c == '\r') berm_text_put(out, BERM_STR("%0D"));
        else if (c == '\n') berm_text_put(out, BERM_STR("%0A"));
        else if (property && c == ':') berm_text_put(out, BERM_STR("%3A"));
        else if (property && c == ',') berm_text_put(out, BERM_STR("%2C"));
        else berm_text_putc(out, c);
    }
}

static void put_annotation(berm_text *out, const berm_survey *view, const berm_entry *e)
{
    const berm_finding *f = &e->finding;
    berm_text made;
    berm_text_init(&made, out->alloc);
    berm_text_format(out, "::%s file=", annotation_words[choose_annotation(e)]);
    put_command_text(out, berm_survey_path(view, e->source), true);
    if (f->line) {
        berm_text_format(out, ",line=%u,endLine=%u", f->line, f->end_line);
        /* GitHub takes columns for one line alone */
        if (f->line == f->end_line)
            berm_text_format(out, ",col=%u,endColumn=%u", f->column, f->end_column);
    }
    berm_text_put(out, BERM_STR(",title="));
    berm_put_rule_id(&made, e);
    put_command_text(out, berm_text_view(&made), true);
    made.len = 0;
    berm_put_subject(&made, e);
    berm_text_put(&made, BERM_STR(": "));
    if (f->verdict == BERM_VERDICT_UNKNOWN) berm_text_put(&made, BERM_STR("not known yet: "));
    berm_put_reason(&made, e);
    if (e->remediation.len) berm_text_format(&made, "\nfix: %S", e->remediation);
    berm_text_put(out, BERM_STR("::"));
    put_command_text(out, berm_text_view(&made), false);
    berm_text_putc(out, '\n');
    out->failed |= made.failed;
    berm_text_free(&made);
}

/* Lines that only look like commands are none to GitHub unless they start with "::", and all that
   is printed here does: names cannot start a line. */
bool berm_formats_github(berm_text *out, const berm_report *report, uint32_t flags)
{
    berm_survey view;
    uint32_t count = 0, shown[3] = {0}, more[3] = {0};
    bool made = berm_survey_open(&view, report, flags);
    uint32_t *picked = made ? berm_survey_pick(&view, is_annotated, &count) : NULL;
    for (uint32_t i = 0; picked && i < count; i++) {
        const berm_entry *e = &report->entries.items[picked[i]];
        annotation sort = choose_annotation(e);
        if (shown[sort] == GITHUB_SHOWN_MAX) more[sort]++;
        else put_annotation(out, &view, e), shown[sort]++;
    }
    for (uint32_t sort = 0; sort < 3; sort++)
        if (more[sort])
            berm_text_format(out, "+%u more of the sort %s; a step shows %u\n", more[sort],
                             annotation_words[sort], (uint32_t)GITHUB_SHOWN_MAX);
    return berm_survey_close(&view, out) && picked;
}
