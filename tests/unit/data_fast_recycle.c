/* Memory that is taken again: contents stay over every change of size, nothing is lost, and what a whole
   run did not need is given back. */
#include "data_help.h"

#include "base_alloc.h"
#include "data/fast/recycle.h"

typedef struct recycled {
    counted_heap heap;
    berm_alloc under;
    berm_recycle recycle;
} recycled;

static void begin_recycled(recycled *r)
{
    r->heap = (counted_heap){.in_use = 0};
    r->under = counted_alloc(&r->heap);
    berm_recycle_init(&r->recycle, &r->under);
}

static void end_recycled(recycled *r)
{
    berm_recycle_free(&r->recycle);
    assert_int_equal(r->heap.in_use, 0);
}

static void takes_what_was_given_back(void **state)
{
    (void)state;
    recycled r;
    begin_recycled(&r);
    for (int run = 0; run < 4; run++) {
        size_t calls = r.heap.calls;
        char *small = berm_mem_new(&r.recycle.alloc, 100);
        char *large = berm_mem_new(&r.recycle.alloc, 100000);
        memset(large, 'x', 100000);
        large = berm_mem_resize(&r.recycle.alloc, large, 100000, 200000);
        assert_int_equal(large[99999], 'x');
        memset(large, 'y', 200000);
        memset(small, 'z', 100);
        assert_int_equal(large[0], 'y');
        berm_mem_free(&r.recycle.alloc, large, 200000);
        berm_mem_free(&r.recycle.alloc, small, 100);
        if (run > 0) assert_int_equal(r.heap.calls, calls);
        berm_recycle_turn(&r.recycle);
    }
    end_recycled(&r);
}

static void gives_back_what_is_not_needed(void **state)
{
    (void)state;
    recycled r;
    begin_recycled(&r);
    char *large = berm_mem_new(&r.recycle.alloc, 5000000),
         *small = berm_mem_new(&r.recycle.alloc, 5000);
    berm_mem_free(&r.recycle.alloc, large, 5000000);
    berm_mem_free(&r.recycle.alloc, small, 5000);
    berm_recycle_turn(&r.recycle);
    assert_true(r.heap.in_use >= 5005000); /* the run that ended needed them */
    berm_recycle_turn(&r.recycle);
    assert_true(r.heap.in_use >= 5000 && r.heap.in_use < 6000);
    for (int run = 0; run < 300; run++) berm_recycle_turn(&r.recycle);
    assert_int_equal(r.heap.in_use, 0);
    char *blocks[2 * BERM_RECYCLE_MAX];
    for (uint32_t i = 0; i < 2 * BERM_RECYCLE_MAX; i++)
        blocks[i] = berm_mem_new(&r.recycle.alloc, 10 + i);
    for (uint32_t i = 0; i < 2 * BERM_RECYCLE_MAX; i++)
        berm_mem_free(&r.recycle.alloc, blocks[i], 10 + i);
    assert_int_equal(r.recycle.count, BERM_RECYCLE_MAX);
    end_recycled(&r);
}

static void leaves_large_ones_to_large_needs(void **state)
{
    (void)state;
    recycled r;
    begin_recycled(&r);
    char *large = berm_mem_new(&r.recycle.alloc, 1000000);
    berm_mem_free(&r.recycle.alloc, large, 1000000);
    size_t calls = r.heap.calls;
    char *small = berm_mem_new(&r.recycle.alloc, 10);
    assert_int_equal(r.heap.calls, calls + 1);
    assert_ptr_equal(berm_mem_new(&r.recycle.alloc, 900000), large);
    berm_mem_free(&r.recycle.alloc, small, 10);
    berm_mem_free(&r.recycle.alloc, large, 900000);
    end_recycled(&r);
}

static void fails_as_memory_does(void **state)
{
    (void)state;
    recycled r;
    begin_recycled(&r);
    char *block = berm_mem_new(&r.recycle.alloc, 10);
    block[0] = 'a';
    r.heap.fail_at = r.heap.calls + 1;
    assert_null(berm_mem_resize(&r.recycle.alloc, block, 10, 1000));
    assert_int_equal(block[0], 'a');
    assert_null(berm_mem_resize(&r.recycle.alloc, NULL, 0, SIZE_MAX - 4));
    berm_mem_free(&r.recycle.alloc, block, 10);
    end_recycled(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_was_given_back),
        cmocka_unit_test(gives_back_what_is_not_needed),
        cmocka_unit_test(leaves_large_ones_to_large_needs),
        cmocka_unit_test(fails_as_memory_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
