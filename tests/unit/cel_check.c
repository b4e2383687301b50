/* The checker on names, fields, literals and logic; and on what is hostile. */
#include "cel_check_support.h"

#include "data/functions.h"

static void names_and_fields(void **state)
{
    (void)state;
    static const checked_case cases[] = {
        {"i", "int"},
        {"object", "dyn"},
        {"object.spec.x", "dyn"},
        {"labels.app", "string"},
        {"deep.a", "list(map(string, int))"},
        {"deep.a[0].b", "int"},
        {"params.size", "int"},
        {"params.other", "dyn"},
        {".params.size", "int"},
        {"int", "type(int)"},
        {"type(1)", "type(int)"},
        {"google.protobuf.Timestamp", "type(timestamp)"},
        {"list", "type(list(dyn))"},
        {"type", "type(type)"},
        {"has(object.x)", "bool"},
        {"has(labels.app.x)", "1:16-1:17 B0407 expected a map to read 'x' of, found string"},
        {"object.?x", "optional_type(dyn)"},
        {"labels.?app", "optional_type(string)"},
        {"deep.?a[0].b", "optional_type(int)"},
        {"has(labels.?app.x)", "1:17-1:18 B0407 expected a map to read 'x' of, found string"},
        {"maybe.x", "1:7-1:8 B0407 expected a map to read 'x' of, found int"},
        {"i.x", "1:3-1:4 B0407 expected a map to read 'x' of, found int"},
        {"i.x.y.z", "1:3-1:4 B0407 expected a map to read 'x' of, found int"},
        {"nothing.x.y", "1:1-1:8 B0401 'nothing' is not declared"},
        {"labls.x", "1:1-1:6 B0401 'labls' is not declared; did you mean 'labels'?"},
        {"[1].exists(i, i.x == 1)", "1:17-1:18 B0407 expected a map to read 'x' of, found int"},
        {"[{'x': 1}].exists(i, i.x == 1)", "bool"},
        {"[{'x': 1}].exists(i, .i.x == 1)",
         "1:25-1:26 B0407 expected a map to read 'x' of, found int"},
    };
    expect_all_checked(cases, sizeof cases / sizeof *cases);
}

static void containers(void **state)
{
    (void)state;
    check_world *world = make_world();
    expect_checked(world, "x", "1:1-1:2 B0401 'x' is not declared");
    world->env.container = BERM_STR("com.example.inner");
    expect_checked(world, "x", "int");
    expect_checked(world, "[''].map(x, x)", "list(string)");
    expect_checked(world, "[''].map(x, .com.example.x)", "list(int)");
    world->env.container = BERM_STR("math");
    expect_checked(world, "abs(-1)", "int");
    drop_world(world);
}

static void literals(void **state)
{
    (void)state;
    static const checked_case cases[] = {
        {"null", "null"},
        {"true", "bool"},
        {"1", "int"},
        {"1u", "uint"},
        {"1.0", "double"},
        {"'a'", "string"},
        {"b'a'", "bytes"},
        {"[]", "list(dyn)"},
        {"{}", "map(dyn, dyn)"},
        {"[1, 2]", "list(int)"},
        {"[1, 'a']", "list(dyn)"},
        {"[1, null]", "list(dyn)"},
        {"[1, object]", "list(dyn)"},
        {"[[], [1]]", "list(list(int))"},
        {"[[1], ['a']]", "list(dyn)"},
        {"[[1], any]", "list(list(dyn))"},
        {"[null, t, null]", "list(timestamp)"},
        {"[wrapped, 1]", "list(wrapper(int))"},
        {"[1, wrapped, null]", "list(wrapper(int))"},
        {"[[], [[]], [[[]]], [[[[]]]]]", "list(list(list(list(list(dyn)))))"},
        {"[[[[[]]]], [], [[[]]]]", "list(list(list(list(list(dyn)))))"},
        {"{'a': 1, 'b': 2}", "map(string, int)"},
        {"{'a': 1, 2: 'b'}", "map(dyn, dyn)"},
        {"{'a': 1, 'b': 'c'}", "map(string, dyn)"},
        {"[?maybe]", "list(int)"},
        {"[?object.?x, 'a']", "list(dyn)"},
        {"[?optional.none()]", "list(dyn)"},
        {"[?object]", "list(dyn)"},
        {"[?i]", "1:3-1:4 B0407 expected an optional behind [?, found int"},
        {"{?'a': maybe}", "map(string, int)"},
        {"{?'a': i}",
         "1:8-1:9 B0407 expected an optional as the value of {?key: value}, found int"},
        {"Foo{a: i, b: q}",
         "1:1-1:16 B0402 messages cannot be constructed: write a map instead of 'Foo{..}'\n"
         "1:14-1:15 B0401 'q' is not declared"},
    };
    expect_all_checked(cases, sizeof cases / sizeof *cases);
}

