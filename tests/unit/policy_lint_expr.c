/* Rules of lint about expressions. */
#include "policy_lint_help.h"

#include "base/parts.h"

#if BERM_PART_AUTHORING
#include "policy/authoring/lint.h"
#include "policy/host.h"

static void parents_may_be_missing(void **state)
{
    (void)state;
    expect_lint(LINT_EXPRESSION("has(object.a.b)"),
                "B0620:" LINT_AT "this is an error, not false, where object.a is missing\n");
    expect_lint(LINT_EXPRESSION("has(object.a) && has(object.a.b)"), "");
    expect_lint(LINT_EXPRESSION("linked('b').all(r, has(r.object.a) && has(r.oldObject.a) && "
                                "has(r.resource.name))"),
                "");
    expect_lint(LINT_EXPRESSION("'b' in object.a && has(object.a.b.c)"), "");
    expect_lint(LINT_EXPRESSION("1 in object.a && has(object.a.b.c)"),
                "B0620:6:67 this is an error, not false, where object.a.b is missing\n");
    /* Of a derived kind, which no guardrail is about. */
    expect_lint(
        LINT_EXPRESSION("object.a") "---\nkind: k\nof: {target: kubernetes, kinds: [Pod]}\neach: "
                                    "object.spec.l\n"
                                    "object: {x: has(object.spec.y), z: has(object.metadata.y)}\n",
        "B0620:11:13 this is an error, not false, where object.spec is missing\n"
        "B0620:11:36 this is an error, not false, where object.metadata is missing\n");
}

static void all_of_what_may_be_nothing(void **state)
{
    (void)state;
    expect_lint(LINT_EXPRESSION("object.?l.orValue([]).all(x, x.ok)"),
                "B0621:" LINT_AT "all() of nothing is true: this holds where object.?l is "
                "missing\n");
}

static void patterns_are_bound(void **state)
{
    (void)state;
    expect_lint(LINT_EXPRESSION("object.a.matches('(?i)')"),
                "B0622:6:67 matches() finds (?i) anywhere in the text\n");
    expect_lint(LINT_EXPRESSION("object.a.matches('^(a|b)|((c)|d)')"),
                "B0622:6:67 matches() finds ((c)|d) anywhere in the text\n");
}

/* A | in a set parts nothing, wherever the brackets are. */
static void sets_hold_together(void **state)
{
    (void)state;
    expect_lint(LINT_EXPRESSION("object.a.matches('^[]|x]y')"), "");
    expect_lint(LINT_EXPRESSION("object.a.matches('^[^]|x]y')"), "");
    expect_lint(LINT_EXPRESSION("object.a.matches('^[])|(]')"), "");
    expect_lint(LINT_EXPRESSION("object.a.matches('^[[:alpha:]|x]y')"), "");
    expect_lint(LINT_EXPRESSION("object.a.matches('^[[|]y')"), "");
    expect_lint(LINT_EXPRESSION("object.a.matches('^[[:|]y')"), "");
    expect_lint(LINT_EXPRESSION("object.a.matches('^[[:]|x')"),
                "B0622:6:67 matches() finds x anywhere in the text\n");
    expect_lint(LINT_EXPRESSION("object.a.matches(r'^[\\\\]|x]y')"), "");
    expect_lint(LINT_EXPRESSION("object.a.matches('^[[:^alpha:]]|x')"),
                "B0622:6:67 matches() finds x anywhere in the text\n");
    expect_lint(LINT_EXPRESSION("object.a.matches('^[^a]|x')"),
                "B0622:6:67 matches() finds x anywhere in the text\n");
}

/* What rules say of an expression that parses, and no more: it is a condition. */
static void expect_unsound(const char *expression, const char *wanted)
{
    stage s;
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_format(&text, "e: >\n  %s", expression);
    berm_text_putc(&text, '\0');
    stage_begin(&s, text.ptr);
    berm_part root = stage_root(&s), part = berm_part_member(root, "e");
    berm_lint_text of = {.item = root, .expr = {.text = berm_part_text(part), .part = part}};
    berm_ast_init(&of.ast, &berm_alloc_libc);
    assert_int_equal(berm_cel_parse(&of.ast, of.expr.text, NULL, NULL, NULL), BERM_OK);
    berm_lint lint = {.build = &s.build, .document = root, .text = &of, .condition = true};
    berm_lint_regex(&lint, of.ast.root);
    berm_lint_constant(&lint, of.ast.root);
    assert_string_equal(stage_diags(&s), wanted);
    berm_ast_free(&of.ast);
    stage_end(&s);
    berm_text_free(&text);
}

