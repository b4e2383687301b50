/* Scorecards as they are written: figures with targets. */
#ifndef BERM_REPORT_FORMATS_SCORECARD_H
#define BERM_REPORT_FORMATS_SCORECARD_H

#include "report/formats/formats.h"

typedef enum berm_measure {
    BERM_MEASURE_CONTROLS_COVERED,
    BERM_MEASURE_CONTROLS_PASSED,
    BERM_MEASURE_FINDINGS_WAIVED,
    BERM_MEASURE_RESOURCES_PASSED,
    BERM_MEASURE_RESOURCES_UNMATCHED,
    BERM_MEASURE_COUNT
} berm_measure;

typedef struct berm_figure_def {
    berm_figure shown; /* texts, target */
    uint32_t measure;
    berm_str controls, version;
    berm_cell guardrails, elements, kinds, tags; /* lists of globs, or MISSING; a map of such */
} berm_figure_def;

/* A document of definitions while it is read. Texts are the document's. */
typedef struct berm_card_reader {
    const berm_doc *doc;
    berm_space space;
    berm_error *err;
    berm_status status;
} berm_card_reader;
bool berm_cards_open(berm_card_reader *reader, const berm_alloc *alloc, const berm_doc *doc,
                     berm_error *err);
/* Calls `each` for every figure until it says no; the status says what was wrong. */
berm_status berm_cards_read(berm_card_reader *reader,
                            bool (*each)(void *ctx, const berm_card_reader *reader,
                                         const berm_figure_def *figure),
                            void *ctx);
void berm_cards_close(berm_card_reader *reader);
/* Does one of a list's globs (or a text alone) match? MISSING: anything does. */
bool berm_cards_match(const berm_card_reader *reader, berm_cell globs, berm_str text);

#endif
