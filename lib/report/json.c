/* The report for programs: docs/report-json.md says what each member means. */
#include "report/report.h"

#include "policy/words.h"

static void put_json_member(berm_text *out, const char *name, berm_str value)
{
    berm_text_format(out, ", \"%s\": ", name);
    berm_text_quote(out, value);
}

static void put_json_location(berm_text *out, const berm_entry *e)
{
    const berm_finding *f = &e->finding;
    berm_text_put(out, BERM_STR(", \"location\": {\"file\": "));
    berm_text_quote(out, e->source);
    if (f->line)
        berm_text_format(out, ", \"line\": %u, \"column\": %u, \"endLine\": %u, \"endColumn\": %u",
                         f->line, f->column, f->end_line, f->end_column);
    berm_text_putc(out, '}');
}

static bool put_json_controls(berm_text *out, const berm_report *report, const berm_entry *e)
{
    if (!e->policy || e->controls.tag != BERM_TAG_LIST)
        return berm_text_put(out, BERM_STR(", \"controls\": []")), true;
    berm_space space;
    berm_space_init(&space, &report->alloc, UINT64_MAX);
    berm_space_reset(&space, UINT64_MAX);
    berm_cell controls = e->controls;
    controls.store = berm_space_add(&space, &e->policy->image.store);
    berm_text_put(out, BERM_STR(", \"controls\": "));
    bool written = controls.store && berm_json_write(out, &space, controls, BERM_JSON_COMPACT);
    berm_space_free(&space);
    return written;
}

static void put_json_witness(berm_text *out, const berm_witness *w)
{
    if (!w) {
        berm_text_put(out, BERM_STR(", \"witness\": null"));
        return;
    }
    berm_text_put(out, BERM_STR(", \"witness\": {\"expression\": "));
    berm_text_quote(out, w->expression);
    put_json_member(out, "value", w->value);
    put_json_member(out, "file", w->source);
    berm_text_format(out, ", \"line\": %u, \"column\": %u, \"operands\": [", w->line, w->column);
    for (size_t i = 0; i < w->operand_count; i++) {
        berm_text_put(out, i ? BERM_STR(", {\"expression\": ") : BERM_STR("{\"expression\": "));
        berm_text_quote(out, w->operands[i].expression);
        put_json_member(out, "value", w->operands[i].value);
        berm_text_putc(out, '}');
    }
    berm_text_put(out, BERM_STR("]}"));
}

bool berm_report_put_entry(berm_text *out, const berm_report *report, const berm_entry *e)
{
    const berm_finding *f = &e->finding;
    berm_text_put(out, BERM_STR("{\"verdict\": "));
    berm_text_quote(out, berm_str_of(berm_verdict_word(f->verdict)));
    put_json_member(out, "guardrail", f->guardrail);
    put_json_member(out, "validation", f->validation);
    put_json_member(out, "severity", berm_str_of(berm_severity_word(f->severity)));
    put_json_member(out, "enforcement", berm_str_of(berm_enforcement_word(f->enforcement)));
    put_json_member(out, "title", e->title);
    put_json_member(out, "category", e->category);
    put_json_member(out, "message", f->message);
    put_json_member(out, "kind", f->kind);
    put_json_member(out, "address", f->address);
    put_json_member(out, "element", f->path);
    put_json_member(out, "action", berm_str_of(berm_action_word(f->action)));
    put_json_location(out, e);
    put_json_witness(out, f->witness);
    put_json_member(out, "remediation", e->remediation);
    put_json_member(out, "url", e->url);
    put_json_member(out, "fingerprint", f->fingerprint);
    if (BERM_PART_DIALECTS && f->reason.len) put_json_member(out, "reason", f->reason);
#if BERM_PART_GOVERNANCE
    berm_tally_print_entry_json(out, f);
#endif
#if BERM_PART_FORMATS
    if (f->tags.len) berm_text_format(out, ", \"tags\": %S", f->tags);
#endif
    bool written = put_json_controls(out, report, e);
    berm_text_putc(out, '}');
    return written;
}

static void put_json_summary(berm_text *out, const berm_report *report)
{
    const berm_summary *s = &report->summary;
    berm_text_format(
        out,
        "  \"summary\": {\"denied\": %s, \"documents\": %u, \"resources\": %L, \"unmatched\": %L",
        s->denied ? "true" : "false", report->sources.count, s->resources, s->unmatched);
    for (uint32_t v = 0; v < BERM_VERDICT_COUNT; v++)
        berm_text_format(out, ", \"%s\": %L", berm_verdict_word(v), s->verdicts[v]);
    berm_text_putc(out, '}');
}

bool berm_report_write_json(berm_text *out, const berm_report *report, uint32_t flags)
{
    bool any = false;
    berm_text_format(
        out, "{\n  \"schema\": \"berm-report/1\",\n  \"engine\": \"%u.%u.%u\",\n  \"findings\": [",
        (uint32_t)BERM_VERSION_MAJOR, (uint32_t)BERM_VERSION_MINOR, (uint32_t)BERM_VERSION_PATCH);
    for (uint32_t i = 0; i < report->entries.count; i++) {
        const berm_entry *e = &report->entries.items[i];
        if (berm_report_is_quiet(e, flags)) continue;
        berm_text_put(out, any ? BERM_STR(",\n    ") : BERM_STR("\n    "));
        if (!berm_report_put_entry(out, report, e)) return false;
        any = true;
        if (out->len > report->output_len) return true; /* the caller refuses it */
    }
    berm_text_put(out, any ? BERM_STR("\n  ],\n") : BERM_STR("],\n"));
#if BERM_PART_GOVERNANCE
    berm_tally_print_json(out, report);
#endif
    put_json_summary(out, report);
#if BERM_PART_FORMATS
    if (!berm_report_put_evidence(out, report, flags)) return false;
#endif
    berm_text_put(out, BERM_STR("\n}\n"));
    return !out->failed;
}
