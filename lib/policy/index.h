/* From the tables of an image to "what applies to this kind of resource".

   The index is part of the policy: every MATCH row as a matcher, exact ones sorted by the hash
   of their kind, globs in a list. A plan is part of a runner: the answer for one (target, kind),
   worked out on first sight and kept, so a resource costs one table look-up however many
   guardrails there are. */
#ifndef BERM_POLICY_INDEX_H
#define BERM_POLICY_INDEX_H

#include "policy/policy.h"

typedef enum berm_owner { BERM_OWNER_GUARDRAIL, BERM_OWNER_KIND } berm_owner;

typedef struct berm_matcher {
    uint64_t hash;         /* of kind; exact matchers only */
    berm_str target, kind; /* target "": any */
    berm_str kinds_of;     /* of that target: where its resources' kinds are described */
    berm_owner owner;
    uint32_t row; /* of the guardrail or derived kind */
} berm_matcher;

struct berm_policy_index {
    BERM_ARRAY(berm_matcher) exact; /* sorted by hash, then owner and row */
    BERM_ARRAY(berm_matcher) globs;
    bool *kind_wanted; /* per KIND row: some guardrail can be reached through it */
    uint32_t kind_count;
    bool *listing_reads_path; /* per LISTING row: some part mentions `path` or `parents` */
    uint32_t listing_count;
    /* The rest of the lists is there with the part `fast` alone. Per LISTING row: its `where` looks
       at the whole document and at nothing else. */
    bool *listing_asks_once;
    /* Members of the root at which the path of some listing begins: sure to be looked at, where
       they are there. */
    BERM_ARRAY(berm_str) eager;
    uint32_t *eager_ends; /* per TARGET row: behind its own */
    uint32_t target_count;
    bool reads_resource; /* some expression mentions `resource` */
};

/* Kinds more than this many levels below a resource are not derived: kinds refer to kinds in no
   circle, so only a set that nests deeper than anyone would is cut, with a diagnostic while it
   is compiled. */
#define BERM_KIND_DEPTH_MAX 16u
#define BERM_KIND_COUNT_MAX 4096u

/* The kind of the whole document; matched by name alone, never by a glob. */
#define BERM_KIND_DOCUMENT "document"

struct berm_policy_index *berm_index_new(const berm_alloc *alloc, const berm_image *image);
void berm_index_free(const berm_alloc *alloc, struct berm_policy_index *index);

/* --- plans --- */
typedef struct berm_plan {
    uint32_t target; /* TARGET row or BERM_NO_ROW */
    bool derived;
    uint64_t hash;
    berm_str kind;                      /* owned by the plans' arena */
    const uint32_t *guardrails, *kinds; /* rows in ascending order */
    uint32_t guardrail_count, kind_count;
} berm_plan;

typedef struct berm_plans {
    const berm_alloc *alloc;
    const berm_policy *policy;
    berm_arena arena;
    BERM_ARRAY(berm_plan) plans;
    uint32_t *slots;           /* open addressing into plans, index + 1 */
    uint32_t slot_count;       /* a power of two */
    uint64_t salt;             /* kinds are what documents say */
    BERM_ARRAY(uint32_t) rows; /* scratch */
} berm_plans;

void berm_plans_init(berm_plans *plans, const berm_alloc *alloc);
void berm_plans_free(berm_plans *plans);
/* Forget everything: the next plans are for `policy`. */
void berm_plans_bind(berm_plans *plans, const berm_policy *policy);
/* The plan for a kind under a target; NULL: no memory. Valid until the next call of
   berm_plans_bind or _find. */
const berm_plan *berm_plans_find(berm_plans *plans, uint32_t target, berm_str kind, bool derived);

#endif
