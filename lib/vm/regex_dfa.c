/* Whether a pattern matches, by a deterministic machine that is made while it runs: a state of it
   is the set of the program's states that can be live together, and the way from one to the next is
   worked out once for each symbol. Code points that no set of the program tells apart are one
   symbol. What has been worked out is kept up to a limit, then forgotten; a text for which that
   does not pay is left to the Pike machine. Time is linear in the text, whatever the pattern.

   A state is what has been read, before any assertion is asked: those between two code points are
   known when the second has come, which is why the end of the text is a symbol, too. */
#include "base/hash.h"
#include "base/utf8.h"
#include "vm/regex_parts.h"

#include <stdlib.h>

#define SYMBOLS_MAX 255u
#define CUT_WORK_MAX (1u << 20) /* steps to find the symbols */
#define KEPT_MAX (1u << 15)     /* words of rows, and of sets, that are kept */
#define BUCKETS 256u
#define PAYS_FROM 10u /* bytes read for each state that was made */
#define BYTES_PER_FUEL 16u

enum { UNKNOWN, NO_MATCH, SOME_MATCH, FIRST_ROW = 4 }; /* what a row says beside other rows */

/* What stands before the next code point, as far as assertions look at it. */
enum { BEFORE_BEGIN, BEFORE_LINE, BEFORE_WORD, BEFORE_OTHER, BEFORE_COUNT };
static const int32_t before_samples[BEFORE_COUNT] = {-1, '\n', 'a', ' '};

/* From code point `from` to the next cut all are the same symbol. */
typedef struct dfa_cut {
    uint32_t from, symbol;
} dfa_cut;

typedef struct dfa_state {
    uint32_t first, count; /* of `sets`: states of the program behind what was read, ascending */
    uint32_t before, next; /* the next state in the same bucket, + 1 */
} dfa_state;

struct berm_regex_dfa {
    const berm_alloc *alloc;
    const berm_regex_program *program;
    uint8_t ascii[128];               /* symbols */
    BERM_ARRAY(dfa_cut) cuts;         /* all code points, in order */
    uint32_t samples[SYMBOLS_MAX];    /* a code point of each symbol */
    uint32_t width;                   /* of a row: the symbols and, last, the end */
    BERM_ARRAY(dfa_state) states;     /* that of row FIRST_ROW + i * width is i */
    BERM_ARRAY(uint32_t) sets, rows;  /* from a row and a symbol to a row */
    uint32_t buckets[BUCKETS];        /* a state + 1 */
    uint32_t begins[BEFORE_COUNT];    /* rows in which nothing has been read */
    uint32_t *dense, *sparse, *stack; /* for each state of the program; one allocation */
    uint32_t *bits;
    uint32_t live; /* in `dense` */
    uint64_t read; /* bytes since the last time all was forgotten */
    bool looks_back, off;
};

/* --- symbols --- */

typedef struct symbol_split {
    uint32_t total, in, moved, set; /* cuts; of them in the set; the symbol those become */
} symbol_split;

typedef struct symbol_finder {
    berm_regex_dfa *dfa;
    symbol_split symbols[SYMBOLS_MAX + 1];
    uint32_t count, set, work;
} symbol_finder;

static const berm_img_range word_ranges[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
static const berm_img_range line_ranges[] = {{'\n', '\n'}};

static int compare_cuts(const void *a, const void *b)
{
    uint32_t x = ((const dfa_cut *)a)->from, y = ((const dfa_cut *)b)->from;
    return (x > y) - (x < y);
}

static bool add_cuts(berm_regex_dfa *dfa, const berm_img_range *ranges, uint32_t count)
{
    if (!berm_array_reserve(dfa->alloc, &dfa->cuts, 2 * (size_t)count + 1)) return false;
    for (uint32_t i = 0; i < count; i++) {
        dfa->cuts.items[dfa->cuts.count++] = (dfa_cut){ranges[i].low, 0};
        dfa->cuts.items[dfa->cuts.count++] = (dfa_cut){ranges[i].high + 1, 0};
    }
    return true;
}

static void sort_cuts(berm_regex_dfa *dfa)
{
    dfa_cut *cuts = dfa->cuts.items;
    uint32_t kept = 0;
    qsort(cuts, dfa->cuts.count, sizeof *cuts, compare_cuts);
    for (uint32_t i = 0; i < dfa->cuts.count; i++)
        if (kept == 0 || cuts[i].from != cuts[kept - 1].from) cuts[kept++] = cuts[i];
    dfa->cuts.count = kept;
}

/* The cut that a code point lies behind. */
static const dfa_cut *find_cut(const berm_regex_dfa *dfa, uint32_t code)
{
    uint32_t low = 0, high = dfa->cuts.count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (dfa->cuts.items[middle].from <= code) low = middle;
        else high = middle;
    }
    return &dfa->cuts.items[low];
}

