#include "data/fast/lazy.h"

#include "data/fast/fast_read.h"

void berm_lazy_clear(berm_lazy *lazy)
{
    for (uint32_t i = 0; i < lazy->pieces.count; i++) berm_doc_drop(lazy->pieces.items[i].doc);
    lazy->pieces.count = lazy->left = 0;
}

void berm_lazy_free(berm_lazy *lazy)
{
    berm_lazy_clear(lazy);
    if (lazy->alloc) berm_array_free(lazy->alloc, &lazy->pieces);
}

/* What cannot be built is null: the run ends for lack of memory before anybody decides by it. */
static berm_cell fail_piece(berm_lazy *lazy, uint32_t off)
{
    berm_space_fail(lazy->space, BERM_E_NOMEM);
    return (berm_cell){.tag = BERM_TAG_NULL, .aux = off};
}

static void build_piece(berm_lazy *lazy, berm_lazy_piece *piece)
{
    piece->doc =
        berm_fast_read_piece(lazy->alloc, lazy->kernel, lazy->text, piece->from, piece->end);
    uint16_t store = piece->doc ? berm_space_add(lazy->space, &piece->doc->store) : 0;
    berm_cell built = store ? piece->doc->roots[0] : fail_piece(lazy, piece->from);
    built.store = store;
    *piece->at = built;
    lazy->left--;
}

void berm_lazy_build(berm_lazy *lazy, uint32_t piece)
{
    berm_lazy_piece *p = &lazy->pieces.items[piece];
    if (!p->doc && p->at && p->at->flags & BERM_CELL_LAZY) build_piece(lazy, p);
}

void berm_lazy_build_all(berm_lazy *lazy)
{
    for (uint32_t i = 0; lazy->left > 0 && i < lazy->pieces.count; i++) berm_lazy_build(lazy, i);
}
