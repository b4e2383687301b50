/* A report: the findings of one run's decisions, kept with what their writers need, and one
   writer per format. Entries are sorted by place before they are written, so the order in which
   decisions were added changes nothing. */
#ifndef BERM_REPORT_REPORT_H
#define BERM_REPORT_REPORT_H

#include "base/parts.h"
#include "data/doc.h"
#include "policy/policy.h"

typedef struct berm_entry {
    berm_finding finding;                       /* texts in the report's arena */
    berm_str source;                            /* name of the document */
    berm_str title, remediation, url, category; /* of the guardrail */
    berm_str frame;                             /* code frame, "" where there is no text */
    berm_cell controls;                         /* in the policy's image */
    const berm_policy *policy;                  /* NULL when no guardrail is to blame */
} berm_entry;

#if BERM_PART_GOVERNANCE
/* Waivers of one policy: how many findings each matches, and how many it may lift (tally.h). */
typedef struct berm_tally {
    const berm_policy *policy;
    uint64_t *matched, *lifted;
    berm_str *excess; /* what is said where it is over its maxMatches */
} berm_tally;
#endif
/* What the reports of the part `formats` tell besides. */
typedef struct berm_report_extras {
    berm_time now;                /* of the run that was added last */
    bool unrolled;                /* some run did not keep what passed */
    BERM_ARRAY(berm_str) digests; /* of the sources, in hex; empty where there is none */
    berm_str base, revision;      /* berm_report_options */
    BERM_ARRAY(berm_doc *) scorecards;
} berm_report_extras;

struct berm_report {
    berm_alloc alloc;
    uint64_t output_len; /* limit */
    berm_arena arena;
    BERM_ARRAY(berm_entry) entries;
    BERM_ARRAY(berm_policy *) policies; /* references */
    BERM_ARRAY(berm_str) sources;       /* names of all documents, in the order they were added */
    berm_summary summary;
    bool unsorted; /* entries were added since berm_report_sort */
#if BERM_PART_GOVERNANCE
    BERM_ARRAY(berm_tally) tallies;
    berm_time now; /* of the runs */
#endif
    berm_report_extras extras;
};

berm_status berm_report_fill(berm_report *report, const berm_run *run,
                             const berm_decision *decision);
berm_status berm_report_fill_failure(berm_report *report, berm_str source, const berm_error *why);
/* By place; what does not see the entries need not call it. */
void berm_report_sort(const berm_report *report);
void berm_report_clear(berm_report *report);

/* The writers. */
typedef struct berm_report_format {
    const char *name;
    bool (*write)(berm_text *out, const berm_report *report, uint32_t flags);
    uint32_t run_flags; /* of runs, so that the format has all it has a place for */
} berm_report_format;
/* By BERM_REPORT_*; NULL: this build has none. */
const berm_report_format *berm_report_find_format(uint32_t format);

bool berm_report_write_text(berm_text *out, const berm_report *report, uint32_t flags);
bool berm_report_write_json(berm_text *out, const berm_report *report, uint32_t flags);
/* An entry as JSON: a member of the report's list, a line of jsonl. */
bool berm_report_put_entry(berm_text *out, const berm_report *report, const berm_entry *entry);
/* Passed or skipped, and not asked for? */
bool berm_report_is_quiet(const berm_entry *entry, uint32_t flags);

#if BERM_PART_FORMATS
/* --- formats/evidence.c --- */
/* The sources from `first` on are those of the run. False: no memory. */
bool berm_report_add_evidence(berm_report *report, const berm_run *run,
                              const berm_decision *decision, uint32_t first);
void berm_report_clear_evidence(berm_report *report);
bool berm_report_set_options(berm_report *report, const berm_report_options *options);
/* The last members of the JSON report. */
bool berm_report_put_evidence(berm_text *out, const berm_report *report, uint32_t flags);
/* --- formats/scorecard.c --- */
berm_status berm_scorecards_add(berm_report *report, const berm_doc *definitions, berm_error *err);

#define BERM_FORMAT(id, name, writer, run_flags) \
    bool writer(berm_text *out, const berm_report *report, uint32_t flags);
#include "report/formats/formats.def"
#undef BERM_FORMAT
#endif

#if BERM_PART_GOVERNANCE
/* --- governance/tally.c: waivers over a whole report, how many findings each matches, and so which
   it lifts. Counting is by addition alone, so neither the order of additions nor threads show. ---
 */
/* Makes sure `policy` is counted; false: no memory, and nothing is changed. */
bool berm_tally_open(berm_report *report, const berm_policy *policy);
/* A finding's waivers into the report's memory. */
bool berm_tally_copy(berm_report *report, berm_finding *finding);
/* The entries from `first` on are new: counts them, and sets right what they change of all. */
void berm_tally_add(berm_report *report, uint32_t first, berm_time now);
void berm_tally_clear(berm_report *report);

size_t berm_tally_count(const berm_report *report);
bool berm_tally_at(const berm_report *report, size_t index, berm_waiver *out);

/* What is to be said of waivers that are not simply in force, a line each. */
void berm_tally_print_text(berm_text *out, const berm_report *report);
/* , "waivers": [..] of the report. */
void berm_tally_print_json(berm_text *out, const berm_report *report);
/* , "waiver": {..} or null, "waivers": [..] of an entry. */
void berm_tally_print_entry_json(berm_text *out, const berm_finding *finding);
void berm_tally_print_entry_text(berm_text *out, const berm_finding *finding);
#endif

#endif
