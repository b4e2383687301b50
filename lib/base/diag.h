/* Diagnostics: what is wrong with a text somebody gave us. Each has a permanent code from diagnostics.def, a place, and
   says what was expected and how to mend it. A list collects all of one call, so that one run shows everything. */
#ifndef BERM_BASE_DIAG_H
#define BERM_BASE_DIAG_H

#include "base/text.h"

typedef enum berm_diag_id {
    BERM_D_NONE,
#define BERM_DIAG(id, code, severity, summary, hint) BERM_D_##id,
#include "base/diagnostics.def"
#undef BERM_DIAG
    BERM_D_COUNT
} berm_diag_id;

typedef enum berm_diag_severity { BERM_DIAG_ERROR = 1, BERM_DIAG_WARNING, BERM_DIAG_NOTE } berm_diag_severity;

typedef struct berm_diag_info {
    const char *code;      /* "B0101" */
    uint32_t number;       /* 101 */
    berm_diag_severity severity;
    const char *summary;   /* the class of fault, for docs/diagnostics.md */
    const char *hint;      /* how to mend it; "" where the message says all */
} berm_diag_info;
const berm_diag_info *berm_diag_info_of(berm_diag_id id);

/* A place in a text: `source` indexes the list's sources. */
typedef struct berm_place {
    uint32_t source, off, len;
} berm_place;
#define BERM_NO_SOURCE UINT32_MAX
#define BERM_NOWHERE ((berm_place){BERM_NO_SOURCE, 0, 0})

/* The list; public as berm_diags (opaque). Texts of sources are borrowed while it is filled: the list keeps line, column
   and frame, not the source. */
berm_diags *berm_diags_new(const berm_alloc *alloc);
/* Register a text; its index for places. The list copies the name. UINT32_MAX: no memory. */
uint32_t berm_diags_source(berm_diags *diags, berm_str name, berm_str text);
/* Add one; `format` as berm_text_format. A NULL list is allowed: nothing is kept. E_NOMEM or OK. At most
   BERM_DIAGS_MAX are kept, the rest are counted. */
berm_status berm_diags_add(berm_diags *diags, berm_diag_id id, berm_place place, const char *format, ...);
#define BERM_DIAGS_MAX 1000u
uint32_t berm_diags_error_count(const berm_diags *diags);
bool berm_diags_failed(const berm_diags *diags); /* an allocation failed while adding */

/* Line and column (1-based; columns count code points) of a byte offset. */
void berm_locate(berm_str text, size_t off, uint32_t *line, uint32_t *column);
/* A code frame: the line before, the line with ^^^ below the span, with line numbers, tabs kept, long lines cut. */
void berm_frame(berm_text *out, berm_str text, size_t off, size_t len);

/* Fills a caller's berm_error (nullable). */
berm_status berm_error_set(berm_error *err, berm_status status, berm_diag_id id, const char *format, ...);
/* The same with a place in `text`. */
berm_status berm_error_at(berm_error *err, berm_status status, berm_diag_id id, berm_str text, size_t off,
                          const char *format, ...);

#endif
