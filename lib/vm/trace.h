/* What a run did, instruction by instruction: what explanations and witnesses are read from. Only a
   run with vm->trace set records; others dispatch past it. */
#ifndef BERM_VM_TRACE_H
#define BERM_VM_TRACE_H

#include "vm/vm.h"

/* A run with more events than these is recorded up to here. */
#define BERM_TRACE_EVENTS_MAX 65536u

typedef struct berm_trace_event {
    uint32_t word;   /* of the instruction, in the image's code */
    uint32_t looked; /* how many nodes of documents had been looked at then */
    uint32_t depth;  /* of its frame: 0 for the block that was run */
    berm_cell value; /* what it gave; MISSING where a call begins; of NEXT the first variable */
    berm_cell other; /* the node that was looked at last; of NEXT the second variable */
} berm_trace_event;

struct berm_trace {
    BERM_ARRAY(berm_trace_event) events;
    bool whole; /* also the iterations that a loop went past, none of which decided anything */
    uint32_t looked;
    berm_cell node; /* the one that was looked at last, or MISSING */
    const berm_ins *last;
    const berm_frame *frame;
};

/* Empty, ready for a run. */
void berm_trace_begin(struct berm_trace *trace, bool whole);
void berm_trace_free(struct berm_trace *trace, const berm_alloc *alloc);

/* The value was looked at: remembered as the last one, if it is a node of a document. */
void berm_trace_look(berm_vm *vm, berm_cell node);

/* Before the instruction at `ip` runs in `frame`: records the one before it. */
void berm_trace_step(berm_vm *vm, const berm_frame *frame, const berm_ins *ip);

#endif
