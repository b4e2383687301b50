#include "cel/macros.h"

#include "cel_support.h"

static void loops(void **state)
{
    (void)state;
    expect_tree("x.all(i, i > 0)", "(loop all i x (_>_ i 0))");
    expect_tree("x.exists(i, i)", "(loop exists i x i)");
    expect_tree("x.exists_one(i, i)", "(loop exists_one i x i)");
    expect_tree("x.existsOne(i, i)", "(loop existsOne i x i)");
    expect_tree("x.filter(i, i)", "(loop filter i x i)");
    expect_tree("x.map(i, i)", "(loop map i x i)");
    expect_tree("x.map(i, p, i)", "(loop map i x p i)");
    expect_tree("x.sortBy(i, -i)", "(loop sortBy i x (-_ i))");
    expect_tree("x.all(i, v, v)", "(loop all i,v x v)");
    expect_tree("x.exists(i, v, v)", "(loop exists i,v x v)");
    expect_tree("x.existsOne(i, v, v)", "(loop existsOne i,v x v)");
    expect_tree("x.exists_one(i, v, v)", "(loop exists_one i,v x v)");
    expect_tree("x.transformList(i, v, v)", "(loop transformList i,v x v)");
    expect_tree("x.transformList(i, v, p, v)", "(loop transformList i,v x p v)");
    expect_tree("x.transformMap(i, v, v)", "(loop transformMap i,v x v)");
    expect_tree("x.transformMap(i, v, p, v)", "(loop transformMap i,v x p v)");
    expect_tree("x.transformMapEntry(i, v, {v: i})", "(loop transformMapEntry i,v x (map v i))");
    expect_tree("x.transformMapEntry(i, v, p, {})", "(loop transformMapEntry i,v x p (map))");
    expect_tree("x.y.map(i, i).all(j, j)", "(loop all j (loop map i (.y x) i) j)");
}

static void macro_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        berm_macro macro;
    } cases[] = {{"x.all(i, i)", BERM_MACRO_ALL},
                 {"x.exists(i, i)", BERM_MACRO_EXISTS},
                 {"x.existsOne(i, i)", BERM_MACRO_EXISTS_ONE},
                 {"x.map(i, i)", BERM_MACRO_MAP},
                 {"x.filter(i, i)", BERM_MACRO_FILTER},
                 {"x.transformList(i, v, v)", BERM_MACRO_TRANSFORM_LIST},
                 {"x.transformMap(i, v, v)", BERM_MACRO_TRANSFORM_MAP},
                 {"x.transformMapEntry(i, v, v)", BERM_MACRO_TRANSFORM_MAP_ENTRY},
                 {"x.sortBy(i, i)", BERM_MACRO_SORT_BY},
                 {"cel.bind(a, b, c)", BERM_MACRO_BIND},
                 {"x.optMap(i, i)", BERM_MACRO_OPT_MAP},
                 {"x.optFlatMap(i, i)", BERM_MACRO_OPT_FLAT_MAP},
                 {"x.foo(i, i)", BERM_MACRO_NONE},
                 {"has(x.y)", BERM_MACRO_NONE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        parsed p = parse_text(cases[i].text);
        assert_int_equal(p.status, BERM_OK);
        const berm_ast_node *root = berm_ast_at(&p.ast, p.ast.root);
        assert_int_equal(root->macro, cases[i].macro);
        assert_int_equal(root->off, 0);
        assert_int_equal(root->len, strlen(cases[i].text));
        drop_parsed(&p);
    }
}

static void binds_and_has(void **state)
{
    (void)state;
    expect_tree("cel.bind(a, 1, a + a)", "(bind bind a 1 (_+_ a a))");
    expect_tree("x.optMap(v, v + 1)", "(bind optMap v x (_+_ v 1))");
    expect_tree("x.?y.optFlatMap(v, v.?z)", "(bind optFlatMap v (.?y x) (.?z v))");
    expect_tree("has(a.b)", "(has .b a)");
    expect_tree("has(a.b.c)", "(has .c (.b a))");
    expect_tree("has((a.b))", "(has .b a)");
    expect_tree("has(a.`b-c`)", "(has .b-c a)");
    expect_tree("has(f(x).y)", "(has .y (f x))");
    expect_tree("has(a.?b.c)", "(has .c (.?b a))");
    expect_tree("has(has(a.b).c)", "(has .c (has .b a))");
}

