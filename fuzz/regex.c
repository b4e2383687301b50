/* Regular expressions: a pattern, a NUL and a text. Both engines must give the same answer, and so
   must pcre2 on the pattern's own text where both read it alike; and the time must be in proportion
   to the text. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/utf8.h"
#include "code/regex_tree.h"
#include "common.h"
#include "vm/regex_parts.h"

#include <pcre2.h>
#include <time.h>

#define SLOTS BERM_REGEX_SLOTS_MAX
#define STEPS_WANTED 40000u /* of the Pike machine on the long text */
#define LONG_TEXT 4096u
#define SECONDS_MAX 5.0 /* of processor time for one engine under sanitizers on the long text */

/* --- pcre2 on the pattern as it was written --- */

static bool may_be_empty(const berm_regex_tree *tree, uint32_t n)
{
    const berm_regex_node *node = &tree->nodes.items[n];
    if (node->kind == BERM_REGEX_CLASS) return false;
    if (node->kind == BERM_REGEX_REPEAT && node->min == 0) return true;
    bool choice = node->kind == BERM_REGEX_CHOICE, empty = !choice;
    for (uint32_t c = node->first; c; c = tree->nodes.items[c].next) {
        if (choice) empty = empty || may_be_empty(tree, c);
        else empty = empty && may_be_empty(tree, c);
    }
    return empty;
}

/* Where a loop's body may read nothing, Perl and RE2 leave the loop at different moments: whether
   there is a match is the same, which one it is is not. */
static bool has_empty_loop(const berm_regex_tree *tree)
{
    for (uint32_t n = 1; n < tree->nodes.count; n++) {
        const berm_regex_node *node = &tree->nodes.items[n];
        if (node->kind == BERM_REGEX_REPEAT && may_be_empty(tree, node->first)) return true;
    }
    return false;
}

static bool is_shared_escape(char c)
{
    return c != '\0' && strchr("dDwWsSbBnrtf.*+?()[]{}|^$\\-/", c) != NULL;
}

/* Does pcre2 read the pattern as RE2 does? Only what is known to be the same in both. */
static bool is_shared_syntax(berm_str pattern)
{
    bool in_class = false;
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i], next = i + 1 < pattern.len ? pattern.ptr[i + 1] : '\0';
        char third = i + 2 < pattern.len ? pattern.ptr[i + 2] : '\0';
        if (!berm_utf8_is_ascii_byte(c) || c == '\0') return false;
        if (c == '\\') {
            if (!is_shared_escape(next)) return false;
            if (in_class && (next == 'b' || next == 'B' || third == '-')) return false;
            i++;
        } else if (in_class) {
            if (c == '[') return false;
            if (c == ']') in_class = false;
            if (c == '-' && next == '\\') return false;
        } else if (c == '[') {
            in_class = true;
            if (next == '^') i++;
            if (i + 1 < pattern.len && pattern.ptr[i + 1] == ']') i++;
        } else if ((c == '(' && next == '?' && third != ':') || (c == '}' && next == '+')) {
            return false; /* flags and names; possessive quantifiers */
        }
    }
    return true;
}

static bool has_vertical_tab(berm_str text)
{
    return text.len > 0 && memchr(text.ptr, '\v', text.len) != NULL; /* pcre2 has it in \s */
}

/* The groups of the match and, where it is the same one, its end. */
static void compare_spans(const berm_regex_tree *tree, const PCRE2_SIZE *theirs, uint32_t count,
                          const uint32_t *spans)
{
    REQUIRE(theirs[0] == spans[0]);
    if (has_empty_loop(tree)) return;
    for (uint32_t i = 0; i < SLOTS && i < 2 * (tree->group_count + 1); i++) {
        bool absent = i >= 2 * count || theirs[i] == PCRE2_UNSET;
        REQUIRE(absent ? spans[i] == UINT32_MAX : theirs[i] == spans[i]);
    }
}

static void compare_with_pcre2(const berm_regex_tree *tree, berm_str text, bool found,
                               const uint32_t *spans)
{
    int error;
    PCRE2_SIZE at;
    if (!is_shared_syntax(tree->pattern) || has_vertical_tab(text)) return;
    pcre2_compile_context *how = pcre2_compile_context_create(NULL);
    REQUIRE(how && pcre2_set_newline(how, PCRE2_NEWLINE_LF) == 0);
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)(tree->pattern.len ? tree->pattern.ptr : ""), tree->pattern.len,
                      PCRE2_UTF | PCRE2_DOLLAR_ENDONLY, &error, &at, how);
    pcre2_compile_context_free(how);
    if (!code) return;
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    REQUIRE(data && limits);
    pcre2_set_match_limit(limits, 20000);
    int count =
        pcre2_match(code, (PCRE2_SPTR)(text.len ? text.ptr : ""), text.len, 0, 0, data, limits);
    if (count == PCRE2_ERROR_NOMATCH) REQUIRE(!found);
    if (count > 0) {
        REQUIRE(found);
        compare_spans(tree, pcre2_get_ovector_pointer(data), (uint32_t)count, spans);
    }
    pcre2_match_context_free(limits);
    pcre2_match_data_free(data);
    pcre2_code_free(code);
}

/* --- Berm's engines --- */

static bool is_boundary(berm_str text, uint32_t at)
{
    return at <= text.len && (at == text.len || ((unsigned char)text.ptr[at] & 0xc0) != 0x80);
}

