/* Overlays: what a document says elsewhere about its own values (Terraform's after_unknown,
   after_sensitive), laid over them. Only the arrays on the way to a marked value are copied, into
   the space's arena:

     value   { a: 1, b: [ x, y ] }        mask   { b: [ false, true ] }

     result  { a: 1, b: * }          copied; b -> [ x, unknown ]    copied
                                     1 and x still are in the document */
#include "data/doc.h"
#include "data/tree.h"

typedef struct overlay {
    berm_space *space;
    berm_mark mark;
} overlay;

static bool lay_over(const overlay *o, berm_cell *value, berm_cell mask, uint32_t depth);

/* The unknown stands where the value is written, or, of a value that is not, where the mask says
   so. */
static berm_cell make_unknown(berm_cell value, berm_cell mask)
{
    berm_cell at = value.tag == BERM_TAG_MISSING || value.aux == BERM_NO_SPAN ? mask : value;
    berm_cell unknown = {.tag = BERM_TAG_UNKNOWN,
                         .store = at.store,
                         .aux = at.aux,
                         .as.u = BERM_UNKNOWN_LEAF};
    unknown.flags = (uint8_t)(value.flags & BERM_CELL_SENSITIVE);
    return unknown;
}

/* Room for a copy of the container's array with `extra` cells more; NULL with the space's status
   set. */
static berm_cell *copy_children(berm_space *space, berm_cell container, uint32_t cells,
                                uint64_t extra, berm_cell *ref)
{
    if (cells + extra > UINT32_MAX) {
        berm_space_exceed(space, BERM_D_LIMIT_MEMORY);
        return NULL;
    }
    berm_cell *copy = berm_space_cells(space, (uint32_t)(cells + extra), ref);
    if (!copy) return NULL;
    const berm_cell *children = cells > 0 ? berm_children_of(space, container) : NULL;
    for (uint32_t i = 0; i < cells; i++) copy[i] = berm_cell_in(container, children[i]);
    return copy;
}

/* What a mask of `tag` is laid over: the value where it is such a container, an empty one where
   there is no value and unknowns are to be added, MISSING otherwise (the mask does not fit; the
   value stays). */
static berm_cell find_base(const overlay *o, berm_cell value, berm_cell mask)
{
    if (value.tag == mask.tag) return value;
    bool absent = value.tag == BERM_TAG_MISSING || value.tag == BERM_TAG_NULL;
    if (!absent || o->mark != BERM_MARK_UNKNOWN) return berm_cell_of(BERM_TAG_MISSING);
    return (berm_cell){.tag = mask.tag,
                       .store = mask.store,
                       .aux = value.tag == BERM_TAG_NULL ? value.aux : mask.aux};
}

static bool lay_over_list(const overlay *o, berm_cell *value, berm_cell base, berm_cell mask,
                          uint32_t depth)
{
    uint32_t count = base.as.ref.len, length = count;
    uint32_t added =
        o->mark == BERM_MARK_UNKNOWN && mask.as.ref.len > count ? mask.as.ref.len - count : 0;
    berm_cell list = base;
    berm_cell *copy = copy_children(o->space, base, count, added, &list);
    if (!copy) return false;
    bool changed = false;
    for (uint32_t i = 0; i < count + added && i < mask.as.ref.len; i++) {
        berm_cell child = i < count ? copy[i] : berm_cell_of(BERM_TAG_MISSING);
        bool marked = lay_over(o, &child, berm_list_at(o->space, mask, i), depth);
        changed = changed || marked;
        if (marked && i >= count) length = i + 1;
        if (i >= count && !marked) child = berm_cell_of(BERM_TAG_NULL);
        copy[i] = child;
    }
    list.as.ref.len = length;
    if (changed) *value = list;
    return changed;
}

