/* Public values: what they unpack to, how they are walked, and how they are written. */
#include "api_help.h"

#define NOTHING ((berm_value){NULL, 0})

static void no_value_is_refused(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    berm_doc *doc = read_by(engine, "{\"a\": [1], \"\": 2}");
    said_text said = {0};
    const berm_sink sink = sink_into(&said), mute = {NULL, NULL};
    berm_value root = berm_doc_root(doc, 0), key, element;
    berm_item item;
    berm_error err;
    /* made up, as a caller's fault would */
    const berm_value beyond = {root.store, 1000}, no_root = {root.store, root.ref + 7};
    const berm_value none[] = {NOTHING, beyond, no_root, berm_doc_root(doc, 1),
                               berm_doc_root(NULL, 0)};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(berm_value_read(none[i], &item), BERM_E_ARGUMENT);
        assert_int_equal(item.type, BERM_TYPE_OF_MISSING);
        assert_int_equal(berm_value_at(none[i], 0, &key, &element), BERM_E_ARGUMENT);
        assert_int_equal(berm_value_find(none[i], str_of("a"), &element), BERM_E_ARGUMENT);
        assert_null(element.store);
        expect_refused(err, berm_value_json(none[i], &sink, &err), "value or sink is empty");
    }
    expect_refused(err, berm_value_json(root, NULL, &err), "value or sink is empty");
    expect_refused(err, berm_value_json(root, &mute, &err), "value or sink is empty");
    assert_int_equal(berm_value_read(root, NULL), BERM_E_ARGUMENT);
    assert_int_equal(berm_value_at(root, 0, &key, NULL), BERM_E_ARGUMENT);
    assert_int_equal(berm_value_at(root, 2, &key, &element), BERM_E_ARGUMENT);
    assert_int_equal(berm_value_find(root, str_of("a"), NULL), BERM_E_ARGUMENT);
    assert_int_equal(berm_value_find(root, (berm_str){NULL, 1}, &element), BERM_E_ARGUMENT);
    assert_null(said.ptr);
    berm_doc_unref(doc);
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

