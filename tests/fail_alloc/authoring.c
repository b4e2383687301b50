/* What authors ask of policies and hosts of what they were given: lint, fmt, coverage, waivers, and
   every accessor, each allocation failing in turn. Accessors return no status: what they give must
   be there whenever the call before them succeeded. */
#include <berm/berm.h>
#include <stdbool.h>
#include <stdio.h>

#include "harness.h"

#define STR(literal) \
    { \
        (literal), sizeof(literal) - 1 \
    }

/* A target of its own, so that the built-in ones need not be compiled with every failure. */
#define SET_TEXT \
    "# whose they are\n" \
    "target: shop\ntitle: Shop\ndetect: 'true'\n" \
    "resources: [{path: '[*]', kind: item.kind, name: item.name, address: item.name}]\n" \
    "---\nguardrail:   size\ntitle: Size\nmatch: {kinds: [box]}\n" \
    "variables: [{name: n, expression: 'object.n + 0'}, {name: unused, expression: 'object.m'}]\n" \
    "validations:\n" \
    "  - {name: small, expression: 'variables.n < 3 || object.n<2 && true', message: " \
    "'{object.n}'}\n" \
    "  - {name: twice, expression: 'variables.n == variables.n'}\n" \
    "tests:\n" \
    "  - {name: a, kind: box, object: {n: 1}, expect: {small: pass}}\n" \
    "  - {name: b, kind: box, object: {n: 9}, expect: {small: fail}}\n"
#define WAIVERS_TEXT \
    "waiver: w\nguardrails: [size/small]\nscope: {resources: [b]}\ncategory: waived\n" \
    "reason: r\nowner: o\ncreated: 2026-10-01\nexpires: 2026-12-31\n"
#define INPUT_TEXT \
    "[{\"kind\": \"box\", \"name\": \"a\", \"n\": 7}, {\"kind\": \"box\", \"name\": \"b\", " \
    "\"n\": 8}]"

static const berm_source sources[] = {
    {sizeof(berm_source), STR("set.yaml"), STR(SET_TEXT), BERM_ROLE_POLICY},
    {sizeof(berm_source), STR("waivers.yaml"), STR(WAIVERS_TEXT), BERM_ROLE_WAIVERS},
};
static const berm_compile_input set = {
    .size = sizeof set, .sources = sources, .source_count = 2, .flags = BERM_COMPILE_NO_BUILTINS};
static const berm_time november = {1795824000, 0}; /* 2026-11-28 */

static struct {
    berm_engine *engine;
    berm_policy *policy;
} shared;

static int make_shared(void)
{
    berm_error err = {0};
    berm_status status = berm_engine_new(NULL, &shared.engine, NULL);
    if (!status) status = berm_policy_compile(shared.engine, &set, &shared.policy, NULL, &err);
    if (status) printf("what the runs share: %s %s\n", berm_status_text(status), err.message);
    return status;
}

static void free_shared(void)
{
    berm_policy_unref(shared.policy);
    berm_engine_unref(shared.engine);
}

static int swallow(void *ctx, const char *ptr, size_t len)
{
    (void)ptr;
    *(size_t *)ctx += len;
    return 0;
}

static berm_status lint_set(void)
{
    berm_diags *diags = NULL;
    berm_error err = {0};
    size_t count = 0;
    berm_status status = agreed(berm_policy_lint(shared.engine, &set, &diags, &err), &err);
    const berm_diag *items = berm_diags_items(diags, &count);
    if (!status && (!items || count == 0)) status = BERM_E_STATE; /* there is something to find */
    berm_diags_free(diags);
    return status;
}

static berm_status format_set(void)
{
    size_t len = 0;
    const berm_sink sink = {swallow, &len};
    berm_diags *diags = NULL;
    berm_error err = {0};
    berm_status status =
        agreed(berm_policy_format(shared.engine, &sources[0], &sink, &diags, &err), &err);
    berm_diags_free(diags);
    return status || len ? status : BERM_E_STATE;
}

static int count_result(void *ctx, const berm_test_result *result)
{
    (void)result;
    ++*(size_t *)ctx;
    return 0;
}

static int count_point(void *ctx, const berm_coverage_point *point)
{
    (void)point;
    ++*(size_t *)ctx;
    return 0;
}

static berm_status cover_set(void)
{
    size_t count = 0;
    berm_error err = {0};
    berm_status status =
        agreed(berm_policy_coverage(shared.policy, count_result, count_point, &count, &err), &err);
    return status || count > 2 ? status : BERM_E_STATE;
}

