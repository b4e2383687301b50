/* Does the work that is measured, one round for each line of its input, so that rounds of several
   programs can be timed in turn:

     bench_round [-s SLICE] [-e] [-d] [-k] [-l] [-t TARGET] INPUT POLICY...

   INPUT is one document or, with -l, one document a line; a round takes the next SLICE of them (all
   unless told otherwise), reads them and judges them. With -e they are read before the first round;
   with -d they are made documents and nothing else; with -k they are read and nobody looks at them,
   so that they are checked and not built.
   Prints `ready` once, then for each line of its input what that asks for:

     round     does one, and prints the nanoseconds of processor time it took
     calls     does one, and prints how often it asked the allocator for memory
     verdicts  how often each guardrail failed, as `ID COUNT` lines and an empty one
     image     the bytes of the saved policies, and the nanoseconds that loading them takes, from a
               copy and from the bytes themselves */
#define _POSIX_C_SOURCE 200809L
#include <berm/berm.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUND_POLICIES 64

typedef struct round_work {
    berm_engine *engine;
    berm_alloc alloc;
    size_t calls; /* of the allocator */
    berm_policy *policy;
    berm_eval *eval;
    berm_str *texts;
    berm_doc **docs; /* with -e */
    size_t count, slice, at;
    const char *name;
    berm_str target;
    int lines, eval_only, read_only;
    char *text, *policies[ROUND_POLICIES];
} round_work;

static void stop_round(const char *what, const char *why)
{
    fprintf(stderr, "bench_round: %s: %s\n", what, why);
    exit(1);
}

static char *load_round_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) stop_round(path, "cannot be read");
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size)
        stop_round(path, "cannot be read");
    fclose(file);
    text[ *len = (size_t)size] = '\0';
    return text;
}

static void *count_round_call(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    size_t *calls = ctx;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    ++*calls;
    (void)old_size;
    return realloc(ptr, new_size);
}

static void compile_round(round_work *work, char **paths, int count)
{
    berm_source sources[ROUND_POLICIES];
    if (count > ROUND_POLICIES) stop_round("policies", "too many files");
    for (int i = 0; i < count; i++) {
        size_t len;
        work->policies[i] = load_round_file(paths[i], &len);
        sources[i] = (berm_source){.size = sizeof *sources,
                                   .name = {paths[i], strlen(paths[i])},
                                   .text = {work->policies[i], len}};
    }
    berm_compile_input input = {.size = sizeof input,
                                .sources = sources,
                                .source_count = (size_t)count,
                                .flags = count ? 0 : BERM_COMPILE_ALLOW_EMPTY};
    berm_error err = {0};
    work->alloc = (berm_alloc){.realloc = count_round_call, .ctx = &work->calls};
    berm_engine_options options = {.size = sizeof options, .alloc = &work->alloc};
    if (berm_engine_new(&options, &work->engine, &err) ||
        berm_policy_compile(work->engine, &input, &work->policy, NULL, &err) ||
        berm_eval_new(work->engine, NULL, &work->eval, &err))
        stop_round("policies", err.message);
}

static void split_round_lines(round_work *work, size_t len)
{
    char *end = work->text + len;
    for (char *p = work->text; p < end; work->count++) {
        char *newline = work->lines ? memchr(p, '\n', (size_t)(end - p)) : NULL;
        char *stop = newline ? newline : end;
        if ((work->count & (work->count - 1)) == 0) {
            size_t cap = work->count ? 2 * work->count : 1;
            work->texts = realloc(work->texts, cap * sizeof *work->texts);
            if (!work->texts) stop_round("texts", "no memory");
        }
        work->texts[work->count] = (berm_str){p, (size_t)(stop - p)};
        p = newline ? newline + 1 : end;
    }
}

static berm_doc *read_round_doc(const round_work *work, size_t i)
{
    berm_doc *doc;
    berm_error err = {0};
    berm_doc_options options = {.size = sizeof options,
                                .name = {work->name, strlen(work->name)},
                                .format = BERM_FORMAT_IS_JSON,
                                .own = BERM_TEXT_OWN};
    if (berm_doc_parse(work->engine, work->texts[i], &options, &doc, NULL, &err))
        stop_round(work->name, err.message);
    return doc;
}

/* Judges document i. */
static const berm_decision *judge_round(const round_work *work, size_t i)
{
    berm_input input = {.size = sizeof input,
                        .target = work->target,
                        .name = {work->name, strlen(work->name)},
                        .format = BERM_FORMAT_IS_JSON};
    if (work->eval_only) input.doc = work->docs[i];
    else input.text = work->texts[i];
    berm_run run = {.size = sizeof run,
                    .policy = work->policy,
                    .inputs = &input,
                    .input_count = 1,
                    .now = {.sec = 1780000000}};
    const berm_decision *decision;
    berm_error err = {0};
    if (berm_eval_run(work->eval, &run, &decision, &err)) stop_round(work->name, err.message);
    return decision;
}

static long long read_round_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* others may use the processor, too */
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Has a name of its own so that instructions can be counted for rounds alone. */
__attribute__((noinline)) void run_round(round_work *work);
void run_round(round_work *work)
{
    for (size_t i = 0; i < work->slice; i++) {
        if (work->read_only) berm_doc_unref(read_round_doc(work, work->at));
        else judge_round(work, work->at);
        work->at = work->at + 1 < work->count ? work->at + 1 : 0;
    }
}

