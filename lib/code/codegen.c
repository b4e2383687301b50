/* What lowering collects: texts and constants, each stored once.

   A constant container's children lie in one run below its own cell, and no run belongs to two
   cells, so whoever walks the constants of an image meets every cell at most once. What is shared
   is whole constants, by their root cell. */
#include "code/codegen.h"

#include "base/hash.h"
#include "code/intern.h"
#include "data/tree.h"

struct berm_intern {
    berm_intern_table texts, bytes, constants;
    BERM_ARRAY(berm_cell) stack; /* children of the containers that are being copied */
    uint64_t salt;               /* texts are strangers' */
};

void berm_codegen_init(berm_codegen *gen, const berm_alloc *alloc, berm_diags *diags)
{
    *gen = (berm_codegen){.alloc = alloc, .diags = diags};
}

void berm_codegen_free(berm_codegen *gen)
{
    const berm_alloc *alloc = gen->alloc;
    if (gen->interned) {
        berm_intern_free(alloc, &gen->interned->texts);
        berm_intern_free(alloc, &gen->interned->bytes);
        berm_intern_free(alloc, &gen->interned->constants);
        berm_array_free(alloc, &gen->interned->stack);
        berm_mem_free(alloc, gen->interned, sizeof *gen->interned);
    }
    berm_array_free(alloc, &gen->code);
    berm_array_free(alloc, &gen->cells);
    berm_array_free(alloc, &gen->text);
    berm_array_free(alloc, &gen->bytes);
#define FREE_TABLE(NAME, lower, FIELDS) berm_array_free(alloc, &gen->lower##s);
    BERM_IMAGE_TABLES(FREE_TABLE)
#undef FREE_TABLE
    *gen = (berm_codegen){.alloc = alloc};
}

static bool fail_codegen(berm_codegen *gen, berm_status status)
{
    if (!gen->failed) gen->status = status;
    gen->failed = true;
    return false;
}

static struct berm_intern *take_interned(berm_codegen *gen)
{
    if (gen->failed) return NULL;
    if (gen->interned) return gen->interned;
    gen->interned = berm_mem_new(gen->alloc, sizeof *gen->interned);
    if (gen->interned) gen->interned->salt = berm_hash_salt(gen->interned);
    else fail_codegen(gen, BERM_E_NOMEM);
    return gen->interned;
}

/* --- texts --- */

static berm_text_ref add_to_pool(berm_codegen *gen, berm_intern_table *table, berm_pool *pool,
                                 berm_str bytes, uint64_t hash)
{
    berm_text_ref none = {0, 0}, ref = {pool->count, (uint32_t)bytes.len};
    if (bytes.len > UINT32_MAX - pool->count) {
        fail_codegen(gen, BERM_E_LIMIT);
        return none;
    }
    if (!berm_array_reserve(gen->alloc, pool, bytes.len) ||
        !berm_intern_add(gen->alloc, table, hash, ref.off, ref.len)) {
        fail_codegen(gen, BERM_E_NOMEM);
        return none;
    }
    memcpy(pool->items + pool->count, bytes.ptr, bytes.len);
    pool->count += (uint32_t)bytes.len;
    return ref;
}

static berm_text_ref share_bytes(berm_codegen *gen, berm_intern_table *table, berm_pool *pool,
                                 berm_str bytes)
{
    if (bytes.len == 0) return (berm_text_ref){0, 0};
    uint64_t hash = berm_hash_salted(bytes.ptr, bytes.len, gen->interned->salt);
    uint32_t at = BERM_NO_ENTRY;
    const berm_intern_entry *entry;
    while ((entry = berm_intern_next(table, hash, &at)) != NULL) {
        berm_str stored = {pool->items + entry->off, entry->len};
        if (berm_str_equal(stored, bytes)) return (berm_text_ref){entry->off, entry->len};
    }
    return add_to_pool(gen, table, pool, bytes, hash);
}

berm_text_ref berm_codegen_text(berm_codegen *gen, berm_str text)
{
    struct berm_intern *interned = take_interned(gen);
    if (!interned) return (berm_text_ref){0, 0};
    return share_bytes(gen, &interned->texts, &gen->text, text);
}

static berm_text_ref share_codegen_bytes(berm_codegen *gen, berm_str bytes)
{
    struct berm_intern *interned = take_interned(gen);
    if (!interned) return (berm_text_ref){0, 0};
    return share_bytes(gen, &interned->bytes, &gen->bytes, bytes);
}

/* --- scalar constants --- */

static bool is_constant_container(berm_cell c)
{
    return c.tag == BERM_TAG_LIST || c.tag == BERM_TAG_MAP || c.tag == BERM_TAG_SET ||
           c.tag == BERM_TAG_OPTIONAL;
}

