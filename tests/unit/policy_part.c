#include "policy_build_help.h"

#include "policy/part.h"

static void assert_source(const stage *s, berm_place place, const char *wanted)
{
    assert_int_equal(place.source, s->file.diag_source);
    assert_in_range(place.off + place.len, 0, s->file.text.len);
    if (place.len != strlen(wanted) ||
        memcmp(s->file.text.ptr + place.off, wanted, place.len) != 0) {
        fail_msg("found %.*s, not %s", (int)place.len, s->file.text.ptr + place.off, wanted);
    }
}

static void keys_are_found_where_they_stand(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "plain: 1\n'single' : [2]\n\"dou\\u0062le\":   x\n? complex\n: {plain: plain}\nnull: "
        "null\nplain2: ''\n",
        "{\"plain\": 1, \"single\":[2], \"double\" : \"x\", \"complex\"\n:\n{\"plain\": "
        "\"plain\"}, \"null\": null, "
        "\"plain2\": \"\"}",
    };
    static const char *const keys[] = {"plain", "single", NULL, "complex", "null", "plain2"};
    for (size_t t = 0; t < 2; t++) {
        stage s;
        stage_begin(&s, texts[t]);
        berm_part map = stage_root(&s);
        assert_int_equal(berm_part_count(map), 6);
        for (uint32_t i = 0; i < 6; i++) {
            /* a key with escapes has no text in the source: its value is pointed at */
            if (keys[i]) assert_source(&s, berm_part_key_place(map, i), keys[i]);
        }
        assert_source(&s, berm_part_head_place(map), "plain");
        assert_source(&s, berm_part_key_place(berm_part_member(map, "complex"), 0), "plain");
        stage_end(&s);
    }
}

static void a_part_that_is_absent_answers_so(void **state)
{
    (void)state;
    stage s;
    stage_begin(&s, "a: 1\nb: text\nc: [x, 1.30, true, null]\nd: {e: ''}\n");
    berm_part map = stage_root(&s), none = berm_part_member(map, "z");
    assert_false(berm_part_given(none));
    assert_int_equal(berm_part_count(none), 0);
    assert_null(berm_part_text(none).ptr);
    assert_int_equal(berm_part_cell(none).tag, BERM_TAG_MISSING);
    assert_false(berm_part_given(berm_part_member(none, "a")));
    assert_false(berm_part_given(berm_part_member(berm_part_member(map, "a"), "x")));
    assert_string_equal(berm_part_sort_name(none), "nothing");
    assert_int_equal(berm_part_place(none).source, s.file.diag_source);
    assert_null(berm_part_text(berm_part_member(map, "a")).ptr);
    assert_true(berm_str_is(berm_part_text(berm_part_member(map, "b")), "text"));
    berm_str empty = berm_part_text(berm_part_member(berm_part_member(map, "d"), "e"));
    assert_non_null(empty.ptr);
    assert_int_equal(empty.len, 0);
    stage_end(&s);
}

static void words_are_as_written(void **state)
{
    (void)state;
    stage s;
    stage_begin(&s, "[x, 1.30, true, null, '1.30', [a], 0x10]\n");
    static const char *const words[] = {"x", "1.30", "true", "", "1.30", "", "0x10"};
    static const char *const sorts[] = {"a string", "a double", "a bool", "nothing (null)",
                                        "a string", "a list",   "an int"};
    for (uint32_t i = 0; i < 7; i++) {
        berm_part part = berm_part_element_at(stage_root(&s), i);
        assert_true(berm_str_is(berm_part_word(part), words[i]));
        assert_string_equal(berm_part_sort_name(part), sorts[i]);
    }
    stage_end(&s);
}

static void faults_carry_place_and_suggestion(void **state)
{
    (void)state;
    stage s;
    stage_begin(&s, "a: 1\nbee: 2\n");
    berm_part map = stage_root(&s);
    berm_part_fault(&s.build, berm_part_member(map, "bee"), BERM_D_POLICY_TYPE, "found %s", "it");
    berm_nearest nearest = {.wanted = BERM_STR("bees")};
    berm_nearest_offer(&nearest, BERM_STR("bee"));
    berm_near_fault(&s.build, berm_part_key_place(map, 1), BERM_D_POLICY_REFERENCE, &nearest,
                    "no %S", nearest.wanted);
    assert_string_equal(stage_diags(&s),
                        "B0505:2:6 found it\nB0509:2:1 no bees; did you mean `bee`?\n");
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keys_are_found_where_they_stand),
                                       cmocka_unit_test(a_part_that_is_absent_answers_so),
                                       cmocka_unit_test(words_are_as_written),
                                       cmocka_unit_test(faults_carry_place_and_suggestion)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
