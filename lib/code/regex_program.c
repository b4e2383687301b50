/* From the tree of a pattern to its program: states that all ways through the pattern pass, in
   Perl's order of preference, as RE2 and Go have it. */
#include "code/regex_tree.h"

#define NO_STATE UINT32_MAX

typedef struct state_writer {
    const berm_regex_tree *tree;
    berm_regex_code *code;
    bool too_large, failed;
} state_writer;

static uint32_t put_state(state_writer *w, berm_state_op op, uint32_t a, uint32_t b)
{
    berm_regex_code *code = w->code;
    berm_img_state state = {op, a, b};
    if (w->failed || w->too_large) return 0;
    if (code->states.count == BERM_REGEX_STATES_MAX) w->too_large = true;
    else if (!berm_array_push(code->alloc, &code->states, state)) w->failed = true;
    return code->states.count - 1;
}

static bool is_writer_stopped(const state_writer *w)
{
    return w->failed || w->too_large;
}

/* A split whose way out is yet to be set; until then it may name another that waits, too. */
static uint32_t put_split(state_writer *w, bool lazy, uint32_t inside, uint32_t outside)
{
    return lazy ? put_state(w, BERM_STATE_SPLIT, outside, inside)
                : put_state(w, BERM_STATE_SPLIT, inside, outside);
}

/* Sets the way out of a split, or the aim of a jump, to here; what it was. */
static uint32_t set_exit(state_writer *w, uint32_t at, bool first)
{
    if (is_writer_stopped(w)) return NO_STATE;
    berm_img_state *state = &w->code->states.items[at];
    uint32_t *exit = first ? &state->a : &state->b, before = *exit;
    *exit = w->code->states.count;
    return before;
}

static void set_exits(state_writer *w, uint32_t waiting, bool first)
{
    while (waiting != NO_STATE) waiting = set_exit(w, waiting, first);
}

/* Whether a node can match without reading anything. */
static bool can_read_nothing(const berm_regex_tree *tree, uint32_t n)
{
    const berm_regex_node *node = &tree->nodes.items[n];
    bool all = node->kind == BERM_REGEX_CONCAT;
    switch (node->kind) {
    case BERM_REGEX_CLASS: return false;
    case BERM_REGEX_CAPTURE: return can_read_nothing(tree, node->first);
    case BERM_REGEX_REPEAT: return node->min == 0 || can_read_nothing(tree, node->first);
    case BERM_REGEX_CONCAT:
    case BERM_REGEX_CHOICE:
        for (uint32_t c = node->first; c; c = tree->nodes.items[c].next)
            if (can_read_nothing(tree, c) != all) return !all;
        return all;
    default: return true;
    }
}

static bool is_anchored(const berm_regex_tree *tree, uint32_t n)
{
    const berm_regex_node *node = &tree->nodes.items[n];
    switch (node->kind) {
    case BERM_REGEX_ASSERT: return node->arg == BERM_REGEX_TEXT_BEGIN;
    case BERM_REGEX_CAPTURE: return is_anchored(tree, node->first);
    case BERM_REGEX_CONCAT: {
        uint32_t c = node->first; /* flags in front, as in (?i)^a, are empty nodes */
        while (tree->nodes.items[c].kind == BERM_REGEX_EMPTY && tree->nodes.items[c].next)
            c = tree->nodes.items[c].next;
        return is_anchored(tree, c);
    }
    case BERM_REGEX_REPEAT: return node->min > 0 && is_anchored(tree, node->first);
    case BERM_REGEX_CHOICE:
        for (uint32_t c = node->first; c; c = tree->nodes.items[c].next)
            if (!is_anchored(tree, c)) return false;
        return true;
    default: return false;
    }
}

static void write_node(state_writer *w, uint32_t n);

/*     split L1, L2;  L1: first; jump end;  L2: split ..   */
static void write_choice(state_writer *w, uint32_t n)
{
    uint32_t waiting = NO_STATE; /* jumps to the end, each naming the one before */
    for (uint32_t next; n && !is_writer_stopped(w); n = next) {
        next = w->tree->nodes.items[n].next;
        uint32_t split = next ? put_split(w, false, w->code->states.count + 1, 0) : 0;
        write_node(w, n);
        if (!next) break;
        waiting = put_state(w, BERM_STATE_JUMP, waiting, 0);
        set_exit(w, split, false);
    }
    set_exits(w, waiting, true);
}

/* x*, and x+ behind the x that `last` is the first state of. A loop around what may read nothing
   goes through its body before it asks whether to go on, as (x+)? does. */
