/* YAML events -> tree. One loop over the events, no recursion; a frame for each open collection
   says what comes next.

   An alias costs one cell: it repeats the anchored node's cell, so both share the children, and
   spans lead to the anchor's place. What it stands for is counted at full size all the same
   (alias_count, node_count, depth), because whoever walks the tree later meets it at full size.

   A merge key's value is built like any other, but without a key; when it is complete it is taken
   off the tree's stack and its members are added to the map around it. */
#include "data/tree.h"
#include "data/yaml_parts.h"

#define YAML_NO_ANCHOR UINT32_MAX

typedef enum yaml_expect {
    YAML_EXPECT_ITEM, /* of a list, or a document */
    YAML_EXPECT_KEY,
    YAML_EXPECT_VALUE,
    YAML_EXPECT_MERGE,    /* the value of << */
    YAML_EXPECT_INTRINSIC /* the one value of a map that a short form stands for */
} yaml_expect;

/* A collection that is open, or a map {"Fn::X": value} that ends with its one value. */
typedef struct yaml_frame {
    yaml_expect expect;
    uint32_t anchor;    /* number of the anchor on the node, or YAML_NO_ANCHOR */
    uint32_t outer;     /* offset of the node with its anchor and tag */
    uint32_t start;     /* offset of the node */
    uint32_t child_end; /* where its last child ended: the end of a block collection */
    uint32_t height;    /* levels of nesting below it */
    uint64_t size;      /* nodes in it and itself, aliases at full size */
} yaml_frame;

typedef struct yaml_reader {
    berm_tree tree;
    berm_doc *doc;
    berm_yaml_stream *stream;
    berm_yaml_event event;
    berm_yaml_nodes nodes;
    berm_yaml_anchors anchors;
    BERM_ARRAY(yaml_frame) frames;
    uint64_t repeated; /* nodes that aliases stood for, over the whole stream */
    bool empty;        /* the document is an empty scalar, nothing that anybody wrote */
} yaml_reader;

static yaml_frame *top_yaml_frame(yaml_reader *r)
{
    return r->frames.count > 0 ? &r->frames.items[r->frames.count - 1] : NULL;
}

static yaml_expect what_yaml_expects(yaml_reader *r)
{
    yaml_frame *frame = top_yaml_frame(r);
    return frame ? frame->expect : YAML_EXPECT_ITEM;
}

/* --- faults --- */

/* Fails as a template where one explains a fault at `off`; false where none does. */
static bool refuse_yaml_template(yaml_reader *r, uint32_t off)
{
    uint32_t found;
    if (!berm_yaml_template_at(r->tree.text, off, &found)) return false;
    berm_tree_fail(&r->tree, BERM_E_SYNTAX, BERM_D_YAML_TEMPLATE, found, 2,
                   "here starts a template that was not rendered: this is not YAML yet");
    return true;
}

static bool refuse_yaml_syntax(yaml_reader *r, const berm_yaml_fault *fault)
{
    berm_tree *tree = &r->tree;
    uint32_t line, column;
    if (fault->status == BERM_E_NOMEM) return berm_tree_fail_memory(tree);
    if (refuse_yaml_template(r, fault->off)) return false;
    if (fault->context[0] == '\0' || fault->context_off == fault->off) {
        return berm_tree_fail(tree, BERM_E_SYNTAX, BERM_D_YAML_SYNTAX, fault->off, 1, "%s",
                              fault->problem);
    }
    berm_locate(tree->text, fault->context_off, &line, &column);
    return berm_tree_fail(tree, BERM_E_SYNTAX, BERM_D_YAML_SYNTAX, fault->off, 1,
                          "%s (in the %s from line %u, column %u)", fault->problem, fault->context,
                          line, column);
}

static bool refuse_yaml_key(yaml_reader *r)
{
    uint32_t off = r->event.outer;
    if (refuse_yaml_template(r, off)) return false;
    return berm_tree_fail(&r->tree, BERM_E_SYNTAX, BERM_D_YAML_KEY, off, 1,
                          "a list or mapping cannot be the key of a mapping");
}

static bool refuse_yaml_merge(yaml_reader *r, uint32_t off)
{
    return berm_tree_fail(&r->tree, BERM_E_SYNTAX, BERM_D_YAML_MERGE, off, 1,
                          "what << merges must be a mapping or a list of mappings");
}

/* --- merge keys --- */

