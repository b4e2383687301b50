/* What names mean, whoever asks. */
#include "cel/names.h"

#include "cel_support.h"

typedef struct row {
    berm_str name;
    int more;
} row;

static const row rows[] = {
    {{"a", 1}, 0},           {{"x.y", 3}, 1}, {{"com.example.z", 13}, 2},
    {{"x.y.deeper", 10}, 3}, {{"a", 1}, 4},   {{"com.int", 7}, 5},
};

static berm_names make_names(const char *container)
{
    return (berm_names){.alloc = &berm_alloc_libc,
                        .declared = {&rows->name, sizeof *rows, sizeof rows / sizeof *rows},
                        .container = berm_str_of(container)};
}

static berm_named resolve_in(berm_names *names, parsed *p)
{
    assert_int_equal(p->status, BERM_OK);
    return berm_names_resolve(names, &p->ast, p->ast.root);
}

static void expect_meaning(const char *text, const char *container, berm_meaning meaning,
                           uint32_t length, uint32_t value)
{
    parsed p = parse_text(text);
    berm_names names = make_names(container);
    berm_names_push(&names, BERM_STR("a"), 70);
    berm_names_push(&names, BERM_STR("local"), 71);
    berm_names_push(&names, BERM_STR("local"), 72);
    berm_named named = resolve_in(&names, &p);
    bool valued =
        meaning == BERM_MEANS_LOCAL || meaning == BERM_MEANS_DECLARED || meaning == BERM_MEANS_TYPE;
    if (named.meaning != meaning || named.length != length || (valued && named.value != value)) {
        fail_msg("%s in %s: meaning %d, length %u, value %u", text, container, (int)named.meaning,
                 named.length, named.value);
    }
    berm_names_free(&names);
    drop_parsed(&p);
}

static void names_and_containers(void **state)
{
    (void)state;
    expect_meaning("local", "", BERM_MEANS_LOCAL, 1, 72);
    expect_meaning("local.x.y", "", BERM_MEANS_LOCAL, 1, 72);
    expect_meaning(".local", "", BERM_MEANS_NOTHING, 1, 0);
    expect_meaning("a", "", BERM_MEANS_LOCAL, 1, 70);
    expect_meaning(".a", "", BERM_MEANS_DECLARED, 1, 4);
    expect_meaning("x.y", "", BERM_MEANS_DECLARED, 2, 1);
    expect_meaning("x.y.z", "", BERM_MEANS_DECLARED, 2, 1);
    expect_meaning("x.y.deeper.z", "", BERM_MEANS_DECLARED, 3, 3);
    expect_meaning("y", "x", BERM_MEANS_DECLARED, 1, 1);
    expect_meaning("z", "com.example", BERM_MEANS_DECLARED, 1, 2);
    expect_meaning("z", "com.example.inner", BERM_MEANS_DECLARED, 1, 2);
    expect_meaning("example.z", "com", BERM_MEANS_DECLARED, 2, 2);
    expect_meaning("z", "com.exam", BERM_MEANS_NOTHING, 1, 0);
    expect_meaning("int", "", BERM_MEANS_TYPE, 1, BERM_TYPE_INT);
    expect_meaning("int", "com", BERM_MEANS_DECLARED, 1, 5);
    expect_meaning(".int", "com", BERM_MEANS_TYPE, 1, BERM_TYPE_INT);
    expect_meaning("google.protobuf.Timestamp", "", BERM_MEANS_TYPE, 3, BERM_TYPE_TIMESTAMP);
    expect_meaning("protobuf.Timestamp", "google", BERM_MEANS_TYPE, 2, BERM_TYPE_TIMESTAMP);
    expect_meaning("x", "", BERM_MEANS_NOTHING, 1, 0);
    expect_meaning("x.q", "", BERM_MEANS_NOTHING, 2, 0);
    expect_meaning("q.x", "", BERM_MEANS_NOTHING, 1, 0);
    expect_meaning("f().b.c", "", BERM_MEANS_VALUE, 1, 0);
    expect_meaning("[1].b", "", BERM_MEANS_VALUE, 1, 0);
    expect_meaning("a.?b.c", "", BERM_MEANS_VALUE, 1, 0);
    expect_meaning("has(a.b)", "", BERM_MEANS_VALUE, 1, 0);
}

