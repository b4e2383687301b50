#include "base/diag.h"

#include "base_alloc.h"

#include <setjmp.h>

#include <cmocka.h>

static void expect_str(berm_str s, const char *expected)
{
    assert_int_equal(s.len, strlen(expected));
    if (s.len) assert_memory_equal(s.ptr, expected, s.len);
}

/* Numbers are permanent and codes are made of them. */
static void the_registry_is_in_order(void **state)
{
    (void)state;
    uint32_t last = 0;
    for (unsigned id = BERM_D_NONE + 1; id < BERM_D_COUNT; id++) {
        const berm_diag_info info = berm_diag_info_of((berm_diag_id)id);
        assert_true(info.number > last && info.number < 1000);
        assert_true((berm_diag_summary((berm_diag_id)id)[0] != '\0') == (info.number >= 700));
        assert_in_range(info.severity, BERM_DIAG_ERROR, BERM_DIAG_NOTE);
        last = info.number;
    }
    assert_int_equal(berm_diag_info_of(BERM_D_JSON_EMPTY).number, 101);
    assert_int_equal(berm_diag_info_of(BERM_D_COUNT).number, 0);
    assert_string_equal(berm_diag_info_of(BERM_D_COUNT).hint, "");
}

static void items_are_complete(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    char text[] = "{\n  \"a\": \xE2\x82\xAC"
                  "01\n}\n";
    berm_diags *diags = berm_diags_new(&alloc);
    uint32_t source = berm_diags_source(diags, BERM_STR("plan.json"), berm_str_of(text));
    assert_int_equal(source, 0);
    assert_int_equal(berm_diags_add(diags, BERM_D_JSON_NUMBER, (berm_place){source, 12, 2},
                                    "a number cannot start with %c%s", '0', "\x1B[2J"),
                     BERM_OK);
    assert_int_equal(
        berm_diags_add(diags, BERM_D_DUPLICATE_KEY, BERM_NOWHERE, "key %S", BERM_STR("k")),
        BERM_OK);
    memset(text, '#', sizeof text - 1); /* nothing points into the source */
    size_t count;
    const berm_diag *items = berm_diags_list(diags, &count);
    assert_int_equal(count, 2);
    assert_int_equal(items[0].severity, BERM_DIAG_ERROR);
    assert_int_equal(items[0].line, 2);
    assert_int_equal(items[0].column, 9);
    assert_int_equal(items[0].end_line, 2);
    assert_int_equal(items[0].end_column, 11);
    expect_str(items[0].code, "B0106");
    expect_str(items[0].source, "plan.json");
    expect_str(items[0].message, "a number cannot start with 0\xEF\xBF\xBD[2J");
    assert_true(items[0].hint.len > 0);
    expect_str(items[0].frame, " 1 | {\n 2 |   \"a\": \xE2\x82\xAC"
                               "01\n   |         ^^\n");
    assert_int_equal(items[1].severity, BERM_DIAG_WARNING);
    assert_int_equal(items[1].line, 0);
    expect_str(items[1].source, "");
    expect_str(items[1].message, "key k");
    assert_int_equal(berm_diags_error_count(diags), 1);
    assert_false(berm_diags_failed(diags));
    berm_diags_drop(diags);
    assert_int_equal(heap.in_use, 0);
    assert_false(heap.wrong_len);
}

static void no_list_is_a_list_that_keeps_nothing(void **state)
{
    (void)state;
    size_t count = 9;
    uint32_t line = 9, column = 9;
    assert_int_equal(berm_diags_add(NULL, BERM_D_NOMEM, BERM_NOWHERE, "x"), BERM_OK);
    assert_int_equal(berm_diags_source(NULL, BERM_STR("f"), BERM_STR("t")), BERM_NO_SOURCE);
    assert_null(berm_diags_list(NULL, &count));
    assert_int_equal(count, 0);
    berm_diags_locate(NULL, (berm_place){0, 0, 0}, &line, &column);
    assert_int_equal(line + column, 0);
    assert_int_equal(berm_diags_error_count(NULL) + berm_diags_lost_count(NULL), 0);
    assert_false(berm_diags_failed(NULL));
    berm_diags_drop(NULL);
}

