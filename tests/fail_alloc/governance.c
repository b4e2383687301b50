/* Packs, parameter files, waivers, frameworks and comparisons, each allocation failing in turn. */
#include <berm/berm.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"

#define STR(literal) \
    { \
        (literal), sizeof(literal) - 1 \
    }

/* A target of its own, so that the built-in ones need not be compiled with every failure. */
#define SET_TEXT \
    "target: shop\ntitle: Shop\ndetect: 'true'\n" \
    "resources: [{path: '[*]', kind: item.kind, name: item.name, address: item.name}]\n" \
    "---\nguardrail: size\ntitle: Size\nmatch: {kinds: [box], actions: [none, create, update, " \
    "delete, " \
    "no-op]}\ncontrols: [{framework: f, version: '1', id: C-1}]\n" \
    "parameters: {most: {type: int, default: 3}, tiers: {use: tiers}}\n" \
    "validations:\n" \
    "  - {name: small, expression: 'object != null && object.n < params.most', message: " \
    "\"{resource.name} " \
    "is " \
    "large\"}\n" \
    "  - {name: hard, enforcement: hard-mandatory, expression: 'object == null || object.n < " \
    "90'}\n" \
    "  - {name: kept, expression: 'oldObject == null || object != null'}\n" \
    "---\nparameter: tiers\ntype: [int]\ndefault: [1]\n" \
    "---\npack: p\nguardrails: [size]\nwaivable: {maxDays: 90}\n" \
    "profiles: {a: [{guardrails: ['*'], enforcement: soft-mandatory, severity: low, parameters: " \
    "{most: 4}}]}\n" \
    "---\nframework: f\nversion: '1'\ntitle: F\npattern: '^C-[0-9]$'\nurl: u\nlicence: l\n" \
    "controls: [{id: C-1, title: One}, {id: C-2}]\n" \
    "---\nmapping: m\nframework: f\nversion: '1'\ncontrols: {C-1: [size], C-2: ['*']}\n"
#define VALUES_TEXT "parameters: {tiers: [2]}\nguardrails: {size: {most: 5}}\n"
#define WAIVER(id, guardrails, scope, more) \
    "---\nwaiver: " id "\nguardrails: [" guardrails "]\nscope: {resources: [" scope \
    "]}\ncategory: waived\nreason: r\nowner: o\ncreated: 2026-10-01\n" more
#define WAIVERS_TEXT \
    WAIVER("one", "size/small", "a", "expires: 2026-12-29\n") \
    WAIVER("many", "size", "'?'", "expires: 2026-12-15\nmaxMatches: 2\n") \
    WAIVER("gone", "'*'", "a", "expires: 2026-11-01\n") \
    WAIVER("long", "size", "'*'", "expires: 2027-12-01\napprovers: [{name: o}]\n")
#define BEFORE_TEXT \
    "[{\"kind\": \"box\", \"name\": \"a\", \"n\": 1}, {\"kind\": \"box\", \"name\": \"z\", " \
    "\"n\": 1}]"
#define AFTER_TEXT \
    "[{\"kind\": \"box\", \"name\": \"a\", \"n\": 7}, {\"kind\": \"box\", \"name\": \"b\", " \
    "\"n\": " \
    "8}, {\"kind\": \"box\", \"name\": \"c\", \"n\": 99}]"
#define FAULTY_TEXT \
    "guardrail: g\ntitle: t\nmatch: {kinds: [document]}\ncontrols: [{framework: f, version: '2', " \
    "id: " \
    "x}, {framework: f, version: '1', id: x}]\nvalidations: [{name: v, expression: 'true'}]\n" \
    "---\npack: p\nguardrails: [nope]\nprofiles: {a: [{guardrails: [q]}, 3]}\n" \
    "---\npack: p\nguardrails: []\n" \
    "---\nframework: f\nversion: '1'\ntitle: F\npattern: '^C$'\nurl: u\nlicence: l\n" \
    "controls: [{id: C}, {id: C}, {id: D}]\n" \
    "---\nframework: f\nversion: '1'\ntitle: F\npattern: '^C$'\nurl: u\nlicence: l\n" \
    "---\nmapping: m\nframework: f\nversion: '3'\ncontrols: {C: 3}\n" \
    "---\nwaiver: w\nguardrails: []\nscope: {}\ncategory: mitigated\nreason: ''\nowner: o\n" \
    "created: x\nexpires: 2026-01-01\nmaxMatches: 0\n" \
    "---\nwaiver: w\nguardrails: [g]\nscope: {resources: ['']}\ncategory: waived\nreason: r\n" \
    "owner: o\ncreated: 2026-01-01\nexpires: 2025-01-01\n"

static const berm_source sources[] = {
    {sizeof(berm_source), STR("set.yaml"), STR(SET_TEXT), BERM_ROLE_POLICY},
    {sizeof(berm_source), STR("values.yaml"), STR(VALUES_TEXT), BERM_ROLE_PARAMETERS},
    {sizeof(berm_source), STR("waivers.yaml"), STR(WAIVERS_TEXT), BERM_ROLE_WAIVERS},
};
static const berm_source faulty[] = {
    {sizeof(berm_source), STR("faulty.yaml"), STR(FAULTY_TEXT), BERM_ROLE_POLICY},
    {sizeof(berm_source), STR("values.yaml"), STR("guardrails: {h: {}, g: {x: 1}}\n"),
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
    static const berm_str before = STR(BEFORE_TEXT), after = STR(AFTER_TEXT);
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
        {"compile", make_shared, compile_set, free_shared, 3, 1},
        {"compile with faults", make_shared, compile_faulty, free_shared, 3, 1},
        {"waivers", make_shared, judge_one, free_shared, 1, 1},
        {"waivers over a comparison", make_shared, judge_two, free_shared, 1, 1},
        {"effective", make_shared, tell_effective, free_shared, 0, 1},
    };
    return run_scenarios(scenarios, sizeof scenarios / sizeof scenarios[0]);
}
