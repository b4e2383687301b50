#include "moment.h"

#include "operate.h"

#include <stdio.h>

#define NANOS 1000000000

/* --- the calendar, a year and a month at a time --- */

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days from 0001-01-01 to the first of January of `year`: every fourth year has one more, but
   for .. */
static int64_t days_before_year(int64_t year)
{
    int64_t y = year - 1;
    return 365 * y + y / 4 - y / 100 + y / 400;
}

#define DAYS_TO_1970 719162 /* days_before_year(1970) */

int64_t days_of_date(int64_t year, int month, int day)
{
    int64_t days = days_before_year(year);
    for (int m = 1; m < month; m++) days += days_in_month(year, m);
    return days + day - 1 - DAYS_TO_1970;
}

typedef struct civil {
    int64_t year;
    int month, day, hour, minute, second, day_of_year, day_of_week;
} civil;

/* `sec`: of the wall clock; one day before year 1 or after 9999 at most (an offset may lead
   there). */
static civil read_clock(int64_t sec)
{
    int64_t days = sec / 86400, rest = sec % 86400;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    civil c = {.hour = (int)(rest / 3600),
               .minute = (int)(rest / 60 % 60),
               .second = (int)(rest % 60)};
    c.day_of_week = (int)(((days + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
    int64_t left = days + DAYS_TO_1970;              /* since 0001-01-01 */
    if (left < 0) {                                  /* the last day of the year 0, a leap year */
        c.year = 0;
        c.month = 12;
        c.day = 31;
        c.day_of_year = 365;
        return c;
    }
    c.year = left / 366 + 1;
    while (days_before_year(c.year + 1) <= left) c.year++;
    left -= days_before_year(c.year);
    c.day_of_year = (int)left;
    for (c.month = 1; left >= days_in_month(c.year, c.month); c.month++)
        left -= days_in_month(c.year, c.month);
    c.day = (int)left + 1;
    return c;
}

/* --- printing --- */

/* .5, .000000001, or nothing */
static void put_fraction(berm_text *out, int64_t nanos)
{
    char digits[16];
    if (nanos == 0) return;
    int len = snprintf(digits, sizeof digits, ".%09d", (int)nanos);
    while (digits[len - 1] == '0') len--;
    berm_text_put(out, (berm_str){digits, (size_t)len});
}

void put_time(berm_text *out, berm_time t)
{
    char buffer[64];
    civil c = read_clock(t.sec);
    snprintf(buffer, sizeof buffer, "%04d-%02d-%02dT%02d:%02d:%02d", (int)c.year, c.month, c.day,
             c.hour, c.minute, c.second);
    berm_text_put(out, berm_str_of(buffer));
    put_fraction(out, t.nanos);
    berm_text_putc(out, 'Z');
}

void put_duration(berm_text *out, int64_t nanos)
{
    uint64_t magnitude = nanos < 0 ? 0 - (uint64_t)nanos : (uint64_t)nanos;
    if (nanos < 0) berm_text_putc(out, '-');
    berm_text_format(out, "%L", magnitude / NANOS);
    put_fraction(out, (int64_t)(magnitude % NANOS));
    berm_text_putc(out, 's');
}

void put_seconds(berm_text *out, int64_t nanos)
{
    put_plain_double(out, (double)(nanos / NANOS) + (double)(nanos % NANOS) / 1e9);
    berm_text_putc(out, 's');
}

/* --- parsing --- */

/* Exactly `count` digits; -1: they are not there. */
static int take_digits(berm_str *s, size_t count)
{
    int number = 0;
    if (s->len < count) return -1;
    for (size_t i = 0; i < count; i++) {
        if (s->ptr[i] < '0' || s->ptr[i] > '9') return -1;
        number = 10 * number + (s->ptr[i] - '0');
    }
    *s = berm_str_cut(*s, count, s->len);
    return number;
}

static bool take_char(berm_str *s, char c)
{
    if (s->len == 0 || s->ptr[0] != c) return false;
    *s = berm_str_cut(*s, 1, s->len);
    return true;
}

static bool starts_with_digit(berm_str s)
{
    return s.len && s.ptr[0] >= '0' && s.ptr[0] <= '9';
}

/* .digits: the first nine count */
static bool take_nanos(berm_str *s, int32_t *nanos)
{
    *nanos = 0;
    if (!take_char(s, '.')) return true;
    if (!starts_with_digit(*s)) return false;
    int32_t unit = NANOS / 10;
    while (starts_with_digit(*s)) {
        *nanos += unit * (s->ptr[0] - '0');
        unit /= 10;
        *s = berm_str_cut(*s, 1, s->len);
    }
    return true;
}

/* Z or +hh:mm or -hh:mm, in seconds */
static bool take_offset(berm_str *s, int64_t *offset)
{
    *offset = 0;
    if (take_char(s, 'Z')) return true;
    bool negative = s->len && s->ptr[0] == '-';
    if (!negative && !(s->len && s->ptr[0] == '+')) return false;
    *s = berm_str_cut(*s, 1, s->len);
    int hours = take_digits(s, 2);
    bool colon = take_char(s, ':');
    int minutes = take_digits(s, 2);
    if (hours < 0 || hours > 23 || !colon || minutes < 0 || minutes > 59) return false;
    *offset = (hours * 3600 + minutes * 60) * (negative ? -1 : 1);
    return true;
}

const value *parse_time(heap *h, berm_str s)
{
    int32_t nanos;
    int64_t offset;
    int year = take_digits(&s, 4);
    bool shape = take_char(&s, '-');
    int month = take_digits(&s, 2);
    shape = take_char(&s, '-') && shape;
    int day = take_digits(&s, 2);
    shape = take_char(&s, 'T') && shape;
    int hour = take_digits(&s, 2);
    shape = take_char(&s, ':') && shape;
    int minute = take_digits(&s, 2);
    shape = take_char(&s, ':') && shape;
    int second = take_digits(&s, 2);
    shape = shape && take_nanos(&s, &nanos) && take_offset(&s, &offset) && s.len == 0;
    if (!shape || year < 0 || month < 1 || month > 12 || day < 1) return make_error(h, "");
    if (day > days_in_month(year, month) || hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return make_error(h, "");
    if (second < 0 || second > 59 || year == 0) return make_error(h, "");
    int64_t days = days_of_date(year, month, day);
    return make_time(h, days * 86400 + hour * 3600 + minute * 60 + second - offset, nanos);
}

/* Adds whole.fraction x unit to *total, what is below a nanosecond cut off; false: out of range.
   `scale` is ten to the number of the fraction's digits, at most nine. */
static bool add_amount(uint64_t *total, uint64_t whole, uint64_t fraction, uint64_t scale,
                       uint64_t unit)
{
    uint64_t limit = 9223372036854775808u;
    if (whole > limit / unit) return false;
    uint64_t amount = whole * unit + fraction * (unit / scale) + fraction * (unit % scale) / scale;
    if (amount > limit || *total > limit - amount) return false;
    *total += amount;
    return true;
}

static bool take_unit(berm_str *s, uint64_t *unit)
{
    static const struct {
        const char *name;
        uint64_t nanos;
    } units[] = {{"ns", 1},       {"us", 1000}, {"\xc2\xb5s", 1000},  {"\xce\xbcs", 1000},
                 {"ms", 1000000}, {"s", NANOS}, {"m", 60ull * NANOS}, {"h", 3600ull * NANOS}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!berm_str_starts(*s, berm_str_of(units[i].name))) continue;
        *unit = units[i].nanos;
        *s = berm_str_cut(*s, strlen(units[i].name), s->len);
        return true;
    }
    return false;
}

static bool take_amount(berm_str *s, uint64_t *total)
{
    uint64_t whole = 0, fraction = 0, scale = 1, unit;
    bool digits = starts_with_digit(*s);
    while (starts_with_digit(*s)) {
        if (whole > 922337203685477580u) return false;
        whole = 10 * whole + (uint64_t)(s->ptr[0] - '0');
        *s = berm_str_cut(*s, 1, s->len);
    }
    if (take_char(s, '.')) {
        digits = digits || starts_with_digit(*s);
        while (starts_with_digit(*s)) {
            if (scale < NANOS) {
                fraction = 10 * fraction + (uint64_t)(s->ptr[0] - '0');
                scale *= 10;
            }
            *s = berm_str_cut(*s, 1, s->len);
        }
    }
    return digits && take_unit(s, &unit) && add_amount(total, whole, fraction, scale, unit);
}

const value *parse_duration(heap *h, berm_str s)
{
    bool negative = s.len && s.ptr[0] == '-';
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+')) s = berm_str_cut(s, 1, s.len);
    if (berm_str_is(s, "0")) return make_duration(h, 0);
    if (s.len == 0) return make_error(h, "");
    uint64_t total = 0;
    while (s.len)
        if (!take_amount(&s, &total)) return make_error(h, "");
    if (!negative && total > INT64_MAX) return make_error(h, "");
    return make_duration(h, negative ? (int64_t)(0 - total) : (int64_t)total);
}

/* --- parts --- */

/* UTC, and [+-]hh:mm */
static bool parse_zone(berm_str s, int64_t *offset)
{
    *offset = 0;
    if (berm_str_is(s, "UTC")) return true;
    bool negative = take_char(&s, '-');
    if (!negative) (void)take_char(&s, '+');
    int hours = take_digits(&s, 2);
    bool colon = take_char(&s, ':');
    int minutes = take_digits(&s, 2);
    if (hours < 0 || hours > 23 || !colon || minutes < 0 || minutes > 59 || s.len) return false;
    *offset = (hours * 3600 + minutes * 60) * (negative ? -1 : 1);
    return true;
}

static const value *part_of_duration(heap *h, berm_str name, int64_t nanos)
{
    int64_t sec = nanos / NANOS;
    if (berm_str_is(name, "getHours")) return make_int(h, sec / 3600);
    if (berm_str_is(name, "getMinutes")) return make_int(h, sec / 60);
    if (berm_str_is(name, "getSeconds")) return make_int(h, sec);
    if (berm_str_is(name, "getMilliseconds")) return make_int(h, nanos / 1000000 % 1000);
    return no_overload(h);
}

typedef enum part {
    PART_YEAR,
    PART_MONTH,
    PART_DATE,
    PART_DAY_OF_MONTH,
    PART_DAY_OF_WEEK,
    PART_DAY_OF_YEAR,
    PART_HOURS,
    PART_MINUTES,
    PART_SECONDS,
    PART_MILLISECONDS,
    PARTS
} part;

static part find_part(berm_str name)
{
    static const char *const names[PARTS] = {
        "getFullYear",  "getMonth", "getDate",    "getDayOfMonth", "getDayOfWeek",
        "getDayOfYear", "getHours", "getMinutes", "getSeconds",    "getMilliseconds"};
    part p = 0;
    while (p < PARTS && !berm_str_is(name, names[p])) p++;
    return p;
}

const value *time_part(heap *h, berm_str name, const value *of, const value *zone)
{
    int64_t offset = 0;
    part p = find_part(name);
    if (p == PARTS) return NULL;
    if (of->kind == V_DURATION && !zone) return part_of_duration(h, name, of->i);
    if (of->kind != V_TIME) return no_overload(h);
    if (zone && zone->kind != V_STRING) return no_overload(h);
    if (zone && !parse_zone(zone->text, &offset)) return make_error(h, "TIME_ZONE");
    civil c = read_clock(of->time.sec + offset);
    switch (p) {
    case PART_YEAR: return make_int(h, c.year);
    case PART_MONTH: return make_int(h, c.month - 1);
    case PART_DATE: return make_int(h, c.day);
    case PART_DAY_OF_MONTH: return make_int(h, c.day - 1);
    case PART_DAY_OF_WEEK: return make_int(h, c.day_of_week);
    case PART_DAY_OF_YEAR: return make_int(h, c.day_of_year);
    case PART_HOURS: return make_int(h, c.hour);
    case PART_MINUTES: return make_int(h, c.minute);
    case PART_SECONDS: return make_int(h, c.second);
    default: return make_int(h, of->time.nanos / 1000000);
    }
}
