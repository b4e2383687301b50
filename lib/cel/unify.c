/* Which types fit which: unification with variables, gradual, as cel-go's checker has it. */
#include "cel/types.h"

/* Variables may stand for variables for terms with variables: deeper than any one term. */
#define UNIFY_DEPTH_MAX (2 * BERM_TYPE_DEPTH_MAX)

static bool fit_types(berm_types *types, berm_type from, berm_type to, uint32_t depth);
static berm_type join_terms(berm_types *types, berm_type a, berm_type b, uint32_t depth);

/* One step; false where the checker gives up: then everything is dyn, and fits. */
static bool take_type_work(berm_types *types, uint32_t depth)
{
    if (depth == 0) types->work = 0;
    if (types->failed || types->work == 0) return false;
    types->work--;
    return true;
}

/* --- variables --- */

void berm_types_begin(berm_types *types)
{
    types->bound.count = types->trail.count = 0;
    types->work = BERM_TYPE_WORK_MAX;
}

static bool is_variable(const berm_types *types, berm_type type)
{
    return berm_types_head(types, type) == BERM_HEAD_VARIABLE;
}

static berm_type *find_bound(const berm_types *types, berm_type variable)
{
    return &types->bound.items[berm_types_term(types, variable)->first];
}

berm_type berm_types_resolve(const berm_types *types, berm_type type)
{
    while (!types->failed && is_variable(types, type) &&
           *find_bound(types, type) != BERM_TYPE_FREE) {
        type = *find_bound(types, type);
    }
    return type;
}

static bool bind_variable(berm_types *types, berm_type variable, berm_type type)
{
    berm_type *bound = find_bound(types, variable);
    berm_type_trail step = {berm_types_term(types, variable)->first, *bound};
    if (!berm_array_push(types->alloc, &types->trail, step)) {
        types->failed = true;
        return false;
    }
    *bound = type;
    return true;
}

void berm_types_undo(berm_types *types, berm_type_mark mark)
{
    while (types->trail.count > mark.trail) {
        const berm_type_trail *step = &types->trail.items[--types->trail.count];
        types->bound.items[step->variable] = step->was;
    }
    types->bound.count = mark.variables;
}

/* A variable that stood for something it is in would have no end. */
static bool is_in_type(berm_types *types, berm_type variable, berm_type type, uint32_t depth)
{
    if (!take_type_work(types, depth)) return true;
    type = berm_types_resolve(types, type);
    if (type == variable) return true;
    const berm_term *term = berm_types_term(types, type);
    for (uint32_t i = 0; term->open && i < term->count; i++) {
        berm_type argument = berm_types_argument(types, type, i);
        if (is_in_type(types, variable, argument, depth - 1)) return true;
    }
    return false;
}

/* --- fitting --- */

/* Messages, abstract and well-known types may be null: cel-spec, type_deduction,
   legacy_nullable_types. */
static bool is_nullable(const berm_types *types, berm_type type)
{
    unsigned head = berm_types_head(types, type);
    bool object = head > BERM_TYPE_TYPE && head < BERM_TYPE_COUNT;
    return object || head == BERM_TYPE_NULL || head == BERM_TYPE_TIMESTAMP ||
           head == BERM_TYPE_DURATION || head == BERM_TYPE_OPTIONAL || head == BERM_HEAD_WRAPPER ||
           head == BERM_HEAD_NAMED;
}

/* A free variable becomes the type. One that stands for something that fits is widened to what
   takes both: A in [1, dyn(2)] is dyn. */
static bool fit_variable(berm_types *types, berm_type from, berm_type variable, uint32_t depth)
{
    berm_type bound = *find_bound(types, variable);
    if (bound == BERM_TYPE_FREE) {
        return !is_in_type(types, variable, from, depth) && bind_variable(types, variable, from);
    }
    if (is_variable(types, bound)) return fit_types(types, from, bound, depth - 1);
    bool fits = fit_types(types, from, bound, depth - 1) ||
                (bound == BERM_TYPE_NULL && is_nullable(types, from));
    if (!fits) return false;
    berm_type joined = join_terms(types, bound, from, depth - 1);
    if (joined == bound || is_in_type(types, variable, joined, depth)) return true;
    return bind_variable(types, variable, joined);
}

static bool fit_arguments(berm_types *types, berm_type from, berm_type to, uint32_t depth)
{
    const berm_term *a = berm_types_term(types, from), *b = berm_types_term(types, to);
    if (a->head != b->head || a->count != b->count || !berm_str_equal(a->name, b->name)) {
        return false;
    }
    for (uint32_t i = 0, count = a->count; i < count; i++) {
        if (!fit_types(types, berm_types_argument(types, from, i),
                       berm_types_argument(types, to, i), depth - 1)) {
            return false;
        }
    }
    return true;
}

/* Types of types always fit, but say what their parameter is when they can: in cast(x, int). */
static bool fit_type_types(berm_types *types, berm_type from, berm_type to, uint32_t depth)
{
    berm_type_mark mark = berm_types_mark(types);
    if (!fit_arguments(types, from, to, depth)) berm_types_undo(types, mark);
    return true;
}

