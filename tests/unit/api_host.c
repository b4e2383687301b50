/* Functions of the host: what they give, how they fail, and how engines refuse them. */
#include "api_host_help.h"

/* --- pure functions --- */

static void gives_values(void **state)
{
    (void)state;
    expect("acme.owner('web').orValue('-')", "\"team-a\"");
    expect("acme.owner('db').orValue('-')", "\"-\"");
    expect("acme.owner(object.name).value() + '!'", "\"team-a!\"");
    expect("acme.owner('db').hasValue()", "false");
    expect("21.twice()", "42");
    expect("[1, 2, 3].map(i, i.twice().twice())", "[4,8,12]");
    expect("acme.echo(object.big)", "[1,[2.5,{\"a\":\"b\"}],null,true]");
    expect("acme.echo(object.big) == object.big", "true");
    expect("acme.echo(acme.echo(acme.echo(object)).big[1])[1].a", "\"b\"");
    expect("acme.third(1, 'x')", "3.0");
    expect("acme.third(1, 'x') == 3.0", "true");
    expect("acme.echo({1: 'a', true: b'b', 'c': 2u})", "{\"1\":\"a\",\"true\":\"Yg==\",\"c\":2}");
    expect("acme.echo(timestamp('2026-01-02T03:04:05.5Z')) == timestamp('2026-01-02T03:04:05.5Z')",
           "true");
    expect("acme.echo(duration('1m')) == duration('60s')", "true");
}

/* Maps with so many members that they carry an order. */
static void keeps_large_maps(void **state)
{
    (void)state;
    expect("cel.bind(m, acme.echo({'a':1,'b':2,'c':3,'d':4,'e':5,'f':6,'g':7,'h':8,'i':9,'j':10,"
           "'k':11,'l':12,'m':13,'n':14,'o':15,'p':16,'q':17,'r':18,'s':19,'t':20}), "
           "m.a + m.t + m['j'] + acme.echo(m).s + (has(m.zz) ? 100 : 0))",
           "50");
}

static void fails_as_a_value(void **state)
{
    (void)state;
    expect("acme.broken(0)", "acme.broken failed");
    expect("acme.broken(1)", "acme.broken failed");
    expect("acme.broken(2)", "acme.broken failed");
    expect("acme.broken(3)", "acme.broken failed");
    expect("acme.broken(4)", "acme.broken failed");
    expect("acme.broken(7)", "1");
    expect("true || acme.broken(0)", "true");
    expect("acme.broken(0) || true", "true");
    expect("acme.sort(1)", "acme.sort gave int where it declares string");
    expect("acme.owner(dyn(1))", "no matching overload for these types: int");
    expect("acme.owner(dyn(object.big)).hasValue()", "no matching overload for these types: list");
    expect("acme.owner(string(1 / (object.name.size() - 3)))", "division by zero");
    expect("acme.unknown()", "\"(known after apply)\"");
}

/* The same call is made once; another is another. */
static void calls_once(void **state)
{
    (void)state;
    berm_value value;
    bench b = bench_of("[1, 1, 2, 1, 2].map(i, i.twice()) + [acme.echo(1) == 1 ? 1 : 0, "
                       "acme.echo(1u) == 1u ? 1 : 0, acme.echo('1') == '1' ? 1 : 0, "
                       "acme.echo(1.0) == 1.0 ? 1 : 0, acme.echo('1u') == '1u' ? 1 : 0]",
                       BERM_ROLE_EXPRESSION, DOCUMENT, NULL);
    assert_int_equal(call(&b, &value), BERM_OK);
    assert_string_equal(json_of(value), "[2,2,4,2,4,1,1,1,1,1]");
    assert_int_equal(calls.twice, 2);
    assert_int_equal(calls.echo, 5);
    assert_int_equal(call(&b, &value), BERM_OK);
    assert_int_equal(calls.twice, 4);
    drop(&b);
}

static void some_failures_end_the_run(void **state)
{
    (void)state;
    berm_value value;
    bench b = bench_of("acme.broken(object) == 1", BERM_ROLE_EXPRESSION, "5", NULL);
    assert_int_equal(call(&b, &value), BERM_E_NOMEM);
    assert_int_equal(b.err.status, BERM_E_NOMEM);
    drop(&b);
    b = bench_of("acme.broken(object) == 1", BERM_ROLE_EXPRESSION, "6", NULL);
    assert_int_equal(call(&b, &value), BERM_E_INTERRUPTED);
    drop(&b);
}

/* --- declarations: what is faulty in them is for policy_host.c --- */

static void expect_engine(const berm_engine_options *options, berm_status wanted)
{
    berm_engine *engine = NULL;
    berm_error err = {0};
    assert_int_equal(berm_engine_new(options, &engine, &err), wanted);
    assert_int_equal(err.status, wanted);
    berm_engine_unref(engine);
}

