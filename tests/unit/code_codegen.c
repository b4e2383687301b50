/* Texts and constants: stored once, copied deep. */
#include "code_help.h"

#include "base_alloc.h"
#include "data/doc.h"
#include "data/limits.h"
#include "data/tree.h"

static berm_doc *read_json(const char *text)
{
    berm_limits limits = berm_limits_resolve(NULL);
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .text = berm_str_of(text),
                      .format = BERM_FORMAT_JSON};
    berm_doc *doc = NULL;
    assert_int_equal(berm_doc_read(&read, &doc, NULL), BERM_OK);
    return doc;
}

/* A document's root and a space that sees it. */
static berm_cell open_space(berm_space *space, const berm_doc *doc)
{
    berm_space_init(space, &berm_alloc_libc, UINT64_MAX);
    uint16_t id = berm_space_add(space, &doc->store);
    assert_int_not_equal(id, 0);
    berm_cell root = doc->roots[0];
    root.store = id;
    return root;
}

static uint32_t add_json(berm_codegen *gen, const char *text)
{
    berm_doc *doc = read_json(text);
    berm_space space;
    berm_cell root = open_space(&space, doc);
    uint32_t cell = berm_codegen_constant(gen, &space, root);
    berm_space_free(&space);
    berm_doc_drop(doc);
    return cell;
}

static void texts_are_stored_once(void **state)
{
    (void)state;
    berm_codegen gen;
    berm_codegen_init(&gen, &berm_alloc_libc, NULL);
    berm_text_ref a = berm_codegen_text(&gen, BERM_STR("name"));
    berm_text_ref b = berm_codegen_text(&gen, BERM_STR("names"));
    berm_text_ref c = berm_codegen_text(&gen, BERM_STR("name"));
    berm_text_ref none = berm_codegen_text(&gen, BERM_STR(""));
    assert_int_equal(a.off, c.off);
    assert_int_equal(a.len, c.len);
    assert_int_not_equal(a.off, b.off);
    assert_int_equal(none.len, 0);
    assert_int_equal(gen.text.count, 9);
    berm_codegen_free(&gen);
}

static void scalars_are_stored_once(void **state)
{
    (void)state;
    berm_codegen gen;
    berm_space none = {0};
    berm_codegen_init(&gen, &berm_alloc_libc, NULL);
    berm_cell one = berm_cell_int(1), spanned = one;
    spanned.aux = 17;
    uint32_t a = berm_codegen_constant(&gen, &none, one);
    assert_int_equal(berm_codegen_constant(&gen, &none, spanned), a);
    assert_int_not_equal(berm_codegen_constant(&gen, &none, berm_cell_uint(1)), a);
    assert_int_not_equal(berm_codegen_constant(&gen, &none, berm_cell_double(1)), a);
    assert_int_not_equal(berm_codegen_constant(&gen, &none, berm_cell_double(-0.0)),
                         berm_codegen_constant(&gen, &none, berm_cell_double(0.0)));
    uint32_t text = berm_codegen_string(&gen, BERM_STR("k"));
    uint32_t key = berm_codegen_key(&gen, BERM_STR("k"));
    uint32_t bytes = berm_codegen_bytes(&gen, BERM_STR("k"));
    assert_int_not_equal(text, key);
    assert_int_not_equal(text, bytes);
    assert_int_equal(gen.cells.items[text].aux, BERM_NO_SPAN);
    assert_int_equal(gen.cells.items[key].aux, berm_text_hash("k", 1));
    assert_int_equal(gen.cells.items[bytes].flags, BERM_CELL_DECODED);
    assert_int_equal(gen.text.count, 1);
    assert_int_equal(gen.bytes.count, 1);
    berm_codegen_free(&gen);
}

static void containers_are_copied_deep_and_shared_whole(void **state)
{
    (void)state;
    berm_codegen gen;
    berm_codegen_init(&gen, &berm_alloc_libc, NULL);
    uint32_t list = add_json(&gen, "[1, [2, \"x\"], {\"k\": null}]");
    assert_int_equal(add_json(&gen, "[1, [2, \"x\"], {\"k\": null}]"), list);
    assert_int_not_equal(add_json(&gen, "[1, [2, \"x\"], {\"k\": false}]"), list);
    assert_int_not_equal(add_json(&gen, "[1, [2, \"x\"]]"), list);
    assert_false(gen.failed);
    berm_cell cell = gen.cells.items[list];
    assert_int_equal(cell.tag, BERM_TAG_LIST);
    assert_int_equal(cell.as.ref.len, 3);
    /* Children lie below their container. */
    assert_true(cell.as.ref.off + 3 <= list);
    berm_cell inner = gen.cells.items[cell.as.ref.off + 1];
    assert_int_equal(inner.tag, BERM_TAG_LIST);
    assert_true(inner.as.ref.off + 2 <= cell.as.ref.off);
    berm_codegen_free(&gen);
}

