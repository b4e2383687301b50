/* berm-conformance FILE.jsonl...: runs conformance cases, one JSON object a line (keys: expr,
   container, type_env, bindings, expected, ...; values as one-key objects like {"int": "5"}).
   Prints each case that fails with what was expected and what came, and ends with the line "N
   passed, M failed"; exit 1 when any fails. */
#include "base/number.h"
#include "cel_types.h"
#include "data/time.h"
#include "data/tree.h"
#include "unit/vm_eval.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BINDINGS_MAX 32u

/* The file of cases, in a space of its own. */
typedef struct case_file {
    berm_space space;
    berm_doc *doc;
} case_file;

typedef struct score {
    unsigned passed, failed;
} score;

static berm_cell find_key(const case_file *file, berm_cell map, const char *name)
{
    return berm_map_find_text(&file->space, map, berm_str_of(name));
}

static berm_str read_text(const case_file *file, berm_cell map, const char *name)
{
    berm_cell text = find_key(file, map, name);
    return text.tag == BERM_TAG_STRING ? berm_text_of(&file->space, text) : (berm_str){"", 0};
}

static bool read_flag(const case_file *file, berm_cell map, const char *name)
{
    return berm_cell_is_true(find_key(file, map, name));
}

/* --- values --- */

static berm_cell build_value(const case_file *file, berm_space *space, berm_cell typed);

static berm_cell build_sequence(const case_file *file, berm_space *space, berm_cell items,
                                berm_tag tag)
{
    berm_cell built = berm_cell_of(tag);
    uint32_t count = items.as.ref.len, cells = tag == BERM_TAG_MAP ? 3 * count + 4 : count, at = 0,
             repeat;
    berm_cell *to = berm_space_cells(space, cells, &built);
    for (uint32_t i = 0; i < count; i++) {
        berm_cell item = berm_list_at(&file->space, items, i);
        for (uint32_t j = 0; tag == BERM_TAG_MAP && j < 2; j++)
            to[at++] = build_value(file, space, berm_list_at(&file->space, item, j));
        if (tag != BERM_TAG_MAP) to[at++] = build_value(file, space, item);
    }
    built.as.ref.len = tag == BERM_TAG_MAP ? berm_map_finish(space, to, count, &repeat) : count;
    return built;
}

static berm_cell build_bytes(berm_space *space, berm_str hex)
{
    berm_cell built = berm_cell_of(BERM_TAG_BYTES);
    char *to = berm_space_text(space, (uint32_t)hex.len / 2, &built);
    for (size_t i = 0; i + 1 < hex.len; i += 2) {
        uint64_t byte = 0;
        (void)berm_parse_hex(berm_str_cut(hex, i, i + 2), &byte);
        to[i / 2] = (char)byte;
    }
    return built;
}

static berm_cell build_double(berm_str text)
{
    double d = NAN;
    if (berm_str_is(text, "Infinity")) d = INFINITY;
    else if (berm_str_is(text, "-Infinity")) d = -INFINITY;
    else (void)berm_parse_double(text, &d);
    return berm_cell_double(d);
}

static berm_cell build_type(berm_str name)
{
    berm_cell built = berm_cell_of(BERM_TAG_TYPE);
    built.as.u = BERM_TYPE_COUNT;
    for (uint32_t i = 0; i < BERM_TYPE_COUNT; i++)
        if (berm_str_is(name, berm_type_name((berm_type_id)i))) built.as.u = i;
    return built;
}

static berm_cell build_timed(berm_tag tag, berm_str text)
{
    berm_time t = {0, 0};
    berm_cell built = berm_cell_of(tag);
    if (tag == BERM_TAG_DURATION) {
        (void)berm_duration_parse(text, &built.as.i);
    } else if (berm_time_parse(text, &t)) {
        built.as.i = t.sec;
        built.aux = (uint32_t)t.nanos;
    }
    return built;
}

