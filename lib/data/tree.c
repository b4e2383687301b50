#include "data/tree.h"

/* On the stack alone: a key that came with a merged map, and an open map that has such keys. */
#define TREE_MERGED 0x80u

void berm_tree_begin(berm_tree *tree, const berm_read *read, const berm_doc *doc, berm_error *err)
{
    *tree = (berm_tree){.alloc = read->alloc,
                        .limits = read->limits,
                        .diags = read->diags,
                        .err = err,
                        .source = BERM_NO_SOURCE,
                        .duplicates = read->refuse_duplicates ? BERM_DUPLICATES_REFUSE
                                                              : BERM_DUPLICATES_LAST_WINS,
                        .text = doc->text,
                        .open = BERM_TREE_CLOSED};
    if (!tree->diags) return;
    tree->source = berm_diags_source(tree->diags, read->name, doc->text);
    if (tree->source == BERM_NO_SOURCE) berm_tree_fail_memory(tree);
}

void berm_tree_free(berm_tree *tree)
{
    berm_array_free(tree->alloc, &tree->stack);
    berm_array_free(tree->alloc, &tree->stack_ends);
    berm_array_free(tree->alloc, &tree->cells);
    berm_array_free(tree->alloc, &tree->ends);
    berm_array_free(tree->alloc, &tree->decoded);
}

/* --- failures --- */

BERM_RARE bool berm_tree_fail(berm_tree *tree, berm_status status, berm_diag_id id, size_t off,
                              size_t len, const char *format, ...)
{
    if (tree->status != BERM_OK) return false;
    tree->status = status;
    char message[sizeof tree->err->message];
    va_list args;
    va_start(args, format);
    berm_vformat_into(message, sizeof message, format, args);
    va_end(args);
    berm_place place = {tree->source, (uint32_t)off, (uint32_t)len};
    if (tree->text.ptr) {
        berm_error_at(tree->err, status, id, tree->text, off, "%s", message);
    } else {
        berm_error_set(tree->err, status, id, "%s", message);
        place = BERM_NOWHERE;
    }
    berm_diags_add(tree->diags, id, place, "%s", message);
    return false;
}

BERM_RARE bool berm_tree_fail_memory(berm_tree *tree)
{
    if (tree->status != BERM_OK) return false;
    tree->status = berm_error_set(tree->err, BERM_E_NOMEM, BERM_D_NOMEM,
                                  "out of memory while reading a document");
    return false;
}

BERM_RARE bool berm_tree_fail_nodes(berm_tree *tree, uint32_t off)
{
    return berm_tree_fail(tree, BERM_E_LIMIT, BERM_D_DOC_NODES, off, 0,
                          "more than %L values in the document", tree->limits->node_count);
}

/* --- the stack --- */

/* The ends go first: they have the stack's capacity or more, also after a failure. */
bool berm_tree_grow(berm_tree *tree)
{
    if (tree->status != BERM_OK) return false;
    if (tree->keep_ends) {
        tree->stack_ends.count = tree->stack.count;
        if (!berm_array_reserve(tree->alloc, &tree->stack_ends, 1))
            return berm_tree_fail_memory(tree);
    }
    if (!berm_array_reserve(tree->alloc, &tree->stack, 1)) return berm_tree_fail_memory(tree);
    return true;
}

bool berm_tree_open(berm_tree *tree, berm_tag tag, uint32_t off)
{
    if (tree->depth >= tree->limits->depth) {
        return berm_tree_fail(tree, BERM_E_LIMIT, BERM_D_DOC_DEPTH, off, 1,
                              "nested deeper than %L levels", tree->limits->depth);
    }
    berm_cell place = {.tag = (uint8_t)tag, .aux = off, .as.u = tree->open};
    if (!berm_tree_value(tree, place, off)) return false;
    tree->open = tree->stack.count - 1;
    tree->depth++;
    return true;
}

