/* The readers with too little: every allocation fails once, wherever it falls in a document, and
   every limit ends it at every value. The tables of a reader grow by doubling, so each construct
   stands behind fillers of all numbers: then some number makes just this step the one that has to
   grow. What is read in spite of it is what is read with all of it, and nothing is left behind. */
#include "data_yaml_help.h"

#include "base_alloc.h"
#include "data/fast/lazy.h"

#define FILLERS 36u
/* With as many long ones the text has more than one window of the vectorised reader. */
#define MANY_FILLERS 260u

typedef struct scarce_text {
    const char *filler, *head, *tail; /* head, filler any number of times, tail */
    berm_format format;
} scarce_text;

#define LONG_KEY "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
#define LONG_NUMBERS "[1111,22],[33,44],[55,66],[77,88],[99,11],[22,33],[44,55],[66,77],"
#define LONG_TEXT "\"0123456789012345678901234567890123456789012345678901234567890123456789\","

static const scarce_text scarce_texts[] = {
    {"1,", "[", "{\"a\":[1,{\"b\":2,\"c\":\"\\n\"}],\"a\":2.5e3}]", BERM_FORMAT_JSON},
    {"\"\\t\",", "[", "\"\\u00e9\\ud83d\\ude00\",{\"\\n\":[]},{}]", BERM_FORMAT_JSON},
    {"{\"a\":1,\"b\":2},", "[", "{\"a\":1,\"b\":{\"b\":1,\"b\":{}}}]", BERM_FORMAT_JSON},
    {"[", "", "1",
     BERM_FORMAT_JSON}, /* this and those that follow are refused, at all sizes alike */
    {"1,", "[", "1.5x]", BERM_FORMAT_JSON},
    {LONG_TEXT, "{\"a\":{\"k\":[", "1,{\"a\":{}}],\"k\":1,\"\\n\":2},\"b\":[[],{}],\"a\":[3]}",
     BERM_FORMAT_JSON},
    {LONG_NUMBERS, "{\"a\":[", "[{\"b\":1}]]}", BERM_FORMAT_JSON},
    {LONG_NUMBERS, "{\"a\":[ ", "[{\"b\":1}]]}", BERM_FORMAT_JSON}, /* the window ends elsewhere */
    {LONG_NUMBERS, "{\"a\":[   ", "[{\"b\":1}]]}", BERM_FORMAT_JSON},
    {LONG_NUMBERS, "{\"a\":[     ", "[{\"b\":1}]]}", BERM_FORMAT_JSON},
    {LONG_NUMBERS, "{\"a\":[       ", "[{\"b\":1}]]}", BERM_FORMAT_JSON},
    {"\"k\":1,", "{\"a\":{\"b\":{", "\"z\":{\"y\":1}}}}", BERM_FORMAT_JSON},
    {LONG_TEXT, "{\"a\":[1,[2,[", "-1.5e-7,1E400,2]]]}", BERM_FORMAT_JSON},
    {"{\"" LONG_KEY "\":[{}]},", "{\"a\":[", "{\"b\":1,\"b\":2}],\"c\":{\"d\":1e}}",
     BERM_FORMAT_JSON},
    {LONG_TEXT, "{\"a\":[", "12345678901234567890123,1.25],\"c\":{\"d\":1,\"d\":2}}",
     BERM_FORMAT_JSON},
    {"1.5e1,", "[", "1e]", BERM_FORMAT_JSON},
    {LONG_TEXT, "[", "\"\x01\"]", BERM_FORMAT_JSON},
    {LONG_TEXT, "[", "[" LONG_TEXT "{\"a\":" LONG_TEXT "}]]", BERM_FORMAT_JSON},
    {LONG_TEXT, "[[],", "1.5", BERM_FORMAT_JSON},
    {LONG_TEXT, "{\"a\":[", "1],\"a\":2,\"b\"", BERM_FORMAT_JSON},
    {"{\"a\":1}\n", "", "\"abc", BERM_FORMAT_NDJSON},
    {"{\"" LONG_KEY "\":[{}]}\n", "", "\"\x01\"\n", BERM_FORMAT_NDJSON},
    {"{\"" LONG_KEY "\":[{}]}\n", "", "\"abc", BERM_FORMAT_NDJSON},
    {"{\"a\":1}\n", "", "\"\\ud83d\"", BERM_FORMAT_NDJSON},
    {"1\n", "", "\"\x01\"\n", BERM_FORMAT_NDJSON},
    {"\"0123456789012345678901234567890123456789012345678901234567890\"\n", "", "{\"a\":tru}\n",
     BERM_FORMAT_NDJSON},
    {"{\"a\":1}\n", "", "{\"a\":1,\"a\":2}\n[\"\\n\"]\n", BERM_FORMAT_NDJSON},
    {"- 1\n", "", "- {a: 1, b: [c, \"\\t\"]}\n", BERM_FORMAT_YAML},
    {"- \"\\t\"\n", "", "- |\n  a\n  b\n- >-\n  c\n  d\n- 'it''s'\n- \"\\x41\\\n  b\"\n",
     BERM_FORMAT_YAML},
    {"- 1\n", "- &a {x: 1, y: 2}\n",
     "- {<<: *a, x: 2}\n- {x: 1, x: 2, <<: *a, x: 3, <<: [*a, *a]}\n- <<: [*a, {z: 1}]\n  w: 1\n",
     BERM_FORMAT_YAML},
    {"- &b [1]\n", "", "- &a {k: v}\n- *a\n- {&c d: *a}\n- ? &e f\n  : *e\n- {*e : 1}\n",
     BERM_FORMAT_YAML},
    {"- [1]\n", "",
     "- !GetAtt abcdefghijklmnopq.rstuvw\n- !GetAtt \"a\\tb.c\\td\"\n- !Sub '${A}'\n- !Ref B\n"
     "- !If [a, !Ref b, {c: !Ref d}]\n- !Fn::X {a: b}\n",
     BERM_FORMAT_YAML},
    {"- ", "", "!If [a, !Ref b]\n", BERM_FORMAT_YAML},
    {"- &b [1]\n", "",
     "- {&k0 a: 1, &k1 b: 1, &k2 c: 1, &k3 d: 1, &k4 e: 1, &k5 f: 1, &k6 g: 1, &k7 h: 1, &k8 i: "
     "1,\n"
     "   &k9 j: 1, &l0 k: 1, &l1 l: 1, &l2 m: 1, &l3 n: 1, &l4 o: 1, &l5 p: 1, &l6 q: 1, &l7 r: "
     "1}\n",
     BERM_FORMAT_YAML},
    {"- !!str 1\n", "",
     "- !!binary Zm9v\n- !!set {a, b}\n- !!int 1\n- !!float 1\n- !!map {}\n- !!seq []\n",
     BERM_FORMAT_YAML},
    {"---\n1\n", "", "---\n...\n---\n", BERM_FORMAT_YAML},
    {"# nothing\n", "", "", BERM_FORMAT_YAML},
    {"- {a: 1, a: 2}\n", "", "- {a: 1, b: 2, a: 3}\n- ? [1]\n  : 2\n", BERM_FORMAT_YAML},
    {"  ", "a: 1\nb:\n", "- {{ .Values.x }}\n", BERM_FORMAT_YAML},
};

