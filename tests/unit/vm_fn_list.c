#include "vm_expect.h"

VM_TABLE(cutting, {"[1, 2, 3].slice(0, 0)", "[]"}, {"[1, 2, 3].slice(1, 3)", "[2, 3]"},
         {"[1].slice(0, 2)", "error INDEX_RANGE"}, {"[1].slice(-1, 1)", "error INDEX_RANGE"},
         {"[1, 2].slice(2, 1)", "error INDEX_RANGE"}, {"[1].slice(0u, 1)", "error NO_OVERLOAD"},
         {"{}.slice(0, 1)", "error NO_OVERLOAD"}, {"open.slice(0, 2)", "unknown"},
         {"open.slice(0, 1)", "[1]"}, {"sl.slice(0, 1)", "*[1]"},
         {"[1, 2].first()", "optional.of(1)"}, {"[].first()", "optional.none()"},
         {"open.first()", "optional.of(1)"}, {"open.last()", "unknown"},
         {"[1, 2].last()", "optional.of(2)"}, {"{}.first()", "error NO_OVERLOAD"},
         {"sl.last().value()", "*2"})

VM_TABLE(flattening, {"[1, [2, [3, [4]]]].flatten()", "[1, 2, [3, [4]]]"},
         {"[1, [2, [3, [4]]]].flatten(0)", "[1, [2, [3, [4]]]]"},
         {"[1, [2, [3, [4]]]].flatten(9)", "[1, 2, 3, 4]"}, {"[[], [[]]].flatten()", "[[]]"},
         {"[1].flatten(-1)", "error ARGUMENT"}, {"{}.flatten()", "error NO_OVERLOAD"},
         {"[1, sl].flatten()[1]", "*1"}, {"[part].flatten()[2]", "3"},
         {"[part].flatten()[1]", "unknown"})

VM_TABLE(ordering, {"[3.0, 1.0, 2.5].sort() == [1.0, 2.5, 3.0]", "true"},
         {"[3, 1u, 2.5].sort()", "error NO_OVERLOAD"},
         {"['b', 'a', 'B'].sort()", "[\"B\", \"a\", \"b\"]"},
         {"[true, false].sort()", "[false, true]"}, {"[].sort()", "[]"},
         {"[1, 'a'].sort()", "error NO_OVERLOAD"}, {"[[1]].sort()", "error NO_OVERLOAD"},
         {"part.sort()", "unknown"}, {"[1, 2].reverse()", "[2, 1]"},
         {"{}.reverse()", "error NO_OVERLOAD"}, {"lists.range(3)", "[0, 1, 2]"},
         {"lists.range(0)", "[]"}, {"lists.range(-1)", "error ARGUMENT"},
         {"lists.range(10000001)", "error ARGUMENT"},
         {"[1, 1.0, 2u, 2, 'a', 'a'].distinct()", "[1, 2u, \"a\"]"}, {"part.distinct()", "unknown"},
         {"[[1], [1]].distinct()", "[[1]]"})

VM_TABLE(sets, {"sets.contains([1, 2], [])", "true"}, {"sets.contains([1, 2u], [2.0])", "true"},
         {"sets.contains([1], [2])", "false"}, {"sets.contains(part, [3])", "true"},
         {"sets.contains(part, [4])", "unknown"}, {"sets.contains([4], part)", "false"},
         {"sets.contains(open, [1])", "true"}, {"sets.contains(open, [2])", "unknown"},
         {"sets.contains([1], open)", "unknown"}, {"sets.contains([2], open)", "false"},
         {"sets.equivalent([1, 2, 2], [2, 1])", "true"}, {"sets.equivalent([1], [1, 2])", "false"},
         {"sets.equivalent([1, 3], part)", "unknown"}, {"sets.intersects([1], [2, 1])", "true"},
         {"sets.intersects([], [])", "false"}, {"sets.intersects(part, [9])", "unknown"},
         {"sets.intersects(part, [3])", "true"}, {"sets.contains(1, [])", "error NO_OVERLOAD"},
         {"sets.contains([1], u)", "unknown"}, {"sets.contains(sl, [1])", "*true"},
         {"sets.contains([1], [s])", "*false"}, {"sets.equivalent([s], ['x'])", "*false"},
         {"sets.intersects(['secret'], [s])", "*true"})

VM_TABLE(operands, {"[1].slice(0, 1u)", "error NO_OVERLOAD"},
         {"{}.flatten(1)", "error NO_OVERLOAD"}, {"[1].flatten(1u)", "error NO_OVERLOAD"},
         {"lists.range('a')", "error NO_OVERLOAD"}, {"1.distinct()", "error NO_OVERLOAD"},
         {"{}.last()", "error NO_OVERLOAD"}, {"[].last()", "optional.none()"},
         {"sets.contains([1], 1)", "error NO_OVERLOAD"},
         {"sets.equivalent(1, [])", "error NO_OVERLOAD"},
         {"sets.equivalent([], 1)", "error NO_OVERLOAD"},
         {"sets.intersects(1, [])", "error NO_OVERLOAD"},
         {"sets.intersects([], 1)", "error NO_OVERLOAD"},
         {"sets.equivalent(part, [1, 3])", "unknown"}, {"sets.equivalent(part, [1, 9])", "false"},
         {"sets.equivalent(open, [1])", "unknown"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cutting), cmocka_unit_test(flattening), cmocka_unit_test(ordering),
        cmocka_unit_test(sets),    cmocka_unit_test(operands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
