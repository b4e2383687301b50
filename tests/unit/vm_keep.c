/* Copies that outlive what they were copied from. */
#include "vm_expect.h"

#include "vm/keep.h"

typedef struct keeping {
    berm_alloc alloc;
    berm_space space; /* the source */
    berm_keep keep;
} keeping;

static void begin_keeping(keeping *k, counted_heap *heap)
{
    k->alloc = counted_alloc(heap);
    berm_space_init(&k->space, &berm_alloc_libc, UINT64_MAX);
    berm_space_reset(&k->space, UINT64_MAX);
    berm_store nothing = {0};
    assert_int_equal(berm_space_add(&k->space, &nothing), BERM_STORE_IMAGE);
    k->keep = (berm_keep){.alloc = &k->alloc};
}

static void end_keeping(keeping *k, const counted_heap *heap)
{
    berm_keep_free(&k->keep);
    berm_space_free(&k->space);
    assert_int_equal(heap->in_use, 0);
    assert_false(heap->wrong_len);
}

static berm_doc *read_text(const char *text)
{
    berm_limits limits = berm_limits_resolve(NULL);
    berm_doc *doc = NULL;
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .text = berm_str_of(text),
                      .format = BERM_FORMAT_JSON};
    assert_int_equal(berm_doc_read(&read, &doc, NULL), BERM_OK);
    return doc;
}

static berm_cell keep_one(keeping *k, const berm_space *from, berm_cell value)
{
    berm_keep_size size = {0, 0};
    assert_true(berm_keep_measure(from, value, 100, &size));
    assert_int_equal(berm_keep_reserve(&k->keep, size), BERM_OK);
    uint32_t cells = k->keep.cells.count, text = k->keep.text.count;
    berm_cell kept = berm_keep_copy(&k->keep, from, value);
    /* What was measured is what it takes. */
    assert_int_equal(k->keep.cells.count - cells, size.cells);
    assert_int_equal(k->keep.text.count - text, size.text);
    assert_int_equal(kept.store, BERM_STORE_SELF);
    return kept;
}

/* The keep alone, as a space. */
static void expect_kept(const keeping *k, berm_cell kept, const char *text)
{
    berm_text out;
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, UINT64_MAX);
    kept.store = berm_space_add(&space, &k->keep.store);
    berm_text_init(&out, &berm_alloc_libc);
    assert_true(berm_value_print(&out, &space, kept, false));
    berm_text_putc(&out, 0);
    assert_string_equal(out.ptr, text);
    berm_text_free(&out);
    berm_space_free(&space);
}

static berm_cell keep_text(keeping *k, const char *text)
{
    berm_doc *doc = read_text(text);
    berm_store store = doc->store;
    berm_space view = {.stores = &store, .store_count = 1};
    berm_cell kept = keep_one(k, &view, doc->roots[0]);
    berm_doc_drop(doc);
    return kept;
}

/* Texts both as they stood and decoded; several values in one keep, each as it was. */
static void documents_are_kept(void **state)
{
    static const char *const texts[] = {"null",
                                        "true",
                                        "-5",
                                        "1.5",
                                        "\"\"",
                                        "\"a\\u00e9\\n\"",
                                        "[]",
                                        "{}",
                                        "{\"a\": [1, {\"b\\t\": \"c\"}, null], \"d\": \"e\"}",
                                        "[[[[[[\"deep\"]]]]]]"};
    static const char *const wanted[] = {"null",
                                         "true",
                                         "-5",
                                         "1.5",
                                         "\"\"",
                                         "\"a\xC3\xA9\\n\"",
                                         "[]",
                                         "{}",
                                         "{\"a\": [1, {\"b\\t\": \"c\"}, null], \"d\": \"e\"}",
                                         "[[[[[[\"deep\"]]]]]]"};
    enum { COUNT = sizeof texts / sizeof *texts };
    berm_cell kept[COUNT];
    counted_heap heap = {0};
    keeping k;
    (void)state;
    begin_keeping(&k, &heap);
    for (size_t i = 0; i < COUNT; i++) kept[i] = keep_text(&k, texts[i]);
    for (size_t i = 0; i < COUNT; i++) {
        expect_kept(&k, kept[i], wanted[i]);
        if (kept[i].tag != BERM_TAG_TIMESTAMP) assert_int_equal(kept[i].aux, BERM_NO_SPAN);
    }
    berm_keep_clear(&k.keep);
    assert_int_equal(k.keep.store.cell_count, 0);
    expect_kept(&k, keep_text(&k, "[7]"), "[7]");
    end_keeping(&k, &heap);
}

