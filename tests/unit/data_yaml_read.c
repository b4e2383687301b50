#include "data_yaml_help.h"

#include "base/utf8.h"

static void collections(void **state)
{
    (void)state;
    check_read("a: 1\nb:\n- x\n- {c: [], d: {}}\n", "{\"a\":1,\"b\":[\"x\",{\"c\":[],\"d\":{}}]}");
    check_read("- - 1\n  - 2\n- - 3\n", "[[1,2],[3]]");
    check_read("[a: 1, b]", "[{\"a\":1},\"b\"]");
    check_read("? a\n: b\n? c\n", "{\"a\":\"b\",\"c\":null}");
    check_read("{a, b: , \"c\":d}", "{\"a\":null,\"b\":null,\"c\":\"d\"}");
    check_read("plain\n", "\"plain\"");
}

static void schemas(void **state)
{
    (void)state;
    const char *text = "[yes, off, 0444, 0o17, 1_0, ~, 1.5, 22:22, \"yes\"]";
    check_read_as(text, BERM_YAML_CORE,
                  "[\"yes\",\"off\",444,15,\"1_0\",null,1.5,\"22:22\",\"yes\"]");
    check_read_as(text, BERM_YAML_11, "[true,false,292,15,10,null,1.5,\"22:22\",\"yes\"]");
}

static void keys_are_their_text(void **state)
{
    (void)state;
    for (int schema = 0; schema < 2; schema++) {
        check_read_as("on: [push]\ntrue: 1\n80: 2\n~: 3\n0x10: 4\n1.50: 5\n",
                      (berm_yaml_schema)schema,
                      "{\"on\":[\"push\"],\"true\":1,\"80\":2,\"~\":3,\"0x10\":4,\"1.50\":5}");
    }
    check_read("\"a\\tb\": 1\n'c''d': 2\n?\n: 3\n", "{\"a\\tb\":1,\"c'd\":2,\"\":3}");
    check_read("&k key: 1\nother: *k\n", "{\"key\":1,\"other\":\"key\"}");
    check_read("a: &v 0x10\n*v : b\n", "{\"a\":16,\"0x10\":\"b\"}");
    check_read("a: &v >-\n  x\n  y\n*v : b\n", "{\"a\":\"x y\",\"x y\":\"b\"}");
}

static void keys_that_are_refused(void **state)
{
    (void)state;
    check_refused("? [a, b]\n: c\n", BERM_E_SYNTAX, 205, 2);
    check_refused("{a: 1}: c\n", BERM_E_SYNTAX, 205, 0);
    check_refused("x: &a [1]\n*a : c\n", BERM_E_SYNTAX, 205, 10);
    check_refused("x: &a !Ref y\n*a : c\n", BERM_E_SYNTAX, 205, 13);
}

static void repeated_keys(void **state)
{
    (void)state;
    check_read("a: 1\nb: 2\na: 3\n", "{\"a\":3,\"b\":2}");
    yaml_case c = {.read = {.refuse_duplicates = true}};
    read_case(&c, "a: 1\nb: 2\na: 3\n");
    assert_int_equal(c.status, BERM_E_SYNTAX);
    assert_int_equal(c.err.code, 112);
    assert_int_equal(c.err.off, 10);
    assert_int_equal(c.err.line, 3);
}

static void aliases_share_their_node(void **state)
{
    (void)state;
    check_read("a: &x [1, {b: 2}]\nc: *x\nd: [*x, *x]\n",
               "{\"a\":[1,{\"b\":2}],\"c\":[1,{\"b\":2}],\"d\":[[1,{\"b\":2}],[1,{\"b\":2}]]}");
    check_read("[&a 1, *a, &a 2, *a]", "[1,1,2,2]");
    check_read("[&a [&a 1], *a]",
               "[[1],1]"); /* the later definition counts, though it ends first */
    check_read("[&a , *a]", "[null,null]");
    yaml_case c = {.limits = {0}};
    read_case(&c, "a: &x [1, 2]\nb: *x\n");
    assert_int_equal(c.status, BERM_OK);
    assert_int_equal(find_cell(c.doc, 0, "a")->as.ref.off, find_cell(c.doc, 0, "b")->as.ref.off);
    check_span(c.doc, "b", "[1, 2]"); /* the anchor's place */
    check_span(c.doc, "", "a: &x [1, 2]\nb: *x");
    berm_doc_drop(c.doc);
}

