#include "run.h"

#include <stdio.h>
#include <string.h>

typedef struct policy_case {
    runner *r;
    berm_value spec;
    const berm_policy *policy;
    const char *form; /* "" or " (saved and loaded)" */
    bool loaded;
} policy_case;

/* --- inputs --- */

#define INPUTS_MAX 8

typedef struct inputs {
    berm_input items[INPUTS_MAX];
    berm_doc *docs[INPUTS_MAX], *before[INPUTS_MAX];
    size_t count;
} inputs;

static uint32_t read_format(berm_str word)
{
    if (str_equal(word, str_of("json"))) return BERM_FORMAT_IS_JSON;
    if (str_equal(word, str_of("yaml"))) return BERM_FORMAT_IS_YAML;
    if (str_equal(word, str_of("ndjson"))) return BERM_FORMAT_IS_NDJSON;
    return BERM_FORMAT_ANY;
}

static void free_inputs(inputs *in)
{
    for (size_t i = 0; i < in->count; i++) {
        berm_doc_unref(in->docs[i]);
        berm_doc_unref(in->before[i]);
    }
    in->count = 0;
}

static berm_status add_input(runner *r, inputs *in, berm_value spec, berm_error *err)
{
    static const char *const keys[] = {"name",        "text",   "format", "target",
                                       "diagnostics", "before", NULL};
    berm_diags *diags;
    check_keys(r, spec, keys);
    berm_str name = text_member(spec, "name"), text = text_member(spec, "text");
    if (!text.ptr || in->count == INPUTS_MAX) {
        report_fault(r, "an input has no `text`, or there are too many inputs");
        return BERM_OK;
    }
    berm_doc_options how = {.size = sizeof how, .name = name.ptr ? name : str_of("input")};
    how.format = read_format(text_member(spec, "format"));
    berm_status status = berm_doc_parse(r->engine, text, &how, &in->docs[in->count], &diags, err);
    expect_diagnostics(r, member(spec, "diagnostics"), diags);
    berm_diags_free(diags);
    if (status) return status;
    berm_input item = {.size = sizeof item,
                       .role = BERM_INPUT_DOCUMENT,
                       .doc = in->docs[in->count],
                       .text = text,
                       .name = how.name,
                       .format = how.format};
    item.target = text_member(spec, "target");
    if (!item.target.ptr) item.target = str_of("");
    berm_str before = text_member(spec, "before");
    how.name = str_of("before");
    if (before.ptr)
        status = berm_doc_parse(r->engine, before, &how, &in->before[in->count], NULL, err);
    item.before = in->before[in->count];
    in->items[in->count++] = item;
    return status;
}

/* `input` is the text of the one document; `inputs` are several, or one with more to say about
   it. */
static berm_status read_inputs(runner *r, inputs *in, berm_value run, berm_error *err)
{
    berm_value list = member(run, "inputs");
    berm_str text = text_member(run, "input");
    *in = (inputs){0};
    if (is_given(list) == (text.ptr != NULL))
        report_fault(r, "a run has either `input` or `inputs`");
    if (text.ptr) {
        berm_doc_options how = {.size = sizeof how, .name = str_of("input")};
        berm_status status = berm_doc_parse(r->engine, text, &how, &in->docs[0], NULL, err);
        if (status) return status;
        in->items[0] = (berm_input){.size = sizeof(berm_input),
                                    .role = BERM_INPUT_DOCUMENT,
                                    .doc = in->docs[0],
                                    .text = text,
                                    .name = how.name};
        in->count = 1;
    }
    for (uint64_t i = 0; i < count_of(list); i++) {
        berm_status status = add_input(r, in, element(list, i), err);
        if (status) return status;
    }
    return BERM_OK;
}

/* --- findings --- */

static const char *verdict_word(uint32_t verdict)
{
    static const char *const words[] = {"pass", "fail", "unknown", "error", "skipped", "waived"};
    return verdict < BERM_VERDICT_COUNT ? words[verdict] : "?";
}

