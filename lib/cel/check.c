/* The type checker: names, fields, literals and operators that are no calls. */
#include "cel/check.h"

#include "cel/checker.h"

/* --- what is wrong --- */

void berm_check_fault(berm_checker *c, berm_diag_id id, uint32_t off, uint32_t len,
                      berm_text *message)
{
    if (!message->failed && c->types->work) {
        berm_cel_fault(&c->faults, id, off, len, "%S", berm_text_view(message));
    }
    berm_check_drop(c, message);
}

void berm_check_drop(berm_checker *c, berm_text *message)
{
    if (message->failed) berm_cel_nomem(&c->faults);
    berm_text_free(message);
}

static void print_closed(berm_checker *c, berm_text *out, berm_type type)
{
    berm_types_print(out, c->types, berm_types_substitute(c->types, type, true));
}

static void report_unexpected(berm_checker *c, berm_node at, berm_text *message, const char *as,
                              berm_type type)
{
    const berm_ast_node *node = berm_ast_at(c->ast, at);
    berm_text_format(message, " %s, found ", as);
    print_closed(c, message, type);
    berm_check_fault(c, BERM_D_CEL_TYPE, node->off, node->len, message);
}

void berm_check_unexpected(berm_checker *c, berm_node at, const char *wanted, const char *as,
                           berm_type type)
{
    berm_text message;
    berm_text_init(&message, c->names.alloc);
    berm_text_format(&message, "expected %s", wanted);
    report_unexpected(c, at, &message, as, type);
}

bool berm_check_expect(berm_checker *c, berm_node at, berm_type type, berm_type wanted,
                       const char *as)
{
    if (berm_types_fit(c->types, type, wanted)) return true;
    berm_text message;
    berm_text_init(&message, c->names.alloc);
    berm_text_put(&message, BERM_STR("expected "));
    print_closed(c, &message, wanted);
    report_unexpected(c, at, &message, as, type);
    return false;
}

/* --- fields --- */

berm_type berm_check_unwrap(const berm_checker *c, berm_type type, bool *optional)
{
    type = berm_types_resolve(c->types, type);
    *optional = berm_types_head(c->types, type) == BERM_TYPE_OPTIONAL;
    return *optional ? berm_types_resolve(c->types, berm_types_argument(c->types, type, 0)) : type;
}

static void report_no_field(berm_checker *c, const berm_ast_node *node, berm_type type)
{
    berm_text message;
    berm_text_init(&message, c->names.alloc);
    berm_text_format(&message, "expected a map to read '%S' of, found ", node->name);
    print_closed(c, &message, type);
    const berm_declared_function *method =
        berm_declarations_find(c->declarations, node->name, true);
    if (method && berm_function_takes(c->declarations, method, 1)) {
        berm_text_format(&message, "; a method is called with brackets: %S()", node->name);
    } else {
        berm_names_print_habit(&message, node->name);
    }
    berm_check_fault(c, BERM_D_CEL_TYPE, node->name_off, node->name_len, &message);
}

/* The type of .x, .?x or has(.x) on a value of type `operand`. What is selected from an optional is
   an optional. */
static berm_type check_field(berm_checker *c, const berm_ast_node *node, berm_type operand)
{
    bool optional;
    berm_type type = berm_check_unwrap(c, operand, &optional), field = BERM_TYPE_DYN;
    unsigned head = berm_types_head(c->types, type);
    if (head == BERM_TYPE_MAP) field = berm_types_argument(c->types, type, 1);
    else if (head == BERM_HEAD_VARIABLE) (void)berm_types_fit(c->types, BERM_TYPE_DYN, type);
    else if (head != BERM_TYPE_DYN) report_no_field(c, node, type);
    if (node->flags & BERM_AST_TEST) return BERM_TYPE_BOOL;
    if (!optional && !(node->flags & BERM_AST_OPTIONAL)) return field;
    return berm_types_over(c->types, BERM_TYPE_OPTIONAL, field);
}

/* --- names --- */

static void report_no_name(berm_checker *c, const berm_named *named)
{
    berm_text message;
    berm_text_init(&message, c->names.alloc);
    const berm_ast_node *at = berm_names_print_unknown(&message, &c->names, named);
    berm_check_fault(c, BERM_D_CEL_UNDECLARED, at->off, at->len, &message);
}