static bool lay_over_map(const overlay *o, berm_cell *value, berm_cell base, berm_cell mask,
                         uint32_t depth)
{
    uint32_t count = base.as.ref.len, length = count;
    uint64_t extra = 0;
    if (o->mark == BERM_MARK_UNKNOWN) extra = 2 * (uint64_t)mask.as.ref.len;
    extra += ((uint64_t)count + extra / 2 + 3) / 4;
    berm_cell map = base;
    berm_cell *copy = copy_children(o->space, base, 2 * count, extra, &map);
    if (!copy) return false;
    bool changed = false;
    const berm_cell *names = berm_children_of(o->space, mask);
    for (uint32_t i = 0; i < mask.as.ref.len; i++) {
        berm_cell name = berm_cell_in(mask, names[2 * (size_t)i]);
        uint32_t at = berm_map_index(o->space, base, name, name.aux);
        if (at == UINT32_MAX && o->mark == BERM_MARK_SENSITIVE) continue;
        berm_cell child =
            at != UINT32_MAX ? copy[2 * (size_t)at + 1] : berm_cell_of(BERM_TAG_MISSING);
        if (!lay_over(o, &child, berm_map_value_at(o->space, mask, i), depth)) continue;
        changed = true;
        if (at == UINT32_MAX) {
            at = length++;
            copy[2 * (size_t)at] = name;
        }
        copy[2 * (size_t)at + 1] = child;
    }
    if (!changed) return false;
    map.as.ref.len = berm_map_finish(o->space, copy, length, NULL);
    *value = map;
    return true;
}

/* Does the mask mark anything at all? */
static bool holds_mark(const overlay *o, berm_cell mask, uint32_t depth)
{
    bool map = mask.tag == BERM_TAG_MAP;
    if (!map && mask.tag != BERM_TAG_LIST) return berm_cell_is_true(mask);
    if (depth >= o->space->depth_limit ||
        !berm_space_spend(o->space, 1 + (uint64_t)mask.as.ref.len))
        return true;
    for (uint32_t i = 0; i < mask.as.ref.len; i++) {
        berm_cell child =
            map ? berm_map_value_at(o->space, mask, i) : berm_list_at(o->space, mask, i);
        if (holds_mark(o, child, depth + 1)) return true;
    }
    return false;
}

/* A mask of another shape than the value: what it hides is in there somewhere. */
static bool hide_whole(const overlay *o, berm_cell *value, berm_cell mask, uint32_t depth)
{
    bool absent = value->tag == BERM_TAG_MISSING || value->tag == BERM_TAG_NULL;
    if (o->mark != BERM_MARK_SENSITIVE || absent || !holds_mark(o, mask, depth)) return false;
    value->flags |= BERM_CELL_SENSITIVE;
    return true;
}

static bool lay_over_container(const overlay *o, berm_cell *value, berm_cell mask, uint32_t depth)
{
    berm_cell base = find_base(o, *value, mask);
    if (mask.as.ref.len == 0) return false;
    if (base.tag == BERM_TAG_MISSING) return hide_whole(o, value, mask, depth);
    if (depth >= o->space->depth_limit) {
        berm_space_exceed(o->space, BERM_D_LIMIT_DEPTH);
        return false;
    }
    if (!berm_space_spend(o->space, 1 + (uint64_t)base.as.ref.len + mask.as.ref.len)) return false;
    berm_space_mark before = berm_space_position(o->space);
    bool changed = mask.tag == BERM_TAG_MAP ? lay_over_map(o, value, base, mask, depth + 1)
                                            : lay_over_list(o, value, base, mask, depth + 1);
    if (!changed) berm_space_release(o->space, before);
    return changed;
}

/* True when *value was changed. */
static bool lay_over(const overlay *o, berm_cell *value, berm_cell mask, uint32_t depth)
{
    if (mask.tag == BERM_TAG_MAP || mask.tag == BERM_TAG_LIST)
        return lay_over_container(o, value, mask, depth);
    if (!berm_cell_is_true(mask)) return false;
    if (o->mark == BERM_MARK_UNKNOWN) {
        *value = make_unknown(*value, mask);
        return true;
    }
    if (value->tag == BERM_TAG_MISSING) return false;
    value->flags |= BERM_CELL_SENSITIVE;
    return true;
}

berm_cell berm_overlay(berm_space *space, berm_cell value, berm_cell mask, berm_mark mark)
{
    overlay o = {space, mark};
    lay_over(&o, &value, mask, 0);
    return value;
}
