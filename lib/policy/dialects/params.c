#include "policy/dialects/params.h"

#include "policy/dialects/dialect.h"
#include "policy/dialects/selector.h"

static bool is_of_kind(const berm_dialect_doc *doc, berm_part kind)
{
    return berm_str_equal(doc->version, berm_load_text(kind, "apiVersion")) &&
           berm_str_equal(doc->kind, berm_load_text(kind, "kind"));
}

static bool takes_param(const berm_admission_terms *terms, const berm_dialect_doc *doc)
{
    berm_part ref = terms->param_ref;
    berm_str name = berm_load_text(ref, "name"), space = berm_load_text(ref, "namespace");
    if (!is_of_kind(doc, terms->param_kind)) return false;
    if (!space.len) space = terms->space;
    if (space.len && doc->space.len && !berm_str_equal(space, doc->space)) return false;
    return name.len ? berm_str_equal(name, doc->name)
                    : berm_selector_holds(berm_part_member(ref, "selector"), doc->at);
}

void berm_params_use(berm_build *build, berm_part kind)
{
    for (berm_dialect_doc *doc = build->model->dialects->first; doc; doc = doc->next)
        doc->used |= berm_part_given(kind) && is_of_kind(doc, kind);
}

void berm_params_check(berm_build *build, berm_part ref)
{
    if (!berm_part_given(ref) || berm_part_given(berm_part_member(ref, "name")) !=
                                     berm_part_given(berm_part_member(ref, "selector")))
        return;
    berm_part_fault(build, ref, BERM_D_POLICY_KEY_MISSING,
                    "paramRef needs either `name` or `selector`");
}

static berm_cell space_of(const berm_dialect_doc *doc)
{
    return berm_part_cell(berm_part_member(berm_part_member(doc->at, "metadata"), "namespace"));
}

static void add_with_param(berm_build *build, berm_admission_terms terms,
                           const berm_dialect_doc *doc, bool by_space)
{
    berm_cell space = space_of(doc);
    if (by_space) terms.admission.within = berm_admission_list(build, &space, 1);
    terms.admission.params = berm_part_cell(doc->at);
    terms.id = berm_admission_id(build, terms.id, doc->space);
    terms.id = berm_admission_id(build, terms.id, doc->name);
    berm_admission_add(build, &terms);
}

/* Where the reference names no namespace, the parameters of a request are those in its own. */
static void add_with_params(berm_build *build, const berm_admission_terms *given)
{
    berm_part ref = given->param_ref;
    bool everywhere = false;
    uint32_t count = 0;
    for (berm_dialect_doc *doc = build->model->dialects->first; doc; doc = doc->next)
        count += takes_param(given, doc);
    berm_cell *spaces = berm_build_alloc(build, count, sizeof *spaces);
    if (count && !spaces) return;
    count = 0;
    for (berm_dialect_doc *doc = build->model->dialects->first; doc; doc = doc->next) {
        if (!takes_param(given, doc)) continue;
        bool by_space = doc->space.len && !berm_load_text(ref, "namespace").len;
        add_with_param(build, *given, doc, by_space);
        everywhere |= !by_space;
        if (by_space) spaces[count++] = space_of(doc);
    }
    bool allowed = berm_str_is(berm_load_text(ref, "parameterNotFoundAction"), "Allow");
    if (everywhere || (allowed && count)) return;
    berm_admission_terms terms = *given;
    if (allowed) { /* it is there, and about nothing */
        terms.admission.within = berm_admission_list(build, NULL, 0);
        berm_admission_add(build, &terms);
        return;
    }
    terms.admission.without = berm_admission_list(build, spaces, count);
    terms.enforcement =
        terms.admission.errors_pass ? BERM_ENFORCEMENT_ADVISORY : BERM_ENFORCEMENT_SOFT_MANDATORY;
    if (count) terms.id = berm_admission_id(build, terms.id, BERM_STR("paramRef"));
    berm_admission_add_fault(
        build, &terms, ref, "paramRef",
        BERM_STR("no params found for policy binding with `Deny` parameterNotFoundAction"));
}

void berm_params_add(berm_build *build, const berm_admission_terms *terms)
{
    bool both = berm_part_given(terms->param_kind) && berm_part_given(terms->param_ref);
    if (both) add_with_params(build, terms);
    else berm_admission_add(build, terms);
}
