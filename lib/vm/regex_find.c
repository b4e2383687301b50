/* Where a pattern matches: the leftmost match and, of those that begin there, the one that a
   backtracking engine would find first (Perl's order, as RE2 and Go have it), with its groups. A
   Pike machine: the states a pattern can be in are followed together, in order of preference, each
   with the places it has passed. Time is at most states x code points. */
#include "base/utf8.h"
#include "vm/regex_parts.h"

#define FINDER_MAX 50000u
#define NO_SLOT UINT32_MAX

typedef enum finder_op {
    FINDER_CLASS,  /* a: class */
    FINDER_ASSERT, /* a: assertion */
    FINDER_SPLIT,  /* a: preferred, b */
    FINDER_JUMP,   /* a */
    FINDER_SAVE,   /* a: slot */
    FINDER_MATCH
} finder_op;

typedef struct finder_ins {
    uint32_t op, a, b;
} finder_ins;

/* What is to be done when a way has been followed to its end: another way, or a slot to set
   back. */
typedef struct finder_frame {
    uint32_t state, slot, place;
} finder_frame;

struct berm_regex_finder {
    const berm_alloc *alloc;
    const berm_regex_tree *tree;
    BERM_ARRAY(finder_ins) code;
    uint32_t slot_count;  /* 2 for the match and 2 for each group that is kept */
    uint32_t *memory;     /* dense, sparse, next: see finder_run; then the slots of each state */
    size_t memory_len;    /* in bytes */
    finder_frame *frames; /* code.count + 1 */
    bool anchored, too_large, failed;
};

/* --- the program --- */

static uint32_t put_finder_ins(berm_regex_finder *f, finder_op op, uint32_t a, uint32_t b)
{
    finder_ins ins = {op, a, b};
    if (f->failed || f->too_large) return 0;
    if (f->code.count == FINDER_MAX) f->too_large = true;
    else if (!berm_array_push(f->alloc, &f->code, ins)) f->failed = true;
    return f->code.count - 1;
}

static bool is_finder_stopped(const berm_regex_finder *f)
{
    return f->failed || f->too_large;
}

/* A split whose way out is yet to be set. */
static uint32_t put_finder_split(berm_regex_finder *f, bool lazy, uint32_t inside)
{
    return lazy ? put_finder_ins(f, FINDER_SPLIT, 0, inside)
                : put_finder_ins(f, FINDER_SPLIT, inside, 0);
}

static void set_finder_exit(berm_regex_finder *f, uint32_t split, bool lazy)
{
    if (is_finder_stopped(f)) return;
    if (lazy) f->code.items[split].a = f->code.count;
    else f->code.items[split].b = f->code.count;
}

/* Whether a node can match without reading anything. */
static bool can_read_nothing(const berm_regex_tree *tree, uint32_t n)
{
    const berm_regex_node *node = &tree->nodes.items[n];
    switch (node->kind) {
    case BERM_REGEX_CLASS: return false;
    case BERM_REGEX_CAPTURE: return can_read_nothing(tree, node->first);
    case BERM_REGEX_REPEAT: return node->min == 0 || can_read_nothing(tree, node->first);
    case BERM_REGEX_CONCAT:
        for (uint32_t c = node->first; c; c = tree->nodes.items[c].next)
            if (!can_read_nothing(tree, c)) return false;
        return true;
    case BERM_REGEX_CHOICE:
        for (uint32_t c = node->first; c; c = tree->nodes.items[c].next)
            if (can_read_nothing(tree, c)) return true;
        return false;
    default: return true;
    }
}

static void write_finder_node(berm_regex_finder *f, uint32_t n);

