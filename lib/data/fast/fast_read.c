/* Stage two of the fast reader: along the tokens that scan.h finds, the grammar is checked and the
   tree is built. Everything that is not as it should be ends it. */
#include "data/fast/fast_read.h"

#include "base/number.h"
#include "base/utf8.h"
#include "data/fast/lazy.h"
#include "data/fast/repeats.h"
#include "data/fast/scan.h"
#include "data/json_parts.h"
#include "data/limits.h"
#include "data/tree.h"

/* What is rare stays out of the loop, and the rest of it in one function, where that gains
   anything: elsewhere copies would only be harder to follow, for debuggers and for coverage. */
#if defined(__GNUC__) && defined(__OPTIMIZE__)
#define FAST_RARE __attribute__((noinline))
#define FAST_OFTEN inline __attribute__((always_inline))
#else
#define FAST_RARE
#define FAST_OFTEN inline
#endif

typedef struct fast_reader {
    berm_scan scan;
    const berm_kernel_info *kernel;
    uint32_t *tokens;     /* those of the window, behind up to FAST_AHEAD of the one before */
    const uint32_t *next; /* the token that is taken next */
    const uint32_t *end;
    bool last;          /* no window follows: the tokens end in FAST_AHEAD that are NOWHERE */
    berm_lazy *lazy;    /* nullable */
    bool eager;         /* the member of the root that is read is built with all that is in it */
    bool minds_repeats; /* they are warned of or refused, also where nothing is built */
    berm_repeats repeats;
    berm_tree tree;
} fast_reader;

#define FAST_NOWHERE UINT32_MAX
/* Keys that differ and have one hash, before the plain reader is asked. */
#define FAST_COLLISIONS 16u
#define FAST_AHEAD 6u /* so many tokens are taken without asking whether they are there */

/* --- tokens --- */

/* Room on the stack for as many cells as there are tokens, which is more than they can be, so that
   pushing need not ask; and limits that are near are for the plain reader. */
static bool make_stack_room(fast_reader *r)
{
    berm_tree *t = &r->tree;
    size_t count = (size_t)(r->end - r->next);
    if (t->node_count + count > t->limits->node_count) return false;
    if (!berm_array_reserve(t->alloc, &t->stack, count)) return berm_tree_fail_memory(t);
    return true;
}

/* At least FAST_AHEAD tokens. */
static FAST_RARE bool refill_tokens(fast_reader *r)
{
    while (r->end - r->next < (ptrdiff_t)FAST_AHEAD) {
        uint32_t kept = (uint32_t)(r->end - r->next);
        memmove(r->tokens, r->next, kept * sizeof *r->tokens);
        r->scan.offsets = r->tokens + kept;
        r->scan.count = 0;
        if (r->scan.at < r->scan.len) r->kernel->window(&r->scan);
        else r->last = true;
        if (r->scan.window < BERM_SCAN_WINDOW) r->scan.window *= 2;
        for (uint32_t i = 0; r->last && i < FAST_AHEAD; i++) r->scan.offsets[i] = FAST_NOWHERE;
        r->next = r->tokens;
        r->end = r->next + kept + (r->last ? FAST_AHEAD : r->scan.count);
        if (r->scan.fault || !make_stack_room(r)) return false;
    }
    return true;
}

/* The byte at a token; 0, which begins none, behind the last one. */
static FAST_OFTEN char byte_of_token(const fast_reader *r, uint32_t at)
{
    return at == FAST_NOWHERE ? '\0' : r->scan.text[at];
}

static FAST_OFTEN bool ends_scalar(const fast_reader *r, uint32_t at)
{
    return at >= r->scan.len || berm_ends_scalar(r->scan.text[at]);
}

/* --- strings --- */

