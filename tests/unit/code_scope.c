/* Names and functions: which one is meant, and which one may have been. */
#include "code_help.h"

#include "data/functions.h"

/* The slot an expression's first instruction loads. */
static void expect_slot(const char *text, const char *container, uint32_t slot)
{
    code_program p;
    uint32_t block;
    berm_scope scope = code_scope;
    scope.container = berm_str_of(container);
    program_begin(&p, &berm_alloc_libc);
    berm_status status = program_add(&p, text, &scope, &block);
    if (status != BERM_OK) fail_msg("%s: %s", text, program_message(&p).ptr);
    assert_int_equal(p.gen.code.items[0].op, BERM_OP_VAR);
    if (p.gen.code.items[0].w != slot) {
        fail_msg("%s: slot %u, not %u", text, p.gen.code.items[0].w, slot);
    }
    program_end(&p);
}

static void expect_refusal(const char *text, const char *code, const char *message)
{
    code_program p;
    uint32_t block;
    program_begin(&p, &berm_alloc_libc);
    assert_int_equal(program_add(&p, text, &code_scope, &block), BERM_E_POLICY);
    assert_int_equal(block, BERM_NO_ROW);
    assert_str(program_code(&p), code);
    if (!berm_str_is(program_message(&p), message)) {
        fail_msg("%s: '%s', not '%s'", text, program_message(&p).ptr, message);
    }
    /* Nothing of a refused expression stays. */
    assert_int_equal(p.gen.code.count, 0);
    assert_int_equal(p.gen.blocks.count, 0);
    assert_int_equal(p.gen.exprs.count, 0);
    program_end(&p);
}

static void the_longest_name_wins(void **state)
{
    (void)state;
    expect_slot("a", "", 2);
    expect_slot("a.y", "", 2);
    expect_slot("x.y", "", 5);
    expect_slot("x.y.z", "", 5);
    expect_slot("object.a.b", "", 0);
}

static void the_container_comes_first(void **state)
{
    (void)state;
    expect_slot("z", "com.example", 6);
    expect_slot("z", "com.example.deeper", 6);
    expect_slot("example.z", "com", 6);
    expect_slot("com.example.z", "", 6);
    expect_slot("y", "x", 5);
    expect_slot(".a", "com.example", 2);
    expect_slot("a", "com.example", 2);
    expect_slot("com.example.z.more", "x", 6);
}

static void later_bindings_hide_earlier_ones(void **state)
{
    (void)state;
    const berm_binding bindings[] = {{.name = BERM_STR("v"), .index = 1},
                                     {.name = BERM_STR("v"), .index = 2}};
    berm_scope scope = {.bindings = bindings, .count = 2};
    code_program p;
    uint32_t block;
    program_begin(&p, &berm_alloc_libc);
    assert_int_equal(program_add(&p, "v", &scope, &block), BERM_OK);
    assert_int_equal(p.gen.code.items[0].w, 2);
    program_end(&p);
}

static uint32_t count_op(const code_program *p, berm_op op)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->gen.code.count; i++) count += p->gen.code.items[i].op == op;
    return count;
}

/* A loop's variable hides bindings, also those whose dotted name starts with it; a leading dot
   sees past it. */
