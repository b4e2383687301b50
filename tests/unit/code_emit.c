/* Writing a block: costs, labels, registers, sources. */
#include "code_help.h"

#include "code/emit.h"

typedef struct emitted {
    berm_codegen gen;
    berm_emit emit;
} emitted;

static emitted *begin_block(void)
{
    emitted *e = calloc(1, sizeof *e);
    berm_codegen_init(&e->gen, &berm_alloc_libc, NULL);
    berm_emit_begin(&e->emit, &e->gen);
    return e;
}

static void drop_block(emitted *e)
{
    berm_codegen_free(&e->gen);
    free(e);
}

static void the_next_instruction_carries_the_cost(void **state)
{
    (void)state;
    emitted *e = begin_block();
    e->emit.cost = 3;
    berm_emit_abc(&e->emit, BERM_OP_MOVE, 1, 0, 0);
    berm_emit_abc(&e->emit, BERM_OP_MOVE, 2, 1, 0);
    assert_int_equal(e->gen.code.items[0].cost, 3);
    assert_int_equal(e->gen.code.items[1].cost, 0);
    drop_block(e);
}

static void large_costs_go_into_nops(void **state)
{
    (void)state;
    const uint64_t costs[] = {255, 256, 510, 511, 1000};
    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
        emitted *e = begin_block();
        e->emit.cost = costs[i];
        berm_emit_wide(&e->emit, BERM_OP_VAR, 0, 1);
        uint64_t sum = 0;
        for (uint32_t k = 0; k < e->gen.code.count; k++) {
            sum += e->gen.code.items[k].cost;
            bool last = k + 1 == e->gen.code.count;
            assert_int_equal(e->gen.code.items[k].op, last ? BERM_OP_VAR : BERM_OP_NOP);
        }
        assert_int_equal(sum, costs[i]);
        assert_int_equal(e->gen.code.count, (costs[i] + 254) / 255);
        drop_block(e);
    }
}

static void labels_are_filled_in(void **state)
{
    (void)state;
    emitted *e = begin_block();
    berm_label label = BERM_LABEL_NEW;
    berm_emit_jump(&e->emit, BERM_OP_JUMP_TRUE, 0, &label);
    berm_emit_abc(&e->emit, BERM_OP_NOP, 0, 0, 0);
    berm_emit_jump(&e->emit, BERM_OP_COND, 0, &label);
    berm_emit_second(&e->emit, 7, &label);
    berm_emit_bind(&e->emit, &label);
    assert_int_equal(e->gen.code.items[0].w, 4);
    assert_int_equal(e->gen.code.items[2].w, 4);
    assert_int_equal(e->gen.code.items[3].w, 4);
    assert_int_equal(e->gen.code.items[3].a, 7);
    drop_block(e);
}

/* What was entered on one path must not be paid for by another. */
static void a_label_takes_the_cost_before_it(void **state)
{
    (void)state;
    emitted *e = begin_block();
    berm_label label = BERM_LABEL_NEW;
    berm_emit_jump(&e->emit, BERM_OP_JUMP_TRUE, 0, &label);
    e->emit.cost = 2;
    berm_emit_bind(&e->emit, &label);
    berm_emit_abc(&e->emit, BERM_OP_RET, 0, 0, 0);
    assert_int_equal(e->gen.code.items[0].w, 2);
    assert_int_equal(e->gen.code.items[1].op, BERM_OP_NOP);
    assert_int_equal(e->gen.code.items[1].cost, 2);
    assert_int_equal(e->gen.code.items[2].cost, 0);
    drop_block(e);
}

static void sources_are_noted_where_they_change(void **state)
{
    (void)state;
    emitted *e = begin_block();
    berm_emit_abc(&e->emit, BERM_OP_NOP, 0, 0, 0); /* no root yet */
    e->emit.root = 0;
    e->emit.off = 4;
    e->emit.len = 2;
    berm_emit_abc(&e->emit, BERM_OP_NOP, 0, 0, 0);
    berm_emit_abc(&e->emit, BERM_OP_NOP, 0, 0, 0);
    e->emit.off = 5;
    berm_emit_abc(&e->emit, BERM_OP_NOP, 0, 0, 0);
    assert_int_equal(e->gen.exprs.count, 2);
    assert_int_equal(e->gen.exprs.items[0].word, 1);
    assert_int_equal(e->gen.exprs.items[1].word, 3);
    assert_int_equal(e->gen.exprs.items[1].off, 5);
    drop_block(e);
}

static void registers_are_a_stack(void **state)
{
    (void)state;
    emitted *e = begin_block();
    assert_int_equal(berm_emit_registers(&e->emit, 1), 0);
    assert_int_equal(berm_emit_registers(&e->emit, 3), 1);
    e->emit.next_register = 1;
    assert_int_equal(berm_emit_registers(&e->emit, 1), 1);
    uint32_t block = berm_emit_end(&e->emit, BERM_NO_ROW);
    assert_int_equal(e->gen.blocks.items[block].register_count, 4);
    assert_false(e->emit.too_large);
    e->emit.next_register = 65534;
    berm_emit_registers(&e->emit, 1);
    assert_false(e->emit.too_large);
    berm_emit_registers(&e->emit, 1);
    assert_true(e->emit.too_large);
    drop_block(e);
}

static void blocks_know_the_frames_below_them(void **state)
{
    (void)state;
    emitted *e = begin_block();
    berm_emit_registers(&e->emit, 5);
    uint32_t first = berm_emit_end(&e->emit, BERM_NO_ROW);
    berm_emit_begin(&e->emit, &e->gen);
    berm_emit_registers(&e->emit, 2);
    berm_emit_call(&e->emit, BERM_OP_ONCE, 0, first);
    uint32_t second = berm_emit_end(&e->emit, BERM_NO_ROW);
    assert_int_equal(e->gen.blocks.items[second].depth_registers, 7);
    assert_int_equal(e->gen.blocks.items[second].call_depth, 2);
    berm_emit_undo(&e->emit);
    assert_int_equal(e->gen.blocks.count, 1);
    assert_int_equal(e->gen.code.count, 0);
    drop_block(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_instruction_carries_the_cost),
        cmocka_unit_test(large_costs_go_into_nops),
        cmocka_unit_test(labels_are_filled_in),
        cmocka_unit_test(a_label_takes_the_cost_before_it),
        cmocka_unit_test(sources_are_noted_where_they_change),
        cmocka_unit_test(registers_are_a_stack),
        cmocka_unit_test(blocks_know_the_frames_below_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
