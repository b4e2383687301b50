/* Recording what a run did. */
#include "vm/trace.h"

#include "vm/exec.h"

void berm_trace_begin(struct berm_trace *trace, bool whole)
{
    trace->events.count = 0;
    trace->whole = whole;
    trace->looked = 0;
    trace->node = berm_cell_of(BERM_TAG_MISSING);
    trace->last = NULL;
}

void berm_trace_free(struct berm_trace *trace, const berm_alloc *alloc)
{
    berm_array_free(alloc, &trace->events);
}

/* Tags whose aux is the span of a node. */
static bool has_span(berm_cell node)
{
    switch (node.tag) {
    case BERM_TAG_NULL:
    case BERM_TAG_BOOL:
    case BERM_TAG_INT:
    case BERM_TAG_UINT:
    case BERM_TAG_DOUBLE:
    case BERM_TAG_STRING:
    case BERM_TAG_BYTES:
    case BERM_TAG_LIST:
    case BERM_TAG_MAP:
    case BERM_TAG_SET:
    case BERM_TAG_UNKNOWN: return node.aux != BERM_NO_SPAN;
    default: return false;
    }
}

void berm_trace_look(berm_vm *vm, berm_cell node)
{
    if (node.store <= BERM_STORE_IMAGE || !has_span(node)) return;
    vm->trace->node = node;
    vm->trace->looked++;
}

static void add_event(berm_vm *vm, const berm_frame *frame, const berm_ins *ip, berm_cell value,
                      berm_cell other)
{
    struct berm_trace *trace = vm->trace;
    berm_trace_event event = {.word = (uint32_t)(ip - vm->image->code),
                              .looked = trace->looked,
                              .depth = (uint32_t)(frame - vm->frames),
                              .value = value,
                              .other = other};
    if (trace->events.count >= BERM_TRACE_EVENTS_MAX) return;
    if (!berm_array_push(vm->space.alloc, &trace->events, event))
        berm_space_fail(&vm->space, BERM_E_NOMEM);
}

/* An iteration that left the loop as it was, whatever it looked at, is forgotten: it is the last
   event, the state of the loop or what was pushed, that tells. */
static void forget_iteration(berm_vm *vm, const berm_frame *frame, const berm_ins *loop)
{
    struct berm_trace *trace = vm->trace;
    uint32_t next = frame->block->code + loop->w, depth = (uint32_t)(frame - vm->frames);
    uint32_t at = trace->events.count;
    if (trace->whole || at == 0 || at >= BERM_TRACE_EVENTS_MAX ||
        berm_cell_undecided(trace->events.items[at - 1].value))
        return;
    while (at-- > 0) {
        const berm_trace_event *e = &trace->events.items[at];
        if (e->word == next && e->depth == depth) {
            trace->events.count = at;
            return;
        }
    }
}

/* The register that has the outcome of `ins`, now that the run goes on at `ip`; NULL for none. */
static const berm_cell *find_outcome(const berm_frame *frame, const berm_ins *ins,
                                     const berm_ins *ip)
{
    const berm_cell *regs = frame->registers;
    switch (ins->op) {
    case BERM_OP_NOP:
    case BERM_OP_JUMP:
    case BERM_OP_MARK:
    case BERM_OP_LOOP: return NULL;
    case BERM_OP_COND: return regs[ins->a].tag == BERM_TAG_BOOL ? NULL : &regs[ins[1].a];
    case BERM_OP_ITER: return ip == ins + 2 ? NULL : &regs[ins[1].a];
    case BERM_OP_LIST:
        return ins->a == ins->b ? NULL : &regs[ins->a]; /* of its own mark: scratch */
    default: return &regs[ins->a];
    }
}

static void record_step(berm_vm *vm, const berm_frame *frame, const berm_ins *ins,
                        const berm_frame *now, const berm_ins *ip)
{
    berm_cell node = vm->trace->node;
    if (now > frame) { /* a call begins */
        add_event(vm, frame, ins, berm_cell_of(BERM_TAG_MISSING), node);
    } else if (now < frame) {
        const berm_ins *call = frame->from;
        add_event(vm, now, call, now->registers[call->a], node);
    } else if (ins->op == BERM_OP_NEXT) {
        const berm_cell *regs = frame->registers;
        if (ip == ins + 2) add_event(vm, frame, ins, regs[ins->b], regs[ins->c]);
    } else if (ins->op == BERM_OP_LOOP) {
        forget_iteration(vm, frame, ins);
    } else {
        const berm_cell *outcome = find_outcome(frame, ins, ip);
        if (outcome) add_event(vm, frame, ins, *outcome, node);
    }
}

void berm_trace_step(berm_vm *vm, const berm_frame *frame, const berm_ins *ip)
{
    struct berm_trace *trace = vm->trace;
    if (trace->last) record_step(vm, trace->frame, trace->last, frame, ip);
    trace->last = ip;
    trace->frame = frame;
}
