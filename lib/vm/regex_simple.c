/* Patterns that need no engine: a literal text, anchored or not, and anchored runs of classes
   such as ^[a-z]+-[0-9]{3}$ where a run ends exactly where its class does. */
#include "base/utf8.h"
#include "vm/exec.h"
#include "vm/regex_parts.h"

#define RUNS_MAX 64u

/* Reading the tree from left to right; `simple` turns NOT_SIMPLE when something does not fit. */
typedef struct run_reader {
    const berm_regex_tree *tree;
    berm_regex_simple *simple;
    bool fits, ended, failed;
} run_reader;

static void read_run(run_reader *r, const berm_regex_node *class, uint32_t min, uint32_t max)
{
    berm_regex_run run = {class->arg, min, max};
    berm_regex_simple *simple = r->simple;
    if (r->ended || simple->runs.count == RUNS_MAX || r->tree->classes.items[class->arg].unicode)
        r->fits = false;
    else if (!berm_array_push(r->tree->alloc, &simple->runs, run)) r->failed = true;
}

static void read_runs(run_reader *r, uint32_t n)
{
    const berm_regex_node *node = &r->tree->nodes.items[n],
                          *child = &r->tree->nodes.items[node->first];
    if (!r->fits || r->failed) return;
    switch (node->kind) {
    case BERM_REGEX_EMPTY: break;
    case BERM_REGEX_CLASS: read_run(r, node, 1, 1); break;
    case BERM_REGEX_CAPTURE: read_runs(r, node->first); break;
    case BERM_REGEX_CONCAT:
        for (uint32_t c = node->first; c; c = r->tree->nodes.items[c].next) read_runs(r, c);
        break;
    case BERM_REGEX_REPEAT:
        if (child->kind == BERM_REGEX_CLASS) read_run(r, child, node->min, node->max);
        else r->fits = false;
        break;
    case BERM_REGEX_ASSERT:
        if (node->arg == BERM_REGEX_TEXT_BEGIN && r->simple->runs.count == 0 && !r->ended)
            r->simple->begin = true;
        else if (node->arg == BERM_REGEX_TEXT_END) r->simple->end = r->ended = true;
        else r->fits = false;
        break;
    default: r->fits = false; break;
    }
}

/* Whether a run can take all it can get: what follows it up to the next thing that must be there
   is of other classes. */
static bool is_run_greedy(const berm_regex_tree *tree, const berm_regex_simple *simple, uint32_t at)
{
    const berm_regex_run *runs = simple->runs.items;
    if (runs[at].min == runs[at].max) return true;
    for (uint32_t i = at + 1; i < simple->runs.count; i++) {
        if (runs[i].max == 0) continue;
        if (berm_regex_classes_meet(tree, runs[at].class, runs[i].class)) return false;
        if (runs[i].min > 0) break;
    }
    return true;
}

/* Puts the runs together as one text; false when some run is no single code point. */
static bool read_literal(run_reader *r)
{
    berm_regex_simple *simple = r->simple;
    for (uint32_t i = 0; i < simple->runs.count; i++) {
        berm_regex_run run = simple->runs.items[i];
        const berm_regex_class *class = &r->tree->classes.items[run.class];
        if (run.min != 1 || run.max != 1 || class->count != 1) return false;
        berm_regex_range range = r->tree->ranges.items[class->first];
        if (range.low != range.high || (range.low >= 0xd800 && range.low <= 0xdfff)) return false;
        if (!berm_array_reserve(r->tree->alloc, &simple->text, 4)) {
            r->failed = true;
            return false;
        }
        simple->text.count +=
            (uint32_t)berm_utf8_encode(range.low, simple->text.items + simple->text.count);
    }
    return true;
}

bool berm_regex_simple_make(berm_regex_simple *simple, const berm_regex_tree *tree)
{
    *simple = (berm_regex_simple){.form = BERM_REGEX_NOT_SIMPLE};
    run_reader r = {.tree = tree, .simple = simple, .fits = true};
    read_runs(&r, tree->root);
    if (!r.fits || r.failed) return !r.failed;
    if (read_literal(&r)) {
        simple->form = BERM_REGEX_LITERAL;
        return true;
    }
    bool greedy = simple->begin;
    for (uint32_t i = 0; greedy && i < simple->runs.count; i++)
        greedy = is_run_greedy(tree, simple, i);
    if (greedy) simple->form = BERM_REGEX_RUNS;
    return !r.failed;
}

void berm_regex_simple_free(berm_regex_simple *simple, const berm_alloc *alloc)
{
    berm_array_free(alloc, &simple->runs);
    berm_array_free(alloc, &simple->text);
}

static bool match_literal(const berm_regex_simple *simple, berm_str text)
{
    berm_str literal = {simple->text.items, simple->text.count};
    if (simple->begin && simple->end) return berm_str_equal(text, literal);
    if (simple->begin) return berm_str_starts(text, literal);
    if (simple->end) return berm_str_ends(text, literal);
    return berm_find_text(text, literal, 0) != SIZE_MAX;
}

/* Goes over as much of `run` as there is; false when it is too little. */
static bool take_run(const berm_regex_tree *tree, berm_regex_run run, berm_str text, size_t *at)
{
    const berm_regex_class *class = &tree->classes.items[run.class];
    uint32_t count = 0;
    while (count < run.max && *at < text.len) {
        size_t next = *at;
        unsigned char c = (unsigned char)text.ptr[next];
        uint32_t code = c;
        if (c < 0x80) next++;
        else code = (uint32_t)berm_utf8_next(text, &next);
        if (!berm_regex_class_has(tree, class, code)) break;
        *at = next;
        if (run.max != BERM_REGEX_UNBOUNDED || count < run.min) count++;
    }
    return count >= run.min;
}

bool berm_regex_simple_match(const berm_regex_simple *simple, const berm_regex_tree *tree,
                             berm_str text)
{
    if (simple->form == BERM_REGEX_LITERAL) return match_literal(simple, text);
    size_t at = 0;
    for (uint32_t i = 0; i < simple->runs.count; i++)
        if (!take_run(tree, simple->runs.items[i], text, &at)) return false;
    return !simple->end || at == text.len;
}
