#include "data/yaml_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

static void names_are_found_again(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    static char names[COUNT][16];
    berm_yaml_anchors anchors;
    berm_yaml_anchors_init(&anchors, &berm_alloc_libc);
    assert_null(berm_yaml_anchors_find(&anchors, BERM_STR("a")));
    for (uint32_t i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "n%x", i * 2654435761u);
        assert_int_equal(berm_yaml_anchors_define(&anchors, berm_str_of(names[i])), i);
        anchors.all.items[i].size = i;
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        berm_yaml_anchor *found = berm_yaml_anchors_find(&anchors, berm_str_of(names[i]));
        assert_non_null(found);
        assert_int_equal(found->size, i);
    }
    assert_null(berm_yaml_anchors_find(&anchors, BERM_STR("n")));
    assert_null(berm_yaml_anchors_find(&anchors, BERM_STR("absent")));
    berm_yaml_anchors_clear(&anchors);
    assert_null(berm_yaml_anchors_find(&anchors, berm_str_of(names[0])));
    berm_yaml_anchors_free(&anchors);
}

static void shorter_names_after_longer_ones(void **state)
{
    (void)state;
    berm_yaml_anchors anchors;
    berm_yaml_anchors_init(&anchors, &berm_alloc_libc);
    assert_int_equal(berm_yaml_anchors_define(&anchors, BERM_STR("abc")), 0);
    assert_int_equal(berm_yaml_anchors_define(&anchors, BERM_STR("ab")), 1);
    assert_int_equal(berm_yaml_anchors_define(&anchors, BERM_STR("a")), 2);
    assert_ptr_equal(berm_yaml_anchors_find(&anchors, BERM_STR("ab")), &anchors.all.items[1]);
    assert_ptr_equal(berm_yaml_anchors_find(&anchors, BERM_STR("a")), &anchors.all.items[2]);
    assert_null(berm_yaml_anchors_find(&anchors, BERM_STR("abcd")));
    berm_yaml_anchors_free(&anchors);
}

static void prefixes_are_other_names(void **state)
{
    (void)state;
    static char text[200];
    berm_yaml_anchors anchors;
    memset(text, 'a', sizeof text);
    berm_yaml_anchors_init(&anchors, &berm_alloc_libc);
    for (uint32_t i = 1; i <= sizeof text; i++)
        assert_int_equal(berm_yaml_anchors_define(&anchors, (berm_str){text, i}), i - 1);
    for (uint32_t i = 1; i <= sizeof text; i++)
        assert_ptr_equal(berm_yaml_anchors_find(&anchors, (berm_str){text, i}),
                         &anchors.all.items[i - 1]);
    berm_yaml_anchors_free(&anchors);
}

static void defining_again_replaces(void **state)
{
    (void)state;
    berm_yaml_anchors anchors;
    berm_yaml_anchors_init(&anchors, &berm_alloc_libc);
    assert_int_equal(berm_yaml_anchors_define(&anchors, BERM_STR("a")), 0);
    assert_int_equal(berm_yaml_anchors_define(&anchors, BERM_STR("b")), 1);
    anchors.all.items[0].size = 7;
    assert_int_equal(berm_yaml_anchors_define(&anchors, BERM_STR("a")), 0);
    assert_int_equal(anchors.all.count, 2);
    assert_int_equal(anchors.all.items[0].size, 0);
    berm_yaml_anchors_free(&anchors);
}

static void *refuse_all(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
    (void)ctx, (void)old_len, (void)new_len;
    if (new_len == 0) free(ptr);
    return NULL;
}

static void without_memory(void **state)
{
    (void)state;
    berm_alloc none = {refuse_all, NULL};
    berm_yaml_anchors anchors;
    berm_yaml_anchors_init(&anchors, &none);
    assert_int_equal(berm_yaml_anchors_define(&anchors, BERM_STR("a")), UINT32_MAX);
    assert_null(berm_yaml_anchors_find(&anchors, BERM_STR("a")));
    berm_yaml_anchors_free(&anchors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_again),
        cmocka_unit_test(shorter_names_after_longer_ones),
        cmocka_unit_test(prefixes_are_other_names),
        cmocka_unit_test(defining_again_replaces),
        cmocka_unit_test(without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
