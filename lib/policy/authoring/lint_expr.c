/* Rules about expressions. */
#include "policy/authoring/lint.h"

/* --- has(a.b.c): an error, not false, where a.b is missing --- */

/* The name that a path of plain fields starts with; empty when it is no such path. */
static berm_str find_path_start(const berm_lint *lint, berm_node node)
{
    const berm_ast_node *n = berm_lint_node(lint, node);
    while (n->kind == BERM_AST_SELECT && !(n->flags & (BERM_AST_OPTIONAL | BERM_AST_TEST))) {
        node = berm_lint_child(lint, node, 0);
        n = berm_lint_node(lint, node);
    }
    return n->kind == BERM_AST_IDENT ? n->name : BERM_STR("");
}

/* Names whose members are always there, because Berm makes them. */
static bool is_made_by_berm(berm_str name)
{
    static const char *const names[] = {"", "params", "variables", "resource", "request"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (berm_str_is(name, names[i])) return true;
    return false;
}

/* What every object of Kubernetes has, or every record of linked(). */
static bool is_always_there(const berm_lint *lint, berm_str field)
{
    bool kubernetes = lint->guardrail && berm_str_is(lint->guardrail->match.target, "kubernetes");
    if (kubernetes && (berm_str_is(field, "spec") || berm_str_is(field, "metadata"))) return true;
    return berm_str_is(field, "object") || berm_str_is(field, "oldObject") ||
           berm_str_is(field, "resource");
}

/* Is the selected member known to be there? */
static bool is_known_there(const berm_lint *lint, berm_node node)
{
    const berm_ast *ast = &lint->text->ast;
    const berm_ast_node *n = berm_ast_at(ast, node);
    berm_node on = berm_ast_child(ast, node, 0);
    for (uint32_t i = 0; i < lint->known.count; i++) {
        const berm_lint_known *known = &lint->known.items[i];
        const berm_ast_node *k = berm_ast_at(known->ast, known->node);
        berm_node first = berm_ast_child(known->ast, known->node, 0);
        if (k->kind == BERM_AST_SELECT) {
            if (berm_str_equal(k->name, n->name) && berm_ast_equal(known->ast, first, ast, on))
                return true;
            continue;
        }
        const berm_ast_node *key = berm_ast_at(known->ast, first);
        if (key->kind == BERM_AST_LITERAL && berm_str_equal(key->name, n->name) &&
            berm_ast_equal(known->ast, berm_ast_child(known->ast, known->node, 1), ast, on))
            return true;
    }
    return false;
}

void berm_lint_has_parent(berm_lint *lint, berm_node node)
{
    const berm_ast_node *n = berm_lint_node(lint, node);
    if (n->kind != BERM_AST_SELECT || !(n->flags & BERM_AST_TEST)) return;
    berm_node parent = berm_lint_child(lint, node, 0);
    const berm_ast_node *p = berm_lint_node(lint, parent);
    if (p->kind != BERM_AST_SELECT || is_made_by_berm(find_path_start(lint, parent)) ||
        is_always_there(lint, p->name) || is_known_there(lint, parent))
        return;
    berm_lint_at_node(lint, BERM_D_LINT_HAS_PARENT, node,
                      "this is an error, not false, where %S is missing",
                      berm_lint_words(lint, parent));
}

/* --- x.orValue([]).all(..): true where there is nothing --- */

void berm_lint_all_of_nothing(berm_lint *lint, berm_node node)
{
    const berm_ast_node *n = berm_lint_node(lint, node);
    if (n->kind != BERM_AST_LOOP || n->macro != BERM_MACRO_ALL) return;
    berm_node range = berm_lint_child(lint, node, 0);
    const berm_ast_node *r = berm_lint_node(lint, range);
    if (!berm_lint_is_call(r, "orValue") || r->count != 2) return;
    const berm_ast_node *otherwise = berm_lint_node(lint, berm_lint_child(lint, range, 1));
    bool empty = otherwise->kind == BERM_AST_LIST || otherwise->kind == BERM_AST_MAP;
    if (empty && otherwise->count == 0)
        berm_lint_at_node(lint, BERM_D_LINT_ALL_OF_NOTHING, node,
                          "all() of nothing is true: this holds where %S is missing",
                          berm_lint_words(lint, berm_lint_child(lint, range, 0)));
}

/* --- matches('...') finds the pattern anywhere --- */

/* Behind what may stand before an anchor: (?i) and opening groups. */
static size_t skip_openings(berm_str pattern, size_t at)
{
    while (at < pattern.len && pattern.ptr[at] == '(') {
        at++;
        if (at >= pattern.len || pattern.ptr[at] != '?') continue;
        while (at < pattern.len && !strchr(":>)", pattern.ptr[at])) at++;
        at++;
    }
    return at < pattern.len ? at : pattern.len;
}

/* Is an alternative bound to the start or the end, or open on purpose (.*)? */
static bool is_bound(berm_str one)
{
    size_t at = skip_openings(one, 0), end = one.len;
    berm_str rest = berm_str_cut(one, at, one.len);
    if (berm_str_starts(rest, BERM_STR("^")) || berm_str_starts(rest, BERM_STR("\\A")) ||
        berm_str_starts(rest, BERM_STR(".*")) || berm_str_starts(rest, BERM_STR("\\b")))
        return true;
    while (end > at && one.ptr[end - 1] == ')') end--;
    one.len = end;
    return berm_str_ends(one, BERM_STR("$")) || berm_str_ends(one, BERM_STR("\\z")) ||
           berm_str_ends(one, BERM_STR(".*")) || berm_str_ends(one, BERM_STR("\\b"));
}

/* The last byte of the class [:alpha:] that begins at `at`; `at` itself where there is none. */
static size_t find_class_end(berm_str pattern, size_t at)
{
    berm_str rest = berm_str_cut(pattern, at, pattern.len);
    size_t end = 2;
    if (!berm_str_starts(rest, BERM_STR("[:"))) return at;
    while (end < rest.len && rest.ptr[end] != ']') end++;
    return end > 2 && rest.ptr[end - 1] == ':' ? at + end : at;
}

/* The end of the set [..] that begins at `at`. A bracket that comes first does not end it. */
static size_t find_set_end(berm_str pattern, size_t at)
{
    size_t first = at + 1;
    if (berm_str_starts(berm_str_cut(pattern, first, pattern.len), BERM_STR("^"))) first++;
    for (size_t i = first; i < pattern.len; i++) {
        if (pattern.ptr[i] == ']' && i > first) return i;
        i = pattern.ptr[i] == '\\' ? i + 1 : find_class_end(pattern, i);
    }
    return pattern.len;
}

/* The end of the alternative that begins at `from`: a | outside of groups and sets, or the end. */
static size_t find_alternative_end(berm_str pattern, size_t from)
{
    size_t depth = 0;
    for (size_t i = from; i < pattern.len; i++) {
        char c = pattern.ptr[i];
        if (c == '\\') i++;
        else if (c == '[') i = find_set_end(pattern, i);
        else if (c == '(') depth++;
        else if (c == ')') depth--;
        else if (c == '|' && depth == 0) return i;
    }
    return pattern.len;
}

void berm_lint_regex(berm_lint *lint, berm_node node)
{
    const berm_ast_node *n = berm_lint_node(lint, node);
    if (!berm_lint_is_call(n, "matches") || n->count != 2) return;
    const berm_ast_node *p = berm_lint_node(lint, berm_lint_child(lint, node, 1));
    if (p->kind != BERM_AST_LITERAL || p->value.tag != BERM_TAG_STRING) return;
    for (size_t from = 0; from <= p->name.len;) {
        size_t end = find_alternative_end(p->name, from);
        berm_str one = berm_str_cut(p->name, from, end);
        if (!is_bound(one)) {
            berm_lint_at_node(lint, BERM_D_LINT_REGEX_UNANCHORED, berm_lint_child(lint, node, 1),
                              "matches() finds %S anywhere in the text", one);
            return;
        }
        from = end + 1;
    }
}

/* --- conditions that are always the same --- */

static bool is_literal_bool(const berm_ast_node *n, bool value)
{
    return n->kind == BERM_AST_LITERAL && n->value.tag == BERM_TAG_BOOL &&
           (n->value.as.u != 0) == value;
}

static void report_always(berm_lint *lint, berm_node node, bool value)
{
    berm_lint_at_node(lint, value ? BERM_D_LINT_ALWAYS_TRUE : BERM_D_LINT_ALWAYS_FALSE, node,
                      "%S is always %s", berm_lint_words(lint, node), value ? "true" : "false");
}

static bool is_same(const berm_lint *lint, berm_node a, berm_node b)
{
    return berm_ast_equal(&lint->text->ast, a, &lint->text->ast, b);
}

/* x == x, size(x) >= 0 */
static void check_comparison(berm_lint *lint, berm_node node)
{
    static const struct {
        const char *name;
        bool of_same;
    } comparisons[] = {{"_==_", true},  {"_<=_", true}, {"_>=_", true},
                       {"_!=_", false}, {"_<_", false}, {"_>_", false}};
    const berm_ast_node *n = berm_lint_node(lint, node);
    if (n->kind != BERM_AST_CALL || n->count != 2) return;
    berm_node a = berm_lint_child(lint, node, 0), b = berm_lint_child(lint, node, 1);
    const berm_ast_node *right = berm_lint_node(lint, b);
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
        if (!berm_str_is(n->name, comparisons[i].name)) continue;
        if (is_same(lint, a, b)) report_always(lint, node, comparisons[i].of_same);
    }
    bool zero = right->kind == BERM_AST_LITERAL && right->value.tag == BERM_TAG_INT &&
                right->value.as.i == 0 && berm_lint_is_call(berm_lint_node(lint, a), "size");
    if (zero && berm_str_is(n->name, "_>=_")) report_always(lint, node, true);
    if (zero && berm_str_is(n->name, "_<_")) report_always(lint, node, false);
}

