/* The matcher of waivers by itself: moments, order, what counts, what is over. */
#include "base_alloc.h"
#include "policy_help.h"

#include "base/parts.h"

#if BERM_PART_GOVERNANCE
#include "policy/governance/waivers.h"

#define WAIVER(id, more) \
    "---\nwaiver: " id "\nguardrails: [g]\nscope: {resources: [a]}\ncategory: waived\nreason: r\n" \
    "owner: o\n" more
#define SET(waivers) GUARDRAIL_HEAD GUARDRAIL_RULE waivers

static const berm_time noon = {1795867200, 0}; /* 2026-11-28T12:00:00Z */

/* What the matcher says of a failed finding at the address `a`. */
typedef struct matched {
    compiled set;
    berm_arena arena;
    berm_text scratch;
    berm_finding finding;
} matched;

static void match_at(matched *m, const char *text, berm_time now)
{
    *m = (matched){.set = compile_fine(text)};
    berm_arena_init(&m->arena, &berm_alloc_libc);
    berm_text_init(&m->scratch, &berm_alloc_libc);
    m->finding = (berm_finding){.verdict = BERM_VERDICT_FAIL,
                                .enforcement = BERM_ENFORCEMENT_SOFT_MANDATORY,
                                .guardrail = BERM_STR("g"),
                                .validation = BERM_STR("v"),
                                .address = BERM_STR("a")};
    const berm_waivable about = {&m->finding, BERM_STR("d"), 0, now};
    assert_true(berm_waivers_match(&m->set.image, &about, &m->arena, &m->scratch,
                                   &m->finding.waivers, &m->finding.waiver_count));
    berm_waivers_pick(&m->finding);
}

static void drop_matched(matched *m)
{
    berm_text_free(&m->scratch);
    berm_arena_free(&m->arena);
    drop_compiled(&m->set);
}

static uint32_t verdict_at(const char *text, berm_time now)
{
    matched m;
    match_at(&m, text, now);
    uint32_t verdict = m.finding.verdict;
    drop_matched(&m);
    return verdict;
}

static void those_that_end_together_are_in_the_order_of_ids(void **state)
{
    matched m;
    (void)state;
    match_at(&m,
             SET(WAIVER("b", "created: 2026-01-01\nexpires: 2026-12-01\n")
                     WAIVER("c", "created: 2026-01-01\nexpires: 2026-12-02\n")
                         WAIVER("a", "created: 2026-01-01\nexpires: 2026-12-01\n")),
             noon);
    assert_int_equal(m.finding.waiver_count, 3);
    assert_true(berm_str_is(m.finding.waivers[0].waiver, "c"));
    assert_true(berm_str_is(m.finding.waivers[1].waiver, "a"));
    assert_true(berm_str_is(m.finding.waivers[2].waiver, "b"));
    assert_true(berm_str_is(m.finding.waiver, "c"));
    drop_matched(&m);
}

static void ends_are_exact_to_the_nanosecond(void **state)
{
    (void)state;
    const char *text =
        SET(WAIVER("w", "created: 2026-01-01\nexpires: '2026-11-28T12:00:00.000000005Z'\n"));
    assert_int_equal(verdict_at(text, (berm_time){noon.sec, 5}), BERM_VERDICT_WAIVED);
    assert_int_equal(verdict_at(text, (berm_time){noon.sec, 6}), BERM_VERDICT_FAIL);
    text = SET(WAIVER("w", "created: 2026-01-01\nexpires: 2026-11-27\n"));
    assert_int_equal(verdict_at(text, (berm_time){noon.sec - 43201, 999999999}),
                     BERM_VERDICT_WAIVED);
    assert_int_equal(verdict_at(text, (berm_time){noon.sec - 43200, 0}), BERM_VERDICT_FAIL);
    text = SET(WAIVER("w", "created: '2026-11-28T12:00:00.5Z'\nexpires: 2026-12-01\n"));
    assert_int_equal(verdict_at(text, (berm_time){noon.sec, 499999999}), BERM_VERDICT_FAIL);
    assert_int_equal(verdict_at(text, (berm_time){noon.sec, 500000000}), BERM_VERDICT_WAIVED);
}

static void the_first_and_the_last_day_there_are(void **state)
{
    matched m;
    (void)state;
    match_at(&m, SET(WAIVER("w", "created: 0001-01-01\nexpires: 9999-12-31\n")), noon);
    assert_int_equal(m.finding.verdict, BERM_VERDICT_WAIVED);
    berm_time begins = berm_waiver_begins(&m.set.image.waivers[0]);
    berm_time ends = berm_waiver_ends(&m.set.image.waivers[0]);
    assert_true(begins.sec == -62135596800 && begins.nanos == 0);
    assert_true(ends.sec == 253402300799 && ends.nanos == 999999999);
    assert_int_equal(m.set.image.waivers[0].end_day, BERM_DAYS_MAX);
    drop_matched(&m);
}

