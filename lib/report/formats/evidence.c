/* What a report stands on: which documents were judged by which policies, with which engine, and
   when. */
#include "report/formats/formats.h"

#include "base/hash.h"

static bool add_digest(berm_report *report, berm_str text)
{
    berm_str digest = BERM_STR("");
    if (text.len) {
        unsigned char bytes[32];
        berm_text hex;
        berm_sha256 h;
        berm_sha256_init(&h);
        berm_sha256_put(&h, text.ptr, text.len);
        berm_sha256_end(&h, bytes);
        berm_text_init(&hex, &report->alloc);
        berm_put_hex(&hex, bytes, sizeof bytes);
        bool kept = !hex.failed && berm_arena_copy(&report->arena, berm_text_view(&hex), &digest);
        berm_text_free(&hex);
        if (!kept) return false;
    }
    return berm_array_push(&report->alloc, &report->extras.digests, digest);
}

/* The sources from `first` on are those of the run. Documents that could not be read have none. */
bool berm_report_add_evidence(berm_report *report, const berm_run *run,
                              const berm_decision *decision, uint32_t first)
{
    berm_report_extras *extras = &report->extras;
    if (extras->digests.count > first) extras->digests.count = first; /* of a run that failed */
    while (extras->digests.count < first)
        if (!add_digest(report, BERM_STR(""))) return false;
    for (uint32_t i = 0; i < decision->docs.count; i++) {
        berm_str text = decision->docs.items[i]->text;
        if (!(run->flags & BERM_RUN_DIGESTS)) text = BERM_STR("");
        if (!add_digest(report, text)) return false;
    }
    extras->now = run->now;
    extras->unrolled |= !(run->flags & BERM_RUN_PASSES);
    return true;
}

void berm_report_clear_evidence(berm_report *report)
{
    berm_report_extras *extras = &report->extras;
    for (uint32_t i = 0; i < extras->scorecards.count; i++)
        berm_doc_drop(extras->scorecards.items[i]);
    berm_array_free(&report->alloc, &extras->scorecards);
    berm_array_free(&report->alloc, &extras->digests);
}

bool berm_report_set_options(berm_report *report, const berm_report_options *options)
{
    berm_str base, revision;
    if (!berm_arena_copy(&report->arena, options->base, &base) ||
        !berm_arena_copy(&report->arena, options->revision, &revision))
        return false;
    report->extras.base = base;
    report->extras.revision = revision;
    return true;
}

berm_str berm_report_digest(const berm_report *report, uint32_t index)
{
    const berm_report_extras *extras = &report->extras;
    return index < extras->digests.count ? extras->digests.items[index] : BERM_STR("");
}

void berm_put_policy_digest(berm_text *out, const berm_policy *policy)
{
    const unsigned char *file = berm_policy_saved(policy);
#if BERM_IMAGE_TURNED
    if (!file) {
        out->failed = true;
        return;
    }
#endif
    unsigned char bytes[32];
    berm_sha256 h;
    berm_sha256_init(&h);
    berm_sha256_put(&h, file, policy->len);
    berm_sha256_end(&h, bytes);
    berm_policy_saved_end(policy, file);
    berm_put_hex(out, bytes, sizeof bytes);
}

/* --- the last members of the JSON report --- */

static void put_run(berm_out *o, const berm_survey *view)
{
    const berm_report *report = view->report;
    berm_out_open(o, "run", '{');
    berm_out_str(o, "time", view->now);
    berm_out_opt(o, "revision", report->extras.revision);
    berm_out_open(o, "policies", '[');
    for (uint32_t i = 0; i < report->policies.count; i++) {
        berm_put_policy_digest(berm_out_make(o), report->policies.items[i]);
        berm_out_open(o, NULL, '{');
        berm_out_made(o, "sha256");
        berm_out_close(o, '}');
    }
    berm_out_close(o, ']');
    berm_out_open(o, "inputs", '[');
    for (uint32_t i = 0; i < report->sources.count; i++) {
        berm_out_open(o, NULL, '{');
        berm_out_str(o, "file", report->sources.items[view->sources[i]]);
        berm_out_opt(o, "sha256", berm_report_digest(report, view->sources[i]));
        berm_out_close(o, '}');
    }
    berm_out_close(o, ']');
    berm_out_close(o, '}');
}

static void put_controls(berm_out *o, const berm_rollup *rollup)
{
    berm_out_open(o, "controls", '[');
    for (uint32_t i = 0; i < rollup->rows.count; i++) {
        const berm_control_row *row = &rollup->rows.items[i];
        berm_out_open(o, NULL, '{');
        berm_out_str(o, "set", rollup->sets.items[row->set].name);
        berm_out_str(o, "framework", row->framework);
        berm_out_str(o, "version", row->version);
        berm_out_str(o, "id", row->id);
        berm_out_opt(o, "title", row->title);
        berm_out_lit(o, "state", berm_control_state_word(row->state));
        berm_out_num(o, "guardrails", row->guardrails);
        berm_out_close(o, '}');
    }
    berm_out_close(o, ']');
}

static void put_figures(berm_out *o, const berm_figures *figures)
{
    berm_out_open(o, "scorecards", '[');
    for (uint32_t i = 0; i < figures->count; i++) {
        const berm_figure *f = &figures->items[i];
        berm_out_open(o, NULL, '{');
        berm_out_str(o, "scorecard", f->scorecard);
        berm_out_str(o, "figure", f->id);
        berm_out_str(o, "title", f->title);
        berm_out_lit(o, "status", berm_figure_status_word(f->status));
        berm_out_num(o, "part", f->part);
        berm_out_num(o, "whole", f->whole);
        if (f->whole) {
            berm_put_percent(berm_out_make(o), f->permille);
            berm_out_raw(o, "percent", berm_text_view(&o->scratch));
        }
        berm_put_percent(berm_out_make(o), f->target);
        berm_out_raw(o, f->at_most ? "max" : "min", berm_text_view(&o->scratch));
        berm_out_close(o, '}');
    }
    berm_out_close(o, ']');
}

/* Controls are rolled up where all that was judged is asked for, and only over runs that kept what
   passed: else a control without a failure would seem to have nothing to judge. */
bool berm_report_put_evidence(berm_text *out, const berm_report *report, uint32_t flags)
{
    bool rolled = flags & BERM_REPORT_VERBOSE || report->extras.scorecards.count;
    berm_survey view;
    berm_rollup rollup = {0};
    berm_figures figures = {0};
    berm_out o;
    berm_out_init(&o, out, 2);
    o.depth = 1;
    o.any = true;
    bool made = berm_survey_open(&view, report, flags);
    if (made) put_run(&o, &view);
    if (made && rolled && !report->extras.unrolled) {
        made = berm_rollup_make(&view, &rollup) && berm_scorecards_count(&view, &rollup, &figures);
        if (made) put_controls(&o, &rollup);
        if (made && figures.count) put_figures(&o, &figures);
    }
    berm_array_free(view.alloc, &figures);
    berm_rollup_free(&view, &rollup);
    berm_out_free(&o);
    return berm_survey_close(&view, out) && made;
}
