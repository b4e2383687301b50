/* A document that is read for one evaluation, and only as far as that looks. Lists that are members
   of the root, and containers in the maps that are, are checked, with all that is in them, and
   built when somebody first looks into them.

     root        {"format_version": "1.2", "planned_values": .., "resource_changes": [..]}
     its member  planned_values, LAZY: {"outputs": unbuilt, "root_module": unbuilt}
     pieces      .. | from, end of root_module; where its cell is; its document, once built | ..

   A map that holds unbuilt members is LAZY, so that whoever asks for its children
   (berm_children_of) gets them all built; a member that is looked up is built alone. What is built
   has a store of its own, in the same text. Nothing of this is seen outside of value_find.c and
   berm_children_of, and documents that the public interface hands out are always complete. */
#ifndef BERM_DATA_FAST_LAZY_H
#define BERM_DATA_FAST_LAZY_H

#include "data/doc.h"

typedef struct berm_lazy_piece {
    uint32_t from, end; /* of its text */
    berm_cell *at;      /* the cell that stands for it; NULL: a repeated key's that did not win */
    berm_doc *doc;      /* once it is built */
} berm_lazy_piece;

struct berm_lazy {
    berm_space *space;     /* the one that the document is in; it learns of memory that ends */
    const berm_str *eager; /* names of members that are built at once */
    uint32_t eager_count;
    const berm_alloc *alloc;
    berm_str text;
    berm_kernel kernel;
    uint32_t left; /* pieces that are not built */
    BERM_ARRAY(berm_lazy_piece) pieces;
};

/* More containers than these at the root are built at once. */
#define BERM_LAZY_PIECES_MAX 256u

/* Drops what was built; the arrays stay for the next document. */
void berm_lazy_clear(berm_lazy *lazy);
void berm_lazy_free(berm_lazy *lazy);

#endif
