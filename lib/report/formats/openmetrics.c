/* OpenMetrics 1.0, and the text that Prometheus' textfile collector reads, which differs by its
   last line alone: all is gauges, for a report is what one run found and not a count that goes on.
   Names of resources are no labels: their number has no bound. */
#include "report/formats/formats.h"

#include "base/utf8.h"
#include "policy/words.h"

static void put_label(berm_text *out, const char *name, berm_str value, bool first)
{
    berm_text_format(out, "%c%s=\"", first ? '{' : ',', name);
    for (size_t at = 0; at < value.len;) {
        size_t from = at;
        int32_t code = berm_utf8_next(value, &at);
        if (code == '\\' || code == '"') berm_text_format(out, "\\%c", (char)code);
        else if (code == '\n') berm_text_put(out, BERM_STR("\\n"));
        else if (code < 0x20) berm_text_put(out, BERM_STR("\xef\xbf\xbd"));
        else berm_text_put(out, berm_str_cut(value, from, at));
    }
    berm_text_putc(out, '"');
}

static void put_family(berm_text *out, const char *name, const char *help)
{
    berm_text_format(out, "# HELP berm_%s %s\n# TYPE berm_%s gauge\n", name, help, name);
}

static void put_gauge(berm_text *out, const char *name, const char *help, uint64_t value)
{
    put_family(out, name, help);
    berm_text_format(out, "berm_%s %L\n", name, value);
}

static void put_verdicts(berm_text *out, const berm_summary *s)
{
    put_family(out, "evaluations", "Verdicts of the run.");
    for (uint32_t v = 0; v < BERM_VERDICT_COUNT; v++) {
        berm_text_put(out, BERM_STR("berm_evaluations"));
        put_label(out, "verdict", berm_str_of(berm_verdict_word(v)), true);
        berm_text_format(out, "} %L\n", s->verdicts[v]);
    }
}

static void put_rules(berm_text *out, const berm_survey *view)
{
    put_family(out, "policy_info", "Validations of the policies.");
    for (uint32_t i = 0; i < view->rules.count; i++) {
        const berm_rule_row *row = &view->rules.items[i];
        const berm_img_rule *rule = berm_rule_validation(row);
        berm_text_put(out, BERM_STR("berm_policy_info"));
        put_label(out, "policy", row->id, true);
        put_label(out, "validation", row->name, false);
        put_label(out, "severity", berm_str_of(berm_severity_word(rule->severity)), false);
        put_label(out, "enforcement", berm_str_of(berm_enforcement_word(rule->enforcement)), false);
        put_label(out, "category", berm_rule_text(row, berm_rule_guardrail(row)->category), false);
        berm_text_put(out, BERM_STR("} 1\n"));
    }
}

static void put_findings(berm_text *out, const berm_survey *view)
{
    put_family(out, "findings", "Verdicts by validation.");
    for (uint32_t i = 0; i < view->rules.count; i++) {
        const berm_rule_row *row = &view->rules.items[i];
        uint32_t severity = berm_rule_validation(row)->severity;
        for (uint32_t v = 0; v < BERM_VERDICT_COUNT; v++) {
            if (!row->counts[v]) continue;
            berm_text_put(out, BERM_STR("berm_findings"));
            put_label(out, "policy", row->id, true);
            put_label(out, "validation", row->name, false);
            put_label(out, "severity", berm_str_of(berm_severity_word(severity)), false);
            put_label(out, "verdict", berm_str_of(berm_verdict_word(v)), false);
            berm_text_format(out, "} %L\n", row->counts[v]);
        }
    }
}

static void put_control_counts(berm_text *out, const berm_rollup *rollup)
{
    if (rollup->sets.count) put_family(out, "controls", "Controls by what became of them.");
    for (uint32_t i = 0; i < rollup->sets.count; i++)
        for (uint32_t state = 0; state < BERM_CONTROL_STATE_COUNT; state++) {
            const berm_rollup_set *set = &rollup->sets.items[i];
            berm_text_put(out, BERM_STR("berm_controls"));
            put_label(out, "set", set->name, true);
            put_label(out, "version", set->version, false);
            put_label(out, "state", berm_str_of(berm_control_state_word(state)), false);
            berm_text_format(out, "} %u\n", set->states[state]);
        }
}

