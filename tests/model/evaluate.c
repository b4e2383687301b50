#include "evaluate.h"

#include "operate.h"
#include "steps.h"

#include <stdio.h>

#define NAME_MAX_LEN 256

static const berm_ast_node *node_at(const evaluation *e, berm_node n)
{
    return berm_ast_at(e->p->ast, n);
}

static berm_node child_of(const evaluation *e, berm_node n, uint32_t i)
{
    return berm_ast_child(e->p->ast, n, i);
}

static bool child_is_optional(const evaluation *e, const berm_ast_node *node, uint32_t i)
{
    return e->p->ast->links.items[node->first + i].flags & BERM_AST_OPTIONAL;
}

/* --- names --- */

static const value *find_local(const variable *v, berm_str name)
{
    while (v && !berm_str_equal(v->name, name)) v = v->outer;
    return v ? v->value : NULL;
}

static const value *find_global(const evaluation *e, const char *name)
{
    static const char *const types[] = {"bool",
                                        "int",
                                        "uint",
                                        "double",
                                        "string",
                                        "bytes",
                                        "list",
                                        "map",
                                        "null_type",
                                        "type",
                                        "optional_type",
                                        "google.protobuf.Timestamp",
                                        "google.protobuf.Duration"};
    for (size_t i = e->p->binding_count; i-- > 0;)
        if (strcmp(e->p->bindings[i].name, name) == 0) return e->p->bindings[i].value;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i], name) == 0) return make_type(e->h, name);
    return NULL;
}

/* A.B.name, A.name, name in the container A.B */
static const value *find_in_container(const evaluation *e, const char *name, bool absolute)
{
    char candidate[2 * NAME_MAX_LEN];
    size_t len = absolute ? 0 : strlen(e->p->container);
    for (;;) {
        snprintf(candidate, sizeof candidate, "%.*s%s%s", (int)len, e->p->container, len ? "." : "",
                 name);
        const value *found = find_global(e, candidate);
        if (found || len == 0) return found;
        while (len > 0 && e->p->container[len - 1] != '.') len--;
        if (len > 0) len--;
    }
}

/* The dotted name that the node spells, a.b.c; false when it spells none. */
static bool spell_name(const evaluation *e, berm_node n, berm_text *out, const berm_ast_node **head)
{
    const berm_ast_node *node = node_at(e, n);
    if (node->kind == BERM_AST_IDENT) {
        *head = node;
        berm_text_put(out, node->name);
        return true;
    }
    if (node->kind != BERM_AST_SELECT || node->flags) return false;
    if (!spell_name(e, child_of(e, n, 0), out, head)) return false;
    berm_text_format(out, ".%S", node->name);
    return true;
}

/* NULL: as a whole, the node is no name. */
static const value *evaluate_name(evaluation *e, berm_node n)
{
    berm_text name;
    const berm_ast_node *head;
    const value *found = NULL;
    text_begin(&name);
    if (spell_name(e, n, &name, &head)) {
        bool absolute = head->flags & BERM_AST_ABSOLUTE;
        const value *local = absolute ? NULL : find_local(e->variables, head->name);
        berm_text_putc(&name, 0);
        if (!local) found = find_in_container(e, name.ptr, absolute);
        else if (node_at(e, n) == head) found = local;
    }
    berm_text_free(&name);
    return found;
}

/* --- parts of values --- */

static const value *select_member(heap *h, const value *of, const value *key, bool optional)
{
    const value *found = map_get(of, key);
    if (optional) return make_optional(h, found);
    return found ? found : make_error(h, "NO_SUCH_KEY");
}

static const value *select_field(heap *h, const value *of, berm_str name, bool optional)
{
    if (!is_settled(of)) return of;
    if (of->kind == V_OPTIONAL) {
        if (of->count == 0) return of;
        of = of->items[0];
        optional = true;
    }
    if (!is_settled(of)) return of;
    if (of->kind != V_MAP) return no_overload(h);
    return select_member(h, of, make_string(h, name), optional);
}

static const value *test_field(heap *h, const value *of, berm_str name)
{
    if (!is_settled(of)) return of;
    if (of->kind == V_OPTIONAL && of->count == 0) return make_bool(false);
    if (of->kind == V_OPTIONAL) of = of->items[0];
    if (!is_settled(of)) return of;
    if (of->kind != V_MAP) return no_overload(h);
    return make_bool(map_get(of, make_string(h, name)) != NULL);
}

