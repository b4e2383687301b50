#include "data/builder.h"

#include "api/objects.h"

berm_status berm_builder_new(berm_engine *engine, berm_str name, berm_builder **out,
                             berm_error *err)
{
    if (!engine || !out || (!name.ptr && name.len))
        return berm_api_refuse(err, "engine, name or out is NULL");
    *out = NULL;
    berm_builder *b = berm_mem_new(&engine->alloc, sizeof *b);
    if (!b) return berm_api_nomem(err);
    berm_status status = berm_build_begin(b, &engine->alloc, &engine->limits, name, false);
    if (status) {
        berm_mem_free(&engine->alloc, b, sizeof *b);
        return berm_api_nomem(err);
    }
    *out = b;
    return BERM_OK;
}

/* Builder items have the tags' numbers: the public enumeration is that of berm_tag. */
_Static_assert((int)BERM_TYPE_OF_ERROR == (int)BERM_TAG_ERROR, "public types are tags");
_Static_assert((int)BERM_TYPE_OF_TIMESTAMP == (int)BERM_TAG_TIMESTAMP, "public types are tags");

static bool read_item(const berm_item *item, berm_cell *cell, berm_str *text)
{
    if (item->type >= BERM_TAG_COUNT) return false;
    *cell = berm_cell_of((berm_tag)item->type);
    *text = (berm_str){NULL, 0};
    if (item->flags & BERM_ITEM_SENSITIVE) cell->flags = BERM_CELL_SENSITIVE;
    switch (item->type) {
    case BERM_TAG_BOOL: cell->as.u = item->as.u != 0; return true;
    case BERM_TAG_UINT: cell->as.u = item->as.u; return true;
    case BERM_TAG_INT:
    case BERM_TAG_DURATION: cell->as.i = item->as.i; return true;
    case BERM_TAG_DOUBLE: cell->as.d = item->as.d; return true;
    case BERM_TAG_TIMESTAMP:
        cell->as.i = item->as.t.sec;
        cell->aux = (uint32_t)item->as.t.nanos;
        return true;
    case BERM_TAG_STRING:
    case BERM_TAG_BYTES: *text = item->as.s; return item->as.s.ptr || !item->as.s.len;
    default: return true;
    }
}

static berm_status push_event(berm_builder *b, const berm_event *event)
{
    berm_cell cell;
    berm_str text;
    switch (event->kind) {
    case BERM_EVENT_BEGIN_LIST: return berm_build_open(b, BERM_TAG_LIST);
    case BERM_EVENT_BEGIN_MAP: return berm_build_open(b, BERM_TAG_MAP);
    case BERM_EVENT_BEGIN_SET: return berm_build_open(b, BERM_TAG_SET);
    case BERM_EVENT_END: return berm_build_close(b);
    case BERM_EVENT_SCALAR:
        return read_item(&event->item, &cell, &text) ? berm_build_value(b, cell, text)
                                                     : BERM_E_ARGUMENT;
    case BERM_EVENT_KEY:
        return read_item(&event->item, &cell, &text) ? berm_build_key(b, cell, text)
                                                     : BERM_E_ARGUMENT;
    default: return BERM_E_ARGUMENT;
    }
}

berm_status berm_builder_push(berm_builder *builder, const berm_event *event, berm_error *err)
{
    if (!builder || !event) return berm_api_refuse(err, "builder or event is NULL");
    berm_status status = push_event(builder, event);
    switch (status) {
    case BERM_OK: return BERM_OK;
    case BERM_E_NOMEM: return berm_api_nomem(err);
    case BERM_E_STATE:
        return berm_error_set(err, status, BERM_D_ARGUMENT,
                              "the event does not fit what is open in the builder");
    case BERM_E_ENCODING:
        return berm_error_set(err, status, BERM_D_ENCODING, "a string is not valid UTF-8");
    case BERM_E_LIMIT:
        return berm_error_set(err, status, BERM_D_DOC_SIZE, "the document is over a limit");
    default:
        return berm_error_set(err, status, BERM_D_ARGUMENT, "the event has no such kind or type");
    }
}

/* The builder is made ready for the next document, under the same name and limits. */
berm_status berm_builder_finish(berm_builder *builder, berm_doc **out, berm_error *err)
{
    if (!builder || !out) return berm_api_refuse(err, "builder or out is NULL");
    *out = NULL;
    berm_alloc alloc = builder->alloc;
    berm_limits limits = builder->limits;
    berm_status status = berm_build_end(builder, out, err);
    berm_str name = *out ? (*out)->name : BERM_STR("");
    if (status) return status;
    status = berm_build_begin(builder, &alloc, &limits, name, false);
    if (!status) return BERM_OK;
    berm_doc_drop(*out);
    *out = NULL;
    return berm_api_nomem(err);
}

void berm_builder_free(berm_builder *builder)
{
    if (!builder) return;
    berm_alloc alloc = builder->alloc;
    berm_build_free(builder);
    berm_mem_free(&alloc, builder, sizeof *builder);
}
