/* The run side of the policy layer, shared by its files: the runner, a resource, a finding in
   the making.

     run.c       inputs -> documents -> targets
     listing.c   a document under a target -> resources
     resource.c  a resource's parts, its record, its derived resources
     judge.c     guardrails against one resource -> findings
     configuration.c  what the document says is configured
     finding.c   findings: texts, places
     evaluation.c, decider.c, witness.c, explain.c   one rule looked at closely */
#ifndef BERM_POLICY_RUNNER_H
#define BERM_POLICY_RUNNER_H

#include "base/parts.h"
#include "data/fast/lazy.h"
#include "data/fast/recycle.h"
#include "policy/evaluation.h"
#include "policy/index.h"
#include "policy/link_table.h"
#include "policy/seen.h"

/* Findings of one run; past limits.finding_count they are kept without the search for a witness. */
#define BERM_FINDINGS_MAX (1u << 20)

typedef enum berm_record {
#define BERM_RECORD(id, name) BERM_RECORD_##id,
#include "policy/record.def"
#undef BERM_RECORD
    BERM_RECORD_COUNT
} berm_record;

/* One resource while it is judged. Texts and cells live in the VM's space until the resource is
   done. */
typedef struct berm_resource {
    const struct berm_resource *parent; /* of a derived resource */
    uint32_t target;                    /* TARGET row, BERM_NO_ROW in tests */
    uint32_t input;
    uint32_t depth; /* derived from a derived from ..: 0 for listed ones */
    uint32_t action;
    berm_str kind, name, address, provider, module;
    berm_cell object, old_object, item, key, tags;
    berm_cell configured;               /* its configuration as it is written, or MISSING */
    berm_cell names, refers, may_refer; /* while links are looked for */
    uint32_t part;     /* of the configuration, BERM_NO_NAME: nothing is known of it */
    uint32_t entry;    /* in the links, BERM_NO_ENTRY_ROW: none */
    bool configurable; /* its target tells configurations */
    berm_cell record;  /* what expressions see as `resource`; MISSING until somebody asks */
    bool sensitive;    /* some of its values must not be shown, nor the text they are written in */
    bool joined;       /* it was asked for resources that may be in other documents */
    bool matched;      /* some guardrail looked at it or a part of it */
} berm_resource;

/* What a document says is configured: a part for each name, instance keys ([0], ["a"]) left out. */
typedef struct berm_configured {
    berm_cell object, each; /* what is written, or MISSING; what `each` of it stands for */
    berm_str scope;         /* where its references stand */
    bool through;           /* no resource: it hands on what it refers to */
} berm_configured;
typedef struct berm_configuration {
    berm_name_table names;
    BERM_ARRAY(berm_configured) parts;
    berm_text plain; /* scratch: a name without keys */
} berm_configuration;

/* A document that a run reads: the input's own, or our second reading of it under the target's
   YAML schema. */
typedef struct berm_run_doc {
    const berm_doc *doc;
    berm_doc *own; /* read from the input's text */
    berm_doc *reread;
    berm_lines lines;
    berm_cell entry_item; /* the entry whose place was asked for last, and where it is */
    berm_span entry;
    uint16_t store;
} berm_run_doc;

#if BERM_PART_GOVERNANCE
/* What the resources of an input were before; found by kind and address. */
typedef struct berm_before_item {
    berm_resource resource;
    bool met; /* it is still there */
} berm_before_item;
typedef struct berm_before {
    BERM_ARRAY(berm_before_item) items;
    uint32_t *slots; /* open addressing into items, index + 1 */
    uint32_t slot_count;
    bool recording, active; /* they are being listed; they are known */
} berm_before;
#endif