static void aliases_that_are_refused(void **state)
{
    (void)state;
    check_refused("a: *x\n", BERM_E_SYNTAX, 202, 3);
    check_refused("--- &x a\n--- *x\n", BERM_E_SYNTAX, 202, 13); /* names end with their document */
    check_refused("a: &x [b, *x]\n", BERM_E_SYNTAX, 208, 10);
    check_refused("&x {a: {<<: *x}}\n", BERM_E_SYNTAX, 208, 12);
}

/* Ten levels, each repeating the one below ten times: thousands of millions of nodes. */
static void bombs(void **state)
{
    (void)state;
    char text[2048], *p = text;
    p += sprintf(p, "a: &a0 lol\n");
    for (int i = 1; i <= 9; i++) {
        p += sprintf(p, "k%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++) p += sprintf(p, "%s*a%d", k ? "," : "", i - 1);
        p += sprintf(p, "]\n");
    }
    yaml_case c = {.limits = {0}};
    read_case(&c, text);
    assert_int_equal(c.status, BERM_E_LIMIT);
    assert_int_equal(c.err.code, 203);
    assert_null(c.doc);

    yaml_case few = {.limits = {.size = sizeof few.limits, .alias_count = 3}};
    read_case(&few, "[&a [1], *a, *a]");
    assert_int_equal(few.err.code, 203);
    few = (yaml_case){.limits = {.size = sizeof few.limits, .alias_count = 4}};
    read_case(&few, "[&a [1], *a, *a]");
    assert_int_equal(few.status, BERM_OK);
    berm_doc_drop(few.doc);

    yaml_case nodes = {.limits = {.size = sizeof nodes.limits, .node_count = 30}};
    read_case(&nodes, "[&a [1,2,3,4,5,6,7,8,9,0], *a, *a]");
    assert_int_equal(nodes.err.code, 203);

    /* Merging counts what is merged, in one map as in many. */
    yaml_case merges = {.limits = {.size = sizeof merges.limits, .alias_count = 20}};
    read_case(&merges, "- &a {a: 1, b: 2, c: 3}\n- <<: [*a, *a, *a, *a, *a, *a]\n");
    assert_int_equal(merges.err.code, 203);
}

static void depth(void **state)
{
    (void)state;
    yaml_case c = {.limits = {.size = sizeof c.limits, .depth = 3}};
    read_case(&c, "[[[1]]]");
    assert_int_equal(c.status, BERM_OK);
    berm_doc_drop(c.doc);
    const char *deeper[] = {"[[[[1]]]]",
                            "- - - - 1",
                            "a:\n b:\n  c:\n   d: 1\n",
                            "[[[!Ref x]]]",
                            "[[!GetAtt x.y]]",
                            "- &a [[1]]\n- [*a]\n",
                            "- [&a !GetAtt x.y]\n",
                            "- &a !Join [x]\n- [*a]\n",
                            "- &a {x: 1}\n- &b [*a]\n- &c [*b]\n"};
    for (size_t i = 0; i < sizeof deeper / sizeof *deeper; i++) {
        yaml_case d = {.limits = {.size = sizeof d.limits, .depth = 3}};
        read_case(&d, deeper[i]);
        if (d.status != BERM_E_LIMIT || d.err.code != 114)
            fail_msg("%s: %s", deeper[i], d.err.message);
    }
    /* libyaml knows no limit; ours comes before memory does. */
    enum { MANY = 100000 };
    static char text[2 * MANY];
    const char *openers[] = {"[", "{a: ", "- ", "? ", "{? "};
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++) {
        size_t len = strlen(openers[i]), count = sizeof text / len;
        for (size_t k = 0; k < count; k++) memcpy(text + k * len, openers[i], len);
        yaml_case d = {.limits = {0}};
        read_case_text(&d, (berm_str){text, count * len});
        assert_int_not_equal(d.status, BERM_OK);
        assert_true(d.err.code == 114 || d.err.code == 205);
    }
}

