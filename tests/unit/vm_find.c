#include "vm/exec.h"
#include "vm_expect.h"

static size_t find_slowly(berm_str text, berm_str needle, size_t from)
{
    for (size_t at = from; at + needle.len <= text.len; at++)
        if (memcmp(text.ptr + at, needle.ptr, needle.len) == 0) return at;
    return SIZE_MAX;
}

static size_t find_last_slowly(berm_str text, berm_str needle, size_t from)
{
    size_t found = SIZE_MAX;
    for (size_t at = 0; at <= from && at + needle.len <= text.len; at++)
        if (memcmp(text.ptr + at, needle.ptr, needle.len) == 0) found = at;
    return found;
}

/* Texts of two letters repeat themselves in every way. */
static void agrees_with_trying(void **state)
{
    uint32_t seed = 1;
    char text[64], needle[40];
    (void)state;
    for (int round = 0; round < 200000; round++) {
        size_t text_len = (seed >> 8) % 64, needle_len = 1 + (seed >> 16) % 24;
        for (size_t i = 0; i < 64; i++) {
            seed = seed * 1664525u + 1013904223u;
            text[i] = (char)('a' + (seed >> 28) % (round % 3 ? 2 : 1));
            if (i < 40) needle[i] = (char)('a' + (seed >> 25) % 2);
        }
        if (round % 2 && needle_len < text_len)
            memcpy(needle, text + (text_len - needle_len) / 2, needle_len);
        berm_str t = {text, text_len}, n = {needle, needle_len};
        size_t from = text_len / 5;
        assert_int_equal(berm_find_text(t, n, from), find_slowly(t, n, from));
        assert_int_equal(berm_find_text_last(t, n, from), find_last_slowly(t, n, from));
    }
}

static void edges(void **state)
{
    (void)state;
    assert_int_equal(berm_find_text(BERM_STR("abc"), BERM_STR(""), 3), 3);
    assert_int_equal(berm_find_text(BERM_STR("abc"), BERM_STR(""), 4), SIZE_MAX);
    assert_int_equal(berm_find_text(BERM_STR(""), BERM_STR("a"), 0), SIZE_MAX);
    assert_int_equal(berm_find_text_last(BERM_STR("abc"), BERM_STR(""), 9), 3);
    assert_int_equal(berm_find_text_last(BERM_STR("ab"), BERM_STR("abc"), 9), SIZE_MAX);
    assert_int_equal(berm_find_text_last(BERM_STR("aXaXa"), BERM_STR("a"), 3), 2);
}

/* A needle of half a million letters in a text of a million: trying every place would take
   hours. */
static void hostile(void **state)
{
    size_t len = 1000000;
    char *text = malloc(len), *needle = malloc(len / 2);
    (void)state;
    assert_non_null(text);
    assert_non_null(needle);
    memset(text, 'a', len);
    memset(needle, 'a', len / 2);
    needle[len / 4] = 'b';
    assert_int_equal(berm_find_text((berm_str){text, len}, (berm_str){needle, len / 2}, 0),
                     SIZE_MAX);
    assert_int_equal(berm_find_text_last((berm_str){text, len}, (berm_str){needle, len / 2}, len),
                     SIZE_MAX);
    free(text);
    free(needle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_trying),
        cmocka_unit_test(edges),
        cmocka_unit_test(hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