static void options_are_checked(void **state)
{
    (void)state;
    berm_function f[] = {FUNCTION("acme.f(int) -> int", echo), FUNCTION("acme.f(A) -> A", NULL)};
    berm_engine_options options = {.size = sizeof options, .function_count = 2};
    expect_engine(&options, BERM_E_ARGUMENT); /* no array */
    options.functions = f;
    expect_engine(&options, BERM_E_ARGUMENT); /* twice with one argument */
    f[1].declaration = "acme.f(int, int) -> int";
    expect_engine(&options, BERM_OK);
    f[1].declaration = "int.f() -> int"; /* a method is another function */
    expect_engine(&options, BERM_OK);
    f[1].flags = 1;
    expect_engine(&options, BERM_E_ARGUMENT);
    f[1].flags = 0;
    f[1].size = 0;
    expect_engine(&options, BERM_E_ARGUMENT);
    f[1].size = sizeof *f;
    f[1].declaration = NULL;
    expect_engine(&options, BERM_E_ARGUMENT);
    options.function_count = 1001;
    expect_engine(&options, BERM_E_ARGUMENT);
    /* An older caller's struct ends before them. */
    options.size = offsetof(berm_engine_options, functions);
    expect_engine(&options, BERM_OK);
}

static void expect_fault(const char *text, const char *why)
{
    berm_engine *engine = make_engine(functions, FUNCTION_COUNT, NULL);
    berm_source source = {.size = sizeof source,
                          .name = str_of("test"),
                          .text = str_of(text),
                          .role = BERM_ROLE_EXPRESSION};
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
    berm_policy *policy;
    berm_error err = {0};
    assert_int_equal(berm_policy_compile(engine, &input, &policy, NULL, &err), BERM_E_POLICY);
    if (!strstr(err.message, why)) fail_msg("%s: %s", text, err.message);
    berm_engine_unref(engine);
}

static void calls_are_checked(void **state)
{
    (void)state;
    expect_fault("acme.owner(1)", "string");
    expect_fault("acme.owner('a', 'b')", "there is no function owner() that takes 2 arguments");
    expect_fault("acme.ownr('a')", "did you mean");
    expect_fault("acme.owner('a') + 'b'", "optional");
    expect_fault("'a'.twice()", "int");
}

/* What a host builds may hold what it does not know, or must not show, anywhere: functions that
   look below the surface see it. */
static void built_documents_may_be_marked(void **state)
{
    static const struct {
        const char *text;
        uint32_t unknown, sensitive; /* type and flags with the one and the other in the list */
    } cases[] = {
        {"object.join('-')", BERM_TYPE_OF_UNKNOWN, BERM_ITEM_SENSITIVE},
        {"json.encode(object)", BERM_TYPE_OF_UNKNOWN, BERM_ITEM_SENSITIVE},
        {"object.sort()", BERM_TYPE_OF_UNKNOWN, BERM_ITEM_SENSITIVE},
        {"acme.echo(object)", BERM_TYPE_OF_UNKNOWN, BERM_ITEM_SENSITIVE},
        {"object[0]", BERM_TYPE_OF_STRING, 0},
        {"object.size()", BERM_TYPE_OF_INT, 0},
    };
    const berm_item text = {.size = sizeof text, .type = BERM_TYPE_OF_STRING, .as.s = {"a", 1}};
    (void)state;
    for (size_t i = 0; i < 2 * (sizeof cases / sizeof *cases); i++) {
        bool sensitive = i % 2;
        berm_item marked = text, item = {.size = sizeof item};
        if (sensitive) marked.flags = BERM_ITEM_SENSITIVE;
        else marked.type = BERM_TYPE_OF_UNKNOWN;
        bench b = bench_of(cases[i / 2].text, BERM_ROLE_EXPRESSION, DOCUMENT, NULL);
        berm_builder *builder;
        berm_value value;
        berm_doc_unref(b.doc);
        assert_int_equal(berm_builder_new(b.engine, str_of("built"), &builder, NULL), BERM_OK);
        assert_int_equal(push(builder, BERM_EVENT_BEGIN_LIST, text), BERM_OK);
        assert_int_equal(push(builder, BERM_EVENT_SCALAR, text), BERM_OK);
        assert_int_equal(push(builder, BERM_EVENT_SCALAR, marked), BERM_OK);
        assert_int_equal(push(builder, BERM_EVENT_END, text), BERM_OK);
        assert_int_equal(berm_builder_finish(builder, &b.doc, NULL), BERM_OK);
        berm_builder_free(builder);
        assert_int_equal(call(&b, &value), BERM_OK);
        assert_int_equal(berm_value_read(value, &item), BERM_OK);
        if (sensitive) assert_int_equal(item.flags, cases[i / 2].sensitive);
        else assert_int_equal(item.type, cases[i / 2].unknown);
        drop(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_values),
        cmocka_unit_test(keeps_large_maps),
        cmocka_unit_test(fails_as_a_value),
        cmocka_unit_test(calls_once),
        cmocka_unit_test(some_failures_end_the_run),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(calls_are_checked),
        cmocka_unit_test(built_documents_may_be_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
