/* The graph of code that no compiler of ours makes, and of code that is too much for it: it says what
   the VM says, at the same cost, or nothing. */
#include "vm/fused/fused.h"
#include "vm_program.h"

#if BERM_PART_FUSED

#include "vm/fused/graph.h"
#include "vm/trace.h"

#define COUNT_OF(array) (uint32_t)(sizeof(array) / sizeof *(array))

/* Whether the graph says anything. */
static bool agree(berm_vm *vm, uint32_t block)
{
    berm_cell result;
    bool truth = false;
    uint64_t fuel = vm->space.fuel, poll_at = vm->poll_at, memory = vm->space.memory_len;
    bool said = berm_fused_decide(vm, block, &truth);
    uint64_t cost = vm->cost, spent = fuel - vm->space.fuel;
    if (!said) assert_int_equal(spent, 0);
    if (!said) assert_int_equal(vm->poll_at, poll_at);
    if (!said) assert_int_equal(vm->space.memory_len, memory);
    vm->space.fuel = fuel;
    assert_int_equal(berm_vm_run(vm, block, &result), BERM_OK);
    if (!said) return false;
    assert_int_equal(result.tag, BERM_TAG_BOOL);
    assert_int_equal(result.as.u, truth);
    assert_int_equal(result.flags, 0);
    assert_int_equal(vm->cost, cost);
    assert_int_equal(fuel - vm->space.fuel, spent);
    return true;
}

static berm_cell list_of(berm_vm *vm, const int64_t *items, uint32_t count)
{
    berm_cell cells[8];
    for (uint32_t i = 0; i < count; i++) cells[i] = berm_cell_int(items[i]);
    return vm_sequence(&vm->space, BERM_TAG_LIST, cells, count);
}

static berm_ins word_of(uint16_t a, uint32_t w)
{
    return (berm_ins){.a = a, .w = w};
}

/* Is the last element equal to the one before? What a register keeps of a turn is of that turn. */
static void elements_of_turns(void **state)
{
    static const int64_t items[] = {1, 1, 1, 2};
    program p;
    (void)state;
    program_begin(&p);
    uint32_t one = put_int(&p, 5);
    /* 0 the one before, 1 the answer, 2 the list, 3 .. 5 the iterator, 6 the element */
    berm_ins code[] = {wide(BERM_OP_CONST, 0, one),
                       abc(BERM_OP_EQ, 1, 0, 0),
                       wide(BERM_OP_VAR, 2, 0),
                       abc(BERM_OP_ITER, 3, 2, 0),
                       word_of(1, 10),
                       abc(BERM_OP_NEXT, 3, 6, 6),
                       word_of(0, 10),
                       abc(BERM_OP_EQ, 1, 0, 6),
                       abc(BERM_OP_MOVE, 0, 6, 0),
                       wide(BERM_OP_LOOP, 0, 5),
                       abc(BERM_OP_RET, 1, 0, 0)};
    uint32_t block = program_block(&p, code, COUNT_OF(code), 7, BERM_NO_ROW);
    program_link(&p);
    p.e.vm.slots[0] = list_of(&p.e.vm, items, 4);
    agree(&p.e.vm, block);
    program_end(&p);
}

/* An iterator is three registers, and what was in them is gone. */
static void iterators_are_registers(void **state)
{
    static const int64_t three[] = {3};
    program p;
    (void)state;
    program_begin(&p);
    uint32_t number = put_int(&p, 3);
    berm_ins code[] = {wide(BERM_OP_CONST, 4, number), wide(BERM_OP_CONST, 6, number),
                       abc(BERM_OP_EQ, 1, 4, 6),       wide(BERM_OP_VAR, 2, 0),
                       abc(BERM_OP_ITER, 3, 2, 0),     word_of(1, 10),
                       abc(BERM_OP_NEXT, 3, 6, 6),     word_of(0, 10),
                       abc(BERM_OP_EQ, 1, 4, 6),       wide(BERM_OP_LOOP, 0, 6),
                       abc(BERM_OP_RET, 1, 0, 0)};
    uint32_t block = program_block(&p, code, COUNT_OF(code), 7, BERM_NO_ROW);
    program_link(&p);
    p.e.vm.slots[0] = list_of(&p.e.vm, three, 1);
    assert_false(agree(&p.e.vm, block));
    program_end(&p);
}