/* Are there backslashes between the two? Of what lies before the window nobody knows any more. */
static FAST_RARE bool find_slash(const fast_reader *r, uint32_t from, uint32_t to)
{
    const berm_scan *s = &r->scan;
    if (from < s->from) return memchr(s->text + from, '\\', to - from) != NULL;
    from -= s->from; /* bits are counted from where the window begins */
    to -= s->from;
    uint32_t at = from / BERM_SCAN_BLOCK, last = to / BERM_SCAN_BLOCK;
    uint64_t bits = s->slashes[at] >> from % BERM_SCAN_BLOCK << from % BERM_SCAN_BLOCK;
    for (; at < last; bits = s->slashes[++at])
        if (bits) return true;
    return (bits & (((uint64_t)1 << to % BERM_SCAN_BLOCK) - 1)) != 0;
}

static FAST_OFTEN bool has_slash(const fast_reader *r, uint32_t from, uint32_t to)
{
    uint32_t first = from - r->scan.from, last = to - r->scan.from;
    if (from >= r->scan.from && (first ^ last) < BERM_SCAN_BLOCK &&
        !r->scan.slashes[last / BERM_SCAN_BLOCK])
        return false;
    return find_slash(r, from, to);
}

static FAST_RARE bool decode_fast_string(fast_reader *r, uint32_t from, uint32_t to, berm_cell *out)
{
    char *room = berm_tree_room(&r->tree, to - from), *w = room;
    if (!room) return false;
    const char *p = r->scan.text + from, *end = r->scan.text + to;
    while (p < end) {
        const char *slash = memchr(p, '\\', (size_t)(end - p));
        size_t len = (size_t)((slash ? slash : end) - p);
        memcpy(w, p, len);
        w += len;
        p += len;
        if (!slash) break;
        uint32_t code;
        len = berm_json_escape((berm_str){p, (size_t)(end - p)}, &code);
        if (len == 0) return false;
        w += berm_utf8_encode(code, w);
        p += len;
    }
    return berm_tree_decoded(&r->tree, BERM_TAG_STRING, (uint32_t)(w - room), from - 1, out);
}

/* The string between the quotes at `at` and `to`. */
static FAST_OFTEN bool take_string(fast_reader *r, uint32_t at, uint32_t to, berm_cell *out)
{
    if (to == FAST_NOWHERE) return false;
    if (has_slash(r, at + 1, to)) return decode_fast_string(r, at + 1, to, out);
    *out = (berm_cell){.tag = BERM_TAG_STRING, .aux = at, .as.ref = {at + 1, to - at - 1}};
    return to - at - 1 <= r->tree.limits->string_len;
}

static FAST_OFTEN void push_fast(fast_reader *r, berm_cell cell)
{
    r->tree.stack.items[r->tree.stack.count++] = cell;
}

/* --- numbers and words --- */

static uint32_t skip_fast_digits(const fast_reader *r, uint32_t at)
{
    while (at < r->scan.len && r->scan.text[at] >= '0' && r->scan.text[at] <= '9') at++;
    return at;
}

/* Behind the fraction and the exponent at `at`; NOWHERE when they are malformed. */
static uint32_t skip_fast_fraction(const fast_reader *r, uint32_t at)
{
    const char *text = r->scan.text;
    uint32_t len = r->scan.len, digits;
    if (at < len && text[at] == '.') {
        digits = at + 1;
        if ((at = skip_fast_digits(r, digits)) == digits) return FAST_NOWHERE;
    }
    if (at < len && (text[at] | 0x20) == 'e') {
        at++;
        if (at < len && (text[at] == '+' || text[at] == '-')) at++;
        digits = at;
        if ((at = skip_fast_digits(r, digits)) == digits) return FAST_NOWHERE;
    }
    return at;
}

static FAST_RARE bool take_double(const fast_reader *r, uint32_t from, berm_cell *cell)
{
    uint32_t to = skip_fast_fraction(r, skip_fast_digits(r, from + (r->scan.text[from] == '-')));
    cell->tag = BERM_TAG_DOUBLE;
    return to != FAST_NOWHERE && ends_scalar(r, to) &&
           berm_parse_double((berm_str){r->scan.text + from, to - from}, &cell->as.d) &&
           cell->as.d - cell->as.d == 0;
}