static void one_that_is_over_counts_no_longer(void **state)
{
    matched m;
    (void)state;
    match_at(&m,
             SET(WAIVER("late", "created: 2026-01-01\nexpires: 2026-12-09\nmaxMatches: 1\n")
                     WAIVER("early", "created: 2026-01-01\nexpires: 2026-12-01\n")
                         WAIVER("gone", "created: 2026-01-01\nexpires: 2026-11-01\n")),
             noon);
    assert_true(berm_str_is(m.finding.waiver, "late"));
    berm_waivers_exceed(&m.finding, 2, BERM_STR("it has ended already"));
    assert_int_equal(m.finding.waivers[2].standing, BERM_WAIVED_NOT);
    berm_waivers_exceed(&m.finding, 0, BERM_STR("too many"));
    berm_waivers_pick(&m.finding);
    assert_true(berm_str_is(m.finding.waivers[0].why, "too many"));
    assert_true(berm_str_is(m.finding.waiver, "early"));
    berm_waivers_exceed(&m.finding, 1, BERM_STR("too many"));
    berm_waivers_pick(&m.finding);
    assert_int_equal(m.finding.verdict, BERM_VERDICT_FAIL);
    assert_int_equal(m.finding.waiver.len, 0);
    drop_matched(&m);
}

static void a_scope_without_guardrails_matches_nothing(void **state)
{
    matched m;
    (void)state;
    match_at(&m, SET(WAIVER("w", "created: 2026-01-01\nexpires: 2026-12-09\n")), noon);
    assert_int_equal(m.finding.waiver_count, 1);
    /* As an image could have it that no compiler wrote. */
    berm_img_waiver row = m.set.image.waivers[0];
    row.scope.count = 0;
    m.set.image.waivers = &row;
    const berm_waivable about = {&m.finding, BERM_STR("d"), 0, noon};
    assert_true(berm_waivers_match(&m.set.image, &about, &m.arena, &m.scratch, &m.finding.waivers,
                                   &m.finding.waiver_count));
    assert_int_equal(m.finding.waiver_count, 0);
    drop_matched(&m);
}

static void later_ids_stay_behind(void **state)
{
    matched m;
    (void)state;
    match_at(&m,
             SET(WAIVER("a", "created: 2026-01-01\nexpires: 2026-12-01\n")
                     WAIVER("b", "created: 2026-01-01\nexpires: 2026-12-01\n")),
             noon);
    assert_true(berm_str_is(m.finding.waivers[0].waiver, "a"));
    assert_true(berm_str_is(m.finding.waivers[1].waiver, "b"));
    drop_matched(&m);
}

/* Terms are of guardrails; those of one that has none are not another's. */
static void terms_are_a_guardrails_own(void **state)
{
    matched m;
    (void)state;
    const char *text = SET("waivable: {maxDays: 30}\n---\nguardrail: h\ntitle: H\nmatch: {kinds: "
                           "[a]}\nwaivable: {maxDays: 5000000000}\n" GUARDRAIL_RULE WAIVER(
                               "w", "created: 2026-01-01\nexpires: 2026-12-09\n"));
    match_at(&m, text, noon);
    assert_int_equal(m.finding.verdict, BERM_VERDICT_FAIL);
    assert_true(
        berm_str_is(m.finding.waivers[0].why, "waiver w is for 342 days, and 30 are allowed here"));
    berm_waivable about = {&m.finding, BERM_STR("d"), 1, noon};
    assert_true(berm_waivers_match(&m.set.image, &about, &m.arena, &m.scratch, &m.finding.waivers,
                                   &m.finding.waiver_count));
    assert_int_equal(m.finding.waivers[0].why.len, 0); /* more days than there are */
    about.guardrail = 2;
    assert_true(berm_waivers_match(&m.set.image, &about, &m.arena, &m.scratch, &m.finding.waivers,
                                   &m.finding.waiver_count));
    assert_int_equal(m.finding.waivers[0].why.len, 0);
    m.set.image.terms++; /* h's alone */
    m.set.image.term_count--;
    about.guardrail = 0;
    assert_true(berm_waivers_match(&m.set.image, &about, &m.arena, &m.scratch, &m.finding.waivers,
                                   &m.finding.waiver_count));
    assert_int_equal(m.finding.waivers[0].why.len, 0);
    drop_matched(&m);
}

