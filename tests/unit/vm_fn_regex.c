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
         {"'\\u00e9a'.find('\\\\p{Any}')", "\"\u00e9\""}, {"'a'.find('\\\\P{Any}')", "\"\""},
         {"'ab'.find('(?:b)')", "\"b\""}, {"s.find('c.*')", "*\"cret\""})

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
         {"'a'.find('(?:\\\\pL|a)')", "\"a\""},
         {"'a'.find('(?:" LETTERS LETTERS "){1000}')", "error REGEX_UNSUPPORTED"},
         {"'a'.find(1)", "error NO_OVERLOAD"}, {"1.find('a')", "error NO_OVERLOAD"},
         {"'a'.findAll(1)", "error NO_OVERLOAD"}, {"1.findAll('a', 1)", "error NO_OVERLOAD"},
         {"regex.extractAll(1, 'a')", "error NO_OVERLOAD"},
         {"regex.replace(1, 'a', 'b', 1)", "error NO_OVERLOAD"},
         {"regex.replace('a', 1, 'b', 1)", "error NO_OVERLOAD"},
         {"regex.replace('a', 'a', 1, 1)", "error NO_OVERLOAD"},
         {"regex.replace('a', 'a', 'b', 1u)", "error NO_OVERLOAD"},
         {"'a'.findAll('a', 1u)", "error NO_OVERLOAD"})

VM_TABLE(extracting, {"regex.extract('hello world', 'hello(.*)')", "optional.of(\" world\")"},
         {"regex.extract('HELLO', 'hello')", "optional.none()"},
         {"regex.extract('ab', '[a-z]+')", "optional.of(\"ab\")"},
         {"regex.extract('ab', 'a(x)?')", "optional.none()"},
         {"regex.extract('ab', 'a()')", "optional.none()"},
         {"regex.extract('ab', '(a)(b)')", "error ARGUMENT"},
         {"regex.extract('x', '(a)(b)')", "error ARGUMENT"},
         {"regex.extract('a', '(')", "error REGEX"}, {"regex.extract(1, 'a')", "error NO_OVERLOAD"},
         {"regex.extract(s, 'c.').value()", "*\"cr\""},
         {"regex.extractAll('id:1, id:2', 'id:([0-9])')", "[\"1\", \"2\"]"},
         {"regex.extractAll('id:1, id:2', 'id:[0-9]')", "[\"id:1\", \"id:2\"]"},
         {"regex.extractAll('ab', 'a(x)?|b(.*)')", "error ARGUMENT"},
         {"regex.extractAll('aba', 'a(b)?')", "[\"b\"]"}, {"regex.extractAll('a', 'x')", "[]"},
         {"regex.extractAll('a', '(x)(y)')", "error ARGUMENT"},
         {"regex.extractAll('a', ')')", "error REGEX"}, {"regex.extractAll(u, ')')", "unknown"})

VM_TABLE(replacing, {"regex.replace('banana', 'a', 'x')", "\"bxnxnx\""},
         {"regex.replace('banana', 'a', 'x', 0)", "\"banana\""},
         {"regex.replace('banana', 'a', 'x', 2)", "\"bxnxna\""},
         {"regex.replace('banana', 'a', 'x', -12)", "\"bxnxnx\""},
         {"regex.replace('foo bar', '(fo)o (ba)r', r'\\2 \\1')", "\"ba fo\""},
         {"regex.replace('ab', 'b', r'<\\0>')", "\"a<b>\""},
         {"regex.replace('ab', '(x)?b', r'<\\1>')", "\"a<>\""},
         {"regex.replace('ab', '', '-')", "\"-a-b-\""},
         {"regex.replace('ab', 'b', r'\\\\')", "\"a\\\\\""},
         {"regex.replace('test', '(.)', r'\\2')", "error ARGUMENT"},
         {"regex.replace('test', 't', r'a\\')", "error ARGUMENT"},
         {"regex.replace('test', 't', r'\\x')", "error ARGUMENT"},
         {"regex.replace('test', 'x', r'\\x')", "\"test\""},
         {"regex.replace('a', '(', '')", "error REGEX"},
         {"regex.replace('a', 'a', 1)", "error NO_OVERLOAD"},
         {"regex.replace('a', 'a', 'b', 1u)", "error NO_OVERLOAD"},
         {"regex.replace(s, 's', '-')", "*\"-ecret\""})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first),      cmocka_unit_test(all),       cmocka_unit_test(faults),
        cmocka_unit_test(extracting), cmocka_unit_test(replacing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
