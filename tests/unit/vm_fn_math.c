#include "vm_expect.h"

VM_TABLE(extremes, {"math.greatest(1, 2u, 1.5)", "2u"}, {"math.least(1, 2u, 0.5)", "0.5"},
         {"math.greatest([])", "error NO_OVERLOAD"}, {"math.greatest('a')", "error NO_OVERLOAD"},
         {"math.greatest(1, 'a')", "error NO_OVERLOAD"}, {"math.greatest(1, 1.0)", "1"},
         {"math.greatest(double('NaN'), 1)", "error ARGUMENT"},
         {"math.least(1, double('NaN'), 2)", "error ARGUMENT"},
         {"math.isNaN(math.least(double('NaN')))", "true"}, {"math.greatest(1, u)", "unknown"},
         {"math.greatest(part)", "unknown"}, {"math.greatest(1, e)", "error GIVEN"},
         {"math.greatest(sl)", "*2"})

VM_TABLE(rounding, {"math.ceil(-0.5)", "-0.0"}, {"math.floor(-0.5)", "-1.0"},
         {"math.round(2.5)", "3.0"}, {"math.round(-0.4)", "-0.0"}, {"math.trunc(-1.9)", "-1.0"},
         {"math.ceil(1)", "error NO_OVERLOAD"}, {"math.floor(1)", "error NO_OVERLOAD"},
         {"math.isNaN(1)", "error NO_OVERLOAD"}, {"math.sign('1')", "error NO_OVERLOAD"},
         {"math.sign(-7)", "-1"}, {"math.sqrt('1')", "error NO_OVERLOAD"}, {"math.sqrt(4)", "2.0"},
         {"math.abs(-1)", "1"}, {"math.abs(-9223372036854775808)", "error OVERFLOW"},
         {"math.abs('1')", "error NO_OVERLOAD"}, {"math.sign(-0.1)", "-1.0"},
         {"math.sign(0u)", "0u"}, {"math.isNaN(math.sign(double('NaN')))", "true"},
         {"math.sqrt(2u) > 1.414", "true"}, {"math.isNaN(math.sqrt(-1))", "true"},
         {"math.isInf(-1.0 / 0.0)", "true"}, {"math.isFinite(0.0)", "true"})

VM_TABLE(bits, {"math.bitAnd(-1, 255)", "255"}, {"math.bitOr(1u, 6u)", "7u"},
         {"math.bitXor(5, 1)", "4"}, {"math.bitNot(0u)", "18446744073709551615u"},
         {"math.bitAnd(1, 1u)", "error NO_OVERLOAD"},
         {"math.bitShiftLeft(1, 63)", "-9223372036854775808"}, {"math.bitShiftLeft(1, 64)", "0"},
         {"math.bitShiftRight(-1, 1)", "9223372036854775807"}, {"math.bitShiftRight(-1, 64)", "0"},
         {"math.bitShiftLeft(1, -1)", "error ARGUMENT"},
         {"math.bitShiftLeft(1, 1u)", "error NO_OVERLOAD"},
         {"math.bitNot(1.0)", "error NO_OVERLOAD"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extremes),
        cmocka_unit_test(rounding),
        cmocka_unit_test(bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