/* Whether a number is one that an int can be. */
static bool is_int(const value *v)
{
    if (v->kind == V_UINT) return v->u <= INT64_MAX;
    if (v->kind != V_DOUBLE) return true;
    return v->d > -9223372036854775808.0 && v->d < 9223372036854775808.0 && same_key(v, v);
}

static const value *index_list(heap *h, const value *list, const value *key, bool optional)
{
    if (!is_number(key)) return make_error(h, "INDEX_TYPE");
    for (size_t i = 0; i < list->count; i++)
        if (same_key(make_int(h, (int64_t)i), key))
            return optional ? make_optional(h, list->items[i]) : list->items[i];
    if (!is_int(key)) return make_error(h, "");
    return optional ? make_optional(h, NULL) : make_error(h, "INDEX_RANGE");
}

static const value *index_value(heap *h, const value *of, const value *key, bool optional)
{
    if (of->kind == V_OPTIONAL) {
        if (of->count == 0) return of;
        of = of->items[0];
        optional = true;
    }
    if (!is_settled(of)) return of;
    if (of->kind == V_LIST) return index_list(h, of, key, optional);
    if (of->kind != V_MAP) return no_overload(h);
    if (!is_key(key) && key->kind != V_DOUBLE) return make_error(h, "");
    return select_member(h, of, key, optional);
}

static const value *evaluate_select(evaluation *e, berm_node n)
{
    const berm_ast_node *node = node_at(e, n);
    bool test = node->flags & BERM_AST_TEST;
    const value *named = test ? NULL : evaluate_name(e, n);
    if (named) return named;
    const value *of = evaluate_node(e, child_of(e, n, 0));
    if (test) return test_field(e->h, of, node->name);
    return select_field(e->h, of, node->name, node->flags & BERM_AST_OPTIONAL);
}

static const value *evaluate_index(evaluation *e, berm_node n)
{
    const value *of = evaluate_node(e, child_of(e, n, 0));
    const value *key = evaluate_node(e, child_of(e, n, 1));
    const value *unsettled = first_unsettled((const value *[]){of, key}, 2);
    if (unsettled) return unsettled;
    return index_value(e->h, of, key, node_at(e, n)->flags & BERM_AST_OPTIONAL);
}

/* --- literals --- */

static const value *evaluate_literal(evaluation *e, const berm_ast_node *node)
{
    switch (node->value.tag) {
    case BERM_TAG_NULL: return make_null();
    case BERM_TAG_BOOL: return make_bool(node->value.as.u != 0);
    case BERM_TAG_INT: return make_int(e->h, node->value.as.i);
    case BERM_TAG_UINT: return make_uint(e->h, node->value.as.u);
    case BERM_TAG_DOUBLE: return make_double(e->h, node->value.as.d);
    case BERM_TAG_STRING: return make_string(e->h, node->name);
    default: return make_bytes(e->h, node->name);
    }
}

/* An element [?e] or a member {?k: e}: what is in the optional, NULL when nothing is; an error
   for what is none. */
static const value *open_optional(heap *h, const value *v)
{
    if (!is_settled(v)) return v;
    if (v->kind != V_OPTIONAL) return make_error(h, "NOT_OPTIONAL");
    return v->count ? v->items[0] : NULL;
}

static const value *evaluate_list(evaluation *e, berm_node n)
{
    const berm_ast_node *node = node_at(e, n);
    items elements = {0};
    bool uncertain = false;
    for (uint32_t i = 0; i < node->count; i++) {
        const value *v = evaluate_node(e, child_of(e, n, i));
        if (child_is_optional(e, node, i)) {
            uncertain = uncertain || v->kind == V_UNKNOWN;
            v = open_optional(e->h, v);
        }
        if (v && v->kind == V_ERROR) return v;
        if (v) items_push(e->h, &elements, v);
    }
    return uncertain ? make_unknown() : make_list(e->h, elements.at, elements.count);
}

static const value *check_key(heap *h, const value *key)
{
    if (!is_settled(key)) return key;
    return is_key(key) ? NULL : make_error(h, "KEY_TYPE");
}

/* The map, unless a key is there twice or (`unknown`) not known. */
static const value *finish_map(heap *h, const items *members, const value *unknown)
{
    for (size_t i = 0; i < members->count; i += 2)
        for (size_t j = 0; j < i; j += 2)
            if (same_key(members->at[i], members->at[j])) return make_error(h, "KEY_REPEATED");
    return unknown ? unknown : make_map(h, members->at, members->count);
}

