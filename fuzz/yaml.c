/* The YAML reader: every root can be walked, printed as JSON, and every place lies in the text. */
#include "common.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const berm_sink sink = {fuzz_swallow, NULL};
    berm_engine *engine = fuzz_engine();
    if (!engine) return 0;
    berm_doc *doc = fuzz_parse(engine, (berm_str){(const char *)data, size}, BERM_FORMAT_IS_YAML);
    for (size_t i = 0; i < berm_doc_root_count(doc); i++) {
        berm_item item = {.size = sizeof item};
        REQUIRE(berm_value_read(berm_doc_root(doc, i), &item) == BERM_OK);
        REQUIRE(berm_value_json(berm_doc_root(doc, i), &sink, NULL) != BERM_E_ARGUMENT);
    }
    berm_doc_unref(doc);
    berm_engine_unref(engine);
    return 0;
}
