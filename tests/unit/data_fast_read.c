/* The fast reader against the plain one: each kernel must accept the same texts, build the same cells and
   tell the same errors. And that it does take what it should: a reader that left everything to the plain
   one would agree with it, too. */
#include "data_help.h"

#include "data/fast/fast_read.h"
#include "data/fast/scan.h"
#include "json_readers.h"

#include <stdio.h>

static void check_readers(berm_str text, berm_format format, bool *accepted)
{
    berm_limits limits = {.size = sizeof limits, .depth = 40};
    limits = berm_limits_resolve(&limits);
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .name = BERM_STR("test"),
                      .text = text,
                      .format = format};
    const char *difference = compare_readers(&read, accepted);
    if (difference)
        fail_msg("%s: %.*s", difference, (int)(text.len < 200 ? text.len : 200), text.ptr);
}

/* --- by hand --- */

static void test_cases(void **state)
{
    (void)state;
    static const char *const texts[] = {"{}",
                                        "[]",
                                        "null",
                                        "true",
                                        "false",
                                        "0",
                                        "-0",
                                        "-",
                                        "1",
                                        "12a",
                                        "01",
                                        "1.5",
                                        "1.",
                                        "1e5",
                                        "1e",
                                        "1E+2",
                                        "1e400",
                                        "-1e-400",
                                        "9223372036854775807",
                                        "9223372036854775808",
                                        "18446744073709551615",
                                        "18446744073709551616",
                                        "-9223372036854775808",
                                        "-9223372036854775809",
                                        "\"\"",
                                        "\"a\"",
                                        "\"a",
                                        "\"a\"b",
                                        "\"a\"\"b\"",
                                        "1\"a\"",
                                        "a\"b\"",
                                        "tru",
                                        "truee",
                                        "true1",
                                        "nul",
                                        "[1,2]",
                                        "[1 2]",
                                        "[1,]",
                                        "[,1]",
                                        "[",
                                        "]",
                                        "{",
                                        "}",
                                        "{\"a\"}",
                                        "{\"a\":}",
                                        "{\"a\":1,}",
                                        "{\"a\":1 \"b\":2}",
                                        "{a:1}",
                                        "{1:2}",
                                        "{\"a\":1,\"a\":2}",
                                        "{\"a\":1,\"b\":2,\"a\":3}",
                                        "\"\\n\\t\\\\\\\"\\/\\b\\f\\r\"",
                                        "\"\\x\"",
                                        "\"\\",
                                        "\"\\\"",
                                        "\"\\u00e9\"",
                                        "\"\\u00E9x\"",
                                        "\"\\u12\"",
                                        "\"\\u12g4\"",
                                        "\"\\ud83d\\ude00\"",
                                        "\"\\ud83d\"",
                                        "\"\\ude00\"",
                                        "\"\\ud83dx\"",
                                        "\"\\ud83d\\n\"",
                                        "\"\\ud83d\\ud83d\"",
                                        "\"\\ud83d\\u0041\"",
                                        "\"\\\\ude00\"",
                                        "[\"\\ud83d\",\"\\ude00\"]",
                                        "\"a\tb\"",
                                        "\"a\nb\"",
                                        "\"\x7f\"",
                                        "\x01",
                                        "1\x01",
                                        "[1\x1a]",
                                        "[1\x0c 2]",
                                        "\"\xc3\xa9\"",
                                        "\xc3\xa9",
                                        "1 2",
                                        "1\n2",
                                        "{}\n{}",
                                        "{} {}",
                                        "{}{}",
                                        "[]\n\n1\n",
                                        "12-1",
                                        " \n ",
                                        "",
                                        "//",
                                        "{\"a\":1}#",
                                        "[1]]",
                                        "[}",
                                        "{]",
                                        "[1:2]",
                                        "{\"a\",1}",
                                        "\"a\":1",
                                        "[\"a\":1]",
                                        ",",
                                        ":",
                                        "[[[[]]]]",
                                        "[1,\"\\\\\"]",
                                        "\"\\\\\\\\\"",
                                        "[-]",
                                        "[+1]",
                                        "[.5]",
                                        "[1.5.5]",
                                        "[1.5x]",
                                        "[12345678901234567890x]",
                                        "[1234567890123456789]",
                                        "[-12345678901234567890]",
                                        "{\"x\":[1],\"x\":[2]}",
                                        "{\"x\":{\"y\":[1],\"y\":[]}}",
                                        "{\"\\u0061\":[1],\"a\":{\"b\":[2]}}",
                                        "{\"x\":{\"y\":{\"z\":[1,{\"\":2}]}}}",
                                        "{\"x\":[{\"y\"}]}",
                                        "{\"x\":[{\"y\":1,2}]}",
                                        "{\"x\":[{\"y\"1}]}",
                                        "{\"x\":[{1:1}]}",
                                        "{\"x\":[{]}",
                                        "{\"x\":[1}",
                                        "{\"x\":[\"y]}",
                                        "{\"x\":[{\"y]}",
                                        "{\"x\":[nul]}",
                                        "[\"\",\"\"]",
                                        "{\"\":\"\"}",
                                        "\xef\xbb\xbf{}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        bool accepted;
        berm_str text = berm_str_of(texts[i]);
        check_readers(text, BERM_FORMAT_JSON, &accepted);
        check_readers(text, BERM_FORMAT_NDJSON, &accepted);
        check_readers(text, BERM_FORMAT_AUTO, &accepted);
    }
}

