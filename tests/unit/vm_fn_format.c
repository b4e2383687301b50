#include "vm_expect.h"

VM_TABLE(clauses, {"'%s|%d|%b|%o|%x|%X'.format(['t', 5, 5, 8, 255, 255])", "\"t|5|101|10|ff|FF\""},
         {"'%d %b %x'.format([-5, -5, -255])", "\"-5 -101 -ff\""},
         {"'%x'.format([-9223372036854775808])", "\"-8000000000000000\""},
         {"'%b'.format([18446744073709551615u]).size()", "64"},
         {"'%%%s%%'.format(['x'])", "\"%x%\""}, {"'%b%b'.format([true, false])", "\"10\""},
         {"'%x'.format(['h\\u00e9'])", "\"68c3a9\""}, {"'%s'.format([b'ab'])", "\"ab\""},
         {"'%s'.format([b'a\\xff\\x80b\\xff'])", "\"a\xEF\xBF\xBD"
                                                 "b\xEF\xBF\xBD\""},
         {"'%s %s %s'.format([1e21, 1.5e-7, -0.0])", "\"1000000000000000000000 0.00000015 -0\""},
         {"'%d %d'.format([1.5, 1e21])", "\"1.5 1000000000000000000000\""},
         {"'%s'.format([[1, [true, null], 'a']])", "\"[1, [true, null], a]\""},
         {"'%s'.format([{'b': 1, 'a': {2: [], 10: {}}}])", "\"{a: {10: {}, 2: []}, b: 1}\""},
         {"'%s %s'.format([int, optional_type])", "\"int optional_type\""},
         {"'%s'.format([duration('1.5s')])", "\"1.5s\""})

VM_TABLE(reals, {"'%f %e'.format([1, 2u])", "\"1.000000 2.000000e+00\""},
         {"'%.0f %.1f %.2f'.format([0.5, 0.25, 0.125])", "\"0 0.2 0.12\""},
         {"'%.0f %.0f'.format([1.5, 2.5])", "\"2 2\""}, {"'%.1f'.format([0.05])", "\"0.1\""},
         {"'%.0f'.format([-0.2])", "\"-0\""}, {"'%.2f'.format([999.999])", "\"1000.00\""},
         {"'%.2e'.format([9.999])", "\"1.00e+01\""}, {"'%.0e'.format([12345.0])", "\"1e+04\""},
         {"'%.3e'.format([0.0])", "\"0.000e+00\""}, {"'%.1e'.format([1e-300])", "\"1.0e-300\""},
         {"'%.30f'.format([0.1])", "\"0.100000000000000005551115123126\""},
         {"'%.0f'.format([1e22])", "\"10000000000000000000000\""},
         {"'%.1074f'.format([5e-324])", "error ARGUMENT"},
         {"'%.1000f'.format([5e-324]).size()", "1002"},
         {"'%.0f'.format([1.7976931348623157e308]).size()", "309"},
         {"'%d %f %e'.format([double('inf'), double('-inf'), double('nan')])",
          "\"Infinity -Infinity NaN\""})

VM_TABLE(malformed, {"'%'.format([1])", "error ARGUMENT"}, {"'%z'.format([1])", "error ARGUMENT"},
         {"'%.f'.format([1])", "error ARGUMENT"}, {"'%.'.format([1])", "error ARGUMENT"},
         {"'%d %d'.format([1])", "error ARGUMENT"}, {"'%d'.format(['a'])", "error NO_OVERLOAD"},
         {"'%d'.format(['1'])", "error NO_OVERLOAD"},
         {"'%s'.format([image('nginx')])", "error NO_OVERLOAD"},
         {"'%f'.format(['a'])", "error NO_OVERLOAD"}, {"'%x'.format([1.5])", "error NO_OVERLOAD"},
         {"'%o'.format([true])", "error NO_OVERLOAD"}, {"1.format([1])", "error NO_OVERLOAD"},
         {"'%s'.format(1)", "error NO_OVERLOAD"}, {"'%s'.format([u])", "unknown"},
         {"'%s'.format([[s]])", "*\"[secret]\""},
         {"'%s'.format([optional.none()])", "error NO_OVERLOAD"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clauses),
        cmocka_unit_test(reals),
        cmocka_unit_test(malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
