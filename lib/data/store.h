/* Stores and spaces: where the texts and children of cells are.

   A store is what one document, one image or one arena chunk holds: an array of cells and two
   texts. A space is the set of stores that one evaluation can see, plus the arena in which it makes
   new values:

     stores[0]                 never used (BERM_STORE_SELF)
     stores[BERM_STORE_IMAGE]  the constants of the policy image
     stores[2..]               documents and arena chunks, in the order they were added

   The first store added after a reset, before any value is made, gets BERM_STORE_IMAGE.

   Cells that an evaluation makes name their store; cells of documents and images say SELF. Arena
   chunks never move and are kept over berm_space_reset, so an evaluation in its steady state
   allocates nothing. A space also carries the call's budget: work that depends on the size of
   values is charged with berm_space_spend. */
#ifndef BERM_DATA_STORE_H
#define BERM_DATA_STORE_H

#include <berm/berm.h>

#include "base/diag.h"
#include "base/parts.h"
#include "data/value.h"

#define BERM_STORE_IMAGE 1u
#define BERM_STORE_MAX 65535u
#define BERM_VALUE_DEPTH 512u

typedef struct berm_lazy berm_lazy;

typedef struct berm_store {
    const berm_cell *cells;
    const char *text[2]; /* [0] the source text, [1] decoded strings (BERM_CELL_DECODED) */
    uint32_t cell_count;
    uint32_t text_len[2];
    const struct berm_space *home; /* the space of an arena chunk; NULL for documents and images */
    bool marked;     /* a host built it, and put unknown or sensitive values into it */
    berm_lazy *lazy; /* of a document that is built as far as somebody looks; NULL for all others */
} berm_store;

typedef struct berm_chunk berm_chunk;

typedef struct berm_space {
    const berm_alloc *alloc;
    berm_store *stores;
    uint32_t store_count, store_cap;
    berm_chunk *chunks, *chunk; /* all chunks, and the one that is being filled */
    uint64_t memory_len, memory_limit;
    uint64_t fuel;        /* what is left for the whole call */
    uint32_t depth_limit; /* of values compared, printed, overlaid; BERM_VALUE_DEPTH unless set */
    berm_status status;   /* the first E_NOMEM, E_LIMIT or E_FUEL met; sticky until reset */
    berm_diag_id limit;   /* with E_LIMIT: which one it was */
} berm_space;

/* Fuel is without end until the first reset. */
void berm_space_init(berm_space *space, const berm_alloc *alloc, uint64_t memory_limit);
void berm_space_free(berm_space *space);

/* Forget every store and every arena value, keep the memory; the budget becomes `fuel`. */
void berm_space_reset(berm_space *space, uint64_t fuel);

/* Add a document's or image's store; its id, or 0 with space->status set. The store must outlive
   its use. */
uint16_t berm_space_add(berm_space *space, const berm_store *store);

/* Marks and releases arena memory stack-wise, so that one resource's values can go before the next.
   */
typedef struct berm_space_mark {
    berm_chunk *chunk;
    uint32_t used;
} berm_space_mark;
berm_space_mark berm_space_position(const berm_space *space);
void berm_space_release(berm_space *space, berm_space_mark mark);

/* `count` new cells in the arena. *ref gets tag-less placement (store, as.ref.off, as.ref.len =
   count) for the container cell. NULL with space->status set when memory or the limit ends. count 0
   gives a non-NULL pointer. */
berm_cell *berm_space_cells(berm_space *space, uint32_t count, berm_cell *ref);

/* `len` bytes of text in the arena; *ref as above (store, as.ref.off, as.ref.len = len). */
char *berm_space_text(berm_space *space, uint32_t len, berm_cell *ref);

/* Give back the unused tail of the text that was reserved last. */
void berm_space_trim(berm_space *space, berm_cell *ref, uint32_t len);

/* Note the first failure. */
void berm_space_fail(berm_space *space, berm_status status);
/* E_LIMIT, and which limit: BERM_D_LIMIT_x. */
void berm_space_exceed(berm_space *space, berm_diag_id limit);

/* Take `amount` from the fuel; false, with status E_FUEL, once it is gone. */
static inline bool berm_space_spend(berm_space *space, uint64_t amount)
{
    if (space->fuel >= amount) {
        space->fuel -= amount;
        return true;
    }
    space->fuel = 0;
    if (space->status == BERM_OK) space->status = BERM_E_FUEL;
    return false;
}

/* A string cell with a copy of `text`; an error-tagged MISSING cell never: on failure tag is
   MISSING, status set. */
berm_cell berm_space_string(berm_space *space, berm_str text);

static inline berm_str berm_text_of(const berm_space *space, berm_cell c)
{
    const berm_store *s = &space->stores[c.store];
    return (berm_str){s->text[(c.flags & BERM_CELL_DECODED) != 0] + c.as.ref.off, c.as.ref.len};
}

/* What a LAZY cell has for a number of children where it is not built; its offset is that of its
   piece. */
#define BERM_LAZY_UNBUILT UINT32_MAX

/* Builds what is not built yet (fast/lazy.c): one piece; all of them. */
void berm_lazy_build(berm_lazy *lazy, uint32_t piece);
void berm_lazy_build_all(berm_lazy *lazy);

/* The children as they are: some may be LAZY. */
static inline const berm_cell *berm_raw_children_of(const berm_space *space, berm_cell c)
{
    return space->stores[c.store].cells + c.as.ref.off;
}

static inline const berm_cell *berm_children_of(const berm_space *space, berm_cell c)
{
#if BERM_PART_FAST
    if (c.flags & BERM_CELL_LAZY && space->stores[c.store].lazy)
        berm_lazy_build_all(space->stores[c.store].lazy);
#endif
    return berm_raw_children_of(space, c);
}

#endif
