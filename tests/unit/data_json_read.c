/* The JSON reader: what it accepts, what it refuses and where, spans, limits, every failed
   allocation. */
#include "data_help.h"

#include "data/json_parts.h"
#include "data/tree.h"

typedef struct json_case {
    berm_limits limits;
    berm_read read;
    berm_doc *doc;
    berm_error err;
    berm_status status;
} json_case;

static void read_text(json_case *c, berm_str text)
{
    c->read.text = text;
    if (!c->read.alloc) c->read.alloc = &berm_alloc_libc;
    if (c->read.format == BERM_FORMAT_AUTO) c->read.format = BERM_FORMAT_JSON;
    c->limits.size = sizeof c->limits;
    c->limits = berm_limits_resolve(&c->limits);
    c->read.limits = &c->limits;
    c->status = berm_doc_read(&c->read, &c->doc, &c->err);
}

/* All roots as CEL text, a blank between them. */
static void print_roots(const berm_doc *doc, berm_text *out)
{
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 1 << 20);
    uint16_t id = berm_space_add(&space, &doc->store);
    for (uint32_t i = 0; i < doc->root_count; i++) {
        berm_cell root = doc->roots[i];
        root.store = id;
        if (i > 0) berm_text_putc(out, ' ');
        assert_true(berm_value_print(out, &space, root, false));
    }
    berm_space_free(&space);
}

static void check_text(berm_str json, berm_format format, const char *wanted)
{
    json_case c = {.read = {.format = format}};
    read_text(&c, json);
    if (c.status != BERM_OK) fail_msg("%.*s: refused: %s", (int)json.len, json.ptr, c.err.message);
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    print_roots(c.doc, &text);
    if (!berm_str_is(berm_text_view(&text), wanted)) {
        fail_msg("%.*s: read as %.*s, wanted %s", (int)json.len, json.ptr, (int)text.len, text.ptr,
                 wanted);
    }
    berm_text_free(&text);
    berm_doc_drop(c.doc);
}

static void check(const char *json, const char *wanted)
{
    check_text(berm_str_of(json), BERM_FORMAT_JSON, wanted);
}

