/* Spaces: stores, the arena, marks, budgets. */
#include "data_help.h"

static void first_store_is_the_image(void **state)
{
    (void)state;
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 1 << 20);
    berm_store store = {.cell_count = 7};
    assert_int_equal(berm_space_add(&space, &store), BERM_STORE_IMAGE);
    berm_cell ref = {0};
    assert_non_null(berm_space_cells(&space, 1, &ref));
    assert_int_equal(ref.store, 2);
    assert_int_equal(berm_space_add(&space, &store), 3);
    assert_int_equal(space.stores[3].cell_count, 7);
    assert_null(space.stores[3].home);
    assert_ptr_equal(space.stores[2].home, &space);
    berm_space_free(&space);
}

static void the_arena_leaves_the_image_its_place(void **state)
{
    (void)state;
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 1 << 20);
    berm_cell text = berm_space_string(&space, BERM_STR("abc"));
    assert_int_equal(text.store, 2);
    assert_true(berm_str_is(berm_text_of(&space, text), "abc"));
    assert_int_equal(space.stores[BERM_STORE_IMAGE].cell_count, 0);
    berm_space_free(&space);
}

static void values_stay_where_they_are(void **state)
{
    (void)state;
    enum { COUNT = 4000 };
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, (uint64_t)1 << 30);
    berm_cell *texts = calloc(COUNT, sizeof *texts), *lists = calloc(COUNT, sizeof *lists);
    assert_true(texts && lists);
    for (uint32_t i = 0; i < COUNT; i++) {
        char name[32];
        berm_format_into(name, sizeof name, "text number %u", i);
        texts[i] = berm_space_string(&space, berm_str_of(name));
        berm_cell *cells = berm_space_cells(&space, i % 100, &lists[i]);
        assert_non_null(cells);
        assert_int_equal((uintptr_t)cells % _Alignof(berm_cell), 0);
        for (uint32_t k = 0; k < i % 100; k++) cells[k] = berm_cell_int(i + k);
    }
    assert_true(space.store_count > 4); /* several chunks */
    for (uint32_t i = 0; i < COUNT; i++) {
        char name[32];
        berm_format_into(name, sizeof name, "text number %u", i);
        assert_true(berm_str_is(berm_text_of(&space, texts[i]), name));
        assert_int_equal(lists[i].as.ref.len, i % 100);
        const berm_cell *cells = berm_children_of(&space, lists[i]);
        for (uint32_t k = 0; k < i % 100; k++) assert_int_equal(cells[k].as.i, i + k);
    }
    free(texts);
    free(lists);
    berm_space_free(&space);
}

static void one_value_may_be_larger_than_a_chunk(void **state)
{
    (void)state;
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, (uint64_t)1 << 30);
    berm_cell small = berm_space_string(&space, BERM_STR("small"));
    berm_cell large = {0};
    char *text = berm_space_text(&space, 10000000, &large);
    assert_non_null(text);
    memset(text, 'x', 10000000);
    assert_true(berm_str_is(berm_text_of(&space, small), "small"));
    assert_int_equal(berm_text_of(&space, large).len, 10000000);
    berm_space_free(&space);
}

static void trims_the_last_text(void **state)
{
    (void)state;
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 1 << 20);
    berm_cell ref = {0}, next = {0};
    char *text = berm_space_text(&space, 1000, &ref);
    memcpy(text, "ab", 2);
    berm_space_trim(&space, &ref, 2);
    assert_int_equal(ref.as.ref.len, 2);
    assert_int_equal(space.memory_len, 2);
    assert_ptr_equal(berm_space_text(&space, 1, &next), text + 2);
    berm_space_trim(&space, &ref,
                    1); /* no longer the last: its length changes, its room does not come back */
    assert_int_equal(ref.as.ref.len, 1);
    assert_int_equal(space.memory_len, 3);
    berm_space_free(&space);
}

static void releases_to_a_mark(void **state)
{
    (void)state;
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, (uint64_t)1 << 30);
    berm_space_mark empty = berm_space_position(&space);
    berm_cell kept = berm_space_string(&space, BERM_STR("kept"));
    uint64_t before = space.memory_len;
    berm_space_mark mark = berm_space_position(&space);
    berm_cell first = berm_space_string(&space, BERM_STR("first"));
    for (int i = 0; i < 100; i++) {
        berm_cell ref;
        assert_non_null(berm_space_text(&space, 10000, &ref));
    }
    berm_space_release(&space, mark);
    assert_int_equal(space.memory_len, before);
    berm_cell again = berm_space_string(&space, BERM_STR("again"));
    assert_int_equal(again.as.ref.off, first.as.ref.off);
    assert_int_equal(again.store, first.store);
    assert_true(berm_str_is(berm_text_of(&space, kept), "kept"));
    berm_space_release(&space, empty);
    assert_int_equal(space.memory_len, 0);
    berm_space_free(&space);
}

