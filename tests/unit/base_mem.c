#include "base_alloc.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void resizes_and_frees(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    assert_null(berm_mem_new(&alloc, 0));
    assert_null(berm_mem_resize(&alloc, NULL, 0, 0));
    assert_null(berm_mem_resize(&alloc, NULL, 0, SIZE_MAX));
    assert_int_equal(heap.calls, 0);
    unsigned char *block = berm_mem_new(&alloc, 100);
    for (size_t i = 0; i < 100; i++) assert_int_equal(block[i], 0);
    block[99] = 7;
    block = berm_mem_resize(&alloc, block, 100, 5000);
    assert_int_equal(block[99], 7);
    assert_int_equal(heap.in_use, 5000);
    berm_mem_free(&alloc, block, 5000);
    berm_mem_free(&alloc, NULL, 0);
    assert_int_equal(heap.in_use, 0);
    assert_false(heap.wrong_len);
}

static void libc_allocator_resizes(void **state)
{
    (void)state;
    char *block = berm_mem_new(&berm_alloc_libc, 3);
    block = berm_mem_resize(&berm_alloc_libc, block, 3, 300);
    assert_non_null(block);
    assert_null(berm_mem_resize(&berm_alloc_libc, block, 300, 0));
}

static void arrays_grow(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    BERM_ARRAY(uint64_t) numbers = {0};
    for (uint64_t i = 0; i < 10000; i++) assert_true(berm_array_push(&alloc, &numbers, i * i));
    assert_int_equal(numbers.count, 10000);
    for (uint64_t i = 0; i < 10000; i++) assert_int_equal(numbers.items[i], i * i);
    assert_true(heap.calls < 40); /* geometric, not one by one */
    berm_array_free(&alloc, &numbers);
    assert_int_equal(heap.in_use, 0);
    assert_false(heap.wrong_len);
    assert_null(numbers.items);
}

static void failed_growth_loses_nothing(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    BERM_ARRAY(int) numbers = {0};
    assert_true(berm_array_push(&alloc, &numbers, 41));
    uint32_t cap = numbers.cap;
    heap.fail_at = heap.calls + 1;
    assert_false(berm_array_reserve(&alloc, &numbers, cap));
    assert_int_equal(numbers.cap, cap);
    assert_int_equal(numbers.items[0], 41);
    heap.fail_at = 0;
    /* Over 32 bits, also where the cut number would seem to fit, and over the address space. */
    assert_false(berm_array_reserve(&alloc, &numbers, (size_t)UINT32_MAX));
#if SIZE_MAX > UINT32_MAX
    assert_false(berm_array_reserve(&alloc, &numbers, (size_t)UINT32_MAX + 1));
#endif
    assert_int_equal(numbers.count, 1);
    berm_array_free(&alloc, &numbers);
    assert_int_equal(heap.in_use, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resizes_and_frees),
        cmocka_unit_test(libc_allocator_resizes),
        cmocka_unit_test(arrays_grow),
        cmocka_unit_test(failed_growth_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
