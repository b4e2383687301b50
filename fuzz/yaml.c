/* The YAML reader: every root can be walked and printed as JSON; every fault is in the text. With
   failing memory or smaller limits the reader gives the same document or none. The options of the
   settings: the low two bits the schema, 4 no repeated keys. */
#include "common.h"

static fuzz_text write_roots(const berm_doc *doc)
{
    fuzz_text out = {0};
    const berm_sink sink = {fuzz_keep, &out};
    for (size_t i = 0; i < berm_doc_root_count(doc); i++) {
        berm_item item = {.size = sizeof item};
        REQUIRE(berm_value_read(berm_doc_root(doc, i), &item) == BERM_OK);
        REQUIRE(berm_value_json(berm_doc_root(doc, i), &sink, NULL) == BERM_OK);
        REQUIRE(fuzz_keep(&out, "\n", 1) == 0);
    }
    return out;
}

static void check_diagnostics(const berm_diags *diags)
{
    size_t count = 0;
    const berm_diag *list = berm_diags_items(diags, &count);
    for (size_t i = 0; i < count; i++) {
        const berm_diag *d = &list[i];
        REQUIRE(d->message.len > 0 && d->code.len > 0);
        REQUIRE((d->line == 0) == (d->column == 0));
        REQUIRE(d->end_line > d->line || d->end_column >= d->column);
    }
}

static berm_status read_text(berm_engine *engine, berm_str text, uint8_t how, berm_doc **doc)
{
    static const uint32_t schemas[] = {BERM_YAML_AUTO, BERM_YAML_IS_CORE, BERM_YAML_IS_11,
                                       BERM_YAML_AUTO};
    const berm_doc_options options = {.size = sizeof options,
                                      .name = {"input", 5},
                                      .format = BERM_FORMAT_IS_YAML,
                                      .yaml_schema = schemas[how & 3],
                                      .duplicates =
                                          how & 4 ? BERM_DUPLICATES_FORBID : BERM_DUPLICATES_ALLOW};
    berm_diags *diags = NULL;
    berm_error err = {0};
    *doc = NULL;
    berm_status status = berm_doc_parse(engine, text, &options, doc, &diags, &err);
    REQUIRE(status != BERM_E_ARGUMENT && status != BERM_E_INTERNAL);
    REQUIRE((status == BERM_OK) == (*doc != NULL) && err.status == status);
    check_diagnostics(diags);
    berm_diags_free(diags);
    return status;
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
    if (read_text(engine, text, settings.options, &doc) == BERM_OK) once = write_roots(doc);
    if (settings.tiny || settings.fail_at > 0) read_hostile(&settings, text, doc ? &once : NULL);
    free(once.ptr);
    berm_doc_unref(doc);
    berm_engine_unref(engine);
    return 0;
}
