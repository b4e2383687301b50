/* The JSON reader and writer: what was read, written and read again is written the same. With
   failing memory or smaller limits the reader gives the same document or none. The options of the
   settings: 1 NDJSON, 2 whatever it looks like, 4 no repeated keys. */
#include "document.h"

static berm_status read_text(berm_engine *engine, berm_str text, uint8_t how, berm_doc **doc)
{
    const berm_doc_options options = {
        .size = sizeof options,
        .format =
            how & 1 ? BERM_FORMAT_IS_NDJSON : (how & 2 ? BERM_FORMAT_ANY : BERM_FORMAT_IS_JSON),
        .duplicates = how & 4 ? BERM_DUPLICATES_FORBID : BERM_DUPLICATES_ALLOW};
    berm_diags *diags = NULL;
    berm_error err = {0};
    *doc = NULL;
    berm_status status = berm_doc_parse(engine, text, &options, doc, &diags, &err);
    REQUIRE(status != BERM_E_ARGUMENT && status != BERM_E_INTERNAL);
    REQUIRE((status == BERM_OK) == (*doc != NULL) && err.status == status);
    REQUIRE(err.off <= text.len / 2 * 3 + 1); /* of what UTF-16 is as UTF-8 */
    berm_diags_free(diags);
    return status;
}

/* What is written is read as it was. */
static void read_again(berm_engine *engine, const berm_doc *doc, uint8_t options,
                       const fuzz_text *written)
{
    uint8_t how = berm_doc_root_count(doc) == 1 ? 0 : 1;
    berm_doc *again = NULL;
    if (berm_doc_root_count(doc) == 0 || options & 2) return;
    REQUIRE(read_text(engine, fuzz_view(written), how, &again) == BERM_OK);
    fuzz_text twice = fuzz_write_roots(again);
    REQUIRE(fuzz_same_text(written, &twice));
    free(twice.ptr);
    berm_doc_unref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_read_document(data, size, read_text, read_again);
}
