#include "vm_expect.h"

VM_TABLE(looking, {"'hello'.contains('ll')", "true"}, {"'hello'.contains(1)", "error NO_OVERLOAD"},
         {"'hello'.startsWith('he') && 'hello'.endsWith('lo')", "true"},
         {"'hello'.startsWith('hello!')", "false"}, {"1.startsWith('1')", "error NO_OVERLOAD"},
         {"'a'.contains(u)", "unknown"}, {"u.contains(e)", "unknown"},
         {"e.contains('a')", "error GIVEN"}, {"s.contains('sec')", "*true"},
         {"'secret'.startsWith(s)", "*true"})

VM_TABLE(positions, {"'t\\u00e9t'.charAt(1)", "\"\u00e9\""}, {"'abc'.charAt(3)", "\"\""},
         {"'abc'.charAt(4)", "error INDEX_RANGE"}, {"'abc'.charAt(-1)", "error INDEX_RANGE"},
         {"'\\u00e9\\u00e9'.charAt(3)", "error INDEX_RANGE"},
         {"'abc'.charAt(1u)", "error NO_OVERLOAD"}, {"'\\u00e9x\\u00e9x'.indexOf('x')", "1"},
         {"'\\u00e9x\\u00e9x'.lastIndexOf('x')", "3"}, {"'abcabc'.indexOf('abc', 1)", "3"},
         {"'abcabc'.indexOf('abc', 6)", "-1"}, {"''.indexOf('')", "0"},
         {"'abcabc'.indexOf('a', 7)", "error INDEX_RANGE"}, {"'abcabc'.lastIndexOf('abc', 2)", "0"},
         {"'abcabc'.lastIndexOf('', 4)", "4"}, {"'abc'.lastIndexOf('abcd')", "-1"},
         {"'abc'.indexOf(u)", "unknown"}, {"s.indexOf('c')", "*2"})

VM_TABLE(cutting, {"'h\\u00e9llo'.substring(1, 3)", "\"\u00e9l\""}, {"'abc'.substring(3)", "\"\""},
         {"'abc'.substring(2, 1)", "error INDEX_RANGE"},
         {"'abc'.substring(0, 4)", "error INDEX_RANGE"},
         {"'abc'.substring('0')", "error NO_OVERLOAD"}, {"s.substring(0, 3)", "*\"sec\""},
         {"' \\t\\u00a0\\u2028x y\\u3000\\n'.trim()", "\"x y\""}, {"'  '.trim()", "\"\""},
         {"'\\u200bx'.trim() == 'x'", "false"}, {"1.trim()", "error NO_OVERLOAD"})

VM_TABLE(changing, {"'A\\u00c9z'.lowerAscii()", "\"a\u00c9z\""},
         {"'a@[`{Z'.upperAscii()", "\"A@[`{Z\""}, {"1.upperAscii()", "error NO_OVERLOAD"},
         {"'a\\u00e9\\U0001F600'.reverse()", "\"\U0001f600\u00e9a\""}, {"''.reverse()", "\"\""})

VM_TABLE(blanks, {"'\\u2000\\u200a\\u0085\\u1680\\u2029\\u202f\\u205fx\\u2028'.trim()", "\"x\""},
         {"'\\u1fffx'.trim() == 'x'", "false"}, {"'\\u0086x'.trim() == 'x'", "false"},
         {"'a'.indexOf('a', 'b')", "error NO_OVERLOAD"}, {"1.indexOf('a', 0)", "error NO_OVERLOAD"},
         {"'a'.indexOf(1, 0)", "error NO_OVERLOAD"}, {"1.charAt(0)", "error NO_OVERLOAD"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looking),  cmocka_unit_test(positions), cmocka_unit_test(cutting),
        cmocka_unit_test(changing), cmocka_unit_test(blanks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