BERM_RARE bool berm_tree_merge(berm_tree *tree, berm_cell map)
{
    if (map.as.ref.len > 0) tree->stack.items[tree->open].flags |= TREE_MERGED;
    for (uint32_t i = 0; i < map.as.ref.len; i++) {
        uint32_t at = map.as.ref.off + 2 * i;
        berm_cell key = tree->cells.items[at];
        key.flags |= TREE_MERGED;
        if (!berm_tree_key(tree, key, tree->keep_ends ? tree->ends.items[at] : 0)) return false;
        if (!berm_tree_value(tree, tree->cells.items[at + 1],
                             tree->keep_ends ? tree->ends.items[at + 1] : 0))
            return false;
    }
    return true;
}

/* Stable: the merged members of stack[base..] to the front, where all others win over them. */
static BERM_RARE bool put_merged_first(berm_tree *tree, uint32_t base)
{
    uint32_t count = tree->stack.count - base, at = 0;
    berm_cell *from = tree->stack.items + base;
    uint32_t *from_ends = tree->keep_ends ? tree->stack_ends.items + base : NULL;
    size_t len = count * (sizeof *from + sizeof *from_ends);
    berm_cell *to = berm_mem_resize(tree->alloc, NULL, 0, len);
    if (!to) return berm_tree_fail_memory(tree);
    uint32_t *to_ends = (uint32_t *)(void *)(to + count);
    for (int merged = 1; merged >= 0; merged--) {
        for (uint32_t i = 0; i < count; i += 2) {
            if (((from[i].flags & TREE_MERGED) != 0) != merged) continue;
            memcpy(to + at, from + i, 2 * sizeof *to);
            if (from_ends) memcpy(to_ends + at, from_ends + i, 2 * sizeof *to_ends);
            at += 2;
        }
    }
    memcpy(from, to, count * sizeof *to);
    if (from_ends) memcpy(from_ends, to_ends, count * sizeof *to_ends);
    berm_mem_free(tree->alloc, to, len);
    return true;
}

/* --- closing --- */

const berm_space *berm_tree_space(berm_tree *tree)
{
    tree->view_store = (berm_store){.cells = tree->cells.items,
                                    .text = {tree->text.ptr, tree->decoded.items},
                                    .cell_count = tree->cells.count,
                                    .text_len = {(uint32_t)tree->text.len, tree->decoded.count}};
    tree->view.stores = &tree->view_store;
    tree->view.store_count = 1;
    return &tree->view;
}

/* Two places, of one key. For the warning's text the first is located, the second is the
   diagnostic's own place. */
static BERM_RARE bool tell_repeat(berm_tree *tree, berm_cell key, uint32_t first_off, uint32_t off,
                                  uint32_t end)
{
    berm_str name =
        key.tag == BERM_TAG_STRING ? berm_text_of(berm_tree_space(tree), key) : BERM_STR("");
    if (name.len > 80)
        for (name.len = 80; ((unsigned char)name.ptr[name.len] & 0xC0) == 0x80;) name.len--;
    uint32_t line = 0, column = 0, len = end > off ? end - off : 1;
    tree->repeats++;
    if (tree->duplicates == BERM_DUPLICATES_REFUSE) {
        berm_locate(tree->text, first_off, &line, &column);
        return berm_tree_fail(tree, BERM_E_SYNTAX, BERM_D_DUPLICATE_KEY_REFUSED, off, len,
                              "the key %s%S%s is already at line %u, column %u",
                              name.len ? "\"" : "", name, name.len ? "\"" : "", line, column);
    }
    if (!tree->diags) return true;
    berm_diags_locate(tree->diags, (berm_place){tree->source, first_off, 0}, &line, &column);
    berm_diags_add(tree->diags, BERM_D_DUPLICATE_KEY, (berm_place){tree->source, off, len},
                   "the key \"%S\" is already at line %u, column %u; this one counts", name, line,
                   column);
    return true;
}

/* The map's keys repeat: its members as they were pushed are still at stack[base..]. Warns of each
   repeat (merged members give way silently) and puts the ends where the settled members are. */
