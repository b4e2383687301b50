/* Turning an image's bytes: there and back again is the same, on a machine of either order; what
   comes in may be anything. */
#include "code/image_order.h"
#if !BERM_IMAGE_TURNED
#undef BERM_IMAGE_TURNED
#define BERM_IMAGE_TURNED 1
bool berm_image_turn_in(const berm_alloc *alloc, unsigned char *bytes, size_t len);
bool berm_image_turn_out(const berm_alloc *alloc, unsigned char *bytes, size_t len);
#include "../../lib/code/image_order.c"
#endif

#include "base_alloc.h"
#include "code_image_help.h"

static const char *const program[] = {
    "object.metadata.name == 'x' && [1, 2, 3].all(i, i > 0)",
    "a.map(y, y.name + '-x').exists(z, z.matches('^[a-d\\u00e9]+$'))",
    "a ? b.optMap(v, v.x) : {'k': [1u, 2.5, b'\\xff', timestamp('2020-01-01T00:00:00Z')]}",
    "size(a) in {1: 2, 3: 4, 5: 6, 'k': 'ké'}",
};

/* One of each: wide operands and narrow ones, words in pairs, a map with a permutation, tables. */
static void make_image(code_program *p)
{
    uint32_t block;
    program_begin(p, &berm_alloc_libc);
    for (size_t i = 0; i < sizeof program / sizeof *program; i++)
        assert_int_equal(program_add(p, program[i], &code_scope, &block), BERM_OK);
    berm_cell numbers[128];
    berm_store store = {.cells = numbers, .cell_count = 128};
    berm_space space = {.stores = &store, .store_count = 1};
    for (int64_t i = 0; i < 128; i++) numbers[i] = berm_cell_int(i);
    berm_cell map = berm_cell_of(BERM_TAG_MAP);
    map.as.ref.len = 64;
    berm_codegen_constant(&p->gen, &space, map);
    assert_int_equal(program_link(p, NULL), BERM_OK);
    assert_true(p->image.pattern_count > 0 && p->image.expr_count > 0);
}

static unsigned char *copy_turned(const code_program *p)
{
    unsigned char *bytes = malloc(p->len);
    assert_non_null(bytes);
    memcpy(bytes, p->bytes, p->len);
    assert_true(berm_image_turn_out(&p->alloc, bytes, p->len));
    return bytes;
}

static void there_and_back_is_the_same(void **state)
{
    (void)state;
    code_program p;
    make_image(&p);
    unsigned char *bytes = copy_turned(&p);
    assert_memory_not_equal(bytes, p.bytes, p.len);
    assert_true(berm_image_turn_in(&p.alloc, bytes, p.len));
    assert_memory_equal(bytes, p.bytes, p.len);
    free(bytes);
    program_end(&p);
}

static uint32_t read_turned(const unsigned char *bytes, size_t at, unsigned width)
{
    unsigned char turned[4];
    uint16_t half;
    uint32_t word;
    for (unsigned i = 0; i < width; i++) turned[i] = bytes[at + width - 1 - i];
    if (width == 2) return memcpy(&half, turned, 2), half;
    return memcpy(&word, turned, 4), word;
}

/* Each number where it was, its bytes the other way round: read one by one, without the code that
   turned them. */
static void numbers_are_turned_where_they_stand(void **state)
{
    (void)state;
    code_program p;
    make_image(&p);
    unsigned char *bytes = copy_turned(&p);
    const berm_image *image = &p.image;
    size_t cells = (size_t)((const unsigned char *)image->store.cells - p.bytes);
    size_t code = (size_t)((const unsigned char *)image->code - p.bytes);
    bool wide = false, narrow = false, second = false;
    assert_int_equal(read_turned(bytes, offsetof(berm_image_header, format), 4), BERM_IMAGE_FORMAT);
    for (uint32_t i = 0; i < image->code_count; i++) {
        const berm_ins *ins = &image->code[i];
        size_t at = code + i * sizeof *ins;
        assert_int_equal(bytes[at], ins->op);
        assert_int_equal(read_turned(bytes, at + 2, 2), ins->a);
        if (ins->op == BERM_OP_CONST) {
            wide = true;
            assert_int_equal(read_turned(bytes, at + 4, 4), ins->w);
        } else if (ins->op == BERM_OP_EQ) {
            narrow = true;
            assert_int_equal(read_turned(bytes, at + 4, 2), ins->b);
            assert_int_equal(read_turned(bytes, at + 6, 2), ins->c);
        } else if (ins->op == BERM_OP_ITER) {
            second = true;
            assert_int_equal(read_turned(bytes, at + 8 + 4, 4), ins[1].w);
            i++;
        }
    }
    assert_true(wide && narrow && second);
    uint32_t map = image->store.cell_count - 1;
    while (image->store.cells[map].tag != BERM_TAG_MAP || image->store.cells[map].as.ref.len != 64)
        map--;
    size_t order = cells + (image->store.cells[map].as.ref.off + 128) * sizeof(berm_cell);
    for (uint32_t i = 0; i < 64; i++) {
        uint32_t native;
        memcpy(&native, p.bytes + order + 4 * (size_t)i, 4);
        assert_int_equal(read_turned(bytes, order + 4 * (size_t)i, 4), native);
    }
    for (uint32_t i = 0; i < image->store.text_len[0]; i++) {
        size_t at = (size_t)((const unsigned char *)image->store.text[0] - p.bytes) + i;
        assert_int_equal(bytes[at], p.bytes[at]);
    }
    free(bytes);
    program_end(&p);
}

