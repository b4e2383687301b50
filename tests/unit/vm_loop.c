/* The loop on code written by hand: what the compiler never makes must still be harmless. */
#include "vm/exec.h"
#include "vm_program.h"

/* sum = 10 + block(); the callee has registers of its own. */
static void calls_have_frames(void **state)
{
    program p;
    berm_cell result;
    (void)state;
    program_begin(&p);
    uint32_t ten = put_int(&p, 10), four = put_int(&p, 4);
    berm_ins callee[] = {wide(BERM_OP_CONST, 0, four), abc(BERM_OP_MUL, 0, 0, 0),
                         abc(BERM_OP_RET, 0, 0, 0)};
    uint32_t inner = program_block(&p, callee, 3, 1, BERM_NO_ROW);
    berm_ins caller[] = {wide(BERM_OP_CONST, 0, ten),  wide(BERM_OP_CALL, 1, inner),
                         wide(BERM_OP_CALL, 2, inner), abc(BERM_OP_ADD, 0, 0, 1),
                         abc(BERM_OP_ADD, 0, 0, 2),    abc(BERM_OP_RET, 0, 0, 0)};
    uint32_t outer = program_block(&p, caller, 6, 3, inner);
    program_link(&p);
    assert_int_equal(berm_vm_run(&p.e.vm, outer, &result), BERM_OK);
    assert_int_equal(result.as.i, 42);
    assert_int_equal(p.e.vm.cost, 6 + 2 * 3);
    assert_int_equal(berm_vm_run(&p.e.vm, inner, &result), BERM_OK);
    assert_int_equal(result.as.i, 16);
    assert_int_equal(berm_vm_run(&p.e.vm, 2, &result), BERM_E_ARGUMENT);
    program_end(&p);
}

/* A block run once gives its value again, at its full cost; a new scope runs it again. */
static void memo_blocks(void **state)
{
    program p;
    berm_cell result;
    (void)state;
    program_begin(&p);
    uint32_t one = put_int(&p, 1);
    berm_ins variable[] = {wide(BERM_OP_VAR, 0, 0), wide(BERM_OP_CONST, 1, one),
                           abc(BERM_OP_ADD, 0, 0, 1), abc(BERM_OP_RET, 0, 0, 0)};
    uint32_t inner = program_block(&p, variable, 4, 2, BERM_NO_ROW);
    berm_ins user[] = {wide(BERM_OP_ONCE, 0, inner), wide(BERM_OP_ONCE, 1, inner),
                       abc(BERM_OP_ADD, 0, 0, 1), abc(BERM_OP_RET, 0, 0, 0)};
    uint32_t outer = program_block(&p, user, 4, 2, inner);
    program_link(&p);
    p.e.vm.slots[0] = berm_cell_int(20);
    assert_int_equal(berm_vm_run(&p.e.vm, outer, &result), BERM_OK);
    assert_int_equal(result.as.i, 42);
    assert_int_equal(p.e.vm.cost, 4 + 2 * 4);
    uint64_t fuel = p.e.vm.space.fuel;
    p.e.vm.slots[0] = berm_cell_int(0);
    assert_int_equal(berm_vm_run(&p.e.vm, outer, &result), BERM_OK);
    assert_int_equal(result.as.i, 42);
    assert_int_equal(p.e.vm.cost, 4 + 2 * 4);
    assert_true(fuel - p.e.vm.space.fuel <= 5);
    berm_vm_scope(&p.e.vm);
    assert_int_equal(berm_vm_run(&p.e.vm, outer, &result), BERM_OK);
    assert_int_equal(result.as.i, 2);
    p.e.vm.generation = UINT32_MAX;
    berm_vm_scope(&p.e.vm);
    p.e.vm.slots[0] = berm_cell_int(1);
    assert_int_equal(berm_vm_run(&p.e.vm, outer, &result), BERM_OK);
    assert_int_equal(result.as.i, 4);
    program_end(&p);
}

/* Whatever marks and iterators are, nothing outside is touched. */
static void nonsense_is_harmless(void **state)
{
    program p;
    berm_cell result;
    (void)state;
    program_begin(&p);
    uint32_t far = put_int(&p, INT64_MAX), less = put_int(&p, -1),
             text = berm_codegen_string(&p.gen, BERM_STR("no mark"));
    const berm_op ends[] = {BERM_OP_LIST, BERM_OP_MAP, BERM_OP_MERGE, BERM_OP_MESSAGE};
    const uint32_t marks[] = {far, less, text};
    uint32_t blocks[12], count = 0;
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 3; j++) {
            berm_ins code[] = {wide(BERM_OP_CONST, 0, marks[j]), abc(BERM_OP_PUSH, 0, 0, 0),
                               abc(ends[i], 1, 0, 0), abc(BERM_OP_RET, 1, 0, 0)};
            blocks[count++] = program_block(&p, code, 4, 2, BERM_NO_ROW);
        }
    }
    program_link(&p);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(berm_vm_run(&p.e.vm, blocks[i], &result), BERM_OK);
        assert_int_equal(result.as.ref.len, 0);
    }
    program_end(&p);
}

/* An odd number of values makes a map without the last one. */
static void half_a_pair(void **state)
{
    program p;
    berm_cell result;
    (void)state;
    program_begin(&p);
    uint32_t one = put_int(&p, 1);
    berm_ins code[] = {abc(BERM_OP_MARK, 1, 0, 0), wide(BERM_OP_CONST, 0, one),
                       abc(BERM_OP_PUSH, 0, 0, 0), abc(BERM_OP_PUSH, 0, 0, 0),
                       abc(BERM_OP_PUSH, 0, 0, 0), abc(BERM_OP_MAP, 1, 1, 0),
                       abc(BERM_OP_RET, 1, 0, 0)};
    uint32_t block = program_block(&p, code, 7, 2, BERM_NO_ROW);
    program_link(&p);
    assert_int_equal(berm_vm_run(&p.e.vm, block, &result), BERM_OK);
    assert_int_equal(result.tag, BERM_TAG_MAP);
    assert_int_equal(result.as.ref.len, 1);
    program_end(&p);
}

/* An iterator register that holds anything else has no elements. */
static void iterators_of_anything(void **state)
{
    berm_vm vm;
    berm_limits limits = berm_limits_resolve(NULL);
    berm_cell first = berm_cell_of(BERM_TAG_NULL), second = first;
    (void)state;
    berm_vm_init(&vm, &berm_alloc_libc, &limits);
    for (uint32_t tag = 0; tag < BERM_TAG_COUNT; tag++) {
        berm_cell iterator[3] = {berm_cell_of((berm_tag)tag), berm_cell_int(-1), berm_cell_int(0)};
        iterator[0].as.u = 0;
        assert_false(berm_op_next(&vm, iterator, &first, &second));
        iterator[1].as.u = UINT64_MAX;
        assert_false(berm_op_next(&vm, iterator, &first, &second));
    }
    berm_vm_free(&vm);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_have_frames),     cmocka_unit_test(memo_blocks),
        cmocka_unit_test(nonsense_is_harmless),  cmocka_unit_test(half_a_pair),
        cmocka_unit_test(iterators_of_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
