/* SARIF 2.1.0, with what GitHub asks for besides. Every verdict has a kind of its own there; GitHub
   knows no kinds and no suppressions and makes an alert of each result, so its profile has what
   fails alone. */
#include "report/formats/formats.h"

#include "base/utf8.h"
#include "policy/words.h"
#if BERM_PART_GOVERNANCE
#include "policy/governance/controls.h"
#endif

#define SARIF_TEXT_MAX 1024u
#define SARIF_TAGS_MAX 20u
#define SARIF_RESULTS_MAX 25000u /* of a run that GitHub takes */

typedef struct sarif {
    berm_out o;
    berm_survey view;
    bool github;
    uint32_t omitted;
} sarif;

/* Empty texts are not allowed, nor longer ones than GitHub takes. */
static void put_message(berm_out *o, const char *name, berm_str text, berm_str instead)
{
    if (!text.len) text = instead;
    if (!text.len) text = BERM_STR("no description");
    berm_out_open(o, name, '{');
    berm_out_str(o, "text", berm_str_cut(text, 0, berm_utf8_offset(text, SARIF_TEXT_MAX)));
    berm_out_close(o, '}');
}

static const char *sarif_level(uint32_t severity, uint32_t enforcement)
{
    if (severity <= BERM_SEVERITY_LOW) return "note";
    if (severity == BERM_SEVERITY_MEDIUM || enforcement == BERM_ENFORCEMENT_ADVISORY)
        return "warning";
    return "error";
}

static const char *security_severity(uint32_t severity)
{
    static const char *const scores[] = {"0.1", "2.0", "5.5", "8.0", "9.5"};
    return scores[severity <= BERM_SEVERITY_CRITICAL ? severity : BERM_SEVERITY_CRITICAL];
}

static void put_rule_tags(berm_out *o, const berm_rule_row *row)
{
    berm_str category = berm_rule_text(row, berm_rule_guardrail(row)->category);
    berm_out_open(o, "tags", '[');
    berm_out_lit(o, NULL, "guardrail");
    berm_out_opt(o, NULL, category);
#if BERM_PART_GOVERNANCE
    const berm_image *image = &row->policy->image;
    uint32_t count = berm_control_count(image, row->guardrail);
    for (uint32_t i = 0; i < count && i < SARIF_TAGS_MAX - 2; i++) {
        berm_control c = berm_control_at(image, row->guardrail, i);
        berm_out_fmt(o, NULL, "%S/%S/%S", c.framework, c.version, c.id);
    }
#endif
    berm_out_close(o, ']');
}

static void put_sarif_rule(sarif *s, const berm_rule_row *row)
{
    berm_out *o = &s->o;
    const berm_img_guardrail *g = berm_rule_guardrail(row);
    const berm_img_rule *rule = berm_rule_validation(row);
    berm_str title = berm_rule_text(row, g->title), help = berm_rule_text(row, g->remediation);
    berm_out_open(o, NULL, '{');
    berm_out_fmt(o, "id", "%S/%S", row->id, row->name);
    put_message(o, "shortDescription", title, row->id);
    put_message(o, "fullDescription", berm_rule_text(row, g->description), title);
    put_message(o, "help", help, title);
    berm_out_opt(o, "helpUri", berm_rule_text(row, g->url));
    berm_out_open(o, "defaultConfiguration", '{');
    berm_out_lit(o, "level", sarif_level(rule->severity, rule->enforcement));
    berm_out_close(o, '}');
    berm_out_open(o, "properties", '{');
    berm_out_lit(o, "precision", "very-high");
    berm_out_lit(o, "security-severity", security_severity(rule->severity));
    berm_out_lit(o, "enforcement", berm_enforcement_word(rule->enforcement));
    put_rule_tags(o, row);
    berm_out_close(o, '}');
    berm_out_close(o, '}');
}