/* Up to 18 digits fit an int whatever they are; longer ones are rare. */
static FAST_OFTEN bool take_fast_number(const fast_reader *r, uint32_t from, berm_cell *cell)
{
    const char *text = r->scan.text;
    bool negative = text[from] == '-';
    uint32_t digits = from + negative, at = digits;
    uint64_t sum = 0;
    for (; at < r->scan.len && text[at] >= '0' && text[at] <= '9' && at - digits < 19; at++)
        sum = sum * 10 + (uint64_t)(text[at] - '0');
    *cell = (berm_cell){.tag = BERM_TAG_INT, .aux = from};
    if (at == digits || (text[digits] == '0' && at - digits > 1)) return false;
    if (ends_scalar(r, at) && at - digits < 19) {
        cell->as.u = negative ? 0 - sum : sum;
        return true;
    }
    uint32_t end = skip_fast_digits(r, at);
    if (!ends_scalar(r, end) || !berm_json_sum(text + digits, text + end, &sum) ||
        (negative && sum > (uint64_t)INT64_MAX + 1))
        return take_double(r, from, cell);
    if (!negative && sum > INT64_MAX) cell->tag = BERM_TAG_UINT;
    cell->as.u = negative ? 0 - sum : sum;
    return true;
}

static bool take_fast_word(const fast_reader *r, uint32_t at, berm_cell *cell)
{
    const char *text = r->scan.text + at;
    *cell = (berm_cell){.tag = BERM_TAG_BOOL, .aux = at, .as.u = *text == 't'};
    if (*text == 'n') cell->tag = BERM_TAG_NULL;
    uint32_t len = *text == 'f' ? 5 : 4;
    const char *word = *text == 'f' ? "false" : *text == 't' ? "true" : "null";
    return r->scan.len - at >= len && memcmp(text, word, 4) == 0 &&
           text[len - 1] == word[len - 1] && ends_scalar(r, at + len);
}

/* --- the grammar --- */

/* A number or word. */
static FAST_OFTEN bool take_fast_scalar(const fast_reader *r, uint32_t at, char first,
                                        berm_cell *cell)
{
    if (first == '-' || (first >= '0' && first <= '9')) return take_fast_number(r, at, cell);
    if (first == 't' || first == 'f' || first == 'n') return take_fast_word(r, at, cell);
    return false;
}

/* The key at `at`, a colon, and, as *value, what stands behind it. */
static FAST_OFTEN bool take_key(fast_reader *r, uint32_t at, uint32_t *value)
{
    berm_cell key;
    if (byte_of_token(r, at) != '"' || !take_string(r, at, r->next[0], &key)) return false;
    push_fast(r, key);
    *value = r->next[2];
    r->next += 3;
    return byte_of_token(r, r->next[-2]) == ':';
}

/* Behind a value: closes what ends there. *at becomes the next value, if there is one. */
static FAST_OFTEN bool leave_value(fast_reader *r, uint32_t *at)
{
    while (r->tree.open != BERM_TREE_CLOSED) {
        if (r->end - r->next < (ptrdiff_t)FAST_AHEAD && !refill_tokens(r)) return false;
        bool map = berm_tree_inside(&r->tree) == BERM_TAG_MAP;
        char c = byte_of_token(r, *r->next++);
        if (c != ',') {
            if (c != (map ? '}' : ']') || !berm_tree_close(&r->tree, 0)) return false;
            continue;
        }
        *at = *r->next++;
        return !map || take_key(r, *at, at);
    }
    return true;
}

