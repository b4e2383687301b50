/* ValidatingAdmissionPolicy and its bindings: a guardrail for each binding and parameter object. A
   policy without a binding is judged as one that is bound to everything. */
#include "policy/dialects/admission.h"
#include "policy/dialects/dialect.h"
#include "policy/dialects/selector.h"

typedef struct vap_work {
    berm_build *build;
    const berm_dialect_doc *policy;
    berm_part binding; /* spec of the binding; absent without one */
    berm_admission_terms terms;
} vap_work;

/* --- parameters --- */

static bool selects_param(const vap_work *work, const berm_dialect_doc *doc)
{
    berm_part kind = berm_part_member(work->policy->spec, "paramKind");
    berm_part ref = berm_part_member(work->binding, "paramRef");
    berm_str name = berm_load_text(ref, "name"), space = berm_load_text(ref, "namespace");
    if (!berm_str_equal(doc->version, berm_load_text(kind, "apiVersion")) ||
        !berm_str_equal(doc->kind, berm_load_text(kind, "kind")))
        return false;
    if (space.len && doc->space.len && !berm_str_equal(space, doc->space)) return false;
    return name.len ? berm_str_equal(name, doc->name)
                    : berm_selector_holds(berm_part_member(ref, "selector"), doc->at);
}

/* Objects of the paramKind are parameters, whether this binding takes them or not. */
static void use_params(const vap_work *work)
{
    berm_part kind = berm_part_member(work->policy->spec, "paramKind");
    for (berm_dialect_doc *doc = work->build->model->dialects->first; doc; doc = doc->next)
        doc->used |= berm_str_equal(doc->version, berm_load_text(kind, "apiVersion")) &&
                     berm_str_equal(doc->kind, berm_load_text(kind, "kind"));
}

static berm_cell space_of(const berm_dialect_doc *doc)
{
    return berm_part_cell(berm_part_member(berm_part_member(doc->at, "metadata"), "namespace"));
}

static void add_with_param(const vap_work *work, const berm_dialect_doc *doc, bool by_space)
{
    berm_admission_terms terms = work->terms;
    berm_cell space = space_of(doc);
    if (by_space) terms.admission.within = berm_admission_list(work->build, &space, 1);
    terms.admission.params = berm_part_cell(doc->at);
    terms.id = berm_admission_id(work->build, terms.id, doc->space);
    terms.id = berm_admission_id(work->build, terms.id, doc->name);
    berm_admission_add(work->build, &terms);
}

/* Where the binding names no namespace, the parameters of a request are those in its own. */
static void add_with_params(const vap_work *work)
{
    berm_build *build = work->build;
    berm_part ref = berm_part_member(work->binding, "paramRef");
    bool everywhere = false;
    uint32_t count = 0;
    for (berm_dialect_doc *doc = build->model->dialects->first; doc; doc = doc->next)
        count += selects_param(work, doc);
    berm_cell *spaces = berm_build_alloc(build, count, sizeof *spaces);
    if (count && !spaces) return;
    count = 0;
    for (berm_dialect_doc *doc = build->model->dialects->first; doc; doc = doc->next) {
        if (!selects_param(work, doc)) continue;
        bool by_space = doc->space.len && !berm_load_text(ref, "namespace").len;
        add_with_param(work, doc, by_space);
        everywhere |= !by_space;
        if (by_space) spaces[count++] = space_of(doc);
    }
    if (everywhere || berm_str_is(berm_load_text(ref, "parameterNotFoundAction"), "Allow")) return;
    berm_admission_terms terms = work->terms;
    terms.admission.without = berm_admission_list(build, spaces, count);
    terms.enforcement =
        terms.admission.errors_pass ? BERM_ENFORCEMENT_ADVISORY : BERM_ENFORCEMENT_SOFT_MANDATORY;
    if (count) terms.id = berm_admission_id(build, terms.id, BERM_STR("paramRef"));
    berm_admission_add_fault(
        build, &terms, ref, "paramRef",
        BERM_STR("no params found for policy binding with `Deny` parameterNotFoundAction"));
}

/* --- bindings --- */

static bool has_word(berm_part list, const char *word)
{
    for (uint32_t i = 0; berm_part_is(list, BERM_TAG_LIST) && i < berm_part_count(list); i++)
        if (berm_str_is(berm_part_text(berm_part_element_at(list, i)), word)) return true;
    return false;
}

static void lower_vap_binding(vap_work *work)
{
    berm_part constraints = berm_part_member(work->policy->spec, "matchConstraints");
    berm_part resources = berm_part_member(work->binding, "matchResources");
    berm_part actions = berm_part_member(work->binding, "validationActions");
    berm_cell matches[2];
    uint32_t count = 0;
    if (berm_part_given(constraints)) matches[count++] = berm_part_cell(constraints);
    if (berm_part_given(resources)) matches[count++] = berm_part_cell(resources);
    bool denies = !berm_part_given(work->binding) || has_word(actions, "Deny");
    work->terms.enforcement = denies ? BERM_ENFORCEMENT_SOFT_MANDATORY : BERM_ENFORCEMENT_ADVISORY;
    work->terms.admission.matches = berm_admission_list(work->build, matches, count);
    work->terms.admission.reaches = constraints;
    bool params = berm_part_given(berm_part_member(work->policy->spec, "paramKind")) &&
                  berm_part_given(berm_part_member(work->binding, "paramRef"));
    if (params) add_with_params(work);
    else berm_admission_add(work->build, &work->terms);
}

static void check_param_ref(const vap_work *work)
{
    berm_part ref = berm_part_member(work->binding, "paramRef");
    if (!berm_part_given(ref) || berm_part_given(berm_part_member(ref, "name")) !=
                                     berm_part_given(berm_part_member(ref, "selector")))
        return;
    berm_part_fault(work->build, ref, BERM_D_POLICY_KEY_MISSING,
                    "paramRef needs either `name` or `selector`");
}

void berm_vap_lower(berm_build *build, berm_dialect_doc *policy)
{
    vap_work work = {.build = build,
                     .policy = policy,
                     .terms = berm_admission_begin(policy->at, "kubernetes")};
    berm_admission_read(&work.terms, policy->spec);
    work.terms.id = policy->name;
    bool bound = false;
    use_params(&work);
    for (berm_dialect_doc *doc = build->model->dialects->first; doc; doc = doc->next) {
        if (!doc->sort || doc->sort->schema != BERM_SCHEMA_VAP_BINDING_SPEC ||
            !berm_str_equal(berm_load_text(doc->spec, "policyName"), policy->name))
            continue;
        bound = doc->used = true;
        work.binding = doc->spec;
        work.terms.id = berm_admission_id(build, policy->name, doc->name);
        check_param_ref(&work);
        lower_vap_binding(&work);
    }
    if (!bound) lower_vap_binding(&work);
}
