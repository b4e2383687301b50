#include "policy/values.h"

#include "data/tree.h"

typedef struct marking {
    berm_space *space;
    const berm_img_mark *marks;
    uint32_t count;
    bool texts_stay; /* below a key that `keep` names */
    bool *sensitive; /* becomes true with the first value that is */
} marking;

typedef enum mark_outcome { MARK_LEFT, MARK_CHANGED, MARK_UNSET } mark_outcome;

static mark_outcome mark_value(const marking *m, berm_cell *value, uint32_t depth);

/* --- what a value means --- */

static berm_cell mark_operand(const marking *m, const berm_img_mark *mark)
{
    berm_cell operand = m->space->stores[BERM_STORE_IMAGE].cells[mark->value];
    operand.store = BERM_STORE_IMAGE;
    return operand;
}

static bool is_only_key(const berm_space *space, berm_cell map, berm_str glob)
{
    if (map.tag != BERM_TAG_MAP || map.as.ref.len != 1) return false;
    berm_cell key = berm_map_key_at(space, map, 0);
    return key.tag == BERM_TAG_STRING && berm_glob_match(glob, berm_text_of(space, key));
}

static bool is_like(berm_space *space, berm_cell text, berm_str glob)
{
    return text.tag == BERM_TAG_STRING && berm_space_spend(space, text.as.ref.len / 64) &&
           berm_glob_match(glob, berm_text_of(space, text));
}

static bool is_told(const marking *m, const berm_img_mark *mark, berm_cell value)
{
    berm_cell operand = mark_operand(m, mark);
    if (mark->told == BERM_TOLD_BY_EQUAL) {
        return value.tag == operand.tag && berm_value_equal(m->space, value, operand) == BERM_TRUE;
    }
    if (operand.tag != BERM_TAG_STRING) return false;
    berm_str word = berm_text_of(m->space, operand);
    switch (mark->told) {
    case BERM_TOLD_BY_ONLY_KEY: return is_only_key(m->space, value, word);
    case BERM_TOLD_BY_KEY:
        return value.tag == BERM_TAG_MAP &&
               berm_map_find_text(m->space, value, word).tag != BERM_TAG_MISSING;
    case BERM_TOLD_BY_TEXT: return !m->texts_stay && is_like(m->space, value, word);
    default: return false;
    }
}

/* A bit for each BERM_MEANS_x that some mark says. */
static uint32_t find_meanings(const marking *m, berm_cell value)
{
    uint32_t meanings = 0;
    for (uint32_t i = 0; i < m->count; i++) {
        uint32_t bit = 1u << m->marks[i].means;
        if (!(meanings & bit) && is_told(m, &m->marks[i], value)) meanings |= bit;
    }
    return meanings;
}

/* What stands at this key is a program or a pattern: text as it is. */
static bool keeps_texts(const marking *m, berm_cell key)
{
    for (uint32_t i = 0; i < m->count; i++) {
        const berm_img_mark *mark = &m->marks[i];
        if (mark->told != BERM_TOLD_BY_PLACE || key.tag != BERM_TAG_STRING) continue;
        berm_cell name = mark_operand(m, mark);
        if (name.tag == BERM_TAG_STRING &&
            berm_str_equal(berm_text_of(m->space, name), berm_text_of(m->space, key))) {
            return true;
        }
    }
    return false;
}

/* --- containers: copied from the first change on --- */

typedef struct mark_copy {
    berm_cell container; /* of the copy, once there is one */
    berm_cell *cells;
    uint32_t kept; /* cells */
} mark_copy;

static bool start_mark_copy(const marking *m, berm_cell from, uint32_t before, mark_copy *copy)
{
    bool map = from.tag == BERM_TAG_MAP;
    uint64_t room = (map ? 2 : 1) * (uint64_t)from.as.ref.len;
    if (map) room += (from.as.ref.len + 3) / 4; /* the order of large maps */
    copy->container = from;
    if (room > UINT32_MAX) berm_space_exceed(m->space, BERM_D_LIMIT_MEMORY);
    if (m->space->status != BERM_OK) return false;
    copy->cells = berm_space_cells(m->space, (uint32_t)room, &copy->container);
    if (!copy->cells) return false;
    const berm_cell *children = berm_children_of(m->space, from);
    copy->kept = map ? 2 * before : before;
    for (uint32_t i = 0; i < copy->kept; i++) copy->cells[i] = berm_cell_in(from, children[i]);
    return true;
}

