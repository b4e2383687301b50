/* The evaluator. One berm_vm belongs to one thread; it runs blocks of an image over the
   documents in its space.

     vm_init -> bind(image) -> per call: begin, add documents -> per resource: set slots, scope,
     run blocks
   Values it returns are in the space and live until the space is released past them or reset. */
#ifndef BERM_VM_VM_H
#define BERM_VM_VM_H

#include "base/text.h"
#include "code/host.h"
#include "code/image.h"
#include "data/ops.h"

#include <stdatomic.h>

#define BERM_SLOT_MAX 64u

typedef struct berm_memo {
    berm_cell value;
    uint64_t cost;
    uint32_t generation;
} berm_memo;

/* A block that runs. Registers of a frame start where those of its caller end. */
typedef struct berm_frame {
    const berm_ins *from; /* the CALL or ONCE in the caller's code; NULL in the first frame */
    const berm_img_block *block;
    berm_cell *registers;
    uint64_t cost; /* what the rule had cost before this frame */
} berm_frame;

/* What functions ask of whoever runs the VM. */
typedef enum berm_question {
    BERM_ASK_CONFIGURED,
    BERM_ASK_LINKED,
    BERM_ASK_RESOURCES
} berm_question;

typedef struct berm_vm {
    berm_space space;
    const berm_image *image;
    berm_cell *registers; /* image->register_count */
    uint32_t register_cap;
    berm_frame *frames;
    uint32_t frame_cap;
    berm_text scratch;           /* memory for the text that is made next: exec.h */
    BERM_ARRAY(berm_cell) stack; /* the value stack: lists and maps being built */
    berm_memo *memos;            /* per block */
    uint32_t memo_cap;
    uint32_t generation; /* of memos; a new scope raises it */
    berm_cell slots[BERM_SLOT_MAX];
    uint64_t cost, cost_limit; /* of the rule that runs */
    /* looked at on back-edges, calls and in long work; non-zero stops; may be NULL */
    _Atomic uint32_t *interrupt;
    int (*poll)(void *ctx); /* the host's own, at the same places; non-zero stops; may be NULL */
    void *poll_ctx;
    uint64_t poll_at; /* both are asked again once the fuel has sunk to this */
    berm_time now;
    /* The TZif bytes (RFC 8536) of a zone; 0 when there is such a zone. The bytes are borrowed
       and stay for the call. */
    int (*zone)(void *ctx, berm_str name, berm_str *tzif);
    void *zone_ctx;
    /* The answer about the resource that is judged; MISSING: there is none. May be NULL. */
    berm_cell (*ask)(void *ctx, berm_question question, berm_str about);
    void *ask_ctx;
    berm_limits limits;       /* for texts that json.parse reads */
    struct berm_trace *trace; /* trace.h: where to record what the next runs do, or NULL */
    /* a map member that is null in a document counts as absent (targets with `nulls: missing`) */
    bool nulls_missing;
    /* has(), .? and [?] find nothing in null and scalars, or() and orValue() of what is no
       optional give it: else errors, but so Kubernetes runs cel-go */
    bool loose_presence;
    struct berm_regex_cache *regexes;
    const berm_hosts *hosts; /* set before binding; may be NULL */
    uint32_t *host_links;    /* per HOST row of the image: 1 + number of the function, 0: none */
    uint32_t host_link_cap;
    struct berm_host_calls *calls; /* host.h; NULL until the first */
    bool again; /* berm_vm_begin keeps what host functions gave and were answered */
#if BERM_PART_FUSED
    struct berm_fused *fused; /* fused/fused.h; NULL until it is used */
    uint32_t scene; /* raised when slots or the values in them change, besides being looked at */
    bool plain;     /* the fused program is left alone */
#endif
} berm_vm;

/* `limits` has all fields resolved. */
void berm_vm_init(berm_vm *vm, const berm_alloc *alloc, const berm_limits *limits);
void berm_vm_free(berm_vm *vm);

/* Make ready to run blocks of `image` (which outlives the binding). E_NOMEM. */
berm_status berm_vm_bind(berm_vm *vm, const berm_image *image);
/* Start a call: resets the space, slots and memos; the image's store is added as
   BERM_STORE_IMAGE. */
berm_status berm_vm_begin(berm_vm *vm, uint64_t fuel);

/* Forget memoised blocks: call for each resource (and guardrail, if blocks are shared between
   none). */
void berm_vm_scope(berm_vm *vm);

/* Run one block with its cost counted from 0. The result is any value, error and unknown
   included, RULE_COST when it went over cost_limit. A status other than OK (E_NOMEM, E_LIMIT,
   E_FUEL, E_INTERRUPTED) means there is no result. */
berm_status berm_vm_run(berm_vm *vm, uint32_t block, berm_cell *result);
/* The same, by the fused program where that can say it: for blocks that come to a bool, whose
   result is looked at as a value alone. */
#if BERM_PART_FUSED
berm_status berm_vm_decide(berm_vm *vm, uint32_t block, berm_cell *result);
#else
#define berm_vm_decide berm_vm_run
#endif

#endif
