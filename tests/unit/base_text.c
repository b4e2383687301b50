#include "base/text.h"

#include "base_alloc.h"

#include <setjmp.h>

#include <cmocka.h>

static void expect_text(berm_text *text, const char *expected)
{
    assert_false(text->failed);
    assert_int_equal(text->len, strlen(expected));
    if (text->len) assert_memory_equal(text->ptr, expected, text->len);
    berm_text_free(text);
}

static void slices_compare(void **state)
{
    (void)state;
    berm_str none = {NULL, 0};
    assert_true(berm_str_equal(none, BERM_STR("")));
    assert_true(berm_str_is(BERM_STR("kind"), "kind"));
    assert_false(berm_str_is(BERM_STR("kind"), "kinds"));
    assert_true(berm_str_starts(BERM_STR("apps/Deployment"), BERM_STR("apps/")));
    assert_false(berm_str_starts(BERM_STR("app"), BERM_STR("apps/")));
    assert_true(berm_str_starts(none, none));
    assert_true(berm_str_ends(BERM_STR("main.tf"), BERM_STR(".tf")));
    assert_true(berm_str_ends(none, none));
    assert_false(berm_str_ends(BERM_STR("tf"), BERM_STR(".tf")));
    assert_int_equal(berm_str_compare(BERM_STR("a"), BERM_STR("b")), -1);
    assert_int_equal(berm_str_compare(BERM_STR("ab"), BERM_STR("a")), 1);
    assert_int_equal(berm_str_compare(BERM_STR("a"), BERM_STR("ab")), -1);
    assert_int_equal(berm_str_compare(BERM_STR("\xC3\xA9"), BERM_STR("z")),
                     1); /* bytes are unsigned */
    assert_int_equal(berm_str_compare(none, BERM_STR("")), 0);
}

static void globs_match(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool match;
    } cases[] = {
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"**", "anything/at all", true},
        {"?", "", false},
        {"?", "a", true},
        {"?", "\xC3\xA9", true},
        {"??", "\xC3\xA9", false},
        {"*??", "\xC3\xA9", false},
        {"*\xA9", "\xC3\xA9", false}, /* a star takes whole code points */
        {"*?", "\xC3\xA9", true},
        {"aws_*", "aws_s3_bucket", true},
        {"aws_*", "azurerm_x", false},
        {"*_bucket", "aws_s3_bucket", true},
        {"*_bucket", "aws_s3_bucket_policy", false},
        {"ghcr.io/acme/*", "ghcr.io/acme/a/b/c:1", true},
        {"*a*b*c*", "xxaxxbxxcxx", true},
        {"*a*b*c*", "xxaxxcxxbxx", false},
        {"a*b*c", "abcbc", true},
        {"a*b?c", "abxbxc", true},
        {"[a-z]", "b", false},
        {"[a-z]", "[a-z]", true},
        {"\\*", "\\anything", true},
        {"module.legacy.*", "module.legacy.aws_instance.web[\"a\"]", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool match = berm_glob_match(berm_str_of(cases[i].pattern), berm_str_of(cases[i].text));
        if (match != cases[i].match)
            fail_msg("glob(\"%s\", \"%s\")", cases[i].pattern, cases[i].text);
    }
}

/* Pattern and text of a sort that makes careless matchers exponential. */
static void globs_stay_quick(void **state)
{
    (void)state;
    char pattern[200], text[20000];
    for (size_t i = 0; i < sizeof pattern; i++) pattern[i] = i % 2 ? 'a' : '*';
    pattern[sizeof pattern - 1] = 'b';
    memset(text, 'a', sizeof text);
    assert_false(
        berm_glob_match((berm_str){pattern, sizeof pattern}, (berm_str){text, sizeof text}));
}

static void texts_grow(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_text text;
    berm_text_init(&text, &alloc);
    for (int i = 0; i < 10000; i++) berm_text_put(&text, BERM_STR("0123456789"));
    berm_text_putc(&text, '!');
    berm_text_pad(&text, ' ', 3);
    berm_text_pad(&text, ' ', 0);
    berm_text_put(&text, (berm_str){NULL, 0});
    assert_int_equal(text.len, 100004);
    assert_memory_equal(text.ptr + 99990, "0123456789!   ", 14);
    assert_true(heap.calls < 40);
    berm_text_free(&text);
    assert_int_equal(heap.in_use, 0);
    assert_false(heap.wrong_len);
}