static void other_forms_are_plain_calls(void **state)
{
    (void)state;
    expect_tree("has(a, b)", "(has a b)");
    expect_tree("has()", "(has)");
    expect_tree(".has(a.b)", "(.has (.b a))");
    expect_tree("x.has(a.b)", "(~has x (.b a))");
    expect_tree("all(i, i)", "(all i i)");
    expect_tree("x.all(i)", "(~all x i)");
    expect_tree("x.all(i, j, k, l)", "(~all x i j k l)");
    expect_tree("x.filter(i, j, k)", "(~filter x i j k)");
    expect_tree("x.bind(a, b, c)", "(~bind x a b c)");
    expect_tree(".cel.bind(a, b, c)", "(~bind .cel a b c)");
    expect_tree("cel.bind(a, b)", "(~bind cel a b)");
    expect_tree("x.transformList(i, v)", "(~transformList x i v)");
    expect_tree("cel.block([1], 2)", "(~block cel (list 1) 2)");
    expect_tree("cel.index(0)", "(~index cel 0)");
    const berm_cel_options none = {.no_macros = true, .test_macros = true};
    expect_tree_with("x.all(i, i)", &none, "(~all x i i)");
    expect_tree_with("has(a.b)", &none, "(has (.b a))");
    expect_tree_with("cel.bind(a, b, c)", &none, "(~bind cel a b c)");
}

static void test_macros(void **state)
{
    (void)state;
    const berm_cel_options options = {.test_macros = true};
    expect_tree_with("cel.block([1, cel.index(0) + 1], cel.index(1))", &options,
                     "(cel.@block 1 (_+_ @index0 1) @index1)");
    expect_tree_with("cel.block([], 1)", &options, "(cel.@block 1)");
    expect_tree_with("[1].exists(cel.iterVar(0, 1), cel.iterVar(0, 1) > 0)", &options,
                     "(loop exists @it:0:1 (list 1) (_>_ @it:0:1 0))");
    expect_tree_with("cel.accuVar(2, 3)", &options, "@ac:2:3");
    expect_tree_with("x.index(0)", &options, "(~index x 0)");
    static const char *const refused[] = {
        "cel.block(x, 1)", "cel.block([?x], 1)", "cel.index(x)",       "cel.index(-1)",
        "cel.index(1u)",   "cel.iterVar(0, -1)", "cel.iterVar('a', 0)"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        parsed p = parse_with(berm_str_of(refused[i]), &options);
        assert_int_equal(p.status, BERM_E_POLICY);
        assert_int_equal(berm_diags_error_count(p.diags), 1);
        drop_parsed(&p);
    }
}

static void refused_forms(void **state)
{
    (void)state;
    expect_error("x.all(1 + 2, true)", "B0309", 7, 12);
    expect_error("x.all(a.b, true)", "B0309", 7, 10);
    expect_error("x.all(.a, true)", "B0309", 7, 9);
    expect_error("x.all('a', true)", "B0309", 7, 10);
    expect_error("x.all(i, 1, true)", "B0309", 10, 11);
    expect_error("x.all(i, i, true)", "B0309", 10, 11);
    expect_error("x.map(f(a), b)", "B0309", 7, 11);
    expect_error("cel.bind(a.b, 1, 2)", "B0309", 10, 13);
    expect_error("x.optMap(1, 2)", "B0309", 10, 11);
    expect_error("has(a)", "B0309", 5, 6);
    expect_error("has(a['b'])", "B0309", 5, 11);
    expect_error("has(a.?b)", "B0309", 5, 9);
    expect_error("has(has(a.b))", "B0309", 5, 13);
    expect_error("has(a.b())", "B0309", 5, 10);
    expect_error("has(1 == 1)", "B0309", 5, 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loops),         cmocka_unit_test(macro_numbers),
        cmocka_unit_test(binds_and_has), cmocka_unit_test(other_forms_are_plain_calls),
        cmocka_unit_test(test_macros),   cmocka_unit_test(refused_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
