/* Reading YAML in tests: text in, JSON of the tree out. */
#ifndef BERM_TESTS_DATA_YAML_HELP_H
#define BERM_TESTS_DATA_YAML_HELP_H

#include "data/doc.h"
#include "data/limits.h"
#include "data/ops.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct yaml_case {
    berm_limits limits;
    berm_read read;
    berm_doc *doc;
    berm_error err;
    berm_status status;
} yaml_case;

static inline void read_case_text(yaml_case *c, berm_str text)
{
    c->read.text = text;
    c->read.name = BERM_STR("test.yaml");
    c->read.format = BERM_FORMAT_YAML;
    if (!c->read.alloc) c->read.alloc = &berm_alloc_libc;
    c->limits = berm_limits_resolve(&c->limits);
    c->read.limits = &c->limits;
    c->status = berm_doc_read(&c->read, &c->doc, &c->err);
}

static inline void read_case(yaml_case *c, const char *text)
{
    read_case_text(c, berm_str_of(text));
}

/* All documents as JSON, a space between them. */
static inline void print_doc(const berm_doc *doc, char *out, size_t size)
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
        if (i > 0) berm_text_putc(&text, ' ');
        assert_true(berm_json_write(&text, &space, root, BERM_JSON_COMPACT));
    }
    assert_false(text.failed);
    assert_true(text.len < size);
    memcpy(out, text.ptr, text.len);
    out[text.len] = '\0';
    berm_text_free(&text);
    berm_space_free(&space);
}

/* `text` is read as these documents. */
static inline void check_read_as(const char *text, berm_yaml_schema schema, const char *json)
{
    yaml_case c = {.read = {.schema = schema}};
    char printed[4096];
    read_case(&c, text);
    if (c.status != BERM_OK) fail_msg("%s: refused: B%04u %s", text, c.err.code, c.err.message);
    print_doc(c.doc, printed, sizeof printed);
    if (strcmp(printed, json) != 0) fail_msg("%s: read as %s, wanted %s", text, printed, json);
    berm_doc_drop(c.doc);
}

static inline void check_read(const char *text, const char *json)
{
    check_read_as(text, BERM_YAML_CORE, json);
}

/* `text` is refused with code `code` at byte `off`. */
static inline void check_refused(const char *text, berm_status status, uint32_t code, uint64_t off)
{
    yaml_case c = {.limits = {0}};
    read_case(&c, text);
    assert_null(c.doc);
    if (c.status != status || c.err.code != code || c.err.off != off)
        fail_msg("%s: %d B%04u at %llu (%s), wanted %d B%04u at %llu", text, c.status, c.err.code,
                 (unsigned long long)c.err.off, c.err.message, status, code,
                 (unsigned long long)off);
}

/* The value at a path of member names and list positions: "a/0/b". */
static inline const berm_cell *find_cell(const berm_doc *doc, uint32_t root, const char *path)
{
    const berm_cell *at = &doc->roots[root];
    while (*path) {
        size_t len = strcspn(path, "/");
        const berm_cell *children = doc->store.cells + at->as.ref.off;
        if (at->tag == BERM_TAG_LIST) {
            at = &children[strtoul(path, NULL, 10)];
        } else {
            const berm_cell *found = NULL;
            for (uint32_t i = 0; i < at->as.ref.len; i++) {
                const berm_cell *key = &children[2 * i];
                const char *name =
                    doc->store.text[(key->flags & BERM_CELL_DECODED) != 0] + key->as.ref.off;
                if (key->as.ref.len == len && memcmp(name, path, len) == 0) found = key + 1;
            }
            assert_non_null(found);
            at = found;
        }
        path += len;
        if (*path == '/') path++;
    }
    return at;
}

/* The source text of the node at a path. */
static inline void check_span(const berm_doc *doc, const char *path, const char *wanted)
{
    berm_span span = berm_doc_span(doc, find_cell(doc, 0, path));
    assert_true(span.off + span.len <= doc->text.len);
    berm_str got = berm_str_cut(doc->text, (size_t)span.off, (size_t)(span.off + span.len));
    if (!berm_str_is(got, wanted))
        fail_msg("%s: the span is `%.*s`, wanted `%s`", path, (int)got.len, got.ptr, wanted);
}

#endif