/* What a block of one instruction, between slots 0 and 1 and register 0, comes to. */
static bool agree_on(berm_ins ins, berm_cell first, berm_cell second)
{
    program p;
    program_begin(&p);
    berm_ins code[] = {wide(BERM_OP_VAR, 0, 0), wide(BERM_OP_VAR, 1, 1), ins,
                       abc(BERM_OP_RET, 0, 0, 0)};
    uint32_t block = program_block(&p, code, 4, 2, BERM_NO_ROW);
    program_link(&p);
    p.e.vm.slots[0] = first;
    p.e.vm.slots[1] = second;
    bool said = agree(&p.e.vm, block);
    program_end(&p);
    return said;
}

/* What tells of something sensitive without standing in it. */
static void tints(void **state)
{
    (void)state;
    berm_cell yes = berm_cell_bool(true), no = berm_cell_bool(false);
    berm_ins tint = abc(BERM_OP_TINT, 0, 1, 0), back = abc(BERM_OP_TINT, 1, 0, 0);
    assert_false(agree_on(tint, yes, vm_hide(no)));
    assert_false(agree_on(tint, yes, no)); /* nobody has looked at it */
    assert_false(agree_on(back, yes, no));
    assert_true(agree_on(abc(BERM_OP_AND, 0, 1, 0), yes, no));
    assert_true(agree_on(abc(BERM_OP_OR, 0, 0, 0), yes, no));
    assert_false(agree_on(abc(BERM_OP_AND, 0, 1, 0), yes, vm_hide(no)));
    assert_true(agree_on(abc(BERM_OP_NOT, 0, 1, 0), yes, no));
    assert_false(agree_on(abc(BERM_OP_NOT, 0, 1, 0), yes, berm_cell_int(1)));
    assert_true(agree_on(abc(BERM_OP_NOP, 0, 0, 0), yes, no));
    assert_false(agree_on(abc(BERM_OP_NEG, 0, 1, 0), yes, berm_cell_int(1)));
    assert_true(agree_on(abc(BERM_OP_MOVE, 0, 1, 0), berm_cell_int(1), no));
}

/* a == 1 for each of a row of registers, then all of them together: as many states as there are
   answers, and more than are kept. */
static void many_states(void **state)
{
    enum { TESTS = 20 };
    program p;
    berm_ins code[4 * TESTS + 8];
    uint32_t at = 0;
    (void)state;
    program_begin(&p);
    uint32_t one = put_int(&p, 1);
    code[at++] = wide(BERM_OP_CONST, 30, one);
    for (uint16_t i = 0; i < TESTS; i++) {
        code[at++] = wide(BERM_OP_VAR, i, i);
        code[at++] = abc(BERM_OP_EQ, i, i, 30);
    }
    for (uint16_t i = 1; i < TESTS; i++) code[at++] = abc(BERM_OP_AND, 0, i, 0);
    code[at++] = abc(BERM_OP_RET, 0, 0, 0);
    uint32_t block = program_block(&p, code, at, 31, BERM_NO_ROW);
    program_link(&p);
    for (uint32_t i = 0; i < TESTS; i++) p.e.vm.slots[i] = berm_cell_int(1);
    for (uint32_t other = 0; other <= TESTS; other++) {
        if (other < TESTS) p.e.vm.slots[other] = berm_cell_int(2);
        agree(&p.e.vm, block);
    }
    assert_true(p.e.vm.fused->nodes.count <= BERM_FUSED_NODES + BERM_FUSED_NODES_FROM);
    program_end(&p);
}

/* Blocks and registers that are too many. */
static void too_large(void **state)
{
    static berm_ins code[5000];
    program p;
    (void)state;
    program_begin(&p);
    for (uint32_t i = 0; i < 4998; i++) code[i] = abc(BERM_OP_NOP, 0, 0, 0);
    code[4998] = wide(BERM_OP_VAR, 0, 0);
    code[4999] = abc(BERM_OP_RET, 0, 0, 0);
    uint32_t large = program_block(&p, code, 5000, 1, BERM_NO_ROW),
             wide_one = program_block(&p, code + 4998, 2, 33, BERM_NO_ROW),
             small = program_block(&p, code + 4998, 2, 32, BERM_NO_ROW);
    program_link(&p);
    p.e.vm.slots[0] = berm_cell_bool(true);
    assert_false(agree(&p.e.vm, large));
    assert_false(agree(&p.e.vm, wide_one));
    assert_true(agree(&p.e.vm, small));
    bool truth;
    assert_false(berm_fused_decide(&p.e.vm, 3, &truth));
    program_end(&p);
}

/* --- expressions --- */

