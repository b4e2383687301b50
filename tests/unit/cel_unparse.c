#include "cel_samples.h"

static void check_round_trip(berm_str text, const berm_cel_options *options)
{
    parsed p = parse_with(text, options);
    if (p.status != BERM_OK) fail_msg("%.*s does not parse", (int)text.len, text.ptr);
    berm_text printed, again;
    berm_text_init(&printed, &berm_alloc_libc);
    berm_text_init(&again, &berm_alloc_libc);
    assert_true(berm_cel_unparse(&printed, &p.ast, p.ast.root));
    parsed q = parse_with(berm_text_view(&printed), options);
    if (q.status != BERM_OK || !berm_ast_equal(&p.ast, p.ast.root, &q.ast, q.ast.root)) {
        fail_msg("%.*s\n  is printed %.*s", (int)text.len, text.ptr, (int)printed.len, printed.ptr);
    }
    /* canonical: printing what was printed changes nothing */
    assert_true(berm_cel_unparse(&again, &q.ast, q.ast.root));
    assert_true(berm_str_equal(berm_text_view(&printed), berm_text_view(&again)));
    berm_text_free(&printed);
    berm_text_free(&again);
    drop_parsed(&p);
    drop_parsed(&q);
}

static void samples_come_back(void **state)
{
    (void)state;
    visit_samples(check_round_trip);
}

static void conformance_comes_back(void **state)
{
    (void)state;
    size_t count = visit_conformance(check_round_trip);
    if (count == 0) skip();
    assert_true(count > 1000);
}

static void expect_text(const char *text, const char *canonical)
{
    const berm_cel_options options = {.test_macros = true};
    parsed p = parse_with(berm_str_of(text), &options);
    assert_int_equal(p.status, BERM_OK);
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    assert_true(berm_cel_unparse(&out, &p.ast, p.ast.root));
    berm_text_putc(&out, '\0');
    assert_string_equal(out.ptr, canonical);
    berm_text_free(&out);
    drop_parsed(&p);
}

/* The samples are written in canonical form, a few spellings apart. */
static void no_needless_parentheses(void **state)
{
    (void)state;
    for (size_t i = 0; i < CEL_SAMPLE_COUNT; i++) {
        const char *text = cel_samples[i];
        if (!strchr(text, '"') && !strstr(text, "1e100") && !strstr(text, "\\u")) {
            if (strcmp(text, "(a && b) && (c && d)") != 0) expect_text(text, text);
        }
    }
    expect_text("((a))+((b)*(c))", "a + b * c");
    expect_text("((a+b))+c", "a + b + c");
    expect_text("(a&&b)&&c", "(a && b) && c");
    expect_text("(a && b) || (c && d)", "a && b || c && d");
    expect_text("a?(b):(c?d:e)", "a ? b : c ? d : e");
    expect_text("a[(b)]", "a[b]");
    expect_text("f((a),(b))", "f(a, b)");
    expect_text("!!!a", "!a");
    expect_text("(((a.b)).c)", "a.b.c");
    expect_text("---1.m", "-(1.m)");
    expect_text("-(1.5[0].f(x))", "-(1.5[0].f(x))");
    expect_text("-(-1.m)", "-((-1).m)");
    expect_text("-(1.map(x, x))", "-(1.map(x, x))");
    expect_text("-('a'.size())", "-'a'.size()");
    expect_text("[1,2,]", "[1, 2]");
    expect_text("\"a\"", "'a'");
    expect_text("'it\\'s'", "\"it's\"");
    expect_text("0x10 + 1E2", "16 + 100.0");
    expect_text("r'\\d+'", "'\\\\d+'");
    expect_text("a // why\n&& b", "a && b");
    expect_text("cel.block([1,cel.index(0)],cel.index(1))",
                "cel.block([1, cel.index(0)], cel.index(1))");
    expect_text("x.all(cel.iterVar(0,1),cel.iterVar(0,1))",
                "x.all(cel.iterVar(0, 1), cel.iterVar(0, 1))");
}

static void subtrees_print_alone(void **state)
{
    (void)state;
    parsed p = parse_text("a && b && (c || d) && e");
    for (uint32_t n = 1; n < p.ast.nodes.count; n++) {
        berm_text out;
        berm_text_init(&out, &berm_alloc_libc);
        assert_true(berm_cel_unparse(&out, &p.ast, n));
        parsed q = parse_with(berm_text_view(&out), NULL);
        assert_true(berm_ast_equal(&p.ast, n, &q.ast, q.ast.root));
        drop_parsed(&q);
        berm_text_free(&out);
    }
    drop_parsed(&p);
}

static void long_chains_come_back(void **state)
{
    (void)state;
    static const char *const joints[] = {" && ", " || ", " + ", ".", " == "};
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
        for (size_t count = 1; count < 40; count++) {
            berm_text text;
            berm_text_init(&text, &berm_alloc_libc);
            for (size_t k = 0; k < count; k++) berm_text_format(&text, "%sa", k ? joints[i] : "");
            check_round_trip(berm_text_view(&text), NULL);
            berm_text_putc(&text, '\0');
            expect_text(text.ptr, text.ptr);
            berm_text_free(&text);
        }
    }
}

static void lack_of_memory_is_said(void **state)
{
    (void)state;
    parsed p = parse_text("a.b(c, 'd') && x.all(i, i > 1.5)");
    counted_heap heap = {.fail_at = 1};
    berm_alloc alloc = counted_alloc(&heap);
    berm_text out;
    berm_text_init(&out, &alloc);
    assert_false(berm_cel_unparse(&out, &p.ast, p.ast.root));
    berm_text_free(&out);
    assert_int_equal(heap.in_use, 0);
    drop_parsed(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_come_back),       cmocka_unit_test(conformance_comes_back),
        cmocka_unit_test(no_needless_parentheses), cmocka_unit_test(subtrees_print_alone),
        cmocka_unit_test(long_chains_come_back),   cmocka_unit_test(lack_of_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
