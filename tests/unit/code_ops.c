/* The instruction table as data. */
#include "code_help.h"

static void table_is_whole(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < BERM_OP_COUNT; i++) {
        const berm_op_info *info = &berm_op_infos[i];
        assert_non_null(info->mnemonic);
        assert_true(info->words == 1 || info->words == 2);
        assert_true(strchr("_RWXP", info->a) != NULL);
        assert_true(strchr("_RWKVFHEBLU", info->b) != NULL);
        assert_true(strchr("_RW", info->c) != NULL);
        /* A second word is described exactly where there is one. */
        assert_int_equal(info->words == 2, info->a2 != 0);
        for (uint32_t k = 0; k < i; k++) {
            assert_string_not_equal(info->mnemonic, berm_op_infos[k].mnemonic);
        }
    }
}

static void wide_operands_stand_alone(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < BERM_OP_COUNT; i++) {
        const berm_op_info *info = &berm_op_infos[i];
        if (strchr("KVEBLU", info->b)) assert_int_equal(info->c, '_');
    }
    assert_int_equal(berm_op_infos[BERM_OP_COND].words, 2);
    assert_int_equal(berm_op_infos[BERM_OP_COND].b2, 'L');
    assert_int_equal(berm_op_infos[BERM_OP_FN].b, 'F');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_whole),
        cmocka_unit_test(wide_operands_stand_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
