#include "cli.h"

#include <stdlib.h>
#include <string.h>

#define DAY 86400

typedef struct waiver_command {
    const options *o;
    berm_policy *policy;
    bool (*wanted)(const struct waiver_command *c, const berm_waiver *w);
    bool json, guarded; /* guarded: there are policies to hold waivers against */
    size_t shown;
} waiver_command;

/* --- which --- */

static bool is_listed(const waiver_command *c, const berm_waiver *w)
{
    (void)c, (void)w;
    return true;
}

static bool is_bad(const waiver_command *c, const berm_waiver *w)
{
    (void)c;
    return w->problems || w->status == BERM_WAIVER_EXPIRED;
}

static bool is_ending(const waiver_command *c, const berm_waiver *w)
{
    int64_t until = c->o->now.sec + c->o->within_days * DAY;
    return w->status != BERM_WAIVER_EXPIRED && w->ends.sec <= until;
}

/* --- how --- */

static const char *status_word(uint32_t status)
{
    static const char *const words[] = {"pending", "active", "expiring",
                                        "expired", "unused", "over-broad"};
    return status < sizeof words / sizeof *words ? words[status] : "";
}

static const struct problem {
    uint32_t bit;
    const char *word, *says;
} problems[] = {
    {BERM_WAIVER_IS_BROAD, "broad", "its scope may be everything; say less, or maxMatches"},
    {BERM_WAIVER_HAS_INDEX, "index", "it names a resource by an index, which may move"},
    {BERM_WAIVER_SELF_APPROVED, "self-approved", "its owner approves it, so it waives nothing"},
    {BERM_WAIVER_NAMES_NOTHING, "names-nothing", "it names no validation of the policies"},
    {BERM_WAIVER_NOT_ALLOWED, "not-allowed",
     "what it names is hard-mandatory, or beyond what `waivable` says"}};
#define PROBLEM_COUNT (sizeof problems / sizeof *problems)

static void print_waiver(const berm_waiver *w)
{
    printf("%.*s  %s  until %.*s  %.*s  %.*s  (%.*s:%u)\n", (int)w->id.len, w->id.ptr,
           status_word(w->status), (int)w->expires.len, w->expires.ptr, (int)w->category.len,
           w->category.ptr, (int)w->owner.len, w->owner.ptr, (int)w->source.len, w->source.ptr,
           w->line);
    for (size_t i = 0; i < PROBLEM_COUNT; i++)
        if (w->problems & problems[i].bit) printf("  %s: %s\n", problems[i].word, problems[i].says);
}

static void print_waiver_json(const waiver_command *c, const berm_waiver *w)
{
    bool some = false;
    berm_sink sink = {write_stream, stdout};
    berm_error err = {0};
    printf("%s\n    {\"status\": \"%s\", \"line\": %u, \"problems\": [", c->shown ? "," : "",
           status_word(w->status), w->line);
    for (size_t i = 0; i < PROBLEM_COUNT; i++) {
        if (!(w->problems & problems[i].bit)) continue;
        printf("%s\"%s\"", some ? ", " : "", problems[i].word);
        some = true;
    }
    fputs("], \"record\": ", stdout);
    if (berm_value_json(w->record, &sink, &err)) print_error("the waiver", &err);
    putchar('}');
}

static int show_waivers(waiver_command *c)
{
    size_t count = berm_policy_waiver_count(c->policy);
    if (c->json) fputs("{\n  \"schema\": \"berm-waivers/1\",\n  \"waivers\": [", stdout);
    for (size_t i = 0; i < count; i++) {
        berm_waiver w = {.size = sizeof w};
        berm_error err = {0};
        if (berm_policy_waiver(c->policy, i, c->o->now, &w, &err)) {
            print_error("the waivers", &err);
            return EXIT_BROKEN;
        }
        if (!c->guarded) w.problems &= ~(uint32_t)BERM_WAIVER_NAMES_NOTHING;
        if (!c->wanted(c, &w)) continue;
        if (c->json) print_waiver_json(c, &w);
        else print_waiver(&w);
        c->shown++;
    }
    if (c->json) fputs(c->shown ? "\n  ]\n}\n" : "]\n}\n", stdout);
    else printf("%zu of %zu waivers\n", c->shown, count);
    return EXIT_PASSED;
}

/* The first argument says what to do; the others are files of waivers. */
static int take_arguments(waiver_command *c, options *set)
{
    static const struct {
        const char *name;
        bool (*wanted)(const waiver_command *c, const berm_waiver *w);
    } verbs[] = {{"list", is_listed}, {"lint", is_bad}, {"expiring", is_ending}};
    const path_list *inputs = &c->o->inputs;
    for (size_t i = 0; inputs->count && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(inputs->items[0], verbs[i].name) == 0) c->wanted = verbs[i].wanted;
    if (!c->wanted) {
        fprintf(stderr, "berm: waivers takes list, lint or expiring, and files of waivers\n");
        return EXIT_USAGE;
    }
    set->waiver_files = (path_list){0};
    for (size_t i = 0; i < c->o->waiver_files.count; i++)
        if (!add_path(&set->waiver_files, c->o->waiver_files.items[i])) return EXIT_BROKEN;
    for (size_t i = 1; i < inputs->count; i++)
        if (!add_path(&set->waiver_files, inputs->items[i])) return EXIT_BROKEN;
    return EXIT_PASSED;
}

int run_waivers(const options *o)
{
    waiver_command c = {.o = o,
                        .json = o->outputs[0].format == BERM_REPORT_JSON,
                        .guarded = o->policies.count != 0};
    options set = *o;
    int code = take_arguments(&c, &set);
    if (c.wanted) {
        berm_engine *engine = code ? NULL : make_engine(o);
        if (!code && !engine) code = EXIT_BROKEN;
        if (!code)
            code = compile_set(engine, &set, &o->policies, BERM_COMPILE_ALLOW_EMPTY, &c.policy);
        if (!code) code = show_waivers(&c);
        berm_policy_unref(c.policy);
        berm_engine_unref(engine);
        free_paths(&set.waiver_files);
    }
    if (!code && c.wanted != is_listed && c.shown) code = EXIT_VIOLATED;
    return code;
}
