/* Documents: encodings, formats, life. */
#include "data_help.h"

typedef struct doc_case {
    berm_limits limits;
    berm_doc *doc;
    berm_error err;
    berm_status status;
} doc_case;

static doc_case read_named(const char *name, berm_str text, berm_format format)
{
    doc_case c = {.limits = berm_limits_resolve(NULL)};
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &c.limits,
                      .name = berm_str_of(name),
                      .text = text,
                      .format = format};
    c.status = berm_doc_read(&read, &c.doc, &c.err);
    return c;
}

typedef struct format_case {
    const char *name, *text;
    berm_format format; /* AUTO: refused as JSON */
    uint32_t roots;
} format_case;

static void finds_the_format(void **state)
{
    (void)state;
    static const format_case cases[] = {
        {"", "{\"a\": 1}", BERM_FORMAT_JSON, 1},
        {"-", " \n[1, 2]\n", BERM_FORMAT_JSON, 1},
        {"x.txt", "[true]", BERM_FORMAT_JSON, 1},
        {"x.txt", "[[1]]", BERM_FORMAT_JSON, 1},
        {"x.txt", "[false]", BERM_FORMAT_JSON, 1},
        {"x.txt", "[null]", BERM_FORMAT_JSON, 1},
        {"x.txt", "[never]", BERM_FORMAT_YAML, 1},
        {"x.txt", "{}", BERM_FORMAT_JSON, 1},
        {"x.txt", "{\"a\":1}\n{\"a\":2}\n", BERM_FORMAT_NDJSON, 2},
        {"x.txt", "{\"a\":1} {\"a\":2}\n", BERM_FORMAT_AUTO, 0},
        {"x.json", "[1][2]", BERM_FORMAT_AUTO, 0},
        {"x.json", "{\"a\":1}\n{\"a\":2}\n", BERM_FORMAT_NDJSON, 2},
        {"x.JSON", "{a: 1}", BERM_FORMAT_AUTO, 0},
        {"x.txt", "{ // comment\n}", BERM_FORMAT_AUTO, 0},
        {"x.ndjson", "{\"a\":1}\n", BERM_FORMAT_NDJSON, 1},
        {"x.jsonl", "", BERM_FORMAT_NDJSON, 0},
        {"x.txt", "{a: 1}", BERM_FORMAT_YAML, 1},
        {"x.txt", "[a, b]", BERM_FORMAT_YAML, 1},
        {"x.yaml", "{\"a\": b}", BERM_FORMAT_YAML, 1},
        {"x.yml", "[1]", BERM_FORMAT_YAML, 1},
        {"x.txt", "a: 1", BERM_FORMAT_YAML, 1},
        {"x.txt", "- 1\n- 2\n", BERM_FORMAT_YAML, 1},
        {"x.txt", "--- 1\n--- 2\n", BERM_FORMAT_YAML, 2},
        {"x.txt", "# c\n{\"a\": 1}", BERM_FORMAT_YAML, 1},
        {"x.txt", "1\n2\n3", BERM_FORMAT_NDJSON, 3},
        {"x.txt", "\"a\"", BERM_FORMAT_JSON, 1},
        {"x.txt", "\"a\": 1", BERM_FORMAT_YAML, 1},
        {"x.txt", "name: x", BERM_FORMAT_YAML, 1},
        {"x.txt", "12:30", BERM_FORMAT_YAML, 1},
        {"x.txt", "null", BERM_FORMAT_JSON, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const format_case *f = &cases[i];
        doc_case c = read_named(f->name, berm_str_of(f->text), BERM_FORMAT_AUTO);
        if (f->format == BERM_FORMAT_AUTO) {
            if (c.status != BERM_E_SYNTAX || c.err.code > 199)
                fail_msg("%s: %d B%04u", f->text, c.status, c.err.code);
            continue;
        }
        if (c.status != BERM_OK) fail_msg("%s: %s: %s", f->name, f->text, c.err.message);
        if (c.doc->format != f->format || c.doc->root_count != f->roots) {
            fail_msg("%s: %s: format %d, %u roots", f->name, f->text, c.doc->format,
                     c.doc->root_count);
        }
        berm_doc_drop(c.doc);
    }
}

static void an_asked_format_is_kept(void **state)
{
    (void)state;
    doc_case c = read_named("x.yaml", BERM_STR("[1]"), BERM_FORMAT_JSON);
    assert_int_equal(c.status, BERM_OK);
    assert_int_equal(c.doc->format, BERM_FORMAT_JSON);
    berm_doc_drop(c.doc);
    assert_int_equal(read_named("x", BERM_STR("1\n2"), BERM_FORMAT_JSON).err.code, 103);
    assert_int_equal(read_named("x", BERM_STR("1"), BERM_FORMAT_BUILT).status, BERM_E_ARGUMENT);
}

#define UTF8_TEXT "{\"k\xc3\xa9\": \"\xf0\x9f\x98\x80\"}"

static void check_text(berm_str bytes, const char *wanted)
{
    doc_case c = read_named("x.json", bytes, BERM_FORMAT_AUTO);
    if (c.status != BERM_OK) fail_msg("refused: %s", c.err.message);
    assert_true(berm_str_is(c.doc->text, wanted));
    berm_doc_drop(c.doc);
}

static void converts_to_utf8(void **state)
{
    (void)state;
    check_text(BERM_STR(UTF8_TEXT), UTF8_TEXT);
    check_text(BERM_STR("\xef\xbb\xbf" UTF8_TEXT), UTF8_TEXT);
    check_text(BERM_STR("\xff\xfe{\0\"\0k\0\xe9\0\"\0:\0 \0\"\0\x3d\xd8\x00\xde\"\0}\0"),
               UTF8_TEXT);
    check_text(BERM_STR("\xfe\xff\0{\0\"\0k\0\xe9\0\"\0:\0 \0\"\xd8\x3d\xde\x00\0\"\0}"),
               UTF8_TEXT);
    check_text(BERM_STR("\xff\xfe\"\0\0\x41\"\0"), "\"\xe4\x84\x80\"");
    check_text(BERM_STR("[\0"
                        "1\0]\0"),
               "[1]");
    check_text(BERM_STR("\0[\0"
                        "1\0]"),
               "[1]");
}

/* A first character that has a zero byte is not UTF-32 yet. */
static void utf16_may_begin_with_any_character(void **state)
{
    (void)state;
    doc_case c = read_named("x.yaml", BERM_STR("\xff\xfe\0\1:\0 \0\61\0"), BERM_FORMAT_AUTO);
    assert_int_equal(c.status, BERM_OK);
    assert_true(berm_str_is(c.doc->text, "\xc4\x80: 1"));
    berm_doc_drop(c.doc);
}

static void check_no_text(berm_str bytes)
{
    doc_case c = read_named("x.json", bytes, BERM_FORMAT_AUTO);
    assert_null(c.doc);
    assert_int_equal(c.status, BERM_E_ENCODING);
    assert_int_equal(c.err.code, 113);
}

static void refuses_other_encodings(void **state)
{
    (void)state;
    check_no_text(BERM_STR("\xff\xfe[\0"
                           "1\0]"));                       /* half a unit */
    check_no_text(BERM_STR("\xff\xfe\"\0\x3d\xd8\"\0"));   /* half a pair */
    check_no_text(BERM_STR("\xff\xfe\"\0\x00\xde\"\0"));   /* the other half */
    check_no_text(BERM_STR("\xff\xfe\0\0[\0\0\0]\0\0\0")); /* UTF-32 */
    check_no_text(BERM_STR("[\0\0\0]\0\0\0"));
    check_no_text(BERM_STR("\0\0\0[\0\0\0]"));
    check_no_text(BERM_STR("\0"));
    check_no_text(BERM_STR("\xfe[1]"));
    check_no_text(BERM_STR("\xff[1]"));
    check_no_text(BERM_STR("[\"\xe9\"]")); /* Latin-1 */
}

static void count_release(void *ctx)
{
    ++*(int *)ctx;
}

static void hands_the_text_back_once(void **state)
{
    (void)state;
    berm_limits limits = berm_limits_resolve(NULL);
    static const char *const texts[] = {"[1]", "[1", "\xff"};
    for (size_t i = 0; i < 3; i++) {
        int released = 0;
        berm_read read = {.alloc = &berm_alloc_libc,
                          .limits = &limits,
                          .name = BERM_STR("x.json"),
                          .text = berm_str_of(texts[i]),
                          .own_text = true,
                          .release = count_release,
                          .release_ctx = &released};
        berm_doc *doc;
        berm_doc_read(&read, &doc, NULL);
        assert_int_equal(doc != NULL, i == 0);
        assert_int_equal(released, i != 0);
        berm_doc_drop(doc);
        assert_int_equal(released, 1);
    }
    /* A converted text is not needed any more. */
    int released = 0;
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .text = BERM_STR("[\0]\0"),
                      .own_text = true,
                      .release = count_release,
                      .release_ctx = &released};
    berm_doc *doc;
    assert_int_equal(berm_doc_read(&read, &doc, NULL), BERM_OK);
    assert_int_equal(released, 1);
    berm_doc_drop(doc);
    assert_int_equal(released, 1);
}

