#include "phrase.h"

#include "base/number.h"

#include <math.h>
#include <stdio.h>

#define COUNT_OF(array) (uint32_t)(sizeof(array) / sizeof *(array))
#define VARIABLES_MAX 24

/* What is known of the value of an expression that is written. */
typedef struct shape {
    kind kind, element, key;
    const value *sample; /* such a value, where there is one */
} shape;

typedef struct local {
    char name[4];
    shape is;
    bool hidden; /* not in scope yet */
} local;

typedef struct writer {
    berm_text *out;
    heap *h;
    dice *d;
    const world *w;
    local locals[VARIABLES_MAX];
    uint32_t local_count, name_count;
    int left; /* nodes that may still be written */
} writer;

/* The letters of one row: what X, K and the range are. */
typedef struct row_state {
    shape wanted, x, key;
    bool over_map;
} row_state;

static shape put_expression(writer *w, shape wanted);

static shape any_of(kind k)
{
    return (shape){k, V_KINDS, V_KINDS, NULL};
}

static shape element_of(writer *w, shape s)
{
    const value *v = s.sample;
    if (!v || v->count == 0) return any_of(s.element);
    size_t at = dice_below(w->d, (uint32_t)v->count);
    const value *one = v->items[v->kind == V_MAP ? at | 1 : at];
    return (shape){one->kind == V_UNKNOWN ? V_KINDS : one->kind, V_KINDS, V_STRING, one};
}

static shape key_of(shape s)
{
    if (s.sample && s.sample->kind == V_MAP && s.sample->count) {
        const value *one = s.sample->items[0];
        return (shape){one->kind, V_KINDS, V_KINDS, one};
    }
    return any_of(s.key);
}

/* --- literals --- */

static void put(writer *w, const char *text)
{
    berm_text_put(w->out, berm_str_of(text));
}

static void put_literal_of(writer *w, const value *v)
{
    bool sign = (v->kind == V_INT && v->i < 0) || (v->kind == V_DOUBLE && signbit(v->d));
    if (sign) berm_text_putc(w->out, '(');
    put_value(w->out, v);
    if (sign) berm_text_putc(w->out, ')');
}

static void put_text_literal(writer *w, const char *text)
{
    put_value(w->out, make_string(w->h, berm_str_of(text)));
}

static kind pick_scalar(writer *w)
{
    static const kind kinds[] = {V_INT,  V_INT,  V_STRING, V_STRING, V_BOOL,    V_DOUBLE,
                                 V_UINT, V_NULL, V_BYTES,  V_TIME,   V_DURATION};
    return kinds[dice_below(w->d, COUNT_OF(kinds))];
}

static kind pick_any(writer *w)
{
    static const kind kinds[] = {V_LIST, V_MAP, V_OPTIONAL, V_TYPE};
    return dice_percent(w->d, 70) ? pick_scalar(w) : kinds[dice_below(w->d, COUNT_OF(kinds))];
}

static kind pick_ordered(writer *w)
{
    static const kind kinds[] = {V_INT,  V_INT,  V_STRING, V_STRING, V_DOUBLE,
                                 V_UINT, V_BOOL, V_BYTES,  V_TIME,   V_DURATION};
    return kinds[dice_below(w->d, COUNT_OF(kinds))];
}

static kind pick_number(writer *w)
{
    static const kind kinds[] = {V_INT, V_INT, V_UINT, V_DOUBLE};
    return kinds[dice_below(w->d, COUNT_OF(kinds))];
}

