#include "vm_expect.h"

VM_TABLE(making, {"optional.of(1)", "optional.of(1)"}, {"optional.none()", "optional.none()"},
         {"optional.of(u)", "unknown"}, {"optional.of(e)", "error GIVEN"},
         {"optional.ofNonZeroValue(0.0)", "optional.none()"},
         {"optional.ofNonZeroValue(duration('0s'))", "optional.none()"},
         {"optional.ofNonZeroValue(timestamp(0))", "optional.none()"},
         {"optional.ofNonZeroValue({})", "optional.none()"},
         {"optional.ofNonZeroValue(false)", "optional.none()"},
         {"optional.ofNonZeroValue(optional.none())", "optional.of(optional.none())"},
         {"optional.ofNonZeroValue(int)", "optional.of(int)"},
         {"optional.of(s)", "*optional.of(\"secret\")"},
         {"optional.unwrap([optional.of(1), optional.none(), optional.of(null)])", "[1, null]"},
         {"[optional.of(1), 2].unwrapOpt()", "error NOT_OPTIONAL"}, {"[u].unwrapOpt()", "unknown"},
         {"1.unwrapOpt()", "error NO_OVERLOAD"})

VM_TABLE(taking, {"optional.of(1).value()", "1"},
         {"optional.none().value()", "error OPTIONAL_NONE"}, {"1.value()", "error NO_OVERLOAD"},
         {"optional.of(1).hasValue()", "true"}, {"some.hasValue()", "true"},
         {"some.value()", "unknown"}, {"some.orValue(1)", "unknown"},
         {"optional.of(1).orValue(e)", "1"}, {"optional.none().orValue(e)", "error GIVEN"},
         {"optional.of(1).orValue(u)", "1"}, {"optional.none().orValue(u)", "unknown"},
         {"e.orValue(1)", "error GIVEN"}, {"u.orValue(1)", "unknown"},
         {"1.orValue(1)", "error NO_OVERLOAD"},
         {"optional.none().or(optional.of(2))", "optional.of(2)"},
         {"optional.of(1).or(1)", "optional.of(1)"}, {"optional.none().or(1)", "error NO_OVERLOAD"},
         {"optional.none().or(u)", "unknown"}, {"optional.of(s).value()", "*\"secret\""},
         {"optional.none().orValue(s)", "*\"secret\""}, {"optional.of(1).orValue(s)", "1"})

VM_TABLE(knowing, {"known(1)", "true"}, {"known(u)", "false"}, {"known(e)", "error GIVEN"},
         {"known(part)", "true"}, {"known(part[1])", "false"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(making),
        cmocka_unit_test(taking),
        cmocka_unit_test(knowing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