/* Every place of a block and of a window: behind `lead` blanks. */
static void test_places(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"key\\\"\":[\"a\\\\\",-12.5e3,true,{\"\\ud83d\\ude00\":\"\xc3\xa9\"}]}",
        "[\"\\ud83d\",1]", "[1,\"\\\\\\\"\"]",
        "{\"a\":\"0123456789012345678901234567890123456789012345678901234567890123456789\"}",
        "[12345,nul]"};
    static char text[BERM_SCAN_WINDOW + 512];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t len = strlen(texts[i]);
        for (size_t lead = 0; lead < 3 * BERM_SCAN_BLOCK; lead++) {
            size_t starts[] = {lead, BERM_SCAN_WINDOW - lead};
            for (size_t k = 0; k < 2; k++) {
                bool accepted;
                memset(text, ' ', starts[k]);
                memcpy(text + starts[k], texts[i], len);
                check_readers((berm_str){text, starts[k] + len}, BERM_FORMAT_JSON, &accepted);
            }
        }
    }
}

/* Read in pieces, what is skipped is held to the same limits, to the same grammar over windows, and
   to a depth and a number of its own. */
static void test_skipped(void **state)
{
    (void)state;
    static char text[3 * BERM_SCAN_WINDOW];
    berm_limits limits = {.size = sizeof limits, .depth = 3000, .string_len = 6};
    limits = berm_limits_resolve(&limits);
    berm_read read = {.alloc = &berm_alloc_libc, .limits = &limits, .format = BERM_FORMAT_JSON};
    bool accepted;
    for (size_t depth = 1022; depth < 1028; depth++) {
        size_t len = (size_t)snprintf(text, sizeof text, "{\"x\":");
        memset(text + len, '[', depth);
        memset(text + len + depth, ']', depth);
        memcpy(text + len + 2 * depth, "}", 1);
        read.text = (berm_str){text, len + 2 * depth + 1};
        berm_space space;
        berm_doc *doc;
        berm_space_init(&space, &berm_alloc_libc, UINT64_C(1) << 30);
        berm_lazy lazy = {.space = &space, .alloc = &berm_alloc_libc};
        read.lazy = &lazy;
        assert_int_equal(berm_doc_read(&read, &doc, NULL), BERM_OK);
        assert_int_equal(lazy.pieces.count, depth <= 1024); /* else by the plain reader */
        berm_doc_drop(doc);
        berm_lazy_free(&lazy);
        berm_space_free(&space);
    }
    read.lazy = NULL;
    size_t len = (size_t)snprintf(text, sizeof text, "{");
    for (int i = 0; i < 600; i++)
        len +=
            (size_t)snprintf(text + len, sizeof text - len, "%s\"k%d\":[%d]", i ? "," : "", i, i);
    text[len++] = '}';
    read.text = (berm_str){text, len};
    assert_null(compare_readers(&read, &accepted));
    assert_true(accepted);
    static const char *const long_texts[] = {"{\"x\":[\"1234567\"]}", "{\"x\":[{\"1234567\":1}]}",
                                             "{\"x\":[{\"y\":\"1234567\"}]}",
                                             "{\"x\":[\"123456\"]}"};
    for (size_t i = 0; i < 4; i++) {
        read.text = berm_str_of(long_texts[i]);
        assert_null(compare_readers(&read, &accepted));
        assert_int_equal(accepted, i == 3);
    }
}

