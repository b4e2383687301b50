/* The fast reader with each kernel of this machine against the plain one: what is accepted, the cells,
   the texts, the errors, what is warned of. The first byte says how the rest is read. */
#include "common.h"

#include "../tests/unit/json_readers.h"

#include <stdio.h>

/* How many faults and warnings a reader has: keys that repeat are warned of. */
static size_t count_warnings(const berm_read *how, berm_kernel kernel, bool pieces)
{
    berm_doc *doc = NULL;
    berm_error err = {0};
    size_t count = 0;
    berm_read read = *how;
    berm_diags *diags = berm_diags_new(&berm_alloc_libc);
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, UINT64_C(1) << 30);
    berm_lazy lazy = {.space = &space, .alloc = &berm_alloc_libc};
    if (pieces) read.lazy = &lazy;
    REQUIRE(diags && berm_diags_source(diags, read.name, read.text) == 0);
    read.diags = diags;
    berm_status status = read_with_kernel(&read, kernel, &doc, &err);
    REQUIRE((status == BERM_OK) == (doc != NULL));
    berm_diags_list(diags, &count);
    berm_doc_drop(doc);
    berm_lazy_free(&lazy);
    berm_space_free(&space);
    berm_diags_drop(diags);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    static const berm_format formats[] = {BERM_FORMAT_JSON, BERM_FORMAT_NDJSON, BERM_FORMAT_AUTO,
                                          BERM_FORMAT_JSON};
    berm_limits limits = {.size = sizeof limits, .depth = 32, .string_len = 4096};
    limits = berm_limits_resolve(&limits);
    /* Exactly as long as it is: a look behind it is found. And behind blanks, so that it lies on the
       seam of two windows. */
    size_t lead = data[0] & 0x40 ? 16384 - (data[0] & 0x3f) : 0, len = lead + size - 1;
    char *text = malloc(len ? len : 1);
    if (!text) return 0;
    memset(text, ' ', lead);
    memcpy(text + lead, data + 1, size - 1);
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .name = {"input", 5},
                      .text = {text, len},
                      .format = formats[data[0] & 3],
                      .refuse_duplicates = (data[0] & 3) == 3};
    bool accepted;
    const char *difference = compare_readers(&read, &accepted);
    if (difference) fprintf(stderr, "the readers differ in %s\n", difference);
    REQUIRE(!difference);
    size_t warnings = count_warnings(&read, BERM_KERNEL_PLAIN, false);
    REQUIRE(count_warnings(&read, BERM_KERNEL_AUTO, false) == warnings);
    REQUIRE(count_warnings(&read, BERM_KERNEL_AUTO, true) == warnings);
    free(text);
    return 0;
}
