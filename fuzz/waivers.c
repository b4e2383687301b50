/* Waivers, packs and parameter files over fixed guardrails. The input is up to five parts with a NUL
   between them: the moment (RFC 3339 or a date), waivers, packs and frameworks, a parameter file,
   the profile.

   What lifts a finding is in force then, is allowed, and is not over its maxMatches; nothing that is
   hard-mandatory is lifted; a set that was loaded says the same. */
#include "base/parts.h"
#include "data/time.h"
#include "judge.h"

static const char guardrails[] =
    "guardrail: size\n"
    "title: t\n"
    "severity: low\n"
    "match: {kinds: [box, part]}\n"
    "parameters: {most: {type: int, default: 5, minimum: 1}, tiers: {use: tiers}}\n"
    "controls: [{framework: f, version: '1', id: a}]\n"
    "validations:\n"
    "  - {name: small, expression: object.n < params.most}\n"
    "  - {name: hard, enforcement: hard-mandatory, expression: object.n < 7}\n"
    "  - {name: tier, enforcement: advisory, expression: object.n in params.tiers}\n"
    "  - {name: parts, each: 'object.?parts.orValue([])', expression: item.n > 3}\n"
    "waivable: {maxDays: 90, approvers: 1, categories: [mitigated, accepted-risk]}\n"
    "---\n"
    "parameter: tiers\n"
    "type: [int]\n"
    "default: [1, 2]\n"
    "---\n"
    "guardrail: other\n"
    "title: t\n"
    "severity: high\n"
    "match: {kinds: [box]}\n"
    "validations: [{name: v, expression: 'false'}, {name: w, expression: object.n / 0 == 1}]\n"
    "---\n"
    "target: boxes\n"
    "title: Boxes\n"
    "detect: has(input.boxes)\n"
    "resources:\n"
    "  - {path: 'boxes[*]', kind: item.kind, name: item.name, address: \"'box/' + item.name\", "
    "object: item}\n";
static const char boxes[] =
    "{\"boxes\": [{\"kind\": \"box\", \"name\": \"a\", \"n\": 9, \"parts\": [{\"name\": \"x\", "
    "\"n\": 1}, {\"name\": \"y\", \"n\": 2}]}, {\"kind\": \"box\", \"name\": \"b\", \"n\": 6}, "
    "{\"kind\": \"part\", \"name\": \"a[0]\", \"n\": 8}]}";

typedef struct parts {
    berm_str waivers, packs, values, profile;
    berm_time now;
} parts;

static parts take_parts(berm_str rest)
{
    parts p = {.now = FUZZ_NOW};
    berm_str moment = fuzz_take_part(&rest);
    berm_time now;
    if (berm_time_parse(moment, &now) || berm_date_parse(moment, true, &now)) {
        char text[40];
        berm_time again;
        REQUIRE(berm_time_valid(now));
        size_t len = berm_time_print(now, text);
        REQUIRE(berm_time_parse((berm_str){text, len}, &again));
        REQUIRE(again.sec == now.sec && again.nanos == now.nanos);
        p.now = now;
    }
    p.waivers = fuzz_take_part(&rest);
    p.packs = fuzz_take_part(&rest);
    p.values = fuzz_take_part(&rest);
    p.profile = rest;
    return p;
}

static berm_status compile_parts(berm_engine *engine, const parts *p, berm_policy **policy)
{
    berm_source sources[4] = {{.size = sizeof(berm_source),
                               .name = {"guardrails", 10},
                               .text = {guardrails, sizeof guardrails - 1}}};
    const berm_source others[] = {{sizeof(berm_source), {"w", 1}, p->waivers, BERM_ROLE_WAIVERS},
                                  {sizeof(berm_source), {"p", 1}, p->packs, BERM_ROLE_POLICY},
                                  {sizeof(berm_source), {"v", 1}, p->values, BERM_ROLE_PARAMETERS}};
    berm_compile_input input = {.size = sizeof input,
                                .sources = sources,
                                .source_count = 1,
                                .flags = BERM_COMPILE_NO_BUILTINS,
                                .profile = p->profile};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].text.len > 0) sources[input.source_count++] = others[i];
    return fuzz_compile_all(engine, &input, policy);
}