static bool fit_terms(berm_types *types, berm_type from, berm_type to, uint32_t depth)
{
    unsigned a = berm_types_head(types, from), b = berm_types_head(types, to);
    if (a == BERM_TYPE_DYN || b == BERM_TYPE_DYN) return true;
    if (a == BERM_TYPE_NULL) return is_nullable(types, to);
    if (a == BERM_HEAD_WRAPPER && b != BERM_HEAD_WRAPPER) {
        return fit_types(types, berm_types_argument(types, from, 0), to, depth - 1);
    }
    if (b == BERM_HEAD_WRAPPER && a != BERM_HEAD_WRAPPER) {
        return from == berm_types_argument(types, to, 0);
    }
    if (a == BERM_TYPE_TYPE && b == BERM_TYPE_TYPE) {
        return fit_type_types(types, from, to, depth);
    }
    return fit_arguments(types, from, to, depth);
}

static bool fit_types(berm_types *types, berm_type from, berm_type to, uint32_t depth)
{
    if (!take_type_work(types, depth)) return true;
    from = berm_types_resolve(types, from);
    if (from == berm_types_resolve(types, to)) return true;
    if (is_variable(types, to)) return fit_variable(types, from, to, depth);
    if (!is_variable(types, from)) return fit_terms(types, from, to, depth);
    return !is_in_type(types, from, to, depth) && bind_variable(types, from, to);
}

bool berm_types_fit(berm_types *types, berm_type from, berm_type to)
{
    berm_type_mark mark = berm_types_mark(types);
    if (fit_types(types, from, to, UNIFY_DEPTH_MAX)) return true;
    berm_types_undo(types, mark);
    return false;
}

/* --- joining --- */

static berm_type join_arguments(berm_types *types, berm_type a, berm_type b, uint32_t depth)
{
    const berm_term *left = berm_types_term(types, a), *right = berm_types_term(types, b);
    unsigned head = left->head;
    uint32_t count = left->count;
    berm_str name = left->name;
    berm_type arguments[BERM_TYPE_ARGUMENTS_MAX];
    if (head != right->head || count != right->count || !berm_str_equal(name, right->name)) {
        return BERM_TYPE_DYN;
    }
    for (uint32_t i = 0; i < count; i++) {
        arguments[i] = join_terms(types, berm_types_argument(types, a, i),
                                  berm_types_argument(types, b, i), depth - 1);
    }
    return berm_types_make(types, head, name, arguments, count);
}

/* Of two types that fit one another, whatever of them is more general. */
static berm_type join_terms(berm_types *types, berm_type a, berm_type b, uint32_t depth)
{
    a = berm_types_resolve(types, a);
    b = berm_types_resolve(types, b);
    if (a == b) return a;
    if (!take_type_work(types, depth)) return BERM_TYPE_DYN;
    if (is_variable(types, a)) return a;
    if (is_variable(types, b)) return b;
    if (a == BERM_TYPE_NULL && is_nullable(types, b)) return b;
    if (b == BERM_TYPE_NULL && is_nullable(types, a)) return a;
    unsigned left = berm_types_head(types, a), right = berm_types_head(types, b);
    if (left == BERM_HEAD_WRAPPER && berm_types_argument(types, a, 0) == b) return a;
    if (right == BERM_HEAD_WRAPPER && berm_types_argument(types, b, 0) == a) return b;
    return join_arguments(types, a, b, depth);
}

bool berm_types_join(berm_types *types, berm_type a, berm_type b, berm_type *joined)
{
    bool fits = berm_types_fit(types, b, a) || berm_types_fit(types, a, b);
    *joined = fits ? join_terms(types, a, b, UNIFY_DEPTH_MAX) : BERM_TYPE_DYN;
    return fits;
}

/* --- substitution --- */

static berm_type substitute_type(berm_types *types, berm_type type, bool close, uint32_t depth)
{
    type = berm_types_resolve(types, type);
    const berm_term *term = berm_types_term(types, type);
    if (!term->open) return type;
    if (!take_type_work(types, depth)) return BERM_TYPE_DYN;
    unsigned head = term->head;
    if (head == BERM_HEAD_VARIABLE) return close ? BERM_TYPE_DYN : type;
    berm_str name = term->name;
    berm_type arguments[BERM_TYPE_ARGUMENTS_MAX];
    uint32_t count = term->count;
    for (uint32_t i = 0; i < count; i++) {
        arguments[i] =
            substitute_type(types, berm_types_argument(types, type, i), close, depth - 1);
    }
    return berm_types_make(types, head, name, arguments, count);
}

berm_type berm_types_substitute(berm_types *types, berm_type type, bool close)
{
    return types->failed ? BERM_TYPE_DYN : substitute_type(types, type, close, UNIFY_DEPTH_MAX);
}

static berm_type instantiate_parameter(berm_types *types, berm_type type,
                                       berm_type_instance *instance)
{
    for (uint32_t i = 0; i < instance->count; i++) {
        if (instance->parameters[i] == type) return instance->variables[i];
    }
    if (instance->count == BERM_TYPE_ARGUMENTS_MAX) return BERM_TYPE_DYN;
    instance->parameters[instance->count] = type;
    return instance->variables[instance->count++] = berm_types_variable(types);
}

berm_type berm_types_instantiate(berm_types *types, berm_type type, berm_type_instance *instance)
{
    const berm_term *term = berm_types_term(types, type);
    if (types->failed || !term->open) return type;
    if (term->head == BERM_HEAD_PARAMETER) return instantiate_parameter(types, type, instance);
    unsigned head = term->head;
    berm_str name = term->name;
    berm_type arguments[BERM_TYPE_ARGUMENTS_MAX];
    uint32_t count = term->count;
    for (uint32_t i = 0; i < count; i++) {
        arguments[i] = berm_types_instantiate(types, berm_types_argument(types, type, i), instance);
    }
    return berm_types_make(types, head, name, arguments, count);
}
