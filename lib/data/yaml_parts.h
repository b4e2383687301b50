/* What the files of the YAML reader share. Behind it stands libyaml, which one file sees:

     yaml_stream.c     libyaml's events with byte offsets, and its errors in our words
     yaml_read.c       events -> tree: collections, aliases, merge keys, documents
     yaml_node.c       one scalar -> cells: tags, CloudFormation's short forms, texts
     yaml_scalar.c     what a plain scalar is: the 1.2 core schema, and YAML 1.1 as in Kubernetes
     yaml_tag.c        the table of tags, base64
     yaml_anchor.c     anchors by name
     yaml_text.c       from a byte of a scalar's value back to the source it came from
     yaml_template.c   is this file a template rather than YAML? */
#ifndef BERM_DATA_YAML_PARTS_H
#define BERM_DATA_YAML_PARTS_H

#include "data/doc.h"

/* --- yaml_text.c --- */

/* Source offset of byte `index` of the value of the scalar at text[start, end), whose value is
   `value`: quotes, escapes, folding and indentation are undone. An index behind the value gives the
   place behind its last byte. */
uint32_t berm_yaml_text_offset(berm_str text, uint32_t start, uint32_t end, berm_str value,
                               uint32_t index);

/* Bytes of the line break at text[pos]: LF, CR, CRLF, NEL, LS or PS, as libyaml knows them; 0 when
   there is none. */
uint32_t berm_yaml_break(berm_str text, size_t pos);

/* --- yaml_scalar.c --- */

/* What a plain scalar is: a null, bool, int, uint or double cell without a span; a STRING cell
   without text otherwise. *differs becomes true when the other schema gives another value. Flag
   AMBIGUOUS: it does, or YAML 1.1 in its full width would (1:30 as a number to base 60, which
   neither schema reads). */
berm_cell berm_yaml_resolve(berm_str plain, berm_yaml_schema schema, bool *differs);

/* --- yaml_tag.c --- */

typedef enum berm_yaml_tag {
    BERM_YAML_TAG_NONE, /* none, or one that says nothing here: the value is what it looks like */
    BERM_YAML_TAG_STR,
    BERM_YAML_TAG_INT,
    BERM_YAML_TAG_FLOAT,
    BERM_YAML_TAG_BOOL,
    BERM_YAML_TAG_NULL,
    BERM_YAML_TAG_BINARY,
    BERM_YAML_TAG_MERGE,
    BERM_YAML_TAG_LIST,
    BERM_YAML_TAG_MAP,
    BERM_YAML_TAG_INTRINSIC /* a short form of CloudFormation */
} berm_yaml_tag;

/* What a resolved tag ("tag:yaml.org,2002:int", "!Ref") asks for; `*intrinsic` gets the long form's
   key ("Fn::Sub"). */
berm_yaml_tag berm_yaml_tag_of(berm_str tag, berm_str *intrinsic);
const char *berm_yaml_tag_name(berm_yaml_tag tag); /* "!!int", for messages */

/* Decodes base64 with white space anywhere; `out` has room for 3/4 of the length. False when it is
   malformed. */
bool berm_base64_decode(berm_str in, char *out, uint32_t *out_len);

/* --- yaml_anchor.c --- */

typedef struct berm_yaml_anchor {
    berm_str name;   /* in the source text */
    berm_cell cell;  /* the node, as it stands in the tree */
    berm_cell key;   /* a scalar as key: the string of its text; MISSING for collections */
    uint32_t off;    /* source offset of the anchored node: which of two definitions this is */
    uint32_t end;    /* source offset behind the node */
    uint32_t height; /* levels of nesting, 0 for a scalar */
    uint64_t size;   /* nodes, every alias in it counted at its full size */
    bool open;       /* the node has not ended yet: an alias here contains itself */
} berm_yaml_anchor;

/* One step of the tree of names: which bit tells the names below child[0] from those below
   child[1]. */
typedef struct berm_yaml_fork {
    uint32_t child[2]; /* number of a fork, or ~number of an anchor */
    uint32_t byte;
    uint8_t mask;
} berm_yaml_fork;

