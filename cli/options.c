#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct arguments {
    int count, at;
    char **items;
    options *o;
} arguments;

static int refuse_usage(const char *what, const char *which)
{
    fprintf(stderr, "berm: %s%s%s; 'berm help' shows the usage\n", what, *which ? " " : "", which);
    return EXIT_USAGE;
}

/* The value of an option: what follows '=', or the next argument. */
static const char *take_value(arguments *a, const char *name)
{
    const char *arg = a->items[a->at];
    size_t len = strlen(name);
    if (arg[len] == '=') return arg + len + 1;
    return a->at + 1 < a->count ? a->items[++a->at] : NULL;
}

static bool is_option(const char *arg, const char *name)
{
    size_t len = strlen(name);
    return strncmp(arg, name, len) == 0 && (arg[len] == 0 || (arg[len] == '=' && name[1] == '-'));
}

static int read_output(options *o, const char *value)
{
    static const struct {
        const char *name;
        uint32_t format;
    } formats[] = {{"text", BERM_REPORT_TEXT}, {"json", BERM_REPORT_JSON}};
    const char *path = strchr(value, '=');
    size_t len = path ? (size_t)(path - value) : strlen(value);
    if (o->output_count == sizeof o->outputs / sizeof *o->outputs)
        return refuse_usage("too many -o", "");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strlen(formats[i].name) == len && strncmp(formats[i].name, value, len) == 0) {
            o->outputs[o->output_count++] = (output){formats[i].format, path ? path + 1 : NULL};
            return EXIT_PASSED;
        }
    return refuse_usage("no such output format:", value);
}

static bool read_number(const char **at, int digits, int *out)
{
    *out = 0;
    for (int i = 0; i < digits; i++, (*at)++) {
        if (**at < '0' || **at > '9') return false;
        *out = *out * 10 + (**at - '0');
    }
    return true;
}

static bool skip_sign(const char **at, char c)
{
    return **at == c && (*at)++;
}