/*     split L1, L2;  L1: first; jump end;  L2: split ..   */
static void write_finder_choice(berm_regex_finder *f, uint32_t n)
{
    uint32_t next = f->tree->nodes.items[n].next;
    if (!next) {
        write_finder_node(f, n);
        return;
    }
    uint32_t waiting = NO_SLOT; /* jumps to the end, each naming the one before */
    for (; n && !is_finder_stopped(f); n = next) {
        next = f->tree->nodes.items[n].next;
        uint32_t split = next ? put_finder_ins(f, FINDER_SPLIT, f->code.count + 1, 0) : 0;
        write_finder_node(f, n);
        if (!next || is_finder_stopped(f)) break;
        waiting = put_finder_ins(f, FINDER_JUMP, waiting, 0);
        set_finder_exit(f, split, false);
    }
    while (!is_finder_stopped(f) && waiting != NO_SLOT) {
        uint32_t before = f->code.items[waiting].a;
        f->code.items[waiting].a = f->code.count;
        waiting = before;
    }
}

/* x*, and x+ behind the x that `last` is the first instruction of. A loop around what may read
   nothing goes through its body before it asks whether to go on, as (x+)? does. */
static void write_finder_loop(berm_regex_finder *f, const berm_regex_node *node, uint32_t last)
{
    bool lazy = node->lazy;
    if (node->min > 0) {
        uint32_t split = put_finder_split(f, lazy, last);
        set_finder_exit(f, split, lazy);
        return;
    }
    uint32_t enter = put_finder_split(f, lazy, f->code.count + 1), body = f->code.count;
    write_finder_node(f, node->first);
    if (can_read_nothing(f->tree, node->first)) {
        uint32_t again = put_finder_split(f, lazy, body);
        set_finder_exit(f, again, lazy);
    } else {
        put_finder_ins(f, FINDER_JUMP, enter, 0);
    }
    set_finder_exit(f, enter, lazy);
}

static void write_finder_repeat(berm_regex_finder *f, const berm_regex_node *node)
{
    uint32_t last = 0, optional = node->max - node->min, waiting = NO_SLOT;
    for (uint32_t i = 0; i < node->min && !is_finder_stopped(f); i++) {
        last = f->code.count;
        write_finder_node(f, node->first);
    }
    if (node->max == BERM_REGEX_UNBOUNDED) {
        write_finder_loop(f, node, last);
        return;
    }
    for (uint32_t i = 0; i < optional && !is_finder_stopped(f); i++) {
        uint32_t inside = f->code.count + 1;
        waiting = node->lazy ? put_finder_ins(f, FINDER_SPLIT, waiting, inside)
                             : put_finder_ins(f, FINDER_SPLIT, inside, waiting);
        write_finder_node(f, node->first);
    }
    while (!is_finder_stopped(f) && waiting != NO_SLOT) {
        const finder_ins *split = &f->code.items[waiting];
        uint32_t before = node->lazy ? split->a : split->b;
        set_finder_exit(f, waiting, node->lazy);
        waiting = before;
    }
}

static void write_finder_group(berm_regex_finder *f, const berm_regex_node *node)
{
    bool kept = node->arg <= BERM_REGEX_GROUPS_KEPT;
    if (kept) put_finder_ins(f, FINDER_SAVE, 2 * node->arg, 0);
    write_finder_node(f, node->first);
    if (kept) put_finder_ins(f, FINDER_SAVE, 2 * node->arg + 1, 0);
}

/* As deep as the gate lets patterns nest. */
static void write_finder_node(berm_regex_finder *f, uint32_t n)
{
    const berm_regex_node *node = &f->tree->nodes.items[n];
    switch (node->kind) {
    case BERM_REGEX_CLASS: put_finder_ins(f, FINDER_CLASS, node->arg, 0); break;
    case BERM_REGEX_ASSERT: put_finder_ins(f, FINDER_ASSERT, node->arg, 0); break;
    case BERM_REGEX_CONCAT:
        for (uint32_t c = node->first; c && !is_finder_stopped(f); c = f->tree->nodes.items[c].next)
            write_finder_node(f, c);
        break;
    case BERM_REGEX_CHOICE: write_finder_choice(f, node->first); break;
    case BERM_REGEX_REPEAT: write_finder_repeat(f, node); break;
    case BERM_REGEX_CAPTURE: write_finder_group(f, node); break;
    default: break;
    }
}