typedef struct berm_yaml_anchors {
    const berm_alloc *alloc;
    BERM_ARRAY(berm_yaml_anchor) all;
    BERM_ARRAY(berm_yaml_fork) forks;
    uint32_t root;
} berm_yaml_anchors;

void berm_yaml_anchors_init(berm_yaml_anchors *anchors, const berm_alloc *alloc);
void berm_yaml_anchors_free(berm_yaml_anchors *anchors);
void berm_yaml_anchors_clear(berm_yaml_anchors *anchors); /* names end with their document */
/* The number of the anchor of that name, new or defined again; UINT32_MAX: no memory. */
uint32_t berm_yaml_anchors_define(berm_yaml_anchors *anchors, berm_str name);
berm_yaml_anchor *berm_yaml_anchors_find(berm_yaml_anchors *anchors,
                                         berm_str name); /* NULL: there is none */

/* --- yaml_stream.c --- */

typedef enum berm_yaml_kind {
    BERM_YAML_END, /* of the stream */
    BERM_YAML_DOCUMENT,
    BERM_YAML_DOCUMENT_END,
    BERM_YAML_ALIAS,
    BERM_YAML_SCALAR,
    BERM_YAML_LIST,
    BERM_YAML_LIST_END,
    BERM_YAML_MAP,
    BERM_YAML_MAP_END
} berm_yaml_kind;

typedef struct berm_yaml_event {
    berm_yaml_kind kind;
    bool plain;      /* a scalar without quotes, `|` or `>` */
    bool verbatim;   /* the tag `!`: a scalar is a string */
    uint32_t outer;  /* byte offset of the node with its anchor and tag */
    uint32_t start;  /* byte offset of the node itself */
    uint32_t end;    /* byte offset behind it; of a collection that opens or block collection that
                        ends: not meaningful */
    berm_str anchor; /* name, in the source text; of an alias too */
    berm_str tag;    /* resolved; valid until the next event */
    berm_str value;  /* a scalar's; valid until the next event */
} berm_yaml_event;

typedef struct berm_yaml_stream berm_yaml_stream;

/* NULL: no memory. `text` is valid UTF-8, shorter than 4 GiB, and outlives the stream. */
berm_yaml_stream *berm_yaml_stream_new(const berm_alloc *alloc, berm_str text);
void berm_yaml_stream_free(berm_yaml_stream *stream);

typedef struct berm_yaml_fault {
    berm_status status; /* E_NOMEM or E_SYNTAX */
    const char *problem,
        *context; /* in our words; context "" or e.g. "in the block mapping that starts at" */
    uint32_t off, context_off;
} berm_yaml_fault;

/* False: the text is at fault, or memory. */
bool berm_yaml_stream_next(berm_yaml_stream *stream, berm_yaml_event *event,
                           berm_yaml_fault *fault);

/* --- yaml_template.c --- */

/* Looks for an unrendered template ({{ }}, {% %}) that explains a fault found at `off`. */
bool berm_yaml_template_at(berm_str text, uint32_t off, uint32_t *found);

/* --- yaml_node.c --- */

/* What turning scalars into cells needs. */
typedef struct berm_yaml_nodes {
    struct berm_tree *tree;
    berm_yaml_schema schema;
    bool differs; /* some plain scalar is another value under the other schema */
} berm_yaml_nodes;

/* A scalar's value, with the map around it that a CloudFormation tag asks for, to the tree. */
bool berm_yaml_push_scalar(berm_yaml_nodes *nodes, const berm_yaml_event *event);
/* A scalar as a key: the string of its text, whatever it looks like. */
bool berm_yaml_key_of(berm_yaml_nodes *nodes, const berm_yaml_event *event, berm_cell *out);
/* Opens the map {"Fn::Sub": ..} around the value that comes. */
bool berm_yaml_open_intrinsic(berm_yaml_nodes *nodes, const berm_yaml_event *event, berm_str name);
/* A scalar's tag on a collection, or the other collection's: refused. */
bool berm_yaml_check_collection(berm_yaml_nodes *nodes, const berm_yaml_event *event,
                                berm_yaml_tag tag);

#endif
