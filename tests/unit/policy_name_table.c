#include "policy_help.h"

#include "base_alloc.h"
#include "policy/name_table.h"

#define MANY 1000u

static void fill_names(char names[MANY][8])
{
    for (unsigned i = 0; i < MANY; i++) snprintf(names[i], sizeof names[i], "n%u", i);
}

static void names_have_their_numbers(void **state)
{
    (void)state;
    static char names[MANY][8];
    fill_names(names);
    berm_name_table table;
    berm_name_table_init(&table, &berm_alloc_libc);
    assert_int_equal(berm_name_table_find(&table, BERM_STR("n0")), BERM_NO_NAME);
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t first;
        assert_true(berm_name_table_add(&table, berm_str_of(names[i]), 2 * i, &first));
        assert_int_equal(first, 2 * i);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t first = 0;
        assert_int_equal(berm_name_table_find(&table, berm_str_of(names[i])), 2 * i);
        assert_false(berm_name_table_add(&table, berm_str_of(names[i]), 1, &first));
        assert_int_equal(first, 2 * i);
    }
    assert_int_equal(berm_name_table_find(&table, BERM_STR("n1000")), BERM_NO_NAME);
    assert_int_equal(berm_name_table_find(&table, BERM_STR("")), BERM_NO_NAME);
    berm_name_table_free(&table);
}

static void without_memory_a_table_keeps_what_it_has(void **state)
{
    (void)state;
    static char names[MANY][8];
    fill_names(names);
    for (size_t n = 1; n < 20; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        berm_name_table table;
        berm_name_table_init(&table, &alloc);
        uint32_t first = 0, i = 0;
        while (i < MANY && berm_name_table_add(&table, berm_str_of(names[i]), i, &first)) i++;
        if (i < MANY) assert_int_equal(first, BERM_NO_NAME);
        for (uint32_t k = 0; k < MANY; k++) {
            assert_int_equal(berm_name_table_find(&table, berm_str_of(names[k])),
                             k < i ? k : BERM_NO_NAME);
        }
        berm_name_table_free(&table);
        assert_int_equal(heap.in_use, 0);
        assert_int_equal(heap.wrong_len, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_have_their_numbers),
                                       cmocka_unit_test(without_memory_a_table_keeps_what_it_has)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
