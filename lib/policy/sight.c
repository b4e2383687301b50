#include "policy/sight.h"

#include "policy/host.h"
#include "policy/match.h"
#include "policy/regex_check.h"

#define SIGHT_VIEW(name) (1u << BERM_VIEW_##name)
#define SIGHT_KINDS (SIGHT_VIEW(KIND) | SIGHT_VIEW(KIND_ITEM))
#define SIGHT_LISTINGS (SIGHT_VIEW(LISTING) | SIGHT_VIEW(TAGS))
#define SIGHT_TARGETS (SIGHT_VIEW(DETECT) | SIGHT_VIEW(DOCUMENT) | SIGHT_LISTINGS)

/* Where each slot may be used; `item` and `key` come and go with `each`. */
static const uint32_t sight_views[BERM_SLOT_COUNT] = {
    [BERM_SLOT_OBJECT] = SIGHT_VIEW(GUARDRAIL) | SIGHT_KINDS | SIGHT_VIEW(TAGS) |
                         SIGHT_VIEW(EXPRESSION) | SIGHT_VIEW(ADMISSION),
    [BERM_SLOT_OLD_OBJECT] = SIGHT_VIEW(GUARDRAIL) | SIGHT_VIEW(ADMISSION),
    [BERM_SLOT_RESOURCE] = SIGHT_VIEW(GUARDRAIL) | SIGHT_KINDS,
    [BERM_SLOT_PARENT] = SIGHT_VIEW(GUARDRAIL) | SIGHT_KINDS | SIGHT_LISTINGS,
    [BERM_SLOT_ITEM] = SIGHT_VIEW(KIND_ITEM) | SIGHT_LISTINGS,
    [BERM_SLOT_KEY] = SIGHT_VIEW(KIND_ITEM) | SIGHT_LISTINGS,
    [BERM_SLOT_NOW] = SIGHT_VIEW(GUARDRAIL) | SIGHT_VIEW(EXPRESSION),
    [BERM_SLOT_REQUEST] = SIGHT_VIEW(GUARDRAIL),
    [BERM_SLOT_INPUT] = SIGHT_TARGETS,
    [BERM_SLOT_PARENT_RESOURCE] = SIGHT_KINDS,
    [BERM_SLOT_PATH] = SIGHT_LISTINGS,
    [BERM_SLOT_PARENTS] = SIGHT_LISTINGS,
    [BERM_SLOT_FORMAT] = SIGHT_VIEW(DETECT),
};

static const char *const sight_names[BERM_SLOT_COUNT] = {
#define BERM_SLOT(id, name, where) [BERM_SLOT_##id] = name,
#include "policy/slots.def"
#undef BERM_SLOT
};

void berm_sight_declare(berm_build *build)
{
    berm_declarations *declarations = &build->declarations;
    berm_status status = berm_declarations_init(declarations, build->alloc);
    if (status == BERM_OK) status = berm_hosts_add(build->hosts, declarations);
    if (status != BERM_OK) berm_build_fail(build, status);
}

/* --- names --- */

static void declare_type(berm_sight *sight, berm_str name, berm_type type)
{
    berm_declared declared = {name, type};
    if (!berm_array_push(sight->build->alloc, &sight->declared, declared)) {
        berm_build_fail(sight->build, BERM_E_NOMEM);
    }
}

void berm_sight_add(berm_sight *sight, berm_binding binding, berm_type type)
{
    declare_type(sight, binding.name, type);
    if (!berm_array_push(sight->build->alloc, &sight->bindings, binding)) {
        berm_build_fail(sight->build, BERM_E_NOMEM);
    }
}

static berm_type find_slot_type(const berm_sight *sight, uint32_t slot)
{
    switch (slot) {
    case BERM_SLOT_RESOURCE:
    case BERM_SLOT_PARENT_RESOURCE:
        return berm_types_map(&sight->build->declarations.types, BERM_TYPE_STRING, BERM_TYPE_DYN);
    case BERM_SLOT_NOW: return BERM_TYPE_TIMESTAMP;
    case BERM_SLOT_FORMAT: return BERM_TYPE_STRING;
    case BERM_SLOT_PATH:
    case BERM_SLOT_PARENTS:
        return berm_types_list(&sight->build->declarations.types, BERM_TYPE_DYN);
    default: return BERM_TYPE_DYN; /* documents have no schema */
    }
}

static void add_slot(berm_sight *sight, uint32_t slot, berm_type type)
{
    berm_sight_add(sight, (berm_binding){berm_str_of(sight_names[slot]), BERM_BIND_SLOT, slot},
                   type);
}

