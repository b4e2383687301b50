#include "data/time.h"

#include "base/text.h"

#include <setjmp.h>

#include <cmocka.h>

/* Every day of the years that timestamps have, counted by hand from the first. */
static void the_calendar(void **state)
{
    (void)state;
    static const int32_t lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t days = -719162; /* 0001-01-01, a Monday */
    int32_t weekday = 1;
    for (int32_t year = 1; year <= 9999; year++) {
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        int32_t year_day = 0;
        for (int32_t month = 1; month <= 12; month++) {
            for (int32_t day = 1; day <= lengths[month - 1] + (leap && month == 2); day++) {
                if (berm_days_from_civil(year, month, day) != days)
                    fail_msg("%d-%d-%d", year, month, day);
                berm_civil c = berm_time_civil((berm_time){days * 86400 + 86399, 7}, 0);
                if (c.year != year || c.month != month || c.day != day || c.weekday != weekday ||
                    c.year_day != year_day || c.hour != 23 || c.minute != 59 || c.second != 59 ||
                    c.nanos != 7) {
                    fail_msg("%d-%d-%d comes back as %d-%d-%d", year, month, day, c.year, c.month,
                             c.day);
                }
                days++;
                year_day++;
                weekday = (weekday + 1) % 7;
            }
        }
    }
    assert_int_equal(days, 2932897); /* 10000-01-01 */
}

static void offsets_move_the_clock(void **state)
{
    (void)state;
    berm_civil c = berm_time_civil((berm_time){1234567890, 0}, -9 * 3600 - 1800);
    assert_int_equal(c.day, 13);
    assert_int_equal(c.hour, 14);
    assert_int_equal(c.minute, 1);
    c = berm_time_civil((berm_time){-1, 0}, 3600);
    assert_int_equal(c.year, 1970);
    assert_int_equal(c.hour, 0);
    assert_int_equal(c.second, 59);
    c = berm_time_civil((berm_time){-62135596800, 0}, -3600);
    assert_int_equal(c.year, 0);
    assert_int_equal(c.month, 12);
    assert_int_equal(c.year_day, 365);
}

static void rfc3339_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t sec;
        int32_t nanos;
    } good[] = {
        {"1970-01-01T00:00:00Z", 0, 0},
        {"2009-02-13T23:31:30Z", 1234567890, 0},
        {"2009-02-14T01:31:30+02:00", 1234567890, 0},
        {"2009-02-13T16:01:30.25-07:30", 1234567890, 250000000},
        {"2024-02-29T00:00:00.000000001Z", 1709164800, 1},
        {"0001-01-01T00:00:00Z", -62135596800, 0},
        {"9999-12-31T23:59:59.999999999Z", 253402300799, 999999999},
        {"0001-01-01T23:59:00+23:59", -62135596800, 0},
        {"0000-12-31T23:59:00-00:01", -62135596800, 0},
        {"2009-02-13T23:31:30.12345678999Z", 1234567890, 123456789},
    };
    static const char *const bad[] = {
        "",
        "2009-02-13",
        "2009-02-13T23:31:30",
        "2009-02-13t23:31:30Z",
        "2009-02-13T23:31:30z",
        "2009-02-13 23:31:30Z",
        "2009-02-13T23:31:30Z ",
        "2009-02-13T23:31:60Z",
        "2009-02-13T24:00:00Z",
        "2009-02-13T23:60:00Z",
        "2009-02-13T23:31:30.Z",
        "2009-02-13T23:31:30,5Z",
        "2009-02-13T23:31Z",
        "2009-02-13T3:31:30Z",
        "2009-00-13T23:31:30Z",
        "2009-13-13T23:31:30Z",
        "2009-02-00T23:31:30Z",
        "2009-02-29T23:31:30Z",
        "1900-02-29T23:31:30Z",
        "2009-04-31T23:31:30Z",
        "209-02-13T23:31:30Z",
        "02009-02-13T23:31:30Z",
        "-009-02-13T23:31:30Z",
        "2009-2-13T23:31:30Z",
        "2009-02-13T23:31:30+0200",
        "2009-02-13T23:31:30+2:00",
        "2009-02-13T23:31:30+24:00",
        "2009-02-13T23:31:30+02:60",
        "2009-02-13T23:31:3",
        "0000-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        berm_time time;
        if (!berm_time_parse(berm_str_of(good[i].text), &time))
            fail_msg("refused: %s", good[i].text);
        assert_int_equal(time.sec, good[i].sec);
        assert_int_equal(time.nanos, good[i].nanos);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        berm_time time;
        if (berm_time_parse(berm_str_of(bad[i]), &time)) fail_msg("accepted: %s", bad[i]);
    }
}

static void times_are_printed(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "1970-01-01T00:00:00Z",           "2009-02-13T23:31:30.1Z",
        "2009-02-13T23:31:30.12345Z",     "2009-02-13T23:31:30.000000001Z",
        "9999-12-31T23:59:59.999999999Z", "0001-01-01T00:00:00Z"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        berm_time time;
        char out[40];
        assert_true(berm_time_parse(berm_str_of(texts[i]), &time));
        assert_true(berm_str_is((berm_str){out, berm_time_print(time, out)}, texts[i]));
    }
}

