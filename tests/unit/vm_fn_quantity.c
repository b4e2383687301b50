/* The quantity library; what is expected is what Kubernetes' resource.Quantity says. */
#include "vm_expect.h"

VM_TABLE(suffixes_mean, {"quantity('1k').compareTo(quantity('1000'))", "0"},
         {"quantity('1Ki').compareTo(quantity('1024'))", "0"},
         {"quantity('1e3').compareTo(quantity('1k'))", "0"},
         {"quantity('1E3').compareTo(quantity('1k'))", "0"},
         {"quantity('1E').compareTo(quantity('1e18'))", "0"},
         {"quantity('1e-3').compareTo(quantity('1m'))", "0"},
         {"quantity('.5').compareTo(quantity('500m'))", "0"},
         {"quantity('1.').compareTo(quantity('+1'))", "0"},
         {"quantity('1500').compareTo(quantity('1.5k'))", "0"},
         {"quantity('1') == quantity('1000m')", "true"})

VM_TABLE(what_is_none, {"isQuantity('')", "false"}, {"isQuantity('.')", "false"},
         {"isQuantity('1e')", "false"}, {"isQuantity('1ex')", "false"},
         {"isQuantity('1K')", "false"}, {"isQuantity('1e2147483648')", "false"},
         {"isQuantity('1e-2147483649')", "false"}, {"isQuantity('1x3')", "false"},
         {"isQuantity('--1')", "false"}, {"quantity('x')", "error CONVERSION"},
         {"quantity(1)", "error NO_OVERLOAD"}, {"isQuantity(1)", "error NO_OVERLOAD"})

/* Nothing is smaller than a billionth: what is, is rounded away from zero. */
VM_TABLE(rounding, {"quantity('0.0000000001').compareTo(quantity('1n'))", "0"},
         {"quantity('-0.0000000001').compareTo(quantity('-1n'))", "0"},
         {"quantity('1e-30').compareTo(quantity('1n'))", "0"},
         {"quantity('0e-30').compareTo(quantity('0'))", "0"},
         {"quantity('1.0000000001').compareTo(quantity('1.000000001'))", "0"},
         {"quantity('1.0000000010').compareTo(quantity('1.000000001'))", "0"},
         {"quantity('9.9999999999').compareTo(quantity('10'))", "0"},
         {"quantity('0.9999999999').compareTo(quantity('1'))", "0"},
         {"quantity('0.1999999999').compareTo(quantity('0.2'))", "0"})

VM_TABLE(binary_ones_end, {"quantity('8Ei').compareTo(quantity('9223372036854775807'))", "0"},
         {"quantity('-9Ei').compareTo(quantity('-9223372036854775807'))", "0"},
         {"quantity('9E').compareTo(quantity('9e18'))", "0"},
         {"quantity('10E').compareTo(quantity('8Ei'))", "1"})

VM_TABLE(arithmetic, {"quantity('1').add(quantity('500m')).compareTo(quantity('1.5'))", "0"},
         {"quantity('1').sub(quantity('1500m')).compareTo(quantity('-0.5'))", "0"},
         {"quantity('999').add(1).compareTo(quantity('1k'))", "0"},
         {"quantity('-1').add(-9).compareTo(quantity('-10'))", "0"},
         {"quantity('1').sub(1).sign()", "0"}, {"quantity('1').sub(2).sign()", "-1"},
         {"quantity('0').add(quantity('7')).compareTo(quantity('7'))", "0"},
         {"quantity('7').sub(0).compareTo(quantity('7'))", "0"},
         {"quantity('1Ei').add(quantity('1n')).compareTo(quantity('1Ei'))", "1"},
         {"quantity('1e2147483647').add(1)", "error RESULT_SIZE"},
         {"quantity('1').add('1')", "error NO_OVERLOAD"}, {"'1'.add(1)", "error NO_OVERLOAD"},
         {"quantity('1').sub(1.0)", "error NO_OVERLOAD"})

VM_TABLE(order, {"quantity('-2').compareTo(quantity('-1'))", "-1"},
         {"quantity('-1').compareTo(quantity('1n'))", "-1"},
         {"quantity('12').isLessThan(quantity('2k'))", "true"},
         {"quantity('12').isGreaterThan(quantity('2k'))", "false"},
         {"quantity('12').isLessThan(12)", "error NO_OVERLOAD"},
         {"'1'.isGreaterThan(quantity('1'))", "error NO_OVERLOAD"},
         {"quantity('1').compareTo('1')", "error NO_OVERLOAD"}, {"sign(quantity('-1Gi'))", "-1"},
         {"sign(1)", "error NO_OVERLOAD"})

VM_TABLE(as_numbers, {"quantity('50k').asInteger()", "50000"},
         {"quantity('-9223372036854775808').asInteger()", "error CONVERSION"},
         {"quantity('50m').asInteger()", "error CONVERSION"},
         {"quantity('50m').isInteger()", "false"}, {"quantity('50').isInteger()", "true"},
         {"quantity('9999999999999999999999').isInteger()", "false"},
         {"quantity('50.703k').asApproximateFloat()", "50703.0"},
         {"quantity('0').asApproximateFloat()", "0.0"},
         {"quantity('-1.5').asApproximateFloat()", "-1.5"},
         {"quantity('1e400').asApproximateFloat() > 1e308", "true"},
         {"'1'.asInteger()", "error NO_OVERLOAD"}, {"'1'.isInteger()", "error NO_OVERLOAD"},
         {"'1'.asApproximateFloat()", "error NO_OVERLOAD"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suffixes_mean), cmocka_unit_test(what_is_none),
        cmocka_unit_test(rounding),      cmocka_unit_test(binary_ones_end),
        cmocka_unit_test(arithmetic),    cmocka_unit_test(order),
        cmocka_unit_test(as_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
