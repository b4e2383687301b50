#include "regex_help.h"

/* The class that a pattern of one bracket or escape is. */
static const berm_img_set *set_of(berm_regex_tree *tree, const char *pattern)
{
    parse_pattern(tree, pattern);
    assert_int_equal(tree->nodes.items[tree->root].kind, BERM_REGEX_CLASS);
    return &tree->sets.items[tree->nodes.items[tree->root].arg];
}

static void expect_ranges(const char *pattern, const char *expected)
{
    berm_regex_tree tree;
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    const berm_img_set *set = set_of(&tree, pattern);
    for (uint32_t i = 0; i < set->ranges.count; i++) {
        berm_img_range range = tree.ranges.items[set->ranges.first + i];
        berm_text_format(&out, i ? " %x-%x" : "%x-%x", range.low, range.high);
    }
    berm_text_putc(&out, 0);
    assert_string_equal(out.ptr, expected);
    berm_text_free(&out);
    berm_regex_tree_free(&tree);
}

static void ranges(void **state)
{
    (void)state;
    expect_ranges("[c-ea-bxd]", "61-65 78-78");
    expect_ranges("[^a-c]", "0-60 64-10ffff");
    expect_ranges("[^\\x00-\\x{10ffff}]", "");
    expect_ranges("\\d", "30-39");
    expect_ranges("\\D", "0-2f 3a-10ffff");
    expect_ranges("\\s", "9-a c-d 20-20");
    expect_ranges("[[:space:]]", "9-d 20-20");
    expect_ranges("[\\w-]", "2d-2d 30-39 41-5a 5f-5f 61-7a");
    expect_ranges("[^\\D\\W]", "30-39");
    expect_ranges("[[:^alpha:][:alpha:]]", "0-10ffff");
    expect_ranges("[[:ascii:]]", "0-7f");
    expect_ranges("[[:cntrl:]]", "0-1f 7f-7f");
    expect_ranges(".", "0-9 b-10ffff");
    expect_ranges("(?s:.)", "0-10ffff");
}

static void folding(void **state)
{
    (void)state;
    expect_ranges("(?i:a)", "41-41 61-61");
    expect_ranges("(?i:[j-l])", "4a-4c 6a-6c 212a-212a");
    expect_ranges("(?i:[^s])", "0-52 54-72 74-17e 180-10ffff");
    expect_ranges("(?i:\\x{212a})", "4b-4b 6b-6b 212a-212a");
    expect_ranges("(?i:\\W)", "0-2f 3a-40 5b-5e 60-60 7b-17e 180-2129 212b-10ffff");
    expect_ranges("(?i:[[:^lower:]])", "0-40 5b-60 7b-17e 180-2129 212b-10ffff");
}

static void membership(void **state)
{
    berm_regex_tree tree;
    (void)state;
    const berm_img_set *set = set_of(&tree, "[a-c\\x{100}-\\x{200}\\x{400}]");
    static const uint32_t in[] = {'a', 'c', 0x100, 0x180, 0x200, 0x400},
                          out[] = {0, 'd', 0x7f, 0x80, 0xff, 0x201, 0x3ff, 0x401, 0x10ffff};
    for (size_t i = 0; i < 6; i++) assert_true(berm_regex_set_has(set, tree.ranges.items, in[i]));
    for (size_t i = 0; i < 9; i++) assert_false(berm_regex_set_has(set, tree.ranges.items, out[i]));
    berm_regex_tree_free(&tree);
}

/* Sets that are the same are kept once. */
static void sharing(void **state)
{
    berm_regex_tree tree;
    (void)state;
    parse_pattern(&tree, "[a-c]x[abc]x\\d[0-9](?:x)[cba]");
    assert_int_equal(tree.sets.count, 3);
    assert_int_equal(tree.ranges.count, 3);
    berm_regex_tree_free(&tree);
}

/* The bits below 128 and the ranges say the same. */
static void bits(void **state)
{
    berm_regex_tree tree;
    (void)state;
    const berm_img_set *set = set_of(&tree, "[\\x00A-Z_\\x7f\\x{80}]");
    for (uint32_t c = 0; c < 200; c++)
        assert_int_equal(berm_regex_set_has(set, tree.ranges.items, c),
                         c == 0 || (c >= 'A' && c <= 'Z') || c == '_' || c == 0x7f || c == 0x80);
    berm_regex_tree_free(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ranges), cmocka_unit_test(folding),
                                       cmocka_unit_test(membership), cmocka_unit_test(sharing),
                                       cmocka_unit_test(bits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
