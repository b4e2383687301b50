/* Which resources are linked: what linked() and resources() answer from.

   Every listed resource is an entry. It answers to names (its address, and what its target says)
   and refers to names; a reference that meets a name is a link, in both directions. What cannot be
   proven is kept as "may be linked with kinds": the lists that are given then are open.

   Kinds that are asked for are bits of a set: the JOIN rows of the image; the last bit stands for
   all that have none of their own. */
#ifndef BERM_POLICY_LINK_TABLE_H
#define BERM_POLICY_LINK_TABLE_H

#include "code/intern.h"
#include "policy/name_table.h"
#include "policy/policy.h"

#define BERM_LINK_KINDS 64u
#define BERM_NO_ENTRY_ROW UINT32_MAX

typedef struct berm_link_name {
    uint32_t first; /* of its holders, in `holders`; BERM_NO_ENTRY_ROW: none */
    uint32_t count;
    uint64_t kinds;     /* of the holders */
    uint64_t suspected; /* kinds that may refer to it */
    bool family;        /* instances have longer names: which one is meant is not said */
} berm_link_name;

/* An entry that has a name, chained by name and by entry. */
typedef struct berm_link_holder {
    uint32_t entry, name, next_of_name, next_of_entry;
} berm_link_holder;

typedef struct berm_link {
    uint32_t entry, next;
} berm_link;

typedef struct berm_link_entry {
    berm_cell record; /* as expressions see it; MISSING where nobody asks for its kind */
    berm_cell object, refers, may_refer;
    berm_str kind, address;
    uint32_t target, part; /* part of the configuration, or BERM_NO_NAME */
    uint32_t names;        /* first of its holders */
    uint32_t first, last;  /* its links */
    uint32_t seen;         /* the entry or question that met it last */
    uint64_t kinds, suspected;
    bool gone; /* it will not be there: nothing links to it */
    bool configurable;
    bool mute; /* nothing says what it refers to */
} berm_link_entry;

typedef struct berm_links {
    const berm_alloc *alloc;
    berm_name_table table; /* name -> number in names */
    BERM_ARRAY(berm_link_name) names;
    BERM_ARRAY(berm_link_holder) holders;
    BERM_ARRAY(berm_link_entry) entries;
    BERM_ARRAY(berm_link) links;
    berm_intern_table followed;     /* what references led through, by hash */
    BERM_ARRAY(berm_cell) lists;    /* of all resources, for each JOIN row */
    BERM_ARRAY(berm_cell) gathered; /* scratch */
    uint64_t suspected;             /* kinds of which some may be linked with anything */
    uint64_t sensitive;             /* kinds of which some hold sensitive values */
    uint32_t next;                  /* the entry of the resource that is judged next */
    uint32_t questions;             /* what `seen` is held against */
    bool open;                      /* there may be more than these */
} berm_links;

#endif
