/* The gate: parses the syntax of RE2 and lets nothing else through. Back-references, lookaround,
   possessive and atomic groups, conditionals, recursion and whatever else backtracking engines
   offer are faults here. */
#include "base/utf8.h"
#include "code/regex_tree.h"

#define GATE_DEPTH_MAX 200u
#define GATE_PATTERN_MAX 10000u

#define IS_FLAGS 1u /* arg of an EMPTY node that cannot be repeated */

enum { FLAG_FOLD = 1u << 0, FLAG_LINES = 1u << 1, FLAG_DOT_ALL = 1u << 2, FLAG_LAZY = 1u << 3 };

typedef struct gate {
    berm_regex_tree *tree;
    berm_str s;
    size_t at;
    uint8_t flags;
    uint32_t depth;
} gate;

static uint32_t parse_choice(gate *g);

static bool gate_stopped(const gate *g)
{
    return g->tree->fault || g->tree->failed || g->tree->too_large;
}

static uint32_t refuse_pattern(gate *g, const char *why)
{
    if (!g->tree->fault) {
        g->tree->fault = why;
        g->tree->fault_off = g->at;
    }
    return 0;
}

static bool peek_is(const gate *g, char c)
{
    return g->at < g->s.len && g->s.ptr[g->at] == c;
}

static bool take_char(gate *g, char c)
{
    if (!peek_is(g, c)) return false;
    g->at++;
    return true;
}

static bool take_prefix(gate *g, const char *prefix)
{
    if (!berm_str_starts(berm_str_cut(g->s, g->at, g->s.len), berm_str_of(prefix))) return false;
    g->at += strlen(prefix);
    return true;
}

/* --- nodes --- */

static uint32_t add_node(gate *g, berm_regex_node node)
{
    berm_regex_tree *tree = g->tree;
    if (!berm_array_push(tree->alloc, &tree->nodes, node)) {
        tree->failed = true;
        return 0;
    }
    return tree->nodes.count - 1;
}

static uint32_t add_class(gate *g, berm_regex_set *set)
{
    return add_node(g, (berm_regex_node){.kind = BERM_REGEX_CLASS, .arg = berm_regex_set_end(set)});
}

static uint32_t add_literal(gate *g, uint32_t code)
{
    berm_regex_set set = berm_regex_set_begin(g->tree, g->flags & FLAG_FOLD);
    berm_regex_set_add(&set, code, code);
    return add_class(g, &set);
}

static uint32_t add_assertion(gate *g, berm_regex_assertion assertion)
{
    return add_node(g, (berm_regex_node){.kind = BERM_REGEX_ASSERT, .arg = assertion});
}

static uint32_t add_dot(gate *g)
{
    berm_regex_set set = berm_regex_set_begin(g->tree, false);
    if (g->flags & FLAG_DOT_ALL) {
        berm_regex_set_add(&set, 0, BERM_REGEX_CODE_MAX);
    } else {
        berm_regex_set_add(&set, 0, '\n' - 1);
        berm_regex_set_add(&set, '\n' + 1, BERM_REGEX_CODE_MAX);
    }
    return add_class(g, &set);
}

/* A list of siblings that grows at its end. */
typedef struct node_list {
    uint32_t first, last, count;
} node_list;

static void append_node(gate *g, node_list *list, uint32_t node)
{
    if (gate_stopped(g)) return;
    if (list->last) g->tree->nodes.items[list->last].next = node;
    else list->first = node;
    list->last = node;
    list->count++;
}

/* One node for a list: the only one itself, or a parent of `kind`. */
static uint32_t close_list(gate *g, const node_list *list, berm_regex_kind kind)
{
    if (gate_stopped(g)) return 0;
    if (list->count == 0) return add_node(g, (berm_regex_node){.kind = BERM_REGEX_EMPTY});
    if (list->count == 1) return list->first;
    return add_node(g, (berm_regex_node){.kind = (uint8_t)kind, .first = list->first});
}

/* --- escapes --- */

static int read_hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Behind \x: two digits, or digits in braces. */
static uint32_t parse_hex_escape(gate *g)
{
    uint32_t code = 0, digits = 0;
    bool braces = take_char(g, '{');
    while (g->at < g->s.len && (braces || digits < 2)) {
        int digit = read_hex_digit(g->s.ptr[g->at]);
        if (digit < 0) break;
        code = code * 16 + (uint32_t)digit;
        if (code > BERM_REGEX_CODE_MAX) return refuse_pattern(g, "a code point is too large");
        g->at++;
        digits++;
    }
    bool whole = braces ? digits > 0 && take_char(g, '}') : digits == 2;
    return whole ? code : refuse_pattern(g, "a \\x escape is malformed");
}

