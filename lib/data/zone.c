/* Time zones: TZif data (RFC 8536) and the POSIX rule at its end. The bytes come from the host
   and are not trusted: every count is checked against their length before anything is read. */
#include "data/time.h"

#include "base/text.h"

#define ZONE_DAY_SEC 86400
/* What RFC 8536 allows: UTC offsets over -25 and under 26 hours. */
#define ZONE_OFFSET_LEAST (-25 * 3600 + 1)
#define ZONE_OFFSET_MOST (26 * 3600 - 1)

/* The parts of one data block:
     times: time_count x time_len | indexes: time_count | types: type_count x 6 | (names, leap
     seconds, indicators) */
typedef struct zone_block {
    const unsigned char *times, *indexes, *types;
    uint32_t time_count, type_count;
    size_t time_len;
    berm_str footer; /* the POSIX rule; empty for version 1 */
} zone_block;

#define ZONE_HEADER_LEN 44u

static uint64_t read_big_endian(const unsigned char *p, size_t len)
{
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++) value = value << 8 | p[i];
    return value;
}

static int64_t read_zone_time(const zone_block *zone, uint32_t i)
{
    uint64_t value = read_big_endian(zone->times + i * zone->time_len, zone->time_len);
    return zone->time_len == 8 ? (int64_t)value : (int64_t)(int32_t)(uint32_t)value;
}

static bool is_tzif_header(berm_str s)
{
    return s.len >= ZONE_HEADER_LEN && memcmp(s.ptr, "TZif", 4) == 0;
}

/* The block behind the header at the start of `s`; its length with the header, 0 when it is not
   all there. */
static size_t read_zone_block(berm_str s, size_t time_len, zone_block *zone)
{
    if (!is_tzif_header(s)) return 0;
    const unsigned char *p = (const unsigned char *)s.ptr;
    uint64_t counts[6]; /* isut, isstd, leap, time, type, char */
    for (size_t i = 0; i < 6; i++) counts[i] = read_big_endian(p + 20 + 4 * i, 4);
    uint64_t len = ZONE_HEADER_LEN + counts[3] * (time_len + 1) + counts[4] * 6 + counts[5] +
                   counts[2] * (time_len + 4) + counts[1] + counts[0];
    if (counts[4] == 0 || len > s.len) return 0;
    zone->time_len = time_len;
    zone->time_count = (uint32_t)counts[3];
    zone->type_count = (uint32_t)counts[4];
    zone->times = p + ZONE_HEADER_LEN;
    zone->indexes = zone->times + counts[3] * time_len;
    zone->types = zone->indexes + counts[3];
    return (size_t)len;
}

static bool read_zone_file(berm_str tzif, zone_block *zone)
{
    size_t len = read_zone_block(tzif, 4, zone);
    zone->footer = (berm_str){NULL, 0};
    if (len == 0) return false;
    if (tzif.ptr[4] < '2') return true;
    /* From version 2 on a second block has 64-bit times, and a rule stands behind it between two
       newlines. */
    berm_str second = berm_str_cut(tzif, len, tzif.len);
    len = read_zone_block(second, 8, zone);
    if (len == 0) return false;
    berm_str rest = berm_str_cut(second, len, second.len);
    const char *end =
        rest.len > 1 && rest.ptr[0] == '\n' ? memchr(rest.ptr + 1, '\n', rest.len - 1) : NULL;
    if (end) zone->footer = berm_str_cut(rest, 1, (size_t)(end - rest.ptr));
    return true;
}

/* Number of transitions at or before `sec`. */
static uint32_t count_transitions(const zone_block *zone, int64_t sec)
{
    uint32_t low = 0, high = zone->time_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (read_zone_time(zone, middle) <= sec) low = middle + 1;
        else high = middle;
    }
    return low;
}

static bool read_zone_type(const zone_block *zone, uint32_t type, int32_t *offset_sec)
{
    if (type >= zone->type_count) return false;
    int32_t offset = (int32_t)(uint32_t)read_big_endian(zone->types + 6 * (size_t)type, 4);
    if (offset < ZONE_OFFSET_LEAST || offset > ZONE_OFFSET_MOST) return false;
    *offset_sec = offset;
    return true;
}

/* --- POSIX rules: std offset [dst [offset] [,start[/time],end[/time]]] --- */

typedef enum rule_sort { RULE_MONTH, RULE_JULIAN, RULE_DAY } rule_sort;

/* When in a year the clocks change. */
typedef struct zone_rule {
    rule_sort sort;
    int32_t month, week, day; /* week and weekday of a month; or a day of the year in `day` */
    int32_t time;             /* seconds from midnight, may lie in another day */
} zone_rule;

typedef struct posix_zone {
    int32_t standard, daylight; /* seconds east of UTC */
    bool has_daylight;
    zone_rule start, end;
} posix_zone;

typedef struct rule_cursor {
    const char *at, *end;
    bool failed;
} rule_cursor;

static bool take_rule_char(rule_cursor *c, char expected)
{
    if (c->at == c->end || *c->at != expected) return false;
    c->at++;
    return true;
}

static int32_t take_rule_number(rule_cursor *c, int32_t least, int32_t most)
{
    int32_t value = 0;
    const char *start = c->at;
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9' && c->at - start < 4; c->at++) {
        value = value * 10 + (*c->at - '0');
    }
    if (c->at == start || value < least || value > most) c->failed = true;
    return value;
}

