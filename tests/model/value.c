#include "value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* --- the heap --- */

void heap_begin(heap *h, uint64_t work_limit)
{
    berm_arena_init(&h->arena, &berm_alloc_libc);
    h->work = 0;
    h->work_limit = work_limit;
}

void heap_end(heap *h)
{
    berm_arena_free(&h->arena);
}

bool heap_spend(heap *h, uint64_t work)
{
    h->work += work;
    return !heap_spent(h);
}

void *heap_new(heap *h, size_t len)
{
    void *ptr = berm_arena_alloc(&h->arena, len ? len : 1);
    if (!ptr) {
        fputs("berm-model: no memory\n", stderr);
        exit(2);
    }
    return ptr;
}

char *heap_text(heap *h, size_t len)
{
    (void)heap_spend(h, len / 16);
    return heap_new(h, len);
}

/* --- making values --- */

static value *new_value(heap *h, kind k)
{
    value *v = heap_new(h, sizeof *v);
    (void)heap_spend(h, 1);
    v->kind = k;
    return v;
}

const value *make_null(void)
{
    static const value null = {.kind = V_NULL};
    return &null;
}

const value *make_unknown(void)
{
    static const value unknown = {.kind = V_UNKNOWN};
    return &unknown;
}

const value *make_bool(bool b)
{
    static const value truths[2] = {{.kind = V_BOOL, .b = false}, {.kind = V_BOOL, .b = true}};
    return &truths[b];
}

const value *make_int(heap *h, int64_t i)
{
    value *v = new_value(h, V_INT);
    v->i = i;
    return v;
}

const value *make_uint(heap *h, uint64_t u)
{
    value *v = new_value(h, V_UINT);
    v->u = u;
    return v;
}

const value *make_double(heap *h, double d)
{
    value *v = new_value(h, V_DOUBLE);
    v->d = d;
    return v;
}

static const value *make_text(heap *h, kind k, berm_str text)
{
    value *v = new_value(h, k);
    char *copy = heap_text(h, text.len);
    if (text.len) memcpy(copy, text.ptr, text.len);
    v->text = (berm_str){copy, text.len};
    return v;
}

const value *make_string(heap *h, berm_str text)
{
    return make_text(h, V_STRING, text);
}

const value *make_bytes(heap *h, berm_str bytes)
{
    return make_text(h, V_BYTES, bytes);
}

const value *make_time(heap *h, int64_t sec, int32_t nanos)
{
    if (sec < -62135596800 || sec > 253402300799) return make_error(h, "");
    value *v = new_value(h, V_TIME);
    v->time = (berm_time){sec, nanos};
    return v;
}

const value *make_duration(heap *h, int64_t nanos)
{
    value *v = new_value(h, V_DURATION);
    v->i = nanos;
    return v;
}

static const value *make_items(heap *h, kind k, const value *const *from, size_t count)
{
    value *v = new_value(h, k);
    const value **copy = heap_new(h, count * sizeof *copy);
    (void)heap_spend(h, count);
    for (size_t i = 0; i < count; i++) copy[i] = from[i];
    v->items = copy;
    v->count = count;
    return v;
}

const value *make_list(heap *h, const value *const *from, size_t count)
{
    return make_items(h, V_LIST, from, count);
}

const value *make_map(heap *h, const value *const *from, size_t count)
{
    return make_items(h, V_MAP, from, count);
}

const value *make_more(heap *h, const value *container)
{
    value *v = new_value(h, container->kind);
    *v = *container;
    v->more = true;
    return v;
}

const value *make_optional(heap *h, const value *of)
{
    return make_items(h, V_OPTIONAL, &of, of ? 1 : 0);
}

const value *make_type(heap *h, const char *name)
{
    return make_text(h, V_TYPE, berm_str_of(name));
}

const value *make_error(heap *h, const char *code)
{
    return make_text(h, V_ERROR, berm_str_of(code));
}

const value *no_overload(heap *h)
{
    return make_error(h, "NO_OVERLOAD");
}

void items_push(heap *h, items *list, const value *v)
{
    if (list->count == list->cap) {
        size_t cap = list->cap ? 2 * list->cap : 8;
        const value **grown = heap_new(h, cap * sizeof *grown);
        for (size_t i = 0; i < list->count; i++) grown[i] = list->at[i];
        list->at = grown;
        list->cap = cap;
    }
    list->at[list->count++] = v;
}

void text_begin(berm_text *t)
{
    berm_text_init(t, &berm_alloc_libc);
}

