#include "cel_samples.h"

#include "cel/fault.h"

static void precedence(void **state)
{
    (void)state;
    expect_tree("a + b * c", "(_+_ a (_*_ b c))");
    expect_tree("(a + b) * c", "(_*_ (_+_ a b) c)");
    expect_tree("a - b - c", "(_-_ (_-_ a b) c)");
    expect_tree("a * b / c % d", "(_%_ (_/_ (_*_ a b) c) d)");
    expect_tree("a < b + c", "(_<_ a (_+_ b c))");
    expect_tree("a == b != c", "(_!=_ (_==_ a b) c)");
    expect_tree("a <= b >= c > d", "(_>_ (_>=_ (_<=_ a b) c) d)");
    expect_tree("a in b + c", "(@in a (_+_ b c))");
    expect_tree("a || b && c == d", "(|| a (&& b (_==_ c d)))");
    expect_tree("!a && b", "(&& (!_ a) b)");
    expect_tree("!a.b", "(!_ (.b a))");
    expect_tree("-a + b", "(_+_ (-_ a) b)");
    expect_tree("!!a == !!!b", "(_==_ a (!_ b))");
    expect_tree("a || b ? c && d : e || f", "(?: (|| a b) (&& c d) (|| e f))");
    expect_tree("a ? b : c ? d : e", "(?: a b (?: c d e))");
    expect_tree("(a ? b : c) ? d : e", "(?: (?: a b c) d e)");
    expect_error("a ? b ? c : d : e", "B0302", 7, 8);
    expect_error("!-a", "B0302", 2, 3);
    expect_error("-!a", "B0302", 2, 3);
}

static void chains_are_balanced(void **state)
{
    (void)state;
    expect_tree("a && b && c", "(&& (&& a b) c)");
    expect_tree("a && b && c && d", "(&& (&& a b) (&& c d))");
    expect_tree("a || b || c || d || e", "(|| (|| (|| a b) c) (|| d e))");
    expect_tree("a && (b && (c && d))", "(&& a (&& b (&& c d)))");
}

/* `head`, then `part` `count` times, then `tail`. */
static parsed parse_repeated(const char *head, const char *part, uint32_t count, const char *tail,
                             berm_text *text)
{
    berm_text_init(text, &berm_alloc_libc);
    berm_text_put(text, berm_str_of(head));
    for (uint32_t i = 0; i < count; i++) berm_text_put(text, berm_str_of(part));
    berm_text_put(text, berm_str_of(tail));
    return parse_with(berm_text_view(text), NULL);
}

static void expect_repeated(const char *head, const char *part, uint32_t count, const char *tail,
                            const char *code, uint32_t depth)
{
    berm_text text;
    parsed p = parse_repeated(head, part, count, tail, &text);
    size_t errors;
    const berm_diag *list = berm_diags_list(p.diags, &errors);
    if (code) {
        assert_int_equal(p.status, BERM_E_POLICY);
        assert_int_equal(errors, 1);
        assert_string_equal(list[0].code.ptr, code);
    } else {
        if (p.status != BERM_OK) fail_msg("%s %u times: %s", part, count, list[0].message.ptr);
        assert_int_equal(berm_ast_at(&p.ast, p.ast.root)->depth, depth);
    }
    drop_parsed(&p);
    berm_text_free(&text);
}

