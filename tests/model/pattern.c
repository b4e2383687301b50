/* Regular expressions by their definition: for a node of the pattern and a place in the text,
   the set of places where a match of the node can end. No machine, no backtracking order,
   nothing to go wrong but time. */
#include "base/utf8.h"
#include "operate.h"

typedef enum node_kind {
    NODE_NONE, /* matches nothing of the text */
    NODE_SET,  /* one code point */
    NODE_JOIN,
    NODE_EITHER,
    NODE_REPEAT,
    NODE_START,
    NODE_END,
    NODE_WORD_EDGE,
    NODE_NO_WORD_EDGE
} node_kind;

typedef struct range_of {
    int32_t from, to;
} range_of;

typedef struct node node;
struct node {
    node_kind kind;
    bool negated, fold; /* SET */
    range_of ranges[16];
    size_t range_count;
    const node *left, *right; /* REPEAT: left */
    int least, most;          /* REPEAT; most -1: no end */
};

typedef struct reader {
    heap *h;
    int32_t *at;
    size_t count, pos;
    bool failed, fold, dot_all;
} reader;

/* --- reading --- */

static bool take(reader *r, int32_t c)
{
    if (r->pos == r->count || r->at[r->pos] != c) return false;
    r->pos++;
    return true;
}

static node *new_node(reader *r, node_kind k)
{
    node *n = heap_new(r->h, sizeof *n);
    n->kind = k;
    return n;
}

static void add_range(reader *r, node *n, int32_t from, int32_t to)
{
    if (n->range_count == 16 || from > to) r->failed = true;
    else n->ranges[n->range_count++] = (range_of){from, to};
}

/* \d \w \s: true when `c` is one, and its ranges are added. */
static bool add_perl_class(reader *r, node *n, int32_t c)
{
    switch (c) {
    case 'd': add_range(r, n, '0', '9'); return true;
    case 'w':
        add_range(r, n, '0', '9');
        add_range(r, n, 'A', 'Z');
        add_range(r, n, '_', '_');
        add_range(r, n, 'a', 'z');
        return true;
    case 's':
        add_range(r, n, 9, 10);
        add_range(r, n, 12, 13);
        add_range(r, n, ' ', ' ');
        return true;
    default: return false;
    }
}

static int32_t take_escaped(reader *r)
{
    if (r->pos == r->count) {
        r->failed = true;
        return 0;
    }
    int32_t c = r->at[r->pos++];
    switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case 'f': return '\f';
    case 'v': return '\v';
    default: break;
    }
    bool punctuation = c < 0x80 && strchr("\\.+*?()|[]{}^$-/", (char)c) && c;
    if (!punctuation) r->failed = true;
    return c;
}

static const node *read_escape(reader *r)
{
    node *n = new_node(r, NODE_SET);
    if (r->pos < r->count) {
        int32_t c = r->at[r->pos];
        n->negated = c == 'D' || c == 'W' || c == 'S';
        if (add_perl_class(r, n, n->negated ? c | 0x20 : c)) {
            r->pos++;
            return n;
        }
    }
    if (take(r, 'b')) n->kind = NODE_WORD_EDGE;
    else if (take(r, 'B')) n->kind = NODE_NO_WORD_EDGE;
    else if (take(r, 'A')) n->kind = NODE_START;
    else if (take(r, 'z')) n->kind = NODE_END;
    if (n->kind != NODE_SET) return n;
    int32_t c = take_escaped(r);
    add_range(r, n, c, c);
    n->fold = r->fold;
    return n;
}

static void read_class_item(reader *r, node *n)
{
    int32_t from = r->at[r->pos++], to;
    if (from == '\\') {
        if (r->pos < r->count && add_perl_class(r, n, r->at[r->pos])) {
            r->pos++;
            return;
        }
        from = take_escaped(r);
    }
    to = from;
    if (r->pos + 1 < r->count && r->at[r->pos] == '-' && r->at[r->pos + 1] != ']') {
        r->pos++;
        to = r->at[r->pos++];
        if (to == '\\') to = take_escaped(r);
    }
    add_range(r, n, from, to);
}