const value *text_end(heap *h, berm_text *t)
{
    const value *v = make_string(h, berm_text_view(t));
    berm_text_free(t);
    return v;
}

/* --- numbers compared --- */

static int order_doubles(double a, double b)
{
    if (isnan(a) || isnan(b)) return 2;
    return a < b ? -1 : a > b;
}

/* An integer against a double: what is out of the integers' range is decided by that, the rest
   compares as doubles. */
static int order_int_double(int64_t i, double d)
{
    if (isnan(d)) return 2;
    if (d < -9223372036854775808.0) return 1;
    if (d > 9223372036854775808.0) return -1;
    return order_doubles((double)i, d);
}

static int order_uint_double(uint64_t u, double d)
{
    if (isnan(d)) return 2;
    if (d < 0) return 1;
    if (d > 18446744073709551616.0) return -1;
    return order_doubles((double)u, d);
}

static int order_int_uint(int64_t i, uint64_t u)
{
    if (i < 0) return -1;
    uint64_t n = (uint64_t)i;
    return n < u ? -1 : n > u;
}

static int turn_order(int order)
{
    return order == 2 ? 2 : -order;
}

static int order_numbers(const value *a, const value *b)
{
    if (a->kind == V_INT && b->kind == V_INT) return a->i < b->i ? -1 : a->i > b->i;
    if (a->kind == V_UINT && b->kind == V_UINT) return a->u < b->u ? -1 : a->u > b->u;
    if (a->kind == V_DOUBLE && b->kind == V_DOUBLE) return order_doubles(a->d, b->d);
    if (a->kind == V_INT && b->kind == V_UINT) return order_int_uint(a->i, b->u);
    if (a->kind == V_INT) return order_int_double(a->i, b->d);
    if (a->kind == V_UINT && b->kind == V_DOUBLE) return order_uint_double(a->u, b->d);
    return turn_order(order_numbers(b, a));
}

/* --- order --- */

static int order_texts(berm_str a, berm_str b)
{
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        unsigned char x = (unsigned char)a.ptr[i], y = (unsigned char)b.ptr[i];
        if (x != y) return x < y ? -1 : 1;
    }
    return a.len < b.len ? -1 : a.len > b.len;
}

static int order_times(berm_time a, berm_time b)
{
    if (a.sec != b.sec) return a.sec < b.sec ? -1 : 1;
    return a.nanos < b.nanos ? -1 : a.nanos > b.nanos;
}

int order_values(const value *a, const value *b)
{
    if (is_number(a) && is_number(b)) return order_numbers(a, b);
    if (a->kind != b->kind) return 3;
    switch (a->kind) {
    case V_BOOL: return a->b == b->b ? 0 : a->b ? 1 : -1;
    case V_STRING:
    case V_BYTES: return order_texts(a->text, b->text);
    case V_TIME: return order_times(a->time, b->time);
    case V_DURATION: return a->i < b->i ? -1 : a->i > b->i;
    default: return 3;
    }
}

/* --- equality --- */

static const value *equal_items(const value *a, const value *b)
{
    const value *all = make_bool(true);
    if (a->count != b->count) return make_bool(false);
    for (size_t i = 0; i < a->count; i++) {
        const value *one = equal_values(a->items[i], b->items[i]);
        if (is_false(one)) return one;
        if (one->kind == V_UNKNOWN) all = one;
    }
    return all;
}

static const value *equal_maps(const value *a, const value *b)
{
    const value *all = make_bool(true);
    if (a->count != b->count) return make_bool(false);
    for (size_t i = 0; i < a->count; i += 2) {
        const value *other = map_get(b, a->items[i]);
        const value *one = other ? equal_values(a->items[i + 1], other) : make_bool(false);
        if (is_false(one)) return one;
        if (one->kind == V_UNKNOWN) all = one;
    }
    return all;
}

const value *equal_values(const value *a, const value *b)
{
    if (a->kind == V_UNKNOWN || b->kind == V_UNKNOWN) return make_unknown();
    if (is_number(a) && is_number(b)) return make_bool(order_numbers(a, b) == 0);
    if (a->kind != b->kind) return make_bool(false);
    switch (a->kind) {
    case V_NULL: return make_bool(true);
    case V_LIST:
    case V_OPTIONAL: return equal_items(a, b);
    case V_MAP: return equal_maps(a, b);
    case V_TYPE: return make_bool(berm_str_equal(a->text, b->text));
    default: return make_bool(order_values(a, b) == 0);
    }
}