/* A one-key object as the value it stands for; MISSING for what is none. */
static berm_cell build_value(const case_file *file, berm_space *space, berm_cell typed)
{
    if (typed.tag != BERM_TAG_MAP || typed.as.ref.len != 1) return berm_cell_of(BERM_TAG_MISSING);
    berm_str key = berm_text_of(&file->space, berm_map_key_at(&file->space, typed, 0));
    berm_cell of = berm_map_value_at(&file->space, typed, 0);
    berm_str text = of.tag == BERM_TAG_STRING ? berm_text_of(&file->space, of) : (berm_str){"", 0};
    berm_cell built = berm_cell_of(BERM_TAG_MISSING);
    if (berm_str_is(key, "null")) built = berm_cell_of(BERM_TAG_NULL);
    if (berm_str_is(key, "bool")) built = berm_cell_bool(berm_cell_is_true(of));
    if (berm_str_is(key, "int")) built = berm_cell_int(0), (void)berm_parse_int(text, &built.as.i);
    if (berm_str_is(key, "uint"))
        built = berm_cell_uint(0), (void)berm_parse_uint(text, &built.as.u);
    if (berm_str_is(key, "double")) built = build_double(text);
    if (berm_str_is(key, "string")) built = berm_space_string(space, text);
    if (berm_str_is(key, "bytes")) built = build_bytes(space, text);
    if (berm_str_is(key, "list")) built = build_sequence(file, space, of, BERM_TAG_LIST);
    if (berm_str_is(key, "map")) built = build_sequence(file, space, of, BERM_TAG_MAP);
    if (berm_str_is(key, "type")) built = build_type(text);
    if (berm_str_is(key, "timestamp")) built = build_timed(BERM_TAG_TIMESTAMP, text);
    if (berm_str_is(key, "duration")) built = build_timed(BERM_TAG_DURATION, text);
    return built;
}

/* The same value of the same type: an int is no uint, NaN is NaN, -0.0 is not 0.0, maps in any
 * order. */
static bool is_same(berm_space *space, berm_cell a, berm_cell b)
{
    if (a.tag != b.tag) return false;
    switch (a.tag) {
    case BERM_TAG_NULL: return true;
    case BERM_TAG_DOUBLE: return (isnan(a.as.d) && isnan(b.as.d)) || a.as.u == b.as.u;
    case BERM_TAG_STRING:
    case BERM_TAG_BYTES: return berm_str_equal(berm_text_of(space, a), berm_text_of(space, b));
    case BERM_TAG_TIMESTAMP: return a.as.i == b.as.i && a.aux == b.aux;
    case BERM_TAG_LIST:
    case BERM_TAG_MAP: break;
    default: return a.as.u == b.as.u;
    }
    if (a.as.ref.len != b.as.ref.len) return false;
    for (uint32_t i = 0; i < a.as.ref.len; i++) {
        berm_cell key = a.tag == BERM_TAG_MAP ? berm_map_key_at(space, a, i) : berm_cell_int(i);
        uint32_t at =
            a.tag == BERM_TAG_MAP ? berm_map_index(space, b, key, berm_key_hash(space, key)) : i;
        if (at == UINT32_MAX) return false;
        if (a.tag == BERM_TAG_MAP && !is_same(space, key, berm_map_key_at(space, b, at)))
            return false;
        berm_cell left =
            a.tag == BERM_TAG_MAP ? berm_map_value_at(space, a, i) : berm_list_at(space, a, i);
        berm_cell right =
            b.tag == BERM_TAG_MAP ? berm_map_value_at(space, b, at) : berm_list_at(space, b, i);
        if (!is_same(space, left, right)) return false;
    }
    return true;
}

/* --- a case --- */

typedef struct case_scope {
    berm_binding bindings[BINDINGS_MAX];
    uint32_t count;
} case_scope;

/* A name gets a slot; the slot's number. */
static uint32_t declare_name(case_scope *scope, berm_str name)
{
    for (uint32_t i = 0; i < scope->count; i++)
        if (berm_str_equal(scope->bindings[i].name, name)) return scope->bindings[i].index;
    if (scope->count == BINDINGS_MAX) return BINDINGS_MAX;
    scope->bindings[scope->count] = (berm_binding){name, BERM_BIND_SLOT, scope->count};
    return scope->count++;
}

static void declare_names(const case_file *file, berm_cell test, case_scope *scope)
{
    berm_cell env = find_key(file, test, "type_env"), bound = find_key(file, test, "bindings");
    for (uint32_t i = 0; env.tag == BERM_TAG_LIST && i < env.as.ref.len; i++) {
        berm_cell entry = berm_list_at(&file->space, env, i);
        if (find_key(file, entry, "type").tag != BERM_TAG_MISSING)
            declare_name(scope, read_text(file, entry, "name"));
    }
    for (uint32_t i = 0; bound.tag == BERM_TAG_MAP && i < bound.as.ref.len; i++)
        declare_name(scope, berm_text_of(&file->space, berm_map_key_at(&file->space, bound, i)));
}

static void bind_names(const case_file *file, berm_cell test, case_scope *scope, berm_vm *vm)
{
    berm_cell bound = find_key(file, test, "bindings");
    for (uint32_t i = 0; bound.tag == BERM_TAG_MAP && i < bound.as.ref.len; i++) {
        berm_cell given = berm_map_value_at(&file->space, bound, i),
                  value = find_key(file, given, "value");
        uint32_t slot = declare_name(
            scope, berm_text_of(&file->space, berm_map_key_at(&file->space, bound, i)));
        if (slot >= BINDINGS_MAX) continue;
        if (value.tag != BERM_TAG_MISSING) vm->slots[slot] = build_value(file, &vm->space, value);
        else if (find_key(file, given, "unknown").tag != BERM_TAG_MISSING)
            vm->slots[slot] = berm_cell_of(BERM_TAG_UNKNOWN);
        else vm->slots[slot] = berm_value_error(&vm->space, BERM_ERR_GIVEN, 0, NULL, 0);
    }
}

