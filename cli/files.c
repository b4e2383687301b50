#include "cli.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *const policy_endings[] = {".yaml", ".yml", NULL};
const char *const document_endings[] = {".json",  ".yaml",    ".yml",      ".ndjson",
                                        ".jsonl", ".tfstate", ".template", NULL};

#define READ_STEP 65536u
#define TREE_DEPTH_MAX 64

/* A regular file tells how long it is: one byte more shows that it ends there. */
static size_t guess_length(FILE *in)
{
    struct stat info;
    bool known = fstat(fileno(in), &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0;
    return known && (uintmax_t)info.st_size < SIZE_MAX ? (size_t)info.st_size + 1 : READ_STEP;
}

static char *read_stream(FILE *in, size_t *len)
{
    size_t cap = guess_length(in), used = 0;
    char *text = malloc(cap);
    while (text) {
        used += fread(text + used, 1, cap - used, in);
        if (used < cap) break;
        char *more = realloc(text, cap *= 2);
        if (!more) free(text);
        text = more;
    }
    *len = used;
    return text;
}

int keep_text(void *ctx, const char *ptr, size_t len)
{
    kept_text *kept = ctx;
    if (len == 0) return 0;
    char *more = realloc(kept->text, kept->len + len);
    if (!more) return -1;
    memcpy(more + kept->len, ptr, len);
    *kept = (kept_text){more, kept->len + len};
    return 0;
}

char *read_file(const char *path, size_t *len)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *in = standard ? stdin : fopen(path, "rb");
    if (!in) {
        fprintf(stderr, "berm: %s: %s\n", path, strerror(errno));
        return NULL;
    }
    errno = 0;
    char *text = read_stream(in, len);
    bool failed = !text || ferror(in);
    if (failed) fprintf(stderr, "berm: %s: %s\n", path, errno ? strerror(errno) : "cannot be read");
    if (!standard) fclose(in);
    if (!failed) return text;
    free(text);
    return NULL;
}

bool add_path(path_list *list, const char *path)
{
    if (list->count == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 16;
        char **items = realloc(list->items, cap * sizeof *items);
        if (!items) return false;
        list->items = items;
        list->cap = cap;
    }
    size_t len = strlen(path);
    char *copy = malloc(len + 1);
    if (!copy) return false;
    memcpy(copy, path, len + 1);
    list->items[list->count++] = copy;
    return true;
}

void free_paths(path_list *list)
{
    for (size_t i = 0; i < list->count; i++) free(list->items[i]);
    free(list->items);
    *list = (path_list){0};
}

static bool has_ending(const char *path, const char *const *endings)
{
    size_t len = strlen(path);
    for (; *endings; endings++) {
        size_t n = strlen(*endings);
        if (len > n && strcmp(path + len - n, *endings) == 0) return true;
    }
    return false;
}

static int order_paths(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *join_path(const char *dir, const char *name)
{
    size_t a = strlen(dir), b = strlen(name);
    while (a > 1 && dir[a - 1] == '/') a--;
    char *path = malloc(a + b + 2);
    if (!path) return NULL;
    memcpy(path, dir, a);
    path[a] = '/';
    memcpy(path + a + 1, name, b + 1);
    return path;
}

/* What tools keep for themselves; other dotted folders (.github) hold documents. */
static bool is_passed_over(const char *name)
{
    static const char *const own[] = {".",    "..",         ".git",        ".hg",
                                      ".svn", ".terraform", "node_modules"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(name, own[i]) == 0) return true;
    return false;
}

static bool walk_directory(path_list *list, const char *path, const char *const *endings,
                           int depth);

static bool visit_path(path_list *list, const char *path, const char *const *endings, int depth)
{
    struct stat st;
    if (stat(path, &st)) return true; /* a dangling link or one that has just gone */
    if (S_ISDIR(st.st_mode)) return walk_directory(list, path, endings, depth);
    if (!S_ISREG(st.st_mode) || !has_ending(path, endings)) return true;
    return add_path(list, path);
}

static bool walk_directory(path_list *list, const char *path, const char *const *endings, int depth)
{
    DIR *dir = depth < TREE_DEPTH_MAX ? opendir(path) : NULL;
    if (!dir) {
        fprintf(stderr, "berm: %s: %s\n", path,
                depth < TREE_DEPTH_MAX ? strerror(errno) : "directories are nested too deep");
        return false;
    }
    bool done = true;
    for (struct dirent *e; done && (e = readdir(dir));) {
        if (is_passed_over(e->d_name)) continue;
        char *below = join_path(path, e->d_name);
        done = below && visit_path(list, below, endings, depth + 1);
        free(below);
    }
    closedir(dir);
    return done;
}

bool expand_path(path_list *list, const char *path, const char *const *endings)
{
    struct stat st;
    if (strcmp(path, "-") == 0) return add_path(list, path);
    if (stat(path, &st)) {
        fprintf(stderr, "berm: %s: %s\n", path, strerror(errno));
        return false;
    }
    if (!S_ISDIR(st.st_mode)) return add_path(list, path);
    size_t first = list->count;
    bool done = walk_directory(list, path, endings, 0);
    if (list->count > first)
        qsort(list->items + first, list->count - first, sizeof *list->items, order_paths);
    return done;
}
