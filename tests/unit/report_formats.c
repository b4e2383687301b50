/* What the formats make of findings that are odd: without a message, with names that are markup,
   past limits of their readers. */
#include "report_help.h"

#include "base/parts.h"

#if BERM_PART_FORMATS
#include "report/formats/formats.h"

#define SET \
    SHOP "---\nguardrail: size\ntitle: A size\nmatch: {kinds: [box]}\nurl: http://example.org/s\n" \
         "category: \"a\\\"b\\\\c\\nd\\x01e\"\n" \
         "validations: [{name: small, expression: 'object.n < 3', message: 'is large'}]\n"
#define BOX "- {kind: box, name: a, n: 7, tags: {owner: x}}\n"

static void begin(judged *j, berm_report *report, const char *name)
{
    judge(j, SET, name, BOX);
    report_begin(report, &berm_alloc_libc);
    assert_int_equal(berm_report_fill(report, &j->run, &j->decision), BERM_OK);
}

static void end(judged *j, berm_report *report)
{
    berm_report_clear(report);
    drop_judged(j);
}

/* The title stands for it. */
static void a_finding_may_have_no_message(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    begin(&j, &report, "b.yaml");
    report.entries.items[0].finding.message = BERM_STR("");
    expect_part(&report, BERM_REPORT_CONFTEST, 0, "\"msg\": \"a: A size\"");
    expect_part(&report, BERM_REPORT_GITLAB, 0, "\"description\": \"a: A size\"");
    expect_part(&report, BERM_REPORT_JUNIT, 0, "message=\"A size\"");
    expect_part(&report, BERM_REPORT_MARKDOWN, 0, "| a | A size | b.yaml&#58;1 |");
    expect_part(&report, BERM_REPORT_HTML, 0, "<strong>A size</strong>");
    expect_part(&report, BERM_REPORT_GITHUB, 0, "::a: A size");
    report.entries.items[0].finding.verdict = BERM_VERDICT_UNKNOWN;
    expect_part(&report, BERM_REPORT_JUNIT, 0, "<skipped message=\"unknown\"/>");
    end(&j, &report);
}

static void texts_are_escaped_for_tables(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    begin(&j, &report, "b.yaml");
    berm_finding *f = &report.entries.items[0].finding;
    f->message = BERM_STR("\0=1");
    expect_part(&report, BERM_REPORT_CSV, 0, ",\"\xef\xbf\xbd=1\",");
    f->message = BERM_STR("=1\t2\n\"3\"\x01");
    expect_part(&report, BERM_REPORT_CSV, 0, ",\"'=1\t2\n\"\"3\"\"\xef\xbf\xbd\",");
    f->message = BERM_STR("\t1");
    expect_part(&report, BERM_REPORT_CSV, 0, ",\"'\t1\",");
    f->message = BERM_STR("1");
    expect_part(&report, BERM_REPORT_CSV, 0, ",\"1\",");
    end(&j, &report);
}

static void names_of_files_are_escaped_for_commands(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    begin(&j, &report, "a:b,c%d\r\n.yaml");
    expect_part(&report, BERM_REPORT_GITHUB, 0, "::error file=a%3Ab%2Cc%25d%0D%0A.yaml,line=1");
    report.entries.items[0].finding.message = BERM_STR("a:b,c%d");
    expect_part(&report, BERM_REPORT_GITHUB, 0, "::a: a:b,c%25d");
    end(&j, &report);
}

static void labels_are_escaped_for_metrics(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    begin(&j, &report, "b.yaml");
    expect_part(&report, BERM_REPORT_OPENMETRICS, 0,
                "category=\"a\\\"b\\\\c\\nd\xef\xbf\xbd"
                "e\"} 1\n");
    end(&j, &report);
}

/* The last line is as good as all before it: a text without is no whole report. */
static void metrics_end_with_their_last_line(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    begin(&j, &report, "b.yaml");
    for (size_t before = 0; before < 1200; before++) {
        size_t calls = 0;
        for (uint32_t failing = 0; failing < 2; failing++) {
            berm_text out;
            berm_text_init(&out, &alloc);
            heap.fail_at = 0;
            berm_text_pad(&out, ' ', before);
            heap.calls = 0;
            heap.fail_at = failing ? calls : 0;
            bool made = put_report(&out, &report, BERM_REPORT_OPENMETRICS, 0);
            calls = heap.calls;
            bool ends = berm_str_ends(berm_text_view(&out), BERM_STR("# EOF\n"));
            berm_text_free(&out);
            assert_int_equal(made, !failing || !calls);
            assert_int_equal(ends, made);
        }
    }
    assert_int_equal(heap.in_use, 0);
    end(&j, &report);
}

