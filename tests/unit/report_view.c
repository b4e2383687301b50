/* What several formats need: names of documents, tags, identities, order; and memory that ends. */
#include "report_help.h"

#include "base/parts.h"

#if BERM_PART_FORMATS
#include "report/formats/formats.h"

#define SET \
    SHOP "---\nguardrail: size\ntitle: Size\nmatch: {kinds: [box]}\n" \
         "validations: [{name: small, expression: 'object.n < 3'}]\n"

static void expect_path(const char *base, const char *source, const char *wanted)
{
    berm_report report = {.extras = {.base = berm_str_of(base)}};
    const berm_survey view = {.report = &report};
    berm_str path = berm_survey_path(&view, berm_str_of(source));
    if (!berm_str_is(path, wanted)) fail_msg("%.*s, not %s", (int)path.len, path.ptr, wanted);
}

static void documents_are_named_below_the_base(void **state)
{
    (void)state;
    expect_path("", "a/b.yaml", "a/b.yaml");
    expect_path("/base", "/base/a.yaml", "a.yaml");
    expect_path("/base//", "/base/a.yaml", "a.yaml");
    expect_path("/ba", "/base/a.yaml", "/base/a.yaml");
    expect_path("/base", "/base/", "/base/");
    expect_path("/base", "/base", "/base");
    expect_path("/other", "/base/a.yaml", "/base/a.yaml");
    expect_path("/", "/base/a.yaml", "/base/a.yaml");
    expect_path("", "./a.yaml", "a.yaml");
    expect_path(".", "././a.yaml", "a.yaml");
    expect_path("", "./", "./");
    expect_path("", "-", "stdin");
    expect_path("", "", "stdin");
    expect_path("", "--", "--");
}

/* The owner of an entry with these tags. */
static void expect_owner(const char *tags, const char *wanted)
{
    berm_report report;
    berm_survey view;
    const berm_entry entry = {.finding = {.tags = berm_str_of(tags)}};
    report_begin(&report, &berm_alloc_libc);
    assert_true(berm_survey_open(&view, &report, 0));
    berm_str owner = berm_entry_owner(&view, &entry);
    assert_false(view.failed);
    if (!berm_str_is(owner, wanted)) fail_msg("%.*s, not %s", (int)owner.len, owner.ptr, wanted);
    berm_text nothing = {.failed = false};
    assert_true(berm_survey_close(&view, &nothing));
    berm_report_clear(&report);
}

static void owners_are_told_by_tags(void **state)
{
    (void)state;
    expect_owner("", "");
    expect_owner("{}", "");
    expect_owner("{\"owner\": \"a\", \"team\": \"b\"}", "a");
    expect_owner("{\"other\": \"x\", \"OWNER\": \"a\"}", "a");
    expect_owner("{\"own-r\": \"x\", \"own_r\": \"x\", \"Team\": \"b\"}", "b");
    expect_owner("{\"owner\": 3, \"team\": \"b\"}", "b");
    expect_owner("{\"owner\": \"\", \"team\": \"b\"}", "b");
    expect_owner("[\"owner\"]", ""); /* no report has such */
}

static void waivers_are_told_with_their_end(void **state)
{
    (void)state;
    berm_text out;
    berm_finding f = {.waiver = BERM_STR("w"), .waiver_expires = BERM_STR("2026-12-31")};
    berm_text_init(&out, &berm_alloc_libc);
    berm_put_waiver(&out, &f);
    f.waiver_expires = BERM_STR("");
    berm_put_waiver(&out, &f);
    berm_text_putc(&out, '\0');
    assert_string_equal(out.ptr, "waiver w, until 2026-12-31waiver w");
    berm_text_free(&out);
}

static void words_of_nothing_are_empty(void **state)
{
    (void)state;
    assert_string_equal(berm_figure_status_word(BERM_FIGURE_NO_DATA), "no-data");
    assert_string_equal(berm_figure_status_word(99), "");
    assert_string_equal(berm_control_state_word(BERM_CONTROL_NOT_COVERED), "not-covered");
    assert_string_equal(berm_control_state_word(99), "");
}

/* A rule has an id, whatever failed. */
static void rules_have_ids(void **state)
{
    (void)state;
    berm_text out;
    berm_entry e = {.source = BERM_STR("s")};
    berm_text_init(&out, &berm_alloc_libc);
    berm_put_rule_id(&out, &e);
    e.finding.fingerprint = BERM_STR("1");
    berm_text_putc(&out, ' ');
    berm_put_rule_id(&out, &e);
    e.finding.guardrail = BERM_STR("g");
    berm_text_putc(&out, ' ');
    berm_put_rule_id(&out, &e);
    e.finding.validation = BERM_STR("v");
    berm_text_putc(&out, ' ');
    berm_put_rule_id(&out, &e);
    berm_text_putc(&out, '\0');
    assert_string_equal(out.ptr, "berm/input berm/target g g/v");
    berm_text_free(&out);
}

/* Failures without a policy: no rules, and identities that are told apart by number. */
static void fill_failures(berm_report *report, uint32_t count)
{
    const berm_error why = {.message = "unreadable"};
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(berm_report_fill_failure(report, BERM_STR("torn"), &why), BERM_OK);
}