/* --- the properties --- */

static bool is_later(berm_time a, berm_time b)
{
    return a.sec > b.sec || (a.sec == b.sec && a.nanos > b.nanos);
}

static void check_waived(const berm_policy *policy, const parts *p, const berm_waived *w)
{
    berm_waiver waiver = {.size = sizeof waiver};
    REQUIRE(berm_policy_waiver(policy, w->index, p->now, &waiver, NULL) == BERM_OK);
    REQUIRE((w->standing == BERM_WAIVED_COUNTS) == (w->why.len == 0));
    if (w->standing == BERM_WAIVED_NOT) return;
    REQUIRE(!is_later(waiver.begins, p->now) && !is_later(p->now, waiver.ends));
    REQUIRE(waiver.status == BERM_WAIVER_ACTIVE || waiver.status == BERM_WAIVER_EXPIRING);
    REQUIRE(!(waiver.problems & (BERM_WAIVER_SELF_APPROVED | BERM_WAIVER_NAMES_NOTHING)));
}

static void check_findings(const berm_policy *policy, const parts *p, const berm_decision *decision)
{
    const berm_finding *f;
    for (size_t i = 0; (f = fuzz_finding(decision, i)) != NULL; i++) {
        bool lifted = false;
        for (size_t k = 0; k < f->waiver_count; k++) {
            const char *at = (const char *)f->waivers + k * f->waiver_stride;
            const berm_waived *w = (const berm_waived *)(const void *)at;
            check_waived(policy, p, w);
            lifted = lifted || w->standing == BERM_WAIVED_COUNTS;
        }
        REQUIRE(lifted == (f->verdict == BERM_VERDICT_WAIVED));
        REQUIRE(!lifted || f->enforcement != BERM_ENFORCEMENT_HARD_MANDATORY);
        REQUIRE(lifted == (f->waiver.len > 0));
    }
}

/* What the report counts is what lifts. */
static void check_report(berm_engine *engine, const berm_run *run, const berm_decision *decision)
{
    berm_report *report = NULL;
    berm_summary of_run = {.size = sizeof of_run}, of_report = {.size = sizeof of_report};
    if (berm_report_new(engine, &report, NULL) != BERM_OK) return;
    if (berm_report_add(report, run, decision, NULL) == BERM_OK) {
        berm_decision_summary(decision, &of_run);
        berm_report_summary(report, &of_report);
        REQUIRE(memcmp(of_run.verdicts, of_report.verdicts, sizeof of_run.verdicts) == 0);
        REQUIRE(berm_report_waiver_count(report) == berm_policy_waiver_count(run->policy));
        for (size_t i = 0; i < berm_report_waiver_count(report); i++) {
            berm_waiver w = {.size = sizeof w};
            if (berm_report_waiver(report, i, &w, NULL) != BERM_OK) continue;
            REQUIRE(w.status <= BERM_WAIVER_OVER_BROAD && !is_later(w.begins, w.ends));
            if (w.status == BERM_WAIVER_OVER_BROAD)
                REQUIRE(w.max_matches > 0 && w.matches > w.max_matches);
            if (w.status == BERM_WAIVER_UNUSED) REQUIRE(w.matches == 0);
        }
    }
    berm_report_free(report);
}

