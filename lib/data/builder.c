#include "data/builder.h"

#include "base/utf8.h"
#include "data/limits.h"
#include "data/time.h"

berm_status berm_build_begin(berm_builder *b, const berm_alloc *alloc, const berm_limits *limits,
                             berm_str name, bool refuse_duplicates)
{
    *b = (berm_builder){.alloc = *alloc, .limits = berm_limits_resolve(limits)};
    berm_read read = {.alloc = &b->alloc,
                      .limits = &b->limits,
                      .name = name,
                      .refuse_duplicates = refuse_duplicates};
    b->doc = berm_doc_new(&b->alloc, name);
    if (!b->doc) return BERM_E_NOMEM;
    b->doc->format = BERM_FORMAT_BUILT;
    berm_tree_begin(&b->tree, &read, b->doc, NULL);
    return BERM_OK;
}

void berm_build_free(berm_builder *b)
{
    if (!b->doc) return;
    berm_tree_free(&b->tree);
    berm_doc_drop(b->doc);
    b->doc = NULL;
}

static berm_status fail_build(berm_builder *b, berm_status status)
{
    if (b->tree.status == BERM_OK) b->tree.status = status;
    return b->tree.status;
}

/* Whether a value may come now: a second root may not, in a map a key is needed first. */
static bool may_take_value(const berm_builder *b)
{
    if (b->tree.open == BERM_TREE_CLOSED) return b->tree.stack.count == 0;
    return berm_tree_inside(&b->tree) != BERM_TAG_MAP || b->has_key;
}

berm_status berm_build_open(berm_builder *b, berm_tag tag)
{
    if (b->tree.status != BERM_OK) return b->tree.status;
    if (tag != BERM_TAG_LIST && tag != BERM_TAG_MAP && tag != BERM_TAG_SET)
        return fail_build(b, BERM_E_ARGUMENT);
    if (!may_take_value(b)) return fail_build(b, BERM_E_STATE);
    b->has_key = false;
    berm_tree_open(&b->tree, tag, BERM_NO_SPAN);
    return b->tree.status;
}

berm_status berm_build_close(berm_builder *b)
{
    if (b->tree.status != BERM_OK) return b->tree.status;
    if (b->tree.open == BERM_TREE_CLOSED || b->has_key) return fail_build(b, BERM_E_STATE);
    berm_tree_close(&b->tree, 0);
    return b->tree.status;
}

static bool is_scalar_to_build(berm_cell c)
{
    switch (c.tag) {
    case BERM_TAG_NULL:
    case BERM_TAG_BOOL:
    case BERM_TAG_INT:
    case BERM_TAG_UINT:
    case BERM_TAG_DOUBLE:
    case BERM_TAG_STRING:
    case BERM_TAG_BYTES:
    case BERM_TAG_DURATION:
    case BERM_TAG_UNKNOWN: return true;
    case BERM_TAG_TIMESTAMP:
        return c.aux <= INT32_MAX && berm_time_valid((berm_time){c.as.i, (int32_t)c.aux});
    default: return false;
    }
}

static bool is_key_to_build(berm_cell c)
{
    return c.tag == BERM_TAG_BOOL || c.tag == BERM_TAG_INT || c.tag == BERM_TAG_UINT ||
           c.tag == BERM_TAG_STRING;
}

/* The cell as the document will have it: text copied, no span, only the flags that a host may set.
   */
static bool make_cell_to_build(berm_builder *b, berm_cell from, berm_str text, berm_cell *out)
{
    *out = (berm_cell){.tag = from.tag,
                       .aux = from.tag == BERM_TAG_TIMESTAMP ? from.aux : BERM_NO_SPAN,
                       .as = from.as};
    if (from.tag == BERM_TAG_BOOL) out->as.u = from.as.u != 0;
    if (from.tag == BERM_TAG_NULL) out->as.u = 0;
    if (from.tag == BERM_TAG_UNKNOWN && out->as.u > BERM_UNKNOWN_PENDING)
        out->as.u = BERM_UNKNOWN_LEAF;
    if (from.tag == BERM_TAG_STRING || from.tag == BERM_TAG_BYTES) {
        if (from.tag == BERM_TAG_STRING && text.len > 0 &&
            berm_utf8_invalid(text.ptr, text.len) < text.len) {
            fail_build(b, BERM_E_ENCODING);
            return false;
        }
        if (!berm_tree_copy(&b->tree, (berm_tag)from.tag, text, BERM_NO_SPAN, out)) return false;
    }
    out->flags |= (uint8_t)(from.flags & BERM_CELL_SENSITIVE);
    b->marked |= from.tag == BERM_TAG_UNKNOWN || out->flags & BERM_CELL_SENSITIVE;
    return true;
}

berm_status berm_build_value(berm_builder *b, berm_cell value, berm_str text)
{
    if (b->tree.status != BERM_OK) return b->tree.status;
    if (!is_scalar_to_build(value)) return fail_build(b, BERM_E_ARGUMENT);
    if (!may_take_value(b)) return fail_build(b, BERM_E_STATE);
    berm_cell cell;
    if (make_cell_to_build(b, value, text, &cell)) berm_tree_value(&b->tree, cell, 0);
    b->has_key = false;
    return b->tree.status;
}

berm_status berm_build_key(berm_builder *b, berm_cell key, berm_str text)
{
    if (b->tree.status != BERM_OK) return b->tree.status;
    if (!is_key_to_build(key)) return fail_build(b, BERM_E_ARGUMENT);
    if (berm_tree_inside(&b->tree) != BERM_TAG_MAP || b->has_key)
        return fail_build(b, BERM_E_STATE);
    berm_cell cell;
    if (make_cell_to_build(b, key, text, &cell)) berm_tree_key(&b->tree, cell, 0);
    b->has_key = true;
    return b->tree.status;
}

static berm_diag_id diag_of_build(berm_status status)
{
    switch (status) {
    case BERM_E_NOMEM: return BERM_D_NOMEM;
    case BERM_E_LIMIT: return BERM_D_DOC_SIZE;
    case BERM_E_ENCODING: return BERM_D_ENCODING;
    case BERM_E_SYNTAX: return BERM_D_DUPLICATE_KEY_REFUSED;
    default: return BERM_D_ARGUMENT;
    }
}

static const char *say_build_failure(berm_status status)
{
    switch (status) {
    case BERM_E_NOMEM: return "out of memory while building a document";
    case BERM_E_LIMIT: return "a limit of documents was reached while building one";
    case BERM_E_ENCODING: return "a string of the built document is not valid UTF-8";
    case BERM_E_SYNTAX: return "a key of the built document is repeated";
    case BERM_E_STATE: return "the events do not make one whole document";
    default: return "a value that a built document cannot have";
    }
}

berm_status berm_build_end(berm_builder *b, berm_doc **out, berm_error *err)
{
    *out = NULL;
    bool whole = b->tree.open == BERM_TREE_CLOSED && b->tree.stack.count == 1;
    if (!whole) fail_build(b, BERM_E_STATE);
    if (b->tree.status == BERM_OK) berm_tree_root(&b->tree, b->doc);
    berm_status status = berm_tree_end(&b->tree, b->doc);
    b->doc->store.marked = b->marked;
    if (status == BERM_OK) *out = b->doc;
    else berm_doc_drop(b->doc);
    b->doc = NULL;
    return status == BERM_OK ? BERM_OK
                             : berm_error_set(err, status, diag_of_build(status), "%s",
                                              say_build_failure(status));
}