static void merge_keys(void **state)
{
    (void)state;
    check_read("- &a {x: 1, y: 2}\n- <<: *a\n  y: 3\n  z: 4\n",
               "[{\"x\":1,\"y\":2},{\"x\":1,\"y\":3,\"z\":4}]");
    check_read("- &a {x: 1}\n- x: 2\n  <<: *a\n", "[{\"x\":1},{\"x\":2}]");
    check_read("- &a {x: 1}\n- &b {x: 2, y: 2}\n- <<: [*a, *b]\n",
               "[{\"x\":1},{\"x\":2,\"y\":2},{\"x\":1,\"y\":2}]");
    check_read("- &a {x: 1}\n- &b {x: 2, y: 2}\n- <<: *a\n  <<: *b\n",
               "[{\"x\":1},{\"x\":2,\"y\":2},{\"x\":2,\"y\":2}]");
    check_read("<<: {x: 1}\ny: 2\n", "{\"x\":1,\"y\":2}");
    check_read("<<: [{x: 1}, {x: 2, z: 3}]\ny: 2\n", "{\"x\":1,\"z\":3,\"y\":2}");
    check_read("<<: []\ny: 2\n", "{\"y\":2}");
    check_read("- &a {x: 1}\n- &b {<<: *a, y: 2}\n- {<<: *b, z: 3}\n",
               "[{\"x\":1},{\"x\":1,\"y\":2},{\"x\":1,\"y\":2,\"z\":3}]");
    check_read("\"<<\": {x: 1}\n", "{\"<<\":{\"x\":1}}");
    check_read("!!str <<: {x: 1}\n", "{\"<<\":{\"x\":1}}");
    check_read("!!merge <<: {x: 1}\n", "{\"x\":1}");
    check_read("- <<\n", "[\"<<\"]");
    check_read("<<: &a {x: 1}\nb: *a\n", "{\"x\":1,\"b\":{\"x\":1}}");
    check_refused("<<: 1\n", BERM_E_SYNTAX, 204, 4);
    check_refused("<<: [1]\n", BERM_E_SYNTAX, 204, 5);
    check_refused("a: &a x\nb: {<<: *a}\n", BERM_E_SYNTAX, 204, 6);
}

static void merging_is_silent_but_repeats_are_not(void **state)
{
    (void)state;
    berm_diags *diags = berm_diags_new(&berm_alloc_libc);
    yaml_case c = {.read = {.diags = diags, .refuse_duplicates = true}};
    read_case(&c, "- &a {x: 1, y: 2}\n- {x: 3, <<: [*a, *a], y: 4}\n");
    assert_int_equal(c.status, BERM_OK);
    berm_doc_drop(c.doc);
    size_t count;
    berm_diags_list(diags, &count);
    assert_int_equal(count, 0);
    yaml_case twice = {.read = {.diags = diags}};
    read_case(&twice, "- &a {x: 1, y: 2}\n- {x: 3, <<: *a, x: 4}\n");
    assert_int_equal(twice.status, BERM_OK);
    berm_doc_drop(twice.doc);
    const berm_diag *list = berm_diags_list(diags, &count);
    assert_int_equal(count, 1);
    assert_int_equal(list[0].line, 2);
    assert_int_equal(list[0].column, 18);
    berm_diags_drop(diags);
}

static void documents(void **state)
{
    (void)state;
    check_read("a: 1\n---\nb: 2\n...\n---\n- c\n", "{\"a\":1} {\"b\":2} [\"c\"]");
    check_read("---\n---\na: 1\n---\n# nothing\n---\nb: 2\n---\n", "{\"a\":1} {\"b\":2}");
    check_read("--- ~\n--- null\n--- ''\n", "null null \"\"");
    check_read("", "null");
    check_read("# only a comment\n", "null");
    check_read("---\n", "null");
    check_read("---\n---\n", "null");
    check_read("\xef\xbb\xbf"
               "a: 1\n",
               "{\"a\":1}");
    check_read("%YAML 1.2\n---\na: 1\n", "{\"a\":1}");
}

static void spans(void **state)
{
    (void)state;
    yaml_case c = {.limits = {0}};
    read_case(&c, "# \xc3\xa4\nspec:\n  list:\n    - \"one\" # c\n    - &x two\n  text: |  # c\n   "
                  " a\n     b\n\n  fold: >-\n"
                  "    a\n    b\n\n\n\n  flow: {k: [1, 2 ] , }\n  tagged: !x\n    y: 1\n  none:\n  "
                  "alias: *x\n  last: 'e\n    f'\n\n# end\n");
    assert_int_equal(c.status, BERM_OK);
    check_span(c.doc, "spec/list", "- \"one\" # c\n    - &x two");
    check_span(c.doc, "spec/list/0", "\"one\"");
    check_span(c.doc, "spec/list/1", "two");
    check_span(c.doc, "spec/text", "|  # c\n    a\n     b");
    check_span(c.doc, "spec/fold", ">-\n    a\n    b");
    check_span(c.doc, "spec/flow", "{k: [1, 2 ] , }");
    check_span(c.doc, "spec/flow/k", "[1, 2 ]");
    check_span(c.doc, "spec/flow/k/1", "2");
    check_span(c.doc, "spec/tagged", "y: 1");
    check_span(c.doc, "spec/none", "");
    check_span(c.doc, "spec/alias", "two");
    check_span(c.doc, "spec/last", "'e\n    f'");
    berm_span all = berm_doc_span(c.doc, &c.doc->roots[0]);
    assert_int_equal(all.off, 5);
    assert_int_equal(c.doc->text.ptr[all.off + all.len], '\n');
    berm_doc_drop(c.doc);

    yaml_case pair = {.limits = {0}};
    read_case(&pair, "[a: b , c: d ]");
    assert_int_equal(pair.status, BERM_OK);
    check_span(pair.doc, "0", "a: b");
    check_span(pair.doc, "1", "c: d");
    berm_doc_drop(pair.doc);
}

