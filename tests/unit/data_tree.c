/* The push vocabulary: what readers lean on that JSON alone does not show: ends, merged members,
   other texts. */
#include "data/tree.h"
#include "data_help.h"

typedef struct tree_case {
    berm_limits limits;
    berm_read read;
    berm_doc *doc;
    berm_tree tree;
    berm_error err;
} tree_case;

static void begin(tree_case *c, const berm_alloc *alloc, bool keep_ends)
{
    *c = (tree_case){.limits = berm_limits_resolve(NULL)};
    c->read.alloc = alloc;
    c->read.limits = &c->limits;
    c->doc = berm_doc_new(alloc, BERM_STR("t"));
    if (!c->doc) return;
    c->doc->text = BERM_STR("0123456789 0123456789 0123456789");
    berm_tree_begin(&c->tree, &c->read, c->doc, &c->err);
    c->tree.keep_ends = keep_ends;
}

static bool put_text(tree_case *c, bool key, const char *text, uint32_t off)
{
    berm_cell cell;
    if (!berm_tree_copy(&c->tree, BERM_TAG_STRING, berm_str_of(text), off, &cell)) return false;
    return key ? berm_tree_key(&c->tree, cell, off + 1) : berm_tree_value(&c->tree, cell, off + 1);
}

static bool put_int(tree_case *c, int64_t i, uint32_t off)
{
    berm_cell cell = berm_cell_int(i);
    cell.aux = off;
    return berm_tree_value(&c->tree, cell, off + 2);
}

static void check_root(tree_case *c, const char *wanted)
{
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 1 << 20);
    berm_cell root = c->doc->roots[0];
    root.store = berm_space_add(&space, &c->doc->store);
    check_printed(&space, root, wanted);
    berm_space_free(&space);
}

static void keeps_ends_beside_cells(void **state)
{
    (void)state;
    tree_case c;
    begin(&c, &berm_alloc_libc, true);
    assert_int_equal(berm_tree_inside(&c.tree), BERM_TAG_MISSING);
    assert_true(berm_tree_open(&c.tree, BERM_TAG_MAP, 0));
    assert_true(put_text(&c, true, "k", 1));
    assert_true(berm_tree_open(&c.tree, BERM_TAG_LIST, 3));
    assert_int_equal(berm_tree_inside(&c.tree), BERM_TAG_LIST);
    assert_true(put_int(&c, 7, 4));
    assert_true(berm_tree_close(&c.tree, 8));
    assert_int_equal(berm_tree_inside(&c.tree), BERM_TAG_MAP);
    assert_true(berm_tree_close(&c.tree, 9));
    assert_true(berm_tree_root(&c.tree, c.doc));
    assert_int_equal(berm_tree_end(&c.tree, c.doc), BERM_OK);
    check_root(&c, "{\"k\": [7]}");
    assert_int_equal(c.doc->root_ends[0], 9);
    const berm_cell *member = c.doc->cells + c.doc->roots[0].as.ref.off;
    assert_int_equal(c.doc->ends[member - c.doc->cells], 2);
    assert_int_equal(c.doc->ends[member + 1 - c.doc->cells], 8);
    assert_int_equal(c.doc->ends[member[1].as.ref.off], 6);
    berm_doc_drop(c.doc);
}

static void repeats_take_their_ends_along(void **state)
{
    (void)state;
    tree_case c;
    begin(&c, &berm_alloc_libc, true);
    assert_true(berm_tree_open(&c.tree, BERM_TAG_MAP, 0));
    assert_true(put_text(&c, true, "a", 1) && put_int(&c, 1, 3));
    assert_true(put_text(&c, true, "b", 5) && put_int(&c, 2, 7));
    assert_true(put_text(&c, true, "a", 9) && put_int(&c, 3, 11));
    assert_true(put_text(&c, true, "c", 13) && put_int(&c, 4, 15));
    assert_true(berm_tree_close(&c.tree, 20) && berm_tree_root(&c.tree, c.doc));
    assert_int_equal(berm_tree_end(&c.tree, c.doc), BERM_OK);
    check_root(&c, "{\"a\": 3, \"b\": 2, \"c\": 4}");
    static const uint32_t wanted[] = {2, 13, 6, 9, 14, 17};
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(c.doc->ends[c.doc->roots[0].as.ref.off + i], wanted[i]);
    berm_doc_drop(c.doc);
}

