#include "vm_expect.h"

VM_TABLE(globs, {"glob('a/b/c', 'a/*')", "true"}, {"glob('abc', 'a?c')", "true"},
         {"glob('abc', 'b*')", "false"}, {"glob(1, '*')", "error NO_OVERLOAD"},
         {"glob('a', 1)", "error NO_OVERLOAD"}, {"glob(u, '*')", "unknown"},
         {"glob(s, 's*')", "*true"})

VM_TABLE(lists, {"asList('a')", "[\"a\"]"}, {"asList(null)", "[]"}, {"asList([1])", "[1]"},
         {"asList({})", "[{}]"}, {"asList(u)", "unknown"}, {"asList(e)", "error GIVEN"},
         {"asList(d.?tags)", "[\"a\", \"b\"]"}, {"asList(d.?missing)", "[]"},
         {"asList(d.?none)", "[]"}, {"asList(d.?name)", "[\"web\"]"}, {"asList(some)", "unknown"},
         {"asList(s)[0]", "*\"secret\""})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs),
        cmocka_unit_test(lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
