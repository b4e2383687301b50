/* Cells of Arrow arrays. */
#ifndef BERM_PYTHON_ARROW_CELLS_H
#define BERM_PYTHON_ARROW_CELLS_H

#include "arrow.h"

#include <berm/berm.h>
#include <stdbool.h>

/* An array with its schema. Rows count from the array's offset: row 0 is the first that it shows. */
typedef struct bpy_cells {
    const struct ArrowSchema *schema;
    const struct ArrowArray *array;
} bpy_cells;

bool bpy_cells_null(const bpy_cells *cells, int64_t row);
/* The text of a row of text or bytes; false: it has another type. */
bool bpy_cells_text(const bpy_cells *cells, int64_t row, berm_str *out);
bool bpy_cells_integer(const bpy_cells *cells, int64_t row, int64_t *out);
/* The child of a struct. */
bool bpy_cells_member(const bpy_cells *cells, const char *name, bpy_cells *out);
/* Adds the value of a row to a builder. */
berm_status bpy_cells_build(const bpy_cells *cells, int64_t row, berm_builder *builder,
                            berm_error *err);

#endif
