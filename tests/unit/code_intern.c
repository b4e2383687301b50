/* Tables of what is stored once. */
#include "code_help.h"

#include "code/intern.h"

static void finds_every_entry_of_a_hash(void **state)
{
    (void)state;
    berm_intern_table table = {0};
    uint32_t at = BERM_NO_ENTRY;
    assert_null(berm_intern_next(&table, 7, &at));
    for (uint32_t i = 0; i < 1000; i++) {
        assert_true(berm_intern_add(&berm_alloc_libc, &table, i % 500 * 0x9E3779B97F4A7C15u, i, 1));
    }
    for (uint32_t hash = 0; hash < 500; hash++) {
        at = BERM_NO_ENTRY;
        const berm_intern_entry *newer = berm_intern_next(&table, hash * 0x9E3779B97F4A7C15u, &at);
        assert_non_null(newer);
        assert_int_equal(newer->off, hash + 500);
        const berm_intern_entry *older = berm_intern_next(&table, hash * 0x9E3779B97F4A7C15u, &at);
        assert_non_null(older);
        assert_int_equal(older->off, hash);
        assert_null(berm_intern_next(&table, hash * 0x9E3779B97F4A7C15u, &at));
    }
    berm_intern_free(&berm_alloc_libc, &table);
    assert_int_equal(table.bucket_count, 0);
}

/* Many entries of one bucket: looking does not become slow, it gives up. */
static void gives_up_in_long_chains(void **state)
{
    (void)state;
    berm_intern_table table = {0};
    for (uint32_t i = 0; i < 5000; i++) {
        assert_true(berm_intern_add(&berm_alloc_libc, &table, (uint64_t)i << 32, i, 0));
    }
    uint32_t at = BERM_NO_ENTRY;
    assert_null(berm_intern_next(&table, 0, &at));
    at = BERM_NO_ENTRY;
    assert_non_null(berm_intern_next(&table, (uint64_t)4999 << 32, &at));
    berm_intern_free(&berm_alloc_libc, &table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_entry_of_a_hash),
        cmocka_unit_test(gives_up_in_long_chains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
