/* Kubernetes' authorizer without a host: the chain and its types. What hosts answer is in
   api_authz.c. */
#include "vm_expect.h"

VM_TABLE(chains, {"authorizer == authorizer()", "true"}, {".authorizer == authorizer", "true"},
         {"type(authorizer) == kubernetes.authorization.Authorizer", "true"},
         {"type(authorizer.path('/x')) == kubernetes.authorization.PathCheck", "true"},
         {"type(authorizer.group('')) == kubernetes.authorization.GroupCheck", "true"},
         {"type(authorizer.group('').resource('x')) == kubernetes.authorization.ResourceCheck",
          "true"},
         {"authorizer.path('/x') == authorizer.path('/x')", "true"},
         {"authorizer.path('/x') == authorizer.group('/x')", "false"},
         {"authorizer.group('').resource('x').name('a').name('b') == "
          "authorizer.group('').resource('x').name('b')",
          "true"},
         {"authorizer.group('').resource('x').name('')",
          "kubernetes.authorization.ResourceCheck({\"group\": \"\", \"resource\": \"x\", "
          "\"name\": \"\"})"},
         {"[1].map(authorizer, authorizer)", "[1]"})

VM_TABLE(faults, {"authorizer.resource('pods')", "error NO_OVERLOAD"},
         {"authorizer.group('').path('/')", "error NO_OVERLOAD"},
         {"authorizer.path('')", "error ARGUMENT"},
         {"authorizer.path('\\t \\n')", "error ARGUMENT"},
         {"authorizer.group('').resource(' ')", "error ARGUMENT"},
         {"authorizer.path(1)", "error NO_OVERLOAD"},
         {"authorizer.serviceAccount('a', 1)", "error NO_OVERLOAD"},
         {"authorizer.serviceAccount('a.b', 'c')", "error ARGUMENT"},
         {"authorizer.serviceAccount('a', 'b:c')", "error ARGUMENT"},
         {"authorizer.path('/').serviceAccount('a', 'b')", "error NO_OVERLOAD"},
         {"authorizer.path('/').check('get')", "error NO_SUCH_FUNCTION"},
         {"authorizer.allowed()", "error NO_OVERLOAD"}, {"d.reason()", "error NO_OVERLOAD"},
         {"d.error()", "error NO_OVERLOAD"}, {"d.errored()", "error NO_OVERLOAD"},
         {"authorizer.requestResource", "error NO_OVERLOAD"})

VM_TABLE(marks, {"authorizer.path(u)", "unknown"}, {"authorizer.path(e)", "error GIVEN"},
         {"authorizer.group('').resource(s)",
          "*kubernetes.authorization.ResourceCheck({\"group\": \"\", \"resource\": \"secret\"})"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains),
        cmocka_unit_test(faults),
        cmocka_unit_test(marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