/* What is wrong lies in a window that is only looked at once a value, a piece or a document has
   ended: `at` tokens of it stand in the one before. */
static void test_late_faults(void **state)
{
    (void)state;
    static const char *const starts[] = {"[1]\n[2,3,",
                                         "[1]\n[2,3",
                                         "[1]\n",
                                         "1\n2\n3\n4\n5\n6\n7",
                                         "{\"x\":[1,2,3,4,5,6,",
                                         "{\"x\":[1,2,3,4,5,6],\"y\":[",
                                         "{\"x\":[{\"k\":1},{\"k\":2},"};
    static char text[2 * BERM_SCAN_WINDOW];
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        bool accepted = true;
        size_t len = strlen(starts[i]), blanks = BERM_SCAN_WINDOW;
        memset(text, ' ', sizeof text);
        memcpy(text, starts[i], len);
        text[len + blanks] = '\x01';
        check_readers((berm_str){text, len + blanks + 1}, BERM_FORMAT_NDJSON, &accepted);
        assert_false(accepted);
        check_readers((berm_str){text, len + blanks + 1}, BERM_FORMAT_AUTO, &accepted);
        assert_false(accepted);
    }
}

/* --- by the die --- */

typedef struct json_dice {
    uint64_t state;
    char *text;
    size_t len, cap;
} json_dice;

static uint32_t throw_json(json_dice *d, uint32_t limit)
{
    d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((d->state >> 33) * limit >> 31);
}

static void put_json(json_dice *d, const char *text)
{
    size_t len = strlen(text);
    if (d->cap - d->len < len) return;
    memcpy(d->text + d->len, text, len);
    d->len += len;
}

static void put_json_string(json_dice *d)
{
    static const char *const parts[] = {"a",        "bc",
                                        "key",      "\\n",
                                        "\\\"",     "\\\\",
                                        "\\u0041",  "\\ud83d\\ude00",
                                        "\xc3\xa9", "\xf0\x9f\x98\x80",
                                        "{",        "]",
                                        ":",        ",",
                                        " ",        "0123456789abcdef",
                                        "/"};
    put_json(d, "\"");
    for (uint32_t count = throw_json(d, 12); count > 0; count--)
        put_json(d, parts[throw_json(d, sizeof parts / sizeof *parts)]);
    put_json(d, "\"");
}

static void put_json_space(json_dice *d)
{
    static const char *const spaces[] = {"", "", "", " ", "\n", "\t", "\r\n", "                  "};
    put_json(d, spaces[throw_json(d, sizeof spaces / sizeof *spaces)]);
}

static void put_json_value(json_dice *d, uint32_t depth)
{
    static const char *const scalars[] = {
        "true", "false", "null", "0", "-1", "12345678901234567890", "1.5e3", "-0.25"};
    bool list = throw_json(d, 2);
    put_json_space(d);
    uint32_t sort = throw_json(d, depth > 0 ? 4 : 2);
    if (sort == 0) put_json(d, scalars[throw_json(d, sizeof scalars / sizeof *scalars)]);
    else if (sort == 1) put_json_string(d);
    else {
        put_json(d, list ? "[" : "{");
        for (uint32_t i = 0, count = throw_json(d, throw_json(d, 8) ? 5 : 40); i < count; i++) {
            if (i) put_json(d, ",");
            put_json_space(d);
            if (!list) {
                put_json_string(d);
                put_json_space(d);
                put_json(d, ":");
            }
            put_json_value(d, depth - 1);
            put_json_space(d);
        }
        put_json(d, list ? "]" : "}");
    }
    put_json_space(d);
}

static void break_json(json_dice *d)
{
    static const char bytes[] = "\"\\{}[]:,0-ex \n\x01\xff";
    for (uint32_t count = 1 + throw_json(d, 2); count > 0 && d->len > 0; count--) {
        size_t at = throw_json(d, (uint32_t)d->len);
        switch (throw_json(d, 3)) {
        case 0: d->text[at] = bytes[throw_json(d, sizeof bytes - 1)]; break;
        case 1: memmove(d->text + at, d->text + at + 1, d->len-- - at - 1); break;
        default: d->len = at;
        }
    }
}