/* base: {a: 1, b: 2}   more: {b: 3, c: 4}   {b: 5, <<: [more, base], d: 6} */
static void merged_members_give_way(void **state)
{
    (void)state;
    for (int ends = 0; ends < 2; ends++) {
        tree_case c;
        begin(&c, &berm_alloc_libc, ends);
        berm_diags *diags = berm_diags_new(&berm_alloc_libc);
        c.tree.diags = diags;
        assert_true(berm_tree_open(&c.tree, BERM_TAG_LIST, 0));
        assert_true(berm_tree_open(&c.tree, BERM_TAG_MAP, 0));
        assert_true(put_text(&c, true, "a", 1) && put_int(&c, 1, 2));
        assert_true(put_text(&c, true, "b", 3) && put_int(&c, 2, 4));
        assert_true(berm_tree_close(&c.tree, 5));
        berm_cell base = c.tree.stack.items[c.tree.stack.count - 1];
        assert_true(berm_tree_open(&c.tree, BERM_TAG_MAP, 6));
        assert_true(put_text(&c, true, "b", 7) && put_int(&c, 3, 8));
        assert_true(put_text(&c, true, "c", 9) && put_int(&c, 4, 10));
        assert_true(berm_tree_close(&c.tree, 11));
        berm_cell more = c.tree.stack.items[c.tree.stack.count - 1];
        assert_true(berm_tree_open(&c.tree, BERM_TAG_MAP, 12));
        assert_true(put_text(&c, true, "e", 13) && put_int(&c, 5, 14));
        assert_true(berm_tree_merge(&c.tree, base) && berm_tree_merge(&c.tree, more));
        assert_true(put_text(&c, true, "c", 15) && put_int(&c, 6, 16));
        assert_true(berm_tree_close(&c.tree, 20) && berm_tree_close(&c.tree, 21));
        assert_true(berm_tree_root(&c.tree, c.doc));
        assert_int_equal(berm_tree_end(&c.tree, c.doc), BERM_OK);
        check_root(&c, "[{\"a\": 1, \"b\": 2}, {\"b\": 3, \"c\": 4}, {\"a\": 1, \"b\": 3, \"c\": "
                       "6, \"e\": 5}]");
        size_t count;
        berm_diags_list(diags, &count);
        assert_int_equal(count, 0); /* to be overridden is what merged members are for */
        if (ends) {
            uint32_t off = c.doc->cells[c.doc->roots[0].as.ref.off + 2].as.ref.off;
            static const uint32_t wanted[] = {4, 10, 18, 16}; /* of the values */
            for (uint32_t i = 0; i < 4; i++)
                assert_int_equal(c.doc->ends[off + 2 * i + 1], wanted[i]);
        }
        berm_doc_drop(c.doc);
        berm_diags_drop(diags);
    }
}

static void own_repeats_beside_merged_members_are_told(void **state)
{
    (void)state;
    tree_case c;
    begin(&c, &berm_alloc_libc, false);
    c.tree.duplicates = BERM_DUPLICATES_REFUSE;
    assert_true(berm_tree_open(&c.tree, BERM_TAG_LIST, 0));
    assert_true(berm_tree_open(&c.tree, BERM_TAG_MAP, 0));
    assert_true(put_text(&c, true, "a", 1) && put_int(&c, 1, 2) && berm_tree_close(&c.tree, 5));
    berm_cell base = c.tree.stack.items[1];
    assert_true(berm_tree_open(&c.tree, BERM_TAG_MAP, 6));
    assert_true(put_text(&c, true, "a", 7) && put_int(&c, 3, 8) && berm_tree_merge(&c.tree, base));
    assert_true(put_text(&c, true, "a", 15) && put_int(&c, 3, 16));
    assert_false(berm_tree_close(&c.tree, 20));
    assert_int_equal(c.err.code, 112);
    assert_int_equal(c.err.off, 15);
    assert_string_equal(c.err.message, "the key \"a\" is already at line 1, column 8");
    assert_int_equal(berm_tree_end(&c.tree, c.doc), BERM_E_SYNTAX);
    berm_doc_drop(c.doc);
}