/* Up to three octal digits, the first one taken already. */
static uint32_t parse_octal_escape(gate *g, char first)
{
    uint32_t code = (uint32_t)(first - '0');
    bool alone = g->at >= g->s.len || g->s.ptr[g->at] < '0' || g->s.ptr[g->at] > '7';
    if (first != '0' && alone) return refuse_pattern(g, "back-references are not supported");
    for (int i = 0; i < 2 && g->at < g->s.len && g->s.ptr[g->at] >= '0' && g->s.ptr[g->at] <= '7';
         i++)
        code = code * 8 + (uint32_t)(g->s.ptr[g->at++] - '0');
    return code;
}

static bool is_pattern_word(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Behind a backslash: an escape that means one code point. */
static uint32_t parse_code_escape(gate *g)
{
    static const char letters[] = "aftnrv", codes[] = "\a\f\t\n\r\v";
    if (g->at >= g->s.len) return refuse_pattern(g, "a backslash at the end");
    char c = g->s.ptr[g->at++];
    const char *letter = c ? strchr(letters, c) : NULL;
    if (letter) return (uint32_t)codes[letter - letters];
    if (c == 'x') return parse_hex_escape(g);
    if (c >= '0' && c <= '7') return parse_octal_escape(g, c);
    if ((unsigned char)c < 0x80 && !is_pattern_word(c)) return (uint32_t)c;
    g->at--;
    return refuse_pattern(g, "an escape that RE2 does not have");
}

/* \d \s \w \p and their complements into a set; false when there is none at this place. */
static bool take_class_escape(gate *g, berm_regex_set *set)
{
    if (g->at + 1 >= g->s.len || g->s.ptr[g->at] != '\\') return false;
    char c = g->s.ptr[g->at + 1];
    if (c && strchr("dDsSwW", c)) {
        g->at += 2;
        berm_regex_set_add_perl(set, c);
        return true;
    }
    if (c != 'p' && c != 'P') return false;
    g->at += 2;
    size_t from = g->at;
    if (take_char(g, '{')) {
        while (g->at < g->s.len && g->s.ptr[g->at] != '}') g->at++;
        from++;
    } else if (g->at < g->s.len) {
        g->at++;
    }
    berm_str name = berm_str_cut(g->s, from, g->at);
    bool closed = g->s.ptr[from - 1] != '{' || take_char(g, '}');
    if (!closed || !berm_regex_set_add_property(set, name, c == 'P'))
        refuse_pattern(g, "a property that RE2 does not have");
    return true;
}

/* --- brackets --- */

static uint32_t next_code(gate *g)
{
    int32_t code = berm_utf8_next(g->s, &g->at);
    return code < 0 ? refuse_pattern(g, "the pattern is not valid UTF-8") : (uint32_t)code;
}

static uint32_t parse_bracket_code(gate *g)
{
    if (g->at >= g->s.len) return refuse_pattern(g, "a bracket is not closed");
    return take_char(g, '\\') ? parse_code_escape(g) : next_code(g);
}

/* [:name:] inside a bracket; false when there is none at this place. */
static bool take_posix_class(gate *g, berm_regex_set *set)
{
    if (!berm_str_starts(berm_str_cut(g->s, g->at, g->s.len), BERM_STR("[:"))) return false;
    size_t from = g->at + 2, end = from;
    while (end + 1 < g->s.len && !(g->s.ptr[end] == ':' && g->s.ptr[end + 1] == ']')) end++;
    if (end + 1 >= g->s.len) return false;
    bool negated = g->s.ptr[from] == '^';
    if (!berm_regex_set_add_posix(set, berm_str_cut(g->s, from + negated, end), negated)) {
        refuse_pattern(g, "a class that RE2 does not have");
    }
    g->at = end + 2;
    return true;
}

static void parse_bracket_range(gate *g, berm_regex_set *set)
{
    uint32_t low = parse_bracket_code(g), high = low;
    bool range = peek_is(g, '-') && g->at + 1 < g->s.len && g->s.ptr[g->at + 1] != ']';
    if (range) {
        g->at++;
        high = parse_bracket_code(g);
    }
    if (gate_stopped(g)) return;
    if (high < low) refuse_pattern(g, "a range is reversed");
    else berm_regex_set_add(set, low, high);
}

/* Behind [. A ] that comes first stands for itself. */
static uint32_t parse_bracket(gate *g)
{
    berm_regex_set set = berm_regex_set_begin(g->tree, g->flags & FLAG_FOLD);
    set.negated = take_char(g, '^');
    for (bool first = true; !gate_stopped(g) && (first || !peek_is(g, ']')); first = false) {
        if (g->at >= g->s.len) return refuse_pattern(g, "a bracket is not closed");
        if (take_posix_class(g, &set) || take_class_escape(g, &set)) continue;
        parse_bracket_range(g, &set);
    }
    g->at++;
    return gate_stopped(g) ? 0 : add_class(g, &set);
}

/* --- groups --- */

static bool is_group_name(berm_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_pattern_word(name.ptr[i]) && name.ptr[i] != '_') return false;
    return name.len > 0;
}