static BERM_RARE bool settle_repeats(berm_tree *tree, uint32_t base, berm_cell map)
{
    size_t len = map.as.ref.len * sizeof(uint32_t);
    uint32_t *first =
        berm_mem_resize(tree->alloc, NULL, 0, len); /* of each member, its first key on the stack */
    if (!first) return berm_tree_fail_memory(tree);
    memset(first, 0xff, len);
    bool done = true;
    for (uint32_t i = base; done && i < tree->stack.count; i += 2) {
        berm_cell key = tree->stack.items[i];
        const berm_space *space = berm_tree_space(tree);
        uint32_t member = berm_map_index(space, map, key, berm_key_hash(space, key));
        uint32_t *ends =
            tree->keep_ends ? tree->ends.items + map.as.ref.off + 2 * (size_t)member : NULL;
        bool merged = key.flags & TREE_MERGED;
        if (first[member] == UINT32_MAX) {
            if (ends) ends[0] = tree->stack_ends.items[i];
            first[member] = i;
        } else if (tree->stack.items[first[member]].flags & TREE_MERGED) {
            first[member] = i;
        } else if (!merged) {
            uint32_t end = ends ? tree->stack_ends.items[i] : key.aux + key.as.ref.len + 2;
            done = tell_repeat(tree, key, tree->stack.items[first[member]].aux, key.aux, end);
        }
        if (ends) ends[1] = tree->stack_ends.items[i + 1];
    }
    berm_mem_free(tree->alloc, first, len);
    return done;
}

static bool finish_members(berm_tree *tree, uint32_t base, berm_cell *map)
{
    uint32_t repeat, count = (tree->stack.count - base) / 2;
    berm_cell *members = tree->cells.items + map->as.ref.off;
    if (map->flags & TREE_MERGED) {
        for (uint32_t i = 0; i < count; i++) members[2 * (size_t)i].flags &= (uint8_t)~TREE_MERGED;
        map->flags &= (uint8_t)~TREE_MERGED;
    }
    map->as.ref.len = berm_map_finish(berm_tree_space(tree), members, count, &repeat);
    uint32_t cells = 2 * map->as.ref.len;
    tree->cells.count = map->as.ref.off + cells + berm_map_order_cells(map->as.ref.len);
    if (tree->keep_ends) {
        for (uint32_t i = map->as.ref.off + cells; i < tree->cells.count; i++)
            tree->ends.items[i] = 0;
    }
    return repeat == UINT32_MAX || settle_repeats(tree, base, *map);
}

/* Children stack[base..] to the end of the cells, with room for a map's permutation. */
static bool move_children(berm_tree *tree, uint32_t base, bool is_map)
{
    uint32_t count = tree->stack.count - base;
    uint64_t room = (uint64_t)count + (is_map ? berm_map_order_cells(count / 2) : 0);
    if (room == 0) room = 1; /* children of an empty container: none, but at a real address */
    if (room > UINT32_MAX || !berm_array_reserve(tree->alloc, &tree->cells, (size_t)room))
        return berm_tree_fail_memory(tree);
    if (count > 0)
        memcpy(tree->cells.items + tree->cells.count, tree->stack.items + base,
               count * sizeof(berm_cell));
    if (tree->keep_ends) {
        tree->ends.count = tree->cells.count;
        if (!berm_array_reserve(tree->alloc, &tree->ends, (size_t)room))
            return berm_tree_fail_memory(tree);
        if (count > 0)
            memcpy(tree->ends.items + tree->ends.count, tree->stack_ends.items + base,
                   count * sizeof(uint32_t));
    }
    tree->cells.count += count;
    return true;
}

bool berm_tree_close(berm_tree *tree, uint32_t end)
{
    uint32_t place = tree->open, base = place + 1;
    berm_cell cell = tree->stack.items[place];
    uint32_t outer = (uint32_t)cell.as.u;
    bool is_map = cell.tag == BERM_TAG_MAP;
    cell.as.ref.off = tree->cells.count;
    cell.as.ref.len = tree->stack.count - base;
    if (cell.flags & TREE_MERGED && !put_merged_first(tree, base)) return false;
    if (!move_children(tree, base, is_map)) return false;
    if (is_map && !finish_members(tree, base, &cell)) return false;
    tree->stack.items[place] = cell;
    if (tree->keep_ends) tree->stack_ends.items[place] = end;
    tree->stack.count = base;
    tree->open = outer;
    tree->depth--;
    return true;
}

/* --- texts --- */

static bool check_tree_string(berm_tree *tree, uint64_t len, uint32_t span)
{
    if (len <= tree->limits->string_len) return true;
    return berm_tree_fail(tree, BERM_E_LIMIT, BERM_D_DOC_STRING, span, 1,
                          "a string of more than %L bytes", tree->limits->string_len);
}

