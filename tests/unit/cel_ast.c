#include "cel_support.h"

static bool are_equal(const char *a, const char *b)
{
    parsed p = parse_text(a), q = parse_text(b);
    assert_int_equal(p.status, BERM_OK);
    assert_int_equal(q.status, BERM_OK);
    bool equal = berm_ast_equal(&p.ast, p.ast.root, &q.ast, q.ast.root);
    assert_int_equal(equal, berm_ast_equal(&q.ast, q.ast.root, &p.ast, p.ast.root));
    drop_parsed(&p);
    drop_parsed(&q);
    return equal;
}

static void spelling_does_not_matter(void **state)
{
    (void)state;
    assert_true(are_equal("a.b", " ( a . b ) // c"));
    assert_true(are_equal("'a\\x41'", "\"aA\""));
    assert_true(are_equal("0x10", "16"));
    assert_true(are_equal("1.0", "10e-1"));
    assert_true(are_equal("a.`b`", "a.b"));
    assert_true(are_equal("[1, 2,]", "[1, 2]"));
    assert_true(are_equal("x.exists_one(i, i)", "x.existsOne(i, i)"));
    assert_true(are_equal("a && b && c", "(a && b) && c"));
}

static void everything_else_does(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"a", "b"},
        {"a", ".a"},
        {"a", "'a'"},
        {"'a'", "b'a'"},
        {"1", "1u"},
        {"1", "1.0"},
        {"1", "2"},
        {"0.0", "-0.0"},
        {"true", "false"},
        {"null", "false"},
        {"a.b", "a.?b"},
        {"a.b", "has(a.b)"},
        {"a[b]", "a[?b]"},
        {"a[b]", "a.b"},
        {"f(a)", "a.f()"},
        {"f(a)", "g(a)"},
        {"f(a)", "f(a, a)"},
        {"[a]", "[?a]"},
        {"[a]", "[a, a]"},
        {"{a: b}", "{?a: b}"},
        {"{a: b}", "{b: a}"},
        {"a && b", "a || b"},
        {"a && b", "b && a"},
        {"a - b - c", "a - (b - c)"},
        {"A{}", "B{}"},
        {"A{b: 1}", "A{c: 1}"},
        {"x.all(i, i)", "x.exists(i, i)"},
        {"x.all(i, i)", "x.all(j, i)"},
        {"x.all(i, i)", "x.all(i, j, i)"},
        {"x.optMap(i, i)", "x.optFlatMap(i, i)"},
        {"a && (b && c)", "(a && b) && c"},
        {"x.map(i, i)", "x.map(i, i, i)"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (are_equal(pairs[i][0], pairs[i][1])) fail_msg("%s  %s", pairs[i][0], pairs[i][1]);
        assert_true(are_equal(pairs[i][0], pairs[i][0]));
    }
}

static void depth_is_the_longest_path(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t depth;
    } cases[] = {{"a", 1},
                 {"((a))", 1},
                 {"a + b * c", 3},
                 {"f()", 1},
                 {"[a, [b], c]", 3},
                 {"a.b.c.d", 4},
                 {"a && b && c && d", 3},
                 {"a ? b : c ? d : e", 3},
                 {"!!a", 1},
                 {"x.all(i, i.j)", 3},
                 {"{a: {b: {c: d.e}}}", 5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        parsed p = parse_text(cases[i].text);
        assert_int_equal(p.status, BERM_OK);
        assert_int_equal(berm_ast_at(&p.ast, p.ast.root)->depth, cases[i].depth);
        drop_parsed(&p);
    }
}

static void children_are_copied(void **state)
{
    (void)state;
    berm_ast ast;
    berm_ast_init(&ast, &berm_alloc_libc);
    berm_ast_node leaf = {.kind = BERM_AST_IDENT, .name = BERM_STR("a")};
    berm_ast_node list = {.kind = BERM_AST_LIST};
    berm_node a = berm_ast_add(&ast, &leaf, NULL, 0);
    assert_int_equal(a, 1); /* 0 is no node */
    assert_int_equal(berm_ast_at(&ast, 0)->kind, BERM_AST_NONE);
    berm_ast_link links[2] = {{.node = a, .flags = BERM_AST_OPTIONAL}, {.node = a}};
    berm_node outer = berm_ast_add(&ast, &list, links, 2);
    links[0].node = links[1].node = 0;
    assert_int_equal(berm_ast_at(&ast, outer)->count, 2);
    assert_int_equal(berm_ast_child(&ast, outer, 0), a);
    assert_int_equal(berm_ast_child(&ast, outer, 1), a);
    assert_int_equal(ast.links.items[berm_ast_at(&ast, outer)->first].flags, BERM_AST_OPTIONAL);
    berm_ast_free(&ast);
    berm_ast_free(&ast); /* an empty one may be freed again */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spelling_does_not_matter),
        cmocka_unit_test(everything_else_does),
        cmocka_unit_test(depth_is_the_longest_path),
        cmocka_unit_test(children_are_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
