/* The JSON reader and writer: what was read, written and read again is written the same. With
   failing memory or smaller limits the reader gives the same document or none. The options of the
   settings: 1 NDJSON, 2 whatever it looks like, 4 no repeated keys. */
#include "common.h"

static fuzz_text write_roots(const berm_doc *doc)
{
    fuzz_text out = {0};
    const berm_sink sink = {fuzz_keep, &out};
    for (size_t i = 0; i < berm_doc_root_count(doc); i++) {
        REQUIRE(berm_value_json(berm_doc_root(doc, i), &sink, NULL) == BERM_OK);
        REQUIRE(fuzz_keep(&out, "\n", 1) == 0);
    }
    return out;
}

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
static void read_again(berm_engine *engine, const berm_doc *doc, const fuzz_text *written)
{
    uint8_t how = berm_doc_root_count(doc) == 1 ? 0 : 1;
    berm_doc *again = NULL;
    if (berm_doc_root_count(doc) == 0) return;
    REQUIRE(read_text(engine, fuzz_view(written), how, &again) == BERM_OK);
    fuzz_text twice = write_roots(again);
    REQUIRE(fuzz_same_text(written, &twice));
    free(twice.ptr);
    berm_doc_unref(again);
}

static void read_hostile(const fuzz_settings *settings, berm_str text, const fuzz_text *wanted)
{
    fuzz_memory memory;
    berm_doc *doc = NULL;
    berm_engine *engine = fuzz_engine_with(settings, &memory);
    if (!engine) return;
    berm_status status = read_text(engine, text, settings->options, &doc);
    REQUIRE(status == BERM_OK || !wanted || memory.failed || settings->tiny);
    if (doc) {
        REQUIRE(wanted);
        fuzz_text out = write_roots(doc);
        REQUIRE(fuzz_same_text(&out, wanted));
        free(out.ptr);
    }
    berm_doc_unref(doc);
    fuzz_engine_end(engine, &memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_settings settings = fuzz_take_settings(&data, &size);
    berm_str text = {(const char *)data, size};
    fuzz_text once = {0};
    berm_doc *doc = NULL;
    berm_engine *engine = fuzz_engine();
    REQUIRE(engine);
    if (read_text(engine, text, settings.options, &doc) == BERM_OK) {
        once = write_roots(doc);
        if (!(settings.options & 2)) read_again(engine, doc, &once);
    }
    if (settings.tiny || settings.fail_at > 0) read_hostile(&settings, text, doc ? &once : NULL);
    free(once.ptr);
    berm_doc_unref(doc);
    berm_engine_unref(engine);
    return 0;
}
