/* Constants by hand, right and wrong. */
#include "code_image_help.h"

#include "data/tree.h"

static berm_cell ref_cell(berm_tag tag, uint32_t off, uint32_t len)
{
    berm_cell c = berm_cell_of(tag);
    c.as.ref.off = off;
    c.as.ref.len = len;
    return c;
}

/* A program whose constants are these cells, over the text "ké" and the bytes "\xff". */
static void make_cells(code_program *p, const berm_cell *cells, uint32_t count)
{
    program_begin(p, &berm_alloc_libc);
    p->gen.text.count = 0;
    p->gen.sources.count = 0;
    assert_int_equal(berm_codegen_text(&p->gen, BERM_STR("k\xc3\xa9")).len, 3);
    assert_int_equal(berm_codegen_bytes(&p->gen, BERM_STR("\xff")), 0);
    p->gen.cells.count = 0;
    for (uint32_t i = 0; i < count; i++) {
        assert_true(berm_array_push(&p->alloc, &p->gen.cells, cells[i]));
    }
}

static void accept(const berm_cell *cells, uint32_t count)
{
    code_program p;
    make_cells(&p, cells, count);
    expect_opened(&p);
}

static void refuse(const berm_cell *cells, uint32_t count, const char *why)
{
    code_program p;
    make_cells(&p, cells, count);
    expect_refused(&p, why);
}

static void accept_one(berm_cell c)
{
    accept(&c, 1);
}

static void refuse_one(berm_cell c)
{
    refuse(&c, 1, "constant 0");
}

static berm_cell with_payload(berm_tag tag, uint64_t payload)
{
    berm_cell c = berm_cell_of(tag);
    c.as.u = payload;
    return c;
}

static berm_cell with_flags(berm_cell c, uint8_t flags)
{
    c.flags = flags;
    return c;
}

static void scalars(void **state)
{
    (void)state;
    accept_one(berm_cell_of(BERM_TAG_NULL));
    refuse_one(with_payload(BERM_TAG_NULL, 1));
    accept_one(berm_cell_bool(true));
    refuse_one(with_payload(BERM_TAG_BOOL, 2));
    accept_one(with_payload(BERM_TAG_DOUBLE, 0x7FF8000000000001u));
    accept_one(with_payload(BERM_TAG_TYPE, BERM_TYPE_COUNT - 1));
    refuse_one(with_payload(BERM_TAG_TYPE, BERM_TYPE_COUNT));
    berm_cell time = with_payload(BERM_TAG_TIMESTAMP, 0);
    time.aux = 999999999;
    accept_one(time);
    time.aux = 1000000000;
    refuse_one(time);
    time.aux = 0;
    time.as.i = INT64_MAX;
    refuse_one(time);
}

static void tags_and_flags(void **state)
{
    (void)state;
    const berm_tag refused[] = {BERM_TAG_MISSING, BERM_TAG_UNKNOWN, BERM_TAG_ERROR, BERM_TAG_OBJECT,
                                BERM_TAG_COUNT};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        refuse_one(with_payload(refused[i], 0));
    refuse_one(with_flags(berm_cell_int(1), BERM_CELL_SENSITIVE));
    refuse_one(with_flags(ref_cell(BERM_TAG_LIST, 0, 0), BERM_CELL_OPEN));
    refuse_one(with_flags(ref_cell(BERM_TAG_STRING, 0, 1), BERM_CELL_DECODED));
    refuse_one(ref_cell(BERM_TAG_BYTES, 0, 1));
    accept_one(with_flags(ref_cell(BERM_TAG_BYTES, 0, 1), BERM_CELL_DECODED));
    berm_cell elsewhere = berm_cell_int(1);
    elsewhere.store = 1;
    refuse_one(elsewhere);
}

/* Texts start and end between code points, inside the text. */
static void texts(void **state)
{
    (void)state;
    accept_one(ref_cell(BERM_TAG_STRING, 0, 3));
    accept_one(ref_cell(BERM_TAG_STRING, 1, 2));
    accept_one(ref_cell(BERM_TAG_STRING, 3, 0));
    refuse_one(ref_cell(BERM_TAG_STRING, 2, 1));
    refuse_one(ref_cell(BERM_TAG_STRING, 0, 2));
    refuse_one(ref_cell(BERM_TAG_STRING, 0, 4));
    refuse_one(ref_cell(BERM_TAG_STRING, 4, 0));
    refuse_one(ref_cell(BERM_TAG_STRING, 1, UINT32_MAX));
    refuse_one(ref_cell(BERM_TAG_STRING, UINT32_MAX, 2));
    refuse_one(with_flags(ref_cell(BERM_TAG_BYTES, 1, 1), BERM_CELL_DECODED));
    refuse_one(with_flags(ref_cell(BERM_TAG_BYTES, 0, UINT32_MAX), BERM_CELL_DECODED));
    code_program p;
    make_cells(&p, NULL, 0);
    p.gen.text.items[0] = (char)0xFF;
    expect_refused(&p, "not UTF-8");
}