/* --- map keys --- */

bool is_key(const value *v)
{
    return v->kind == V_BOOL || v->kind == V_INT || v->kind == V_UINT || v->kind == V_STRING;
}

/* The integer a number is exactly: as sign and magnitude. */
static bool read_integer(const value *v, bool *negative, uint64_t *magnitude)
{
    if (v->kind == V_UINT) {
        *negative = false;
        *magnitude = v->u;
        return true;
    }
    if (v->kind == V_INT) {
        *negative = v->i < 0;
        *magnitude = *negative ? 0 - (uint64_t)v->i : (uint64_t)v->i;
        return true;
    }
    double d = v->d;
    if (isnan(d) || d != trunc(d) || fabs(d) >= 18446744073709551616.0) return false;
    *negative = d < 0;
    *magnitude = (uint64_t)fabs(d);
    return true;
}

bool same_key(const value *a, const value *b)
{
    bool a_negative, b_negative;
    uint64_t a_magnitude, b_magnitude;
    if (!is_number(a) || !is_number(b)) return is_true(equal_values(a, b));
    return read_integer(a, &a_negative, &a_magnitude) &&
           read_integer(b, &b_negative, &b_magnitude) && a_negative == b_negative &&
           a_magnitude == b_magnitude;
}

const value *map_get(const value *map, const value *key)
{
    for (size_t i = 0; i < map->count; i += 2)
        if (same_key(map->items[i], key)) return map->items[i + 1];
    return NULL;
}

/* --- about values --- */

bool holds_unknown(const value *v)
{
    if (v->kind == V_UNKNOWN) return true;
    if (v->kind != V_LIST && v->kind != V_MAP && v->kind != V_OPTIONAL) return false;
    for (size_t i = 0; i < v->count; i++)
        if (holds_unknown(v->items[i])) return true;
    return false;
}

const char *type_name_of(const value *v)
{
    static const char *const names[V_KINDS] = {
        [V_NULL] = "null_type",
        [V_BOOL] = "bool",
        [V_INT] = "int",
        [V_UINT] = "uint",
        [V_DOUBLE] = "double",
        [V_STRING] = "string",
        [V_BYTES] = "bytes",
        [V_TIME] = "google.protobuf.Timestamp",
        [V_DURATION] = "google.protobuf.Duration",
        [V_LIST] = "list",
        [V_MAP] = "map",
        [V_OPTIONAL] = "optional_type",
        [V_TYPE] = "type",
        [V_UNKNOWN] = "unknown",
        [V_ERROR] = "error",
    };
    return names[v->kind];
}

/* --- identity --- */

static bool same_doubles(double a, double b)
{
    return isnan(a) ? isnan(b) : a == b && signbit(a) == signbit(b);
}

static bool same_count(const value *a, const value *b, bool open)
{
    return open && a->more ? a->count <= b->count : a->count == b->count;
}

static bool same_items(const value *a, const value *b, bool any_error, bool open)
{
    if (!same_count(a, b, open)) return false;
    for (size_t i = 0; i < a->count; i++)
        if (!same_value(a->items[i], b->items[i], any_error, open)) return false;
    return true;
}

static bool same_maps(const value *a, const value *b, bool any_error, bool open)
{
    if (!same_count(a, b, open)) return false;
    for (size_t i = 0; i < a->count; i += 2) {
        size_t j = 0;
        while (j < b->count && !same_value(a->items[i], b->items[j], any_error, false)) j += 2;
        if (j == b->count || !same_value(a->items[i + 1], b->items[j + 1], any_error, open))
            return false;
    }
    return true;
}

bool same_value(const value *a, const value *b, bool any_error, bool open)
{
    if (open && a->kind == V_UNKNOWN) return true;
    if (a->kind != b->kind) return false;
    switch (a->kind) {
    case V_NULL:
    case V_UNKNOWN: return true;
    case V_BOOL: return a->b == b->b;
    case V_DOUBLE: return same_doubles(a->d, b->d);
    case V_STRING:
    case V_BYTES:
    case V_TYPE: return berm_str_equal(a->text, b->text);
    case V_ERROR:
        return any_error || !a->text.len || !b->text.len || berm_str_equal(a->text, b->text);
    case V_TIME: return order_times(a->time, b->time) == 0;
    case V_MAP: return same_maps(a, b, any_error, open);
    case V_LIST:
    case V_OPTIONAL: return same_items(a, b, any_error, open);
    default: return a->u == b->u; /* INT, UINT, DURATION */
    }
}
