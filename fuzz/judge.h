/* Runs of fuzz targets: what a run came to as a text that can be compared, and every report. */
#ifndef BERM_FUZZ_JUDGE_H
#define BERM_FUZZ_JUDGE_H

#include "common.h"

#include <inttypes.h>
#include <stdio.h>

#define FUZZ_NOW \
    { \
        1767323045, 0 \
    }

static inline void fuzz_tell(fuzz_text *out, const char *word, berm_str text)
{
    char len[32];
    REQUIRE(fuzz_keep(out, word, strlen(word)) == 0);
    REQUIRE(fuzz_keep(out, len, (size_t)snprintf(len, sizeof len, "(%zu) ", text.len)) == 0);
    REQUIRE(fuzz_keep(out, text.ptr, text.len) == 0);
    REQUIRE(fuzz_keep(out, "\n", 1) == 0);
}

static inline void fuzz_tell_finding(fuzz_text *out, const berm_finding *f)
{
    char line[200];
    int len = snprintf(line, sizeof line,
                       "verdict %u severity %u enforcement %u action %u flags %u cost %" PRIu64
                       " source %u at %u:%u-%u:%u waivers %zu\n",
                       f->verdict, f->severity, f->enforcement, f->action, f->flags, f->cost,
                       f->source, f->line, f->column, f->end_line, f->end_column, f->waiver_count);
    REQUIRE(f->verdict < BERM_VERDICT_COUNT && len > 0);
    REQUIRE(fuzz_keep(out, line, (size_t)len) == 0);
    fuzz_tell(out, "guardrail", f->guardrail);
    fuzz_tell(out, "validation", f->validation);
    fuzz_tell(out, "kind", f->kind);
    fuzz_tell(out, "address", f->address);
    fuzz_tell(out, "message", f->message);
    fuzz_tell(out, "path", f->path);
    fuzz_tell(out, "waiver", f->waiver);
    fuzz_tell(out, "fingerprint", f->fingerprint);
    fuzz_tell(out, "explanation", f->explanation);
    if (f->witness) fuzz_tell(out, "witness", f->witness->expression);
    if (f->witness) fuzz_tell(out, "value", f->witness->value);
}

static inline const berm_finding *fuzz_finding(const berm_decision *decision, size_t index)
{
    size_t count, stride;
    const berm_finding *list = berm_decision_findings(decision, &count, &stride);
    if (index >= count) return NULL;
    return (const berm_finding *)(const void *)((const char *)list + index * stride);
}

/* A mandatory validation that failed or erred denies; nothing else does. */
static inline void fuzz_check_denied(const berm_decision *decision, const berm_summary *summary)
{
    bool denied = false;
    uint64_t verdicts[BERM_VERDICT_COUNT] = {0};
    const berm_finding *f;
    for (size_t i = 0; (f = fuzz_finding(decision, i)) != NULL; i++) {
        verdicts[f->verdict]++;
        if (f->verdict == BERM_VERDICT_FAIL || f->verdict == BERM_VERDICT_ERROR)
            denied = denied || f->enforcement != BERM_ENFORCEMENT_ADVISORY;
        REQUIRE(f->verdict != BERM_VERDICT_WAIVED || f->waiver_count > 0);
    }
    REQUIRE(denied == (summary->denied != 0));
    REQUIRE(verdicts[BERM_VERDICT_FAIL] == summary->verdicts[BERM_VERDICT_FAIL]);
    REQUIRE(verdicts[BERM_VERDICT_ERROR] == summary->verdicts[BERM_VERDICT_ERROR]);
    REQUIRE(verdicts[BERM_VERDICT_WAIVED] == summary->verdicts[BERM_VERDICT_WAIVED]);
    REQUIRE(verdicts[BERM_VERDICT_UNKNOWN] == summary->verdicts[BERM_VERDICT_UNKNOWN]);
}

/* What a run came to: its status, and the decision as a text. */
typedef struct fuzz_outcome {
    berm_status status;
    berm_summary summary;
    fuzz_text text;
} fuzz_outcome;

static inline void fuzz_tell_decision(fuzz_outcome *out, const berm_decision *decision)
{
    char line[200];
    const berm_finding *f;
    out->summary = (berm_summary){.size = sizeof out->summary};
    berm_decision_summary(decision, &out->summary);
    fuzz_check_denied(decision, &out->summary);
    int len = snprintf(line, sizeof line,
                       "resources %" PRIu64 " unmatched %" PRIu64 " cost %" PRIu64
                       " denied %u passed %" PRIu64 " skipped %" PRIu64 "\n",
                       out->summary.resources, out->summary.unmatched, out->summary.cost,
                       out->summary.denied, out->summary.verdicts[BERM_VERDICT_PASS],
                       out->summary.verdicts[BERM_VERDICT_SKIPPED]);
    REQUIRE(fuzz_keep(&out->text, line, (size_t)len) == 0);
    for (size_t i = 0; (f = fuzz_finding(decision, i)) != NULL; i++)
        fuzz_tell_finding(&out->text, f);
}

