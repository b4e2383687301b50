/* The YAML reader: every root can be walked and printed as JSON; every fault is in the text. With
   failing memory or smaller limits the reader gives the same document or none. The options of the
   settings: the low two bits the schema, 4 no repeated keys. */
#include "document.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_read_document(data, size, read_text, NULL);
}
