/* Calls and operators: overloads, what is left open, what is said. The wording of all errors of the checker is in
   tests/golden/cel_types.txt: expressions and what is said about each. After a wanted change, BERM_GOLDEN=write writes the
   file anew; read the difference before it is committed. */
#include "cel_check_support.h"

#define TYPES_GOLDEN "tests/golden/cel_types.txt"

static void overloads(void **state)
{
    (void)state;
    static const checked_case cases[] = {
        {"i + i", "int"},
        {"u * u", "uint"},
        {"s + s", "string"},
        {"t - t", "duration"},
        {"t + span", "timestamp"},
        {"span + t", "timestamp"},
        {"ints + [1]", "list(int)"},
        {"[] + ints", "list(int)"},
        {"ints + any", "list(dyn)"},
        {"wrapped + 1", "int"},
        {"-d", "double"},
        {"!b", "bool"},
        {"i < u && u < d && d < i", "bool"},
        {"i in ints && s in labels && object in any && i in object", "bool"},
        {"size(s) + s.size() + size(ints)", "int"},
        {"s.matches('a') && matches(s, 'a')", "bool"},
        {"optional.of(i)", "optional_type(int)"},
        {"maybe.orValue(1)", "int"},
        {"optional.none().orValue('a')", "string"},
        {"optional.none().or(maybe)", "optional_type(int)"},
        {"[maybe].unwrapOpt()", "list(int)"},
        {"ints.first().value()", "int"},
        {"words.join(',')", "string"},
        {"s.split(',')[0]", "string"},
        {"math.greatest(1, 2u, 3.0)", "dyn"},
        {"math.abs(-1)", "int"},
        {"sets.contains(ints, [1])", "bool"},
        {"t.getHours('UTC') + span.getHours()", "int"},
        {"image(s).tag()", "string"},
        {"dyn(i)", "dyn"},
        {"type(i) == int", "bool"},
        {"type(i) == type(s)", "bool"},
        {"ints[0]", "int"},
        {"labels['a']", "string"},
        {"ints[?0]", "optional_type(int)"},
        {"labels[?'a']", "optional_type(string)"},
        {"deep.?a[0]", "optional_type(map(string, int))"},
        {"deep.?a[?0].?b", "optional_type(int)"},
        {"t == null && null == t && maybe != null", "bool"},
        {"wrapped == null && null == wrapped", "bool"},
    };
    expect_all_checked(cases, sizeof cases / sizeof *cases);
}

/* Of dyn arguments, several overloads may be meant. */
static void open_calls(void **state)
{
    (void)state;
    static const checked_case cases[] = {
        {"object + object", "dyn"},
        {"object + 1", "int"},
        {"object - 1u", "uint"},
        {"object[0]", "dyn"},
        {"object < 1", "bool"},
        {"size(object)", "int"},
        {"object.size()", "int"},
        {"math.abs(object)", "dyn"},
        {"-object", "dyn"},
        {"string(object)", "string"},
        {"object.?x[0]", "optional_type(dyn)"},
        {"optional.none()[0]", "optional_type(dyn)"},
        {"object.reverse()", "dyn"},
        {"object.orValue(1)", "int"},
        /* What is left open stays open: the list may become one of strings yet. */
        {"cel.bind(v, [], cel.bind(n, v[0] + v[0], v + ['a']))", "list(string)"},
        {"[].map(x, [])[0] + [1]", "list(int)"},
    };
    expect_all_checked(cases, sizeof cases / sizeof *cases);
}