/* What has no guardrail has a rule all the same: they stand behind those of the policies. */
static void put_own_rule(berm_out *o, const char *id, const char *title)
{
    berm_out_open(o, NULL, '{');
    berm_out_lit(o, "id", id);
    put_message(o, "shortDescription", berm_str_of(title), BERM_STR(""));
    put_message(o, "fullDescription", berm_str_of(title), BERM_STR(""));
    put_message(o, "help", BERM_STR("Mend the document, or say how it is to be read."),
                BERM_STR(""));
    berm_out_open(o, "properties", '{');
    berm_out_lit(o, "security-severity", security_severity(BERM_SEVERITY_HIGH));
    berm_out_lit(o, "precision", "very-high");
    berm_out_close(o, '}');
    berm_out_close(o, '}');
}

static void put_tool(sarif *s)
{
    berm_out *o = &s->o;
    berm_out_open(o, "tool", '{');
    berm_out_open(o, "driver", '{');
    berm_out_lit(o, "name", "berm");
    berm_out_fmt(o, "semanticVersion", "%u.%u.%u", (uint32_t)BERM_VERSION_MAJOR,
                 (uint32_t)BERM_VERSION_MINOR, (uint32_t)BERM_VERSION_PATCH);
    berm_out_open(o, "rules", '[');
    for (uint32_t i = 0; i < s->view.rules.count; i++) put_sarif_rule(s, &s->view.rules.items[i]);
    put_own_rule(o, "berm/target", "Resources of every document can be worked out");
    put_own_rule(o, "berm/input", "Every document can be read and judged");
    berm_out_close(o, ']');
    berm_out_close(o, '}');
    berm_out_close(o, '}');
}

static void put_uri_member(berm_out *o, const berm_survey *view, berm_str source)
{
    berm_str path = berm_survey_path(view, source);
    berm_text *uri = berm_out_make(o);
    if (path.ptr[0] == '/') berm_text_put(uri, BERM_STR("file://"));
    berm_put_uri(uri, path);
    berm_out_made(o, "uri");
}

static void put_artifacts(sarif *s)
{
    berm_out *o = &s->o;
    const berm_report *report = s->view.report;
    berm_out_open(o, "artifacts", '[');
    for (uint32_t i = 0; i < report->sources.count; i++) {
        uint32_t source = s->view.sources[i];
        berm_str digest = berm_report_digest(report, source);
        berm_out_open(o, NULL, '{');
        berm_out_open(o, "location", '{');
        put_uri_member(o, &s->view, report->sources.items[source]);
        berm_out_close(o, '}');
        if (digest.len) {
            berm_out_open(o, "hashes", '{');
            berm_out_str(o, "sha-256", digest);
            berm_out_close(o, '}');
        }
        berm_out_close(o, '}');
    }
    berm_out_close(o, ']');
}

static bool is_unread(const berm_entry *e)
{
    return !e->finding.guardrail.len && !e->finding.fingerprint.len;
}

static void put_invocation(sarif *s)
{
    berm_out *o = &s->o;
    const berm_report *report = s->view.report;
    bool unread = false;
    for (uint32_t i = 0; i < report->entries.count; i++)
        unread |= is_unread(&report->entries.items[i]);
    berm_out_open(o, "invocations", '[');
    berm_out_open(o, NULL, '{');
    berm_out_bool(o, "executionSuccessful", !unread);
    berm_out_str(o, "endTimeUtc", s->view.now);
    if (unread) {
        berm_out_open(o, "toolExecutionNotifications", '[');
        for (uint32_t i = 0; i < report->entries.count; i++) {
            const berm_entry *e = &report->entries.items[i];
            if (!is_unread(e)) continue;
            berm_out_open(o, NULL, '{');
            berm_out_lit(o, "level", "error");
            berm_out_open(o, "message", '{');
            berm_out_fmt(o, "text", "%S: %S", e->source, e->finding.message);
            berm_out_close(o, '}');
            berm_out_close(o, '}');
        }
        berm_out_close(o, ']');
    }
    berm_out_close(o, '}');
    berm_out_close(o, ']');
}

