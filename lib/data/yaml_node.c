/* One scalar of a YAML text as cells: its tag, its value under the schema, its text. Texts that
   stand in the source as they are (most do) stay there; what quotes, escapes or folding changed is
   copied. */
#include "data/tree.h"
#include "data/yaml_parts.h"

/* A string or bytes cell for `value`, part of the event's scalar from byte `from` of it on. */
static bool make_yaml_text(berm_yaml_nodes *nodes, const berm_yaml_event *event, uint32_t from,
                           berm_str value, berm_cell *out)
{
    berm_str text = nodes->tree->text;
    uint32_t at = event->start;
    if (!event->plain || from > 0)
        at = berm_yaml_text_offset(text, event->start, event->end, event->value, from);
    uint32_t span = from > 0 ? at : event->start;
    if (value.len <= event->end - at && memcmp(text.ptr + at, value.ptr, value.len) == 0)
        return berm_tree_slice(nodes->tree, BERM_TAG_STRING, at, (uint32_t)value.len, span, out);
    return berm_tree_copy(nodes->tree, BERM_TAG_STRING, value, span, out);
}

static bool make_yaml_bytes(berm_yaml_nodes *nodes, const berm_yaml_event *event, berm_cell *out,
                            bool *fits)
{
    uint32_t len;
    char *room = berm_tree_room(nodes->tree, event->value.len / 4 * 3 + 3);
    if (!room) return false;
    *fits = berm_base64_decode(event->value, room, &len);
    return !*fits || berm_tree_decoded(nodes->tree, BERM_TAG_BYTES, len, event->start, out);
}

/* The number, bool or null that an explicit tag, one of these four, asks for; false when the text
   is none. */
static bool fit_yaml_tag(berm_yaml_nodes *nodes, berm_str value, berm_yaml_tag tag, berm_cell *out)
{
    bool ignored;
    /* Whoever writes !!bool yes says what is meant: both schemas take the words of 1.1. */
    *out = berm_yaml_resolve(value, tag == BERM_YAML_TAG_BOOL ? BERM_YAML_11 : nodes->schema,
                             tag == BERM_YAML_TAG_BOOL ? &ignored : &nodes->differs);
    switch (tag) {
    case BERM_YAML_TAG_INT: return out->tag == BERM_TAG_INT || out->tag == BERM_TAG_UINT;
    case BERM_YAML_TAG_BOOL: out->flags = 0; return out->tag == BERM_TAG_BOOL;
    case BERM_YAML_TAG_NULL: return out->tag == BERM_TAG_NULL;
    default: break; /* a float */
    }
    if (out->tag == BERM_TAG_INT) out->as.d = (double)out->as.i;
    if (out->tag == BERM_TAG_UINT) out->as.d = (double)out->as.u;
    if (out->tag == BERM_TAG_INT || out->tag == BERM_TAG_UINT) out->tag = BERM_TAG_DOUBLE;
    return out->tag == BERM_TAG_DOUBLE;
}

static bool refuse_yaml_tag(berm_yaml_nodes *nodes, const berm_yaml_event *event, berm_yaml_tag tag,
                            const char *what)
{
    uint32_t len = event->end > event->outer ? event->end - event->outer : 1;
    return berm_tree_fail(nodes->tree, BERM_E_SYNTAX, BERM_D_YAML_TAG, event->outer, len,
                          "the tag !!%s does not fit %s", berm_yaml_tag_name(tag), what);
}

static bool make_yaml_scalar(berm_yaml_nodes *nodes, const berm_yaml_event *event,
                             berm_yaml_tag tag, berm_cell *out)
{
    bool fits = true;
    *out = berm_cell_of(BERM_TAG_STRING);
    if (tag == BERM_YAML_TAG_NONE && event->plain && !event->verbatim) {
        *out = berm_yaml_resolve(event->value, nodes->schema, &nodes->differs);
    } else if (tag == BERM_YAML_TAG_BINARY) {
        if (!make_yaml_bytes(nodes, event, out, &fits)) return false;
    } else if (tag == BERM_YAML_TAG_LIST || tag == BERM_YAML_TAG_MAP) {
        fits = false;
    } else if (tag == BERM_YAML_TAG_INT || tag == BERM_YAML_TAG_FLOAT ||
               tag == BERM_YAML_TAG_BOOL || tag == BERM_YAML_TAG_NULL) {
        fits = fit_yaml_tag(nodes, event->value, tag, out);
    }
    if (!fits) return refuse_yaml_tag(nodes, event, tag, "this scalar");
    out->aux = event->start;
    if (out->tag != BERM_TAG_STRING) return true;
    uint8_t flags = out->flags;
    if (!make_yaml_text(nodes, event, 0, event->value, out)) return false;
    out->flags |= flags;
    return true;
}