static void hosts_functions(void **state)
{
    (void)state;
    check_world *world = make_world();
    berm_declarations *d = &world->declarations;
    static const struct {
        const char *name, *text;
        bool method;
    } functions[] = {
        {"acme.pair", "acme.pair(A, B) -> map(A, B)", false},
        {"same", "same(A, A) -> A", false},
        {"cast", "cast(dyn, type(T)) -> T", false},
        {"cast", "cast(dyn, string) -> string", false},
        {"any", "any(int, ...) -> int", false},
        {"twice", "list(A).twice() -> list(A)", true},
        {"size", "berm.Image.size() -> int", true},
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        assert_int_equal(berm_declare(d, berm_str_of(functions[i].name), functions[i].method,
                                      berm_str_of(functions[i].text)),
                         BERM_OK);
    }
    expect_checked(world, "acme.pair(1, 'a')", "map(int, string)");
    expect_checked(world, "same(1, object)", "dyn");
    expect_checked(world, "same([], [1])", "list(int)");
    expect_checked(world, "cast(object, int) + 1", "int");
    expect_checked(world, "cast(object, 'x')", "string");
    expect_checked(world, "cast(object, google.protobuf.Duration)", "duration");
    expect_checked(world, "any(1, 2, 3, 4, 5)", "int");
    expect_checked(world, "any(1)", "int");
    expect_checked(world, "ints.twice()[0]", "int");
    expect_checked(world, "img.size() + s.size()", "int");
    expect_checked(world, "any(1, 2, 'a')",
                   "1:1-1:4 B0407 expected any(int, int, int), found any(int, int, string)");
    expect_checked(world, "any()",
                   "1:1-1:4 B0403 there is no function any() that takes 0 arguments");
    expect_checked(world, "same(1, 'a')",
                   "1:1-1:5 B0407 expected same(int, int), found same(int, string)");
    expect_checked(world, "twicely([1])", "1:1-1:8 B0402 there is no function twicely()");
    expect_checked(world, "[1].twce()",
                   "1:5-1:9 B0402 there is no method twce(); did you mean twice()?");
    drop_world(world);
}

/* A variable does not hide functions whose names begin as its own does. */
static void variables_hide_no_functions(void **state)
{
    (void)state;
    check_world *world = make_world();
    expect_checked(world, "optional.of(1)", "optional_type(int)");
    expect_checked(world, "cel.bind(optional, s, optional.of(1))", "optional_type(int)");
    expect_checked(world, "[s].map(math, math.size())", "list(int)");
    drop_world(world);
}

static void macros_as_plain_calls(void **state)
{
    (void)state;
    const berm_cel_options plain = {.no_macros = true}, tests = {.test_macros = true};
    check_world *world = make_world();
    expect_checked_with(world, "ints.all(i, b)", &plain,
                        "1:6-1:9 B0309 all() is a macro; expected 2 or 3 arguments, found 2");
    expect_checked_with(world, "cel.block([1, cel.index(0) + 1], [cel.index(1)])", &tests,
                        "list(int)");
    expect_checked_with(
        world, "cel.block([1, [cel.index(0)]], cel.index(1) + ['a'])", &tests,
        "1:45-1:46 B0407 expected list(int) + list(int), found list(int) + list(string)");
    expect_checked_with(world, "cel.block([], cel.index(0))", &tests,
                        "1:15-1:27 B0401 '@index0' is not declared");
    drop_world(world);
}

/* --- the golden file --- */

static char *read_types_golden(void)
{
    static char text[1 << 16];
    FILE *file = fopen(TYPES_GOLDEN, "rb");
    if (!file) fail_msg("no %s: tests run in the source directory", TYPES_GOLDEN);
    size_t len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    assert_in_range(len, 1, sizeof text - 2);
    text[len] = '\0';
    return text;
}

/* Expressions begin with "> ", headings with "#"; all other lines are written by the test. */
static void errors_read_as_agreed(void **state)
{
    (void)state;
    const char *golden = read_types_golden();
    check_world *world = make_world();
    unsigned cases = 0;
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    for (const char *line = golden; *line;) {
        const char *end = strchr(line, '\n');
        size_t len = end ? (size_t)(end - line) : strlen(line);
        bool expression = line[0] == '>' && line[1] == ' ';
        if (expression || line[0] == '#') berm_text_format(&out, "%S\n", (berm_str){line, len});
        if (expression && ++cases) put_checked(&out, world, (berm_str){line + 2, len - 2}, NULL);
        line += len + (end != NULL);
    }
    assert_true(cases > 60);
    assert_false(out.failed);
    const char *wanted = getenv("BERM_GOLDEN");
    if (wanted && strcmp(wanted, "write") == 0) {
        FILE *file = fopen(TYPES_GOLDEN, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(out.ptr, 1, out.len, file), out.len);
        fclose(file);
    } else if (out.len != strlen(golden) || memcmp(out.ptr, golden, out.len) != 0) {
        size_t at = 0, from;
        while (at < out.len && golden[at] == out.ptr[at]) at++;
        for (from = at; from && golden[from - 1] != '\n';) from--;
        fail_msg("is:\n%.300s\nshould be:\n%.300s", out.ptr + from, golden + from);
    }
    berm_text_free(&out);
    drop_world(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overloads),
        cmocka_unit_test(open_calls),
        cmocka_unit_test(hosts_functions),
        cmocka_unit_test(variables_hide_no_functions),
        cmocka_unit_test(macros_as_plain_calls),
        cmocka_unit_test(errors_read_as_agreed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
