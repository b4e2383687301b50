/* One text read by all readers of JSON: they must agree on everything. Used by a unit test and a fuzz
   target, each with its own way to stop. */
#ifndef BERM_TESTS_JSON_READERS_H
#define BERM_TESTS_JSON_READERS_H

#include "base/mem.h"
#include "data/doc.h"
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
    berm_doc_drop(plain);
    return difference;
}

#endif
