/* Which function a call means, and the functions that are of no other file: optionals, base64. */
#include "moment.h"
#include "operate.h"

#define ARGUMENTS_MAX 32

/* --- optionals --- */

static const value *optional_of(heap *h, const value *const *args)
{
    return make_optional(h, args[0]);
}

static const value *optional_none(heap *h, const value *const *args)
{
    (void)args;
    return make_optional(h, NULL);
}

static bool is_zero(const value *v)
{
    switch (v->kind) {
    case V_NULL: return true;
    case V_BOOL: return !v->b;
    case V_DOUBLE: return v->d == 0;
    case V_INT:
    case V_UINT:
    case V_DURATION: return v->u == 0;
    case V_STRING:
    case V_BYTES: return v->text.len == 0;
    case V_LIST:
    case V_MAP: return v->count == 0;
    case V_TIME: return v->time.sec == 0 && v->time.nanos == 0;
    default: return false;
    }
}

static const value *optional_of_non_zero(heap *h, const value *const *args)
{
    return make_optional(h, is_zero(args[0]) ? NULL : args[0]);
}

static const value *unwrap(heap *h, const value *const *args)
{
    items present = {0};
    bool unknown = false;
    for (size_t i = 0; i < args[0]->count; i++) {
        const value *one = args[0]->items[i];
        unknown = unknown || one->kind == V_UNKNOWN;
        if (one->kind != V_OPTIONAL && one->kind != V_UNKNOWN) return make_error(h, "");
        if (one->kind == V_OPTIONAL && one->count) items_push(h, &present, one->items[0]);
    }
    return unknown ? make_unknown() : make_list(h, present.at, present.count);
}

static const value *has_value(heap *h, const value *const *args)
{
    (void)h;
    return make_bool(args[0]->count == 1);
}

static const value *value_of(heap *h, const value *const *args)
{
    return args[0]->count ? args[0]->items[0] : make_error(h, "OPTIONAL_NONE");
}

/* --- base64 --- */

static const char digits64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static const value *base64_encode(heap *h, const value *const *args)
{
    berm_str s = args[0]->text;
    berm_text t;
    text_begin(&t);
    for (size_t i = 0; i < s.len; i += 3) {
        unsigned group = 0;
        for (size_t j = 0; j < 3; j++)
            group = group << 8 | (i + j < s.len ? (unsigned char)s.ptr[i + j] : 0);
        for (size_t j = 0; j < 4; j++) {
            bool padding = j > 1 && i + j - 1 >= s.len;
            berm_text_putc(&t, padding ? '=' : digits64[group >> (18 - 6 * j) & 63]);
        }
    }
    return text_end(h, &t);
}

/* Ends of lines do not count. */
static berm_str without_line_ends(heap *h, berm_str s)
{
    char *kept = heap_text(h, s.len);
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '\n' && s.ptr[i] != '\r') kept[count++] = s.ptr[i];
    return (berm_str){kept, count};
}

static const value *base64_decode(heap *h, const value *const *args)
{
    berm_str s = without_line_ends(h, args[0]->text);
    char *bytes = heap_text(h, s.len + 1);
    size_t count = 0, padding = 0;
    while (padding < 2 && s.len && s.len % 4 == 0 && s.ptr[s.len - 1 - padding] == '=') padding++;
    size_t len = s.len - padding;
    if (len % 4 == 1) return make_error(h, "");
    uint32_t bits = 0;
    for (size_t i = 0; i < len; i++) {
        const char *digit = s.ptr[i] ? strchr(digits64, s.ptr[i]) : NULL;
        if (!digit) return make_error(h, "");
        bits = bits << 6 | (uint32_t)(digit - digits64);
        if (i % 4) bytes[count++] = (char)(bits >> (6 - 2 * (i % 4)));
    }
    return make_bytes(h, (berm_str){bytes, count});
}

