/* The walk: which rules are asked where, and what silences them. */
#include "policy/authoring/lint.h"

#include "policy/message.h"

#define LINT_COMMENT "# berm: allow"

typedef struct lint_rule {
    enum { LINT_ON_node, LINT_ON_validation, LINT_ON_guardrail, LINT_ON_document } where;
    union {
        BERM_LINT_RULE_node((*node));
        BERM_LINT_RULE_validation((*validation));
        BERM_LINT_RULE_guardrail((*guardrail));
        BERM_LINT_RULE_document((*document));
    } ask;
} lint_rule;

static const lint_rule lint_rules[] = {
#define BERM_LINT(where, id, function) {LINT_ON_##where, {.where = function}},
#include "policy/authoring/lint.def"
#undef BERM_LINT
};
#define LINT_RULES (sizeof lint_rules / sizeof *lint_rules)

/* --- what is silenced --- */

/* Does the line have the comment, with the code in it? */
static bool allows_code(berm_str line, berm_str code)
{
    static const size_t mark = sizeof LINT_COMMENT - 1;
    for (size_t i = 0; i + mark <= line.len; i++) {
        if (memcmp(line.ptr + i, LINT_COMMENT, mark) != 0) continue;
        for (size_t k = i + mark; k + code.len <= line.len; k++)
            if (memcmp(line.ptr + k, code.ptr, code.len) == 0) return true;
    }
    return false;
}

/* On the line of the byte, or in the comments just above it? */
static bool is_allowed_near(berm_str text, size_t off, berm_str code)
{
    size_t end, start = off < text.len ? off : text.len;
    for (end = start; end < text.len && text.ptr[end] != '\n';) end++;
    for (bool first = true;; first = false) {
        while (start > 0 && text.ptr[start - 1] != '\n') start--;
        berm_str line = berm_str_cut(text, start, end);
        if (!first && !berm_str_starts(berm_str_trim(line), BERM_STR("#"))) return false;
        if (allows_code(line, code)) return true;
        if (start == 0) return false;
        end = --start;
    }
}

/* At the place itself, at the document's head, at the part that it is of, at the part with its
   text. */
static bool is_silenced(const berm_lint *lint, berm_diag_id id, berm_part item, berm_part value,
                        berm_place place)
{
    const uint32_t offs[] = {place.off, berm_part_head_place(lint->document).off,
                             berm_part_place(item).off,
                             berm_part_given(value) ? berm_part_place(value).off : place.off};
    char number[16];
    berm_format_into(number, sizeof number, "B0%u", berm_diag_info_of(id).number);
    for (size_t i = 0; i < sizeof offs / sizeof *offs; i++)
        if (is_allowed_near(lint->document.file->text, offs[i], berm_str_of(number))) return true;
    return false;
}

static void report_finding(berm_lint *lint, berm_diag_id id, berm_part item, berm_part value,
                           berm_place place, const char *format, va_list args)
{
    if (is_silenced(lint, id, item, value, place)) return;
    if (berm_diags_vadd(lint->build->diags, id, place, format, args) != BERM_OK)
        berm_build_fail(lint->build, BERM_E_NOMEM);
}

void berm_lint_at_node(berm_lint *lint, berm_diag_id id, berm_node node, const char *format, ...)
{
    const berm_ast_node *n = berm_lint_node(lint, node);
    const berm_lint_text *text = lint->text;
    va_list args;
    va_start(args, format);
    report_finding(lint, id, text->item, text->expr.part,
                   berm_expr_place(&text->expr, n->off, n->len), format, args);
    va_end(args);
}

void berm_lint_at_place(berm_lint *lint, berm_diag_id id, berm_part item, berm_place place,
                        const char *format, ...)
{
    va_list args;
    va_start(args, format);
    report_finding(lint, id, item, (berm_part){item.file, NULL}, place, format, args);
    va_end(args);
}

/* --- what is known where --- */

/* What holds where the node does (or, not `holds`, where it does not). */
static void learn_facts(berm_lint *lint, const berm_ast *ast, berm_node node, bool holds)
{
    const berm_ast_node *n = berm_ast_at(ast, node);
    bool both = (n->kind == BERM_AST_AND && holds) || (n->kind == BERM_AST_OR && !holds);
    bool fact = holds && ((n->kind == BERM_AST_SELECT && n->flags & BERM_AST_TEST) ||
                          berm_lint_is_call(n, "@in"));
    berm_lint_known known = {ast, node};
    if (fact && !berm_array_push(lint->build->alloc, &lint->known, known))
        berm_build_fail(lint->build, BERM_E_NOMEM);
    if (berm_lint_is_call(n, "!_")) learn_facts(lint, ast, berm_ast_child(ast, node, 0), !holds);
    for (uint32_t i = 0; both && i < n->count; i++)
        learn_facts(lint, ast, berm_ast_child(ast, node, i), holds);
}

/* --- the walk --- */

