/* isSorted, sum, min, max, indexOf, lastIndexOf and includes of lists. */
#include "vm_expect.h"

VM_TABLE(sorted, {"[].isSorted()", "true"}, {"[1].isSorted()", "true"},
         {"[1, 2, 2, 3].isSorted()", "true"}, {"[2, 1].isSorted()", "false"},
         {"[1, 2u, 2.5].isSorted()", "true"}, {"['a', 'B'].isSorted()", "false"},
         {"[false, true].isSorted()", "true"},
         {"[duration('1s'), duration('1m')].isSorted()", "true"},
         {"[timestamp(5), timestamp(1)].isSorted()", "false"}, {"[b'a', b'b'].isSorted()", "true"},
         {"[0.0 / 0.0, 1.0].isSorted()", "true"}, {"[2, 1, 'a'].isSorted()", "error NO_OVERLOAD"},
         {"[[1]].isSorted()", "error NO_OVERLOAD"}, {"[null].isSorted()", "error NO_OVERLOAD"},
         {"[ip('::1')].isSorted()", "error NO_OVERLOAD"}, {"'ab'.isSorted()", "error NO_OVERLOAD"},
         {"part.isSorted()", "unknown"}, {"open.isSorted()", "unknown"}, {"sl.isSorted()", "*true"},
         {"u.isSorted()", "unknown"}, {"e.isSorted()", "error GIVEN"})

VM_TABLE(sums, {"[].sum()", "0"}, {"[1, 3].sum()", "4"}, {"[1u, 3u].sum()", "4u"},
         {"[0.5, 1.0].sum()", "1.5"},
         {"[duration('1m'), duration('1s')].sum()", "duration(\"61s\")"},
         {"[9223372036854775807, 1].sum()", "error OVERFLOW"},
         {"[1, 1u].sum()", "error NO_OVERLOAD"}, {"['a'].sum()", "error NO_OVERLOAD"},
         {"[timestamp(1)].sum()", "error NO_OVERLOAD"}, {"{}.sum()", "error NO_OVERLOAD"},
         {"part.sum()", "unknown"}, {"open.sum()", "unknown"}, {"sl.sum()", "*3"})

VM_TABLE(extremes, {"[3, 1, 2].min()", "1"}, {"[3, 1, 2].max()", "3"},
         {"[1].min() + [1].max()", "2"}, {"[1, 1.0, 1u].min()", "1"}, {"[1, 1.0, 1u].max()", "1"},
         {"['b', 'a'].min()", "\"a\""}, {"[0.0 / 0.0, 1.0].min()", "double(\"NaN\")"},
         {"[1.0, 0.0 / 0.0].max()", "1.0"}, {"[].min()", "error ARGUMENT"},
         {"[].max()", "error ARGUMENT"}, {"[1, 'a'].min()", "error NO_OVERLOAD"},
         {"[{}].max()", "error NO_OVERLOAD"}, {"1.min()", "error NO_OVERLOAD"},
         {"part.max()", "unknown"}, {"sl.max()", "*2"})

VM_TABLE(positions, {"[1, 2, 2].indexOf(2)", "1"}, {"[1, 2, 2].lastIndexOf(2)", "2"},
         {"[1, 2].indexOf(3)", "-1"}, {"[].lastIndexOf('a')", "-1"}, {"[1, 2].indexOf(2.0)", "1"},
         {"[[1], [2]].indexOf([2])", "1"}, {"[1].indexOf('1')", "-1"},
         {"part.indexOf(1)", "unknown"}, {"[1, 2].indexOf(u)", "unknown"}, {"sl.indexOf(2)", "*1"},
         {"[1, 2].indexOf(2, 1)", "error NO_OVERLOAD"}, {"{}.indexOf(1)", "error NO_OVERLOAD"})

VM_TABLE(including, {"[1, 2].includes(2)", "true"}, {"[1, 2].includes(3)", "false"},
         {"[1].includes(1u)", "true"}, {"'a'.includes('a')", "true"},
         {"'ab'.includes('a')", "false"}, {"{'a': 1}.includes({'a': 1})", "true"},
         {"{'a': 1}.includes('a')", "false"}, {"1.includes('1')", "false"},
         {"part.includes(1)", "unknown"}, {"sl.includes(1)", "*true"},
         {"[quantity('1k')].includes(quantity('1000'))", "true"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorted),    cmocka_unit_test(sums),      cmocka_unit_test(extremes),
        cmocka_unit_test(positions), cmocka_unit_test(including),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
