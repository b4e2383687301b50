/* What governs a policy set: packs with profiles, parameter files, waivers, frameworks of controls
   and mappings onto them. Documents are gathered while the files are loaded; values and overrides
   are bound before anything is compiled, rows are written after all guardrails have theirs. */
#ifndef BERM_POLICY_GOVERNANCE_GOVERNANCE_H
#define BERM_POLICY_GOVERNANCE_GOVERNANCE_H

#include "policy/model.h"

/* Documents of one sort, in the order of the sources. */
typedef struct berm_governed {
    struct berm_governed *next;
    berm_part at;
    uint32_t row; /* of FRAMEWORK, once it is written */
} berm_governed;
typedef struct berm_governed_list {
    berm_governed *first, **end;
    uint32_t count;
} berm_governed_list;

/* Where a value of a guardrail comes from that is not its own: ORIGIN rows. */
enum { BERM_ORIGIN_SEVERITY, BERM_ORIGIN_ENFORCEMENT, BERM_ORIGIN_PARAMETER };
typedef struct berm_origin {
    struct berm_origin *next;
    const berm_guardrail_def *guardrail;
    uint32_t rule; /* of its validations; BERM_NO_ROW: a parameter */
    uint32_t field;
    berm_str name, by; /* of the parameter; who says so */
    berm_part value;
    bool kept;
} berm_origin;

typedef struct berm_governance {
    berm_governed_list packs, waivers, frameworks, mappings, values;
    berm_origin *origins, **origins_end;
} berm_governance;

/* --- governance.c --- */
/* The build's, made on first use; NULL: no memory (sticky). */
berm_governance *berm_governance_of(berm_build *build);
/* Adds a document; NULL: no memory (sticky). */
berm_governed *berm_governance_keep(berm_build *build, berm_governed_list *list, berm_part at);
/* A document of a file of waivers or parameters. */
void berm_governance_file(berm_build *build, berm_part document);
/* Overrides and values, between the defaults of parameters and their use. */
void berm_governance_bind(berm_build *build, berm_str profile);
/* The rows of everything, after those of all guardrails. */
void berm_governance_assemble(berm_build *build);
/* Does one of the globs of a list of texts match? */
bool berm_globs_match(berm_part list, berm_str text);
/* B0550 for each element of `list` that is none of the set's guardrails. */
void berm_globs_check(berm_build *build, berm_part list);
bool berm_text_is_glob(berm_str text);

/* --- pack.c, parameter_file.c --- */
void berm_pack_load(berm_build *build, berm_part document);
void berm_packs_apply(berm_build *build, berm_str profile);
/* What waivers may be where a guardrail does not say; absent: anything. */
berm_part berm_packs_waivable(const berm_build *build);
void berm_values_apply(berm_build *build);
/* Gives a guardrail's parameter a value, and notes who said so. */
void berm_value_set(berm_build *build, berm_guardrail_def *guardrail, berm_part map, uint32_t index,
                    berm_str by);

/* --- origins.c --- */
void berm_origin_add(berm_build *build, berm_origin origin);
void berm_origins_assemble(berm_build *build);

/* --- waiver_load.c --- */
void berm_waiver_load(berm_build *build, berm_part document);
void berm_waivers_assemble(berm_build *build);

/* --- framework.c --- */
void berm_framework_load(berm_build *build, berm_part document);
void berm_mapping_load(berm_build *build, berm_part document);
/* Ids against their frameworks' patterns. */
void berm_frameworks_check(berm_build *build);
void berm_frameworks_assemble(berm_build *build);
/* The controls that a guardrail says it is about and those that mappings say, each once: a list of
   {framework, version, id}. */
berm_cell berm_controls_of(berm_build *build, const berm_guardrail_def *guardrail);

#endif