/* Into a container: *at becomes its first value, or what follows when it has none. */
static FAST_OFTEN bool enter_container(fast_reader *r, uint32_t *at, bool map)
{
    if (!berm_tree_open(&r->tree, map ? BERM_TAG_MAP : BERM_TAG_LIST, *at)) return false;
    uint32_t first = *r->next++;
    if (byte_of_token(r, first) == (map ? '}' : ']'))
        return berm_tree_close(&r->tree, 0) && leave_value(r, at);
    *at = first;
    return !map || take_key(r, first, at);
}

/* --- what is left for later --- */

/* The containers around a value that is skipped: a bit each, 1 for maps. */
static FAST_OFTEN bool is_skip_map(const berm_skip *s)
{
    return s->maps[(s->depth - 1) / 64] & 1;
}

static FAST_OFTEN bool skip_string(const fast_reader *r, uint32_t at, uint32_t to)
{
    return to != FAST_NOWHERE && to - at - 1 <= r->tree.limits->string_len;
}

static FAST_RARE bool keep_skipped_key(fast_reader *r, uint32_t at, uint32_t end)
{
    if (has_slash(r, at, end)) return false; /* what it is decoded to is for the plain reader */
    return berm_repeats_add(r->tree.alloc, &r->repeats, r->scan.text, at, end) ||
           berm_tree_fail_memory(&r->tree);
}

static FAST_OFTEN bool open_skipped(fast_reader *r, bool map)
{
    return !map || !r->minds_repeats || berm_repeats_open(r->tree.alloc, &r->repeats) ||
           berm_tree_fail_memory(&r->tree);
}

static FAST_OFTEN bool close_skipped(fast_reader *r, bool map)
{
    return !map || !r->minds_repeats || !berm_repeats_close(&r->repeats, r->scan.text);
}

/* As take_key, of a key that nobody wants. */
static FAST_OFTEN bool skip_key(fast_reader *r, uint32_t *at)
{
    const uint32_t *next = r->next;
    if (byte_of_token(r, *at) != '"' || !skip_string(r, *at, next[0])) return false;
    if (r->minds_repeats && !keep_skipped_key(r, *at + 1, next[0])) return false;
    *at = next[2];
    r->next += 3;
    return byte_of_token(r, next[1]) == ':';
}

/* The value at *at. *inside: that was its beginning, and *at is the first value in it now. */
static FAST_OFTEN bool skip_value(fast_reader *r, berm_skip *s, uint32_t *at, bool *inside)
{
    berm_cell cell;
    char first = byte_of_token(r, *at);
    *inside = false;
    r->tree.node_count++;
    if (first == '"') return skip_string(r, *at, *r->next++);
    bool map = first == '{';
    if (!map && first != '[') return take_fast_scalar(r, *at, first, &cell);
    if (s->depth == BERM_SKIP_DEPTH || r->tree.depth + s->depth >= r->tree.limits->depth)
        return false;
    uint32_t next = *r->next++;
    if (byte_of_token(r, next) == (map ? '}' : ']')) {
        *at = next;
        return true;
    }
    uint64_t *maps = &s->maps[s->depth / 64];
    *maps = *maps << 1 | map;
    s->depth++;
    *inside = true;
    *at = next;
    return open_skipped(r, map) && (!map || skip_key(r, at));
}

/* Not for what is so near to a limit that each value must be looked at. */
static bool can_skip_blocks(const fast_reader *r)
{
    return r->scan.at < r->scan.len && !r->minds_repeats && r->kernel->pass &&
           r->tree.limits->string_len >= BERM_SCAN_BLOCK;
}