static void test_dice(void **state)
{
    (void)state;
    static char text[200000];
    size_t taken = 0;
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        json_dice d = {.state = seed, .text = text, .cap = seed % 50 ? 4000 : sizeof text};
        bool accepted;
        put_json_value(&d, seed % 50 ? 5 : 9);
        if (seed % 3 == 0) break_json(&d);
        check_readers((berm_str){text, d.len}, seed % 2 ? BERM_FORMAT_JSON : BERM_FORMAT_NDJSON,
                      &accepted);
        taken += accepted;
    }
    assert_true(taken > 1500);
}

/* Repeated keys that are refused are refused also where nothing is built of them. */
static void test_refused_repeats(void **state)
{
    static const char *const texts[] = {
        "{\"b\": [{\"c\": 1, \"c\": 2}]}", "[0, {\"b\": {\"c\": 1, \"d\": {}, \"c\": 2}}]",
        "{\"a\": 1, \"b\": [[{\"c\": {\"d\": 1, \"d\": 1}}]]}", "{\"b\": [{\"c\": 1, \"d\": 2}]}"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        berm_limits limits = berm_limits_resolve(NULL);
        berm_read read = {.alloc = &berm_alloc_libc,
                          .limits = &limits,
                          .text = berm_str_of(texts[i]),
                          .format = BERM_FORMAT_JSON,
                          .refuse_duplicates = true};
        bool accepted;
        const char *difference = compare_readers(&read, &accepted);
        if (difference) fail_msg("%s: %s", texts[i], difference);
        assert_int_equal(accepted, i == 3);
    }
}

/* --- what it takes, and what it leaves to the plain reader --- */

static bool is_taken(const char *json, const berm_limits *wanted, berm_diags *diags)
{
    berm_limits limits = berm_limits_resolve(wanted);
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .format = BERM_FORMAT_JSON,
                      .diags = diags};
    berm_doc *doc = berm_doc_new(&berm_alloc_libc, BERM_STR("test"));
    assert_non_null(doc);
    doc->text = berm_str_of(json);
    berm_status status;
    berm_error err = {0};
    bool taken = berm_fast_read(&read, doc, &err, &status);
    assert_true(!taken || status == BERM_OK);
    assert_true(taken || (doc->root_count == 0 && !doc->roots && !doc->cells));
    berm_doc_drop(doc);
    return taken;
}

static void test_taken(void **state)
{
    (void)state;
    berm_diags *diags = berm_diags_new(&berm_alloc_libc);
    berm_limits shallow = {.size = sizeof shallow, .depth = 2},
                few = {.size = sizeof few, .node_count = 3},
                brief = {.size = sizeof brief, .string_len = 2};
    assert_true(is_taken("{\"a\": [1, -2.5, \"\\u00e9\", true, null]}", NULL, diags));
    assert_true(is_taken("{\"a\": 1, \"a\": 2}", NULL, NULL));
    assert_false(is_taken("{\"a\": 1, \"a\": 2}", NULL, diags)); /* which is warned of */
    assert_false(is_taken("{\"a\": 1,}", NULL, diags));
    assert_false(is_taken("", NULL, diags));
    assert_true(is_taken("[[1]]", &shallow, diags));
    assert_false(is_taken("[[[1]]]", &shallow, diags));
    assert_false(is_taken("[1, 2, 3]", &few, diags));
    assert_true(is_taken("[\"ab\"]", &brief, diags));
    assert_false(is_taken("[\"abc\"]", &brief, diags));
    assert_false(is_taken("[\"a\\nbc\"]", &brief, diags));
    berm_diags_drop(diags);
}

static void test_kernels(void **state)
{
    (void)state;
    assert_null(berm_kernel_find(BERM_KERNEL_PLAIN));
    assert_non_null(berm_kernel_find(BERM_KERNEL_PORTABLE));
    assert_non_null(berm_kernel_find(BERM_KERNEL_AUTO));
    for (unsigned k = 0; k < BERM_KERNEL_COUNT; k++) {
        const berm_kernel_info *kernel = berm_kernel_find((berm_kernel)k);
        if (kernel) print_message("this machine has the kernel %s\n", kernel->name);
    }
}

