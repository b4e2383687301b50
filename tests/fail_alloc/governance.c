/* Packs, parameter files, waivers, frameworks and comparisons, each allocation failing in turn. */
#include <berm/berm.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "texts.h"

#define STR(literal) \
    { \
        (literal), sizeof(literal) - 1 \
    }

static const berm_source sources[] = {
    {sizeof(berm_source), STR("set.yaml"), STR(GOVERNED_SET_TEXT), BERM_ROLE_POLICY},
    {sizeof(berm_source), STR("values.yaml"), STR(GOVERNED_VALUES_TEXT), BERM_ROLE_PARAMETERS},
    {sizeof(berm_source), STR("waivers.yaml"), STR(GOVERNED_WAIVERS_TEXT), BERM_ROLE_WAIVERS},
};
static const berm_source faulty[] = {
    {sizeof(berm_source), STR("faulty.yaml"), STR(GOVERNED_FAULTY_TEXT), BERM_ROLE_POLICY},
    {sizeof(berm_source), STR("values.yaml"), STR(GOVERNED_FAULTY_VALUES_TEXT),
     BERM_ROLE_PARAMETERS},
    {sizeof(berm_source), STR("waivers.yaml"), STR("guardrail: no\n"), BERM_ROLE_WAIVERS},
};
static const berm_time november = {1795824000, 0}; /* 2026-11-28 */

static struct {
    berm_engine *engine;
    berm_policy *policy;
    berm_doc *before, *after;
} shared;

static berm_status compile(const berm_source *from, berm_policy **out)
{
    berm_compile_input input = {.size = sizeof input,
                                .sources = from,
                                .source_count = 3,
                                .flags = BERM_COMPILE_NO_BUILTINS,
                                .profile = STR("a")};
    berm_diags *diags = NULL;
    berm_error err = {0};
    berm_status status =
        agreed(berm_policy_compile(shared.engine, &input, out, &diags, &err), &err);
    if (status == BERM_E_POLICY && from == sources) puts(err.message);
    berm_diags_free(diags);
    return status;
}

static int make_shared(void)
{
    static const berm_str before = STR(GOVERNED_BEFORE_TEXT), after = STR(GOVERNED_AFTER_TEXT);
    berm_status status = berm_engine_new(NULL, &shared.engine, NULL);
    if (!status) status = compile(sources, &shared.policy);
    if (!status) status = berm_doc_parse(shared.engine, before, NULL, &shared.before, NULL, NULL);
    if (!status) status = berm_doc_parse(shared.engine, after, NULL, &shared.after, NULL, NULL);
    if (status) printf("what the runs share: %s\n", berm_status_name(status));
    return status;
}

static void free_shared(void)
{
    berm_doc_unref(shared.after);
    berm_doc_unref(shared.before);
    berm_policy_unref(shared.policy);
    berm_engine_unref(shared.engine);
}

static berm_status compile_set(void)
{
    berm_policy *policy = NULL;
    berm_status status = compile(sources, &policy);
    berm_policy_unref(policy);
    return status;
}

static berm_status compile_faulty(void)
{
    berm_policy *policy = NULL;
    berm_status status = compile(faulty, &policy);
    berm_policy_unref(policy);
    return status == BERM_E_POLICY ? BERM_OK : status;
}

static int swallow(void *ctx, const char *ptr, size_t len)
{
    (void)ctx, (void)ptr, (void)len;
    return 0;
}

static berm_status write_all(const berm_report *report)
{
    const berm_sink sink = {swallow, NULL};
    berm_error err = {0};
    berm_waiver waiver = {.size = sizeof waiver};
    berm_status status = berm_report_waiver(report, 1, &waiver, &err);
    if (!status && waiver.status != BERM_WAIVER_OVER_BROAD) status = BERM_E_STATE;
    if (!status) status = agreed(berm_report_write(report, BERM_REPORT_TEXT, 0, &sink, &err), &err);
    if (!status) status = agreed(berm_report_write(report, BERM_REPORT_JSON, 0, &sink, &err), &err);
    return status;
}

/* Two decisions in one report: together they are too many for a waiver. */
static berm_status report_twice(const berm_run *run, const berm_decision *decision)
{
    berm_report *report = NULL;
    berm_error err = {0};
    berm_status status = agreed(berm_report_new(shared.engine, &report, &err), &err);
    for (int i = 0; i < 2 && !status; i++)
        status = agreed(berm_report_add(report, run, decision, &err), &err);
    if (!status) status = write_all(report);
    berm_report_free(report);
    return status;
}

static berm_status judge(const berm_doc *before)
{
    berm_input input = {.size = sizeof input, .doc = shared.after, .before = before};
    berm_run run = {.size = sizeof run,
                    .policy = shared.policy,
                    .inputs = &input,
                    .input_count = 1,
                    .now = november};
    const berm_decision *decision = NULL;
    berm_eval *eval = NULL;
    berm_error err = {0};
    berm_summary sum = {.size = sizeof sum};
    berm_status status = agreed(berm_eval_new(shared.engine, NULL, &eval, &err), &err);
    if (!status) status = agreed(berm_eval_run(eval, &run, &decision, &err), &err);
    if (!status) berm_decision_summary(decision, &sum);
    if (!status && !sum.verdicts[BERM_VERDICT_WAIVED]) status = BERM_E_STATE;
    if (!status) status = report_twice(&run, decision);
    berm_eval_free(eval);
    return status;
}

static berm_status judge_one(void)
{
    return judge(NULL);
}

static berm_status judge_two(void)
{
    return judge(shared.before);
}

static berm_status tell_effective(void)
{
    const berm_sink sink = {swallow, NULL};
    berm_error err = {0};
    berm_status status =
        agreed(berm_policy_effective(shared.policy, BERM_REPORT_TEXT, &sink, &err), &err);
    return status
               ? status
               : agreed(berm_policy_effective(shared.policy, BERM_REPORT_JSON, &sink, &err), &err);
}

int main(void)
{
    /* Spare: the line index of each source and document, without which lines are counted. */
    static const scenario scenarios[] = {
        {"compile", make_shared, compile_set, free_shared, 3},
        {"compile with faults", make_shared, compile_faulty, free_shared, 3},
        {"waivers", make_shared, judge_one, free_shared, 1},
        {"waivers over a comparison", make_shared, judge_two, free_shared, 1},
        {"effective", make_shared, tell_effective, free_shared, 0},
    };
    return run_scenarios(scenarios, sizeof scenarios / sizeof scenarios[0]);
}
