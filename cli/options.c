#include "commands.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct arguments {
    int count, at;
    char **items;
    options *o;
    const command *command;
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
    const char *path = strchr(value, '=');
    size_t len = path ? (size_t)(path - value) : strlen(value);
    if (o->output_count == sizeof o->outputs / sizeof *o->outputs)
        return refuse_usage("too many -o", "");
    for (uint32_t format = 0; format < BERM_REPORT_FORMAT_COUNT; format++) {
        const char *name = berm_report_format_name(format);
        if (!name || strlen(name) != len || strncmp(name, value, len) != 0) continue;
        o->outputs[o->output_count++] = (output){format, path ? path + 1 : NULL};
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

/* "95" or "97.5". */
static int read_min_coverage(options *o, const char *value)
{
    const char *at = value;
    uint32_t tenths = 0;
    while (*at >= '0' && *at <= '9' && tenths <= 1000)
        tenths = tenths * 10 + (uint32_t)(*at++ - '0');
    tenths *= 10;
    if (at > value && *at == '.' && at[1] >= '0' && at[1] <= '9')
        tenths += (uint32_t)(at[1] - '0'), at += 2;
    if (at == value || *at || tenths > 1000)
        return refuse_usage("--min-coverage takes a percentage, not", value);
    o->min_coverage = tenths;
    return o->coverage = true, EXIT_PASSED;
}

static int keep_limit(options *o, const char *value)
{
    if (read_limit(&o->limits, value)) return EXIT_PASSED;
    fprintf(stderr, "berm: --limit takes NAME=NUMBER, as in doc_len=2G, not %s; names are ", value);
    list_limits(stderr);
    fputs("; 'berm help' shows the usage\n", stderr);
    return EXIT_USAGE;
}

static int read_scorecard(options *o, const char *value)
{
    return keep_path(&o->scorecards, value);
}

/* --- the table --- */

#define CLI_COMMAND(id, name, run, arguments, completes, summary, more) \
    {name, arguments, summary, more, run},
const command commands[COMMAND_COUNT] = {
#include "commands.def"
};
#undef CLI_COMMAND

#define CLI_COMMAND(id, name, run, arguments, completes, summary, more)
#undef CLI_VALUE
#undef CLI_TEXT
#undef CLI_FLAG
#define IN(id) | 1u << COMMAND_##id
#define CLI_VALUE(commands, brief, full, value, completes, read, help) \
    {0 commands, brief, full, value, read, 0, help},
#define CLI_TEXT(commands, brief, full, value, completes, field, help) \
    {0 commands, brief, full, value, NULL, offsetof(options, field), help},
#define CLI_FLAG(commands, brief, full, field, help) \
    {0 commands, brief, full, NULL, NULL, offsetof(options, field), help},
const cli_option cli_options[] = {
#include "commands.def"
};
const size_t cli_option_count = sizeof cli_options / sizeof *cli_options;

const command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0) return &commands[i];
    return NULL;
}

/* The option that `arg` is, perhaps with =VALUE behind it, and the name that it has there; of
   several with that name the one that the command takes. */
static const cli_option *find_option(const command *c, const char *arg, const char **name)
{
    const cli_option *found = NULL;
    for (size_t i = 0; i < cli_option_count; i++) {
        const char *const names[] = {cli_options[i].brief, cli_options[i].full};
        for (size_t k = 0; k < 2; k++) {
            if (!*names[k] || !is_option(arg, names[k])) continue;
            *name = names[k];
            found = &cli_options[i];
            if (takes_option(c, found)) return found;
        }
    }
    return found;
}

static int read_option(arguments *a, const cli_option *option, const char *name)
{
    if (!takes_option(a->command, option)) {
        fprintf(stderr, "berm: %s has no option %s; 'berm help %s' shows those it has\n",
                a->command->name, name, a->command->name);
        return EXIT_USAGE;
    }
    char *base = (char *)a->o;
    if (!option->value) {
        if (a->items[a->at][strlen(name)] == '=') return refuse_usage("no value is taken by", name);
        *(bool *)(void *)(base + option->field) = true;
        return EXIT_PASSED;
    }
    const char *value = take_value(a, name);
    if (!value) return refuse_usage("a value is missing after", name);
    if (option->read) return option->read(a->o, value);
    *(const char **)(void *)(base + option->field) = value;
    return EXIT_PASSED;
}

static int read_argument(arguments *a, bool *plain)
{
    const char *arg = a->items[a->at], *name;
    if (*plain || arg[0] != '-' || arg[1] == 0) return keep_path(&a->o->inputs, arg);
    if (strcmp(arg, "--") == 0) return *plain = true, EXIT_PASSED;
    if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0) return a->o->help = true, EXIT_PASSED;
    const cli_option *option = find_option(a->command, arg, &name);
    return option ? read_option(a, option, name) : refuse_usage("no such option:", arg);
}

int read_options(const command *c, int argc, char **argv, options *o)
{
    *o = (options){.fail_on = FAIL_ON_MANDATORY,
                   .within_days = 14,
                   .jobs = 1,
                   .limits = {.size = sizeof o->limits}};
    arguments a = {.count = argc, .items = argv, .o = o, .command = c};
    bool plain = false;
    for (a.at = 2; a.at < argc; a.at++) {
        int code = read_argument(&a, &plain);
        if (code) return code;
    }
    if (!o->now_given) o->now.sec = (int64_t)time(NULL);
    bool judges = c->run == run_check || c->run == run_coverage;
    for (size_t i = 0; i < o->output_count; i++)
        if (!judges && o->outputs[i].format > BERM_REPORT_JSON)
            return refuse_usage("this command writes text and json, not",
                                berm_report_format_name(o->outputs[i].format));
    o->output_given = o->output_count > 0;
    if (!o->output_given) o->outputs[o->output_count++] = (output){BERM_REPORT_TEXT, NULL};
    return EXIT_PASSED;
}

void free_options(options *o)
{
    free_paths(&o->policies);
    free_paths(&o->inputs);
    free_paths(&o->parameter_files);
    free_paths(&o->waiver_files);
    free_paths(&o->scorecards);
}