/* a == 'x' and a == 'y' (or !=): the same thing compared with two literals; not the same twice,
   which was said before. */
static bool compares_two(const berm_lint *lint, berm_node a, berm_node b, const char *operator)
{
    const berm_ast_node *x = berm_lint_node(lint, a), *y = berm_lint_node(lint, b);
    if (!berm_lint_is_call(x, operator) || !berm_lint_is_call(y, operator)) return false;
    berm_node first = berm_lint_child(lint, a, 1), second = berm_lint_child(lint, b, 1);
    return is_same(lint, berm_lint_child(lint, a, 0), berm_lint_child(lint, b, 0)) &&
           berm_lint_node(lint, first)->kind == BERM_AST_LITERAL &&
           berm_lint_node(lint, second)->kind == BERM_AST_LITERAL;
}

static bool is_negation_of(const berm_lint *lint, berm_node a, berm_node b)
{
    return berm_lint_is_call(berm_lint_node(lint, a), "!_") &&
           is_same(lint, berm_lint_child(lint, a, 0), b);
}

#define LINT_OPERANDS_MAX 64u

/* The operands of a && b && c as they were written; the number of them, at most
   LINT_OPERANDS_MAX. */
static uint32_t list_operands(const berm_lint *lint, berm_node node, berm_node *out, uint32_t count)
{
    const berm_ast_node *n = berm_lint_node(lint, node);
    for (uint32_t i = 0; i < n->count && count < LINT_OPERANDS_MAX; i++) {
        berm_node child = berm_lint_child(lint, node, i);
        const berm_ast_node *c = berm_lint_node(lint, child);
        bool chained = c->kind == n->kind && c->flags & BERM_AST_CHAINED;
        if (chained) count = list_operands(lint, child, out, count);
        else out[count++] = child;
    }
    return count;
}