static void long_texts_need_no_deep_stack(void **state)
{
    (void)state;
    expect_repeated("a", " && a", 10000, "", NULL, 15);
    expect_repeated("a", " || a", 16383, "", NULL, 15);
    expect_repeated("", "!", 99999, "a", NULL, 2);
    expect_repeated("", "-", 99998, "1", NULL, 1);
    expect_repeated("[1", ", 1", 30000, "]", NULL, 2);
    expect_repeated("f(1", ", 1", 30000, ")", NULL, 2);
    expect_repeated("1", "+1", BERM_CEL_TREE_DEPTH_MAX - 1, "", NULL, BERM_CEL_TREE_DEPTH_MAX);
    expect_repeated("1", "+1", BERM_CEL_TREE_DEPTH_MAX, "", "B0307", 0);
    expect_repeated("a", ".b", BERM_CEL_TREE_DEPTH_MAX - 1, "", NULL, BERM_CEL_TREE_DEPTH_MAX);
    expect_repeated("a", ".b", 40000, "", "B0307", 0);
    expect_repeated("a", "[0]", 30000, "", "B0307", 0);
    expect_repeated("a", ".f(b)", 19000, "", "B0307", 0);
    expect_repeated("a", ".map(b, b)", 9000, "", "B0307", 0);
    expect_repeated("", "a?b:", BERM_CEL_TREE_DEPTH_MAX - 1, "c", NULL, BERM_CEL_TREE_DEPTH_MAX);
    expect_repeated("", "a?b:", 20000, "c", "B0307", 0);
    berm_text text;
    parsed p = parse_repeated("", "not ", 20000, "", &text);
    assert_int_equal(berm_diags_error_count(p.diags), BERM_CEL_FAULTS_MAX);
    drop_parsed(&p);
    berm_text_free(&text);
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    static const char *const openers[] = {
        "(", "[", "f(", "a[", "{a: ", "A{a: ", "a.f(b, ", "!(", "a ? (", "has("};
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++) {
        expect_repeated("", openers[i], 251, "", "B0307", 0);
        expect_repeated("", openers[i], 10000, "", "B0307", 0);
    }
    berm_text text;
    for (uint32_t count = BERM_CEL_DEPTH_MAX; count <= BERM_CEL_DEPTH_MAX + 1; count++) {
        berm_text tail;
        berm_text_init(&tail, &berm_alloc_libc);
        for (uint32_t i = 0; i < count; i++) berm_text_putc(&tail, ']');
        berm_text_putc(&tail, '\0');
        parsed p = parse_repeated("", "[", count, tail.ptr, &text);
        assert_int_equal(p.status, count <= BERM_CEL_DEPTH_MAX ? BERM_OK : BERM_E_POLICY);
        drop_parsed(&p);
        berm_text_free(&text);
        berm_text_free(&tail);
    }
}

static void size_is_bounded(void **state)
{
    (void)state;
    expect_repeated("'", "a", BERM_CEL_CODE_POINTS_MAX - 2, "'", NULL, 1);
    expect_repeated("'", "\xc3\xa4", BERM_CEL_CODE_POINTS_MAX - 2, "'", NULL, 1);
    expect_repeated("'", "a", BERM_CEL_CODE_POINTS_MAX - 1, "'", "B0308", 0);
}

static void texts_that_are_none(void **state)
{
    (void)state;
    expect_error("", "B0310", 1, 1);
    expect_error("  // a", "B0310", 1, 7);
    expect_error("'\xff'", "B0301", 2, 3);
    expect_error("a \xed\xa0\x80", "B0301", 3, 4);
    parsed p = parse_with((berm_str){NULL, 0}, NULL);
    assert_int_equal(p.status, BERM_E_POLICY);
    drop_parsed(&p);
    p = parse_with((berm_str){"a\0b", 3}, NULL);
    assert_int_equal(p.status, BERM_E_POLICY);
    drop_parsed(&p);
    p = parse_with((berm_str){"'a\0b'", 5}, NULL);
    assert_int_equal(p.status, BERM_OK);
    assert_int_equal(berm_ast_at(&p.ast, p.ast.root)->name.len, 3);
    drop_parsed(&p);
}

/* Each allocation fails in turn; what was taken is given back. */
static void parse_with_failures(berm_str text, const berm_cel_options *options)
{
    for (size_t n = 1;; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        berm_ast ast;
        berm_ast_init(&ast, &alloc);
        berm_diags *diags = berm_diags_new(&alloc);
        if (diags) berm_diags_source(diags, BERM_STR("e"), text);
        berm_status status = berm_cel_parse(&ast, text, options, NULL, diags);
        bool lacking = heap.calls >= n;
        if (status != BERM_E_NOMEM && status != BERM_OK && status != BERM_E_POLICY) fail();
        if (status != BERM_OK) assert_int_equal(ast.root, 0);
        if (!lacking) assert_int_not_equal(status, BERM_E_NOMEM);
        berm_ast_free(&ast);
        berm_diags_drop(diags);
        assert_int_equal(heap.in_use, 0);
        assert_int_equal(heap.wrong_len, 0);
        if (!lacking) return;
    }
}