/* Cuts of one symbol that are partly in the range set become two. */
static void visit_cut(symbol_finder *f, dfa_cut *cut, bool move)
{
    symbol_split *split = &f->symbols[cut->symbol];
    if (split->set != f->set) *split = (symbol_split){.total = split->total, .set = f->set};
    if (!move) {
        split->in++;
        return;
    }
    if (!split->moved && split->in == split->total) return;
    if (!split->moved) {
        split->moved = f->count;
        f->symbols[f->count++] = (symbol_split){.set = f->set};
        if (f->count > SYMBOLS_MAX) f->dfa->off = true;
    }
    f->symbols[split->moved].total++;
    split->total--;
    cut->symbol = split->moved;
}

static void split_symbols(symbol_finder *f, const berm_img_range *ranges, uint32_t count)
{
    berm_regex_dfa *dfa = f->dfa;
    const dfa_cut *end = dfa->cuts.items + dfa->cuts.count;
    f->set++;
    for (uint32_t pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < count && !dfa->off; i++) {
            dfa_cut *cut = dfa->cuts.items + (find_cut(dfa, ranges[i].low) - dfa->cuts.items);
            for (; cut < end && cut->from <= ranges[i].high && !dfa->off; cut++) {
                visit_cut(f, cut, pass);
                if (++f->work > CUT_WORK_MAX) dfa->off = true;
            }
        }
    }
}

static void name_symbols(berm_regex_dfa *dfa, uint32_t count)
{
    for (uint32_t i = dfa->cuts.count; i-- > 0;)
        dfa->samples[dfa->cuts.items[i].symbol] = dfa->cuts.items[i].from;
    for (uint32_t c = 0; c < 128; c++) dfa->ascii[c] = (uint8_t)find_cut(dfa, c)->symbol;
    dfa->width = count + 1;
}

static bool find_symbols(berm_regex_dfa *dfa)
{
    const berm_regex_program *p = dfa->program;
    symbol_finder f = {.dfa = dfa, .count = 1};
    bool room = berm_array_push(dfa->alloc, &dfa->cuts, (dfa_cut){0, 0});
    for (uint32_t i = 0; i < p->set_count && room; i++)
        room = add_cuts(dfa, p->ranges + p->sets[i].ranges.first, p->sets[i].ranges.count);
    if (!room || !add_cuts(dfa, word_ranges, 4) || !add_cuts(dfa, line_ranges, 1)) return false;
    sort_cuts(dfa);
    f.symbols[0].total = dfa->cuts.count;
    for (uint32_t i = 0; i < p->set_count && !dfa->off; i++)
        split_symbols(&f, p->ranges + p->sets[i].ranges.first, p->sets[i].ranges.count);
    if (dfa->looks_back) {
        split_symbols(&f, word_ranges, 4);
        split_symbols(&f, line_ranges, 1);
    }
    if (!dfa->off) name_symbols(dfa, f.count);
    return true;
}

/* --- a machine --- */

void berm_regex_dfa_free(berm_regex_dfa *dfa)
{
    if (!dfa) return;
    const berm_alloc *alloc = dfa->alloc;
    berm_array_free(alloc, &dfa->cuts);
    berm_array_free(alloc, &dfa->states);
    berm_array_free(alloc, &dfa->sets);
    berm_array_free(alloc, &dfa->rows);
    berm_mem_free(alloc, dfa->dense, (size_t)dfa->program->state_count * 4 * sizeof *dfa->dense);
    berm_mem_free(alloc, dfa, sizeof *dfa);
}

