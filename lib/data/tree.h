/* Growing a tree: what the JSON reader, the YAML reader and the builder share.

   Values are pushed in document order; a container's children wait on a stack until it closes, then
   move to the cell array in one piece, so children are contiguous and every container is complete
   when it is seen. An open container holds its place on the stack with a cell whose payload links
   to the container around it:

     stack   ... | map, open | a | 1 | b | list, open | 2 | 3      2 3 move to cells, and the list
     cells   ... | 2 | 3 |                                         cell before them is finished

   A map that closes gets its keys hashed (aux of the key cells), repeated keys settled, and, over
   BERM_MAP_LINEAR members, a permutation: `count` uint32 member numbers sorted by (hash, key)
   packed into the cells that follow the members.

   A reader's whole use of it:

     berm_tree_begin(&tree, read, doc, err);
     berm_tree_open(&tree, BERM_TAG_MAP, off)
     berm_tree_key(..) berm_tree_value(..) ..
     berm_tree_close(&tree, end)
     berm_tree_root(&tree, doc)   once for each document of the stream
     berm_tree_end(&tree, doc)    success or not: the doc gets the arrays, the rest is freed

   Every function that can fail returns false with tree->status set (and err and diags filled); the
   first failure stays, and the caller goes straight to berm_tree_end. */
#ifndef BERM_DATA_TREE_H
#define BERM_DATA_TREE_H

#include "data/doc.h"
#include "data/ops.h"

typedef enum berm_duplicates { BERM_DUPLICATES_LAST_WINS, BERM_DUPLICATES_REFUSE } berm_duplicates;

#define BERM_TREE_CLOSED UINT32_MAX /* tree->open: no container is open */

typedef struct berm_tree {
    const berm_alloc *alloc;
    const berm_limits *limits;
    berm_diags *diags; /* where repeated keys and failures are reported; may be NULL */
    berm_error *err;   /* the first failure; may be NULL */
    uint32_t source;   /* this text's source index in diags */
    berm_duplicates duplicates;
    bool keep_ends; /* keep the byte offset behind each node (YAML) */
    BERM_ARRAY(berm_cell) stack;
    BERM_ARRAY(uint32_t) stack_ends; /* with keep_ends: parallel to stack */
    BERM_ARRAY(berm_cell) cells;
    BERM_ARRAY(uint32_t) ends; /* with keep_ends: parallel to cells */
    BERM_ARRAY(char) decoded;  /* the second text */
    berm_str text;             /* the first text */
    uint32_t open;         /* stack index of the innermost open container, or BERM_TREE_CLOSED */
    uint32_t depth;        /* containers open */
    uint64_t node_count;   /* values pushed; keys are not counted */
    uint32_t repeats;      /* repeated keys met */
    berm_status status;    /* the first failure */
    berm_store view_store; /* what a space needs to read the keys: see berm_tree_space */
    berm_space view;
} berm_tree;

/* For the readers: limits, diagnostics, duplicates from `read`; text from `doc`. Registers the text
   in read->diags. */
void berm_tree_begin(berm_tree *tree, const berm_read *read, const berm_doc *doc, berm_error *err);
/* Frees what was not handed to a doc. */
void berm_tree_free(berm_tree *tree);

/* Fails once: sets status, fills err, adds the diagnostic. `off`, `len`: the place in the text.
   Always false. */
bool berm_tree_fail(berm_tree *tree, berm_status status, berm_diag_id id, size_t off, size_t len,
                    const char *format, ...);
bool berm_tree_fail_memory(berm_tree *tree);

/* A finished value: a scalar, or a container cell that is already complete (an alias repeats one;
   its children are shared). cell.aux is its first byte's offset, `end` the offset behind it (only
   kept with keep_ends). */