/* Every byte of the value that is no white space must be found again at its place. */
static void offsets_in_scalars(void **state)
{
    (void)state;
    static const char *const scalars[] = {
        "plain text",
        "plain\n  over\n\n  lines",
        "'it''s\n  single'",
        "\"dou\n\n  ble \\\n   q\"",
        "|\n  a\n    b\n\n  c\n",
        ">\n  a\n  b\n\n  c\n    d\n  e\n",
        "|2-\n    a\n   b",
        ">+\n  a\n\n\n",
        "&a !!str 'x  y'",
        "|-\n  \xc3\xa4\xe2\x82\xac z",
    };
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++) {
        char text[256];
        snprintf(text, sizeof text, "\xc3\xb6: %s\nz: 1\n", scalars[i]);
        yaml_case c = {.limits = {0}};
        read_case(&c, text);
        assert_int_equal(c.status, BERM_OK);
        const berm_cell *cell = find_cell(c.doc, 0, "\xc3\xb6");
        const char *value =
            c.doc->store.text[(cell->flags & BERM_CELL_DECODED) != 0] + cell->as.ref.off;
        uint32_t last = 0;
        for (uint32_t k = 0; k < cell->as.ref.len; k++) {
            uint32_t off = berm_doc_offset_in(c.doc, cell, k);
            assert_true(off >= last && off < strlen(text));
            if (value[k] > ' ' && text[off] != value[k])
                fail_msg("%s: byte %u is at %u", scalars[i], k, off);
            last = off;
        }
        berm_doc_drop(c.doc);
    }
}

/* Where properties, comments and directives end is found in the text. */
static void ends_of_properties(void **state)
{
    (void)state;
    check_read("{a: &b}", "{\"a\":null}");
    check_read("- &a # the end", "[null]");
    check_read("- !!str # the end", "[\"\"]");
    check_read("a: x%TAG\nb: 'y %TAG'\n", "{\"a\":\"x%TAG\",\"b\":\"y %TAG\"}");
    check_read("%YAML 1.1\n%TAG !e! tag:x,2000:\n---\na\n", "\"a\"");
    check_read("%YAML 1.1\r%TAG !e! tag:x,2000:\r---\ra\r", "\"a\"");
    check_read("\xc3\xa9: \xe2\x82\xac # \xc3\xa9", "{\"\xc3\xa9\":\"\xe2\x82\xac\"}");
}

/* A long key is cut for the message, and between two characters; an empty one is told as such. */
static void repeated_keys_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *key, *shown;
    } keys[] = {
        {"", "the key  is already at line 1, column 2"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "the key "
         "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" is "
         "already at line 1, column 2"},
        {"\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
         "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
         "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
         "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac",
         NULL},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char text[256];
        yaml_case c = {.read = {.refuse_duplicates = true}};
        snprintf(text, sizeof text, "{\"%s\": 1, \"%s\": 2}", keys[i].key, keys[i].key);
        read_case(&c, text);
        assert_int_equal(c.status, BERM_E_SYNTAX);
        if (keys[i].shown) assert_string_equal(c.err.message, keys[i].shown);
        assert_int_equal(berm_utf8_invalid(c.err.message, strlen(c.err.message)),
                         strlen(c.err.message));
    }
}

static void faults(void **state)
{
    (void)state;
    check_refused("a: b: c\n", BERM_E_SYNTAX, 201, 4);
    check_refused("a: {{ .Values.x }}\n", BERM_E_SYNTAX, 207, 3);
    check_refused("a: 1\n{{- if .Values.x }}\nb: 2\n{{- end }}\n", BERM_E_SYNTAX, 207, 5);
    check_refused("a: 1\n{% for x in y %}\nb: 2\n", BERM_E_SYNTAX, 207, 5);
    yaml_case c = {.limits = {0}};
    read_case(&c, "a:\n  - b\n  c: d\n");
    assert_int_equal(c.err.code, 201);
    assert_int_equal(c.err.line, 3);
    assert_int_equal(c.err.column, 3);
    assert_non_null(strstr(c.err.message, "'-' is expected"));
    assert_non_null(strstr(c.err.message, "from line 2, column 3"));
}

