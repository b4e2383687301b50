/* berm-differential: Berm's half of tools/differential. Reads one JSON object a line and answers
   expressions with one line each:

     {"object": JSON, "names": {"x": {"int": "5"}, ..}}   what later expressions see
     {"expr": "x + 1"}                                    answered, e.g. i6

   Answers, byte for byte the same from both sides (canon.go) where the values are:

     n T F i-5 u5 d3ff0000000000000 s"a" b"00ff" t0.000000001 D1000 y"int"  scalars; doubles as bits
     [i1,i2] {s"a":i1} O() O(i1)   containers; members sorted by the text of their keys
     x"ip(\x22::1\x22)"             a value of a library's own type
     !text #text   an error, from compiling or running; a limit of Berm's own
     ?text         what CEL has no value for: a fault of this program or of Berm */
#include "conformance/typed_values.h"
#include "unit/vm_eval.h"

#include <stdio.h>
#include <stdlib.h>

#define NAMES_MAX BERM_SLOT_MAX

typedef struct side {
    berm_limits limits;
    berm_doc *env; /* the line that said what is seen */
    char *env_line;
    berm_binding bindings[NAMES_MAX];
    berm_cell values[NAMES_MAX]; /* object: as it stands in env; others: typed */
    uint32_t count;
    char zone[1 << 16];
} side;

/* --- canonical values --- */

static const char HEX[] = "0123456789abcdef";

static void put_escaped(berm_text *out, berm_str text)
{
    berm_text_putc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
            berm_text_putc(out, (char)c);
        } else {
            berm_text_put(out, BERM_STR("\\x"));
            berm_text_putc(out, HEX[c >> 4]);
            berm_text_putc(out, HEX[c & 15]);
        }
    }
    berm_text_putc(out, '"');
}

static void put_hex(berm_text *out, berm_str bytes)
{
    berm_text_putc(out, '"');
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        berm_text_putc(out, HEX[c >> 4]);
        berm_text_putc(out, HEX[c & 15]);
    }
    berm_text_putc(out, '"');
}

static void put_double(berm_text *out, berm_cell value)
{
    if (isnan(value.as.d)) {
        berm_text_put(out, BERM_STR("dNaN"));
        return;
    }
    berm_text_putc(out, 'd');
    for (int shift = 60; shift >= 0; shift -= 4) {
        berm_text_putc(out, HEX[(value.as.u >> shift) & 15]);
    }
}

static void put_timestamp(berm_text *out, berm_cell value)
{
    char nanos[16];
    snprintf(nanos, sizeof nanos, "%09u", (unsigned)value.aux);
    berm_text_format(out, "t%l.%s", value.as.i, nanos);
}

static void put_canonical(berm_text *out, berm_space *space, berm_cell value);

static void put_list(berm_text *out, berm_space *space, berm_cell list)
{
    berm_text_putc(out, '[');
    for (uint32_t i = 0; i < list.as.ref.len; i++) {
        if (i) berm_text_putc(out, ',');
        put_canonical(out, space, berm_list_at(space, list, i));
    }
    berm_text_putc(out, ']');
}

static int compare_members(const void *a, const void *b)
{
    const berm_text *left = a, *right = b;
    return berm_str_compare(berm_text_view(left), berm_text_view(right));
}

static void put_map(berm_text *out, berm_space *space, berm_cell map)
{
    uint32_t count = map.as.ref.len;
    berm_text *members = calloc(count + 1, sizeof *members);
    if (!members) abort();
    for (uint32_t i = 0; i < count; i++) {
        berm_text_init(&members[i], &berm_alloc_libc);
        put_canonical(&members[i], space, berm_map_key_at(space, map, i));
        berm_text_putc(&members[i], ':');
        put_canonical(&members[i], space, berm_map_value_at(space, map, i));
    }
    qsort(members, count, sizeof *members, compare_members);
    berm_text_putc(out, '{');
    for (uint32_t i = 0; i < count; i++) {
        if (i) berm_text_putc(out, ',');
        berm_text_put(out, berm_text_view(&members[i]));
        berm_text_free(&members[i]);
    }
    berm_text_putc(out, '}');
    free(members);
}

