/* OSCAL assessment results: an observation a verdict, a finding a control, a risk a waiver. UUIDs
   come from fingerprints, so that two reports of one state of affairs are the same. */
#include "report/formats/formats.h"

#include "policy/words.h"
#if BERM_PART_GOVERNANCE
#include "policy/governance/controls.h"
#endif

#define OSCAL_NAMESPACE "https://berm.dev/ns/oscal"

typedef struct oscal {
    berm_out o;
    berm_survey view;
    berm_rollup rollup;
    bool *of_control; /* by rule: is it about the control in hand? */
} oscal;

/* A UUID for one of the things that go with `name`. */
static void put_uuid_member(berm_out *o, const char *member, const char *sort, berm_str name)
{
    berm_text key;
    berm_text_init(&key, o->text->alloc);
    berm_text_format(&key, "%s:%S", sort, name);
    berm_put_uuid(berm_out_make(o), berm_text_view(&key));
    berm_out_made(o, member);
    o->text->failed |= key.failed;
    berm_text_free(&key);
}

/* AC-6(1) is ac-6.1, as OSCAL's own catalogue of SP 800-53 has it; ids of others, which may be mere
   numbers, follow their framework's name. What a token has no place for becomes a dash. */
static void put_control_id(berm_text *out, const berm_control_row *row)
{
    if (!berm_str_is(row->framework, "nist-800-53")) berm_text_format(out, "%S_", row->framework);
    for (size_t i = 0; i < row->id.len; i++) {
        char c = row->id.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
        if (c >= 'A' && c <= 'Z') berm_text_putc(out, (char)(c - 'A' + 'a'));
        else if (letter || c == '_') berm_text_putc(out, c);
        else if (c == '(') berm_text_putc(out, '.');
        else if (c != ')') berm_text_putc(out, '-');
    }
}

static void put_property(berm_out *o, const char *name, berm_str value)
{
    berm_out_open(o, NULL, '{');
    berm_out_lit(o, "name", name);
    berm_out_lit(o, "ns", OSCAL_NAMESPACE);
    berm_out_str(o, "value", value);
    berm_out_close(o, '}');
}

static bool is_observed(const berm_entry *e)
{
    return e->finding.verdict != BERM_VERDICT_SKIPPED;
}

static void put_related(berm_out *o, const berm_survey *view, uint32_t index)
{
    berm_out_open(o, NULL, '{');
    put_uuid_member(o, "observation-uuid", "observation", view->identities[index]);
    berm_out_close(o, '}');
}

/* --- observations --- */

static void put_subject_of(oscal *s, const berm_entry *e)
{
    berm_out *o = &s->o;
    berm_text key;
    berm_text_init(&key, o->text->alloc);
    berm_text_format(&key, "%S\n%S", e->source, e->finding.address);
    berm_out_open(o, "subjects", '[');
    berm_out_open(o, NULL, '{');
    put_uuid_member(o, "subject-uuid", "subject", berm_text_view(&key));
    berm_out_lit(o, "type", "resource");
    berm_put_subject(berm_out_make(o), e);
    berm_out_made(o, "title");
    berm_out_close(o, '}');
    berm_out_close(o, ']');
    o->text->failed |= key.failed;
    berm_text_free(&key);
}

static void put_evidence_of(oscal *s, const berm_entry *e)
{
    berm_out *o = &s->o;
    const berm_finding *f = &e->finding;
    berm_out_open(o, "relevant-evidence", '[');
    berm_out_open(o, NULL, '{');
    berm_put_uri(berm_out_make(o), berm_survey_path(&s->view, e->source));
    berm_out_made(o, "href");
    berm_text *made = berm_out_make(o);
    berm_text_put(made, berm_survey_path(&s->view, e->source));
    if (f->line) berm_text_format(made, ", line %u, column %u", f->line, f->column);
    berm_out_made(o, "description");
    berm_out_close(o, '}');
    berm_out_close(o, ']');
}