/* --- results --- */

static const char *sarif_kind(uint32_t verdict)
{
    static const char *const kinds[] = {
        [BERM_VERDICT_PASS] = "pass",    [BERM_VERDICT_FAIL] = "fail",
        [BERM_VERDICT_UNKNOWN] = "open", [BERM_VERDICT_ERROR] = "fail",
        [BERM_VERDICT_WAIVED] = "fail",  [BERM_VERDICT_SKIPPED] = "notApplicable"};
    return kinds[verdict];
}

static void put_locations(sarif *s, const berm_entry *e)
{
    berm_out *o = &s->o;
    const berm_finding *f = &e->finding;
    berm_out_open(o, "locations", '[');
    berm_out_open(o, NULL, '{');
    berm_out_open(o, "physicalLocation", '{');
    berm_out_open(o, "artifactLocation", '{');
    put_uri_member(o, &s->view, e->source);
    berm_out_close(o, '}');
    berm_out_open(o, "region", '{');
    berm_out_num(o, "startLine", f->line ? f->line : 1);
    berm_out_num(o, "startColumn", f->column ? f->column : 1);
    berm_out_num(o, "endLine", f->end_line ? f->end_line : 1);
    berm_out_num(o, "endColumn", f->end_column ? f->end_column : 1);
    berm_out_close(o, '}');
    berm_out_close(o, '}');
    if (f->address.len) {
        berm_out_open(o, "logicalLocations", '[');
        berm_out_open(o, NULL, '{');
        berm_out_str(o, "fullyQualifiedName", f->address);
        berm_out_lit(o, "kind", "resource");
        berm_out_close(o, '}');
        berm_out_close(o, ']');
    }
    berm_out_close(o, '}');
    berm_out_close(o, ']');
}

static void put_suppression(berm_out *o, const berm_finding *f)
{
    berm_out_open(o, "suppressions", '[');
    if (f->verdict == BERM_VERDICT_WAIVED) {
        berm_out_open(o, NULL, '{');
        berm_out_lit(o, "kind", "external");
        berm_out_lit(o, "status", "accepted");
        berm_put_waiver(berm_out_make(o), f);
        berm_out_made(o, "justification");
        berm_out_close(o, '}');
    }
    berm_out_close(o, ']');
}

static void put_result_properties(sarif *s, const berm_entry *e)
{
    berm_out *o = &s->o;
    const berm_finding *f = &e->finding;
    berm_out_open(o, "properties", '{');
    berm_out_lit(o, "verdict", berm_verdict_word(f->verdict));
    berm_out_lit(o, "severity", berm_severity_word(f->severity));
    berm_out_lit(o, "enforcement", berm_enforcement_word(f->enforcement));
    berm_out_opt(o, "resourceKind", f->kind);
    berm_out_opt(o, "element", f->path);
    berm_out_lit(o, "action", berm_action_word(f->action));
    berm_out_opt(o, "category", e->category);
    berm_out_opt(o, "owner", berm_entry_owner(&s->view, e));
    berm_out_close(o, '}');
}

