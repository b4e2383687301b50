/* Patterns of matches() and its kin: from the syntax of RE2 to a program of states, which vm/ runs.
   Programs of constant patterns are in the image. */
#ifndef BERM_CODE_REGEX_H
#define BERM_CODE_REGEX_H

#include "code/image.h"

#define BERM_REGEX_STATES_MAX 50000u
#define BERM_REGEX_GROUPS_KEPT 9u
#define BERM_REGEX_SLOTS_MAX (2 * (BERM_REGEX_GROUPS_KEPT + 1))

/* What a state does. Where it goes on is the next state, if nothing else is said. */
typedef enum berm_state_op {
    BERM_STATE_SET,    /* reads one code point of set a */
    BERM_STATE_ASSERT, /* goes on where assertion a holds */
    BERM_STATE_SPLIT,  /* goes on at a and at b; a is preferred */
    BERM_STATE_JUMP,   /* goes on at a */
    BERM_STATE_SAVE,   /* notes the place in slot a */
    BERM_STATE_MATCH
} berm_state_op;

typedef enum berm_regex_assertion {
    BERM_REGEX_TEXT_BEGIN,
    BERM_REGEX_TEXT_END,
    BERM_REGEX_LINE_BEGIN,
    BERM_REGEX_LINE_END,
    BERM_REGEX_WORD_EDGE,
    BERM_REGEX_NO_WORD_EDGE,
    BERM_REGEX_ASSERTIONS
} berm_regex_assertion;

/* A program, in an image or in a berm_regex_code. It begins in state 0; numbers in its states count
   from its own first state and set, those in sets from `ranges`. */
typedef struct berm_regex_program {
    const berm_img_state *states;
    const berm_img_set *sets;
    const berm_img_range *ranges;
    uint32_t state_count, set_count;
    uint32_t group_count; /* of the pattern; only BERM_REGEX_GROUPS_KEPT have slots */
    bool anchored;        /* every match begins where the text does */
} berm_regex_program;

/* Slots of the match itself and of the groups that are kept. */
static inline uint32_t berm_regex_slots(uint32_t group_count)
{
    return 2 * ((group_count < BERM_REGEX_GROUPS_KEPT ? group_count : BERM_REGEX_GROUPS_KEPT) + 1);
}

typedef BERM_ARRAY(berm_img_set) berm_regex_sets;
typedef BERM_ARRAY(berm_img_range) berm_regex_ranges;

typedef struct berm_regex_code {
    const berm_alloc *alloc;
    BERM_ARRAY(berm_img_state) states;
    berm_regex_sets sets;
    berm_regex_ranges ranges;
    uint32_t group_count;
    bool anchored;
    const char *fault; /* E_POLICY: why it is no pattern of RE2 (static), at byte fault_off */
    size_t fault_off;
    uint32_t lookups; /* in Unicode's tables: what the compiling cost beyond the length */
} berm_regex_code;

/* E_POLICY: not RE2. E_LIMIT: too large. E_NOMEM. To be freed all the same. */
berm_status berm_regex_compile(berm_regex_code *code, const berm_alloc *alloc, berm_str pattern);
void berm_regex_code_free(berm_regex_code *code);
berm_regex_program berm_regex_code_program(const berm_regex_code *code);
/* The row of a pattern; BERM_NO_ROW when the text is none. */
uint32_t berm_image_find_pattern(const berm_image *image, berm_text_ref text);
berm_regex_program berm_regex_image_program(const berm_image *image, uint32_t row);

bool berm_regex_set_has_wide(const berm_img_set *set, const berm_img_range *ranges, uint32_t code);
static inline bool berm_regex_set_has(const berm_img_set *set, const berm_img_range *ranges,
                                      uint32_t code)
{
    if (code < 128) return (&set->ascii0)[code / 32] >> code % 32 & 1;
    return berm_regex_set_has_wide(set, ranges, code);
}
/* Fills in the bits of what is below 128 in the ranges. */
void berm_regex_set_ascii(berm_img_set *set, const berm_img_range *ranges);

#endif
