/* The tree of an RE2 pattern, and what is made of it. */
#ifndef BERM_VM_REGEX_TREE_H
#define BERM_VM_REGEX_TREE_H

#include "base/text.h"

typedef enum berm_regex_kind {
    BERM_REGEX_EMPTY,
    BERM_REGEX_CLASS,  /* one code point of class `arg` */
    BERM_REGEX_ASSERT, /* `arg` is a berm_regex_assertion */
    BERM_REGEX_CONCAT, /* children in turn */
    BERM_REGEX_CHOICE, /* one of the children */
    BERM_REGEX_REPEAT, /* the child min .. max times */
    BERM_REGEX_CAPTURE /* the child, as group `arg` */
} berm_regex_kind;

typedef enum berm_regex_assertion {
    BERM_REGEX_TEXT_BEGIN,
    BERM_REGEX_TEXT_END,
    BERM_REGEX_LINE_BEGIN,
    BERM_REGEX_LINE_END,
    BERM_REGEX_WORD_EDGE,
    BERM_REGEX_NO_WORD_EDGE
} berm_regex_assertion;

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

typedef struct berm_regex_range {
    uint32_t low, high;
} berm_regex_range;

/* A Unicode property in a class: its name is a piece of the pattern. */
typedef struct berm_regex_property {
    uint32_t off, len;
    bool negated;
} berm_regex_property;

/* A set of code points: sorted ranges that do not touch. With properties it is known only to an
   engine with Unicode's tables: ranges or properties, then negated, with case folded when
   `fold`. */
typedef struct berm_regex_class {
    uint64_t ascii[2]; /* the ranges below 128 as bits */
    uint32_t first, count;
    uint32_t property_first, property_count;
    bool unicode; /* needs the tables: has properties, or folds the case of letters beyond ASCII */
    bool negated, fold; /* only with `unicode` */
} berm_regex_class;

typedef struct berm_regex_tree {
    const berm_alloc *alloc;
    berm_str pattern;
    BERM_ARRAY(berm_regex_node) nodes; /* [0] is unused */
    BERM_ARRAY(berm_regex_range) ranges;
    BERM_ARRAY(berm_regex_class) classes;
    BERM_ARRAY(berm_regex_property) properties;
    uint32_t root, group_count;
    bool unicode;      /* some class needs Unicode's tables */
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
    uint32_t property_first;
    bool fold, negated;
    bool wide_fold; /* folds letters beyond ASCII */
} berm_regex_set;
berm_regex_set berm_regex_set_begin(berm_regex_tree *tree, bool fold);
void berm_regex_set_add(berm_regex_set *set, uint32_t low, uint32_t high);
/* The class behind \d \s \w (lower-case letter) or its complement. */
void berm_regex_set_add_perl(berm_regex_set *set, char letter);
/* [:name:]; false when there is no such class. */
bool berm_regex_set_add_posix(berm_regex_set *set, berm_str name, bool negated);
/* \p{name}; false when RE2 knows no such property. */
bool berm_regex_set_add_property(berm_regex_set *set, berm_str name, bool negated);
/* The class; its index. */
uint32_t berm_regex_set_end(berm_regex_set *set);

bool berm_regex_class_has_wide(const berm_regex_tree *tree, const berm_regex_class *class,
                               uint32_t code);
static inline bool berm_regex_class_has(const berm_regex_tree *tree, const berm_regex_class *class,
                                        uint32_t code)
{
    if (code < 128) return class->ascii[code / 64] >> code % 64 & 1;
    return berm_regex_class_has_wide(tree, class, code);
}
/* Whether two classes have a code point in common; true also when that cannot be said. */
bool berm_regex_classes_meet(const berm_regex_tree *tree, uint32_t a, uint32_t b);

#endif