static void put_scarce_text(berm_text *out, const scarce_text *t, uint32_t fillers)
{
    out->len = 0;
    berm_text_put(out, berm_str_of(t->head));
    for (uint32_t i = 0; i < fillers; i++) berm_text_put(out, berm_str_of(t->filler));
    berm_text_put(out, berm_str_of(t->tail));
    assert_false(out->failed);
}

/* How a text may be read. PIECES: built as far as somebody looks, and then somebody looks at all. */
typedef enum scarce_way { WAY_WARNED, WAY_PIECES, WAY_WARNED_PIECES, WAY_COUNT } scarce_way;

typedef struct scarce_read {
    scarce_way way;
    counted_heap heap;
    berm_limits limits;
    berm_kernel kernel;
    berm_status status;
    char printed[65536];
} scarce_read;

/* Prints what was read in pieces, which builds them. */
static berm_status print_pieces(berm_lazy *lazy, const berm_doc *doc, char *out, size_t size)
{
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_space *space = lazy->space;
    uint16_t store = berm_space_add(space, &doc->store);
    for (uint32_t i = 0; i < doc->root_count && space->status == BERM_OK; i++) {
        berm_cell root = doc->roots[i];
        root.store = store;
        if (i > 0) berm_text_putc(&text, ' ');
        if (root.tag == BERM_TAG_MAP) (void)berm_children_of(space, root); /* all at once */
        if (space->status) break;
        assert_int_equal(berm_json_write(&text, space, root, BERM_JSON_COMPACT),
                         space->status == BERM_OK);
    }
    assert_true(text.len < size);
    if (text.len && !space->status) memcpy(out, text.ptr, text.len);
    out[space->status ? 0 : text.len] = '\0';
    berm_text_free(&text);
    return space->status;
}

