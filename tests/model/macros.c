/* Macros as the folds that the language definition expands them to. */
#include "operate.h"
#include "steps.h"

/* What a loop goes over: in lists index and element, in maps key and value. */
typedef struct round {
    const value *first, *second;
} round_of;

typedef struct loop {
    evaluation *e;
    berm_node node;
    const berm_ast_node *at;
    const value *range;
    size_t count;
} loop;

static round_of round_at(const loop *l, size_t i)
{
    if (l->range->kind == V_MAP)
        return (round_of){l->range->items[2 * i], l->range->items[2 * i + 1]};
    return (round_of){make_int(l->e->h, (int64_t)i), l->range->items[i]};
}

/* Child `body` with the variables of this round. With one variable that is the element, or the
   key. */
static const value *run_body(const loop *l, size_t i, uint32_t body)
{
    round_of r = round_at(l, i);
    bool two = l->at->var2.len > 0;
    const variable *outer = l->e->variables;
    variable first = {l->at->var, two || l->range->kind == V_MAP ? r.first : r.second, outer};
    variable second = {l->at->var2, r.second, &first};
    l->e->variables = two ? &second : &first;
    const value *v = evaluate_node(l->e, berm_ast_child(l->e->p->ast, l->node, body));
    l->e->variables = outer;
    return v;
}

/* The filter that stands before the last body, if there is one: true, false, unknown or an
   error. */
static const value *run_filter(const loop *l, size_t i, bool there)
{
    const value *v = there ? run_body(l, i, 1) : make_bool(true);
    return v->kind == V_BOOL || !is_settled(v) ? v : make_error(l->e->h, "NOT_BOOL");
}

/* --- predicates --- */

static const value *run_quantifier(const loop *l)
{
    bool all = l->at->macro == BERM_MACRO_ALL;
    const value *result = make_bool(all);
    for (size_t i = 0; i < l->count; i++) {
        const value *one = run_body(l, i, 1);
        result = all ? both(l->e->h, result, one) : either(l->e->h, result, one);
    }
    return result;
}

static const value *run_exists_one(const loop *l)
{
    size_t found = 0;
    const value *unsettled = NULL;
    for (size_t i = 0; i < l->count; i++) {
        const value *one = run_filter(l, i, true);
        if (one->kind == V_ERROR) return one;
        if (one->kind == V_UNKNOWN) unsettled = one;
        found += is_true(one);
    }
    return unsettled ? unsettled : make_bool(found == 1);
}

/* --- lists --- */

/* The error of a filter ends the fold; that of a body stays in what is collected. */
static const value *run_map(const loop *l, bool filter, uint32_t body)
{
    items mapped = {0};
    const value *unsettled = NULL, *fault = NULL;
    for (size_t i = 0; i < l->count; i++) {
        const value *one = run_filter(l, i, filter);
        if (one->kind == V_ERROR) return one;
        if (one->kind == V_UNKNOWN) unsettled = one;
        if (!is_true(one)) continue;
        const value *v = body                      ? run_body(l, i, body)
                         : l->range->kind == V_MAP ? round_at(l, i).first
                                                   : round_at(l, i).second;
        if (v->kind == V_ERROR && !fault) fault = v;
        items_push(l->e->h, &mapped, v);
    }
    if (fault) return fault;
    return unsettled ? unsettled : make_list(l->e->h, mapped.at, mapped.count);
}

static const value *run_sort_by(const loop *l)
{
    const value *keys = run_map(l, false, 1);
    if (!is_settled(keys)) return keys;
    if (l->range->kind != V_LIST) return no_overload(l->e->h);
    if (holds_unknown(keys)) return make_unknown();
    return sort_values(l->e->h, l->range->items, keys->items, l->count);
}

/* --- maps --- */

/* The members of all `maps` in one; a key may not be in two of them. */
static const value *merge_maps(heap *h, const items *maps)
{
    items members = {0};
    for (size_t m = 0; m < maps->count; m++)
        for (size_t i = 0; i < maps->at[m]->count; i++)
            items_push(h, &members, maps->at[m]->items[i]);
    for (size_t i = 0; i < members.count; i += 2)
        for (size_t j = 0; j < i; j += 2)
            if (same_key(members.at[i], members.at[j])) return make_error(h, "KEY_REPEATED");
    return make_map(h, members.at, members.count);
}

static const value *run_transform_map(const loop *l)
{
    bool entries = l->at->macro == BERM_MACRO_TRANSFORM_MAP_ENTRY, filter = l->at->count == 3;
    heap *h = l->e->h;
    items maps = {0};
    const value *unsettled = NULL, *fault = NULL;
    for (size_t i = 0; i < l->count; i++) {
        const value *one = run_filter(l, i, filter);
        if (one->kind == V_ERROR) return one;
        if (one->kind == V_UNKNOWN) unsettled = one;
        if (!is_true(one)) continue;
        const value *v = run_body(l, i, filter ? 2 : 1), *key = round_at(l, i).first;
        if (v->kind == V_ERROR && !fault) fault = v;
        if (!entries) v = make_map(h, (const value *[]){key, v}, 2);
        if (v->kind == V_UNKNOWN) unsettled = v;
        else items_push(h, &maps, v);
    }
    for (size_t m = 0; m < maps.count && !fault; m++)
        if (maps.at[m]->kind != V_MAP) return no_overload(h);
    if (fault) return fault;
    return unsettled ? unsettled : merge_maps(h, &maps);
}

/* --- all of them --- */

const value *evaluate_loop(evaluation *e, berm_node n)
{
    const berm_ast_node *node = berm_ast_at(e->p->ast, n);
    const value *range = evaluate_node(e, berm_ast_child(e->p->ast, n, 0));
    if (!is_settled(range)) return range;
    if (range->kind != V_LIST && range->kind != V_MAP) return make_error(e->h, "");
    loop l = {e, n, node, range, range->kind == V_MAP ? member_count(range) : range->count};
    switch (node->macro) {
    case BERM_MACRO_ALL:
    case BERM_MACRO_EXISTS: return run_quantifier(&l);
    case BERM_MACRO_EXISTS_ONE: return run_exists_one(&l);
    case BERM_MACRO_FILTER: return run_map(&l, true, 0);
    case BERM_MACRO_MAP:
    case BERM_MACRO_TRANSFORM_LIST: return run_map(&l, node->count == 3, node->count - 1);
    case BERM_MACRO_SORT_BY: return run_sort_by(&l);
    default: return run_transform_map(&l);
    }
}

static const value *run_with(evaluation *e, berm_node n, const value *v)
{
    const berm_ast_node *node = berm_ast_at(e->p->ast, n);
    variable bound = {node->var, v, e->variables};
    e->variables = &bound;
    const value *result = evaluate_node(e, berm_ast_child(e->p->ast, n, 1));
    e->variables = bound.outer;
    return result;
}

/* cel.bind(); optMap(x, e): optional.of(e) where there is something; optFlatMap(x, e): e itself,
   whatever it is. */
const value *evaluate_bind(evaluation *e, berm_node n)
{
    uint8_t macro = berm_ast_at(e->p->ast, n)->macro;
    const value *v = evaluate_node(e, berm_ast_child(e->p->ast, n, 0));
    if (macro == BERM_MACRO_BIND) return run_with(e, n, v);
    if (!is_settled(v)) return v;
    if (v->kind != V_OPTIONAL) return make_error(e->h, "");
    if (v->count == 0) return v;
    const value *result = run_with(e, n, v->items[0]);
    bool wrap = macro == BERM_MACRO_OPT_MAP && is_settled(result);
    return wrap ? make_optional(e->h, result) : result;
}
