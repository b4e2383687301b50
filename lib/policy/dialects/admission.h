/* What the dialects of Kubernetes' admission policies come down to: a policy, bound to some
   requests, with one parameter object. Each such binding is a guardrail. */
#ifndef BERM_POLICY_DIALECTS_ADMISSION_H
#define BERM_POLICY_DIALECTS_ADMISSION_H

#include "policy/load.h"

/* What a guardrail of a dialect has besides. */
typedef struct berm_admission {
    const char *applies; /* the key of admission-policies.yaml that says to which requests */
    berm_part reaches;   /* where the policy says its kinds (reach.h) */
    berm_cell matches;   /* a list of what the policy and its binding want of a request */
    /* Namespaces (lists, or null): only in these; not in those. */
    berm_cell within, without;
    /* Kinds (a list, or null) that stand for Pods: the policy applies to these alone, as it would
       to a Pod. */
    berm_cell stands;
    berm_cell params; /* what expressions see under that name; null for none */
    bool errors_pass; /* failurePolicy: Ignore */
} berm_admission;

/* A policy as its dialect read it. */
typedef struct berm_admission_terms {
    berm_part at;    /* the document that the guardrail is called after */
    berm_part about; /* the one whose annotations tell people more */
    berm_str id;     /* of the guardrail */
    berm_part conditions, variables, validations, annotations; /* lists */
    berm_part param_kind, param_ref;                           /* paramKind, paramRef */
    berm_str space;       /* the namespace whose requests alone the policy is for; empty: of all */
    uint32_t enforcement; /* of validations that fail */
    /* Variables above those of the policy: their names and expressions in turn, then NULL. */
    const char *const *lead;
    /* Where the template is in what stands for a Pod: "spec.template."; NULL: nothing does. */
    const char *template;
    berm_admission admission;
} berm_admission_terms;

/* Terms that say nothing yet; `applies` as above. */
berm_admission_terms berm_admission_begin(berm_part at, const char *applies);
/* What specs that look like Kubernetes' say: conditions, variables, validations, annotations,
   failurePolicy. */
void berm_admission_read(berm_admission_terms *terms, berm_part spec);
/* Adds the guardrail to the model. */
void berm_admission_add(berm_build *build, const berm_admission_terms *terms);
/* One that fails wherever it applies: what is wrong is no matter of the request. */
void berm_admission_add_fault(berm_build *build, const berm_admission_terms *terms, berm_part at,
                              const char *name, berm_str message);

/* "first@second", in the build's arena; without the second where that is empty. */
berm_str berm_admission_id(berm_build *build, berm_str first, berm_str second);
/* A list of values, in the build's space. */
berm_cell berm_admission_list(berm_build *build, const berm_cell *values, uint32_t count);

#endif