static void put_optional(berm_text *out, berm_space *space, berm_cell optional)
{
    berm_text_put(out, BERM_STR("O("));
    if (optional.as.ref.len) put_canonical(out, space, berm_list_at(space, optional, 0));
    berm_text_putc(out, ')');
}

static void put_tagged(berm_text *out, char tag, berm_str text)
{
    berm_text_putc(out, tag);
    put_escaped(out, text);
}

static void put_object(berm_text *out, berm_space *space, berm_cell object)
{
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    (void)berm_value_print(&text, space, object, false);
    put_tagged(out, 'x', berm_text_view(&text));
    berm_text_free(&text);
}

static void put_error(berm_text *out, berm_space *space, berm_cell error)
{
    berm_error_code code = berm_error_code_of(error);
    bool limit = code == BERM_ERR_RULE_COST || code == BERM_ERR_RESULT_SIZE;
    berm_text_putc(out, limit || code == BERM_ERR_DEPTH ? '#' : '!');
    berm_text_format(out, "%s: ", berm_error_name(code));
    berm_error_print(out, space, error, false);
}

static void put_canonical(berm_text *out, berm_space *space, berm_cell value)
{
    switch ((berm_tag)value.tag) {
    case BERM_TAG_NULL: berm_text_putc(out, 'n'); break;
    case BERM_TAG_BOOL: berm_text_putc(out, value.as.u ? 'T' : 'F'); break;
    case BERM_TAG_INT: berm_text_format(out, "i%l", value.as.i); break;
    case BERM_TAG_UINT: berm_text_format(out, "u%L", value.as.u); break;
    case BERM_TAG_DOUBLE: put_double(out, value); break;
    case BERM_TAG_STRING: put_tagged(out, 's', berm_text_of(space, value)); break;
    case BERM_TAG_BYTES:
        berm_text_putc(out, 'b');
        put_hex(out, berm_text_of(space, value));
        break;
    case BERM_TAG_TIMESTAMP: put_timestamp(out, value); break;
    case BERM_TAG_DURATION: berm_text_format(out, "D%l", value.as.i); break;
    case BERM_TAG_LIST: put_list(out, space, value); break;
    case BERM_TAG_MAP: put_map(out, space, value); break;
    case BERM_TAG_OPTIONAL: put_optional(out, space, value); break;
    case BERM_TAG_TYPE:
        put_tagged(out, 'y', berm_str_of(berm_type_name((berm_type_id)value.as.u)));
        break;
    case BERM_TAG_OBJECT: put_object(out, space, value); break;
    case BERM_TAG_ERROR: put_error(out, space, value); break;
    default: berm_text_format(out, "?tag %d", (int)value.tag); break;
    }
}

/* --- what expressions see --- */

/* The evaluator asks, this program reads the system's files. */
static int read_zone(void *ctx, berm_str name, berm_str *tzif)
{
    side *s = ctx;
    char path[256];
    if (name.len == 0 || name.len > 100 || name.ptr[0] == '/' || memchr(name.ptr, 0, name.len) ||
        memchr(name.ptr, '.', name.len)) {
        return 1;
    }
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", (int)name.len, name.ptr);
    FILE *in = fopen(path, "rb");
    if (!in) return 1;
    *tzif = (berm_str){s->zone, fread(s->zone, 1, sizeof s->zone, in)};
    fclose(in);
    return 0;
}

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "berm-differential: %s: %s\n", what, why);
    exit(2);
}

static berm_doc *read_line_doc(side *s, berm_str line)
{
    berm_doc *doc = NULL;
    berm_error err = {0};
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &s->limits,
                      .name = BERM_STR("line"),
                      .text = line,
                      .format = BERM_FORMAT_JSON};
    if (berm_doc_read(&read, &doc, &err) != BERM_OK) fail(line.ptr, err.message);
    return doc;
}