static void put_literal(writer *w, shape s)
{
    static const char *const types[] = {"int",
                                        "string",
                                        "bool",
                                        "list",
                                        "map",
                                        "null_type",
                                        "double",
                                        "uint",
                                        "type",
                                        "bytes",
                                        "optional_type",
                                        "google.protobuf.Duration",
                                        "google.protobuf.Timestamp"};
    kind k = s.kind == V_KINDS ? pick_scalar(w) : s.kind;
    switch (k) {
    case V_TYPE: put(w, types[dice_below(w->d, COUNT_OF(types))]); break;
    case V_OPTIONAL:
        if (dice_percent(w->d, 30)) {
            put(w, "optional.none()");
            break;
        }
        put(w, "optional.of(");
        put_literal(w, any_of(s.element));
        put(w, ")");
        break;
    case V_TIME: put_literal_of(w, make_value(w->h, w->d, V_TIME, 0)); break;
    case V_LIST:
        put(w, "[");
        for (uint32_t i = 0, n = dice_below(w->d, 4); i < n; i++) {
            if (i) put(w, ", ");
            put_literal(w, any_of(s.element == V_LIST ? V_INT : s.element));
        }
        put(w, "]");
        break;
    case V_MAP: put_literal_of(w, make_value(w->h, w->d, V_MAP, 1)); break;
    default: put_literal_of(w, make_value(w->h, w->d, k, 1)); break;
    }
}

/* --- paths into the world --- */

static bool is_identifier(berm_str s)
{
    if (s.len == 0 || berm_str_is(s, "in")) return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && !(i && c >= '0' && c <= '9')) return false;
    }
    return true;
}

/* .key or ['key'], or with `mark` "?" .?key or [?'key'] */
static void put_step(writer *w, berm_text *path, const value *key, const char *mark)
{
    if (key->kind == V_STRING && is_identifier(key->text) && dice_percent(w->d, 80)) {
        berm_text_format(path, ".%s%S", mark, key->text);
        return;
    }
    berm_text_format(path, "[%s", mark);
    put_value(path, key);
    berm_text_putc(path, ']');
}

/* A key or index of `v`, sometimes one that is not there; *part is what is at it or NULL. */
static const value *pick_step(writer *w, const value *v, const value **part)
{
    bool wrong = dice_percent(w->d, 3) || v->count == 0;
    *part = NULL;
    if (wrong && v->kind == V_MAP) return make_string(w->h, BERM_STR("nope"));
    if (wrong) return make_int(w->h, (int64_t)v->count);
    if (v->kind == V_LIST) {
        uint32_t at = dice_below(w->d, (uint32_t)v->count);
        *part = v->items[at];
        return make_int(w->h, at);
    }
    uint32_t at = dice_below(w->d, (uint32_t)member_count(v));
    *part = v->items[2 * at + 1];
    return v->items[2 * at];
}

static bool is_container(const value *v)
{
    return v && (v->kind == V_LIST || v->kind == V_MAP);
}

/* The name and value of a variable that has one. */
static const value *pick_root(writer *w, const char **name)
{
    uint32_t at = dice_below(w->d, (uint32_t)w->w->count + w->local_count);
    if (at < w->w->count) {
        *name = w->w->at[at].name;
        return w->w->at[at].value;
    }
    *name = w->locals[at - w->w->count].name;
    return w->locals[at - w->w->count].hidden ? NULL : w->locals[at - w->w->count].is.sample;
}

/* A walk from a variable downwards that may end at any container or at a `wanted`. */
static const value *walk(writer *w, berm_text *path, kind wanted)
{
    const char *name;
    const value *at = pick_root(w, &name);
    if (!at) return NULL;
    berm_text_format(path, "%s%s", dice_percent(w->d, 2) ? "." : "", name);
    for (int steps = 0; steps < 5; steps++) {
        bool good = wanted == V_KINDS || at->kind == wanted;
        if (!is_container(at) || (good && dice_percent(w->d, 50))) break;
        if (at->count == 0 && dice_percent(w->d, 90)) break;
        const value *part, *key = pick_step(w, at, &part);
        put_step(w, path, key, "");
        if (!part) break;
        at = part;
    }
    return at;
}

static bool fits(const value *v, kind wanted)
{
    return v && (wanted == V_KINDS || v->kind == wanted || v->kind == V_UNKNOWN);
}

