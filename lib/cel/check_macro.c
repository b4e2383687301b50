/* Macros: what their variables are, and what comes out. */
#include "cel/checker.h"

/* A macro over a container, while it is checked. */
typedef struct loop_types {
    const berm_ast_node *node;
    berm_type range;
    berm_type first, second; /* of one variable: what it is; the index or key, and the element */
    char as[40];             /* "as the predicate of all()" */
} loop_types;

static const char *say_macro_part(loop_types *loop, const char *part)
{
    berm_format_into(loop->as, sizeof loop->as, "as the %s of %S()", part, loop->node->name);
    return loop->as;
}

static berm_node loop_child(const berm_checker *c, const berm_ast_node *node, uint32_t i)
{
    return c->ast->links.items[node->first + i].node;
}

/* --- the range --- */

static void find_loop_types(berm_checker *c, loop_types *loop)
{
    bool two = loop->node->var2.len > 0;
    berm_node at = loop_child(c, loop->node, 0);
    loop->range = berm_types_resolve(c->types, berm_check_node(c, at));
    loop->first = loop->second = BERM_TYPE_DYN;
    switch (berm_types_head(c->types, loop->range)) {
    case BERM_TYPE_LIST:
    case BERM_TYPE_SET:
        loop->first = loop->second = berm_types_argument(c->types, loop->range, 0);
        if (two) loop->first = BERM_TYPE_INT;
        break;
    case BERM_TYPE_MAP:
        loop->first = berm_types_argument(c->types, loop->range, 0);
        loop->second = berm_types_argument(c->types, loop->range, 1);
        break;
    case BERM_TYPE_DYN: break;
    case BERM_HEAD_VARIABLE: (void)berm_types_fit(c->types, BERM_TYPE_DYN, loop->range); break;
    default:
        berm_check_unexpected(c, at, "a list or a map", say_macro_part(loop, "range"), loop->range);
        loop->range = BERM_TYPE_DYN;
    }
}

/* --- bodies --- */

static void check_predicate(berm_checker *c, loop_types *loop)
{
    berm_node at = loop_child(c, loop->node, 1);
    berm_check_expect(c, at, berm_check_node(c, at), BERM_TYPE_BOOL,
                      say_macro_part(loop, "predicate"));
}

/* The body that makes an element, the last; a predicate may stand before it. */
static berm_type check_transform(berm_checker *c, loop_types *loop)
{
    if (loop->node->count == 3) check_predicate(c, loop);
    return berm_check_child(c, loop->node, loop->node->count - 1);
}

static berm_type check_entries(berm_checker *c, loop_types *loop)
{
    berm_type type = check_transform(c, loop);
    berm_type any =
        berm_types_map(c->types, berm_types_variable(c->types), berm_types_variable(c->types));
    berm_node at = loop_child(c, loop->node, loop->node->count - 1);
    if (berm_types_fit(c->types, type, any)) return any;
    berm_check_unexpected(c, at, "a map", say_macro_part(loop, "result"), type);
    return BERM_TYPE_MAP;
}

static berm_type check_sort_by(berm_checker *c, loop_types *loop)
{
    berm_node range = loop_child(c, loop->node, 0), body = loop_child(c, loop->node, 1);
    berm_type key = berm_check_node(c, body);
    if (berm_types_head(c->types, loop->range) == BERM_TYPE_MAP) {
        berm_check_unexpected(c, range, "a list", say_macro_part(loop, "range"), loop->range);
    } else if (!berm_check_ordered(c, key)) {
        berm_check_unexpected(c, body, "a value that has an order", say_macro_part(loop, "key"),
                              key);
    }
    return berm_types_list(c->types, loop->first);
}