static void put_sarif_result(sarif *s, uint32_t index)
{
    berm_out *o = &s->o;
    const berm_entry *e = &s->view.report->entries.items[index];
    const berm_finding *f = &e->finding;
    const char *kind = sarif_kind(f->verdict);
    bool fails = strcmp(kind, "fail") == 0;
    uint32_t rule = s->view.rule_of[index], own = s->view.rules.count + is_unread(e);
    berm_out_open(o, NULL, '{');
    berm_put_rule_id(berm_out_make(o), e);
    berm_out_made(o, "ruleId");
    /* a guardrail that failed as a whole has no rule of its own */
    if (rule != BERM_NO_ROW || !f->guardrail.len)
        berm_out_num(o, "ruleIndex", rule != BERM_NO_ROW ? rule : own);
    berm_out_lit(o, "kind", kind);
    berm_out_lit(o, "level", fails ? sarif_level(f->severity, f->enforcement) : "none");
    berm_out_open(o, "message", '{');
    berm_text *made = berm_out_make(o);
    berm_put_subject(made, e);
    berm_text_put(made, BERM_STR(": "));
    berm_put_reason(made, e);
    berm_out_made(o, "text");
    berm_out_close(o, '}');
    put_locations(s, e);
    berm_out_open(o, "partialFingerprints", '{');
    berm_out_str(o, "primaryLocationLineHash", s->view.identities[index]);
    berm_out_str(o, "bermFingerprint/v1", s->view.identities[index]);
    berm_out_close(o, '}');
    if (!s->github) put_suppression(o, f);
    put_result_properties(s, e);
    berm_out_close(o, '}');
}

static void put_results_of(sarif *s)
{
    const berm_report *report = s->view.report;
    uint32_t count = report->entries.count;
    uint32_t *picked = s->github ? berm_survey_pick(&s->view, berm_entry_is_bad, &count) : NULL;
    if (s->github && !picked) s->view.failed = true;
    if (s->github && count > SARIF_RESULTS_MAX) {
        s->omitted = count - SARIF_RESULTS_MAX;
        count = SARIF_RESULTS_MAX;
    }
    berm_out_open(&s->o, "results", '[');
    for (uint32_t i = 0; !s->view.failed && i < count; i++) {
        put_sarif_result(s, picked ? picked[i] : i);
        if (s->o.text->len > report->output_len) break; /* the caller refuses it */
    }
    berm_out_close(&s->o, ']');
}

static void put_run_properties(sarif *s)
{
    berm_out *o = &s->o;
    const berm_report *report = s->view.report;
    berm_out_open(o, "properties", '{');
    berm_out_opt(o, "revision", report->extras.revision);
    berm_out_open(o, "policyDigests", '[');
    for (uint32_t i = 0; i < report->policies.count; i++) {
        berm_text *made = berm_out_make(o);
        berm_text_put(made, BERM_STR("sha256:"));
        berm_put_policy_digest(made, report->policies.items[i]);
        berm_out_made(o, NULL);
    }
    berm_out_close(o, ']');
    berm_out_num(o, "resources", report->summary.resources);
    berm_out_num(o, "unmatchedResources", report->summary.unmatched);
    if (s->omitted) berm_out_num(o, "omittedResults", s->omitted);
    berm_out_close(o, '}');
}

static bool write_sarif(berm_text *out, const berm_report *report, uint32_t flags, bool github)
{
    sarif s = {.github = github};
    berm_out *o = &s.o;
    berm_out_init(o, out, 6);
    if (berm_survey_open(&s.view, report, flags)) {
        berm_out_open(o, NULL, '{');
        berm_out_lit(o, "$schema",
                     "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                     "sarif-schema-2.1.0.json");
        berm_out_lit(o, "version", "2.1.0");
        berm_out_open(o, "runs", '[');
        berm_out_open(o, NULL, '{');
        put_tool(&s);
        berm_out_open(o, "automationDetails", '{');
        berm_out_lit(o, "id", "berm/");
        berm_out_close(o, '}');
        berm_out_lit(o, "columnKind", "unicodeCodePoints");
        put_invocation(&s);
        put_artifacts(&s);
        put_results_of(&s);
        put_run_properties(&s);
        berm_out_close(o, '}');
        berm_out_close(o, ']');
        berm_out_close(o, '}');
        berm_text_putc(out, '\n');
    }
    berm_out_free(o);
    return berm_survey_close(&s.view, out);
}

bool berm_formats_sarif(berm_text *out, const berm_report *report, uint32_t flags)
{
    return write_sarif(out, report, flags, false);
}

bool berm_formats_sarif_github(berm_text *out, const berm_report *report, uint32_t flags)
{
    return write_sarif(out, report, flags, true);
}