/* Every report that there is. */
static inline void fuzz_report(berm_engine *engine, const berm_run *run,
                               const berm_decision *decision)
{
    const berm_sink sink = {fuzz_swallow, NULL};
    berm_report *report = NULL;
    if (berm_report_new(engine, &report, NULL) != BERM_OK) return;
    berm_status status = berm_report_add(report, run, decision, NULL);
    REQUIRE(status != BERM_E_ARGUMENT && status != BERM_E_INTERNAL);
    for (uint32_t k = 0; status == BERM_OK && k < BERM_REPORT_FORMAT_COUNT; k++) {
        if (!berm_report_format_name(k)) continue;
        berm_status written = berm_report_write(report, k, BERM_REPORT_VERBOSE, &sink, NULL);
        REQUIRE(written == BERM_OK || written == BERM_E_LIMIT || written == BERM_E_NOMEM);
    }
    berm_report_free(report);
}

/* One run. With an engine: every report, too. */
static inline fuzz_outcome fuzz_run_in(berm_eval *eval, const berm_run *run, berm_engine *engine)
{
    fuzz_outcome out = {0};
    const berm_decision *decision = NULL;
    out.status = berm_eval_run(eval, run, &decision, NULL);
    REQUIRE(out.status != BERM_E_ARGUMENT && out.status != BERM_E_INTERNAL);
    REQUIRE((out.status == BERM_OK) == (decision != NULL));
    if (decision) fuzz_tell_decision(&out, decision);
    if (decision && engine) fuzz_report(engine, run, decision);
    return out;
}

/* One run with an evaluation of its own. */
static inline fuzz_outcome fuzz_run(berm_engine *engine, const berm_run *run, bool reports)
{
    fuzz_outcome out = {0};
    berm_eval *eval = NULL;
    out.status = berm_eval_new(engine, NULL, &eval, NULL);
    REQUIRE(out.status == BERM_OK || out.status == BERM_E_NOMEM);
    if (out.status == BERM_OK) out = fuzz_run_in(eval, run, reports ? engine : NULL);
    berm_eval_free(eval);
    return out;
}

/* The same with rules that share nothing comes to the same. */
static inline void fuzz_compare_plain(berm_engine *engine, const berm_run *run,
                                      const fuzz_outcome *wanted)
{
    berm_run plain = *run;
    plain.flags |= BERM_RUN_PLAIN;
    fuzz_outcome out = fuzz_run(engine, &plain, false);
    REQUIRE(out.status == wanted->status && fuzz_same_text(&out.text, &wanted->text));
    free(out.text.ptr);
}

/* A run of one document whose outcome does not matter. */
static inline void fuzz_judge(berm_engine *engine, const berm_policy *policy, const berm_doc *doc)
{
    const berm_input input = {.size = sizeof input, .role = BERM_INPUT_DOCUMENT, .doc = doc};
    berm_run run = {.size = sizeof run,
                    .policy = policy,
                    .inputs = &input,
                    .input_count = 1,
                    .now = FUZZ_NOW,
                    .flags = BERM_RUN_PASSES};
    fuzz_outcome out = fuzz_run(engine, &run, true);
    fuzz_compare_plain(engine, &run, &out);
    free(out.text.ptr);
    run.flags = 0;
    out = fuzz_run(engine, &run, false);
    fuzz_compare_plain(engine, &run, &out);
    free(out.text.ptr);
}

/* What was saved loads, and is saved as the same bytes again. NULL where memory failed. */
static inline berm_policy *fuzz_reload(berm_engine *engine, const berm_policy *policy)
{
    fuzz_text image = {0}, again = {0};
    const berm_sink first = {fuzz_keep, &image}, second = {fuzz_keep, &again};
    berm_policy *loaded = NULL;
    REQUIRE(berm_policy_save(policy, &first, NULL) == BERM_OK);
    berm_status status = berm_policy_load(engine, fuzz_view(&image), &loaded, NULL);
    REQUIRE(status == BERM_OK || status == BERM_E_NOMEM);
    if (loaded) {
        REQUIRE(berm_policy_save(loaded, &second, NULL) == BERM_OK);
        REQUIRE(fuzz_same_text(&image, &again));
    }
    free(image.ptr);
    free(again.ptr);
    return loaded;
}

#endif
