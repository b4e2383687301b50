/* Reports as Kubernetes keeps them: wgpolicyk8s.io, and openreports.io that follows it. JSON is
   YAML, so kubectl takes it. Both know five results; what Berm says is in the properties. */
#include "report/formats/formats.h"

#include "policy/words.h"

enum { K8S_PASS, K8S_FAIL, K8S_WARN, K8S_ERROR, K8S_SKIP, K8S_RESULT_COUNT };

static const char *const k8s_results[] = {"pass", "fail", "warn", "error", "skip"};

/* What is not known may fail: a warning. */
static int k8s_result(const berm_finding *f)
{
    switch (f->verdict) {
    case BERM_VERDICT_PASS: return K8S_PASS;
    case BERM_VERDICT_FAIL:
        return f->enforcement == BERM_ENFORCEMENT_ADVISORY ? K8S_WARN : K8S_FAIL;
    case BERM_VERDICT_UNKNOWN: return K8S_WARN;
    case BERM_VERDICT_ERROR: return K8S_ERROR;
    default: return K8S_SKIP;
    }
}

static void put_k8s_properties(berm_out *o, berm_survey *view, uint32_t index)
{
    const berm_entry *e = &view->report->entries.items[index];
    const berm_finding *f = &e->finding;
    berm_out_open(o, "properties", '{');
    berm_out_lit(o, "verdict", berm_verdict_word(f->verdict));
    berm_out_lit(o, "enforcement", berm_enforcement_word(f->enforcement));
    berm_out_str(o, "fingerprint", view->identities[index]);
    berm_out_str(o, "file", berm_survey_path(view, e->source));
    if (f->line) berm_out_fmt(o, "line", "%u", f->line);
    berm_out_opt(o, "element", f->path);
    berm_out_opt(o, "owner", berm_entry_owner(view, e));
    berm_out_opt(o, "exception", f->waiver);
    berm_out_opt(o, "remediation", e->remediation);
    berm_out_close(o, '}');
}

static void put_k8s_result(berm_out *o, berm_survey *view, uint32_t index)
{
    const berm_entry *e = &view->report->entries.items[index];
    const berm_finding *f = &e->finding;
    berm_out_open(o, NULL, '{');
    berm_out_lit(o, "source", "berm");
    if (f->guardrail.len) berm_out_str(o, "policy", f->guardrail);
    else {
        berm_put_rule_id(berm_out_make(o), e);
        berm_out_made(o, "policy");
    }
    berm_out_opt(o, "rule", f->validation);
    berm_out_opt(o, "category", e->category);
    berm_out_lit(o, "severity", berm_severity_word(f->severity));
    berm_out_lit(o, "result", k8s_results[k8s_result(f)]);
    berm_out_bool(o, "scored", f->enforcement != BERM_ENFORCEMENT_ADVISORY);
    berm_out_opt(o, "message", f->message.len ? f->message : e->title);
    berm_out_open(o, "timestamp", '{');
    berm_text_format(berm_out_make(o), "%l", view->report->extras.now.sec);
    berm_out_raw(o, "seconds", berm_text_view(&o->scratch));
    berm_out_num(o, "nanos", (uint64_t)view->report->extras.now.nanos);
    berm_out_close(o, '}');
    if (f->address.len) {
        berm_out_open(o, "resources", '[');
        berm_out_open(o, NULL, '{');
        berm_out_opt(o, "kind", f->kind);
        berm_out_str(o, "name", f->address);
        berm_out_close(o, '}');
        berm_out_close(o, ']');
    }
    put_k8s_properties(o, view, index);
    berm_out_close(o, '}');
}

static void put_k8s_summary(berm_out *o, const berm_report *report)
{
    uint64_t counts[K8S_RESULT_COUNT] = {0};
    for (uint32_t i = 0; i < report->entries.count; i++)
        counts[k8s_result(&report->entries.items[i].finding)]++;
    berm_out_open(o, "summary", '{');
    for (size_t i = 0; i < K8S_RESULT_COUNT; i++) berm_out_num(o, k8s_results[i], counts[i]);
    berm_out_close(o, '}');
}

static bool write_k8s_report(berm_text *out, const berm_report *report, uint32_t flags,
                             const char *version, const char *kind)
{
    berm_survey view;
    berm_out o;
    bool made = berm_survey_open(&view, report, flags);
    berm_out_init(&o, out, 2);
    berm_out_open(&o, NULL, '{');
    berm_out_lit(&o, "apiVersion", version);
    berm_out_lit(&o, "kind", kind);
    berm_out_open(&o, "metadata", '{');
    berm_out_lit(&o, "name", "berm");
    berm_out_open(&o, "annotations", '{');
    berm_out_fmt(&o, "berm.dev/engine", "%u.%u.%u", (uint32_t)BERM_VERSION_MAJOR,
                 (uint32_t)BERM_VERSION_MINOR, (uint32_t)BERM_VERSION_PATCH);
    berm_out_str(&o, "berm.dev/time", view.now);
    for (uint32_t i = 0; made && i < report->policies.count && i < 1; i++) {
        berm_put_policy_digest(berm_out_make(&o), report->policies.items[i]);
        berm_out_made(&o, "berm.dev/policy-sha256");
    }
    berm_out_close(&o, '}');
    berm_out_close(&o, '}');
    berm_out_lit(&o, "source", "berm");
    put_k8s_summary(&o, report);
    berm_out_open(&o, "results", '[');
    for (uint32_t i = 0; made && i < report->entries.count; i++) {
        put_k8s_result(&o, &view, i);
        if (out->len > report->output_len) break; /* the caller refuses it */
    }
    berm_out_close(&o, ']');
    berm_out_close(&o, '}');
    berm_out_free(&o);
    berm_text_putc(out, '\n');
    return berm_survey_close(&view, out);
}

bool berm_formats_policyreport(berm_text *out, const berm_report *report, uint32_t flags)
{
    return write_k8s_report(out, report, flags, "wgpolicyk8s.io/v1alpha2", "ClusterPolicyReport");
}

bool berm_formats_openreports(berm_text *out, const berm_report *report, uint32_t flags)
{
    return write_k8s_report(out, report, flags, "openreports.io/v1alpha1", "ClusterReport");
}
