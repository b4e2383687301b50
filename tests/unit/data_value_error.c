/* Error values, their texts, and the names of types. */
#include "data_help.h"

static void check_text(value_zoo *zoo, berm_error_code code, const berm_cell *operands,
                       uint32_t count, bool redact, const char *wanted)
{
    berm_cell error = berm_value_error(&zoo->space, code, 0x123456, operands, count);
    assert_int_equal(error.tag, BERM_TAG_ERROR);
    assert_int_equal(berm_error_code_of(error), code);
    assert_int_equal(berm_error_word_of(error), 0x123456);
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_error_print(&text, &zoo->space, error, redact);
    if (!berm_str_is(berm_text_view(&text), wanted)) {
        fail_msg("printed %.*s, wanted %s", (int)text.len, text.ptr, wanted);
    }
    berm_text_free(&text);
}

static void says_what_went_wrong(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell name = zoo_string(&zoo, "na\"me"),
              three[] = {berm_cell_int(1), name, zoo_value(&zoo, "[1]")};
    check_text(&zoo, BERM_ERR_DIVIDE_BY_ZERO, NULL, 0, false, "division by zero");
    check_text(&zoo, BERM_ERR_NO_SUCH_KEY, &name, 1, false, "no such key: \"na\\\"me\"");
    check_text(&zoo, BERM_ERR_NO_SUCH_KEY, NULL, 0, false, "no such key");
    check_text(&zoo, BERM_ERR_UNDECLARED, &name, 1, false, "undeclared reference: na\"me");
    check_text(&zoo, BERM_ERR_GIVEN, &name, 1, false, "na\"me");
    check_text(&zoo, BERM_ERR_NO_OVERLOAD, three, 3, false,
               "no matching overload for these types: int, string, list");
    check_text(&zoo, BERM_ERR_NO_OVERLOAD, three, 2, false,
               "no matching overload for these types: int, string");
    check_text(&zoo, BERM_ERR_NO_OVERLOAD, three, 1, false,
               "no matching overload for these types: int");
    check_text(&zoo, BERM_ERR_NO_OVERLOAD, three, 0, false, "no matching overload for these types");
    berm_cell to_int[] = {name, zoo_tagged(BERM_TAG_TYPE, BERM_TYPE_INT, 0)};
    check_text(&zoo, BERM_ERR_CONVERSION, to_int, 2, false, "cannot convert \"na\\\"me\" to int");
    to_int[1] = zoo_string(&zoo, "int");
    check_text(&zoo, BERM_ERR_CONVERSION, to_int, 2, false, "cannot convert \"na\\\"me\" to int");
    zoo_end(&zoo);
}

static void keeps_secrets(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell secret = zoo_string(&zoo, "hunter2");
    secret.flags |= BERM_CELL_SENSITIVE;
    check_text(&zoo, BERM_ERR_NO_SUCH_KEY, &secret, 1, true, "no such key: (sensitive)");
    check_text(&zoo, BERM_ERR_GIVEN, &secret, 1, true, "(sensitive)");
    check_text(&zoo, BERM_ERR_GIVEN, &secret, 1, false, "hunter2");
    berm_cell list = zoo_container(&zoo, BERM_TAG_LIST, &secret, 1);
    check_text(&zoo, BERM_ERR_INDEX_RANGE, &list, 1, true, "index out of range: [(sensitive)]");
    zoo_end(&zoo);
}

static void stays_an_error_without_memory(void **state)
{
    (void)state;
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 10);
    berm_cell operand = berm_cell_int(1);
    berm_cell error = berm_value_error(&space, BERM_ERR_NO_SUCH_KEY, 7, &operand, 1);
    assert_int_equal(error.tag, BERM_TAG_ERROR);
    assert_int_equal(error.as.ref.len, 0);
    assert_int_equal(berm_error_word_of(error), 7);
    assert_int_equal(space.status, BERM_E_LIMIT);
    berm_space_free(&space);
}

static void names_types(void **state)
{
    (void)state;
    assert_string_equal(berm_type_name(berm_type_of(berm_cell_int(1))), "int");
    assert_string_equal(berm_type_name(berm_type_of(berm_cell_of(BERM_TAG_NULL))), "null_type");
    assert_string_equal(berm_type_name(berm_type_of(berm_cell_of(BERM_TAG_UNKNOWN))), "dyn");
    assert_string_equal(
        berm_type_name(berm_type_of(zoo_tagged(BERM_TAG_OBJECT, 0, BERM_TYPE_CIDR))), "net.CIDR");
    assert_int_equal(berm_type_of(zoo_tagged(BERM_TAG_OBJECT, 0, 9999)), BERM_TYPE_DYN);
    assert_int_equal(berm_type_of(berm_cell_of(BERM_TAG_TIMESTAMP)), BERM_TYPE_TIMESTAMP);
    assert_string_equal(berm_type_name((berm_type_id)9999), "dyn");
    assert_string_equal(berm_error_name(BERM_ERR_NO_SUCH_KEY), "NO_SUCH_KEY");
    assert_string_equal(berm_error_name((berm_error_code)9999), "NONE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_went_wrong),
        cmocka_unit_test(keeps_secrets),
        cmocka_unit_test(stays_an_error_without_memory),
        cmocka_unit_test(names_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
