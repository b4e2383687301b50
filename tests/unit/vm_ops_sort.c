#include "vm_expect.h"

VM_TABLE(by_key, {"['ccc', 'a', 'bb'].sortBy(x, size(x))", "[\"a\", \"bb\", \"ccc\"]"},
         {"[3, 1, 2].sortBy(x, -x)", "[3, 2, 1]"},
         {"[1, 2, 3, 4].sortBy(x, x % 2)", "[2, 4, 1, 3]"}, {"[].sortBy(x, x)", "[]"},
         {"[1, 2].sortBy(x, [x])", "error NO_OVERLOAD"},
         {"[1, 2].sortBy(x, x == 1 ? dyn('a') : dyn(1))", "error NO_OVERLOAD"},
         {"[1, 2].sortBy(x, u)", "unknown"}, {"[1, 2].sortBy(x, e)", "error GIVEN"},
         {"{'a': 1}.sortBy(k, k)", "error NO_OVERLOAD"}, {"u.sortBy(x, x)", "unknown"},
         {"sl.sortBy(x, -x)", "*[2, 1]"}, {"[1, 2].sortBy(x, s == 'q' ? x : -x)", "*[2, 1]"},
         {"size(open.sortBy(x, x))", "unknown"},
         {"[2.5, 1.0, double('NaN'), -1.0].sortBy(x, x).map(x, string(x))",
          "[\"-1\", \"1\", \"2.5\", \"NaN\"]"},
         {"[2.5, 1].sortBy(x, x)", "error NO_OVERLOAD"}, {"[2, 1u].sort()", "error NO_OVERLOAD"})

VM_TABLE(many,
         {"lists.range(1000).sortBy(x, (x * 7919) % 1000).map(x, (x * 7919) % 1000) == "
          "lists.range(1000)",
          "true"},
         {"lists.range(1000).sortBy(x, x % 10).filter(x, x % 10 == 3).slice(0, 3)", "[3, 13, 23]"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_key),
        cmocka_unit_test(many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