static void identities_are_told_apart(void **state)
{
    (void)state;
    berm_report report;
    berm_survey view;
    report_begin(&report, &berm_alloc_libc);
    fill_failures(&report, 3);
    assert_true(berm_survey_open(&view, &report, 0));
    assert_int_equal(view.rules.count, 0);
    assert_int_equal(view.rule_of[0], BERM_NO_ROW);
    assert_false(berm_str_equal(view.identities[0], view.identities[1]));
    assert_false(berm_str_equal(view.identities[1], view.identities[2]));
    assert_false(berm_str_equal(view.identities[0], view.identities[2]));
    berm_text nothing = {.failed = false};
    assert_true(berm_survey_close(&view, &nothing));
    berm_report_clear(&report);
}

/* Reports of so many failures and of none: each has other texts where its memory ends. */
static void reports_of_failures_are_whole_or_refused(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0, 1, 130};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        counted_heap heap = {0};
        berm_alloc alloc = counted_alloc(&heap);
        berm_report report;
        report_begin(&report, &alloc);
        fill_failures(&report, counts[i]);
        expect_whole_or_refused(&report, &heap);
        berm_report_clear(&report);
        assert_int_equal(heap.in_use, 0);
    }
}

/* Fails the n-th of the blocks that are larger than an arena shares. */
typedef struct large_heap {
    size_t calls, fail_at;
} large_heap;

static void *resize_large(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
    large_heap *heap = ctx;
    (void)old_len;
    if (new_len == 0) return free(ptr), NULL;
    if (!ptr && new_len > 66000 && ++heap->calls == heap->fail_at) return NULL;
    return realloc(ptr, new_len);
}

static void expect_large_whole(berm_report *report, large_heap *heap, uint32_t format)
{
    for (size_t nth = 1;; nth++) {
        berm_text out;
        *heap = (large_heap){.fail_at = nth};
        berm_text_init(&out, &berm_alloc_libc);
        bool made = put_report(&out, report, format, 0);
        berm_text_free(&out);
        assert_int_equal(made, heap->calls < nth);
        if (made) break;
    }
    assert_true(heap->calls > 1);
}

/* So many entries that what is picked of them takes blocks of its own. */
static void picking_tells_where_memory_ends(void **state)
{
    (void)state;
    large_heap heap = {0};
    berm_report report;
    const berm_alloc alloc = {resize_large, &heap};
    report_begin(&report, &alloc);
    fill_failures(&report, 8500);
    expect_large_whole(&report, &heap, BERM_REPORT_HTML);
    expect_large_whole(&report, &heap, BERM_REPORT_MARKDOWN);
    expect_large_whole(&report, &heap, BERM_REPORT_SARIF_GITHUB);
    fill_failures(&report, 8500); /* what was picked is half as large, and GitHub shows ten */
    expect_large_whole(&report, &heap, BERM_REPORT_GITHUB);
    berm_report_clear(&report);
}

/* What a survey keeps ends a block of its memory at another text for each number of entries. */
static void a_survey_opens_whole_or_not_at_all(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_report report;
    report_begin(&report, &alloc);
    for (uint32_t count = 0; count < 60; count++) {
        size_t before = heap.in_use;
        for (size_t nth = 1;; nth++) {
            berm_survey view;
            berm_text nothing = {.failed = false};
            heap.calls = 0;
            heap.fail_at = nth;
            bool made = berm_survey_open(&view, &report, 0);
            bool reached = heap.calls >= nth;
            heap.fail_at = 0;
            assert_int_equal(made, !reached);
            assert_int_equal(berm_survey_close(&view, &nothing), made);
            assert_int_equal(heap.in_use, before);
            if (!reached) break;
        }
        fill_failures(&report, 1);
    }
    berm_report_clear(&report);
    assert_int_equal(heap.in_use, 0);
}

static void long_tags_are_whole_or_refused(void **state)
{
    (void)state;
    judged j;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_report report;
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_put(&text, BERM_STR("- {kind: box, name: a, n: 7, tags: {owner: "));
    berm_text_pad(&text, 'x', 70000); /* more than a block of an arena */
    berm_text_put(&text, BERM_STR("}}\n"));
    berm_text_putc(&text, '\0');
    judge(&j, SET, "boxes.yaml", text.ptr);
    report_begin(&report, &alloc);
    assert_int_equal(berm_report_fill(&report, &j.run, &j.decision), BERM_OK);
    expect_whole_or_refused(&report, &heap);
    berm_report_clear(&report);
    assert_int_equal(heap.in_use, 0);
    drop_judged(&j);
    berm_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_named_below_the_base),
        cmocka_unit_test(owners_are_told_by_tags),
        cmocka_unit_test(waivers_are_told_with_their_end),
        cmocka_unit_test(words_of_nothing_are_empty),
        cmocka_unit_test(rules_have_ids),
        cmocka_unit_test(identities_are_told_apart),
        cmocka_unit_test(reports_of_failures_are_whole_or_refused),
        cmocka_unit_test(picking_tells_where_memory_ends),
        cmocka_unit_test(a_survey_opens_whole_or_not_at_all),
        cmocka_unit_test(long_tags_are_whole_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
