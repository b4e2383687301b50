/* How the lexer, the parser and the macros report what is wrong with an expression. */
#ifndef BERM_CEL_FAULT_H
#define BERM_CEL_FAULT_H

#include "base/diag.h"

/* Told where byte `off` of an expression is in the file it came from; NULL: the expression is the
   file. */
typedef struct berm_cel_origin {
    uint32_t source; /* index in the diags' sources */
    uint32_t (*map)(const void *ctx, uint32_t off);
    const void *ctx;
} berm_cel_origin;
berm_place berm_cel_place(const berm_cel_origin *origin, uint32_t off, uint32_t len);

/* More syntax errors in one expression say nothing new. */
#define BERM_CEL_FAULTS_MAX 10u

typedef struct berm_cel_faults {
    berm_diags *diags;             /* may be NULL: errors are only counted */
    const berm_cel_origin *origin; /* may be NULL */
    uint32_t count;
    uint32_t last; /* offset of the newest: one place is reported once */
    bool stopped;  /* what follows would only be consequences: report nothing more */
    bool nomem;    /* memory ended; stopped, too */
} berm_cel_faults;

/* Adds an error unless stopped or the place was reported already. `format` as berm_text_format. */
void berm_cel_fault(berm_cel_faults *faults, berm_diag_id id, uint32_t off, uint32_t len,
                    const char *format, ...);
void berm_cel_nomem(berm_cel_faults *faults);

#endif
