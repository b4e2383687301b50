/* From a byte of an expression to a byte of the file. */
#include "policy_build_help.h"

#include "policy/expr.h"

static berm_expr expr_at(const stage *s, uint32_t element)
{
    berm_part part = berm_part_element_at(stage_root(s), element);
    return (berm_expr){.text = berm_part_text(part), .part = part};
}

static char char_at(const stage *s, uint32_t off)
{
    return s->file.text.ptr[off];
}

static void every_way_to_write_a_text_maps_back(void **state)
{
    (void)state;
    stage s;
    stage_begin(
        &s, "- abcX\n- 'it''sX'\n- \"\\u0061bX\"\n- >-\n  folded\n  textX\n- |\n  lit\n  eralX\n");
    for (uint32_t i = 0; i < 5; i++) {
        berm_expr expr = expr_at(&s, i);
        const char *x = memchr(expr.text.ptr, 'X', expr.text.len);
        uint32_t off = (uint32_t)(x - expr.text.ptr);
        assert_int_equal(char_at(&s, berm_expr_offset(&expr, off)), 'X');
        berm_place place = berm_expr_place(&expr, off, 1);
        assert_int_equal(place.source, s.file.diag_source);
        assert_int_equal(place.len, 1);
        expr.base = off; /* the same byte as the start of a part of it */
        assert_int_equal(char_at(&s, berm_expr_offset(&expr, 0)), 'X');
    }
    stage_end(&s);
}

static void a_text_that_is_the_file_maps_to_itself(void **state)
{
    (void)state;
    berm_policy_file file = {.text = BERM_STR("a + b"), .diag_source = 3};
    berm_expr expr = {.text = file.text, .part = {.file = &file}};
    assert_int_equal(berm_expr_offset(&expr, 4), 4);
    assert_int_equal(berm_expr_place(&expr, 4, 1).off, 4);
    assert_int_equal(berm_expr_place(&expr, 4, 1).source, 3);
}

static void composed_texts_map_piece_by_piece(void **state)
{
    (void)state;
    stage s;
    stage_begin(&s, "- first\n- \"sec\\u006fnd\"\n");
    berm_expr_piece items[] = {{3, expr_at(&s, 0)}, {20, expr_at(&s, 1)}};
    berm_expr_pieces pieces = {items, 2};
    berm_cel_origin origin = berm_expr_pieces_origin(&pieces);
    uint32_t first = 2, second = 11; /* f and s in the file */
    assert_int_equal(origin.map(origin.ctx, 0), first);
    assert_int_equal(origin.map(origin.ctx, 3), first);
    assert_int_equal(origin.map(origin.ctx, 7), first + 4);
    assert_int_equal(origin.map(origin.ctx, 15), first + 5); /* behind it: its end */
    assert_int_equal(origin.map(origin.ctx, 20), second);
    assert_int_equal(char_at(&s, origin.map(origin.ctx, 24)), 'n');
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_way_to_write_a_text_maps_back),
                                       cmocka_unit_test(a_text_that_is_the_file_maps_to_itself),
                                       cmocka_unit_test(composed_texts_map_piece_by_piece)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
