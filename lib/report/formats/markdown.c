/* GitHub's Markdown, for comments and job summaries, which take a mebibyte. */
#include "report/formats/formats.h"

#include "policy/words.h"

#define MARKDOWN_MAX (1000u * 1000u)

static void put_cell_of(berm_text *out, berm_str text)
{
    berm_put_markdown(out, text);
    berm_text_put(out, BERM_STR(" | "));
}

static bool is_listed(const berm_entry *e)
{
    return e->finding.verdict != BERM_VERDICT_PASS && e->finding.verdict != BERM_VERDICT_SKIPPED;
}

static void put_md_row(berm_text *out, const berm_survey *view, const berm_entry *e)
{
    const berm_finding *f = &e->finding;
    berm_text made;
    berm_text_init(&made, out->alloc);
    berm_text_format(out, "| %s | %s | ", berm_verdict_word(f->verdict),
                     berm_severity_word(f->severity));
    berm_put_rule_id(&made, e);
    put_cell_of(out, berm_text_view(&made));
    made.len = 0;
    berm_put_subject(&made, e);
    put_cell_of(out, berm_text_view(&made));
    made.len = 0;
    berm_text_put(&made, f->message.len ? f->message : e->title);
    if (f->waiver.len) {
        berm_text_put(&made, BERM_STR(" — "));
        berm_put_waiver(&made, f);
    }
    put_cell_of(out, berm_text_view(&made));
    made.len = 0;
    berm_text_put(&made, berm_survey_path(view, e->source));
    if (f->line) berm_text_format(&made, ":%u", f->line);
    berm_put_markdown(out, berm_text_view(&made));
    berm_text_put(out, BERM_STR(" |\n"));
    out->failed |= made.failed;
    berm_text_free(&made);
}

static void put_md_findings(berm_text *out, berm_survey *view)
{
    uint32_t count;
    uint32_t *picked = berm_survey_pick(view, is_listed, &count);
    if (!picked) view->failed = true;
    if (!picked || !count) return;
    berm_text_put(out,
                  BERM_STR("\n| verdict | severity | guardrail | resource | message | place |\n"
                           "|---|---|---|---|---|---|\n"));
    for (uint32_t i = 0; i < count; i++) {
        if (out->len > MARKDOWN_MAX) {
            berm_text_format(out, "\n+%u more\n", count - i);
            return;
        }
        put_md_row(out, view, &view->report->entries.items[picked[i]]);
    }
}

static void put_md_sets(berm_text *out, const berm_rollup *rollup)
{
    if (!rollup->sets.count) return;
    berm_text_put(out,
                  BERM_STR("\n### Controls\n\n| framework | controls | pass | fail | unknown | "
                           "waived | not applicable | not covered |\n"
                           "|---|---:|---:|---:|---:|---:|---:|---:|\n"));
    for (uint32_t i = 0; i < rollup->sets.count; i++) {
        const berm_rollup_set *set = &rollup->sets.items[i];
        berm_text_put(out, BERM_STR("| "));
        berm_put_markdown(out, set->name);
        berm_text_putc(out, ' ');
        berm_put_markdown(out, set->version);
        berm_text_format(out, " | %u |", set->count);
        for (uint32_t state = 0; state < BERM_CONTROL_STATE_COUNT; state++)
            berm_text_format(out, " %u |", set->states[state]);
        berm_text_putc(out, '\n');
    }
}

static void put_md_figures(berm_text *out, const berm_figures *figures)
{
    if (!figures->count) return;
    berm_text_put(out, BERM_STR("\n### Scorecard\n\n| status | figure | value | target |\n"
                                "|---|---|---:|---:|\n"));
    for (uint32_t i = 0; i < figures->count; i++) {
        const berm_figure *f = &figures->items[i];
        berm_text_format(out, "| %s | ", berm_figure_status_word(f->status));
        put_cell_of(out, f->title);
        if (f->whole) {
            berm_put_percent(out, f->permille);
            berm_text_format(out, " %% (%L of %L)", f->part, f->whole);
        } else {
            berm_text_putc(out, '-');
        }
        berm_text_format(out, " | %s ", f->at_most ? "at most" : "at least");
        berm_put_percent(out, f->target);
        berm_text_put(out, BERM_STR(" % |\n"));
    }
}

static void put_md_summary(berm_text *out, const berm_report *report)
{
    const berm_summary *s = &report->summary;
    berm_text_format(out, "## Berm: %s\n\n%L resources in %u documents",
                     s->denied ? "denied" : "allowed", s->resources, report->sources.count);
    if (s->unmatched) berm_text_format(out, ", %L that no guardrail looks at", s->unmatched);
    berm_text_put(out, BERM_STR(".\n\n|"));
    for (uint32_t v = 0; v < BERM_VERDICT_COUNT; v++)
        berm_text_format(out, " %s |", berm_verdict_word(v));
    berm_text_put(out, BERM_STR("\n|---:|---:|---:|---:|---:|---:|\n|"));
    for (uint32_t v = 0; v < BERM_VERDICT_COUNT; v++)
        berm_text_format(out, " %L |", s->verdicts[v]);
    berm_text_putc(out, '\n');
}

bool berm_formats_markdown(berm_text *out, const berm_report *report, uint32_t flags)
{
    berm_survey view;
    berm_rollup rollup = {0};
    berm_figures figures = {0};
    bool made = berm_survey_open(&view, report, flags) && berm_rollup_make(&view, &rollup) &&
                berm_scorecards_count(&view, &rollup, &figures);
    put_md_summary(out, report);
    if (made) {
        put_md_figures(out, &figures);
        put_md_sets(out, &rollup);
        put_md_findings(out, &view);
    }
    berm_array_free(view.alloc, &figures);
    berm_rollup_free(&view, &rollup);
    return berm_survey_close(&view, out) && made;
}
