#include "data_yaml_help.h"

static void tags_decide(void **state)
{
    (void)state;
    check_read("!!str 12", "\"12\"");
    check_read("!!str", "\"\"");
    check_read("! 12", "\"12\"");
    check_read("!!int \"12\"", "12");
    check_read("!!int 0x1F", "31");
    check_read("!!float '1.5'", "1.5");
    check_read("!!bool yes", "true");
    check_read("!!bool \"false\"", "false");
    check_read("!!null ''", "null");
    check_read("!!null", "null");
    check_read("!!seq [1]", "[1]");
    check_read("!!map {a: 1}", "{\"a\":1}");
    check_read("!!set {a, b}", "{\"a\":null,\"b\":null}");
    check_read("!!omap [a: 1, b: 2]", "[{\"a\":1},{\"b\":2}]");
    check_read("!!timestamp 2001-12-14", "\"2001-12-14\"");
    check_read("!<tag:yaml.org,2002:str> 12", "\"12\"");
    check_read("%TAG !y! tag:yaml.org,2002:\n---\n!y!str 12", "\"12\"");
}

static void a_float_is_a_double(void **state)
{
    (void)state;
    yaml_case c = {.limits = {0}};
    read_case(&c, "[!!float 3, !!float 18446744073709551615, !!int 3]");
    assert_int_equal(c.status, BERM_OK);
    assert_int_equal(find_cell(c.doc, 0, "0")->tag, BERM_TAG_DOUBLE);
    assert_true(find_cell(c.doc, 0, "0")->as.d == 3.0);
    assert_int_equal(find_cell(c.doc, 0, "1")->tag, BERM_TAG_DOUBLE);
    assert_int_equal(find_cell(c.doc, 0, "2")->tag, BERM_TAG_INT);
    berm_doc_drop(c.doc);
}

static void unknown_tags_are_passed_over(void **state)
{
    (void)state;
    check_read("!vault |\n  abc\n", "\"abc\\n\"");
    check_read("!custom 12", "12");
    check_read("!custom {a: !other b}", "{\"a\":\"b\"}");
    check_read("!<tag:example.com,2000:x> yes", "\"yes\"");
}

/* It is not the list of names that stands there. */
static void a_reference_of_gitlab_is_a_reference(void **state)
{
    (void)state;
    check_read("!reference [.job, script]", "{\"!reference\":[\".job\",\"script\"]}");
    check_read("[a, !reference [.b, c]]", "[\"a\",{\"!reference\":[\".b\",\"c\"]}]");
}

static void values_that_do_not_fit_their_tag(void **state)
{
    (void)state;
    check_refused("a: !!int x", BERM_E_SYNTAX, 206, 3);
    check_refused("a: !!int 1.5", BERM_E_SYNTAX, 206, 3);
    check_refused("a: !!float x", BERM_E_SYNTAX, 206, 3);
    check_refused("a: !!bool 1", BERM_E_SYNTAX, 206, 3);
    check_refused("a: !!null x", BERM_E_SYNTAX, 206, 3);
    check_refused("a: !!binary =x", BERM_E_SYNTAX, 206, 3);
    check_refused("a: !!int", BERM_E_SYNTAX, 206, 3);
    check_refused("a: !!int\nb: 1", BERM_E_SYNTAX, 206, 3);
    check_refused("a: !!seq x", BERM_E_SYNTAX, 206, 3);
    check_refused("a: !!map x", BERM_E_SYNTAX, 206, 3);
    check_refused("a: !!map [x]", BERM_E_SYNTAX, 206, 3);
    check_refused("a: !!seq {x: 1}", BERM_E_SYNTAX, 206, 3);
    check_refused("a: !!str [x]", BERM_E_SYNTAX, 206, 3);
}

static void whole_numbers_by_tag(void **state)
{
    (void)state;
    check_read("!!int 18446744073709551615", "18446744073709551615");
    check_read("!!int 7", "7");
    check_read("!!float 18446744073709551615", "18446744073709552000.0");
    check_read("{! <<: {a: 1}}", "{\"<<\":{\"a\":1}}"); /* and a merge key that is none */
}

static void binary_is_bytes(void **state)
{
    (void)state;
    yaml_case c = {.limits = {0}};
    read_case(&c, "!!binary |\n  Zm9v\n  YmFy\n");
    assert_int_equal(c.status, BERM_OK);
    assert_int_equal(c.doc->roots[0].tag, BERM_TAG_BYTES);
    assert_int_equal(c.doc->roots[0].as.ref.len, 6);
    assert_memory_equal(c.doc->store.text[1] + c.doc->roots[0].as.ref.off, "foobar", 6);
    berm_doc_drop(c.doc);
}

