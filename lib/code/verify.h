/* Verifying the parts of an image. Each part relies on those above it having passed. What is wrong
   is said once, by berm_verify_fail, and ends the verification. */
#ifndef BERM_CODE_VERIFY_H
#define BERM_CODE_VERIFY_H

#include "base/mem.h"
#include "code/image_layout.h"

typedef struct berm_verify {
    const berm_alloc *alloc;
    berm_image *image;
    berm_error *err;
    berm_status status;
    unsigned char *cell_marks; /* per cell: BERM_MARK_CHILD, BERM_MARK_ORDER */
} berm_verify;

enum { BERM_CELL_ROOT, BERM_CELL_CHILD, BERM_CELL_ORDER };

/* Always false. `format` as berm_text_format. */
bool berm_verify_fail(berm_verify *verify, const char *format, ...);
bool berm_verify_nomem(berm_verify *verify);

bool berm_verify_cells(berm_verify *verify);
bool berm_verify_code(berm_verify *verify);
bool berm_verify_tables(berm_verify *verify);
bool berm_verify_regex(berm_verify *verify);

/* A range of bytes of the text that starts and ends between code points. */
bool berm_verify_text(const berm_verify *verify, uint32_t off, uint32_t len);
/* A cell, and no part of a permutation. */
static inline bool berm_verify_is_cell(const berm_verify *verify, uint32_t cell)
{
    return cell < verify->image->store.cell_count && verify->cell_marks[cell] != BERM_CELL_ORDER;
}
/* A string cell whose aux is its hash, so that it can be looked up in maps. */
bool berm_verify_is_key(const berm_verify *verify, uint32_t cell);

#endif
