/* Values as JSON. */
#include "data_help.h"

#include <math.h>

static void check_json(value_zoo *zoo, berm_cell value, uint32_t style, const char *wanted)
{
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    assert_true(berm_json_write(&text, &zoo->space, value, style));
    if (!berm_str_is(berm_text_view(&text), wanted)) {
        fail_msg("wrote %.*s, wanted %s", (int)text.len, text.ptr, wanted);
    }
    berm_text_free(&text);
}

static void writes_back_what_it_reads(void **state)
{
    (void)state;
    static const char *const texts[] = {"null",
                                        "true",
                                        "-1",
                                        "18446744073709551615",
                                        "0.1",
                                        "1.0",
                                        "-0.0",
                                        "9223372036854776000.0",
                                        "1e+300",
                                        "\"\"",
                                        "\"a\\\"\\\\\\n\xc3\xa9\"",
                                        "[]",
                                        "{}",
                                        "[1,[2,{}],\"x\"]",
                                        "{\"a\":{\"b\":[null]},\"\":0}"};
    value_zoo zoo;
    zoo_begin(&zoo);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        check_json(&zoo, zoo_value(&zoo, texts[i]), BERM_JSON_COMPACT, texts[i]);
    }
    zoo_end(&zoo);
}

static void writes_what_json_lacks(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    check_json(&zoo, berm_cell_double(1), BERM_JSON_COMPACT, "1.0");
    check_json(&zoo, berm_cell_double((double)NAN), BERM_JSON_COMPACT, "\"NaN\"");
    check_json(&zoo, berm_cell_double((double)INFINITY), BERM_JSON_COMPACT, "\"Infinity\"");
    check_json(&zoo, berm_cell_double(-(double)INFINITY), BERM_JSON_COMPACT, "\"-Infinity\"");
    check_json(&zoo, zoo_bytes(&zoo, "", 0), BERM_JSON_COMPACT, "\"\"");
    check_json(&zoo, zoo_bytes(&zoo, "f", 1), BERM_JSON_COMPACT, "\"Zg==\"");
    check_json(&zoo, zoo_bytes(&zoo, "fo", 2), BERM_JSON_COMPACT, "\"Zm8=\"");
    check_json(&zoo, zoo_bytes(&zoo, "foo", 3), BERM_JSON_COMPACT, "\"Zm9v\"");
    check_json(&zoo, zoo_bytes(&zoo, "\xff\xfe\xfd\x00", 4), BERM_JSON_COMPACT, "\"//79AA==\"");
    check_json(&zoo, zoo_tagged(BERM_TAG_TIMESTAMP, 0, 0), BERM_JSON_COMPACT,
               "\"1970-01-01T00:00:00Z\"");
    check_json(&zoo, zoo_tagged(BERM_TAG_DURATION, 1500000000, 0), BERM_JSON_COMPACT, "\"1.5s\"");
    check_json(&zoo, zoo_tagged(BERM_TAG_TYPE, BERM_TYPE_MAP, 0), BERM_JSON_COMPACT, "\"map\"");
    check_json(&zoo, berm_value_error(&zoo.space, BERM_ERR_OVERFLOW, 0, NULL, 0), BERM_JSON_COMPACT,
               "\"the result is out of range\"");
    berm_cell one = berm_cell_int(1);
    check_json(&zoo, zoo_container(&zoo, BERM_TAG_OPTIONAL, &one, 1), BERM_JSON_COMPACT, "1");
    check_json(&zoo, zoo_container(&zoo, BERM_TAG_OPTIONAL, &one, 0), BERM_JSON_COMPACT, "null");
    check_json(&zoo, zoo_container(&zoo, BERM_TAG_SET, &one, 1), BERM_JSON_COMPACT, "[1]");
    berm_cell map[] = {berm_cell_int(1),        one, berm_cell_bool(true), one,
                       zoo_bytes(&zoo, "f", 1), one};
    berm_cell keyed = zoo_container(&zoo, BERM_TAG_MAP, map, 3 * 2);
    keyed.as.ref.len = 3;
    check_json(&zoo, keyed, BERM_JSON_COMPACT, "{\"1\":1,\"true\":1,\"Zg==\":1}");
    zoo_end(&zoo);
}

static void writes_pretty(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    check_json(&zoo, zoo_value(&zoo, "{\"a\":[1,{}],\"b\":[]}"), BERM_JSON_PRETTY,
               "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
    zoo_end(&zoo);
}

static void redacts(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell cells[] = {zoo_value(&zoo, "{\"a\": 1}"), berm_cell_of(BERM_TAG_UNKNOWN),
                         berm_cell_int(3)};
    cells[0].flags |= BERM_CELL_SENSITIVE;
    berm_cell list = zoo_container(&zoo, BERM_TAG_LIST, cells, 3);
    check_json(&zoo, list, BERM_JSON_REDACT, "[\"(sensitive)\",\"(known after apply)\",3]");
    check_json(&zoo, list, BERM_JSON_COMPACT, "[{\"a\":1},null,3]");
    zoo_end(&zoo);
}

static void is_bounded(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell tower = berm_cell_int(1);
    for (int i = 0; i < 10000; i++) tower = zoo_container(&zoo, BERM_TAG_LIST, &tower, 1);
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    assert_false(berm_json_write(&text, &zoo.space, tower, BERM_JSON_COMPACT));
    assert_int_equal(zoo.space.status, BERM_E_LIMIT);
    zoo.space.status = BERM_OK;
    zoo.space.fuel = 3;
    assert_false(
        berm_json_write(&text, &zoo.space, zoo_value(&zoo, "[1,2,3,4]"), BERM_JSON_COMPACT));
    assert_int_equal(zoo.space.status, BERM_E_FUEL);
    berm_text_free(&text);
    zoo_end(&zoo);
}

static void reports_failed_allocations(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell value = zoo_value(&zoo, "{\"some key\": [\"some text\", 1.5, true]}");
    for (size_t n = 1;; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        berm_text text;
        berm_text_init(&text, &alloc);
        bool written = berm_json_write(&text, &zoo.space, value, BERM_JSON_PRETTY);
        berm_text_free(&text);
        assert_int_equal(heap.in_use, 0);
        assert_int_equal(written, heap.calls < n);
        if (written) break;
    }
    zoo_end(&zoo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_back_what_it_reads),
        cmocka_unit_test(writes_what_json_lacks),
        cmocka_unit_test(writes_pretty),
        cmocka_unit_test(redacts),
        cmocka_unit_test(is_bounded),
        cmocka_unit_test(reports_failed_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