static int find_function(const void *ctx, berm_str name, bool method, uint32_t argc, bool *known)
{
    static const struct {
        const char *name;
        bool method;
        uint32_t argc;
    } functions[] = {{"f", false, 1}, {"m", true, 1}, {"ns.f", false, 1}, {"com.ns.g", false, 0}};
    (void)ctx;
    int found = -1;
    for (int i = 0; i < 4; i++) {
        if (!berm_str_is(name, functions[i].name) || functions[i].method != method) continue;
        *known = true;
        if (functions[i].argc == argc) found = i;
    }
    return found;
}

static void expect_callee(const char *text, const char *container, berm_callee wanted)
{
    const berm_function_finder finder = {NULL, find_function};
    parsed p = parse_text(text);
    assert_int_equal(p.status, BERM_OK);
    berm_names names = make_names(container);
    berm_callee callee =
        berm_names_callee(&names, &p.ast, berm_ast_at(&p.ast, p.ast.root), &finder);
    if (callee.function != wanted.function || callee.method != wanted.method ||
        callee.known != wanted.known || callee.unnamed != wanted.unnamed) {
        fail_msg("%s: function %d, %d %d %d", text, callee.function, callee.method, callee.known,
                 callee.unnamed);
    }
    berm_names_free(&names);
    drop_parsed(&p);
}

static void functions_and_methods(void **state)
{
    (void)state;
    expect_callee("f(1)", "", (berm_callee){0, false, true, false});
    expect_callee("f(1)", "com.q", (berm_callee){0, false, true, false});
    expect_callee("f(1, 2)", "", (berm_callee){-1, false, true, false});
    expect_callee("g(1)", "", (berm_callee){-1, false, false, false});
    expect_callee("f(1)", "ns", (berm_callee){2, false, true, false});
    expect_callee(".f(1)", "ns", (berm_callee){0, false, true, false});
    expect_callee("ns.f(1)", "", (berm_callee){2, false, true, false});
    expect_callee("ns.f(1, 2)", "", (berm_callee){-1, false, true, false});
    expect_callee("ns.g()", "com", (berm_callee){3, false, true, false});
    expect_callee("ns.g()", "", (berm_callee){-1, true, false, true});
    expect_callee("a.m()", "", (berm_callee){1, true, true, false});
    expect_callee("a.m(1)", "", (berm_callee){-1, true, true, false});
    expect_callee("q.m()", "", (berm_callee){1, true, true, true});
    expect_callee("'text'.m()", "", (berm_callee){1, true, true, false});
    expect_callee("a.f(1)", "", (berm_callee){-1, true, false, false});
}

static void what_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"loca", "'loca' is not declared; did you mean 'local'?"},
        {"x.t", "'x.t' is not declared; did you mean 'x.y'?"},
        {"q.r.s", "'q' is not declared"},
        {"doubel", "'doubel' is not declared; did you mean 'double'?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        parsed p = parse_text(cases[i].text);
        berm_names names = make_names("");
        berm_text out;
        berm_text_init(&out, &berm_alloc_libc);
        berm_names_push(&names, BERM_STR("local"), 1);
        berm_named named = resolve_in(&names, &p);
        const berm_ast_node *at = berm_names_print_unknown(&out, &names, &named);
        assert_ptr_equal(at, berm_names_at(&names, named.length - 1));
        berm_text_putc(&out, '\0');
        assert_string_equal(out.ptr, cases[i].wanted);
        berm_text_free(&out);
        berm_names_free(&names);
        drop_parsed(&p);
    }
}

static void allocations_fail(void **state)
{
    (void)state;
    bool failed = true;
    parsed p = parse_text("x.y.deeper.z");
    for (size_t at = 1; failed; at++) {
        counted_heap heap = {.fail_at = at};
        berm_alloc alloc = counted_alloc(&heap);
        berm_names names = make_names("");
        names.alloc = &alloc;
        berm_names_push(&names, BERM_STR("local"), 1);
        berm_named named = resolve_in(&names, &p);
        failed = names.failed;
        assert_int_equal(failed, heap.calls >= at);
        if (!failed) assert_int_equal(named.meaning, BERM_MEANS_DECLARED);
        berm_names_free(&names);
        assert_int_equal(heap.in_use, 0);
    }
    drop_parsed(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_containers),
        cmocka_unit_test(functions_and_methods),
        cmocka_unit_test(what_is_said),
        cmocka_unit_test(allocations_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
