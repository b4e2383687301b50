/* From syntax trees to an image: a codegen collects constants, blocks and tables, then links them
   into one run of bytes.

     berm_codegen_init -> berm_lower for each expression -> rows of the tables
         -> berm_codegen_link -> berm_image_open */
#ifndef BERM_CODE_CODEGEN_H
#define BERM_CODE_CODEGEN_H

#include "cel/parser.h"
#include "code/host.h"
#include "code/image.h"

/* A name an expression may use. */
typedef struct berm_binding {
    berm_str name; /* may be dotted ("x.y"): the longest name wins */
    enum { BERM_BIND_SLOT, BERM_BIND_CONST, BERM_BIND_ONCE } sort;
    uint32_t index; /* environment slot, constant cell, or block to run once */
} berm_binding;

/* What an expression sees: a list of bindings, searched from the last to the first; names under
   `container` first. */
typedef struct berm_scope {
    const berm_binding *bindings;
    uint32_t count;
    berm_str container;
    /* Undeclared names and functions become error values at run time instead of diagnostics. */
    bool unchecked;
    const berm_hosts *hosts; /* functions of the host; may be NULL */
} berm_scope;

typedef BERM_ARRAY(char) berm_pool;

typedef struct berm_codegen {
    const berm_alloc *alloc;
    berm_diags *diags;
    BERM_ARRAY(berm_ins) code;
    BERM_ARRAY(berm_cell) cells;
    berm_pool text, bytes;
#define BERM_TABLE_ARRAY(NAME, lower, FIELDS) BERM_ARRAY(berm_img_##lower) lower##s;
    BERM_IMAGE_TABLES(BERM_TABLE_ARRAY)
#undef BERM_TABLE_ARRAY
    struct berm_intern *interned; /* equal constants and texts are stored once */
    /* Every later call fails, too, because of: E_NOMEM, E_LIMIT (nested too deep, more text than an
       image has) or E_ARGUMENT (a constant that is no plain data). */
    bool failed;
    berm_status status;
} berm_codegen;

void berm_codegen_init(berm_codegen *gen, const berm_alloc *alloc, berm_diags *diags);
void berm_codegen_free(berm_codegen *gen);

/* Texts (UTF-8) and constants, shared when equal. On lack of memory `failed` is set and the result
   is a valid dummy. */
berm_text_ref berm_codegen_text(berm_codegen *gen, berm_str text);
/* Deep copy of a value into the constants; the index of its cell. Plain data only: no unknown,
   error, object. What the copy does not keep: spans, and that a value is sensitive. */
uint32_t berm_codegen_constant(berm_codegen *gen, const berm_space *space, berm_cell value);
uint32_t berm_codegen_string(berm_codegen *gen, berm_str text);
uint32_t berm_codegen_bytes(berm_codegen *gen, berm_str bytes);
/* A string cell whose aux is its key hash, as FIELD, HAS and path steps want it. */
uint32_t berm_codegen_key(berm_codegen *gen, berm_str name);

/* The text is a pattern: its program goes into the image. What is no pattern has none. */
void berm_codegen_pattern(berm_codegen *gen, berm_text_ref text);

/* Where an expression comes from, for ROOT rows. */
typedef struct berm_expr_origin {
    uint32_t source_row; /* row of SOURCE */
    uint32_t line, column;
    const berm_cel_origin *diag_origin; /* for diagnostics; may be NULL */
} berm_expr_origin;

/* Lowers one expression (constants folded) into a new block; its row in *block. E_POLICY with
   diagnostics, E_NOMEM. */
berm_status berm_lower(berm_codegen *gen, const berm_ast *ast, const berm_scope *scope,
                       const berm_expr_origin *origin, uint32_t *block);

/* A message template's parts: literal texts and expressions in turn, lowered into one block that
   ends in MESSAGE. */
typedef struct berm_message_part {
    berm_str literal; /* when ast is NULL */
    const berm_ast *ast;
    berm_expr_origin origin;
} berm_message_part;
berm_status berm_lower_message(berm_codegen *gen, const berm_message_part *parts, uint32_t count,
                               const berm_scope *scope, uint32_t *block);

/* Lays everything out as image bytes (allocated with gen->alloc; *len bytes). */
berm_status berm_codegen_link(berm_codegen *gen, unsigned char **bytes, size_t *len);

#endif