static const char *severity_word(uint32_t severity)
{
    static const char *const words[] = {"info", "low", "medium", "high", "critical"};
    return severity <= BERM_SEVERITY_CRITICAL ? words[severity] : "?";
}

static const char *enforcement_word(uint32_t enforcement)
{
    static const char *const words[] = {"advisory", "soft-mandatory", "hard-mandatory"};
    return enforcement <= BERM_ENFORCEMENT_HARD_MANDATORY ? words[enforcement] : "?";
}

static const char *action_word(uint32_t action)
{
    static const char *const words[] = {"none",   "create", "update", "replace", "delete",
                                        "forget", "read",   "no-op",  "drift"};
    return action < BERM_ACTION_COUNT ? words[action] : "?";
}

static void expect_member(runner *r, const char *where, berm_value wanted, const char *key,
                          berm_str got)
{
    char what[640];
    if (!is_given(member(wanted, key))) return;
    snprintf(what, sizeof what, "%s: %s", where, key);
    expect_text(r, what, text_member(wanted, key), got);
}

static void expect_flag(runner *r, const char *where, berm_value wanted, const char *key, bool got)
{
    char what[640];
    if (!is_given(member(wanted, key)) || bool_member(wanted, key, false) == got) return;
    snprintf(what, sizeof what, "%s: %s", where, key);
    report_fault(r, "%s: expected %s, got %s", what, got ? "false" : "true",
                 got ? "true" : "false");
}

static void expect_place(runner *r, const char *where, berm_value wanted, const berm_finding *f)
{
    char text[64];
    snprintf(text, sizeof text, "%u:%u", f->line, f->column);
    expect_member(r, where, wanted, "at", str_of(f->line ? text : "none"));
    snprintf(text, sizeof text, "%u:%u", f->end_line, f->end_column);
    expect_member(r, where, wanted, "to", str_of(f->line ? text : "none"));
}

/* As the text report says it. */
static void expect_witness(runner *r, const char *where, berm_value wanted, const berm_witness *w)
{
    char text[2048] = "none", place[64] = "none";
    if (w) {
        int len = snprintf(text, sizeof text, "%.*s is %.*s", (int)w->expression.len,
                           w->expression.ptr, (int)w->value.len, w->value.ptr);
        snprintf(place, sizeof place, "%u:%u", w->line, w->column);
        for (size_t i = 0; i < w->operand_count && len > 0 && (size_t)len < sizeof text; i++) {
            const berm_operand *o = (const berm_operand *)(const void *)((const char *)w->operands +
                                                                         i * w->operand_stride);
            len += snprintf(text + len, sizeof text - (size_t)len, "%s%.*s = %.*s",
                            i ? ", " : ", where ", (int)o->expression.len, o->expression.ptr,
                            (int)o->value.len, o->value.ptr);
        }
    }
    expect_member(r, where, wanted, "witness", str_of(text));
    expect_member(r, where, wanted, "decided", str_of(place));
}