static void counts_references(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    char text[] = "[\"copied\"]";
    berm_limits limits = berm_limits_resolve(NULL);
    berm_read read = {.alloc = &alloc,
                      .limits = &limits,
                      .name = BERM_STR("n"),
                      .text = berm_str_of(text),
                      .copy_text = true};
    berm_doc *doc;
    assert_int_equal(berm_doc_read(&read, &doc, NULL), BERM_OK);
    memset(text, 0, sizeof text);
    assert_ptr_equal(berm_doc_hold(doc), doc);
    berm_doc_drop(doc);
    assert_true(heap.in_use > 0);
    assert_true(berm_str_is(doc->text, "[\"copied\"]"));
    assert_true(berm_str_is(doc->name, "n"));
    berm_doc_drop(doc);
    berm_doc_drop(NULL);
    assert_int_equal(heap.in_use, 0);
    assert_false(heap.wrong_len);
}

/* Registers hold copies of cells: their span is found as well, in both formats. */
/* Without memory for the document itself, the text goes back all the same. */
static void hands_the_text_back_without_memory(void **state)
{
    (void)state;
    berm_limits limits = berm_limits_resolve(NULL);
    for (int own = 0; own < 3; own++) {
        counted_heap heap = {.fail_at = 1};
        berm_alloc alloc = counted_alloc(&heap);
        int released = 0;
        berm_read read = {.alloc = &alloc,
                          .limits = &limits,
                          .text = BERM_STR("[1]"),
                          .own_text = own > 0,
                          .release = own > 1 ? count_release : NULL,
                          .release_ctx = &released};
        berm_doc *doc;
        assert_int_equal(berm_doc_read(&read, &doc, NULL), BERM_E_NOMEM);
        assert_null(doc);
        assert_int_equal(released, own > 1);
    }
}

