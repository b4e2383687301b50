/* Civil time, RFC 3339 and CEL's durations. All arithmetic is in whole seconds and nanoseconds. */
#include "data/time.h"

#include "base/number.h"

#include <string.h>

#define DAY_SEC 86400
#define NANOS_PER_SEC 1000000000
/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z */
#define TIME_FIRST_SEC INT64_C(-62135596800)
#define TIME_LAST_SEC INT64_C(253402300799)

bool berm_time_valid(berm_time t)
{
    return t.sec >= TIME_FIRST_SEC && t.sec <= TIME_LAST_SEC && t.nanos >= 0 &&
           t.nanos < NANOS_PER_SEC;
}

/* --- the calendar ---

   Years are counted from March, so that the leap day is the last day of a year; 400 such years
   are an era and always have 146097 days. 719468 days lie between 0000-03-01, where the eras
   start, and 1970-01-01. */

#define ERA_DAYS 146097
#define ERA_TO_EPOCH 719468

static int64_t divide_floor(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Days before a month that is counted from March: 0, 31, 61, 92, .. */
static int32_t count_days_before_month(int32_t march_month)
{
    return (153 * march_month + 2) / 5;
}

int64_t berm_days_from_civil(int32_t year, int32_t month, int32_t day)
{
    int64_t march_year = (int64_t)year - (month <= 2);
    int64_t era = divide_floor(march_year, 400);
    int64_t year_of_era = march_year - era * 400;
    int32_t march_month = month > 2 ? month - 3 : month + 9;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
                         count_days_before_month(march_month) + day - 1;
    return era * ERA_DAYS + day_of_era - ERA_TO_EPOCH;
}

static void set_civil_date(berm_civil *civil, int64_t days)
{
    int64_t since_eras = days + ERA_TO_EPOCH;
    int64_t era = divide_floor(since_eras, ERA_DAYS);
    int32_t day_of_era = (int32_t)(since_eras - era * ERA_DAYS);
    /* Leap days so far are taken out; what is left has 365 days a year. */
    int32_t leap_days = day_of_era / 1460 - day_of_era / 36524 + day_of_era / 146096;
    int32_t year_of_era = (day_of_era - leap_days) / 365;
    int32_t day_of_year = day_of_era - (year_of_era * 365 + year_of_era / 4 - year_of_era / 100);
    int32_t march_month = (5 * day_of_year + 2) / 153;
    civil->day = day_of_year - count_days_before_month(march_month) + 1;
    civil->month = march_month < 10 ? march_month + 3 : march_month - 9;
    civil->year = (int32_t)(era * 400) + year_of_era + (civil->month <= 2);
    civil->weekday =
        (int32_t)(days + 4 - divide_floor(days + 4, 7) * 7); /* 1970-01-01 was a Thursday */
    civil->year_day = (int32_t)(days - berm_days_from_civil(civil->year, 1, 1));
}

berm_civil berm_time_civil(berm_time t, int32_t offset_sec)
{
    int64_t local = t.sec + offset_sec;
    int64_t days = divide_floor(local, DAY_SEC);
    int32_t second = (int32_t)(local - days * DAY_SEC);
    berm_civil civil = {.hour = second / 3600,
                        .minute = second / 60 % 60,
                        .second = second % 60,
                        .nanos = t.nanos};
    set_civil_date(&civil, days);
    return civil;
}

static int32_t count_month_days(int32_t year, int32_t month)
{
    if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* --- reading: a cursor that stays failed once it has failed --- */

typedef struct time_cursor {
    berm_str rest;
    bool failed;
} time_cursor;

static int32_t take_fixed_digits(time_cursor *c, size_t count)
{
    int32_t value = 0;
    if (c->rest.len < count) {
        c->failed = true;
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        char digit = c->rest.ptr[i];
        c->failed |= digit < '0' || digit > '9';
        value = value * 10 + (digit - '0');
    }
    c->rest.ptr += count;
    c->rest.len -= count;
    return c->failed ? 0 : value;
}

static bool take_time_char(time_cursor *c, char expected)
{
    if (c->rest.len == 0 || c->rest.ptr[0] != expected) return false;
    c->rest.ptr++;
    c->rest.len--;
    return true;
}

static void need_time_char(time_cursor *c, char expected)
{
    if (!take_time_char(c, expected)) c->failed = true;
}

/* YYYY-MM-DD as days since 1970-01-01; the year 0000 may be over already where UTC is */
static int64_t take_date(time_cursor *c)
{
    int32_t year = take_fixed_digits(c, 4);
    need_time_char(c, '-');
    int32_t month = take_fixed_digits(c, 2);
    need_time_char(c, '-');
    int32_t day = take_fixed_digits(c, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > count_month_days(year, month))
        c->failed = true;
    return c->failed ? 0 : berm_days_from_civil(year, month, day);
}

static int32_t take_clock(time_cursor *c)
{
    int32_t hour = take_fixed_digits(c, 2);
    need_time_char(c, ':');
    int32_t minute = take_fixed_digits(c, 2);
    need_time_char(c, ':');
    int32_t second = take_fixed_digits(c, 2);
    if (hour > 23 || minute > 59 || second > 59) c->failed = true;
    return (hour * 60 + minute) * 60 + second;
}

/* [.d+] in nanoseconds; what is below them is cut off */
static int32_t take_fraction(time_cursor *c)
{
    if (!take_time_char(c, '.')) return 0;
    int32_t nanos = 0, unit = NANOS_PER_SEC / 10;
    size_t count = 0;
    for (; count < c->rest.len && c->rest.ptr[count] >= '0' && c->rest.ptr[count] <= '9'; count++) {
        nanos += (c->rest.ptr[count] - '0') * unit;
        unit /= 10;
    }
    if (count == 0) c->failed = true;
    c->rest.ptr += count;
    c->rest.len -= count;
    return nanos;
}

/* HH:MM in seconds */
static int32_t take_offset(time_cursor *c)
{
    int32_t hour = take_fixed_digits(c, 2);
    need_time_char(c, ':');
    int32_t minute = take_fixed_digits(c, 2);
    if (hour > 23 || minute > 59) c->failed = true;
    return (hour * 60 + minute) * 60;
}

static int32_t take_zone(time_cursor *c)
{
    if (take_time_char(c, 'Z')) return 0;
    if (take_time_char(c, '-')) return -take_offset(c);
    need_time_char(c, '+');
    return take_offset(c);
}

bool berm_time_parse(berm_str s, berm_time *out)
{
    time_cursor c = {.rest = s};
    int64_t days = take_date(&c);
    need_time_char(&c, 'T');
    int32_t second = take_clock(&c);
    int32_t nanos = take_fraction(&c);
    int32_t offset = take_zone(&c);
    berm_time time = {days * DAY_SEC + second - offset, nanos};
    if (c.failed || c.rest.len != 0 || !berm_time_valid(time)) return false;
    *out = time;
    return true;
}

bool berm_date_parse(berm_str s, bool end, berm_time *out)
{
    time_cursor c = {.rest = s};
    int64_t days = take_date(&c);
    berm_time time = {days * DAY_SEC + (end ? DAY_SEC - 1 : 0), end ? NANOS_PER_SEC - 1 : 0};
    if (c.failed || c.rest.len != 0 || !berm_time_valid(time)) return false;
    *out = time;
    return true;
}

bool berm_zone_fixed(berm_str s, int32_t *offset_sec)
{
    time_cursor c = {.rest = s};
    int32_t offset = 0;
    if (s.len != 3 || memcmp(s.ptr, "UTC", 3) != 0) {
        bool west = take_time_char(&c, '-');
        if (!west) (void)take_time_char(&c, '+');
        offset = west ? -take_offset(&c) : take_offset(&c);
        if (c.failed || c.rest.len != 0) return false;
    }
    *offset_sec = offset;
    return true;
}

/* --- printing --- */

/* `value` with at least `width` digits; how many. */
static size_t print_padded(uint32_t value, size_t width, char *out)
{
    char digits[BERM_INT_LEN];
    size_t len = berm_print_uint(value, digits);
    size_t zeros = len < width ? width - len : 0;
    memset(out, '0', zeros);
    memcpy(out + zeros, digits, len);
    return zeros + len;
}

static size_t print_pair(char before, int32_t value, char *out)
{
    out[0] = before;
    return 1 + print_padded((uint32_t)value, 2, out + 1);
}

size_t berm_time_print(berm_time t, char out[40])
{
    berm_civil civil = berm_time_civil(t, 0);
    size_t len = print_padded((uint32_t)civil.year, 4, out);
    len += print_pair('-', civil.month, out + len);
    len += print_pair('-', civil.day, out + len);
    len += print_pair('T', civil.hour, out + len);
    len += print_pair(':', civil.minute, out + len);
    len += print_pair(':', civil.second, out + len);
    if (t.nanos) {
        out[len++] = '.';
        len += print_padded((uint32_t)t.nanos, 9, out + len);
        while (out[len - 1] == '0') len--;
    }
    out[len++] = 'Z';
    return len;
}

size_t berm_duration_print(int64_t nanos, char out[40])
{
    uint64_t magnitude = nanos < 0 ? 0 - (uint64_t)nanos : (uint64_t)nanos;
    uint32_t fraction = (uint32_t)(magnitude % NANOS_PER_SEC);
    size_t len = 0;
    if (nanos < 0) out[len++] = '-';
    len += berm_print_uint(magnitude / NANOS_PER_SEC, out + len);
    if (fraction) {
        out[len++] = '.';
        len += print_padded(fraction, 9, out + len);
        while (out[len - 1] == '0') len--;
    }
    out[len++] = 's';
    return len;
}

/* --- durations --- */

/* Longer names stand before those they start with. */
typedef struct duration_unit {
    const char *name;
    uint64_t nanos;
} duration_unit;

static const duration_unit duration_units[] = {
    {"h", UINT64_C(3600000000000)},
    {"ms", 1000000},
    {"m", UINT64_C(60000000000)},
    {"s", 1000000000},
    {"us", 1000},
    {"\xC2\xB5s", 1000},
    {"\xCE\xBCs", 1000},
    {"ns", 1},
};

/* The unit's length, or 0 when there is none. */
static uint64_t take_unit(time_cursor *c)
{
    for (size_t i = 0; i < sizeof duration_units / sizeof *duration_units; i++) {
        size_t len = strlen(duration_units[i].name);
        if (c->rest.len < len || memcmp(c->rest.ptr, duration_units[i].name, len) != 0) continue;
        c->rest.ptr += len;
        c->rest.len -= len;
        return duration_units[i].nanos;
    }
    return 0;
}

static berm_str take_digits(time_cursor *c)
{
    berm_str digits = {c->rest.ptr, 0};
    while (digits.len < c->rest.len && digits.ptr[digits.len] >= '0' &&
           digits.ptr[digits.len] <= '9')
        digits.len++;
    c->rest.ptr += digits.len;
    c->rest.len -= digits.len;
    return digits;
}

/* floor(0.d1d2d3.. x unit), exactly for any number of digits: from the last to the first, because
   floor((d x unit + y) / 10) = floor((d x unit + floor(y)) / 10). */
static uint64_t scale_fraction(berm_str digits, uint64_t unit)
{
    uint64_t scaled = 0;
    for (size_t i = digits.len; i-- > 0;)
        scaled = ((uint64_t)(digits.ptr[i] - '0') * unit + scaled) / 10;
    return scaled;
}

/* One digits[.digits]unit as nanoseconds, cut (as Go does) below them. */
static uint64_t take_duration_part(time_cursor *c)
{
    berm_str whole_digits = take_digits(c), fraction_digits = {NULL, 0};
    if (take_time_char(c, '.')) fraction_digits = take_digits(c);
    bool has_digits = whole_digits.len + fraction_digits.len > 0;
    uint64_t whole = 0, unit = take_unit(c);
    if (!has_digits || unit == 0 ||
        (whole_digits.len > 0 && !berm_parse_uint(whole_digits, &whole))) {
        c->failed = true;
        return 0;
    }
    uint64_t part = scale_fraction(fraction_digits, unit);
    if (whole > (UINT64_MAX - part) / unit) c->failed = true;
    return whole * unit + part;
}

bool berm_duration_parse(berm_str s, int64_t *nanos)
{
    time_cursor c = {.rest = s};
    bool negative = take_time_char(&c, '-');
    if (!negative) (void)take_time_char(&c, '+');
    if (c.rest.len == 1 && c.rest.ptr[0] == '0') {
        *nanos = 0;
        return true;
    }
    const uint64_t most = (uint64_t)INT64_MAX + negative;
    uint64_t sum = 0;
    do {
        uint64_t part = take_duration_part(&c);
        if (c.failed || part > most - sum) return false;
        sum += part;
    } while (c.rest.len > 0);
    *nanos = negative && sum ? -(int64_t)(sum - 1) - 1 : (int64_t)sum;
    return true;
}
