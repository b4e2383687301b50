/* The dispatch loop. Frames lie one behind the other in vm->registers; what CALL and ONCE need
   to come back is in vm->frames. Costs are summed in a local and brought home where somebody
   looks: on back-edges, calls and returns.

     registers  | frame 0 ...... | frame 1 ... | frame 2 ......... |
                ^ regs of 0      ^ of 1        ^ of 2, the one that runs */
#include "vm/exec.h"
#include "vm/fused/fused.h"
#include "vm/trace.h"

#if defined(__GNUC__) && !defined(BERM_SWITCH_DISPATCH)
#define COMPUTED_GOTO
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#define OP(name) op_##name:
#define DISPATCH() goto *dispatch[ip->op]
#define likely(x) __builtin_expect(!!(x), 1)
#else
#define OP(name) case BERM_OP_##name:
#define DISPATCH() goto next
#define likely(x) (x)
#endif

/* One instruction done, on to the next; `words` is its length. */
#define STEP(words) \
    do { \
        cost += ip->cost; \
        ip += (words); \
        DISPATCH(); \
    } while (0)
#define GOTO(label) \
    do { \
        cost += ip->cost; \
        ip = code + (label); \
        DISPATCH(); \
    } while (0)
/* The same behind a body that may have met the end of memory or fuel. */
#define STEP_CHECKED(words) \
    do { \
        if (!likely(vm->space.status == BERM_OK)) goto stop; \
        STEP(words); \
    } while (0)

#define A regs[ip->a]
#define B regs[ip->b]
#define C regs[ip->c]
#define WORD ((uint32_t)(ip - image_code))
/* Of what makes strings and containers. */
#define BOUNDED(value) berm_vm_bounded(vm, (value), WORD)
#define BOTH(tag_) (B.tag == (tag_) && C.tag == (tag_))
#define BOOL_FROM(x, from) \
    ((berm_cell){.tag = BERM_TAG_BOOL, \
                 .flags = (uint8_t)((from)&BERM_CELL_SENSITIVE), \
                 .aux = BERM_NO_SPAN, \
                 .as.u = (x)})
#define BOOL_OF_BC(x) BOOL_FROM(x, B.flags | C.flags)

/* An answer to b == c that needs no look at stores: -1 when one is needed. */
static inline int compare_quickly(berm_cell b, berm_cell c)
{
    if (b.tag != c.tag) return -1;
    switch (b.tag) {
    case BERM_TAG_BOOL:
    case BERM_TAG_INT:
    case BERM_TAG_UINT: return b.as.u == c.as.u;
    case BERM_TAG_STRING: return b.as.ref.len != c.as.ref.len ? 0 : -1;
    default: return -1;
    }
}

static berm_cell load_constant(const berm_image *image, uint32_t index)
{
    berm_cell constant = image->store.cells[index];
    constant.store = BERM_STORE_IMAGE;
    return constant;
}

/* Takes fuel and asks, now and then, whether to go on. */
static bool pass_gate(berm_vm *vm, uint64_t fuel)
{
    if (!berm_space_spend(&vm->space, fuel)) return false;
    return vm->space.fuel > vm->poll_at || berm_vm_poll(vm);
}

/* A frame for `block` above `caller`; NULL when the image promised less room than it needs. */
static berm_frame *enter_block(berm_vm *vm, berm_frame *caller, uint32_t block,
                               const berm_ins *from)
{
    const berm_img_block *row = &vm->image->blocks[block];
    berm_frame *frame = caller ? caller + 1 : vm->frames;
    berm_cell *registers =
        caller ? caller->registers + caller->block->register_count : vm->registers;
    if (frame >= vm->frames + vm->frame_cap ||
        (size_t)(vm->registers + vm->register_cap - registers) < row->register_count) {
        vm->space.status = BERM_E_INTERNAL;
        return NULL;
    }
    *frame = (berm_frame){from, row, registers, vm->cost};
    return pass_gate(vm, 1 + row->code_count) ? frame : NULL;
}

/* The memo of a block that ONCE ran in this scope already; its cost counts again. */
static const berm_memo *recall_block(berm_vm *vm, uint32_t block)
{
    const berm_memo *memo = &vm->memos[block];
    if (memo->generation != vm->generation) return NULL;
    vm->cost += memo->cost;
    return memo;
}

static bool is_over_cost(const berm_vm *vm)
{
    return vm->cost > vm->cost_limit;
}

static berm_cell fail_for_cost(berm_vm *vm, uint32_t word)
{
    return berm_value_error(&vm->space, BERM_ERR_RULE_COST, word, NULL, 0);
}

