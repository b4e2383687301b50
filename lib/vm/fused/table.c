/* Paths, and what they come to for the resource that is judged. */
#include "vm/fused/graph.h"

/* --- paths --- */

static bool add_column(struct berm_fused *fused, uint16_t table, uint16_t *column)
{
    berm_fused_table *t = &fused->tables.items[table];
    if (t->columns >= UINT16_MAX) return false;
    *column = (uint16_t)t->columns++;
    fused->stale = true;
    return true;
}

static uint32_t hash_path(const berm_fused_path *path)
{
    uint32_t key = path->sort == BERM_FUSED_FIELD ? path->key.aux : 0;
    uint32_t h = (path->parent * 4 + path->sort) * 0x9E3779B1u ^ key;
    return (h ^ h >> 15) % BERM_FUSED_BUCKETS;
}

static bool is_same_path(const berm_space *space, const berm_fused_path *a,
                         const berm_fused_path *b)
{
    if (a->sort != b->sort || a->parent != b->parent) return false;
    if (a->sort != BERM_FUSED_FIELD) return true;
    return a->key.aux == b->key.aux &&
           berm_str_equal(berm_text_of(space, a->key), berm_text_of(space, b->key));
}

static bool find_path(const struct berm_fused *fused, const berm_space *space,
                      const berm_fused_path *wanted, uint32_t *path)
{
    uint32_t at = fused->buckets[hash_path(wanted)];
    for (; at; at = fused->paths.items[at - 1].alike)
        if (is_same_path(space, &fused->paths.items[at - 1], wanted)) return *path = at - 1, true;
    return false;
}

static bool is_paths_end(const struct berm_fused *fused, const berm_fused_path *path)
{
    return fused->paths.count >= BERM_FUSED_PATHS || path->depth > BERM_FUSED_DEPTH;
}

static bool add_path(struct berm_fused *fused, berm_fused_path path, uint32_t *number)
{
    uint32_t *bucket = &fused->buckets[hash_path(&path)];
    path.alike = *bucket;
    if (is_paths_end(fused, &path) || !add_column(fused, path.table, &path.column)) return false;
    if (!berm_array_push(fused->alloc, &fused->paths, path)) return berm_fused_fail_memory(fused);
    *number = fused->paths.count - 1;
    *bucket = fused->paths.count;
    return true;
}

bool berm_fused_root(struct berm_fused *fused, uint32_t slot, uint32_t *path)
{
    berm_fused_path root = {.sort = BERM_FUSED_ROOT, .parent = slot};
    if (find_path(fused, NULL, &root, path)) return true;
    /* Among the roots first: a path that is none of them would not be looked at again. */
    if (!berm_array_push(fused->alloc, &fused->roots, fused->paths.count))
        return berm_fused_fail_memory(fused);
    if (add_path(fused, root, path)) return true;
    fused->roots.count--;
    return false;
}

bool berm_fused_field(struct berm_fused *fused, const berm_space *space, uint32_t parent,
                      berm_cell key, uint32_t *path)
{
    const berm_fused_path *above = &fused->paths.items[parent];
    key.aux = berm_key_hash(space, key);
    berm_fused_path field = {.sort = BERM_FUSED_FIELD,
                             .key = key,
                             .parent = parent,
                             .table = above->table,
                             .depth = (uint8_t)(above->depth + 1)};
    return find_path(fused, space, &field, path) || add_path(fused, field, path);
}

