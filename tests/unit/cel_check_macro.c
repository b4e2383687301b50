/* Macros: what their variables are, and what comes out. */
#include "cel_check_support.h"

static void variables_have_types(void **state)
{
    (void)state;
    static const checked_case cases[] = {
        {"ints.map(x, x)", "list(int)"},
        {"labels.map(x, x)", "list(string)"},
        {"object.map(x, x)", "list(dyn)"},
        {"[].map(x, x)", "list(dyn)"},
        {"any.map(x, x.y)", "list(dyn)"},
        {"ints.transformList(k, v, [k, v])", "list(list(int))"},
        {"words.transformList(k, v, k)", "list(int)"},
        {"words.transformList(k, v, v)", "list(string)"},
        {"deep.transformList(k, v, v)", "list(list(map(string, int)))"},
        {"deep.transformList(k, v, k)", "list(string)"},
        {"object.transformList(k, v, k)", "list(dyn)"},
        {"cel.bind(x, i, [x])", "list(int)"},
        {"cel.bind(i, s, i)", "string"},
        {"maybe.optMap(x, x)", "optional_type(int)"},
        {"object.optMap(x, x)", "optional_type(dyn)"},
        {"labels.?a.optMap(x, x.size())", "optional_type(int)"},
        /* Variables end where their macro does, and hide what is outside. */
        {"ints.map(s, s)[0] + i", "int"},
        {"ints.map(x, words.map(x, x))", "list(list(string))"},
        {"ints.all(x, b) && x", "1:19-1:20 B0401 'x' is not declared"},
        {"x.map(x, x)", "1:1-1:2 B0401 'x' is not declared"},
        {"cel.bind(x, x, x)", "1:13-1:14 B0401 'x' is not declared"},
    };
    expect_all_checked(cases, sizeof cases / sizeof *cases);
}

static void results_have_types(void **state)
{
    (void)state;
    static const checked_case cases[] = {
        {"ints.all(x, x > 0)", "bool"},
        {"ints.exists(x, object)", "bool"},
        {"labels.exists_one(k, v, k == v)", "bool"},
        {"ints.filter(x, x > 0)", "list(int)"},
        {"labels.filter(x, x == 'a')", "list(string)"},
        {"object.filter(x, x.y)", "list(dyn)"},
        {"[].filter(x, x)", "list(bool)"},
        {"ints.map(x, x > 0, string(x))", "list(string)"},
        {"ints.map(x, [])", "list(list(dyn))"},
        {"labels.transformMap(k, v, v.size())", "map(string, int)"},
        {"words.transformMap(k, v, v)", "map(int, string)"},
        {"object.transformMap(k, v, v)", "map(dyn, dyn)"},
        {"labels.transformMap(k, v, k != v, k)", "map(string, string)"},
        {"labels.transformMapEntry(k, v, {v: 1})", "map(string, int)"},
        {"words.transformMapEntry(k, v, v != '', {v: k})", "map(string, int)"},
        {"words.transformMapEntry(k, v, object)", "map(dyn, dyn)"},
        {"words.sortBy(x, x.size())", "list(string)"},
        {"object.sortBy(x, x.y)", "list(dyn)"},
        {"[].sortBy(x, x)", "list(dyn)"},
        {"maybe.optMap(x, string(x))", "optional_type(string)"},
        {"maybe.optFlatMap(x, optional.of('a'))", "optional_type(string)"},
        {"maybe.optFlatMap(x, object)", "dyn"},
        {"optional.none().optMap(x, x + 1)", "optional_type(int)"},
        {"cel.bind(l, [], l + [1])", "list(int)"},
    };
    expect_all_checked(cases, sizeof cases / sizeof *cases);
}

static void what_does_not_fit(void **state)
{
    (void)state;
    static const checked_case cases[] = {
        {"i.all(x, x)", "1:1-1:2 B0407 expected a list or a map as the range of all(), found int"},
        {"ints.all(x, 1)", "1:13-1:14 B0407 expected bool as the predicate of all(), found int"},
        {"labels.transformMap(k, v, v, v)",
         "1:27-1:28 B0407 expected bool as the predicate of transformMap(), found string"},
        {"words.transformMapEntry(k, v, [v])",
         "1:31-1:34 B0407 expected a map as the result of transformMapEntry(), found list(string)"},
        {"words.sortBy(x, {x: x})",
         "1:17-1:23 B0407 expected a value that has an order as the key of sortBy(), found "
         "map(string, string)"},
        {"i.optMap(x, x + 'a')",
         "1:1-1:2 B0407 expected an optional as the receiver of optMap(), found int"},
        {"maybe.optMap(x, x.y)", "1:19-1:20 B0407 expected a map to read 'y' of, found int"},
        /* A faulty range is reported; its elements are anything. */
        {"i.map(x, x + 'a' + 1)",
         "1:1-1:2 B0407 expected a list or a map as the range of map(), found int\n"
         "1:18-1:19 B0407 expected int + int or string + string, found string + int"},
    };
    expect_all_checked(cases, sizeof cases / sizeof *cases);
}

static void allocations_fail(void **state)
{
    (void)state;
    expect_failing_allocations(
        "labels.transformMapEntry(k, v, v != k, {v: [k]}).map(x, x + 'a') == "
        "words.sortBy(x, x.size())");
    expect_failing_allocations(
        "maybe.optFlatMap(x, x) || i.all(x, y) || words.sortBy(x, [x]) == b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variables_have_types),
        cmocka_unit_test(results_have_types),
        cmocka_unit_test(what_does_not_fit),
        cmocka_unit_test(allocations_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
