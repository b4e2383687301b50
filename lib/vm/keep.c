/* Copying in two steps: what is copied is measured, and room is made for all of it; then it is
   copied without a way to fail, and without moving what it may be copied from. */
#include "vm/keep.h"

#include "data/tree.h"

void berm_keep_free(berm_keep *keep)
{
    berm_array_free(keep->alloc, &keep->cells);
    berm_array_free(keep->alloc, &keep->text);
    keep->store = (berm_store){0};
}

static void refresh_keep(berm_keep *keep)
{
    keep->store = (berm_store){.cells = keep->cells.items,
                               .text = {keep->text.items, keep->text.items},
                               .cell_count = keep->cells.count,
                               .text_len = {keep->text.count, keep->text.count}};
}

void berm_keep_clear(berm_keep *keep)
{
    keep->cells.count = keep->text.count = 0;
    refresh_keep(keep);
}

/* Children of a container, keys included. */
static uint64_t count_kept(berm_cell value)
{
    switch (value.tag) {
    case BERM_TAG_LIST:
    case BERM_TAG_SET:
    case BERM_TAG_OPTIONAL:
    case BERM_TAG_OBJECT: return value.as.ref.len;
    case BERM_TAG_MAP: return 2 * (uint64_t)value.as.ref.len;
    default: return 0;
    }
}

static uint32_t count_kept_order(berm_cell value)
{
    return value.tag == BERM_TAG_MAP ? berm_map_order_cells(value.as.ref.len) : 0;
}

static bool is_kept_text(berm_cell value)
{
    return value.tag == BERM_TAG_STRING || value.tag == BERM_TAG_BYTES;
}

bool berm_keep_measure(const berm_space *space, berm_cell value, uint32_t depth,
                       berm_keep_size *size)
{
    uint64_t count = count_kept(value);
    if (is_kept_text(value)) size->text += value.as.ref.len;
    if (count == 0) return true;
    if (depth == 0) return false;
    size->cells += count + count_kept_order(value);
    const berm_cell *children = berm_children_of(space, value);
    for (uint64_t i = 0; i < count; i++) {
        if (!berm_keep_measure(space, berm_cell_in(value, children[i]), depth - 1, size))
            return false;
    }
    return true;
}

berm_status berm_keep_reserve(berm_keep *keep, berm_keep_size size)
{
    if (size.cells > UINT32_MAX || size.text > UINT32_MAX) return BERM_E_NOMEM;
    bool done = berm_array_reserve(keep->alloc, &keep->cells, (size_t)size.cells) &&
                berm_array_reserve(keep->alloc, &keep->text, (size_t)size.text);
    refresh_keep(keep);
    return done ? BERM_OK : BERM_E_NOMEM;
}

/* Of these aux says something other than where in a text they are; and of keys, all of them. */
static bool has_kept_aux(berm_cell value)
{
    return value.tag == BERM_TAG_TIMESTAMP || value.tag == BERM_TAG_OBJECT;
}

static void keep_value_text(berm_keep *keep, const berm_space *space, berm_cell value,
                            berm_cell *kept)
{
    berm_str text = berm_text_of(space, value);
    kept->as.ref.off = keep->text.count;
    if (text.len) memcpy(keep->text.items + keep->text.count, text.ptr, text.len);
    keep->text.count += (uint32_t)text.len;
}

/* The children get their cells first, in one run, then what they hold. */
static void keep_value_children(berm_keep *keep, const berm_space *space, berm_cell value,
                                berm_cell *kept)
{
    uint32_t count = (uint32_t)count_kept(value), order = count_kept_order(value);
    uint32_t first = keep->cells.count;
    kept->as.ref.off = first;
    if (count == 0) return;
    const berm_cell *children = berm_children_of(space, value);
    keep->cells.count += count + order;
    for (uint32_t i = 0; i < count; i++) {
        berm_cell child = berm_keep_copy(keep, space, berm_cell_in(value, children[i]));
        if (value.tag == BERM_TAG_MAP && i % 2 == 0) child.aux = children[i].aux;
        keep->cells.items[first + i] = child;
    }
    if (order)
        memcpy(keep->cells.items + first + count, children + count, order * sizeof *children);
}

berm_cell berm_keep_copy(berm_keep *keep, const berm_space *space, berm_cell value)
{
    berm_cell kept = value;
    kept.store = BERM_STORE_SELF;
    kept.flags &= BERM_CELL_SENSITIVE | BERM_CELL_OPEN;
    if (!has_kept_aux(value)) kept.aux = BERM_NO_SPAN;
    if (is_kept_text(value)) keep_value_text(keep, space, value, &kept);
    else if (value.tag >= BERM_TAG_LIST && value.tag <= BERM_TAG_OBJECT)
        keep_value_children(keep, space, value, &kept);
    refresh_keep(keep);
    return kept;
}

berm_cell berm_keep_list(berm_keep *keep, const berm_space *space, const berm_cell *values,
                         uint32_t count)
{
    berm_cell list = berm_cell_of(BERM_TAG_LIST);
    list.as.ref.off = keep->cells.count;
    list.as.ref.len = count;
    keep->cells.count += count;
    for (uint32_t i = 0; i < count; i++) {
        keep->cells.items[list.as.ref.off + i] = berm_keep_copy(keep, space, values[i]);
    }
    refresh_keep(keep);
    return list;
}

uint32_t berm_keep_place(berm_keep *keep, berm_cell value)
{
    keep->cells.items[keep->cells.count++] = value;
    refresh_keep(keep);
    return keep->cells.count - 1;
}