static void links_lead_to_the_web_alone(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    begin(&j, &report, "b.yaml");
    berm_entry *e = &report.entries.items[0];
    expect_part(&report, BERM_REPORT_HTML, 0,
                "<a rel=\"noreferrer\" href=\"http://example.org/s\">");
    e->url = BERM_STR("https://example.org/\"s\"");
    expect_part(&report, BERM_REPORT_HTML, 0, "href=\"https://example.org/&quot;s&quot;\">");
    e->url = BERM_STR("javascript:alert(1)");
    expect_no_part(&report, BERM_REPORT_HTML, 0, "href=\"java");
    expect_part(&report, BERM_REPORT_HTML, 0, "<dd>javascript:alert(1)</dd>");
    e->url = BERM_STR("");
    expect_no_part(&report, BERM_REPORT_HTML, 0, "<dt>More</dt>");
    end(&j, &report);
}

/* Comments take a mebibyte. */
static void markdown_ends_before_it_is_too_long(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    berm_text text;
    begin(&j, &report, "b.yaml");
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_pad(&text, 'x', 600000);
    report.entries.items[0].finding.message = berm_text_view(&text);
    for (size_t i = 0; i < 3; i++)
        assert_true(berm_array_push(&report.alloc, &report.entries, report.entries.items[0]));
    berm_text out = written(&report, BERM_REPORT_MARKDOWN, 0);
    assert_true(out.len < 1300000);
    assert_non_null(strstr(out.ptr, "\n+2 more\n"));
    berm_text_free(&out);
    berm_text_free(&text);
    end(&j, &report);
}

/* GitHub takes 25,000 results, and refuses a file with one more. */
static void sarif_for_github_is_cut(void **state)
{
    (void)state;
    berm_report report;
    const berm_error why = {.message = "unreadable"};
    report_begin(&report, &berm_alloc_libc);
    for (uint32_t i = 0; i < 25003; i++)
        assert_int_equal(berm_report_fill_failure(&report, BERM_STR("t"), &why), BERM_OK);
    expect_part(&report, BERM_REPORT_SARIF_GITHUB, 0, "\"omittedResults\": 3");
    expect_no_part(&report, BERM_REPORT_SARIF, 0, "\"omittedResults\"");
    berm_report_clear(&report);
}

static void kubernetes_is_told_of_the_first_policies(void **state)
{
    (void)state;
    judged j, k;
    berm_report report;
    berm_text digest;
    begin(&j, &report, "a.yaml");
    judge(&k,
          SHOP "---\nguardrail: g\ntitle: G\nmatch: {kinds: [box]}\n"
               "validations: [{name: v, expression: object.n > 9}]\n",
          "b.yaml", BOX);
    assert_int_equal(berm_report_fill(&report, &k.run, &k.decision), BERM_OK);
    berm_text_init(&digest, &berm_alloc_libc);
    berm_put_policy_digest(&digest, j.policy);
    berm_text_putc(&digest, '\0');
    expect_part(&report, BERM_REPORT_POLICYREPORT, 0, digest.ptr);
    digest.len = 0;
    berm_put_policy_digest(&digest, k.policy);
    berm_text_putc(&digest, '\0');
    expect_no_part(&report, BERM_REPORT_POLICYREPORT, 0, digest.ptr);
    berm_text_free(&digest);
    drop_judged(&k);
    end(&j, &report);
}

/* Before 1970 seconds are negative, and unsigned ones are no time of Kubernetes'. */
static void times_before_the_epoch(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    begin(&j, &report, "a.yaml");
    report.extras.now = (berm_time){-5, 7};
    expect_part(&report, BERM_REPORT_OPENREPORTS, 0, "{\"seconds\": -5, \"nanos\": 7}");
    expect_part(&report, BERM_REPORT_OPENMETRICS, 0, "berm_run_timestamp_seconds 0\n");
    end(&j, &report);
}

static void a_witness_may_have_no_place(void **state)
{
    (void)state;
    judged j;
    berm_report report;
    begin(&j, &report, "a.yaml");
    berm_finding *f = &report.entries.items[0].finding;
    assert_non_null(f->witness);
    berm_witness witness = *f->witness;
    f->witness = &witness;
    expect_part(&report, BERM_REPORT_TEXT, BERM_REPORT_VERBOSE, " (set.yaml:11:42)\n");
    expect_no_part(&report, BERM_REPORT_TEXT, 0, "(set.yaml");
    witness.line = 0;
    expect_no_part(&report, BERM_REPORT_TEXT, BERM_REPORT_VERBOSE, "(set.yaml");
    end(&j, &report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_may_have_no_message),
        cmocka_unit_test(texts_are_escaped_for_tables),
        cmocka_unit_test(names_of_files_are_escaped_for_commands),
        cmocka_unit_test(labels_are_escaped_for_metrics),
        cmocka_unit_test(metrics_end_with_their_last_line),
        cmocka_unit_test(links_lead_to_the_web_alone),
        cmocka_unit_test(markdown_ends_before_it_is_too_long),
        cmocka_unit_test(sarif_for_github_is_cut),
        cmocka_unit_test(kubernetes_is_told_of_the_first_policies),
        cmocka_unit_test(times_before_the_epoch),
        cmocka_unit_test(a_witness_may_have_no_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
