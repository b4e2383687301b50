/* The wording of syntax errors: tests/golden/cel_syntax.txt holds expressions and what is said
   about each. After a wanted change, BERM_GOLDEN=write writes the file anew; read the difference
   before it is committed. */
#include "cel_support.h"

#define GOLDEN "tests/golden/cel_syntax.txt"

static char *read_golden(void)
{
    FILE *file = fopen(GOLDEN, "rb");
    if (!file) fail_msg("no %s: tests run in the source directory", GOLDEN);
    static char text[1 << 17];
    size_t len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    assert_in_range(len, 1, sizeof text - 2);
    text[len] = '\0';
    return text;
}

/* \n \t and \e (for nothing) in the file's expressions */
static void unescape(berm_text *out, const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool escape = line[i] == '~' && i + 1 < len;
        if (escape && line[i + 1] == 'n') berm_text_putc(out, '\n');
        else if (escape && line[i + 1] == 't') berm_text_putc(out, '\t');
        else berm_text_putc(out, line[i]);
        i += escape && (line[i + 1] == 'n' || line[i + 1] == 't');
    }
}

static void put_case(berm_text *out, const char *line, size_t len)
{
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    unescape(&text, line, len);
    parsed p = parse_with(berm_text_view(&text), NULL);
    size_t count;
    const berm_diag *list = berm_diags_list(p.diags, &count);
    berm_text_format(out, "> %S\n", (berm_str){line, len});
    if (p.status == BERM_OK) berm_text_put(out, BERM_STR("fine\n"));
    for (size_t i = 0; i < count; i++) {
        berm_text_format(out, "%u:%u-%u:%u %S %S\n", list[i].line, list[i].column, list[i].end_line,
                         list[i].end_column, list[i].code, list[i].message);
    }
    berm_text_free(&text);
    drop_parsed(&p);
}

static void write_golden(const berm_text *text)
{
    FILE *file = fopen(GOLDEN, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text->ptr, 1, text->len, file), text->len);
    fclose(file);
}

/* Expressions begin with "> ", headings with "#"; all other lines are written by the test. */
static void errors_read_as_agreed(void **state)
{
    (void)state;
    const char *golden = read_golden();
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    unsigned cases = 0;
    for (const char *line = golden; *line;) {
        const char *end = strchr(line, '\n');
        size_t len = end ? (size_t)(end - line) : strlen(line);
        if (line[0] == '#') berm_text_format(&out, "%S\n", (berm_str){line, len});
        if (line[0] == '>' && line[1] == ' ' && ++cases) put_case(&out, line + 2, len - 2);
        line += len + (end != NULL);
    }
    assert_true(cases > 100);
    assert_false(out.failed);
    const char *wanted = getenv("BERM_GOLDEN");
    if (wanted && strcmp(wanted, "write") == 0) {
        write_golden(&out);
    } else if (out.len != strlen(golden) || memcmp(out.ptr, golden, out.len) != 0) {
        size_t at = 0, from;
        while (at < out.len && golden[at] == out.ptr[at]) at++;
        for (from = at; from && golden[from - 1] != '\n';) from--;
        fail_msg("is:\n%.300s\nshould be:\n%.300s", out.ptr + from, golden + from);
    }
    berm_text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(errors_read_as_agreed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