/* The same without diagnostics: then a failed allocation is always the parse's own. */
static void parse_alone_with_failures(berm_str text, const berm_cel_options *options)
{
    for (size_t n = 1;; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        berm_ast ast;
        berm_ast_init(&ast, &alloc);
        berm_status status = berm_cel_parse(&ast, text, options, NULL, NULL);
        assert_int_equal(status, heap.calls >= n ? BERM_E_NOMEM : BERM_OK);
        berm_ast_free(&ast);
        assert_int_equal(heap.in_use, 0);
        if (status == BERM_OK) return;
    }
}

static void lack_of_memory_is_no_crash(void **state)
{
    (void)state;
    const berm_cel_options test_macros = {.test_macros = true};
    static const char *const wrong[] = {"a b && 'c\\q' || d.all(1, 2) && (e", "a ? b", "{a, b}",
                                        "x == 'y"};
    visit_samples(parse_with_failures);
    visit_samples(parse_alone_with_failures);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        parse_with_failures(berm_str_of(wrong[i]), NULL);
    berm_str block = BERM_STR("cel.block([1, 2, 3], cel.iterVar(0, 1) + cel.index(2) + '\\x41')");
    parse_with_failures(block, &test_macros);
    parse_alone_with_failures(block, &test_macros);
}

/* --- damaged texts --- */

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Whatever the text: a status, at most ten errors, at least one when refused, each inside the
   text. */
static void check_damaged(berm_str text, const berm_cel_options *options)
{
    parsed p = parse_with(text, options);
    size_t count;
    const berm_diag *list = berm_diags_list(p.diags, &count);
    assert_true(p.status == BERM_OK || p.status == BERM_E_POLICY);
    assert_int_equal(p.status == BERM_OK, count == 0);
    assert_true(count <= BERM_CEL_FAULTS_MAX);
    for (size_t i = 0; i < count; i++) assert_true(list[i].line > 0 && list[i].message.len > 0);
    if (p.status == BERM_OK)
        assert_true(berm_ast_at(&p.ast, p.ast.root)->depth <= BERM_CEL_TREE_DEPTH_MAX);
    drop_parsed(&p);
}

static void damage(berm_str text, const berm_cel_options *options)
{
    static const char insertions[] = "()[]{}'\"`?:.,&|!=-+*/%<>rb\\0x9e\n \xff\xc3_u";
    char buffer[256];
    if (text.len == 0 || text.len > 200) return;
    uint64_t seed = 0x9e3779b97f4a7c15u ^ text.len;
    for (unsigned round = 0; round < 40; round++) {
        size_t len = text.len;
        memcpy(buffer, text.ptr, len);
        for (unsigned edit = 0; edit <= round / 16; edit++) {
            size_t at = (size_t)(next_random(&seed) % len);
            char c = insertions[next_random(&seed) % (sizeof insertions - 1)];
            uint64_t way = next_random(&seed) % 3;
            if (way == 0) buffer[at] = c;
            if (way == 1 && len > 1) memmove(buffer + at, buffer + at + 1, --len - at);
            if (way == 2) {
                memmove(buffer + at + 1, buffer + at, len++ - at);
                buffer[at] = c;
            }
        }
        check_damaged((berm_str){buffer, len}, options);
    }
    for (size_t len = 0; len < text.len; len++) check_damaged((berm_str){text.ptr, len}, options);
}

static void damaged_texts_are_refused_in_words(void **state)
{
    (void)state;
    visit_samples(damage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(precedence),
        cmocka_unit_test(chains_are_balanced),
        cmocka_unit_test(long_texts_need_no_deep_stack),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(size_is_bounded),
        cmocka_unit_test(texts_that_are_none),
        cmocka_unit_test(lack_of_memory_is_no_crash),
        cmocka_unit_test(damaged_texts_are_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
