/* What a report keeps of runs, and of what could not be run. */
#include "report_help.h"

#include "base/parts.h"

#define SET \
    SHOP "---\nguardrail: size\ntitle: Size\nmatch: {kinds: [box]}\n" \
         "validations:\n" \
         "  - {name: small, expression: 'object.n < 3', message: '{resource.name} is large'}\n" \
         "  - {name: owned, each: object.owners, expression: \"item != 'x'\"}\n" \
         "---\nguardrail: other\ntitle: Other\nmatch: {kinds: [box]}\n" \
         "validations: [{name: v, expression: 'object.n < 9'}]\n"
#define BOXES \
    "- {kind: box, name: a, n: 7, owners: [x, y], tags: {owner: x}}\n" \
    "- {kind: box, name: b, n: 8, owners: []}\n"

static const char long_text[] =
    "long text: "
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
    "012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012"
    "3";
#define LONG ((berm_str){long_text, sizeof long_text - 1})

/* A finding all of whose texts take a block of their own. */
static void make_long(berm_finding *f, berm_witness *w, berm_operand operands[200],
                      berm_waived waivers[30])
{
    f->guardrail = f->validation = f->kind = f->address = f->message = f->path = LONG;
    f->waiver = f->waiver_expires = f->fingerprint = f->tags = f->reason = LONG;
    for (size_t i = 0; i < 20; i++) operands[i] = (berm_operand){LONG, LONG};
    *w = (berm_witness){.expression = LONG, .value = LONG, .source = LONG};
    w->operands = operands;
    for (size_t i = 20; i < 200; i++) operands[i] = (berm_operand){BERM_STR("e"), BERM_STR("")};
    w->operand_count = 200;
    f->witness = w;
    for (size_t i = 0; i < 30; i++) waivers[i] = (berm_waived){LONG, LONG, LONG, 0, 0};
    f->waivers = waivers;
    f->waiver_count = 30;
}

static void filling_keeps_all_or_says_no(void **state)
{
    (void)state;
    judged j;
    char *longest = test_malloc(5000); /* no block has room for two of these */
    memset(longest, 'y', 5000);
    berm_witness witness;
    berm_operand operands[200];
    berm_waived waivers[30];
    judge(&j, SET, "boxes.yaml", BOXES);
    berm_finding *findings = j.decision.findings.items;
    make_long(&findings[0], &witness, operands, waivers);
    witness.expression = witness.value = witness.source = (berm_str){longest, 5000};
    const berm_doc *docs[] = {j.doc, j.doc};
    j.decision.docs.items = docs;
    j.decision.docs.count = 2;
    j.run.input_count = 2;
    j.doc->name = LONG;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    size_t failures = 0;
    for (size_t nth = 1;; nth++, failures++) {
        berm_report report;
        report_begin(&report, &alloc);
        heap.calls = 0;
        heap.fail_at = nth;
        heap.once = (int)(nth % 2);
        berm_status status = berm_report_fill(&report, &j.run, &j.decision);
        bool reached = heap.calls >= nth;
        heap.fail_at = 0;
        if (reached) {
            assert_int_equal(status, BERM_E_NOMEM);
            assert_int_equal(report.entries.count, 0);
            assert_int_equal(report.sources.count, 0);
            assert_int_equal(report.summary.resources, 0);
            /* once there is memory again, all is as if nothing had been */
            assert_int_equal(berm_report_fill(&report, &j.run, &j.decision), BERM_OK);
        }
        assert_int_equal(report.entries.count, j.decision.findings.count);
        assert_int_equal(report.sources.count, 2);
#if BERM_PART_FORMATS
        assert_int_equal(report.extras.digests.count, 2);
#endif
        assert_true(berm_str_equal(report.entries.items[0].finding.message, LONG));
        berm_report_clear(&report);
        assert_int_equal(heap.in_use, 0);
        if (!reached) break;
    }
    assert_true(failures > 100);
    test_free(longest);
    drop_judged(&j);
}