static void put_observation(oscal *s, uint32_t index)
{
    berm_out *o = &s->o;
    const berm_entry *e = &s->view.report->entries.items[index];
    const berm_finding *f = &e->finding;
    berm_out_open(o, NULL, '{');
    put_uuid_member(o, "uuid", "observation", s->view.identities[index]);
    berm_text *title = berm_out_make(o);
    berm_put_rule_id(title, e);
    berm_text_format(title, ": %s", berm_verdict_word(f->verdict));
    berm_out_made(o, "title");
    berm_text *made = berm_out_make(o);
    berm_put_subject(made, e);
    berm_text_put(made, BERM_STR(": "));
    berm_put_reason(made, e);
    berm_out_made(o, "description");
    berm_out_open(o, "props", '[');
    put_property(o, "verdict", berm_str_of(berm_verdict_word(f->verdict)));
    put_property(o, "severity", berm_str_of(berm_severity_word(f->severity)));
    put_property(o, "enforcement", berm_str_of(berm_enforcement_word(f->enforcement)));
    put_property(o, "fingerprint", s->view.identities[index]);
    berm_out_close(o, ']');
    berm_out_open(o, "methods", '[');
    berm_out_lit(o, NULL, "TEST");
    berm_out_close(o, ']');
    berm_out_open(o, "types", '[');
    berm_out_lit(o, NULL, "control-objective");
    berm_out_close(o, ']');
    put_subject_of(s, e);
    put_evidence_of(s, e);
    berm_out_str(o, "collected", s->view.now);
    berm_out_close(o, '}');
}

static void put_observations(oscal *s)
{
    const berm_report *report = s->view.report;
    bool any = false;
    for (uint32_t i = 0; i < report->entries.count; i++) {
        if (!is_observed(&report->entries.items[i])) continue;
        if (!any) berm_out_open(&s->o, "observations", '[');
        any = true;
        put_observation(s, i);
        if (s->o.text->len > report->output_len) break; /* the caller refuses it */
    }
    if (any) berm_out_close(&s->o, ']');
}

/* --- risks --- */

static void put_risk(oscal *s, uint32_t index)
{
    berm_out *o = &s->o;
    const berm_entry *e = &s->view.report->entries.items[index];
    berm_out_open(o, NULL, '{');
    put_uuid_member(o, "uuid", "risk", s->view.identities[index]);
    berm_put_waiver(berm_out_make(o), &e->finding);
    berm_out_made(o, "title");
    berm_text *made = berm_out_make(o);
    berm_put_subject(made, e);
    berm_text_put(made, BERM_STR(": "));
    berm_put_reason(made, e);
    berm_out_made(o, "description");
    berm_put_waiver(berm_out_make(o), &e->finding);
    berm_out_made(o, "statement");
    berm_out_lit(o, "status", "deviation-approved");
    berm_out_open(o, "related-observations", '[');
    put_related(o, &s->view, index);
    berm_out_close(o, ']');
    berm_out_close(o, '}');
}

static void put_risks(oscal *s)
{
    const berm_report *report = s->view.report;
    bool any = false;
    for (uint32_t i = 0; i < report->entries.count; i++) {
        if (report->entries.items[i].finding.verdict != BERM_VERDICT_WAIVED) continue;
        if (!any) berm_out_open(&s->o, "risks", '[');
        any = true;
        put_risk(s, i);
    }
    if (any) berm_out_close(&s->o, ']');
}

/* --- controls --- */

/* A control may be in several sets: its first row counts. */
static bool is_first_row(const berm_rollup *rollup, uint32_t index)
{
    const berm_control_row *row = &rollup->rows.items[index];
    for (uint32_t i = 0; i < index; i++) {
        const berm_control_row *other = &rollup->rows.items[i];
        if (berm_str_equal(other->id, row->id) &&
            berm_str_equal(other->framework, row->framework) &&
            berm_str_equal(other->version, row->version))
            return false;
    }
    return true;
}

static void put_selection(oscal *s, const char *name, bool covered)
{
    bool any = false;
    for (uint32_t i = 0; i < s->rollup.rows.count; i++) {
        const berm_control_row *row = &s->rollup.rows.items[i];
        if ((row->state != BERM_CONTROL_NOT_COVERED) != covered || !is_first_row(&s->rollup, i))
            continue;
        if (!any) berm_out_open(&s->o, name, '[');
        any = true;
        berm_out_open(&s->o, NULL, '{');
        put_control_id(berm_out_make(&s->o), row);
        berm_out_made(&s->o, "control-id");
        berm_out_close(&s->o, '}');
    }
    if (any) berm_out_close(&s->o, ']');
    else if (covered) {
        berm_out_open(&s->o, "include-all", '{');
        berm_out_close(&s->o, '}');
    }
}

static void put_reviewed(oscal *s)
{
    berm_out *o = &s->o;
    berm_out_open(o, "reviewed-controls", '{');
    berm_out_open(o, "control-selections", '[');
    berm_out_open(o, NULL, '{');
    berm_out_lit(o, "description",
                 "Included: controls that a guardrail is about. Excluded: controls that none is.");
    put_selection(s, "include-controls", true);
    put_selection(s, "exclude-controls", false);
    berm_out_close(o, '}');
    berm_out_close(o, ']');
    berm_out_close(o, '}');
}

