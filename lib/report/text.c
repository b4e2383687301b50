/* The report that people read: one block per finding with its place and a code frame, and a
   summary. */
#include "report/report.h"

#include "policy/words.h"

typedef struct text_style {
    const char *fail, *error, *unknown, *pass, *dim, *bold, *end;
} text_style;

static const text_style plain_style = {"", "", "", "", "", "", ""};
static const text_style color_style = {"\033[1;31m", "\033[1;35m", "\033[1;33m", "\033[32m",
                                       "\033[2m",    "\033[1m",    "\033[0m"};

static const char *verdict_color(const text_style *style, uint32_t verdict)
{
    switch (verdict) {
    case BERM_VERDICT_PASS: return style->pass;
    case BERM_VERDICT_FAIL: return style->fail;
    case BERM_VERDICT_ERROR: return style->error;
    case BERM_VERDICT_UNKNOWN: return style->unknown;
    default: return style->dim;
    }
}

/* Nothing that could steer a terminal is shown, whatever policies and documents say. */
static void put_shown(berm_text *out, const char *before, berm_str text)
{
    berm_text_put(out, berm_str_of(before));
    berm_text_put_visible(out, text);
}

static void put_heading(berm_text *out, const text_style *style, const berm_entry *e)
{
    const berm_finding *f = &e->finding;
    berm_text_format(out, "%s%s%s", verdict_color(style, f->verdict), berm_verdict_word(f->verdict),
                     style->end);
    if (f->guardrail.len) {
        berm_text_putc(out, ' ');
        put_shown(out, style->bold, f->guardrail);
        put_shown(out, "/", f->validation);
        berm_text_format(out, "%s (%s, %s)", style->end, berm_severity_word(f->severity),
                         berm_enforcement_word(f->enforcement));
    }
    put_shown(out, ": ", f->message);
    berm_text_putc(out, '\n');
}

static void put_place(berm_text *out, const text_style *style, const berm_entry *e)
{
    const berm_finding *f = &e->finding;
    put_shown(out, "  --> ", e->source);
    if (f->line) berm_text_format(out, ":%u:%u", f->line, f->column);
    berm_text_put(out, BERM_STR("  "));
    put_shown(out, style->dim, f->address);
    if (f->path.len) {
        put_shown(out, "[", f->path);
        berm_text_putc(out, ']');
    }
    berm_text_format(out, "%s\n", style->end);
}

/* "why: object.size > 3 is false, where object.size = 2"; an error is told by the message. */
static void put_witness(berm_text *out, const berm_finding *f, uint32_t flags)
{
    const berm_witness *w = f->witness;
    if (!w || f->verdict == BERM_VERDICT_ERROR) return;
    put_shown(out, "  why: ", w->expression);
    put_shown(out, " is ", w->value);
    for (size_t i = 0; i < w->operand_count; i++) {
        put_shown(out, i ? ", " : ", where ", w->operands[i].expression);
        put_shown(out, " = ", w->operands[i].value);
    }
    if (flags & BERM_REPORT_VERBOSE && w->line) {
        put_shown(out, " (", w->source);
        berm_text_format(out, ":%u:%u)", w->line, w->column);
    }
    berm_text_putc(out, '\n');
}

/* Line for line, as the policy says it. */
static void put_fix(berm_text *out, berm_str text)
{
    const char *before = "  fix: ";
    while (text.len) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = end ? (size_t)(end - text.ptr) : text.len;
        put_shown(out, before, berm_str_cut(text, 0, len));
        text = berm_str_cut(text, len + (end != NULL), text.len);
        before = "\n";
    }
    berm_text_putc(out, '\n');
}

static void put_entry(berm_text *out, const text_style *style, const berm_entry *e, uint32_t flags)
{
    uint32_t verdict = e->finding.verdict;
    put_heading(out, style, e);
    put_place(out, style, e);
    if (verdict == BERM_VERDICT_PASS || verdict == BERM_VERDICT_SKIPPED) return;
    berm_text_put(out, e->frame);
    if (e->finding.flags & BERM_FINDING_SENSITIVE)
        berm_text_put(out,
                      BERM_STR("  the text is not shown: the resource has sensitive values\n"));
    put_witness(out, &e->finding, flags);
#if BERM_PART_GOVERNANCE
    berm_tally_print_entry_text(out, &e->finding);
#endif
    if (e->remediation.len && verdict == BERM_VERDICT_FAIL) put_fix(out, e->remediation);
    berm_text_putc(out, '\n');
}

static void put_summary(berm_text *out, const text_style *style, const berm_report *report)
{
    const berm_summary *s = &report->summary;
    const uint64_t *v = s->verdicts;
    berm_text_format(out, "%L resources in %u documents", s->resources, report->sources.count);
    if (s->unmatched) berm_text_format(out, " (%L that no guardrail looks at)", s->unmatched);
    berm_text_format(out, ": %L passed, %s%L failed%s, %L unknown, %L errors", v[BERM_VERDICT_PASS],
                     v[BERM_VERDICT_FAIL] ? style->fail : "", v[BERM_VERDICT_FAIL],
                     v[BERM_VERDICT_FAIL] ? style->end : "", v[BERM_VERDICT_UNKNOWN],
                     v[BERM_VERDICT_ERROR]);
    if (v[BERM_VERDICT_WAIVED]) berm_text_format(out, ", %L waived", v[BERM_VERDICT_WAIVED]);
    if (v[BERM_VERDICT_SKIPPED]) berm_text_format(out, ", %L skipped", v[BERM_VERDICT_SKIPPED]);
    berm_text_format(out, "\n%s%s%s\n", s->denied ? style->fail : style->pass,
                     s->denied ? "denied" : "allowed", style->end);
}

bool berm_report_write_text(berm_text *out, const berm_report *report, uint32_t flags)
{
    const text_style *style = flags & BERM_REPORT_COLOR ? &color_style : &plain_style;
    for (uint32_t i = 0; i < report->entries.count; i++) {
        const berm_entry *e = &report->entries.items[i];
        if (berm_report_is_quiet(e, flags)) continue;
        put_entry(out, style, e, flags);
        if (out->len > report->output_len) return true; /* the caller refuses it */
    }
#if BERM_PART_GOVERNANCE
    berm_tally_print_text(out, report);
#endif
    put_summary(out, style, report);
    return !out->failed;
}