static void eval_begin(vm_eval *e, const berm_alloc *alloc, const char *text,
                       berm_cell (*make)(berm_vm *))
{
    assert_int_equal(vm_eval_begin(e, alloc, berm_str_of(text), &vm_scope, false), BERM_OK);
    e->vm.slots[SLOT_D] = make(&e->vm);
}

static berm_cell make_numbers(berm_vm *vm)
{
    static const int64_t numbers[] = {1, 2, 3};
    return list_of(vm, numbers, 3);
}

/* A list of more elements than tables hold leaves nothing behind. */
static berm_cell make_long(berm_vm *vm)
{
    enum { LONG = 300000 };
    berm_cell list = berm_cell_of(BERM_TAG_LIST);
    berm_cell *cells = berm_space_cells(&vm->space, LONG, &list);
    assert_non_null(cells);
    for (uint32_t i = 0; i < LONG; i++) cells[i] = berm_cell_int(1);
    return list;
}

static void long_lists(void **state)
{
    vm_eval e;
    (void)state;
    eval_begin(&e, &berm_alloc_libc, "d.all(x, x > 0)", make_numbers);
    assert_true(agree(&e.vm, e.block));
    e.vm.slots[SLOT_D] = make_long(&e.vm);
    assert_false(agree(&e.vm, e.block));
    assert_true(e.vm.fused->full);
    assert_true(e.vm.fused->cells <= BERM_FUSED_CELLS);
    e.vm.slots[SLOT_D] = make_numbers(&e.vm);
    assert_true(agree(&e.vm, e.block));
    assert_true(e.vm.fused->cells < 1000);
    vm_eval_end(&e);
}

/* Loops in loops, and paths, are as deep as they may be. */
static berm_cell make_deep(berm_vm *vm)
{
    berm_cell value = berm_cell_int(1);
    for (int i = 0; i < 40; i++) {
        berm_cell member[2] = {berm_space_string(&vm->space, BERM_STR("a")), value};
        member[0].aux = berm_key_hash(&vm->space, member[0]);
        value = vm_sequence(&vm->space, BERM_TAG_MAP, member, 2);
        value.as.ref.len = 1;
    }
    return value;
}

static void put_path(char *text, int depth)
{
    strcpy(text, "has(d");
    for (int i = 0; i < depth; i++) strcat(text, ".a");
    strcat(text, ")");
}

static void depths(void **state)
{
    char text[128];
    vm_eval e;
    (void)state;
    for (int depth = 30; depth < 36; depth++) {
        put_path(text, depth);
        eval_begin(&e, &berm_alloc_libc, text, make_deep);
        assert_int_equal(agree(&e.vm, e.block), depth <= (int)BERM_FUSED_DEPTH);
        vm_eval_end(&e);
    }
    eval_begin(&e, &berm_alloc_libc, "d.all(a, d.all(b, d.all(c, d.all(f, a + 0 == a || f > 0))))",
               make_numbers);
    assert_false(agree(&e.vm, e.block)); /* addition is the VM's */
    vm_eval_end(&e);
    eval_begin(&e, &berm_alloc_libc, "d.all(a, d.all(b, d.all(c, d.all(f, a > 0 && f > 0))))",
               make_numbers);
    assert_true(agree(&e.vm, e.block));
    vm_eval_end(&e);
    eval_begin(&e, &berm_alloc_libc,
               "d.all(a, d.all(b, d.all(c, d.all(f, d.all(g, a > 0 && g > 0)))))", make_numbers);
    assert_false(agree(&e.vm, e.block));
    vm_eval_end(&e);
}

/* --- when it says nothing --- */

static int stop_poll(void *ctx)
{
    return ++*(int *)ctx > 0;
}

static void left_alone(void **state)
{
    vm_eval e;
    bool truth;
    int polls = 0;
    (void)state;
    eval_begin(&e, &berm_alloc_libc, "d.all(x, x > 0)", make_numbers);
    berm_vm unbound = {0};
    assert_false(berm_fused_decide(&unbound, 0, &truth));
    e.vm.plain = true;
    assert_false(berm_fused_decide(&e.vm, e.block, &truth));
    e.vm.plain = false;
    struct berm_trace trace = {0};
    e.vm.trace = &trace;
    assert_false(berm_fused_decide(&e.vm, e.block, &truth));
    e.vm.trace = NULL;
    assert_null(e.vm.fused);
    assert_true(agree(&e.vm, e.block));
    e.vm.fused->blocks[e.block].to = BERM_FUSED_UNTRIED;
    e.vm.fused->work = UINT32_MAX; /* the host is asked before there is more of it */
    e.vm.poll = stop_poll;
    e.vm.poll_ctx = &polls;
    assert_false(berm_fused_decide(&e.vm, e.block, &truth));
    assert_int_equal(e.vm.space.status, BERM_E_INTERRUPTED);
    assert_int_equal(polls, 1);
    e.vm.space.status = BERM_OK;
    e.vm.poll = NULL;
    assert_true(agree(&e.vm, e.block));
    assert_int_equal(e.vm.fused->work < 1000, true);
    e.vm.space.store_count = BERM_STORE_IMAGE;
    assert_false(berm_fused_decide(&e.vm, e.block, &truth));
    vm_eval_end(&e);
}