static berm_type find_named_type(berm_checker *c, const berm_named *named)
{
    switch (named->meaning) {
    case BERM_MEANS_LOCAL: return named->value;
    case BERM_MEANS_DECLARED: return c->env->variables[named->value].type;
    case BERM_MEANS_TYPE: return berm_types_over(c->types, BERM_TYPE_TYPE, named->value);
    case BERM_MEANS_AUTHORIZER: return BERM_TYPE_AUTHORIZER;
    default: return BERM_TYPE_DYN;
    }
}

static void note_type(berm_checker *c, berm_node n, berm_type type)
{
    c->ast->nodes.items[n].type = type;
}

/* A name, or plain selections: all of a.b.c together, as lowering does it. */
static berm_type check_chain(berm_checker *c, berm_node n)
{
    berm_named named = berm_names_resolve(&c->names, c->ast, n);
    if (c->names.failed) return BERM_TYPE_DYN;
    if (named.meaning == BERM_MEANS_NOTHING) {
        report_no_name(c, &named);
        return BERM_TYPE_DYN;
    }
    berm_type type;
    if (named.meaning == BERM_MEANS_VALUE) {
        type = berm_check_node(c, c->names.chain.items[0]);
        if (!berm_names_collect(&c->names, c->ast, n)) return BERM_TYPE_DYN;
    } else {
        type = find_named_type(c, &named);
        note_type(c, c->names.chain.items[named.length - 1], type);
    }
    for (uint32_t i = named.length; i < c->names.chain.count; i++) {
        type = check_field(c, berm_names_at(&c->names, i), type);
        note_type(c, c->names.chain.items[i], type);
    }
    return type;
}

static berm_type check_select(berm_checker *c, const berm_ast_node *node, berm_node n)
{
    if (!(node->flags & (BERM_AST_TEST | BERM_AST_OPTIONAL))) return check_chain(c, n);
    return check_field(c, node, berm_check_child(c, node, 0));
}

/* --- literals --- */

static berm_type find_literal_type(const berm_ast_node *node)
{
    switch (node->value.tag) {
    case BERM_TAG_NULL: return BERM_TYPE_NULL;
    case BERM_TAG_BOOL: return BERM_TYPE_BOOL;
    case BERM_TAG_INT: return BERM_TYPE_INT;
    case BERM_TAG_UINT: return BERM_TYPE_UINT;
    case BERM_TAG_DOUBLE: return BERM_TYPE_DOUBLE;
    case BERM_TAG_STRING: return BERM_TYPE_STRING;
    case BERM_TAG_BYTES: return BERM_TYPE_BYTES;
    default: return BERM_TYPE_DYN;
    }
}

/* Joined with the elements before, of which *joined says the type; BERM_TYPE_FREE for none. Mixed
   ones are dyn. */
static void join_element(berm_checker *c, berm_type *joined, berm_type type)
{
    if (*joined == BERM_TYPE_FREE) *joined = type;
    else (void)berm_types_join(c->types, *joined, type, joined);
}

/* [?e] and {?k: e}: e is an optional, what is in it the element. */
static berm_type check_optional_element(berm_checker *c, berm_node n, const char *as)
{
    bool optional;
    berm_type type = berm_check_node(c, n), inner = berm_check_unwrap(c, type, &optional);
    if (optional || inner == BERM_TYPE_DYN) return inner;
    berm_type any = berm_types_variable(c->types);
    if (berm_types_fit(c->types, type, berm_types_over(c->types, BERM_TYPE_OPTIONAL, any))) {
        return any;
    }
    berm_check_unexpected(c, n, "an optional", as, type);
    return BERM_TYPE_DYN;
}

static berm_type check_list(berm_checker *c, const berm_ast_node *node)
{
    berm_type element = BERM_TYPE_FREE;
    for (uint32_t i = 0; i < node->count; i++) {
        berm_ast_link link = c->ast->links.items[node->first + i];
        bool optional = link.flags & BERM_AST_OPTIONAL;
        join_element(c, &element,
                     optional ? check_optional_element(c, link.node, "behind [?")
                              : berm_check_node(c, link.node));
    }
    if (element == BERM_TYPE_FREE) element = berm_types_variable(c->types);
    return berm_types_list(c->types, element);
}

static berm_type check_map(berm_checker *c, const berm_ast_node *node)
{
    berm_type key = BERM_TYPE_FREE, value = BERM_TYPE_FREE;
    for (uint32_t i = 0; i + 1 < node->count; i += 2) {
        berm_ast_link link = c->ast->links.items[node->first + i];
        berm_node item = c->ast->links.items[node->first + i + 1].node;
        bool optional = link.flags & BERM_AST_OPTIONAL;
        join_element(c, &key, berm_check_node(c, link.node));
        join_element(c, &value,
                     optional ? check_optional_element(c, item, "as the value of {?key: value}")
                              : berm_check_node(c, item));
    }
    if (key == BERM_TYPE_FREE) {
        key = berm_types_variable(c->types);
        value = berm_types_variable(c->types);
    }
    return berm_types_map(c->types, key, value);
}

