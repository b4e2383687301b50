/* Public values. A berm_value names a cell: an index into its store's cells, or with ROOT_BIT
   the number of a root of the document that the store belongs to (roots are kept apart from the
   cells). */
#include "api/values.h"

#include "api/objects.h"

#define ROOT_BIT (UINT64_C(1) << 63)

static const berm_doc *doc_of_store(const berm_store *store)
{
    return (const berm_doc *)(const void *)((const char *)store - offsetof(berm_doc, store));
}

static bool read_cell(berm_value v, berm_cell *cell)
{
    if (!v.store) return false;
    if (v.ref & ROOT_BIT) {
        const berm_doc *doc = doc_of_store(v.store);
        uint64_t root = v.ref & ~ROOT_BIT;
        if (root >= doc->root_count) return false;
        *cell = doc->roots[root];
        return true;
    }
    if (v.ref >= v.store->cell_count) return false;
    *cell = v.store->cells[v.ref];
    return true;
}

/* The store a cell's texts and children are in: its own where it names one, else the one it was
   found in. */
static const berm_store *store_of_cell(const berm_store *around, berm_cell cell)
{
    if (cell.store == BERM_STORE_SELF || !around->home) return around;
    return &around->home->stores[cell.store];
}

berm_value berm_doc_root(const berm_doc *doc, size_t index)
{
    if (!doc || index >= doc->root_count) return (berm_value){NULL, 0};
    return (berm_value){&doc->store, ROOT_BIT | index};
}

berm_value berm_value_in_space(berm_space *space, berm_cell cell)
{
    berm_cell place = berm_cell_of(BERM_TAG_LIST), *at = berm_space_cells(space, 1, &place);
    if (!at) return (berm_value){NULL, 0};
    *at = cell;
    return (berm_value){&space->stores[place.store], place.as.ref.off};
}

static void read_scalar(const berm_store *store, berm_cell c, berm_item *item)
{
    switch (c.tag) {
    case BERM_TAG_BOOL:
    case BERM_TAG_UINT: item->as.u = c.as.u; break;
    case BERM_TAG_INT:
    case BERM_TAG_DURATION: item->as.i = c.as.i; break;
    case BERM_TAG_DOUBLE: item->as.d = c.as.d; break;
    case BERM_TAG_TIMESTAMP: item->as.t = (berm_time){c.as.i, (int32_t)c.aux}; break;
    case BERM_TAG_STRING:
    case BERM_TAG_BYTES:
        item->as.s = (berm_str){store->text[(c.flags & BERM_CELL_DECODED) != 0] + c.as.ref.off,
                                c.as.ref.len};
        item->count = c.as.ref.len;
        break;
    case BERM_TAG_TYPE: item->as.s = berm_str_of(berm_type_name((berm_type_id)c.as.u)); break;
    case BERM_TAG_ERROR: item->as.u = berm_error_code_of(c); break;
    default: break;
    }
}

static bool is_container(berm_cell c)
{
    return c.tag == BERM_TAG_LIST || c.tag == BERM_TAG_MAP || c.tag == BERM_TAG_SET ||
           c.tag == BERM_TAG_OPTIONAL || c.tag == BERM_TAG_OBJECT;
}

berm_status berm_value_read(berm_value value, berm_item *item)
{
    berm_cell c;
    if (!item) return BERM_E_ARGUMENT;
    *item = (berm_item){.size = sizeof *item};
    if (!read_cell(value, &c)) return BERM_E_ARGUMENT;
    item->type = c.tag;
    item->flags = c.flags & BERM_CELL_SENSITIVE ? BERM_ITEM_SENSITIVE : 0;
    if (is_container(c)) item->count = c.as.ref.len;
    else read_scalar(store_of_cell(value.store, c), c, item);
    return BERM_OK;
}

berm_status berm_value_at(berm_value value, uint64_t index, berm_value *key, berm_value *element)
{
    berm_cell c;
    if (key) *key = (berm_value){NULL, 0};
    if (!element) return BERM_E_ARGUMENT;
    *element = (berm_value){NULL, 0};
    if (!read_cell(value, &c) || !is_container(c) || index >= c.as.ref.len) return BERM_E_ARGUMENT;
    const berm_store *store = store_of_cell(value.store, c);
    uint64_t first = c.as.ref.off;
    if (c.tag == BERM_TAG_MAP) {
        if (key) *key = (berm_value){store, first + 2 * index};
        *element = (berm_value){store, first + 2 * index + 1};
    } else {
        *element = (berm_value){store, first + index};
    }
    return BERM_OK;
}

static bool is_key(const berm_store *around, berm_cell key, berm_str name)
{
    if (key.tag != BERM_TAG_STRING || key.as.ref.len != name.len) return false;
    const berm_store *store = store_of_cell(around, key);
    const char *text = store->text[(key.flags & BERM_CELL_DECODED) != 0] + key.as.ref.off;
    return name.len == 0 || memcmp(text, name.ptr, name.len) == 0;
}

berm_status berm_value_find(berm_value value, berm_str key, berm_value *member)
{
    berm_cell c;
    if (!member || (!key.ptr && key.len)) return BERM_E_ARGUMENT;
    *member = (berm_value){NULL, 0};
    if (!read_cell(value, &c) || c.tag != BERM_TAG_MAP) return BERM_E_ARGUMENT;
    const berm_store *store = store_of_cell(value.store, c);
    uint32_t hash = berm_text_hash(key.ptr, key.len);
    for (uint32_t i = 0; i < c.as.ref.len; i++) {
        uint64_t at = c.as.ref.off + 2 * (uint64_t)i;
        if (store->cells[at].aux != hash || !is_key(store, store->cells[at], key)) continue;
        *member = (berm_value){store, at + 1};
        return BERM_OK;
    }
    return BERM_OK;
}

/* What printing takes is work of the evaluation that made the value. */
static berm_status fail_to_write(const berm_space *space, const berm_text *out, berm_error *err)
{
    berm_diag_id id = space->status == BERM_E_FUEL ? BERM_D_LIMIT_FUEL : space->limit;
    if (out->failed || id == BERM_D_NONE) return berm_api_nomem(err);
    return berm_error_set(err, space->status, id, "%s", berm_diag_summary(id));
}

/* A cell of a document is seen through a space of its own: what the printers work on. */
static berm_status write_value(berm_value value, berm_cell cell, berm_text *out, berm_error *err)
{
    berm_space own, *space = (berm_space *)(uintptr_t)value.store->home;
    berm_space_init(&own, &berm_alloc_libc, UINT64_MAX);
    if (!space) {
        space = &own;
        own.depth_limit = UINT32_MAX; /* that of its reader or builder holds */
        cell.store = berm_space_add(&own, value.store);
    } else if (cell.store == BERM_STORE_SELF) {
        cell.store = (uint16_t)(value.store - space->stores);
    }
    bool written =
        cell.store && berm_json_write(out, space, cell, BERM_JSON_COMPACT | BERM_JSON_REDACT);
    berm_status status = written ? BERM_OK : fail_to_write(space, out, err);
    berm_space_free(&own);
    return status;
}

berm_status berm_value_json(berm_value value, const berm_sink *sink, berm_error *err)
{
    berm_cell cell;
    if (!sink || !sink->write || !read_cell(value, &cell))
        return berm_api_refuse(err, "value or sink is empty");
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_status status = write_value(value, cell, &text, err);
    if (!status) status = berm_api_write(sink, berm_text_view(&text), err);
    berm_text_free(&text);
    return status;
}