/* A container that goes on behind the window, behind a value in it: without tokens. */
static FAST_RARE bool skip_blocks(fast_reader *r, berm_skip *s, uint32_t *end)
{
    const berm_limits *limits = r->tree.limits;
    berm_scan *scan = &r->scan;
    if (r->next < r->end) { /* these tokens are looked at once more */
        scan->at = *r->next;
        scan->in_string = scan->escaped = scan->in_scalar = 0;
        if (scan->low_half > scan->at) scan->low_half = 0;
    }
    s->depth_max = BERM_SKIP_DEPTH;
    if (limits->depth - r->tree.depth < BERM_SKIP_DEPTH)
        s->depth_max = (uint32_t)(limits->depth - r->tree.depth);
    s->string_len = limits->string_len < UINT32_MAX ? (uint32_t)limits->string_len : UINT32_MAX;
    *end = scan->at = r->kernel->pass(s, scan);
    scan->in_string = scan->escaped = scan->in_scalar = 0;
    scan->window = BERM_SCAN_WINDOW_MIN; /* the next one may not need more */
    r->next = r->end = r->tokens;
    r->tree.node_count += s->node_count;
    return *end && r->tree.node_count <= limits->node_count;
}

/* Checks the container at `at` and all that is in it; *end becomes the offset behind it. */
static FAST_RARE bool skip_container(fast_reader *r, uint32_t at, uint32_t *end)
{
    berm_skip s = {.depth = 0};
    for (bool inside;;) {
        if (r->end - r->next < (ptrdiff_t)FAST_AHEAD && !refill_tokens(r)) return false;
        if (!skip_value(r, &s, &at, &inside)) return false;
        while (!inside) {
            if (s.depth == 0) {
                *end = at + 1;
                return true;
            }
            if (r->end - r->next < (ptrdiff_t)FAST_AHEAD) {
                if (can_skip_blocks(r)) return skip_blocks(r, &s, end);
                if (!refill_tokens(r)) return false;
            }
            bool map = is_skip_map(&s);
            at = *r->next++;
            char c = byte_of_token(r, at);
            inside = c == ',';
            if (!inside && (c != (map ? '}' : ']') || !close_skipped(r, map))) return false;
            if (!inside) s.depth--, s.maps[s.depth / 64] >>= 1;
            else if (at = *r->next++, map && !skip_key(r, &at)) return false;
        }
    }
}

static bool is_eager_key(const fast_reader *r, berm_cell key)
{
    if (key.flags & BERM_CELL_DECODED) return false;
    berm_str name = {r->scan.text + key.as.ref.off, key.as.ref.len};
    for (uint32_t i = 0; i < r->lazy->eager_count; i++)
        if (berm_str_equal(r->lazy->eager[i], name)) return true;
    return false;
}

/* Lists that are members of the first root, and containers in the maps that are, unless it is known
   that somebody looks into that member. */
static bool is_left_for_later(fast_reader *r, bool list)
{
    const berm_tree *t = &r->tree;
    if (t->depth == 0 || t->depth > 2 || berm_tree_inside(t) != BERM_TAG_MAP ||
        t->stack.items[0].tag != BERM_TAG_MAP)
        return false;
    if (t->depth == 1) r->eager = is_eager_key(r, t->stack.items[t->stack.count - 1]);
    return !r->eager && (list || t->depth == 2) && r->lazy->pieces.count < BERM_LAZY_PIECES_MAX;
}

static FAST_RARE bool leave_piece(fast_reader *r, uint32_t *at)
{
    berm_lazy_piece piece = {.from = *at};
    berm_cell cell = {.tag = BERM_TAG_LIST, .flags = BERM_CELL_LAZY, .aux = *at};
    if (byte_of_token(r, *at) == '{') cell.tag = BERM_TAG_MAP;
    cell.as.ref.off = r->lazy->pieces.count;
    cell.as.ref.len = BERM_LAZY_UNBUILT;
    if (!skip_container(r, *at, &piece.end)) return false;
    if (!berm_array_push(r->lazy->alloc, &r->lazy->pieces, piece))
        return berm_tree_fail_memory(&r->tree);
    push_fast(r, cell);
    return leave_value(r, at);
}