/* Writes a path to a value of the kind; false: none was found. */
static bool put_path(writer *w, kind wanted, shape *is)
{
    for (int tries = 0; tries < 8; tries++) {
        berm_text path;
        text_begin(&path);
        const value *v = walk(w, &path, wanted);
        bool good = fits(v, wanted);
        if (good) {
            berm_text_put(w->out, berm_text_view(&path));
            *is = (shape){v->kind == V_UNKNOWN ? V_KINDS : v->kind, V_KINDS, V_STRING, v};
        }
        berm_text_free(&path);
        if (good) return true;
    }
    return false;
}

/* has(path.key), or path.?key */
static void put_probe(writer *w, bool test)
{
    shape is = any_of(V_MAP);
    berm_text step;
    const value *part, *key = make_string(w->h, BERM_STR("a"));
    if (test) put(w, "has(");
    if (!put_path(w, dice_percent(w->d, 80) ? V_MAP : V_KINDS, &is)) {
        put(w, "("); /* has(!x.a) is none */
        put_expression(w, any_of(V_MAP));
        put(w, ")");
    }
    if (is_container(is.sample) && dice_percent(w->d, 85)) key = pick_step(w, is.sample, &part);
    if (test && (key->kind != V_STRING || !is_identifier(key->text)))
        key = make_string(w->h, BERM_STR("b"));
    text_begin(&step);
    if (test) berm_text_format(&step, ".%S)", key->text);
    else put_step(w, &step, key, "?");
    berm_text_put(w->out, berm_text_view(&step));
    berm_text_free(&step);
}

static bool put_local(writer *w, kind wanted, shape *is)
{
    for (uint32_t tries = 0; tries < 3 && w->local_count; tries++) {
        const local *l = &w->locals[dice_below(w->d, w->local_count)];
        if (l->hidden || (wanted != V_KINDS && l->is.kind != V_KINDS && l->is.kind != wanted))
            continue;
        put(w, l->name);
        *is = l->is;
        return true;
    }
    return false;
}

static shape put_leaf(writer *w, shape wanted)
{
    shape is = wanted;
    if (dice_percent(w->d, 40) && put_local(w, wanted.kind, &is)) return is;
    if (dice_percent(w->d, 65) && put_path(w, wanted.kind, &is)) return is;
    if (wanted.kind == V_LIST || wanted.kind == V_MAP)
        if (dice_percent(w->d, 50) && put_path(w, wanted.kind, &is)) return is;
    put_literal(w, wanted);
    return wanted;
}

/* --- rows --- */

static const struct row {
    const char *kinds, *text;
} rows[] = {
#define BERM_PHRASE(kinds, text) {kinds, text},
#include "phrase.def"
#undef BERM_PHRASE
};

static const char kind_letters[V_KINDS + 1] = {
    [V_NULL] = 'z',   [V_BOOL] = 'b',     [V_INT] = 'i',  [V_UINT] = 'u',     [V_DOUBLE] = 'd',
    [V_STRING] = 's', [V_BYTES] = 'y',    [V_TIME] = 't', [V_DURATION] = 'r', [V_LIST] = 'l',
    [V_MAP] = 'm',    [V_OPTIONAL] = 'o', [V_TYPE] = 'T', [V_KINDS] = '?'};

static const struct row *pick_row(writer *w, kind k)
{
    for (;;) {
        const struct row *row = &rows[dice_below(w->d, COUNT_OF(rows))];
        bool any = row->kinds[0] == '*';
        if ((any && dice_percent(w->d, 40)) || strchr(row->kinds, kind_letters[k])) return row;
    }
}

static void name_variable(writer *w, shape is)
{
    if (w->local_count == VARIABLES_MAX) {
        put(w, "v0");
        return;
    }
    local *l = &w->locals[w->local_count++];
    bool beside = w->local_count > 1 && l[-1].hidden; /* the second of two: not the same name */
    unsigned name = !beside && dice_percent(w->d, 10) ? 0 : w->name_count++ % 90 + 1;
    snprintf(l->name, sizeof l->name, "v%u", name);
    if (!beside && dice_percent(w->d, 5)) snprintf(l->name, sizeof l->name, "a"); /* hides one */
    l->is = is;
    l->hidden = true;
    put(w, l->name);
}

