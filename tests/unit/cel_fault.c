#include "cel/fault.h"

#include "cel_support.h"

static uint32_t shift_place(const void *ctx, uint32_t off)
{
    return off * 2 + *(const uint32_t *)ctx;
}

static void places_follow_the_origin(void **state)
{
    (void)state;
    uint32_t start = 100;
    berm_place place = berm_cel_place(NULL, 3, 4);
    assert_int_equal(place.source, 0);
    assert_int_equal(place.off, 3);
    assert_int_equal(place.len, 4);
    berm_cel_origin origin = {.source = 7, .map = shift_place, .ctx = &start};
    place = berm_cel_place(&origin, 3, 4);
    assert_int_equal(place.source, 7);
    assert_int_equal(place.off, 106);
    assert_int_equal(place.len, 8);
    assert_int_equal(berm_cel_place(&origin, 3, 0).len, 0);
    origin.map = NULL;
    place = berm_cel_place(&origin, 3, 4);
    assert_int_equal(place.source, 7);
    assert_int_equal(place.off, 3);
}

static void a_place_is_reported_once(void **state)
{
    (void)state;
    berm_cel_faults faults = {0};
    berm_cel_fault(&faults, BERM_D_CEL_CHAR, 0, 1, "a");
    berm_cel_fault(&faults, BERM_D_CEL_EXPECTED, 0, 2, "b");
    assert_int_equal(faults.count, 1);
    berm_cel_fault(&faults, BERM_D_CEL_EXPECTED, 1, 2, "b");
    assert_int_equal(faults.count, 2);
    faults.stopped = true;
    berm_cel_fault(&faults, BERM_D_CEL_EXPECTED, 2, 2, "b");
    assert_int_equal(faults.count, 2);
}

static void ten_are_enough(void **state)
{
    (void)state;
    parsed p = parse_text(
        "a b && a b && a b && a b && a b && a b && a b && a b && a b && a b && a b && a b");
    assert_int_equal(p.status, BERM_E_POLICY);
    assert_int_equal(berm_diags_error_count(p.diags), BERM_CEL_FAULTS_MAX);
    drop_parsed(&p);
}

static void a_list_is_not_needed(void **state)
{
    (void)state;
    berm_ast ast;
    berm_ast_init(&ast, &berm_alloc_libc);
    assert_int_equal(berm_cel_parse(&ast, BERM_STR("a b"), NULL, NULL, NULL), BERM_E_POLICY);
    berm_ast_free(&ast);
}

static void errors_stand_in_the_file_they_came_from(void **state)
{
    (void)state;
    uint32_t start = 4;
    berm_str file = BERM_STR("a:\n- x y z 1 2 3 4");
    berm_diags *diags = berm_diags_new(&berm_alloc_libc);
    berm_diags_source(diags, BERM_STR("other"), BERM_STR(""));
    berm_cel_origin origin = {.source = berm_diags_source(diags, BERM_STR("file"), file),
                              .map = shift_place,
                              .ctx = &start};
    berm_ast ast;
    berm_ast_init(&ast, &berm_alloc_libc);
    assert_int_equal(berm_cel_parse(&ast, BERM_STR("a bc"), NULL, &origin, diags), BERM_E_POLICY);
    size_t count;
    const berm_diag *list = berm_diags_list(diags, &count);
    assert_int_equal(count, 1);
    assert_string_equal(list[0].source.ptr, "file");
    assert_int_equal(list[0].line, 2);
    assert_int_equal(list[0].column, 6);
    assert_int_equal(list[0].end_column, 10);
    berm_ast_free(&ast);
    berm_diags_drop(diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_follow_the_origin),
        cmocka_unit_test(a_place_is_reported_once),
        cmocka_unit_test(ten_are_enough),
        cmocka_unit_test(a_list_is_not_needed),
        cmocka_unit_test(errors_stand_in_the_file_they_came_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
