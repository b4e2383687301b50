/* ValidatingAdmissionPolicy and its bindings: a guardrail for each binding and parameter object. A
   policy without a binding is judged as one that is bound to everything. */
#include "policy/dialects/admission.h"
#include "policy/dialects/dialect.h"
#include "policy/dialects/params.h"

typedef struct vap_work {
    berm_build *build;
    const berm_dialect_doc *policy;
    berm_part binding; /* spec of the binding; absent without one */
    berm_admission_terms terms;
} vap_work;

/* --- bindings --- */

static bool has_word(berm_part list, const char *word)
{
    for (uint32_t i = 0; berm_part_is(list, BERM_TAG_LIST) && i < berm_part_count(list); i++)
        if (berm_str_is(berm_part_text(berm_part_element_at(list, i)), word)) return true;
    return false;
}

/* As Kubernetes has it: who is denied need not be warned. */
static void check_actions(vap_work *work, berm_part actions)
{
    if (has_word(actions, "Deny") && has_word(actions, "Warn"))
        berm_part_fault(work->build, actions, BERM_D_POLICY_ENUM,
                        "`validationActions` may not hold both `Deny` and `Warn`");
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
    check_actions(work, actions);
    bool denies = !berm_part_given(work->binding) || has_word(actions, "Deny");
    work->terms.enforcement = denies ? BERM_ENFORCEMENT_SOFT_MANDATORY : BERM_ENFORCEMENT_ADVISORY;
    work->terms.admission.matches = berm_admission_list(work->build, matches, count);
    work->terms.admission.reaches = constraints;
    work->terms.param_ref = berm_part_member(work->binding, "paramRef");
    berm_params_add(work->build, &work->terms);
}

void berm_vap_lower(berm_build *build, berm_dialect_doc *policy)
{
    vap_work work = {.build = build,
                     .policy = policy,
                     .terms = berm_admission_begin(policy->at, "kubernetes")};
    berm_admission_read(&work.terms, policy->spec);
    work.terms.id = policy->name;
    bool bound = false;
    work.terms.param_kind = berm_part_member(policy->spec, "paramKind");
    berm_params_use(build, work.terms.param_kind);
    for (berm_dialect_doc *doc = build->model->dialects->first; doc; doc = doc->next) {
        if (!doc->sort || doc->sort->schema != BERM_SCHEMA_VAP_BINDING_SPEC ||
            !berm_str_equal(berm_load_text(doc->spec, "policyName"), policy->name))
            continue;
        bound = doc->used = true;
        work.binding = doc->spec;
        work.terms.id = berm_admission_id(build, policy->name, doc->name);
        berm_params_check(build, berm_part_member(doc->spec, "paramRef"));
        lower_vap_binding(&work);
    }
    if (!bound) lower_vap_binding(&work);
}