static berm_cell make_text_cell(berm_codegen *gen, berm_tag tag, berm_str text)
{
    berm_cell cell = berm_cell_of(tag);
    bool bytes = tag == BERM_TAG_BYTES;
    berm_text_ref ref = bytes ? share_codegen_bytes(gen, text) : berm_codegen_text(gen, text);
    if (bytes) cell.flags = BERM_CELL_DECODED;
    cell.as.ref.off = ref.off;
    cell.as.ref.len = ref.len;
    return cell;
}

/* A scalar as an image holds it. */
static berm_cell make_scalar(berm_codegen *gen, const berm_space *space, berm_cell value)
{
    berm_cell cell = berm_cell_of((berm_tag)value.tag);
    switch (value.tag) {
    case BERM_TAG_STRING:
    case BERM_TAG_BYTES:
        return make_text_cell(gen, (berm_tag)value.tag, berm_text_of(space, value));
    case BERM_TAG_TIMESTAMP: cell.aux = value.aux; break;
    case BERM_TAG_NULL: return cell;
    case BERM_TAG_BOOL:
    case BERM_TAG_INT:
    case BERM_TAG_UINT:
    case BERM_TAG_DOUBLE:
    case BERM_TAG_DURATION:
    case BERM_TAG_TYPE: break;
    default: fail_codegen(gen, BERM_E_ARGUMENT); return berm_cell_of(BERM_TAG_NULL);
    }
    cell.as.u = value.as.u;
    return cell;
}

static uint32_t add_root_cell(berm_codegen *gen, berm_cell cell, uint64_t hash)
{
    struct berm_intern *interned = take_interned(gen);
    if (!interned) return 0;
    uint32_t index = gen->cells.count;
    if (!berm_array_push(gen->alloc, &gen->cells, cell) ||
        !berm_intern_add(gen->alloc, &interned->constants, hash, index, 0)) {
        fail_codegen(gen, BERM_E_NOMEM);
        return 0;
    }
    return index;
}

static bool is_same_scalar(berm_cell a, berm_cell b)
{
    return a.tag == b.tag && a.flags == b.flags && a.store == b.store && a.aux == b.aux &&
           a.as.u == b.as.u;
}

static uint32_t share_scalar(berm_codegen *gen, berm_cell cell)
{
    struct berm_intern *interned = take_interned(gen);
    if (!interned) return 0;
    uint64_t hash = berm_hash_salted(&cell, sizeof cell, interned->salt);
    uint32_t at = BERM_NO_ENTRY;
    const berm_intern_entry *entry;
    while ((entry = berm_intern_next(&interned->constants, hash, &at)) != NULL) {
        if (is_same_scalar(gen->cells.items[entry->off], cell)) return entry->off;
    }
    return add_root_cell(gen, cell, hash);
}

uint32_t berm_codegen_string(berm_codegen *gen, berm_str text)
{
    return share_scalar(gen, make_text_cell(gen, BERM_TAG_STRING, text));
}

uint32_t berm_codegen_bytes(berm_codegen *gen, berm_str bytes)
{
    return share_scalar(gen, make_text_cell(gen, BERM_TAG_BYTES, bytes));
}

uint32_t berm_codegen_key(berm_codegen *gen, berm_str name)
{
    berm_cell cell = make_text_cell(gen, BERM_TAG_STRING, name);
    cell.aux = berm_text_hash(name.ptr, name.len);
    return share_scalar(gen, cell);
}

/* --- containers --- */

/* The cells of a container's children: keys and values of a map alike. */
static uint32_t count_children(berm_cell container)
{
    return container.tag == BERM_TAG_MAP ? 2 * container.as.ref.len : container.as.ref.len;
}

static uint64_t mix_constant(uint64_t hash, uint64_t word)
{
    return berm_hash_salted(&word, sizeof word, hash);
}

/* A hash of the whole value; false when it is nested too deep to be a constant. */
static bool hash_constant(const berm_space *space, berm_cell value, uint32_t depth, uint64_t *hash)
{
    if (depth > BERM_VALUE_DEPTH) return false;
    *hash = mix_constant(*hash, value.tag);
    if (value.tag == BERM_TAG_STRING || value.tag == BERM_TAG_BYTES) {
        berm_str text = berm_text_of(space, value);
        *hash = berm_hash_salted(text.ptr, text.len, *hash);
        return true;
    }
    if (!is_constant_container(value)) {
        *hash = mix_constant(*hash, value.tag == BERM_TAG_NULL ? 0 : value.as.u);
        return true;
    }
    uint32_t count = count_children(value);
    *hash = mix_constant(*hash, count);
    const berm_cell *children = berm_children_of(space, value);
    for (uint32_t i = 0; i < count; i++) {
        if (!hash_constant(space, berm_cell_in(value, children[i]), depth + 1, hash)) return false;
    }
    return true;
}