struct berm_runner {
    berm_alloc own_alloc;
    const berm_alloc *alloc; /* own_alloc */
    berm_limits limits;
    uint64_t
        rules_cost_left; /* what the validations of a guardrail may cost yet; UINT64_MAX: no sum */
    berm_vm vm;
    berm_plans plans;
    berm_policy *policy; /* bound; a reference is held */
    const berm_run *run;
    BERM_ARRAY(berm_run_doc) docs;
    berm_line_marks marks; /* memory for those of the next document */
#if BERM_PART_FAST
    berm_recycle recycle; /* memory of documents that are read for a run */
#endif
    berm_lazy lazy; /* of the input's text, where there is one input and that is a text */
    berm_configuration configuration; /* of the document that is read */
    berm_resource *judged;            /* what expressions see */
    berm_links links[2]; /* of the document that is read; of all, for targets that join the run */
    berm_cell limited;   /* the error of a part of the entry that went over a limit, or MISSING */
    bool indexing;       /* resources are listed to find their links, not to be judged */
    const struct berm_test_case *test; /* an inline test runs */
    berm_decision decision;
    berm_seen seen;   /* addresses of the input's resources */
    uint64_t salt;    /* of hashes of what documents name */
    berm_arena texts; /* of the decision's findings */
    berm_arena names; /* what lives as long as the runner */
    berm_str record_text;
    berm_text message, explanation;               /* scratch */
    berm_evaluation evaluation;                   /* the one that was looked at closely last */
    berm_cell record_keys[BERM_RECORD_COUNT + 2]; /* in record_store; and object, oldObject */
    berm_store record_store;
    uint16_t record_store_id;
    _Atomic uint32_t interrupted;
#if BERM_PART_GOVERNANCE
    berm_before before;
#endif
#if BERM_PART_FUSED
    uint32_t bound; /* the VM's scene whose resource is in the slots */
#endif
};

/* --- run.c --- */
/* A fresh start of the VM for `policy`: nothing of the last call remains. */
berm_status berm_runner_begin(berm_runner *runner, const berm_policy *policy, berm_time now);
/* Empties the slots of the resource that was judged last: its values are gone. */
void berm_runner_clear(berm_runner *runner);
/* Runs an optional part's block; MISSING when there is none. */
berm_status berm_runner_part(berm_runner *runner, uint32_t block, berm_cell *out);
/* Is it an error that tells of a limit, and nothing of the document? Other errors of a part may
   mean that there is none; this one must not, or what costs enough would be passed over. */
bool berm_runner_limited(berm_cell c);

/* --- listing.c --- */
berm_status berm_runner_list(berm_runner *runner, uint32_t input, uint32_t target, berm_cell root);
/* Marks what is sensitive in a whole document, the slot `input` being the document: as its target
   says; where that only says it of single resources, all of it. */
berm_status berm_runner_hide(berm_runner *runner, uint32_t target, berm_cell *root);
/* Lists the resources for their links. */
berm_status berm_runner_index(berm_runner *runner, uint32_t input, uint32_t target, berm_cell root);

/* --- configuration.c --- */
void berm_configuration_clear(berm_configuration *configuration);
/* What is configured as `scope` and `name` together; both live as long as the document. */
berm_status berm_configuration_add(berm_runner *runner, berm_str scope, berm_str name,
                                   const berm_configured *part);
/* The part of a name; BERM_NO_NAME when nothing is known of it. */
uint32_t berm_configuration_find(berm_runner *runner, berm_str name);
/* A name without instance keys, as a string; no memory: MISSING. */
berm_cell berm_configuration_plain(berm_runner *runner, berm_str name);
/* The mask of unknowns without those that are there only because the provider fills in what
   nobody configured. `shape`: see there. */
berm_cell berm_configuration_mask(berm_runner *runner, berm_cell configured, berm_cell mask,
                                  berm_cell shape);
/* configured('name'): does the configuration say something of this attribute? */
berm_cell berm_configuration_ask(berm_runner *runner, berm_str name);

/* --- links.c --- */
void berm_links_init(berm_links *links, const berm_alloc *alloc);
void berm_links_clear(berm_links *links);
void berm_links_free(berm_links *links);
bool berm_links_asked(const berm_runner *runner, const berm_img_join *join, uint32_t target,
                      berm_str kind);
