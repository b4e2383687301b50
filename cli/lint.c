/* berm lint: policies that compile and are probably not what was meant. */
#include "tally.h"

#include <errno.h>
#include <string.h>

enum { SEVERITY_ERROR = 1, SEVERITY_WARNING, SEVERITY_NOTE };

typedef struct lint_report {
    const options *o;
    const berm_diag *items;
    size_t count, severities[4]; /* how many of each; [0] unused */
} lint_report;

static void print_lint(const lint_report *r, FILE *out)
{
    bool color = use_color(r->o, out);
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i].severity != SEVERITY_NOTE || r->o->verbose)
            print_diag(out, &r->items[i], color);
    if (r->severities[SEVERITY_WARNING])
        fprintf(out, "%zu warning%s\n", r->severities[SEVERITY_WARNING],
                r->severities[SEVERITY_WARNING] == 1 ? "" : "s");
}

static void print_lint_json(const lint_report *r, FILE *out)
{
    static const char *const words[] = {"", "error", "warning", "note"};
    fprintf(out, "{\n  \"schema\": \"berm-lint/1\",\n  \"warnings\": %zu,\n  \"notes\": %zu,\n",
            r->severities[SEVERITY_WARNING], r->severities[SEVERITY_NOTE]);
    fputs("  \"findings\": [", out);
    for (size_t i = 0; i < r->count; i++) {
        const berm_diag *d = &r->items[i];
        fprintf(out, "%s\n    {\"code\": \"%.*s\", \"severity\": \"%s\", \"file\": ", i ? "," : "",
                (int)d->code.len, d->code.ptr, words[d->severity <= 3 ? d->severity : 0]);
        print_json_text(out, d->source);
        fprintf(out, ", \"line\": %u, \"column\": %u, \"message\": ", d->line, d->column);
        print_json_text(out, d->message);
        if (d->hint.len) fputs(", \"help\": ", out), print_json_text(out, d->hint);
        fputc('}', out);
    }
    fputs("\n  ]\n}\n", out);
}

static int write_lint(const lint_report *r, const output *to)
{
    FILE *out = to->path ? fopen(to->path, "wb") : stdout;
    if (!out) {
        fprintf(stderr, "berm: %s: %s\n", to->path, strerror(errno));
        return EXIT_BROKEN;
    }
    if (to->format == BERM_REPORT_JSON) print_lint_json(r, out);
    else print_lint(r, out);
    bool broken = ferror(out) != 0;
    if (to->path ? fclose(out) : fflush(out)) broken = true;
    if (broken) fprintf(stderr, "berm: the findings could not be written: %s\n", strerror(errno));
    return broken ? EXIT_BROKEN : EXIT_PASSED;
}

static int report_lint(const options *o, const berm_diags *diags, bool compiled)
{
    lint_report r = {.o = o};
    int worst = EXIT_PASSED;
    r.items = berm_diags_items(diags, &r.count);
    for (size_t i = 0; i < r.count; i++)
        if (r.items[i].severity <= 3) r.severities[r.items[i].severity]++;
    for (size_t i = 0; i < o->output_count && !worst; i++) worst = write_lint(&r, &o->outputs[i]);
    if (worst) return worst;
    if (!compiled) return EXIT_USAGE;
    return o->strict && r.severities[SEVERITY_WARNING] ? EXIT_VIOLATED : EXIT_PASSED;
}

static int lint_sources(const options *o, berm_engine *engine, const source_list *list)
{
    berm_compile_input input = {.size = sizeof input,
                                .sources = list->items,
                                .source_count = list->count,
                                .flags = BERM_COMPILE_ALLOW_EMPTY};
    if (o->profile) input.profile = (berm_str){o->profile, strlen(o->profile)};
    berm_diags *diags;
    berm_error err = {0};
    berm_status status = berm_policy_lint(engine, &input, &diags, &err);
    int code = EXIT_BROKEN;
    if (!status || status == BERM_E_POLICY) code = report_lint(o, diags, !status);
    else print_error("policies", &err);
    berm_diags_free(diags);
    return code;
}

int run_lint(const options *o)
{
    const path_list *paths = o->policies.count ? &o->policies : &o->inputs;
    if (o->effective) return run_effective(o);
    if (!paths->count) {
        fprintf(stderr, "berm: lint needs policy files or directories\n");
        return EXIT_USAGE;
    }
    berm_engine *engine = make_engine(o);
    if (!engine) return EXIT_BROKEN;
    source_list list;
    int code = open_sources(o, paths, &list);
    if (!code) code = refuse_image(&list, "lint");
    if (!code) code = lint_sources(o, engine, &list);
    close_sources(&list);
    berm_engine_unref(engine);
    return code;
}
