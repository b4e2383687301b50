/* Counting hashes: growth, clearing, no memory. */
#include "policy/seen.h"

#include "base_alloc.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Hashes that fall on one place of every small table are told apart, too. */
static void hashes_are_counted(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_seen seen = {.entry_count = 0};
    for (uint32_t round = 1; round <= 3; round++) {
        for (uint64_t i = 0; i < 500; i++) {
            assert_int_equal(berm_seen_count(&seen, &alloc, i << 32), round);
            assert_int_equal(berm_seen_count(&seen, &alloc, i << 32 | i << 1 | 1), round);
        }
    }
    assert_int_equal(seen.taken, 1000);
    assert_true(seen.entry_count >= 2000);
    size_t calls = heap.calls;
    berm_seen_clear(&seen);
    assert_int_equal(berm_seen_count(&seen, &alloc, 0), 1);
    assert_int_equal(seen.taken, 1);
    assert_int_equal(heap.calls, calls);
    berm_seen_free(&seen, &alloc);
    berm_seen_free(&seen, &alloc);
    berm_seen_clear(&seen);
    assert_int_equal(heap.in_use, 0);
    assert_int_equal(heap.wrong_len, 0);
}

static void without_memory_nothing_is_counted(void **state)
{
    (void)state;
    counted_heap heap = {.fail_at = 2};
    berm_alloc alloc = counted_alloc(&heap);
    berm_seen seen = {.entry_count = 0};
    for (uint64_t i = 0; i < 32; i++) assert_int_equal(berm_seen_count(&seen, &alloc, i), 1);
    assert_int_equal(berm_seen_count(&seen, &alloc, 32), 0);
    heap.fail_at = 0;
    assert_int_equal(berm_seen_count(&seen, &alloc, 31), 2);
    berm_seen_free(&seen, &alloc);
    assert_int_equal(heap.in_use, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_counted),
        cmocka_unit_test(without_memory_nothing_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