static void maps_and_lists_are_walked(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    berm_doc *doc = read_by(engine, "{\"a\": [1, \"x\\n\"], \"\": 2.5, \"ab\": 3}");
    berm_value root = berm_doc_root(doc, 0), list, member, key;
    berm_item item;
    assert_int_equal(berm_value_find(root, str_of("a"), &list), BERM_OK);
    assert_int_equal(berm_value_read(list, &item), BERM_OK);
    assert_true(item.type == BERM_TYPE_OF_LIST && item.count == 2);
    assert_int_equal(berm_value_find(list, str_of("a"), &member), BERM_E_ARGUMENT);
    assert_int_equal(berm_value_at(list, 1, NULL, &member), BERM_OK);
    assert_int_equal(berm_value_read(member, &item), BERM_OK);
    assert_true(item.count == 2 && memcmp(item.as.s.ptr, "x\n", 2) == 0);
    assert_int_equal(berm_value_at(member, 0, NULL, &list), BERM_E_ARGUMENT);
    assert_int_equal(berm_value_find(root, (berm_str){NULL, 0}, &member), BERM_OK);
    assert_int_equal(berm_value_read(member, &item), BERM_OK);
    assert_true(item.type == BERM_TYPE_OF_DOUBLE && item.as.d == 2.5);
    assert_int_equal(berm_value_find(root, str_of("b"), &member), BERM_OK);
    assert_null(member.store); /* there is none, which is no fault */
    assert_int_equal(berm_value_at(root, 2, &key, &member), BERM_OK);
    assert_int_equal(berm_value_read(key, &item), BERM_OK);
    assert_true(item.count == 2 && memcmp(item.as.s.ptr, "ab", 2) == 0);
    berm_doc_unref(doc);
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

static void sinks_may_refuse(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    berm_doc *doc = read_by(engine, "[1, null]");
    said_text said = {.refuses = true};
    const berm_sink sink = sink_into(&said);
    berm_error err;
    expect_failure(err, berm_value_json(berm_doc_root(doc, 0), &sink, &err), BERM_E_IO,
                   "the sink refused the text");
    said.refuses = false;
    assert_int_equal(berm_value_json(berm_doc_root(doc, 0), &sink, NULL), BERM_OK);
    assert_string_equal(said.ptr, "[1,null]");
    drop_said(&said);
    berm_doc_unref(doc);
    berm_engine_unref(engine);
}

/* What an expression gives: a value of the evaluation. */
static void check_value(const char *expression, uint32_t type, const char *json)
{
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    berm_source source = {.size = sizeof source,
                          .text = str_of(expression),
                          .role = BERM_ROLE_EXPRESSION};
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
    berm_policy *policy = NULL;
    berm_eval *eval = NULL;
    berm_value value;
    berm_item item;
    said_text said = {0};
    const berm_sink sink = sink_into(&said);
    assert_int_equal(berm_policy_compile(engine, &input, &policy, NULL, NULL), BERM_OK);
    assert_int_equal(berm_eval_new(engine, NULL, &eval, NULL), BERM_OK);
    assert_int_equal(berm_eval_call(eval, policy, NULL, (berm_time){0, 0}, &value, NULL), BERM_OK);
    assert_int_equal(berm_value_read(value, &item), BERM_OK);
    assert_int_equal(item.type, type);
    assert_int_equal(berm_value_json(value, &sink, NULL), BERM_OK);
    assert_string_equal(said.ptr, json);
    if (type == BERM_TYPE_OF_LIST) {
        berm_value element;
        assert_int_equal(berm_value_at(value, 0, NULL, &element), BERM_OK);
        assert_int_equal(berm_value_json(element, &sink, NULL), BERM_OK);
    }
    drop_said(&said);
    berm_eval_free(eval);
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

static void computed_values_are_told(void **state)
{
    (void)state;
    check_value("1u + 2u", BERM_TYPE_OF_UINT, "3");
    check_value("2.0 * 1.25", BERM_TYPE_OF_DOUBLE, "2.5");
    check_value("duration('1s') + duration('1s')", BERM_TYPE_OF_DURATION, "\"2s\"");
    check_value("timestamp('2026-11-28T00:00:00Z')", BERM_TYPE_OF_TIMESTAMP,
                "\"2026-11-28T00:00:00Z\"");
    check_value("b'a' + b'b'", BERM_TYPE_OF_BYTES, "\"YWI=\"");
    check_value("type(1)", BERM_TYPE_OF_TYPE, "\"int\"");
    check_value("[['a' + 'b'], [2]]", BERM_TYPE_OF_LIST, "[[\"ab\"],[2]]");
    check_value("{'a': [true]}", BERM_TYPE_OF_MAP, "{\"a\":[true]}");
    check_value("1 < 2", BERM_TYPE_OF_BOOL, "true");
    check_value("null", BERM_TYPE_OF_NULL, "null");
    check_value("optional.of(1)", BERM_TYPE_OF_OPTIONAL, "1");
}

/* Of a document as deep as its limits let it be. */
static void deep_documents_are_written(void **state)
{
    (void)state;
    static char text[2 * 4000 + 1];
    counted_heap heap = {0};
    const berm_limits limits = {.size = sizeof limits, .depth = 4000};
    berm_engine *engine = counted_engine(&heap, &limits);
    said_text said = {0};
    const berm_sink sink = sink_into(&said);
    memset(text, '[', 4000);
    memset(text + 4000, ']', 4000);
    berm_doc *doc = read_by(engine, text);
    assert_int_equal(berm_value_json(berm_doc_root(doc, 0), &sink, NULL), BERM_OK);
    assert_string_equal(said.ptr, text);
    drop_said(&said);
    berm_doc_unref(doc);
    berm_engine_unref(engine);
}

/* Writing a computed value is work of its evaluation: what that cannot pay for is said to be that,
   and nothing is written. */
static void written_with(const berm_limits *limits, const char *expression, const char *object,
                         berm_status wanted, const char *words)
{
    counted_heap heap = {0};
    berm_engine *engine = counted_engine(&heap, NULL);
    berm_doc *doc = read_by(engine, object);
    berm_source source = {.size = sizeof source,
                          .text = str_of(expression),
                          .role = BERM_ROLE_EXPRESSION};
    berm_compile_input input = {.size = sizeof input,
                                .sources = &source,
                                .source_count = 1,
                                .flags = BERM_COMPILE_NO_BUILTINS};
    berm_eval_options options = {.size = sizeof options, .limits = limits};
    berm_policy *policy = NULL;
    berm_eval *eval = NULL;
    berm_value value;
    berm_error err;
    said_text said = {0};
    const berm_sink sink = sink_into(&said);
    assert_int_equal(berm_policy_compile(engine, &input, &policy, NULL, NULL), BERM_OK);
    assert_int_equal(berm_eval_new(engine, &options, &eval, NULL), BERM_OK);
    assert_int_equal(berm_eval_call(eval, policy, doc, (berm_time){0, 0}, &value, NULL), BERM_OK);
    expect_failure(err, berm_value_json(value, &sink, &err), wanted, words);
    assert_null(said.ptr);
    berm_eval_free(eval);
    berm_policy_unref(policy);
    berm_doc_unref(doc);
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
}

static void writing_takes_what_is_left(void **state)
{
    (void)state;
    char list[4002];
    for (size_t i = 0; i < 2000; i++) memcpy(list + 2 * i, i ? ",1" : "[1", 2);
    memcpy(list + sizeof list - 2, "]", 2);
    written_with(&(berm_limits){.size = sizeof(berm_limits), .fuel = 1500}, "object", list,
                 BERM_E_FUEL, "the fuel is used up");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_value_is_refused),        cmocka_unit_test(maps_and_lists_are_walked),
        cmocka_unit_test(sinks_may_refuse),           cmocka_unit_test(computed_values_are_told),
        cmocka_unit_test(deep_documents_are_written), cmocka_unit_test(writing_takes_what_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
