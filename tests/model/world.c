#include "world.h"

#include "moment.h"

#include <math.h>

#define COUNT_OF(array) (uint32_t)(sizeof(array) / sizeof *(array))

/* --- scalars: what is near an edge, and a few small ones so that different places agree --- */

const char *pick_string(dice *d)
{
    static const char *const common[] = {"", "a", "b", "c", "ab", "abc", "name", "x", "1", "2"};
    static const char *const rare[] = {"A",
                                       "aXb",
                                       "-1",
                                       "0",
                                       "1.5",
                                       "1e3",
                                       "NaN",
                                       "true",
                                       "True",
                                       "TRUE",
                                       "t",
                                       "TrUe",
                                       "+5",
                                       "18446744073709551615",
                                       "9223372036854775808",
                                       "-9223372036854775808",
                                       " 1",
                                       "hello world",
                                       "tacocat",
                                       "\xc3\xa9",
                                       "e\xcc\x81",
                                       "\xe6\x97\xa5\xe6\x9c\xac",
                                       "\xf0\x9f\x98\x80z",
                                       "a b",
                                       "  pad\t",
                                       "\xc2\xa0x\xe3\x80\x80",
                                       "/",
                                       "-",
                                       ",",
                                       "a,b,,c",
                                       "%s",
                                       "%d|%s",
                                       "%",
                                       "*",
                                       "a*",
                                       "?b*",
                                       "a\nb",
                                       "\r\n",
                                       "it's \"q\"",
                                       "\\",
                                       "\x01\x7f",
                                       "UTC",
                                       "+05:30",
                                       "-00:30",
                                       "02:00",
                                       "YWJj",
                                       "YWI=",
                                       "YQ",
                                       "a-b",
                                       "nginx:1.25",
                                       "2024-02-29T12:34:56Z",
                                       "1h30m",
                                       "in",
                                       "a.b",
                                       "\xef\xbf\xbd",
                                       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    return dice_percent(d, 60) ? common[dice_below(d, COUNT_OF(common))]
                               : rare[dice_below(d, COUNT_OF(rare))];
}

int64_t pick_int(dice *d)
{
    static const int64_t edges[] = {-1,
                                    -2,
                                    5,
                                    7,
                                    10,
                                    63,
                                    64,
                                    100,
                                    255,
                                    1000,
                                    86400,
                                    INT64_MAX,
                                    INT64_MIN,
                                    INT64_MAX - 1,
                                    INT64_MIN + 1,
                                    9007199254740992,
                                    9007199254740993,
                                    4294967296,
                                    -2147483648,
                                    1000000000,
                                    1234567890,
                                    -62135596800,
                                    253402300799,
                                    3037000500};
    return dice_percent(d, 60) ? (int64_t)dice_below(d, 4) : edges[dice_below(d, COUNT_OF(edges))];
}

uint64_t pick_uint(dice *d)
{
    static const uint64_t edges[] = {5,
                                     7,
                                     10,
                                     64,
                                     255,
                                     UINT64_MAX,
                                     UINT64_MAX - 1,
                                     9223372036854775808u,
                                     9223372036854775807u,
                                     9007199254740993u,
                                     4294967296u};
    return dice_percent(d, 60) ? dice_below(d, 4) : edges[dice_below(d, COUNT_OF(edges))];
}

double pick_double(dice *d)
{
    static const double edges[] = {-0.0,
                                   -1.0,
                                   0.1,
                                   1.5,
                                   2.5,
                                   -2.5,
                                   3.5,
                                   1e308,
                                   -1.7e308,
                                   5e-324,
                                   2.2250738585072014e-308,
                                   9007199254740992.0,
                                   9223372036854775808.0,
                                   -9223372036854775808.0,
                                   18446744073709551616.0,
                                   9223372036854774784.0,
                                   1e21,
                                   1e20,
                                   1e-6,
                                   1e-7,
                                   123456789.125,
                                   0.30000000000000004,
                                   1e100,
                                   -0.5,
                                   100.0,
                                   1.0e15,
                                   4.35,
                                   1e22};
    if (dice_percent(d, 4)) return NAN;
    if (dice_percent(d, 4)) return dice_percent(d, 50) ? INFINITY : -INFINITY;
    return dice_percent(d, 50) ? (double)dice_below(d, 4) : edges[dice_below(d, COUNT_OF(edges))];
}

const char *pick_time(dice *d)
{
    static const char *const texts[] = {
        "1970-01-01T00:00:00Z",           "2009-02-13T23:31:30Z",
        "2024-02-29T12:34:56.789Z",       "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z", "2023-12-31T23:59:59-11:30",
        "2000-03-01T00:00:00+14:00",      "1969-12-31T23:59:59.5Z",
        "1900-01-01T00:00:00.000001Z",    "2009-02-13T23:31:30.000000001+00:00"};
    static const char *const wrong[] = {"2023-02-29T00:00:00Z",
                                        "2009-02-13T24:00:00Z",
                                        "2009-02-13T23:31:60Z",
                                        "2009-02-13t23:31:30Z",
                                        "2009-02-13T23:31:30z",
                                        "2009-02-13T23:31:30",
                                        "0000-01-01T00:00:00Z",
                                        "9999-12-31T23:59:59-01:00",
                                        "2009-2-13T23:31:30Z",
                                        "2009-02-13 23:31:30Z",
                                        "now"};
    return dice_percent(d, 92) ? texts[dice_below(d, COUNT_OF(texts))]
                               : wrong[dice_below(d, COUNT_OF(wrong))];
}

const char *pick_duration(dice *d)
{
    static const char *const texts[] = {"0",
                                        "0s",
                                        "1s",
                                        "60s",
                                        "1m",
                                        "1h30m",
                                        "-1.5s",
                                        "1.5h",
                                        "100ms",
                                        "1us",
                                        "1ns",
                                        "-2m3.25s",
                                        "+1h",
                                        ".5s",
                                        "1.s",
                                        "24h",
                                        "8760h",
                                        "2562047h47m16.854775807s",
                                        "-2562047h47m16.854775808s",
                                        "999999999ns",
                                        "0.000000001s",
                                        "1h1m1s1ms1us1ns"};
    static const char *const wrong[] = {
        "", "1", "1d", "s", "1 s", "--1s", "2562047h47m16.854775808s", "1h-1m", "1e3s", "."};
    return dice_percent(d, 92) ? texts[dice_below(d, COUNT_OF(texts))]
                               : wrong[dice_below(d, COUNT_OF(wrong))];
}

/* --- values --- */

static const char *pick_key(dice *d)
{
    static const char *const keys[] = {"a",      "b",  "c", "name",     "x",    "spec",
                                       "my-key", "in", "1", "\xc3\xa9", "Name", ""};
    return keys[dice_below(d, dice_percent(d, 70) ? 5 : COUNT_OF(keys))];
}

static const value *make_key(heap *h, dice *d, uint32_t style)
{
    switch (style) {
    case 0: return make_int(h, pick_int(d));
    case 1: return make_uint(h, pick_uint(d));
    case 2: return make_bool(dice_percent(d, 50));
    case 3: return make_int(h, (int64_t)dice_below(d, 100));
    default: return make_string(h, berm_str_of(pick_key(d)));
    }
}

static const value *make_random_map(heap *h, dice *d, int depth)
{
    items members = {0};
    uint32_t style = dice_percent(d, 85) ? 4 : dice_below(d, 4), count = dice_below(d, 5);
    bool mixed = dice_percent(d, 5), large = dice_percent(d, 3);
    if (large) count = 17 + dice_below(d, 24);
    for (uint32_t i = 0; i < count; i++) {
        const value *key = make_key(h, d, mixed ? dice_below(d, 5) : style);
        bool there = false;
        if (large && style == 4) {
            char name[2] = {(char)('A' + i % 58), 0};
            key = make_string(h, berm_str_of(name));
        }
        for (size_t j = 0; j < members.count; j += 2) there = there || same_key(members.at[j], key);
        if (there) continue;
        items_push(h, &members, key);
        items_push(h, &members, make_value(h, d, V_KINDS, large ? 0 : depth - 1));
    }
    return make_map(h, members.at, members.count);
}

static const value *make_random_list(heap *h, dice *d, int depth)
{
    static const kind kinds[] = {V_INT, V_INT,  V_STRING, V_STRING, V_DOUBLE, V_MAP,
                                 V_MAP, V_LIST, V_KINDS,  V_BOOL,   V_UINT};
    items elements = {0};
    kind k = kinds[dice_below(d, COUNT_OF(kinds))];
    uint32_t count = dice_percent(d, 3) ? 20 : dice_below(d, 5);
    for (uint32_t i = 0; i < count; i++) items_push(h, &elements, make_value(h, d, k, depth - 1));
    return make_list(h, elements.at, elements.count);
}

static kind pick_kind(dice *d, int depth)
{
    static const kind kinds[] = {V_NULL,   V_BOOL,   V_BOOL,   V_INT,    V_INT,      V_INT,
                                 V_INT,    V_STRING, V_STRING, V_STRING, V_STRING,   V_DOUBLE,
                                 V_DOUBLE, V_UINT,   V_BYTES,  V_TIME,   V_DURATION, V_LIST,
                                 V_LIST,   V_LIST,   V_LIST,   V_LIST,   V_MAP,      V_MAP,
                                 V_MAP,    V_MAP,    V_MAP,    V_MAP};
    return kinds[dice_below(d, depth > 0 ? COUNT_OF(kinds) : 17)];
}

/* One that is always right: a document holds no errors. */
static const value *make_moment(heap *h, dice *d, kind k)
{
    const value *v;
    do {
        v = k == V_TIME ? parse_time(h, berm_str_of(pick_time(d)))
                        : parse_duration(h, berm_str_of(pick_duration(d)));
    } while (v->kind == V_ERROR);
    return v;
}

const value *make_value(heap *h, dice *d, kind k, int depth)
{
    if (k == V_KINDS) k = pick_kind(d, depth);
    switch (k) {
    case V_NULL: return make_null();
    case V_BOOL: return make_bool(dice_percent(d, 50));
    case V_INT: return make_int(h, pick_int(d));
    case V_UINT: return make_uint(h, pick_uint(d));
    case V_DOUBLE: return make_double(h, pick_double(d));
    case V_STRING: return make_string(h, berm_str_of(pick_string(d)));
    case V_BYTES:
        if (dice_percent(d, 20)) return make_bytes(h, BERM_STR("\xff\x00\x80"));
        return make_bytes(h, berm_str_of(pick_string(d)));
    case V_TIME:
    case V_DURATION: return make_moment(h, d, k);
    case V_LIST: return depth > 0 ? make_random_list(h, d, depth) : make_list(h, NULL, 0);
    default: return depth > 0 ? make_random_map(h, d, depth) : make_map(h, NULL, 0);
    }
}

world make_world(heap *h, dice *d)
{
    static const char *const names[] = {"a", "b", "c", "x.y", "n.a", "n.m.b"};
    static const kind kinds[] = {V_MAP, V_LIST, V_KINDS, V_MAP, V_KINDS, V_KINDS};
    world w = {.count = 2 + dice_below(d, 2), .container = ""};
    if (dice_percent(d, 10)) {
        w.count = COUNT_OF(names);
        w.container = dice_percent(d, 50) ? "n" : "n.m";
    }
    for (size_t i = 0; i < w.count; i++) {
        w.at[i].name = names[i];
        w.at[i].value = make_value(h, d, kinds[i], 3);
    }
    return w;
}

/* --- unknowns --- */

static const value *hide(heap *h, dice *d, const value *v, uint32_t percent, bool *hidden)
{
    if (dice_percent(d, percent)) {
        *hidden = true;
        return make_unknown();
    }
    if (v->kind != V_LIST && v->kind != V_MAP) return v;
    items parts = {0};
    for (size_t i = 0; i < v->count; i++) {
        bool is_key_of = v->kind == V_MAP && i % 2 == 0;
        items_push(h, &parts, is_key_of ? v->items[i] : hide(h, d, v->items[i], percent, hidden));
    }
    return v->kind == V_LIST ? make_list(h, parts.at, parts.count)
                             : make_map(h, parts.at, parts.count);
}

world hide_values(heap *h, dice *d, const world *w)
{
    world hidden = *w;
    bool any = false;
    for (size_t i = 0; i < w->count; i++) {
        uint32_t percent = dice_percent(d, 30) ? 5 : 20;
        hidden.at[i].value = hide(h, d, w->at[i].value, percent, &any);
    }
    if (!any) hidden.at[dice_below(d, (uint32_t)w->count)].value = make_unknown();
    return hidden;
}

/* The five: null, bool, a number, a string, a list or map; each leaf begins elsewhere. */
static kind next_kind(dice *d, unsigned *leaf)
{
    static const kind kinds[] = {V_NULL, V_BOOL, V_INT, V_STRING, V_LIST};
    kind k = kinds[(*leaf)++ % 5];
    if (k == V_LIST && dice_percent(d, 50)) k = V_MAP;
    if (k == V_INT && dice_percent(d, 30)) k = dice_percent(d, 50) ? V_DOUBLE : V_UINT;
    return k;
}

static const value *fill(heap *h, dice *d, const value *v, const value *like, unsigned *leaf)
{
    if (v->kind == V_UNKNOWN) return make_value(h, d, like ? like->kind : next_kind(d, leaf), 2);
    if (v->kind != V_LIST && v->kind != V_MAP) return v;
    items parts = {0};
    for (size_t i = 0; i < v->count; i++)
        items_push(h, &parts, fill(h, d, v->items[i], like ? like->items[i] : NULL, leaf));
    return v->kind == V_LIST ? make_list(h, parts.at, parts.count)
                             : make_map(h, parts.at, parts.count);
}

world fill_unknowns(heap *h, dice *d, const world *w, const world *like, unsigned turn)
{
    world filled = *w;
    unsigned leaf = turn;
    for (size_t i = 0; i < w->count; i++) {
        filled.at[i].value = fill(h, d, w->at[i].value, like ? like->at[i].value : NULL, &leaf);
        leaf += dice_below(d, 2);
    }
    return filled;
}

void put_world(berm_text *out, const world *w)
{
    if (*w->container) berm_text_format(out, "  container: %s\n", w->container);
    for (size_t i = 0; i < w->count; i++) {
        berm_text_format(out, "  %s = ", w->at[i].name);
        put_value(out, w->at[i].value);
        berm_text_putc(out, '\n');
    }
}