static void put_value(berm_text *out, berm_space *space, berm_cell value)
{
    if (value.tag == BERM_TAG_ERROR) {
        berm_text_put(out, BERM_STR("error: "));
        berm_error_print(out, space, value, false);
    } else {
        berm_text_format(out, "%s ", berm_type_name(berm_type_of(value)));
        (void)berm_value_print(out, space, value, false);
    }
}

/* Whether a result is what the case expects; `status` other than OK means that there is none. */
static bool meets_expectation(const case_file *file, berm_cell expected, berm_space *space,
                              berm_status status, berm_cell got, berm_cell *wanted)
{
    berm_cell value = find_key(file, expected, "value"),
              typed = find_key(file, expected, "typed_result");
    if (typed.tag != BERM_TAG_MISSING) value = find_key(file, typed, "result");
    if (value.tag != BERM_TAG_MISSING) {
        *wanted = build_value(file, space, value);
        return status == BERM_OK && is_same(space, *wanted, got);
    }
    if (find_key(file, expected, "unknown").tag != BERM_TAG_MISSING) {
        return status == BERM_OK && got.tag == BERM_TAG_UNKNOWN;
    }
    return status == BERM_E_POLICY || (status == BERM_OK && got.tag == BERM_TAG_ERROR);
}

static void put_failure(const case_file *file, berm_cell test, berm_text *out)
{
    berm_text_format(out,
                     "FAIL %S/%S/%S\n  expr:     %S\n  expected: ", read_text(file, test, "file"),
                     read_text(file, test, "section"), read_text(file, test, "test"),
                     read_text(file, test, "expr"));
}

static void print_failure(const case_file *file, berm_cell test, vm_eval *e, berm_status status,
                          berm_cell got, berm_cell wanted)
{
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    put_failure(file, test, &out);
    if (wanted.tag != BERM_TAG_MISSING) {
        put_value(&out, &e->vm.space, wanted);
    } else {
        berm_space space = file->space;
        (void)berm_json_write(&out, &space, find_key(file, test, "expected"), BERM_JSON_COMPACT);
    }
    berm_text_put(&out, BERM_STR("\n  got:      "));
    size_t count = 0;
    const berm_diag *faults = e->diags ? berm_diags_list(e->diags, &count) : NULL;
    if (status == BERM_OK) put_value(&out, &e->vm.space, got);
    else
        berm_text_format(&out, "status %d %S", status,
                         count ? faults[0].message : (berm_str){"", 0});
    printf("%.*s\n", (int)out.len, out.ptr ? out.ptr : "");
    berm_text_free(&out);
}

/* --- time zones: the evaluator asks, this program reads the system's files --- */

typedef struct zone_file {
    char bytes[1 << 16];
} zone_file;

static int read_zone(void *ctx, berm_str name, berm_str *tzif)
{
    zone_file *zone = ctx;
    char path[256];
    if (name.len == 0 || name.len > 100 || name.ptr[0] == '/' || name.ptr[0] == '.' ||
        memchr(name.ptr, 0, name.len))
        return 1;
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", (int)name.len, name.ptr);
    if (strstr(path, "..")) return 1;
    FILE *in = fopen(path, "rb");
    if (!in) return 1;
    tzif->ptr = zone->bytes;
    tzif->len = fread(zone->bytes, 1, sizeof zone->bytes, in);
    fclose(in);
    return 0;
}

/* --- the type checker goes first --- */

typedef enum checked { CHECKED_FINE, CHECKED_PASSED, CHECKED_FAILED } checked;

static void print_check_failure(const case_file *file, berm_cell test, const case_check *check)
{
    berm_text out;
    berm_space space = file->space;
    berm_text_init(&out, &berm_alloc_libc);
    put_failure(file, test, &out);
    (void)berm_json_write(&out, &space, find_key(file, test, "expected"), BERM_JSON_COMPACT);
    berm_text_put(&out, BERM_STR("\n  checked:  "));
    case_check_print(check, &out);
    printf("%.*s\n", (int)out.len, out.ptr ? out.ptr : "");
    berm_text_free(&out);
}

/* What the checker alone says of a case. An expression that it refuses may be one that is expected
   to fail, but none that is expected to have a value. */