static void failures_are_kept_or_told(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_error why = {.message = "unreadable"};
    berm_report report;
    char *longest = test_malloc(5000);
    memset(longest, 'y', 5000);
    report_begin(&report, &alloc);
    for (size_t nth = 1;; nth++) {
        uint32_t entries = report.entries.count;
        heap.calls = 0;
        heap.fail_at = nth;
        berm_status status = berm_report_fill_failure(&report, (berm_str){longest, 5000}, &why);
        bool reached = heap.calls >= nth;
        heap.fail_at = 0;
        assert_int_equal(status, reached ? BERM_E_NOMEM : BERM_OK);
        assert_int_equal(report.entries.count, entries + !reached);
        assert_int_equal(report.sources.count, report.entries.count);
        if (!reached) break;
    }
    test_free(longest);
    berm_report_clear(&report);
    assert_int_equal(heap.in_use, 0);
}

/* The message of each of many ends a block of the report's memory now and then. */
static void many_failures_are_kept_or_told(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_error why = {.message =
                          "unreadable, for reasons that are told at length and in many words"};
    berm_report report;
    report_begin(&report, &alloc);
    for (uint32_t count = 0; count < 300; count++) {
        heap.calls = 0;
        heap.fail_at = 1;
        berm_status status = berm_report_fill_failure(&report, BERM_STR(""), &why);
        assert_int_equal(status, heap.calls ? BERM_E_NOMEM : BERM_OK);
        heap.fail_at = 0;
        if (status)
            assert_int_equal(berm_report_fill_failure(&report, BERM_STR(""), &why), BERM_OK);
        assert_int_equal(report.entries.count, count + 1);
        assert_int_equal(report.sources.count, count + 1);
    }
    berm_report_clear(&report);
    assert_int_equal(heap.in_use, 0);
}

/* What is odd about a finding harms nothing: no document, no text, an entry beyond it. */
static void odd_findings_have_no_frame(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    judge(&j, SET, "boxes.yaml", BOXES);
    berm_finding *f = &j.decision.findings.items[0];
    berm_finding kept = *f;
    report_begin(&report, &berm_alloc_libc);
    f->entry.len = 100000;
    assert_int_equal(berm_report_fill(&report, &j.run, &j.decision), BERM_OK);
    assert_true(report.entries.items[0].frame.len > 0);
    *f = kept;
    f->source = 5;
    assert_int_equal(berm_report_fill(&report, &j.run, &j.decision), BERM_OK);
    uint32_t count = j.decision.findings.count;
    assert_int_equal(report.entries.items[count].source.len, 0);
    assert_int_equal(report.entries.items[count].frame.len, 0);
    *f = kept;
    berm_str text = j.doc->text;
    j.doc->text.len = 0;
    assert_int_equal(berm_report_fill(&report, &j.run, &j.decision), BERM_OK);
    j.doc->text = text;
    assert_int_equal(report.entries.items[2 * count].frame.len, 0);
    assert_true(berm_str_is(report.entries.items[2 * count].source, "boxes.yaml"));
    berm_report_clear(&report);
    drop_judged(&j);
}

static void policies_are_held_once(void **state)
{
    (void)state;
    judged j, k;
    berm_report report;
    judge(&j, SET, "a.yaml", BOXES);
    judge(&k, SET, "b.yaml", BOXES);
    report_begin(&report, &berm_alloc_libc);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(berm_report_fill(&report, &j.run, &j.decision), BERM_OK);
        assert_int_equal(berm_report_fill(&report, &k.run, &k.decision), BERM_OK);
    }
    assert_int_equal(report.policies.count, 2);
    assert_int_equal(report.sources.count, 6);
    assert_int_equal(report.entries.items[report.entries.count - 1].finding.source, 5);
    berm_report_clear(&report);
    drop_judged(&j);
    drop_judged(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filling_keeps_all_or_says_no),
        cmocka_unit_test(failures_are_kept_or_told),
        cmocka_unit_test(many_failures_are_kept_or_told),
        cmocka_unit_test(odd_findings_have_no_frame),
        cmocka_unit_test(policies_are_held_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
