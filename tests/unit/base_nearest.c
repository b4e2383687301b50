#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/nearest.h"

static const char *const known[] = {"severity",        "enforcement", "title",     "match",
                                    "matchConditions", "id",          "Deployment"};

static berm_str nearest_to(const char *wanted)
{
    berm_nearest nearest = {.wanted = berm_str_of(wanted)};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        berm_nearest_offer(&nearest, berm_str_of(known[i]));
    return nearest.best;
}

static void a_slip_finds_its_word(void **state)
{
    (void)state;
    static const struct {
        const char *wanted, *best;
    } cases[] = {
        {"severty", "severity"},      /* dropped */
        {"severrity", "severity"},    /* doubled */
        {"sevreity", "severity"},     /* swapped */
        {"saverity", "severity"},     /* changed */
        {"Severity", "severity"},     /* case */
        {"deployment", "Deployment"}, /* case */
        {"enforcment", "enforcement"},
        {"matchcondition", "matchConditions"},
        {"titel", "title"},
        {"match", "match"},
        {"i", "id"},
        {"colour", ""},
        {"", ""},
        {"x", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        berm_str best = nearest_to(cases[i].wanted);
        if (!berm_str_is(best, cases[i].best))
            fail_msg("%s: %.*s", cases[i].wanted, (int)best.len, best.ptr);
    }
}

static void the_first_of_equals_wins(void **state)
{
    (void)state;
    berm_nearest nearest = {.wanted = BERM_STR("cat")};
    berm_nearest_offer(&nearest, BERM_STR("bat"));
    berm_nearest_offer(&nearest, BERM_STR("rat"));
    assert_true(berm_str_is(nearest.best, "bat"));
    berm_nearest_offer(&nearest, BERM_STR("Cat"));
    assert_true(berm_str_is(nearest.best, "Cat"));
}

static void long_words_are_passed_over(void **state)
{
    (void)state;
    char word[200];
    memset(word, 'a', sizeof word);
    berm_nearest nearest = {.wanted = {word, sizeof word}};
    berm_nearest_offer(&nearest, (berm_str){word, 199});
    assert_int_equal(nearest.best.len, 0);
    nearest = (berm_nearest){.wanted = {word, 47}};
    berm_nearest_offer(&nearest, (berm_str){word, sizeof word});
    assert_int_equal(nearest.best.len, 0);
    berm_nearest_offer(&nearest, (berm_str){word, 48});
    assert_int_equal(nearest.best.len, 48);
}

static void it_reads_as_a_question(void **state)
{
    (void)state;
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_nearest nearest = {.wanted = BERM_STR("titel")};
    berm_nearest_print(&text, &nearest);
    assert_int_equal(text.len, 0);
    berm_nearest_offer(&nearest, BERM_STR("title"));
    berm_nearest_print(&text, &nearest);
    assert_true(berm_str_is(berm_text_view(&text), "; did you mean `title`?"));
    berm_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_finds_its_word), cmocka_unit_test(the_first_of_equals_wins),
        cmocka_unit_test(long_words_are_passed_over), cmocka_unit_test(it_reads_as_a_question)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
