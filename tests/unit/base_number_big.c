#include "base/number_big.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* 10^n in two ways. */
static void powers_agree(void **state)
{
    (void)state;
    berm_big tens, fives;
    berm_big_set(&tens, 7);
    for (uint32_t n = 0; n < 900; n++) {
        berm_big_set(&fives, 7);
        berm_big_multiply_power_of_five(&fives, n);
        berm_big_shift_left(&fives, n);
        assert_int_equal(berm_big_compare(&tens, &fives), 0);
        berm_big_multiply_add(&tens, 10, 1);
        berm_big_multiply_add(&fives, 10, 0);
        assert_int_equal(berm_big_compare(&tens, &fives), 1);
        assert_int_equal(berm_big_compare(&fives, &tens), -1);
        tens.limbs[0]--; /* the 1 again */
    }
}

static void small_values(void **state)
{
    (void)state;
    berm_big a, b;
    berm_big_set(&a, 0);
    berm_big_shift_left(&a, 100);
    berm_big_multiply_power_of_five(&a, 20);
    assert_int_equal(a.count, 0);
    berm_big_multiply_add(&a, 10, 5);
    berm_big_set(&b, 5);
    assert_int_equal(berm_big_compare(&a, &b), 0);
    berm_big_set(&b, UINT64_C(5) << 40);
    berm_big_shift_left(&a, 40);
    assert_int_equal(berm_big_compare(&a, &b), 0);
    berm_big_set(&b, (UINT64_C(5) << 40) + 1);
    assert_int_equal(berm_big_compare(&a, &b), -1);
}

/* More than fits is the caller's mistake, but never a write behind the array. */
static void the_array_is_never_left(void **state)
{
    (void)state;
    struct {
        berm_big big;
        uint32_t behind;
    } guarded = {.behind = 0xABCD};
    berm_big_set(&guarded.big, UINT64_MAX);
    for (int i = 0; i < 300; i++) berm_big_multiply_add(&guarded.big, UINT32_MAX, UINT32_MAX);
    berm_big_shift_left(&guarded.big, UINT32_MAX);
    berm_big_shift_left(&guarded.big, 32);
    assert_int_equal(guarded.big.count, BERM_BIG_LIMBS);
    assert_int_equal(guarded.behind, 0xABCD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(powers_agree),
        cmocka_unit_test(small_values),
        cmocka_unit_test(the_array_is_never_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