static void the_list_is_bounded(void **state)
{
    (void)state;
    berm_diags *diags = berm_diags_new(&berm_alloc_libc);
    uint32_t source = berm_diags_source(diags, BERM_STR("s"), BERM_STR("text"));
    for (uint32_t i = 0; i < BERM_DIAGS_MAX + 5; i++) {
        assert_int_equal(
            berm_diags_add(diags, BERM_D_JSON_VALUE, (berm_place){source, i, UINT32_MAX}, "%u", i),
            BERM_OK);
    }
    size_t count;
    (void)berm_diags_list(diags, &count);
    assert_int_equal(count, BERM_DIAGS_MAX);
    assert_int_equal(berm_diags_lost_count(diags), 5);
    assert_int_equal(berm_diags_error_count(diags), BERM_DIAGS_MAX + 5);
    berm_diags_drop(diags);
}

/* Every allocation fails in turn: a status, no leak, and what was there before stays. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    bool succeeded = false;
    for (size_t fail_at = 1; !succeeded; fail_at++) {
        counted_heap heap = {.fail_at = fail_at};
        berm_alloc alloc = counted_alloc(&heap);
        berm_diags *diags = berm_diags_new(&alloc);
        assert_int_equal(diags == NULL, fail_at == 1);
        if (!diags) continue;
        uint32_t source = berm_diags_source(diags, BERM_STR("f"), BERM_STR("one two\nthree"));
        berm_status status = BERM_OK;
        for (uint32_t i = 0; i < 100 && status == BERM_OK; i++) {
            status = berm_diags_add(diags, BERM_D_POLICY_KEY_UNKNOWN,
                                    (berm_place){source, i % 14, 3}, "%u", i);
        }
        succeeded = status == BERM_OK && source != BERM_NO_SOURCE;
        assert_int_equal(berm_diags_failed(diags), !succeeded);
        if (status != BERM_OK) assert_int_equal(status, BERM_E_NOMEM);
        size_t count;
        const berm_diag *items = berm_diags_list(diags, &count);
        for (size_t i = 0; i < count; i++) assert_true(items[i].message.len > 0);
        berm_diags_drop(diags);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
    }
}

static void errors_are_filled(void **state)
{
    (void)state;
    berm_error err = {.line = 77};
    assert_int_equal(
        berm_error_set(&err, BERM_E_LIMIT, BERM_D_DOC_DEPTH, "depth %u\a", UINT32_C(9)),
        BERM_E_LIMIT);
    assert_int_equal(err.status, BERM_E_LIMIT);
    assert_int_equal(err.code, 114);
    assert_int_equal(err.line, 0);
    assert_string_equal(err.message, "depth 9?");
    assert_int_equal(
        berm_error_at(&err, BERM_E_SYNTAX, BERM_D_JSON_VALUE, BERM_STR("a\nbc"), 3, "here"),
        BERM_E_SYNTAX);
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 2);
    assert_int_equal(err.off, 3);
    char text[600];
    memset(text, 'x', sizeof text);
    (void)berm_error_set(&err, BERM_E_SYNTAX, BERM_D_JSON_VALUE, "%S",
                         (berm_str){text, sizeof text});
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    assert_int_equal(berm_error_set(NULL, BERM_E_NOMEM, BERM_D_NOMEM, "x"), BERM_E_NOMEM);
    assert_int_equal(berm_error_at(NULL, BERM_E_NOMEM, BERM_D_NOMEM, BERM_STR(""), 0, "x"),
                     BERM_E_NOMEM);
}

/* The same fault of the same place once, and everything that differs in one of its parts. */
static void test_said_once(void **state)
{
    (void)state;
    berm_diags *diags = berm_diags_new(&berm_alloc_libc);
    uint32_t one = berm_diags_source(diags, BERM_STR("one"), BERM_STR("text"));
    uint32_t two = berm_diags_source(diags, BERM_STR("two"), BERM_STR("text"));
    const berm_place at = {one, 1, 1};
    for (int i = 0; i < 3; i++) berm_diags_add(diags, BERM_D_JSON_VALUE, at, "a");
    berm_diags_add(diags, BERM_D_JSON_VALUE, at, "b");
    berm_diags_add(diags, BERM_D_JSON_KEY, at, "a");
    berm_diags_add(diags, BERM_D_JSON_VALUE, (berm_place){one, 2, 1}, "a");
    berm_diags_add(diags, BERM_D_JSON_VALUE, (berm_place){two, 1, 1}, "a");
    for (int i = 0; i < 2; i++) berm_diags_add(diags, BERM_D_JSON_VALUE, BERM_NOWHERE, "a");
    size_t count;
    (void)berm_diags_list(diags, &count);
    assert_int_equal(count, 7);
    berm_diags_drop(diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_registry_is_in_order),
        cmocka_unit_test(items_are_complete),
        cmocka_unit_test(no_list_is_a_list_that_keeps_nothing),
        cmocka_unit_test(the_list_is_bounded),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(errors_are_filled),
        cmocka_unit_test(test_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
