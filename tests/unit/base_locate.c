#include "base/diag.h"

#include "base/utf8.h"

#include "base_alloc.h"

#include <setjmp.h>

#include <cmocka.h>

static void expect_place(berm_str text, size_t off, uint32_t line, uint32_t column)
{
    uint32_t found_line = 0, found_column = 0;
    berm_locate(text, off, &found_line, &found_column);
    assert_int_equal(found_line, line);
    assert_int_equal(found_column, column);
}

static void lines_and_columns(void **state)
{
    (void)state;
    berm_str text = BERM_STR("a\nb\xC3\xA9"
                             "c\r\n\n\xF0\x9F\x98\x80x");
    expect_place(text, 0, 1, 1);
    expect_place(text, 1, 1, 2);
    expect_place(text, 2, 2, 1);
    expect_place(text, 3, 2, 2);
    expect_place(text, 5, 2, 3);
    expect_place(text, 8, 3, 1);
    expect_place(text, 9, 4, 1);
    expect_place(text, 13, 4, 2);
    expect_place(text, 14, 4, 3);
    expect_place(text, 99, 4, 3);
    expect_place((berm_str){NULL, 0}, 5, 1, 1);
}

/* A text over several marks, asked in an order that jumps: the same answers as walking. */
static void marks_change_nothing(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    for (uint32_t i = 0; text.len < 100000; i++) {
        berm_text_pad(&text, 'x', i * i % 211);
        berm_text_put(&text, i % 3 ? BERM_STR("\xE2\x82\xAC") : BERM_STR("\n"));
        if (i == 300) berm_text_pad(&text, '-', 40000); /* a line over more than one mark */
    }
    for (size_t fail_at = 0; fail_at < 2; fail_at++) {
        heap.calls = 0;
        heap.fail_at = fail_at;
        berm_lines lines = {.text = berm_text_view(&text)};
        for (size_t i = 0, off = 0; i < 300; i++, off = (off + 77777) % (text.len + 2)) {
            uint32_t line, column, walked_line, walked_column;
            berm_lines_locate(&lines, &alloc, off, &line, &column);
            berm_locate(lines.text, off, &walked_line, &walked_column);
            assert_int_equal(line, walked_line);
            assert_int_equal(column, walked_column);
        }
        berm_array_free(&alloc, &lines.marks);
    }
    berm_text_free(&text);
    assert_int_equal(heap.in_use, 0);
}

static void expect_frame(const char *source, size_t off, size_t len, const char *expected)
{
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    berm_code_frame(&out, berm_str_of(source), off, len);
    berm_text_putc(&out, '\0');
    assert_false(out.failed);
    assert_string_equal(out.ptr, expected);
    berm_text_free(&out);
}

static void frames_show_the_span(void **state)
{
    (void)state;
    expect_frame("image: web", 7, 3,
                 " 1 | image: web\n"
                 "   |        ^^^\n");
    expect_frame("spec:\n  image: web\n", 15, 3,
                 " 1 | spec:\n"
                 " 2 |   image: web\n"
                 "   |          ^^^\n");
    /* The span ends with its line; no length is one column; the end of the text is a place. */
    expect_frame("a: [\n1]\n", 3, 4,
                 " 1 | a: [\n"
                 "   |    ^\n");
    expect_frame("abc", 1, 0,
                 " 1 | abc\n"
                 "   |  ^\n");
    expect_frame("abc", 3, 5,
                 " 1 | abc\n"
                 "   |    ^\n");
    expect_frame("abc\n", 4, 0,
                 " 1 | abc\n"
                 " 2 | \n"
                 "   | ^\n");
    expect_frame("", 0, 0,
                 " 1 | \n"
                 "   | ^\n");
    expect_frame("abc", 100, SIZE_MAX,
                 " 1 | abc\n"
                 "   |    ^\n");
    expect_frame("abc", 0, SIZE_MAX,
                 " 1 | abc\n"
                 "   | ^^^\n");
}

static void frames_keep_columns_below_each_other(void **state)
{
    (void)state;
    expect_frame("\tk:\tv\r\n", 4, 1,
                 " 1 | \tk:\tv\n"
                 "   | \t  \t^\n");
    expect_frame("\xC3\xA9\xE2\x82\xAC: \xC3\xA9\xC3\xA9", 7, 4,
                 " 1 | \xC3\xA9\xE2\x82\xAC: \xC3\xA9\xC3\xA9\n"
                 "   |     ^^\n");
    expect_frame("1\n2\n3\n4\n5\n6\n7\n8\nnine\nten", 21, 3,
                 "  9 | nine\n"
                 " 10 | ten\n"
                 "    | ^^^\n");
}

static void frames_hide_what_steers_a_terminal(void **state)
{
    (void)state;
    expect_frame("a\x1B[31mb\x7F\xC2\x9B\xE2\x80\xAE\xFFz", 6, 1,
                 " 1 | a\xEF\xBF\xBD[31mb\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\n"
                 "   |       ^\n");
}

static void long_lines_are_cut(void **state)
{
    (void)state;
    char source[5000];
    memset(source, '.', sizeof source);
    memcpy(source + 3000, "HERE", 4);
    source[400] = '\n';
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    berm_code_frame(&out, (berm_str){source, sizeof source}, 3000, 4);
    assert_false(out.failed);
    /* One line of source, 60 code points in front of the span and 100 in all, then the carets below
       it. */
    const char *here = memchr(out.ptr, 'H', out.len);
    const char *caret = memchr(out.ptr, '^', out.len);
    const char *newline = memchr(out.ptr, '\n', out.len);
    assert_non_null(here);
    assert_non_null(caret);
    assert_non_null(newline);
    assert_int_equal(newline - out.ptr, 5 + 3 + 100 + 3);
    assert_int_equal(here - out.ptr, 5 + 3 + 60);
    assert_int_equal(caret - newline - 1, here - out.ptr);
    berm_text_free(&out);
    /* From the start of the line, context and all, where the span is near it. */
    berm_code_frame(&out, (berm_str){source, sizeof source}, 410, 2000);
    assert_memory_equal(out.ptr, " 2 | ...", 8);
    berm_text_free(&out);
    source[4] = '\n';
    berm_code_frame(&out, (berm_str){source, sizeof source}, 10, 2000);
    assert_memory_equal(out.ptr, " 1 | ....\n 2 | ", 15);
    assert_int_equal(berm_utf8_count(berm_text_view(&out)), 10 + 5 + 100 + 3 + 1 + 5 + 100 + 1);
    berm_text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_columns),
        cmocka_unit_test(marks_change_nothing),
        cmocka_unit_test(frames_show_the_span),
        cmocka_unit_test(frames_keep_columns_below_each_other),
        cmocka_unit_test(frames_hide_what_steers_a_terminal),
        cmocka_unit_test(long_lines_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