/* A listed resource becomes an entry; its values must stay. */
berm_status berm_links_add(berm_runner *runner, berm_links *links, berm_resource *resource);
/* All are there: follows their references. */
berm_status berm_links_finish(berm_runner *runner, berm_links *links);
/* linked(kind), or all: resources(kind). */
berm_cell berm_links_ask(berm_runner *runner, bool all, berm_str kind);
/* An entry refers to all that have the name; to one, for certain; to somebody with that name,
   perhaps; to anything, perhaps. */
berm_status berm_links_meet(berm_runner *runner, berm_links *links, uint32_t entry, uint32_t name);
berm_status berm_links_join(berm_links *links, uint32_t from, uint32_t to);
void berm_links_suspect(berm_links *links, uint32_t entry, uint32_t name);
void berm_links_suspect_all(berm_links *links, uint32_t entry);

/* --- references.c --- */
berm_status berm_references_follow(berm_runner *runner, berm_links *links, uint32_t entry);

/* --- test_run.c --- */
/* What a test says that linked() and resources() give. */
berm_cell berm_test_ask(berm_runner *runner, bool all, const berm_img_join *join);

/* --- resource.c --- */
/* What expressions see as `resource`; in lists of linked ones with object and oldObject. */
berm_cell berm_resource_record(berm_runner *runner, const berm_resource *resource, bool joined);
void berm_resource_bind(berm_runner *runner, berm_resource *resource);
/* Of resources of one kind, action and address in one input the second gets " (2)" behind its
   address, and so on. */
berm_status berm_resource_number(berm_runner *runner, berm_resource *resource);
/* Judge a resource and everything derived from it. */
berm_status berm_resource_visit(berm_runner *runner, berm_resource *resource);

/* --- judge.c --- */
berm_status berm_judge(berm_runner *runner, berm_resource *resource, uint32_t guardrail);
#if BERM_PART_FUSED
/* Counts those, from the first on, of which it is plain that a match condition closes them; how
   many. */
uint32_t berm_judge_closed(berm_runner *runner, berm_resource *resource, const uint32_t *guardrails,
                           uint32_t count);
#endif

/* --- finding.c --- */
typedef struct berm_verdict_in {
    const berm_resource *resource;
    uint32_t guardrail, rule; /* rows; rule may be BERM_NO_ROW */
    uint32_t verdict;
    berm_cell element, element_key; /* under each; MISSING otherwise */
    berm_cell result;  /* what the validation gave: an error's text becomes the message */
    berm_cell witness; /* the document node to point at, or MISSING */
    uint32_t decider;  /* row of the runner's evaluation, plus 1; 0: there is none */
    berm_str message;  /* empty: none */
    uint64_t cost;
    bool explained; /* kept whatever the verdict, with runner->explanation */
    bool aside;     /* no verdict of the decision: not counted */
} berm_verdict_in;
/* Counts the verdict and keeps (or streams) a finding where the run asks for it. */
berm_status berm_finding_add(berm_runner *runner, const berm_verdict_in *in);

#if BERM_PART_GOVERNANCE
/* --- governance/before.c --- */
berm_status berm_before_add(berm_runner *runner, const berm_resource *resource);
berm_status berm_before_document(berm_runner *runner, uint32_t input, uint32_t target,
                                 berm_cell root);
/* Gives a resource its oldObject and action; `address` is how it is known, "" the document. */
void berm_before_match(berm_runner *runner, berm_resource *resource, berm_str address);
/* Judges what is gone. */
berm_status berm_before_finish(berm_runner *runner);
void berm_before_clear(berm_runner *runner);
void berm_before_free(berm_runner *runner);
#endif

/* --- witness.c --- */
/* Fills f->witness from row of the runner's evaluation. False when memory ends. */
bool berm_witness_write(berm_runner *runner, uint32_t row, berm_finding *f);
/* A value in short, an error in words; nothing sensitive. */
void berm_branch_print_value(berm_text *out, const berm_space *space, berm_cell value);

static inline bool berm_runner_reads(const berm_runner *runner)
{
    return runner->policy->index->reads_resource;
}

static inline berm_links *berm_runner_links(berm_runner *runner, uint32_t target)
{
    return &runner->links[runner->policy->image.targets[target].joins_run];
}

#endif