void berm_sight_init(berm_sight *sight, berm_build *build, berm_view view)
{
    *sight = (berm_sight){.build = build};
    declare_type(sight, BERM_STR("variables"), BERM_TYPE_DYN);
    for (uint32_t slot = 0; slot < BERM_SLOT_COUNT; slot++) {
        if (sight_views[slot] & 1u << view) add_slot(sight, slot, find_slot_type(sight, slot));
    }
}

void berm_sight_free(berm_sight *sight)
{
    berm_array_free(sight->build->alloc, &sight->bindings);
    berm_array_free(sight->build->alloc, &sight->declared);
}

/* "params" "x" as "params.x", in the build's arena. */
static berm_str join_names(berm_build *build, berm_str first, berm_str second)
{
    char *text = berm_build_alloc(build, first.len + second.len + 1, 1);
    if (!text) return first;
    memcpy(text, first.ptr, first.len);
    text[first.len] = '.';
    if (second.len) memcpy(text + first.len + 1, second.ptr, second.len);
    return (berm_str){text, first.len + second.len + 1};
}

/* Records are maps whose values have one type or any. */
static berm_type convert_param_type(berm_types *types, const berm_param_type *type)
{
    berm_type value = BERM_TYPE_DYN;
    if (!type) return value;
    switch (type->sort) {
    case BERM_PARAM_STRING:
    case BERM_PARAM_REGEX: return BERM_TYPE_STRING;
    case BERM_PARAM_INT: return BERM_TYPE_INT;
    case BERM_PARAM_DOUBLE: return BERM_TYPE_DOUBLE;
    case BERM_PARAM_BOOL: return BERM_TYPE_BOOL;
    case BERM_PARAM_TIMESTAMP: return BERM_TYPE_TIMESTAMP;
    case BERM_PARAM_DURATION: return BERM_TYPE_DURATION;
    case BERM_PARAM_LIST: return berm_types_list(types, convert_param_type(types, type->item));
    case BERM_PARAM_MAP: value = convert_param_type(types, type->item); break;
    case BERM_PARAM_RECORD:
        for (uint32_t i = 0; i < type->fields.count; i++) {
            berm_type field = convert_param_type(types, type->fields.items[i].type);
            if (i == 0) value = field;
            else if (field != value) value = BERM_TYPE_DYN;
        }
    }
    return berm_types_map(types, BERM_TYPE_STRING, value);
}

static void add_param(berm_sight *sight, berm_str name, berm_cell value, berm_type type)
{
    berm_build *build = sight->build;
    if (value.tag == BERM_TAG_MISSING)
        value = berm_cell_of(BERM_TAG_NULL); /* reported where it is missing */
    uint32_t cell = berm_codegen_constant(&build->gen, &build->space, value);
    berm_sight_add(sight, (berm_binding){name, BERM_BIND_CONST, cell}, type);
}

void berm_sight_add_params(berm_sight *sight, berm_cell map, const berm_cell *values)
{
    const berm_parameter_defs *parameters = &sight->guardrail->parameters;
    berm_build *build = sight->build;
    berm_types *types = &build->declarations.types;
    add_param(sight, BERM_STR("params"), map,
              berm_types_map(types, BERM_TYPE_STRING, BERM_TYPE_DYN));
    for (uint32_t i = 0; values && i < parameters->count; i++) {
        const berm_parameter_def *def =
            berm_parameter_definition(build->model, &parameters->items[i]);
        add_param(sight, join_names(build, BERM_STR("params"), parameters->items[i].name),
                  values[i], convert_param_type(types, def ? def->type : NULL));
    }
}

void berm_sight_add_variable(berm_sight *sight, uint32_t block, berm_type type)
{
    const berm_named_expr *variable = &sight->guardrail->variables.items[sight->variable_count++];
    berm_str name = join_names(sight->build, BERM_STR("variables"), variable->name);
    /* One that did not compile is known all the same, so that its users are not reported, too. */
    if (block == BERM_NO_ROW)
        berm_sight_add(sight, (berm_binding){name, BERM_BIND_SLOT, BERM_SLOT_OBJECT},
                       BERM_TYPE_DYN);
    else berm_sight_add(sight, (berm_binding){name, BERM_BIND_ONCE, block}, type);
}

void berm_sight_add_element(berm_sight *sight, berm_type elements)
{
    const berm_types *types = &sight->build->declarations.types;
    berm_type item = BERM_TYPE_DYN, key = BERM_TYPE_DYN;
    unsigned head =
        elements == BERM_TYPE_DYN ? (unsigned)BERM_TYPE_DYN : berm_types_head(types, elements);
    if (head == BERM_TYPE_LIST) {
        item = berm_types_argument(types, elements, 0);
        key = BERM_TYPE_INT;
    } else if (head == BERM_TYPE_MAP) {
        key = berm_types_argument(types, elements, 0);
        item = berm_types_argument(types, elements, 1);
    }
    add_slot(sight, BERM_SLOT_ITEM, item);
    add_slot(sight, BERM_SLOT_KEY, key);
}