static void reads_scalars(void **state)
{
    (void)state;
    check("null", "null");
    check("true", "true");
    check(" \t\r\nfalse\n", "false");
    check("\"\"", "\"\"");
    check("\"abc\"", "\"abc\"");
    check("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
    check("\"\x7f\"", "\"\x7f\"");
    check("\"12345678\"", "\"12345678\"");
    check("\"123456789\"", "\"123456789\"");
}

static void reads_numbers(void **state)
{
    (void)state;
    check("0", "0");
    check("-0", "0");
    check("7", "7");
    check("-12", "-12");
    check("9223372036854775807", "9223372036854775807");
    check("-9223372036854775808", "-9223372036854775808");
    check("9223372036854775808", "9223372036854775808u");
    check("18446744073709551615", "18446744073709551615u");
    check("18446744073709551616", "18446744073709552000.0");
    check("-9223372036854775809", "-9223372036854776000.0");
    check("99999999999999999999", "100000000000000000000.0");
    check("123456789012345678901234567890", "1.2345678901234568e+29");
    check("1.0", "1.0");
    check("-1.5e3", "-1500.0");
    check("1E+2", "100.0");
    check("1e-2", "0.01");
    check("0.1", "0.1");
    check("0e0", "0.0");
    check("1.7976931348623157e308", "1.7976931348623157e+308");
    check("5e-324", "5e-324");
    check("1e-400", "0.0");
    check("0e99999999999999999999", "0.0");
    check("2.2250738585072011e-308", "2.225073858507201e-308");
}

static void reads_containers(void **state)
{
    (void)state;
    check("[]", "[]");
    check("{}", "{}");
    check("[ ]", "[]");
    check("{ }", "{}");
    check("[1,[2,[3]],4]", "[1, [2, [3]], 4]");
    check("{\"a\":1,\"b\":{\"c\":[]},\"d\":[{},{}]}",
          "{\"a\": 1, \"b\": {\"c\": []}, \"d\": [{}, {}]}");
    check("\n{\n\t\"a\" :\r\n 1 , \"\" : 2 }\n", "{\"a\": 1, \"\": 2}");
}

static void decodes_escapes(void **state)
{
    (void)state;
    json_case c = {.limits = {0}};
    read_text(
        &c,
        BERM_STR("[\"a\\\"\\\\\\/\\b\\f\\n\\r\\tz\",\"\\u00e9\\u20AC\\ud83d\\ude00\",\"x\\u0000y\","
                 "\"plain\",\"\\uDBFF\\uDFFF\"]"));
    assert_int_equal(c.status, BERM_OK);
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 1 << 20);
    berm_cell root = c.doc->roots[0];
    root.store = berm_space_add(&space, &c.doc->store);
    const berm_str wanted[] = {BERM_STR("a\"\\/\b\f\n\r\tz"),
                               BERM_STR("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), BERM_STR("x\0y"),
                               BERM_STR("plain"), BERM_STR("\xf4\x8f\xbf\xbf")};
    for (uint32_t i = 0; i < 5; i++) {
        berm_cell cell = berm_list_at(&space, root, i);
        assert_true(berm_str_equal(berm_text_of(&space, cell), wanted[i]));
        assert_int_equal((cell.flags & BERM_CELL_DECODED) != 0, i != 3);
    }
    /* Text without escapes is not copied. */
    assert_ptr_equal(berm_text_of(&space, berm_list_at(&space, root, 3)).ptr,
                     strstr(c.doc->text.ptr, "plain"));
    berm_space_free(&space);
    berm_doc_drop(c.doc);
}

typedef struct refusal {
    const char *json;
    uint32_t code, line, column;
} refusal;

static const refusal refusals[] = {
    {"", 101, 1, 1},
    {" \n ", 101, 2, 2},
    {"nul", 102, 1, 1},
    {"nulL", 102, 1, 1},
    {"True", 102, 1, 1},
    {"NaN", 102, 1, 1},
    {"-Infinity", 102, 1, 1},
    {"'a'", 102, 1, 1},
    {"]", 102, 1, 1},
    {"[1,]", 102, 1, 4},
    {"[,1]", 102, 1, 2},
    {"{\"a\":}", 102, 1, 6},
    {"+1", 102, 1, 1},
    {".5", 102, 1, 1},
    {"\xc3\xa9", 102, 1, 1},
    {"1 2", 103, 1, 3},
    {"1\n2", 103, 2, 1},
    {"{}}", 103, 1, 3},
    {"[]]", 103, 1, 3},
    {"nullx", 103, 1, 5},
    {"\"a\nb\"", 104, 1, 3},
    {"\"a\tb\"", 104, 1, 3},
    {"\"abcdefgh\x01\"", 104, 1, 10},
    {"\"\\\n\"", 104, 1, 3},
    {"\"\\x41\"", 105, 1, 2},
    {"\"ab\\u12g4\"", 105, 1, 4},
    {"\"\\u123\"", 105, 1, 2},
    {"\"\\ud800\"", 105, 1, 2},
    {"\"\\ud800\\u0041\"", 105, 1, 2},
    {"\"\\ud800x\"", 105, 1, 2},
    {"\"a\\udc00\"", 105, 1, 3},
    {"{\"\\a\":1}", 105, 1, 3},
    {"01", 106, 1, 1},
    {"-", 106, 1, 2},
    {"-a", 106, 1, 2},
    {"[-01]", 106, 1, 2},
    {"1.", 106, 1, 3},
    {"1.e5", 106, 1, 3},
    {"1e", 106, 1, 3},
    {"1e+", 106, 1, 4},
    {"[1e400]", 107, 1, 2},
    {"-1e309", 107, 1, 1},
    {"[1 2]", 108, 1, 4},
    {"[1:2]", 108, 1, 3},
    {"[1}", 108, 1, 3},
    {"{\"a\" 1}", 108, 1, 6},
    {"{\"a\":1 \"b\":2}", 108, 1, 8},
    {"{\"a\":1]", 108, 1, 7},
    {"[1.2.3]", 108, 1, 5},
    {"[0x1]", 108, 1, 3},
    {"[\"a\"b]", 108, 1, 5},
    {"{a:1}", 109, 1, 2},
    {"{\"a\":1,}", 109, 1, 8},
    {"{1:2}", 109, 1, 2},
    {"{,}", 109, 1, 2},
    {"{\n  \"\xc3\xa9\": 1,\n  'b': 2}", 109, 3, 3},
    {"[", 110, 1, 2},
    {"{", 110, 1, 2},
    {"[1", 110, 1, 3},
    {"[1,", 110, 1, 4},
    {"{\"a\"", 110, 1, 5},
    {"{\"a\":", 110, 1, 6},
    {"{\"a\":1", 110, 1, 7},
    {"{\"a\":1,", 110, 1, 8},
    {"{\"a\":[1, \n{", 110, 2, 2},
    {"[\"abc", 110, 1, 2},
    {"\"abc\\\"", 110, 1, 1},
    {"\"abc\\", 110, 1, 1},
    {"// c\n1", 118, 1, 1},
    {"[1, /* c */ 2]", 118, 1, 5},
    {"[1 /* c */, 2]", 118, 1, 4},
    {"{\"a\": 1, // c\n\"b\": 2}", 118, 1, 10},
    {"{# c\n}", 118, 1, 2},
    {"1 # c", 118, 1, 3},
};

static void refuses_with_the_exact_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const refusal *r = &refusals[i];
        json_case c = {.limits = {0}};
        read_text(&c, berm_str_of(r->json));
        assert_null(c.doc);
        if (c.status != BERM_E_SYNTAX || c.err.status != BERM_E_SYNTAX || c.err.code != r->code ||
            c.err.line != r->line || c.err.column != r->column) {
            fail_msg("%s: status %d, B%04u at %u:%u (%s); wanted B%04u at %u:%u", r->json, c.status,
                     c.err.code, c.err.line, c.err.column, c.err.message, r->code, r->line,
                     r->column);
        }
        assert_true(strlen(c.err.message) > 8);
    }
}