static void read_scarce(scarce_read *s, const scarce_text *t, berm_str text)
{
    berm_alloc alloc = counted_alloc(&s->heap);
    berm_diags *diags = s->way == WAY_PIECES ? NULL : berm_diags_new(&berm_alloc_libc);
    berm_limits limits = berm_limits_resolve(&s->limits);
    berm_space space;
    berm_space_init(&space, &alloc, UINT64_MAX);
    berm_space_reset(&space, UINT64_MAX);
    space.depth_limit = 5000;
    berm_lazy lazy = {.space = &space, .alloc = &alloc};
    berm_read read = {.alloc = &alloc,
                      .limits = &limits,
                      .name = BERM_STR("x"),
                      .text = text,
                      .format = t->format,
                      .kernel = s->kernel,
                      .lazy = s->way == WAY_WARNED ? NULL : &lazy,
                      .diags = diags};
    berm_doc *doc = NULL;
    berm_error err = {0};
    s->heap.calls = 0;
    s->status = berm_doc_read(&read, &doc, &err);
    s->printed[0] = '\0';
    assert_int_equal(s->status != BERM_OK, doc == NULL);
    assert_int_equal(err.status, s->status);
    if (doc && read.lazy) s->status = print_pieces(&lazy, doc, s->printed, sizeof s->printed);
    else if (doc) print_doc(doc, s->printed, sizeof s->printed);
    s->heap.fail_at = 0;
    berm_lazy_free(&lazy);
    berm_space_free(&space);
    berm_doc_drop(doc);
    berm_diags_drop(diags);
    assert_int_equal(s->heap.in_use, 0);
    assert_false(s->heap.wrong_len);
}

static void compare_scarce(const scarce_read *s, const scarce_read *whole, berm_status wanted,
                           berm_str text, uint64_t amount)
{
    if (s->status == whole->status && strcmp(s->printed, whole->printed) == 0) return;
    if (s->status != wanted)
        fail_msg("%.*s: with %llu: %d %s, with all of it: %d %s", (int)text.len, text.ptr,
                 (unsigned long long)amount, (int)s->status, s->printed, (int)whole->status,
                 whole->printed);
}

static scarce_read whole_read(const scarce_text *t, berm_str text, berm_kernel kernel,
                              scarce_way way)
{
    static scarce_read whole;
    whole = (scarce_read){.kernel = kernel, .way = way};
    read_scarce(&whole, t, text);
    return whole;
}

/* YAML has one reader. */
static berm_kernel kernels_of(const scarce_text *t)
{
    return t->format == BERM_FORMAT_YAML ? BERM_KERNEL_AUTO : BERM_KERNEL_PORTABLE;
}

static scarce_way ways_of(const scarce_text *t)
{
    return t->format == BERM_FORMAT_YAML || !BERM_PART_FAST ? WAY_PIECES : WAY_COUNT;
}

static void fail_allocations(const scarce_text *t, berm_str text, berm_kernel kernel,
                             scarce_way way)
{
    static scarce_read whole, s;
    whole = whole_read(t, text, kernel, way);
    size_t calls = whole.heap.calls;
    for (size_t n = 1; n <= calls; n++) {
        s = (scarce_read){.kernel = kernel, .way = way, .heap = {.fail_at = n, .once = n & 1}};
        read_scarce(&s, t, text);
        compare_scarce(&s, &whole, BERM_E_NOMEM, text, n);
    }
}

