/* Where a pattern matches: the leftmost match and, of those that begin there, the one that a
   backtracking engine would find first (Perl's order, as RE2 and Go have it), with its groups. A
   Pike machine: the states a pattern can be in are followed together, in order of preference, each
   with the places it has passed. Time is at most states x code points. */
#include "base/utf8.h"
#include "vm/regex_parts.h"

#define NO_SLOT UINT32_MAX
#define WORK_PER_FUEL 4u /* steps that a unit of fuel pays for */

/* What is to be done when a way has been followed to its end: another way, or a slot to set
   back. */
typedef struct pike_frame {
    uint32_t state, slot, place;
} pike_frame;

struct berm_regex_pike {
    const berm_alloc *alloc;
    const berm_regex_program *program;
    uint32_t slot_count;
    uint32_t *memory;   /* dense, sparse, next: see pike_run; then the slots of each state */
    size_t memory_len;  /* in bytes */
    pike_frame *frames; /* state_count + 1 */
};

void berm_regex_pike_free(berm_regex_pike *pike)
{
    if (!pike) return;
    berm_mem_free(pike->alloc, pike->frames,
                  ((size_t)pike->program->state_count + 1) * sizeof *pike->frames);
    berm_mem_free(pike->alloc, pike->memory, pike->memory_len);
    berm_mem_free(pike->alloc, pike, sizeof *pike);
}

berm_regex_pike *berm_regex_pike_new(const berm_alloc *alloc, const berm_regex_program *program)
{
    berm_regex_pike *pike = berm_mem_new(alloc, sizeof *pike);
    if (!pike) return NULL;
    size_t count = program->state_count;
    *pike = (berm_regex_pike){.alloc = alloc,
                              .program = program,
                              .slot_count = berm_regex_slots(program->group_count)};
    size_t len = count * (3 + 2 * (size_t)pike->slot_count) * sizeof *pike->memory;
    pike->frames = berm_mem_new(alloc, (count + 1) * sizeof *pike->frames);
    pike->memory = berm_mem_new(alloc, len);
    if (pike->memory) pike->memory_len = len;
    if (pike->frames && pike->memory) return pike;
    berm_regex_pike_free(pike);
    return NULL;
}

/* --- running it --- */

/* The states that are live, dense in order of preference: sparse[s] says where in it s stands.
   Those that have read a code point wait in `next` for the assertions behind it. */
typedef struct pike_run {
    const berm_regex_program *program;
    pike_frame *frames;
    uint32_t slot_count;
    uint32_t *dense, *sparse, *next;
    uint32_t *slots, *next_slots; /* slot_count for each state; for each place of `next` */
    uint32_t count, next_count;
    uint32_t used; /* slots that are asked for */
    uint32_t now[BERM_REGEX_SLOTS_MAX];
} pike_run;

static bool is_state_live(const pike_run *run, uint32_t s)
{
    return run->sparse[s] < run->count && run->dense[run->sparse[s]] == s;
}

static void copy_slots(const pike_run *run, uint32_t *to, const uint32_t *from)
{
    for (uint32_t i = 0; i < run->used; i++) to[i] = from[i];
}

/* Follows one way until it reads, ends or comes to where another has been. What is to be done then
   is pushed. */
static void follow_way(pike_run *run, uint32_t s, uint32_t holds, uint32_t place, uint32_t *top)
{
    while (!is_state_live(run, s)) {
        const berm_img_state *state = &run->program->states[s];
        run->sparse[s] = run->count;
        run->dense[run->count++] = s;
        switch (state->op) {
        case BERM_STATE_SPLIT:
            run->frames[(*top)++] = (pike_frame){state->b, NO_SLOT, 0};
            s = state->a;
            break;
        case BERM_STATE_JUMP: s = state->a; break;
        case BERM_STATE_ASSERT:
            if (!(holds >> state->a & 1)) return;
            s++;
            break;
        case BERM_STATE_SAVE:
            if (state->a < run->used) {
                run->frames[(*top)++] = (pike_frame){0, state->a, run->now[state->a]};
                run->now[state->a] = place;
            }
            s++;
            break;
        default: copy_slots(run, run->slots + (size_t)s * run->slot_count, run->now); return;
        }
    }
}

/* Every way from `start`, run->now being the slots there. A state is followed once, and pushes at
   most once: the frames are enough. */
