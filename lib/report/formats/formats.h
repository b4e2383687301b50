/* Reports for other readers than people at a terminal: one writer a file, each over the same
   entries. What several of them need is worked out once for a report that is written: a view.

     evidence.c   digests, times, options; the last members of the JSON report
     view.c       rules, identities, totals
     rollup.c     controls and what became of them
     scorecard.c  figures with targets, from definitions in YAML */
#ifndef BERM_REPORT_FORMATS_FORMATS_H
#define BERM_REPORT_FORMATS_FORMATS_H

#include "report/formats/out.h"
#include "report/report.h"

/* A validation of one of the policies, and what became of it. */
typedef struct berm_rule_row {
    const berm_policy *policy;
    uint32_t guardrail, rule; /* rows of its image */
    berm_str id, name;        /* guardrail and validation */
    uint64_t counts[BERM_VERDICT_COUNT];
} berm_rule_row;

typedef struct berm_survey {
    const berm_report *report;
    const berm_alloc *alloc;
    uint32_t flags;
    berm_arena arena;
    BERM_ARRAY(berm_rule_row) rules; /* sorted by guardrail and validation, each once */
    uint32_t *rule_of;               /* of entries: row of rules, or BERM_NO_ROW */
    berm_str *identities;            /* of entries: 32 hex digits, no two alike */
    uint32_t *sources; /* of the report, by name: the order of additions is nobody's */
    berm_str now;      /* RFC 3339 */
    bool failed;       /* no memory */
} berm_survey;

/* False: no memory; close it all the same. */
bool berm_survey_open(berm_survey *view, const berm_report *report, uint32_t flags);
/* What a writer returns: false when memory ended, here or in `out`. */
bool berm_survey_close(berm_survey *view, const berm_text *out);
/* The name of an entry's document for other tools: relative where it can be. */
berm_str berm_survey_path(const berm_survey *view, berm_str source);
/* A validation that failed, or could not be judged: what a reader has to look at. */
bool berm_entry_is_bad(const berm_entry *entry);
/* "guardrail/validation", "berm/target" where the target itself failed, "berm/input" where the
   document could not be read or judged. */
void berm_put_rule_id(berm_text *out, const berm_entry *entry);
/* "address", "address[element]", or the document's name. */
void berm_put_subject(berm_text *out, const berm_entry *entry);
/* Message and witness in one line. */
void berm_put_reason(berm_text *out, const berm_entry *entry);
/* "waiver W-2026-014" */
void berm_put_waiver(berm_text *out, const berm_finding *finding);
/* Indexes of the entries that `wanted` says yes to, the most severe first, in the view's arena;
   *count of them. NULL: no memory. */
uint32_t *berm_survey_pick(berm_survey *view, bool (*wanted)(const berm_entry *entry),
                           uint32_t *count);
berm_str berm_rule_text(const berm_rule_row *row, berm_text_ref ref);
const berm_img_guardrail *berm_rule_guardrail(const berm_rule_row *row);
const berm_img_rule *berm_rule_validation(const berm_rule_row *row);
/* The text of the tag called `key` (ASCII letters of either case), in the arena; empty: none. */
berm_str berm_entry_tag(berm_survey *view, const berm_entry *entry, berm_str key);
/* The owner as tags say it: owner, else team. */
berm_str berm_entry_owner(berm_survey *view, const berm_entry *entry);

/* --- evidence.c --- */
/* The SHA-256 of a policy's image, in hex. */
void berm_put_policy_digest(berm_text *out, const berm_policy *policy);
/* Of the document `index` of the report's sources; empty: not known. */
berm_str berm_report_digest(const berm_report *report, uint32_t index);

/* --- rollup.c --- */
typedef enum berm_control_state {
    BERM_CONTROL_PASS,
    BERM_CONTROL_FAIL,
    BERM_CONTROL_UNKNOWN,
    BERM_CONTROL_WAIVED,
    BERM_CONTROL_NOT_APPLICABLE, /* covered, and nothing was there to judge */
    BERM_CONTROL_NOT_COVERED,
    BERM_CONTROL_STATE_COUNT
} berm_control_state;
const char *berm_control_state_word(uint32_t state);

typedef struct berm_control_row {
    berm_str framework, version, id, title;
    uint32_t set; /* of the roll-up */
    uint32_t guardrails;
    uint64_t counts[BERM_VERDICT_COUNT];
    berm_control_state state;
} berm_control_row;

/* A framework, or a selection of its controls. */
typedef struct berm_rollup_set {
    berm_str name, framework, version, title;
    uint32_t first, count; /* of the rows */
    uint32_t states[BERM_CONTROL_STATE_COUNT];
} berm_rollup_set;

typedef struct berm_rollup {
    BERM_ARRAY(berm_control_row) rows; /* by set, in its order */
    BERM_ARRAY(berm_rollup_set) sets;
} berm_rollup;
/* False: no memory; free it all the same. */
bool berm_rollup_make(berm_survey *view, berm_rollup *out);
void berm_rollup_free(const berm_survey *view, berm_rollup *rollup);

/* --- scorecard.c, figures.c --- */
typedef enum berm_figure_status {
    BERM_FIGURE_MET,
    BERM_FIGURE_NEAR, /* past `warn` */
    BERM_FIGURE_MISSED,
    BERM_FIGURE_NO_DATA
} berm_figure_status;
const char *berm_figure_status_word(uint32_t status);

typedef struct berm_figure {
    berm_str scorecard, id, title;
    uint64_t part, whole; /* what it counts, of how many; whole 0: no data */
    uint32_t permille;
    bool at_most;          /* the target is a most, not a least */
    uint32_t target, warn; /* per mille */
    berm_figure_status status;
} berm_figure;
typedef BERM_ARRAY(berm_figure) berm_figures;

/* All figures of the report's scorecards. False: no memory. */
bool berm_scorecards_count(berm_survey *view, const berm_rollup *rollup, berm_figures *out);
/* 72.5 */
void berm_put_percent(berm_text *out, uint32_t permille);

#endif
