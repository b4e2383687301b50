#include "vm_expect.h"

#define T "timestamp('2020-02-29T23:59:58.987654321Z')"

VM_TABLE(making, {"timestamp('2020-02-30T00:00:00Z')", "error CONVERSION"},
         {"timestamp('2020-02-29t00:00:00Z')", "error CONVERSION"},
         {"timestamp(253402300799)", "timestamp(\"9999-12-31T23:59:59Z\")"},
         {"timestamp(253402300800)", "error TIME_RANGE"}, {"timestamp(1u)", "error NO_OVERLOAD"},
         {"duration('1h30m')", "duration(\"5400s\")"}, {"duration('1d')", "error CONVERSION"},
         {"duration(-1)", "error NO_OVERLOAD"}, {"duration(1.0)", "error NO_OVERLOAD"})

VM_TABLE(parts,
         {"[" T ".getFullYear(), " T ".getMonth(), " T ".getDate(), " T ".getDayOfMonth(), " T
          ".getDayOfWeek(), " T ".getDayOfYear()]",
          "[2020, 1, 29, 28, 6, 59]"},
         {"[" T ".getHours(), " T ".getMinutes(), " T ".getSeconds(), " T ".getMilliseconds()]",
          "[23, 59, 58, 987]"},
         {"[" T ".getHours('+00:01'), " T ".getDate('00:01'), " T ".getMonth('+00:01')]",
          "[0, 1, 2]"},
         {T ".getHours('UTC')", "23"}, {T ".getHours('Mars/Olympus')", "error TIME_ZONE"},
         {T ".getHours('+25:00')", "error TIME_ZONE"}, {T ".getHours(1)", "error NO_OVERLOAD"},
         {"'x'.getHours()", "error NO_OVERLOAD"},
         {"duration('1h').getHours('UTC')", "error NO_OVERLOAD"},
         {"duration('1h').getDate()", "error NO_OVERLOAD"}, {"duration('-90m').getHours()", "-1"},
         {"[duration('90.5s').getMinutes(), duration('90.5s').getSeconds(), "
          "duration('90.5s').getMilliseconds()]",
          "[1, 90, 500]"},
         {"u.getHours()", "unknown"})

/* The zone of the test is eleven hours east, whatever its name. */
static int give_zone(void *ctx, berm_str name, berm_str *tzif)
{
    static const char version_1[] = "TZif\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                                    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
                                    "\0\0\x9a\xb0\0\0EST\0";
    *tzif = (berm_str){version_1, sizeof version_1 - 1};
    ++*(int *)ctx;
    return berm_str_is(name, "Pacific/Somewhere") ? 0 : 1;
}

static void zones(void **state)
{
    vm_eval e;
    berm_cell result;
    int calls = 0;
    berm_str text =
        BERM_STR(T ".getHours('Pacific/Somewhere') * 100 + " T ".getDate('Pacific/Somewhere')");
    (void)state;
    assert_int_equal(vm_eval_begin(&e, &berm_alloc_libc, text, &vm_scope, false), BERM_OK);
    e.vm.zone = give_zone;
    e.vm.zone_ctx = &calls;
    assert_int_equal(berm_vm_run(&e.vm, e.block, &result), BERM_OK);
    assert_int_equal(calls, 2);
    assert_int_equal(result.tag, BERM_TAG_INT);
    assert_int_equal(result.as.i, 1001);
    vm_eval_end(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(making),
        cmocka_unit_test(parts),
        cmocka_unit_test(zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