/* Days since 1970-01-01 of a date in the Gregorian calendar. */
static int64_t count_days(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400,
            of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int read_now(options *o, const char *value)
{
    const char *at = value;
    int year, month, day, hour = 0, minute = 0, second = 0;
    bool dated = read_number(&at, 4, &year) && skip_sign(&at, '-') && read_number(&at, 2, &month) &&
                 skip_sign(&at, '-') && read_number(&at, 2, &day) && month >= 1 && month <= 12 &&
                 day >= 1 && day <= 31;
    if (dated && *at)
        dated = skip_sign(&at, 'T') && read_number(&at, 2, &hour) && skip_sign(&at, ':') &&
                read_number(&at, 2, &minute) && skip_sign(&at, ':') &&
                read_number(&at, 2, &second) && skip_sign(&at, 'Z') && !*at && hour < 24 &&
                minute < 60 && second < 60;
    if (!dated) return refuse_usage("--now takes 2026-11-22 or 2026-11-22T10:00:00Z, not", value);
    o->now =
        (berm_time){count_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second, 0};
    o->now_given = true;
    return EXIT_PASSED;
}

static int read_fail_on(options *o, const char *value)
{
    static const char *const levels[] = {"mandatory", "unknown", "any", "never"};
    static const char *const severities[] = {"info", "low", "medium", "high", "critical"};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (strcmp(value, levels[i]) == 0) return o->fail_on = (fail_on)i, EXIT_PASSED;
    for (size_t i = 0; i < sizeof severities / sizeof *severities; i++)
        if (strcmp(value, severities[i]) == 0)
            return o->fail_on = FAIL_ON_SEVERITY, o->fail_severity = (uint32_t)i, EXIT_PASSED;
    return refuse_usage("--fail-on takes mandatory, unknown, any, never or a severity, not", value);
}

static int keep_path(path_list *list, const char *value)
{
    return add_path(list, value) ? EXIT_PASSED : EXIT_BROKEN;
}
static int read_policy(options *o, const char *value)
{
    return keep_path(&o->policies, value);
}
static int read_target(options *o, const char *value)
{
    return o->target = value, EXIT_PASSED;
}
static int read_expression(options *o, const char *value)
{
    return o->expression = value, EXIT_PASSED;
}
static int read_guardrail(options *o, const char *value)
{
    return o->guardrail = value, EXIT_PASSED;
}
static int read_resource(options *o, const char *value)
{
    return o->resource = value, EXIT_PASSED;
}

static int read_test_format(options *o, const char *value)
{
    return o->test_format = value, EXIT_PASSED;
}

static int read_profile(options *o, const char *value)
{
    return o->profile = value, EXIT_PASSED;
}
static int read_before(options *o, const char *value)
{
    return o->before = value, EXIT_PASSED;
}
static int read_parameters(options *o, const char *value)
{
    return keep_path(&o->parameter_files, value);
}
static int read_waivers(options *o, const char *value)
{
    return keep_path(&o->waiver_files, value);
}

/* At least `least`, at most `most`, and `unit` (or nothing) behind it. */
static bool read_amount(const char *value, long least, long most, char unit, long *out)
{
    char *end;
    *out = strtol(value, &end, 10);
    if (end != value && unit && *end == unit) end++;
    return end != value && !*end && *value != '+' && *out >= least && *out <= most;
}

static int read_jobs(options *o, const char *value)
{
    long count;
    if (!read_amount(value, 1, JOBS_MAX, 0, &count))
        return refuse_usage("--jobs takes a number of threads, 1 to 256, not", value);
    return o->jobs = (size_t)count, EXIT_PASSED;
}

static int read_within(options *o, const char *value)
{
    long days;
    if (!read_amount(value, 0, 36500, 'd', &days))
        return refuse_usage("--within takes a number of days, as in 14d, not", value);
    return o->within_days = days, EXIT_PASSED;
}

static int read_valued(arguments *a, bool *known)
{
    static const struct {
        const char *name;
        int (*read)(options *o, const char *value);
    } valued[] = {{"-p", read_policy},           {"--policies", read_policy},
                  {"-o", read_output},           {"--target", read_target},
                  {"--now", read_now},           {"--fail-on", read_fail_on},
                  {"-e", read_expression},       {"--guardrail", read_guardrail},
                  {"--resource", read_resource}, {"--format", read_test_format},
                  {"--profile", read_profile},   {"--parameters", read_parameters},
                  {"--waivers", read_waivers},   {"--within", read_within},
                  {"--jobs", read_jobs},         {"--before", read_before}};
    for (size_t i = 0; i < sizeof valued / sizeof *valued; i++) {
        if (!is_option(a->items[a->at], valued[i].name)) continue;
        *known = true;
        const char *value = take_value(a, valued[i].name);
        return value ? valued[i].read(a->o, value)
                     : refuse_usage("a value is missing after", valued[i].name);
    }
    return EXIT_PASSED;
}

static bool read_flag(options *o, const char *arg)
{
    if (strcmp(arg, "--partial") == 0) return o->partial = true;
    if (strcmp(arg, "--verbose") == 0) return o->verbose = true;
    if (strcmp(arg, "--no-color") == 0) return o->no_color = true;
    if (strcmp(arg, "--color") == 0) return o->force_color = true;
    if (strcmp(arg, "--strict-waivers") == 0) return o->strict_waivers = true;
    if (strcmp(arg, "--effective") == 0) return o->effective = true;
    if (strcmp(arg, "--drift") == 0) return o->drift = true;
    return false;
}

static int read_argument(arguments *a, bool *plain)
{
    const char *arg = a->items[a->at];
    if (*plain || arg[0] != '-' || arg[1] == 0) return keep_path(&a->o->inputs, arg);
    if (strcmp(arg, "--") == 0) return *plain = true, EXIT_PASSED;
    if (read_flag(a->o, arg)) return EXIT_PASSED;
    bool known = false;
    int code = read_valued(a, &known);
    return known ? code : refuse_usage("no such option:", arg);
}

int read_options(int argc, char **argv, options *o)
{
    *o = (options){.fail_on = FAIL_ON_MANDATORY, .within_days = 14, .jobs = 1};
    arguments a = {.count = argc, .items = argv, .o = o};
    bool plain = false;
    for (a.at = 2; a.at < argc; a.at++) {
        int code = read_argument(&a, &plain);
        if (code) return code;
    }
    if (!o->now_given) o->now.sec = (int64_t)time(NULL);
    if (!o->output_count) o->outputs[o->output_count++] = (output){BERM_REPORT_TEXT, NULL};
    return EXIT_PASSED;
}

void free_options(options *o)
{
    free_paths(&o->policies);
    free_paths(&o->inputs);
    free_paths(&o->parameter_files);
    free_paths(&o->waiver_files);
}
