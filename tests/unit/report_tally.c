/* Waivers over a whole report: what they match, what is over, and what that changes. */
#include "report_help.h"

#include "base/parts.h"

#if BERM_PART_GOVERNANCE

#define SET \
    SHOP "---\nguardrail: size\ntitle: Size\nmatch: {kinds: [box]}\n" \
         "validations:\n" \
         "  - {name: small, expression: 'object.n < 3'}\n" \
         "  - {name: told, enforcement: advisory, expression: 'object.n < 3'}\n"
#define WAIVER(id, guardrail, more) \
    "---\nwaiver: " id "\nguardrails: [" guardrail "]\nscope: {kinds: [box]}\ncategory: waived\n" \
    "reason: r\nowner: o\ncreated: 2026-10-01\nexpires: 2026-12-31\n" more
#define BOX "- {kind: box, name: a, n: 7}\n"

static void fill(berm_report *report, const judged *j)
{
    assert_int_equal(berm_report_fill(report, &j->run, &j->decision), BERM_OK);
}

static void what_is_over_fails_again(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    berm_waiver waiver = {.size = sizeof waiver};
    judge(&j,
          SET WAIVER("some", "size/small", "maxMatches: 9\n")
              WAIVER("two", "size/small", "maxMatches: 2\n"),
          "a.yaml", BOX);
    report_begin(&report, &berm_alloc_libc);
    fill(&report, &j);
    fill(&report, &j);
    const uint64_t *verdicts = report.summary.verdicts;
    assert_int_equal(verdicts[BERM_VERDICT_WAIVED], 2);
    assert_int_equal(verdicts[BERM_VERDICT_FAIL], 2); /* the advisory ones */
    fill(&report, &j);                                /* `two` is over, `some` still lifts */
    assert_int_equal(verdicts[BERM_VERDICT_WAIVED], 3);
    assert_int_equal(report.summary.denied, 0);
    assert_true(berm_tally_at(&report, 1, &waiver));
    assert_int_equal(waiver.status, BERM_WAIVER_OVER_BROAD);
    assert_int_equal(waiver.matches, 3);
    assert_true(berm_tally_at(&report, 0, &waiver));
    assert_int_equal(waiver.status, BERM_WAIVER_ACTIVE);
    assert_false(berm_tally_at(&report, 2, &waiver));
    for (size_t i = 0; i < 7; i++) fill(&report, &j);
    assert_int_equal(verdicts[BERM_VERDICT_WAIVED], 0);
    assert_int_equal(verdicts[BERM_VERDICT_FAIL], 20);
    assert_int_equal(report.summary.denied, 1);
    expect_part(&report, BERM_REPORT_TEXT, 0,
                "note: waiver some matches more findings than its maxMatches, 9\n");
    berm_report_clear(&report);
    drop_judged(&j);
}

/* What is only advised denies nothing, waived or not. */
static void advice_that_fails_again_denies_nothing(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    judge(&j, SET WAIVER("one", "size/told", "maxMatches: 1\n") WAIVER("all", "size/small", ""),
          "a.yaml", BOX);
    report_begin(&report, &berm_alloc_libc);
    fill(&report, &j);
    fill(&report, &j);
    assert_int_equal(report.summary.verdicts[BERM_VERDICT_FAIL], 2);
    assert_int_equal(report.summary.verdicts[BERM_VERDICT_WAIVED], 2);
    assert_int_equal(report.summary.denied, 0);
    berm_report_clear(&report);
    drop_judged(&j);
}

/* Each set counts its own. */
static void sets_have_tallies_of_their_own(void **state)
{
    (void)state;
    judged j, k;
    berm_report report;
    berm_waiver waiver = {.size = sizeof waiver};
    judge(&j, SET WAIVER("one", "size/small", ""), "a.yaml", BOX);
    judge(&k, SET WAIVER("other", "size/small", ""), "b.yaml", BOX);
    report_begin(&report, &berm_alloc_libc);
    fill(&report, &j);
    fill(&report, &k);
    fill(&report, &k);
    assert_int_equal(berm_tally_count(&report), 2);
    assert_true(berm_tally_at(&report, 0, &waiver));
    assert_true(waiver.matches == 1 && berm_str_is(waiver.id, "one"));
    assert_true(berm_tally_at(&report, 1, &waiver));
    assert_true(waiver.matches == 2 && berm_str_is(waiver.id, "other"));
    berm_report_clear(&report);
    drop_judged(&j);
    drop_judged(&k);
}

/* So many waivers that each table of theirs, and some of what is said, takes a block of its own. */
static void many_waivers_are_kept_or_refused(void **state)
{
    (void)state;
    judged j;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_put(&text, BERM_STR(SET));
    for (uint32_t i = 0; i < 70; i++)
        berm_text_format(&text, WAIVER("w%u", "size/small", "maxMatches: 1\n"), i);
    berm_text_putc(&text, '\0');
    judge(&j, text.ptr, "a.yaml", BOX);
    size_t failures = 0;
    for (size_t nth = 1;; nth++, failures++) {
        berm_report report;
        report_begin(&report, &alloc);
        heap.calls = 0;
        heap.fail_at = nth;
        berm_status status = berm_report_fill(&report, &j.run, &j.decision);
        bool reached = heap.calls >= nth;
        heap.fail_at = 0;
        assert_int_equal(status, reached ? BERM_E_NOMEM : BERM_OK);
        if (reached) fill(&report, &j);
        fill(&report, &j);
        assert_int_equal(report.summary.verdicts[BERM_VERDICT_FAIL], 4);
        berm_report_clear(&report);
        assert_int_equal(heap.in_use, 0);
        if (!reached) break;
    }
    assert_true(failures > 10);
    drop_judged(&j);
    berm_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_over_fails_again),
        cmocka_unit_test(advice_that_fails_again_denies_nothing),
        cmocka_unit_test(sets_have_tallies_of_their_own),
        cmocka_unit_test(many_waivers_are_kept_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
