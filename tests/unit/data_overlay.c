/* Overlays: unknown and sensitive marks over a document's values. */
#include "data_help.h"

static void check_overlay(const char *value, const char *mask, berm_mark mark, const char *wanted)
{
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell over = berm_overlay(&zoo.space, zoo_value(&zoo, value), zoo_value(&zoo, mask), mark);
    assert_int_equal(zoo.space.status, BERM_OK);
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    assert_true(berm_json_write(&text, &zoo.space, over, BERM_JSON_REDACT));
    if (!berm_str_is(berm_text_view(&text), wanted)) {
        fail_msg("%s under %s is %.*s, wanted %s", value, mask, (int)text.len, text.ptr, wanted);
    }
    berm_text_free(&text);
    zoo_end(&zoo);
}

#define U "\"(known after apply)\""
#define S "\"(sensitive)\""

static void lays_unknowns_over(void **state)
{
    (void)state;
    berm_mark m = BERM_MARK_UNKNOWN;
    check_overlay("1", "true", m, U);
    check_overlay("1", "false", m, "1");
    check_overlay("1", "\"true\"", m, "1");
    check_overlay("{\"a\":1,\"b\":2}", "{\"a\":true}", m, "{\"a\":" U ",\"b\":2}");
    check_overlay("{\"b\":2}", "{\"a\":true,\"c\":false}", m, "{\"b\":2,\"a\":" U "}");
    check_overlay("{\"a\":null}", "{\"a\":true}", m, "{\"a\":" U "}");
    check_overlay("[1,2,3]", "[false,true]", m, "[1," U ",3]");
    check_overlay("[1]", "[false,false,true,false]", m, "[1,null," U "]");
    check_overlay("{\"a\":{\"b\":[{\"c\":1},{\"c\":2}]},\"z\":[9]}",
                  "{\"a\":{\"b\":[{},{\"c\":true,\"d\":true}]},\"z\":[]}", m,
                  "{\"a\":{\"b\":[{\"c\":1},{\"c\":" U ",\"d\":" U "}]},\"z\":[9]}");
    check_overlay("{}", "{\"a\":{\"b\":[{\"c\":true}]}}", m, "{\"a\":{\"b\":[{\"c\":" U "}]}}");
    check_overlay("null", "{\"a\":true}", m, "{\"a\":" U "}");
    check_overlay("{}", "{\"a\":{\"b\":[{}]}}", m, "{}");
    check_overlay("{\"a\":\"x\"}", "{\"a\":{\"b\":true}}", m, "{\"a\":\"x\"}");
    check_overlay("{\"a\":[1]}", "{\"a\":{\"b\":true}}", m, "{\"a\":[1]}");
}

static void lays_sensitivity_over(void **state)
{
    (void)state;
    berm_mark m = BERM_MARK_SENSITIVE;
    check_overlay("1", "true", m, S);
    check_overlay("{\"a\":{\"x\":1},\"b\":2}", "{\"a\":true}", m, "{\"a\":" S ",\"b\":2}");
    check_overlay("{\"a\":{\"x\":1}}", "{\"a\":{\"x\":true}}", m, "{\"a\":{\"x\":" S "}}");
    check_overlay("{\"b\":2}", "{\"a\":true}", m, "{\"b\":2}");
    check_overlay("[1]", "[true,true]", m, "[" S "]");
    check_overlay("null", "{\"a\":true}", m, "null");
    /* of another shape: what is hidden is in there somewhere */
    check_overlay("\"x\"", "{\"a\":[false,{\"b\":true}]}", m, S);
    check_overlay("[1]", "{\"a\":true}", m, S);
    check_overlay("{\"a\":{\"x\":1}}", "{\"a\":[true]}", m, "{\"a\":" S "}");
    check_overlay("\"x\"", "{\"a\":[false,{}]}", m, "\"x\"");
}

static void marks_of_large_maps(void **state)
{
    (void)state;
    berm_text json, mask;
    berm_text_init(&json, &berm_alloc_libc);
    berm_text_init(&mask, &berm_alloc_libc);
    for (uint32_t i = 0; i < 100; i++) {
        berm_text_format(&json, "%c\"k%u\":%u", i ? ',' : '{', i, i);
        berm_text_format(&mask, "%c\"k%u\":true", i ? ',' : '{', 2 * i);
    }
    berm_text_put(&json, BERM_STR("}\0"));
    berm_text_put(&mask, BERM_STR("}\0"));
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell over = berm_overlay(&zoo.space, zoo_value(&zoo, json.ptr), zoo_value(&zoo, mask.ptr),
                                  BERM_MARK_UNKNOWN);
    assert_int_equal(over.as.ref.len, 150);
    for (uint32_t i = 0; i < 200; i++) {
        char name[8];
        berm_format_into(name, sizeof name, "k%u", i);
        berm_cell found = berm_map_find_text(&zoo.space, over, berm_str_of(name));
        assert_int_equal(found.tag, i % 2 == 0 ? BERM_TAG_UNKNOWN
                                    : i < 100  ? BERM_TAG_INT
                                               : BERM_TAG_MISSING);
    }
    zoo_end(&zoo);
    berm_text_free(&json);
    berm_text_free(&mask);
}

