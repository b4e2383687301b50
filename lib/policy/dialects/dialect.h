/* Policies in other dialects: documents that say what they are by `apiVersion` and `kind`. All of
   a set are gathered first, because they refer to each other in any order (a binding to its policy,
   a policy to its parameters and namespaces), then lowered onto the model. */
#ifndef BERM_POLICY_DIALECTS_DIALECT_H
#define BERM_POLICY_DIALECTS_DIALECT_H

#include "policy/model.h"
#include "policy/schema.h"

struct berm_dialect_doc;

typedef struct berm_dialect_sort {
    const char *version, *kind; /* a glob over apiVersions; kind NULL: any */
    berm_schema_id schema;      /* SCHEMA_COUNT: none */
    /* NULL: others ask for it, and a document that nobody asked for is a fault. */
    void (*lower)(berm_build *build, struct berm_dialect_doc *doc);
} berm_dialect_sort;

typedef struct berm_dialect_doc {
    struct berm_dialect_doc *next;
    berm_part at, spec;
    const berm_dialect_sort *sort; /* NULL: of no sort that is known, perhaps a parameter */
    berm_str version, kind, name;  /* version: apiVersion */
    berm_str space;                /* the namespace it is in, or empty */
    bool used;
} berm_dialect_doc;

/* Names that are expressions (prelude.h). */
enum {
    BERM_PRELUDE_PLURAL,
    BERM_PRELUDE_REQUEST,
    BERM_PRELUDE_NAMESPACE,
    BERM_PRELUDE_REQUEST_RESOURCE,
    BERM_PRELUDE_COUNT
};

typedef struct berm_dialects {
    berm_dialect_doc *first, **end;
    berm_cell namespaces; /* names to the Namespaces of the set */
    bool compiled;
    uint32_t blocks[BERM_PRELUDE_COUNT];
} berm_dialects;

void berm_dialects_lower(berm_build *build);

/* --- lower of each sort --- */
void berm_vap_lower(berm_build *build, berm_dialect_doc *doc);
void berm_gatekeeper_lower(berm_build *build, berm_dialect_doc *doc);
void berm_kyverno_lower(berm_build *build, berm_dialect_doc *doc);
void berm_kyverno_cel_lower(berm_build *build, berm_dialect_doc *doc);

#endif