/* What is no JSON and read as YAML then; nobody asks for the error. */
static void tries_yaml_without_an_error(void **state)
{
    (void)state;
    berm_limits limits = berm_limits_resolve(NULL);
    berm_read read = {.alloc = &berm_alloc_libc, .limits = &limits, .text = BERM_STR("name: x")};
    berm_doc *doc;
    assert_int_equal(berm_doc_read(&read, &doc, NULL), BERM_OK);
    assert_int_equal(doc->format, BERM_FORMAT_YAML);
    berm_doc_drop(doc);
}

/* Cells that are not of the document, or of no text. */
static void places_of_other_cells(void **state)
{
    (void)state;
    static const char *const names[] = {"x.json", "x.yaml"};
    for (size_t i = 0; i < 2; i++) {
        doc_case c = read_named(names[i], BERM_STR("[\"abc\", 22]"), BERM_FORMAT_AUTO);
        assert_int_equal(c.status, BERM_OK);
        berm_cell other = c.doc->cells[0];
        other.as.ref.len++;
        if (i == 1) assert_int_equal(berm_doc_span(c.doc, &other).len, 0);
        other.tag = BERM_TAG_BYTES;
        if (i == 1) assert_int_equal(berm_doc_span(c.doc, &other).len, 0);
        assert_int_equal(berm_doc_offset_in(c.doc, &c.doc->roots[0], 2), 0);
        assert_int_equal(berm_doc_offset_in(c.doc, &c.doc->cells[1], 1), 8);
        if (i == 0) {
            other = berm_cell_int(1);
            other.aux = BERM_NO_SPAN;
            assert_int_equal(berm_doc_offset_in(c.doc, &other, 1), BERM_NO_SPAN);
        }
        berm_doc_drop(c.doc);
    }
}

static void spans_of_copies(void **state)
{
    (void)state;
    static const char *const names[] = {"x.json", "x.yaml"};
    for (size_t i = 0; i < 2; i++) {
        doc_case c = read_named(names[i], BERM_STR("{\"a\": [1, \"b c\", {}], \"d\": 22}"),
                                BERM_FORMAT_AUTO);
        assert_int_equal(c.status, BERM_OK);
        for (uint32_t k = 0; k <= c.doc->store.cell_count; k++) {
            const berm_cell *at = k < c.doc->store.cell_count ? &c.doc->cells[k] : &c.doc->roots[0];
            bool is_key = k + 1 < c.doc->store.cell_count && at->tag == BERM_TAG_STRING &&
                          at->as.ref.len == 1;
            if (is_key) continue;
            berm_cell copy = *at;
            copy.store = 9;
            berm_span span = berm_doc_span(c.doc, at), other = berm_doc_span(c.doc, &copy);
            assert_true(span.len > 0);
            assert_int_equal(span.off, other.off);
            assert_int_equal(span.len, other.len);
        }
        berm_cell computed = berm_cell_int(5);
        assert_int_equal(berm_doc_span(c.doc, &computed).len, 0);
        berm_doc_drop(c.doc);
    }
}