static void locals_hide_everything(void **state)
{
    (void)state;
    const struct {
        const char *text;
        uint32_t loads;
    } cases[] = {
        {"[1].exists(a, a == 1)", 0},       {"[1].exists(x, x.y == 1)", 0},
        {"[1].exists(a, .a == 1)", 1},      {"[1].exists(x, .x.y == 1)", 1},
        {"cel.bind(object, 1, object)", 0}, {"[1].exists(a, [2].exists(a, a == 2))", 0},
        {"[1].exists(i, i == 1) && a", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        code_program p;
        uint32_t block;
        program_begin(&p, &berm_alloc_libc);
        assert_int_equal(program_add(&p, cases[i].text, &code_scope, &block), BERM_OK);
        if (count_op(&p, BERM_OP_VAR) != cases[i].loads) fail_msg("%s", cases[i].text);
        program_end(&p);
    }
}

static void types_are_values(void **state)
{
    (void)state;
    const char *const texts[] = {"int", "google.protobuf.Timestamp", "null_type", "optional_type"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        code_program p;
        uint32_t block;
        program_begin(&p, &berm_alloc_libc);
        assert_int_equal(program_add(&p, texts[i], &code_scope, &block), BERM_OK);
        assert_int_equal(p.gen.code.items[0].op, BERM_OP_CONST);
        assert_int_equal(p.gen.cells.items[p.gen.code.items[0].w].tag, BERM_TAG_TYPE);
        program_end(&p);
    }
}

static void unknown_names_are_refused(void **state)
{
    (void)state;
    expect_refusal("objct.x", "B0401", "'objct' is not declared; did you mean 'object'?");
    expect_refusal("obejct", "B0401", "'obejct' is not declared; did you mean 'object'?");
    expect_refusal("whatever", "B0401", "'whatever' is not declared");
    expect_refusal("x.z", "B0401", "'x.z' is not declared; did you mean 'x.y'?");
    expect_refusal("q", "B0401", "'q' is not declared");
    expect_refusal("[1].map(item, itm)", "B0401", "'itm' is not declared; did you mean 'item'?");
    expect_refusal("strng", "B0401", "'strng' is not declared; did you mean 'string'?");
    /* A variable ends with its macro. */
    expect_refusal("[1].all(i, i > 0) && i > 0", "B0401", "'i' is not declared");
    /* The range is outside. */
    expect_refusal("i.all(i, true)", "B0401", "'i' is not declared");
}

static void unknown_functions_are_refused(void **state)
{
    (void)state;
    expect_refusal("siez(a)", "B0402", "there is no function siez(); did you mean size()?");
    expect_refusal("a.startWith('x')", "B0402",
                   "there is no method startWith(); did you mean startsWith()?");
    expect_refusal("a.nothingLikeIt()", "B0402", "there is no method nothingLikeIt()");
    expect_refusal("size()", "B0403", "there is no function size() that takes 0 arguments");
    expect_refusal("a.startsWith()", "B0403",
                   "there is no method startsWith() that takes 0 arguments");
    expect_refusal("optional.of(1, 2)", "B0403",
                   "there is no function of() that takes 2 arguments");
    expect_refusal("Point{x: 1}", "B0402",
                   "messages cannot be constructed: write a map instead of 'Point{..}'");
}

/* Everything wrong with an expression is said in one run. */
static void all_faults_are_found(void **state)
{
    (void)state;
    code_program p;
    uint32_t block;
    size_t count;
    program_begin(&p, &berm_alloc_libc);
    const char *text = "foo + bar(baz) + [1].map(i, j) + a.quux(k)";
    assert_int_equal(program_add(&p, text, &code_scope, &block), BERM_E_POLICY);
    berm_diags_list(p.diags, &count);
    assert_int_equal(count, 6);
    program_end(&p);
}

/* math.greatest is a function, also where math is something. */
static void qualified_functions(void **state)
{
    (void)state;
    const berm_binding bindings[] = {{.name = BERM_STR("optional")}};
    const berm_scope plain = {.count = 0};
    const berm_scope shared = {.bindings = bindings, .count = 1};
    const berm_scope inside = {.container = BERM_STR("base64")};
    code_program p;
    uint32_t block;
    program_begin(&p, &berm_alloc_libc);
    assert_int_equal(program_add(&p, "optional.none()", &plain, &block), BERM_OK);
    assert_int_equal(p.gen.code.items[0].b, BERM_FN_OPTIONAL_NONE);
    assert_int_equal(program_add(&p, "optional.none()", &shared, &block), BERM_OK);
    assert_int_equal(program_add(&p, "encode(b'x')", &inside, &block), BERM_OK);
    assert_int_equal(program_add(&p, "encode(b'x')", &plain, &block), BERM_E_POLICY);
    assert_int_equal(program_add(&p, "[1].map(math, math.greatest(1, 2))", &plain, &block),
                     BERM_OK);
    assert_int_equal(program_add(&p, ".optional.none()", &shared, &block), BERM_OK);
    assert_int_equal(program_add(&p, "size([1])", &inside, &block), BERM_OK);
    program_end(&p);
}

static void unchecked_names_fail_when_they_run(void **state)
{
    (void)state;
    berm_scope scope = code_scope;
    scope.unchecked = true;
    const struct {
        const char *text;
        uint32_t error;
    } cases[] = {{"whatever", BERM_ERR_UNDECLARED},
                 {"whatever.x.y", BERM_ERR_UNDECLARED},
                 {"nosuch(1)", BERM_ERR_NO_SUCH_FUNCTION},
                 {"size()", BERM_ERR_NO_SUCH_FUNCTION}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        code_program p;
        uint32_t block;
        berm_error err;
        program_begin(&p, &berm_alloc_libc);
        assert_int_equal(program_add(&p, cases[i].text, &scope, &block), BERM_OK);
        assert_int_equal(p.gen.code.items[0].op, BERM_OP_FAIL);
        assert_int_equal(p.gen.code.items[0].w, cases[i].error);
        assert_int_equal(program_link(&p, &err), BERM_OK);
        program_end(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_name_wins),
        cmocka_unit_test(the_container_comes_first),
        cmocka_unit_test(later_bindings_hide_earlier_ones),
        cmocka_unit_test(locals_hide_everything),
        cmocka_unit_test(types_are_values),
        cmocka_unit_test(unknown_names_are_refused),
        cmocka_unit_test(unknown_functions_are_refused),
        cmocka_unit_test(all_faults_are_found),
        cmocka_unit_test(qualified_functions),
        cmocka_unit_test(unchecked_names_fail_when_they_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
