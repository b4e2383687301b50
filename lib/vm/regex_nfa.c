/* Thompson's machine: all states a pattern can be in are followed at once, so the text is read
   one time, whatever the pattern. A state is on the list at most once per code point: time is at
   most states x code points. */
#include "base/utf8.h"
#include "vm/regex_parts.h"

#define PROGRAM_MAX 50000u
#define STEPS_PER_FUEL 16u

typedef enum nfa_op { NFA_CLASS, NFA_ASSERT, NFA_SPLIT, NFA_JUMP, NFA_MATCH } nfa_op;

typedef struct nfa_ins {
    uint32_t op, a, b; /* CLASS, ASSERT: a is which; SPLIT: to a and to b; JUMP: to a */
} nfa_ins;

struct berm_regex_nfa {
    const berm_alloc *alloc;
    const berm_regex_tree *tree;
    BERM_ARRAY(nfa_ins) code;
    uint32_t *memory; /* 4 x code.count: dense, sparse, next, stack */
    bool anchored, too_large, failed;
};

/* --- the program --- */

static uint32_t add_instruction(berm_regex_nfa *nfa, nfa_op op, uint32_t a, uint32_t b)
{
    nfa_ins ins = {op, a, b};
    if (nfa->failed || nfa->too_large) return 0;
    if (nfa->code.count == PROGRAM_MAX) nfa->too_large = true;
    else if (!berm_array_push(nfa->alloc, &nfa->code, ins)) nfa->failed = true;
    return nfa->code.count - 1;
}

static bool is_nfa_stopped(const berm_regex_nfa *nfa)
{
    return nfa->failed || nfa->too_large;
}

static void write_nfa_node(berm_regex_nfa *nfa, uint32_t n);

/*     split L1, L2;  L1: first; jump end;  L2: split ..   */
static void write_choice(berm_regex_nfa *nfa, uint32_t first)
{
    uint32_t waiting = UINT32_MAX; /* jumps to the end, each naming the one before */
    for (uint32_t n = first; n && !is_nfa_stopped(nfa); n = nfa->tree->nodes.items[n].next) {
        bool last = nfa->tree->nodes.items[n].next == 0;
        uint32_t split = last ? 0 : add_instruction(nfa, NFA_SPLIT, nfa->code.count + 1, 0);
        write_nfa_node(nfa, n);
        if (last || is_nfa_stopped(nfa)) break;
        waiting = add_instruction(nfa, NFA_JUMP, waiting, 0);
        nfa->code.items[split].b = nfa->code.count;
    }
    while (!is_nfa_stopped(nfa) && waiting != UINT32_MAX) {
        uint32_t before = nfa->code.items[waiting].a;
        nfa->code.items[waiting].a = nfa->code.count;
        waiting = before;
    }
}

/* min copies, then a loop around the last one or max - min optional ones. */
static void write_repeat(berm_regex_nfa *nfa, const berm_regex_node *node)
{
    uint32_t child = node->first, min = node->min, max = node->max, last = 0;
    for (uint32_t i = 0; i < min && !is_nfa_stopped(nfa); i++) {
        last = nfa->code.count;
        write_nfa_node(nfa, child);
    }
    if (max != BERM_REGEX_UNBOUNDED) {
        uint32_t waiting = UINT32_MAX;
        for (uint32_t i = min; i < max && !is_nfa_stopped(nfa); i++) {
            waiting = add_instruction(nfa, NFA_SPLIT, nfa->code.count + 1, waiting);
            write_nfa_node(nfa, child);
        }
        while (!is_nfa_stopped(nfa) && waiting != UINT32_MAX) {
            uint32_t before = nfa->code.items[waiting].b;
            nfa->code.items[waiting].b = nfa->code.count;
            waiting = before;
        }
    } else if (min > 0) {
        add_instruction(nfa, NFA_SPLIT, last, nfa->code.count + 1);
    } else {
        uint32_t split = add_instruction(nfa, NFA_SPLIT, nfa->code.count + 1, 0);
        write_nfa_node(nfa, child);
        add_instruction(nfa, NFA_JUMP, split, 0);
        if (!is_nfa_stopped(nfa)) nfa->code.items[split].b = nfa->code.count;
    }
}

static void write_nfa_node(berm_regex_nfa *nfa, uint32_t n)
{
    const berm_regex_node *node = &nfa->tree->nodes.items[n];
    switch (node->kind) {
    case BERM_REGEX_CLASS: add_instruction(nfa, NFA_CLASS, node->arg, 0); break;
    case BERM_REGEX_ASSERT: add_instruction(nfa, NFA_ASSERT, node->arg, 0); break;
    case BERM_REGEX_CONCAT:
        for (uint32_t c = node->first; c && !is_nfa_stopped(nfa);
             c = nfa->tree->nodes.items[c].next)
            write_nfa_node(nfa, c);
        break;
    case BERM_REGEX_CHOICE: write_choice(nfa, node->first); break;
    case BERM_REGEX_REPEAT: write_repeat(nfa, node); break;
    case BERM_REGEX_CAPTURE: write_nfa_node(nfa, node->first); break;
    default: break;
    }
}