#if BERM_PART_GOVERNANCE
static void put_waiver_counts(berm_text *out, const berm_report *report)
{
    static const char *const states[] = {"pending", "active", "expiring",
                                         "expired", "unused", "over-broad"};
    uint32_t counts[sizeof states / sizeof *states] = {0};
    berm_waiver waiver;
    for (size_t i = 0; berm_tally_at(report, i, &waiver); i++) counts[waiver.status]++;
    put_family(out, "waivers", "Waivers by what they are.");
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        berm_text_put(out, BERM_STR("berm_waivers"));
        put_label(out, "state", berm_str_of(states[i]), true);
        berm_text_format(out, "} %u\n", counts[i]);
    }
}
#endif

static void put_ratio(berm_text *out, uint32_t permille)
{
    berm_text_format(out, "%u.%u%u%u\n", permille / 1000, permille / 100 % 10, permille / 10 % 10,
                     permille % 10);
}

static void put_figure_family(berm_text *out, const berm_figures *figures, bool target)
{
    const char *name = target ? "scorecard_target_ratio" : "scorecard_ratio";
    put_family(out, name, target ? "Targets of scorecards." : "Figures of scorecards.");
    for (uint32_t i = 0; i < figures->count; i++) {
        const berm_figure *f = &figures->items[i];
        if (!target && !f->whole) continue;
        berm_text_format(out, "berm_%s", name);
        put_label(out, "scorecard", f->scorecard, true);
        put_label(out, "figure", f->id, false);
        berm_text_put(out, BERM_STR("} "));
        put_ratio(out, target ? f->target : f->permille);
    }
}

static bool write_metrics(berm_text *out, const berm_report *report, uint32_t flags)
{
    berm_survey view;
    berm_rollup rollup = {0};
    berm_figures figures = {0};
    const berm_summary *s = &report->summary;
    bool made = berm_survey_open(&view, report, flags) && berm_rollup_make(&view, &rollup) &&
                berm_scorecards_count(&view, &rollup, &figures);
    if (made) {
        put_family(out, "build_info", "The engine.");
        berm_text_format(out, "berm_build_info{version=\"%u.%u.%u\"} 1\n",
                         (uint32_t)BERM_VERSION_MAJOR, (uint32_t)BERM_VERSION_MINOR,
                         (uint32_t)BERM_VERSION_PATCH);
        put_gauge(out, "run_timestamp_seconds", "The time the policies saw.",
                  report->extras.now.sec < 0 ? 0 : (uint64_t)report->extras.now.sec);
        put_gauge(out, "run_denied", "1 where a mandatory validation failed or erred.", s->denied);
        put_gauge(out, "documents", "Documents that were judged.", report->sources.count);
        put_gauge(out, "resources", "Resources in them.", s->resources);
        put_gauge(out, "unmatched_resources", "Of these, looked at by no guardrail.", s->unmatched);
        put_verdicts(out, s);
        put_rules(out, &view);
        put_findings(out, &view);
        put_control_counts(out, &rollup);
#if BERM_PART_GOVERNANCE
        put_waiver_counts(out, report);
#endif
        if (figures.count) {
            put_figure_family(out, &figures, false);
            put_figure_family(out, &figures, true);
        }
    }
    berm_array_free(view.alloc, &figures);
    berm_rollup_free(&view, &rollup);
    return berm_survey_close(&view, out) && made;
}

bool berm_formats_openmetrics(berm_text *out, const berm_report *report, uint32_t flags)
{
    bool made = write_metrics(out, report, flags);
    berm_text_put(out, BERM_STR("# EOF\n"));
    return made && !out->failed;
}

bool berm_formats_prometheus(berm_text *out, const berm_report *report, uint32_t flags)
{
    return write_metrics(out, report, flags);
}