static void logic(void **state)
{
    (void)state;
    static const checked_case cases[] = {
        {"b && object", "bool"},
        {"b || object.x || !b", "bool"},
        {"b && i", "1:6-1:7 B0407 expected bool on each side of &&, found int"},
        {"s || b || i", "1:1-1:2 B0407 expected bool on each side of ||, found string\n"
                        "1:11-1:12 B0407 expected bool on each side of ||, found int"},
        {"[][0] && b", "bool"},
        {"b ? 1 : 2", "int"},
        {"object ? 1 : object", "dyn"},
        {"b ? [] : [1]", "list(int)"},
        {"b ? [1] : any", "list(dyn)"},
        {"b ? wrapped : null", "wrapper(int)"},
        {"b ? null : wrapped", "wrapper(int)"},
        {"b ? 1 : wrapped", "wrapper(int)"},
        {"true ? optional.of(dyn(1)) : optional.of(1)", "optional_type(dyn)"},
        {"b ? {} : {'a': 1}", "map(string, int)"},
        {"i ? 1 : 2", "1:1-1:2 B0407 expected bool before ?, found int"},
        {"b ? 1 : 'a'",
         "1:9-1:12 B0407 expected int on both sides of : (dyn(..) fits anything), found string"},
        {"b ? i : null",
         "1:9-1:13 B0407 expected int on both sides of : (dyn(..) fits anything), found null"},
        {"b ? dyn(1) : 'a'", "dyn"},
    };
    expect_all_checked(cases, sizeof cases / sizeof *cases);
}

/* One fault is reported, not what follows from it. */
static void faults_do_not_cascade(void **state)
{
    (void)state;
    static const checked_case cases[] = {
        {"(i + 'a').size() + 1 == s && b",
         "1:4-1:5 B0407 expected int + int or string + string, found int + string\n"
         "1:22-1:24 B0407 expected int == int, found int == string"},
        {"q.x[0].f.size() > 3", "1:1-1:2 B0401 'q' is not declared"},
        {"[i.x, 'a', 1].map(e, e + 1)", "1:4-1:5 B0407 expected a map to read 'x' of, found int"},
        {"cel.bind(v, q, v.x + v.y && v)", "1:13-1:14 B0401 'q' is not declared"},
        {"f(q) + 1", "1:1-1:2 B0402 there is no function f()\n1:3-1:4 B0401 'q' is not declared"},
    };
    expect_all_checked(cases, sizeof cases / sizeof *cases);
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_put(&text, BERM_STR("[q"));
    for (uint32_t i = 0; i < 30; i++) berm_text_put(&text, BERM_STR(", q"));
    berm_text_put(&text, BERM_STR("]"));
    check_world *world = make_world();
    parsed p = parse_with(berm_text_view(&text), NULL);
    assert_int_equal(berm_cel_check(&p.ast, &world->env, NULL, p.diags, NULL), BERM_E_POLICY);
    assert_int_equal(berm_diags_error_count(p.diags), BERM_CEL_FAULTS_MAX);
    assert_int_equal(berm_cel_check(&p.ast, &world->env, NULL, NULL, NULL), BERM_E_POLICY);
    drop_parsed(&p);
    drop_world(world);
    berm_text_free(&text);
}

/* Every node has its type at the end, with what variables came to stand for. */
static void nodes_are_typed(void **state)
{
    (void)state;
    check_world *world = make_world();
    parsed p = parse_text("cel.bind(v, [], v + [1])[0] + deep.a[0].b");
    assert_int_equal(berm_cel_check(&p.ast, &world->env, NULL, p.diags, NULL), BERM_OK);
    berm_types *types = &world->declarations.types;
    berm_type ints = berm_types_list(types, BERM_TYPE_INT);
    uint32_t lists = 0, names = 0;
    for (uint32_t i = 1; i < p.ast.nodes.count; i++) {
        const berm_ast_node *node = berm_ast_at(&p.ast, i);
        assert_false(berm_types_term(types, node->type)->open);
        if (node->kind == BERM_AST_LIST && ++lists) assert_int_equal(node->type, ints);
        /* The v that names the variable stays behind in the table of nodes, without a type. */
        names += berm_str_is(node->name, "v") && node->type == ints;
        if (node->kind == BERM_AST_BIND) assert_int_equal(node->type, ints);
        if (node->kind == BERM_AST_INDEX && node->name_off > 30) {
            assert_int_equal(node->type, berm_types_map(types, BERM_TYPE_STRING, BERM_TYPE_INT));
        }
    }
    assert_int_equal(lists, 2);
    assert_int_equal(names, 1);
    assert_int_equal(berm_ast_at(&p.ast, p.ast.root)->type, BERM_TYPE_INT);
    drop_parsed(&p);
    drop_world(world);
}