/* One of `count` texts, mostly of the first `good` ones. */
static void put_one_of(writer *w, const char *const *texts, uint32_t good, uint32_t count)
{
    put_text_literal(w, texts[dice_below(w->d, dice_percent(w->d, 80) ? good : count)]);
}

static void put_text_of(writer *w, char letter)
{
    static const char *const zones[] = {"UTC",    "+05:30", "-09:30", "02:00",
                                        "-00:30", "+14:00", "+00:00", "-11:59"};
    static const char *const patterns[] = {"a",
                                           "^a",
                                           "b$",
                                           "^abc$",
                                           "a.c",
                                           "[a-c]+",
                                           "^[^0-9]*$",
                                           "\\d+",
                                           "(a|b)*c",
                                           "a{2,3}",
                                           "^$",
                                           "\\bx\\b",
                                           "(?i)ABC",
                                           "x*",
                                           "(ab)+",
                                           "^(a|ab)(c|bcd)?$",
                                           "[[]",
                                           "\\.",
                                           "a|b|",
                                           "(?s).",
                                           ".",
                                           "^.{3}$",
                                           "\\w+\\s\\w+",
                                           "(?:a+)+b",
                                           "^\\D$",
                                           "\xc3\xa9",
                                           "[\xc3\xa0-\xc3\xbf]",
                                           "a+?b",
                                           "(?i)[a-c]{2}",
                                           "(a|b|ab)*c",
                                           "^(?:a|b)*?$",
                                           "[^a]",
                                           "(",
                                           "a**",
                                           "[b-a]",
                                           "\\1",
                                           "(?=a)"};
    static const char *const numbers[] = {"1",   "5",     "007",       "9223372036854775807",
                                          "-5",  "+7",    "-0",        "1.5",
                                          "1e3", "",      " 1",        "0x1",
                                          "NaN", "inf",   "-Infinity", ".5",
                                          "5.",  "1e309", "1_0",       "18446744073709551615",
                                          "abc"};
    static const char *const truths[] = {"true", "false", "True", "FALSE", "t",   "f", "1",
                                         "0",    "T",     "F",    "TrUe",  "yes", ""};
    switch (letter) {
    case '1': put_text_literal(w, pick_time(w->d)); break;
    case '2': put_text_literal(w, pick_duration(w->d)); break;
    case '3': put_one_of(w, zones, COUNT_OF(zones), COUNT_OF(zones)); break;
    case '4': put_one_of(w, patterns, COUNT_OF(patterns) - 5, COUNT_OF(patterns)); break;
    case '5': put_one_of(w, numbers, 5, COUNT_OF(numbers)); break;
    default: put_one_of(w, truths, 10, COUNT_OF(truths)); break;
    }
}

static void put_key(writer *w)
{
    static const kind kinds[] = {V_STRING, V_STRING, V_STRING, V_STRING,
                                 V_INT,    V_UINT,   V_BOOL,   V_KINDS};
    put_expression(w, any_of(kinds[dice_below(w->d, COUNT_OF(kinds))]));
}

static void put_small(writer *w)
{
    char buffer[16];
    if (dice_percent(w->d, 10)) {
        put_expression(w, any_of(V_INT));
        return;
    }
    int number = (int)dice_below(w->d, dice_percent(w->d, 75) ? 2 : 6);
    snprintf(buffer, sizeof buffer, "%d", dice_percent(w->d, 3) ? -1 : number);
    put(w, buffer);
}

/* A container is written: X and K become what is in it. */
static void put_container(writer *w, row_state *r, shape wanted)
{
    shape is = put_expression(w, wanted);
    if (is.kind != V_LIST && is.kind != V_MAP && is.kind != V_OPTIONAL) is = wanted;
    r->over_map = is.kind == V_MAP;
    r->x = element_of(w, is);
    r->key = key_of(is);
}

static shape container_of(kind k, kind element)
{
    return (shape){k, element, V_STRING, NULL};
}

