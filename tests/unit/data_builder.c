/* Documents built by a host, event by event. */
#include "data/builder.h"
#include "data_help.h"

/* A script of events with blanks between: [ ] { } ( ) open and close list, map and set, what ends
   with a colon is a key, digits are an int, anything else is a string. */
static berm_status play(berm_builder *b, const char *script)
{
    berm_status status = BERM_OK;
    while (*script && status == BERM_OK) {
        size_t len = strcspn(script, " ");
        berm_str word = {script, len};
        berm_cell cell = berm_cell_of(BERM_TAG_STRING);
        if (word.ptr[0] >= '0' && word.ptr[0] <= '9') cell = berm_cell_int(atoi(script));
        if (berm_str_is(word, "[")) status = berm_build_open(b, BERM_TAG_LIST);
        else if (berm_str_is(word, "{")) status = berm_build_open(b, BERM_TAG_MAP);
        else if (berm_str_is(word, "(")) status = berm_build_open(b, BERM_TAG_SET);
        else if (len == 1 && strchr("]})", *script)) status = berm_build_close(b);
        else if (script[len - 1] == ':')
            status = berm_build_key(b, cell, (berm_str){script, len - 1});
        else status = berm_build_value(b, cell, word);
        script += len;
        script += *script == ' ';
    }
    return status;
}

static void check_built(const char *script, const char *wanted)
{
    berm_builder b;
    berm_doc *doc;
    assert_int_equal(berm_build_begin(&b, &berm_alloc_libc, NULL, BERM_STR("host"), false),
                     BERM_OK);
    assert_int_equal(play(&b, script), BERM_OK);
    assert_int_equal(berm_build_end(&b, &doc, NULL), BERM_OK);
    assert_int_equal(doc->format, BERM_FORMAT_BUILT);
    assert_true(berm_str_is(doc->name, "host"));
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 1 << 20);
    berm_cell root = doc->roots[0];
    root.store = berm_space_add(&space, &doc->store);
    check_printed(&space, root, wanted);
    assert_int_equal(berm_doc_span(doc, &doc->roots[0]).len, 0);
    berm_space_free(&space);
    berm_doc_drop(doc);
}

static void builds_documents(void **state)
{
    (void)state;
    check_built("5", "5");
    check_built("text", "\"text\"");
    check_built("[ ]", "[]");
    check_built("[ 1 a [ { } ] ]", "[1, \"a\", [{}]]");
    check_built("{ k: 1 m: { 7: x } l: [ 2 ] }", "{\"k\": 1, \"m\": {7: \"x\"}, \"l\": [2]}");
    check_built("( 1 2 )", "set([1, 2])");
    check_built("{ k: 1 k: 2 }", "{\"k\": 2}");
}

static void check_refused(const char *script, berm_status wanted, bool refuse_duplicates)
{
    berm_builder b;
    berm_doc *doc;
    berm_error err = {0};
    berm_limits limits = {.size = sizeof limits, .depth = 3, .string_len = 5, .node_count = 6};
    assert_int_equal(
        berm_build_begin(&b, &berm_alloc_libc, &limits, BERM_STR(""), refuse_duplicates), BERM_OK);
    berm_status status = play(&b, script);
    berm_status end = berm_build_end(&b, &doc, &err);
    assert_null(doc);
    if (end != wanted || err.status != wanted) fail_msg("%s: %d, wanted %d", script, end, wanted);
    if (status != BERM_OK) assert_int_equal(status, wanted);
    assert_true(strlen(err.message) > 8);
}

static void refuses_what_is_no_document(void **state)
{
    (void)state;
    check_refused("", BERM_E_STATE, false);
    check_refused("[", BERM_E_STATE, false);
    check_refused("1 2", BERM_E_STATE, false);
    check_refused("]", BERM_E_STATE, false);
    check_refused("[ ] ]", BERM_E_STATE, false);
    check_refused("[ ] [", BERM_E_STATE, false);
    check_refused("k:", BERM_E_STATE, false);
    check_refused("[ k: ]", BERM_E_STATE, false);
    check_refused("{ 1 }", BERM_E_STATE, false);
    check_refused("{ [ ] }", BERM_E_STATE, false);
    check_refused("{ k: }", BERM_E_STATE, false);
    check_refused("{ k: m: 1 }", BERM_E_STATE, false);
    check_refused("{ k: 1 2 }", BERM_E_STATE, false);
    check_refused("[ \xff ]", BERM_E_ENCODING, false);
    check_refused("{ \xc3\x28: 1 }", BERM_E_ENCODING, false);
    check_refused("[ [ [ [ ] ] ] ]", BERM_E_LIMIT, false);
    check_refused("[ abcdef ]", BERM_E_LIMIT, false);
    check_refused("[ 1 2 3 4 5 6 ]", BERM_E_LIMIT, false);
    check_refused("{ k: 1 k: 2 }", BERM_E_SYNTAX, true);
}

