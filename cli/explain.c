/* berm explain: how each verdict came about, and why guardrails do not look at resources. */
#include "cli.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct explainer {
    const options *o;
    berm_engine *engine;
    const berm_policy *policy;
    berm_eval *eval;
    berm_input *inputs; /* of all files that could be read */
    size_t input_count;
    const berm_input *judged; /* those of the run that goes on */
    bool partial;
    uint64_t count; /* explained */
} explainer;

static const char *const verdict_words[] = {"pass",  "fail",    "unknown",
                                            "error", "skipped", "waived"};

static void put_text(berm_str text)
{
    fwrite(text.ptr, 1, text.len, stdout);
}

static int print_finding(void *ctx, const berm_finding *f)
{
    explainer *e = ctx;
    bool word = f->verdict < sizeof verdict_words / sizeof *verdict_words;
    printf("%s%s ", e->count++ ? "\n" : "", word ? verdict_words[f->verdict] : "?");
    put_text(f->guardrail);
    if (f->validation.len) putchar('/'), put_text(f->validation);
    if (f->message.len) fputs(": ", stdout), put_text(f->message);
    fputs("\n  --> ", stdout);
    put_text(berm_doc_name(e->judged[f->source].doc));
    if (f->line) printf(":%u:%u", f->line, f->column);
    fputs("  ", stdout);
    put_text(f->address);
    if (f->path.len) putchar('['), put_text(f->path), putchar(']');
    putchar('\n');
    put_text(f->explanation);
    return 0;
}

static int explain_inputs(explainer *e, const berm_input *inputs, size_t count)
{
    const options *o = e->o;
    berm_run run = {.size = sizeof run,
                    .policy = e->policy,
                    .inputs = inputs,
                    .input_count = count,
                    .now = o->now,
                    .flags = BERM_RUN_EXPLAIN | (e->partial ? BERM_RUN_PARTIAL : 0u),
                    .on_finding = print_finding,
                    .ctx = e};
    if (o->guardrail) run.explain_guardrails = (berm_str){o->guardrail, strlen(o->guardrail)};
    if (o->resource) run.explain_resources = (berm_str){o->resource, strlen(o->resource)};
    e->judged = inputs;
    const berm_decision *decision;
    berm_error err = {0};
    if (berm_eval_run(e->eval, &run, &decision, &err) == BERM_OK) return EXIT_PASSED;
    berm_str name = berm_doc_name(inputs->doc);
    char what[256] = "the run";
    if (count == 1) snprintf(what, sizeof what, "%.*s", (int)name.len, name.ptr);
    print_error(what, &err);
    return EXIT_BROKEN;
}

/* A file that cannot be read is reported; the rest is then not all there is. */
static int read_inputs(explainer *e, const path_list *files)
{
    int worst = EXIT_PASSED;
    berm_error err = {0};
    e->inputs = calloc(files->count + 1, sizeof *e->inputs);
    if (!e->inputs) {
        fprintf(stderr, "berm: out of memory\n");
        return EXIT_BROKEN;
    }
    for (size_t i = 0; i < files->count; i++) {
        berm_doc *doc;
        int code = parse_document(e->engine, files->items[i], use_color(e->o, stderr), &doc, &err);
        berm_input input = {.size = sizeof input, .role = BERM_INPUT_DOCUMENT, .doc = doc};
        if (e->o->target) input.target = (berm_str){e->o->target, strlen(e->o->target)};
        if (code) {
            worst = code;
            e->partial = true;
            berm_doc_unref(doc);
        } else {
            e->inputs[e->input_count++] = input;
        }
    }
    return worst;
}

/* As check judges them: each by itself, or all together where some guardrail joins them. */
static int explain_files(explainer *e, const path_list *files)
{
    berm_error err = {0};
    if (berm_eval_new(e->engine, NULL, &e->eval, &err)) {
        print_error("the evaluator", &err);
        return EXIT_BROKEN;
    }
    int worst = read_inputs(e, files);
    bool joins = berm_policy_joins(e->policy);
    size_t step = joins ? e->input_count : 1;
    if (!joins) e->partial = e->o->partial; /* what another document holds changes nothing here */
    for (size_t i = 0; i < e->input_count; i += step) {
        int code = explain_inputs(e, &e->inputs[i], step);
        if (code > worst) worst = code;
    }
    if (!e->count && !worst) puts("no guardrail and resource match");
    return worst;
}

static void close_explainer(explainer *e)
{
    for (size_t i = 0; i < e->input_count; i++)
        berm_doc_unref((berm_doc *)(uintptr_t)e->inputs[i].doc);
    free(e->inputs);
    berm_eval_free(e->eval);
    berm_policy_unref((berm_policy *)(uintptr_t)e->policy);
    berm_engine_unref(e->engine);
}

int run_explain(const options *o)
{
    explainer e = {.o = o, .partial = o->partial};
    path_list files = {0};
    int code = EXIT_PASSED;
    if (!o->policies.count || !o->inputs.count) {
        fprintf(stderr,
                "berm: explain needs policies (-p) and at least one file, directory or -\n");
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < o->inputs.count && !code; i++)
        if (!expand_path(&files, o->inputs.items[i], document_endings)) code = EXIT_BROKEN;
    if (!code) e.engine = make_engine(o);
    if (!code && !e.engine) code = EXIT_BROKEN;
    berm_policy *policy = NULL;
    if (!code) code = compile_set(e.engine, o, &o->policies, 0, &policy);
    e.policy = policy;
    if (!code) code = explain_files(&e, &files);
    free_paths(&files);
    close_explainer(&e);
    return code;
}
