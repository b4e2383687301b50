#include "vm_expect.h"

VM_TABLE(escaping, {"jsonpatch.escapeKey('k8s.io/my~label')", "\"k8s.io~1my~0label\""},
         {"jsonpatch.escapeKey('~1')", "\"~01\""}, {"jsonpatch.escapeKey('')", "\"\""},
         {"jsonpatch.escapeKey('plain')", "\"plain\""}, {"jsonpatch.escapeKey('//')", "\"~1~1\""},
         {"jsonpatch.escapeKey('\\u00e9/')", "\"\u00e9~1\""},
         {"jsonpatch.escapeKey(1)", "error NO_OVERLOAD"}, {"jsonpatch.escapeKey(u)", "unknown"},
         {"jsonpatch.escapeKey(s)", "*\"secret\""})

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(escaping)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