berm_regex_dfa *berm_regex_dfa_new(const berm_alloc *alloc, const berm_regex_program *program)
{
    berm_regex_dfa *dfa = berm_mem_new(alloc, sizeof *dfa);
    size_t count = program->state_count;
    if (!dfa) return NULL;
    dfa->alloc = alloc;
    dfa->program = program;
    dfa->dense = berm_mem_new(alloc, count * 4 * sizeof *dfa->dense);
    for (size_t i = 0; i < count; i++) {
        const berm_img_state *state = &program->states[i];
        if (state->op != BERM_STATE_ASSERT || state->a == BERM_REGEX_TEXT_BEGIN) continue;
        if (state->a != BERM_REGEX_TEXT_END) dfa->looks_back = true;
    }
    if (dfa->dense && find_symbols(dfa)) {
        dfa->sparse = dfa->dense + count;
        dfa->stack = dfa->sparse + count;
        dfa->bits = dfa->stack + count; /* a word for each state is more than enough */
        return dfa;
    }
    berm_regex_dfa_free(dfa);
    return NULL;
}

static void forget_states(berm_regex_dfa *dfa)
{
    dfa->states.count = dfa->sets.count = dfa->rows.count = 0;
    memset(dfa->buckets, 0, sizeof dfa->buckets);
    memset(dfa->begins, 0, sizeof dfa->begins);
    dfa->read = 0;
}

