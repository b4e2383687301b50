/* find and findAll; what is expected is what Go's regexp finds. */
#include "vm_expect.h"

VM_TABLE(first, {"'abc 123'.find('[0-9]+')", "\"123\""}, {"'abc'.find('[0-9]+')", "\"\""},
         {"'xaby'.find('a|ab')", "\"a\""}, {"'xaby'.find('ab|a')", "\"ab\""},
         {"'aaa'.find('a+?')", "\"a\""}, {"'aaa'.find('a{2,3}?')", "\"aa\""},
         {"'aaa'.find('a{1,2}')", "\"aa\""}, {"'\\u00e9a'.find('.a')", "\"\u00e9a\""},
         {"'a\\nb'.find('(?m)^b$')", "\"b\""}, {"'ab'.find('\\\\bb')", "\"\""},
         {"'aab'.find('(?:a*)*b')", "\"aab\""}, {"'ab'.find('(?:a|b?)*')", "\"ab\""},
         {"'ab'.find('(?:a{0,2}|(x)|$)*?b')", "\"ab\""}, {"'ab'.find('(?:a?b?)*?$')", "\"ab\""},
         {"'ab'.find('(?:(?:a|)(?:b|))+')", "\"ab\""}, {"'abcd'.find('(?:ab|abc)?d?')", "\"ab\""},
         {"s.find('c.*')", "*\"cret\""})

VM_TABLE(all, {"'a1b22'.findAll('[0-9]+')", "[\"1\", \"22\"]"},
         {"'baac'.findAll('a*')", "[\"\", \"aa\", \"\"]"}, {"''.findAll('x*')", "[\"\"]"},
         {"'ab'.findAll('$')", "[\"\"]"}, {"'ab'.findAll('x')", "[]"},
         {"'\\u00e9\\u00e9'.findAll('')", "[\"\", \"\", \"\"]"},
         {"'aaa'.findAll('a', 2)", "[\"a\", \"a\"]"}, {"'aaa'.findAll('a', 0)", "[]"},
         {"'aaa'.findAll('a', -1).size()", "3"}, {"'aab'.findAll('^a')", "[\"a\"]"},
         {"'ab ab'.findAll('\\\\bab')", "[\"ab\", \"ab\"]"})

#define LETTERS "abcdefghijklmnopqrstuvwxyz"

VM_TABLE(faults, {"'a'.find('(')", "error REGEX"}, {"'a'.findAll('a**')", "error REGEX"},
         {"'a'.findAll('(', 1)", "error REGEX"}, {"'a'.find('\\\\pL')", "\"a\""},
         {"'a'.find('(?:\\\\pL|a)')", "error REGEX_UNSUPPORTED"},
         {"'a'.find('(?:" LETTERS LETTERS "){1000}')", "error REGEX_UNSUPPORTED"},
         {"'a'.find(1)", "error NO_OVERLOAD"}, {"1.find('a')", "error NO_OVERLOAD"},
         {"'a'.findAll(1)", "error NO_OVERLOAD"}, {"'a'.findAll('a', 1u)", "error NO_OVERLOAD"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first),
        cmocka_unit_test(all),
        cmocka_unit_test(faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
