#include "data/time.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

/* A TZif file in the making. */
typedef struct file {
    unsigned char bytes[512];
    size_t len;
} file;

static void put_bytes(file *f, const void *bytes, size_t len)
{
    assert_true(f->len + len <= sizeof f->bytes);
    memcpy(f->bytes + f->len, bytes, len);
    f->len += len;
}

static void put_number(file *f, int64_t value, size_t len)
{
    for (size_t i = len; i-- > 0;) {
        unsigned char byte = (unsigned char)((uint64_t)value >> 8 * i);
        put_bytes(f, &byte, 1);
    }
}

/* A block with these transitions, to the types 1, 0, 1, .. : type 0 is offsets[0], type 1
   offsets[1]. */
static void put_block(file *f, char version, size_t time_len, const int64_t *times, int64_t count,
                      const int32_t offsets[2])
{
    put_bytes(f, "TZif", 4);
    put_bytes(f, &version, 1);
    for (int i = 0; i < 15; i++) put_number(f, 0, 1);
    const int64_t counts[6] = {1, 1, 2, count, 2, 4}; /* isut, isstd, leap, time, type, char */
    for (size_t i = 0; i < 6; i++) put_number(f, counts[i], 4);
    for (int64_t i = 0; i < count; i++) put_number(f, times[i], time_len);
    for (int64_t i = 0; i < count; i++) put_number(f, (i + 1) % 2, 1);
    for (size_t i = 0; i < 2; i++) {
        put_number(f, offsets[i], 4);
        put_number(f, 0, 2);
    }
    put_bytes(f, "ABC", 4);
    for (size_t i = 0; i < 2 * (time_len + 4); i++) put_number(f, 0, 1);
    put_number(f, 0, 2);
}

static file make_file(const int64_t *times, int64_t count, const char *rule)
{
    static const int32_t offsets[2] = {-21600, -18000}, decoys[2] = {1, 2};
    file f = {.len = 0};
    put_block(&f, '2', 4, NULL, 0, decoys);
    put_block(&f, '2', 8, times, count, offsets);
    put_bytes(&f, "\n", 1);
    put_bytes(&f, rule, strlen(rule));
    put_bytes(&f, "\n", 1);
    return f;
}

/* From a block of its own exact length, so that reading past it is seen. */
static bool find_offset(const file *f, size_t len, int64_t sec, int32_t *offset)
{
    char *copy = malloc(len ? len : 1);
    assert_non_null(copy);
    memcpy(copy, f->bytes, len);
    bool found = berm_zone_offset((berm_str){copy, len}, sec, offset);
    free(copy);
    return found;
}

static void expect_offset(const file *f, int64_t sec, int32_t expected)
{
    int32_t offset = 99;
    assert_true(find_offset(f, f->len, sec, &offset));
    assert_int_equal(offset, expected);
}

static void transitions_are_found(void **state)
{
    (void)state;
    const int64_t times[5] = {-5000000000, -100, 0, 100, 6000000000};
    file f = make_file(times, 5, "");
    expect_offset(&f, -6000000000, -21600); /* before the first: the first type */
    for (size_t i = 0; i < 5; i++) {
        expect_offset(&f, times[i] - 1, i % 2 ? -18000 : -21600);
        expect_offset(&f, times[i], i % 2 ? -21600 : -18000);
    }
    expect_offset(&f, 200000000000, -18000);
}

static void version_1_has_32_bits(void **state)
{
    (void)state;
    static const int32_t offsets[2] = {3600, -1};
    const int64_t times[2] = {-2000000000, 2000000000};
    file f = {.len = 0};
    put_block(&f, '\0', 4, times, 2, offsets);
    expect_offset(&f, -2000000001, 3600);
    expect_offset(&f, -2000000000, -1);
    expect_offset(&f, 2000000000, 3600);
}

/* What holds at the moment before and at the moment of a change. */
static void expect_rule(const char *rule, int64_t change, int32_t before, int32_t after)
{
    file f = make_file(NULL, 0, rule);
    expect_offset(&f, change - 1, before);
    expect_offset(&f, change, after);
}

static void rules_continue_the_table(void **state)
{
    (void)state;
    const int64_t table[1] = {1000};
    file f = make_file(table, 1, "<+0330>-3:30");
    expect_offset(&f, 999, -21600);
    expect_offset(&f, 1000, 12600);
    /* 2026-03-08 08:00 and 2026-11-01 07:00 UTC */
    expect_rule("CST6CDT,M3.2.0,M11.1.0", 1772956800, -21600, -18000);
    expect_rule("CST6CDT,M3.2.0,M11.1.0", 1793516400, -18000, -21600);
    /* south: 2026-04-04 16:00 and 2026-10-03 16:00 UTC */
    expect_rule("AEST-10AEDT,M10.1.0,M4.1.0/3", 1775318400, 39600, 36000);
    expect_rule("AEST-10AEDT,M10.1.0,M4.1.0/3", 1791043200, 36000, 39600);
    /* the last Sunday: 2026-03-29 01:00 UTC; half an hour of summer: 2026-10-03 15:30 UTC */
    expect_rule("CET-1CEST,M3.5.0,M10.5.0/3", 1774746000, 3600, 7200);
    expect_rule("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 1791041400, 37800, 39600);
    /* day 60 is 1 March in leap years too; the other count has 29 February: both of 2028, midnight
       UTC */
    expect_rule("AAA0BBB,J60/0,J300/0", 1835481600, 0, 3600);
    expect_rule("AAA0BBB,59/0,300/0", 1835395200, 0, 3600);
    /* a time on the day before: 2026-03-28 23:00 at UTC-2 */
    expect_rule("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1774746000, -7200, -3600);
    /* summer all year */
    expect_rule("XXX3EDT4,0/0,J365/23", 1767225600, -14400, -14400);
}

static void a_rule_that_is_none_leaves_the_table(void **state)
{
    (void)state;
    static const char *const rules[] = {"CS6",
                                        "CST",
                                        "CST6CDT",
                                        "CST6CDT,M3.2.0",
                                        "CST6CDT,M13.2.0,M11.1.0",
                                        "CST6CDT,M3.6.0,M1.1.0",
                                        "CST6CDT,M3.2.7,M11.1.0",
                                        "CST25",
                                        "<CST6",
                                        "CST6x",
                                        "CST6CDT,J0,J5",
                                        "CST6CDT,366,5",
                                        "CST6CDT,M3.2.0/168,M11.1.0",
                                        "CST6:60"};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const int64_t table[1] = {1000};
        file f = make_file(table, 1, rules[i]);
        expect_offset(&f, 2000, -18000);
    }
}

static void damaged_files_are_refused(void **state)
{
    (void)state;
    const int64_t times[3] = {-100, 0, 100};
    file f = make_file(times, 3, "");
    int32_t offset;
    for (size_t len = 0; len + 2 < f.len; len++) assert_false(find_offset(&f, len, 5, &offset));
    for (size_t at = 0; at < f.len; at++) {
        file damaged = f;
        damaged.bytes[at] ^= 0xFF;
        bool found = find_offset(&damaged, damaged.len, 5, &offset);
        if (found) assert_in_range(offset + 90000, 0, 190000);
    }
    assert_false(find_offset(&f, f.len, INT64_MAX, &offset));
    f.bytes[0] = 'X';
    assert_false(find_offset(&f, f.len, 5, &offset));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transitions_are_found),
        cmocka_unit_test(version_1_has_32_bits),
        cmocka_unit_test(rules_continue_the_table),
        cmocka_unit_test(a_rule_that_is_none_leaves_the_table),
        cmocka_unit_test(damaged_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
