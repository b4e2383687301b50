/* When a backtracking engine may run a pattern.

   Positions are the places of the pattern that read a code point; follow[p] says which positions
   can read the next one. If those are of classes that do not meet, and none can follow p for two
   reasons (an inner and an outer repetition, say), then a wrong turn is seen at the next code
   point: an attempt costs time linear in what it reads. */
#include "vm/regex_parts.h"

#define POSITIONS_MAX 64u
#define ATTEMPT_MAX 256u

typedef struct proof {
    const berm_regex_tree *tree;
    uint32_t classes[POSITIONS_MAX];
    uint64_t follow[POSITIONS_MAX];
    uint32_t count;
    bool refuted;
} proof;

/* What a subtree reads first and last, whether it may read nothing, and the most it reads. */
typedef struct reads {
    uint64_t first, last;
    bool nothing;
    uint64_t most;
} reads;

static uint64_t add_lengths(uint64_t a, uint64_t b)
{
    return a > UINT32_MAX - b || a + b > UINT32_MAX ? UINT32_MAX : a + b;
}

static void add_follow(proof *p, uint64_t last, uint64_t first)
{
    for (uint32_t i = 0; i < p->count; i++) {
        if (!(last >> i & 1)) continue;
        if (p->follow[i] & first) p->refuted = true;
        p->follow[i] |= first;
    }
}

static reads prove_node(proof *p, uint32_t n);

static reads prove_class(proof *p, uint32_t class)
{
    if (p->count == POSITIONS_MAX) {
        p->refuted = true;
        return (reads){0, 0, false, 1};
    }
    uint64_t bit = (uint64_t)1 << p->count;
    p->classes[p->count++] = class;
    return (reads){bit, bit, false, 1};
}

static reads prove_concat(proof *p, uint32_t first)
{
    reads all = {0, 0, true, 0};
    for (uint32_t n = first; n && !p->refuted; n = p->tree->nodes.items[n].next) {
        reads one = prove_node(p, n);
        add_follow(p, all.last, one.first);
        if (all.nothing) all.first |= one.first;
        all.last = one.nothing ? all.last | one.last : one.last;
        all.nothing = all.nothing && one.nothing;
        all.most = add_lengths(all.most, one.most);
    }
    return all;
}

static reads prove_choice(proof *p, uint32_t first)
{
    reads all = {0, 0, false, 0};
    for (uint32_t n = first; n && !p->refuted; n = p->tree->nodes.items[n].next) {
        reads one = prove_node(p, n);
        if (all.nothing && one.nothing) p->refuted = true;
        all.first |= one.first;
        all.last |= one.last;
        all.nothing = all.nothing || one.nothing;
        if (one.most > all.most) all.most = one.most;
    }
    return all;
}

static reads prove_repeat(proof *p, const berm_regex_node *node)
{
    reads one = prove_node(p, node->first);
    if (one.nothing) p->refuted = true;
    if (node->max > 1) add_follow(p, one.last, one.first);
    one.nothing = one.nothing || node->min == 0;
    uint64_t times = node->max == BERM_REGEX_UNBOUNDED ? UINT32_MAX : node->max;
    one.most = times && one.most > UINT32_MAX / times ? UINT32_MAX : one.most * times;
    return one;
}

static reads prove_node(proof *p, uint32_t n)
{
    const berm_regex_node *node = &p->tree->nodes.items[n];
    switch (node->kind) {
    case BERM_REGEX_CLASS: return prove_class(p, node->arg);
    case BERM_REGEX_CONCAT: return prove_concat(p, node->first);
    case BERM_REGEX_CHOICE: return prove_choice(p, node->first);
    case BERM_REGEX_REPEAT: return prove_repeat(p, node);
    case BERM_REGEX_CAPTURE: return prove_node(p, node->first);
    default: return (reads){0, 0, true, 0};
    }
}

/* No two of the positions can read the same code point. */
static bool are_apart(const proof *p, uint64_t positions)
{
    for (uint32_t i = 0; i < p->count; i++)
        for (uint32_t j = i + 1; positions >> i & 1 && j < p->count; j++)
            if (positions >> j & 1 &&
                berm_regex_classes_meet(p->tree, p->classes[i], p->classes[j]))
                return false;
    return true;
}

bool berm_regex_is_anchored(const berm_regex_tree *tree, uint32_t n)
{
    const berm_regex_node *node = &tree->nodes.items[n];
    switch (node->kind) {
    case BERM_REGEX_ASSERT: return node->arg == BERM_REGEX_TEXT_BEGIN;
    case BERM_REGEX_CAPTURE: return berm_regex_is_anchored(tree, node->first);
    case BERM_REGEX_CONCAT: {
        uint32_t c = node->first; /* flags in front, as in (?i)^a, are empty nodes */
        while (tree->nodes.items[c].kind == BERM_REGEX_EMPTY && tree->nodes.items[c].next)
            c = tree->nodes.items[c].next;
        return berm_regex_is_anchored(tree, c);
    }
    case BERM_REGEX_REPEAT: return node->min > 0 && berm_regex_is_anchored(tree, node->first);
    case BERM_REGEX_CHOICE:
        for (uint32_t c = node->first; c; c = tree->nodes.items[c].next)
            if (!berm_regex_is_anchored(tree, c)) return false;
        return true;
    default: return false;
    }
}

bool berm_regex_is_plain(const berm_regex_tree *tree)
{
    proof p = {.tree = tree};
    reads all = prove_node(&p, tree->root);
    bool plain = !p.refuted && are_apart(&p, all.first);
    for (uint32_t i = 0; plain && i < p.count; i++) plain = are_apart(&p, p.follow[i]);
    return plain && (all.most <= ATTEMPT_MAX || berm_regex_is_anchored(tree, tree->root));
}
