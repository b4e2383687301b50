/* Constants. Cells are visited from the last to the first: a container's children lie below it, so
   when a cell is reached everything that could claim it, as a child or as part of a permutation,
   has been seen. */
#include "code/verify.h"

#include "base/utf8.h"
#include "data/time.h"
#include "data/tree.h"

typedef struct cells_walk {
    berm_verify *verify;
    const berm_cell *cells;
    uint32_t count;
    unsigned char *marks;
    uint16_t *depths; /* containers around a cell */
    uint32_t largest; /* cells of the largest map, permutation included */
} cells_walk;

static bool is_text_start(berm_str text, uint32_t off)
{
    return off == text.len || ((unsigned char)text.ptr[off] & 0xC0) != 0x80;
}

bool berm_verify_text(const berm_verify *verify, uint32_t off, uint32_t len)
{
    const berm_store *store = &verify->image->store;
    berm_str text = {store->text[0], store->text_len[0]};
    if (off > text.len || len > text.len - off) return false;
    return is_text_start(text, off) && is_text_start(text, off + len);
}

bool berm_verify_is_key(const berm_verify *verify, uint32_t cell)
{
    if (!berm_verify_is_cell(verify, cell)) return false;
    const berm_store *store = &verify->image->store;
    berm_cell key = store->cells[cell];
    return key.tag == BERM_TAG_STRING &&
           key.aux == berm_text_hash(store->text[0] + key.as.ref.off, key.as.ref.len);
}

/* --- one cell --- */

static bool fits_bytes(const berm_verify *verify, berm_cell c)
{
    uint32_t len = verify->image->store.text_len[1];
    return c.as.ref.off <= len && c.as.ref.len <= len - c.as.ref.off;
}

static bool is_good_scalar(const berm_verify *verify, berm_cell c)
{
    switch (c.tag) {
    case BERM_TAG_NULL: return c.as.u == 0;
    case BERM_TAG_BOOL: return c.as.u <= 1;
    case BERM_TAG_INT:
    case BERM_TAG_UINT:
    case BERM_TAG_DOUBLE:
    case BERM_TAG_DURATION: return true;
    case BERM_TAG_STRING: return berm_verify_text(verify, c.as.ref.off, c.as.ref.len);
    case BERM_TAG_BYTES: return fits_bytes(verify, c);
    case BERM_TAG_TIMESTAMP:
        return c.aux < 1000000000u && berm_time_valid((berm_time){c.as.i, (int32_t)c.aux});
    case BERM_TAG_TYPE: return c.as.u < BERM_TYPE_COUNT;
    default: return false;
    }
}

static bool is_key_tag(uint8_t tag)
{
    return tag == BERM_TAG_NULL || tag == BERM_TAG_BOOL || tag == BERM_TAG_INT ||
           tag == BERM_TAG_UINT || tag == BERM_TAG_DOUBLE || tag == BERM_TAG_STRING;
}

static bool claim_children(cells_walk *walk, uint32_t at, uint32_t off, uint64_t count)
{
    if (count > 0 && walk->depths[at] + 1u >= BERM_VALUE_DEPTH) return false;
    for (uint64_t i = off; i < off + count; i++) {
        if (walk->marks[i] != BERM_CELL_ROOT) return false;
        walk->marks[i] = BERM_CELL_CHILD;
        walk->depths[i] = (uint16_t)(walk->depths[at] + 1);
    }
    return true;
}

static bool claim_order(cells_walk *walk, uint64_t off, uint32_t count)
{
    for (uint64_t i = off; i < off + count; i++) {
        if (walk->marks[i] != BERM_CELL_ROOT) return false;
        walk->marks[i] = BERM_CELL_ORDER;
    }
    return true;
}

static bool is_good_container(cells_walk *walk, uint32_t at)
{
    berm_cell c = walk->cells[at];
    uint64_t children = c.as.ref.len, order = 0;
    switch (c.tag) {
    case BERM_TAG_LIST:
    case BERM_TAG_SET: break;
    case BERM_TAG_OPTIONAL:
        if (children > 1) return false;
        break;
    case BERM_TAG_MAP:
        children *= 2;
        order = berm_map_order_cells(c.as.ref.len);
        break;
    default: return false;
    }
    if (c.as.ref.off > at || children + order > at - c.as.ref.off) return false;
    if (c.tag == BERM_TAG_MAP && walk->largest < children + order) {
        walk->largest = (uint32_t)(children + order);
    }
    return claim_children(walk, at, c.as.ref.off, children) &&
           claim_order(walk, c.as.ref.off + children, (uint32_t)order);
}

static bool is_good_cell(cells_walk *walk, uint32_t at)
{
    berm_cell c = walk->cells[at];
    if (c.store != BERM_STORE_SELF) return false;
    if (c.flags != (c.tag == BERM_TAG_BYTES ? BERM_CELL_DECODED : 0)) return false;
    return is_good_scalar(walk->verify, c) || is_good_container(walk, at);
}

/* --- maps, once all cells are good: as finishing them anew makes them --- */

static bool is_good_map(const cells_walk *walk, berm_cell map, berm_cell *scratch)
{
    berm_store store = walk->verify->image->store;
    berm_space space = {.stores = &store, .store_count = 1};
    const berm_cell *members = walk->cells + map.as.ref.off;
    uint32_t count = map.as.ref.len, repeat;
    size_t len = (2 * (size_t)count + berm_map_order_cells(count)) * sizeof *members;
    for (uint32_t i = 0; i < count; i++) {
        if (!is_key_tag(members[2 * (size_t)i].tag)) return false;
    }
    if (count == 0) return true;
    memcpy(scratch, members, len);
    berm_map_finish(&space, scratch, count, &repeat);
    return repeat == UINT32_MAX && memcmp(scratch, members, len) == 0;
}

static bool verify_maps(cells_walk *walk)
{
    size_t len = (size_t)walk->largest * sizeof(berm_cell);
    berm_cell *scratch = berm_mem_resize(walk->verify->alloc, NULL, 0, len);
    if (len && !scratch) return berm_verify_nomem(walk->verify);
    bool good = true;
    for (uint32_t i = 0; i < walk->count && good; i++) {
        if (walk->marks[i] == BERM_CELL_ORDER || walk->cells[i].tag != BERM_TAG_MAP) continue;
        good = is_good_map(walk, walk->cells[i], scratch);
        if (!good) berm_verify_fail(walk->verify, "constant %u is not a well-formed map", i);
    }
    berm_mem_free(walk->verify->alloc, scratch, len);
    return good;
}

static bool walk_cells(cells_walk *walk)
{
    for (uint32_t i = walk->count; i-- > 0;) {
        if (walk->marks[i] == BERM_CELL_ORDER || is_good_cell(walk, i)) continue;
        return berm_verify_fail(walk->verify, "constant %u is not well-formed", i);
    }
    return verify_maps(walk);
}

bool berm_verify_cells(berm_verify *verify)
{
    const berm_store *store = &verify->image->store;
    if (berm_utf8_invalid(store->text[0], store->text_len[0]) != store->text_len[0]) {
        return berm_verify_fail(verify, "the text is not UTF-8");
    }
    cells_walk walk = {.verify = verify,
                       .cells = store->cells,
                       .count = store->cell_count,
                       .marks = verify->cell_marks};
    walk.depths = berm_mem_new(verify->alloc, walk.count * sizeof *walk.depths);
    if (walk.count && !walk.depths) return berm_verify_nomem(verify);
    bool good = walk_cells(&walk);
    berm_mem_free(verify->alloc, walk.depths, walk.count * sizeof *walk.depths);
    return good;
}