static void finish_mark_copy(const marking *m, mark_copy *copy, berm_cell *value)
{
    copy->container.as.ref.len = copy->kept;
    if (value->tag == BERM_TAG_MAP) {
        copy->container.as.ref.len = berm_map_finish(m->space, copy->cells, copy->kept / 2, NULL);
    }
    *value = copy->container;
}

static mark_outcome mark_child(const marking *m, berm_cell container, uint32_t i, berm_cell *key,
                               berm_cell *child, uint32_t depth)
{
    if (container.tag == BERM_TAG_LIST) {
        *child = berm_list_at(m->space, container, i);
        return mark_value(m, child, depth);
    }
    *key = berm_map_key_at(m->space, container, i);
    *child = berm_map_value_at(m->space, container, i);
    marking below = *m;
    below.texts_stay = m->texts_stay || keeps_texts(m, *key);
    return mark_value(&below, child, depth);
}

static bool mark_children(const marking *m, berm_cell *value, uint32_t depth)
{
    mark_copy copy = {.cells = NULL};
    for (uint32_t i = 0; i < value->as.ref.len && m->space->status == BERM_OK; i++) {
        berm_cell key, child;
        mark_outcome outcome = mark_child(m, *value, i, &key, &child, depth);
        if (outcome == MARK_LEFT && !copy.cells) continue;
        if (!copy.cells && !start_mark_copy(m, *value, i, &copy)) return false;
        if (outcome == MARK_UNSET) continue;
        if (value->tag == BERM_TAG_MAP) copy.cells[copy.kept++] = key;
        copy.cells[copy.kept++] = child;
    }
    if (!copy.cells) return false;
    finish_mark_copy(m, &copy, value);
    return true;
}

static bool mark_inside(const marking *m, berm_cell *value, uint32_t depth)
{
    if (value->tag != BERM_TAG_MAP && value->tag != BERM_TAG_LIST) return false;
    if (depth >= m->space->depth_limit) {
        berm_space_exceed(m->space, BERM_D_LIMIT_DEPTH);
        return false;
    }
    return berm_space_spend(m->space, 1 + (uint64_t)value->as.ref.len) &&
           mark_children(m, value, depth + 1);
}

/* A value may be both unknown and sensitive; one that is unset is nothing else. */
static mark_outcome mark_value(const marking *m, berm_cell *value, uint32_t depth)
{
    uint32_t meanings = find_meanings(m, *value);
    if (meanings & 1u << BERM_MEANS_UNSET) return MARK_UNSET;
    uint8_t sensitive = meanings & 1u << BERM_MEANS_SENSITIVE ? BERM_CELL_SENSITIVE : 0;
    bool changed = sensitive != 0;
    if (meanings & 1u << BERM_MEANS_UNKNOWN) {
        *value = (berm_cell){.tag = BERM_TAG_UNKNOWN,
                             .flags = (uint8_t)(value->flags & BERM_CELL_SENSITIVE),
                             .store = value->store,
                             .aux = value->aux,
                             .as.u = BERM_UNKNOWN_LEAF};
        changed = true;
    } else if (mark_inside(m, value, depth)) {
        changed = true;
    }
    value->flags |= sensitive;
    if (sensitive) *m->sensitive = true;
    return changed ? MARK_CHANGED : MARK_LEFT;
}

berm_cell berm_values_mark(berm_runner *runner, uint32_t target, berm_cell value, bool *sensitive)
{
    if (target == BERM_NO_ROW) return value;
    const berm_image *image = &runner->policy->image;
    berm_run_ref run = image->targets[target].marks;
    if (run.count == 0) return value;
    marking m = {&runner->vm.space, image->marks + run.first, run.count, false, sensitive};
    if (mark_value(&m, &value, 0) == MARK_UNSET) {
        /* as if nothing had been written; null would say that it goes */
        value = (berm_cell){.tag = BERM_TAG_MAP, .store = value.store, .aux = value.aux};
        berm_space_cells(m.space, 0, &value);
    }
    return value;
}