static void matching_tells_where_memory_ends(void **state)
{
    matched m;
    (void)state;
    match_at(&m,
             SET(WAIVER("gone", "created: 2026-01-01\nexpires: 2026-02-01\n")
                     WAIVER("w", "created: 2026-01-01\nexpires: 2026-12-09\n")),
             noon);
    const berm_waivable about = {&m.finding, BERM_STR("d"), 0, noon};
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    for (size_t once = 0; once < 2; once++) {
        berm_arena arena;
        berm_text scratch;
        heap = (counted_heap){.fail_at = 1, .once = (int)once};
        berm_arena_init(&arena, &alloc);
        berm_text_init(&scratch, &alloc);
        assert_false(berm_waivers_match(&m.set.image, &about, &arena, &scratch, &m.finding.waivers,
                                        &m.finding.waiver_count));
        heap = (counted_heap){.fail_at = 2};
        berm_arena_init(&arena, &alloc);
        berm_text_init(&scratch, &alloc);
        assert_false(berm_waivers_match(&m.set.image, &about, &arena, &scratch, &m.finding.waivers,
                                        &m.finding.waiver_count));
        assert_int_equal(m.finding.waiver_count, 0);
        berm_text_free(&scratch);
        berm_arena_free(&arena);
        assert_int_equal(heap.in_use, 0);
    }
    drop_matched(&m);
}

static void counting_tells_where_memory_ends(void **state)
{
    matched m;
    (void)state;
    match_at(&m, SET(WAIVER("w", "created: 2026-01-01\nexpires: 2026-12-09\nmaxMatches: 1\n")),
             noon);
    berm_finding twice[] = {m.finding, m.finding};
    berm_decision decision = {.summary = {.verdicts = {[BERM_VERDICT_WAIVED] = 2}}};
    decision.findings.items = twice;
    decision.findings.count = 2;
    counted_heap heap = {0}, other = {.fail_at = 1};
    berm_alloc alloc = counted_alloc(&heap), none = counted_alloc(&other);
    berm_arena arena;
    berm_arena_init(&arena, &none);
    assert_false(berm_waivers_settle(&alloc, &m.set.image, &arena, &decision));
    for (size_t nth = 1; nth < 3; nth++) {
        heap.calls = 0;
        heap.fail_at = nth;
        assert_false(berm_waivers_settle(&alloc, &m.set.image, &m.arena, &decision));
    }
    assert_int_equal(decision.summary.verdicts[BERM_VERDICT_WAIVED], 2);
    heap.fail_at = 0;
    assert_true(berm_waivers_settle(&alloc, &m.set.image, &m.arena, &decision));
    assert_int_equal(decision.summary.verdicts[BERM_VERDICT_FAIL], 2);
    assert_int_equal(decision.summary.denied, 1);
    assert_int_equal(heap.in_use, 0);
    drop_matched(&m);
}

static void what_is_said_of_a_waiver(void **state)
{
    berm_text out;
    (void)state;
    berm_text_init(&out, &berm_alloc_libc);
    berm_waiver w = {.id = BERM_STR("w"), .expires = BERM_STR("2026-12-01")};
    w.status = BERM_WAIVER_ACTIVE;
    berm_waiver_print_news(&out, &w, "");
    assert_int_equal(out.len, 0);
    w.status = BERM_WAIVER_EXPIRED;
    w.problems = BERM_WAIVER_SELF_APPROVED;
    berm_waiver_print_news(&out, &w, "- ");
    w = (berm_waiver){.id = BERM_STR("\x1b[2J"), .expires = BERM_STR("\x1b[3J")};
    w.status = BERM_WAIVER_EXPIRING; /* as an image could have it that no compiler wrote */
    berm_waiver_print_news(&out, &w, "");
    w.status = BERM_WAIVER_OVER_BROAD;
    w.matches = w.max_matches = UINT64_MAX;
    berm_waiver_print_news(&out, &w, "");
    berm_text_putc(&out, '\0');
    assert_string_equal(out.ptr,
                        "- waiver w expired on 2026-12-01\n"
                        "- waiver w is approved by its own owner, and waives nothing\n"
                        "waiver \xef\xbf\xbd[2J expires soon, on \xef\xbf\xbd[3J\n"
                        "waiver \xef\xbf\xbd[2J is too broad: it matches 18446744073709551615 "
                        "findings, its maxMatches is 18446744073709551615, so it waives none\n");
    assert_string_equal(berm_waiver_status_word(BERM_WAIVER_OVER_BROAD), "over-broad");
    assert_string_equal(berm_waiver_status_word(99), "");
    assert_string_equal(berm_waiver_category_word(4), "accepted-risk");
    assert_string_equal(berm_waiver_category_word(5), "");
    berm_text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_that_end_together_are_in_the_order_of_ids),
        cmocka_unit_test(ends_are_exact_to_the_nanosecond),
        cmocka_unit_test(the_first_and_the_last_day_there_are),
        cmocka_unit_test(one_that_is_over_counts_no_longer),
        cmocka_unit_test(a_scope_without_guardrails_matches_nothing),
        cmocka_unit_test(later_ids_stay_behind),
        cmocka_unit_test(terms_are_a_guardrails_own),
        cmocka_unit_test(matching_tells_where_memory_ends),
        cmocka_unit_test(counting_tells_where_memory_ends),
        cmocka_unit_test(what_is_said_of_a_waiver),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