static void the_range_of_times(void **state)
{
    (void)state;
    assert_true(berm_time_valid((berm_time){-62135596800, 0}));
    assert_false(berm_time_valid((berm_time){-62135596801, 999999999}));
    assert_true(berm_time_valid((berm_time){253402300799, 999999999}));
    assert_false(berm_time_valid((berm_time){253402300800, 0}));
    assert_false(berm_time_valid((berm_time){0, -1}));
    assert_false(berm_time_valid((berm_time){0, 1000000000}));
    assert_false(berm_time_valid((berm_time){INT64_MIN, 0}));
}

static void dates_are_days(void **state)
{
    (void)state;
    berm_time time;
    assert_true(berm_date_parse(BERM_STR("2026-12-31"), false, &time));
    assert_int_equal(time.sec, 1798675200);
    assert_int_equal(time.nanos, 0);
    assert_true(berm_date_parse(BERM_STR("2026-12-31"), true, &time));
    assert_int_equal(time.sec, 1798675200 + 86399);
    assert_int_equal(time.nanos, 999999999);
    static const char *const bad[] = {"",           "2026-12-32",  "2026-12-3", "2026-12-311",
                                      "2026/12/31", "2026-12-31Z", "0000-01-01"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (berm_date_parse(berm_str_of(bad[i]), false, &time)) fail_msg("accepted: %s", bad[i]);
    }
}

static void durations_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t nanos;
    } good[] = {
        {"0", 0},
        {"-0", 0},
        {"+0", 0},
        {"0s", 0},
        {"1h", 3600000000000},
        {"1m", 60000000000},
        {"1s", 1000000000},
        {"1ms", 1000000},
        {"1us", 1000},
        {"1\xC2\xB5s", 1000},
        {"1\xCE\xBCs", 1000},
        {"1ns", 1},
        {"-1h30m", -5400000000000},
        {"+1.5h", 5400000000000},
        {".5s", 500000000},
        {"5.s", 5000000000},
        {"1h1h", 7200000000000},
        {"1.000000001s", 1000000001},
        {"1.9999999999s", 1999999999},
        {"0.000000000000277777778h", 1},
        {"0.00000000000027777777777777777777777777h", 0},
        {"0.3333333333333333333h", 1199999999999},
        {"2562047h47m16.854775807s", INT64_MAX},
        {"-2562047h47m16.854775808s", INT64_MIN},
        {"9223372036854775807ns", INT64_MAX},
        {"-9223372036854775808ns", INT64_MIN},
    };
    static const char *const bad[] = {"",
                                      "-",
                                      "s",
                                      "1",
                                      "1d",
                                      "1 s",
                                      " 1s",
                                      "1s ",
                                      "1.s.",
                                      ".s",
                                      ".",
                                      "--1s",
                                      "1S",
                                      "1h-1m",
                                      "1.5",
                                      "00",
                                      "1e3s",
                                      "1hs",
                                      "+",
                                      "9223372036854775808ns",
                                      "-9223372036854775809ns",
                                      "2562047h47m16.854775808s",
                                      "320000000000s",
                                      "18446744073709551616ns",
                                      "99999999999999999999999999h",
                                      "5124095576h"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t nanos;
        if (!berm_duration_parse(berm_str_of(good[i].text), &nanos))
            fail_msg("refused: %s", good[i].text);
        assert_int_equal(nanos, good[i].nanos);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t nanos;
        if (berm_duration_parse(berm_str_of(bad[i]), &nanos)) fail_msg("accepted: %s", bad[i]);
    }
}

static void durations_are_printed(void **state)
{
    (void)state;
    static const struct {
        int64_t nanos;
        const char *text;
    } cases[] = {{0, "0s"},
                 {INT64_C(90500000000), "90.5s"},
                 {INT64_C(1000000000000000), "1000000s"},
                 {1, "0.000000001s"},
                 {-1, "-0.000000001s"},
                 {INT64_C(-1500000000), "-1.5s"},
                 {INT64_MAX, "9223372036.854775807s"},
                 {INT64_MIN, "-9223372036.854775808s"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[40];
        int64_t back;
        berm_str text = {out, berm_duration_print(cases[i].nanos, out)};
        assert_true(berm_str_is(text, cases[i].text));
        assert_true(berm_duration_parse(text, &back));
        assert_int_equal(back, cases[i].nanos);
    }
}

static void fixed_zones(void **state)
{
    (void)state;
    int32_t offset = 1;
    assert_true(berm_zone_fixed(BERM_STR("UTC"), &offset));
    assert_int_equal(offset, 0);
    assert_true(berm_zone_fixed(BERM_STR("02:00"), &offset));
    assert_int_equal(offset, 7200);
    assert_true(berm_zone_fixed(BERM_STR("+11:45"), &offset));
    assert_int_equal(offset, 42300);
    assert_true(berm_zone_fixed(BERM_STR("-07:30"), &offset));
    assert_int_equal(offset, -27000);
    assert_true(berm_zone_fixed(BERM_STR("-00:00"), &offset));
    assert_int_equal(offset, 0);
    static const char *const bad[] = {"",       "utc",    "Z",      "2:00",       "+0200",
                                      "+24:00", "+02:60", "+-2:00", "US/Central", "02:00 "};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (berm_zone_fixed(berm_str_of(bad[i]), &offset)) fail_msg("accepted: %s", bad[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_calendar),       cmocka_unit_test(offsets_move_the_clock),
        cmocka_unit_test(rfc3339_is_read),    cmocka_unit_test(times_are_printed),
        cmocka_unit_test(the_range_of_times), cmocka_unit_test(dates_are_days),
        cmocka_unit_test(durations_are_read), cmocka_unit_test(durations_are_printed),
        cmocka_unit_test(fixed_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
