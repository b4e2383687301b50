/* Waivers from their documents to rows: what is refused, what is noted. */
#include "policy_help.h"

#include "base/parts.h"

#if BERM_PART_GOVERNANCE
#include "policy/governance/waivers.h"

#define TIMES "created: 2026-01-01\nexpires: 2026-12-31\n"
#define WAIVER(more) \
    GUARDRAIL_HEAD GUARDRAIL_RULE "---\nwaiver: w\nreason: r\nowner: o\n" TIMES more
#define SCOPED "guardrails: [g]\nscope: {resources: [a]}\n"

static void what_a_waiver_must_say(void **state)
{
    (void)state;
    expect_diags(WAIVER(SCOPED "category: mitigated\nmitigations: [' ', x]\n"),
                 "B0555:14:15 a mitigation is blank\n");
    expect_diags(WAIVER(SCOPED "category: mitigated\nmitigations: []\n"),
                 "B0555:13:11 a waiver of the category mitigated needs `mitigations`\n");
    expect_diags(WAIVER(SCOPED "category: waived\nmaxMatches: 4294967296\n"),
                 "B0555:14:13 `maxMatches` is at least 1\n");
    expect_diags(WAIVER(SCOPED "category: waived\nmaxMatches: 0\n"),
                 "B0555:14:13 `maxMatches` is at least 1\n");
    expect_diags(WAIVER("guardrails: ['']\nscope: {resources: [a]}\ncategory: waived\n"),
                 "B0555:11:14 a pattern is blank: it matches nothing\n");
    expect_diags(WAIVER("guardrails: []\nscope: {resources: [' ']}\ncategory: waived\n"),
                 "B0555:11:13 `guardrails` is empty: the waiver is about none\n"
                 "B0555:12:21 a pattern is blank: it matches nothing\n");
    expect_diags(WAIVER("guardrails: [g]\nscope: {}\ncategory: waived\n"),
                 "B0555:12:8 `scope` says nothing: name resources, kinds, elements, documents or "
                 "fingerprints\n");
}

/* Of the first waiver of a set. */
static berm_img_waiver row_of(const char *text)
{
    compiled c = compile_fine(text);
    assert_int_equal(c.image.waiver_count, 1);
    berm_img_waiver row = c.image.waivers[0];
    drop_compiled(&c);
    return row;
}

static uint32_t problems_at(const char *address)
{
    char text[600];
    (void)snprintf(text, sizeof text,
                   WAIVER("guardrails: [g]\nscope: {resources: ['%s']}\ncategory: waived\n"),
                   address);
    return row_of(text).problems;
}

static void addresses_with_numbers_are_noted(void **state)
{
    (void)state;
    assert_int_equal(problems_at("a[0]"), BERM_WAIVER_HAS_INDEX);
    assert_int_equal(problems_at("a[b].c[12].d"), BERM_WAIVER_HAS_INDEX);
    assert_int_equal(problems_at("a[12"), 0);
    assert_int_equal(problems_at("a[1x]"), 0);
    assert_int_equal(problems_at("a[]b"), 0);
    assert_int_equal(problems_at("*"), BERM_WAIVER_IS_BROAD);
}

static void approvers_are_counted_once(void **state)
{
    (void)state;
#define APPROVED(names) WAIVER(SCOPED "category: waived\napprovers: [" names "]\n")
#define BY(name) "{name: " name "}"
    assert_int_equal(row_of(APPROVED(BY("a") ", " BY("b"))).approvers, 2);
    assert_int_equal(row_of(APPROVED(BY("a") ", " BY("b") ", " BY("' a '"))).approvers, 2);
    berm_img_waiver row = row_of(APPROVED(BY("a") ", " BY("o") ", " BY("' '")));
    assert_int_equal(row.approvers, 1);
    assert_int_equal(row.problems, BERM_WAIVER_SELF_APPROVED);
}

/* Guardrails are compiled once more for tests with parameters of their own: those are no guardrails
   that a waiver could name, and have no terms. */
static void copies_for_tests_are_nothing_to_waive(void **state)
{
    (void)state;
#define TESTED(id, waivable) \
    "guardrail: " id "\ntitle: T\nmatch: {kinds: [a]}\n" waivable \
    "parameters: {p: {type: int, default: 1}}\n" \
    "validations: [{name: v, expression: object.a == params.p}]\n" \
    "tests:\n  - {name: t, object: {a: 2}, params: {p: 2}, expect: {v: pass}}\n" \
    "  - {name: u, object: {a: 3}, params: {p: 3}, expect: {v: pass}}\n"
    compiled c = compile_fine(TESTED("g", "waivable: {maxDays: 9}\n") "---\n" TESTED(
        "h",
        "waivable: {maxDays: 4294967299, categories: [waived]}\n") "---\n"
                                                                   "waiver: w\nreason: r\nowner: "
                                                                   "o\ncategory: waived\n" TIMES
                                                                   "guardrails: [h/v]\nscope: "
                                                                   "{resources: [a]}\n");
    assert_true(c.image.guardrail_count > 4);
    assert_int_equal(c.image.term_count, 2);
    assert_int_equal(c.image.terms[0].max_days, 9);
    assert_int_equal(c.image.terms[1].max_days, UINT32_MAX);
    assert_int_equal(c.image.waivers[0].problems, 0);
    drop_compiled(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_waiver_must_say),
        cmocka_unit_test(addresses_with_numbers_are_noted),
        cmocka_unit_test(approvers_are_counted_once),
        cmocka_unit_test(copies_for_tests_are_nothing_to_waive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
