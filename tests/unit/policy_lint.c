/* Lint's walk: what is looked at, what is known where, what comments silence. */
#include "policy_lint_help.h"

#include "base/parts.h"

#if BERM_PART_AUTHORING

#define OBJECT_A "this is an error, not false, where object.a is missing\n"

static void comments_silence_codes(void **state)
{
    (void)state;
    expect_lint(LINT_HEAD
                "validations:\n"
                "  - {name: v, message: m, expression: has(object.a.b)} # berm: allow B0620\n",
                "");
    expect_lint(LINT_HEAD "validations:\n"
                          "  # berm: allow B0100\n"
                          "  # berm: allow B0635, B0620\n"
                          "  # which is as it should be\n"
                          "  - {name: v, message: m, expression: has(object.a.b)}\n",
                "");
    expect_lint("# berm: allow B0620\n" LINT_HEAD "validations:\n"
                "  - {name: v, message: m, expression: has(object.a.b)}\n",
                "");
    /* above the validation, above the key of the expression */
    expect_lint(LINT_HEAD "validations:\n"
                          "  # berm: allow B0620\n"
                          "  - name: v\n    message: m\n    expression: |\n      object.c &&\n"
                          "      has(object.a.b)\n",
                "");
    expect_lint(LINT_HEAD "validations:\n"
                          "  - name: v\n    message: m\n"
                          "    # berm: allow B0620\n"
                          "    expression: |\n      object.c &&\n      has(object.a.b)\n",
                "");
}

static void other_comments_do_not(void **state)
{
    (void)state;
    expect_lint(LINT_HEAD "validations:\n"
                          "  # berm: allow B0621\n"
                          "  - {name: v, message: m, expression: has(object.a.b)} # berm: allow",
                "B0620:8:39 " OBJECT_A);
    expect_lint("# berm: allow B0620\n\n" LINT_HEAD "validations:\n"
                "  - {name: v, message: m, expression: has(object.a.b)} # berm: allow B062",
                "B0620:9:39 " OBJECT_A);
}

static void what_is_known_holds_as_far_as_it_goes(void **state)
{
    (void)state;
    expect_lint(LINT_EXPRESSION("!(!has(object.a) || has(object.a.b)) || has(object.a.c)"),
                "B0620:6:90 " OBJECT_A);
    expect_lint(LINT_EXPRESSION("!has(object.a) || has(object.a.b)"), "");
    expect_lint(LINT_EXPRESSION("has(object.a) ? has(object.a.b) : has(object.a.c)"),
                "B0620:6:84 " OBJECT_A);
    expect_lint(LINT_EXPRESSION("object.l.exists_one(x, true)"),
                "B0624:6:73 true is always true\n");
    expect_lint(LINT_EXPRESSION("object.l.map(x, false, x).size() == 1"),
                "B0625:6:66 false is always false\n");
    expect_lint(LINT_EXPRESSION("object.l.filter(x, true).size() == 1"),
                "B0624:6:69 true is always true\n");
}

static void built_in_documents_are_nobodys_to_mend(void **state)
{
    (void)state;
    expect_lint(LINT_EXPRESSION("object.a"), "");
}

static void faulty_sets_are_not_walked_through(void **state)
{
    (void)state;
    expect_lint(LINT_EXPRESSION("has(object.a.b) && unheard"),
                "B0401:6:69 'unheard' is not declared\n");
}

/* A guardrail of everything that lint gathers; each allocation of its compilation fails alone. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_text text, whole;
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_init(&whole, &berm_alloc_libc);
    berm_text_put(&text, BERM_STR("guardrail: g\ntitle: T\nmatch: {target: t, kinds: [a, b*]}\n"
                                  "matchConditions: [{name: m, expression: 'has(object.a)"));
    for (uint32_t i = 0; i < 20; i++) berm_text_format(&text, " && has(object.a%u)", i);
    berm_text_put(&text, BERM_STR("'}]\nvalidations:\n"));
    for (uint32_t i = 0; i < 20; i++)
        berm_text_format(&text,
                         "  - {name: v%u, expression: 'has(object.b.c)', message: '{1} {2}'}\n", i);
    berm_text_put(&text, BERM_STR("---\ntarget: t\ntitle: T\ndetect: 'true'\n"
                                  "resources: [{path: '[*]', kind: \"'c'\"}]\n\0"));
    assert_int_equal(lint_with(&alloc, text.ptr, BERM_COMPILE_NO_BUILTINS, &whole), BERM_OK);
    size_t all = heap.calls;
    for (size_t nth = 1; nth <= all; nth++) {
        berm_text out;
        berm_text_init(&out, &berm_alloc_libc);
        heap = (counted_heap){.fail_at = nth, .once = 1};
        berm_status status = lint_with(&alloc, text.ptr, BERM_COMPILE_NO_BUILTINS, &out);
        if (status) assert_int_equal(status, BERM_E_NOMEM);
        else if (!berm_str_equal(berm_text_view(&out), berm_text_view(&whole)))
            fail_msg("allocation %zu: %.*s\ninstead of %.*s", nth, (int)out.len, out.ptr,
                     (int)whole.len, whole.ptr);
        assert_int_equal(heap.in_use, 0);
        berm_text_free(&out);
    }
    berm_text_free(&text);
    berm_text_free(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_silence_codes),
        cmocka_unit_test(other_comments_do_not),
        cmocka_unit_test(what_is_known_holds_as_far_as_it_goes),
        cmocka_unit_test(built_in_documents_are_nobodys_to_mend),
        cmocka_unit_test(faulty_sets_are_not_walked_through),
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
