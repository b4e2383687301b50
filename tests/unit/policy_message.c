#include "policy_build_help.h"

#include "policy/message.h"

/* "text|{expression}|..." of a template that stands in double quotes in a YAML file. */
static void expect_pieces(const char *yaml, const char *wanted)
{
    stage s;
    stage_begin(&s, yaml);
    berm_expr expr = {.text = berm_part_text(stage_root(&s)), .part = stage_root(&s)};
    berm_message_pieces pieces = {0};
    berm_text got;
    berm_text_init(&got, &berm_alloc_libc);
    assert_true(berm_message_split(&s.build, &expr, &pieces));
    for (uint32_t i = 0; i < pieces.count; i++) {
        berm_message_piece piece = pieces.items[i];
        berm_text_format(&got, piece.expression ? "%s{%S}" : "%s%S", i ? "|" : "", piece.expr.text);
        assert_memory_equal(expr.text.ptr + piece.expr.base, piece.expr.text.ptr,
                            piece.expr.text.len);
    }
    berm_text_putc(&got, '\0');
    assert_string_equal(got.ptr, wanted);
    berm_text_free(&got);
    berm_array_free(&berm_alloc_libc, &pieces);
    stage_end(&s);
}

static void templates_split_at_expressions(void **state)
{
    (void)state;
    expect_pieces("nothing special", "nothing special");
    expect_pieces("'{a}'", "{a}");
    expect_pieces("'x {a} y {b.c}z'", "x |{a}| y |{b.c}|z");
    expect_pieces("'{a}{b}'", "{a}|{b}");
    expect_pieces("'{ a }'", "{ a }");
    expect_pieces("''", "");
}

static void doubled_braces_are_braces(void **state)
{
    (void)state;
    expect_pieces("'{{'", "{");
    expect_pieces("'}}'", "}");
    expect_pieces("'a {{b}} c'", "a {|b}| c");
    expect_pieces("'{{{a}}}'", "{|{a}|}");
    expect_pieces("'{a}}}'", "{a}|}");
}

static void braces_inside_an_expression_count(void **state)
{
    (void)state;
    expect_pieces("'{ {1: {2: 3}} } x'", "{ {1: {2: 3}} }| x");
    expect_pieces("'{a.map(k, {k: 1})}'", "{a.map(k, {k: 1})}");
}

static void strings_hide_braces(void **state)
{
    (void)state;
    expect_pieces("\"{'}'} x\"", "{'}'}| x");
    expect_pieces("'{\"{\"} x'", "{\"{\"}| x");
    expect_pieces("\"{'it\\\\'s }'} x\"", "{'it\\'s }'}| x"); /* 'it\'s }' */
    expect_pieces("\"{r'\\\\'} x\"", "{r'\\'}| x");           /* r'\' ends at the second quote */
    expect_pieces("\"{bR'\\\\'} x\"", "{bR'\\'}| x");
    expect_pieces("\"{for'\\\\'}'} x\"", "{for'\\'}'}| x"); /* the r of `for` is no prefix */
    expect_pieces("\"{'''a'}''b'''} x\"", "{'''a'}''b'''}| x");
    expect_pieces("'{\"\" + \"}\"} x'", "{\"\" + \"}\"}| x");
}

static void expect_fault(const char *yaml, const char *wanted)
{
    stage s;
    stage_begin(&s, yaml);
    berm_expr expr = {.text = berm_part_text(stage_root(&s)), .part = stage_root(&s)};
    berm_message_pieces pieces = {0};
    assert_false(berm_message_split(&s.build, &expr, &pieces));
    assert_string_equal(stage_diags(&s), wanted);
    berm_array_free(&berm_alloc_libc, &pieces);
    stage_end(&s);
}

static void faults_point_at_the_brace(void **state)
{
    (void)state;
    expect_fault("'ab {c'", "B0511:1:5 this { is never closed; write {{ for the brace itself\n");
    expect_fault("'ab {\"c}'", "B0511:1:5 this { is never closed; write {{ for the brace itself\n");
    expect_fault("ab} c", "B0511:1:3 this } closes nothing; write }} for the brace itself\n");
    expect_fault("'a {}'", "B0511:1:4 an expression is expected between { and }\n");
    expect_fault(">-\n  line one\n  and {  } two\n",
                 "B0511:3:7 an expression is expected between { and }\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(templates_split_at_expressions),
                                       cmocka_unit_test(doubled_braces_are_braces),
                                       cmocka_unit_test(braces_inside_an_expression_count),
                                       cmocka_unit_test(strings_hide_braces),
                                       cmocka_unit_test(faults_point_at_the_brace)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
