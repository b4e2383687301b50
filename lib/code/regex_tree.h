/* The tree of an RE2 pattern, and what is made of it. */
#ifndef BERM_CODE_REGEX_TREE_H
#define BERM_CODE_REGEX_TREE_H

#include "base/text.h"
#include "code/regex.h"

typedef enum berm_regex_kind {
    BERM_REGEX_EMPTY,
    BERM_REGEX_CLASS,  /* one code point of set `arg` */
    BERM_REGEX_ASSERT, /* `arg` is a berm_regex_assertion */
    BERM_REGEX_CONCAT, /* children in turn */
    BERM_REGEX_CHOICE, /* one of the children */
    BERM_REGEX_REPEAT, /* the child min .. max times */
    BERM_REGEX_CAPTURE /* the child, as group `arg` */
} berm_regex_kind;

#define BERM_REGEX_UNBOUNDED UINT32_MAX
#define BERM_REGEX_REPEAT_MAX 1000u
#define BERM_REGEX_CODE_MAX 0x10ffffu

typedef struct berm_regex_node {
    uint8_t kind;
    bool lazy; /* REPEAT: as few as possible; a whole match is the same either way */
    uint32_t arg;
    uint32_t min, max;    /* REPEAT */
    uint32_t first, next; /* first child, next sibling; 0 is none: node 0 is never a child */
} berm_regex_node;

typedef struct berm_regex_tree {
    const berm_alloc *alloc;
    berm_str pattern;
    BERM_ARRAY(berm_regex_node) nodes; /* [0] is unused */
    berm_regex_ranges ranges;
    berm_regex_sets sets;
    uint32_t root, group_count;
    berm_text cased;   /* letters that may have another case; empty until they are wanted */
    uint32_t lookups;  /* in Unicode's tables, by what they cost */
    bool too_large;    /* they cost too much */
    bool failed;       /* no memory */
    const char *fault; /* why it is no RE2 pattern; NULL when it is */
    size_t fault_off;
} berm_regex_tree;

/* Parses the syntax of RE2; what RE2 lacks is a fault. False on a fault or without memory.
   `pattern` is borrowed. */
bool berm_regex_parse(berm_regex_tree *tree, const berm_alloc *alloc, berm_str pattern);
void berm_regex_tree_free(berm_regex_tree *tree);

/* --- regex_class.c: sets of code points, built from ranges that are added at the end of
   tree->ranges --- */
typedef struct berm_regex_set {
    berm_regex_tree *tree;
    uint32_t first; /* in tree->ranges */
    bool fold, negated;
} berm_regex_set;
berm_regex_set berm_regex_set_begin(berm_regex_tree *tree, bool fold);
void berm_regex_set_add(berm_regex_set *set, uint32_t low, uint32_t high);
/* The class behind \d \s \w (lower-case letter) or its complement. */
void berm_regex_set_add_perl(berm_regex_set *set, char letter);
/* [:name:]; false when there is no such class. */
bool berm_regex_set_add_posix(berm_regex_set *set, berm_str name, bool negated);
/* \p{name}; false when RE2 knows no such property. */
bool berm_regex_set_add_property(berm_regex_set *set, berm_str name, bool negated);
/* The index of the set, which is shared with a near one that is the same. */
uint32_t berm_regex_set_end(berm_regex_set *set);
void berm_regex_push_range(berm_regex_tree *tree, uint32_t low, uint32_t high);

/* --- regex_unicode.c: what needs Unicode's tables, which are pcre2's; ranges come at the end of
   tree->ranges, in no order. --- */
/* The code points of a general category or script; false when pcre2 has none of that name. */
bool berm_regex_add_property(berm_regex_tree *tree, berm_str name);
/* The other cases of what is in the ranges from `first` on. */
void berm_regex_add_cases(berm_regex_tree *tree, uint32_t first);

#endif
