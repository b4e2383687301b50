#include "vm_expect.h"

VM_TABLE(splitting, {"'a,b,,c'.split(',')", "[\"a\", \"b\", \"\", \"c\"]"},
         {"',a,'.split(',')", "[\"\", \"a\", \"\"]"}, {"''.split(',')", "[\"\"]"},
         {"''.split('')", "[]"}, {"'a\\u00e9'.split('')", "[\"a\", \"\u00e9\"]"},
         {"'abc'.split('', 2)", "[\"a\", \"bc\"]"}, {"'a,b,c'.split(',', 0)", "[]"},
         {"'a,b,c'.split(',', 1)", "[\"a,b,c\"]"}, {"'a,b,c'.split(',', 2)", "[\"a\", \"b,c\"]"},
         {"'a,b,c'.split(',', 9)", "[\"a\", \"b\", \"c\"]"}, {"'a,b,c'.split(',', -1).size()", "3"},
         {"'a'.split(1)", "error NO_OVERLOAD"}, {"'a'.split('a', 1u)", "error NO_OVERLOAD"},
         {"s.split('c')", "*[\"se\", \"ret\"]"}, {"s.split('c')[0]", "*\"se\""})

VM_TABLE(replacing, {"'aXbX'.replace('X', '--')", "\"a--b--\""},
         {"'aXbX'.replace('X', '', 1)", "\"abX\""}, {"'aXbX'.replace('X', '-', 0)", "\"aXbX\""},
         {"'ab'.replace('', '-')", "\"-a-b-\""},
         {"'\\u00e9b'.replace('', '-', 2)", "\"-\u00e9-b\""}, {"''.replace('', 'x')", "\"x\""},
         {"'aaa'.replace('aa', 'b')", "\"ba\""}, {"'abc'.replace('x', 'y')", "\"abc\""},
         {"'a'.replace('a', 1)", "error NO_OVERLOAD"},
         {"'a'.replace('a', 'b', 'c')", "error NO_OVERLOAD"},
         {"s.replace('e', '3')", "*\"s3cr3t\""}, {"'abc'.replace('b', s)", "*\"asecretc\""})

VM_TABLE(joining, {"d.tags.join()", "\"ab\""}, {"d.tags.join(', ')", "\"a, b\""},
         {"[].join('x')", "\"\""}, {"['a', 1].join()", "error NO_OVERLOAD"},
         {"'a'.join()", "error NO_OVERLOAD"}, {"['a'].join(1)", "error NO_OVERLOAD"},
         {"['a', s].join()", "*\"asecret\""}, {"['a', u].join()", "unknown"},
         {"['a'].join(s)", "*\"a\""})

VM_TABLE(quoting,
         {"strings.quote('a\\n\"\\\\\\u00e9') == '\"a\\\\n\\\\\"\\\\\\\\\\u00e9\"'", "true"},
         {"strings.quote(1)", "error NO_OVERLOAD"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splitting),
        cmocka_unit_test(replacing),
        cmocka_unit_test(joining),
        cmocka_unit_test(quoting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
