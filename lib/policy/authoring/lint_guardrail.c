/* Rules about guardrails, validations and other documents. */
#include "policy/authoring/lint.h"
#include "policy/match.h"

static berm_place find_name_place(berm_part item, const char *key)
{
    return berm_part_place(berm_part_member(item, key));
}

static const berm_validation_def *validation_at(const berm_lint *lint, uint32_t index)
{
    return &lint->guardrail->validations.items[index];
}

/* --- validations --- */

void berm_lint_no_document(berm_lint *lint, uint32_t validation)
{
    const berm_validation_def *v = validation_at(lint, validation);
    for (uint32_t i = 0; i < lint->texts.count; i++) {
        const berm_lint_text *text = &lint->texts.items[i];
        if (text->sort == BERM_LINT_VALIDATION && text->index == validation && !text->looks)
            berm_lint_at_place(lint, BERM_D_LINT_NO_DOCUMENT, v->at,
                               berm_part_place(v->expression.part),
                               "`%S` looks at nothing of the resource", v->name);
    }
}

static bool names_element(const berm_ast *ast, berm_node node)
{
    const berm_ast_node *n = berm_ast_at(ast, node);
    if (n->kind == BERM_AST_IDENT && (berm_str_is(n->name, "item") || berm_str_is(n->name, "key")))
        return true;
    for (uint32_t i = 0; i < n->count; i++)
        if (names_element(ast, berm_ast_child(ast, node, i))) return true;
    return false;
}

void berm_lint_message(berm_lint *lint, uint32_t validation)
{
    const berm_validation_def *v = validation_at(lint, validation);
    bool each = berm_expr_given(&v->each), element = false, document = false;
    uint32_t count = 0;
    if (!berm_expr_given(&v->message)) {
        berm_lint_at_place(lint, BERM_D_LINT_NO_MESSAGE, v->at, find_name_place(v->at, "name"),
                           "`%S` has no message", v->name);
        return;
    }
    for (uint32_t i = 0; i < lint->texts.count; i++) {
        const berm_lint_text *text = &lint->texts.items[i];
        if (text->sort != BERM_LINT_MESSAGE || text->index != validation) continue;
        count++;
        document |= text->looks;
        element |= names_element(&text->ast, text->ast.root);
    }
    if (each && !element)
        berm_lint_at_place(lint, BERM_D_LINT_MESSAGE_VAGUE, v->at, berm_part_place(v->message.part),
                           "the message says nothing of the element: neither {item} nor {key}");
    else if (!each && count && !document)
        berm_lint_at_place(lint, BERM_D_LINT_MESSAGE_VAGUE, v->at, berm_part_place(v->message.part),
                           "nothing that the message interpolates is of the resource");
}

/* Does what a test expects of a validation say that it fails? One word, or a mapping of
   elements. */
static bool expects_failure(berm_part want)
{
    if (berm_str_is(berm_part_text(want), "fail")) return true;
    for (uint32_t i = 0; berm_part_is(want, BERM_TAG_MAP) && i < berm_part_count(want); i++)
        if (berm_str_is(berm_part_text(berm_part_value_at(want, i)), "fail")) return true;
    return false;
}

static bool is_failed_by(berm_part test, berm_str validation)
{
    berm_part expect = berm_part_member(test, "expect");
    for (uint32_t i = 0; i < berm_part_count(expect); i++)
        if (berm_str_equal(berm_part_text(berm_part_key_at(expect, i)), validation) &&
            expects_failure(berm_part_value_at(expect, i)))
            return true;
    return false;
}

void berm_lint_never_failed(berm_lint *lint, uint32_t validation)
{
    const berm_guardrail_def *g = lint->guardrail;
    const berm_validation_def *v = validation_at(lint, validation);
    if (g->tests.count == 0) return;
    for (uint32_t i = 0; i < g->tests.count; i++)
        if (is_failed_by(g->tests.items[i].at, v->name)) return;
    berm_lint_at_place(lint, BERM_D_LINT_NEVER_FAILED, v->at, find_name_place(v->at, "name"),
                       "no test expects `%S` to fail", v->name);
}

