#include "vm_expect.h"

VM_TABLE(truth, {"true && false", "false"}, {"e && false", "false"}, {"false && e", "false"},
         {"e && true", "error GIVEN"}, {"u && false", "false"}, {"u && true", "unknown"},
         {"u && e", "unknown"}, {"e && u", "unknown"}, {"1 && false", "false"},
         {"1 && true", "error NOT_BOOL"}, {"true && 'a'", "error NOT_BOOL"}, {"e || true", "true"},
         {"false || e", "error GIVEN"}, {"u || true", "true"}, {"u || false", "unknown"},
         {"e || u", "unknown"}, {"1 || true", "true"}, {"false || 1", "error NOT_BOOL"},
         {"!true", "false"}, {"!u", "unknown"}, {"!e", "error GIVEN"}, {"!1", "error NO_OVERLOAD"},
         {"sb && true", "*true"}, {"true && sb", "*true"}, {"!sb", "*false"},
         {"sb || false", "*true"}, {"false && sb", "false"}, {"!sb && true", "*false"})

VM_TABLE(choice, {"true ? 1 : e", "1"}, {"false ? e : 2", "2"}, {"u ? 1 : 2", "unknown"},
         {"e ? 1 : 2", "error GIVEN"}, {"1 ? 1 : 2", "error NOT_BOOL"}, {"sb ? 1 : 2", "*1"},
         {"!sb ? 1 : 2", "*2"}, {"sb ? [1] : []", "*[1]"}, {"[sb ? 1 : 2, 3][1]", "3"},
         {"[sb ? 1 : 2, 3][0]", "*1"}, {"true ? (sb ? 1 : 2) : 3", "*1"},
         {"(sb ? true : false) ? 1 : 2", "*1"}, {"sb ? (true ? 1 : 2) : 3", "*1"},
         {"[1, 2].map(x, sb ? x : 0)[1]", "*2"}, {"[1, 2].filter(x, sb)", "*[1, 2]"},
         {"[1, 2].exists_one(x, sb && x == 1)", "*true"},
         {"[[1, 2].filter(x, sb).size(), 5][0]", "*2"}, {"(sb ? u : 1)", "*unknown"},
         {"s == 'x' ? 1 : s == 'y' ? 2 : 3", "*3"})

/* A part of a container may have decided. */
VM_TABLE(parts, {"[s] == ['x']", "*false"}, {"['x'] != [s]", "*true"}, {"'x' in [s]", "*false"},
         {"{'a': s} == {'a': 'secret'}", "*true"}, {"s in {'x': 1}", "*false"},
         {"[[s]] == null", "*false"}, {"[1] == [1]", "true"}, {"1 in sl", "*true"})

VM_TABLE(arithmetic, {"1 + 2", "3"}, {"-d.port", "-80"}, {"-u", "unknown"}, {"-e", "error GIVEN"},
         {"-'a'", "error NO_OVERLOAD"}, {"u + e", "unknown"}, {"e + u", "unknown"},
         {"e + 1", "error GIVEN"}, {"1 + 'a'", "error NO_OVERLOAD"}, {"s + 'x'", "*\"secretx\""},
         {"-sl[0]", "*-1"}, {"open + [2]", "[1, ...]"}, {"[0] + open", "[0, 1, ...]"},
         {"size(open + [2])", "unknown"}, {"size([2] + open)", "unknown"},
         {"1 / 0", "error DIVIDE_BY_ZERO"}, {"1 % 0", "error MODULUS_BY_ZERO"},
         {"9223372036854775807 + 1", "error OVERFLOW"}, {"5 - 7u", "error NO_OVERLOAD"},
         {"3 * 4 - 5 / 2 % 3", "10"})

VM_TABLE(comparison, {"1 == 1.0 && 1u == 1", "true"}, {"d.tags == ['a', 'b']", "true"},
         {"'a' != 'b'", "true"}, {"1 == '1'", "false"}, {"null == null", "true"},
         {"u == 1", "unknown"}, {"e == e", "error GIVEN"}, {"part == [1, 2, 3]", "unknown"},
         {"part == [2, 2, 3]", "false"}, {"part != [1, 2]", "true"}, {"s == 'secret'", "*true"},
         {"s != s", "*false"}, {"1 < 2 && 2 <= 2 && 3 > 2 && 2 >= 2", "true"},
         {"1 < 1.5 && 2u > 1.5", "true"}, {"'a' < 'b'", "true"}, {"1 < 'a'", "error NO_OVERLOAD"},
         {"[1] < [2]", "error NO_OVERLOAD"}, {"double('NaN') < 1.0", "false"},
         {"double('NaN') >= 1.0", "false"}, {"u < 1", "unknown"}, {"1 >= e", "error GIVEN"},
         {"sl[0] < 2", "*true"}, {"false < true", "true"})

VM_TABLE(membership, {"'a' in d.tags", "true"}, {"'z' in d.tags", "false"}, {"'name' in d", "true"},
         {"1.0 in [1]", "true"}, {"1 in {1u: 2}", "true"}, {"'a' in 'abc'", "error NO_OVERLOAD"},
         {"u in [1]", "unknown"}, {"1 in u", "unknown"}, {"e in [1]", "error GIVEN"},
         {"3 in part", "true"}, {"4 in part", "unknown"}, {"1 in open", "true"},
         {"2 in open", "unknown"}, {"'b' in openm", "unknown"}, {"s in ['secret']", "*true"},
         {"1 in sl", "*true"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(truth),      cmocka_unit_test(choice),     cmocka_unit_test(parts),
        cmocka_unit_test(arithmetic), cmocka_unit_test(comparison), cmocka_unit_test(membership),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
