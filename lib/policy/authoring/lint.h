/* Lint: policies that compile and are probably not what was meant. Runs over the model that a
   compilation makes; lint.def lists the rules. A comment `# berm: allow B0627` silences
   one, on the line or above it, above the validation, or above the document's first key. */
#ifndef BERM_POLICY_AUTHORING_LINT_H
#define BERM_POLICY_AUTHORING_LINT_H

#include "cel/parser.h"
#include "policy/model.h"

typedef enum berm_lint_sort {
    BERM_LINT_CONDITION,
    BERM_LINT_VARIABLE,
    BERM_LINT_EACH,
    BERM_LINT_VALIDATION,
    BERM_LINT_MESSAGE, /* one for each {expression} */
    BERM_LINT_OTHER    /* of a derived kind */
} berm_lint_sort;

/* An expression of what is looked at, and its tree. */
typedef struct berm_lint_text {
    berm_lint_sort sort;
    uint32_t index; /* of the condition, variable or validation it belongs to */
    berm_part item; /* that one */
    berm_expr expr;
    berm_ast ast;
    bool looks; /* at the document, itself or through variables */
} berm_lint_text;

/* Something that holds where the walk is: has(a.b), or 'b' in a. */
typedef struct berm_lint_known {
    const berm_ast *ast;
    berm_node node;
} berm_lint_known;

typedef struct berm_lint {
    berm_build *build;
    const berm_guardrail_def *guardrail; /* NULL: a derived kind or another document */
    berm_part document;
    BERM_ARRAY(berm_lint_text)
    texts; /* of the guardrail: variables in order, before what uses them */
    /* --- of the walk through one expression --- */
    const berm_lint_text *text;
    BERM_ARRAY(berm_lint_known) known;
    bool condition; /* the node is one: of && || ! ?: and loops, or the whole */
    bool constant;  /* it is part of something that is always the same */
} berm_lint;

/* Everything; findings are warnings and notes in build->diags. Without the model where there are
   faults (`sound` says). */
void berm_lint_run(berm_build *build, const berm_policy_file *files, uint32_t count, bool sound);

/* Reports at a node of the text that is walked through; at a part of `item`, or of the document. */
void berm_lint_at_node(berm_lint *lint, berm_diag_id id, berm_node node, const char *format, ...);
void berm_lint_at_place(berm_lint *lint, berm_diag_id id, berm_part item, berm_place place,
                        const char *format, ...);
static inline const berm_ast_node *berm_lint_node(const berm_lint *lint, berm_node node)
{
    return berm_ast_at(&lint->text->ast, node);
}
static inline berm_node berm_lint_child(const berm_lint *lint, berm_node node, uint32_t i)
{
    return berm_ast_child(&lint->text->ast, node, i);
}
static inline berm_str berm_lint_words(const berm_lint *lint, berm_node node)
{
    const berm_ast_node *n = berm_lint_node(lint, node);
    return berm_str_cut(lint->text->ast.text, n->off, (size_t)n->off + n->len);
}
static inline bool berm_lint_is_call(const berm_ast_node *node, const char *name)
{
    return node->kind == BERM_AST_CALL && berm_str_is(node->name, name);
}

#define BERM_LINT_RULE_node(function) void function(berm_lint *lint, berm_node node)
#define BERM_LINT_RULE_validation(function) void function(berm_lint *lint, uint32_t validation)
#define BERM_LINT_RULE_guardrail(function) void function(berm_lint *lint)
#define BERM_LINT_RULE_document(function) void function(berm_lint *lint)
#define BERM_LINT(where, id, function) BERM_LINT_RULE_##where(function);
#include "policy/authoring/lint.def"
#undef BERM_LINT

#endif