static void large_maps_keep_their_order(void **state)
{
    (void)state;
    berm_text json;
    berm_text_init(&json, &berm_alloc_libc);
    for (uint32_t i = 0; i < 100; i++) {
        berm_text_format(&json, "%s\"key%u\": %u", i ? ", " : "{", i, i);
    }
    berm_text_put(&json, BERM_STR("}"));
    berm_text_putc(&json, '\0');
    berm_codegen gen;
    berm_codegen_init(&gen, &berm_alloc_libc, NULL);
    uint32_t map = add_json(&gen, json.ptr);
    berm_cell cell = gen.cells.items[map];
    assert_int_equal(cell.as.ref.len, 100);
    assert_int_equal(cell.as.ref.off + 200 + berm_map_order_cells(100), map);
    berm_store store = {.cells = gen.cells.items, .text = {gen.text.items, gen.bytes.items}};
    berm_space space = {.stores = &store, .store_count = 1};
    berm_cell found = berm_map_find_text(&space, cell, BERM_STR("key73"));
    assert_int_equal(found.tag, BERM_TAG_INT);
    assert_int_equal(found.as.i, 73);
    berm_codegen_free(&gen);
    berm_text_free(&json);
}

static void what_cannot_be_a_constant_fails(void **state)
{
    (void)state;
    berm_codegen gen;
    berm_space none = {0};
    berm_codegen_init(&gen, &berm_alloc_libc, NULL);
    berm_codegen_constant(&gen, &none, berm_cell_of(BERM_TAG_UNKNOWN));
    assert_true(gen.failed);
    assert_int_equal(gen.status, BERM_E_ARGUMENT);
    unsigned char *bytes;
    size_t len;
    assert_int_equal(berm_codegen_link(&gen, &bytes, &len), BERM_E_ARGUMENT);
    assert_null(bytes);
    berm_codegen_free(&gen);
}

/* Nested as deep as a constant may be, and once more. */
static void depth_is_bounded(void **state)
{
    (void)state;
    for (uint32_t extra = 0; extra < 2; extra++) {
        uint32_t depth = BERM_VALUE_DEPTH + extra;
        berm_cell *cells = calloc(depth, sizeof *cells);
        cells[0] = berm_cell_int(1);
        for (uint32_t i = 1; i < depth; i++) {
            cells[i] = berm_cell_of(BERM_TAG_LIST);
            cells[i].as.ref.off = i - 1;
            cells[i].as.ref.len = 1;
        }
        berm_store store = {.cells = cells, .cell_count = depth};
        berm_space space = {.stores = &store, .store_count = 1};
        code_program p;
        program_begin(&p, &berm_alloc_libc);
        berm_codegen_constant(&p.gen, &space, cells[depth - 1]);
        berm_error err = {0};
        assert_int_equal(program_link(&p, &err), extra ? BERM_E_LIMIT : BERM_OK);
        program_end(&p);
        free(cells);
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    berm_doc *doc = read_json("{\"a\": [1, \"x\", {\"b\": true}], \"c\": \"long enough to grow\"}");
    for (size_t n = 1;; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        berm_codegen gen;
        berm_space space;
        berm_cell root = open_space(&space, doc);
        berm_codegen_init(&gen, &alloc, NULL);
        berm_codegen_constant(&gen, &space, root);
        berm_codegen_key(&gen, BERM_STR("key"));
        bool done = !gen.failed;
        if (!done) assert_int_equal(gen.status, BERM_E_NOMEM);
        berm_codegen_free(&gen);
        berm_space_free(&space);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
        if (done) break;
    }
    berm_doc_drop(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_stored_once),
        cmocka_unit_test(scalars_are_stored_once),
        cmocka_unit_test(containers_are_copied_deep_and_shared_whole),
        cmocka_unit_test(large_maps_keep_their_order),
        cmocka_unit_test(what_cannot_be_a_constant_fails),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
