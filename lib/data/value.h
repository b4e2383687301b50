/* A value: one 16-byte cell, the same in document trees, registers, constants and images.

     byte 0     1      2..3    4..7              8..15
     +-----+-------+-------+-----------------+-----------------------------------+
     | tag | flags | store | aux             | payload                           |
     +-----+-------+-------+-----------------+-----------------------------------+

   A cell holds no pointer: texts and children are (offset, length) pairs inside a *store*
   (store.h), so trees and images are position-independent and can be shared between threads.
   `store` names the store inside a space; 0 means "the store my parent lives in", which is what
   every cell of a document or image says.

     tag        aux                             payload
     bool       span                            u: 0 or 1
     int/uint/double  span                      i / u / d
     string     span (as a key: its hash)       ref: byte offset and byte length of UTF-8 text
     bytes      span                            ref: byte offset and byte length
     timestamp  nanoseconds 0..999999999        i: seconds since 1970-01-01T00:00:00Z
     duration   -                               i: nanoseconds
     list/set   span                            ref: index of the first child cell and child count
     map        span                            ref: index of the first member's key cell and
                                                member count; members are key, value, key, value ..;
                                                behind more than BERM_MAP_LINEAR members there is a
                                                permutation (tree.h)
     optional   -                               ref: index of the child cell, count 0 or 1
     object     type id (types.def)             ref: children, as a list
     type       -                               u: type id (types.def)
     unknown    span of the unknown leaf        u: cause (BERM_UNKNOWN_*)
     error      code << 24 | word of the        ref: operands that the message names, 0 to 3 cells
                instruction that failed

   "span" is the byte offset of the node's first byte in its source text; BERM_NO_SPAN when
   computed. */
#ifndef BERM_DATA_VALUE_H
#define BERM_DATA_VALUE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum berm_tag {
    BERM_TAG_MISSING,
    BERM_TAG_NULL,
    BERM_TAG_BOOL,
    BERM_TAG_INT,
    BERM_TAG_UINT,
    BERM_TAG_DOUBLE,
    BERM_TAG_STRING,
    BERM_TAG_BYTES,
    BERM_TAG_TIMESTAMP,
    BERM_TAG_DURATION,
    BERM_TAG_LIST,
    BERM_TAG_MAP,
    BERM_TAG_SET,
    BERM_TAG_OPTIONAL,
    BERM_TAG_OBJECT,
    BERM_TAG_TYPE,
    BERM_TAG_UNKNOWN,
    BERM_TAG_ERROR,
    BERM_TAG_COUNT
} berm_tag;

enum {
    BERM_CELL_SENSITIVE = 1u << 0, /* the value must never be shown; every operation passes it on */
    BERM_CELL_DECODED = 1u << 1,   /* string or bytes: the text is in the store's second text */
    BERM_CELL_AMBIGUOUS = 1u << 2, /* a YAML plain scalar that YAML 1.1 reads as another value */
    BERM_CELL_OPEN = 1u << 3,      /* list or map: more elements may follow those that are known */
    /* What is known of an unknown. Without the first it stands for a value, not for an error. */
    BERM_CELL_FALLIBLE = 1u << 4,
    BERM_CELL_SOME_OPTIONAL = 1u << 5,
    BERM_CELL_SOME_LIST = 1u << 6,
    /* A container that is not built yet, or a map that has such members: fast/lazy.h */
    BERM_CELL_LAZY = 1u << 7
};

#define BERM_NO_SPAN UINT32_MAX
#define BERM_STORE_SELF 0u

/* Maps with at most this many members are searched in order; larger ones carry a sorted
   permutation. */
#define BERM_MAP_LINEAR 16u

typedef struct berm_cell {
    uint8_t tag;    /* berm_tag */
    uint8_t flags;  /* BERM_CELL_* */
    uint16_t store; /* index into berm_space.stores, or BERM_STORE_SELF */
    uint32_t aux;
    union {
        int64_t i;
        uint64_t u;
        double d;
        struct {
            uint32_t off, len;
        } ref;
    } as;
} berm_cell;

_Static_assert(sizeof(berm_cell) == 16, "a cell is 16 bytes");

enum { BERM_UNKNOWN_LEAF, BERM_UNKNOWN_LINK, BERM_UNKNOWN_PENDING };

/* The kinds of CEL evaluation error; errors.def holds their texts. */
typedef enum berm_error_code {
#define BERM_ERROR(name, format) BERM_ERR_##name,
#include "data/errors.def"
#undef BERM_ERROR
    BERM_ERR_COUNT
} berm_error_code;

typedef enum berm_type_id {
#define BERM_TYPE(id, name) BERM_TYPE_##id,
#include "data/types.def"
#undef BERM_TYPE
    BERM_TYPE_COUNT
} berm_type_id;

static inline berm_cell berm_cell_of(berm_tag tag)
{
    return (berm_cell){.tag = (uint8_t)tag, .aux = BERM_NO_SPAN};
}

static inline berm_cell berm_cell_bool(bool b)
{
    return (berm_cell){.tag = BERM_TAG_BOOL, .aux = BERM_NO_SPAN, .as.u = b};
}

static inline berm_cell berm_cell_int(int64_t i)
{
    return (berm_cell){.tag = BERM_TAG_INT, .aux = BERM_NO_SPAN, .as.i = i};
}

static inline berm_cell berm_cell_uint(uint64_t u)
{
    return (berm_cell){.tag = BERM_TAG_UINT, .aux = BERM_NO_SPAN, .as.u = u};
}

static inline berm_cell berm_cell_double(double d)
{
    return (berm_cell){.tag = BERM_TAG_DOUBLE, .aux = BERM_NO_SPAN, .as.d = d};
}

static inline bool berm_cell_is_true(berm_cell c)
{
    return c.tag == BERM_TAG_BOOL && c.as.u;
}
static inline bool berm_cell_is_false(berm_cell c)
{
    return c.tag == BERM_TAG_BOOL && !c.as.u;
}

/* The child cell at *child of a container: a cell that says SELF lives where its container does,
   and what is in a sensitive container is sensitive. Every way into a container leads through here.
   */
static inline berm_cell berm_cell_in(berm_cell container, berm_cell child)
{
    if (child.store == BERM_STORE_SELF) child.store = container.store;
    child.flags |= (uint8_t)(container.flags & BERM_CELL_SENSITIVE);
    return child;
}

#endif
