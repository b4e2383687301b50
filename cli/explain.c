/* berm explain: how each verdict came about, and why guardrails do not look at resources. */
#include "cli.h"

#include <string.h>

typedef struct explainer {
    const berm_doc *doc;
    uint64_t count;
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
    put_text(berm_doc_name(e->doc));
    if (f->line) printf(":%u:%u", f->line, f->column);
    fputs("  ", stdout);
    put_text(f->address);
    if (f->path.len) putchar('['), put_text(f->path), putchar(']');
    putchar('\n');
    put_text(f->explanation);
    return 0;
}

static int explain_document(const options *o, berm_eval *eval, const berm_policy *policy,
                            explainer *e)
{
    berm_input input = {.size = sizeof input, .role = BERM_INPUT_DOCUMENT, .doc = e->doc};
    berm_run run = {.size = sizeof run,
                    .policy = policy,
                    .inputs = &input,
                    .input_count = 1,
                    .now = o->now,
                    .flags = BERM_RUN_EXPLAIN | (o->partial ? BERM_RUN_PARTIAL : 0u),
                    .on_finding = print_finding,
                    .ctx = e};
    if (o->target) input.target = (berm_str){o->target, strlen(o->target)};
    if (o->guardrail) run.explain_guardrails = (berm_str){o->guardrail, strlen(o->guardrail)};
    if (o->resource) run.explain_resources = (berm_str){o->resource, strlen(o->resource)};
    const berm_decision *decision;
    berm_error err = {0};
    if (berm_eval_run(eval, &run, &decision, &err) == BERM_OK) return EXIT_PASSED;
    berm_str name = berm_doc_name(e->doc);
    char what[256];
    snprintf(what, sizeof what, "%.*s", (int)name.len, name.ptr);
    print_error(what, &err);
    return EXIT_BROKEN;
}

static int explain_files(const options *o, berm_engine *engine, const berm_policy *policy)
{
    berm_eval *eval;
    berm_error err = {0};
    int worst = EXIT_PASSED;
    if (berm_eval_new(engine, NULL, &eval, &err)) {
        print_error("the evaluator", &err);
        return EXIT_BROKEN;
    }
    explainer e = {0};
    for (size_t i = 0; i < o->inputs.count; i++) {
        berm_doc *doc;
        int code = parse_document(engine, o->inputs.items[i], use_color(o, stderr), &doc, &err);
        e.doc = doc;
        if (!code) code = explain_document(o, eval, policy, &e);
        if (code > worst) worst = code;
        berm_doc_unref(doc);
    }
    if (!e.count && !worst) puts("no guardrail and resource match");
    berm_eval_free(eval);
    return worst;
}

int run_explain(const options *o)
{
    if (!o->policies.count || !o->inputs.count) {
        fprintf(stderr, "berm: explain needs policies (-p) and at least one file or -\n");
        return EXIT_USAGE;
    }
    berm_engine *engine = make_engine();
    if (!engine) return EXIT_BROKEN;
    berm_policy *policy;
    int code = compile_policies(engine, &o->policies, &policy);
    if (!code) code = explain_files(o, engine, policy);
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    return code;
}