static void containers_lie_above_their_children(void **state)
{
    (void)state;
    berm_cell cells[4] = {berm_cell_int(1), berm_cell_int(2), ref_cell(BERM_TAG_LIST, 0, 2),
                          ref_cell(BERM_TAG_OPTIONAL, 2, 1)};
    accept(cells, 4);
    cells[2] = ref_cell(BERM_TAG_LIST, 0, 3); /* itself */
    refuse(cells, 4, "constant 2");
    cells[2] = ref_cell(BERM_TAG_LIST, 3, 1); /* its own container */
    refuse(cells, 4, "constant 2");
    cells[2] = ref_cell(BERM_TAG_LIST, 1, UINT32_MAX);
    refuse(cells, 4, "constant 2");
    cells[2] = ref_cell(BERM_TAG_MAP, 0, 0x80000001u);
    refuse(cells, 4, "constant 2");
    cells[2] = ref_cell(BERM_TAG_SET, 0, 2);
    cells[3] = ref_cell(BERM_TAG_OPTIONAL, 1, 2);
    refuse(cells, 4, "constant 3");
}

/* Shared children would let a few cells stand for a tree without end. */
static void no_cell_has_two_containers(void **state)
{
    (void)state;
    berm_cell cells[3] = {berm_cell_int(1), ref_cell(BERM_TAG_LIST, 0, 1),
                          ref_cell(BERM_TAG_LIST, 0, 1)};
    refuse(cells, 3, "constant 1");
    cells[2] = ref_cell(BERM_TAG_LIST, 0, 2);
    refuse(cells, 3, "constant 1");
    cells[2] = ref_cell(BERM_TAG_LIST, 1, 1);
    accept(cells, 3);
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    static berm_cell cells[BERM_VALUE_DEPTH + 1];
    cells[0] = berm_cell_int(1);
    for (uint32_t i = 1; i <= BERM_VALUE_DEPTH; i++) cells[i] = ref_cell(BERM_TAG_LIST, i - 1, 1);
    accept(cells, BERM_VALUE_DEPTH);
    refuse(cells, BERM_VALUE_DEPTH + 1, "constant 1");
}

static berm_cell key_cell(int64_t number)
{
    berm_space none = {0};
    berm_cell c = berm_cell_int(number);
    c.aux = berm_key_hash(&none, c);
    return c;
}

static void small_maps(void **state)
{
    (void)state;
    berm_cell cells[5] = {key_cell(1), berm_cell_int(10), key_cell(2), berm_cell_int(20),
                          ref_cell(BERM_TAG_MAP, 0, 2)};
    accept(cells, 5);
    cells[2] = key_cell(1);
    refuse(cells, 5, "constant 4 is not a well-formed map"); /* repeated */
    cells[2] = key_cell(2);
    cells[2].aux ^= 1;
    refuse(cells, 5, "constant 4 is not a well-formed map"); /* wrong hash */
    cells[2] = ref_cell(BERM_TAG_LIST, 0, 0);
    refuse(cells, 5, "constant 4 is not a well-formed map"); /* no key */
    berm_cell empty = ref_cell(BERM_TAG_MAP, 0, 0);
    accept(&empty, 1);
}

enum { LARGE = 20, LARGE_CELLS = 2 * LARGE + (LARGE + 3) / 4 };

static void make_large_map(berm_cell cells[LARGE_CELLS + 1])
{
    berm_space none = {0};
    memset(cells, 0, (LARGE_CELLS + 1) * sizeof *cells);
    for (uint32_t i = 0; i < LARGE; i++) {
        cells[2 * i] = berm_cell_int(i);
        cells[2 * i + 1] = berm_cell_bool(true);
    }
    assert_int_equal(berm_map_finish(&none, cells, LARGE, NULL), LARGE);
    cells[LARGE_CELLS] = ref_cell(BERM_TAG_MAP, 0, LARGE);
}

static void large_maps_have_a_permutation(void **state)
{
    (void)state;
    static berm_cell cells[LARGE_CELLS + 2];
    make_large_map(cells);
    accept(cells, LARGE_CELLS + 1);
    uint32_t *order = (uint32_t *)(void *)(cells + 2 * LARGE);
    order[3] = order[4]; /* one twice, one never */
    refuse(cells, LARGE_CELLS + 1, "not a well-formed map");
    make_large_map(cells);
    uint32_t swapped = order[3];
    order[3] = order[4];
    order[4] = swapped;
    refuse(cells, LARGE_CELLS + 1, "not a well-formed map");
    make_large_map(cells);
    order[0] = LARGE;
    refuse(cells, LARGE_CELLS + 1, "not a well-formed map");
    /* Its cells are nobody's values. */
    make_large_map(cells);
    cells[LARGE_CELLS + 1] = ref_cell(BERM_TAG_LIST, 2 * LARGE, 1);
    refuse(cells, LARGE_CELLS + 2, "constant");
    code_program p;
    make_cells(&p, cells, LARGE_CELLS + 1);
    berm_img_block block = {0, 2, 1, 1, 1, BERM_NO_ROW};
    berm_ins load = {.op = BERM_OP_CONST, .w = 2 * LARGE}, ret = {.op = BERM_OP_RET};
    assert_true(berm_array_push(&p.alloc, &p.gen.code, load));
    assert_true(berm_array_push(&p.alloc, &p.gen.code, ret));
    assert_true(berm_array_push(&p.alloc, &p.gen.blocks, block));
    expect_refused(&p, "a constant there is not");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars),
        cmocka_unit_test(tags_and_flags),
        cmocka_unit_test(texts),
        cmocka_unit_test(containers_lie_above_their_children),
        cmocka_unit_test(no_cell_has_two_containers),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(small_maps),
        cmocka_unit_test(large_maps_have_a_permutation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
