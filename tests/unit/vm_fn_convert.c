#include "vm_expect.h"

VM_TABLE(sizes, {"size('')", "0"}, {"size('h\\u00e9\\U0001F600')", "3"},
         {"b'h\\xc3\\xa9'.size()", "3"}, {"{'a': 1, 'b': 2}.size()", "2"},
         {"size(d.tags) + d.tags.size()", "4"}, {"size(1)", "error NO_OVERLOAD"},
         {"size(null)", "error NO_OVERLOAD"}, {"size(open)", "unknown"}, {"size(part)", "3"},
         {"size(u)", "unknown"}, {"size(e)", "error GIVEN"}, {"size(s)", "*6"}, {"size(sl)", "*2"})

VM_TABLE(to_integers, {"int(9223372036854775807u)", "9223372036854775807"},
         {"int(9223372036854775808u)", "error CONVERSION"},
         {"int(-9223372036854775808.0)", "error CONVERSION"},
         {"int(9223372036854775807.0)", "error CONVERSION"},
         {"int(9223372036854774784.0)", "9223372036854774784"},
         {"int(double('NaN'))", "error CONVERSION"}, {"int('-0012')", "-12"},
         {"int(' 1')", "error CONVERSION"}, {"int('9223372036854775808')", "error CONVERSION"},
         {"int(true)", "error NO_OVERLOAD"}, {"int(duration('-1.5s'))", "-1500000000"},
         {"int(timestamp('1969-12-31T23:59:59.5Z'))", "-1"}, {"uint(-1)", "error CONVERSION"},
         {"uint(-0.5)", "error CONVERSION"}, {"uint(18446744073709551615.0)", "error CONVERSION"},
         {"uint('18446744073709551615')", "18446744073709551615u"},
         {"uint('-1')", "error CONVERSION"}, {"uint(null)", "error NO_OVERLOAD"})

VM_TABLE(to_doubles, {"double('1e308')", "1e+308"}, {"double('1e309')", "error CONVERSION"},
         {"double('inf') == double('+Infinity')", "true"}, {"double('-INF') < -1e300", "true"},
         {"double('nan') == double('NaN')", "false"}, {"double('infinit')", "error CONVERSION"},
         {"double('')", "error CONVERSION"}, {"double('0x1p3')", "error CONVERSION"},
         {"double(-7)", "-7.0"}, {"double(b'1')", "error NO_OVERLOAD"})

VM_TABLE(
    to_texts, {"string(true) + string(false)", "\"truefalse\""}, {"string(1e21)", "\"1e+21\""},
    {"string(-5) + string(5u)", "\"-55\""}, {"string(b'\\xff')", "error UTF8"},
    {"string(b'\\xc3\\xa9') == '\\u00e9'", "true"}, {"string(duration('90s'))", "\"90s\""},
    {"string(timestamp('2020-02-29T00:00:00.000100Z'))", "\"2020-02-29T00:00:00.0001Z\""},
    {"string(100000.0) + ' ' + string(1000000.0) + ' ' + string(0.0001) + ' ' + string(0.00001)",
     "\"100000 1e+06 0.0001 1e-05\""},
    {"string(duration('9144524.856987608s'))", "\"9144524.856987609s\""},
    {"string([])", "error NO_OVERLOAD"}, {"string(null)", "error NO_OVERLOAD"},
    {"bytes('\\u00e9') == b'\\xc3\\xa9'", "true"}, {"bytes(1)", "error NO_OVERLOAD"},
    {"string(s)", "*\"secret\""})

VM_TABLE(to_bools_and_types,
         {"[bool('1'), bool('t'), bool('T'), bool('TRUE'), bool('true'), bool('True')]",
          "[true, true, true, true, true, true]"},
         {"[bool('0'), bool('f'), bool('F'), bool('FALSE'), bool('false'), bool('False')]",
          "[false, false, false, false, false, false]"},
         {"bool('TrUe')", "error CONVERSION"}, {"bool('')", "error CONVERSION"},
         {"bool(1)", "error NO_OVERLOAD"},
         {"type(d.port) == int && type(d.ratio) == double && type(d.none) == null_type", "true"},
         {"type(optional.none()) == optional_type", "true"}, {"type(u)", "unknown"},
         {"dyn(d.port)", "80"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test(to_integers),
        cmocka_unit_test(to_doubles),
        cmocka_unit_test(to_texts),
        cmocka_unit_test(to_bools_and_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