static berm_type check_struct(berm_checker *c, const berm_ast_node *node)
{
    berm_text message;
    berm_text_init(&message, c->names.alloc);
    berm_text_format(&message, "messages cannot be constructed: write a map instead of '%S{..}'",
                     node->name);
    berm_check_fault(c, BERM_D_CEL_FUNCTION, node->off, node->len, &message);
    for (uint32_t i = 1; i < node->count; i += 2) berm_check_child(c, node, i);
    return BERM_TYPE_DYN;
}

/* --- && || ?: --- */

static berm_type check_logic(berm_checker *c, const berm_ast_node *node)
{
    const char *as = node->kind == BERM_AST_AND ? "on each side of &&" : "on each side of ||";
    for (uint32_t i = 0; i < 2; i++) {
        berm_node operand = c->ast->links.items[node->first + i].node;
        berm_check_expect(c, operand, berm_check_node(c, operand), BERM_TYPE_BOOL, as);
    }
    return BERM_TYPE_BOOL;
}

static berm_type check_cond(berm_checker *c, const berm_ast_node *node)
{
    const berm_ast_link *links = &c->ast->links.items[node->first];
    berm_check_expect(c, links[0].node, berm_check_node(c, links[0].node), BERM_TYPE_BOOL,
                      "before ?");
    berm_type yes = berm_check_node(c, links[1].node), no = berm_check_node(c, links[2].node);
    berm_type joined;
    if (!berm_types_join(c->types, yes, no, &joined)) {
        berm_check_expect(c, links[2].node, no, yes, "on both sides of : (dyn(..) fits anything)");
    }
    return joined;
}

/* --- any node --- */

static berm_type check_kind(berm_checker *c, const berm_ast_node *node, berm_node n)
{
    switch (node->kind) {
    case BERM_AST_LITERAL: return find_literal_type(node);
    case BERM_AST_IDENT: return check_chain(c, n);
    case BERM_AST_SELECT: return check_select(c, node, n);
    case BERM_AST_INDEX: return berm_check_index(c, node);
    case BERM_AST_CALL: return berm_check_call(c, node);
    case BERM_AST_AND:
    case BERM_AST_OR: return check_logic(c, node);
    case BERM_AST_COND: return check_cond(c, node);
    case BERM_AST_LIST: return check_list(c, node);
    case BERM_AST_MAP: return check_map(c, node);
    case BERM_AST_STRUCT: return check_struct(c, node);
    case BERM_AST_LOOP: return berm_check_loop(c, node);
    case BERM_AST_BIND: return berm_check_bind(c, node);
    default: return BERM_TYPE_DYN;
    }
}

berm_type berm_check_node(berm_checker *c, berm_node n)
{
    berm_type type = check_kind(c, berm_ast_at(c->ast, n), n);
    note_type(c, n, type);
    return type;
}

/* What variables stand for is known when everything was looked at. */
static void close_node_types(berm_checker *c)
{
    for (uint32_t i = 1; i < c->ast->nodes.count; i++) {
        note_type(c, i, berm_types_substitute(c->types, c->ast->nodes.items[i].type, true));
    }
}

berm_status berm_cel_check(berm_ast *ast, const berm_check_env *env, const berm_cel_origin *origin,
                           berm_diags *diags, berm_type *type)
{
    berm_checker c = {.ast = ast,
                      .env = env,
                      .declarations = env->declarations,
                      .types = &env->declarations->types,
                      .names = {.alloc = ast->arena.alloc, .container = env->container},
                      .faults = {.diags = diags, .origin = origin}};
    if (env->count) {
        c.names.declared =
            (berm_name_list){&env->variables->name, sizeof *env->variables, env->count};
    }
    for (uint32_t i = 1; i < ast->nodes.count; i++) note_type(&c, i, BERM_TYPE_DYN);
    berm_types_begin(c.types);
    berm_check_node(&c, ast->root);
    close_node_types(&c);
    berm_names_free(&c.names);
    if (type) *type = berm_ast_at(ast, ast->root)->type;
    if (c.types->failed || c.names.failed || c.faults.nomem) return BERM_E_NOMEM;
    return c.faults.count ? BERM_E_POLICY : BERM_OK;
}
