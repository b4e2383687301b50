/* Timestamps and durations of the model: UTC and fixed offsets. */
#ifndef BERM_MODEL_MOMENT_H
#define BERM_MODEL_MOMENT_H

#include "value.h"

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar; month 1..12. */
int64_t days_of_date(int64_t year, int month, int day);

void put_time(berm_text *out, berm_time t);       /* 2009-02-13T23:31:30.5Z */
void put_duration(berm_text *out, int64_t nanos); /* 1.5s, exact */
void put_seconds(berm_text *out, int64_t nanos);  /* 1.5s, as string() has it: the nearest double */

const value *parse_time(heap *h, berm_str text);
const value *parse_duration(heap *h, berm_str text);
/* `name`: a method as getHours; `zone`: NULL or a string. NULL: no method of that name. */
const value *time_part(heap *h, berm_str name, const value *of, const value *zone);

#endif
