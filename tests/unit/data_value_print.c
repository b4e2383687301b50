/* Values as CEL literals, whole and short. */
#include "data_help.h"

#include <math.h>

static void prints_scalars(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_space *s = &zoo.space;
    check_printed(s, berm_cell_of(BERM_TAG_NULL), "null");
    check_printed(s, berm_cell_bool(true), "true");
    check_printed(s, berm_cell_int(INT64_MIN), "-9223372036854775808");
    check_printed(s, berm_cell_uint(UINT64_MAX), "18446744073709551615u");
    check_printed(s, berm_cell_double(1), "1.0");
    check_printed(s, berm_cell_double(-0.0), "-0.0");
    check_printed(s, berm_cell_double(0.1), "0.1");
    check_printed(s, berm_cell_double(1e300), "1e+300");
    check_printed(s, berm_cell_double((double)NAN), "double(\"NaN\")");
    check_printed(s, berm_cell_double(-(double)INFINITY), "double(\"-Infinity\")");
    check_printed(s, zoo_string(&zoo, "a\"b\n\xc3\xa9"), "\"a\\\"b\\n\xc3\xa9\"");
    check_printed(s, zoo_bytes(&zoo, "a\"\\\0\xff", 5), "b\"a\\\"\\\\\\x00\\xff\"");
    check_printed(s, zoo_tagged(BERM_TAG_TIMESTAMP, 0, 500000000),
                  "timestamp(\"1970-01-01T00:00:00.5Z\")");
    check_printed(s, zoo_tagged(BERM_TAG_DURATION, 90500000000, 0), "duration(\"90.5s\")");
    check_printed(s, zoo_tagged(BERM_TAG_TYPE, BERM_TYPE_LIST, 0), "list");
    check_printed(s, berm_cell_of(BERM_TAG_UNKNOWN), "unknown");
    check_printed(s, berm_cell_of(BERM_TAG_MISSING), "missing");
    check_printed(s, berm_value_error(s, BERM_ERR_OVERFLOW, 0, NULL, 0), "error(OVERFLOW)");
    zoo_end(&zoo);
}

static void prints_containers(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_space *s = &zoo.space;
    berm_cell two[] = {berm_cell_int(1), zoo_string(&zoo, "x")};
    check_printed(s, zoo_value(&zoo, "{\"a\": [1, {}], \"b\": {\"c\": null}}"),
                  "{\"a\": [1, {}], \"b\": {\"c\": null}}");
    check_printed(s, zoo_container(&zoo, BERM_TAG_SET, two, 2), "set([1, \"x\"])");
    check_printed(s, zoo_container(&zoo, BERM_TAG_OPTIONAL, two, 1), "optional.of(1)");
    check_printed(s, zoo_container(&zoo, BERM_TAG_OPTIONAL, two, 0), "optional.none()");
    berm_cell object = zoo_container(&zoo, BERM_TAG_OBJECT, two, 2);
    object.aux = BERM_TYPE_SEMVER; /* its last child is what it is made of */
    check_printed(s, object, "semver(\"x\")");
    object.aux = BERM_TYPE_IMAGE;
    check_printed(s, object, "berm.Image(1, \"x\")");
    berm_cell open = zoo_container(&zoo, BERM_TAG_LIST, two, 1);
    open.flags |= BERM_CELL_OPEN;
    check_printed(s, open, "[1, ...]");
    zoo_end(&zoo);
}

static void check_short(value_zoo *zoo, berm_cell value, bool redact, const char *wanted)
{
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    uint64_t fuel = zoo->space.fuel;
    berm_value_print_short(&text, &zoo->space, value, redact);
    assert_int_equal(zoo->space.fuel, fuel);
    assert_true(text.len < 300);
    if (wanted && !berm_str_is(berm_text_view(&text), wanted)) {
        fail_msg("printed %.*s, wanted %s", (int)text.len, text.ptr, wanted);
    }
    berm_text_free(&text);
}

static void redacts(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell cells[] = {berm_cell_int(1), zoo_string(&zoo, "secret"),
                         berm_cell_of(BERM_TAG_UNKNOWN)};
    cells[1].flags |= BERM_CELL_SENSITIVE;
    berm_cell list = zoo_container(&zoo, BERM_TAG_LIST, cells, 3);
    check_short(&zoo, list, true, "[1, (sensitive), (known after apply)]");
    check_short(&zoo, list, false, "[1, \"secret\", unknown]");
    list.flags |= BERM_CELL_SENSITIVE;
    check_short(&zoo, list, true, "(sensitive)");
    zoo_end(&zoo);
}

static void cuts_short_whatever_the_value(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    char text[301];
    memset(text, 'x', 300);
    text[300] = '\0';
    check_short(&zoo, zoo_string(&zoo, text), false, NULL);
    for (size_t i = 0; i < 300; i += 3)
        memcpy(text + i, "\xe2\x82\xac", 3); /* cut inside a code point */
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    berm_value_print_short(&out, &zoo.space, zoo_string(&zoo, text), false);
    assert_int_equal(out.len, 1 + 99 + 1 + 3);
    berm_text_free(&out);
    berm_cell at = berm_cell_int(1);
    for (int i = 0; i < 100; i++) {
        berm_cell both[] = {at, at};
        at = zoo_container(&zoo, BERM_TAG_LIST, both, 2);
    }
    check_short(&zoo, at, false, NULL);
    zoo_end(&zoo);
}

static void is_bounded_by_fuel_and_depth(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell graph = berm_cell_int(1), tower = berm_cell_int(1);
    for (int i = 0; i < 100; i++) {
        berm_cell both[] = {graph, graph};
        graph = zoo_container(&zoo, BERM_TAG_LIST, both, 2);
    }
    for (int i = 0; i < 10000; i++) tower = zoo_container(&zoo, BERM_TAG_LIST, &tower, 1);
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    zoo.space.fuel = 10000;
    assert_false(berm_value_print(&text, &zoo.space, graph, false));
    assert_int_equal(zoo.space.status, BERM_E_FUEL);
    zoo.space.fuel = 1000000;
    zoo.space.status = BERM_OK;
    assert_false(berm_value_print(&text, &zoo.space, tower, false));
    assert_int_equal(zoo.space.status, BERM_E_LIMIT);
    berm_text_free(&text);
    zoo_end(&zoo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_scalars),
        cmocka_unit_test(prints_containers),
        cmocka_unit_test(redacts),
        cmocka_unit_test(cuts_short_whatever_the_value),
        cmocka_unit_test(is_bounded_by_fuel_and_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