static void write_loop(state_writer *w, const berm_regex_node *node, uint32_t last)
{
    bool lazy = node->lazy;
    if (node->min > 0) {
        set_exit(w, put_split(w, lazy, last, 0), lazy);
        return;
    }
    uint32_t enter = put_split(w, lazy, w->code->states.count + 1, 0), body = w->code->states.count;
    write_node(w, node->first);
    if (can_read_nothing(w->tree, node->first)) set_exit(w, put_split(w, lazy, body, 0), lazy);
    else put_state(w, BERM_STATE_JUMP, enter, 0);
    set_exit(w, enter, lazy);
}

/* min copies, then a loop around the last one or max - min optional ones. */
static void write_repeat(state_writer *w, const berm_regex_node *node)
{
    uint32_t last = 0, waiting = NO_STATE;
    for (uint32_t i = 0; i < node->min && !is_writer_stopped(w); i++) {
        last = w->code->states.count;
        write_node(w, node->first);
    }
    if (node->max == BERM_REGEX_UNBOUNDED) {
        write_loop(w, node, last);
        return;
    }
    for (uint32_t i = node->min; i < node->max && !is_writer_stopped(w); i++) {
        waiting = put_split(w, node->lazy, w->code->states.count + 1, waiting);
        write_node(w, node->first);
    }
    set_exits(w, waiting, node->lazy);
}

/* As deep as the gate lets patterns nest. */
static void write_node(state_writer *w, uint32_t n)
{
    const berm_regex_node *node = &w->tree->nodes.items[n];
    bool kept = node->kind == BERM_REGEX_CAPTURE && node->arg <= BERM_REGEX_GROUPS_KEPT;
    switch (node->kind) {
    case BERM_REGEX_CLASS: put_state(w, BERM_STATE_SET, node->arg, 0); break;
    case BERM_REGEX_ASSERT: put_state(w, BERM_STATE_ASSERT, node->arg, 0); break;
    case BERM_REGEX_CONCAT:
        for (uint32_t c = node->first; c && !is_writer_stopped(w); c = w->tree->nodes.items[c].next)
            write_node(w, c);
        break;
    case BERM_REGEX_CHOICE: write_choice(w, node->first); break;
    case BERM_REGEX_REPEAT: write_repeat(w, node); break;
    case BERM_REGEX_CAPTURE:
        if (kept) put_state(w, BERM_STATE_SAVE, 2 * node->arg, 0);
        write_node(w, node->first);
        if (kept) put_state(w, BERM_STATE_SAVE, 2 * node->arg + 1, 0);
        break;
    default: break;
    }
}

static berm_status write_program(berm_regex_code *code, berm_regex_tree *tree)
{
    state_writer w = {.tree = tree, .code = code};
    write_node(&w, tree->root);
    put_state(&w, BERM_STATE_MATCH, 0, 0);
    if (is_writer_stopped(&w)) return w.failed ? BERM_E_NOMEM : BERM_E_LIMIT;
    code->group_count = tree->group_count;
    code->anchored = is_anchored(tree, tree->root);
    code->sets = tree->sets;
    code->ranges = tree->ranges;
    tree->sets = (berm_regex_sets){.items = NULL};
    tree->ranges = (berm_regex_ranges){.items = NULL};
    return BERM_OK;
}

berm_status berm_regex_compile(berm_regex_code *code, const berm_alloc *alloc, berm_str pattern)
{
    berm_regex_tree tree;
    berm_status status = BERM_E_POLICY;
    *code = (berm_regex_code){.alloc = alloc};
    if (berm_regex_parse(&tree, alloc, pattern)) status = write_program(code, &tree);
    else if (tree.failed) status = BERM_E_NOMEM;
    else if (tree.too_large) status = BERM_E_LIMIT;
    code->fault = tree.fault;
    code->fault_off = tree.fault_off;
    code->lookups = tree.lookups;
    berm_regex_tree_free(&tree);
    return status;
}

void berm_regex_code_free(berm_regex_code *code)
{
    berm_array_free(code->alloc, &code->states);
    berm_array_free(code->alloc, &code->sets);
    berm_array_free(code->alloc, &code->ranges);
}

berm_regex_program berm_regex_code_program(const berm_regex_code *code)
{
    return (berm_regex_program){.states = code->states.items,
                                .sets = code->sets.items,
                                .ranges = code->ranges.items,
                                .state_count = code->states.count,
                                .set_count = code->sets.count,
                                .group_count = code->group_count,
                                .anchored = code->anchored};
}

/* --- sets --- */

bool berm_regex_set_has_wide(const berm_img_set *set, const berm_img_range *ranges, uint32_t code)
{
    uint32_t low = set->ranges.first, high = low + set->ranges.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (code > ranges[middle].high) low = middle + 1;
        else if (code < ranges[middle].low) high = middle;
        else return true;
    }
    return false;
}

void berm_regex_set_ascii(berm_img_set *set, const berm_img_range *ranges)
{
    for (uint32_t c = 0; c < 128; c++)
        if (berm_regex_set_has_wide(set, ranges, c)) (&set->ascii0)[c / 32] |= 1u << c % 32;
}