/* clang-format off */
static berm_status run_frames(berm_vm *vm, berm_frame *frame, berm_cell *result)
{
    const berm_image *image = vm->image;
    const berm_ins *const image_code = image->code;
    const berm_ins *code = image_code + frame->block->code, *ip = code;
    berm_cell *regs = frame->registers, value;
    uint64_t cost = 0;
#ifdef COMPUTED_GOTO
    static const void *const labels[BERM_OP_COUNT] = {
#define BERM_OP(name, mnemonic, a, b, c, words, meaning) [BERM_OP_##name] = &&op_##name,
#define BERM_OP2(name, a, b, c)
#include "code/ops.def"
#undef BERM_OP
    };
#undef BERM_OP2
    const void *traced[BERM_OP_COUNT];
    const void *const *dispatch = labels;
    if (vm->trace) {
        for (uint32_t i = 0; i < BERM_OP_COUNT; i++) traced[i] = &&trace;
        dispatch = traced;
    }
    DISPATCH();
trace:
    berm_trace_step(vm, frame, ip);
    goto *labels[ip->op];
#else
next:
    if (vm->trace) berm_trace_step(vm, frame, ip);
    switch (ip->op) {
    default: vm->space.status = BERM_E_INTERNAL; goto stop;
#endif

    OP(NOP) STEP(1);
    OP(CONST) A = load_constant(image, ip->w); STEP(1);
    OP(MOVE) A = B; STEP(1);
    OP(VAR) A = berm_op_var(vm, ip->w, WORD); STEP_CHECKED(1);
    OP(FAIL)
        A = berm_value_error(&vm->space, (berm_error_code)ip->w, WORD, NULL, 0);
        STEP_CHECKED(1);
    OP(ONCE) {
        const berm_memo *memo = recall_block(vm, ip->w);
        if (memo) {
            A = memo->value;
            STEP(1);
        }
        goto call; /* run it now; RET keeps the result */
    }
    OP(CALL)
    call:
        vm->cost += cost;
        cost = 0;
        if (is_over_cost(vm)) goto over_cost;
        frame = enter_block(vm, frame, ip->w, ip);
        if (!frame) goto stop;
        regs = frame->registers;
        ip = code = image_code + frame->block->code;
        DISPATCH();
    OP(RET)
        vm->cost += cost + ip->cost;
        cost = 0;
        if (is_over_cost(vm)) goto over_cost;
        value = A;
        if (!frame->from) {
            *result = value;
            return BERM_OK;
        }
        ip = frame->from;
        if (ip->op == BERM_OP_ONCE) {
            vm->memos[ip->w] = (berm_memo){value, vm->cost - frame->cost, vm->generation};
        }
        frame--;
        regs = frame->registers;
        code = image_code + frame->block->code;
        A = value;
        STEP(1);

    OP(FIELD) A = berm_op_field(vm, A, load_constant(image, ip->w), WORD); STEP_CHECKED(1);
    OP(HAS) A = berm_op_has(vm, A, load_constant(image, ip->w), WORD); STEP_CHECKED(1);
    OP(OPT_FIELD) A = berm_op_opt_field(vm, A, load_constant(image, ip->w), WORD); STEP_CHECKED(1);
    OP(INDEX) A = berm_op_index(vm, B, C, WORD); STEP_CHECKED(1);
    OP(OPT_INDEX) A = berm_op_opt_index(vm, B, C, WORD); STEP_CHECKED(1);

    OP(NOT)
        if (likely(B.tag == BERM_TAG_BOOL)) {
            A = BOOL_FROM(!B.as.u, B.flags);
            STEP(1);
        }
        A = berm_op_not(vm, B, WORD);
        STEP_CHECKED(1);
    OP(NEG) A = berm_op_negate(vm, B, WORD); STEP_CHECKED(1);
    OP(ADD) A = BOUNDED(berm_op_arith(vm, BERM_ADD, B, C, WORD)); STEP_CHECKED(1);
    OP(SUB) A = berm_op_arith(vm, BERM_SUB, B, C, WORD); STEP_CHECKED(1);
    OP(MUL) A = berm_op_arith(vm, BERM_MUL, B, C, WORD); STEP_CHECKED(1);
    OP(DIV) A = berm_op_arith(vm, BERM_DIV, B, C, WORD); STEP_CHECKED(1);
    OP(MOD) A = berm_op_arith(vm, BERM_MOD, B, C, WORD); STEP_CHECKED(1);
    OP(EQ) {
        int quick = compare_quickly(B, C);
        A = quick >= 0 ? BOOL_OF_BC((uint64_t)quick) : berm_op_equal(vm, B, C);
        STEP_CHECKED(1);
    }
    OP(NE) {
        int quick = compare_quickly(B, C);
        A = quick >= 0 ? BOOL_OF_BC((uint64_t)!quick) : berm_op_equal(vm, B, C);
        if (quick < 0 && A.tag == BERM_TAG_BOOL) A.as.u = !A.as.u;
        STEP_CHECKED(1);
    }
#define ORDER(sign, relation) \
    if (BOTH(BERM_TAG_INT)) { \
        A = BOOL_OF_BC(B.as.i sign C.as.i); \
        STEP(1); \
    } \
    A = berm_op_order(vm, relation, B, C, WORD); \
    STEP_CHECKED(1)
    OP(LT) ORDER(<, BERM_LESS);
    OP(LE) ORDER(<=, BERM_LESS_EQUAL);
    OP(GT) ORDER(>, BERM_GREATER);
    OP(GE) ORDER(>=, BERM_GREATER_EQUAL);
#undef ORDER
    OP(IN) A = berm_op_in(vm, B, C, WORD); STEP_CHECKED(1);
    OP(FN) A = BOUNDED(berm_op_function(vm, ip->b, &C, WORD)); STEP_CHECKED(1);
    OP(HOST) A = BOUNDED(berm_op_host(vm, ip->b, &C, WORD)); STEP_CHECKED(1);

    OP(JUMP) GOTO(ip->w);
    OP(JUMP_FALSE)
        if (berm_cell_is_false(A)) GOTO(ip->w);
        STEP(1);
    OP(JUMP_TRUE)
        if (berm_cell_is_true(A)) GOTO(ip->w);
        STEP(1);
    OP(AND)
        if (likely(A.tag == BERM_TAG_BOOL && B.tag == BERM_TAG_BOOL)) {
            A = BOOL_FROM(A.as.u && B.as.u, A.flags | B.flags);
            STEP(1);
        }
        A = berm_op_and(vm, A, B, WORD);
        STEP_CHECKED(1);
    OP(OR)
        if (likely(A.tag == BERM_TAG_BOOL && B.tag == BERM_TAG_BOOL)) {
            A = BOOL_FROM(A.as.u || B.as.u, A.flags | B.flags);
            STEP(1);
        }
        A = berm_op_or(vm, A, B, WORD);
        STEP_CHECKED(1);
    OP(TINT) A = berm_cell_tint(A, B); STEP(1);
    OP(COND)
        if (berm_cell_is_true(A)) STEP(2);
        if (berm_cell_is_false(A)) GOTO(ip->w);
        regs[ip[1].a] = berm_op_not_bool(vm, A, WORD);
        if (vm->space.status != BERM_OK) goto stop;
        GOTO(ip[1].w);

    OP(MARK) A = berm_cell_int(vm->stack.count); STEP(1);
    OP(PUSH) berm_op_push(vm, A); STEP_CHECKED(1);
    OP(PUSH_OPT) berm_op_push_opt(vm, A, WORD); STEP_CHECKED(1);
    OP(PUSH_PAIR_OPT) berm_op_push_pair_opt(vm, A, B, WORD); STEP_CHECKED(1);
    OP(LIST) A = BOUNDED(berm_op_list(vm, B)); STEP_CHECKED(1);
    OP(MAP) A = BOUNDED(berm_op_map(vm, B, WORD)); STEP_CHECKED(1);
    OP(MERGE) A = BOUNDED(berm_op_merge(vm, B, WORD)); STEP_CHECKED(1);
    OP(SORT) A = berm_op_sort(vm, B, C, WORD); STEP_CHECKED(1);
    OP(MESSAGE) A = BOUNDED(berm_op_message(vm, B)); STEP_CHECKED(1);
    OP(OPT)
        value = B;
        A = berm_cell_undecided(value) ? value : berm_optional_of(vm, value);
        STEP_CHECKED(1);

    OP(ITER)
        value = berm_op_iter(vm, B, &A, WORD);
        if (value.tag == BERM_TAG_MISSING) STEP_CHECKED(2);
        regs[ip[1].a] = value;
        if (vm->space.status != BERM_OK) goto stop;
        GOTO(ip[1].w);
    OP(NEXT)
        if (berm_op_next(vm, &A, &B, &C)) STEP(2);
        GOTO(ip[1].w);
    OP(LOOP)
        vm->cost += cost;
        cost = 0;
        if (is_over_cost(vm)) goto over_cost;
        if (!likely(pass_gate(vm, (uint64_t)(ip - code) - ip->w + 1))) goto stop;
        GOTO(ip->w);

#ifndef COMPUTED_GOTO
    }
#endif
over_cost:
    *result = fail_for_cost(vm, WORD);
stop:
    return vm->space.status;
}
/* clang-format on */

