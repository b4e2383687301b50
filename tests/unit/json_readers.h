/* One text read by all readers of JSON: they must agree on everything. Used by a unit test and a fuzz
   target, each with its own way to stop. */
#ifndef BERM_TESTS_JSON_READERS_H
#define BERM_TESTS_JSON_READERS_H

#include "base/mem.h"
#include "base/utf8.h"
#include "data/doc.h"
#include "data/fast/lazy.h"
#include "data/fast/scan.h"
#include "data/limits.h"

#include <string.h>

static inline berm_status read_with_kernel(const berm_read *how, berm_kernel kernel, berm_doc **doc,
                                           berm_error *err)
{
    berm_read read = *how;
    read.kernel = kernel;
    return berm_doc_read(&read, doc, err);
}

static inline bool are_same_bytes(const void *a, const void *b, size_t len)
{
    return len == 0 || memcmp(a, b, len) == 0;
}

/* What is different, or NULL. */
static inline const char *compare_docs(const berm_doc *a, const berm_doc *b)
{
    if (a->format != b->format) return "the format";
    if (a->root_count != b->root_count) return "the number of documents";
    if (a->store.cell_count != b->store.cell_count) return "the number of cells";
    if (a->store.text_len[1] != b->store.text_len[1]) return "the length of what is decoded";
    if (!are_same_bytes(a->roots, b->roots, a->root_count * sizeof *a->roots)) return "the roots";
    if (!are_same_bytes(a->store.cells, b->store.cells,
                        a->store.cell_count * sizeof *a->store.cells))
        return "the cells";
    if (!are_same_bytes(a->store.text[1], b->store.text[1], a->store.text_len[1]))
        return "what is decoded";
    return NULL;
}

static inline bool write_first_root(const berm_doc *doc, berm_space *space, berm_text *out)
{
    berm_cell root = doc->roots[0];
    berm_text_init(out, &berm_alloc_libc);
    root.store = berm_space_add(space, &doc->store);
    return berm_json_write(out, space, root, BERM_JSON_COMPACT);
}

/* The same text built piece by piece: accepted or not, and the same values once all is built. */
static inline const char *compare_pieces(const berm_read *how, berm_status status,
                                         const berm_doc *plain)
{
    static const berm_str eager[] = {{"a", 1}};
    berm_space space;
    berm_doc *doc;
    berm_error err = {0};
    const char *difference = NULL;
    berm_space_init(&space, &berm_alloc_libc, UINT64_C(1) << 30);
    berm_lazy lazy = {.space = &space, .alloc = &berm_alloc_libc, .eager = eager, .eager_count = 1};
    berm_read read = *how;
    read.lazy = &lazy;
    berm_status said = berm_doc_read(&read, &doc, &err);
    if (said != status) difference = "the status, read in pieces";
    if (said == BERM_OK && status == BERM_OK && doc->root_count != plain->root_count)
        difference = "the number of documents, read in pieces";
    if (!difference && said == BERM_OK && doc->root_count > 0) {
        berm_text pieces, whole;
        berm_text_init(&whole, &berm_alloc_libc);
        bool written =
            write_first_root(doc, &space, &pieces) && write_first_root(plain, &space, &whole);
        if (!written || pieces.len != whole.len || memcmp(pieces.ptr, whole.ptr, whole.len) != 0)
            difference = "the values, read in pieces";
        berm_text_free(&pieces);
        berm_text_free(&whole);
    }
    berm_doc_drop(doc);
    berm_lazy_free(&lazy);
    berm_space_free(&space);
    return difference;
}

/* Is text[from..end) a document by itself? */
static inline bool is_plain_document(const berm_read *how, uint32_t from, uint32_t end)
{
    berm_read read = *how;
    berm_doc *doc;
    berm_error err = {0};
    read.text = (berm_str){how->text.ptr + from, end - from};
    read.format = BERM_FORMAT_JSON;
    read.refuse_duplicates = false;
    bool good = read_with_kernel(&read, BERM_KERNEL_PLAIN, &doc, &err) == BERM_OK;
    berm_doc_drop(doc);
    return good;
}

/* The container that a text begins with, checked without tokens: its end is found where the plain
   reader takes it, and nothing else is an end. `single`: the text is a document that ends with it. */
static inline const char *compare_skips(const berm_read *how, bool single)
{
    uint32_t from = 0, len = (uint32_t)how->text.len, last = len;
    const char *text = how->text.ptr;
    while (from < len && text[from] && strchr(" \t\r\n", text[from])) from++;
    while (last > from && text[last - 1] && strchr(" \t\r\n", text[last - 1])) last--;
    if (from == len || (text[from] != '[' && text[from] != '{')) return NULL;
    for (unsigned k = BERM_KERNEL_AUTO; k < BERM_KERNEL_COUNT; k++) {
        const berm_kernel_info *kernel = berm_kernel_find((berm_kernel)k);
        if (!kernel || how->limits->depth > BERM_SKIP_DEPTH) continue;
        berm_scan scan = {.text = text, .len = len, .at = from + 1};
        berm_skip passed = {.depth = 1,
                            .depth_max = (uint32_t)how->limits->depth,
                            .first = true,
                            .string_len = (uint32_t)how->limits->string_len,
                            .maps = {text[from] == '{'}};
        uint32_t end = kernel->pass(&passed, &scan);
        if (scan.low_half) end = 0;
        if (single && end != last) return "where a container ends that is skipped";
        if (!single && end && berm_utf8_invalid(text, len) == len &&
            !is_plain_document(how, from, end))
            return "what is skipped";
    }
    return NULL;
}

/* Reads `how->text` by the plain reader and all others that this machine has; what they differ in, or
   NULL. *accepted: it is a document. */
static inline const char *compare_readers(const berm_read *how, bool *accepted)
{
    berm_doc *plain, *other;
    berm_error err = {0}, other_err = {0};
    berm_status status = read_with_kernel(how, BERM_KERNEL_PLAIN, &plain, &err);
    const char *difference = NULL;
    *accepted = status == BERM_OK;
    for (unsigned k = BERM_KERNEL_AUTO; k < BERM_KERNEL_COUNT && !difference; k++) {
        if (k == BERM_KERNEL_PLAIN) continue;
        memset(&other_err, 0, sizeof other_err);
        berm_status said = read_with_kernel(how, (berm_kernel)k, &other, &other_err);
        if (said != status) difference = "the status";
        else if (status == BERM_OK) difference = compare_docs(plain, other);
        else if (memcmp(&err, &other_err, sizeof err) != 0) difference = "the error";
        berm_doc_drop(other);
    }
    if (!difference) difference = compare_pieces(how, status, plain);
    bool single = status == BERM_OK && plain->format == BERM_FORMAT_JSON &&
                  plain->root_count == 1 && how->text.ptr == plain->text.ptr;
    if (!difference) difference = compare_skips(how, single);
    berm_doc_drop(plain);
    return difference;
}

#endif
