#include "policy/dialects/dialect.h"

#include "policy/dialects/defaults.h"
#include "policy/load.h"

static const berm_dialect_sort dialect_sorts[] = {
    {"admissionregistration.k8s.io/v1*", "ValidatingAdmissionPolicy", BERM_SCHEMA_VAP_SPEC,
     berm_vap_lower},
    {"admissionregistration.k8s.io/v1*", "ValidatingAdmissionPolicyBinding",
     BERM_SCHEMA_VAP_BINDING_SPEC, NULL},
    {"templates.gatekeeper.sh/v1*", "ConstraintTemplate", BERM_SCHEMA_TEMPLATE_SPEC,
     berm_gatekeeper_lower},
    {"constraints.gatekeeper.sh/v1*", NULL, BERM_SCHEMA_CONSTRAINT_SPEC, NULL},
    {"kyverno.io/v*", "ClusterPolicy", BERM_SCHEMA_KYVERNO_SPEC, berm_kyverno_lower},
    {"kyverno.io/v*", "Policy", BERM_SCHEMA_KYVERNO_SPEC, berm_kyverno_lower},
    {"policies.kyverno.io/v1*", "ValidatingPolicy", BERM_SCHEMA_VPOL_SPEC, berm_kyverno_cel_lower},
};

static const berm_dialect_sort *find_dialect_sort(berm_str version, berm_str kind)
{
    for (size_t i = 0; i < sizeof dialect_sorts / sizeof *dialect_sorts; i++) {
        const berm_dialect_sort *sort = &dialect_sorts[i];
        if (berm_glob_match(berm_str_of(sort->version), version) &&
            (!sort->kind || berm_str_is(kind, sort->kind)))
            return sort;
    }
    return NULL;
}

/* Names become those of guardrails, which `@` divides. */
static void check_dialect_name(berm_build *build, const berm_dialect_doc *doc)
{
    berm_part name = berm_part_member(berm_part_member(doc->at, "metadata"), "name");
    bool good = doc->name.len > 0;
    for (size_t i = 0; i < doc->name.len; i++) {
        char c = doc->name.ptr[i];
        good &= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '-' || c == '.' || c == '_';
    }
    if (good) return;
    berm_place at = berm_part_given(name) ? berm_part_place(name) : berm_part_head_place(doc->at);
    berm_place_fault(build, at, BERM_D_POLICY_NAME, "%S cannot be called `%S` (metadata.name)",
                     doc->kind, doc->name);
}

/* A constraint may do without a spec. */
static void check_foreign(berm_build *build, const berm_dialect_doc *doc)
{
    berm_schema_check(build, doc->at, BERM_SCHEMA_FOREIGN);
    if (berm_part_is(doc->spec, BERM_TAG_MAP))
        berm_schema_check(build, doc->spec, doc->sort->schema);
    else if (berm_part_given(doc->spec) || doc->sort->schema != BERM_SCHEMA_CONSTRAINT_SPEC)
        berm_place_fault(build,
                         berm_part_given(doc->spec) ? berm_part_place(doc->spec)
                                                    : berm_part_head_place(doc->at),
                         BERM_D_POLICY_TYPE, "`spec` of a %S must be a mapping, found %s",
                         doc->kind, berm_part_sort_name(doc->spec));
}

static void gather_document(berm_build *build, berm_part document)
{
    berm_dialect_doc *doc = berm_build_alloc(build, 1, sizeof *doc);
    berm_dialects *dialects = build->model->dialects;
    if (!doc) return;
    berm_part metadata = berm_part_member(document, "metadata");
    *doc = (berm_dialect_doc){.at = document,
                              .spec = berm_part_member(document, "spec"),
                              .version = berm_load_text(document, "apiVersion"),
                              .kind = berm_load_text(document, "kind"),
                              .name = berm_load_text(metadata, "name"),
                              .space = berm_load_text(metadata, "namespace")};
    doc->sort = find_dialect_sort(doc->version, doc->kind);
    doc->used = berm_str_is(doc->version, "v1") && berm_str_is(doc->kind, "Namespace");
    if (doc->sort) check_foreign(build, doc);
    *dialects->end = doc;
    dialects->end = &doc->next;
}

/* A List is what is in it. */
static void gather_documents(berm_build *build, berm_part document)
{
    berm_part items = berm_part_member(document, "items");
    if (!berm_str_is(berm_load_text(document, "kind"), "List") ||
        !berm_part_is(items, BERM_TAG_LIST)) {
        gather_document(build, document);
        return;
    }
    for (uint32_t i = 0; i < berm_part_count(items); i++)
        gather_document(build, berm_part_element_at(items, i));
}

/* --- namespaces --- */

/* As the API server keeps it: with the label that every Namespace has. */
static berm_cell complete_namespace(berm_build *build, const berm_dialect_doc *doc)
{
    berm_part metadata = berm_part_member(doc->at, "metadata");
    berm_cell name = berm_part_cell(berm_part_member(metadata, "name"));
    berm_cell labels = berm_defaults_set(build, berm_part_member(metadata, "labels"),
                                         "kubernetes.io/metadata.name", name);
    return berm_defaults_set(build, doc->at, "metadata",
                             berm_defaults_set(build, metadata, "labels", labels));
}

static void gather_namespaces(berm_build *build, berm_dialects *dialects)
{
    uint32_t count = 0, n = 0;
    for (berm_dialect_doc *doc = dialects->first; doc; doc = doc->next) count += doc->used;
    berm_str *names = berm_build_alloc(build, count, sizeof *names);
    berm_cell *values = berm_build_alloc(build, count, sizeof *values);
    for (berm_dialect_doc *doc = dialects->first; doc && names && values; doc = doc->next) {
        if (!doc->used || !doc->name.len) continue;
        names[n] = doc->name;
        values[n++] = complete_namespace(build, doc);
    }
    dialects->namespaces = berm_param_map(build, names, values, n);
}

/* --- all of them --- */

static void fault_unused(berm_build *build, const berm_dialect_doc *doc)
{
    if (doc->sort) {
        berm_place_fault(build, berm_part_head_place(doc->at), BERM_D_POLICY_REFERENCE,
                         "the %S `%S` is for a policy that is not here", doc->kind, doc->name);
        return;
    }
    berm_place_fault(build, berm_part_head_place(doc->at), BERM_D_POLICY_DIALECT,
                     "%S %S is no policy that is understood, nor a parameter of one",
                     berm_part_source(berm_part_member(doc->at, "apiVersion")), doc->kind);
}

void berm_dialects_lower(berm_build *build)
{
    berm_model *model = build->model;
    berm_dialects *dialects = berm_build_alloc(build, model->foreign.count != 0, sizeof *dialects);
    if (!dialects) return;
    if (!berm_part_given(model->prelude)) {
        berm_place_fault(build, berm_part_head_place(model->foreign.items[0]),
                         BERM_D_POLICY_DIALECT,
                         "policies of other dialects need the built-in targets");
        return;
    }
    model->dialects = dialects;
    dialects->end = &dialects->first;
    for (uint32_t i = 0; i < model->foreign.count; i++)
        gather_documents(build, model->foreign.items[i]);
    gather_namespaces(build, dialects);
    for (berm_dialect_doc *doc = dialects->first; doc; doc = doc->next) {
        if (!doc->sort || !doc->sort->lower) continue;
        doc->used = true;
        doc->sort->lower(build, doc);
    }
    for (berm_dialect_doc *doc = dialects->first; doc; doc = doc->next)
        if (!doc->used) fault_unused(build, doc);
        else check_dialect_name(build, doc);
}