static bool is_asked(const berm_ast_node *node, uint32_t child)
{
    switch (node->kind) {
    case BERM_AST_AND:
    case BERM_AST_OR: return true;
    case BERM_AST_COND: return child == 0;
    case BERM_AST_CALL: return berm_str_is(node->name, "!_");
    case BERM_AST_LOOP:
        return child == 1 && (node->macro == BERM_MACRO_ALL || node->macro == BERM_MACRO_EXISTS ||
                              node->macro == BERM_MACRO_EXISTS_ONE ||
                              node->macro == BERM_MACRO_FILTER || node->count == 3);
    default: return false;
    }
}

static bool is_constant(const berm_ast *ast, berm_node node)
{
    const berm_ast_node *n = berm_ast_at(ast, node);
    if (n->kind == BERM_AST_IDENT) return false;
    for (uint32_t i = 0; i < n->count; i++)
        if (!is_constant(ast, berm_ast_child(ast, node, i))) return false;
    return true;
}

static void walk_lint(berm_lint *lint, berm_node node, bool condition)
{
    const berm_ast *ast = &lint->text->ast;
    const berm_ast_node *n = berm_ast_at(ast, node);
    lint->condition = condition;
    for (size_t i = 0; i < LINT_RULES; i++)
        if (lint_rules[i].where == LINT_ON_node) lint_rules[i].ask.node(lint, node);
    bool outer = lint->constant;
    uint32_t known = lint->known.count;
    lint->constant = outer || is_constant(ast, node);
    for (uint32_t i = 0; i < n->count; i++) {
        berm_node first = berm_ast_child(ast, node, 0);
        lint->known.count = known;
        if (i && (n->kind == BERM_AST_AND || n->kind == BERM_AST_OR))
            learn_facts(lint, ast, first, n->kind == BERM_AST_AND);
        if (i && n->kind == BERM_AST_COND) learn_facts(lint, ast, first, i == 1);
        walk_lint(lint, berm_ast_child(ast, node, i), is_asked(n, i));
    }
    lint->known.count = known;
    lint->constant = outer;
}

static void walk_lint_text(berm_lint *lint, const berm_lint_text *text)
{
    lint->text = text;
    lint->constant = false;
    walk_lint(lint, text->ast.root,
              text->sort == BERM_LINT_CONDITION || text->sort == BERM_LINT_VALIDATION);
}

/* --- gathering expressions --- */

/* It has compiled: where it does not parse, memory ended. */
static void add_lint_text(berm_lint *lint, berm_lint_sort sort, uint32_t index, berm_part item,
                          const berm_expr *expr)
{
    if (!berm_expr_given(expr)) return;
    const berm_alloc *alloc = lint->build->alloc;
    berm_lint_text text = {.sort = sort, .index = index, .item = item, .expr = *expr};
    berm_ast_init(&text.ast, alloc);
    berm_status status = berm_cel_parse(&text.ast, expr->text, NULL, NULL, NULL);
    if (!status && berm_array_push(alloc, &lint->texts, text)) return;
    berm_ast_free(&text.ast);
    berm_build_fail(lint->build, BERM_E_NOMEM);
}

static void add_lint_message(berm_lint *lint, uint32_t index, const berm_validation_def *validation)
{
    berm_message_pieces pieces = {0};
    if (berm_expr_given(&validation->message) &&
        berm_message_split(lint->build, &validation->message, &pieces)) {
        for (uint32_t i = 0; i < pieces.count; i++)
            if (pieces.items[i].expression)
                add_lint_text(lint, BERM_LINT_MESSAGE, index, validation->at,
                              &pieces.items[i].expr);
    }
    berm_array_free(lint->build->alloc, &pieces);
}

/* Does a node of the text look at the document? `item` and `key` do where the elements come from
   it; variables where they do. */
static bool looks_at_document(const berm_lint *lint, const berm_ast *ast, berm_node node,
                              bool elements)
{
    static const char *const names[] = {"object", "oldObject", "resource", "parent", "request"};
    static const char *const functions[] = {"linked", "resources", "configured"};
    const berm_ast_node *n = berm_ast_at(ast, node);
    for (size_t i = 0; n->kind == BERM_AST_IDENT && i < sizeof names / sizeof *names; i++)
        if (berm_str_is(n->name, names[i])) return true;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (berm_lint_is_call(n, functions[i])) return true;
    if (n->kind == BERM_AST_IDENT)
        return elements && (berm_str_is(n->name, "item") || berm_str_is(n->name, "key"));
    const berm_ast_node *on =
        n->kind == BERM_AST_SELECT ? berm_ast_at(ast, berm_ast_child(ast, node, 0)) : NULL;
    if (on && on->kind == BERM_AST_IDENT && berm_str_is(on->name, "variables")) {
        const berm_named_exprs *variables = &lint->guardrail->variables;
        for (uint32_t i = 0; i < lint->texts.count; i++) {
            const berm_lint_text *text = &lint->texts.items[i];
            if (text->sort == BERM_LINT_VARIABLE &&
                berm_str_equal(variables->items[text->index].name, n->name))
                return text->looks;
        }
    }
    for (uint32_t i = 0; i < n->count; i++)
        if (looks_at_document(lint, ast, berm_ast_child(ast, node, i), elements)) return true;
    return false;
}

