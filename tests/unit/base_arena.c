#include "base_alloc.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void memory_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_arena arena;
    berm_arena_init(&arena, &alloc);
    unsigned char *blocks[400];
    for (size_t i = 0; i < 400; i++) {
        size_t len = i * i % 1500;
        blocks[i] = berm_arena_alloc(&arena, len);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        for (size_t j = 0; j < len; j++) assert_int_equal(blocks[i][j], 0);
        memset(blocks[i], (int)(i % 255) + 1, len);
    }
    for (size_t i = 0; i < 400; i++) {
        for (size_t j = 0; j < i * i % 1500; j++) assert_int_equal(blocks[i][j], i % 255 + 1);
    }
    berm_arena_free(&arena);
    assert_int_equal(heap.in_use, 0);
    assert_false(heap.wrong_len);
}

static void a_large_block_leaves_the_current_one_in_use(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_arena arena;
    berm_arena_init(&arena, &alloc);
    char *small = berm_arena_alloc(&arena, 16);
    assert_non_null(berm_arena_alloc(&arena, 1000000));
    char *next = berm_arena_alloc(&arena, 16);
    assert_ptr_equal(next, small + 16);
    assert_int_equal(heap.calls, 2);
    assert_null(berm_arena_alloc(&arena, SIZE_MAX - 8));
    berm_arena_free(&arena);
    assert_int_equal(heap.in_use, 0);
}

static void copies_end_in_nul(void **state)
{
    (void)state;
    berm_arena arena;
    berm_arena_init(&arena, &berm_alloc_libc);
    berm_str copy;
    assert_true(berm_arena_copy(&arena, (berm_str){"guard\0rail", 10}, &copy));
    assert_int_equal(copy.len, 10);
    assert_memory_equal(copy.ptr, "guard\0rail", 11);
    assert_true(berm_arena_copy(&arena, (berm_str){NULL, 0}, &copy));
    assert_int_equal(copy.len, 0);
    assert_int_equal(copy.ptr[0], 0);
    berm_arena_free(&arena);
}

static void without_memory_nothing_is_lost(void **state)
{
    (void)state;
    for (size_t fail_at = 1; fail_at < 5; fail_at++) {
        counted_heap heap = {.fail_at = fail_at};
        berm_alloc alloc = counted_alloc(&heap);
        berm_arena arena;
        berm_arena_init(&arena, &alloc);
        size_t placed = 0;
        while (placed < 100 && berm_arena_alloc(&arena, 400 * (placed % 3 + 1))) placed++;
        assert_true(placed < 100);
        berm_str copy = {NULL, 77};
        assert_false(berm_arena_copy(&arena, (berm_str){"x", 100000}, &copy));
        assert_int_equal(copy.len, 77);
        berm_arena_free(&arena);
        assert_int_equal(heap.in_use, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(a_large_block_leaves_the_current_one_in_use),
        cmocka_unit_test(copies_end_in_nul),
        cmocka_unit_test(without_memory_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