/* `<<` as a plain scalar is the merge key, with quotes or another tag it is a key as any other. */
static bool is_merge_key(const berm_yaml_event *event)
{
    berm_str ignored;
    if (!event->plain || event->verbatim || !berm_str_is(event->value, "<<")) return false;
    berm_yaml_tag tag = berm_yaml_tag_of(event->tag, &ignored);
    return tag == BERM_YAML_TAG_NONE || tag == BERM_YAML_TAG_MERGE;
}

/* Adds a merge key's finished value. In a list the earlier wins, and for the tree the later does,
   so from the back. */
static bool merge_yaml_value(yaml_reader *r, berm_cell value)
{
    berm_tree *tree = &r->tree;
    if (value.tag == BERM_TAG_MAP) return berm_tree_merge(tree, value);
    if (value.tag != BERM_TAG_LIST) return refuse_yaml_merge(r, value.aux);
    for (uint32_t i = value.as.ref.len; i-- > 0;) {
        berm_cell item = tree->cells.items[value.as.ref.off + i];
        if (item.tag != BERM_TAG_MAP) return refuse_yaml_merge(r, item.aux);
        if (!berm_tree_merge(tree, item)) return false;
    }
    return true;
}

/* --- nodes that are complete --- */

typedef struct yaml_done {
    uint32_t anchor, outer, end, height;
    uint64_t size;
} yaml_done;

/* A name that was defined again inside the node keeps the later meaning. */
static void complete_anchor(yaml_reader *r, const yaml_done *done)
{
    if (done->anchor == YAML_NO_ANCHOR) return;
    berm_yaml_anchor *anchor = &r->anchors.all.items[done->anchor];
    if (anchor->off != done->outer) return;
    anchor->cell = r->tree.stack.items[r->tree.stack.count - 1];
    anchor->end = done->end;
    anchor->height = done->height;
    anchor->size = done->size;
    anchor->open = false;
}

/* The node on top of the tree's stack is complete: anchors, the frame around it, and the maps that
   end with it. */
static bool finish_yaml_node(yaml_reader *r, yaml_done done)
{
    for (;;) {
        complete_anchor(r, &done);
        yaml_frame *frame = top_yaml_frame(r);
        if (!frame) return true;
        frame->child_end = done.end;
        frame->size += done.size;
        if (frame->height <= done.height) frame->height = done.height + 1;
        if (frame->expect == YAML_EXPECT_MERGE) {
            berm_cell value = r->tree.stack.items[--r->tree.stack.count];
            if (!merge_yaml_value(r, value)) return false;
        }
        if (frame->expect != YAML_EXPECT_INTRINSIC) {
            if (frame->expect != YAML_EXPECT_ITEM) frame->expect = YAML_EXPECT_KEY;
            return true;
        }
        if (!berm_tree_close(&r->tree, done.end)) return false;
        done = (yaml_done){frame->anchor, frame->outer, done.end, frame->height, frame->size};
        r->frames.count--;
    }
}

/* --- scalars, keys, aliases --- */

/* The anchor of the event's node, whose meaning comes when the node is complete. */
static bool define_anchor(yaml_reader *r, uint32_t *number)
{
    *number = YAML_NO_ANCHOR;
    if (r->event.anchor.len == 0) return true;
    *number = berm_yaml_anchors_define(&r->anchors, r->event.anchor);
    if (*number == UINT32_MAX) return berm_tree_fail_memory(&r->tree);
    berm_yaml_anchor *anchor = &r->anchors.all.items[*number];
    anchor->open = true;
    anchor->off = r->event.outer;
    return true;
}

static bool read_yaml_scalar(yaml_reader *r)
{
    const berm_yaml_event *event = &r->event;
    uint64_t before = r->tree.node_count;
    yaml_done done = {.outer = event->outer, .end = event->end};
    if (!define_anchor(r, &done.anchor)) return false;
    r->empty = r->frames.count == 0 && event->plain && event->value.len == 0 &&
               event->start == event->outer;
    if (!berm_yaml_push_scalar(&r->nodes, event)) return false;
    berm_cell top = r->tree.stack.items[r->tree.stack.count - 1];
    if (done.anchor != YAML_NO_ANCHOR && top.tag != BERM_TAG_MAP &&
        !berm_yaml_key_of(&r->nodes, event, &r->anchors.all.items[done.anchor].key))
        return false;
    done.size = r->tree.node_count - before;
    /* A short form is a map around a scalar, and !GetAtt a.b one around a list. */
    if (top.tag == BERM_TAG_MAP)
        done.height = r->tree.cells.items[top.as.ref.off + 1].tag == BERM_TAG_LIST ? 2 : 1;
    return finish_yaml_node(r, done);
}