/* Every prefix of a document is refused, and reading it looks at no byte behind it: the text is a
   block of its own. */
static void refuses_every_prefix(void **state)
{
    (void)state;
    const char whole[] = "{\"k\\n\": [1, -2.5e+3, true, false, null, \"\\ud83d\\ude00 \xc3\xa9\"], "
                         "\"\": {\"x\": {}}}";
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        char *block = malloc(len + (len == 0));
        assert_non_null(block);
        memcpy(block, whole, len);
        json_case c = {.limits = {0}};
        read_text(&c, (berm_str){block, len});
        if (c.status != BERM_E_SYNTAX && c.status != BERM_E_ENCODING)
            fail_msg("prefix of %zu bytes accepted", len);
        free(block);
    }
    check(whole, "{\"k\\n\": [1, -2500.0, true, false, null, \"\xf0\x9f\x98\x80 \xc3\xa9\"], \"\": "
                 "{\"x\": {}}}");
}

static void refuses_bytes_that_are_no_utf8(void **state)
{
    (void)state;
    static const char *const texts[] = {"\"\xff\"",         "\"ab\xc3\"",           "\"\xc0\x80\"",
                                        "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "[1,\x80]"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_case c = {.limits = {0}};
        read_text(&c, berm_str_of(texts[i]));
        assert_int_equal(c.status, BERM_E_ENCODING);
        assert_int_equal(c.err.code, 113);
    }
}

/* --- repeated keys --- */

static void last_of_repeated_keys_wins(void **state)
{
    (void)state;
    check("{\"a\":1,\"b\":2,\"a\":3}", "{\"a\": 3, \"b\": 2}");
    check("{\"a\":1,\"\\u0061\":2,\"a\":[3]}", "{\"a\": [3]}");
    check("{\"a\":{\"x\":1,\"x\":2},\"A\":0}", "{\"a\": {\"x\": 2}, \"A\": 0}");
}