/* Behind the opening of a group up to and with its closing parenthesis; flags set inside end
   with it. */
static uint32_t parse_group_body(gate *g, uint8_t outer_flags)
{
    uint32_t node = parse_choice(g);
    if (!gate_stopped(g) && !take_char(g, ')')) refuse_pattern(g, "a group is not closed");
    g->flags = outer_flags;
    if (!gate_stopped(g) && g->tree->nodes.items[node].kind == BERM_REGEX_EMPTY)
        g->tree->nodes.items[node].arg = 0;
    return node;
}

static uint32_t parse_capture(gate *g)
{
    uint32_t group = ++g->tree->group_count, body = parse_group_body(g, g->flags);
    return add_node(g, (berm_regex_node){.kind = BERM_REGEX_CAPTURE, .arg = group, .first = body});
}

static uint32_t parse_named_capture(gate *g)
{
    size_t from = g->at;
    while (g->at < g->s.len && g->s.ptr[g->at] != '>') g->at++;
    if (!is_group_name(berm_str_cut(g->s, from, g->at)) || !take_char(g, '>')) {
        return refuse_pattern(g, "the name of a group is malformed");
    }
    return parse_capture(g);
}

static uint8_t flag_of(char c)
{
    switch (c) {
    case 'i': return FLAG_FOLD;
    case 'm': return FLAG_LINES;
    case 's': return FLAG_DOT_ALL;
    case 'U': return FLAG_LAZY;
    default: return 0;
    }
}

/* Behind (?: flags that hold for this group, or with ) at once for the rest of the one around
   it. */
static uint32_t parse_flags(gate *g)
{
    uint8_t outer = g->flags, flags = outer;
    bool off = false, any = true;
    while (g->at < g->s.len && g->s.ptr[g->at] != ')' && g->s.ptr[g->at] != ':') {
        char c = g->s.ptr[g->at++];
        if (c == '-' && !off) {
            off = true;
            any = false;
            continue;
        }
        if (!flag_of(c)) {
            g->at--;
            return refuse_pattern(g, "a group that RE2 does not have");
        }
        flags = (uint8_t)(off ? flags & ~flag_of(c) : flags | flag_of(c));
        any = true;
    }
    if (g->at >= g->s.len || !any) return refuse_pattern(g, "the flags of a group are malformed");
    g->flags = flags;
    if (take_char(g, ')'))
        return add_node(g, (berm_regex_node){.kind = BERM_REGEX_EMPTY, .arg = IS_FLAGS});
    g->at++;
    return parse_group_body(g, outer);
}

/* Behind (. A lookbehind, (?<= or (?<!, comes out as a group with a bad name. */
static uint32_t parse_group(gate *g)
{
    if (++g->depth > GATE_DEPTH_MAX) return refuse_pattern(g, "groups are nested too deep");
    uint32_t node;
    if (!take_char(g, '?')) node = parse_capture(g);
    else if (take_prefix(g, "P<") || take_char(g, '<')) node = parse_named_capture(g);
    else node = parse_flags(g);
    g->depth--;
    return node;
}

/* --- atoms and repetition --- */

static uint32_t parse_escape(gate *g)
{
    berm_regex_set set = berm_regex_set_begin(g->tree, g->flags & FLAG_FOLD);
    if (take_class_escape(g, &set)) return add_class(g, &set);
    g->at++;
    if (take_char(g, 'A')) return add_assertion(g, BERM_REGEX_TEXT_BEGIN);
    if (take_char(g, 'z')) return add_assertion(g, BERM_REGEX_TEXT_END);
    if (take_char(g, 'b')) return add_assertion(g, BERM_REGEX_WORD_EDGE);
    if (take_char(g, 'B')) return add_assertion(g, BERM_REGEX_NO_WORD_EDGE);
    uint32_t code = parse_code_escape(g);
    return gate_stopped(g) ? 0 : add_literal(g, code);
}