/* --- guardrails --- */

static void report_head(berm_lint *lint, berm_diag_id id, const char *format)
{
    berm_lint_at_place(lint, id, lint->document, find_name_place(lint->document, "guardrail"),
                       format, lint->guardrail->id);
}

void berm_lint_no_tests(berm_lint *lint)
{
    if (lint->guardrail->tests.count == 0)
        report_head(lint, BERM_D_LINT_NO_TESTS, "`%S` has no tests");
}

void berm_lint_no_remediation(berm_lint *lint)
{
    if (lint->guardrail->remediation.len == 0)
        report_head(lint, BERM_D_LINT_NO_REMEDIATION,
                    "`%S` does not say how to mend what it finds");
}

/* Is `on`.name used in the text? A use of `on` as a whole uses everything. */
static bool uses_member(const berm_ast *ast, berm_node node, const char *on, berm_str name)
{
    const berm_ast_node *n = berm_ast_at(ast, node);
    if (n->kind == BERM_AST_IDENT) return berm_str_is(n->name, on);
    if (n->kind == BERM_AST_SELECT) {
        const berm_ast_node *of = berm_ast_at(ast, berm_ast_child(ast, node, 0));
        if (of->kind == BERM_AST_IDENT && berm_str_is(of->name, on))
            return berm_str_equal(n->name, name);
    }
    for (uint32_t i = 0; i < n->count; i++)
        if (uses_member(ast, berm_ast_child(ast, node, i), on, name)) return true;
    return false;
}

static bool is_member_used(const berm_lint *lint, const char *on, berm_str name)
{
    for (uint32_t i = 0; i < lint->texts.count; i++) {
        const berm_lint_text *text = &lint->texts.items[i];
        if (uses_member(&text->ast, text->ast.root, on, name)) return true;
    }
    return false;
}

void berm_lint_unused_variables(berm_lint *lint)
{
    const berm_named_exprs *variables = &lint->guardrail->variables;
    for (uint32_t i = 0; i < variables->count; i++) {
        const berm_named_expr *v = &variables->items[i];
        if (!is_member_used(lint, "variables", v->name))
            berm_lint_at_place(lint, BERM_D_LINT_VARIABLE_UNUSED, v->at,
                               find_name_place(v->at, "name"), "nothing uses variables.%S",
                               v->name);
    }
}

void berm_lint_unused_parameters(berm_lint *lint)
{
    berm_part map = berm_part_member(lint->document, "parameters");
    for (uint32_t i = 0; berm_part_is(map, BERM_TAG_MAP) && i < berm_part_count(map); i++) {
        berm_str name = berm_part_text(berm_part_key_at(map, i));
        if (!is_member_used(lint, "params", name))
            berm_lint_at_place(lint, BERM_D_LINT_PARAMETER_UNUSED, berm_part_value_at(map, i),
                               berm_part_key_place(map, i), "nothing uses params.%S", name);
    }
}

/* --- kinds that nothing is of --- */

static bool derives_kind(const berm_model *model, berm_str glob)
{
    for (uint32_t i = 0; i < model->kinds.count; i++)
        if (berm_glob_match(glob, model->kinds.items[i]->name)) return true;
    return false;
}

/* Can an expression give a text that the glob matches? Where it is a literal, or chooses between
   some, that is known. *fixed: it is. */
static bool gives_kind(const berm_ast *ast, berm_node node, berm_str glob, bool *fixed)
{
    const berm_ast_node *n = berm_ast_at(ast, node);
    if (n->kind == BERM_AST_LITERAL) return berm_glob_match(glob, n->name);
    if (n->kind == BERM_AST_COND) {
        bool first = gives_kind(ast, berm_ast_child(ast, node, 1), glob, fixed);
        return gives_kind(ast, berm_ast_child(ast, node, 2), glob, fixed) || first;
    }
    *fixed = false;
    return false;
}

