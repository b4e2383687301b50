/* Whether a pattern matches, by a deterministic machine that is made while it runs: a state of it
   is the set of the program's states that can be live together, and the way from one to the next is
   worked out once for each symbol. Code points that no set of the program tells apart are one
   symbol. What has been worked out is kept up to a limit, then forgotten; a text for which that
   does not pay is left to the Pike machine. Time is linear in the text, whatever the pattern.

   A state is what has been read, before any assertion is asked: those between two code points are
   known when the second has come, which is why the end of the text is a symbol, too. */
#include "vm/regex_dfa.h"
#include "base/utf8.h"

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
    if (dfa->dense && berm_dfa_find_symbols(dfa)) {
        dfa->sparse = dfa->dense + count;
        dfa->stack = dfa->sparse + count;
        dfa->bits = dfa->stack + count; /* a word for each state is more than enough */
        return dfa;
    }
    berm_regex_dfa_free(dfa);
    return NULL;
}

/* Reads on from *row and *at as far as the way is known: the symbol that is not, or that ends it,
   *at where it is and *behind what follows it. */
static uint32_t read_known(const berm_regex_dfa *dfa, berm_str text, uint32_t *row, size_t *at,
                           size_t *behind)
{
    const uint32_t *rows = dfa->rows.items;
    const unsigned char *bytes = (const unsigned char *)text.ptr;
    uint32_t from = *row, next = from, symbol = dfa->width - 1;
    size_t i = *at, p = i;
    for (; i < text.len; from = next, i = p) {
        for (; i < text.len && bytes[i] < 0x80; i++) {
            next = rows[from + dfa->ascii[bytes[i]]];
            if (next < BERM_DFA_ROWS) break;
            from = next;
        }
        if (i >= text.len) break;
        p = i;
        int32_t code = berm_utf8_next(text, &p);
        symbol = code < 0 ? dfa->width - 1 : berm_dfa_find_cut(dfa, (uint32_t)code)->symbol;
        next = rows[from + symbol];
        if (next < BERM_DFA_ROWS) break;
    }
    *row = from;
    *at = i;
    *behind = i < text.len ? p : i;
    return i < text.len ? symbol : dfa->width - 1;
}

berm_regex_answer berm_regex_dfa_match(berm_regex_dfa *dfa, berm_space *space, berm_str text,
                                       size_t from)
{
    if (dfa->off) return BERM_REGEX_GAVE_UP;
    if (dfa->program->anchored && from > 0) return BERM_REGEX_NO;
    int32_t before = berm_regex_code_before(text, from);
    uint32_t row = berm_dfa_begin(dfa, space, berm_dfa_look_back(dfa, before));
    size_t at = from, counted = from;
    while (row >= BERM_DFA_ROWS) {
        size_t behind;
        uint32_t symbol = read_known(dfa, text, &row, &at, &behind);
        uint32_t next = dfa->rows.items[row + symbol];
        dfa->read += at - counted;
        counted = at;
        row = next == BERM_DFA_UNKNOWN ? berm_dfa_step(dfa, space, row, symbol) : next;
        at = behind;
    }
    if (!berm_space_spend(space, (at - from) / BERM_DFA_BYTES_PER_FUEL) || row == BERM_DFA_UNKNOWN)
        return BERM_REGEX_GAVE_UP;
    return row == BERM_DFA_MATCH ? BERM_REGEX_YES : BERM_REGEX_NO;
}