bool berm_fused_elements(struct berm_fused *fused, uint32_t parent, uint32_t *path)
{
    uint16_t extent;
    berm_fused_path elements = {.sort = BERM_FUSED_ELEMENT,
                                .parent = parent,
                                .table = (uint16_t)fused->tables.count,
                                .depth = (uint8_t)(fused->paths.items[parent].depth + 1)};
    if (find_path(fused, NULL, &elements, path)) return true;
    if (fused->tables.count >= UINT16_MAX || is_paths_end(fused, &elements) ||
        !add_column(fused, fused->paths.items[parent].table, &extent))
        return false;
    if (!berm_array_push(fused->alloc, &fused->tables, (berm_fused_table){0}))
        return berm_fused_fail_memory(fused);
    if (!add_path(fused, elements, path)) {
        fused->tables.count--;
        return false;
    }
    fused->paths.items[parent].extent = extent;
    fused->paths.items[parent].elements = elements.table;
    return true;
}

/* --- tables --- */

/* Tables keep their memory from resource to resource, and share what there may be of it. */
static bool grow_table(struct berm_fused *fused, berm_fused_table *table, uint64_t cells)
{
    uint64_t cap = table->cap ? table->cap : 32;
    while (cap < cells) cap *= 2;
    if (cap - table->cap > BERM_FUSED_CELLS - fused->cells) {
        fused->full = true;
        return false;
    }
    berm_cell *more = berm_mem_resize(fused->alloc, table->cells, table->cap * sizeof *more,
                                      (size_t)cap * sizeof *more);
    if (!more) return berm_fused_fail_memory(fused);
    fused->cells += (uint32_t)cap - table->cap;
    table->cells = more;
    table->cap = (uint32_t)cap;
    return true;
}

/* `count` more rows, empty; rows that are there may move. */
static bool add_rows(struct berm_fused *fused, berm_fused_table *table, uint32_t count)
{
    uint64_t cells = ((uint64_t)table->rows + count) * table->columns;
    bool none = !table->cells; /* also where all that there is of a list is that it is empty */
    if ((none || cells > table->cap) && !grow_table(fused, table, cells)) return false;
    size_t from = (size_t)table->rows * table->columns;
    memset(table->cells + from, 0, ((size_t)cells - from) * sizeof *table->cells);
    table->rows += count;
    return true;
}

/* One resource that was large shall not leave the others without memory. */
void berm_fused_drop_tables(struct berm_fused *fused)
{
    for (uint32_t i = 0; i < fused->tables.count; i++) {
        berm_fused_table *table = &fused->tables.items[i];
        berm_mem_free(fused->alloc, table->cells, table->cap * sizeof *table->cells);
        table->cells = NULL;
        table->cap = table->rows = 0;
    }
    fused->cells = 0;
    fused->full = false;
}

static bool is_same_scene(const berm_vm *vm, const struct berm_fused *fused)
{
    if (fused->stale || fused->scene != vm->scene) return false;
    for (size_t i = 0; i < fused->roots.count; i++) {
        uint32_t slot = fused->paths.items[fused->roots.items[i]].parent;
        if (memcmp(&vm->slots[slot], &fused->seen[slot], sizeof(berm_cell)) != 0) return false;
    }
    return true;
}

bool berm_fused_refresh(berm_vm *vm, struct berm_fused *fused)
{
    if (is_same_scene(vm, fused)) return true;
    if (fused->full) berm_fused_drop_tables(fused);
    for (size_t i = 0; i < fused->tables.count; i++) fused->tables.items[i].rows = 0;
    memcpy(fused->seen, vm->slots, sizeof fused->seen);
    fused->scene = vm->scene;
    fused->stale = !add_rows(fused, &fused->tables.items[0], 1);
    return !fused->stale;
}

/* --- what paths come to --- */

static berm_cell take_plain(berm_cell value)
{
    bool odd = value.tag == BERM_TAG_MISSING || value.tag >= BERM_TAG_UNKNOWN ||
               value.flags & BERM_CELL_SENSITIVE;
    if (odd) value.tag = BERM_FUSED_ODD;
    return value;
}

/* Members of maps that are alike mostly stand at the same place. */
static bool is_member(const berm_space *space, berm_cell map, uint32_t index, berm_cell key)
{
    if (index >= map.as.ref.len) return false;
    berm_cell member = berm_raw_children_of(space, map)[2 * (size_t)index];
    if (member.aux != key.aux || member.tag != BERM_TAG_STRING) return false;
    return berm_str_equal(berm_text_of(space, berm_cell_in(map, member)), berm_text_of(space, key));
}