void berm_regex_finder_free(berm_regex_finder *f)
{
    if (!f) return;
    berm_mem_free(f->alloc, f->frames, ((size_t)f->code.count + 1) * sizeof *f->frames);
    berm_mem_free(f->alloc, f->memory, f->memory_len);
    berm_array_free(f->alloc, &f->code);
    berm_mem_free(f->alloc, f, sizeof *f);
}

berm_regex_finder *berm_regex_finder_new(const berm_regex_tree *tree, bool *too_large)
{
    uint32_t groups = tree->group_count;
    berm_regex_finder *f = berm_mem_new(tree->alloc, sizeof *f);
    *too_large = false;
    if (!f) return NULL;
    if (groups > BERM_REGEX_GROUPS_KEPT) groups = BERM_REGEX_GROUPS_KEPT;
    f->alloc = tree->alloc;
    f->tree = tree;
    f->slot_count = 2 * (groups + 1);
    f->anchored = berm_regex_is_anchored(tree, tree->root);
    write_finder_node(f, tree->root);
    put_finder_ins(f, FINDER_MATCH, 0, 0);
    if (!is_finder_stopped(f)) {
        size_t count = f->code.count, len = count * (3 + 2 * (size_t)f->slot_count);
        f->frames = berm_mem_new(f->alloc, (count + 1) * sizeof *f->frames);
        f->memory = berm_mem_new(f->alloc, len * sizeof *f->memory);
        if (f->memory) f->memory_len = len * sizeof *f->memory;
        if (f->frames && f->memory) return f;
    }
    *too_large = f->too_large;
    berm_regex_finder_free(f);
    return NULL;
}

/* --- running it --- */

/* The states that are live, dense in order of preference: sparse[s] says where in it s stands.
   Those that have read a code point wait in `next` for the assertions behind it. */
typedef struct finder_run {
    const berm_regex_finder *f;
    uint32_t *dense, *sparse, *next;
    uint32_t *slots, *next_slots; /* f->slot_count for each state; for each place of `next` */
    uint32_t count, next_count;
    uint32_t used; /* slots that are asked for */
    uint32_t now[2 * (BERM_REGEX_GROUPS_KEPT + 1)];
} finder_run;

static bool is_state_live(const finder_run *run, uint32_t s)
{
    return run->sparse[s] < run->count && run->dense[run->sparse[s]] == s;
}

static void copy_slots(const finder_run *run, uint32_t *to, const uint32_t *from)
{
    for (uint32_t i = 0; i < run->used; i++) to[i] = from[i];
}

/* Follows one way until it reads, ends or comes to where another has been. What is to be done then
   is pushed. */
static void follow_way(finder_run *run, uint32_t s, uint32_t holds, uint32_t place, uint32_t *top)
{
    while (!is_state_live(run, s)) {
        const finder_ins *ins = &run->f->code.items[s];
        run->sparse[s] = run->count;
        run->dense[run->count++] = s;
        switch (ins->op) {
        case FINDER_SPLIT:
            run->f->frames[(*top)++] = (finder_frame){ins->b, NO_SLOT, 0};
            s = ins->a;
            break;
        case FINDER_JUMP: s = ins->a; break;
        case FINDER_ASSERT:
            if (!(holds >> ins->a & 1)) return;
            s++;
            break;
        case FINDER_SAVE:
            if (ins->a < run->used) {
                run->f->frames[(*top)++] = (finder_frame){0, ins->a, run->now[ins->a]};
                run->now[ins->a] = place;
            }
            s++;
            break;
        default: copy_slots(run, run->slots + (size_t)s * run->f->slot_count, run->now); return;
        }
    }
}

