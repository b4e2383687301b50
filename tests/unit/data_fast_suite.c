/* The fast reader against the plain one on all JSON of ../shared, or what BERM_SHARED names: the files are
   no part of this repository, and the test skips where they are not. */
#define _POSIX_C_SOURCE 200809L
#include "data_help.h"

#include "json_readers.h"

#include <dirent.h>
#include <sys/stat.h>

#define SUITE_FILE_MOST ((size_t)16 << 20)

typedef struct suite_tally {
    size_t files, accepted, bytes;
} suite_tally;

static void compare_file(const char *path, suite_tally *tally)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(SUITE_FILE_MOST);
    assert_non_null(text);
    size_t len = file ? fread(text, 1, SUITE_FILE_MOST, file) : 0;
    if (file) fclose(file);
    berm_limits limits = berm_limits_resolve(NULL);
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .name = berm_str_of(path),
                      .text = {text, len},
                      .format = strstr(path, ".ndjson") || strstr(path, ".jsonl")
                                    ? BERM_FORMAT_NDJSON
                                    : BERM_FORMAT_JSON};
    bool accepted;
    const char *difference = compare_readers(&read, &accepted);
    if (difference) fail_msg("%s: %s", path, difference);
    tally->files++;
    tally->accepted += accepted;
    tally->bytes += len;
    free(text);
}

static bool is_json_name(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && (!strcmp(dot, ".json") || !strcmp(dot, ".ndjson") || !strcmp(dot, ".jsonl") ||
                   !strcmp(dot, ".tfstate") || !strcmp(dot, ".template"));
}

static void compare_folder(const char *folder, suite_tally *tally, int depth)
{
    DIR *dir = opendir(folder);
    if (!dir || depth > 12) {
        if (dir) closedir(dir);
        return;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[2048];
        struct stat info;
        if (entry->d_name[0] == '.') continue;
        int len = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (len < 0 || (size_t)len >= sizeof path || lstat(path, &info)) continue;
        if (S_ISDIR(info.st_mode)) compare_folder(path, tally, depth + 1);
        else if (S_ISREG(info.st_mode) && is_json_name(entry->d_name)) compare_file(path, tally);
    }
    closedir(dir);
}

static void agrees_on_all_files(void **state)
{
    (void)state;
    const char *shared = getenv("BERM_SHARED");
    char folder[1024];
    suite_tally tally = {0};
    snprintf(folder, sizeof folder, "%s/corpora", shared ? shared : "../shared");
    compare_folder(folder, &tally, 0);
    if (tally.files == 0) skip();
    print_message("%zu files, %zu of them accepted, %zu bytes\n", tally.files, tally.accepted,
                  tally.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(agrees_on_all_files)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
