/* Growing a tree: what the JSON reader, the YAML reader and the builder share.

   Values are pushed in document order; a container's children wait on a stack until it closes, then move to the cell
   array in one piece, so children are contiguous and every container is complete when it is seen:

     stack   ... [ a : 1   b : [ 2 3          ]  closes: 2 3 move to cells, their place is taken by one list cell
     cells   ... | 2 | 3 |

   A map that closes gets its keys hashed (aux of the key cells), repeated keys settled, and, over BERM_MAP_LINEAR members,
   a permutation: `count` uint32 member numbers sorted by (hash, key) packed into the cells that follow the members. */
#ifndef BERM_DATA_TREE_H
#define BERM_DATA_TREE_H

#include "base/diag.h"
#include "data/ops.h"

typedef enum berm_duplicates { BERM_DUPLICATES_LAST_WINS, BERM_DUPLICATES_REFUSE } berm_duplicates;

typedef struct berm_tree {
    const berm_alloc *alloc;
    const berm_limits *limits;
    berm_diags *diags;    /* where repeated keys are reported; may be NULL */
    uint32_t source;      /* this text's source index in diags */
    berm_duplicates duplicates;
    BERM_ARRAY(berm_cell) stack;
    BERM_ARRAY(uint32_t) spans;  /* beside the stack: span starts of keys (a key cell's aux is its hash) */
    BERM_ARRAY(berm_cell) cells;
    BERM_ARRAY(char) decoded;    /* the second text */
    BERM_ARRAY(uint32_t) ends;   /* YAML: byte offset behind each cell's node, parallel to cells; else empty */
    berm_str text;               /* the first text */
    uint64_t node_count;
    berm_status status;          /* the first failure */
} berm_tree;

/* (Functions are the implementer's to shape; readers and builder are the only users.) */

/* The permutation of a map with more than BERM_MAP_LINEAR members. */
static inline const uint32_t *berm_map_order(const berm_cell *members, uint32_t count)
{
    return (const uint32_t *)(const void *)(members + 2 * (size_t)count);
}
static inline uint32_t berm_map_order_cells(uint32_t count) { return count > BERM_MAP_LINEAR ? (count + 3) / 4 : 0; }

/* Finish a map's members in place: hash keys, settle repeats (the last value wins, at the first one's place), build the
   permutation behind them. `members` has room for berm_map_order_cells(count) more cells. Returns the member count after
   repeats are settled; *repeat (nullable) gets a member number whose key was repeated, or UINT32_MAX.
   Used by the tree and by the VM's map literals. */
uint32_t berm_map_finish(const berm_space *space, berm_cell *members, uint32_t count, uint32_t *repeat);

#endif