static void check_operands(berm_lint *lint, berm_node node)
{
    berm_node operands[LINT_OPERANDS_MAX];
    bool either = berm_lint_node(lint, node)->kind == BERM_AST_OR;
    uint32_t count = list_operands(lint, node, operands, 0);
    for (uint32_t i = 1; i < count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            berm_node a = operands[k], b = operands[i];
            if (is_same(lint, a, b)) {
                berm_lint_at_node(lint, BERM_D_LINT_SAID_TWICE, b, "%S is said twice",
                                  berm_lint_words(lint, b));
                return;
            }
            if (is_negation_of(lint, a, b) || is_negation_of(lint, b, a) ||
                compares_two(lint, a, b, either ? "_!=_" : "_==_")) {
                report_always(lint, node, either);
                return;
            }
        }
    }
}

void berm_lint_constant(berm_lint *lint, berm_node node)
{
    const berm_ast_node *n = berm_lint_node(lint, node);
    if (lint->constant) return;
    if (lint->condition && is_literal_bool(n, true)) report_always(lint, node, true);
    if (lint->condition && is_literal_bool(n, false)) report_always(lint, node, false);
    check_comparison(lint, node);
    bool operands = n->kind == BERM_AST_AND || n->kind == BERM_AST_OR;
    if (operands && !(n->flags & BERM_AST_CHAINED)) check_operands(lint, node);
}

/* --- object[key]: which members are read is not known before --- */

void berm_lint_dynamic_key(berm_lint *lint, berm_node node)
{
    const berm_ast_node *n = berm_lint_node(lint, node);
    if (n->kind != BERM_AST_INDEX) return;
    berm_str start = find_path_start(lint, berm_lint_child(lint, node, 0));
    bool document = berm_str_is(start, "object") || berm_str_is(start, "oldObject");
    berm_node key = berm_lint_child(lint, node, 1);
    if (document && berm_lint_node(lint, key)->kind != BERM_AST_LITERAL)
        berm_lint_at_node(lint, BERM_D_LINT_DYNAMIC_KEY, node,
                          "which member is read is only known when it runs: %S",
                          berm_lint_words(lint, key));
}