static void follow_ways(pike_run *run, uint32_t start, uint32_t holds, uint32_t place)
{
    uint32_t top = 0;
    follow_way(run, start, holds, place, &top);
    while (top > 0) {
        pike_frame frame = run->frames[--top];
        if (frame.slot != NO_SLOT) run->now[frame.slot] = frame.place;
        else follow_way(run, frame.state, holds, place, &top);
    }
}

/* The live states that read `code` go on; one that is at its end is a match, and none less
   preferred counts any more. True when there is one. */
static bool step_pike(pike_run *run, int32_t code, uint32_t place, uint32_t *spans)
{
    const berm_regex_program *program = run->program;
    run->next_count = 0;
    for (uint32_t i = 0; i < run->count; i++) {
        uint32_t s = run->dense[i];
        const berm_img_state *state = &program->states[s];
        const uint32_t *slots = run->slots + (size_t)s * run->slot_count;
        if (state->op == BERM_STATE_MATCH) {
            copy_slots(run, spans, slots);
            if (run->used) spans[1] = place;
            return true;
        }
        if (state->op != BERM_STATE_SET || code < 0 ||
            !berm_regex_set_has(&program->sets[state->a], program->ranges, (uint32_t)code))
            continue;
        copy_slots(run, run->next_slots + (size_t)run->next_count * run->slot_count, slots);
        run->next[run->next_count++] = s + 1;
    }
    return false;
}

int32_t berm_regex_code_before(berm_str text, size_t at)
{
    size_t from = at;
    if (at == 0) return -1;
    while (from > 0 && ((unsigned char)text.ptr[--from] & 0xc0) == 0x80) continue;
    return berm_utf8_next(text, &from);
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

static void begin_match(pike_run *run, uint32_t holds, uint32_t place)
{
    for (uint32_t i = 0; i < run->used; i++) run->now[i] = UINT32_MAX;
    run->now[0] = place;
    follow_ways(run, 0, holds, place);
}

/* True when there is a match; gives up (*fuel false) without fuel. */
static bool run_pike(pike_run *run, berm_space *space, berm_str text, size_t at, uint32_t *spans,
                     bool *fuel)
{
    bool anchored = run->program->anchored, matched = false;
    int32_t before = berm_regex_code_before(text, at);
    for (;;) {
        uint32_t place = (uint32_t)at;
        int32_t after = at < text.len ? berm_utf8_next(text, &at) : -1;
        uint32_t holds = berm_regex_assertions(before, after);
        run->count = 0;
        for (uint32_t i = 0; i < run->next_count; i++) {
            copy_slots(run, run->now, run->next_slots + (size_t)i * run->slot_count);
            follow_ways(run, run->next[i], holds, place);
        }
        if (!matched && (place == 0 || !anchored)) begin_match(run, holds, place);
        if (step_pike(run, after, place, spans)) matched = true;
        if (after < 0 || (matched && !run->used)) return matched;
        if (run->next_count == 0 && (matched || (anchored && place > 0))) return matched;
        uint64_t work = run->count + (uint64_t)run->next_count * run->used;
        *fuel = berm_space_spend(space, 1 + work / WORK_PER_FUEL);
        if (!*fuel) return false;
        before = after;
    }
}

/* Programs of images nobody vouches for may note one end of a group only, or both the wrong way
   round. */
static void drop_odd_groups(uint32_t *spans, uint32_t count)
{
    for (uint32_t i = 2; i + 1 < count; i += 2)
        if (spans[i] > spans[i + 1] || spans[i + 1] == UINT32_MAX)
            spans[i] = spans[i + 1] = UINT32_MAX;
}

berm_regex_answer berm_regex_pike_find(const berm_regex_pike *pike, berm_space *space,
                                       berm_str text, size_t from, uint32_t *spans,
                                       uint32_t span_count)
{
    size_t states = pike->program->state_count, slots = pike->slot_count;
    pike_run run = {.program = pike->program,
                    .frames = pike->frames,
                    .slot_count = pike->slot_count,
                    .dense = pike->memory,
                    .sparse = pike->memory + states,
                    .next = pike->memory + 2 * states,
                    .slots = pike->memory + 3 * states,
                    .next_slots = pike->memory + states * (3 + slots),
                    .used = span_count < pike->slot_count ? span_count : pike->slot_count};
    bool fuel = true, matched = run_pike(&run, space, text, from, spans, &fuel);
    if (!fuel) return BERM_REGEX_GAVE_UP;
    for (uint32_t i = run.used; i < span_count; i++) spans[i] = UINT32_MAX;
    if (matched) drop_odd_groups(spans, run.used);
    return matched ? BERM_REGEX_YES : BERM_REGEX_NO;
}
