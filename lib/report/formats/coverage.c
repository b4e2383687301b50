/* Controls and scorecards, for people at a terminal. */
#include "report/formats/formats.h"

#include "policy/words.h"

static void put_padded(berm_text *out, berm_str text, size_t width)
{
    size_t before = out->len;
    berm_text_put_visible(out, text);
    size_t wrote = out->len - before;
    if (wrote < width) berm_text_pad(out, ' ', width - wrote);
}

static const char *state_color(uint32_t state, uint32_t flags)
{
    static const char *const colors[] = {"\033[32m", "\033[1;31m", "\033[1;33m",
                                         "\033[36m", "\033[2m",    "\033[1;35m"};
    return flags & BERM_REPORT_COLOR ? colors[state] : "";
}

static void put_control_row(berm_text *out, const berm_control_row *row, uint32_t flags)
{
    const uint64_t *n = row->counts;
    berm_text_format(out, "  %s", state_color(row->state, flags));
    put_padded(out, berm_str_of(berm_control_state_word(row->state)), 15);
    berm_text_put(out, flags & BERM_REPORT_COLOR ? BERM_STR("\033[0m") : BERM_STR(""));
    put_padded(out, row->id, 12);
    berm_text_putc(out, ' ');
    if (row->guardrails) {
        berm_text_format(out, "%u guardrail%s: %L pass, %L fail", row->guardrails,
                         row->guardrails == 1 ? "" : "s", n[BERM_VERDICT_PASS],
                         n[BERM_VERDICT_FAIL] + n[BERM_VERDICT_ERROR]);
        if (n[BERM_VERDICT_UNKNOWN]) berm_text_format(out, ", %L unknown", n[BERM_VERDICT_UNKNOWN]);
        if (n[BERM_VERDICT_WAIVED]) berm_text_format(out, ", %L waived", n[BERM_VERDICT_WAIVED]);
    } else {
        berm_text_put(out, BERM_STR("no guardrail"));
    }
    if (row->title.len) {
        berm_text_put(out, BERM_STR("  "));
        berm_text_put_visible(out, row->title);
    }
    berm_text_putc(out, '\n');
}

static void put_set(berm_text *out, const berm_rollup *rollup, const berm_rollup_set *set,
                    uint32_t flags)
{
    berm_text_put_visible(out, set->name);
    if (!berm_str_equal(set->name, set->framework)) {
        berm_text_put(out, BERM_STR(" of "));
        berm_text_put_visible(out, set->framework);
    }
    berm_text_putc(out, ' ');
    berm_text_put_visible(out, set->version);
    berm_text_format(out, ": %u of %u controls covered;",
                     set->count - set->states[BERM_CONTROL_NOT_COVERED], set->count);
    for (uint32_t state = 0; state < BERM_CONTROL_STATE_COUNT; state++)
        if (set->states[state])
            berm_text_format(out, " %u %s", set->states[state], berm_control_state_word(state));
    berm_text_putc(out, '\n');
    for (uint32_t i = 0; i < set->count; i++)
        put_control_row(out, &rollup->rows.items[set->first + i], flags);
    berm_text_putc(out, '\n');
}

static void put_figure(berm_text *out, const berm_figure *f, uint32_t flags)
{
    static const uint32_t states[] = {BERM_CONTROL_PASS, BERM_CONTROL_UNKNOWN, BERM_CONTROL_FAIL,
                                      BERM_CONTROL_NOT_APPLICABLE};
    berm_text_format(out, "  %s", state_color(states[f->status], flags));
    put_padded(out, berm_str_of(berm_figure_status_word(f->status)), 9);
    berm_text_put(out, flags & BERM_REPORT_COLOR ? BERM_STR("\033[0m") : BERM_STR(""));
    if (f->whole) {
        berm_put_percent(out, f->permille);
        berm_text_format(out, " %% (%L of %L), ", f->part, f->whole);
    } else {
        berm_text_put(out, BERM_STR("nothing to count, "));
    }
    berm_text_format(out, "target %s ", f->at_most ? "at most" : "at least");
    berm_put_percent(out, f->target);
    berm_text_put(out, BERM_STR(" %: "));
    berm_text_put_visible(out, f->title);
    berm_text_putc(out, '\n');
}

bool berm_formats_coverage(berm_text *out, const berm_report *report, uint32_t flags)
{
    berm_survey view;
    berm_rollup rollup = {0};
    berm_figures figures = {0};
    bool made = berm_survey_open(&view, report, flags) && berm_rollup_make(&view, &rollup) &&
                berm_scorecards_count(&view, &rollup, &figures);
    for (uint32_t i = 0; made && i < rollup.sets.count; i++)
        put_set(out, &rollup, &rollup.sets.items[i], flags);
    for (uint32_t i = 0; made && i < figures.count; i++) {
        const berm_figure *f = &figures.items[i];
        if (!i || !berm_str_equal(f->scorecard, f[-1].scorecard)) {
            berm_text_put(out, BERM_STR("scorecard "));
            berm_text_put_visible(out, f->scorecard);
            berm_text_putc(out, '\n');
        }
        put_figure(out, f, flags);
    }
    if (figures.count) berm_text_putc(out, '\n');
    berm_text_format(out, "%L resources in %u documents, %L that no guardrail looks at\n",
                     report->summary.resources, report->sources.count, report->summary.unmatched);
    berm_array_free(view.alloc, &figures);
    berm_rollup_free(&view, &rollup);
    return berm_survey_close(&view, out) && made;
}
