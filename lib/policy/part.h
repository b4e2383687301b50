/* A part of a policy file: a node of its YAML tree together with the file it is from, so that
   whatever is read from it can be placed in a diagnostic. An absent part has no cell; every
   function takes one and gives the absent answer. */
#ifndef BERM_POLICY_PART_H
#define BERM_POLICY_PART_H

#include "base/nearest.h"
#include "policy/build.h"

typedef struct berm_part {
    const berm_policy_file *file;
    const berm_cell *cell;
} berm_part;

static inline bool berm_part_given(berm_part part)
{
    return part.cell != NULL;
}
static inline bool berm_part_is(berm_part part, berm_tag tag)
{
    return part.cell && part.cell->tag == tag;
}

/* Members of a map, elements of a list; 0 for anything else. */
uint32_t berm_part_count(berm_part part);
berm_part berm_part_key_at(berm_part map, uint32_t index);
berm_part berm_part_value_at(berm_part map, uint32_t index);
berm_part berm_part_element_at(berm_part list, uint32_t index);
berm_part berm_part_member(berm_part map, const char *key);

/* Text of a string, else empty without a pointer. */
berm_str berm_part_text(berm_part part);
/* A scalar as it stands in the file: 1.30 and not the number it is. */
berm_str berm_part_source(berm_part part);
/* Text of a string, source of another scalar: 1.1 whether in quotes or not. Empty for the rest. */
berm_str berm_part_word(berm_part part);
/* The value in the build's space. MISSING when absent. */
berm_cell berm_part_cell(berm_part part);

berm_place berm_part_place(berm_part part);
/* Key cells carry no span; the place of a member's key is worked out from what follows it. */
berm_place berm_part_key_place(berm_part map, uint32_t index);
/* Where a document is pointed at as a whole: its first key. */
berm_place berm_part_head_place(berm_part map);

/* "a string", "a list", .. for messages. */
const char *berm_part_tag_name(berm_tag tag);
static inline const char *berm_part_sort_name(berm_part part)
{
    return berm_part_tag_name(part.cell ? (berm_tag)part.cell->tag : BERM_TAG_MISSING);
}

/* An error at a part, or at any place. */
void berm_part_fault(berm_build *build, berm_part part, berm_diag_id id, const char *format, ...);
void berm_place_fault(berm_build *build, berm_place place, berm_diag_id id, const char *format,
                      ...);
/* The same, with "; did you mean .." at the end where something is near. */
void berm_near_fault(berm_build *build, berm_place place, berm_diag_id id,
                     const berm_nearest *nearest, const char *format, ...);

#endif