/* A set made anew, so that references to it and what it is asked for are under failures, too. */
static berm_status ask_policy(void)
{
    berm_policy *policy = NULL;
    berm_waiver waiver = {.size = sizeof waiver};
    berm_error err = {0};
    berm_engine *engine = berm_engine_ref(shared.engine);
    berm_status status = agreed(berm_policy_compile(engine, &set, &policy, NULL, &err), &err);
    berm_engine_unref(engine);
    if (status) return status;
    berm_policy_unref(berm_policy_ref(policy));
    if (berm_policy_joins(policy) != 0 || berm_policy_waiver_count(policy) != 1)
        status = BERM_E_STATE;
    if (!status) status = agreed(berm_policy_waiver(policy, 0, november, &waiver, &err), &err);
    berm_policy_unref(policy);
    return status;
}

static berm_status ask_document(const berm_doc *doc)
{
    uint32_t line = 0, column = 0;
    berm_value root = berm_doc_root(doc, 0), element, key, member;
    berm_item item = {.size = sizeof item};
    berm_status status = berm_value_at(root, 1, &key, &element);
    if (!status) status = berm_value_find(element, (berm_str)STR("n"), &member);
    if (!status) status = berm_value_read(member, &item);
    berm_doc_locate(doc, 3, &line, &column);
    bool right = berm_doc_root_count(doc) == 1 && berm_doc_name(doc).len == 4 && item.as.i == 8 &&
                 line == 1 && column == 4;
    return status || right ? status : BERM_E_STATE;
}

static berm_status read_document(berm_doc **doc)
{
    static const berm_str text = STR(INPUT_TEXT);
    const berm_doc_options options = {.size = sizeof options, .name = STR("name")};
    berm_error err = {0};
    berm_status status =
        agreed(berm_doc_parse(shared.engine, text, &options, doc, NULL, &err), &err);
    if (status) return status;
    berm_doc_unref(berm_doc_ref(*doc));
    return ask_document(*doc);
}

static berm_status ask_report(const berm_run *run, const berm_decision *decision)
{
    size_t count = 0, stride = 0;
    berm_summary sum = {.size = sizeof sum};
    berm_report *report = NULL;
    berm_error err = {0};
    berm_status status = agreed(berm_report_new(shared.engine, &report, &err), &err);
    if (!status) status = agreed(berm_report_add(report, run, decision, &err), &err);
    if (!status) {
        berm_report_summary(report, &sum);
        const berm_finding *findings = berm_report_findings(report, &count, &stride);
        if (!findings || count == 0 || sum.verdicts[BERM_VERDICT_WAIVED] != 1 ||
            berm_report_waiver_count(report) != 1)
            status = BERM_E_STATE;
    }
    berm_report_free(report);
    return status;
}

static berm_status judge(const berm_doc *doc)
{
    const berm_input input = {.size = sizeof input, .doc = doc};
    const berm_run run = {.size = sizeof run,
                          .policy = shared.policy,
                          .inputs = &input,
                          .input_count = 1,
                          .now = november,
                          .flags = berm_report_run_flags(BERM_REPORT_JSON)};
    const berm_decision *decision = NULL;
    berm_eval *eval = NULL;
    berm_error err = {0};
    size_t count = 0, stride = 0;
    berm_status status = agreed(berm_eval_new(shared.engine, NULL, &eval, &err), &err);
    if (!status) {
        berm_eval_interrupt(eval); /* stops the run to come and no other */
        status = agreed(berm_eval_run(eval, &run, &decision, &err), &err);
        if (status == BERM_E_INTERRUPTED)
            status = agreed(berm_eval_run(eval, &run, &decision, &err), &err);
        else if (!status) status = BERM_E_STATE;
    }
    if (!status && (!berm_decision_findings(decision, &count, &stride) || count == 0))
        status = BERM_E_STATE;
    if (!status) status = ask_report(&run, decision);
    berm_eval_free(eval);
    return status;
}

static berm_status ask_everything(void)
{
    berm_doc *doc = NULL;
    berm_status status = read_document(&doc);
    if (!status) status = judge(doc);
    berm_doc_unref(doc);
    return status;
}

/* Texts that are constants: nothing to allocate, whatever the state. */
static bool has_words(void)
{
    return berm_version()[0] && berm_status_text(BERM_E_NOMEM)[0] &&
           berm_status_name(BERM_E_NOMEM)[0] && berm_word(BERM_WORDS_SEVERITY, 1)[0] &&
           berm_report_format_name(BERM_REPORT_JSON)[0];
}

int main(void)
{
    /* Spare: the line index of each source and document, without which lines are counted. */
    static const scenario scenarios[] = {
        {"lint", make_shared, lint_set, free_shared, 2, 1},
        {"format", make_shared, format_set, free_shared, 2, 1},
        {"coverage", make_shared, cover_set, free_shared, 1, 1},
        {"a set and its waivers", make_shared, ask_policy, free_shared, 2, 1},
        {"accessors", make_shared, ask_everything, free_shared, 2, 1},
    };
    if (!has_words()) return 1;
    return run_scenarios(scenarios, sizeof scenarios / sizeof scenarios[0]);
}