static void short_forms_become_long(void **state)
{
    (void)state;
    check_read("!Ref x", "{\"Ref\":\"x\"}");
    check_read("!Condition IsProd", "{\"Condition\":\"IsProd\"}");
    check_read("!Sub '${a}-b'", "{\"Fn::Sub\":\"${a}-b\"}");
    check_read("!Sub |\n  a\n  b\n", "{\"Fn::Sub\":\"a\\nb\\n\"}");
    check_read("!GetAZs ''", "{\"Fn::GetAZs\":\"\"}");
    check_read("!Sub 12", "{\"Fn::Sub\":\"12\"}");
    check_read("!GetAtt a.b", "{\"Fn::GetAtt\":[\"a\",\"b\"]}");
    check_read("!GetAtt a.Outputs.b", "{\"Fn::GetAtt\":[\"a\",\"Outputs.b\"]}");
    check_read("!GetAtt 'a.b'", "{\"Fn::GetAtt\":[\"a\",\"b\"]}");
    check_read("!GetAtt [a, b]", "{\"Fn::GetAtt\":[\"a\",\"b\"]}");
    check_read("!GetAtt a", "{\"Fn::GetAtt\":[\"a\"]}");
    check_read("!GetAtt ''", "{\"Fn::GetAtt\":[\"\"]}");
    check_read("!GetAtt", "{\"Fn::GetAtt\":[\"\"]}");
    check_read("!Select [0, !GetAZs '']", "{\"Fn::Select\":[0,{\"Fn::GetAZs\":\"\"}]}");
    check_read("!If [c, !Ref a, {b: !Sub x}]",
               "{\"Fn::If\":[\"c\",{\"Ref\":\"a\"},{\"b\":{\"Fn::Sub\":\"x\"}}]}");
    check_read("!Transform {Name: x}", "{\"Fn::Transform\":{\"Name\":\"x\"}}");
    check_read("a: !Not\n- !Equals\n  - x\n  - y\nb: 1",
               "{\"a\":{\"Fn::Not\":[{\"Fn::Equals\":[\"x\",\"y\"]}]},\"b\":1}");
    check_read("!Ref x: y", "{\"x\":\"y\"}"); /* a key has no function */
}

static void short_forms_have_spans_and_anchors(void **state)
{
    (void)state;
    yaml_case c = {.limits = {0}};
    read_case(&c, "a: !Sub \"x\\ty\"\nb: !GetAtt   r.attr\nc: !Join [',', [p]]\n");
    assert_int_equal(c.status, BERM_OK);
    check_span(c.doc, "a", "!Sub \"x\\ty\"");
    check_span(c.doc, "a/Fn::Sub", "\"x\\ty\"");
    check_span(c.doc, "b", "!GetAtt   r.attr");
    check_span(c.doc, "b/Fn::GetAtt", "r.attr");
    check_span(c.doc, "b/Fn::GetAtt/0", "r");
    check_span(c.doc, "b/Fn::GetAtt/1", "attr");
    check_span(c.doc, "c", "!Join [',', [p]]");
    check_span(c.doc, "c/Fn::Join", "[',', [p]]");
    assert_int_equal(berm_doc_offset_in(c.doc, find_cell(c.doc, 0, "a/Fn::Sub"), 2), 12);
    berm_doc_drop(c.doc);
    check_read("[&x !Ref a, *x]", "[{\"Ref\":\"a\"},{\"Ref\":\"a\"}]");
    check_read("[&x !Join [a], *x, &y !GetAtt a.b, *y]",
               "[{\"Fn::Join\":[\"a\"]},{\"Fn::Join\":[\"a\"]},{\"Fn::GetAtt\":[\"a\",\"b\"]},{"
               "\"Fn::GetAtt\":[\"a\",\"b\"]}]");
}

static void texts_stay_in_the_source_where_they_can(void **state)
{
    (void)state;
    yaml_case c = {.limits = {0}};
    read_case(&c, "a: plain text\nb: 'quoted'\nc: \"double\"\nd: |-\n  one line\ne: 'it''s'\nf: "
                  "two\n  lines\n\"g\": h\n");
    assert_int_equal(c.status, BERM_OK);
    const char *kept[] = {"a", "b", "c", "d", "g"}, *copied[] = {"e", "f"};
    for (size_t i = 0; i < 5; i++)
        assert_false(find_cell(c.doc, 0, kept[i])->flags & BERM_CELL_DECODED);
    for (size_t i = 0; i < 2; i++)
        assert_true(find_cell(c.doc, 0, copied[i])->flags & BERM_CELL_DECODED);
    berm_doc_drop(c.doc);
    check_read("\"\\x61\"", "\"a\"");
    check_read("\"\\x5Cx5C\"", "\"\\\\x5C\""); /* what it decodes to is not what stands there */
}

static void ambiguity_is_flagged(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool cell, doc;
    } cases[] = {
        {"a: yes", true, true},    {"a: 'yes'", false, false},   {"a: 0444", true, true},
        {"a: 22:22", true, false}, {"a: 12", false, false},      {"a: !!str yes", false, false},
        {"yes: a", false, false},  {"a: !!int 010", true, true}, {"a: !!bool yes", false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        yaml_case c = {.limits = {0}};
        read_case(&c, cases[i].text);
        assert_int_equal(c.status, BERM_OK);
        const berm_cell *value = &c.doc->store.cells[1];
        if (((value->flags & BERM_CELL_AMBIGUOUS) != 0) != cases[i].cell ||
            c.doc->ambiguous != cases[i].doc)
            fail_msg("%s", cases[i].text);
        berm_doc_drop(c.doc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_decide),
        cmocka_unit_test(a_float_is_a_double),
        cmocka_unit_test(unknown_tags_are_passed_over),
        cmocka_unit_test(a_reference_of_gitlab_is_a_reference),
        cmocka_unit_test(values_that_do_not_fit_their_tag),
        cmocka_unit_test(whole_numbers_by_tag),
        cmocka_unit_test(binary_is_bytes),
        cmocka_unit_test(short_forms_become_long),
        cmocka_unit_test(short_forms_have_spans_and_anchors),
        cmocka_unit_test(texts_stay_in_the_source_where_they_can),
        cmocka_unit_test(ambiguity_is_flagged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