const function_row other_rows[] = {
    {"optional.of", false, ".", optional_of},
    {"optional.none", false, "", optional_none},
    {"optional.ofNonZeroValue", false, ".", optional_of_non_zero},
    {"optional.unwrap", false, "l", unwrap},
    {"unwrapOpt", true, "l", unwrap},
    {"hasValue", true, "o", has_value},
    {"value", true, "o", value_of},
    {"base64.encode", false, "y", base64_encode},
    {"base64.decode", false, "s", base64_decode},
    {NULL, false, NULL, NULL},
};

/* --- finding the row --- */

/* b i u d s y(bytes) t(ime) r(duration) l(ist) m(ap) o(ptional) .(any); L and D: a list and
   anything that are looked into */
static bool is_of(const value *v, char kind_letter)
{
    static const char letters[V_KINDS] = {
        [V_BOOL] = 'b',   [V_INT] = 'i',   [V_UINT] = 'u',    [V_DOUBLE] = 'd',
        [V_STRING] = 's', [V_BYTES] = 'y', [V_TIME] = 't',    [V_DURATION] = 'r',
        [V_LIST] = 'l',   [V_MAP] = 'm',   [V_OPTIONAL] = 'o'};
    if (kind_letter == '.' || kind_letter == 'D') return true;
    if (kind_letter == 'L') return v->kind == V_LIST;
    return letters[v->kind] == kind_letter;
}

static bool fits(const function_row *row, const value *const *args, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_of(args[i], row->kinds[i])) return false;
    return true;
}

static bool looks_into_unknown(const function_row *row, const value *const *args)
{
    for (size_t i = 0; row->kinds[i]; i++)
        if (strchr("LD", row->kinds[i]) && holds_unknown(args[i])) return true;
    return false;
}

static bool is_named(const function_row *row, berm_str name, bool method, size_t count)
{
    return row->method == method && strlen(row->kinds) == count && berm_str_is(name, row->name);
}

static const function_row *const all_rows[] = {conversion_rows, string_rows, list_rows, math_rows,
                                               other_rows};

/* The next row of this name behind `last` (NULL: the first). */
static const function_row *next_row(const function_row *last, berm_str name, bool method,
                                    size_t count)
{
    bool past = !last;
    for (size_t i = 0; i < sizeof all_rows / sizeof *all_rows; i++)
        for (const function_row *row = all_rows[i]; row->name; row++) {
            if (past && is_named(row, name, method, count)) return row;
            past = past || row == last;
        }
    return NULL;
}

static bool is_time_part(berm_str name, bool method, size_t count)
{
    static const value nothing = {.kind = V_NULL};
    heap h;
    heap_begin(&h, 100);
    bool found = method && (count == 1 || count == 2) && time_part(&h, name, &nothing, NULL);
    heap_end(&h);
    return found;
}

static bool takes_any_number(berm_str name, bool method, size_t count)
{
    bool named = berm_str_is(name, "math.greatest") || berm_str_is(name, "math.least");
    return !method && count > 1 && named;
}

bool is_function(berm_str name, bool method, size_t count)
{
    return next_row(NULL, name, method, count) || is_time_part(name, method, count) ||
           takes_any_number(name, method, count);
}

static const value *call_rows(heap *h, berm_str name, bool method, const value *const *args,
                              size_t count)
{
    for (const function_row *row = next_row(NULL, name, method, count); row;
         row = next_row(row, name, method, count)) {
        if (!fits(row, args, count)) continue;
        return looks_into_unknown(row, args) ? make_unknown() : row->body(h, args);
    }
    return no_overload(h);
}

const value *call_function(heap *h, berm_str name, bool method, const value *const *args,
                           size_t count)
{
    if (is_time_part(name, method, count))
        return time_part(h, name, args[0], count == 2 ? args[1] : NULL);
    if (takes_any_number(name, method, count)) {
        const value *list = make_list(h, args, count);
        return call_rows(h, name, method, &list, 1);
    }
    return call_rows(h, name, method, args, count);
}
