#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* SipHash-1-3 with the key that a salt stands for, as another implementation gives it. */
static void salted_values_are_known(void **state)
{
    (void)state;
    assert_int_equal(berm_hash_salted("", 0, 0), UINT64_C(0x6b3c89e238a4996e));
    assert_int_equal(berm_hash_salted("resource", 8, 0), UINT64_C(0x94d82d88928a2a7e));
    assert_int_equal(berm_hash_salted("resource_changes!", 17, 1), UINT64_C(0x23dde402a30cdba1));
}

enum { LEVELS = 5, BLOCKS = 16, BLOCK_LEN = 16 };

/* The blocks of tests/hostile, one level after the other. */
static void read_blocks(char blocks[LEVELS][BLOCKS][BLOCK_LEN])
{
    FILE *file = fopen("tests/hostile/blocks.txt", "r");
    assert_non_null(file);
    for (int i = 0; i < LEVELS * BLOCKS; i++) {
        char line[64];
        assert_non_null(fgets(line, sizeof line, file));
        assert_int_equal(line[0], '0' + i / BLOCKS);
        memcpy(blocks[i / BLOCKS][i % BLOCKS], line + 2, BLOCK_LEN);
    }
    fclose(file);
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* What the hostile tests rest upon: their names are one to the hashes without a salt, and as many
   as there are to the one with it. */
static void chosen_names_collide_without_a_salt_alone(void **state)
{
    (void)state;
    enum { NAMES = 4096, LEN = LEVELS * BLOCK_LEN };
    static char blocks[LEVELS][BLOCKS][BLOCK_LEN];
    static uint64_t salted[NAMES];
    char name[LEN];
    uint64_t plain = 0, salt = berm_hash_salt(blocks);
    read_blocks(blocks);
    for (unsigned i = 0; i < NAMES; i++) {
        unsigned number = i * 255 + 1;
        for (int level = 0; level < LEVELS; level++, number /= BLOCKS)
            memcpy(name + BLOCK_LEN * level, blocks[level][number % BLOCKS], BLOCK_LEN);
        if (i == 0) plain = berm_hash_bytes(name, LEN, 0);
        assert_int_equal(berm_hash_bytes(name, LEN, 0), plain);
        assert_int_equal(berm_hash_folded(name, LEN, 0), plain);
        salted[i] = berm_hash_salted(name, LEN, salt);
    }
    qsort(salted, NAMES, sizeof *salted, compare_hashes);
    for (unsigned i = 1; i < NAMES; i++) assert_int_not_equal(salted[i], salted[i - 1]);
}

static void salts_differ(void **state)
{
    (void)state;
    int one = 0, two = 0;
    assert_int_not_equal(berm_hash_salt(&one), berm_hash_salt(&two));
    assert_int_not_equal(berm_hash_salted("a", 1, 1), berm_hash_salted("a", 1, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(salted_values_are_known),
        cmocka_unit_test(chosen_names_collide_without_a_salt_alone),
        cmocka_unit_test(salts_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