static const node *read_class(reader *r)
{
    node *n = new_node(r, NODE_SET);
    n->negated = take(r, '^');
    n->fold = r->fold;
    bool first = true;
    while (!r->failed && (first || !take(r, ']'))) {
        bool named = r->pos + 1 < r->count && r->at[r->pos] == '[' && r->at[r->pos + 1] == ':';
        if (r->pos == r->count || named) r->failed = true; /* [[:alpha:]]: not here */
        else read_class_item(r, n);
        first = false;
    }
    return n;
}

static const node *read_either(reader *r);

/* (?:x) (?i:x) (?i) */
static const node *read_group(reader *r)
{
    bool fold = r->fold, dot_all = r->dot_all, inside = true;
    if (take(r, '?')) {
        while (r->pos < r->count && !r->failed) {
            if (take(r, 'i')) r->fold = true;
            else if (take(r, 's')) r->dot_all = true;
            else if (take(r, ':')) break;
            else if (take(r, ')')) {
                inside = false;
                break;
            } else r->failed = true;
        }
    }
    if (!inside) return new_node(r, NODE_NONE); /* the flags stay */
    const node *n = read_either(r);
    if (!take(r, ')')) r->failed = true;
    r->fold = fold;
    r->dot_all = dot_all;
    return n;
}

static const node *read_one(reader *r)
{
    int32_t c = r->at[r->pos++];
    node *n;
    switch (c) {
    case '\\': return read_escape(r);
    case '[': return read_class(r);
    case '(': return read_group(r);
    case '^': return new_node(r, NODE_START);
    case '$': return new_node(r, NODE_END);
    case '*':
    case '+':
    case '?': r->failed = true; break;
    default: break;
    }
    n = new_node(r, NODE_SET);
    n->fold = r->fold;
    n->negated = c == '.';
    if (c != '.') add_range(r, n, c, c);
    else if (!r->dot_all) add_range(r, n, '\n', '\n');
    return n;
}

static int take_count(reader *r)
{
    int number = -1;
    while (r->pos < r->count && r->at[r->pos] >= '0' && r->at[r->pos] <= '9' && number < 1000)
        number = (number < 0 ? 0 : 10 * number) + (int)(r->at[r->pos++] - '0');
    return number;
}

static const node *read_repeats(reader *r, const node *of)
{
    node n = {.kind = NODE_REPEAT, .left = of, .most = -1};
    if (take(r, '*')) n.least = 0;
    else if (take(r, '+')) n.least = 1;
    else if (take(r, '?')) n.most = 1;
    else if (take(r, '{')) {
        n.least = n.most = take_count(r);
        if (take(r, ',')) n.most = take_count(r);
        if (!take(r, '}') || n.least < 0 || (n.most >= 0 && n.most < n.least)) r->failed = true;
    } else return of;
    (void)take(r, '?'); /* as few as possible: the same set of texts */
    if (r->pos < r->count && strchr("*+?{", (char)r->at[r->pos]) && r->at[r->pos] < 0x80)
        r->failed = true;
    node *kept = new_node(r, NODE_REPEAT);
    *kept = n;
    return kept;
}

static const node *read_join(reader *r)
{
    const node *all = new_node(r, NODE_NONE);
    while (!r->failed && r->pos < r->count && r->at[r->pos] != '|' && r->at[r->pos] != ')') {
        const node *one = read_one(r);
        node *both = new_node(r, NODE_JOIN);
        both->left = all;
        both->right = read_repeats(r, one);
        all = both;
    }
    return all;
}

static const node *read_either(reader *r)
{
    const node *all = read_join(r);
    while (take(r, '|')) {
        node *both = new_node(r, NODE_EITHER);
        both->left = all;
        both->right = read_join(r);
        all = both;
    }
    return all;
}