void berm_sight_drop_element(berm_sight *sight)
{
    if (sight->bindings.count < 2 || sight->declared.count < 2) return;
    sight->bindings.count -= 2;
    sight->declared.count -= 2;
}

berm_scope berm_sight_scope(const berm_sight *sight)
{
    return (berm_scope){.bindings = sight->bindings.items,
                        .count = sight->bindings.count,
                        .hosts = sight->build->hosts};
}

/* --- checks --- */

static bool is_shadowed(const berm_ast *ast, const char *name)
{
    for (uint32_t i = 1; i < ast->nodes.count; i++) {
        const berm_ast_node *node = &ast->nodes.items[i];
        if (node->kind != BERM_AST_LOOP && node->kind != BERM_AST_BIND) continue;
        if (berm_str_is(node->var, name) || berm_str_is(node->var2, name)) return true;
    }
    return false;
}

/* `name`.x without ? and outside has() */
static bool selects_from(const berm_ast *ast, const berm_ast_node *node, const char *name)
{
    if (node->kind != BERM_AST_SELECT || (node->flags & (BERM_AST_OPTIONAL | BERM_AST_TEST)))
        return false;
    const berm_ast_node *from = berm_ast_at(ast, ast->links.items[node->first].node);
    return from->kind == BERM_AST_IDENT && berm_str_is(from->name, name);
}

static bool fault_unseen(const berm_sight *sight, const berm_ast_node *node,
                         const berm_cel_origin *origin, const char *what,
                         const berm_nearest *nearest)
{
    berm_near_fault(sight->build, berm_cel_place(origin, node->off, node->len),
                    BERM_D_CEL_UNDECLARED, nearest, "the guardrail has no %s `%S`", what,
                    node->name);
    return false;
}

static bool check_param_use(const berm_sight *sight, const berm_ast_node *node,
                            const berm_cel_origin *origin)
{
    const berm_parameter_defs *parameters = &sight->guardrail->parameters;
    berm_nearest nearest = {.wanted = node->name};
    for (uint32_t i = 0; i < parameters->count; i++) {
        if (berm_str_equal(parameters->items[i].name, node->name)) return true;
        berm_nearest_offer(&nearest, parameters->items[i].name);
    }
    return fault_unseen(sight, node, origin, "parameter", &nearest);
}

static bool check_variable_use(const berm_sight *sight, const berm_ast_node *node,
                               const berm_cel_origin *origin)
{
    const berm_named_exprs *variables = &sight->guardrail->variables;
    berm_nearest nearest = {.wanted = node->name};
    for (uint32_t i = 0; i < variables->count; i++) {
        if (!berm_str_equal(variables->items[i].name, node->name)) {
            berm_nearest_offer(&nearest, variables->items[i].name);
            continue;
        }
        if (i < sight->variable_count) return true;
        berm_place_fault(
            sight->build, berm_cel_place(origin, node->off, node->len), BERM_D_CEL_UNDECLARED,
            i == sight->variable_count
                ? "the variable `%S` uses itself"
                : "the variable `%S` stands further down: a variable sees those above it",
            node->name);
        return false;
    }
    return fault_unseen(sight, node, origin, "variable", &nearest);
}

/* linked() and resources() say which kind they ask for, so that only such are looked up; they and
   configured() ask about the resource that is judged. */
static bool check_call(const berm_sight *sight, const berm_ast *ast, const berm_ast_node *node,
                       const berm_cel_origin *origin)
{
    bool join = berm_str_is(node->name, "linked") || berm_str_is(node->name, "resources");
    bool asks = join || berm_str_is(node->name, "configured");
    bool one =
        node->kind == BERM_AST_CALL && !(node->flags & BERM_AST_RECEIVER) && node->count == 1;
    if (!asks || !one) return true;
    berm_place place = berm_cel_place(origin, node->off, node->len);
    const berm_ast_node *kind = berm_ast_at(ast, ast->links.items[node->first].node);
    bool literal = kind->kind == BERM_AST_LITERAL && kind->value.tag == BERM_TAG_STRING;
    if (sight->guardrail && join && literal)
        berm_match_join(sight->build, &sight->guardrail->match, kind->name, place);
    if (sight->guardrail && (!join || literal)) return true;
    berm_place_fault(sight->build, place, BERM_D_POLICY_UNSUPPORTED,
                     sight->guardrail ? "%S() takes a kind in quotes, not an expression"
                                      : "%S() is for guardrails alone",
                     node->name);
    return false;
}