/* Every way from `start`, run->now being the slots there. A state is followed once, and pushes at
   most once: the frames are enough. */
static void follow_ways(finder_run *run, uint32_t start, uint32_t holds, uint32_t place)
{
    uint32_t top = 0;
    follow_way(run, start, holds, place, &top);
    while (top > 0) {
        finder_frame frame = run->f->frames[--top];
        if (frame.slot != NO_SLOT) run->now[frame.slot] = frame.place;
        else follow_way(run, frame.state, holds, place, &top);
    }
}

/* The live states that read `code` go on; one that is at its end is a match, and none less
   preferred counts any more. True when there is one. */
static bool step_finder(finder_run *run, int32_t code, uint32_t place, uint32_t *spans)
{
    const berm_regex_finder *f = run->f;
    run->next_count = 0;
    for (uint32_t i = 0; i < run->count; i++) {
        uint32_t s = run->dense[i];
        const finder_ins *ins = &f->code.items[s];
        const uint32_t *slots = run->slots + (size_t)s * f->slot_count;
        if (ins->op == FINDER_MATCH) {
            copy_slots(run, spans, slots);
            spans[1] = place;
            return true;
        }
        if (ins->op != FINDER_CLASS || code < 0) continue;
        if (!berm_regex_class_has(f->tree, &f->tree->classes.items[ins->a], (uint32_t)code))
            continue;
        copy_slots(run, run->next_slots + (size_t)run->next_count * f->slot_count, slots);
        run->next[run->next_count++] = s + 1;
    }
    return false;
}

/* The code point that ends at `at`; -1 at the begin. */
static int32_t read_code_before(berm_str text, size_t at)
{
    size_t from = at;
    if (at == 0) return -1;
    while (from > 0 && ((unsigned char)text.ptr[--from] & 0xc0) == 0x80) continue;
    return berm_utf8_next(text, &from);
}

static void begin_match(finder_run *run, uint32_t holds, uint32_t place)
{
    for (uint32_t i = 0; i < run->used; i++) run->now[i] = UINT32_MAX;
    run->now[0] = place;
    follow_ways(run, 0, holds, place);
}

berm_regex_answer berm_regex_finder_find(const berm_regex_finder *f, berm_space *space,
                                         berm_str text, size_t from, uint32_t *spans,
                                         uint32_t span_count)
{
    size_t states = f->code.count, at = from;
    finder_run run = {.f = f,
                      .dense = f->memory,
                      .sparse = f->memory + states,
                      .next = f->memory + 2 * states,
                      .slots = f->memory + 3 * states,
                      .next_slots = f->memory + states * (3 + (size_t)f->slot_count),
                      .used = span_count < f->slot_count ? span_count : f->slot_count};
    int32_t before = read_code_before(text, from);
    bool matched = false;
    for (;;) {
        uint32_t place = (uint32_t)at;
        int32_t after = at < text.len ? berm_utf8_next(text, &at) : -1;
        uint32_t holds = berm_regex_assertions(before, after);
        run.count = 0;
        for (uint32_t i = 0; i < run.next_count; i++) {
            copy_slots(&run, run.now, run.next_slots + (size_t)i * f->slot_count);
            follow_ways(&run, run.next[i], holds, place);
        }
        if (!matched && (place == 0 || !f->anchored)) begin_match(&run, holds, place);
        if (step_finder(&run, after, place, spans)) matched = true;
        bool over = run.next_count == 0 && (matched || (f->anchored && place > 0));
        if (over || after < 0) break;
        uint64_t work = run.count + (uint64_t)run.next_count * run.used / 4;
        if (!berm_space_spend(space, 1 + work)) return BERM_REGEX_GAVE_UP;
        before = after;
    }
    for (uint32_t i = run.used; i < span_count; i++) spans[i] = UINT32_MAX;
    return matched ? BERM_REGEX_YES : BERM_REGEX_NO;
}