/* What growing left over goes back when a large document is whole. */
static void large_documents_keep_no_slack(void **state)
{
    (void)state;
    berm_text json;
    berm_text_init(&json, &berm_alloc_libc);
    for (uint32_t i = 0; i < 50000; i++) berm_text_format(&json, "%c\"\\n%u\"", i ? ',' : '[', i);
    berm_text_putc(&json, ']');
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_limits limits = berm_limits_resolve(NULL);
    berm_read read = {.alloc = &alloc, .limits = &limits, .text = berm_text_view(&json)};
    berm_doc *doc;
    assert_int_equal(berm_doc_read(&read, &doc, NULL), BERM_OK);
    size_t needed = doc->store.cell_count * sizeof(berm_cell) + doc->store.text_len[1];
    assert_true(heap.in_use < needed + 2 * 65536 + sizeof *doc + 1024);
    assert_int_equal(doc->cells[49999].tag, BERM_TAG_STRING);
    berm_doc_drop(doc);
    assert_int_equal(heap.in_use, 0);
    assert_false(heap.wrong_len);
    berm_text_free(&json);
}

static void tells_diagnostics_of_every_failure(void **state)
{
    (void)state;
    berm_limits limits = berm_limits_resolve(&(berm_limits){.size = sizeof limits, .doc_len = 8});
    static const char *const texts[] = {"[1", "[\"\xe9\"]", "[1,2,3,4]", "[\0"};
    static const char *const codes[] = {"B0110", "B0113", "B0115", "B0113"};
    static const size_t lens[] = {2, 5, 9, 3};
    for (size_t i = 0; i < 4; i++) {
        berm_diags *diags = berm_diags_new(&berm_alloc_libc);
        berm_read read = {.alloc = &berm_alloc_libc,
                          .limits = &limits,
                          .name = BERM_STR("x.json"),
                          .text = {texts[i], lens[i]},
                          .diags = diags};
        berm_doc *doc;
        berm_error err;
        assert_int_not_equal(berm_doc_read(&read, &doc, &err), BERM_OK);
        size_t count;
        const berm_diag *items = berm_diags_list(diags, &count);
        assert_int_equal(count, 1);
        assert_true(berm_str_is(items[0].code, codes[i]));
        assert_true(berm_str_is(items[0].source, "x.json"));
        assert_true(berm_str_is(items[0].message, err.message));
        assert_int_equal(items[0].line, err.line);
        assert_int_equal(items[0].column, err.column);
        berm_diags_drop(diags);
    }
}

static void survives_every_failed_allocation(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        size_t len;
    } cases[] = {{"x.json", "[\0\"\0a\0\"\0]\0", 10}, {"x", "\"a\": 1", 6}};
    for (size_t i = 0; i < 2; i++) {
        for (size_t n = 1;; n++) {
            counted_heap heap = {.fail_at = n};
            berm_alloc alloc = counted_alloc(&heap);
            berm_limits limits = berm_limits_resolve(NULL);
            berm_read read = {.alloc = &alloc,
                              .limits = &limits,
                              .name = berm_str_of(cases[i].name),
                              .text = {cases[i].text, cases[i].len},
                              .copy_text = true};
            berm_doc *doc;
            berm_error err = {0};
            berm_status status = berm_doc_read(&read, &doc, &err);
            bool failed = heap.calls >= n;
            if (status != (failed ? BERM_E_NOMEM : BERM_OK))
                fail_msg("case %zu, %zu: %d %s", i, n, status, err.message);
            berm_doc_drop(doc);
            assert_int_equal(heap.in_use, 0);
            assert_false(heap.wrong_len);
            if (!failed) break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_format),
        cmocka_unit_test(an_asked_format_is_kept),
        cmocka_unit_test(converts_to_utf8),
        cmocka_unit_test(utf16_may_begin_with_any_character),
        cmocka_unit_test(refuses_other_encodings),
        cmocka_unit_test(hands_the_text_back_once),
        cmocka_unit_test(counts_references),
        cmocka_unit_test(hands_the_text_back_without_memory),
        cmocka_unit_test(tries_yaml_without_an_error),
        cmocka_unit_test(places_of_other_cells),
        cmocka_unit_test(spans_of_copies),
        cmocka_unit_test(large_documents_keep_no_slack),
        cmocka_unit_test(tells_diagnostics_of_every_failure),
        cmocka_unit_test(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
