/* Diagnostics: what is wrong with a text somebody gave us. Each has a permanent code from
   diagnostics.def, a place, and says what was expected and how to mend it. A list collects all
   of one call, so that one run shows everything. */
#ifndef BERM_BASE_DIAG_H
#define BERM_BASE_DIAG_H

#include "base/parts.h"
#include "base/text.h"

typedef enum berm_diag_id {
    BERM_D_NONE,
#define BERM_DIAG(id, code, severity, summary, hint) BERM_D_##id,
#include "base/diagnostics.def"
#undef BERM_DIAG
    BERM_D_COUNT
} berm_diag_id;

typedef enum berm_diag_severity {
    BERM_DIAG_ERROR = 1,
    BERM_DIAG_WARNING,
    BERM_DIAG_NOTE
} berm_diag_severity;

typedef struct berm_diag_info {
    uint32_t number; /* 101, for B0101 */
    berm_diag_severity severity;
    const char *hint; /* how to mend it; "" where the message says all */
} berm_diag_info;
berm_diag_info berm_diag_info_of(berm_diag_id id);
/* The class of fault of what ends a run (7xx and above), which has no message of its own; "" of all
   others: docs/diagnostics.md has them. */
const char *berm_diag_summary(berm_diag_id id);

/* A place in a text: `source` indexes the list's sources. */
typedef struct berm_place {
    uint32_t source, off, len;
} berm_place;
#define BERM_NO_SOURCE UINT32_MAX
#define BERM_NOWHERE ((berm_place){BERM_NO_SOURCE, 0, 0})

/* The list; public as berm_diags (opaque). Texts of sources are borrowed while it is filled: the
   list keeps line, column and frame, not the source. */
berm_diags *berm_diags_new(const berm_alloc *alloc);
void berm_diags_drop(berm_diags *diags); /* NULL is allowed; what api/ calls berm_diags_free */
/* Register a text; its index for places. The list copies the name. BERM_NO_SOURCE: no memory, or
   no list. */
uint32_t berm_diags_source(berm_diags *diags, berm_str name, berm_str text);
/* Add one; `format` as berm_text_format. A NULL list is allowed: nothing is kept. E_NOMEM or OK.
   At most BERM_DIAGS_MAX are kept, the rest are counted. Control characters in the text become
   U+FFFD: names in it come from files that may want to steer a terminal. */
berm_status berm_diags_add(berm_diags *diags, berm_diag_id id, berm_place place, const char *format,
                           ...);
berm_status berm_diags_vadd(berm_diags *diags, berm_diag_id id, berm_place place,
                            const char *format, va_list args);
#define BERM_DIAGS_MAX 1000u
/* The kept ones in the order they were added; lines and columns as berm_locate, 0 where there is
   no place; the end is behind the last code point of the span. Borrowed until the next add or
   drop. */
const berm_diag *berm_diags_list(const berm_diags *diags, size_t *count);
/* Line and column of a place, for messages that name a second one; 0 and 0 without a source. */
void berm_diags_locate(berm_diags *diags, berm_place place, uint32_t *line, uint32_t *column);
uint32_t berm_diags_error_count(const berm_diags *diags); /* kept or not */
uint32_t berm_diags_lost_count(const berm_diags *diags);  /* over BERM_DIAGS_MAX */
bool berm_diags_failed(const berm_diags *diags);          /* an allocation failed while adding */

/* --- locate.c --- */

/* Line and column (1-based; columns count code points, lines end at LF) of a byte offset; behind
   the text: its end. */
void berm_locate(berm_str text, size_t off, uint32_t *line, uint32_t *column);
/* The same for many places of one text: marks at every so many bytes remember how far the
   counting was, so a place costs one step from its mark and not a walk from the start. Without
   memory for marks it walks. */
typedef struct berm_line_mark {
    uint32_t line, column;
} berm_line_mark;
typedef BERM_ARRAY(berm_line_mark) berm_line_marks;
typedef struct berm_lines {
    berm_str text;
    berm_line_marks marks;
    size_t last_off; /* what was located last: places come in order more often than not */
    berm_line_mark last;
} berm_lines;
void berm_lines_locate(berm_lines *lines, const berm_alloc *alloc, size_t off, uint32_t *line,
                       uint32_t *column);
/* A code frame: the line before, the line with ^^^ below the span, with line numbers, tabs kept,
   long lines cut, control characters made visible. `line` and `column` are those of `off`. */
void berm_frame_at(berm_text *out, berm_str text, size_t off, size_t len, uint32_t line,
                   uint32_t column);
void berm_code_frame(berm_text *out, berm_str text, size_t off, size_t len);
/* `s` without anything that could steer a terminal or turn the reading direction: U+FFFD
   instead; tabs stay. */
void berm_text_put_visible(berm_text *out, berm_str s);

/* Fills a caller's berm_error (nullable). */
berm_status berm_error_set(berm_error *err, berm_status status, berm_diag_id id, const char *format,
                           ...);
/* The same with a place in `text`. */
berm_status berm_error_at(berm_error *err, berm_status status, berm_diag_id id, berm_str text,
                          size_t off, const char *format, ...);

#endif