static checked judge_check(const case_file *file, berm_cell test, case_check *check)
{
    berm_cell expected = find_key(file, test, "expected");
    berm_cell typed = find_key(file, expected, "typed_result");
    bool error = find_key(file, expected, "eval_error").tag != BERM_TAG_MISSING ||
                 find_key(file, expected, "any_eval_errors").tag != BERM_TAG_MISSING;
    if (typed.tag != BERM_TAG_MISSING) {
        if (!case_check_meets(check, typed)) return CHECKED_FAILED;
        return read_flag(file, test, "check_only") ? CHECKED_PASSED : CHECKED_FINE;
    }
    if (check->status == BERM_OK || read_flag(file, test, "disable_check")) return CHECKED_FINE;
    return error && check->status == BERM_E_POLICY ? CHECKED_PASSED : CHECKED_FAILED;
}

/* The value must be of the type that was deduced, also where the checker was not asked. */
static bool keeps_type(const case_check *check, berm_space *space, berm_status status,
                       berm_cell got)
{
    return check->status != BERM_OK || status != BERM_OK ||
           case_type_admits(check, check->type, space, got);
}

/* --- running --- */

static bool evaluate_case(const case_file *file, berm_cell test, const case_check *check)
{
    static zone_file zone;
    vm_eval e;
    case_scope names = {.count = 0};
    berm_cell got = berm_cell_of(BERM_TAG_MISSING), wanted = got;
    declare_names(file, test, &names);
    berm_scope scope = {.bindings = names.bindings,
                        .count = names.count,
                        .container = read_text(file, test, "container"),
                        .unchecked = true};
    bool no_macros = read_flag(file, test, "disable_macros");
    berm_status status =
        vm_eval_begin(&e, &berm_alloc_libc, read_text(file, test, "expr"), &scope, no_macros);
    if (status == BERM_OK) {
        e.vm.zone = read_zone;
        e.vm.zone_ctx = &zone;
        bind_names(file, test, &names, &e.vm);
        status = berm_vm_run(&e.vm, e.block, &got);
    }
    berm_cell expected = find_key(file, test, "expected");
    bool met = meets_expectation(file, expected, &e.vm.space, status, got, &wanted);
    bool kept = keeps_type(check, &e.vm.space, status, got);
    if (!met || !kept) print_failure(file, test, &e, status, got, wanted);
    if (!kept) print_check_failure(file, test, check);
    vm_eval_end(&e);
    return met && kept;
}

static void run_case(const case_file *file, berm_cell test, score *tally)
{
    case_check check;
    case_check_begin(&check, &file->space, test);
    checked result = judge_check(file, test, &check);
    if (result == CHECKED_FAILED) print_check_failure(file, test, &check);
    bool passed =
        result == CHECKED_PASSED || (result == CHECKED_FINE && evaluate_case(file, test, &check));
    case_check_end(&check);
    if (passed) tally->passed++;
    else tally->failed++;
}

static char *load_file(const char *path, size_t *len)
{
    FILE *in = fopen(path, "rb");
    char *text = NULL;
    size_t cap = 0;
    *len = 0;
    if (!in) return NULL;
    for (;;) {
        if (*len == cap) {
            char *grown = realloc(text, cap = cap ? 2 * cap : 65536);
            if (!grown) break;
            text = grown;
        }
        size_t got = fread(text + *len, 1, cap - *len, in);
        if (got == 0) break;
        *len += got;
    }
    fclose(in);
    return text;
}

static bool run_file(const char *path, score *tally)
{
    berm_limits limits = berm_limits_resolve(NULL);
    berm_error err = {0};
    size_t len;
    char *text = load_file(path, &len);
    case_file file = {.doc = NULL};
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .name = berm_str_of(path),
                      .text = {text, len},
                      .format = BERM_FORMAT_NDJSON};
    if (!text || berm_doc_read(&read, &file.doc, &err) != BERM_OK) {
        fprintf(stderr, "%s: %s\n", path, text ? err.message : "cannot be read");
        free(text);
        return false;
    }
    berm_space_init(&file.space, &berm_alloc_libc, limits.memory_len);
    (void)berm_space_add(&file.space, &(berm_store){0});
    uint16_t id = berm_space_add(&file.space, &file.doc->store);
    for (uint32_t i = 0; i < file.doc->root_count; i++) {
        berm_cell root = file.doc->roots[i];
        root.store = id;
        run_case(&file, root, tally);
    }
    berm_space_free(&file.space);
    berm_doc_drop(file.doc);
    free(text);
    return true;
}

int main(int argc, char **argv)
{
    score tally = {0, 0};
    bool read = true;
    if (argc < 2) {
        fprintf(stderr, "usage: berm-conformance FILE.jsonl...\n");
        return 2;
    }
    for (int i = 1; i < argc; i++) read = run_file(argv[i], &tally) && read;
    printf("%u passed, %u failed\n", tally.passed, tally.failed);
    return tally.failed || !read ? 1 : 0;
}