static berm_type check_loop_body(berm_checker *c, loop_types *loop)
{
    switch (loop->node->macro) {
    case BERM_MACRO_ALL:
    case BERM_MACRO_EXISTS:
    case BERM_MACRO_EXISTS_ONE: check_predicate(c, loop); return BERM_TYPE_BOOL;
    case BERM_MACRO_FILTER: check_predicate(c, loop); return berm_types_list(c->types, loop->first);
    case BERM_MACRO_MAP:
    case BERM_MACRO_TRANSFORM_LIST: return berm_types_list(c->types, check_transform(c, loop));
    case BERM_MACRO_TRANSFORM_MAP:
        return berm_types_map(c->types, loop->first, check_transform(c, loop));
    case BERM_MACRO_TRANSFORM_MAP_ENTRY: return check_entries(c, loop);
    case BERM_MACRO_SORT_BY: return check_sort_by(c, loop);
    default: return BERM_TYPE_DYN;
    }
}

berm_type berm_check_loop(berm_checker *c, const berm_ast_node *node)
{
    loop_types loop = {.node = node};
    uint32_t locals = c->names.locals.count;
    find_loop_types(c, &loop);
    berm_names_push(&c->names, node->var, loop.first);
    if (node->var2.len > 0) berm_names_push(&c->names, node->var2, loop.second);
    berm_type type = check_loop_body(c, &loop);
    c->names.locals.count = locals;
    return type;
}

/* --- variables without a loop --- */

/* x.optMap(v, body), x.optFlatMap(v, body): what is in x; reports an x that is no optional. */
static berm_type check_opt_range(berm_checker *c, loop_types *loop)
{
    berm_node at = loop_child(c, loop->node, 0);
    berm_type type = berm_check_node(c, at), any = berm_types_variable(c->types);
    if (berm_types_fit(c->types, type, berm_types_over(c->types, BERM_TYPE_OPTIONAL, any))) {
        return berm_types_resolve(c->types, type) == BERM_TYPE_DYN ? BERM_TYPE_DYN : any;
    }
    berm_check_unexpected(c, at, "an optional", say_macro_part(loop, "receiver"), type);
    return BERM_TYPE_DYN;
}

static berm_type check_opt_body(berm_checker *c, loop_types *loop)
{
    berm_node at = loop_child(c, loop->node, 1);
    berm_type type = berm_check_node(c, at);
    if (loop->node->macro == BERM_MACRO_OPT_MAP) {
        return berm_types_over(c->types, BERM_TYPE_OPTIONAL, type);
    }
    if (berm_types_fit(c->types, type, BERM_TYPE_OPTIONAL)) return type;
    berm_check_unexpected(c, at, "an optional", say_macro_part(loop, "result"), type);
    return BERM_TYPE_OPTIONAL;
}

berm_type berm_check_bind(berm_checker *c, const berm_ast_node *node)
{
    loop_types loop = {.node = node};
    uint32_t locals = c->names.locals.count;
    bool plain = node->macro == BERM_MACRO_BIND;
    berm_type init = plain ? berm_check_child(c, node, 0) : check_opt_range(c, &loop);
    berm_names_push(&c->names, node->var, init);
    berm_type type = plain ? berm_check_child(c, node, 1) : check_opt_body(c, &loop);
    c->names.locals.count = locals;
    return type;
}

/* cel.block([a, b], body): @index0, @index1 are variables for the elements behind them and the
   body. */
berm_type berm_check_block(berm_checker *c, const berm_ast_node *node)
{
    uint32_t locals = c->names.locals.count;
    for (uint32_t i = 0; i + 1 < node->count; i++) {
        char buffer[24];
        berm_str name;
        berm_type type = berm_check_child(c, node, i);
        berm_format_into(buffer, sizeof buffer, "@index%u", i);
        if (berm_arena_copy(&c->ast->arena, berm_str_of(buffer), &name)) {
            berm_names_push(&c->names, name, type);
        } else {
            berm_cel_nomem(&c->faults);
        }
    }
    berm_type type = berm_check_child(c, node, node->count - 1);
    c->names.locals.count = locals;
    return type;
}