bool berm_yaml_key_of(berm_yaml_nodes *nodes, const berm_yaml_event *event, berm_cell *out)
{
    return make_yaml_text(nodes, event, 0, event->value, out);
}

bool berm_yaml_open_intrinsic(berm_yaml_nodes *nodes, const berm_yaml_event *event, berm_str name)
{
    berm_cell key;
    berm_tree *tree = nodes->tree;
    uint32_t end = event->start > event->outer ? event->start : event->outer + 1;
    return berm_tree_open(tree, BERM_TAG_MAP, event->outer) &&
           berm_tree_copy(tree, BERM_TAG_STRING, name, event->outer, &key) &&
           berm_tree_key(tree, key, end);
}

/* !GetAtt a.b.c is the resource a and its attribute b.c. */
static bool push_get_att(berm_yaml_nodes *nodes, const berm_yaml_event *event)
{
    berm_tree *tree = nodes->tree;
    berm_cell part;
    berm_str value = event->value;
    const char *dot = value.len > 0 ? memchr(value.ptr, '.', value.len) : NULL;
    uint32_t cut = (uint32_t)(dot ? (size_t)(dot - value.ptr) : value.len);
    if (!berm_tree_open(tree, BERM_TAG_LIST, event->start)) return false;
    if (!make_yaml_text(nodes, event, 0, berm_str_cut(value, 0, cut), &part)) return false;
    uint32_t part_end = berm_yaml_text_offset(tree->text, event->start, event->end, value, cut);
    if (!berm_tree_value(tree, part, part_end)) return false;
    if (dot) {
        if (!make_yaml_text(nodes, event, cut + 1, berm_str_cut(value, cut + 1, value.len), &part))
            return false;
        if (!berm_tree_value(tree, part, event->end)) return false;
    }
    return berm_tree_close(tree, event->end);
}

static bool push_intrinsic(berm_yaml_nodes *nodes, const berm_yaml_event *event, berm_str name)
{
    berm_cell value;
    berm_tree *tree = nodes->tree;
    if (!berm_yaml_open_intrinsic(nodes, event, name)) return false;
    if (berm_str_is(name, "Fn::GetAtt")) {
        if (!push_get_att(nodes, event)) return false;
    } else if (!make_yaml_text(nodes, event, 0, event->value, &value) ||
               !berm_tree_value(tree, value, event->end)) {
        return false;
    }
    return berm_tree_close(tree, event->end);
}

bool berm_yaml_push_scalar(berm_yaml_nodes *nodes, const berm_yaml_event *event)
{
    berm_cell cell;
    berm_str intrinsic;
    berm_yaml_tag tag = berm_yaml_tag_of(event->tag, &intrinsic);
    if (tag == BERM_YAML_TAG_INTRINSIC) return push_intrinsic(nodes, event, intrinsic);
    return make_yaml_scalar(nodes, event, tag, &cell) &&
           berm_tree_value(nodes->tree, cell, event->end);
}

bool berm_yaml_check_collection(berm_yaml_nodes *nodes, const berm_yaml_event *event,
                                berm_yaml_tag tag)
{
    bool map = event->kind == BERM_YAML_MAP;
    if (tag == BERM_YAML_TAG_NONE || tag == BERM_YAML_TAG_INTRINSIC) return true;
    if (tag == (map ? BERM_YAML_TAG_MAP : BERM_YAML_TAG_LIST)) return true;
    return refuse_yaml_tag(nodes, event, tag, map ? "a mapping" : "a list");
}