/* An error of any member is the map's; else an unknown key or an unknown optional is. */
static const value *evaluate_map(evaluation *e, berm_node n)
{
    const berm_ast_node *node = node_at(e, n);
    items members = {0};
    const value *unknown = NULL;
    for (uint32_t i = 0; i < node->count; i += 2) {
        const value *key = evaluate_node(e, child_of(e, n, i));
        const value *v = evaluate_node(e, child_of(e, n, i + 1));
        bool optional = child_is_optional(e, node, i);
        if (key->kind == V_ERROR) return key;
        if (optional) v = open_optional(e->h, v);
        const value *fault = check_key(e->h, key);
        if (fault && fault->kind == V_ERROR) return fault;
        if (!v && fault) unknown = fault;
        if (!v) continue;
        if (v->kind == V_ERROR) return v;
        if (fault || (optional && v->kind == V_UNKNOWN)) unknown = make_unknown();
        items_push(e->h, &members, key);
        items_push(e->h, &members, v);
    }
    return finish_map(e->h, &members, unknown);
}

/* --- calls --- */

const value *first_unsettled(const value *const *args, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (args[i]->kind == V_UNKNOWN) return args[i];
    for (size_t i = 0; i < count; i++)
        if (args[i]->kind == V_ERROR) return args[i];
    return NULL;
}

static const value *turn_truth(const value *v)
{
    return v->kind == V_BOOL ? make_bool(!v->b) : v;
}

static const value *compare(heap *h, berm_str sign, const value *a, const value *b)
{
    int order = order_values(a, b);
    if (order == 3) return no_overload(h);
    if (order == 2) return make_bool(false);
    if (berm_str_is(sign, "_<_")) return make_bool(order < 0);
    if (berm_str_is(sign, "_<=_")) return make_bool(order <= 0);
    if (berm_str_is(sign, "_>_")) return make_bool(order > 0);
    return make_bool(order >= 0);
}

/* NULL: `name` is no operator. */
static const value *operate(heap *h, berm_str name, const value *const *args)
{
    if (berm_str_is(name, "_+_")) return add_values(h, args[0], args[1]);
    if (berm_str_is(name, "_-_")) return subtract_values(h, args[0], args[1]);
    if (berm_str_is(name, "_*_")) return multiply_values(h, args[0], args[1]);
    if (berm_str_is(name, "_/_")) return divide_values(h, args[0], args[1]);
    if (berm_str_is(name, "_%_")) return modulo_values(h, args[0], args[1]);
    if (berm_str_is(name, "-_")) return negate_value(h, args[0]);
    if (berm_str_is(name, "!_"))
        return args[0]->kind == V_BOOL ? make_bool(!args[0]->b) : no_overload(h);
    if (berm_str_is(name, "_==_")) return equal_values(args[0], args[1]);
    if (berm_str_is(name, "_!=_")) return turn_truth(equal_values(args[0], args[1]));
    if (berm_str_is(name, "@in")) return find_in(h, args[0], args[1]);
    if (berm_str_starts(name, BERM_STR("_"))) {
        bool relation = berm_str_is(name, "_<_") || berm_str_is(name, "_<=_") ||
                        berm_str_is(name, "_>_") || berm_str_is(name, "_>=_");
        if (relation) return compare(h, name, args[0], args[1]);
    }
    return NULL;
}

/* optional.or(optional), optional.orValue(value): the second counts only when the first has
   nothing. */
static const value *call_or(heap *h, bool wants_value, const value *const *args)
{
    if (!is_settled(args[0])) return args[0];
    if (args[0]->kind != V_OPTIONAL) return make_error(h, "");
    if (args[0]->count) return wants_value ? args[0]->items[0] : args[0];
    bool fine = wants_value || !is_settled(args[1]) || args[1]->kind == V_OPTIONAL;
    return fine ? args[1] : make_error(h, "");
}

static const value *call_values(evaluation *e, berm_str name, bool method, const value *const *args,
                                size_t count)
{
    if (method && count == 2 && (berm_str_is(name, "or") || berm_str_is(name, "orValue")))
        return call_or(e->h, berm_str_is(name, "orValue"), args);
    bool is_operator = name.len && !method && (strchr("_-!@", name.ptr[0]) != NULL);
    if (!is_operator && !is_function(name, method, count))
        return make_error(e->h, "NO_SUCH_FUNCTION");
    const value *unsettled = first_unsettled(args, count);
    if (unsettled) return unsettled;
    const value *result = is_operator ? operate(e->h, name, args) : NULL;
    return result ? result : call_function(e->h, name, method, args, count);
}