/* Equal in every bit that a program could tell apart: 1 is not 1.0, and members stand in the same
   order. */
static bool is_same_constant(const berm_space *space, berm_cell a, const berm_space *other,
                             berm_cell b)
{
    if (a.tag != b.tag) return false;
    if (a.tag == BERM_TAG_STRING || a.tag == BERM_TAG_BYTES) {
        return berm_str_equal(berm_text_of(space, a), berm_text_of(other, b));
    }
    if (a.tag == BERM_TAG_NULL) return true;
    if (a.tag == BERM_TAG_TIMESTAMP && a.aux != b.aux) return false;
    if (!is_constant_container(a)) return a.as.u == b.as.u;
    if (a.as.ref.len != b.as.ref.len) return false;
    const berm_cell *left = berm_children_of(space, a), *right = berm_children_of(other, b);
    for (uint32_t i = 0; i < count_children(a); i++) {
        if (!is_same_constant(space, berm_cell_in(a, left[i]), other, berm_cell_in(b, right[i]))) {
            return false;
        }
    }
    return true;
}

/* A space in which the constants collected so far are SELF. */
static berm_space view_constants(const berm_codegen *gen, berm_store *store)
{
    *store = (berm_store){.cells = gen->cells.items,
                          .text = {gen->text.items, gen->bytes.items},
                          .cell_count = gen->cells.count,
                          .text_len = {gen->text.count, gen->bytes.count}};
    return (berm_space){.alloc = gen->alloc, .stores = store, .store_count = 1};
}

static bool push_constant(berm_codegen *gen, const berm_space *space, berm_cell value);

/* Moves the children that wait on the stack above `base` below the cell to come: *cell gets their
   place. */
static bool place_children(berm_codegen *gen, berm_cell *cell, uint32_t base)
{
    struct berm_intern *interned = gen->interned;
    uint32_t count = interned->stack.count - base, off = gen->cells.count;
    uint32_t order = cell->tag == BERM_TAG_MAP ? berm_map_order_cells(cell->as.ref.len) : 0;
    if (!berm_array_reserve(gen->alloc, &gen->cells, (size_t)count + order)) {
        return fail_codegen(gen, BERM_E_NOMEM);
    }
    berm_cell *run = gen->cells.items ? gen->cells.items + off : NULL;
    if (count) memcpy(run, interned->stack.items + base, count * sizeof *run);
    if (order) memset(run + count, 0, order * sizeof *run);
    gen->cells.count += count + order;
    interned->stack.count = base;
    cell->as.ref.off = off;
    if (cell->tag != BERM_TAG_MAP) return true;
    berm_store store;
    berm_space view = view_constants(gen, &store);
    bool whole = berm_map_finish(&view, run, cell->as.ref.len, NULL) == cell->as.ref.len;
    return whole || fail_codegen(gen, BERM_E_ARGUMENT);
}

static bool push_children(berm_codegen *gen, const berm_space *space, berm_cell container,
                          berm_cell *cell)
{
    uint32_t base = gen->interned->stack.count;
    const berm_cell *children = berm_children_of(space, container);
    for (uint32_t i = 0; i < count_children(container); i++) {
        if (!push_constant(gen, space, berm_cell_in(container, children[i]))) return false;
    }
    *cell = berm_cell_of((berm_tag)container.tag);
    cell->as.ref.len = container.as.ref.len;
    return place_children(gen, cell, base);
}

static bool push_constant(berm_codegen *gen, const berm_space *space, berm_cell value)
{
    berm_cell cell;
    if (!is_constant_container(value)) cell = make_scalar(gen, space, value);
    else if (!push_children(gen, space, value, &cell)) return false;
    if (gen->failed) return false;
    return berm_array_push(gen->alloc, &gen->interned->stack, cell) ||
           fail_codegen(gen, BERM_E_NOMEM);
}

uint32_t berm_codegen_constant(berm_codegen *gen, const berm_space *space, berm_cell value)
{
    struct berm_intern *interned = take_interned(gen);
    if (!interned) return 0;
    if (!is_constant_container(value)) return share_scalar(gen, make_scalar(gen, space, value));
    uint64_t hash = interned->salt;
    if (!hash_constant(space, value, 1, &hash)) {
        fail_codegen(gen, BERM_E_LIMIT);
        return 0;
    }
    berm_store store;
    berm_space view = view_constants(gen, &store);
    uint32_t at = BERM_NO_ENTRY;
    const berm_intern_entry *entry;
    while ((entry = berm_intern_next(&interned->constants, hash, &at)) != NULL) {
        if (is_same_constant(space, value, &view, gen->cells.items[entry->off])) return entry->off;
    }
    berm_cell cell;
    interned->stack.count = 0;
    return push_children(gen, space, value, &cell) ? add_root_cell(gen, cell, hash) : 0;
}