/* Hashes and the order behind the members come along: what is kept is found. */
static void large_maps_are_found_in(void **state)
{
    berm_text text;
    counted_heap heap = {0};
    keeping k;
    (void)state;
    begin_keeping(&k, &heap);
    berm_text_init(&text, &berm_alloc_libc);
    for (uint32_t i = 0; i < 100; i++)
        berm_text_format(&text, "%c\"key%u\": {\"n\": %u}", i ? ',' : '{', i, i);
    berm_text_put(&text, BERM_STR("}"));
    berm_text_putc(&text, 0);
    keep_text(&k, "[1, 2, 3]");
    berm_cell map = keep_text(&k, text.ptr);
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, UINT64_MAX);
    map.store = berm_space_add(&space, &k.keep.store);
    for (uint32_t i = 0; i < 100; i++) {
        char name[16];
        berm_format_into(name, sizeof name, "key%u", i);
        berm_cell inner = berm_map_find_text(&space, map, berm_str_of(name));
        assert_int_equal(inner.tag, BERM_TAG_MAP);
        assert_int_equal(berm_map_find_text(&space, inner, BERM_STR("n")).as.i, i);
    }
    assert_int_equal(berm_map_find_text(&space, map, BERM_STR("key100")).tag, BERM_TAG_MISSING);
    berm_space_free(&space);
    berm_text_free(&text);
    end_keeping(&k, &heap);
}

/* Values of an arena: other stores, flags, what no document holds. */
static void values_are_kept(void **state)
{
    counted_heap heap = {0};
    keeping k;
    (void)state;
    begin_keeping(&k, &heap);
    berm_cell time = berm_cell_of(BERM_TAG_TIMESTAMP), inner[3];
    time.aux = 5;
    inner[0] = vm_hide(berm_space_string(&k.space, BERM_STR("s")));
    inner[1] = time;
    inner[2] = vm_unknown();
    inner[2].as.u = BERM_UNKNOWN_LINK;
    berm_cell set = vm_sequence(&k.space, BERM_TAG_SET, inner, 3);
    set.flags |= BERM_CELL_OPEN;
    berm_cell optional = vm_sequence(&k.space, BERM_TAG_OPTIONAL, &set, 1);
    berm_cell kept = keep_one(&k, &k.space, optional);
    assert_int_equal(kept.tag, BERM_TAG_OPTIONAL);
    const berm_cell *copy = &k.keep.cells.items[kept.as.ref.off];
    assert_int_equal(copy->flags, BERM_CELL_OPEN);
    copy = &k.keep.cells.items[copy->as.ref.off];
    assert_int_equal(copy[0].flags, BERM_CELL_SENSITIVE);
    assert_int_equal(copy[1].aux, 5);
    assert_int_equal(copy[2].as.u, BERM_UNKNOWN_LINK);
    berm_cell pair[2] = {berm_cell_int(1), optional};
    berm_keep_size size = {3, 0};
    assert_true(berm_keep_measure(&k.space, optional, 2, &size));
    assert_int_equal(berm_keep_reserve(&k.keep, size), BERM_OK);
    berm_cell list = berm_keep_list(&k.keep, &k.space, pair, 2);
    uint32_t place = berm_keep_place(&k.keep, list);
    assert_int_equal(k.keep.store.cells[place].tag, BERM_TAG_LIST);
    assert_int_equal(k.keep.store.cells[list.as.ref.off].as.i, 1);
    assert_int_equal(k.keep.store.cells[list.as.ref.off + 1].tag, BERM_TAG_OPTIONAL);
    end_keeping(&k, &heap);
}

static void depth_and_memory_end(void **state)
{
    counted_heap heap = {0};
    keeping k;
    (void)state;
    begin_keeping(&k, &heap);
    berm_doc *doc = read_text("[[[1]]]");
    berm_store store = doc->store;
    berm_space view = {.stores = &store, .store_count = 1};
    berm_keep_size size = {0, 0};
    assert_false(berm_keep_measure(&view, doc->roots[0], 2, &size));
    assert_true(berm_keep_measure(&view, doc->roots[0], 3, &size));
    heap.fail_at = 1;
    assert_int_equal(berm_keep_reserve(&k.keep, size), BERM_E_NOMEM);
    assert_int_equal(k.keep.store.cell_count, 0);
    assert_int_equal(berm_keep_reserve(&k.keep, (berm_keep_size){UINT64_MAX, 0}), BERM_E_NOMEM);
    berm_doc_drop(doc);
    end_keeping(&k, &heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_kept),
        cmocka_unit_test(large_maps_are_found_in),
        cmocka_unit_test(values_are_kept),
        cmocka_unit_test(depth_and_memory_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
