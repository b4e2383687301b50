/* Documents: an immutable tree with its text, from JSON, YAML or a builder. */
#ifndef BERM_DATA_DOC_H
#define BERM_DATA_DOC_H

#include "base/diag.h"
#include "data/kernel.h"
#include "data/store.h"

typedef enum berm_format {
    BERM_FORMAT_AUTO,
    BERM_FORMAT_JSON,
    BERM_FORMAT_YAML,
    BERM_FORMAT_NDJSON,
    BERM_FORMAT_BUILT
} berm_format;
/* What BERM_FORMAT_IS_x of the public header asks for. */
berm_format berm_format_asked(uint32_t format);
typedef enum berm_yaml_schema { BERM_YAML_CORE, BERM_YAML_11 } berm_yaml_schema;

struct berm_doc {
    _Atomic uint32_t refs;
    berm_alloc alloc; /* a copy: a doc may outlive its engine */
    berm_store store;
    berm_str name;  /* owned copy, in name_mem */
    char *name_mem; /* name.len + 1 bytes */
    berm_str text;  /* UTF-8 source (a UTF-16 input is converted); empty for built documents */
    char *text_mem; /* the text, where it is ours: text_cap bytes */
    size_t text_cap;
    void (*release)(void *ctx);
    void *release_ctx;
    berm_cell *roots; /* one per document of the stream; store SELF */
    uint32_t root_count, root_cap;
    berm_cell *cells; /* store.cells and store.text[1], as their owner sees them */
    char *decoded;
    uint32_t cell_cap, decoded_cap;
    uint32_t *ends;      /* YAML: offset behind each cell's node, parallel to cells; JSON: NULL */
    uint32_t *root_ends; /* the same of roots */
    uint32_t end_cap, root_end_cap;
    berm_format format; /* what it was read as */
    berm_yaml_schema schema;
    bool ambiguous; /* YAML: some plain scalar would be another value under the other schema */
};

typedef struct berm_read {
    const berm_alloc *alloc;
    const berm_limits *limits; /* never NULL, all fields resolved */
    berm_str name, text;       /* without own_text or copy_text the text must outlive the doc */
    bool own_text;  /* handed over: release(release_ctx) when the doc goes (also on failure) */
    bool copy_text; /* the doc takes a copy */
    void (*release)(void *ctx);
    void *release_ctx;
    berm_format format;
    berm_yaml_schema schema;
    bool refuse_duplicates;
    berm_kernel kernel; /* JSON: how it is read, not what is read */
    berm_lazy *lazy;    /* nullable: the document may be built piece by piece, with this */
    berm_diags *diags;  /* nullable: warnings and errors are added */
} berm_read;

/* Reads `text`. AUTO goes by the name first (.json, .ndjson, .jsonl, .yaml, .yml), then by the
   first bytes: what starts as a JSON object or array is JSON (NDJSON when more values follow on new
   lines), anything else YAML. E_SYNTAX, E_ENCODING, E_LIMIT, E_NOMEM; err says where. */
berm_status berm_doc_read(const berm_read *read, berm_doc **out, berm_error *err);

/* An empty doc (refs 1, name copied, no text, no roots); NULL without memory. For readers and the
   builder. */
berm_doc *berm_doc_new(const berm_alloc *alloc, berm_str name);
/* The reference count. berm_doc_drop(NULL) is allowed. */
berm_doc *berm_doc_hold(berm_doc *doc);
void berm_doc_drop(berm_doc *doc);

/* The readers behind it: fill doc->store, roots, ends. `doc->text` is valid UTF-8 without BOM. */
berm_status berm_json_read(const berm_read *read, berm_doc *doc, berm_error *err);
berm_status berm_yaml_read(const berm_read *read, berm_doc *doc, berm_error *err);

/* berm_doc_offset_in for a YAML doc (yaml_read.c). */
uint32_t berm_yaml_offset_in(const berm_doc *doc, const berm_cell *cell, uint32_t index);

/* Source span of a node: `cell` is a cell of this doc, in place (a copy works too; in a YAML doc it
   is searched for). For a member pass its value cell: a key cell has a hash where others have their
   span. Empty for built docs. */
berm_span berm_doc_span(const berm_doc *doc, const berm_cell *cell);
/* Source offset of byte `index` of a string scalar's value: escapes, folding and block indentation
   are undone. For expressions inside YAML: where in the file is column 17 of this expression? */
uint32_t berm_doc_offset_in(const berm_doc *doc, const berm_cell *cell, uint32_t index);

/* --- json_write.c --- */
typedef enum berm_json_style {
    BERM_JSON_COMPACT,
    BERM_JSON_PRETTY,
    /* A flag: sensitive values as "(sensitive)", unknown ones as "(known after apply)". */
    BERM_JSON_REDACT = 4
} berm_json_style;
/* Any value as JSON; what JSON lacks is written as its CEL text (bytes as base64, timestamps as RFC
   3339, non-string keys as strings; an unknown as null). Pays fuel. False: no memory, no fuel, or
   nested deeper than the limit. */
bool berm_json_write(berm_text *out, berm_space *space, berm_cell value, uint32_t style);
/* A value as CEL literal text, for messages, explain and tests: "a", 1u, [1, 2], {"k": v},
   timestamp("..."). */
bool berm_value_print(berm_text *out, berm_space *space, berm_cell value, bool redact);
/* A finite double so that it is read back as this double: an integral one keeps its point. (1.0 is
   not 1, and 9223372036854775808.0 without a point would be read as the integer
   9223372036854776000.) */
void berm_double_print(berm_text *out, double d);
/* A value cut to about a hundred bytes, whatever the value: for messages. Costs no fuel, cannot
   fail. */
void berm_value_print_short(berm_text *out, const berm_space *space, berm_cell value, bool redact);
/* An error value's text from errors.def. */
void berm_error_print(berm_text *out, const berm_space *space, berm_cell error, bool redact);

/* --- overlay.c --- a copy of `value` in the space's arena where `mask` (a tree of true / maps /
   lists of the same shape) marks leaves: MARK_UNKNOWN puts an unknown there, MARK_SENSITIVE sets
   the flag on the node and all below. Only the child arrays on the path are copied; list positions
   and missing members that the mask names are added. */
typedef enum berm_mark { BERM_MARK_UNKNOWN, BERM_MARK_SENSITIVE } berm_mark;
berm_cell berm_overlay(berm_space *space, berm_cell value, berm_cell mask, berm_mark mark);

#endif
