#include "vm_expect.h"

VM_TABLE(quantifiers, {"[1, 2].all(x, x > 0)", "true"}, {"[1, 2].exists(x, x > 1)", "true"},
         {"[].all(x, e)", "true"}, {"[].exists(x, e)", "false"},
         {"[1, 2].all(x, x == 2 || e)", "error GIVEN"}, {"[1, 2].all(x, x == 1 && e)", "false"},
         {"[1, 2].exists(x, x == 2 || e)", "true"}, {"[1, 2].all(x, u)", "unknown"},
         {"[1, 2].all(x, x == 2 ? false : u)", "false"},
         {"[1, 2].exists(x, x == 2 ? true : u)", "true"},
         {"[1, 2].exists(x, x == 1 ? e : u)", "unknown"}, {"part.all(x, x > 0)", "unknown"},
         {"part.all(x, x > 2)", "false"}, {"part.exists(x, x == 3)", "true"},
         {"open.all(x, x > 0)", "unknown"}, {"open.all(x, x > 1)", "unknown"},
         {"open.exists(x, x == 1)", "unknown"}, {"open.exists(x, x == 2)", "unknown"},
         {"openm.all(k, k != 'z')", "unknown"}, {"openm.exists(k, v, v == 1)", "unknown"},
         {"[1, 2, 3].exists_one(x, x == 2)", "true"}, {"[1, 1].exists_one(x, x == 1)", "false"},
         {"[1, 2].exists_one(x, x == 1 ? true : e)", "error GIVEN"},
         {"[1, 2].existsOne(i, v, i == 1)", "true"}, {"u.all(x, x)", "unknown"},
         {"e.all(x, x)", "error GIVEN"}, {"'abc'.all(x, x)", "error NOT_ITERABLE"},
         {"1.exists(x, x)", "error NOT_ITERABLE"}, {"sl.all(x, x > 0)", "*true"},
         {"sl.exists(x, x > 5)", "*false"})

VM_TABLE(variables, {"{'a': 1, 'b': 2}.all(k, v, k < 'c' && v < 3)", "true"},
         {"['x', 'y'].exists(i, v, i == 1 && v == 'y')", "true"},
         {"[[1, 2], [3]].map(l, l.map(x, x + 1))", "[[2, 3], [4]]"},
         {"[1, 2].map(x, [3, 4].map(y, x * y))", "[[3, 4], [6, 8]]"},
         {"[1, 2].exists(x, [2, 3].exists(x, x == 3))", "true"},
         {"d.nested.deep.map(n, n.x)", "[1, 2]"}, {"d.map(k, k).size()", "6"},
         {"size(open.map(x, x + 1))", "unknown"}, {"open.map(x, x + 1)[0]", "unknown"},
         {"open.filter(x, x > 0)", "unknown"}, {"sl.map(x, x)[0]", "*1"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantifiers),
        cmocka_unit_test(variables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
