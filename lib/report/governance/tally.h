/* Waivers over a whole report: how many findings each matches, and so which it lifts. Counting is
   by addition alone, so neither the order of additions nor threads show. */
#ifndef BERM_REPORT_GOVERNANCE_TALLY_H
#define BERM_REPORT_GOVERNANCE_TALLY_H

#include "report/report.h"

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
