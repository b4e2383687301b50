/* Documents from a host's own tree: the engine behind the public berm_builder. Events come in
   document order:

     list: open(LIST) value* close    map: open(MAP) (key value)* close    set: open(SET) value*
     close

   A built document has one root, no source text and no spans; its texts are copied. A failure
   stays: what comes after it is ignored and told the same way. */
#ifndef BERM_DATA_BUILDER_H
#define BERM_DATA_BUILDER_H

#include "data/tree.h"

struct berm_builder {
    berm_alloc alloc;
    berm_limits limits;
    berm_doc *doc;
    berm_tree tree;
    bool has_key; /* in a map: the key is there, its value is due */
    bool marked;  /* something in it is unknown or sensitive */
};

/* `limits` nullable, defaults for what is 0. E_NOMEM. */
berm_status berm_build_begin(berm_builder *b, const berm_alloc *alloc, const berm_limits *limits,
                             berm_str name, bool refuse_duplicates);
/* Frees everything; not needed after a berm_build_end that returned OK, but allowed. */
void berm_build_free(berm_builder *b);

/* E_STATE where the order above does not allow it, E_ENCODING for a string that is no UTF-8,
   E_ARGUMENT for a tag that is not of the sort or a timestamp out of range, E_LIMIT, E_NOMEM;
   E_SYNTAX for a repeated key with refuse_duplicates. */
berm_status berm_build_open(berm_builder *b, berm_tag tag); /* LIST, MAP, SET */
berm_status berm_build_close(berm_builder *b);
/* NULL, BOOL, INT, UINT, DOUBLE, DURATION, TIMESTAMP (aux: nanoseconds), UNKNOWN; STRING and BYTES
   with `text`. Flag SENSITIVE is kept, others are not. */
berm_status berm_build_value(berm_builder *b, berm_cell value, berm_str text);
berm_status berm_build_key(berm_builder *b, berm_cell key,
                           berm_str text); /* BOOL, INT, UINT, STRING */

/* The document; E_STATE when no root or a container is open. The builder is freed either way. */
berm_status berm_build_end(berm_builder *b, berm_doc **out, berm_error *err);

#endif