static void mark_rules(oscal *s, const berm_control_row *row)
{
    for (uint32_t r = 0; r < s->view.rules.count; r++) {
#if BERM_PART_GOVERNANCE
        const berm_rule_row *rule = &s->view.rules.items[r];
        const berm_control control = {row->framework, row->version, row->id, row->title};
        s->of_control[r] = berm_control_is_of(&rule->policy->image, rule->guardrail, &control);
#else
        (void)row;
        s->of_control[r] = false;
#endif
    }
}

/* There is one: a control without verdicts has no finding. */
static void put_observed(oscal *s, const berm_control_row *row)
{
    const berm_report *report = s->view.report;
    mark_rules(s, row);
    berm_out_open(&s->o, "related-observations", '[');
    for (uint32_t i = 0; i < report->entries.count; i++) {
        uint32_t rule = s->view.rule_of[i];
        if (rule == BERM_NO_ROW || !s->of_control[rule] || !is_observed(&report->entries.items[i]))
            continue;
        put_related(&s->o, &s->view, i);
    }
    berm_out_close(&s->o, ']');
}

static void put_finding(oscal *s, const berm_control_row *row)
{
    berm_out *o = &s->o;
    bool satisfied = row->state == BERM_CONTROL_PASS;
    berm_text name;
    berm_text_init(&name, o->text->alloc);
    berm_text_format(&name, "%S/%S/%S", row->framework, row->version, row->id);
    berm_out_open(o, NULL, '{');
    put_uuid_member(o, "uuid", "finding", berm_text_view(&name));
    berm_out_str(o, "title", berm_text_view(&name));
    berm_out_fmt(o, "description",
                 "%u guardrails: %L verdicts pass, %L fail, %L err, %L are unknown, %L waived",
                 row->guardrails, row->counts[BERM_VERDICT_PASS], row->counts[BERM_VERDICT_FAIL],
                 row->counts[BERM_VERDICT_ERROR], row->counts[BERM_VERDICT_UNKNOWN],
                 row->counts[BERM_VERDICT_WAIVED]);
    berm_out_open(o, "target", '{');
    berm_out_lit(o, "type", "objective-id");
    berm_text *id = berm_out_make(o);
    put_control_id(id, row);
    berm_text_put(id, BERM_STR("_obj"));
    berm_out_made(o, "target-id");
    berm_out_open(o, "status", '{');
    berm_out_lit(o, "state", satisfied ? "satisfied" : "not-satisfied");
    berm_out_lit(o, "reason",
                 satisfied                         ? "pass"
                 : row->state == BERM_CONTROL_FAIL ? "fail"
                                                   : "other");
    if (!satisfied) berm_out_lit(o, "remarks", berm_control_state_word(row->state));
    berm_out_close(o, '}');
    berm_out_close(o, '}');
    put_observed(s, row);
    berm_out_close(o, '}');
    o->text->failed |= name.failed;
    berm_text_free(&name);
}

/* Where nothing was there to judge, nothing was found. */
static void put_control_findings(oscal *s)
{
    bool any = false;
    for (uint32_t i = 0; i < s->rollup.rows.count; i++) {
        const berm_control_row *row = &s->rollup.rows.items[i];
        if (row->state >= BERM_CONTROL_NOT_APPLICABLE || !is_first_row(&s->rollup, i)) continue;
        if (!any) berm_out_open(&s->o, "findings", '[');
        any = true;
        put_finding(s, row);
        if (s->o.text->len > s->view.report->output_len) break; /* the caller refuses it */
    }
    if (any) berm_out_close(&s->o, ']');
}

/* --- the whole --- */

static void put_policy_name(berm_text *out, const berm_report *report)
{
    berm_text_put(out, BERM_STR("policies"));
    for (uint32_t i = 0; i < report->policies.count; i++) {
        berm_text_putc(out, ' ');
        berm_put_policy_digest(out, report->policies.items[i]);
    }
}

static void put_metadata(oscal *s, berm_str plan)
{
    berm_out *o = &s->o;
    berm_out_open(o, "metadata", '{');
    berm_out_lit(o, "title", "Berm assessment results");
    berm_out_str(o, "last-modified", s->view.now);
    berm_out_fmt(o, "version", "%u.%u.%u", (uint32_t)BERM_VERSION_MAJOR,
                 (uint32_t)BERM_VERSION_MINOR, (uint32_t)BERM_VERSION_PATCH);
    berm_out_lit(o, "oscal-version", "1.1.2");
    berm_out_close(o, '}');
    berm_out_open(o, "import-ap", '{');
    berm_text *href = berm_out_make(o);
    berm_text_putc(href, '#');
    berm_put_uuid(href, plan);
    berm_out_made(o, "href");
    berm_out_close(o, '}');
}