static void expect_finding(runner *r, const char *where, berm_value wanted, const berm_finding *f,
                           const inputs *in)
{
    static const char *const keys[] = {
        "verdict", "guardrail", "validation", "severity", "enforcement", "kind",
        "address", "element",   "message",    "says",     "action",      "at",
        "to",      "input",     "sensitive",  "witness",  "decided",     "explanation",
        "waiver",  "expires",   "waivers",    "reason",   NULL};
    check_keys(r, wanted, keys);
    if (!is_given(member(wanted, "verdict")))
        report_fault(r, "%s: a finding has a `verdict`", where);
    expect_member(r, where, wanted, "verdict", str_of(verdict_word(f->verdict)));
    expect_member(r, where, wanted, "guardrail", f->guardrail);
    expect_member(r, where, wanted, "validation", f->validation);
    expect_member(r, where, wanted, "severity", str_of(severity_word(f->severity)));
    expect_member(r, where, wanted, "enforcement", str_of(enforcement_word(f->enforcement)));
    expect_member(r, where, wanted, "kind", f->kind);
    expect_member(r, where, wanted, "address", f->address);
    expect_member(r, where, wanted, "element", f->path);
    expect_member(r, where, wanted, "message", f->message);
    if (is_given(member(wanted, "says")))
        expect_words(r, where, text_member(wanted, "says"), f->message);
    expect_member(r, where, wanted, "action", str_of(action_word(f->action)));
    expect_place(r, where, wanted, f);
    expect_flag(r, where, wanted, "sensitive", (f->flags & BERM_FINDING_SENSITIVE) != 0);
    expect_witness(r, where, wanted, f->witness);
    expect_member(r, where, wanted, "explanation", f->explanation);
    expect_member(r, where, wanted, "reason", f->reason);
    expect_member(r, where, wanted, "waiver", f->waiver);
    expect_member(r, where, wanted, "expires", f->waiver_expires);
    expect_waived(r, where, member(wanted, "waivers"), f);
    if (f->source < in->count)
        expect_member(r, where, wanted, "input", berm_doc_name(in->docs[f->source]));
}

static void describe_finding(const char *name, const char *form, size_t number,
                             const berm_finding *f, char *text, size_t cap)
{
    snprintf(text, cap, "%s%s: finding %zu (%s %.*s/%.*s %.*s)", name, form, number,
             verdict_word(f->verdict), (int)f->guardrail.len, f->guardrail.ptr,
             (int)f->validation.len, f->validation.ptr, (int)f->address.len, f->address.ptr);
}

typedef struct found {
    const berm_finding *first;
    size_t count, stride;
} found;

static void expect_findings(const policy_case *c, const char *name, berm_value wanted,
                            const found *got, const inputs *in)
{
    char where[512];
    size_t count = got->count, stride = got->stride, expected = (size_t)count_of(wanted);
    const char *at = (const char *)got->first;
    for (size_t i = 0; i < count; i++) {
        const berm_finding *f = (const berm_finding *)(const void *)(at + i * stride);
        describe_finding(name, c->form, i + 1, f, where, sizeof where);
        if (i < expected) expect_finding(c->r, where, element(wanted, i), f, in);
        else
            report_fault(c->r, "%s is unexpected: %.*s", where, (int)f->message.len,
                         f->message.ptr);
    }
    for (size_t i = count; i < expected; i++)
        report_fault(c->r, "%s%s: finding %zu is missing", name, c->form, i + 1);
}

static void expect_number(runner *r, const char *what, berm_value wanted, uint64_t got)
{
    berm_item item = {.size = sizeof item};
    if (!is_given(wanted)) return;
    if (berm_value_read(wanted, &item) || item.type != BERM_TYPE_OF_INT)
        report_fault(r, "%s: a number is expected", what);
    else expect_count(r, what, (uint64_t)item.as.i, got);
}

/* `verdicts` says all of them: a word that is left out stands for none. */
static void expect_verdicts(runner *r, berm_value wanted, const berm_summary *summary)
{
    static const char *const words[] = {"pass",    "fail",   "unknown", "error",
                                        "skipped", "waived", NULL};
    if (!is_given(wanted)) return;
    check_keys(r, wanted, words);
    for (uint32_t v = 0; v < BERM_VERDICT_COUNT; v++) {
        berm_value number = member(wanted, words[v]);
        if (is_given(number)) expect_number(r, words[v], number, summary->verdicts[v]);
        else expect_count(r, words[v], 0, summary->verdicts[v]);
    }
}

static void expect_summary(const policy_case *c, berm_value run, const berm_summary *got)
{
    berm_summary summary = *got;
    if (is_given(member(run, "denied")))
        expect_text(c->r, "denied", str_of(bool_member(run, "denied", false) ? "true" : "false"),
                    str_of(summary.denied ? "true" : "false"));
    expect_number(c->r, "resources", member(run, "resources"), summary.resources);
    expect_number(c->r, "unmatched", member(run, "unmatched"), summary.unmatched);
    expect_verdicts(c->r, member(run, "verdicts"), &summary);
}