static inline bool berm_tree_value(berm_tree *tree, berm_cell cell, uint32_t end);
/* A member's key, in an open map, before its value. Scalars only. */
static inline bool berm_tree_key(berm_tree *tree, berm_cell cell, uint32_t end);
/* A container starts: BERM_TAG_LIST, _SET or _MAP. Its depth and the node count are checked. */
bool berm_tree_open(berm_tree *tree, berm_tag tag, uint32_t off);
/* The innermost open container ends. */
bool berm_tree_close(berm_tree *tree, uint32_t end);
/* Add the members of the finished map `map` to the open map as merged ones (YAML's <<): members
   that the open map has itself, before or after, win silently; of merged ones the later wins, so
   for `<<: [a, b]` merge b, then a. */
bool berm_tree_merge(berm_tree *tree, berm_cell map);
/* The tag of the innermost open container, MISSING at the top. */
static inline berm_tag berm_tree_inside(const berm_tree *tree)
{
    return tree->open == BERM_TREE_CLOSED ? BERM_TAG_MISSING
                                          : (berm_tag)tree->stack.items[tree->open].tag;
}

/* A string or bytes cell whose text is at text[off..off + len); the string limit is checked. */
bool berm_tree_slice(berm_tree *tree, berm_tag tag, uint32_t off, uint32_t len, uint32_t span,
                     berm_cell *out);
/* The same with a copy in the second text. */
bool berm_tree_copy(berm_tree *tree, berm_tag tag, berm_str text, uint32_t span, berm_cell *out);
/* For decoding in place: room for `len` bytes at the end of the second text (NULL: failed), and the
   cell for the first `len` bytes written there. */
char *berm_tree_room(berm_tree *tree, size_t len);
bool berm_tree_decoded(berm_tree *tree, berm_tag tag, uint32_t len, uint32_t span, berm_cell *out);

/* A space with one store, the tree itself as SELF, to look at finished cells and pushed scalars
   (berm_map_find, berm_text_of, berm_children_of, ..). Good until the next call that grows the
   tree. */
const berm_space *berm_tree_space(berm_tree *tree);

/* The one value at the top becomes the next root of the doc; the stack is empty again. */
bool berm_tree_root(berm_tree *tree, berm_doc *doc);
/* Hand cells, decoded text and ends to the doc and free the rest; tree->status. */
berm_status berm_tree_end(berm_tree *tree, berm_doc *doc);

/* The permutation of a map with more than BERM_MAP_LINEAR members. */
static inline const uint32_t *berm_map_order(const berm_cell *members, uint32_t count)
{
    return (const uint32_t *)(const void *)(members + 2 * (size_t)count);
}
static inline uint32_t berm_map_order_cells(uint32_t count)
{
    return count > BERM_MAP_LINEAR ? (count + 3) / 4 : 0;
}

/* Finish a map's members in place: hash keys, settle repeats (the last value wins, at the first
   one's place), build the permutation behind them. `members` has room for
   berm_map_order_cells(count) more cells. Returns the member count after repeats are settled;
   *repeat (nullable) gets a member number whose key was repeated, or UINT32_MAX. O(count log count)
   whatever the keys. Used by the tree and by the VM's map literals. */
uint32_t berm_map_finish(const berm_space *space, berm_cell *members, uint32_t count,
                         uint32_t *repeat);

/* --- the two pushes, inline because they are the readers' inner loop --- */

/* Room for one more cell on the stack; fails as no memory. */
bool berm_tree_grow(berm_tree *tree);
bool berm_tree_fail_nodes(berm_tree *tree, uint32_t off);

static inline bool berm_tree_key(berm_tree *tree, berm_cell cell, uint32_t end)
{
    if (tree->stack.count == tree->stack.cap && !berm_tree_grow(tree)) return false;
    if (tree->keep_ends) tree->stack_ends.items[tree->stack.count] = end;
    tree->stack.items[tree->stack.count++] = cell;
    return true;
}

static inline bool berm_tree_value(berm_tree *tree, berm_cell cell, uint32_t end)
{
    if (++tree->node_count > tree->limits->node_count) return berm_tree_fail_nodes(tree, cell.aux);
    return berm_tree_key(tree, cell, end);
}

#endif
