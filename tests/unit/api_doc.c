/* Documents from texts. */
#include "api_help.h"

static void count_release(void *ctx)
{
    ++*(int *)ctx;
}

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    berm_doc *doc = NULL;
    berm_diags *diags = NULL;
    berm_error err;
    const berm_str text = str_of("{}"), torn = {NULL, 3};
    const berm_doc_options unsized = {0}, format = {.size = sizeof format, .format = 99},
                           schema = {.size = sizeof schema, .yaml_schema = 99},
                           own = {.size = sizeof own, .own = 99};
    static const char missing[] = "engine, text or out is NULL";
    expect_refused(err, berm_doc_parse(NULL, text, NULL, &doc, NULL, &err), missing);
    expect_refused(err, berm_doc_parse(engine, text, NULL, NULL, NULL, &err), missing);
    expect_refused(err, berm_doc_parse(engine, torn, NULL, &doc, &diags, &err), missing);
    expect_refused(err, berm_doc_parse(engine, text, &unsized, &doc, NULL, &err),
                   "options.size is not set");
    expect_refused(err, berm_doc_parse(engine, text, &format, &doc, NULL, &err),
                   "options.format is none of BERM_FORMAT_*");
    expect_refused(err, berm_doc_parse(engine, text, &schema, &doc, NULL, &err),
                   "options.yaml_schema is none of BERM_YAML_*");
    expect_refused(err, berm_doc_parse(engine, text, &own, &doc, NULL, &err),
                   "options.own is none of BERM_TEXT_*");
    assert_null(doc);
    assert_null(diags);
    assert_int_equal(berm_doc_root_count(NULL), 0);
    assert_null(berm_doc_ref(NULL));
    berm_doc_unref(NULL);
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

static void places_are_told(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    berm_doc *doc = read_by(engine, "{\n  \"\xc3\xa9\": 1\n}\n");
    uint32_t line, column;
    berm_doc_locate(doc, 0, &line, &column);
    assert_true(line == 1 && column == 1);
    berm_doc_locate(doc, 8, &line, &column); /* columns are code points */
    assert_true(line == 2 && column == 6);
    berm_doc_locate(doc, 1000, &line, &column);
    assert_true(line == 4 && column == 1);
    assert_int_equal(berm_doc_name(doc).len, strlen("doc"));
    assert_int_equal(berm_doc_root_count(doc), 1);
    assert_ptr_equal(berm_doc_ref(doc), doc);
    berm_doc_unref(doc);
    berm_doc_unref(doc);
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

/* A text that was handed over is released once, whether it can be read or not. */
static void owned_texts_are_released(void **state)
{
    (void)state;
    static const char *const texts[] = {"{\"a\": 1}", "{\"a\": ", "a: [1"};
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int released = 0;
        berm_doc_options how = {.size = sizeof how,
                                .own = BERM_TEXT_OWN,
                                .release = count_release,
                                .release_ctx = &released};
        berm_doc *doc = NULL;
        berm_status status = berm_doc_parse(engine, str_of(texts[i]), &how, &doc, NULL, NULL);
        assert_int_equal(status, i == 0 ? BERM_OK : BERM_E_SYNTAX);
        assert_int_equal(released, i == 0 ? 0 : 1);
        berm_doc_unref(doc);
        assert_int_equal(released, 1);
    }
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

/* Repeated keys are told, and no failing allocation leaves one out. */
static berm_status read_with_warnings(void *ctx, said_text *said)
{
    berm_doc *doc = NULL;
    berm_diags *diags = NULL;
    berm_error err = {0};
    size_t count;
    berm_status status = berm_doc_parse(
        ctx, str_of("{\"a\": 1, \"a\": 2, \"b\": {\"c\": 1, \"c\": 2}}"), NULL, &doc, &diags, &err);
    assert_int_equal(status, err.status);
    const berm_diag *list = berm_diags_items(diags, &count);
    for (size_t i = 0; i < count && !status; i++)
        assert_int_equal(keep_said(said, list[i].message.ptr, list[i].message.len), 0);
    if (status) assert_null(doc);
    else assert_int_equal(count, 2);
    berm_doc_unref(doc);
    berm_diags_free(diags);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    expect_alloc_failures(&(alloc_case){.heap = &heap, .run = read_with_warnings, .ctx = engine});
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(places_are_told),
        cmocka_unit_test(owned_texts_are_released),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