static void each_allocation_fails(void **state)
{
    (void)state;
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    for (size_t i = 0; i < sizeof scarce_texts / sizeof *scarce_texts; i++) {
        const scarce_text *t = &scarce_texts[i];
        uint32_t most = strlen(t->filler) > 60 ? MANY_FILLERS + 1 : FILLERS;
        for (uint32_t fillers = 0; fillers < most; fillers++) {
            if (fillers == FILLERS) fillers = MANY_FILLERS;
            put_scarce_text(&text, t, fillers);
            for (berm_kernel kernel = BERM_KERNEL_AUTO; kernel <= kernels_of(t); kernel++)
                for (scarce_way way = 0; way < ways_of(t); way++)
                    fail_allocations(t, berm_text_view(&text), kernel, way);
        }
    }
    berm_text_free(&text);
}

/* The limits, each with values up to what the document has of it. */
static void limit_read(const scarce_text *t, berm_str text, berm_kernel kernel, scarce_way way)
{
    static scarce_read whole, s;
    whole = whole_read(t, text, kernel, way);
    for (uint64_t most = 1; most <= 40; most += text.len > 4096 ? 3 : 1) {
        const berm_limits limits[] = {
            {.node_count = most},
            {.depth = most},
            {.string_len = most},
            {.alias_count = most},
            {.doc_len = 4 * most},
            {.depth = 2000 + most},
            {.node_count = 24 * MANY_FILLERS - 60 + 2 * most},
        };
        for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
            s = (scarce_read){.limits = limits[i], .kernel = kernel, .way = way};
            s.limits.size = sizeof s.limits;
            read_scarce(&s, t, text);
            compare_scarce(&s, &whole, BERM_E_LIMIT, text, most);
        }
    }
}

static void each_limit_ends_it(void **state)
{
    (void)state;
    static const uint32_t fillers[] = {0, 1, 2, 7, 31, MANY_FILLERS};
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    for (size_t i = 0; i < sizeof scarce_texts / sizeof *scarce_texts; i++) {
        const scarce_text *t = &scarce_texts[i];
        for (size_t n = 0; n < sizeof fillers / sizeof *fillers; n++) {
            put_scarce_text(&text, t, fillers[n]);
            for (berm_kernel kernel = BERM_KERNEL_AUTO; kernel <= kernels_of(t); kernel++)
                for (scarce_way way = 0; way < ways_of(t); way++)
                    limit_read(t, berm_text_view(&text), kernel, way);
        }
    }
    berm_text_free(&text);
}

/* A large document gives back what its tables have too much; when that fails, it is kept. */
static void shrinking_may_fail(void **state)
{
    (void)state;
    static const scarce_text lists = {"[1,2,3,4,5,6,7,8],", "[", "2]", BERM_FORMAT_JSON};
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    for (uint32_t count = 1000; count < 2400; count += 100) { /* tables end somewhere else */
        put_scarce_text(&text, &lists, count);
        fail_allocations(&lists, berm_text_view(&text), BERM_KERNEL_PLAIN, WAY_WARNED);
    }
    berm_text_free(&text);
}

/* What is passed over in blocks counts as what is looked at: over many windows. */
static void blocks_are_counted(void **state)
{
    (void)state;
    static scarce_read s;
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    for (int blanks = 1; blanks < 12; blanks++) { /* where the first window ends */
        char head[32];
        snprintf(head, sizeof head, "{\"a\":[%*s", blanks, "");
        const scarce_text lists = {LONG_NUMBERS, head, "1]}", BERM_FORMAT_JSON};
        put_scarce_text(&text, &lists, 1500);
        for (scarce_way way = 0; way < ways_of(&lists); way++) {
            s = (scarce_read){.limits = {.size = sizeof s.limits, .node_count = 20000}, .way = way};
            read_scarce(&s, &lists, berm_text_view(&text));
            assert_int_equal(s.status, BERM_E_LIMIT);
        }
    }
    berm_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_allocation_fails),
        cmocka_unit_test(each_limit_ends_it),
        cmocka_unit_test(shrinking_may_fail),
        cmocka_unit_test(blocks_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