/* Tells the pieces among a map's members where they are; the map is LAZY when there are any. */
static void place_members(berm_lazy *lazy, berm_doc *doc, berm_cell *map)
{
    for (uint32_t i = 0; map->tag == BERM_TAG_MAP && i < map->as.ref.len; i++) {
        berm_cell *value = doc->cells + map->as.ref.off + 2 * (size_t)i + 1;
        if (!(value->flags & BERM_CELL_LAZY) || value->as.ref.len != BERM_LAZY_UNBUILT) continue;
        map->flags |= BERM_CELL_LAZY;
        lazy->pieces.items[value->as.ref.off].at = value;
        lazy->left++;
    }
}

/* Now that the cells stay where they are. */
static void place_pieces(berm_lazy *lazy, berm_doc *doc)
{
    berm_cell *root = &doc->roots[0];
    lazy->text = doc->text;
    lazy->left = 0;
    if (lazy->pieces.count == 0) return;
    doc->store.lazy = lazy;
    for (uint32_t i = 0; i < root->as.ref.len; i++)
        place_members(lazy, doc, doc->cells + root->as.ref.off + 2 * (size_t)i + 1);
    place_members(lazy, doc, root);
}

/* --- values --- */

/* The value at *at; *at becomes the next one, unless it was the last of the document. */
static FAST_OFTEN bool take_value(fast_reader *r, uint32_t *at)
{
    berm_cell cell;
    if (r->end - r->next < (ptrdiff_t)FAST_AHEAD && !refill_tokens(r)) return false;
    char first = byte_of_token(r, *at);
    if (first == '{' || first == '[') {
        if (r->lazy && is_left_for_later(r, first == '[')) return leave_piece(r, at);
        return enter_container(r, at, first == '{');
    }
    if (!(first == '"' ? take_string(r, *at, *r->next++, &cell)
                       : take_fast_scalar(r, *at, first, &cell)))
        return false;
    r->tree.node_count++;
    push_fast(r, cell);
    return leave_value(r, at);
}

/* --- the stream --- */

/* Where the value that ended last ends: behind its last byte, blanks left out. */
static bool is_next_document(const fast_reader *r, berm_doc *doc, berm_format asked, uint32_t at)
{
    uint32_t last = at;
    while (last > 0 && strchr(" \t\r\n", r->scan.text[last - 1])) last--;
    if (asked == BERM_FORMAT_NDJSON) return last < at || strchr("]}\"", r->scan.text[last - 1]);
    if (asked != BERM_FORMAT_AUTO || !memchr(r->scan.text + last, '\n', at - last)) return false;
    doc->format = BERM_FORMAT_NDJSON;
    return true;
}

static bool take_stream(fast_reader *r, berm_doc *doc, berm_format asked)
{
    if (!refill_tokens(r)) return false;
    uint32_t at = *r->next++;
    if (at == FAST_NOWHERE) return false;
    while (at != FAST_NOWHERE) {
        if (doc->root_count && !is_next_document(r, doc, asked, at)) return false;
        do {
            if (!take_value(r, &at)) return false;
        } while (r->tree.open != BERM_TREE_CLOSED);
        if (!berm_tree_root(&r->tree, doc)) return false;
        r->lazy = NULL; /* of a stream the first one alone */
        if (!refill_tokens(r)) return false;
        at = *r->next++;
    }
    return !r->scan.fault && !r->scan.in_string && !r->scan.low_half;
}

/* --- memory --- */

/* Room for a window's tokens and a mask of backslashes for each block; 0: no memory. */
static size_t make_window(fast_reader *r)
{
    size_t bytes = r->scan.len - r->scan.at;
    if (bytes > BERM_SCAN_WINDOW) bytes = BERM_SCAN_WINDOW;
    size_t blocks = (bytes + BERM_SCAN_BLOCK - 1) / BERM_SCAN_BLOCK;
    size_t tokens = blocks * BERM_SCAN_BLOCK + 2 * FAST_AHEAD;
    size_t len = blocks * sizeof *r->scan.slashes + tokens * sizeof *r->tokens;
    r->scan.slashes = berm_mem_resize(r->tree.alloc, NULL, 0, len);
    if (!r->scan.slashes) {
        berm_tree_fail_memory(&r->tree);
        return 0;
    }
    r->tokens = (uint32_t *)(void *)(r->scan.slashes + blocks);
    r->next = r->end = r->tokens;
    return len;
}