static void check_spans(const berm_regex_tree *tree, berm_str text, const uint32_t *spans)
{
    REQUIRE(spans[0] <= spans[1]);
    for (uint32_t g = 0; 2 * g < SLOTS; g++) {
        uint32_t begin = spans[2 * g], end = spans[2 * g + 1];
        REQUIRE((begin == UINT32_MAX) == (end == UINT32_MAX));
        if (begin == UINT32_MAX) continue;
        REQUIRE(g <= tree->group_count && begin <= end);
        REQUIRE(is_boundary(text, begin) && is_boundary(text, end));
        REQUIRE(begin >= spans[0] && end <= spans[1]);
    }
}

static double read_clock(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

typedef struct engines {
    const berm_regex_tree *tree;
    berm_regex_program program;
    berm_regex_pike *pike;
    berm_regex_dfa *dfa;
    berm_space space;
} engines;

/* Whether there is a match, its fuel bounded by the states and the text. */
static berm_regex_answer run_pike(engines *e, berm_str text, uint32_t *spans, uint32_t count)
{
    uint64_t points = berm_utf8_count(text) + 1;
    berm_space_reset(&e->space, 100000000);
    uint64_t fuel = e->space.fuel;
    double begin = read_clock();
    berm_regex_answer answer = berm_regex_pike_find(e->pike, &e->space, text, 0, spans, count);
    REQUIRE(read_clock() - begin < SECONDS_MAX);
    REQUIRE(fuel - e->space.fuel <= points * (1 + e->program.state_count * (1 + (uint64_t)count)));
    return answer;
}

/* The DFA says the same, the first time and again; where it gives up, it does so for good. */
static void check_dfa(engines *e, berm_str text, berm_regex_answer wanted)
{
    for (int again = 0; again < 2; again++) {
        double begin = read_clock();
        berm_space_reset(&e->space, 100000000);
        berm_regex_answer answer = berm_regex_dfa_match(e->dfa, &e->space, text, 0);
        REQUIRE(read_clock() - begin < SECONDS_MAX);
        REQUIRE(answer == BERM_REGEX_GAVE_UP || answer == wanted);
        if (answer != BERM_REGEX_GAVE_UP) continue;
        REQUIRE(berm_regex_dfa_match(e->dfa, &e->space, text, 0) == BERM_REGEX_GAVE_UP);
        return;
    }
}

/* The Pike machine finds what it says is there, and finds it again from where it begins. */
static void check_spans_of(engines *e, berm_str text, berm_regex_answer wanted)
{
    uint32_t spans[SLOTS] = {0}, again[SLOTS];
    REQUIRE(run_pike(e, text, spans, SLOTS) == wanted);
    if (wanted == BERM_REGEX_YES) {
        check_spans(e->tree, text, spans);
        REQUIRE(berm_regex_dfa_match(e->dfa, &e->space, text, spans[0]) != BERM_REGEX_NO ||
                e->program.anchored);
        if (!e->program.anchored) {
            REQUIRE(berm_regex_pike_find(e->pike, &e->space, text, spans[0], again, SLOTS) ==
                    BERM_REGEX_YES);
            REQUIRE(memcmp(spans, again, sizeof spans) == 0);
        }
    }
    compare_with_pcre2(e->tree, text, wanted == BERM_REGEX_YES, spans);
}

static void check_text(engines *e, berm_str text)
{
    berm_regex_answer wanted = run_pike(e, text, NULL, 0);
    REQUIRE(wanted != BERM_REGEX_GAVE_UP);
    check_dfa(e, text, wanted);
    check_spans_of(e, text, wanted);
}

/* The text over and over: what is quadratic shows. */
static fuzz_text make_long(berm_str text, uint64_t states)
{
    fuzz_text out = {0};
    uint64_t len = STEPS_WANTED / (states + 1);
    if (len > LONG_TEXT) len = LONG_TEXT;
    while (text.len > 0 && out.len + text.len <= len)
        REQUIRE(fuzz_keep(&out, text.ptr, text.len) == 0);
    return out;
}

static void check_pattern(const berm_regex_tree *tree, berm_str text)
{
    berm_regex_code code;
    engines e = {.tree = tree};
    berm_status status = berm_regex_compile(&code, &berm_alloc_libc, tree->pattern);
    REQUIRE(status == BERM_OK || status == BERM_E_LIMIT);
    if (status == BERM_OK) {
        e.program = berm_regex_code_program(&code);
        e.pike = berm_regex_pike_new(&berm_alloc_libc, &e.program);
        e.dfa = berm_regex_dfa_new(&berm_alloc_libc, &e.program);
        REQUIRE(e.pike && e.dfa);
        berm_space_init(&e.space, &berm_alloc_libc, 1u << 20);
        fuzz_text more = make_long(text, e.program.state_count);
        check_text(&e, text);
        if (more.len > text.len) check_text(&e, (berm_str){more.ptr, more.len});
        free(more.ptr);
        berm_space_free(&e.space);
        berm_regex_dfa_free(e.dfa);
        berm_regex_pike_free(e.pike);
    }
    berm_regex_code_free(&code);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *input = (const char *)data, *end = size ? memchr(input, '\0', size) : NULL;
    size_t len = end ? (size_t)(end - input) : size;
    berm_str pattern = {input, len};
    berm_str text = end ? (berm_str){end + 1, size - len - 1} : (berm_str){"", 0};
    berm_regex_tree tree;
    /* strings of CEL are valid UTF-8 */
    if (berm_utf8_invalid(pattern.ptr, pattern.len) != pattern.len) return 0;
    if (text.len > 0 && berm_utf8_invalid(text.ptr, text.len) != text.len) return 0;
    if (berm_regex_parse(&tree, &berm_alloc_libc, pattern)) check_pattern(&tree, text);
    else REQUIRE(tree.too_large || (tree.fault && tree.fault_off <= pattern.len));
    berm_regex_tree_free(&tree);
    return 0;
}
