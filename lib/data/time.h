/* Civil time and durations as CEL knows them: years 0001..9999 with nanoseconds, durations in
   int64 nanoseconds. */
#ifndef BERM_DATA_TIME_H
#define BERM_DATA_TIME_H

#include <berm/berm.h>
#include <stdbool.h>

typedef struct berm_civil {
    int32_t year, month /* 1..12 */, day /* 1..31 */, hour, minute, second, nanos;
    int32_t weekday /* Sunday 0 */, year_day /* 0-based */;
} berm_civil;

bool berm_time_valid(
    berm_time t); /* 0001-01-01T00:00:00Z .. 9999-12-31T23:59:59.999999999Z, nanos 0..999999999 */
berm_civil berm_time_civil(berm_time t, int32_t offset_sec);
int64_t berm_days_from_civil(int32_t year, int32_t month, int32_t day);

/* RFC 3339 with upper-case T and Z or an offset; fractions are cut off below nanoseconds; no leap
   second, no 24:00. */
bool berm_time_parse(berm_str s, berm_time *out);
/* A date YYYY-MM-DD: its start, and with `end` its last nanosecond. */
bool berm_date_parse(berm_str s, bool end, berm_time *out);
/* RFC 3339 in UTC with the shortest fraction: "2009-02-13T23:31:30.5Z". Length written. */
size_t berm_time_print(berm_time t, char out[40]);

/* CEL duration text: [+-](digits[.digits](h|m|s|ms|us|ns))+ or 0. */
bool berm_duration_parse(berm_str s, int64_t *nanos);
size_t berm_duration_print(int64_t nanos,
                           char out[40]); /* seconds with the shortest fraction: "90.5s" */

/* "+02:00", "-07:30", "02:00", "UTC": the offset in seconds. Zone names need TZif data
   (vm/time). */
bool berm_zone_fixed(berm_str s, int32_t *offset_sec);
/* The offset a TZif file (RFC 8536) gives for a moment; false when the bytes are not TZif. */
bool berm_zone_offset(berm_str tzif, int64_t sec, int32_t *offset_sec);

#endif