/* --- runs --- */

static void expect_failure(runner *r, berm_value wanted, berm_status status, const berm_error *err)
{
    static const char *const keys[] = {"status", "code", "at", "says", NULL};
    char text[64];
    check_keys(r, wanted, keys);
    expect_text(r, "status", text_member(wanted, "status"), str_of(berm_status_name(status)));
    snprintf(text, sizeof text, "B%04u", err->code);
    if (is_given(member(wanted, "code")))
        expect_text(r, "code", text_member(wanted, "code"), str_of(text));
    snprintf(text, sizeof text, "%u:%u", err->line, err->column);
    if (is_given(member(wanted, "at")))
        expect_text(r, "place", text_member(wanted, "at"), str_of(text));
    if (is_given(member(wanted, "says")))
        expect_words(r, "error", text_member(wanted, "says"), str_of(err->message));
}

/* Everything that was added to the report: findings by place, totals, waivers. */
static void expect_report(const policy_case *c, const char *name, berm_value run,
                          const berm_report *report, const inputs *in)
{
    found got = {0};
    berm_summary summary = {.size = sizeof summary};
    got.first = berm_report_findings(report, &got.count, &got.stride);
    berm_report_summary(report, &summary);
    expect_findings(c, name, member(run, "findings"), &got, in);
    expect_summary(c, run, &summary);
    expect_waivers(c->r, member(run, "waivers"), report);
}

/* `apart`: each input in a run of its own, all added to one report, in this order and in the other:
   that must not show. */
static void run_apart(const policy_case *c, const char *name, berm_value run, const berm_run *how,
                      bool backwards)
{
    berm_report *report = NULL;
    berm_error err = {0};
    inputs in;
    berm_status status = read_inputs(c->r, &in, run, &err);
    if (!status) status = berm_report_new(c->r->engine, &report, &err);
    for (size_t i = 0; i < in.count && !status; i++) {
        const berm_decision *decision;
        berm_run one = *how;
        one.inputs = &in.items[backwards ? in.count - 1 - i : i];
        one.input_count = 1;
        status = berm_eval_run(c->r->eval, &one, &decision, &err);
        if (!status) status = berm_report_add(report, &one, decision, &err);
    }
    if (status) report_fault(c->r, "%s: %s: %s", name, berm_status_name(status), err.message);
    else expect_report(c, name, run, report, &in);
    berm_report_free(report);
    free_inputs(&in);
}

/* A run's decision, and what a report makes of it. */
static void expect_decision(const policy_case *c, const char *name, berm_value run,
                            const berm_run *how, const berm_decision *decision, const inputs *in)
{
    found got = {0};
    berm_summary summary = {.size = sizeof summary};
    berm_report *report;
    berm_error err = {0};
    got.first = berm_decision_findings(decision, &got.count, &got.stride);
    berm_decision_summary(decision, &summary);
    expect_findings(c, name, member(run, "findings"), &got, in);
    expect_summary(c, run, &summary);
    if (!is_given(member(run, "waivers"))) return;
    berm_status status = berm_report_new(c->r->engine, &report, &err);
    if (!status) status = berm_report_add(report, how, decision, &err);
    if (status) report_fault(c->r, "%s: %s: %s", name, berm_status_name(status), err.message);
    else expect_waivers(c->r, member(run, "waivers"), report);
    berm_report_free(report);
}

