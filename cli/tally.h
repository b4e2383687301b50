/* berm test: what came of the tests, and what they reached. */
#ifndef BERM_TALLY_H
#define BERM_TALLY_H

#include "cli.h"

typedef struct tally {
    const options *o;
    berm_test_result *results;
    berm_coverage_point *points; /* those of a guardrail stand together */
    size_t result_count, point_count, passed, failed;
} tally;

/* --- coverage.c --- */
void print_coverage(const tally *t, FILE *out);
void print_tally_json(const tally *t, FILE *out);
/* Is there no --min-coverage, or is it reached? */
bool reaches_minimum(const tally *t);
/* A text as a JSON string. */
void print_json_text(FILE *out, berm_str text);

#endif