static bool read_braces(berm_str s, size_t *at, uint32_t *min, uint32_t *max);

static uint32_t parse_atom(gate *g)
{
    char c = g->s.ptr[g->at];
    size_t behind = g->at;
    uint32_t min, max;
    bool lines = g->flags & FLAG_LINES;
    switch (c) {
    case '\\': return parse_escape(g);
    case '[': g->at++; return parse_bracket(g);
    case '(': g->at++; return parse_group(g);
    case '.': g->at++; return add_dot(g);
    case '^':
        g->at++;
        return add_assertion(g, lines ? BERM_REGEX_LINE_BEGIN : BERM_REGEX_TEXT_BEGIN);
    case '$': g->at++; return add_assertion(g, lines ? BERM_REGEX_LINE_END : BERM_REGEX_TEXT_END);
    case '*':
    case '+':
    case '?': return refuse_pattern(g, "nothing stands before a repetition");
    default: break;
    }
    if (c == '{' && read_braces(g->s, &behind, &min, &max))
        return refuse_pattern(g, "nothing stands before a repetition");
    uint32_t code = next_code(g);
    return gate_stopped(g) ? 0 : add_literal(g, code);
}

/* Digits of a repetition; more than enough for one too large to be legal. */
static bool read_count(berm_str s, size_t *at, uint32_t *count)
{
    size_t from = *at;
    *count = 0;
    for (; *at < s.len && s.ptr[*at] >= '0' && s.ptr[*at] <= '9'; ++*at)
        if (*count <= BERM_REGEX_REPEAT_MAX) *count = *count * 10 + (uint32_t)(s.ptr[*at] - '0');
    return *at > from;
}

/* {n}, {n,} or {n,m} at `at`; a brace that begins none of them stands for itself. */
static bool read_braces(berm_str s, size_t *at, uint32_t *min, uint32_t *max)
{
    size_t p = *at + 1;
    if (!read_count(s, &p, min)) return false;
    *max = *min;
    if (p < s.len && s.ptr[p] == ',') {
        p++;
        if (!read_count(s, &p, max)) *max = BERM_REGEX_UNBOUNDED;
    }
    if (p >= s.len || s.ptr[p] != '}') return false;
    *at = p + 1;
    return true;
}

static bool take_repetition(gate *g, uint32_t *min, uint32_t *max)
{
    if (g->at >= g->s.len) return false;
    *min = 0;
    *max = BERM_REGEX_UNBOUNDED;
    switch (g->s.ptr[g->at]) {
    case '*': break;
    case '+': *min = 1; break;
    case '?': *max = 1; break;
    case '{': return read_braces(g->s, &g->at, min, max);
    default: return false;
    }
    g->at++;
    return true;
}

static bool is_count_legal(uint32_t min, uint32_t max)
{
    if (min > BERM_REGEX_REPEAT_MAX) return false;
    return max == BERM_REGEX_UNBOUNDED || (max <= BERM_REGEX_REPEAT_MAX && min <= max);
}

/* Is there a group that only sets flags? */
static bool see_flags(const gate *g)
{
    berm_str rest = berm_str_cut(g->s, g->at, g->s.len);
    size_t p = 2;
    if (!berm_str_starts(rest, BERM_STR("(?"))) return false;
    while (p < rest.len && (flag_of(rest.ptr[p]) || rest.ptr[p] == '-')) p++;
    return p < rest.len && rest.ptr[p] == ')';
}

/* Flags do not stand between a repetition and what it repeats: a(?i)* is a*(?i). True when some
   were passed and a repetition comes. */
static bool pass_flags(gate *g)
{
    size_t at = g->at;
    uint8_t flags = g->flags;
    uint32_t min, max;
    while (!gate_stopped(g) && see_flags(g)) {
        g->at += 2;
        (void)parse_flags(g);
    }
    size_t behind = g->at;
    if (behind > at && !gate_stopped(g) && take_repetition(g, &min, &max)) {
        g->at = behind;
        return true;
    }
    g->at = at;
    g->flags = flags;
    return false;
}

/* `atom` with the repetition behind it; two in a row, as in a** or the possessive a*+, are a
   fault. */
