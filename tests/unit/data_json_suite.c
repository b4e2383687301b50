/* The JSON test suite (nst/JSONTestSuite): every y_ accepted, every n_ refused; i_ is up to us and
   is listed. The files are no part of this repository: the test skips where ../shared, or what
   BERM_SHARED names, does not hold them. */
#define _POSIX_C_SOURCE 200809L
#include "data_help.h"

#include <dirent.h>

#define SUITE "corpora/json-conformance/nst__JSONTestSuite/test_parsing"

typedef struct suite_count {
    int accepted, refused;
} suite_count;

static char *load_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = malloc(1 << 20);
    assert_non_null(text);
    *len = fread(text, 1, 1 << 20, file);
    assert_true(*len < 1 << 20);
    fclose(file);
    return text;
}

static berm_status read_file(const char *folder, const char *name, berm_format format,
                             berm_error *err)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    size_t len;
    char *text = load_file(path, &len);
    berm_limits limits = berm_limits_resolve(NULL);
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .name = berm_str_of(name),
                      .text = {text, len},
                      .format = format};
    berm_doc *doc;
    berm_status status = berm_doc_read(&read, &doc, err);
    berm_doc_drop(doc);
    free(text);
    return status;
}

/* As JSON and as AUTO, which goes by the name: a strict answer both times, with a code and never a
   general one. */
static void check_file(const char *folder, const char *name, suite_count counts[3])
{
    static const char sorts[] = "yni";
    const char *sort = strchr(sorts, name[0]);
    if (!sort || name[1] != '_') return;
    berm_error err = {0};
    berm_status status = read_file(folder, name, BERM_FORMAT_JSON, &err);
    if (*sort == 'y' && status != BERM_OK) fail_msg("%s: refused: %s", name, err.message);
    if (*sort == 'n' && status == BERM_OK) fail_msg("%s: accepted", name);
    if (status != BERM_OK && (err.code < 101 || err.code > 118))
        fail_msg("%s: code %u", name, err.code);
    if (*sort == 'i')
        print_message("%s: %s %s\n", name,
                      status == BERM_OK ? "accepted" : "refused:", err.message);
    assert_int_equal(read_file(folder, name, BERM_FORMAT_AUTO, &err), status);
    counts[sort - sorts].accepted += status == BERM_OK;
    counts[sort - sorts].refused += status != BERM_OK;
}

static void agrees_with_the_suite(void **state)
{
    (void)state;
    char folder[1024];
    const char *shared = getenv("BERM_SHARED");
    snprintf(folder, sizeof folder, "%s/%s", shared ? shared : "../shared", SUITE);
    DIR *dir = opendir(folder);
    if (!dir) {
        print_message("no suite at %s\n", folder);
        skip();
        return;
    }
    suite_count counts[3] = {{0, 0}, {0, 0}, {0, 0}};
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
        check_file(folder, entry->d_name, counts);
    closedir(dir);
    print_message("y: %d accepted, n: %d refused, i: %d accepted and %d refused\n",
                  counts[0].accepted, counts[1].refused, counts[2].accepted, counts[2].refused);
    assert_true(counts[0].accepted >= 90);
    assert_true(counts[1].refused >= 180);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(agrees_with_the_suite)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