static void mark_looks(berm_lint *lint)
{
    bool elements = false; /* of the `each` that came last */
    uint32_t of = UINT32_MAX;
    for (uint32_t i = 0; i < lint->texts.count; i++) {
        berm_lint_text *text = &lint->texts.items[i];
        bool under = elements && of == text->index; /* what comes before has none */
        text->looks = looks_at_document(lint, &text->ast, text->ast.root, under);
        if (text->sort == BERM_LINT_EACH) elements = text->looks, of = text->index;
    }
}

static void drop_texts(berm_lint *lint)
{
    for (uint32_t i = 0; i < lint->texts.count; i++) berm_ast_free(&lint->texts.items[i].ast);
    lint->texts.count = lint->known.count = 0;
}

/* --- documents --- */

static void gather_guardrail(berm_lint *lint, const berm_guardrail_def *g)
{
    for (uint32_t i = 0; i < g->variables.count; i++)
        add_lint_text(lint, BERM_LINT_VARIABLE, i, g->variables.items[i].at,
                      &g->variables.items[i].expr);
    for (uint32_t i = 0; i < g->conditions.count; i++)
        add_lint_text(lint, BERM_LINT_CONDITION, i, g->conditions.items[i].at,
                      &g->conditions.items[i].expr);
    for (uint32_t i = 0; i < g->validations.count; i++) {
        const berm_validation_def *v = &g->validations.items[i];
        add_lint_text(lint, BERM_LINT_EACH, i, v->at, &v->each);
        add_lint_text(lint, BERM_LINT_VALIDATION, i, v->at, &v->expression);
        add_lint_message(lint, i, v);
    }
}

/* What match conditions say is known in validations, and in variables, which mostly those use. */
static void walk_guardrail(berm_lint *lint)
{
    for (uint32_t i = 0; i < lint->texts.count; i++)
        if (lint->texts.items[i].sort == BERM_LINT_CONDITION)
            walk_lint_text(lint, &lint->texts.items[i]);
    for (uint32_t i = 0; i < lint->texts.count; i++) {
        const berm_lint_text *text = &lint->texts.items[i];
        if (text->sort == BERM_LINT_CONDITION) learn_facts(lint, &text->ast, text->ast.root, true);
    }
    for (uint32_t i = 0; i < lint->texts.count; i++) {
        berm_lint_sort sort = lint->texts.items[i].sort;
        if (sort != BERM_LINT_CONDITION && sort != BERM_LINT_MESSAGE)
            walk_lint_text(lint, &lint->texts.items[i]);
    }
}

static void lint_guardrail(berm_lint *lint, const berm_guardrail_def *g)
{
    lint->guardrail = g;
    lint->document = g->at;
    gather_guardrail(lint, g);
    mark_looks(lint);
    walk_guardrail(lint);
    for (size_t i = 0; i < LINT_RULES; i++) {
        if (lint_rules[i].where == LINT_ON_guardrail) lint_rules[i].ask.guardrail(lint);
        for (uint32_t v = 0; lint_rules[i].where == LINT_ON_validation && v < g->validations.count;
             v++)
            lint_rules[i].ask.validation(lint, v);
    }
    drop_texts(lint);
    lint->guardrail = NULL;
}

static void lint_kind(berm_lint *lint, const berm_kind_def *k)
{
    lint->document = k->at;
    add_lint_text(lint, BERM_LINT_OTHER, 0, k->at, &k->each);
    add_lint_text(lint, BERM_LINT_OTHER, 0, k->at, &k->item_name);
    add_lint_text(lint, BERM_LINT_OTHER, 0, k->at, &k->object);
    for (uint32_t i = 0; i < k->fields.count; i++)
        add_lint_text(lint, BERM_LINT_OTHER, 0, k->at, &k->fields.items[i].expr);
    for (uint32_t i = 0; i < lint->texts.count; i++) walk_lint_text(lint, &lint->texts.items[i]);
    drop_texts(lint);
}

static void lint_document(berm_lint *lint, const berm_policy_file *file, uint32_t root)
{
    lint->document = (berm_part){file, &file->doc->roots[root]};
    for (size_t i = 0; i < LINT_RULES; i++)
        if (lint_rules[i].where == LINT_ON_document) lint_rules[i].ask.document(lint);
}

void berm_lint_run(berm_build *build, const berm_policy_file *files, uint32_t count, bool sound)
{
    const berm_model *model = build->model;
    berm_lint lint = {.build = build};
    for (uint32_t i = 0; sound && i < model->guardrails.count; i++) {
        const berm_guardrail_def *g = model->guardrails.items[i];
        if (!BERM_IS_FOREIGN(g) && !g->at.file->builtin) lint_guardrail(&lint, g);
    }
    for (uint32_t i = 0; sound && i < model->kinds.count; i++)
        if (!model->kinds.items[i]->at.file->builtin) lint_kind(&lint, model->kinds.items[i]);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t r = 0; files[i].doc && !files[i].builtin && r < files[i].doc->root_count; r++)
            lint_document(&lint, &files[i], r);
    berm_array_free(build->alloc, &lint.texts);
    berm_array_free(build->alloc, &lint.known);
}
