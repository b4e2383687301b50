#include "api/objects.h"

static berm_status check_doc_options(const berm_doc_options *o, berm_error *err)
{
    if (o->format > BERM_FORMAT_IS_NDJSON)
        return berm_api_refuse(err, "options.format is none of BERM_FORMAT_*");
    if (o->yaml_schema > BERM_YAML_IS_11)
        return berm_api_refuse(err, "options.yaml_schema is none of BERM_YAML_*");
    if (o->own > BERM_TEXT_OWN) return berm_api_refuse(err, "options.own is none of BERM_TEXT_*");
    return BERM_OK;
}

berm_status berm_doc_parse(berm_engine *engine, berm_str text, const berm_doc_options *options,
                           berm_doc **out, berm_diags **diags, berm_error *err)
{
    berm_doc_options taken = {.size = sizeof taken};
    const berm_doc_options *o = &taken;
    if (diags) *diags = NULL;
    if (!engine || !out || (!text.ptr && text.len))
        return berm_api_refuse(err, "engine, text or out is NULL");
    *out = NULL;
    if (options && !berm_api_take(&taken, sizeof taken, options, options->size))
        return berm_api_refuse(err, "options.size is not set");
    berm_status status = check_doc_options(o, err);
    if (status) return status;
    berm_diags *list = diags ? berm_diags_new(&engine->alloc) : NULL;
    if (diags && !list) return berm_api_nomem(err);
    berm_read read = {.alloc = &engine->alloc,
                      .limits = &engine->limits,
                      .name = o->name,
                      .text = text,
                      .own_text = o->own == BERM_TEXT_OWN,
                      .copy_text = o->own == BERM_TEXT_COPY,
                      .release = o->release,
                      .release_ctx = o->release_ctx,
                      .format = berm_format_asked(o->format),
                      .schema = o->yaml_schema == BERM_YAML_IS_11 ? BERM_YAML_11 : BERM_YAML_CORE,
                      .refuse_duplicates = o->duplicates == BERM_DUPLICATES_FORBID,
                      .diags = list};
    status = berm_doc_read(&read, out, err);
    if (status == BERM_OK && list && berm_diags_failed(list)) { /* a warning was lost */
        berm_doc_drop(*out);
        *out = NULL;
        status = berm_api_nomem(err);
    }
    if (diags) *diags = list;
    return status;
}

size_t berm_doc_root_count(const berm_doc *doc)
{
    return doc ? doc->root_count : 0;
}

void berm_doc_locate(const berm_doc *doc, uint64_t off, uint32_t *line, uint32_t *column)
{
    berm_locate(doc->text, (size_t)off, line, column);
}

berm_str berm_doc_name(const berm_doc *doc)
{
    return doc->name;
}
berm_doc *berm_doc_ref(berm_doc *doc)
{
    return berm_doc_hold(doc);
}
void berm_doc_unref(berm_doc *doc)
{
    berm_doc_drop(doc);
}
