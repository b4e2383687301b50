/* Opening images that are damaged, or made to do harm. Whatever is let through must be safe to
   walk and print. */
#include "code_image_help.h"

#include "base_alloc.h"
#include "data/doc.h"

static const char *const program[] = {
    "object.metadata.name == 'x' && [1, 2, 3].all(i, i > 0)",
    "a.filter(x, x.ok).map(y, y.name + '-x')",
    "a ? b.optMap(v, v.x) : {'k': [1, 2.5, b'\\xff', timestamp('2020-01-01T00:00:00Z')]}",
    "size(a) in {1: 2, 3: 4, 5: 6, 'k': 'ké'}",
};

/* A policy's worth: expressions, a call, a large map, and rows in most tables. */
static void make_program(code_program *p)
{
    uint32_t block = 0;
    program_begin(p, &berm_alloc_libc);
    for (size_t i = 0; i < sizeof program / sizeof *program; i++) {
        assert_int_equal(program_add(p, program[i], &code_scope, &block), BERM_OK);
    }
    berm_binding once = {.name = BERM_STR("v"), .sort = BERM_BIND_ONCE, .index = block};
    berm_scope scope = {.bindings = &once, .count = 1};
    assert_int_equal(program_add(p, "v || v", &scope, &block), BERM_OK);
    berm_cell numbers[64];
    berm_store store = {.cells = numbers, .cell_count = 64};
    berm_space space = {.stores = &store, .store_count = 1};
    for (int64_t i = 0; i < 64; i++) numbers[i] = berm_cell_int(i);
    berm_cell map = berm_cell_of(BERM_TAG_MAP);
    map.as.ref.len = 32;
    uint32_t params = berm_codegen_constant(&p->gen, &space, map);
    berm_img_guardrail guardrail = {.id = berm_codegen_text(&p->gen, BERM_STR("g")),
                                    .controls = params,
                                    .waivable = params,
                                    .params = params,
                                    .rules = {0, 1}};
    berm_img_step step = {.name = berm_codegen_text(&p->gen, BERM_STR("f")),
                          .key = berm_codegen_key(&p->gen, BERM_STR("f"))};
    berm_img_listing listing;
    memset(&listing, 0xFF, sizeof listing);
    listing.path = (berm_run_ref){0, 1};
    listing.kind = block;
    assert_true(berm_array_push(&p->alloc, &p->gen.guardrails, guardrail));
    assert_true(berm_array_push(&p->alloc, &p->gen.rules,
                                (berm_img_rule){.each = BERM_NO_ROW, .message = 1}));
    assert_true(berm_array_push(&p->alloc, &p->gen.steps, step));
    assert_true(berm_array_push(&p->alloc, &p->gen.listings, listing));
    assert_int_equal(program_link(p, NULL), BERM_OK);
}

static void the_compilers_own_output_opens(void **state)
{
    (void)state;
    code_program p;
    make_program(&p);
    assert_int_equal(p.image.block_count, 5);
    assert_int_equal(p.image.guardrail_count, 1);
    assert_int_equal(p.image.call_depth, 2);
    assert_int_equal(p.image.register_count,
                     p.image.blocks[4].depth_registers > p.image.blocks[1].depth_registers
                         ? p.image.blocks[4].depth_registers
                         : p.image.blocks[1].depth_registers);
    assert_str(berm_image_text(&p.image, p.image.roots[0].text), program[0]);
    program_end(&p);
}

static void linking_is_reproducible(void **state)
{
    (void)state;
    code_program a, b;
    make_program(&a);
    make_program(&b);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.bytes, b.bytes, a.len);
    program_end(&a);
    program_end(&b);
}

static void expect_status(code_program *p, const void *bytes, size_t len, berm_status status,
                          uint32_t code)
{
    berm_error err = {0};
    assert_int_equal(berm_image_open(&p->alloc, bytes, len, &p->image, &err), status);
    assert_int_equal(err.status, status);
    assert_int_equal(err.code, code);
}

/* What a header with this format leads to; 0: it opens. */
static void expect_format(code_program *p, uint32_t format, uint32_t code, const char *why)
{
    berm_error err = {0};
    memcpy(p->bytes + offsetof(berm_image_header, format), &format, sizeof format);
    assert_int_equal(berm_image_open(&p->alloc, p->bytes, p->len, &p->image, &err),
                     code ? BERM_E_VERSION : BERM_OK);
    assert_int_equal(err.code, code);
    assert_non_null(strstr(err.message, why));
}

/* A longer file than its header says is damaged, too. */
static void nothing_stands_behind_an_image(void **state)
{
    (void)state;
    code_program p;
    make_program(&p);
    unsigned char *longer = calloc(1, p.len + 16);
    memcpy(longer, p.bytes, p.len);
    expect_status(&p, longer, p.len + 16, BERM_E_IMAGE, 803);
    free(longer);
    program_end(&p);
}