/* Expressions of a kind that the row says. */
static void put_wanted(writer *w, row_state *r, char letter)
{
    kind element = r->wanted.element == V_KINDS ? pick_scalar(w) : r->wanted.element;
    switch (letter) {
    case 'A': (void)put_expression(w, any_of(pick_any(w))); break;
    case 'N': (void)put_expression(w, any_of(pick_number(w))); break;
    case 'W': (void)put_expression(w, r->wanted); break;
    case 'E': (void)put_expression(w, any_of(element)); break;
    case 'L': put_container(w, r, container_of(V_LIST, r->wanted.kind)); break;
    case 'O': put_container(w, r, container_of(V_OPTIONAL, r->wanted.kind)); break;
    case 'J': put_container(w, r, container_of(V_LIST, element)); break;
    case 'P': put_container(w, r, container_of(V_OPTIONAL, element)); break;
    case 'l': put_container(w, r, container_of(V_LIST, pick_scalar(w))); break;
    case 'm': put_container(w, r, container_of(V_MAP, pick_scalar(w))); break;
    case 'o': put_container(w, r, container_of(V_OPTIONAL, pick_scalar(w))); break;
    case 'S':
        put_container(w, r, container_of(dice_percent(w->d, 70) ? V_LIST : V_MAP, pick_scalar(w)));
        break;
    case 'T': (void)put_expression(w, any_of(V_TYPE)); break;
    default:
        for (kind k = 0; k < V_KINDS; k++)
            if (kind_letters[k] == letter) (void)put_expression(w, any_of(k));
        break;
    }
}

static void put_letter(writer *w, row_state *r, char letter)
{
    switch (letter) {
    case 'B': r->x = any_of(pick_any(w)); break;
    case 'C':
        r->x = any_of(pick_ordered(w));
        (void)put_expression(w, r->x);
        break;
    case 'X': (void)put_expression(w, r->x); break;
    case 'K': (void)put_expression(w, r->key); break;
    case 'v': name_variable(w, r->over_map ? r->key : r->x); break;
    case 'p': name_variable(w, r->over_map ? r->key : any_of(V_INT)); break;
    case 'q': name_variable(w, r->x); break;
    case ';':
        for (uint32_t i = 0; i < w->local_count; i++) w->locals[i].hidden = false;
        break;
    case 'k': put_key(w); break;
    case 'j': put_small(w); break;
    case 'h': put_probe(w, true); break;
    case 'H': put_probe(w, false); break;
    default:
        if (letter >= '1' && letter <= '6') put_text_of(w, letter);
        else put_wanted(w, r, letter);
        break;
    }
}

/* Letters inside a text literal of the row are its own: '%d %s'.format(..) */
static void put_row(writer *w, const struct row *row, shape wanted)
{
    row_state r = {.wanted = wanted, .x = any_of(V_KINDS), .key = any_of(V_STRING)};
    uint32_t locals = w->local_count;
    bool quoted = false;
    for (const char *p = row->text; *p; p++) {
        if (*p == '\'') quoted = !quoted;
        if (*p == '%' && !quoted && p[1] != ' ') put_letter(w, &r, *++p);
        else berm_text_putc(w->out, *p);
    }
    w->local_count = locals;
}

static shape put_expression(writer *w, shape wanted)
{
    w->left--;
    if (dice_percent(w->d, 1)) wanted = any_of(pick_any(w)); /* now and then the wrong kind */
    if (wanted.kind == V_KINDS) wanted.kind = pick_any(w);
    if (wanted.kind == V_UNKNOWN) wanted.kind = V_INT;
    if (w->left <= 0 || dice_percent(w->d, 25) || wanted.kind == V_NULL) return put_leaf(w, wanted);
    put_row(w, pick_row(w, wanted.kind), wanted);
    return wanted;
}

void put_phrase(berm_text *out, heap *h, dice *d, const world *over, int size)
{
    writer w = {.out = out, .h = h, .d = d, .w = over, .left = size};
    kind k = dice_percent(d, 50) ? V_BOOL : pick_any(&w);
    put_row(&w, pick_row(&w, k), any_of(k));
}
