/* The model: what a policy set says, whatever syntax said it. Loaders fill it from YAML
   (dialects will from theirs), the emitter turns it into an image. Everything is in the build's
   arena. */
#ifndef BERM_POLICY_MODEL_H
#define BERM_POLICY_MODEL_H

#include "base/parts.h"
#include "policy/expr.h"
#include "policy/name_table.h"
#include "policy/param_type.h"

typedef struct berm_named_expr {
    berm_str name;
    berm_part at; /* the mapping that says so */
    berm_expr expr;
} berm_named_expr;
typedef BERM_LIST(berm_named_expr) berm_named_exprs;

/* A type with its restrictions, from a `parameter` document or a guardrail's `parameters`. */
typedef struct berm_parameter_def {
    berm_str name, use; /* use: the shared parameter that says the rest */
    berm_part at;
    const berm_param_type *type; /* NULL: malformed, reported */
    berm_param_rules rules;
    berm_part fallback; /* `default` */
    berm_cell value;    /* what expressions see, in the build's space; MISSING when there is none */
} berm_parameter_def;
typedef BERM_LIST(berm_parameter_def) berm_parameter_defs;

typedef struct berm_match_def {
    berm_str target; /* empty: any */
    berm_part kinds; /* a list of globs */
    bool everything; /* all kinds of all targets, whatever `kinds` says */
    uint32_t actions;
    berm_part at;
} berm_match_def;

typedef struct berm_validation_def {
    berm_str name;
    berm_part at;
    uint32_t severity, enforcement;
    berm_expr each, expression, message;
    /* Of other dialects: an expression for the message, what is shown where that gives none, and
       whether `expression` gives a text to note instead of a verdict. */
    berm_expr message_expression;
    berm_str fallback;
    bool annotation;
    berm_str reason; /* what Kubernetes answers a client with; empty: not of its policies */
} berm_validation_def;

typedef struct berm_test_def {
    berm_str name;
    berm_part at, params;
} berm_test_def;

typedef struct berm_guardrail_def {
    berm_str id, title, description, category, remediation, url;
    uint32_t severity, enforcement;
    bool on_unknown_fail;
    berm_part at, controls, waivable;
    berm_match_def match;
    berm_named_exprs conditions, variables;
    berm_parameter_defs parameters;
    BERM_LIST(berm_validation_def) validations;
    BERM_LIST(berm_test_def) tests;
    const struct berm_admission *admission; /* BERM_IS_FOREIGN: dialects/admission.h */
} berm_guardrail_def;

/* Is it of another dialect? Never in a build without them. */
#define BERM_IS_FOREIGN(guardrail) (BERM_PART_DIALECTS && (guardrail)->admission)

typedef struct berm_kind_def {
    berm_str name;
    berm_part at;
    berm_match_def of;
    berm_expr each, item_name, object;
    berm_named_exprs fields; /* the object, field by field, where it is not one expression */
} berm_kind_def;

typedef struct berm_listing_def {
    berm_part at;
    berm_expr path, where, kind, name, address, object, old_object, unknown, sensitive,
        old_sensitive, tags, action, provider, module, request, configured, names, refers,
        may_refer;
} berm_listing_def;

/* A part of a document's configuration. */
typedef struct berm_node_def {
    berm_expr path, where, name, scope, object, each;
} berm_node_def;
typedef BERM_LIST(berm_node_def) berm_node_defs;

typedef struct berm_target_def {
    berm_str name, title, kinds_of;
    berm_part at, bare_kinds, values, references;
    bool fallback, nulls_missing, yaml_11, joins_run;
    berm_expr detect, complete, sensitive;
    BERM_LIST(berm_listing_def) listings;
    berm_node_defs nodes, through;
} berm_target_def;

typedef struct berm_model {
    BERM_ARRAY(berm_guardrail_def *) guardrails;
    BERM_ARRAY(berm_kind_def *) kinds;
    BERM_ARRAY(berm_target_def *) targets;
    BERM_ARRAY(berm_parameter_def *) parameters;
    BERM_ARRAY(const berm_policy_file *) expressions;
    berm_name_table guardrail_names, target_names, parameter_names;
    berm_part prelude; /* the built-in document `expressions`: what stands behind dialects */
    BERM_ARRAY(berm_part) foreign;      /* documents of other dialects, .. */
    struct berm_dialects *dialects;     /* .. as they are lowered; NULL when there are none */
    struct berm_governance *governance; /* packs, waivers, ..; NULL when there are none */
} berm_model;

void berm_model_init(berm_model *model, const berm_alloc *alloc);
void berm_model_free(berm_model *model, const berm_alloc *alloc);

berm_target_def *berm_model_target(const berm_model *model, berm_str name);
berm_parameter_def *berm_model_parameter(const berm_model *model, berm_str name);
/* What says the type of a guardrail's parameter: the shared one that it uses, or itself. NULL:
   there is none of that name (reported when values are bound). */
const berm_parameter_def *berm_parameter_definition(const berm_model *model,
                                                    const berm_parameter_def *parameter);
berm_parameter_def *berm_parameter_find(const berm_parameter_defs *parameters, berm_str name);

/* "is already defined at": B0507 at `at`, naming the place of the first definition. */
void berm_model_twice(berm_build *build, const char *what, berm_part at, berm_part first);

#endif
