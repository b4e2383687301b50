/* Key hashes and looking into containers. */
#include "data_help.h"

#include "data/tree.h"

#include <math.h>

static uint32_t hash_of(value_zoo *zoo, berm_cell key)
{
    return berm_key_hash(&zoo->space, key);
}

static void equal_numbers_hash_alike(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    static const double numbers[] = {0, 1, 2, 255, 65536, 4503599627370496.0, 9007199254740993.0};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        uint32_t h = hash_of(&zoo, berm_cell_int((int64_t)numbers[i]));
        assert_int_equal(h, hash_of(&zoo, berm_cell_uint((uint64_t)numbers[i])));
        assert_int_equal(h, hash_of(&zoo, berm_cell_double(numbers[i])));
    }
    assert_int_equal(hash_of(&zoo, berm_cell_int(-7)), hash_of(&zoo, berm_cell_double(-7.0)));
    assert_int_equal(hash_of(&zoo, berm_cell_int(0)), hash_of(&zoo, berm_cell_double(-0.0)));
    assert_int_equal(hash_of(&zoo, berm_cell_int(INT64_MIN)),
                     hash_of(&zoo, berm_cell_double(-9223372036854775808.0)));
    assert_int_equal(hash_of(&zoo, berm_cell_uint((uint64_t)1 << 63)),
                     hash_of(&zoo, berm_cell_double(9223372036854775808.0)));
    assert_int_not_equal(hash_of(&zoo, berm_cell_int(1)), hash_of(&zoo, berm_cell_int(2)));
    assert_int_not_equal(hash_of(&zoo, berm_cell_double(1)), hash_of(&zoo, berm_cell_double(1.5)));
    assert_int_not_equal(hash_of(&zoo, berm_cell_int(1)), hash_of(&zoo, berm_cell_bool(true)));
    assert_int_equal(hash_of(&zoo, berm_cell_double((double)NAN)),
                     hash_of(&zoo, berm_cell_double(-(double)NAN)));
    zoo_end(&zoo);
}

static void text_hashes_fold_ascii_letters(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    uint32_t h = berm_text_hash("Content-Type", 12);
    assert_int_equal(h, berm_text_hash("content-tYPE", 12));
    assert_int_equal(h, hash_of(&zoo, zoo_string(&zoo, "CONTENT-TYPE")));
    assert_int_not_equal(h, berm_text_hash("content_type", 12));
    assert_int_not_equal(berm_text_hash("\xc3\xa9", 2), berm_text_hash("\xc3\x89", 2));
    zoo_end(&zoo);
}

static berm_cell find(value_zoo *zoo, berm_cell map, berm_cell key)
{
    return berm_map_find(&zoo->space, map, key, berm_key_hash(&zoo->space, key));
}

static void finds_members_by_text(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell map =
        zoo_value(&zoo, "{\"a\": 1, \"A\": 2, \"\": 3, \"b\\n\": null, \"list\": [5, 6]}");
    assert_int_equal(berm_map_find_text(&zoo.space, map, BERM_STR("a")).as.i, 1);
    assert_int_equal(berm_map_find_text(&zoo.space, map, BERM_STR("A")).as.i, 2);
    assert_int_equal(berm_map_find_text(&zoo.space, map, BERM_STR("")).as.i, 3);
    assert_int_equal(berm_map_find_text(&zoo.space, map, BERM_STR("b\n")).tag, BERM_TAG_NULL);
    assert_int_equal(berm_map_find_text(&zoo.space, map, BERM_STR("b")).tag, BERM_TAG_MISSING);
    assert_int_equal(find(&zoo, map, zoo_string(&zoo, "a")).as.i, 1);
    assert_int_equal(find(&zoo, map, berm_cell_int(1)).tag, BERM_TAG_MISSING);
    berm_cell list = berm_map_find_text(&zoo.space, map, BERM_STR("list"));
    assert_int_equal(list.store, map.store);
    assert_int_equal(berm_list_at(&zoo.space, list, 1).as.i, 6);
    assert_int_equal(berm_map_find_text(&zoo.space, list, BERM_STR("a")).tag, BERM_TAG_MISSING);
    assert_int_equal(berm_map_key_at(&zoo.space, map, 1).aux, BERM_NO_SPAN);
    assert_int_equal(berm_map_value_at(&zoo.space, map, 2).as.i, 3);
    zoo_end(&zoo);
}