void berm_regex_nfa_free(berm_regex_nfa *nfa)
{
    if (!nfa) return;
    berm_mem_free(nfa->alloc, nfa->memory, (size_t)nfa->code.count * 4 * sizeof *nfa->memory);
    berm_array_free(nfa->alloc, &nfa->code);
    berm_mem_free(nfa->alloc, nfa, sizeof *nfa);
}

berm_regex_nfa *berm_regex_nfa_new(const berm_regex_tree *tree, bool *too_large)
{
    berm_regex_nfa *nfa = berm_mem_new(tree->alloc, sizeof *nfa);
    *too_large = false;
    if (!nfa) return NULL;
    *nfa = (berm_regex_nfa){.alloc = tree->alloc,
                            .tree = tree,
                            .anchored = berm_regex_is_anchored(tree, tree->root)};
    write_nfa_node(nfa, tree->root);
    add_instruction(nfa, NFA_MATCH, 0, 0);
    if (!is_nfa_stopped(nfa)) {
        nfa->memory = berm_mem_new(nfa->alloc, (size_t)nfa->code.count * 4 * sizeof *nfa->memory);
        if (nfa->memory) return nfa;
    }
    *too_large = nfa->too_large;
    berm_regex_nfa_free(nfa);
    return NULL;
}

/* --- running it --- */

/* The states that are live: `dense` in order, sparse[s] says where in it s stands. */
typedef struct nfa_states {
    uint32_t *dense, *sparse, *stack;
    uint32_t count;
    bool matched;
} nfa_states;

static bool has_state(const nfa_states *states, uint32_t s)
{
    return states->sparse[s] < states->count && states->dense[states->sparse[s]] == s;
}

/* Adds a state and those it leads to without reading; `holds` has a bit for each assertion that
   is true here. The stack cannot overflow: a state is pushed by the one before it or by a jump,
   at most twice in all, and popped at once where it is live already. */
static void follow_state(const berm_regex_nfa *nfa, nfa_states *states, uint32_t start,
                         uint32_t holds)
{
    uint32_t top = 0, s = start;
    for (;;) {
        bool blocked = has_state(states, s);
        if (!blocked) {
            const nfa_ins *ins = &nfa->code.items[s];
            states->sparse[s] = states->count;
            states->dense[states->count++] = s;
            if (ins->op == NFA_SPLIT) states->stack[top++] = ins->b;
            if (ins->op == NFA_MATCH) states->matched = true;
            if (ins->op == NFA_SPLIT || ins->op == NFA_JUMP) s = ins->a;
            else if (ins->op == NFA_ASSERT && holds >> ins->a & 1) s++;
            else blocked = true;
        }
        if (!blocked) continue;
        if (top == 0) return;
        s = states->stack[--top];
    }
}

static bool is_word_code(int32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

uint32_t berm_regex_assertions(int32_t before, int32_t after)
{
    uint32_t holds = 0;
    if (before < 0) holds |= 1u << BERM_REGEX_TEXT_BEGIN;
    if (before < 0 || before == '\n') holds |= 1u << BERM_REGEX_LINE_BEGIN;
    if (after < 0) holds |= 1u << BERM_REGEX_TEXT_END;
    if (after < 0 || after == '\n') holds |= 1u << BERM_REGEX_LINE_END;
    bool edge = is_word_code(before) != is_word_code(after);
    return holds | 1u << (edge ? BERM_REGEX_WORD_EDGE : BERM_REGEX_NO_WORD_EDGE);
}

/* The states behind those live ones that read `code`. */
static uint32_t read_code(const berm_regex_nfa *nfa, const nfa_states *states, uint32_t code,
                          uint32_t *next)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < states->count; i++) {
        const nfa_ins *ins = &nfa->code.items[states->dense[i]];
        if (ins->op != NFA_CLASS) continue;
        if (berm_regex_class_has(nfa->tree, &nfa->tree->classes.items[ins->a], code))
            next[count++] = states->dense[i] + 1;
    }
    return count;
}

berm_regex_answer berm_regex_nfa_match(berm_regex_nfa *nfa, berm_space *space, berm_str text,
                                       uint64_t *steps)
{
    size_t size = nfa->code.count, at = 0;
    nfa_states states = {nfa->memory, nfa->memory + size, nfa->memory + 3 * size, 0, false};
    uint32_t *next = nfa->memory + 2 * size, count = 0;
    int32_t before = -1;
    for (;;) {
        size_t here = at;
        int32_t after = at < text.len ? berm_utf8_next(text, &at) : -1;
        uint32_t holds = berm_regex_assertions(before, after);
        states.count = 0;
        for (uint32_t i = 0; i < count; i++) follow_state(nfa, &states, next[i], holds);
        if (here == 0 || !nfa->anchored) follow_state(nfa, &states, 0, holds);
        if (steps) *steps += states.count + 1;
        if (states.matched) return BERM_REGEX_YES;
        if (here == text.len || states.count == 0) return BERM_REGEX_NO;
        if (!berm_space_spend(space, 1 + states.count / STEPS_PER_FUEL)) return BERM_REGEX_GAVE_UP;
        count = read_code(nfa, &states, (uint32_t)after, next);
        before = after;
    }
}