/* as_text: the run itself reads the texts of its inputs, and what it says must be the same. */
static void run_once(const policy_case *c, berm_value run, bool as_text)
{
    static const char *const keys[] = {
        "name",     "input", "inputs",    "now",       "passes",  "explain", "denied", "findings",
        "verdicts", "fails", "resources", "unmatched", "waivers", "apart",   "drift",  NULL};
    runner *r = c->r;
    buffer name = {0};
    inputs in;
    berm_error err = {0};
    const berm_decision *decision = NULL;
    berm_value fails = member(run, "fails");
    check_keys(r, run, keys);
    put_text(&name, text_member(run, "name").ptr, text_member(run, "name").len);
    berm_status status = read_inputs(r, &in, run, &err);
    berm_run what = {.size = sizeof what,
                     .policy = c->policy,
                     .inputs = in.items,
                     .input_count = in.count};
    what.now = read_now(r, run);
    what.flags = bool_member(run, "passes", false) ? BERM_RUN_PASSES : 0;
    if (r->plain) what.flags |= BERM_RUN_PLAIN;
    if (bool_member(run, "explain", false)) what.flags |= BERM_RUN_EXPLAIN;
    if (bool_member(run, "drift", false)) what.flags |= BERM_RUN_DRIFT;
    if (bool_member(run, "apart", false)) {
        for (int backwards = 0; backwards < 2; backwards++)
            run_apart(c, view(&name).ptr, run, &what, backwards);
        free_inputs(&in);
        free_buffer(&name);
        return;
    }
    if (as_text && status) { /* it was judged when there was no document */
        free_inputs(&in);
        free_buffer(&name);
        return;
    }
    for (size_t i = 0; as_text && i < in.count; i++) in.items[i].doc = NULL;
    if (!status && r->sweep && !c->loaded) sweep_run(r, &what);
    if (!status) status = berm_eval_run(r->eval, &what, &decision, &err);
    if (is_given(fails)) {
        expect_failure(r, fails, status, &err);
    } else if (status) {
        report_fault(r, "%s%s: %s: %s", view(&name).ptr, c->form, berm_status_name(status),
                     err.message);
    } else {
        expect_decision(c, view(&name).ptr, run, &what, decision, &in);
    }
    free_inputs(&in);
    free_buffer(&name);
}

/* --- the policies' own tests --- */

typedef struct test_list {
    runner *r;
    berm_value wanted;
    uint64_t at;
} test_list;

static int expect_test(void *ctx, const berm_test_result *result)
{
    static const char *const keys[] = {"name", "passed", "says", NULL};
    test_list *list = ctx;
    runner *r = list->r;
    if (list->at >= count_of(list->wanted)) {
        report_fault(r, "test '%.*s': not expected; %.*s", (int)result->name.len, result->name.ptr,
                     (int)result->message.len, result->message.ptr);
        return 0;
    }
    berm_value wanted = element(list->wanted, list->at++);
    check_keys(r, wanted, keys);
    expect_text(r, "test", text_member(wanted, "name"), result->name);
    expect_text(r, "passed", str_of(bool_member(wanted, "passed", true) ? "true" : "false"),
                str_of(result->passed ? "true" : "false"));
    expect_words(r, "result",
                 is_given(member(wanted, "says")) ? text_member(wanted, "says") : str_of(""),
                 result->message);
    return 0;
}

static void run_tests(const policy_case *c)
{
    test_list list = {c->r, member(c->spec, "tests"), 0};
    berm_error err = {0};
    if (!is_given(list.wanted)) return;
    berm_status status = berm_policy_test(c->policy, expect_test, &list, &err);
    if (status)
        report_fault(c->r, "tests%s: %s: %s", c->form, berm_status_name(status), err.message);
    for (; list.at < count_of(list.wanted); list.at++)
        report_fault(c->r, "a test is missing%s", c->form);
}

static void run_all(runner *r, berm_value spec, const berm_policy *policy, const char *form)
{
    policy_case c = {r, spec, policy, form, *form != '\0'};
    berm_value runs = member(spec, "runs");
    for (uint64_t i = 0; i < count_of(runs); i++) {
        c.form = form;
        run_once(&c, element(runs, i), false);
        c.form = *form ? " (saved and loaded, read by the run)" : " (read by the run)";
        run_once(&c, element(runs, i), true);
    }
    c.form = form;
    run_tests(&c);
}