/* As much as the plain reader begins with. */
static bool reserve_fast(fast_reader *r)
{
    size_t guess = r->scan.len / 12 + 8;
    if (guess > 4096) guess = 4096;
    if (berm_array_reserve(r->tree.alloc, &r->tree.cells, guess)) return true;
    return berm_tree_fail_memory(&r->tree);
}

/* As if nothing had happened. */
static void forget_fast(fast_reader *r, berm_doc *doc, berm_format format)
{
    berm_tree_free(&r->tree);
    berm_mem_free(&doc->alloc, doc->roots, doc->root_cap * sizeof *doc->roots);
    doc->roots = NULL;
    doc->root_count = doc->root_cap = 0;
    doc->format = format;
}

static bool read_fast(fast_reader *r, const berm_read *read, berm_doc *doc)
{
    if (!r->kernel || !reserve_fast(r) || !take_stream(r, doc, read->format)) return false;
    if (r->tree.repeats && read->diags) return false; /* each is warned of */
    return berm_tree_end(&r->tree, doc) == BERM_OK;
}

/* [from, end) of the document's text into the document. */
static bool run_fast(fast_reader *r, const berm_read *read, berm_doc *doc, uint32_t from,
                     uint32_t end)
{
    berm_read quiet = *read;
    quiet.diags = NULL;
    r->kernel = berm_kernel_find(read->kernel);
    r->scan.text = doc->text.ptr;
    r->scan.window = BERM_SCAN_WINDOW;
    r->scan.at = from;
    r->scan.len = end;
    berm_tree_begin(&r->tree, &quiet, doc, NULL);
    berm_format format = doc->format;
    doc->format = read->format == BERM_FORMAT_NDJSON ? BERM_FORMAT_NDJSON : BERM_FORMAT_JSON;
    size_t len = make_window(r);
    bool taken = len > 0 && read_fast(r, read, doc);
    berm_mem_free(read->alloc, r->scan.slashes, len);
    berm_array_free(read->alloc, &r->repeats.keys);
    if (!taken) forget_fast(r, doc, format);
    return taken;
}

bool berm_fast_read(const berm_read *read, berm_doc *doc, berm_error *err, berm_status *status)
{
    fast_reader r = {.lazy = read->lazy,
                     .minds_repeats = read->diags || read->refuse_duplicates,
                     .repeats = {.spare = FAST_COLLISIONS}};
    if (doc->text.len == 0) return false;
    bool taken = run_fast(&r, read, doc, 0, (uint32_t)doc->text.len);
    bool memory = r.tree.status == BERM_E_NOMEM;
    if (read->lazy && taken) place_pieces(read->lazy, doc);
    else if (read->lazy) berm_lazy_clear(read->lazy);
    *status = BERM_OK;
    if (memory)
        *status = berm_error_set(err, BERM_E_NOMEM, BERM_D_NOMEM,
                                 "out of memory while reading a document");
    return taken || memory;
}

berm_doc *berm_fast_read_piece(const berm_alloc *alloc, berm_kernel kernel, berm_str text,
                               uint32_t from, uint32_t end)
{
    berm_limits limits = berm_limits_resolve(NULL);
    limits.node_count = limits.string_len = UINT64_MAX;
    limits.depth = UINT32_MAX;
    berm_read read = {.alloc = alloc,
                      .limits = &limits,
                      .format = BERM_FORMAT_JSON,
                      .kernel = kernel};
    berm_doc *doc = berm_doc_new(alloc, BERM_STR(""));
    if (!doc) return NULL;
    doc->text = text;
    fast_reader r = {.lazy = NULL};
    if (run_fast(&r, &read, doc, from, end)) return doc;
    berm_doc_drop(doc);
    return NULL;
}