/* What functions.def shows is well-typed, and true: bool. */
static void examples_are_well_typed(void **state)
{
    (void)state;
    check_world *world = make_world();
    for (uint32_t id = 0; id < BERM_FN_COUNT; id++) {
        uint32_t count;
        const berm_signature *rows = berm_function_signatures((berm_function_id)id, &count);
        for (uint32_t i = 0; i < count; i++) expect_checked(world, rows[i].example, "bool");
    }
    drop_world(world);
}

/* --- hostile texts --- */

static void expect_done(check_world *world, const berm_text *text)
{
    parsed p = parse_with(berm_text_view(text), NULL);
    assert_int_equal(p.status, BERM_OK);
    assert_int_equal(berm_cel_check(&p.ast, &world->env, NULL, p.diags, NULL), BERM_OK);
    drop_parsed(&p);
}

static void put_repeated(berm_text *text, const char *part, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) berm_text_put(text, berm_str_of(part));
}

static void deep_trees(void **state)
{
    (void)state;
    static const struct {
        const char *head, *part, *middle, *tail;
        uint32_t count;
    } cases[] = {
        {"1", "+1", "", "", 998},
        {"object", ".x", "", "", 998},
        {"[1]", ".x()", "", "", 0},
        {"", "[", "1", "]", 250},
        {"", "{1:", "1", "}", 250},
        {"object", "[0]", "", "", 998},
        {"object", ".?x", "", "", 998},
        {"", "b ? 1 : ", "2", "", 900},
        {"any", ".map(x, x)", "", "", 900},
        {"'a'", ".trim()", "", "", 900},
        {"", "[[]].map(x, ", "x", ")", 240},
        {"", "optional.of(", "1", ")", 240},
    };
    check_world *world = make_world();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        berm_text text;
        berm_text_init(&text, &berm_alloc_libc);
        berm_text_put(&text, berm_str_of(cases[i].head));
        put_repeated(&text, cases[i].part, cases[i].count);
        berm_text_put(&text, berm_str_of(cases[i].middle));
        put_repeated(&text, cases[i].tail, cases[i].count);
        expect_done(world, &text);
        berm_text_free(&text);
    }
    drop_world(world);
}

/* The type of v<n> has 2^n parts, and holds a variable. */
static void doubling_types(void **state)
{
    (void)state;
    static const char *const seeds[] = {"1", "[]"};
    check_world *world = make_world();
    for (size_t k = 0; k < 2; k++) {
        berm_text text;
        berm_text_init(&text, &berm_alloc_libc);
        berm_text_format(&text, "cel.bind(v0, {%s: %s}, ", seeds[k], seeds[k]);
        for (uint32_t i = 1; i < 80; i++) {
            berm_text_format(&text, "cel.bind(v%u, {v%u: v%u}, ", i, i - 1, i - 1);
        }
        berm_text_put(&text, BERM_STR("v79 == {v78: v78} && [v79, {v77: 1}] == [v1]"));
        put_repeated(&text, ")", 80);
        parsed p = parse_with(berm_text_view(&text), NULL);
        assert_int_equal(p.status, BERM_OK);
        berm_status status = berm_cel_check(&p.ast, &world->env, NULL, p.diags, NULL);
        assert_true(status == BERM_OK || status == BERM_E_POLICY);
        drop_parsed(&p);
        berm_text_free(&text);
    }
    expect_checked(world, "i + 'a'",
                   "1:3-1:4 B0407 expected int + int or string + string, found int + string");
    drop_world(world);
}

static void long_lists(void **state)
{
    (void)state;
    check_world *world = make_world();
    static const char *const parts[] = {", 1", ", []",  ", object", ", 'a'",
                                        ", v", ", [v]", ", -i",     ", v == []"};
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        berm_text text;
        berm_text_init(&text, &berm_alloc_libc);
        berm_text_put(&text, BERM_STR("cel.bind(v, [], [v"));
        put_repeated(&text, parts[k], 9000);
        berm_text_put(&text, BERM_STR("])"));
        expect_done(world, &text);
        berm_text_free(&text);
    }
    assert_in_range(world->declarations.types.terms.count, 1, 40000);
    drop_world(world);
}

static void allocations_fail(void **state)
{
    (void)state;
    expect_failing_allocations(
        "deep.a.map(m, m.b + [1][0]) == [] && labels.?x.optMap(v, v + v).orValue('') != s");
    expect_failing_allocations("i + 'a' == q.r || f(labels.x.y) || math.foo(1) || s.siz()");
    expect_failing_allocations("['a'] == [1] || l.all(x) || b ? 1 : s");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_fields),
        cmocka_unit_test(containers),
        cmocka_unit_test(literals),
        cmocka_unit_test(logic),
        cmocka_unit_test(faults_do_not_cascade),
        cmocka_unit_test(nodes_are_typed),
        cmocka_unit_test(examples_are_well_typed),
        cmocka_unit_test(deep_trees),
        cmocka_unit_test(doubling_types),
        cmocka_unit_test(long_lists),
        cmocka_unit_test(allocations_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
