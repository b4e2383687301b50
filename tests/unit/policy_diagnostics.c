/* What is said about faulty policies: for each file of tests/golden/diagnostics, NAME.yaml,
   there is NAME.txt. After a wanted change, BERM_GOLDEN=write writes the texts anew; read the
   difference before it is committed. */
#include "policy_help.h"

#define GOLDEN "tests/golden/diagnostics/"

static const char *const cases[] = {
    "keys",  "sorts", "names", "expressions", "messages",    "parameters",    "targets",
    "kinds", "tests", "types", "empty",       "yaml_syntax", "yaml_duplicate"};

static size_t read_golden(const char *name, const char *end, char *text, size_t size)
{
    char path[200];
    snprintf(path, sizeof path, GOLDEN "%s.%s", name, end);
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("no %s: tests run in the source directory", path);
    size_t len = fread(text, 1, size - 1, file);
    fclose(file);
    assert_in_range(len, 1, size - 2);
    text[len] = '\0';
    return len;
}

static void write_golden(const char *name, const berm_text *text)
{
    char path[200];
    snprintf(path, sizeof path, GOLDEN "%s.txt", name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text->ptr, 1, text->len, file), text->len);
    fclose(file);
}

static void put_diag(berm_text *out, const berm_diag *diag)
{
    berm_text_format(out, "%S:%u:%u: %S %S\n%S", diag->source, diag->line, diag->column, diag->code,
                     diag->message, diag->frame);
    if (diag->hint.len) berm_text_format(out, "  %S\n", diag->hint);
    berm_text_putc(out, '\n');
}

static void report_case(const char *name, berm_text *out)
{
    static char text[1 << 16];
    char source_name[100];
    snprintf(source_name, sizeof source_name, "%s.yaml", name);
    berm_source source = {.size = sizeof source,
                          .name = berm_str_of(source_name),
                          .text = {text, read_golden(name, "yaml", text, sizeof text)},
                          .role = BERM_ROLE_POLICY};
    compiled c = compile_sources(&source, 1, 0);
    assert_int_equal(c.status, BERM_E_POLICY);
    assert_null(c.bytes);
    size_t count;
    const berm_diag *list = berm_diags_list(c.diags, &count);
    for (size_t i = 0; i < count; i++) put_diag(out, &list[i]);
    assert_true(count > 0);
    drop_compiled(&c);
}

static void diagnostics_read_as_agreed(void **state)
{
    (void)state;
    static char golden[1 << 16];
    const char *wanted = getenv("BERM_GOLDEN");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        berm_text out;
        berm_text_init(&out, &berm_alloc_libc);
        report_case(cases[i], &out);
        assert_false(out.failed);
        if (wanted && strcmp(wanted, "write") == 0) {
            write_golden(cases[i], &out);
        } else {
            size_t len = read_golden(cases[i], "txt", golden, sizeof golden), at = 0, from;
            while (at < out.len && at < len && golden[at] == out.ptr[at]) at++;
            for (from = at; from && golden[from - 1] != '\n';) from--;
            berm_text_putc(&out, '\0');
            if (at < len || at + 1 < out.len) {
                fail_msg("%s is:\n%.400s\nshould be:\n%.400s", cases[i], out.ptr + from,
                         golden + from);
            }
        }
        berm_text_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(diagnostics_read_as_agreed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
