/* Files and documents for the YAML runs over corpora. */
#ifndef BERM_TESTS_YAML_FILES_H
#define BERM_TESTS_YAML_FILES_H

#include "data/doc.h"
#include "data/limits.h"
#include "data/ops.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_LEN 1024

/* The whole file, with a NUL behind it; ptr NULL when it cannot be read. The caller frees ptr. */
static inline berm_str read_file(const char *path)
{
    berm_str none = {NULL, 0};
    FILE *file = fopen(path, "rb");
    if (!file) return none;
    size_t cap = 65536, len = 0, got;
    char *text = malloc(cap + 1);
    while (text && (got = fread(text + len, 1, cap - len, file)) > 0) {
        len += got;
        if (len < cap) continue;
        char *more = realloc(text, (cap *= 2) + 1);
        if (!more) free(text);
        text = more;
    }
    fclose(file);
    if (!text) return none;
    text[len] = '\0';
    return (berm_str){text, len};
}

static inline void free_file(berm_str text)
{
    char *ptr;
    memcpy(&ptr, &text.ptr, sizeof ptr);
    free(ptr);
}

static inline int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in a directory, sorted; *count of them. The caller frees each and the array. */
static inline char **list_names(const char *path, size_t *count)
{
    char **names = NULL;
    *count = 0;
    DIR *dir = opendir(path);
    if (!dir) return NULL;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.') continue;
        char **more = realloc(names, (*count + 1) * sizeof *names);
        char *name = malloc(strlen(entry->d_name) + 1);
        if (!more || !name) abort();
        names = more;
        names[(*count)++] = strcpy(name, entry->d_name);
    }
    closedir(dir);
    if (names) qsort(names, *count, sizeof *names, compare_names);
    return names;
}

static inline void free_names(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++) free(names[i]);
    free(names);
}

static inline berm_status read_doc(berm_str text, berm_format format, berm_yaml_schema schema,
                                   berm_doc **doc, berm_error *err)
{
    berm_limits limits = berm_limits_resolve(NULL);
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .name = BERM_STR("case"),
                      .text = text,
                      .format = format,
                      .schema = schema};
    return berm_doc_read(&read, doc, err);
}

/* Root `i` of one doc equals root `k` of another. */
static inline bool same_roots(const berm_doc *a, uint32_t i, const berm_doc *b, uint32_t k)
{
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, UINT64_MAX);
    berm_space_reset(&space, UINT64_MAX);
    berm_cell x = a->roots[i], y = b->roots[k];
    x.store = berm_space_add(&space, &a->store);
    y.store = berm_space_add(&space, &b->store);
    bool same = x.store != 0 && y.store != 0 && berm_value_equal(&space, x, y) == BERM_TRUE;
    berm_space_free(&space);
    return same;
}

/* A document on stdout, for a reader who wants to know why. */
static inline void show_roots(const char *title, const berm_doc *doc)
{
    berm_space space;
    berm_text text;
    berm_space_init(&space, &berm_alloc_libc, UINT64_MAX);
    berm_space_reset(&space, UINT64_MAX);
    berm_text_init(&text, &berm_alloc_libc);
    uint16_t store = berm_space_add(&space, &doc->store);
    for (uint32_t i = 0; i < doc->root_count; i++) {
        berm_cell root = doc->roots[i];
        root.store = store;
        berm_text_putc(&text, ' ');
        berm_json_write(&text, &space, root, BERM_JSON_COMPACT);
    }
    printf("    %s%.*s\n", title, (int)text.len, text.ptr);
    berm_text_free(&text);
    berm_space_free(&space);
}

#endif
