/* Every report of a run with controls, tags and a scorecard, each allocation failing in turn. */
#include <berm/berm.h>
#include <stdio.h>

#include "harness.h"

#define STR(literal) \
    { \
        (literal), sizeof(literal) - 1 \
    }

/* A target of its own, so that the built-in ones need not be compiled. */
#define SET_TEXT \
    "target: shop\ntitle: Shop\ndetect: 'true'\n" \
    "resources: [{path: '[*]', kind: item.kind, name: item.name, address: item.name, tags: " \
    "item.tags}]\n" \
    "---\nguardrail: size\ntitle: Size\nmatch: {kinds: [box]}\nremediation: smaller\n" \
    "controls: [{framework: f, version: '1', id: C-1}]\n" \
    "validations:\n" \
    "  - {name: small, expression: 'object.n < 3', message: \"{resource.name} is large\"}\n" \
    "  - {name: least, expression: '10 / object.n > 0'}\n" \
    "---\nframework: f\nversion: '1'\ntitle: F\npattern: '^C-[0-9]$'\nurl: u\nlicence: l\n" \
    "controls: [{id: C-1, title: One}, {id: C-2}]\n" \
    "---\nwaiver: w\nguardrails: [size/small]\nscope: {resources: [b]}\ncategory: waived\n" \
    "reason: r\nowner: o\ncreated: 2026-10-01\nexpires: 2026-12-31\n"
#define CARD_TEXT \
    "scorecard: s\nfigures:\n" \
    "  - {figure: a, title: A, measure: controls-covered, controls: f, target: {min: 70}}\n" \
    "  - {figure: b, title: B, measure: resources-passed, tags: {owner: ['*']}, target: {max: " \
    "10}}\n" \
    "  - {figure: c, title: C, measure: findings-waived, target: {max: 10, warn: 20}}\n"
#define INPUT_TEXT \
    "[{\"kind\": \"box\", \"name\": \"a\", \"n\": 7, \"tags\": {\"owner\": \"x\"}},\n" \
    " {\"kind\": \"box\", \"name\": \"b\", \"n\": 8, \"tags\": {\"team\": \"y\"}},\n" \
    " {\"kind\": \"box\", \"name\": \"c\", \"n\": 0, \"tags\": {}}]"

static const berm_time november = {1795824000, 0}; /* 2026-11-28 */

static struct {
    berm_engine *engine;
    berm_policy *policy;
    berm_doc *input, *card;
} shared;

static int make_shared(void)
{
    static const berm_source set = {sizeof(berm_source), STR("set.yaml"), STR(SET_TEXT),
                                    BERM_ROLE_POLICY};
    static const berm_str input = STR(INPUT_TEXT), card = STR(CARD_TEXT);
    const berm_compile_input from = {.size = sizeof from,
                                     .sources = &set,
                                     .source_count = 1,
                                     .flags = BERM_COMPILE_NO_BUILTINS};
    berm_error err = {0};
    berm_status status = berm_engine_new(NULL, &shared.engine, NULL);
    if (!status) status = berm_policy_compile(shared.engine, &from, &shared.policy, NULL, &err);
    if (!status) status = berm_doc_parse(shared.engine, input, NULL, &shared.input, NULL, &err);
    if (!status) status = berm_doc_parse(shared.engine, card, NULL, &shared.card, NULL, &err);
    if (status) printf("what the runs share: %s %s\n", berm_status_name(status), err.message);
    return status;
}

static void free_shared(void)
{
    berm_doc_unref(shared.card);
    berm_doc_unref(shared.input);
    berm_policy_unref(shared.policy);
    berm_engine_unref(shared.engine);
}

static int swallow(void *ctx, const char *ptr, size_t len)
{
    (void)ctx, (void)ptr, (void)len;
    return 0;
}

static berm_status report_all(const berm_run *run, const berm_decision *decision)
{
    static const berm_report_options how = {sizeof how, STR("base"), STR("revision")};
    const berm_sink sink = {swallow, NULL};
    berm_report *report = NULL;
    berm_error err = {0}, why = {.message = "unreadable"};
    berm_status status = agreed(berm_report_new(shared.engine, &report, &err), &err);
    if (!status) status = agreed(berm_report_configure(report, &how, &err), &err);
    if (!status) status = agreed(berm_report_score(report, shared.card, &err), &err);
    if (!status) status = agreed(berm_report_fail(report, (berm_str)STR("x"), &why, &err), &err);
    if (!status) status = agreed(berm_report_add(report, run, decision, &err), &err);
    for (uint32_t f = 0; f < BERM_REPORT_FORMAT_COUNT && !status; f++)
        status = agreed(berm_report_write(report, f, BERM_REPORT_VERBOSE, &sink, &err), &err);
    berm_report_free(report);
    return status;
}

static berm_status judge(void)
{
    const berm_input input = {.size = sizeof input, .doc = shared.input};
    const berm_run run = {.size = sizeof run,
                          .policy = shared.policy,
                          .inputs = &input,
                          .input_count = 1,
                          .now = november,
                          .flags = BERM_RUN_PASSES | BERM_RUN_TAGS | BERM_RUN_DIGESTS};
    const berm_decision *decision = NULL;
    berm_eval *eval = NULL;
    berm_error err = {0};
    berm_summary sum = {.size = sizeof sum};
    berm_status status = agreed(berm_eval_new(shared.engine, NULL, &eval, &err), &err);
    if (!status) status = agreed(berm_eval_run(eval, &run, &decision, &err), &err);
    if (!status) berm_decision_summary(decision, &sum);
    if (!status && !(sum.verdicts[BERM_VERDICT_WAIVED] && sum.verdicts[BERM_VERDICT_ERROR]))
        status = BERM_E_STATE;
    if (!status) status = report_all(&run, decision);
    berm_eval_free(eval);
    return status;
}

int main(void)
{
    /* Spare: the line index of the document, without which lines are counted. */
    static const scenario scenarios[] = {{"reports", make_shared, judge, free_shared, 1, 1}};
    return run_scenarios(scenarios, sizeof scenarios / sizeof scenarios[0]);
}