static void copies_only_what_changes(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell value = zoo_value(&zoo, "{\"a\": {\"deep\": [1, 2, 3]}, \"b\": {\"c\": 1}}");
    berm_cell same =
        berm_overlay(&zoo.space, value, zoo_value(&zoo, "{\"a\": {\"deep\": [false]}, \"b\": {}}"),
                     BERM_MARK_UNKNOWN);
    assert_memory_equal(&same, &value, sizeof same);
    assert_int_equal(zoo.space.memory_len, 0);
    berm_cell over = berm_overlay(&zoo.space, value, zoo_value(&zoo, "{\"b\": {\"c\": true}}"),
                                  BERM_MARK_UNKNOWN);
    berm_cell a = berm_map_find_text(&zoo.space, over, BERM_STR("a"));
    assert_int_equal(a.store, value.store); /* still in the document */
    assert_int_not_equal(over.store, value.store);
    assert_int_equal(over.aux, value.aux);
    zoo_end(&zoo);
}

/* An unknown is shown where the value is written, or else where the mask says that it is
   unknown. */
static void unknowns_know_their_place(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell value = zoo_value(&zoo, "{\"a\": 1}"),
              mask = zoo_value(&zoo, "{\"a\": true,   \"b\": true}");
    berm_cell over = berm_overlay(&zoo.space, value, mask, BERM_MARK_UNKNOWN);
    berm_cell a = berm_map_find_text(&zoo.space, over, BERM_STR("a")),
              b = berm_map_find_text(&zoo.space, over, BERM_STR("b"));
    assert_int_equal(a.store, value.store);
    assert_int_equal(a.aux, 6);
    assert_int_equal(b.store, mask.store);
    assert_int_equal(b.aux, 19);
    zoo_end(&zoo);
}

static void sensitive_stays_sensitive_when_unknown(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell value = zoo_value(&zoo, "{\"a\": {\"b\": 1}}");
    value = berm_overlay(&zoo.space, value, zoo_value(&zoo, "{\"a\": true}"), BERM_MARK_SENSITIVE);
    value = berm_overlay(&zoo.space, value, zoo_value(&zoo, "{\"a\": {\"b\": true}}"),
                         BERM_MARK_UNKNOWN);
    berm_cell b = berm_map_value_at(&zoo.space, berm_map_value_at(&zoo.space, value, 0), 0);
    assert_int_equal(b.tag, BERM_TAG_UNKNOWN);
    assert_true(b.flags & BERM_CELL_SENSITIVE);
    zoo_end(&zoo);
}

static void stops_at_its_limits(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell value = zoo_value(&zoo, "{\"a\": [1, 2, 3]}"),
              mask = zoo_value(&zoo, "{\"a\": [true]}");
    zoo.space.memory_limit = 40;
    berm_overlay(&zoo.space, value, mask, BERM_MARK_UNKNOWN);
    assert_int_equal(zoo.space.status, BERM_E_LIMIT);
    zoo.space.status = BERM_OK;
    zoo.space.memory_limit = 1 << 20;
    zoo.space.fuel = 2;
    berm_overlay(&zoo.space, value, mask, BERM_MARK_UNKNOWN);
    assert_int_equal(zoo.space.status, BERM_E_FUEL);
    zoo.space.status = BERM_OK;
    zoo.space.fuel = 1000;
    zoo.space.depth_limit = 1;
    berm_overlay(&zoo.space, value, mask, BERM_MARK_UNKNOWN);
    assert_int_equal(zoo.space.status, BERM_E_LIMIT);
    zoo_end(&zoo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lays_unknowns_over),
        cmocka_unit_test(lays_sensitivity_over),
        cmocka_unit_test(marks_of_large_maps),
        cmocka_unit_test(copies_only_what_changes),
        cmocka_unit_test(unknowns_know_their_place),
        cmocka_unit_test(sensitive_stays_sensitive_when_unknown),
        cmocka_unit_test(stops_at_its_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