static bool lists_kind(const berm_lint *lint, const berm_listing_def *listing, berm_str glob,
                       bool *fixed)
{
    berm_ast ast;
    berm_ast_init(&ast, lint->build->alloc);
    berm_status status = berm_cel_parse(&ast, listing->kind.text, NULL, NULL, NULL);
    if (status) berm_build_fail(lint->build, status); /* it has compiled: memory ended */
    *fixed = !status;
    bool gives = *fixed && gives_kind(&ast, ast.root, glob, fixed);
    berm_ast_free(&ast);
    return gives;
}

/* Can a document of the target have a resource of a kind like this? Yes where its kinds are not
   known beforehand, but for what its way of writing them excludes. */
static bool can_have_kind(const berm_lint *lint, const berm_target_def *target, berm_str glob)
{
    const berm_model *model = lint->build->model;
    bool any_name = memchr(glob.ptr, '*', glob.len) || memchr(glob.ptr, '?', glob.len);
    if (berm_str_is(glob, "document") || berm_str_is(glob, "*") || derives_kind(model, glob))
        return true;
    for (uint32_t i = 0; i < target->listings.count; i++) {
        bool fixed;
        if (lists_kind(lint, &target->listings.items[i], glob, &fixed)) return true;
        if (!fixed && !berm_part_given(target->bare_kinds)) return true;
    }
    if (!berm_part_given(target->bare_kinds)) return false;
    if (any_name || memchr(glob.ptr, '/', glob.len)) return true;
    for (uint32_t i = 0; i < berm_part_count(target->bare_kinds); i++) {
        berm_str known = berm_part_text(berm_part_element_at(target->bare_kinds, i));
        if (known.len > glob.len && berm_str_ends(known, glob) &&
            known.ptr[known.len - glob.len - 1] == '/')
            return true;
    }
    return false;
}

void berm_lint_no_kind(berm_lint *lint)
{
    const berm_model *model = lint->build->model;
    const berm_match_def *match = &lint->guardrail->match;
    const berm_target_def *target =
        match->target.len ? berm_model_target(model, match->target) : NULL;
    const berm_target_def *kinds_of =
        target && target->kinds_of.len ? berm_model_target(model, target->kinds_of) : NULL;
    if (!target) return;
    for (uint32_t i = 0; i < berm_part_count(match->kinds); i++) {
        berm_part kind = berm_part_element_at(match->kinds, i);
        berm_str glob = berm_part_text(kind);
        if (can_have_kind(lint, target, glob) || (kinds_of && can_have_kind(lint, kinds_of, glob)))
            continue;
        berm_lint_at_place(lint, BERM_D_LINT_NO_KIND, match->at, berm_part_place(kind),
                           "no resource of the target %S is ever of the kind %S", match->target,
                           glob);
    }
}

/* --- waivers --- */

/* "[0]" in an address: which element that is changes when somebody adds one. */
static bool names_index(berm_str address)
{
    for (size_t i = 0; i + 2 < address.len; i++) {
        if (address.ptr[i] != '[') continue;
        size_t end = i + 1;
        while (end < address.len && address.ptr[end] >= '0' && address.ptr[end] <= '9') end++;
        if (end > i + 1 && end < address.len && address.ptr[end] == ']') return true;
    }
    return false;
}

void berm_lint_waiver_index(berm_lint *lint)
{
    if (!berm_part_given(berm_part_member(lint->document, "waiver"))) return;
    berm_part scope = berm_part_member(lint->document, "scope");
    berm_part resources = berm_part_member(scope, "resources");
    if (!berm_part_is(resources, BERM_TAG_LIST)) return;
    for (uint32_t i = 0; i < berm_part_count(resources); i++) {
        berm_part one = berm_part_element_at(resources, i);
        berm_str address = berm_part_text(one);
        if (names_index(address))
            berm_lint_at_place(lint, BERM_D_LINT_WAIVER_INDEX, scope, berm_part_place(one),
                               "%S names an element by its number", address);
    }
}