static bool read_yaml_key(yaml_reader *r)
{
    const berm_yaml_event *event = &r->event;
    yaml_frame *frame = top_yaml_frame(r);
    uint32_t number;
    berm_cell key;
    if (is_merge_key(event)) {
        frame->expect = YAML_EXPECT_MERGE;
        return true;
    }
    if (!define_anchor(r, &number) || !berm_yaml_key_of(&r->nodes, event, &key)) return false;
    if (number != YAML_NO_ANCHOR) {
        berm_yaml_anchor *anchor = &r->anchors.all.items[number];
        anchor->cell = anchor->key = key;
        anchor->end = event->end;
        anchor->size = 1;
        anchor->open = false;
    }
    frame->expect = YAML_EXPECT_VALUE;
    return berm_tree_key(&r->tree, key, event->end);
}

static bool count_alias(yaml_reader *r, const berm_yaml_anchor *anchor)
{
    berm_tree *tree = &r->tree;
    const berm_limits *limits = tree->limits;
    uint32_t off = r->event.start, len = r->event.end - off;
    r->repeated += anchor->size;
    if (r->repeated > limits->alias_count || r->repeated + tree->node_count > limits->node_count) {
        return berm_tree_fail(
            tree, BERM_E_LIMIT, BERM_D_YAML_ALIAS_BOMB, off, len,
            "with *%S the aliases of the text repeat more than %L nodes", r->event.anchor,
            limits->alias_count < limits->node_count ? limits->alias_count : limits->node_count);
    }
    if (tree->depth + anchor->height > limits->depth) {
        return berm_tree_fail(tree, BERM_E_LIMIT, BERM_D_DOC_DEPTH, off, len,
                              "with what *%S stands for, nested deeper than %L levels",
                              r->event.anchor, limits->depth);
    }
    return true;
}

static bool read_yaml_alias(yaml_reader *r)
{
    const berm_yaml_event *event = &r->event;
    berm_tree *tree = &r->tree;
    uint32_t len = event->end - event->start;
    berm_yaml_anchor *anchor = berm_yaml_anchors_find(&r->anchors, event->anchor);
    if (!anchor) {
        return berm_tree_fail(tree, BERM_E_SYNTAX, BERM_D_YAML_ALIAS_UNKNOWN, event->start, len,
                              "no anchor &%S stands before the alias *%S", event->anchor,
                              event->anchor);
    }
    if (anchor->open) {
        return berm_tree_fail(tree, BERM_E_SYNTAX, BERM_D_YAML_RECURSIVE, event->start, len,
                              "the alias *%S stands inside the node it repeats", event->anchor);
    }
    if (!count_alias(r, anchor)) return false;
    if (what_yaml_expects(r) == YAML_EXPECT_KEY) {
        if (anchor->key.tag == BERM_TAG_MISSING) return refuse_yaml_key(r);
        berm_cell key = anchor->key;
        key.aux = event->start;
        top_yaml_frame(r)->expect = YAML_EXPECT_VALUE;
        return berm_tree_key(tree, key, event->end);
    }
    if (!berm_tree_value(tree, anchor->cell, anchor->end)) return false;
    return finish_yaml_node(
        r, (yaml_done){YAML_NO_ANCHOR, event->start, event->end, anchor->height, anchor->size});
}

/* --- collections --- */

static bool push_yaml_frame(yaml_reader *r, yaml_expect expect, uint32_t anchor)
{
    yaml_frame frame = {expect, anchor, r->event.outer, r->event.start, r->event.start, 1, 1};
    if (berm_array_push(r->tree.alloc, &r->frames, frame)) return true;
    return berm_tree_fail_memory(&r->tree);
}

static bool open_yaml_collection(yaml_reader *r)
{
    const berm_yaml_event *event = &r->event;
    bool map = event->kind == BERM_YAML_MAP;
    uint32_t anchor;
    berm_str intrinsic;
    berm_yaml_tag tag = berm_yaml_tag_of(event->tag, &intrinsic);
    if (what_yaml_expects(r) == YAML_EXPECT_KEY) return refuse_yaml_key(r);
    if (!berm_yaml_check_collection(&r->nodes, event, tag) || !define_anchor(r, &anchor))
        return false;
    if (tag == BERM_YAML_TAG_INTRINSIC) {
        if (!push_yaml_frame(r, YAML_EXPECT_INTRINSIC, anchor)) return false;
        if (!berm_yaml_open_intrinsic(&r->nodes, event, intrinsic)) return false;
        anchor = YAML_NO_ANCHOR;
    }
    return push_yaml_frame(r, map ? YAML_EXPECT_KEY : YAML_EXPECT_ITEM, anchor) &&
           berm_tree_open(&r->tree, map ? BERM_TAG_MAP : BERM_TAG_LIST, event->start);
}

