#include "policy/sight.h"

#include "policy/host.h"

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

/* --- names that are not there --- */

bool berm_sight_shadows(const berm_ast *ast, const char *name)
{
    for (uint32_t i = 1; i < ast->nodes.count; i++) {
        const berm_ast_node *node = &ast->nodes.items[i];
        if (node->kind != BERM_AST_LOOP && node->kind != BERM_AST_BIND) continue;
        if (berm_str_is(node->var, name) || berm_str_is(node->var2, name)) return true;
    }
    return false;
}

bool berm_sight_fault_unseen(const berm_sight *sight, const berm_ast_node *node,
                             const berm_cel_origin *origin, const char *what,
                             const berm_nearest *nearest)
{
    berm_near_fault(sight->build, berm_cel_place(origin, node->off, node->len),
                    BERM_D_CEL_UNDECLARED, nearest, "the guardrail has no %s `%S`", what,
                    node->name);
    return false;
}

bool berm_sight_check_variable(const berm_sight *sight, const berm_ast_node *node,
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
    return berm_sight_fault_unseen(sight, node, origin, "variable", &nearest);
}
