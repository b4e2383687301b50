/* Constant folding: values, costs, and what must not be folded. */
#include "code_help.h"

#include "base_alloc.h"
#include "code/fold.h"
#include "code/operators.h"
#include "data/doc.h"

/* The folded value of an expression as text and its cost; "" when it was not folded. */
static void expect_fold(const char *text, const char *value, uint64_t cost)
{
    code_program p;
    berm_ast ast;
    berm_fold fold;
    berm_text out;
    program_begin(&p, &berm_alloc_libc);
    assert_int_equal(program_parse(&p, &ast, text), BERM_OK);
    assert_true(berm_fold_tree(&fold, &berm_alloc_libc, &ast));
    const berm_folded *folded = &fold.nodes[ast.root];
    berm_text_init(&out, &berm_alloc_libc);
    if (folded->value.tag != BERM_TAG_MISSING) {
        assert_true(berm_value_print(&out, &fold.space, folded->value, false));
    }
    berm_text_putc(&out, '\0');
    if (strcmp(out.ptr, value) != 0 || folded->cost != cost) {
        fail_msg("%s: folded to '%s' at %d, not '%s' at %d", text, out.ptr, (int)folded->cost,
                 value, (int)cost);
    }
    berm_text_free(&out);
    berm_fold_free(&fold);
    berm_ast_free(&ast);
    program_end(&p);
}

static void arithmetic_folds(void **state)
{
    (void)state;
    expect_fold("1", "1", 1);
    expect_fold("1 + 2 * 3", "7", 5);
    expect_fold("-(2 - 5)", "3", 4);
    expect_fold("7 % 4u == 3", "", 0); /* no such overload: an error at run time */
    expect_fold("7u / 2u", "3u", 3);
    expect_fold("'a' + 'b'", "\"ab\"", 3);
    expect_fold("b'a' + b'\\xff'", "b\"a\\xff\"", 3);
    expect_fold("[1] + [2, 3]", "[1, 2, 3]", 6);
}

static void comparisons_fold(void **state)
{
    (void)state;
    expect_fold("1 == 1.0", "true", 3);
    expect_fold("1 != '1'", "true", 3);
    expect_fold("1 < 2u", "true", 3);
    expect_fold("'b' >= 'a'", "true", 3);
    expect_fold("2 <= 1", "false", 3);
    expect_fold("2 > 1", "true", 3);
    expect_fold("2 in [1, 2]", "true", 5);
    expect_fold("'x' in {'y': 1}", "false", 5);
    expect_fold("1 in 1", "", 0);
    expect_fold("1 < 'a'", "", 0);
    expect_fold("!true", "false", 2);
    expect_fold("!1", "", 0);
}

/* A skipped side costs nothing, as when it runs. */
static void logic_folds_at_the_cost_of_running(void **state)
{
    (void)state;
    expect_fold("true && false", "false", 3);
    expect_fold("false && (1 == 2)", "false", 2);
    expect_fold("true || (1 == 2)", "true", 2);
    expect_fold("false || 1 == 1", "true", 5);
    expect_fold("true ? 1 : 2 + 3", "1", 3);
    expect_fold("false ? 1 : 2 + 3", "5", 5);
    expect_fold("1 ? 2 : 3", "", 0);
    expect_fold("true && 1", "", 0);
}

static void errors_are_left_to_run(void **state)
{
    (void)state;
    expect_fold("1 / 0", "", 0);
    expect_fold("true || 1 / 0 > 0", "", 0);
    expect_fold("9223372036854775807 + 1", "", 0);
    expect_fold("-9223372036854775808", "-9223372036854775808", 1);
    expect_fold("{'a': 1, 'a': 2}", "", 0);
    expect_fold("{1.5: 1}", "", 0);
    expect_fold("{null: 1}", "", 0);
    expect_fold("a", "", 0);
    expect_fold("size('abc')", "", 0);
}

static void containers_fold(void **state)
{
    (void)state;
    expect_fold("[]", "[]", 1);
    expect_fold("{}", "{}", 1);
    expect_fold("[1, [true, null], 'x']", "[1, [true, null], \"x\"]", 6);
    expect_fold("{'a': [1], 2: b'x'}", "{\"a\": [1], 2: b\"x\"}", 6);
    expect_fold("[1, ?a]", "", 0);
    expect_fold("[1, a]", "", 0);
    expect_fold("{0: 1, 0u: 2}", "", 0);
}

static void subtrees_fold_alone(void **state)
{
    (void)state;
    code_program p;
    uint32_t block;
    program_begin(&p, &berm_alloc_libc);
    assert_int_equal(program_add(&p, "a + (2 * 3)", &code_scope, &block), BERM_OK);
    const berm_img_block *row = &p.gen.blocks.items[block];
    assert_int_equal(row->code_count, 4); /* var const add ret */
    assert_int_equal(p.gen.code.items[1].op, BERM_OP_CONST);
    assert_int_equal(p.gen.code.items[1].cost, 3);
    program_end(&p);
}

/* Concatenation that would take too much memory stops folding and still compiles. */
static void folding_is_bounded(void **state)
{
    (void)state;
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_putc(&text, '\'');
    berm_text_pad(&text, 'x', 60000);
    berm_text_put(&text, BERM_STR("'"));
    for (uint32_t i = 0; i < 900; i++) berm_text_put(&text, BERM_STR(" + 'y'"));
    berm_text_putc(&text, '\0');
    code_program p;
    uint32_t block;
    berm_error err = {0};
    program_begin(&p, &berm_alloc_libc);
    assert_int_equal(program_add(&p, text.ptr, &code_scope, &block), BERM_OK);
    assert_int_equal(program_link(&p, &err), BERM_OK);
    uint64_t cost = 0;
    for (uint32_t i = 0; i < p.image.code_count; i++) cost += p.image.code[i].cost;
    assert_int_equal(cost, 1801);
    program_end(&p);
    berm_text_free(&text);
}

static void operators_are_told_from_functions(void **state)
{
    (void)state;
    berm_ast_node call = {.kind = BERM_AST_CALL, .name = BERM_STR("_+_"), .count = 2};
    assert_int_equal(berm_operator_of(&call), BERM_OP_ADD);
    call.count = 1;
    assert_int_equal(berm_operator_of(&call), BERM_OP_NOP);
    call.name = BERM_STR("-_");
    assert_int_equal(berm_operator_of(&call), BERM_OP_NEG);
    call.flags = BERM_AST_RECEIVER;
    assert_int_equal(berm_operator_of(&call), BERM_OP_NOP);
    call = (berm_ast_node){.kind = BERM_AST_CALL, .name = BERM_STR("size"), .count = 1};
    assert_int_equal(berm_operator_of(&call), BERM_OP_NOP);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    code_program p;
    berm_ast ast;
    program_begin(&p, &berm_alloc_libc);
    assert_int_equal(program_parse(&p, &ast, "['a' + 'b', {'k': 1 + 2}] == [a]"), BERM_OK);
    bool done = false;
    for (size_t n = 1; !done; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        berm_fold fold;
        done = berm_fold_tree(&fold, &alloc, &ast);
        berm_fold_free(&fold);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
    }
    berm_ast_free(&ast);
    program_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic_folds),
        cmocka_unit_test(comparisons_fold),
        cmocka_unit_test(logic_folds_at_the_cost_of_running),
        cmocka_unit_test(errors_are_left_to_run),
        cmocka_unit_test(containers_fold),
        cmocka_unit_test(subtrees_fold_alone),
        cmocka_unit_test(folding_is_bounded),
        cmocka_unit_test(operators_are_told_from_functions),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