static void warns_of_repeated_keys_with_both_places(void **state)
{
    (void)state;
    berm_diags *diags = berm_diags_new(&berm_alloc_libc);
    json_case c = {.read = {.diags = diags, .name = BERM_STR("a.json")}};
    read_text(&c, BERM_STR("{\n  \"size\": 1,\n  \"b\": {},\n  \"size\": 2\n}"));
    assert_int_equal(c.status, BERM_OK);
    size_t count;
    const berm_diag *items = berm_diags_list(diags, &count);
    assert_int_equal(count, 1);
    assert_true(berm_str_is(items[0].code, "B0111"));
    assert_int_equal(items[0].severity, BERM_DIAG_WARNING);
    assert_true(berm_str_is(items[0].message,
                            "the key \"size\" is already at line 2, column 3; this one counts"));
    assert_int_equal(items[0].line, 4);
    assert_int_equal(items[0].column, 3);
    assert_int_equal(items[0].end_column, 9);
    assert_int_equal(berm_diags_error_count(diags), 0);
    berm_doc_drop(c.doc);
    berm_diags_drop(diags);
}

static void refuses_repeated_keys_on_request(void **state)
{
    (void)state;
    berm_diags *diags = berm_diags_new(&berm_alloc_libc);
    json_case c = {.read = {.refuse_duplicates = true, .diags = diags}};
    read_text(&c, BERM_STR("{\"a\":1,\n\"a\":2,\"a\":3}"));
    assert_int_equal(c.status, BERM_E_SYNTAX);
    assert_int_equal(c.err.code, 112);
    assert_int_equal(c.err.line, 2);
    assert_int_equal(c.err.column, 1);
    assert_string_equal(c.err.message, "the key \"a\" is already at line 1, column 2");
    assert_int_equal(berm_diags_error_count(diags), 1);
    berm_diags_drop(diags);
}

/* Maps over 16 members find repeats through the permutation: all of them, in any place. */
static void settles_repeats_of_large_maps(void **state)
{
    (void)state;
    berm_text json;
    berm_text_init(&json, &berm_alloc_libc);
    berm_text_putc(&json, '{');
    for (uint32_t i = 0; i < 300; i++)
        berm_text_format(&json, "%s\"k%u\":%u", i ? "," : "", i % 100, i);
    berm_text_putc(&json, '}');
    berm_diags *diags = berm_diags_new(&berm_alloc_libc);
    json_case c = {.read = {.diags = diags}};
    read_text(&c, berm_text_view(&json));
    assert_int_equal(c.status, BERM_OK);
    size_t count;
    berm_diags_list(diags, &count);
    assert_int_equal(count, 200);
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 1 << 20);
    berm_cell root = c.doc->roots[0];
    root.store = berm_space_add(&space, &c.doc->store);
    assert_int_equal(root.as.ref.len, 100);
    for (uint32_t i = 0; i < 100; i++) {
        char name[8];
        berm_format_into(name, sizeof name, "k%u", i);
        assert_int_equal(berm_map_find_text(&space, root, berm_str_of(name)).as.i, 200 + i);
        assert_true(berm_str_is(berm_text_of(&space, berm_map_key_at(&space, root, i)), name));
    }
    assert_int_equal(berm_map_find_text(&space, root, BERM_STR("k100")).tag, BERM_TAG_MISSING);
    berm_space_free(&space);
    berm_doc_drop(c.doc);
    berm_diags_drop(diags);
    berm_text_free(&json);
}

/* --- spans --- */

static void check_span(const berm_doc *doc, const berm_cell *cell, const char *wanted)
{
    berm_span span = berm_doc_span(doc, cell);
    berm_str got = berm_str_cut(doc->text, (size_t)span.off, (size_t)(span.off + span.len));
    if (!berm_str_is(got, wanted))
        fail_msg("span is %.*s, wanted %s", (int)got.len, got.ptr, wanted);
}