/* The work of one evaluation: other sizes each time, so chunks are met in another order. */
static void do_some_work(berm_space *space, uint32_t seed)
{
    for (uint32_t i = 0; i < 50; i++) {
        berm_cell ref;
        assert_non_null(berm_space_text(space, (seed * 7919 + i * 104729) % 20000, &ref));
        assert_non_null(berm_space_cells(space, (seed * 31 + i * 17) % 300, &ref));
    }
}

static void allocates_nothing_in_steady_state(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_space space;
    berm_space_init(&space, &alloc, (uint64_t)1 << 30);
    do_some_work(&space, 1);
    size_t calls = heap.calls;
    uint64_t used = space.memory_len;
    for (int i = 0; i < 20; i++) {
        berm_space_reset(&space, 1000);
        do_some_work(&space, 1);
        assert_int_equal(space.memory_len, used);
    }
    assert_int_equal(heap.calls, calls);
    for (uint32_t i = 0; i < 200; i++) {
        berm_space_reset(&space, 1000);
        do_some_work(&space, i);
    }
    assert_true(heap.in_use < 8u << 20); /* kept chunks are found again, not piled up */
    berm_space_free(&space);
    assert_int_equal(heap.in_use, 0);
    assert_false(heap.wrong_len);
}

/* A limit means the same whatever the space did before. */
static void memory_limit_is_what_was_asked_for(void **state)
{
    (void)state;
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 1000);
    for (int round = 0; round < 3; round++) {
        berm_cell ref;
        berm_space_reset(&space, UINT64_MAX);
        assert_non_null(berm_space_text(&space, 600, &ref));
        assert_null(berm_space_text(&space, 401, &ref));
        assert_int_equal(space.status, BERM_E_LIMIT);
        assert_int_equal(berm_space_string(&space, (berm_str){"x", 500}).tag, BERM_TAG_MISSING);
    }
    berm_space_free(&space);
}

static void fuel_runs_out_once(void **state)
{
    (void)state;
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 1000);
    assert_true(berm_space_spend(&space, UINT64_MAX / 2));
    berm_space_reset(&space, 10);
    assert_true(berm_space_spend(&space, 10));
    assert_int_equal(space.status, BERM_OK);
    assert_false(berm_space_spend(&space, 1));
    assert_int_equal(space.status, BERM_E_FUEL);
    berm_space_reset(&space, 10);
    assert_int_equal(space.status, BERM_OK);
    berm_space_free(&space);
}

static void survives_failed_allocations(void **state)
{
    (void)state;
    for (size_t n = 1; n < 12; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        berm_space space;
        berm_space_init(&space, &alloc, (uint64_t)1 << 30);
        bool failed = false;
        for (int i = 0; i < 400 && !failed; i++) {
            berm_cell ref;
            failed = berm_space_text(&space, 10000, &ref) == NULL;
        }
        assert_int_equal(failed, space.status == BERM_E_NOMEM);
        berm_space_free(&space);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
    }
}

static void has_at_most_65535_stores(void **state)
{
    (void)state;
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 1000);
    berm_store store = {.cell_count = 0};
    for (uint32_t i = 1; i <= BERM_STORE_MAX; i++)
        assert_int_equal(berm_space_add(&space, &store), i);
    assert_int_equal(berm_space_add(&space, &store), 0);
    assert_int_equal(space.status, BERM_E_LIMIT);
    berm_space_free(&space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_store_is_the_image),
        cmocka_unit_test(the_arena_leaves_the_image_its_place),
        cmocka_unit_test(values_stay_where_they_are),
        cmocka_unit_test(one_value_may_be_larger_than_a_chunk),
        cmocka_unit_test(trims_the_last_text),
        cmocka_unit_test(releases_to_a_mark),
        cmocka_unit_test(allocates_nothing_in_steady_state),
        cmocka_unit_test(memory_limit_is_what_was_asked_for),
        cmocka_unit_test(fuel_runs_out_once),
        cmocka_unit_test(survives_failed_allocations),
        cmocka_unit_test(has_at_most_65535_stores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