static fuzz_outcome judge_boxes(berm_engine *engine, const berm_policy *policy, const parts *p,
                                berm_doc *doc)
{
    fuzz_outcome out = {0};
    const berm_input input = {.size = sizeof input, .doc = doc};
    const berm_run run = {.size = sizeof run,
                          .policy = policy,
                          .inputs = &input,
                          .input_count = 1,
                          .now = p->now};
    const berm_decision *decision = NULL;
    berm_eval *eval = NULL;
    out.status = berm_eval_new(engine, NULL, &eval, NULL);
    if (out.status == BERM_OK) out.status = berm_eval_run(eval, &run, &decision, NULL);
    REQUIRE(out.status != BERM_E_ARGUMENT && out.status != BERM_E_INTERNAL);
    if (decision) {
        fuzz_tell_decision(&out, decision);
        check_findings(policy, p, decision);
        check_report(engine, &run, decision);
        fuzz_report(engine, &run, decision);
    }
    berm_eval_free(eval);
    return out;
}

static void tell_effective(const berm_policy *policy, fuzz_text *out)
{
    const berm_sink sink = {fuzz_keep, out};
    if (!BERM_PART_GOVERNANCE) return;
    for (uint32_t format = BERM_REPORT_TEXT; format <= BERM_REPORT_JSON; format++)
        REQUIRE(berm_policy_effective(policy, format, &sink, NULL) == BERM_OK);
}

static fuzz_outcome judge_plainly(berm_engine *engine, const berm_policy *policy, const parts *p)
{
    fuzz_text one = {0}, two = {0};
    berm_policy *loaded = fuzz_reload(engine, policy);
    berm_doc *doc = fuzz_parse(engine, (berm_str){boxes, sizeof boxes - 1}, BERM_FORMAT_IS_JSON);
    REQUIRE(loaded && doc);
    fuzz_outcome wanted = judge_boxes(engine, policy, p, doc);
    fuzz_outcome again = judge_boxes(engine, loaded, p, doc);
    REQUIRE(again.status == wanted.status && fuzz_same_text(&again.text, &wanted.text));
    tell_effective(policy, &one);
    tell_effective(loaded, &two);
    REQUIRE(fuzz_same_text(&one, &two));
    free(one.ptr);
    free(two.ptr);
    free(again.text.ptr);
    berm_doc_unref(doc);
    berm_policy_unref(loaded);
    return wanted;
}

static void judge_hostile(const fuzz_settings *settings, const parts *p, const fuzz_outcome *wanted)
{
    fuzz_memory memory;
    berm_policy *policy = NULL;
    berm_engine *engine = fuzz_engine_with(settings, &memory);
    if (!engine) return;
    berm_doc *doc = fuzz_parse(engine, (berm_str){boxes, sizeof boxes - 1}, BERM_FORMAT_IS_JSON);
    berm_status status = compile_parts(engine, p, &policy);
    REQUIRE(status == BERM_OK || !wanted || memory.failed || settings->tiny);
    REQUIRE(!policy || wanted || settings->tiny);
    if (policy && doc) {
        fuzz_outcome out = judge_boxes(engine, policy, p, doc);
        if (!settings->tiny && out.status == BERM_OK) {
            REQUIRE(wanted->status == BERM_OK && fuzz_same_text(&out.text, &wanted->text));
        }
        free(out.text.ptr);
    }
    berm_doc_unref(doc);
    berm_policy_unref(policy);
    fuzz_engine_end(engine, &memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool compiles; /* what is fixed, alone: else nothing would be tried */
    fuzz_settings settings = fuzz_take_settings(&data, &size);
    const parts p = take_parts((berm_str){(const char *)data, size});
    fuzz_outcome wanted = {0};
    berm_policy *policy = NULL;
    berm_engine *engine = fuzz_engine();
    REQUIRE(engine);
    if (!compiles)
        berm_policy_unref(fuzz_compile_own(engine, (berm_str){guardrails, sizeof guardrails - 1}));
    compiles = true;
    compile_parts(engine, &p, &policy);
    if (policy) wanted = judge_plainly(engine, policy, &p);
    if (settings.tiny || settings.fail_at > 0)
        judge_hostile(&settings, &p, policy ? &wanted : NULL);
    free(wanted.text.ptr);
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    return 0;
}