static berm_status build_scalar(berm_cell cell, berm_str text, berm_cell *out)
{
    berm_builder b;
    berm_doc *doc;
    assert_int_equal(berm_build_begin(&b, &berm_alloc_libc, NULL, BERM_STR(""), false), BERM_OK);
    berm_build_value(&b, cell, text);
    berm_status status = berm_build_end(&b, &doc, NULL);
    if (doc) *out = doc->roots[0];
    berm_doc_drop(doc);
    return status;
}

static void takes_only_values_that_documents_have(void **state)
{
    (void)state;
    berm_cell out;
    assert_int_equal(build_scalar(zoo_tagged(BERM_TAG_TIMESTAMP, 0, 999999999), BERM_STR(""), &out),
                     BERM_OK);
    assert_int_equal(out.aux, 999999999);
    assert_int_equal(
        build_scalar(zoo_tagged(BERM_TAG_TIMESTAMP, 0, 1000000000), BERM_STR(""), &out),
        BERM_E_ARGUMENT);
    assert_int_equal(build_scalar(zoo_tagged(BERM_TAG_TIMESTAMP, INT64_MAX, 0), BERM_STR(""), &out),
                     BERM_E_ARGUMENT);
    assert_int_equal(build_scalar(zoo_tagged(BERM_TAG_LIST, 0, 0), BERM_STR(""), &out),
                     BERM_E_ARGUMENT);
    assert_int_equal(build_scalar(zoo_tagged(BERM_TAG_ERROR, 0, 0), BERM_STR(""), &out),
                     BERM_E_ARGUMENT);
    assert_int_equal(build_scalar(zoo_tagged(BERM_TAG_OBJECT, 0, 0), BERM_STR(""), &out),
                     BERM_E_ARGUMENT);
    assert_int_equal(build_scalar(zoo_tagged((berm_tag)200, 0, 0), BERM_STR(""), &out),
                     BERM_E_ARGUMENT);
    assert_int_equal(build_scalar(zoo_tagged(BERM_TAG_BYTES, 0, 0), BERM_STR("\xff\0"), &out),
                     BERM_OK);
    assert_int_equal(out.as.ref.len, 2);
    berm_cell odd = {.tag = BERM_TAG_BOOL, .flags = 0xff, .store = 77, .as.u = 12};
    assert_int_equal(build_scalar(odd, BERM_STR(""), &out), BERM_OK);
    assert_int_equal(out.as.u, 1);
    assert_int_equal(out.flags, BERM_CELL_SENSITIVE);
    assert_int_equal(out.store, BERM_STORE_SELF);
    assert_int_equal(build_scalar(zoo_tagged(BERM_TAG_UNKNOWN, 99, 0), BERM_STR(""), &out),
                     BERM_OK);
    assert_int_equal(out.as.u, BERM_UNKNOWN_LEAF);
    berm_builder b;
    assert_int_equal(berm_build_begin(&b, &berm_alloc_libc, NULL, BERM_STR(""), false), BERM_OK);
    berm_build_open(&b, BERM_TAG_MAP);
    assert_int_equal(berm_build_key(&b, berm_cell_double(1), BERM_STR("")), BERM_E_ARGUMENT);
    assert_int_equal(berm_build_open(&b, BERM_TAG_LIST), BERM_E_ARGUMENT); /* a failure stays */
    berm_build_free(&b);
    berm_build_free(&b);
}

static void survives_every_failed_allocation(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        berm_builder b;
        berm_doc *doc = NULL;
        berm_status status = berm_build_begin(&b, &alloc, NULL, BERM_STR("host"), false);
        if (status == BERM_OK) {
            play(&b, "{ key: [ 1 some text ] other: { 1: 1 2: 2 1: 3 } }");
            status = berm_build_end(&b, &doc, NULL);
        }
        bool failed = heap.calls >= n;
        assert_int_equal(status, failed ? BERM_E_NOMEM : BERM_OK);
        berm_doc_drop(doc);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
        if (!failed) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_documents),
        cmocka_unit_test(refuses_what_is_no_document),
        cmocka_unit_test(takes_only_values_that_documents_have),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
