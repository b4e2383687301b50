/* What the instructions share. */
#include "vm/exec.h"

#include "vm_expect.h"

static void undecided_first(void **state)
{
    berm_cell unknown = vm_unknown(), error = berm_cell_of(BERM_TAG_ERROR), one = berm_cell_int(1);
    berm_cell later = unknown;
    (void)state;
    error.aux = 7;
    later.aux = 9;
    assert_int_equal(berm_pick_undecided(NULL, 0).tag, BERM_TAG_MISSING);
    assert_int_equal(berm_pick_undecided((berm_cell[]){one, one}, 2).tag, BERM_TAG_MISSING);
    assert_int_equal(berm_pick_undecided((berm_cell[]){one, error}, 2).aux, 7);
    assert_int_equal(berm_pick_undecided((berm_cell[]){error, unknown}, 2).tag, BERM_TAG_UNKNOWN);
    assert_int_equal(berm_pick_undecided((berm_cell[]){later, unknown}, 2).aux, 9);
    berm_cell picked = berm_pick_undecided((berm_cell[]){error, vm_hide(one)}, 2);
    assert_true(picked.flags & BERM_CELL_SENSITIVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(undecided_first)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