/* Each single bit of the image counts in the checksum. */
static void a_flipped_bit_is_damage(void **state)
{
    (void)state;
    code_program p;
    make_program(&p);
    for (size_t bit = 8 * offsetof(berm_image_header, checksum); bit < 8 * p.len; bit++) {
        p.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        expect_status(&p, p.bytes, p.len, BERM_E_IMAGE, 803);
        p.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    program_end(&p);
}

static void what_is_no_image_is_told_apart(void **state)
{
    (void)state;
    code_program p;
    make_program(&p);
    expect_status(&p, p.bytes, 0, BERM_E_IMAGE, 801);
    expect_status(&p, p.bytes, sizeof(berm_image_header) - 1, BERM_E_IMAGE, 801);
    expect_status(&p, p.bytes, p.len - 1, BERM_E_IMAGE, 821);
    expect_status(&p, p.bytes, sizeof(berm_image_header), BERM_E_IMAGE, 821);
    expect_status(&p, p.bytes + 1, p.len - 1, BERM_E_ARGUMENT, 902);
    p.bytes[p.len - 1] ^= 1;
    expect_status(&p, p.bytes, p.len, BERM_E_IMAGE, 803);
    p.bytes[p.len - 1] ^= 1;
    expect_format(&p, BERM_IMAGE_FORMAT - 1, 802, "older format 1, this library reads 2");
    expect_format(&p, BERM_IMAGE_FORMAT + 1, 802, "newer format 3, this library reads 2");
    expect_format(&p, (uint32_t)BERM_IMAGE_FORMAT << 24, 820, "other byte order");
    expect_format(&p, BERM_IMAGE_FORMAT, 0, "");
    p.bytes[offsetof(berm_image_header, digest)] ^= 1;
    expect_status(&p, p.bytes, p.len, BERM_E_VERSION, 802);
    p.bytes[offsetof(berm_image_header, digest)] ^= 1;
    p.bytes[0] = 'B';
    expect_status(&p, p.bytes, p.len, BERM_E_IMAGE, 801);
    program_end(&p);
}

/* A section that starts behind the end, by the bytes that fill up the one before it. */
static void sections_end_where_the_image_does(void **state)
{
    (void)state;
    code_program p;
    berm_image_header header;
    berm_error err = {0};
    make_program(&p);
    memcpy(&header, p.bytes, sizeof header);
    uint64_t from = header.sections[BERM_SECTION_TEXT].off;
    uint32_t cut = 0;
    for (uint32_t i = 0; i < BERM_SECTION_COUNT; i++) {
        if (header.sections[i].off <= from) continue;
        header.sections[i].off = (uint32_t)berm_image_aligned(from + 5);
        header.sections[i].count = 0;
        cut++;
    }
    assert_true(cut > 0);
    header.sections[BERM_SECTION_TEXT].count = 5;
    header.len = from + 5;
    memcpy(p.bytes, &header, sizeof header);
    image_seal(p.bytes, (size_t)header.len);
    assert_int_equal(berm_image_open(&p.alloc, p.bytes, (size_t)header.len, &p.image, &err),
                     BERM_E_IMAGE);
    assert_non_null(strstr(err.message, "is not in its place"));
    program_end(&p);
}

/* Which expression a word belongs to, where none is known. */
static void words_without_an_expression(void **state)
{
    (void)state;
    code_program p;
    berm_img_expr expr;
    make_program(&p);
    assert_true(berm_image_expr(&p.image, p.image.exprs[0].word, &expr));
    assert_false(berm_image_expr(&p.image, p.image.code_count, &expr));
    program_end(&p);
    make_program(&p);
    /* The first expression starts later: what stands before it has none. */
    uint32_t last = p.gen.exprs.count - 1;
    p.gen.exprs.items[0] = p.gen.exprs.items[last];
    p.gen.exprs.count = 1;
    berm_mem_free(&p.alloc, p.bytes, p.len);
    p.bytes = NULL;
    assert_int_equal(program_link(&p, NULL), BERM_OK);
    assert_false(berm_image_expr(&p.image, 0, &expr));
    /* Of another block before its own. */
    assert_true(berm_image_expr(&p.image, p.image.code_count - 1, &expr));
    program_end(&p);
    program_begin(&p, &berm_alloc_libc);
    assert_int_equal(program_link(&p, NULL), BERM_OK);
    assert_false(berm_image_expr(&p.image, 0, &expr));
    program_end(&p);
}

/* Walks everything an open image promises is there. */
static void walk_image(const berm_image *image)
{
    berm_text out;
    berm_img_expr expr;
    berm_text_init(&out, &berm_alloc_libc);
    assert_true(berm_image_print(&out, image, BERM_NO_ROW));
    for (uint32_t i = 0; i < image->code_count; i++) berm_image_expr(image, i, &expr);
    berm_text_free(&out);
}

static uint32_t mutate_word(uint32_t word, uint32_t how)
{
    const uint32_t others[] = {0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF, 0x00FFFFFF};
    if (how == 0) return word + 1;
    if (how == 1) return word - 1;
    if (how == 2) return word ^ 0x80;
    if (how == 3) return word ^ 0x8000;
    return others[how - 4];
}

#define MUTATIONS 11u

static void every_word_may_be_anything(void **state)
{
    (void)state;
    code_program p;
    uint32_t opened = 0, refused = 0;
    make_program(&p);
    for (size_t at = offsetof(berm_image_header, sections); at + 4 <= p.len; at += 4) {
        uint32_t word;
        memcpy(&word, p.bytes + at, sizeof word);
        for (uint32_t how = 0; how < MUTATIONS; how++) {
            uint32_t changed = mutate_word(word, how);
            if (changed == word) continue;
            memcpy(p.bytes + at, &changed, sizeof changed);
            berm_error err = {0};
            berm_status status = image_reopen(&p, &err);
            if (status == BERM_OK) walk_image(&p.image);
            else assert_int_equal(status, BERM_E_IMAGE);
            if (status == BERM_OK) opened++;
            else refused++;
        }
        memcpy(p.bytes + at, &word, sizeof word);
    }
    /* Texts, numbers and costs may be other ones; most of the rest may not. */
    assert_true(refused > opened);
    program_end(&p);
}

static void every_byte_may_be_anything(void **state)
{
    (void)state;
    code_program p;
    make_program(&p);
    static const unsigned char values[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
    for (size_t at = offsetof(berm_image_header, sections); at < p.len; at++) {
        unsigned char byte = p.bytes[at];
        for (size_t i = 0; i < sizeof values; i++) {
            p.bytes[at] = values[i];
            berm_status status = image_reopen(&p, NULL);
            if (status == BERM_OK) walk_image(&p.image);
            else assert_int_equal(status, BERM_E_IMAGE);
        }
        p.bytes[at] = byte;
    }
    assert_int_equal(image_reopen(&p, NULL), BERM_OK);
    program_end(&p);
}

/* Several places at once, and lengths cut. */
static void random_damage(void **state)
{
    (void)state;
    code_program p;
    make_program(&p);
    unsigned char *copy = malloc(p.len);
    uint64_t seed = 88172645463325252u;
    for (uint32_t round = 0; round < 4000; round++) {
        memcpy(copy, p.bytes, p.len);
        for (uint32_t i = 0; i < 1 + round % 5; i++) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            size_t at = offsetof(berm_image_header, sections) +
                        (size_t)(seed % (p.len - offsetof(berm_image_header, sections)));
            copy[at] = (unsigned char)(seed >> 40);
        }
        image_seal(copy, p.len);
        berm_status status = berm_image_open(&p.alloc, copy, p.len, &p.image, NULL);
        if (status == BERM_OK) walk_image(&p.image);
        else assert_int_equal(status, BERM_E_IMAGE);
    }
    free(copy);
    program_end(&p);
}

/* Lowering, linking and opening, each allocation failing in turn. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        code_program p;
        uint32_t block;
        program_begin(&p, &alloc);
        berm_status status = BERM_OK;
        for (size_t i = 0; i < sizeof program / sizeof *program && status == BERM_OK; i++) {
            status = program_add(&p, program[i], &code_scope, &block);
        }
        if (status == BERM_OK) status = program_link(&p, NULL);
        program_end(&p);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
        if (status == BERM_OK) break;
        assert_int_equal(status, BERM_E_NOMEM);
    }
}

/* Faults in expressions are reported or, without memory, not: never both wrong. */
static void every_allocation_may_fail_while_refusing(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        code_program p;
        uint32_t block;
        program_begin(&p, &alloc);
        berm_status status = program_add(&p, "objct.x + siez([1].map(i, j))", &code_scope, &block);
        program_end(&p);
        assert_int_equal(heap.in_use, 0);
        if (status == BERM_E_POLICY) break;
        assert_int_equal(status, BERM_E_NOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_compilers_own_output_opens),
        cmocka_unit_test(linking_is_reproducible),
        cmocka_unit_test(what_is_no_image_is_told_apart),
        cmocka_unit_test(nothing_stands_behind_an_image),
        cmocka_unit_test(a_flipped_bit_is_damage),
        cmocka_unit_test(sections_end_where_the_image_does),
        cmocka_unit_test(words_without_an_expression),
        cmocka_unit_test(every_word_may_be_anything),
        cmocka_unit_test(every_byte_may_be_anything),
        cmocka_unit_test(random_damage),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(every_allocation_may_fail_while_refusing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
