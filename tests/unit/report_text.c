/* The report that people read: nothing in it but its own colours steers their terminal. */
#include "report_help.h"

#include "base/parts.h"

#define SET \
    SHOP "---\nguardrail: size\ntitle: Size\nmatch: {kinds: [box]}\n" \
         "remediation: \"make it \\e[2Jsmaller\\nor \\u202enot\\n\"\n" \
         "validations: [{name: small, expression: 'object.n < 3', message: \"is \\e[31m " \
         "large\"}]\n"

static void nothing_steers_a_terminal(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    judge(&j, SET, "b\x1b.yaml", "- {kind: box, name: \"a\\e[1m\", n: 7}\n");
    report_begin(&report, &berm_alloc_libc);
    assert_int_equal(berm_report_fill(&report, &j.run, &j.decision), BERM_OK);
    expect_part(&report, BERM_REPORT_TEXT, 0,
                "\n  fix: make it \xef\xbf\xbd[2Jsmaller\nor \xef\xbf\xbdnot\n\n");
    /* Names as an image could have them that no compiler wrote. */
    berm_finding *f = &report.entries.items[0].finding;
    berm_witness witness = *f->witness;
    witness.source = BERM_STR("\x1b[1m.yaml");
    f->witness = &witness;
    f->guardrail = f->validation = f->address = BERM_STR("\x1b[2J");
    f->verdict = BERM_VERDICT_WAIVED;
    f->waiver = f->waiver_expires = BERM_STR("\x1b[3J");
    berm_waived waived = {.waiver = BERM_STR("\x1b[4J"), .expires = BERM_STR("\x1b[5J")};
    waived.why = BERM_STR("");
    f->waivers = &waived;
    f->waiver_count = 1;
    berm_text out = written(&report, BERM_REPORT_TEXT, BERM_REPORT_VERBOSE);
    assert_null(strchr(out.ptr, '\x1b'));
#if BERM_PART_GOVERNANCE
    assert_non_null(strstr(out.ptr,
                           "  waived by \xef\xbf\xbd[3J until \xef\xbf\xbd[3J\n"
                           "  waiver \xef\xbf\xbd[4J matches, too, until \xef\xbf\xbd[5J\n"));
#endif
    berm_text_free(&out);
    f->waiver_count = 0;
    berm_report_clear(&report);
    drop_judged(&j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_steers_a_terminal)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
