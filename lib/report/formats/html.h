/* The HTML report: one file, nothing fetched. Whatever comes from documents or policies goes
   through berm_html_put, and the page's own rules (its Content-Security-Policy) let no other script
   run than the one whose digest they name. */
#ifndef BERM_REPORT_FORMATS_HTML_H
#define BERM_REPORT_FORMATS_HTML_H

#include "report/formats/formats.h"

typedef struct berm_html {
    berm_text *out;
    berm_survey view;
    berm_rollup rollup;
    berm_figures figures;
    berm_str *owners; /* of entries */
} berm_html;

/* `before`, markup; `text`, which is none; `after`. */
void berm_html_put(berm_text *out, const char *before, berm_str text, const char *after);

/* --- html_page.c: pieces, the last NULL --- */
extern const char *const berm_html_style[];
extern const char *const berm_html_script[];
/* --- html_findings.c --- */
void berm_html_findings(berm_html *h);
void berm_html_passes(berm_html *h);
/* --- html_controls.c --- */
void berm_html_scorecards(berm_html *h);
void berm_html_controls(berm_html *h);

#endif