static void the_tree_can_be_looked_at_while_it_grows(void **state)
{
    (void)state;
    tree_case c;
    begin(&c, &berm_alloc_libc, false);
    berm_cell slice;
    assert_true(berm_tree_slice(&c.tree, BERM_TAG_STRING, 3, 4, 2, &slice));
    assert_true(berm_str_is(berm_text_of(berm_tree_space(&c.tree), slice), "3456"));
    assert_int_equal(slice.aux, 2);
    assert_true(berm_tree_open(&c.tree, BERM_TAG_MAP, 0));
    assert_true(put_text(&c, true, "k", 1) && put_int(&c, 9, 2) && berm_tree_close(&c.tree, 3));
    assert_int_equal(
        berm_map_find_text(berm_tree_space(&c.tree), c.tree.stack.items[0], BERM_STR("k")).as.i, 9);
    berm_tree_free(&c.tree);
    berm_doc_drop(c.doc);
}

static void the_first_failure_stays(void **state)
{
    (void)state;
    tree_case c;
    begin(&c, &berm_alloc_libc, false);
    assert_false(berm_tree_fail(&c.tree, BERM_E_SYNTAX, BERM_D_YAML_SYNTAX, 5, 1, "first %d", 1));
    assert_false(berm_tree_fail(&c.tree, BERM_E_LIMIT, BERM_D_DOC_SIZE, 6, 1, "second"));
    assert_false(berm_tree_fail_memory(&c.tree));
    assert_string_equal(c.err.message, "first 1");
    assert_int_equal(c.err.off, 5);
    assert_int_equal(berm_tree_end(&c.tree, c.doc), BERM_E_SYNTAX);
    assert_int_equal(c.doc->store.cell_count, 0);
    berm_doc_drop(c.doc);
}

static bool build_with_merges(tree_case *c)
{
    if (!berm_tree_open(&c->tree, BERM_TAG_LIST, 0) || !berm_tree_open(&c->tree, BERM_TAG_MAP, 0))
        return false;
    for (uint32_t i = 0; i < 30; i++) {
        char name[8];
        berm_format_into(name, sizeof name, "k%u", i % 25);
        if (!put_text(c, true, name, i) || !put_int(c, i, i)) return false;
    }
    if (!berm_tree_close(&c->tree, 5)) return false;
    berm_cell base = c->tree.stack.items[1];
    if (!berm_tree_open(&c->tree, BERM_TAG_MAP, 0) || !put_text(c, true, "k3", 1) ||
        !put_int(c, 1, 2))
        return false;
    if (!berm_tree_merge(&c->tree, base) || !berm_tree_close(&c->tree, 9) ||
        !berm_tree_close(&c->tree, 9))
        return false;
    return berm_tree_root(&c->tree, c->doc);
}

static void survives_every_failed_allocation(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        tree_case c;
        begin(&c, &alloc, true);
        bool built = c.doc && build_with_merges(&c);
        if (c.doc) assert_int_equal(berm_tree_end(&c.tree, c.doc), built ? BERM_OK : BERM_E_NOMEM);
        berm_doc_drop(c.doc);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
        if (built) {
            assert_true(n > 10);
            break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_ends_beside_cells),
        cmocka_unit_test(repeats_take_their_ends_along),
        cmocka_unit_test(merged_members_give_way),
        cmocka_unit_test(own_repeats_beside_merged_members_are_told),
        cmocka_unit_test(the_tree_can_be_looked_at_while_it_grows),
        cmocka_unit_test(the_first_failure_stays),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