/* Lint asks them of sound sets alone, but a rule that trusts in that would read past a pattern. */
static void rules_stand_what_does_not_compile(void **state)
{
    (void)state;
#define FOUND(pattern) "B0622:2:13 matches() finds " pattern " anywhere in the text\n"
    expect_unsound("x.matches('(')", "B0622:2:13 matches() finds ( anywhere in the text\n");
    expect_unsound("x.matches('(?')", FOUND("(?"));
    expect_unsound("x.matches('(?i')", FOUND("(?i"));
    expect_unsound("x.matches('[')", FOUND("["));
    expect_unsound("x.matches('[^')", FOUND("[^"));
    expect_unsound("x.matches('[a|b')", FOUND("[a|b"));
    expect_unsound("x.matches('[[:a')", FOUND("[[:a"));
    expect_unsound("x.matches('[[:')", FOUND("[[:"));
    expect_unsound("x.matches(r'a\\')", FOUND("a\\"));
    expect_unsound("x.matches(r'[a\\')", FOUND("[a\\"));
    expect_unsound("x.matches(1)", "");
    expect_unsound("x.matches()", "");
    expect_unsound("x.matches('a', 'b')", "");
    expect_unsound("'true'", "");
    expect_unsound("1", "");
}

static berm_status call_nothing(void *ctx, const berm_value *args, size_t count,
                                berm_builder *result)
{
    (void)ctx, (void)args, (void)count, (void)result;
    return BERM_OK;
}

/* A host's function may have the name of one that rules are about, and other arguments. */
static void functions_of_hosts_are_no_matter(void **state)
{
    (void)state;
    const berm_function function = {.size = sizeof function,
                                    .declaration = "orValue(int) -> list(int)",
                                    .call = call_nothing};
    berm_hosts *hosts = NULL;
    berm_error err = {0};
    if (berm_hosts_declare(&berm_alloc_libc, &function, 1, &hosts, &err))
        fail_msg("%s", err.message);
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    berm_status status = lint_hosted(
        &berm_alloc_libc, LINT_EXPRESSION("orValue(3).all(x, x > object.a)"), 0, hosts, &out);
    berm_text_putc(&out, '\0');
    assert_string_equal(out.ptr, "");
    assert_int_equal(status, BERM_OK);
    berm_text_free(&out);
    berm_hosts_drop(hosts);
}

static void what_is_always_the_same(void **state)
{
    (void)state;
    expect_lint(LINT_EXPRESSION("object.a == 'x' && object.a == 'x'"),
                "B0626:6:69 object.a == 'x' is said twice\n");
    expect_lint(LINT_EXPRESSION("object.a < 1 || object.b"), "");
    expect_lint(LINT_EXPRESSION("object.a && (object.b && object.a)"), "");
    expect_lint(LINT_EXPRESSION("object.a && (object.b || (object.c && object.d))"), "");
    expect_lint(LINT_EXPRESSION("object.a == 0 || object.b == 'true'"), "");
}

static void keys_that_are_worked_out(void **state)
{
    (void)state;
    expect_lint(LINT_EXPRESSION("oldObject[object.k] == 1"),
                "B0635:" LINT_AT "which member is read is only known when it runs: object.k\n");
    expect_lint(LINT_EXPRESSION("resource.tags[object.k] == 'x'"), "");
}

/* More operands than are looked at: the first ones are, and nothing is harmed. */
static void long_chains_are_looked_at_as_far_as_it_goes(void **state)
{
    (void)state;
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_put(&text, BERM_STR(LINT_HEAD "validations: [{name: v, message: m, expression: \""));
    for (uint32_t i = 0; i < 70; i++) berm_text_format(&text, "object.a%u && ", i);
    berm_text_put(&text, BERM_STR("object.a69 && object.a3\"}]\n"));
    berm_text_putc(&text, '\0');
    expect_lint(text.ptr, "");
    char *late = strstr(text.ptr, "object.a63 ");
    memcpy(late, "object.a03 ", 11);
    memcpy(strstr(text.ptr, "object.a3 && "), "object.b3 && ", 13);
    memcpy(strstr(text.ptr, "object.a61 "), "object.a03 ", 11);
    expect_lint(text.ptr, "B0626:6:922 object.a03 is said twice\n");
    berm_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parents_may_be_missing),
        cmocka_unit_test(all_of_what_may_be_nothing),
        cmocka_unit_test(patterns_are_bound),
        cmocka_unit_test(sets_hold_together),
        cmocka_unit_test(functions_of_hosts_are_no_matter),
        cmocka_unit_test(rules_stand_what_does_not_compile),
        cmocka_unit_test(what_is_always_the_same),
        cmocka_unit_test(keys_that_are_worked_out),
        cmocka_unit_test(long_chains_are_looked_at_as_far_as_it_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
