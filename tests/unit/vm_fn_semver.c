/* Semantic versions: semver.org 2.0.0, and what Kubernetes' semver library adds. */
#include "vm_expect.h"

VM_TABLE(reading, {"isSemver('1.2.3')", "true"}, {"isSemver('1.2.3-a.1+b.01')", "true"},
         {"isSemver('1.2.3-0')", "true"}, {"isSemver('1.2.3--')", "true"},
         {"isSemver('1.2.3-01')", "false"}, {"isSemver('1.2.3-a..b')", "false"},
         {"isSemver('1.2.3-')", "false"}, {"isSemver('1.2.3+')", "false"},
         {"isSemver('1.2.3-a_b')", "false"}, {"isSemver('01.2.3')", "false"},
         {"isSemver('1.2')", "false"}, {"isSemver('1.2.3.4')", "false"},
         {"isSemver('v1.2.3')", "false"}, {"isSemver('')", "false"},
         {"isSemver('1.2.18446744073709551616')", "false"}, {"semver('1.2')", "error CONVERSION"},
         {"semver(1)", "error NO_OVERLOAD"}, {"isSemver(1)", "error NO_OVERLOAD"})

VM_TABLE(normalising, {"semver('v01.02', true) == semver('1.2.0')", "true"},
         {"semver('1', true) == semver('1.0.0')", "true"},
         {"semver('00.0.007-a', true) == semver('0.0.7-a')", "true"},
         {"isSemver('1.2-rc.1', true)", "false"}, {"isSemver('1+build', true)", "false"},
         {"isSemver('x', true)", "false"}, {"semver('1-a', true)", "error CONVERSION"},
         {"semver('v1.2.3', false)", "error CONVERSION"}, {"isSemver('v1.2.3', false)", "false"},
         {"semver('1.2.3', 1)", "error NO_OVERLOAD"}, {"isSemver('1.2.3', 1)", "error NO_OVERLOAD"})

VM_TABLE(looking, {"semver('1.2.3').major()", "1"}, {"semver('1.2.3').minor()", "2"},
         {"semver('1.2.3').patch()", "3"}, {"'1.2.3'.major()", "error NO_OVERLOAD"},
         {"semver('9223372036854775808.0.0').major()", "error OVERFLOW"})

/* The chain that semver.org gives in item 11, each link of it. */
#define BEFORE(a, b) \
    {"semver('" a "').isLessThan(semver('" b "'))", "true"}, \
    { \
        "semver('" b "').isGreaterThan(semver('" a "'))", "true" \
    }

VM_TABLE(precedence, BEFORE("1.0.0", "2.0.0"), BEFORE("2.0.0", "2.1.0"), BEFORE("2.1.0", "2.1.1"),
         BEFORE("1.0.0-alpha", "1.0.0-alpha.1"), BEFORE("1.0.0-alpha.1", "1.0.0-alpha.beta"),
         BEFORE("1.0.0-alpha.beta", "1.0.0-beta"), BEFORE("1.0.0-beta", "1.0.0-beta.2"),
         BEFORE("1.0.0-beta.2", "1.0.0-beta.11"), BEFORE("1.0.0-beta.11", "1.0.0-rc.1"),
         BEFORE("1.0.0-rc.1", "1.0.0"), BEFORE("1.0.0-9", "1.0.0-a"),
         {"semver('1.0.0-a.1').compareTo(semver('1.0.0-a.1'))", "0"},
         {"semver('1.0.0+a').compareTo(semver('1.0.0+b'))", "0"},
         {"semver('1.0.0').compareTo('1.0.0')", "error NO_OVERLOAD"},
         {"semver('1.0.0').isLessThan(quantity('1'))", "error NO_OVERLOAD"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading),
        cmocka_unit_test(normalising),
        cmocka_unit_test(looking),
        cmocka_unit_test(precedence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