static uint32_t parse_one_repetition(gate *g, uint32_t atom)
{
    uint32_t min, max, again_min, again_max;
    if (gate_stopped(g) || !take_repetition(g, &min, &max)) return atom;
    const berm_regex_node *node = &g->tree->nodes.items[atom];
    if (node->kind == BERM_REGEX_EMPTY && node->arg == IS_FLAGS)
        return refuse_pattern(g, "flags cannot be repeated");
    if (!is_count_legal(min, max)) return refuse_pattern(g, "a repeat count is too large");
    bool lazy = take_char(g, '?') != ((g->flags & FLAG_LAZY) != 0);
    if (take_repetition(g, &again_min, &again_max))
        return refuse_pattern(g, "a repetition of a repetition");
    return add_node(g, (berm_regex_node){.kind = BERM_REGEX_REPEAT,
                                         .lazy = lazy,
                                         .min = min,
                                         .max = max,
                                         .first = atom});
}

static uint32_t parse_repetition(gate *g, uint32_t atom)
{
    const berm_regex_node *node = &g->tree->nodes.items[atom];
    bool flags = !gate_stopped(g) && node->kind == BERM_REGEX_EMPTY && node->arg == IS_FLAGS;
    atom = parse_one_repetition(g, atom);
    while (!flags && !gate_stopped(g) && pass_flags(g)) atom = parse_one_repetition(g, atom);
    return atom;
}

/* Behind \Q: literals up to \E or the end; a repetition applies to the last. */
static void parse_quoted(gate *g, node_list *list)
{
    while (!gate_stopped(g) && g->at < g->s.len && !take_prefix(g, "\\E")) {
        uint32_t code = next_code(g), atom = gate_stopped(g) ? 0 : add_literal(g, code);
        bool last = take_prefix(g, "\\E");
        append_node(g, list, last ? parse_repetition(g, atom) : atom);
        if (last) return;
    }
}

static uint32_t parse_concat(gate *g)
{
    node_list list = {0, 0, 0};
    while (!gate_stopped(g) && g->at < g->s.len && !peek_is(g, '|') && !peek_is(g, ')')) {
        if (take_prefix(g, "\\Q")) {
            parse_quoted(g, &list);
        } else {
            uint32_t atom = parse_atom(g);
            append_node(g, &list, parse_repetition(g, atom));
        }
    }
    return close_list(g, &list, BERM_REGEX_CONCAT);
}

static uint32_t parse_choice(gate *g)
{
    node_list list = {0, 0, 0};
    do {
        uint32_t branch = parse_concat(g);
        append_node(g, &list, branch);
    } while (!gate_stopped(g) && take_char(g, '|'));
    return close_list(g, &list, BERM_REGEX_CHOICE);
}

/* The most times that nested repetitions ask for the same thing; RE2 refuses more than a
   thousand. */
static uint64_t measure_repeats(const berm_regex_tree *tree, uint32_t n)
{
    const berm_regex_node *node = &tree->nodes.items[n];
    uint64_t most = 1;
    for (uint32_t child = node->first; child; child = tree->nodes.items[child].next) {
        uint64_t inner = measure_repeats(tree, child);
        if (inner > most) most = inner;
    }
    if (node->kind != BERM_REGEX_REPEAT) return most;
    uint64_t times = node->max == BERM_REGEX_UNBOUNDED ? node->min : node->max;
    return times > 1 ? most * times : most;
}

bool berm_regex_parse(berm_regex_tree *tree, const berm_alloc *alloc, berm_str pattern)
{
    *tree = (berm_regex_tree){.alloc = alloc, .pattern = pattern};
    berm_text_init(&tree->cased, alloc);
    gate g = {.tree = tree, .s = pattern};
    add_node(&g, (berm_regex_node){.kind = BERM_REGEX_EMPTY});
    if (pattern.len > GATE_PATTERN_MAX) refuse_pattern(&g, "the pattern is too long");
    if (!gate_stopped(&g)) tree->root = parse_choice(&g);
    if (!gate_stopped(&g) && g.at < pattern.len)
        refuse_pattern(&g, "a closing parenthesis that opens nowhere");
    if (!gate_stopped(&g) && measure_repeats(tree, tree->root) > BERM_REGEX_REPEAT_MAX) {
        refuse_pattern(&g, "nested repetitions ask for too many copies");
    }
    return !gate_stopped(&g);
}

void berm_regex_tree_free(berm_regex_tree *tree)
{
    berm_array_free(tree->alloc, &tree->nodes);
    berm_array_free(tree->alloc, &tree->ranges);
    berm_array_free(tree->alloc, &tree->sets);
    berm_text_free(&tree->cased);
}
