/* The runner of tests/cases: language cases in YAML, run through the public API alone, so that
   what holds here holds for every binding. docs/cases.md describes the files. */
#ifndef BERM_CASES_RUN_H
#define BERM_CASES_RUN_H

#include <berm/berm.h>
#include <stdbool.h>

/* A text that grows; NUL-terminated once anything was put. */
typedef struct buffer {
    char *ptr;
    size_t len, cap;
} buffer;

typedef struct runner {
    berm_engine *engine;
    berm_eval
        *eval; /* one for all cases of a file: what one leaves behind must not show in the next */
    const char *file;
    berm_str group, name;          /* the case that runs */
    size_t passed, failed, faults; /* cases; faults of the case that runs */
    bool plain;                    /* rules share nothing (--plain) */
    bool quiet;                    /* failures are wanted (--all-fail) */
    uint64_t sweep, swept;         /* --sweep: amounts of each kind; how often it was done */
    uint64_t mangle, mangled;      /* --mangle */
} runner;

/* --- run.c --- */
void begin_case(runner *r, berm_str name);
void end_case(runner *r);
/* Something is not as expected, or the case file itself is faulty; in printf's words. */
void report_fault(runner *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "what: expected .., got .." unless the texts are equal. */
void expect_text(runner *r, const char *what, berm_str wanted, berm_str got);
void expect_count(runner *r, const char *what, uint64_t wanted, uint64_t got);
/* The same, of a text that is only said in part. */
void expect_words(runner *r, const char *what, berm_str wanted, berm_str got);

/* --- values.c: reading the case file --- */
berm_str str_of(const char *text);
bool str_equal(berm_str a, berm_str b);
bool str_contains(berm_str text, berm_str part);
bool is_given(berm_value value);
berm_value member(berm_value map, const char *key);
uint64_t count_of(berm_value container);
berm_value element(berm_value list, uint64_t index);
uint32_t type_of(berm_value value);
/* The text of a string; {NULL, 0} for anything else. */
berm_str text_of(berm_value value);
berm_str text_member(berm_value map, const char *key);
bool bool_member(berm_value map, const char *key, bool otherwise);
/* Reports every key of `map` that is not in `known` (NULL-terminated): a slip must not turn a
   check off. */
void check_keys(runner *r, berm_value map, const char *const *known);
/* The moment that `map.now` says; the epoch when it says none. */
berm_time read_now(runner *r, berm_value map);
/* `value` as JSON, appended. */
void put_json(buffer *out, berm_value value);
/* Is `got` what the node `wanted` of the case file says? Types count: 1 is not 1.0. */
bool same_value(berm_value got, berm_value wanted);
const char *type_name(uint32_t type);

void put_text(buffer *out, const char *ptr, size_t len);
berm_str view(const buffer *b);
void free_buffer(buffer *b);
int write_buffer(void *ctx, const char *ptr, size_t len); /* a berm_sink */

/* --- waivers.c --- */
void expect_waived(runner *r, const char *where, berm_value wanted, const berm_finding *f);
void expect_waivers(runner *r, berm_value wanted, const berm_report *report);

/* --- sweep.c: everything again with too little --- */
berm_alloc sweep_alloc(void);
void sweep_run(runner *r, const berm_run *run);
void sweep_expression(runner *r, const berm_policy *policy, const berm_doc *object, berm_time now);

/* --- mangle.c: sources with one value changed --- */
void mangle_sources(runner *r, const berm_compile_input *input, berm_source *sources);

/* --- expressions.c, policies.c: one document of a case file --- */
void run_expressions(runner *r, berm_value document);
void run_policy_case(runner *r, berm_value document);

/* --- diagnostics.c --- */
/* Holds `diags` against a list of {code, at, says}; none is expected when the list is not given. */
void expect_diagnostics(runner *r, berm_value wanted, const berm_diags *diags);
/* Does the list expect an error, so that nothing can be made of the text? */
bool expects_errors(berm_value wanted);

#endif