bool berm_tree_slice(berm_tree *tree, berm_tag tag, uint32_t off, uint32_t len, uint32_t span,
                     berm_cell *out)
{
    *out = (berm_cell){.tag = (uint8_t)tag, .aux = span, .as.ref = {off, len}};
    return len <= tree->limits->string_len || check_tree_string(tree, len, span);
}

char *berm_tree_room(berm_tree *tree, size_t len)
{
    if (len < UINT32_MAX && berm_array_reserve(tree->alloc, &tree->decoded, len > 0 ? len : 1)) {
        return tree->decoded.items + tree->decoded.count;
    }
    berm_tree_fail_memory(tree);
    return NULL;
}

bool berm_tree_decoded(berm_tree *tree, berm_tag tag, uint32_t len, uint32_t span, berm_cell *out)
{
    if (!berm_tree_slice(tree, tag, tree->decoded.count, len, span, out)) return false;
    out->flags = BERM_CELL_DECODED;
    tree->decoded.count += len;
    return true;
}

bool berm_tree_copy(berm_tree *tree, berm_tag tag, berm_str text, uint32_t span, berm_cell *out)
{
    if (!check_tree_string(tree, text.len, span)) return false;
    char *to = berm_tree_room(tree, text.len);
    if (!to) return false;
    if (text.len > 0) memcpy(to, text.ptr, text.len);
    return berm_tree_decoded(tree, tag, (uint32_t)text.len, span, out);
}

/* --- the document --- */

bool berm_tree_root(berm_tree *tree, berm_doc *doc)
{
    if (tree->keep_ends) {
        if (doc->root_count >= doc->root_end_cap &&
            !berm_array_grow(tree->alloc, (void *)&doc->root_ends, &doc->root_end_cap,
                             doc->root_count, 1, sizeof *doc->root_ends)) {
            return berm_tree_fail_memory(tree);
        }
        doc->root_ends[doc->root_count] = tree->stack_ends.items[0];
    }
    if (doc->root_count >= doc->root_cap &&
        !berm_array_grow(tree->alloc, (void *)&doc->roots, &doc->root_cap, doc->root_count, 1,
                         sizeof *doc->roots)) {
        return berm_tree_fail_memory(tree);
    }
    doc->roots[doc->root_count++] = tree->stack.items[0];
    tree->stack.count = 0;
    return true;
}

/* Documents live long: give back what growing left over where it is worth a call. Failure to shrink
   is none. */
static BERM_RARE void shrink_array(const berm_alloc *alloc, void *items, uint32_t *cap,
                                   uint32_t count, size_t item_len)
{
    if ((size_t)(*cap - count) * item_len < 65536) return;
    void *old;
    memcpy(&old, items, sizeof old);
    void *less = berm_mem_resize(alloc, old, *cap * item_len, count * item_len);
    if (!less && count > 0) return;
    memcpy(items, &less, sizeof less);
    *cap = count;
}

berm_status berm_tree_end(berm_tree *tree, berm_doc *doc)
{
    if (tree->status == BERM_OK) {
        shrink_array(tree->alloc, (void *)&tree->cells.items, &tree->cells.cap, tree->cells.count,
                     sizeof(berm_cell));
        shrink_array(tree->alloc, (void *)&tree->decoded.items, &tree->decoded.cap,
                     tree->decoded.count, 1);
        doc->cells = tree->cells.items;
        doc->cell_cap = tree->cells.cap;
        doc->decoded = tree->decoded.items;
        doc->decoded_cap = tree->decoded.cap;
        doc->ends = tree->ends.items;
        doc->end_cap = tree->ends.cap;
        doc->store = (berm_store){.cells = doc->cells,
                                  .text = {tree->text.ptr, doc->decoded},
                                  .cell_count = tree->cells.count,
                                  .text_len = {(uint32_t)tree->text.len, tree->decoded.count}};
        tree->cells.items = NULL;
        tree->decoded.items = NULL;
        tree->ends.items = NULL;
        tree->cells.cap = tree->decoded.cap = tree->ends.cap = 0;
    }
    berm_tree_free(tree);
    return tree->status;
}