static void finds_numbers_across_types(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell cells[] = {berm_cell_int(2),         berm_cell_int(20),    berm_cell_uint(UINT64_MAX),
                         berm_cell_int(21),        berm_cell_bool(true), berm_cell_int(22),
                         berm_cell_int(INT64_MAX), berm_cell_int(23)};
    berm_cell map = zoo_container(&zoo, BERM_TAG_MAP, cells, 8);
    map.as.ref.len = berm_map_finish(
        &zoo.space, (berm_cell *)(uintptr_t)berm_children_of(&zoo.space, map), 4, NULL);
    assert_int_equal(find(&zoo, map, berm_cell_double(2.0)).as.i, 20);
    assert_int_equal(find(&zoo, map, berm_cell_uint(2)).as.i, 20);
    assert_int_equal(find(&zoo, map, berm_cell_double(2.5)).tag, BERM_TAG_MISSING);
    assert_int_equal(find(&zoo, map, berm_cell_uint(UINT64_MAX)).as.i, 21);
    assert_int_equal(find(&zoo, map, berm_cell_int(-1)).tag, BERM_TAG_MISSING);
    assert_int_equal(find(&zoo, map, berm_cell_int(1)).tag, BERM_TAG_MISSING);
    assert_int_equal(find(&zoo, map, berm_cell_bool(true)).as.i, 22);
    /* Keys are compared exactly: 2^63 is no member of this map, though it compares equal to
       INT64_MAX. */
    assert_int_equal(find(&zoo, map, berm_cell_double(9223372036854775808.0)).tag,
                     BERM_TAG_MISSING);
    zoo_end(&zoo);
}

static void finds_keys_of_other_types(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell list = zoo_value(&zoo, "[1]"), other = zoo_value(&zoo, "[1]");
    berm_cell cells[] = {zoo_bytes(&zoo, "a", 1),
                         berm_cell_int(1),
                         zoo_string(&zoo, "a"),
                         berm_cell_int(2),
                         berm_cell_of(BERM_TAG_NULL),
                         berm_cell_int(3),
                         berm_cell_double(1.5),
                         berm_cell_int(4),
                         zoo_tagged(BERM_TAG_DURATION, 7, 0),
                         berm_cell_int(5),
                         list,
                         berm_cell_int(6)};
    berm_cell map = zoo_container(&zoo, BERM_TAG_MAP, cells, 12);
    map.as.ref.len = berm_map_finish(
        &zoo.space, (berm_cell *)(uintptr_t)berm_children_of(&zoo.space, map), 6, NULL);
    assert_int_equal(map.as.ref.len, 6);
    for (uint32_t i = 0; i < 6; i++) assert_int_equal(find(&zoo, map, cells[2 * i]).as.i, i + 1);
    assert_int_equal(find(&zoo, map, zoo_bytes(&zoo, "b", 1)).tag, BERM_TAG_MISSING);
    assert_int_equal(find(&zoo, map, zoo_tagged(BERM_TAG_DURATION, 8, 0)).tag, BERM_TAG_MISSING);
    assert_int_equal(find(&zoo, map, other).tag,
                     BERM_TAG_MISSING); /* containers: only the very one */
    zoo_end(&zoo);
}

static void children_of_sensitive_values_are_sensitive(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell map = zoo_value(&zoo, "{\"a\": {\"b\": [1]}}");
    map.flags |= BERM_CELL_SENSITIVE;
    berm_cell a = berm_map_find_text(&zoo.space, map, BERM_STR("a"));
    berm_cell b = berm_map_value_at(&zoo.space, a, 0);
    assert_true(a.flags & BERM_CELL_SENSITIVE);
    assert_true(berm_list_at(&zoo.space, b, 0).flags & BERM_CELL_SENSITIVE);
    assert_true(berm_map_key_at(&zoo.space, map, 0).flags & BERM_CELL_SENSITIVE);
    zoo_end(&zoo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_numbers_hash_alike),
        cmocka_unit_test(text_hashes_fold_ascii_letters),
        cmocka_unit_test(finds_members_by_text),
        cmocka_unit_test(finds_numbers_across_types),
        cmocka_unit_test(finds_keys_of_other_types),
        cmocka_unit_test(children_of_sensitive_values_are_sensitive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
