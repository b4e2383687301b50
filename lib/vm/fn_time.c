/* Timestamps and durations. */
#include "data/time.h"

#include "vm/exec.h"

#define NANOS_PER_SECOND 1000000000

static berm_cell make_time(berm_time t)
{
    berm_cell cell = berm_cell_of(BERM_TAG_TIMESTAMP);
    cell.aux = (uint32_t)t.nanos;
    cell.as.i = t.sec;
    return cell;
}

static berm_cell make_duration(int64_t nanos)
{
    berm_cell cell = berm_cell_of(BERM_TAG_DURATION);
    cell.as.i = nanos;
    return cell;
}

BERM_FN_BODY(TIMESTAMP)
{
    berm_time t = {0, 0};
    switch (args->tag) {
    case BERM_TAG_TIMESTAMP: return *args;
    case BERM_TAG_STRING:
        if (berm_time_parse(berm_text_of(&vm->space, *args), &t)) return make_time(t);
        return berm_fn_fail_conversion(vm, *args, BERM_TYPE_TIMESTAMP, word);
    case BERM_TAG_INT:
        t.sec = args->as.i;
        return berm_time_valid(t) ? make_time(t)
                                  : berm_fn_fail(vm, BERM_ERR_TIME_RANGE, *args, word);
    default: return berm_no_overload(vm, args, 1, word);
    }
}

BERM_FN_BODY(DURATION)
{
    int64_t nanos = 0;
    switch (args->tag) {
    case BERM_TAG_DURATION: return *args;
    case BERM_TAG_STRING:
        if (berm_duration_parse(berm_text_of(&vm->space, *args), &nanos))
            return make_duration(nanos);
        return berm_fn_fail_conversion(vm, *args, BERM_TYPE_DURATION, word);
    default: return berm_no_overload(vm, args, 1, word);
    }
}

typedef enum {
    PART_YEAR,
    PART_MONTH,
    PART_DATE,
    PART_DAY_OF_MONTH,
    PART_DAY_OF_WEEK,
    PART_DAY_OF_YEAR,
    PART_HOURS,
    PART_MINUTES,
    PART_SECONDS,
    PART_MILLISECONDS
} time_part;

static int32_t civil_part(berm_civil civil, time_part part)
{
    switch (part) {
    case PART_YEAR: return civil.year;
    case PART_MONTH: return civil.month - 1;
    case PART_DATE: return civil.day;
    case PART_DAY_OF_MONTH: return civil.day - 1;
    case PART_DAY_OF_WEEK: return civil.weekday;
    case PART_DAY_OF_YEAR: return civil.year_day;
    case PART_HOURS: return civil.hour;
    case PART_MINUTES: return civil.minute;
    case PART_SECONDS: return civil.second;
    default: return civil.nanos / 1000000;
    }
}

/* Of a duration hours, minutes and seconds count the whole of it, milliseconds only what is
   behind the seconds. */
static bool duration_part(int64_t nanos, time_part part, int64_t *out)
{
    switch (part) {
    case PART_HOURS: *out = nanos / NANOS_PER_SECOND / 3600; return true;
    case PART_MINUTES: *out = nanos / NANOS_PER_SECOND / 60; return true;
    case PART_SECONDS: *out = nanos / NANOS_PER_SECOND; return true;
    case PART_MILLISECONDS: *out = nanos % NANOS_PER_SECOND / 1000000; return true;
    default: return false;
    }
}

static berm_cell timestamp_part(berm_cell t, int32_t offset, time_part part)
{
    return berm_cell_int(
        civil_part(berm_time_civil((berm_time){t.as.i, (int32_t)t.aux}, offset), part));
}

static berm_cell plain_part(berm_vm *vm, const berm_cell *args, time_part part, uint32_t word)
{
    int64_t value = 0;
    if (args->tag == BERM_TAG_TIMESTAMP) return timestamp_part(*args, 0, part);
    if (args->tag == BERM_TAG_DURATION && duration_part(args->as.i, part, &value))
        return berm_cell_int(value);
    return berm_no_overload(vm, args, 1, word);
}

static bool find_offset(const berm_vm *vm, berm_str zone, int64_t sec, int32_t *offset)
{
    berm_str tzif = {NULL, 0};
    if (berm_zone_fixed(zone, offset)) return true;
    return vm->zone && vm->zone(vm->zone_ctx, zone, &tzif) == 0 &&
           berm_zone_offset(tzif, sec, offset);
}

static berm_cell zoned_part(berm_vm *vm, const berm_cell *args, time_part part, uint32_t word)
{
    int32_t offset = 0;
    if (args[0].tag != BERM_TAG_TIMESTAMP || args[1].tag != BERM_TAG_STRING)
        return berm_no_overload(vm, args, 2, word);
    if (!find_offset(vm, berm_text_of(&vm->space, args[1]), args[0].as.i, &offset)) {
        return berm_fn_fail(vm, BERM_ERR_TIME_ZONE, args[1], word);
    }
    return timestamp_part(args[0], offset, part);
}

#define TIME_PART(id, part) \
    BERM_FN_BODY(id) \
    { \
        return plain_part(vm, args, part, word); \
    } \
    BERM_FN_BODY(id##_IN) \
    { \
        return zoned_part(vm, args, part, word); \
    }
TIME_PART(GET_FULL_YEAR, PART_YEAR)
TIME_PART(GET_MONTH, PART_MONTH)
TIME_PART(GET_DATE, PART_DATE)
TIME_PART(GET_DAY_OF_MONTH, PART_DAY_OF_MONTH)
TIME_PART(GET_DAY_OF_WEEK, PART_DAY_OF_WEEK)
TIME_PART(GET_DAY_OF_YEAR, PART_DAY_OF_YEAR)
TIME_PART(GET_HOURS, PART_HOURS)
TIME_PART(GET_MINUTES, PART_MINUTES)
TIME_PART(GET_SECONDS, PART_SECONDS)
TIME_PART(GET_MILLISECONDS, PART_MILLISECONDS)
