/* The rows of a DFA, one for each set of states that was met, and the steps between them. */
#include "base/hash.h"
#include "vm/regex_dfa.h"

#define KEPT_MAX (1u << 15) /* words of rows, and of sets, that are kept */
#define PAYS_FROM 10u       /* bytes read for each state that was made */

static const int32_t before_samples[BERM_BEFORE_COUNT] = {-1, '\n', 'a', ' '};

static void forget_states(berm_regex_dfa *dfa)
{
    dfa->states.count = dfa->sets.count = dfa->rows.count = 0;
    memset(dfa->buckets, 0, sizeof dfa->buckets);
    memset(dfa->begins, 0, sizeof dfa->begins);
    dfa->read = 0;
}

/* The row of a state, made where there is none yet; BERM_DFA_UNKNOWN without room or, the status
   being set, memory. */
static uint32_t find_row(berm_regex_dfa *dfa, berm_space *space, const uint32_t *set,
                         uint32_t count, uint32_t before)
{
    size_t len = count * sizeof *set;
    uint32_t *bucket = &dfa->buckets[berm_hash_bytes(set, len, before) % BERM_DFA_BUCKETS];
    for (uint32_t i = *bucket; i; i = dfa->states.items[i - 1].next) {
        const berm_dfa_state *state = &dfa->states.items[i - 1];
        if (state->count == count && state->before == before &&
            (count == 0 || memcmp(dfa->sets.items + state->first, set, len) == 0))
            return BERM_DFA_ROWS + (i - 1) * dfa->width;
    }
    uint32_t row = BERM_DFA_ROWS + dfa->states.count * dfa->width;
    if (row + dfa->width > KEPT_MAX || dfa->sets.count + count > KEPT_MAX) return BERM_DFA_UNKNOWN;
    berm_dfa_state made = {dfa->sets.count, count, before, *bucket};
    if (!berm_array_reserve(dfa->alloc, &dfa->sets, count) ||
        !berm_array_reserve(dfa->alloc, &dfa->rows, row + dfa->width - dfa->rows.count) ||
        !berm_array_push(dfa->alloc, &dfa->states, made)) {
        if (space->status == BERM_OK) space->status = BERM_E_NOMEM;
        return BERM_DFA_UNKNOWN;
    }
    if (count) memcpy(dfa->sets.items + made.first, set, len);
    dfa->sets.count += count;
    memset(dfa->rows.items + dfa->rows.count, 0, (row + dfa->width - dfa->rows.count) * 4);
    dfa->rows.count = row + dfa->width;
    *bucket = dfa->states.count;
    return row;
}

uint32_t berm_dfa_begin(berm_regex_dfa *dfa, berm_space *space, uint32_t before)
{
    if (dfa->begins[before] != BERM_DFA_UNKNOWN) return dfa->begins[before];
    uint32_t row = find_row(dfa, space, NULL, 0, before);
    if (row == BERM_DFA_UNKNOWN && space->status == BERM_OK) {
        forget_states(dfa);
        row = find_row(dfa, space, NULL, 0, before);
    }
    return dfa->begins[before] = row;
}

/* --- one step --- */

/* Adds a state and those it leads to without reading; true when the end is among them. The stack
   cannot overflow: a state is followed once, and pushes at most once. */
static bool follow_states(berm_regex_dfa *dfa, uint32_t s, uint32_t holds)
{
    uint32_t top = 0;
    for (;;) {
        bool stop = dfa->sparse[s] < dfa->live && dfa->dense[dfa->sparse[s]] == s;
        if (!stop) {
            const berm_img_state *state = &dfa->program->states[s];
            dfa->sparse[s] = dfa->live;
            dfa->dense[dfa->live++] = s;
            switch (state->op) {
            case BERM_STATE_MATCH: return true;
            case BERM_STATE_SPLIT:
                dfa->stack[top++] = state->b;
                s = state->a;
                break;
            case BERM_STATE_JUMP: s = state->a; break;
            case BERM_STATE_SET: stop = true; break;
            case BERM_STATE_ASSERT:
                stop = !(holds >> state->a & 1);
                s++;
                break;
            default: s++; break;
            }
        }
        if (!stop) continue;
        if (top == 0) return false;
        s = dfa->stack[--top];
    }
}

/* The states behind those that read `code`, ascending, in dfa->stack; how many. */
static uint32_t read_code(berm_regex_dfa *dfa, uint32_t code)
{
    const berm_regex_program *p = dfa->program;
    uint32_t words = p->state_count / 32 + 1, count = 0;
    memset(dfa->bits, 0, words * sizeof *dfa->bits);
    for (uint32_t i = 0; i < dfa->live; i++) {
        const berm_img_state *state = &p->states[dfa->dense[i]];
        uint32_t next = dfa->dense[i] + 1;
        if (state->op == BERM_STATE_SET && berm_regex_set_has(&p->sets[state->a], p->ranges, code))
            dfa->bits[next / 32] |= 1u << next % 32;
    }
    for (uint32_t w = 0; w < words; w++)
        for (uint32_t bits = dfa->bits[w], i = 0; bits; bits >>= 1, i++)
            if (bits & 1) dfa->stack[count++] = w * 32 + i;
    return count;
}

uint32_t berm_dfa_look_back(const berm_regex_dfa *dfa, int32_t code)
{
    if (code < 0) return BERM_BEFORE_BEGIN;
    if (!dfa->looks_back) return BERM_BEFORE_OTHER;
    if (code == '\n') return BERM_BEFORE_LINE;
    bool word = berm_regex_assertions(code, ' ') >> BERM_REGEX_WORD_EDGE & 1;
    return word ? BERM_BEFORE_WORD : BERM_BEFORE_OTHER;
}

uint32_t berm_dfa_step(berm_regex_dfa *dfa, berm_space *space, uint32_t row, uint32_t symbol)
{
    const berm_dfa_state state = dfa->states.items[(row - BERM_DFA_ROWS) / dfa->width];
    bool end = symbol + 1 == dfa->width, anchored = dfa->program->anchored;
    int32_t after = end ? -1 : (int32_t)dfa->samples[symbol];
    uint32_t holds = berm_regex_assertions(before_samples[state.before], after);
    bool matched = false;
    dfa->live = 0;
    for (uint32_t i = 0; i < state.count && !matched; i++)
        matched = follow_states(dfa, dfa->sets.items[state.first + i], holds);
    if (!matched && (!anchored || state.before == BERM_BEFORE_BEGIN))
        matched = follow_states(dfa, 0, holds);
    if (!berm_space_spend(space, 1 + dfa->live / BERM_DFA_BYTES_PER_FUEL)) return BERM_DFA_UNKNOWN;
    uint32_t *step = &dfa->rows.items[row + symbol];
    if (matched || end) return *step = matched ? BERM_DFA_MATCH : BERM_DFA_NO_MATCH;
    uint32_t count = read_code(dfa, (uint32_t)after), before = berm_dfa_look_back(dfa, after);
    if (anchored && count == 0) return *step = BERM_DFA_NO_MATCH;
    uint32_t next = find_row(dfa, space, dfa->stack, count, before);
    if (next != BERM_DFA_UNKNOWN) {
        dfa->rows.items[row + symbol] = next; /* the rows may have moved */
        return next;
    }
    if (space->status != BERM_OK) return BERM_DFA_UNKNOWN;
    dfa->off = dfa->read < (uint64_t)PAYS_FROM * dfa->states.count;
    if (dfa->off) return BERM_DFA_UNKNOWN;
    forget_states(dfa);
    return find_row(dfa, space, dfa->stack, count, before);
}
