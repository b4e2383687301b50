/* The berm command: a host of the library like any other. It sees the public header alone. */
#ifndef BERM_CLI_H
#define BERM_CLI_H

#include <berm/berm.h>
#include <stdbool.h>
#include <stdio.h>

/* Exit codes, as the language says. */
enum { EXIT_PASSED = 0, EXIT_VIOLATED = 1, EXIT_USAGE = 2, EXIT_BROKEN = 3 };

typedef struct path_list {
    char **items;
    size_t count, cap;
} path_list;

/* --- files.c --- */
/* A whole file ("-": standard input) with its length; NULL with a message on stderr. free() it. */
char *read_file(const char *path, size_t *len);
bool add_path(path_list *list, const char *path);
void free_paths(path_list *list);
/* `path` itself when it is a file or "-"; the files below it with one of `endings`
   (NULL-terminated), sorted, when it is a directory. What tools keep for themselves (.git,
   .terraform, node_modules ..) is passed over. False with a message when it cannot be read. */
bool expand_path(path_list *list, const char *path, const char *const *endings);
/* A sink that keeps what is written: keep_text with a kept_text that is {0}; free() its text. */
typedef struct kept_text {
    char *text;
    size_t len;
} kept_text;
int keep_text(void *ctx, const char *ptr, size_t len);
extern const char *const policy_endings[];
extern const char *const document_endings[];

/* --- options.c --- */
typedef struct output {
    uint32_t format;
    const char *path; /* NULL: standard output */
} output;

#define JOBS_MAX 256

typedef enum fail_on {
    FAIL_ON_MANDATORY,
    FAIL_ON_UNKNOWN,
    FAIL_ON_ANY,
    FAIL_ON_NEVER,
    FAIL_ON_SEVERITY
} fail_on;

typedef struct options {
    path_list policies, inputs, scorecards;
    output outputs[32];
    size_t output_count; /* text, where none is given */
    bool output_given;
    const char *target;
    berm_time now;
    bool now_given, partial, verbose, no_color, force_color, help, coverage, strict, check_only,
        quiet;
    uint32_t min_coverage; /* in tenths of a percent */
    fail_on fail_on;
    uint32_t fail_severity;
    const char *expression, *guardrail, *resource, *test_format, *revision;
    path_list parameter_files, waiver_files;
    const char *profile, *before;
    const char *image_path, *sign_key, *verify_key; /* of compile; of those that load images */
    bool strict_waivers, effective, drift;
    int64_t within_days;
    berm_limits limits;
    size_t jobs;
} options;

struct command;
/* Reads argv[2..] for the command; 0, or an exit code with a message printed. */
int read_options(const struct command *c, int argc, char **argv, options *o);
void free_options(options *o);

/* --- limits.c --- */
/* NAME=NUMBER into the field of that name, such as doc_len=2G; false: it is not that. */
bool read_limit(berm_limits *limits, const char *value);
void list_limits(FILE *out); /* the names, a blank between them */

/* --- common.c --- */
/* An engine with the host's services (zones from the system's time zone files) and the limits of
   the options; NULL with a message. */
berm_engine *make_engine(const options *o);
/* The sources of a policy set, read: policies, files of parameters, files of waivers (set.c). */
typedef struct source_list {
    path_list files;
    berm_source *items; /* parallel to files */
    size_t count, cap;
} source_list;
/* 0, or an exit code with everything printed; close it in both cases. */
int open_sources(const options *o, const path_list *paths, source_list *list);
void close_sources(source_list *list);
/* --- image.c --- */
/* By its first bytes or the end of its name: a damaged one is no policy either. */
bool is_image(const berm_source *source);
const berm_source *find_image(const source_list *list); /* the first; NULL: none */
/* 0 where there is none, or an exit code with a message printed. */
int refuse_image(const source_list *list, const char *command);
/* The one image of the list, its signature verified where the options ask for that; 0, or an exit
   code with everything printed. */
int load_image(berm_engine *engine, const options *o, source_list *list, berm_policy **out);
/* --- replace.c --- */
/* `path` and `more`; NULL with a message. free() it. */
char *path_beside(const char *path, const char *more);
/* Writes a file ("-": standard output) so that nobody sees half of it; 0, or an exit code with a
   message printed. */
int replace_file(const char *path, berm_str bytes);
/* Compiles what -p names; 0, or an exit code with everything printed. */
int compile_policies(berm_engine *engine, const path_list *paths, berm_policy **out);
/* The same with the profile, parameters and waivers of the options (set.c), or loads the image that
   -p names; flags: BERM_COMPILE_*. */
int compile_set(berm_engine *engine, const options *o, const path_list *paths, uint32_t flags,
                berm_policy **out);
/* Reads and parses one document without a word; `diags` is NULL where the file cannot be read. 0 or
   EXIT_BROKEN. */
int load_document(berm_engine *engine, const char *path, berm_doc **out, berm_diags **diags,
                  berm_error *err);
/* Reads and parses one document, diagnostics printed; 0 or EXIT_BROKEN. */
int parse_document(berm_engine *engine, const char *path, bool color, berm_doc **out,
                   berm_error *err);
#define DIAG_ERROR 1u /* severity of a berm_diag */
void print_diag(FILE *out, const berm_diag *d, bool color);
void print_diags(const berm_diags *diags, bool color);
void print_error(const char *what, const berm_error *err);
int write_stream(void *ctx, const char *ptr, size_t len); /* a berm_sink over a FILE */
bool use_color(const options *o, FILE *stream);

/* --- jobs.c --- */
typedef struct jobs {
    const options *o;
    berm_engine *engine;
    const berm_policy *policy;
    berm_report *report;
    const path_list *files;
    const berm_doc *before; /* what the one file is compared with, or NULL */
    uint32_t run_flags;     /* what the outputs need */
    bool color;
} jobs;
/* Judges each file by itself, in o->jobs threads; 0, or the exit code of what could not be read or
   judged. */
int run_jobs(const jobs *work);

/* --- progress.c --- */
/* Says which of `total` files is worked on: on a terminal, unless it is a machine's or --quiet. */
void show_progress(const options *o, size_t done, size_t total, const char *path);
/* Before anything else is printed. */
void clear_progress(void);

/* --- the commands --- */
int run_check(const options *o);
int run_compile(const options *o);
int run_coverage(const options *o);
int run_test(const options *o);
int run_suites(const options *o); /* test --format; suite.h */
int run_fmt(const options *o);
int run_lint(const options *o);
int run_eval(const options *o);
int run_explain(const options *o);
int run_disasm(const options *o);
int run_version(const options *o);
int run_help(const options *o);
int run_waivers(const options *o);
int run_effective(const options *o); /* lint --effective */

#endif