typedef struct round_tally {
    char name[96];
    size_t count;
} round_tally;

static int order_tallies(const void *a, const void *b)
{
    return strcmp(((const round_tally *)a)->name, ((const round_tally *)b)->name);
}

static void count_finding(round_tally *tallies, size_t *count, const berm_finding *f)
{
    if (f->verdict != BERM_VERDICT_FAIL && f->verdict != BERM_VERDICT_ERROR) return;
    size_t i = 0;
    while (i < *count && (strlen(tallies[i].name) != f->guardrail.len ||
                          memcmp(tallies[i].name, f->guardrail.ptr, f->guardrail.len) != 0))
        i++;
    if (i == 2048) stop_round("verdicts", "too many guardrails");
    if (i == *count) {
        snprintf(tallies[i].name, sizeof tallies[i].name, "%.*s", (int)f->guardrail.len,
                 f->guardrail.ptr);
        tallies[(*count)++].count = 0;
    }
    tallies[i].count++;
}

static void print_verdicts(const round_work *work)
{
    round_tally *tallies = calloc(2048, sizeof *tallies);
    size_t count = 0;
    if (!tallies) stop_round("verdicts", "no memory");
    for (size_t i = 0; i < work->count; i++) {
        size_t findings, stride;
        const berm_finding *f = berm_decision_findings(judge_round(work, i), &findings, &stride);
        for (; findings-- > 0; f = (const berm_finding *)(const void *)((const char *)f + stride))
            count_finding(tallies, &count, f);
    }
    qsort(tallies, count, sizeof *tallies, order_tallies);
    for (size_t i = 0; i < count; i++) printf("%s %zu\n", tallies[i].name, tallies[i].count);
    printf("\n");
    free(tallies);
}

typedef struct round_image {
    char *bytes;
    size_t len;
} round_image;

static int take_image(void *ctx, const char *bytes, size_t len)
{
    round_image *image = ctx;
    char *more = realloc(image->bytes, image->len + len);
    if (!more) return 1;
    memcpy(more + image->len, bytes, len);
    *image = (round_image){more, image->len + len};
    return 0;
}

static void print_image(const round_work *work)
{
    round_image image = {NULL, 0};
    berm_sink sink = {.write = take_image, .ctx = &image};
    berm_policy *policy;
    berm_error err = {0};
    if (berm_policy_save(work->policy, &sink, &err)) stop_round("image", err.message);
    long long start = read_round_clock();
    if (berm_policy_load(work->engine, (berm_str){image.bytes, image.len}, &policy, &err))
        stop_round("image", err.message);
    long long copied = read_round_clock() - start;
    berm_policy_unref(policy);
    start = read_round_clock();
    if (berm_policy_borrow(work->engine, (berm_str){image.bytes, image.len}, NULL, NULL, &policy,
                           &err))
        stop_round("image", err.message);
    printf("%zu %lld %lld\n", image.len, copied, read_round_clock() - start);
    berm_policy_unref(policy);
    free(image.bytes);
}

static void serve_rounds(round_work *work)
{
    char line[64];
    printf("ready\n");
    while (fflush(stdout) == 0 && fgets(line, sizeof line, stdin)) {
        if (line[0] == 'v') {
            print_verdicts(work);
            continue;
        }
        if (line[0] == 'i') {
            print_image(work);
            continue;
        }
        long long start = read_round_clock();
        size_t calls = work->calls;
        run_round(work);
        if (line[0] == 'c') printf("%zu\n", work->calls - calls);
        else printf("%lld\n", read_round_clock() - start);
    }
}

static void free_round(round_work *work)
{
    for (size_t i = 0; work->docs && i < work->count; i++) berm_doc_unref(work->docs[i]);
    free(work->docs);
    free(work->texts);
    free(work->text);
    for (size_t i = 0; i < ROUND_POLICIES; i++) free(work->policies[i]);
    berm_eval_free(work->eval);
    berm_policy_unref(work->policy);
    berm_engine_unref(work->engine);
}

int main(int argc, char **argv)
{
    round_work work = {.slice = 0};
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (!strcmp(argv[i], "-e")) work.eval_only = 1;
        else if (!strcmp(argv[i], "-d")) work.read_only = 1;
        else if (!strcmp(argv[i], "-k")) work.target = (berm_str){"json", 4};
        else if (!strcmp(argv[i], "-l")) work.lines = 1;
        else if (!strcmp(argv[i], "-s") && i + 1 < argc) work.slice = (size_t)atol(argv[++i]);
        else if (!strcmp(argv[i], "-t") && i + 1 < argc)
            work.target = (berm_str){argv[i + 1], strlen(argv[i + 1])}, i++;
        else break;
    }
    if (i >= argc || argv[i][0] == '-') stop_round("usage", "[-s SLICE] [-e] [-l] INPUT POLICY...");
    size_t len;
    work.name = argv[i];
    work.text = load_round_file(argv[i], &len);
    compile_round(&work, argv + i + 1, argc - i - 1);
    split_round_lines(&work, len);
    if (!work.slice) work.slice = work.count;
    if (work.eval_only) {
        work.docs = calloc(work.count, sizeof *work.docs);
        if (!work.docs) stop_round("documents", "no memory");
        for (size_t k = 0; k < work.count; k++) work.docs[k] = read_round_doc(&work, k);
    }
    serve_rounds(&work);
    free_round(&work);
    return 0;
}