/* math.abs(x): the receiver is a part of the name when there is such a function. */
static const value *call_qualified(evaluation *e, berm_node n, const value *const *args)
{
    const berm_ast_node *node = node_at(e, n), *head;
    berm_text name;
    const value *result = NULL;
    text_begin(&name);
    if (spell_name(e, child_of(e, n, 0), &name, &head) &&
        ((head->flags & BERM_AST_ABSOLUTE) || !find_local(e->variables, head->name))) {
        berm_text_format(&name, ".%S", node->name);
        berm_str spelled = berm_text_view(&name);
        if (is_function(spelled, false, node->count - 1))
            result = call_values(e, spelled, false, args + 1, node->count - 1);
    }
    berm_text_free(&name);
    return result;
}

static const value *evaluate_call(evaluation *e, berm_node n)
{
    const berm_ast_node *node = node_at(e, n);
    bool method = node->flags & BERM_AST_RECEIVER;
    const value **args = heap_new(e->h, (node->count + 1) * sizeof *args);
    for (uint32_t i = 0; i < node->count; i++) args[i] = evaluate_node(e, child_of(e, n, i));
    const value *qualified = method ? call_qualified(e, n, args) : NULL;
    return qualified ? qualified : call_values(e, node->name, method, args, node->count);
}

/* --- logic --- */

static const value *as_condition(heap *h, const value *v)
{
    return v->kind == V_BOOL || !is_settled(v) ? v : make_error(h, "NOT_BOOL");
}

const value *both(heap *h, const value *a, const value *b)
{
    if (is_false(a) || is_false(b)) return make_bool(false);
    if (is_true(a) && is_true(b)) return a;
    a = as_condition(h, a);
    b = as_condition(h, b);
    if (a->kind == V_UNKNOWN || b->kind == V_UNKNOWN) return make_unknown();
    return a->kind == V_ERROR ? a : b;
}

const value *either(heap *h, const value *a, const value *b)
{
    if (is_true(a) || is_true(b)) return make_bool(true);
    if (is_false(a) && is_false(b)) return a;
    a = as_condition(h, a);
    b = as_condition(h, b);
    if (a->kind == V_UNKNOWN || b->kind == V_UNKNOWN) return make_unknown();
    return a->kind == V_ERROR ? a : b;
}

static const value *evaluate_choice(evaluation *e, berm_node n)
{
    const value *condition = as_condition(e->h, evaluate_node(e, child_of(e, n, 0)));
    if (!is_settled(condition)) return condition;
    return evaluate_node(e, child_of(e, n, condition->b ? 1 : 2));
}

/* --- all of them --- */

const value *evaluate_node(evaluation *e, berm_node n)
{
    const berm_ast_node *node = node_at(e, n);
    if (!heap_spend(e->h, 1)) return make_error(e->h, "");
    switch (node->kind) {
    case BERM_AST_LITERAL: return evaluate_literal(e, node);
    case BERM_AST_IDENT: {
        const value *named = evaluate_name(e, n);
        return named ? named : make_error(e->h, "UNDECLARED");
    }
    case BERM_AST_SELECT: return evaluate_select(e, n);
    case BERM_AST_INDEX: return evaluate_index(e, n);
    case BERM_AST_CALL: return evaluate_call(e, n);
    case BERM_AST_AND:
        return both(e->h, evaluate_node(e, child_of(e, n, 0)), evaluate_node(e, child_of(e, n, 1)));
    case BERM_AST_OR:
        return either(e->h, evaluate_node(e, child_of(e, n, 0)),
                      evaluate_node(e, child_of(e, n, 1)));
    case BERM_AST_COND: return evaluate_choice(e, n);
    case BERM_AST_LIST: return evaluate_list(e, n);
    case BERM_AST_MAP: return evaluate_map(e, n);
    case BERM_AST_LOOP: return evaluate_loop(e, n);
    case BERM_AST_BIND: return evaluate_bind(e, n);
    default: return make_error(e->h, "");
    }
}

const value *evaluate(heap *h, const program *p)
{
    evaluation e = {h, p, NULL};
    return evaluate_node(&e, p->ast->root);
}
