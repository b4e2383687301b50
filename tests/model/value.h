/* The model's values: a second, independent idea of what CEL computes with. They share nothing
   with the library's cells; every value is a small immutable struct on an arena, reached by
   pointer, and every operation is written in the most obvious way, whatever it costs. Errors and
   unknowns are values, too. */
#ifndef BERM_MODEL_VALUE_H
#define BERM_MODEL_VALUE_H

#include "base/mem.h"
#include "base/text.h"

typedef enum kind {
    V_NULL,
    V_BOOL,
    V_INT,
    V_UINT,
    V_DOUBLE,
    V_STRING,
    V_BYTES,
    V_TIME,     /* a timestamp */
    V_DURATION, /* i: nanoseconds */
    V_LIST,
    V_MAP, /* items: key, value, key, value, .. in the order they were put */
    V_OPTIONAL,
    V_TYPE,
    V_UNKNOWN,
    V_ERROR,
    V_KINDS
} kind;

typedef struct value value;
struct value {
    kind kind;
    bool more; /* LIST, MAP of the machine's results: more may follow what is known */
    union {
        bool b;
        int64_t i;
        uint64_t u;
        double d;
        berm_str text; /* STRING, BYTES; TYPE: its name; ERROR: its code's name */
        berm_time time;
        struct {
            const value *const *items;
            size_t count; /* of items: a map has half as many members */
        };
    };
};

/* Where values are made. A test program without memory has nothing to report: it ends. */
typedef struct heap {
    berm_arena arena;
    uint64_t work, work_limit; /* of one evaluation; what goes over it is not compared */
} heap;

void heap_begin(heap *h, uint64_t work_limit);
void heap_end(heap *h);
bool heap_spend(heap *h, uint64_t work); /* false: too much by now */
static inline bool heap_spent(const heap *h)
{
    return h->work > h->work_limit;
}
void *heap_new(heap *h, size_t len);
char *heap_text(heap *h, size_t len);

const value *make_null(void);
const value *make_unknown(void);
const value *make_bool(bool b);
const value *make_int(heap *h, int64_t i);
const value *make_uint(heap *h, uint64_t u);
const value *make_double(heap *h, double d);
const value *make_string(heap *h, berm_str text); /* the text is copied */
const value *make_bytes(heap *h, berm_str bytes);
const value *make_time(heap *h, int64_t sec, int32_t nanos); /* TIME_RANGE when it is none */
const value *make_duration(heap *h, int64_t nanos);
const value *make_list(heap *h, const value *const *items, size_t count); /* the array is copied */
const value *make_map(heap *h, const value *const *items, size_t count);
const value *make_more(heap *h, const value *container); /* the same, with `more` */
const value *make_optional(heap *h, const value *of);    /* NULL: none */
const value *make_type(heap *h, const char *name);
/* `code`: as errors.def names it. */
const value *make_error(heap *h, const char *code);
/* No such overload: the commonest of errors. */
const value *no_overload(heap *h);

static inline bool is_number(const value *v)
{
    return v->kind == V_INT || v->kind == V_UINT || v->kind == V_DOUBLE;
}
static inline bool is_settled(const value *v)
{
    return v->kind != V_ERROR && v->kind != V_UNKNOWN;
}
static inline bool is_true(const value *v)
{
    return v->kind == V_BOOL && v->b;
}
static inline bool is_false(const value *v)
{
    return v->kind == V_BOOL && !v->b;
}
static inline size_t member_count(const value *map)
{
    return map->count / 2;
}

/* A list or map that grows. */
typedef struct items {
    const value **at;
    size_t count, cap;
} items;
void items_push(heap *h, items *list, const value *v);

/* A text that grows, on the libc heap. */
void text_begin(berm_text *t);
const value *text_end(heap *h, berm_text *t); /* as a string; frees it */

/* CEL's equality; V_BOOL or unknown (where an unknown inside decides). */
const value *equal_values(const value *a, const value *b);
/* -1, 0, 1; 2: unordered (NaN); 3: there is no such order. */
int order_values(const value *a, const value *b);
/* Numbers as map keys compare: by their exact values. */
bool same_key(const value *a, const value *b);
/* The value at `key`; NULL: none. */
const value *map_get(const value *map, const value *key);
bool is_key(const value *v);
/* Whether an unknown is anywhere in it. */
bool holds_unknown(const value *v);

const char *type_name_of(const value *v);
/* The same kind and the same bits, maps in any order, NaN the same as NaN. An error is like any
   error when one of their codes is not given or `any_error`. With `open`, an unknown in `a` is
   like anything, and what may have more elements is like what has. */
bool same_value(const value *a, const value *b, bool any_error, bool open);
/* CEL text of it, for reports. */
void put_value(berm_text *out, const value *v);

#endif
