/* Waivers of a compiled set. There is one matcher: a run asks it for each failed finding, which
   then carries all waivers that match it and what each does to it; what depends on all findings
   together, maxMatches, is counted over them by whoever has them all (a decision, a report). */
#ifndef BERM_POLICY_GOVERNANCE_WAIVERS_H
#define BERM_POLICY_GOVERNANCE_WAIVERS_H

#include "policy/policy.h"

#if BERM_PART_GOVERNANCE
#define BERM_WAIVER_SOON_DAYS 14

/* A part of a finding that a scope has globs over. */
typedef enum berm_scope_part {
    BERM_SCOPE_GUARDRAIL, /* and `below`, the validation */
    BERM_SCOPE_RESOURCE,
    BERM_SCOPE_KIND,
    BERM_SCOPE_ELEMENT,
    BERM_SCOPE_DOCUMENT,
    BERM_SCOPE_FINGERPRINT,
    BERM_SCOPE_COUNT
} berm_scope_part;

/* --- waiver_match.c --- */
/* What the matcher looks at: a failed finding, the name of its document, its guardrail's row. */
typedef struct berm_waivable {
    const berm_finding *finding;
    berm_str document;
    uint32_t guardrail;
    berm_time now;
} berm_waivable;
/* All waivers that match, in memory of `arena`; *count of them. False: no memory. */
bool berm_waivers_match(const berm_image *image, const berm_waivable *about, berm_arena *arena,
                        berm_text *scratch, const berm_waived **out, size_t *count);
/* Makes the finding waived or failed, by the first waiver that counts. */
void berm_waivers_pick(berm_finding *finding);
/* A waiver turned out to match too many: all of `finding`'s that are it no longer count. `why`
   must live as long as the finding. */
void berm_waivers_exceed(berm_finding *finding, uint32_t index, berm_str why);
/* "waiver W matches more findings than its maxMatches, 3" */
void berm_waiver_print_excess(berm_text *out, const berm_image *image, uint32_t index);

/* --- waiver_count.c --- */
/* The end of a run: counts, and with it verdicts and summary. False: no memory. */
bool berm_waivers_settle(const berm_alloc *alloc, const berm_image *image, berm_arena *arena,
                         berm_decision *decision);

/* --- waiver_state.c --- */
berm_time berm_waiver_begins(const berm_img_waiver *row);
berm_time berm_waiver_ends(const berm_img_waiver *row);
bool berm_time_after(berm_time a, berm_time b);
uint32_t berm_waiver_status(const berm_img_waiver *row, berm_time now);
const char *berm_waiver_category_word(uint32_t category);
const char *berm_waiver_status_word(uint32_t status);
/* All of it, without the matches of a report. */
berm_waiver berm_waiver_read(const berm_policy *policy, uint32_t index, berm_time now);
/* "W-1 expired on 2026-12-31", "W-2 is unused", .. and problems: what is worth saying of it, one
   line each with `lead` in front; nothing where all is well. */
void berm_waiver_print_news(berm_text *out, const berm_waiver *waiver, const char *lead);

#endif

#endif
