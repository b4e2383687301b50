/* Reading documents, below the public header. */
#include "data/doc.h"
#include "data/limits.h"
#include "harness.h"
#include "texts.h"

static berm_status read_text(berm_str text, berm_format format)
{
    berm_limits limits = berm_limits_resolve(NULL);
    berm_diags *diags = berm_diags_new(&berm_alloc_libc);
    if (!diags) return BERM_E_NOMEM;
    berm_error err = {0};
    berm_doc *doc = NULL;
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .name = BERM_STR("text"),
                      .text = text,
                      .format = format,
                      .diags = diags};
    berm_status status = agreed(berm_doc_read(&read, &doc, &err), &err);
    if (status == BERM_OK) berm_doc_drop(doc);
    if (berm_diags_failed(diags)) status = BERM_E_NOMEM; /* a warning was lost */
    berm_diags_drop(diags);
    return status;
}

static berm_status read_json(void)
{
    return read_text(BERM_STR(JSON_TEXT), BERM_FORMAT_JSON);
}

static berm_status read_ndjson(void)
{
    return read_text(BERM_STR(NDJSON_TEXT), BERM_FORMAT_AUTO);
}

static berm_status read_yaml(void)
{
    return read_text(BERM_STR(YAML_TEXT), BERM_FORMAT_YAML);
}

static berm_status read_utf16(void)
{
    return read_text(BERM_STR(UTF16_TEXT), BERM_FORMAT_AUTO);
}

int main(void)
{
    static const scenario scenarios[] = {
        {"JSON", NULL, read_json, NULL, 1, 1},
        {"NDJSON", NULL, read_ndjson, NULL, 0, 1},
        {"YAML", NULL, read_yaml, NULL, 0, 1},
        {"UTF-16", NULL, read_utf16, NULL, 0, 1},
    };
    return run_scenarios(scenarios, sizeof scenarios / sizeof scenarios[0]);
}
