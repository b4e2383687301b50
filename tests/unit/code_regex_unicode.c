/* What needs Unicode's tables: categories, scripts, and letters with several cases. */
#include "regex_help.h"

typedef struct unicode_case {
    const char *pattern;
    uint32_t code;
    bool in;
} unicode_case;

static bool set_has(const char *pattern, uint32_t code)
{
    berm_regex_tree tree;
    parse_pattern(&tree, pattern);
    assert_int_equal(tree.nodes.items[tree.root].kind, BERM_REGEX_CLASS);
    const berm_img_set *set = &tree.sets.items[tree.nodes.items[tree.root].arg];
    bool has = berm_regex_set_has(set, tree.ranges.items, code);
    berm_regex_tree_free(&tree);
    return has;
}

static void expect_members(const unicode_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (set_has(cases[i].pattern, cases[i].code) != cases[i].in)
            fail_msg("%s and %x", cases[i].pattern, cases[i].code);
}

static void properties(void **state)
{
    static const unicode_case cases[] = {
        {"\\pL", 'a', true},          {"\\pL", 0xe9, true},        {"\\pL", '1', false},
        {"\\pL", 0x20000, true},      {"\\PL", 0x20000, false},    {"\\PL", 0x50000, true},
        {"\\p{^L}", 'a', false},      {"\\P{^L}", 'a', true},      {"\\p{Lu}", 0xc9, true},
        {"\\p{Lu}", 0xe9, false},     {"[^\\p{Lu}x]", 'x', false}, {"[^\\p{Lu}x]", 0xe9, true},
        {"[\\pN_]", 0x663, true},     {"[\\pN_]", '_', true},      {"[\\PN]", 0x663, false},
        {"\\p{Greek}", 0x3b1, true},  {"\\p{Greek}", 'a', false},  {"\\p{Latin}", 'a', true},
        {"\\p{Greek}", 0x342, false}, /* Inherited: scripts, not their extensions */
        {"\\p{Han}", 0x3007, true},   {"\\p{Han}", 0x3001, false}, {"\\pC", 0x7f, true},
        {"\\pC", 0xad, true},         {"\\pC", 0xe000, true},      {"\\pC", 0x10fffd, true},
        {"\\pC", 0x378, false}, /* has no category: not in RE2's C */
        {"\\p{Any}", 0x378, true},    {"\\P{Any}", 'a', false},    {"\\p{Zs}", 0xa0, true}};
    (void)state;
    expect_members(cases, sizeof cases / sizeof *cases);
}

static void folding(void **state)
{
    static const unicode_case cases[] = {{"(?i:\xc3\xa9)", 0xc9, true},
                                         {"(?i:\xc3\xa9)", 0xe9, true},
                                         {"(?i:\xc3\xa9)", 'e', false},
                                         {"(?i:[\\x{3c3}])", 0x3a3, true},
                                         {"(?i:[\\x{3c3}])", 0x3c2, true},
                                         {"(?i:[^\\x{3c3}])", 0x3c2, false},
                                         {"(?i:\\p{Lu})", 'a', true},
                                         {"(?i:\\p{Lu})", 0xe9, true},
                                         {"(?i:\\p{Lu})", '1', false},
                                         {"(?i:\\P{Lu})", 'a', false},
                                         {"(?i:[\\x{e0}-\\x{fd}])", 0xc0, true},
                                         {"(?i:[\\x{e0}-\\x{fd}])", 0xd7, false},
                                         {"(?i:[\\x{e0}-\\x{fd}])", 0xf7, true},
                                         {"(?i:\\p{Greek})", 0xb5, true},
                                         {"(?i:[\\x{d800}-\\x{10ffff}])", 'k', false},
                                         {"(?i:[j-\\x{212a}])", 'K', true},
                                         {"(?i:\\x{10400})", 0x10428, true},
                                         {"(?i:\\x{1e9e})", 0xdf, true},
                                         {"(?i:\\x{131})", 'i', false},
                                         {"(?i:\\x{130})", 'i', false}};
    (void)state;
    expect_members(cases, sizeof cases / sizeof *cases);
}

/* Looking up is paid for, and there is an end to it. */
static void too_many(void **state)
{
    berm_text pattern;
    berm_regex_code code;
    (void)state;
    berm_text_init(&pattern, &berm_alloc_libc);
    for (int i = 0; i < 20; i++) berm_text_put(&pattern, BERM_STR("\\pL"));
    assert_int_equal(berm_regex_compile(&code, &berm_alloc_libc, berm_text_view(&pattern)),
                     BERM_OK);
    assert_true(code.lookups >= 20);
    berm_regex_code_free(&code);
    for (int i = 0; i < 100; i++) berm_text_put(&pattern, BERM_STR("\\pL"));
    assert_int_equal(berm_regex_compile(&code, &berm_alloc_libc, berm_text_view(&pattern)),
                     BERM_E_LIMIT);
    assert_null(code.fault);
    berm_regex_code_free(&code);
    berm_text_free(&pattern);
}

static void failing_allocations(void **state)
{
    (void)state;
    fail_each_allocation(BERM_STR("(?i:\xc3\xa9)\\p{Han}+"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(properties), cmocka_unit_test(folding),
                                       cmocka_unit_test(too_many),
                                       cmocka_unit_test(failing_allocations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