/* Turned or not, each is refused as it would be without turning. */
static void expect_after_turning(code_program *p, unsigned char *bytes, size_t len, uint32_t code)
{
    berm_image image;
    berm_error err = {0};
    assert_true(berm_image_turn_in(&p->alloc, bytes, len));
    assert_int_not_equal(berm_image_open(&p->alloc, bytes, len, &image, &err), BERM_OK);
    if (err.code != code) fail_msg("B%04u, not B%04u: %s", err.code, code, err.message);
}

static void seal_turned(unsigned char *bytes, size_t len)
{
    uint64_t sum = berm_image_checksum(bytes, len);
    unsigned char *native = (unsigned char *)&sum;
    for (size_t i = 0; i < 8; i++) bytes[offsetof(berm_image_header, checksum) + i] = native[7 - i];
}

static void what_is_no_image_is_refused_as_ever(void **state)
{
    (void)state;
    code_program p;
    make_image(&p);
    unsigned char *bytes = copy_turned(&p);
    bytes[0] ^= 1;
    expect_after_turning(&p, bytes, p.len, 801);
    free(bytes);
    bytes = copy_turned(&p);
    expect_after_turning(&p, bytes, sizeof(berm_image_header) - 1, 801);
    expect_after_turning(&p, bytes, p.len - 1, 821);
    free(bytes);
    bytes = copy_turned(&p);
    bytes[p.len - 1] ^= 1;
    expect_after_turning(&p, bytes, p.len, 803);
    free(bytes);
    bytes = copy_turned(&p); /* a section that leads outside */
    memset(bytes + offsetof(berm_image_header, sections) + 4, 0x7F, 4);
    seal_turned(bytes, p.len);
    expect_after_turning(&p, bytes, p.len, 804);
    free(bytes);
    bytes = malloc(p.len); /* of the other order in its file already */
    memcpy(bytes, p.bytes, p.len);
    expect_after_turning(&p, bytes, p.len, 820);
    free(bytes);
    program_end(&p);
}

/* Whatever the bytes say, turning stays inside of them, and what the verifier then lets through can
   be printed. */
static void changed_bytes_do_no_harm(void **state)
{
    (void)state;
    code_program p;
    make_image(&p);
    uint32_t seed = 1;
    for (uint32_t round = 0; round < 4000; round++) {
        unsigned char *bytes = copy_turned(&p);
        for (uint32_t i = 0; i < 1 + round % 3; i++) {
            seed = seed * 1664525u + 1013904223u;
            size_t from = offsetof(berm_image_header, sections);
            bytes[from + seed % (p.len - from)] = (unsigned char)(seed >> 24);
        }
        seal_turned(bytes, p.len);
        berm_image image;
        assert_true(berm_image_turn_in(&p.alloc, bytes, p.len));
        if (!berm_image_open(&p.alloc, bytes, p.len, &image, NULL)) {
            berm_text text;
            berm_text_init(&text, &p.alloc);
            assert_true(berm_image_print(&text, &image, BERM_NO_ROW));
            berm_text_free(&text);
        }
        free(bytes);
    }
    program_end(&p);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    code_program p;
    make_image(&p);
    unsigned char *bytes = copy_turned(&p);
    counted_heap heap = {.fail_at = 1};
    berm_alloc alloc = counted_alloc(&heap);
    assert_false(berm_image_turn_in(&alloc, bytes, p.len));
    memcpy(bytes, p.bytes, p.len);
    assert_false(berm_image_turn_out(&alloc, bytes, p.len));
    free(bytes);
    program_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back_is_the_same),
        cmocka_unit_test(numbers_are_turned_where_they_stand),
        cmocka_unit_test(what_is_no_image_is_refused_as_ever),
        cmocka_unit_test(changed_bytes_do_no_harm),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