/* Everything again with the image that was saved and loaded: it is the same program. */
static void run_loaded(runner *r, berm_value spec, const berm_policy *policy)
{
    buffer image = {0};
    berm_sink sink = {write_buffer, &image};
    berm_policy *loaded = NULL;
    berm_error err = {0};
    berm_status status = berm_policy_save(policy, &sink, &err);
    if (!status) status = berm_policy_load(r->engine, view(&image), &loaded, &err);
    if (status)
        report_fault(r, "saving and loading: %s: %s", berm_status_name(status), err.message);
    else run_all(r, spec, loaded, " (saved and loaded)");
    berm_policy_unref(loaded);
    free_buffer(&image);
}

/* --- sources --- */

#define SOURCES_MAX 8

static size_t read_sources(runner *r, berm_value spec, berm_source *sources)
{
    berm_value named = member(spec, "sources");
    berm_str one = text_member(spec, "source");
    size_t count = 0;
    if (is_given(named) == (one.ptr != NULL))
        report_fault(r, "a case has either `source` or `sources`");
    if (one.ptr)
        sources[count++] =
            (berm_source){sizeof *sources, str_of("policy.yaml"), one, BERM_ROLE_POLICY};
    for (uint64_t i = 0; i < count_of(named) && count < SOURCES_MAX; i++) {
        berm_value name, text;
        if (berm_value_at(named, i, &name, &text)) continue;
        sources[count++] =
            (berm_source){sizeof *sources, text_of(name), text_of(text), BERM_ROLE_POLICY};
    }
    const struct {
        const char *key, *name;
        uint32_t role;
    } files[] = {{"parameters", "parameters.yaml", BERM_ROLE_PARAMETERS},
                 {"waivers", "waivers.yaml", BERM_ROLE_WAIVERS}};
    for (size_t i = 0; i < sizeof files / sizeof *files && count < SOURCES_MAX; i++) {
        berm_str text = text_member(spec, files[i].key);
        if (text.ptr)
            sources[count++] =
                (berm_source){sizeof *sources, str_of(files[i].name), text, files[i].role};
    }
    return count;
}

static void check_policy_case(runner *r, berm_value spec)
{
    static const char *const keys[] = {"policy",     "description", "source", "sources", "builtins",
                                       "allowEmpty", "diagnostics", "runs",   "tests",   "profile",
                                       "parameters", "waivers",     NULL};
    bool judged = is_given(member(spec, "runs")) || is_given(member(spec, "tests"));
    check_keys(r, spec, keys);
    if (judged == expects_errors(member(spec, "diagnostics")))
        report_fault(r, "a case has `runs` or `tests`, unless its policies do not compile");
}

void run_policy_case(runner *r, berm_value spec)
{
    berm_source sources[SOURCES_MAX];
    berm_policy *policy = NULL;
    berm_diags *diags = NULL;
    berm_error err = {0};
    begin_case(r, text_member(spec, "policy"));
    check_policy_case(r, spec);
    berm_compile_input input = {.size = sizeof input,
                                .sources = sources,
                                .source_count = read_sources(r, spec, sources)};
    if (text_member(spec, "profile").ptr) input.profile = text_member(spec, "profile");
    if (!bool_member(spec, "builtins", true)) input.flags |= BERM_COMPILE_NO_BUILTINS;
    if (bool_member(spec, "allowEmpty", false)) input.flags |= BERM_COMPILE_ALLOW_EMPTY;
    if (r->mangle) mangle_sources(r, &input, sources);
    berm_status status = berm_policy_compile(r->engine, &input, &policy, &diags, &err);
    expect_diagnostics(r, member(spec, "diagnostics"), diags);
    bool wanted = expects_errors(member(spec, "diagnostics"));
    if (status && !(wanted && status == BERM_E_POLICY))
        report_fault(r, "%s: %s", berm_status_name(status), err.message);
    if (!status) run_all(r, spec, policy, "");
    if (!status) run_loaded(r, spec, policy);
    end_case(r);
    berm_diags_free(diags);
    berm_policy_unref(policy);
}
