#include "vm_expect.h"

VM_TABLE(fields, {"d.name", "\"web\""}, {"d.missing", "error NO_SUCH_KEY"}, {"d.none", "null"},
         {"d.none.x", "error NO_OVERLOAD"}, {"d.port.x", "error NO_OVERLOAD"},
         {"d.nested.deep[1].x", "2"}, {"u.x", "unknown"}, {"e.x.y", "error GIVEN"},
         {"nobody", "error UNDECLARED"}, {"optional.of(d).name", "optional.of(\"web\")"},
         {"optional.of(d).missing", "optional.none()"}, {"optional.none().x", "optional.none()"},
         {"optional.of(1).x", "error NO_OVERLOAD"}, {"some.x", "unknown"}, {"openm.a", "1"},
         {"openm.b", "unknown"}, {"{'a': s}.a", "*\"secret\""})

VM_TABLE(having, {"has(d.name)", "true"}, {"has(d.missing)", "false"}, {"has(d.none)", "true"},
         {"has(d.none.x)", "error NO_OVERLOAD"}, {"has(d.nested.deep)", "true"},
         {"has(u.x)", "unknown"}, {"has(e.x)", "error GIVEN"}, {"has(openm.a)", "true"},
         {"has(openm.b)", "unknown"}, {"has({'a': u}.a)", "true"},
         {"has(optional.of(d).name)", "true"}, {"has(optional.none().x)", "false"},
         {"has(d.tags.x)", "error NO_OVERLOAD"})

VM_TABLE(optional_fields, {"d.?name", "optional.of(\"web\")"}, {"d.?missing", "optional.none()"},
         {"d.?missing.?more", "optional.none()"}, {"d.?none.?x", "error NO_OVERLOAD"},
         {"d.?port.?x", "error NO_OVERLOAD"}, {"u.?x", "unknown"}, {"openm.?b", "unknown"},
         {"d[?'name']", "optional.of(\"web\")"}, {"d.tags[?5]", "optional.none()"},
         {"d.tags[?-1]", "optional.none()"},
         {"d.tags[?18446744073709551615u]", "error INDEX_RANGE"},
         {"d.tags[?'a']", "error INDEX_TYPE"}, {"optional.of(d.tags)[0]", "optional.of(\"a\")"},
         {"optional.none()[0]", "optional.none()"}, {"d[?u]", "unknown"},
         {"1[?0]", "error NO_OVERLOAD"})

VM_TABLE(indexes, {"d.tags[0]", "\"a\""}, {"d.tags[1u]", "\"b\""}, {"d.tags[dyn(1.0)]", "\"b\""},
         {"d.tags[dyn(0.5)]", "error INDEX_TYPE"}, {"d.tags[2]", "error INDEX_RANGE"},
         {"d.tags[-1]", "error INDEX_RANGE"}, {"d.tags[dyn(-1.0)]", "error INDEX_RANGE"},
         {"d.tags[dyn(1e300)]", "error INDEX_TYPE"},
         {"d.tags[18446744073709551615u]", "error INDEX_RANGE"},
         {"d.tags['0']", "error INDEX_TYPE"}, {"d.tags[null]", "error INDEX_TYPE"},
         {"{1: 'x'}[dyn(1.0)]", "\"x\""}, {"{1: 'x'}[1u]", "\"x\""},
         {"{1: 'x'}[dyn(1.5)]", "error NO_SUCH_KEY"}, {"{'a': 1}[dyn([])]", "error KEY_TYPE"},
         {"{'a': 1}[null]", "error KEY_TYPE"}, {"'abc'[0]", "error NO_OVERLOAD"}, {"open[0]", "1"},
         {"open[7]", "unknown"}, {"part[1]", "unknown"}, {"part[2]", "3"}, {"sl[0]", "*1"},
         {"[1, 2][sl[0]]", "*2"}, {"[1][u]", "unknown"}, {"e[u]", "unknown"},
         {"e[0]", "error GIVEN"}, {"u[e]", "unknown"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields),
        cmocka_unit_test(having),
        cmocka_unit_test(optional_fields),
        cmocka_unit_test(indexes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