/* The doc becomes what is seen; it and the line stay until the next one. */
static void set_environment(side *s, const berm_space *space, berm_cell root)
{
    berm_cell names = berm_map_find_text(space, root, BERM_STR("names"));
    s->count = 0;
    for (uint32_t i = 0; i < names.as.ref.len; i++) {
        if (s->count == NAMES_MAX - 1) fail("names", "too many");
        berm_str name = berm_text_of(space, berm_map_key_at(space, names, i));
        s->bindings[s->count] = (berm_binding){name, BERM_BIND_SLOT, s->count};
        s->values[s->count++] = berm_map_value_at(space, names, i);
    }
    s->bindings[s->count] = (berm_binding){BERM_STR("object"), BERM_BIND_SLOT, s->count};
    s->values[s->count++] = berm_map_find_text(space, root, BERM_STR("object"));
}

static void bind_environment(side *s, berm_vm *vm)
{
    if (!s->env) return;
    uint16_t store = berm_space_add(&vm->space, &s->env->store);
    for (uint32_t i = 0; i < s->count; i++) {
        berm_cell value = s->values[i];
        value.store = store;
        bool typed = i + 1 < s->count;
        vm->slots[i] = typed ? build_typed_value(&vm->space, &vm->space, value) : value;
    }
}

/* --- answers --- */

static void put_refusal(berm_text *out, const vm_eval *e, berm_status status)
{
    size_t count = 0;
    const berm_diag *faults = e->diags ? berm_diags_list(e->diags, &count) : NULL;
    berm_str text = count ? faults[0].message : (berm_str){"", 0};
    berm_text_format(out, "%c%d %S", status == BERM_E_POLICY ? '!' : '#', (int)status, text);
}

static void answer(side *s, berm_str expr, berm_text *out)
{
    vm_eval e;
    berm_cell got;
    berm_scope scope = {.bindings = s->bindings, .count = s->count, .unchecked = true};
    berm_status status = vm_eval_begin(&e, &berm_alloc_libc, expr, &scope, false);
    if (status == BERM_OK) {
        e.vm.zone = read_zone;
        e.vm.zone_ctx = s;
        bind_environment(s, &e.vm);
        status = berm_vm_run(&e.vm, e.block, &got);
    }
    if (status == BERM_OK) put_canonical(out, &e.vm.space, got);
    else put_refusal(out, &e, status);
    vm_eval_end(&e);
}

static void print_answer(side *s, berm_str expr)
{
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    answer(s, expr, &out);
    for (size_t i = 0; i < out.len; i++) {
        if (out.ptr[i] == '\n') out.ptr[i] = ' '; /* of a message */
    }
    printf("%.*s\n", (int)out.len, out.ptr ? out.ptr : "");
    berm_text_free(&out);
}

/* Whether the line is what is seen from now on, and so has to stay. */
static bool take_line(side *s, berm_str line)
{
    berm_doc *doc = read_line_doc(s, line);
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, s->limits.memory_len);
    (void)berm_space_add(&space, &(berm_store){0});
    berm_cell root = doc->roots[0];
    root.store = berm_space_add(&space, &doc->store);
    berm_cell expr = berm_map_find_text(&space, root, BERM_STR("expr"));
    bool stays = expr.tag != BERM_TAG_STRING;
    if (stays) {
        set_environment(s, &space, root);
        berm_doc_drop(s->env);
        s->env = doc;
    } else {
        print_answer(s, berm_text_of(&space, expr));
        berm_doc_drop(doc);
    }
    berm_space_free(&space);
    return stays;
}

int main(void)
{
    static side s;
    static char buffer[1 << 16];
    char *line = NULL;
    size_t cap = 0;
    s.limits = berm_limits_resolve(NULL);
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    for (ssize_t len; (len = getline(&line, &cap, stdin)) > 0;) {
        if (len == 1) { /* an empty line: whoever asks waits for the answers */
            fflush(stdout);
        } else if (take_line(&s, (berm_str){line, (size_t)len})) {
            free(s.env_line);
            s.env_line = line;
            line = NULL;
            cap = 0;
        }
    }
    berm_doc_drop(s.env);
    free(s.env_line);
    free(line);
    return 0;
}
