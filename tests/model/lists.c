/* Lists, and lists as sets. */
#include "operate.h"

#include <math.h>

/* --- sorting --- */

/* Numbers have an order that NaN has a place in: the last. 3: none. */
static int order_keys(const value *a, const value *b)
{
    int order = order_values(a, b);
    if (order != 2) return order;
    bool a_nan = a->kind == V_DOUBLE && isnan(a->d), b_nan = b->kind == V_DOUBLE && isnan(b->d);
    return a_nan == b_nan ? 0 : a_nan ? 1 : -1;
}

const value *sort_values(heap *h, const value *const *values, const value *const *keys,
                         size_t count)
{
    const value **sorted = heap_new(h, (count + 1) * sizeof *sorted);
    const value **by = heap_new(h, (count + 1) * sizeof *by);
    (void)heap_spend(h, count * count / 4);
    for (size_t i = 0; i < count; i++)
        if (keys[i]->kind != keys[0]->kind || order_keys(keys[i], keys[0]) == 3)
            return no_overload(h);
    for (size_t i = 0; i < count; i++) {
        size_t j = i;
        for (; j > 0 && order_keys(by[j - 1], keys[i]) > 0; j--) {
            by[j] = by[j - 1];
            sorted[j] = sorted[j - 1];
        }
        by[j] = keys[i];
        sorted[j] = values[i];
    }
    return make_list(h, sorted, count);
}

static const value *sort(heap *h, const value *const *args)
{
    return sort_values(h, args[0]->items, args[0]->items, args[0]->count);
}

/* --- parts --- */

static const value *slice(heap *h, const value *const *args)
{
    int64_t from = args[1]->i, to = args[2]->i;
    if (from < 0 || to < 0 || from > to || (uint64_t)to > args[0]->count) return make_error(h, "");
    return make_list(h, args[0]->items + from, (size_t)(to - from));
}

/* False: an element that is to be flattened is unknown. */
static bool put_flat(heap *h, items *flat, const value *list, int64_t depth)
{
    for (size_t i = 0; i < list->count; i++) {
        const value *item = list->items[i];
        if (depth > 0 && item->kind == V_UNKNOWN) return false;
        if (depth == 0 || item->kind != V_LIST) items_push(h, flat, item);
        else if (!put_flat(h, flat, item, depth - 1)) return false;
    }
    return true;
}

static const value *flatten_by(heap *h, const value *list, int64_t depth)
{
    items flat = {0};
    if (depth < 0) return make_error(h, "");
    return put_flat(h, &flat, list, depth) ? make_list(h, flat.at, flat.count) : make_unknown();
}

static const value *flatten(heap *h, const value *const *args)
{
    return flatten_by(h, args[0], 1);
}

static const value *flatten_depth(heap *h, const value *const *args)
{
    return flatten_by(h, args[0], args[1]->i);
}

static const value *range(heap *h, const value *const *args)
{
    items numbers = {0};
    if (args[0]->i < 0) return make_error(h, "");
    if (args[0]->i > 100000) {
        (void)heap_spend(h, UINT64_MAX / 2); /* too much for the model, not for CEL */
        return make_error(h, "");
    }
    for (int64_t i = 0; i < args[0]->i; i++) items_push(h, &numbers, make_int(h, i));
    return make_list(h, numbers.at, numbers.count);
}

static const value *distinct(heap *h, const value *const *args)
{
    items found = {0};
    for (size_t i = 0; i < args[0]->count; i++) {
        bool seen = false;
        for (size_t j = 0; j < found.count && !seen; j++)
            seen = is_true(equal_values(found.at[j], args[0]->items[i]));
        if (!seen) items_push(h, &found, args[0]->items[i]);
    }
    return make_list(h, found.at, found.count);
}

static const value *reverse(heap *h, const value *const *args)
{
    items turned = {0};
    for (size_t i = args[0]->count; i-- > 0;) items_push(h, &turned, args[0]->items[i]);
    return make_list(h, turned.at, turned.count);
}

static const value *first(heap *h, const value *const *args)
{
    return make_optional(h, args[0]->count ? args[0]->items[0] : NULL);
}

static const value *last(heap *h, const value *const *args)
{
    return make_optional(h, args[0]->count ? args[0]->items[args[0]->count - 1] : NULL);
}

static const value *as_list(heap *h, const value *const *args)
{
    const value *v = args[0];
    if (v->kind == V_OPTIONAL && v->count == 0) return make_list(h, NULL, 0);
    if (v->kind == V_OPTIONAL) v = v->items[0];
    if (!is_settled(v) || v->kind == V_LIST) return v;
    return make_list(h, &v, v->kind != V_NULL);
}

/* --- what Kubernetes adds --- */

static const value *list_index_of(heap *h, const value *const *args)
{
    for (size_t i = 0; i < args[0]->count; i++)
        if (is_true(equal_values(args[0]->items[i], args[1]))) return make_int(h, (int64_t)i);
    return make_int(h, -1);
}

static const value *list_last_index_of(heap *h, const value *const *args)
{
    for (size_t i = args[0]->count; i-- > 0;)
        if (is_true(equal_values(args[0]->items[i], args[1]))) return make_int(h, (int64_t)i);
    return make_int(h, -1);
}

/* --- sets --- */

static const value *contains_all(heap *h, const value *whole, const value *part)
{
    const value *all = make_bool(true);
    for (size_t i = 0; i < part->count; i++) {
        const value *one = find_in(h, part->items[i], whole);
        if (is_false(one)) return one;
        if (one->kind == V_UNKNOWN) all = one;
    }
    return all;
}

static const value *sets_contains(heap *h, const value *const *args)
{
    return contains_all(h, args[0], args[1]);
}

static const value *sets_equivalent(heap *h, const value *const *args)
{
    const value *there = contains_all(h, args[0], args[1]);
    const value *back = contains_all(h, args[1], args[0]);
    return is_true(there) || is_false(back) ? back : there;
}

static const value *sets_intersects(heap *h, const value *const *args)
{
    const value *any = make_bool(false);
    for (size_t i = 0; i < args[1]->count; i++) {
        const value *one = find_in(h, args[1]->items[i], args[0]);
        if (is_true(one)) return one;
        if (one->kind == V_UNKNOWN) any = one;
    }
    return any;
}

const function_row list_rows[] = {
    {"sort", true, "L", sort},
    {"slice", true, "lii", slice},
    {"flatten", true, "l", flatten},
    {"flatten", true, "li", flatten_depth},
    {"lists.range", false, "i", range},
    {"distinct", true, "L", distinct},
    {"reverse", true, "l", reverse},
    {"first", true, "l", first},
    {"last", true, "l", last},
    {"indexOf", true, "LD", list_index_of},
    {"lastIndexOf", true, "LD", list_last_index_of},
    {"asList", false, ".", as_list},
    {"sets.contains", false, "ll", sets_contains},
    {"sets.equivalent", false, "ll", sets_equivalent},
    {"sets.intersects", false, "ll", sets_intersects},
    {NULL, false, NULL, NULL},
};