static bool close_yaml_collection(yaml_reader *r)
{
    yaml_frame frame = *top_yaml_frame(r);
    char first = r->tree.text.ptr[frame.start];
    /* The end of a block collection is, for libyaml, where the next token starts. */
    uint32_t end = first == '{' || first == '[' ? r->event.end : frame.child_end;
    r->frames.count--;
    if (!berm_tree_close(&r->tree, end)) return false;
    return finish_yaml_node(r,
                            (yaml_done){frame.anchor, frame.outer, end, frame.height, frame.size});
}

/* --- documents --- */

/* What nobody wrote is no document, but a stream has at least one. */
static bool end_yaml_document(yaml_reader *r)
{
    if (!r->empty) return berm_tree_root(&r->tree, r->doc);
    r->tree.stack.count = 0;
    return true;
}

static bool end_yaml_stream(yaml_reader *r)
{
    berm_cell nothing = berm_cell_of(BERM_TAG_NULL);
    nothing.aux = 0;
    if (r->doc->root_count > 0) return true;
    return berm_tree_value(&r->tree, nothing, 0) && berm_tree_root(&r->tree, r->doc);
}

static bool read_yaml_event(yaml_reader *r)
{
    switch (r->event.kind) {
    case BERM_YAML_DOCUMENT: berm_yaml_anchors_clear(&r->anchors); return true;
    case BERM_YAML_DOCUMENT_END: return end_yaml_document(r);
    case BERM_YAML_ALIAS: return read_yaml_alias(r);
    case BERM_YAML_SCALAR:
        return what_yaml_expects(r) == YAML_EXPECT_KEY ? read_yaml_key(r) : read_yaml_scalar(r);
    case BERM_YAML_LIST:
    case BERM_YAML_MAP: r->empty = false; return open_yaml_collection(r);
    case BERM_YAML_LIST_END:
    case BERM_YAML_MAP_END: return close_yaml_collection(r);
    case BERM_YAML_END: break;
    }
    return end_yaml_stream(r);
}

static bool read_yaml_stream(yaml_reader *r)
{
    berm_yaml_fault fault;
    r->stream = berm_yaml_stream_new(r->tree.alloc, r->tree.text);
    if (!r->stream) return berm_tree_fail_memory(&r->tree);
    do {
        if (!berm_yaml_stream_next(r->stream, &r->event, &fault))
            return refuse_yaml_syntax(r, &fault);
        if (!read_yaml_event(r)) return false;
    } while (r->event.kind != BERM_YAML_END);
    return true;
}

berm_status berm_yaml_read(const berm_read *read, berm_doc *doc, berm_error *err)
{
    yaml_reader r = {.doc = doc};
    berm_tree_begin(&r.tree, read, doc, err);
    r.tree.keep_ends = true;
    r.nodes = (berm_yaml_nodes){.tree = &r.tree, .schema = read->schema};
    berm_yaml_anchors_init(&r.anchors, read->alloc);
    if (r.tree.status == BERM_OK) read_yaml_stream(&r);
    doc->schema = read->schema;
    doc->ambiguous = r.nodes.differs;
    berm_yaml_stream_free(r.stream);
    berm_yaml_anchors_free(&r.anchors);
    berm_array_free(r.tree.alloc, &r.frames);
    return berm_tree_end(&r.tree, doc);
}

uint32_t berm_yaml_offset_in(const berm_doc *doc, const berm_cell *cell, uint32_t index)
{
    bool text = cell->tag == BERM_TAG_STRING;
    if (text && !(cell->flags & BERM_CELL_DECODED))
        return cell->as.ref.off + (index < cell->as.ref.len ? index : cell->as.ref.len);
    berm_span span = berm_doc_span(doc, cell);
    uint32_t start = (uint32_t)span.off, end = (uint32_t)(span.off + span.len);
    if (!text) return start;
    berm_str value = {doc->store.text[1] + cell->as.ref.off, cell->as.ref.len};
    return berm_yaml_text_offset(doc->text, start, end, value, index);
}