static int count_poll(void *ctx)
{
    return ++*(int *)ctx < 0;
}

/* An interrupt in a loop ends the run, and no later than in the VM. */
static void interrupted(void **state)
{
    vm_eval e;
    bool truth;
    int polls = 0;
    (void)state;
    eval_begin(&e, &berm_alloc_libc, "d.all(x, d.all(y, d.all(z, x > 0)))", make_numbers);
    e.vm.poll = stop_poll;
    e.vm.poll_ctx = &polls;
    for (uint64_t below = 1; below < 60; below++) {
        e.vm.poll_at = e.vm.space.fuel - below;
        if (berm_fused_decide(&e.vm, e.block, &truth)) fail_msg("not after %d", (int)below);
        assert_int_equal(e.vm.space.status, BERM_E_INTERRUPTED);
        e.vm.space.status = BERM_OK;
    }
    vm_eval_end(&e);
}

/* A rule that costs too much is stopped where it does, not where its fuel ends. */
static void dear_loops(void **state)
{
    vm_eval e;
    bool truth;
    int polls = 0;
    (void)state;
    eval_begin(&e, &berm_alloc_libc, "!d.exists(x, d.exists(y, x == 9 || y == 9))", make_long);
    e.vm.cost_limit = 100000;
    e.vm.poll = count_poll;
    e.vm.poll_ctx = &polls;
    e.vm.slots[SLOT_D].as.ref.len = 20000;
    assert_false(berm_fused_decide(&e.vm, e.block, &truth));
    assert_in_range(polls, 0, 100); /* to its end it would be half a million */
    vm_eval_end(&e);
}

/* --- memory --- */

static const char *const failing_texts[] = {
    "d.all(x, d.exists(y, y == x)) && !has(openm.b.c) || e == 1",
    "d.all(x, x > 0) && d.exists(y, y == 3)",
    "d.all(x, d.all(y, x > 0 && y > 0)) && s != 'x' || d == d",
};

/* Memory that ends ends the run, whenever; and once it is there again, it is as if it had never
   gone. */
static void failing_memory(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < COUNT_OF(failing_texts); i++)
        for (size_t at = 1;; at++) {
            counted_heap heap = {.once = at % 2};
            berm_alloc alloc = counted_alloc(&heap);
            vm_eval e;
            bool truth;
            eval_begin(&e, &alloc, failing_texts[i], make_numbers);
            size_t calls = heap.calls;
            heap.fail_at = calls + (at + 1) / 2;
            berm_fused_decide(&e.vm, e.block, &truth);
            bool reached = heap.calls >= heap.fail_at;
            heap.fail_at = 0;
            assert_int_equal(e.vm.space.status, reached ? BERM_E_NOMEM : BERM_OK);
            e.vm.space.status = BERM_OK;
            agree(&e.vm, e.block);
            e.vm.slots[SLOT_D] = make_deep(&e.vm);
            agree(&e.vm, e.block);
            e.vm.slots[SLOT_D] = make_numbers(&e.vm);
            agree(&e.vm, e.block);
            vm_eval_end(&e);
            assert_int_equal(heap.in_use, 0);
            assert_int_equal(heap.wrong_len, 0);
            if (!reached) break;
        }
}

#endif

int main(void)
{
#if BERM_PART_FUSED
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_of_turns),
        cmocka_unit_test(iterators_are_registers),
        cmocka_unit_test(tints),
        cmocka_unit_test(many_states),
        cmocka_unit_test(too_large),
        cmocka_unit_test(long_lists),
        cmocka_unit_test(depths),
        cmocka_unit_test(left_alone),
        cmocka_unit_test(interrupted),
        cmocka_unit_test(failing_memory),
        cmocka_unit_test(dear_loops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
#else
    return 0;
#endif
}