static void knows_the_span_of_every_node(void **state)
{
    (void)state;
    const char json[] = " {\"a]\\\"\" : [1, -2.5 , \"x]\\\"y\\\\\", true\n,null, {}, [ ] ]} ";
    json_case c = {.limits = {0}};
    read_text(&c, berm_str_of(json));
    assert_int_equal(c.status, BERM_OK);
    const berm_cell *root = &c.doc->roots[0];
    check_span(c.doc, root, "{\"a]\\\"\" : [1, -2.5 , \"x]\\\"y\\\\\", true\n,null, {}, [ ] ]}");
    const berm_cell *list = c.doc->cells + root->as.ref.off + 1;
    check_span(c.doc, list, "[1, -2.5 , \"x]\\\"y\\\\\", true\n,null, {}, [ ] ]");
    static const char *const wanted[] = {"1",  "-2.5", "\"x]\\\"y\\\\\"", "true", "null",
                                         "{}", "[ ]"};
    for (uint32_t i = 0; i < 7; i++)
        check_span(c.doc, c.doc->cells + list->as.ref.off + i, wanted[i]);
    berm_cell copy = *list;
    copy.store = 5;
    check_span(c.doc, &copy, "[1, -2.5 , \"x]\\\"y\\\\\", true\n,null, {}, [ ] ]");
    berm_doc_drop(c.doc);
}

static void spans_end_where_the_next_document_starts(void **state)
{
    (void)state;
    json_case c = {.read = {.format = BERM_FORMAT_NDJSON}};
    read_text(&c, BERM_STR("-6e+1 [7]true\n\"x\"false {}null\t0"));
    static const char *const wanted[] = {"-6e+1", "[7]", "true", "\"x\"",
                                         "false", "{}",  "null", "0"};
    assert_int_equal(c.doc->root_count, 8);
    for (uint32_t i = 0; i < 8; i++) check_span(c.doc, &c.doc->roots[i], wanted[i]);
    berm_doc_drop(c.doc);
}

static void finds_offsets_inside_strings(void **state)
{
    (void)state;
    /*                          0 1 2 3  45  67..    */
    const char json[] = "[\"ab\\n\\u00e9c\\ud83d\\ude00!\", \"plain\"]";
    json_case c = {.limits = {0}};
    read_text(&c, berm_str_of(json));
    const berm_cell *cell = c.doc->cells + c.doc->roots[0].as.ref.off;
    static const uint32_t wanted[] = {2, 3, 4, 6, 6, 12, 13, 13, 13, 13, 25, 26, 26};
    for (uint32_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        assert_int_equal(berm_doc_offset_in(c.doc, cell, i), wanted[i]);
    }
    for (uint32_t i = 0; i <= 5; i++)
        assert_int_equal(berm_doc_offset_in(c.doc, cell + 1, i), 30 + i);
    berm_doc_drop(c.doc);
}

/* Of texts that are no documents: nothing is read behind their end. */
static void places_stay_inside(void **state)
{
    (void)state;
    uint32_t code;
    assert_int_equal(berm_json_value_end(BERM_STR("[1]"), 3), 3);
    assert_int_equal(berm_json_value_end(BERM_STR("12"), 0), 2);
    assert_int_equal(berm_json_value_end(BERM_STR("fal"), 0), 3);
    assert_int_equal(berm_json_value_end(BERM_STR("\"ab"), 0), 3);
    assert_int_equal(berm_json_offset_in(BERM_STR("\"ab"), 0, 9), 3);
    assert_int_equal(berm_json_offset_in(BERM_STR("\"a\\xb\""), 0, 2), 2);
    assert_int_equal(berm_json_escape(BERM_STR("\\"), &code), 0);
    assert_int_equal(berm_json_escape(BERM_STR("\\ud83d\\ue000"), &code), 0);
    assert_int_equal(code, BERM_JSON_LONE_SURROGATE);
}

/* --- streams --- */

