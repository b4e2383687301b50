/* Documents from events. */
#include "api_help.h"

static berm_status push_item(berm_builder *b, uint32_t kind, berm_item item, berm_error *err)
{
    item.size = sizeof item;
    berm_event event = {.kind = kind, .item = item};
    return berm_builder_push(b, &event, err);
}

#define ITEM(...) ((berm_item){__VA_ARGS__})
#define TEXT_ITEM(t) ITEM(.type = BERM_TYPE_OF_STRING, .as.s = {t, sizeof(t) - 1})

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    berm_builder *b = NULL;
    berm_doc *doc = NULL;
    berm_error err;
    static const char missing[] = "engine, name or out is NULL";
    static const char odd[] = "the event has no such kind or type";
    const berm_str torn = {NULL, 3}, name = str_of("n");
    expect_refused(err, berm_builder_new(NULL, name, &b, &err), missing);
    expect_refused(err, berm_builder_new(engine, name, NULL, &err), missing);
    expect_refused(err, berm_builder_new(engine, torn, &b, &err), missing);
    assert_int_equal(berm_builder_new(engine, name, &b, &err), BERM_OK);
    const berm_event event = {.kind = BERM_EVENT_END};
    expect_refused(err, berm_builder_push(NULL, &event, &err), "builder or event is NULL");
    expect_refused(err, berm_builder_push(b, NULL, &err), "builder or event is NULL");
    expect_refused(err, push_item(b, 99, ITEM(0), &err), odd);
    expect_refused(err, push_item(b, BERM_EVENT_SCALAR, ITEM(.type = 99), &err), odd);
    expect_refused(err, push_item(b, BERM_EVENT_KEY, ITEM(.type = 99), &err), odd);
    expect_refused(
        err,
        push_item(b, BERM_EVENT_SCALAR, ITEM(.type = BERM_TYPE_OF_STRING, .as.s = {NULL, 2}), &err),
        odd);
    expect_refused(err, berm_builder_finish(NULL, &doc, &err), "builder or out is NULL");
    expect_refused(err, berm_builder_finish(b, NULL, &err), "builder or out is NULL");
    berm_builder_free(b);
    berm_builder_free(NULL);
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

/* What a builder cannot take says why, and nothing is built after it. */
static void faults_are_told(void **state)
{
    (void)state;
    counted_heap heap = {0};
    const berm_limits limits = {.size = sizeof limits, .string_len = 8};
    berm_engine *engine = counted_engine(&heap, &limits);
    berm_builder *b = NULL;
    berm_doc *doc = NULL;
    berm_error err;
    static const struct {
        uint32_t kind;
        const char *text;
        berm_status status;
        const char *words;
    } cases[] = {
        {BERM_EVENT_END, "", BERM_E_STATE, "the event does not fit what is open in the builder"},
        {BERM_EVENT_KEY, "a", BERM_E_STATE, "the event does not fit what is open in the builder"},
        {BERM_EVENT_SCALAR, "\xff", BERM_E_ENCODING, "a string is not valid UTF-8"},
        {BERM_EVENT_SCALAR, "123456789", BERM_E_LIMIT, "the document is over a limit"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const berm_item item = ITEM(.type = BERM_TYPE_OF_STRING, .as.s = str_of(cases[i].text));
        assert_int_equal(berm_builder_new(engine, str_of("n"), &b, NULL), BERM_OK);
        expect_failure(err, push_item(b, cases[i].kind, item, &err), cases[i].status,
                       cases[i].words);
        assert_int_not_equal(berm_builder_finish(b, &doc, NULL), BERM_OK);
        assert_null(doc);
        berm_builder_free(b);
    }
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

static berm_status push_all(berm_builder *b)
{
    const berm_item items[] = {
        ITEM(.type = BERM_TYPE_OF_NULL),
        ITEM(.type = BERM_TYPE_OF_BOOL, .as.u = 7),
        ITEM(.type = BERM_TYPE_OF_INT, .as.i = -3),
        ITEM(.type = BERM_TYPE_OF_UINT, .as.u = 3),
        ITEM(.type = BERM_TYPE_OF_DOUBLE, .as.d = 2.5),
        ITEM(.type = BERM_TYPE_OF_BYTES, .as.s = {"\xff", 1}),
        ITEM(.type = BERM_TYPE_OF_BYTES, .as.s = {NULL, 0}),
        ITEM(.type = BERM_TYPE_OF_STRING, .as.s = {NULL, 0}),
        ITEM(.type = BERM_TYPE_OF_TIMESTAMP, .as.t = {0, 5}),
        ITEM(.type = BERM_TYPE_OF_DURATION, .as.i = 1000000000),
        ITEM(.type = BERM_TYPE_OF_STRING, .flags = BERM_ITEM_SENSITIVE, .as.s = {"pw", 2}),
        ITEM(.type = BERM_TYPE_OF_UNKNOWN),
    };
    berm_status status = push_item(b, BERM_EVENT_BEGIN_MAP, ITEM(0), NULL);
    if (!status) status = push_item(b, BERM_EVENT_KEY, TEXT_ITEM("all"), NULL);
    if (!status) status = push_item(b, BERM_EVENT_BEGIN_LIST, ITEM(0), NULL);
    for (size_t i = 0; i < sizeof items / sizeof *items && !status; i++)
        status = push_item(b, BERM_EVENT_SCALAR, items[i], NULL);
    if (!status) status = push_item(b, BERM_EVENT_END, ITEM(0), NULL);
    if (!status) status = push_item(b, BERM_EVENT_KEY, TEXT_ITEM("set"), NULL);
    if (!status) status = push_item(b, BERM_EVENT_BEGIN_SET, ITEM(0), NULL);
    if (!status) status = push_item(b, BERM_EVENT_SCALAR, items[2], NULL);
    if (!status) status = push_item(b, BERM_EVENT_END, ITEM(0), NULL);
    if (!status) status = push_item(b, BERM_EVENT_END, ITEM(0), NULL);
    return status;
}

/* Two documents of one builder, both under its name. */
static berm_status build_twice(void *ctx, said_text *said)
{
    berm_builder *b = NULL;
    berm_error err = {0};
    const berm_sink sink = sink_into(said);
    berm_status status = berm_builder_new(ctx, str_of("name"), &b, &err);
    assert_int_equal(status, err.status);
    for (int i = 0; i < 2 && !status; i++) {
        berm_doc *doc = NULL;
        status = push_all(b);
        if (!status) status = berm_builder_finish(b, &doc, &err);
        if (!status) {
            assert_int_equal(berm_doc_name(doc).len, 4);
            assert_int_equal(berm_value_json(berm_doc_root(doc, 0), &sink, NULL), BERM_OK);
        }
        berm_doc_unref(doc);
    }
    berm_builder_free(b);
    return status;
}

static void documents_hold_what_was_pushed(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    said_text said = {0};
#define BUILT \
    "{\"all\":[null,true,-3,3,2.5,\"/w==\",\"\",\"\",\"1970-01-01T00:00:00.000000005Z\",\"1s\"," \
    "\"(sensitive)\",\"(known after apply)\"],\"set\":[-3]}"
    assert_int_equal(build_twice(engine, &said), BERM_OK);
    assert_string_equal(said.ptr, BUILT BUILT);
    drop_said(&said);
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    expect_alloc_failures(&(alloc_case){.heap = &heap, .run = build_twice, .ctx = engine});
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(documents_hold_what_was_pushed),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