#ifdef COMPUTED_GOTO
#pragma GCC diagnostic pop
#undef COMPUTED_GOTO
#endif
#undef OP
#undef DISPATCH
#undef likely
#undef STEP
#undef STEP_CHECKED
#undef GOTO
#undef A
#undef B
#undef C
#undef WORD
#undef BOTH
#undef BOUNDED
#undef BOOL_FROM
#undef BOOL_OF_BC

berm_status berm_vm_run(berm_vm *vm, uint32_t block, berm_cell *result)
{
    *result = berm_cell_of(BERM_TAG_MISSING);
    if (!vm->image || vm->space.store_count <= BERM_STORE_IMAGE) return BERM_E_STATE;
    if (block >= vm->image->block_count) return BERM_E_ARGUMENT;
    if (vm->space.status != BERM_OK) return vm->space.status;
    vm->cost = 0;
    vm->stack.count = 0;
    berm_frame *frame = enter_block(vm, NULL, block, NULL);
    if (vm->trace) vm->trace->last = NULL;
    return frame ? run_frames(vm, frame, result) : vm->space.status;
}

#if BERM_PART_FUSED
berm_status berm_vm_decide(berm_vm *vm, uint32_t block, berm_cell *result)
{
    bool truth;
    if (berm_fused_decide(vm, block, &truth)) return *result = berm_cell_bool(truth), BERM_OK;
    return berm_vm_run(vm, block, result);
}
#endif