static void reads_streams(void **state)
{
    (void)state;
    check_text(BERM_STR("{\"a\":1}\n{\"a\":2}\r\n\n[]\n"), BERM_FORMAT_NDJSON,
               "{\"a\": 1} {\"a\": 2} []");
    check_text(BERM_STR("{}{}[1]2 \"x\"true"), BERM_FORMAT_NDJSON, "{} {} [1] 2 \"x\" true");
    check_text(BERM_STR(""), BERM_FORMAT_NDJSON, "");
    check_text(BERM_STR("\n\n"), BERM_FORMAT_NDJSON, "");
    static const char *const glued[] = {"12-1", "6[1]", "truefalse", "null{}", "1\"a\""};
    for (size_t i = 0; i < sizeof glued / sizeof *glued; i++) {
        json_case g = {.read = {.format = BERM_FORMAT_NDJSON}};
        read_text(&g, berm_str_of(glued[i]));
        assert_int_equal(g.err.code, 103);
    }
    json_case c = {.read = {.format = BERM_FORMAT_NDJSON}};
    read_text(&c, BERM_STR("{\"a\":1}\n{\"a\":}\n"));
    assert_int_equal(c.err.code, 102);
    assert_int_equal(c.err.line, 2);
    assert_int_equal(c.err.column, 6);
}

/* --- limits --- */

static void check_limit(berm_limits limits, const char *json, uint32_t code)
{
    json_case c = {.limits = limits};
    read_text(&c, berm_str_of(json));
    if (code == 0) {
        if (c.status != BERM_OK) fail_msg("%s: %s", json, c.err.message);
        berm_doc_drop(c.doc);
        return;
    }
    assert_null(c.doc);
    if (c.status != BERM_E_LIMIT || c.err.code != code)
        fail_msg("%s: status %d, B%04u", json, c.status, c.err.code);
}

static void keeps_to_its_limits(void **state)
{
    (void)state;
    check_limit((berm_limits){.depth = 3}, "[[[1]]]", 0);
    check_limit((berm_limits){.depth = 3}, "[[{}],{\"a\":[]}]", 0);
    check_limit((berm_limits){.depth = 3}, "[[[[]]]]", 114);
    check_limit((berm_limits){.depth = 3}, "[[{\"a\":{}}]]", 114);
    check_limit((berm_limits){.node_count = 4}, "[1,{\"a\":2}]", 0);
    check_limit((berm_limits){.node_count = 4}, "[1,{\"a\":2},3]", 116);
    check_limit((berm_limits){.string_len = 4}, "[\"abcd\"]", 0);
    check_limit((berm_limits){.string_len = 4}, "[\"abcde\"]", 117);
    check_limit((berm_limits){.string_len = 4}, "{\"abcde\":1}", 117);
    check_limit((berm_limits){.string_len = 4}, "[\"\\u0061bcd\"]", 0);
    check_limit((berm_limits){.string_len = 4}, "[\"\\u0061bcde\"]", 117);
    check_limit((berm_limits){.doc_len = 6}, "[1234]", 0);
    check_limit((berm_limits){.doc_len = 6}, "[12345]", 115);
}

/* A hundred thousand brackets, open or closed: refused at the limit, at its place, without
   recursion. */
static void refuses_deep_nesting(void **state)
{
    (void)state;
    size_t half = 100000;
    char *json = malloc(2 * half);
    assert_non_null(json);
    memset(json, '[', half);
    memset(json + half, ']', half);
    json_case c = {.limits = {0}};
    read_text(&c, (berm_str){json, 2 * half});
    assert_int_equal(c.status, BERM_E_LIMIT);
    assert_int_equal(c.err.code, 114);
    assert_int_equal(c.err.column, 513);
    json_case deep = {.limits = {.depth = 4096}};
    read_text(&deep, (berm_str){json + half - 4096, 8192});
    assert_int_equal(deep.status, BERM_OK);
    berm_doc_drop(deep.doc);
    free(json);
}

/* --- memory --- */