static berm_cell find_value(berm_vm *vm, berm_fused_path *path, berm_cell map)
{
    const berm_space *space = &vm->space;
    berm_cell value = {.tag = BERM_FUSED_ODD};
    if (map.tag != BERM_TAG_MAP) return value;
    if (!is_member(space, map, path->hint, path->key)) {
        uint32_t index = berm_map_index(space, map, path->key, path->key.aux);
        if (index == UINT32_MAX) {
            if (!(map.flags & BERM_CELL_OPEN)) value.tag = BERM_FUSED_ABSENT;
            return value;
        }
        path->hint = index < UINT16_MAX ? (uint16_t)index : 0;
        value = berm_map_value_at(space, map, index);
    } else {
        value = berm_map_value_at(space, map, path->hint);
    }
    /* As the VM says it: constants mean what they say (ops_access.c). */
    if (value.tag == BERM_TAG_NULL && vm->nulls_missing)
        value.tag = map.store == BERM_STORE_IMAGE ? BERM_FUSED_ODD : BERM_FUSED_ABSENT;
    return value.tag == BERM_FUSED_ABSENT ? value : take_plain(value);
}

/* Goes up as far as nobody has looked: no further than BERM_FUSED_DEPTH. */
const berm_cell *berm_fused_fill(berm_vm *vm, struct berm_fused *fused, uint32_t number,
                                 uint32_t row)
{
    berm_fused_path *path = &fused->paths.items[number];
    berm_cell value = {.tag = BERM_FUSED_ODD};
    if (path->sort == BERM_FUSED_ROOT) value = take_plain(vm->slots[path->parent]);
    else if (path->sort == BERM_FUSED_FIELD)
        value = find_value(vm, path, *berm_fused_read(vm, fused, path->parent, row));
    const berm_fused_table *table = &fused->tables.items[path->table];
    berm_cell *cell = &table->cells[(size_t)row * table->columns + path->column];
    *cell = value;
    return cell;
}

static bool add_elements(berm_vm *vm, struct berm_fused *fused, uint32_t number, berm_cell over,
                         uint32_t *first)
{
    berm_fused_table *table = &fused->tables.items[number];
    uint32_t count = over.as.ref.len;
    *first = table->rows;
    const berm_cell *children = berm_children_of(&vm->space, over);
    if (vm->space.status != BERM_OK || !add_rows(fused, table, count)) return false;
    berm_cell *cell = table->cells + (size_t)*first * table->columns;
    for (uint32_t i = 0; i < count; i++, cell += table->columns)
        *cell = take_plain(over.tag == BERM_TAG_MAP ? berm_map_key_at(&vm->space, over, i)
                                                    : berm_cell_in(over, children[i]));
    return true;
}

bool berm_fused_enter(berm_vm *vm, struct berm_fused *fused, uint32_t number, uint32_t row,
                      uint32_t *first, uint32_t *end)
{
    const berm_fused_path *path = &fused->paths.items[number];
    berm_cell over = *berm_fused_read(vm, fused, number, row);
    if ((over.tag != BERM_TAG_LIST && over.tag != BERM_TAG_MAP) || over.flags & BERM_CELL_OPEN)
        return false;
    const berm_fused_table *table = &fused->tables.items[path->table];
    berm_cell *extent = &table->cells[(size_t)row * table->columns + path->extent];
    if (extent->tag == BERM_TAG_MISSING) {
        if (!add_elements(vm, fused, path->elements, over, first)) return false;
        extent->tag = BERM_TAG_INT;
        extent->as.ref.off = *first;
    }
    *first = extent->as.ref.off;
    *end = *first + over.as.ref.len;
    return true;
}