static void limits(void **state)
{
    (void)state;
    yaml_case c = {.limits = {.size = sizeof c.limits, .node_count = 3}};
    read_case(&c, "[1, 2]");
    assert_int_equal(c.status, BERM_OK);
    berm_doc_drop(c.doc);
    c = (yaml_case){.limits = {.size = sizeof c.limits, .node_count = 3}};
    read_case(&c, "[1, 2, 3]");
    assert_int_equal(c.err.code, 116);
    c = (yaml_case){.limits = {.size = sizeof c.limits, .string_len = 3}};
    read_case(&c, "[abc, abcd]");
    assert_int_equal(c.err.code, 117);
    assert_int_equal(c.err.off, 6);
}

typedef struct countdown {
    long left;
    size_t held;
} countdown;

static void *fail_at_zero(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
    countdown *count = ctx;
    if (new_len > old_len && count->left-- <= 0) return NULL;
    count->held += new_len - old_len;
    return berm_alloc_libc.realloc(NULL, ptr, old_len, new_len);
}

static void each_allocation_fails_in_turn(void **state)
{
    (void)state;
    static const char text[] = "a: &x\n  b: [1, 2, \"\\t\"]\n  c: !Sub |\n    x\n    y\nd: *x\ne: "
                               "{<<: [*x, {z: 1}], b: 2, b: 3}\n--- !GetAtt a.b\n"
                               "--- !!binary Zm9v\n---\n{a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, "
                               "h: 1, i: 1, j: 1, k: 1, l: 1, m: 1, n: 1, o: 1, "
                               "p: 1, q: 1, &p r: 1}\n";
    berm_status status = BERM_E_NOMEM;
    long n = 0;
    for (; status == BERM_E_NOMEM; n++) {
        countdown count = {n, 0};
        berm_alloc alloc = {fail_at_zero, &count};
        yaml_case c = {.read = {.alloc = &alloc}};
        read_case(&c, text);
        status = c.status;
        assert_true(status == BERM_OK || status == BERM_E_NOMEM);
        assert_int_equal(status == BERM_OK, c.doc != NULL);
        berm_doc_drop(c.doc);
        assert_int_equal(count.held, 0);
    }
    assert_int_equal(status, BERM_OK);
    assert_true(n > 10);
}

/* The same wherever arrays happen to be full: behind `lead` elements. */
static void each_allocation_fails_anywhere(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{a: &x {b: [1, \"\\t\"]}, d: *x, e: {<<: [*x, {z: 1}], b: 2}}",
        "!GetAtt a.b",
        "!Sub [x, {y: 1}]",
        "!!binary Zm9v",
        "{<<: {a: 1, b: 2, c: 3, d: 4}}",
        "{&k key: 1, b: *k}",
        "{*k : 1}",
        "[[[[1]]]]",
        "!Ref x",
        "&l !!str 'it''s'",
        "[*k, *k]",
        "{a: 1, a: 2}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (uint32_t lead = 0; lead < 40; lead++) {
            char text[600] = "[&k k";
            for (uint32_t k = 0; k < lead; k++) strcat(text, ", 0");
            strcat(strcat(strcat(text, ", "), texts[i]), "]");
            berm_status status = BERM_E_NOMEM;
            for (long n = 0; status == BERM_E_NOMEM; n++) {
                countdown count = {n, 0};
                berm_alloc alloc = {fail_at_zero, &count};
                yaml_case c = {.read = {.alloc = &alloc}};
                read_case(&c, text);
                status = c.status;
                assert_int_equal(status == BERM_OK, c.doc != NULL);
                berm_doc_drop(c.doc);
                assert_int_equal(count.held, 0);
            }
            if (status != BERM_OK) fail_msg("%s: status %d", text, (int)status);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(collections),
        cmocka_unit_test(schemas),
        cmocka_unit_test(keys_are_their_text),
        cmocka_unit_test(keys_that_are_refused),
        cmocka_unit_test(repeated_keys),
        cmocka_unit_test(aliases_share_their_node),
        cmocka_unit_test(aliases_that_are_refused),
        cmocka_unit_test(bombs),
        cmocka_unit_test(depth),
        cmocka_unit_test(merge_keys),
        cmocka_unit_test(merging_is_silent_but_repeats_are_not),
        cmocka_unit_test(documents),
        cmocka_unit_test(spans),
        cmocka_unit_test(offsets_in_scalars),
        cmocka_unit_test(ends_of_properties),
        cmocka_unit_test(repeated_keys_are_named),
        cmocka_unit_test(faults),
        cmocka_unit_test(limits),
        cmocka_unit_test(each_allocation_fails_in_turn),
        cmocka_unit_test(each_allocation_fails_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
