#include "run.h"

#include <stdlib.h>
#include <string.h>

/* --- texts --- */

berm_str str_of(const char *text)
{
    return (berm_str){text, strlen(text)};
}

bool str_equal(berm_str a, berm_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool str_contains(berm_str text, berm_str part)
{
    for (size_t i = 0; i + part.len <= text.len; i++)
        if (part.len == 0 || memcmp(text.ptr + i, part.ptr, part.len) == 0) return true;
    return false;
}

void put_text(buffer *out, const char *ptr, size_t len)
{
    if (out->len + len + 1 > out->cap) {
        size_t cap = (out->len + len + 1) * 2;
        char *grown = realloc(out->ptr, cap);
        if (!grown) abort();
        out->ptr = grown;
        out->cap = cap;
    }
    if (len) memcpy(out->ptr + out->len, ptr, len);
    out->len += len;
    out->ptr[out->len] = 0;
}

berm_str view(const buffer *b)
{
    return (berm_str){b->ptr ? b->ptr : "", b->len};
}

void free_buffer(buffer *b)
{
    free(b->ptr);
    *b = (buffer){0};
}

int write_buffer(void *ctx, const char *ptr, size_t len)
{
    put_text(ctx, ptr, len);
    return 0;
}

/* --- nodes --- */

bool is_given(berm_value value)
{
    return value.store != NULL;
}

static berm_item item_of(berm_value value)
{
    berm_item item = {.size = sizeof item};
    if (!is_given(value) || berm_value_read(value, &item))
        item = (berm_item){.type = BERM_TYPE_OF_MISSING};
    return item;
}

uint32_t type_of(berm_value value)
{
    return item_of(value).type;
}

berm_value member(berm_value map, const char *key)
{
    berm_value found = {NULL, 0};
    if (type_of(map) != BERM_TYPE_OF_MAP || berm_value_find(map, str_of(key), &found))
        return (berm_value){NULL, 0};
    return found;
}

uint64_t count_of(berm_value container)
{
    uint32_t type = type_of(container);
    bool counts = type == BERM_TYPE_OF_LIST || type == BERM_TYPE_OF_MAP || type == BERM_TYPE_OF_SET;
    return counts ? item_of(container).count : 0;
}

berm_value element(berm_value list, uint64_t index)
{
    berm_value found;
    return berm_value_at(list, index, NULL, &found) ? (berm_value){NULL, 0} : found;
}

berm_str text_of(berm_value value)
{
    berm_item item = item_of(value);
    return item.type == BERM_TYPE_OF_STRING ? item.as.s : (berm_str){NULL, 0};
}

berm_str text_member(berm_value map, const char *key)
{
    return text_of(member(map, key));
}

bool bool_member(berm_value map, const char *key, bool otherwise)
{
    berm_item item = item_of(member(map, key));
    return item.type == BERM_TYPE_OF_BOOL ? item.as.u != 0 : otherwise;
}

void check_keys(runner *r, berm_value map, const char *const *known)
{
    if (type_of(map) != BERM_TYPE_OF_MAP) {
        report_fault(r, "a mapping is expected here");
        return;
    }
    for (uint64_t i = 0; i < count_of(map); i++) {
        berm_value key, value;
        bool found = false;
        if (berm_value_at(map, i, &key, &value)) continue;
        for (const char *const *k = known; *k; k++) found |= str_equal(text_of(key), str_of(*k));
        if (!found)
            report_fault(r, "there is no key '%.*s'", (int)text_of(key).len, text_of(key).ptr);
    }
}

/* --- moments: berm reads them itself --- */

static berm_time call_now(runner *r, const char *text, size_t len, const char **why)
{
    berm_source source = {sizeof source, {"now", 3}, {text, len}, BERM_ROLE_EXPRESSION};
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
    berm_policy *policy = NULL;
    berm_value value;
    berm_item item = {.size = sizeof item};
    *why = "not a timestamp";
    if (!berm_policy_compile(r->engine, &input, &policy, NULL, NULL) &&
        !berm_eval_call(r->eval, policy, NULL, (berm_time){0, 0}, &value, NULL) &&
        !berm_value_read(value, &item) && item.type == BERM_TYPE_OF_TIMESTAMP)
        *why = NULL;
    berm_policy_unref(policy);
    return *why ? (berm_time){0, 0} : item.as.t;
}

berm_time read_now(runner *r, berm_value map)
{
    const char *why;
    buffer text = {0};
    if (!is_given(member(map, "now"))) return (berm_time){0, 0};
    put_text(&text, "timestamp('", 11);
    put_text(&text, text_member(map, "now").ptr, text_member(map, "now").len);
    put_text(&text, "')", 2);
    berm_time now = call_now(r, text.ptr, text.len, &why);
    if (why) report_fault(r, "now: %s", why);
    free_buffer(&text);
    return now;
}

/* --- comparing --- */

void put_json(buffer *out, berm_value value)
{
    berm_sink sink = {write_buffer, out};
    berm_error err = {0};
    if (berm_value_json(value, &sink, &err)) put_text(out, err.message, strlen(err.message));
}

static bool same_elements(berm_value got, berm_value wanted)
{
    for (uint64_t i = 0; i < count_of(wanted); i++) {
        berm_value got_key = {NULL, 0}, wanted_key = {NULL, 0}, a, b;
        if (berm_value_at(got, i, &got_key, &a) || berm_value_at(wanted, i, &wanted_key, &b))
            return false;
        if (is_given(wanted_key) && !same_value(got_key, wanted_key)) return false;
        if (!same_value(a, b)) return false;
    }
    return true;
}

bool same_value(berm_value got, berm_value wanted)
{
    berm_item a = item_of(got), b = item_of(wanted);
    if (a.type != b.type) return false;
    switch (a.type) {
    case BERM_TYPE_OF_LIST:
    case BERM_TYPE_OF_MAP: return a.count == b.count && same_elements(got, wanted);
    case BERM_TYPE_OF_STRING: return str_equal(a.as.s, b.as.s);
    case BERM_TYPE_OF_NULL: return true;
    case BERM_TYPE_OF_BOOL:
    case BERM_TYPE_OF_UINT: return a.as.u == b.as.u;
    case BERM_TYPE_OF_INT: return a.as.i == b.as.i;
    case BERM_TYPE_OF_DOUBLE:
        return memcmp(&a.as.d, &b.as.d, sizeof a.as.d) == 0; /* -0.0 is not 0.0, NaN is NaN */
    default: return false;
    }
}

const char *type_name(uint32_t type)
{
    static const char *const names[] = {
        [BERM_TYPE_OF_MISSING] = "missing",
        [BERM_TYPE_OF_NULL] = "null",
        [BERM_TYPE_OF_BOOL] = "bool",
        [BERM_TYPE_OF_INT] = "int",
        [BERM_TYPE_OF_UINT] = "uint",
        [BERM_TYPE_OF_DOUBLE] = "double",
        [BERM_TYPE_OF_STRING] = "string",
        [BERM_TYPE_OF_BYTES] = "bytes",
        [BERM_TYPE_OF_TIMESTAMP] = "timestamp",
        [BERM_TYPE_OF_DURATION] = "duration",
        [BERM_TYPE_OF_LIST] = "list",
        [BERM_TYPE_OF_MAP] = "map",
        [BERM_TYPE_OF_SET] = "set",
        [BERM_TYPE_OF_OPTIONAL] = "optional",
        [BERM_TYPE_OF_OBJECT] = "object",
        [BERM_TYPE_OF_TYPE] = "type",
        [BERM_TYPE_OF_UNKNOWN] = "unknown",
        [BERM_TYPE_OF_ERROR] = "error",
    };
    return type < sizeof names / sizeof *names ? names[type] : "?";
}
