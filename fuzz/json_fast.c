/* The fast reader with each kernel of this machine against the plain one: what is accepted, the cells,
   the texts, the errors. The first byte says how the rest is read. */
#include "common.h"

#include "../tests/unit/json_readers.h"

#include <stdio.h>

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
    free(text);
    return 0;
}