/* A pattern that is a literal; others are looked at when they are used. */
static bool check_pattern(const berm_sight *sight, const berm_ast *ast, const berm_ast_node *node,
                          const berm_cel_origin *origin)
{
    if (node->kind != BERM_AST_CALL || !berm_str_is(node->name, "matches") || node->count != 2)
        return true;
    const berm_ast_node *pattern = berm_ast_at(ast, ast->links.items[node->first + 1].node);
    if (pattern->kind != BERM_AST_LITERAL || pattern->value.tag != BERM_TAG_STRING) return true;
    return berm_pattern_check(sight->build, pattern->name,
                              berm_cel_place(origin, pattern->off, pattern->len));
}

/* What the checker could only call undeclared: parameters and variables that are not there (yet);
   patterns that are none; and what is joined. */
static bool check_uses(const berm_sight *sight, const berm_ast *ast, const berm_cel_origin *origin)
{
    bool params = sight->guardrail && !sight->guardrail->admission && !is_shadowed(ast, "params");
    bool variables = sight->guardrail && !is_shadowed(ast, "variables");
    bool good = true;
    for (uint32_t i = 1; i < ast->nodes.count; i++) {
        const berm_ast_node *node = &ast->nodes.items[i];
        good &= check_call(sight, ast, node, origin);
        good &= check_pattern(sight, ast, node, origin);
        if (params && selects_from(ast, node, "params"))
            good &= check_param_use(sight, node, origin);
        if (variables && selects_from(ast, node, "variables")) {
            good &= check_variable_use(sight, node, origin);
        }
    }
    return good;
}

static bool is_host_name(const berm_hosts *hosts, const char *first)
{
    size_t len = strlen(first);
    for (uint32_t i = 0; hosts && i < hosts->items.count; i++) {
        berm_str name = hosts->items.items[i].name;
        if (name.len > len && name.ptr[len] == '.' && !memcmp(name.ptr, first, len)) return true;
    }
    return false;
}

/* Names of Kyverno that stand for a cluster. */
static const char *find_cluster_name(const berm_ast_node *node)
{
    static const char *const names[] = {"resource", "http", "globalContext"};
    for (size_t i = 0; node->kind == BERM_AST_IDENT && i < sizeof names / sizeof *names; i++)
        if (berm_str_is(node->name, names[i])) return names[i];
    return NULL;
}

static bool check_cluster_uses(const berm_sight *sight, const berm_ast *ast,
                               const berm_cel_origin *origin)
{
    bool good = true;
    for (uint32_t i = 1; i < ast->nodes.count; i++) {
        const berm_ast_node *node = &ast->nodes.items[i];
        const char *name = find_cluster_name(node);
        if (!name || is_shadowed(ast, name) || is_host_name(sight->build->hosts, name)) continue;
        berm_place_fault(sight->build, berm_cel_place(origin, node->off, node->len),
                         BERM_D_POLICY_UNSUPPORTED,
                         "`%s` asks a cluster, and the host has no function for it", name);
        good = false;
    }
    return good;
}

/* In Kubernetes `variables` is an object that has what is declared: there has(variables.x) is true.
   (Of a variable that errs it errs; here its use does.) */
static bool settle_variable_test(const berm_sight *sight, const berm_ast *ast, berm_ast_node *node,
                                 const berm_cel_origin *origin)
{
    if (node->kind != BERM_AST_SELECT || !(node->flags & BERM_AST_TEST)) return true;
    const berm_ast_node *from = berm_ast_at(ast, ast->links.items[node->first].node);
    if (from->kind != BERM_AST_IDENT || !berm_str_is(from->name, "variables")) return true;
    bool seen = check_variable_use(sight, node, origin);
    node->kind = BERM_AST_LITERAL;
    node->flags = 0;
    node->count = 0;
    node->value = berm_cell_bool(true);
    return seen;
}

static bool check_admission(const berm_sight *sight, berm_ast *ast, const berm_cel_origin *origin)
{
    bool good = check_cluster_uses(sight, ast, origin);
    bool shadowed = is_shadowed(ast, "variables");
    for (uint32_t i = 1; i < ast->nodes.count && !shadowed; i++)
        good &= settle_variable_test(sight, ast, &ast->nodes.items[i], origin);
    return good;
}

/* `variables` itself is a name only where check_uses said what is wrong with those below it. */
berm_status berm_sight_check(const berm_sight *sight, berm_ast *ast, const berm_cel_origin *origin,
                             berm_type *type)
{
    berm_build *build = sight->build;
    if (berm_build_status(build) != BERM_OK) return berm_build_status(build);
    if (sight->guardrail && sight->guardrail->admission && !check_admission(sight, ast, origin))
        return BERM_E_POLICY;
    bool sound = check_uses(sight, ast, origin);
    berm_check_env env = {.declarations = &build->declarations,
                          .variables = sight->declared.items + sound,
                          .count = sight->declared.count - sound};
    berm_status status = berm_cel_check(ast, &env, origin, build->diags, type);
    return status == BERM_OK && !sound ? BERM_E_POLICY : status;
}
