/* Gatekeeper's ConstraintTemplates, where they have CEL: a guardrail for each constraint of the
   template's kind. A template without a constraint does nothing, as in a cluster. */
#include "policy/dialects/admission.h"
#include "policy/dialects/defaults.h"
#include "policy/dialects/dialect.h"

/* What Gatekeeper puts above a template's variables; `params` is the constraint. */
static const char *const gatekeeper_lead[] = {
    "anyObject",
    "request.?operation.orValue('') == 'DELETE' && object == null ? oldObject : object", "params",
    "params.?spec.?parameters.orValue(null)", NULL};

/* The CEL of a template; absent after a diagnostic. */
static berm_part find_source(berm_build *build, const berm_dialect_doc *doc)
{
    berm_part targets = berm_part_member(doc->spec, "targets");
    for (uint32_t t = 0; berm_part_is(targets, BERM_TAG_LIST) && t < berm_part_count(targets);
         t++) {
        berm_part code = berm_part_member(berm_part_element_at(targets, t), "code");
        for (uint32_t i = 0; berm_part_is(code, BERM_TAG_LIST) && i < berm_part_count(code); i++) {
            berm_part one = berm_part_element_at(code, i);
            berm_part source = berm_part_member(one, "source");
            if (berm_str_is(berm_load_text(one, "engine"), "K8sNativeValidation") &&
                berm_part_is(source, BERM_TAG_MAP))
                return source;
        }
    }
    berm_place_fault(build, berm_part_head_place(doc->at), BERM_D_POLICY_UNSUPPORTED,
                     "the template `%S` has no K8sNativeValidation: Rego is not supported",
                     doc->name);
    return (berm_part){doc->at.file, NULL};
}

static berm_str constraint_kind(const berm_dialect_doc *doc)
{
    berm_part crd = berm_part_member(berm_part_member(doc->spec, "crd"), "spec");
    return berm_load_text(berm_part_member(crd, "names"), "kind");
}

/* The constraint as the API server keeps it: with the defaults of the template's schema, which is
   that of spec.parameters. */
static berm_cell complete_constraint(berm_build *build, const berm_dialect_doc *doc,
                                     berm_part schema)
{
    berm_cell parameters =
        berm_defaults_fill(build, schema, berm_part_member(doc->spec, "parameters"));
    if (parameters.tag == BERM_TAG_MISSING || !berm_part_given(schema))
        return berm_part_cell(doc->at);
    return berm_defaults_set(build, doc->at, "spec",
                             berm_defaults_set(build, doc->spec, "parameters", parameters));
}

static void lower_constraint(berm_build *build, berm_admission_terms *terms,
                             const berm_dialect_doc *doc, berm_part schema)
{
    berm_part match = berm_part_member(doc->spec, "match");
    berm_cell cell = berm_part_cell(match);
    berm_str action = berm_load_text(doc->spec, "enforcementAction");
    bool denies = !action.len || berm_str_is(action, "deny");
    terms->at = doc->at;
    terms->id = berm_admission_id(build, doc->kind, doc->name);
    terms->enforcement = denies ? BERM_ENFORCEMENT_SOFT_MANDATORY : BERM_ENFORCEMENT_ADVISORY;
    terms->admission.params = complete_constraint(build, doc, schema);
    terms->admission.reaches = match;
    terms->admission.matches =
        berm_admission_list(build, &cell, berm_part_is(match, BERM_TAG_MAP) ? 1 : 0);
    berm_admission_add(build, terms);
}

void berm_gatekeeper_lower(berm_build *build, berm_dialect_doc *doc)
{
    berm_part source = find_source(build, doc);
    berm_str kind = constraint_kind(doc);
    berm_admission_terms terms = berm_admission_begin(doc->at, "gatekeeper");
    berm_part crd = berm_part_member(berm_part_member(doc->spec, "crd"), "spec");
    berm_part schema = berm_part_member(berm_part_member(crd, "validation"), "openAPIV3Schema");
    if (berm_part_given(source)) berm_schema_check(build, source, BERM_SCHEMA_TEMPLATE_SOURCE);
    berm_admission_read(&terms, source);
    terms.lead = gatekeeper_lead;
    for (berm_dialect_doc *other = build->model->dialects->first; other; other = other->next) {
        if (!other->sort || other->sort->schema != BERM_SCHEMA_CONSTRAINT_SPEC ||
            !berm_str_equal(other->kind, kind))
            continue;
        other->used = true;
        if (berm_part_given(source)) lower_constraint(build, &terms, other, schema);
    }
}