static void put_resource(berm_out *o, const char *sort, berm_str name, berm_str title,
                         berm_str path, berm_str digest)
{
    berm_out_open(o, NULL, '{');
    put_uuid_member(o, "uuid", sort, name);
    berm_out_str(o, "title", title);
    if (path.len) {
        berm_out_open(o, "rlinks", '[');
        berm_out_open(o, NULL, '{');
        berm_put_uri(berm_out_make(o), path);
        berm_out_made(o, "href");
        if (digest.len) {
            berm_out_open(o, "hashes", '[');
            berm_out_open(o, NULL, '{');
            berm_out_lit(o, "algorithm", "SHA-256");
            berm_out_str(o, "value", digest);
            berm_out_close(o, '}');
            berm_out_close(o, ']');
        }
        berm_out_close(o, '}');
        berm_out_close(o, ']');
    }
    berm_out_close(o, '}');
}

static void put_back_matter(oscal *s, berm_str policies)
{
    berm_out *o = &s->o;
    const berm_report *report = s->view.report;
    berm_text key;
    berm_text_init(&key, o->text->alloc);
    berm_out_open(o, "back-matter", '{');
    berm_out_open(o, "resources", '[');
    put_resource(o, "plan", policies, policies, BERM_STR(""), BERM_STR(""));
    for (uint32_t i = 0; i < report->sources.count; i++) {
        uint32_t source = s->view.sources[i];
        berm_str path = berm_survey_path(&s->view, report->sources.items[source]);
        key.len = 0;
        berm_text_format(&key, "%u\n%S", i, path);
        put_resource(o, "input", berm_text_view(&key), path, path,
                     berm_report_digest(report, source));
    }
    berm_out_close(o, ']');
    berm_out_close(o, '}');
    o->text->failed |= key.failed;
    berm_text_free(&key);
}

static void put_oscal_result(oscal *s, berm_str policies)
{
    berm_out *o = &s->o;
    berm_out_open(o, "results", '[');
    berm_out_open(o, NULL, '{');
    put_uuid_member(o, "uuid", "result", policies);
    berm_out_lit(o, "title", "Guardrails over infrastructure documents");
    berm_out_fmt(o, "description", "%L resources in %u documents; %L that no guardrail looks at",
                 s->view.report->summary.resources, s->view.report->sources.count,
                 s->view.report->summary.unmatched);
    berm_out_str(o, "start", s->view.now);
    berm_out_str(o, "end", s->view.now);
    put_reviewed(s);
    put_observations(s);
    put_risks(s);
    put_control_findings(s);
    berm_out_close(o, '}');
    berm_out_close(o, ']');
}

bool berm_formats_oscal(berm_text *out, const berm_report *report, uint32_t flags)
{
    oscal s = {.of_control = NULL};
    berm_text policies, plan;
    berm_text_init(&policies, &report->alloc);
    berm_text_init(&plan, &report->alloc);
    berm_out_init(&s.o, out, 6);
    bool made = berm_survey_open(&s.view, report, flags) && berm_rollup_make(&s.view, &s.rollup);
    if (made) s.of_control = berm_arena_alloc(&s.view.arena, s.view.rules.count + 1);
    made = made && s.of_control;
    put_policy_name(&policies, report);
    berm_text_format(&plan, "plan:%S", berm_text_view(&policies));
    if (made && !policies.failed && !plan.failed) {
        berm_out_open(&s.o, NULL, '{');
        berm_out_open(&s.o, "assessment-results", '{');
        put_uuid_member(&s.o, "uuid", "assessment", berm_text_view(&policies));
        put_metadata(&s, berm_text_view(&plan));
        put_oscal_result(&s, berm_text_view(&policies));
        put_back_matter(&s, berm_text_view(&policies));
        berm_out_close(&s.o, '}');
        berm_out_close(&s.o, '}');
        berm_text_putc(out, '\n');
    }
    made = made && !policies.failed && !plan.failed;
    berm_text_free(&policies);
    berm_text_free(&plan);
    berm_rollup_free(&s.view, &s.rollup);
    berm_out_free(&s.o);
    return berm_survey_close(&s.view, out) && made;
}
