#include "cel_support.h"

static void members(void **state)
{
    (void)state;
    expect_tree("a.b.c", "(.c (.b a))");
    expect_tree("a . b\n.c", "(.c (.b a))");
    expect_tree(".a.b", "(.b .a)");
    expect_tree("a.?b.c", "(.c (.?b a))");
    expect_tree("a[0][?1]", "([?] ([] a 0) 1)");
    expect_tree("a.b[c.d].e", "(.e ([] (.b a) (.d c)))");
    expect_tree("a.`b-c`.?`d e`", "(.?d e (.b-c a))");
    expect_tree("a.`in`", "(.in a)");
    expect_tree("'a'.size()", "(~size \"a\")");
    expect_tree("(a + b).c", "(.c (_+_ a b))");
    expect_tree("[1][0]", "([] (list 1) 0)");
    expect_tree("{}.a", "(.a (map))");
    expect_tree("1.5.f()", "(~f 1.5d)");
    expect_tree("5.f()", "(~f 5)");
    expect_tree("a ? [b] : c", "(?: a (list b) c)");
    expect_tree("a ?.5:.b", "(?: a 0.5d .b)");
}

static void calls(void **state)
{
    (void)state;
    expect_tree("f()", "(f)");
    expect_tree("f(1, 'a', x)", "(f 1 \"a\" x)");
    expect_tree(".f(x)", "(.f x)");
    expect_tree("a.f(x).g()", "(~g (~f a x))");
    expect_tree("a.b.f()", "(~f (.b a))");
    expect_tree("f(g(h(1)))", "(f (g (h 1)))");
}

static void reserved_words(void **state)
{
    (void)state;
    static const char *const words[] = {
        "as",  "break", "const",   "continue", "else", "for",  "function", "if",       "import",
        "let", "loop",  "package", "return",   "var",  "void", "while",    "namespace"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char text[64];
        snprintf(text, sizeof text, "a.%s.%s()", words[i], words[i]);
        parsed p = parse_text(text);
        assert_int_equal(p.status, BERM_OK);
        drop_parsed(&p);
        snprintf(text, sizeof text, "has(a.%s) && a.?%s == {'b': 1}", words[i], words[i]);
        p = parse_text(text);
        assert_int_equal(p.status, BERM_OK);
        drop_parsed(&p);
        uint32_t end = 1 + (uint32_t)strlen(words[i]);
        expect_error(words[i], "B0306", 1, end);
        snprintf(text, sizeof text, "%s(1)", words[i]);
        expect_error(text, "B0306", 1, end);
    }
    expect_error("a.in", "B0306", 3, 5);
    expect_error("a.true", "B0306", 3, 7);
    expect_error("a.null && b", "B0306", 3, 7);
}

static void containers(void **state)
{
    (void)state;
    expect_tree("[]", "(list)");
    expect_tree("[1, a,]", "(list 1 a)");
    expect_tree("[?a, b, ?c.?d]", "(list ?a b ?(.?d c))");
    expect_tree("{}", "(map)");
    expect_tree("{'a': 1, b: 2u,}", "(map \"a\" 1 b 2u)");
    expect_tree("{?a: b}", "(map ?a b)");
    expect_tree("{a ? b : c: d ? e : f}", "(map (?: a b c) (?: d e f))");
    expect_tree("{{}: {}}", "(map (map) (map))");
}

static void structs(void **state)
{
    (void)state;
    expect_tree("A{}", "(struct A)");
    expect_tree("a.b.C{x: 1, ?y: 2, `z-z`: 3, if: 4,}",
                "(struct a.b.C \"x\" 1 ?\"y\" 2 \"z-z\" 3 \"if\" 4)");
    expect_tree(".a . b {x: 1}.x", "(.x (struct .a.b \"x\" 1))");
    expect_error("(a.b){x: 1}", "B0302", 6, 7);
    expect_error("a.?b{x: 1}", "B0302", 5, 6);
    expect_error("a(){}", "B0302", 4, 5);
    expect_error("A{1: 2}", "B0302", 3, 4);
    expect_error("A{x}", "B0302", 4, 5);
}

static void literals(void **state)
{
    (void)state;
    expect_tree("null", "null");
    expect_tree("true != false", "(_!=_ true false)");
    expect_tree("-9223372036854775808", "-9223372036854775808");
    expect_tree("- 5", "-5");
    expect_tree("-5.f()", "(~f -5)");
    expect_tree("-.5", "-0.5d");
    expect_tree("-5u", "(-_ 5u)");
    expect_tree("-(5)", "(-_ 5)");
    expect_tree("--5", "5");
    expect_tree("---5", "(-_ 5)");
    expect_tree("1-1", "(_-_ 1 1)");
    expect_tree("1 - -1", "(_-_ 1 -1)");
    expect_tree("-(-1)", "(-_ -1)");
    expect_tree("'a' + b'b' + r'\\'", "(_+_ (_+_ \"a\" b\"b\") \"\\\\\")");
    expect_error("9223372036854775808", "B0305", 1, 20);
    expect_error("a == --9223372036854775808", "B0305", 8, 27);
    expect_error("1e309 + 1", "B0305", 1, 6);
}

/* Every child lies in its parent, names in their nodes, and the text of a node is the expression
   it was read from. */
static void spans(void **state)
{
    (void)state;
    const char *text = " a.b(c + -1 , [d]) && (x[?y] ? {k : v} : z.all( i, i.j == r'q')) ";
    parsed p = parse_text(text);
    assert_int_equal(p.status, BERM_OK);
    for (uint32_t n = 1; n < p.ast.nodes.count; n++) {
        const berm_ast_node *node = berm_ast_at(&p.ast, n);
        assert_true(node->len > 0 && node->off + node->len <= strlen(text));
        assert_true(node->name_off >= node->off &&
                    node->name_off + node->name_len <= node->off + node->len);
        for (uint32_t i = 0; i < node->count; i++) {
            const berm_ast_node *child = berm_ast_at(&p.ast, berm_ast_child(&p.ast, n, i));
            assert_true(child->off >= node->off &&
                        child->off + child->len <= node->off + node->len);
            assert_true(child->depth < node->depth);
        }
        char part[80] = {0};
        memcpy(part, text + node->off, node->len);
        parsed q = parse_text(part);
        assert_int_equal(q.status, BERM_OK);
        assert_true(berm_ast_equal(&p.ast, n, &q.ast, q.ast.root));
        drop_parsed(&q);
    }
    const berm_ast_node *root = berm_ast_at(&p.ast, p.ast.root);
    assert_int_equal(root->off, 1);
    assert_int_equal(root->len, strlen(text) - 2);
    assert_int_equal(root->name_off, strstr(text, "&&") - text);
    drop_parsed(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members),    cmocka_unit_test(calls),   cmocka_unit_test(reserved_words),
        cmocka_unit_test(containers), cmocka_unit_test(structs), cmocka_unit_test(literals),
        cmocka_unit_test(spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
