/* The policy set and its evaluation: between the compiled image and the public API. */
#ifndef BERM_POLICY_POLICY_H
#define BERM_POLICY_POLICY_H

#include "code/image_order.h"
#include "data/doc.h"
#include "vm/vm.h"

#include <stdatomic.h>

typedef enum berm_slot {
#define BERM_SLOT(id, name, where) BERM_SLOT_##id,
#include "policy/slots.def"
#undef BERM_SLOT
    BERM_SLOT_COUNT
} berm_slot;

struct berm_policy_index; /* index.h: target and kind -> guardrails */

/* Bytes that are somebody else's. */
typedef struct berm_loan {
    bool lent;                  /* and not a copy of them */
    void (*release)(void *ctx); /* may be NULL */
    void *ctx;
} berm_loan;

struct berm_policy {
    _Atomic uint32_t refs;
    berm_alloc alloc;
    const unsigned char *bytes;
    size_t len;
    berm_loan loan;
    berm_image image;
    struct berm_policy_index *index;
    /* block of a BERM_ROLE_EXPRESSION source: the first rule of the guardrail whose id is
       "@expression" (it matches no kind), or BERM_NO_ROW */
    uint32_t expression;
    berm_hosts
        *hosts; /* of the engine it was made by: what inline tests call; a reference or NULL */
};

/* What an engine lends to compiling. */
typedef struct berm_build_terms {
    const berm_alloc *alloc;
    const berm_limits *limits; /* NULL: the defaults */
    const berm_hosts *hosts;   /* NULL: no functions of the host */
    bool lint;                 /* look for more than faults (authoring/lint.h) */
} berm_build_terms;

/* --- compile.c (loader side): sources to image bytes. All diagnostics of the set in one run;
   E_POLICY when any is an error. Built-in targets and kinds come first unless
   BERM_COMPILE_NO_BUILTINS. --- */
berm_status berm_policy_build(const berm_build_terms *terms, const berm_compile_input *input,
                              berm_diags *diags, unsigned char **bytes, size_t *len,
                              berm_error *err);

/* --- set.c: the policy object; from bytes to a policy that runs. They are the policy's also on
   failure: freed, or, where they are lent, given back. --- */
berm_status berm_policy_from_bytes(const berm_alloc *alloc, const unsigned char *bytes, size_t len,
                                   berm_loan loan, berm_policy **out, berm_error *err);
/* Does a guardrail join resources of all documents of a run? */
bool berm_policy_joins_run(const berm_policy *policy);

/* The policy as a file has it (code/image_order.h): its own bytes, or, where they have to be
   turned, others of the same length. NULL: no memory. */
#if BERM_IMAGE_TURNED
unsigned char *berm_policy_turn(const berm_policy *policy);
#endif
static inline const unsigned char *berm_policy_saved(const berm_policy *policy)
{
#if BERM_IMAGE_TURNED
    return berm_policy_turn(policy);
#else
    return policy->bytes;
#endif
}
static inline void berm_policy_saved_end(const berm_policy *policy, const unsigned char *bytes)
{
#if BERM_IMAGE_TURNED
    berm_mem_free(&policy->alloc, (void *)(uintptr_t)bytes, policy->len);
#else
    (void)policy;
    (void)bytes;
#endif
}
/* Before the policy is handed out. */
void berm_policy_set_hosts(berm_policy *policy, berm_hosts *hosts);
berm_policy *berm_policy_hold(const berm_policy *policy); /* NULL is allowed */
void berm_policy_unhold(berm_policy *policy);

/* --- run.c: the decision --- */
typedef struct berm_runner berm_runner; /* the VM and all scratch memory of one berm_eval */
berm_status berm_runner_new(const berm_alloc *alloc, const berm_limits *limits, berm_runner **out);
void berm_runner_free(berm_runner *runner);
berm_vm *berm_runner_vm(berm_runner *runner);
berm_status berm_runner_run(berm_runner *runner, const berm_run *run, const berm_decision **out,
                            berm_error *err);
berm_status berm_runner_call(berm_runner *runner, const berm_policy *policy,
                             const berm_doc *document, berm_time now, berm_cell *out,
                             berm_error *err);

/* A status of the runner in words: into `err`, and returned. */
berm_status berm_runner_explain(const berm_runner *runner, berm_status status, berm_error *err);

/* --- test_run.c: the guardrails' inline tests --- */
berm_status berm_policy_run_tests(berm_runner *runner, const berm_policy *policy,
                                  int (*on_result)(void *ctx, const berm_test_result *result),
                                  void *ctx, berm_error *err);

struct berm_decision {
    BERM_ARRAY(berm_finding) findings;
    berm_summary summary;
    BERM_ARRAY(const berm_doc *) docs; /* one for each input, those that the run read among them */
};

#endif
