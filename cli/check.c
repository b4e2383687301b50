#include "cli.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct checker {
    const options *o;
    berm_engine *engine;
    berm_policy *policy;
    berm_eval *eval;
    berm_report *report;
    berm_doc *before;   /* what the one file is compared with */
    uint32_t run_flags; /* what the outputs need */
    int worst;          /* exit code of what could not be read or judged */
    bool partial;       /* there is more than what is checked */
    bool color;
    size_t seen, total; /* files, for the progress */
} checker;

/* What the report came to, now that waivers are counted over all of it. */
static bool is_violated(const checker *c)
{
    berm_summary s = {.size = sizeof s};
    size_t count, stride;
    bool violated = false;
    berm_report_summary(c->report, &s);
    const char *at = (const char *)berm_report_findings(c->report, &count, &stride);
    switch (c->o->fail_on) {
    case FAIL_ON_NEVER: return false;
    case FAIL_ON_MANDATORY: return s.denied != 0;
    case FAIL_ON_UNKNOWN: return s.denied || s.verdicts[BERM_VERDICT_UNKNOWN];
    case FAIL_ON_ANY: return s.verdicts[BERM_VERDICT_FAIL] || s.verdicts[BERM_VERDICT_ERROR];
    case FAIL_ON_SEVERITY: break;
    }
    for (size_t i = 0; i < count; i++) {
        const berm_finding *f = (const berm_finding *)(const void *)(at + i * stride);
        violated |= f->verdict == BERM_VERDICT_ERROR;
        violated |= f->verdict == BERM_VERDICT_FAIL && f->severity >= c->o->fail_severity;
    }
    return violated;
}

/* --strict-waivers: is a waiver anything but in force, used and sound? */
static bool has_bad_waiver(const checker *c)
{
    bool bad = false;
    for (size_t i = 0; i < berm_report_waiver_count(c->report); i++) {
        berm_waiver w = {.size = sizeof w};
        berm_error err;
        if (berm_report_waiver(c->report, i, &w, &err)) return true;
        bad |= w.problems || w.status == BERM_WAIVER_EXPIRED || w.status == BERM_WAIVER_UNUSED ||
               w.status == BERM_WAIVER_OVER_BROAD;
    }
    return bad;
}

/* What could not be read or judged is in the report, too: it must not look as if all were well. */
static void note_failure(checker *c, const char *path, const berm_error *why)
{
    berm_error err = {0};
    c->worst = EXIT_BROKEN;
    if (berm_report_fail(c->report, (berm_str){path, strlen(path)}, why, &err))
        print_error("the report", &err);
}

/* Judges documents, named by `path` where that fails, in one run. */
static void judge_documents(checker *c, const char *path, const berm_input *inputs, size_t count)
{
    berm_run run = {.size = sizeof run,
                    .policy = c->policy,
                    .inputs = inputs,
                    .input_count = count,
                    .now = c->o->now};
    run.flags = c->run_flags;
    if (c->partial) run.flags |= BERM_RUN_PARTIAL;
    if (c->o->drift) run.flags |= BERM_RUN_DRIFT;
    const berm_decision *decision;
    berm_error err = {0};
    berm_status status = berm_eval_run(c->eval, &run, &decision, &err);
    if (!status) status = berm_report_add(c->report, &run, decision, &err);
    if (!status) return;
    print_error(path, &err);
    note_failure(c, path, &err);
}

static berm_input make_input(const checker *c, const berm_doc *doc)
{
    berm_input input = {.size = sizeof input, .role = BERM_INPUT_DOCUMENT, .doc = doc};
    input.before = c->before;
    if (c->o->target) input.target = (berm_str){c->o->target, strlen(c->o->target)};
    return input;
}

/* NULL when it cannot be read; the rest is then not all there is. */
static berm_doc *read_document(checker *c, const char *path)
{
    berm_doc *doc;
    berm_error err = {0};
    show_progress(c->o, c->seen++, c->total, path);
    if (!parse_document(c->engine, path, c->color, &doc, &err)) return doc;
    note_failure(c, path, &err);
    berm_doc_unref(doc);
    c->partial = true;
    return NULL;
}

/* All in one run, because some guardrail joins their resources. */
static void check_together(checker *c, const path_list *files)
{
    berm_input *inputs = calloc(files->count + 1, sizeof *inputs);
    size_t count = 0;
    if (!inputs) {
        fprintf(stderr, "berm: out of memory\n");
        c->worst = EXIT_BROKEN;
        return;
    }
    for (size_t i = 0; i < files->count; i++) {
        berm_doc *doc = read_document(c, files->items[i]);
        if (doc) inputs[count++] = make_input(c, doc);
    }
    if (count) judge_documents(c, files->count == 1 ? files->items[0] : "the run", inputs, count);
    for (size_t i = 0; i < count; i++) berm_doc_unref((berm_doc *)(uintptr_t)inputs[i].doc);
    free(inputs);
}

