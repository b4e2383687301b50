/* The symbols of a DFA: code points that no set of the program tells apart, and no assertion in it,
   are one. */
#include "vm/regex_dfa.h"

#include <stdlib.h>

#define CUT_WORK_MAX (1u << 20) /* steps to find the symbols */

typedef struct symbol_split {
    uint32_t total, in, moved, set; /* cuts; of them in the set; the symbol those become */
} symbol_split;

typedef struct symbol_finder {
    berm_regex_dfa *dfa;
    symbol_split symbols[BERM_DFA_SYMBOLS_MAX + 1];
    uint32_t count, set, work;
} symbol_finder;

static const berm_img_range word_ranges[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
static const berm_img_range line_ranges[] = {{'\n', '\n'}};

static int compare_cuts(const void *a, const void *b)
{
    uint32_t x = ((const berm_dfa_cut *)a)->from, y = ((const berm_dfa_cut *)b)->from;
    return (x > y) - (x < y);
}

static bool add_cuts(berm_regex_dfa *dfa, const berm_img_range *ranges, uint32_t count)
{
    if (!berm_array_reserve(dfa->alloc, &dfa->cuts, 2 * (size_t)count + 1)) return false;
    for (uint32_t i = 0; i < count; i++) {
        dfa->cuts.items[dfa->cuts.count++] = (berm_dfa_cut){ranges[i].low, 0};
        dfa->cuts.items[dfa->cuts.count++] = (berm_dfa_cut){ranges[i].high + 1, 0};
    }
    return true;
}

static void sort_cuts(berm_regex_dfa *dfa)
{
    berm_dfa_cut *cuts = dfa->cuts.items;
    uint32_t kept = 0;
    qsort(cuts, dfa->cuts.count, sizeof *cuts, compare_cuts);
    for (uint32_t i = 0; i < dfa->cuts.count; i++)
        if (kept == 0 || cuts[i].from != cuts[kept - 1].from) cuts[kept++] = cuts[i];
    dfa->cuts.count = kept;
}

const berm_dfa_cut *berm_dfa_find_cut(const berm_regex_dfa *dfa, uint32_t code)
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
static void visit_cut(symbol_finder *f, berm_dfa_cut *cut, bool move)
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
        if (f->count > BERM_DFA_SYMBOLS_MAX) f->dfa->off = true;
    }
    f->symbols[split->moved].total++;
    split->total--;
    cut->symbol = split->moved;
}

static void split_symbols(symbol_finder *f, const berm_img_range *ranges, uint32_t count)
{
    berm_regex_dfa *dfa = f->dfa;
    const berm_dfa_cut *end = dfa->cuts.items + dfa->cuts.count;
    f->set++;
    for (uint32_t pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < count && !dfa->off; i++) {
            berm_dfa_cut *cut =
                dfa->cuts.items + (berm_dfa_find_cut(dfa, ranges[i].low) - dfa->cuts.items);
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
    for (uint32_t c = 0; c < 128; c++) dfa->ascii[c] = (uint8_t)berm_dfa_find_cut(dfa, c)->symbol;
    dfa->width = count + 1;
}

bool berm_dfa_find_symbols(berm_regex_dfa *dfa)
{
    const berm_regex_program *p = dfa->program;
    symbol_finder f = {.dfa = dfa, .count = 1};
    bool room = berm_array_push(dfa->alloc, &dfa->cuts, (berm_dfa_cut){0, 0});
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
