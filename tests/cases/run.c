#include "run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- what was found --- */

void begin_case(runner *r, berm_str name)
{
    r->name = name;
    r->faults = 0;
}

void end_case(runner *r)
{
    if (r->faults) r->failed++;
    else r->passed++;
    if (!r->faults && r->quiet)
        printf("%s: %.*s: %.*s: passed\n", r->file, (int)r->group.len, r->group.ptr,
               (int)r->name.len, r->name.ptr);
}

void report_fault(runner *r, const char *format, ...)
{
    va_list args;
    r->faults++;
    if (r->quiet) return;
    printf("%s: %.*s: %.*s: ", r->file, (int)r->group.len, r->group.ptr, (int)r->name.len,
           r->name.ptr);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

void expect_text(runner *r, const char *what, berm_str wanted, berm_str got)
{
    if (str_equal(wanted, got)) return;
    report_fault(r, "%s: expected '%.*s', got '%.*s'", what, (int)wanted.len, wanted.ptr,
                 (int)got.len, got.ptr);
}

void expect_words(runner *r, const char *what, berm_str wanted, berm_str got)
{
    if (str_contains(got, wanted)) return;
    report_fault(r, "%s: expected '%.*s' in '%.*s'", what, (int)wanted.len, wanted.ptr,
                 (int)got.len, got.ptr);
}

void expect_count(runner *r, const char *what, uint64_t wanted, uint64_t got)
{
    if (wanted != got)
        report_fault(r, "%s: expected %llu, got %llu", what, (unsigned long long)wanted,
                     (unsigned long long)got);
}

/* --- a file --- */

static bool read_file(const char *path, buffer *out)
{
    char chunk[65536];
    size_t got;
    FILE *in = fopen(path, "rb");
    if (!in) return false;
    while ((got = fread(chunk, 1, sizeof chunk, in)) > 0) put_text(out, chunk, got);
    bool read = !ferror(in);
    fclose(in);
    return read;
}

static void run_document(runner *r, berm_value document)
{
    berm_str expressions = text_member(document, "expressions"),
             policy = text_member(document, "policy");
    r->group = expressions.ptr ? expressions : policy;
    if (expressions.ptr) {
        run_expressions(r, document);
    } else if (policy.ptr) {
        run_policy_case(r, document);
    } else {
        begin_case(r, str_of("?"));
        report_fault(r, "a document starts with `expressions` or `policy`");
        end_case(r);
    }
}

static bool run_file(runner *r, const char *path)
{
    buffer text = {0};
    berm_doc *doc = NULL;
    berm_error err = {0};
    berm_doc_options how = {.size = sizeof how,
                            .format = BERM_FORMAT_IS_YAML,
                            .yaml_schema = BERM_YAML_IS_CORE,
                            .duplicates = BERM_DUPLICATES_FORBID};
    r->file = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    bool read = read_file(path, &text);
    if (!read) fprintf(stderr, "%s: cannot be read\n", path);
    else if (berm_doc_parse(r->engine, view(&text), &how, &doc, NULL, &err))
        fprintf(stderr, "%s:%u:%u: %s\n", path, err.line, err.column, err.message);
    for (size_t i = 0; i < berm_doc_root_count(doc); i++) run_document(r, berm_doc_root(doc, i));
    bool done = doc != NULL;
    berm_doc_unref(doc);
    free_buffer(&text);
    return done;
}

/* run FILE...: every case must hold. run --all-fail FILE...: none may; that is how the runner
   itself is tested. run --plain FILE...: every case must hold where rules share nothing. run --sweep N
   FILE...: sweep.c; run --mangle N FILE...: mangle.c. */
int main(int argc, char **argv)
{
    runner r = {0};
    berm_alloc alloc = sweep_alloc();
    berm_engine_options options = {.size = sizeof options};
    bool read = true;
    int first = 1;
    if (argc > 1 && strcmp(argv[1], "--all-fail") == 0) {
        r.quiet = true;
        first = 2;
    } else if (argc > 2 && strcmp(argv[1], "--sweep") == 0) {
        r.sweep = strtoull(argv[2], NULL, 10);
        options.alloc = &alloc;
        first = 3;
    } else if (argc > 2 && strcmp(argv[1], "--mangle") == 0) {
        r.mangle = strtoull(argv[2], NULL, 10);
        first = 3;
    } else if (argc > 1 && strcmp(argv[1], "--plain") == 0) {
        r.plain = true;
        first = 2;
    }
    if (first >= argc) {
        fprintf(stderr, "usage: run [--all-fail | --plain | --sweep N | --mangle N] FILE...\n");
        return 2;
    }
    if (berm_engine_new(&options, &r.engine, NULL) || berm_eval_new(r.engine, NULL, &r.eval, NULL))
        return 3;
    for (int i = first; i < argc; i++) read &= run_file(&r, argv[i]);
    printf("%zu passed, %zu failed\n", r.passed, r.failed);
    berm_eval_free(r.eval);
    berm_engine_unref(r.engine);
    if (!read || r.passed + r.failed == 0) return 3;
    return (r.quiet ? r.passed : r.failed) ? 1 : 0;
}
