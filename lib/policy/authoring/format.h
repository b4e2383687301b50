/* fmt: one way of writing what means the same. Changes white space between the tokens of CEL
   expressions, where it is on one line, and puts scalars into quotes that YAML, or an older YAML,
   would take for something else than the text that is meant. No other byte changes. */
#ifndef BERM_POLICY_AUTHORING_FORMAT_H
#define BERM_POLICY_AUTHORING_FORMAT_H

#include "cel/parser.h"
#include "policy/expr.h"
#include "policy/schema.h"

/* Instead of text[off, off + len) of the file. */
typedef struct berm_edit {
    uint32_t off, len;
    const char *text; /* "" or one character */
} berm_edit;
typedef BERM_ARRAY(berm_edit) berm_edits;

/* --- cel_space.c --- */
/* Adds what changes the white space of an expression; nothing for one that does not parse. False:
   no memory. */
bool berm_cel_space(const berm_alloc *alloc, const berm_expr *expr, berm_edits *edits);

/* --- format.c --- */
typedef struct berm_format_terms {
    const berm_alloc *alloc;
    const berm_limits *limits; /* resolved */
    berm_str name;             /* of the file */
} berm_format_terms;

/* The formatted text, added to `out`. Texts of other dialects, and what is no policy document, stay
   as they are; so do files that are not UTF-8. E_SYNTAX and what else the reader says; E_INTERNAL:
   the result would not say the same. */
berm_status berm_format_text(const berm_format_terms *terms, berm_str text, berm_text *out,
                             berm_diags *diags, berm_error *err);

/* --- format_check.c --- */
/* The file goes with its doc; NULL diags are allowed. */
berm_status berm_format_read(const berm_format_terms *terms, berm_str text, berm_policy_file *file,
                             berm_diags *diags, berm_error *err);
/* Does `made` say what the file says, white space in expressions apart? E_INTERNAL: no. */
berm_status berm_format_check(const berm_format_terms *terms, const berm_policy_file *file,
                              berm_str made, berm_error *err);

#endif