/* The row of a state, made where there is none yet: UNKNOWN without room or (status set) memory. */
static uint32_t find_row(berm_regex_dfa *dfa, berm_space *space, const uint32_t *set,
                         uint32_t count, uint32_t before)
{
    size_t len = count * sizeof *set;
    uint32_t *bucket = &dfa->buckets[berm_hash_bytes(set, len, before) % BUCKETS];
    for (uint32_t i = *bucket; i; i = dfa->states.items[i - 1].next) {
        const dfa_state *state = &dfa->states.items[i - 1];
        if (state->count == count && state->before == before &&
            (count == 0 || memcmp(dfa->sets.items + state->first, set, len) == 0))
            return FIRST_ROW + (i - 1) * dfa->width;
    }
    uint32_t row = FIRST_ROW + dfa->states.count * dfa->width;
    if (row + dfa->width > KEPT_MAX || dfa->sets.count + count > KEPT_MAX) return UNKNOWN;
    dfa_state made = {dfa->sets.count, count, before, *bucket};
    if (!berm_array_reserve(dfa->alloc, &dfa->sets, count) ||
        !berm_array_reserve(dfa->alloc, &dfa->rows, row + dfa->width - dfa->rows.count) ||
        !berm_array_push(dfa->alloc, &dfa->states, made)) {
        if (space->status == BERM_OK) space->status = BERM_E_NOMEM;
        return UNKNOWN;
    }
    if (count) memcpy(dfa->sets.items + made.first, set, len);
    dfa->sets.count += count;
    memset(dfa->rows.items + dfa->rows.count, 0,
           (row + dfa->width - dfa->rows.count) * sizeof *set);
    dfa->rows.count = row + dfa->width;
    *bucket = dfa->states.count;
    return row;
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

static uint32_t look_back(const berm_regex_dfa *dfa, int32_t code)
{
    if (code < 0) return BEFORE_BEGIN;
    if (!dfa->looks_back) return BEFORE_OTHER;
    if (code == '\n') return BEFORE_LINE;
    bool word = berm_regex_assertions(code, ' ') >> BERM_REGEX_WORD_EDGE & 1;
    return word ? BEFORE_WORD : BEFORE_OTHER;
}

/* Where `symbol` leads from a row; UNKNOWN to give up. */
static uint32_t make_step(berm_regex_dfa *dfa, berm_space *space, uint32_t row, uint32_t symbol)
{
    const dfa_state state = dfa->states.items[(row - FIRST_ROW) / dfa->width];
    bool end = symbol + 1 == dfa->width, anchored = dfa->program->anchored;
    int32_t after = end ? -1 : (int32_t)dfa->samples[symbol];
    uint32_t holds = berm_regex_assertions(before_samples[state.before], after);
    bool matched = false;
    dfa->live = 0;
    for (uint32_t i = 0; i < state.count && !matched; i++)
        matched = follow_states(dfa, dfa->sets.items[state.first + i], holds);
    if (!matched && (!anchored || state.before == BEFORE_BEGIN))
        matched = follow_states(dfa, 0, holds);
    if (!berm_space_spend(space, 1 + dfa->live / BYTES_PER_FUEL)) return UNKNOWN;
    uint32_t *step = &dfa->rows.items[row + symbol];
    if (matched || end) return *step = matched ? SOME_MATCH : NO_MATCH;
    uint32_t count = read_code(dfa, (uint32_t)after), before = look_back(dfa, after);
    if (anchored && count == 0) return *step = NO_MATCH;
    uint32_t next = find_row(dfa, space, dfa->stack, count, before);
    if (next != UNKNOWN) {
        dfa->rows.items[row + symbol] = next; /* the rows may have moved */
        return next;
    }
    if (space->status != BERM_OK) return UNKNOWN;
    dfa->off = dfa->read < (uint64_t)PAYS_FROM * dfa->states.count;
    if (dfa->off) return UNKNOWN;
    forget_states(dfa);
    return find_row(dfa, space, dfa->stack, count, before);
}

/* --- running it --- */

static uint32_t begin_row(berm_regex_dfa *dfa, berm_space *space, uint32_t before)
{
    if (dfa->begins[before] != UNKNOWN) return dfa->begins[before];
    uint32_t row = find_row(dfa, space, NULL, 0, before);
    if (row == UNKNOWN && space->status == BERM_OK) {
        forget_states(dfa);
        row = find_row(dfa, space, NULL, 0, before);
    }
    return dfa->begins[before] = row;
}

/* Reads on from *row and *at as far as the way is known: the symbol that is not, or that ends it,
   *next what it leads to, *at where it is and *behind what follows it. */
static uint32_t read_known(const berm_regex_dfa *dfa, berm_str text, uint32_t *row, size_t *at,
                           size_t *behind, uint32_t *next)
{
    const uint32_t *rows = dfa->rows.items;
    uint32_t from = *row, symbol = dfa->width - 1;
    size_t i = *at, p = i;
    while (i < text.len) {
        unsigned char c = (unsigned char)text.ptr[p];
        if (c < 0x80) {
            symbol = dfa->ascii[c];
            p++;
        } else {
            int32_t code = berm_utf8_next(text, &p);
            symbol = code < 0 ? dfa->width - 1 : find_cut(dfa, (uint32_t)code)->symbol;
        }
        if (rows[from + symbol] < FIRST_ROW) break;
        from = rows[from + symbol];
        i = p;
    }
    if (i >= text.len) symbol = dfa->width - 1;
    *row = from;
    *at = i;
    *behind = p;
    *next = rows[from + symbol];
    return symbol;
}

berm_regex_answer berm_regex_dfa_match(berm_regex_dfa *dfa, berm_space *space, berm_str text,
                                       size_t from)
{
    if (dfa->off) return BERM_REGEX_GAVE_UP;
    if (dfa->program->anchored && from > 0) return BERM_REGEX_NO;
    uint32_t row = begin_row(dfa, space, look_back(dfa, berm_regex_code_before(text, from)));
    size_t at = from, behind = from, counted = from;
    while (row >= FIRST_ROW) {
        uint32_t next, symbol = read_known(dfa, text, &row, &at, &behind, &next);
        dfa->read += at - counted;
        counted = at;
        if (next == UNKNOWN) next = make_step(dfa, space, row, symbol);
        row = next;
        at = behind;
    }
    if (!berm_space_spend(space, (at - from) / BYTES_PER_FUEL) || row == UNKNOWN)
        return BERM_REGEX_GAVE_UP;
    return row == SOME_MATCH ? BERM_REGEX_YES : BERM_REGEX_NO;
}
