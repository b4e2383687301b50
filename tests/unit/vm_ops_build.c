#include "vm_expect.h"

VM_TABLE(lists, {"[]", "[]"}, {"[1, 'a', [null]]", "[1, \"a\", [null]]"},
         {"[1, e, u]", "error GIVEN"}, {"[1, u]", "[1, unknown]"}, {"[1, u].size()", "2"},
         {"[?optional.of(1), ?optional.none(), 2]", "[1, 2]"}, {"[?1]", "error NOT_OPTIONAL"},
         {"[?e]", "error GIVEN"}, {"[1, ?u].size()", "unknown"}, {"[1, ?u][0]", "1"},
         {"1 in [1, ?u]", "true"}, {"2 in [1, ?u]", "unknown"}, {"[?some]", "[unknown]"},
         {"[s, 1][0]", "*\"secret\""}, {"[s, 1][1]", "1"})

VM_TABLE(maps, {"{}", "{}"},
         {"{'a': 1, 2: 'b', 3u: [], true: null}", "{\"a\": 1, 2: \"b\", 3u: [], true: null}"},
         {"{'a': 1, 'a': 2}", "error KEY_REPEATED"}, {"{1: 1, 1u: 2}", "error KEY_REPEATED"},
         {"{dyn(1.0): 1}", "error KEY_TYPE"}, {"{null: 1}", "error KEY_TYPE"},
         {"{[]: 1}", "error KEY_TYPE"}, {"{u: 1}", "unknown"}, {"{'a': u}.a", "unknown"},
         {"{'a': e}", "error GIVEN"}, {"{e: 1}", "error GIVEN"}, {"{e: 1, u: 2}", "unknown"},
         {"{?'a': optional.of(1), ?'b': optional.none()}", "{\"a\": 1}"},
         {"{?'a': 1}", "error NOT_OPTIONAL"}, {"{?'a': u, 'b': 1}.b", "1"},
         {"{?'a': u, 'b': 1}.a", "unknown"}, {"size({?'a': u, 'b': 1})", "unknown"},
         {"{'a': s}.a", "*\"secret\""}, {"{s: 1}.map(k, k)[0]", "*\"secret\""})

VM_TABLE(transforms, {"[1, 2, 3].map(x, x * 2)", "[2, 4, 6]"},
         {"[1, 2, 3].map(x, x > 1, x)", "[2, 3]"}, {"[1, 2, 3].filter(x, x != 2)", "[1, 3]"},
         {"{'a': 1}.map(k, k)", "[\"a\"]"}, {"[1, 2].map(x, u)", "[unknown, unknown]"},
         {"[1, 2].filter(x, u)", "unknown"}, {"[1, 2].map(x, e)", "error GIVEN"},
         {"[1, 2].transformMap(i, v, v * 10)", "{0: 10, 1: 20}"},
         {"{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v)", "{\"b\": 2}"},
         {"['a', 'b'].transformMapEntry(i, v, {v: i})", "{\"a\": 0, \"b\": 1}"},
         {"['a', 'a'].transformMapEntry(i, v, {v: i})", "error KEY_REPEATED"},
         {"[1].transformMapEntry(i, v, v)", "error NO_OVERLOAD"},
         {"[1].transformMapEntry(i, v, u)", "unknown"},
         {"[1, 2].transformList(i, v, i + v)", "[1, 3]"}, {"u.map(x, x)", "unknown"},
         {"1.map(x, x)", "error NOT_ITERABLE"})

static void many_members(void **state)
{
    static const vm_case cases[] = {
        {"cel.bind(m, lists.range(1000).transformMap(i, v, v * v), [size(m), m[0], m[999], "
         "m[500u], has({'a': m}.a)])",
         "[1000, 0, 998001, 250000, true]"},
        {"lists.range(1000).transformMapEntry(i, v, {string(v): v})['777']", "777"}};
    (void)state;
    vm_expect(cases, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists),
        cmocka_unit_test(maps),
        cmocka_unit_test(transforms),
        cmocka_unit_test(many_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
