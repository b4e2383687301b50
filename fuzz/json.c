/* The JSON reader and writer: what was read, written and read again is written the same. */
#include "common.h"

static fuzz_text write_root(const berm_doc *doc)
{
    fuzz_text out = {0};
    const berm_sink sink = {fuzz_keep, &out};
    REQUIRE(berm_value_json(berm_doc_root(doc, 0), &sink, NULL) == BERM_OK);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    berm_engine *engine = fuzz_engine();
    if (!engine) return 0;
    berm_doc *doc = fuzz_parse(engine, (berm_str){(const char *)data, size}, BERM_FORMAT_IS_JSON);
    if (doc) {
        fuzz_text once = write_root(doc);
        berm_doc *again = fuzz_parse(engine, (berm_str){once.ptr, once.len}, BERM_FORMAT_IS_JSON);
        REQUIRE(again);
        fuzz_text twice = write_root(again);
        REQUIRE(once.len == twice.len && memcmp(once.ptr, twice.ptr, once.len) == 0);
        free(once.ptr);
        free(twice.ptr);
        berm_doc_unref(again);
    }
    berm_doc_unref(doc);
    berm_engine_unref(engine);
    return 0;
}
