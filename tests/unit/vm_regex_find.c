/* The finder's own promises: time linear in the text, an end to its fuel, memory that may fail. What
   it finds is in vm_fn_regex.c. */
#include "base_alloc.h"
#include "vm/regex_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

typedef struct search_case {
    berm_regex_tree tree;
    berm_regex_finder *finder;
} search_case;

static void begin_search(search_case *c, const berm_alloc *alloc, const char *pattern)
{
    bool too_large = false;
    *c = (search_case){.tree = {.alloc = alloc}};
    assert_true(berm_regex_parse(&c->tree, alloc, berm_str_of(pattern)));
    c->finder = berm_regex_finder_new(&c->tree, &too_large);
    assert_non_null(c->finder);
    assert_false(too_large);
}

static void end_search(search_case *c)
{
    berm_regex_finder_free(c->finder);
    berm_regex_tree_free(&c->tree);
}

/* The fuel that one search of `len` letters takes. */
static uint64_t measure_search(const char *pattern, size_t len)
{
    search_case c;
    berm_space space;
    uint32_t spans[2];
    char *text = malloc(len);
    assert_non_null(text);
    memset(text, 'a', len);
    begin_search(&c, &berm_alloc_libc, pattern);
    berm_space_init(&space, &berm_alloc_libc, UINT64_MAX);
    (void)berm_regex_finder_find(c.finder, &space, (berm_str){text, len}, 0, spans, 2);
    uint64_t used = UINT64_MAX - space.fuel;
    berm_space_free(&space);
    end_search(&c);
    free(text);
    return used;
}

static void linear_time(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "(a+)+$b",          "(a|a)*b",        "(.*)(.*)(.*)x",
        "(?:a?){20}a{20}b", "((a*)*)*b",      "(a|aa)+$b",
        "(?:a*?)*?b",       "([a-z]+)+[A-Z]", "(?:(?:a{0,5}){0,5}){0,5}b",
        "a*a*a*a*a*b",      "(x+x+)+y|a+b",   "(?:.|a|[a-b]|\\w)*\\d"};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        uint64_t small = measure_search(patterns[i], 1000),
                 large = measure_search(patterns[i], 8000);
        if (large > small * 9)
            fail_msg("%s: %llu steps, then %llu", patterns[i], (unsigned long long)small,
                     (unsigned long long)large);
    }
}

static void fuel_ends(void **state)
{
    (void)state;
    search_case c;
    berm_space space;
    uint32_t spans[2];
    begin_search(&c, &berm_alloc_libc, "(a|b)*c");
    berm_space_init(&space, &berm_alloc_libc, UINT64_MAX);
    berm_space_reset(&space, 50);
    assert_int_equal(berm_regex_finder_find(c.finder, &space,
                                            BERM_STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac"), 0, spans,
                                            2),
                     BERM_REGEX_GAVE_UP);
    assert_int_equal(space.status, BERM_E_FUEL);
    berm_space_free(&space);
    end_search(&c);
}

/* Groups beyond those that are kept cost nothing; slots beyond the groups are told as none. */
static void groups(void **state)
{
    (void)state;
    search_case c;
    berm_space space;
    uint32_t spans[24];
    begin_search(&c, &berm_alloc_libc, "(a)(b)(x)?(d)|(e)(f)(g)(h)(i)(j)(k)");
    berm_space_init(&space, &berm_alloc_libc, UINT64_MAX);
    assert_int_equal(berm_regex_finder_find(c.finder, &space, BERM_STR("-abd"), 0, spans, 24),
                     BERM_REGEX_YES);
    static const uint32_t expected[10] = {1, 4, 1, 2, 2, 3, UINT32_MAX, UINT32_MAX, 3, 4};
    assert_memory_equal(spans, expected, sizeof expected);
    for (uint32_t i = 10; i < 24; i++) assert_int_equal(spans[i], UINT32_MAX);
    assert_int_equal(berm_regex_finder_find(c.finder, &space, BERM_STR("efghijk"), 0, spans, 24),
                     BERM_REGEX_YES);
    assert_int_equal(spans[18], 4); /* group 9 is (i) */
    assert_int_equal(spans[20], UINT32_MAX);
    berm_space_free(&space);
    end_search(&c);
}

static void memory_ends(void **state)
{
    (void)state;
    for (size_t nth = 1;; nth++) {
        counted_heap heap = {.fail_at = 0};
        berm_alloc alloc = counted_alloc(&heap);
        berm_regex_tree tree = {.alloc = &alloc};
        bool too_large = false;
        assert_true(berm_regex_parse(&tree, &alloc, BERM_STR("(a|b){3,40}(?:c+?d)*")));
        heap.fail_at = heap.calls + nth;
        berm_regex_finder *finder = berm_regex_finder_new(&tree, &too_large);
        assert_false(too_large);
        bool made = finder != NULL;
        berm_regex_finder_free(finder);
        berm_regex_tree_free(&tree);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
        if (made) break;
    }
}

static void too_large_a_program(void **state)
{
    (void)state;
    berm_regex_tree tree = {.alloc = &berm_alloc_libc};
    bool too_large = false;
    assert_true(berm_regex_parse(&tree, &berm_alloc_libc,
                                 BERM_STR("(?:abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
                                          "){1000}")));
    assert_null(berm_regex_finder_new(&tree, &too_large));
    assert_true(too_large);
    berm_regex_tree_free(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_time),
        cmocka_unit_test(fuel_ends),
        cmocka_unit_test(groups),
        cmocka_unit_test(memory_ends),
        cmocka_unit_test(too_large_a_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
