/* Kyverno's policies with CEL: ClusterPolicy with validate.cel, a guardrail for each rule; and
   ValidatingPolicy. Where they are for Pods and nothing more, they hold for what makes Pods. */
#include "policy/dialects/autogen.h"
#include "policy/dialects/dialect.h"
#include "policy/dialects/params.h"

static bool is_single(berm_part list, const char *word)
{
    return berm_part_is(list, BERM_TAG_LIST) && berm_part_count(list) == 1 &&
           berm_str_is(berm_part_text(berm_part_element_at(list, 0)), word);
}

static bool has_some(berm_part map, const char *key)
{
    berm_part part = berm_part_member(map, key);
    return berm_part_is(part, BERM_TAG_STRING) || berm_part_count(part) > 0;
}

/* --- ValidatingPolicy --- */

static bool matches_pods_alone(berm_part constraints)
{
    berm_part rules = berm_part_member(constraints, "resourceRules");
    if (!berm_part_is(rules, BERM_TAG_LIST) || berm_part_count(rules) != 1) return false;
    berm_part rule = berm_part_element_at(rules, 0);
    return !has_some(constraints, "namespaceSelector") &&
           !has_some(constraints, "objectSelector") &&
           !has_some(constraints, "excludeResourceRules") && !has_some(rule, "resourceNames") &&
           is_single(berm_part_member(rule, "apiGroups"), "") &&
           is_single(berm_part_member(rule, "apiVersions"), "v1") &&
           is_single(berm_part_member(rule, "resources"), "pods");
}

static bool denies_failures(berm_part actions)
{
    uint32_t count = berm_part_is(actions, BERM_TAG_LIST) ? berm_part_count(actions) : 0;
    for (uint32_t i = 0; i < count; i++)
        if (berm_str_is(berm_part_text(berm_part_element_at(actions, i)), "Deny")) return true;
    return count == 0;
}

void berm_kyverno_cel_lower(berm_build *build, berm_dialect_doc *doc)
{
    berm_part spec = doc->spec, constraints = berm_part_member(spec, "matchConstraints");
    berm_cell match = berm_part_cell(constraints);
    berm_admission_terms terms = berm_admission_begin(doc->at, "kubernetes");
    terms.id = doc->name;
    berm_admission_read(&terms, spec);
    terms.enforcement = denies_failures(berm_part_member(spec, "validationActions"))
                            ? BERM_ENFORCEMENT_SOFT_MANDATORY
                            : BERM_ENFORCEMENT_ADVISORY;
    terms.admission.matches = berm_admission_list(build, &match, berm_part_given(constraints));
    terms.admission.reaches = constraints;
    berm_admission_add(build, &terms);
    if (!matches_pods_alone(constraints)) return;
    berm_part controllers = berm_part_member(berm_part_member(spec, "autogen"), "podControllers");
    berm_autogen autogen = {berm_autogen_annotation(doc->at),
                            berm_part_member(controllers, "controllers")};
    berm_autogen_add(build, &autogen, &terms, doc->name, BERM_STR(""));
}

/* --- ClusterPolicy --- */

/* Nothing in a filter keeps the rule from what makes Pods; *pods: it is for them. */
static bool allows_autogen(berm_part filter, bool *pods)
{
    berm_part resources = berm_part_member(filter, "resources");
    berm_part kinds = berm_part_member(resources, "kinds");
    bool pod = is_single(kinds, "Pod") || is_single(kinds, "v1/Pod");
    *pods |= pod;
    return !has_some(resources, "name") && !has_some(resources, "names") &&
           !has_some(resources, "selector") && !has_some(resources, "annotations") &&
           (pod || berm_part_count(kinds) == 0);
}

static bool allow_autogen(berm_part block, bool *pods)
{
    static const char *const keys[] = {"any", "all"};
    bool good = allows_autogen(block, pods);
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        berm_part list = berm_part_member(block, keys[k]);
        for (uint32_t i = 0; berm_part_is(list, BERM_TAG_LIST) && i < berm_part_count(list); i++)
            good &= allows_autogen(berm_part_element_at(list, i), pods);
    }
    return good;
}

static bool enforces(berm_part spec, berm_part validate)
{
    berm_str action = berm_load_text(validate, "failureAction");
    if (!action.len) action = berm_load_text(spec, "validationFailureAction");
    return berm_str_is(action, "Enforce") || berm_str_is(action, "enforce");
}

static void lower_kyverno_rule(berm_build *build, const berm_dialect_doc *doc, berm_part rule)
{
    berm_part validate = berm_part_member(rule, "validate");
    berm_part cel = berm_part_member(validate, "cel");
    berm_part match = berm_part_member(rule, "match"), exclude = berm_part_member(rule, "exclude");
    berm_cell blocks[] = {berm_part_cell(match), berm_part_cell(exclude)};
    berm_str name = berm_load_text(rule, "name");
    if (!berm_part_is(match, BERM_TAG_MAP) || !berm_part_is(cel, BERM_TAG_MAP)) return;
    berm_admission_terms terms = berm_admission_begin(doc->at, "kyverno");
    terms.id = berm_admission_id(build, doc->name, name);
    if (berm_str_is(doc->kind, "Policy")) { /* one of a namespace is for it alone */
        berm_cell space = berm_space_string(&build->space, doc->space);
        terms.space = doc->space;
        terms.admission.within = berm_admission_list(build, &space, 1);
    }
    terms.conditions = berm_part_member(rule, "celPreconditions");
    terms.variables = berm_part_member(cel, "variables");
    terms.validations = berm_part_member(cel, "expressions");
    terms.annotations = berm_part_member(cel, "auditAnnotations");
    terms.enforcement =
        enforces(doc->spec, validate) ? BERM_ENFORCEMENT_SOFT_MANDATORY : BERM_ENFORCEMENT_ADVISORY;
    terms.admission.matches = berm_admission_list(build, blocks, berm_part_count(exclude) ? 2 : 1);
    terms.admission.reaches = match;
    terms.param_kind = berm_part_member(cel, "paramKind");
    terms.param_ref = berm_part_member(cel, "paramRef");
    berm_params_use(build, terms.param_kind);
    berm_params_check(build, terms.param_ref);
    berm_params_add(build, &terms);
    bool pods = false, ignored = false;
    if (!allow_autogen(match, &pods) || !allow_autogen(exclude, &ignored) || !pods) return;
    berm_autogen autogen = {berm_autogen_annotation(doc->at), {doc->at.file, NULL}};
    berm_autogen_add(build, &autogen, &terms, doc->name, name);
}

void berm_kyverno_lower(berm_build *build, berm_dialect_doc *doc)
{
    berm_part rules = berm_part_member(doc->spec, "rules");
    for (uint32_t i = 0; berm_part_is(rules, BERM_TAG_LIST) && i < berm_part_count(rules); i++)
        lower_kyverno_rule(build, doc, berm_part_element_at(rules, i));
}