/* --- matching --- */

typedef struct subject {
    heap *h;
    const int32_t *at;
    size_t count;
} subject;

static bool in_ranges(const node *n, int32_t c)
{
    for (size_t i = 0; i < n->range_count; i++)
        if (c >= n->ranges[i].from && c <= n->ranges[i].to) return true;
    return false;
}

/* Letters of ASCII only; the generator folds no others. */
static bool in_set(const node *n, int32_t c)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool in = in_ranges(n, c) || (n->fold && letter && in_ranges(n, c ^ 0x20));
    return in != n->negated;
}

static bool is_word_at(const subject *s, size_t i)
{
    int32_t c = i < s->count ? s->at[i] : ' ';
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= 'a' && c <= 'z');
}

static bool is_edge(const subject *s, size_t i)
{
    return (i > 0 && is_word_at(s, i - 1)) != is_word_at(s, i);
}

typedef bool *places; /* per place of the text, 0 to count */

static places no_places(const subject *s)
{
    return heap_new(s->h, s->count + 1);
}

/* Where a match of `n` can end that begins at any of `from`. */
static places find_ends(const subject *s, const node *n, places from);

static places repeat_ends(const subject *s, const node *n, places from)
{
    places ends = no_places(s), now = from;
    for (int i = 0; i < n->least; i++) now = find_ends(s, n->left, now);
    for (int i = n->least; n->most < 0 || i <= n->most; i++) {
        bool more = false;
        for (size_t p = 0; p <= s->count; p++) {
            more = more || (now[p] && !ends[p]);
            ends[p] = ends[p] || now[p];
        }
        if (!more) break;
        now = find_ends(s, n->left, now);
    }
    return ends;
}

static places step_ends(const subject *s, const node *n, places from)
{
    places ends = no_places(s);
    for (size_t p = 0; p <= s->count; p++) {
        if (!from[p]) continue;
        switch (n->kind) {
        case NODE_SET:
            if (p < s->count && in_set(n, s->at[p])) ends[p + 1] = true;
            break;
        case NODE_START: ends[p] = p == 0; break;
        case NODE_END: ends[p] = p == s->count; break;
        case NODE_WORD_EDGE: ends[p] = is_edge(s, p); break;
        case NODE_NO_WORD_EDGE: ends[p] = !is_edge(s, p); break;
        default: ends[p] = true; break;
        }
    }
    return ends;
}

static places find_ends(const subject *s, const node *n, places from)
{
    if (!heap_spend(s->h, 1 + s->count / 8)) return no_places(s);
    if (n->kind == NODE_JOIN) return find_ends(s, n->right, find_ends(s, n->left, from));
    if (n->kind == NODE_REPEAT) return repeat_ends(s, n, from);
    if (n->kind != NODE_EITHER) return step_ends(s, n, from);
    places left = find_ends(s, n->left, from), right = find_ends(s, n->right, from);
    for (size_t p = 0; p <= s->count; p++) left[p] = left[p] || right[p];
    return left;
}

static int32_t *take_apart(heap *h, berm_str s, size_t *count)
{
    int32_t *at = heap_new(h, (s.len + 1) * sizeof *at);
    *count = 0;
    for (size_t pos = 0; pos < s.len;) at[(*count)++] = berm_utf8_next(s, &pos);
    return at;
}

const value *match_pattern(heap *h, berm_str text, berm_str pattern)
{
    reader r = {.h = h};
    subject s = {.h = h};
    r.at = take_apart(h, pattern, &r.count);
    s.at = take_apart(h, text, &s.count);
    const node *n = read_either(&r);
    if (r.failed || r.pos < r.count) return make_error(h, "");
    places anywhere = no_places(&s);
    for (size_t p = 0; p <= s.count; p++) anywhere[p] = true;
    places ends = find_ends(&s, n, anywhere);
    for (size_t p = 0; p <= s.count; p++)
        if (ends[p]) return make_bool(true);
    return make_bool(false);
}