/* The end of a container, from each kernel and by the plain way. */
static void test_close(void **state)
{
    (void)state;
    static char text[20000];
    for (uint64_t seed = 1; seed <= 300; seed++) {
        json_dice d = {.state = seed, .text = text, .cap = sizeof text};
        put_json(&d, "[");
        put_json_value(&d, 6);
        put_json(&d, "]   ");
        bool accepted;
        check_readers((berm_str){text, d.len}, BERM_FORMAT_JSON, &accepted);
        if (!accepted) continue;
        for (unsigned k = 0; k < BERM_KERNEL_COUNT; k++) {
            const berm_kernel_info *kernel = berm_kernel_find((berm_kernel)k);
            if (kernel) assert_int_equal(kernel->close(text, (uint32_t)d.len, 0), d.len - 3);
        }
    }
    for (unsigned k = 0; k < BERM_KERNEL_COUNT; k++) {
        const berm_kernel_info *kernel = berm_kernel_find((berm_kernel)k);
        if (kernel) assert_int_equal(kernel->close("[[]", 3, 0), 3);
    }
}

static berm_status read_once(const berm_alloc *alloc)
{
    berm_limits limits = berm_limits_resolve(NULL);
    berm_read read = {.alloc = alloc,
                      .limits = &limits,
                      .text = BERM_STR("{\"a\": [1, \"\\n\", {\"b\": null}], \"a\": 2}\n[]"),
                      .format = BERM_FORMAT_NDJSON};
    berm_doc *doc;
    berm_error err = {0};
    berm_status status = berm_doc_read(&read, &doc, &err);
    berm_doc_drop(doc);
    return status;
}

static void test_memory(void **state)
{
    (void)state;
    berm_status status = BERM_E_NOMEM;
    for (size_t call = 1; status != BERM_OK; call++) {
        counted_heap heap = {.fail_at = call};
        berm_alloc alloc = counted_alloc(&heap);
        status = read_once(&alloc);
        assert_true(status == BERM_OK || status == BERM_E_NOMEM);
        assert_true(call < 100);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
    }
}

/* Pieces that cannot be built: the run learns that memory ended, and what it would have seen is not
   there. */
static berm_status read_pieces(const berm_alloc *alloc)
{
    berm_limits limits = berm_limits_resolve(NULL);
    berm_space space;
    berm_doc *doc = NULL;
    berm_error err = {0};
    berm_text out;
    berm_space_init(&space, alloc, UINT64_C(1) << 30);
    berm_lazy lazy = {.space = &space, .alloc = alloc};
    berm_read read = {.alloc = alloc,
                      .limits = &limits,
                      .text = BERM_STR("{\"a\":[1,\"\\n\"],\"m\":{\"b\":{\"c\":[2]},\"d\":[]}}"),
                      .format = BERM_FORMAT_JSON,
                      .lazy = &lazy};
    berm_status status = berm_doc_read(&read, &doc, &err);
    uint16_t store = status == BERM_OK ? berm_space_add(&space, &doc->store) : 0;
    if (status == BERM_OK) status = space.status;
    if (status == BERM_OK) {
        berm_cell root = doc->roots[0];
        root.store = store;
        berm_text_init(&out, &berm_alloc_libc);
        assert_true(berm_json_write(&out, &space, root, BERM_JSON_COMPACT));
        status = space.status;
        if (status == BERM_OK) {
            assert_int_equal(lazy.left, 0);
            assert_string_equal((berm_text_putc(&out, 0), out.ptr),
                                "{\"a\":[1,\"\\n\"],\"m\":{\"b\":{\"c\":[2]},\"d\":[]}}");
        }
        berm_text_free(&out);
    }
    berm_doc_drop(doc);
    berm_lazy_free(&lazy);
    berm_space_free(&space);
    return status;
}

static void test_memory_of_pieces(void **state)
{
    (void)state;
    berm_status status = BERM_E_NOMEM;
    for (size_t call = 1; status != BERM_OK; call++) {
        counted_heap heap = {.fail_at = call};
        berm_alloc alloc = counted_alloc(&heap);
        status = read_pieces(&alloc);
        assert_true(status == BERM_OK || status == BERM_E_NOMEM);
        assert_true(call < 200);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_dice),
        cmocka_unit_test(test_refused_repeats),
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_kernels),
        cmocka_unit_test(test_close),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_memory_of_pieces),
        cmocka_unit_test(test_skipped),
        cmocka_unit_test(test_late_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
