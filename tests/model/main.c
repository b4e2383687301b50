/* berm-model [-v] [--wrong] [--unknowns | --folding] N [SEED [FIRST]]: tries N random
   expressions, each over random documents, and prints those about which the library and the
   model (or the library and itself) differ, made small. Exit 1 when any does. The same seed
   gives the same expressions; trial FIRST is where to begin. --wrong spoils one side: then it
   must find differences, or it would never. */
#include "phrase.h"
#include "shrink.h"

#include <stdio.h>
#include <stdlib.h>

#define WORK_LIMIT 2000000u
#define FINDINGS_MAX 20

typedef struct run {
    trial *tried;
    uint64_t seed;
    bool verbose;
    tally tally;
    unsigned findings;
} run;

static void print_finding(const char *title, berm_str text, const world *w, const finding *f)
{
    berm_text out;
    text_begin(&out);
    berm_text_format(&out, "%s: %S\n", title, text);
    put_world(&out, w);
    berm_text_format(&out, "  %s\n    wanted ", f->what);
    put_value(&out, f->wanted);
    berm_text_put(&out, BERM_STR("\n    got    "));
    put_value(&out, f->got);
    berm_text_put(&out, BERM_STR("\n  with\n"));
    put_world(&out, &f->over);
    printf("%.*s\n", (int)out.len, out.ptr ? out.ptr : "");
    berm_text_free(&out);
}

/* Tries the text once more, for what there is to print. */
static void print_again(const char *title, heap *h, run *r, dice d, berm_str text, const world *w)
{
    berm_ast ast;
    finding f;
    tally t = {.wrong = r->tally.wrong};
    if (!parse_phrase(&ast, text)) return;
    h->work = 0;
    if (r->tried(h, d, &ast, w, &f, &t) == TRIAL_DIFFERS) print_finding(title, text, w, &f);
    berm_ast_free(&ast);
}

static void report(run *r, heap *h, uint64_t number, dice d, const finding *f, berm_text *text,
                   world *w)
{
    r->findings++;
    if (r->findings > FINDINGS_MAX || r->tally.wrong) return;
    printf("trial %llu of seed %llu differs\n", (unsigned long long)number,
           (unsigned long long)r->seed);
    if (r->verbose) print_again("as found", h, r, d, berm_text_view(text), w);
    shrink(h, r->tried, d, f, text, w);
    print_again("made small", h, r, d, berm_text_view(text), w);
}

static void run_trial(run *r, uint64_t number)
{
    dice d = dice_of(r->seed, number);
    heap h;
    berm_ast ast;
    berm_text text;
    finding f;
    heap_begin(&h, WORK_LIMIT);
    text_begin(&text);
    world w = make_world(&h, &d);
    put_phrase(&text, &h, &d, &w, 4 + (int)dice_below(&d, 30));
    h.work = 0;
    r->tally.trials++;
    if (!parse_phrase(&ast, berm_text_view(&text))) {
        printf("trial %llu does not parse: %.*s\n", (unsigned long long)number, (int)text.len,
               text.ptr);
        r->findings++;
    } else {
        verdict v = r->tried(&h, d, &ast, &w, &f, &r->tally);
        if (v == TRIAL_SKIPPED) r->tally.skipped++;
        if (v == TRIAL_DIFFERS) report(r, &h, number, d, &f, &text, &w);
        berm_ast_free(&ast);
    }
    berm_text_free(&text);
    heap_end(&h);
}

static uint64_t read_number(const char *text, uint64_t otherwise)
{
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static void print_tally(const run *r)
{
    const tally *t = &r->tally;
    printf("%llu trials: %llu values, %llu errors, %llu skipped", (unsigned long long)t->trials,
           (unsigned long long)t->values, (unsigned long long)t->errors,
           (unsigned long long)t->skipped);
    if (t->unknown)
        printf("; with unknowns %llu decided, %llu not (whatever was tried came to one value for "
               "%llu, to an error for %llu)",
               (unsigned long long)t->decided, (unsigned long long)t->unknown,
               (unsigned long long)t->values_alike, (unsigned long long)t->errors_alike);
    if (t->graphs) printf("; %llu as graphs of tests, too", (unsigned long long)t->graphs);
    printf("; %u differences\n", r->findings);
}

int main(int argc, char **argv)
{
    run r = {.tried = try_model};
    int at = 1;
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "--unknowns") == 0) r.tried = try_unknowns;
        else if (strcmp(argv[at], "--folding") == 0) r.tried = try_folding;
        else if (strcmp(argv[at], "--wrong") == 0) r.tally.wrong = true;
        else if (strcmp(argv[at], "-v") == 0) r.verbose = true;
        else break;
    }
    if (at == argc || argv[at][0] == '-') {
        fprintf(stderr,
                "usage: berm-model [-v] [--wrong] [--unknowns | --folding] N [SEED [FIRST]]\n");
        return 2;
    }
    uint64_t count = read_number(argv[at], 0), first = 0;
    r.seed = read_number(at + 1 < argc ? argv[at + 1] : NULL, 1);
    first = read_number(at + 2 < argc ? argv[at + 2] : NULL, 0);
    for (uint64_t i = first; i < first + count; i++) {
        run_trial(&r, i);
        if (r.findings && r.tally.wrong) break; /* that is all there is to show */
    }
    print_tally(&r);
    return r.findings ? 1 : 0;
}
