/* White space between the tokens of an expression, by the file's bytes. */
#include "base_alloc.h"
#include "policy_help.h"

#include "base/parts.h"

#if BERM_PART_AUTHORING
#include "policy/authoring/format.h"

/* The YAML text whose whole document is the expression, with the edits made. */
static void expect_spaced(const char *text, const char *wanted)
{
    const berm_limits limits = berm_limits_resolve(NULL);
    const berm_format_terms terms = {&berm_alloc_libc, &limits, BERM_STR("p.yaml")};
    berm_policy_file file;
    berm_error err = {0};
    berm_edits edits = {0};
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    assert_int_equal(berm_format_read(&terms, berm_str_of(text), &file, NULL, &err), BERM_OK);
    const berm_part root = {&file, &file.doc->roots[0]};
    const berm_expr expr = {.text = berm_part_text(root), .part = root};
    assert_true(berm_cel_space(&berm_alloc_libc, &expr, &edits));
    size_t at = 0;
    for (uint32_t i = 0; i < edits.count; i++) {
        berm_text_put(&out, berm_str_cut(berm_str_of(text), at, edits.items[i].off));
        berm_text_put(&out, berm_str_of(edits.items[i].text));
        at = (size_t)edits.items[i].off + edits.items[i].len;
    }
    berm_text_put(&out, berm_str_of(text + at));
    berm_text_putc(&out, '\0');
    assert_string_equal(out.ptr, wanted);
    berm_text_free(&out);
    berm_array_free(&berm_alloc_libc, &edits);
    berm_doc_drop(file.doc);
}

static void operators_have_a_blank_on_each_side(void **state)
{
    (void)state;
    expect_spaced("'a&&b||c'", "'a && b || c'");
    expect_spaced("'a  ==  b'", "'a == b'");
    expect_spaced("'a in[b]'", "'a in [b]'");
    expect_spaced("'a<b?c:d'", "'a < b ? c : d'");
    expect_spaced("'a - -1'", "'a - -1'");
    expect_spaced("'a- - b'", "'a - - b'");
    expect_spaced("'! a&&! ! b'", "'!a && !!b'");
    expect_spaced("'a in.b'", "'a in .b'");
}

static void brackets_hold_close(void **state)
{
    (void)state;
    expect_spaced("'f ( a ,b ) [ 0 ] . c'", "'f(a, b)[0].c'");
    expect_spaced("'[ ]'", "'[]'");
    expect_spaced("'{ a :b ,c:d }'", "'{a: b, c: d}'");
    expect_spaced("'T { a:1 }'", "'T{a: 1}'");
    expect_spaced("'a . ? b [ ? 0 ]'", "'a.?b[?0]'");
    expect_spaced("'a . `b-c` . d'", "'a.`b-c`.d'");
    expect_spaced("'a.package ( b ) . namespace [ 0 ]'", "'a.package(b).namespace[0]'");
    expect_spaced("'1 .f ( )'", "'1 .f()'");
    expect_spaced("'1 [ 0 ]'", "'1[0]'");
    expect_spaced("'[a?{b:c}:d]'", "'[a ? {b: c} : d]'");
    expect_spaced("'{a?b:c:d}'", "'{a ? b : c: d}'");
}

/* There a colon, with or without a blank, may end the scalar. */
static void a_colon_in_a_plain_scalar_stays(void **state)
{
    (void)state;
    expect_spaced("a&&b?c:d", "a && b ? c:d");
    expect_spaced("a?b :c", "a ? b :c");
    expect_spaced("\"a?b :c\"", "\"a ? b : c\"");
    expect_spaced(">\n  a?b :c\n", ">\n  a ? b : c\n");
}

static void only_plain_blanks_are_changed(void **state)
{
    (void)state;
    expect_spaced("'a\t&&\tb'", "'a && b'");
    expect_spaced("'a \t &&b'", "'a && b'");
    expect_spaced("'a\n  &&b'", "'a\n  && b'");
    expect_spaced("{'a\n&&b'}", "{'a\n&&b'}"); /* a map: no expression */
    expect_spaced("\"a\\t&&b\"", "\"a\\t&& b\"");
    expect_spaced("|\n  a // &&b\n  &&c\n", "|\n  a // &&b\n  && c\n");
    expect_spaced("'a &&'", "'a &&'");
    expect_spaced("'a&& b && \\'", "'a&& b && \\'");
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    const berm_limits limits = berm_limits_resolve(NULL);
    const berm_format_terms terms = {&berm_alloc_libc, &limits, BERM_STR("p.yaml")};
    berm_policy_file file;
    berm_error err = {0};
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_str text = BERM_STR("'a&&b&&c&&d&&e&&f'");
    assert_int_equal(berm_format_read(&terms, text, &file, NULL, &err), BERM_OK);
    const berm_part root = {&file, &file.doc->roots[0]};
    const berm_expr expr = {.text = berm_part_text(root), .part = root};
    for (size_t nth = 1;; nth++) {
        berm_edits edits = {0};
        heap = (counted_heap){.fail_at = nth};
        bool made = berm_cel_space(&alloc, &expr, &edits);
        bool reached = heap.calls >= nth;
        assert_int_equal(made, !reached);
        if (made) assert_int_equal(edits.count, 10);
        berm_array_free(&alloc, &edits);
        assert_int_equal(heap.in_use, 0);
        if (!reached) break;
    }
    assert_true(heap.calls > 3);
    berm_doc_drop(file.doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_have_a_blank_on_each_side),
        cmocka_unit_test(brackets_hold_close),
        cmocka_unit_test(a_colon_in_a_plain_scalar_stays),
        cmocka_unit_test(only_plain_blanks_are_changed),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