static berm_status read_with(counted_heap *heap, const char *json, bool copy)
{
    berm_alloc alloc = counted_alloc(heap);
    berm_diags *diags = berm_diags_new(&alloc);
    json_case c = {
        .read = {.alloc = &alloc, .diags = diags, .name = BERM_STR("a.json"), .copy_text = copy}};
    read_text(&c, berm_str_of(json));
    bool lost = berm_diags_failed(diags);
    berm_doc_drop(c.doc);
    berm_diags_drop(diags);
    if (!diags) return BERM_E_NOMEM;
    /* A warning that could not be kept is told by the list; the document itself is whole. */
    return c.status == BERM_OK && lost ? BERM_E_NOMEM : c.status;
}

static void survives_every_failed_allocation(void **state)
{
    (void)state;
    berm_text json;
    berm_text_init(&json, &berm_alloc_libc);
    berm_text_put(
        &json,
        BERM_STR("{\"esc\\u0061ped\": \"a\\nb\", \"dup\": 1, \"dup\": [[1.5], {}], \"big\": {"));
    for (uint32_t i = 0; i < 60; i++)
        berm_text_format(&json, "%s\"k%u\": [%u]", i ? "," : "", i % 50, i);
    berm_text_put(&json, BERM_STR("}}"));
    berm_text_putc(&json, '\0');
    for (int copy = 0; copy < 2; copy++) {
        counted_heap whole = {0};
        assert_int_equal(read_with(&whole, json.ptr, copy), BERM_OK);
        assert_int_equal(whole.in_use, 0);
        assert_true(whole.calls > 10);
        for (size_t n = 1; n <= whole.calls; n++) {
            counted_heap heap = {.fail_at = n};
            berm_status status = read_with(&heap, json.ptr, copy);
            if (status != BERM_E_NOMEM)
                fail_msg("allocation %zu of %zu failed: status %d", n, whole.calls, status);
            assert_int_equal(heap.in_use, 0);
            assert_false(heap.wrong_len);
        }
    }
    berm_text_free(&json);
}

/* The plain reader, which others go in front of: wherever its arrays happen to be full. */
static void survives_failed_allocations_anywhere(void **state)
{
    (void)state;
    for (uint32_t lead = 0; lead < 40; lead++) {
        char json[400] = "[0";
        for (uint32_t i = 0; i < lead; i++) strcat(json, ",1");
        strcat(json, ",{\"a\":\"\\n\",\"b\":[1.5,{}],\"c\":null,\"d\":18446744073709551616}]");
        berm_status status = BERM_E_NOMEM;
        for (size_t n = 1; status != BERM_OK; n++) {
            counted_heap heap = {.fail_at = n};
            berm_alloc alloc = counted_alloc(&heap);
            json_case c = {.read = {.alloc = &alloc, .kernel = BERM_KERNEL_PLAIN}};
            read_text(&c, berm_str_of(json));
            status = c.status;
            assert_true(status == BERM_OK || status == BERM_E_NOMEM);
            berm_doc_drop(c.doc);
            assert_int_equal(heap.in_use, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_scalars),
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(reads_containers),
        cmocka_unit_test(decodes_escapes),
        cmocka_unit_test(refuses_with_the_exact_place),
        cmocka_unit_test(refuses_every_prefix),
        cmocka_unit_test(refuses_bytes_that_are_no_utf8),
        cmocka_unit_test(last_of_repeated_keys_wins),
        cmocka_unit_test(warns_of_repeated_keys_with_both_places),
        cmocka_unit_test(refuses_repeated_keys_on_request),
        cmocka_unit_test(settles_repeats_of_large_maps),
        cmocka_unit_test(knows_the_span_of_every_node),
        cmocka_unit_test(spans_end_where_the_next_document_starts),
        cmocka_unit_test(finds_offsets_inside_strings),
        cmocka_unit_test(places_stay_inside),
        cmocka_unit_test(reads_streams),
        cmocka_unit_test(keeps_to_its_limits),
        cmocka_unit_test(refuses_deep_nesting),
        cmocka_unit_test(survives_every_failed_allocation),
        cmocka_unit_test(survives_failed_allocations_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