/* [+-]hh[:mm[:ss]] in seconds */
static int32_t take_rule_time(rule_cursor *c, int32_t most_hours)
{
    bool negative = take_rule_char(c, '-');
    if (!negative) (void)take_rule_char(c, '+');
    int32_t time = take_rule_number(c, 0, most_hours) * 3600;
    if (take_rule_char(c, ':')) time += take_rule_number(c, 0, 59) * 60;
    if (take_rule_char(c, ':')) time += take_rule_number(c, 0, 59);
    return negative ? -time : time;
}

/* Three or more letters, or anything in <>. */
static void skip_zone_name(rule_cursor *c)
{
    const char *start = c->at;
    if (take_rule_char(c, '<')) {
        while (c->at < c->end && *c->at != '>') c->at++;
        if (!take_rule_char(c, '>')) c->failed = true;
        return;
    }
    while (c->at < c->end && ((*c->at | 0x20) >= 'a' && (*c->at | 0x20) <= 'z')) c->at++;
    if (c->at - start < 3) c->failed = true;
}

static zone_rule take_zone_rule(rule_cursor *c)
{
    zone_rule rule = {.time = 2 * 3600};
    if (!take_rule_char(c, ',')) c->failed = true;
    if (take_rule_char(c, 'M')) {
        rule.sort = RULE_MONTH;
        rule.month = take_rule_number(c, 1, 12);
        if (!take_rule_char(c, '.')) c->failed = true;
        rule.week = take_rule_number(c, 1, 5);
        if (!take_rule_char(c, '.')) c->failed = true;
        rule.day = take_rule_number(c, 0, 6);
    } else if (take_rule_char(c, 'J')) {
        rule.sort = RULE_JULIAN;
        rule.day = take_rule_number(c, 1, 365);
    } else {
        rule.sort = RULE_DAY;
        rule.day = take_rule_number(c, 0, 365);
    }
    if (take_rule_char(c, '/')) rule.time = take_rule_time(c, 167);
    return rule;
}

static bool read_posix_zone(berm_str s, posix_zone *zone)
{
    rule_cursor c = {s.ptr, s.ptr + s.len, false};
    *zone = (posix_zone){0};
    skip_zone_name(&c);
    zone->standard = -take_rule_time(&c, 24); /* POSIX counts west of UTC */
    zone->has_daylight = c.at < c.end;
    if (zone->has_daylight) {
        skip_zone_name(&c);
        bool explicit_offset = c.at < c.end && *c.at != ',';
        zone->daylight = explicit_offset ? -take_rule_time(&c, 24) : zone->standard + 3600;
        zone->start = take_zone_rule(&c);
        zone->end = take_zone_rule(&c);
    }
    return !c.failed && c.at == c.end;
}

static bool is_zone_leap_year(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days since 1970-01-01 of the rule's day in `year`. */
static int64_t find_rule_day(const zone_rule *rule, int32_t year)
{
    int64_t new_year = berm_days_from_civil(year, 1, 1);
    if (rule->sort == RULE_DAY) return new_year + rule->day;
    /* Julian days never count 29 February. */
    if (rule->sort == RULE_JULIAN)
        return new_year + rule->day - 1 + (rule->day > 59 && is_zone_leap_year(year));
    int64_t first = berm_days_from_civil(year, rule->month, 1);
    int64_t next_month = rule->month == 12 ? berm_days_from_civil(year + 1, 1, 1)
                                           : berm_days_from_civil(year, rule->month + 1, 1);
    int64_t weekday = ((first + 4) % 7 + 7) % 7;
    int64_t day = first + (rule->day - weekday + 7) % 7 + 7 * (int64_t)(rule->week - 1);
    return day < next_month ? day : day - 7; /* week 5 is the last one */
}

static int32_t find_posix_offset(const posix_zone *zone, int64_t sec)
{
    if (!zone->has_daylight) return zone->standard;
    int32_t year = berm_time_civil((berm_time){sec, 0}, zone->standard).year;
    int64_t start =
        find_rule_day(&zone->start, year) * ZONE_DAY_SEC + zone->start.time - zone->standard;
    int64_t end = find_rule_day(&zone->end, year) * ZONE_DAY_SEC + zone->end.time - zone->daylight;
    /* South of the equator summer is what lies outside of [end, start). */
    bool daylight = start < end ? sec >= start && sec < end : sec < end || sec >= start;
    return daylight ? zone->daylight : zone->standard;
}

bool berm_zone_offset(berm_str tzif, int64_t sec, int32_t *offset_sec)
{
    zone_block zone;
    posix_zone rule;
    if (!read_zone_file(tzif, &zone)) return false;
    if (!berm_time_valid((berm_time){sec, 0})) return false;
    uint32_t before = count_transitions(&zone, sec);
    if (before == zone.time_count && zone.footer.len && read_posix_zone(zone.footer, &rule)) {
        *offset_sec = find_posix_offset(&rule, sec);
        return true;
    }
    /* Before the first transition the first type holds. */
    return read_zone_type(&zone, before ? zone.indexes[before - 1] : 0, offset_sec);
}