static int write_output(const checker *c, const output *out)
{
    FILE *stream = out->path ? fopen(out->path, "wb") : stdout;
    if (!stream) {
        fprintf(stderr, "berm: %s: %s\n", out->path, strerror(errno));
        return EXIT_BROKEN;
    }
    berm_sink sink = {write_stream, stream};
    berm_error err = {0};
    uint32_t flags = c->o->verbose ? BERM_REPORT_VERBOSE : 0;
    if (use_color(c->o, stream)) flags |= BERM_REPORT_COLOR;
    berm_status status = berm_report_write(c->report, out->format, flags, &sink, &err);
    if (status) print_error("the report", &err);
    bool flushed = (out->path ? fclose(stream) : fflush(stream)) == 0;
    if (!flushed) fprintf(stderr, "berm: the report could not be written: %s\n", strerror(errno));
    return status || !flushed ? EXIT_BROKEN : EXIT_PASSED;
}

static int open_checker(checker *c)
{
    berm_error err = {0};
    c->engine = make_engine(c->o);
    if (!c->engine) return EXIT_BROKEN;
    int code = compile_set(c->engine, c->o, &c->o->policies, 0, &c->policy);
    if (code) return code;
    if (berm_eval_new(c->engine, NULL, &c->eval, &err) ||
        berm_report_new(c->engine, &c->report, &err)) {
        print_error("the evaluator", &err);
        return EXIT_BROKEN;
    }
    return EXIT_PASSED;
}

/* What the report says besides its findings: names are told from the folder where the command
   runs. */
static int describe_report(checker *c)
{
    berm_error err = {0};
    char base[4096];
    berm_report_options how = {.size = sizeof how};
    if (getcwd(base, sizeof base)) how.base = (berm_str){base, strlen(base)};
    if (c->o->revision) how.revision = (berm_str){c->o->revision, strlen(c->o->revision)};
    if (berm_report_configure(c->report, &how, &err)) {
        print_error("the report", &err);
        return EXIT_BROKEN;
    }
    for (size_t i = 0; i < c->o->scorecards.count; i++) {
        const char *path = c->o->scorecards.items[i];
        berm_doc *doc;
        int code = parse_document(c->engine, path, c->color, &doc, &err);
        if (!code && berm_report_score(c->report, doc, &err)) {
            print_error(path, &err);
            code = EXIT_USAGE;
        }
        berm_doc_unref(doc);
        if (code) return code;
    }
    return EXIT_PASSED;
}

static int check_files(checker *c, const path_list *files)
{
    c->total = files->count;
    const jobs work = {c->o,  c->engine, c->policy,    c->report,
                       files, c->before, c->run_flags, c->color};
    int described = describe_report(c);
    if (described) return described;
    if (berm_policy_joins(c->policy)) check_together(c, files);
    else c->worst = run_jobs(&work);
    clear_progress();
    for (size_t i = 0; i < c->o->output_count; i++) {
        int code = write_output(c, &c->o->outputs[i]);
        if (code > c->worst) c->worst = code;
    }
    if (c->worst) return c->worst;
    if (c->o->strict_waivers && has_bad_waiver(c)) return EXIT_VIOLATED;
    return is_violated(c) ? EXIT_VIOLATED : EXIT_PASSED;
}

/* --before: the document that the one file is compared with. */
static int read_before(checker *c, const path_list *files)
{
    berm_error err = {0};
    if (!c->o->before) {
        if (!c->o->drift) return EXIT_PASSED;
        fprintf(stderr, "berm: --drift says what --before FILE is compared for\n");
        return EXIT_USAGE;
    }
    if (files->count != 1) {
        fprintf(stderr, "berm: --before FILE is compared with one file\n");
        return EXIT_USAGE;
    }
    return parse_document(c->engine, c->o->before, c->color, &c->before, &err);
}

static uint32_t needed_flags(const options *o)
{
    uint32_t flags = o->verbose || o->scorecards.count ? BERM_RUN_PASSES : 0;
    if (o->scorecards.count) flags |= BERM_RUN_TAGS;
    for (size_t i = 0; i < o->output_count; i++)
        flags |= berm_report_run_flags(o->outputs[i].format);
    return flags;
}

static int run_checker(const options *o)
{
    checker c = {.o = o, .partial = o->partial, .color = use_color(o, stderr)};
    path_list files = {0};
    int code = EXIT_PASSED;
    c.run_flags = needed_flags(o);
    for (size_t i = 0; i < o->inputs.count && !code; i++)
        if (!expand_path(&files, o->inputs.items[i], document_endings)) code = EXIT_BROKEN;
    if (!code) code = open_checker(&c);
    if (!code) code = read_before(&c, &files);
    if (!code) code = check_files(&c, &files);
    free_paths(&files);
    berm_report_free(c.report);
    berm_doc_unref(c.before);
    berm_eval_free(c.eval);
    berm_policy_unref(c.policy);
    berm_engine_unref(c.engine);
    return code;
}

static int run_outputs(const options *o, const char *command)
{
    if (o->policies.count && o->inputs.count) return run_checker(o);
    fprintf(stderr, "berm: %s needs policies (-p) and at least one file, directory or -\n",
            command);
    return EXIT_USAGE;
}

int run_check(const options *o)
{
    return run_outputs(o, "check");
}

/* A report of controls and scorecards: what is violated is not its question, but what could not be
   read is. */
int run_coverage(const options *o)
{
    options own = *o;
    if (!berm_report_format_name(BERM_REPORT_COVERAGE)) {
        fprintf(stderr, "berm: this build has no coverage\n");
        return EXIT_USAGE;
    }
    if (!o->output_given) own.outputs[0].format = BERM_REPORT_COVERAGE;
    int code = run_outputs(&own, "coverage");
    return code == EXIT_VIOLATED ? EXIT_PASSED : code;
}