static void failure_sticks(void **state)
{
    (void)state;
    counted_heap heap = {.fail_at = 2};
    berm_alloc alloc = counted_alloc(&heap);
    berm_text text;
    berm_text_init(&text, &alloc);
    berm_text_put(&text, BERM_STR("kept"));
    berm_text_pad(&text, 'x', 100000);
    assert_true(text.failed);
    heap.fail_at = 0;
    berm_text_put(&text, BERM_STR(" not added"));
    berm_text_putc(&text, 'x');
    assert_int_equal(text.len, 4);
    assert_memory_equal(text.ptr, "kept", 4);
    berm_text_free(&text);
    berm_text_init(&text, &alloc);
    berm_text_putc(&text, 'a');
    berm_text_pad(&text, 'x', SIZE_MAX);
    assert_true(text.failed);
    berm_text_free(&text);
    assert_int_equal(heap.in_use, 0);
}

static void every_conversion(void **state)
{
    (void)state;
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_format(&text, "%s|%S|%c|%d|%u|%l|%L|%x|%%|", "one", BERM_STR("two"), 'c', -7,
                     UINT32_MAX, INT64_MIN, UINT64_MAX, UINT32_C(0xBEEF));
    berm_text_format(&text, "%x %x %d", UINT32_C(0), UINT32_MAX, 0);
    expect_text(
        &text,
        "one|two|c|-7|4294967295|-9223372036854775808|18446744073709551615|beef|%|0 ffffffff 0");
    berm_text_format(&text, "");
    expect_text(&text, "");
    berm_text_format(&text, "100%"); /* a format that ends too early */
    expect_text(&text, "100");
}

static void buffers_are_cut_between_code_points(void **state)
{
    (void)state;
    char buffer[8];
    berm_format_into(buffer, sizeof buffer, "%s", "1234567");
    assert_string_equal(buffer, "1234567");
    berm_format_into(buffer, sizeof buffer, "%s", "12345678");
    assert_string_equal(buffer, "1234567");
    berm_format_into(buffer, sizeof buffer, "12345%s%s", "\xE2\x82\xAC",
                     "x"); /* nothing behind the cut */
    assert_string_equal(buffer, "12345");
    berm_format_into(buffer, sizeof buffer, "1234%s", "\xE2\x82\xAC");
    assert_string_equal(buffer, "1234\xE2\x82\xAC");
    berm_format_into(buffer, sizeof buffer, "%s",
                     "123\xF0\x9F\x98\x80"
                     "45");
    assert_string_equal(buffer, "123\xF0\x9F\x98\x80");
    berm_format_into(buffer, sizeof buffer, "%s", "1234\xF0\x9F\x98\x80");
    assert_string_equal(buffer, "1234");
    berm_format_into(buffer, 1, "%d", 5);
    assert_string_equal(buffer, "");
    buffer[0] = 'k';
    berm_format_into(buffer, 0, "%d", 5);
    assert_int_equal(buffer[0], 'k');
}

static void quoting_is_json(void **state)
{
    (void)state;
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_quote(&text, (berm_str){"a\"b\\c/\b\f\n\r\t\v\0\x1F\x7F", 15});
    expect_text(&text, "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u000b\\u0000\\u001f\x7F\"");
    berm_text_quote(&text, BERM_STR("\xC3\xA9\xFF\xE2\x82"));
    expect_text(&text, "\"\xC3\xA9\\ufffd\\ufffd\\ufffd\"");
    berm_text_quote(&text, (berm_str){NULL, 0});
    expect_text(&text, "\"\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_compare),
        cmocka_unit_test(globs_match),
        cmocka_unit_test(globs_stay_quick),
        cmocka_unit_test(texts_grow),
        cmocka_unit_test(failure_sticks),
        cmocka_unit_test(every_conversion),
        cmocka_unit_test(buffers_are_cut_between_code_points),
        cmocka_unit_test(quoting_is_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
