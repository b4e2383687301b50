/* The walk through policy documents along schema.def. */
#include "policy/authoring/format.h"

#include "data/yaml_parts.h"

#include <stdlib.h>

enum { FORMAT_NAME, FORMAT_TEXT, FORMAT_EXPR, FORMAT_FIELDS, FORMAT_SCHEMA, FORMAT_REST };
#define FORMAT_IDENT FORMAT_NAME
#define FORMAT_WORD FORMAT_TEXT
#define FORMAT_BOOL FORMAT_REST
#define FORMAT_INT FORMAT_REST
#define FORMAT_ANY FORMAT_REST
#define FORMAT_LATER FORMAT_REST
enum { FORMAT_ONE, FORMAT_LIST, FORMAT_MAP };
#define FORMAT_ARG_NAME(arg) BERM_SCHEMA_COUNT
#define FORMAT_ARG_IDENT(arg) BERM_SCHEMA_COUNT
#define FORMAT_ARG_TEXT(arg) BERM_SCHEMA_COUNT
#define FORMAT_ARG_EXPR(arg) BERM_SCHEMA_COUNT
#define FORMAT_ARG_FIELDS(arg) BERM_SCHEMA_COUNT
#define FORMAT_ARG_BOOL(arg) BERM_SCHEMA_COUNT
#define FORMAT_ARG_INT(arg) BERM_SCHEMA_COUNT
#define FORMAT_ARG_ANY(arg) BERM_SCHEMA_COUNT
#define FORMAT_ARG_LATER(arg) BERM_SCHEMA_COUNT
#define FORMAT_ARG_WORD(arg) BERM_SCHEMA_COUNT
#define FORMAT_ARG_SCHEMA(arg) BERM_SCHEMA_##arg

/* A row without a key begins the schema `arg`. */
typedef struct format_key {
    const char *key;
    uint8_t many, type, arg;
} format_key;
_Static_assert(BERM_SCHEMA_COUNT < 256, "a schema's number is one byte");

static const format_key format_keys[] = {
#define BERM_SCHEMA(id, name) {NULL, FORMAT_ONE, FORMAT_REST, BERM_SCHEMA_##id},
#define BERM_KEY(key, many, type, arg, need) \
    {key, FORMAT_##many, FORMAT_##type, FORMAT_ARG_##type(arg)},
#define BERM_SCHEMA_END(id)
#include "policy/schema.def"
#undef BERM_SCHEMA
#undef BERM_KEY
#undef BERM_SCHEMA_END
};
/* Policies are written by people: what is nested deeper is no policy. */
#define FORMAT_DEPTH_MAX 100u
#define FORMAT_KEYS (sizeof format_keys / sizeof *format_keys)

typedef struct format_walk {
    const berm_alloc *alloc;
    berm_edits edits;
    bool failed;
} format_walk;

/* --- scalars --- */

/* A plain scalar on one line, without tag, anchor or alias. */
static bool is_bare(berm_str written)
{
    return written.len && !strchr("\"'|>&*!", written.ptr[0]) &&
           !memchr(written.ptr, '\n', written.len) && !memchr(written.ptr, '"', written.len) &&
           !memchr(written.ptr, '\\', written.len);
}

/* Is something else than this text, for this YAML or an older one? */
static bool is_misread(berm_str written)
{
    bool differs = false;
    berm_cell core = berm_yaml_resolve(written, BERM_YAML_CORE, &differs);
    if (core.tag == BERM_TAG_NULL) return false;
    return core.tag != BERM_TAG_STRING || differs || core.flags & BERM_CELL_AMBIGUOUS;
}

static void add_quote(format_walk *walk, uint32_t off)
{
    berm_edit edit = {off, 0, "\""};
    if (!berm_array_push(walk->alloc, &walk->edits, edit)) walk->failed = true;
}

static void format_scalar(format_walk *walk, berm_part part, bool expression)
{
    berm_str written = berm_part_source(part);
    bool scalar = part.cell && part.cell->tag != BERM_TAG_MAP && part.cell->tag != BERM_TAG_LIST;
    if (!scalar) return;
    if (is_bare(written) && is_misread(written)) {
        uint32_t off = berm_part_place(part).off;
        add_quote(walk, off);
        add_quote(walk, off + (uint32_t)written.len);
        return;
    }
    berm_expr expr = {.text = berm_part_text(part), .part = part};
    if (expression && expr.text.ptr && !berm_cel_space(walk->alloc, &expr, &walk->edits))
        walk->failed = true;
}

/* --- documents --- */

static void format_map(format_walk *walk, berm_part map, uint32_t schema, uint32_t level);

static void format_value(format_walk *walk, berm_part value, const format_key *row, uint32_t level)
{
    bool fields = row->type == FORMAT_FIELDS && berm_part_is(value, BERM_TAG_MAP);
    if (row->type == FORMAT_SCHEMA) format_map(walk, value, row->arg, level + 1);
    for (uint32_t i = 0; fields && i < berm_part_count(value); i++)
        format_scalar(walk, berm_part_value_at(value, i), true);
    if (row->type == FORMAT_EXPR || (row->type == FORMAT_FIELDS && !fields))
        format_scalar(walk, value, true);
    if (row->type == FORMAT_NAME || row->type == FORMAT_TEXT) format_scalar(walk, value, false);
}

static void format_member(format_walk *walk, berm_part value, const format_key *row, uint32_t level)
{
    if (row->many == FORMAT_ONE) {
        format_value(walk, value, row, level);
    } else if (row->many == FORMAT_LIST && berm_part_is(value, BERM_TAG_LIST)) {
        for (uint32_t i = 0; i < berm_part_count(value); i++)
            format_value(walk, berm_part_element_at(value, i), row, level);
    } else if (row->many == FORMAT_MAP && berm_part_is(value, BERM_TAG_MAP)) {
        for (uint32_t i = 0; i < berm_part_count(value); i++)
            format_value(walk, berm_part_value_at(value, i), row, level);
    }
}

/* The rows of a schema begin behind this. */
static size_t find_schema(uint32_t schema)
{
    size_t at = 0;
    while (format_keys[at].key || format_keys[at].arg != schema) at++;
    return at + 1;
}

static void format_map(format_walk *walk, berm_part map, uint32_t schema, uint32_t level)
{
    if (!berm_part_is(map, BERM_TAG_MAP) || level > 64) return;
    size_t first = find_schema(schema);
    for (uint32_t i = 0; i < berm_part_count(map) && !walk->failed; i++) {
        berm_str key = berm_part_text(berm_part_key_at(map, i));
        for (size_t k = first; k < FORMAT_KEYS && format_keys[k].key; k++)
            if (berm_str_is(key, format_keys[k].key))
                format_member(walk, berm_part_value_at(map, i), &format_keys[k], level);
    }
}

/* By its first key, as policies are loaded; those of dialects are somebody else's files. */
static void format_document(format_walk *walk, berm_part document)
{
    static const uint8_t sorts[] = {BERM_SCHEMA_GUARDRAIL, BERM_SCHEMA_KIND,   BERM_SCHEMA_TARGET,
                                    BERM_SCHEMA_PARAMETER, BERM_SCHEMA_PACK,   BERM_SCHEMA_WAIVER,
                                    BERM_SCHEMA_FRAMEWORK, BERM_SCHEMA_MAPPING};
    if (!berm_part_is(document, BERM_TAG_MAP) || berm_part_count(document) == 0 ||
        berm_part_given(berm_part_member(document, "apiVersion")))
        return;
    berm_str first = berm_part_text(berm_part_key_at(document, 0));
    for (size_t i = 0; i < sizeof sorts; i++)
        if (berm_str_is(first, format_keys[find_schema(sorts[i])].key))
            format_map(walk, document, sorts[i], 0);
}

static int order_edits(const void *a, const void *b)
{
    const berm_edit *x = a, *y = b;
    return x->off < y->off ? -1 : x->off > y->off;
}

/* What an alias stands for is walked through more than once. */
static void write_edits(berm_edits *edits, berm_str text, berm_text *out)
{
    size_t at = 0;
    if (edits->count) qsort(edits->items, edits->count, sizeof *edits->items, order_edits);
    for (uint32_t i = 0; i < edits->count; i++) {
        const berm_edit *edit = &edits->items[i];
        if (edit->off < at || (i && edit->off == edits->items[i - 1].off)) continue;
        berm_text_put(out, berm_str_cut(text, at, edit->off));
        berm_text_put(out, berm_str_of(edit->text));
        at = (size_t)edit->off + edit->len;
    }
    berm_text_put(out, berm_str_cut(text, at, text.len));
}

static bool format_file(const berm_alloc *alloc, const berm_policy_file *file, berm_text *out)
{
    format_walk walk = {.alloc = alloc};
    for (uint32_t i = 0; i < file->doc->root_count && !walk.failed; i++)
        format_document(&walk, (berm_part){file, &file->doc->roots[i]});
    if (!walk.failed) write_edits(&walk.edits, file->doc->text, out);
    berm_array_free(alloc, &walk.edits);
    return !walk.failed && !out->failed;
}

/* --- do they say the same? --- */

typedef struct format_compare {
    const berm_alloc *alloc;
    bool failed; /* memory ended */
} format_compare;

static bool is_same_expression(format_compare *compare, berm_str a, berm_str b)
{
    berm_ast x, y;
    berm_ast_init(&x, compare->alloc);
    berm_ast_init(&y, compare->alloc);
    berm_status first = berm_cel_parse(&x, a, NULL, NULL, NULL);
    berm_status second = berm_cel_parse(&y, b, NULL, NULL, NULL);
    bool same = !first && !second && berm_ast_equal(&x, x.root, &y, y.root);
    compare->failed |= first == BERM_E_NOMEM || second == BERM_E_NOMEM;
    berm_ast_free(&x);
    berm_ast_free(&y);
    return same;
}

static bool agree_scalars(format_compare *compare, berm_part a, berm_part b)
{
    if (berm_part_is(a, BERM_TAG_STRING) && berm_part_is(b, BERM_TAG_STRING))
        return berm_str_equal(berm_part_text(a), berm_part_text(b)) ||
               is_same_expression(compare, berm_part_text(a), berm_part_text(b));
    if (a.cell->tag == b.cell->tag) return berm_str_equal(berm_part_source(a), berm_part_source(b));
    return berm_part_is(b, BERM_TAG_STRING) &&
           berm_str_equal(berm_part_source(a), berm_part_text(b));
}

static bool is_same_part(format_compare *compare, berm_part a, berm_part b)
{
    bool map = berm_part_is(a, BERM_TAG_MAP), list = berm_part_is(a, BERM_TAG_LIST);
    if (!map && !list) return agree_scalars(compare, a, b);
    if (a.cell->tag != b.cell->tag || berm_part_count(a) != berm_part_count(b)) return false;
    for (uint32_t i = 0; i < berm_part_count(a); i++) {
        if (map && !berm_str_equal(berm_part_text(berm_part_key_at(a, i)),
                                   berm_part_text(berm_part_key_at(b, i))))
            return false;
        bool same =
            map ? is_same_part(compare, berm_part_value_at(a, i), berm_part_value_at(b, i))
                : is_same_part(compare, berm_part_element_at(a, i), berm_part_element_at(b, i));
        if (!same) return false;
    }
    return true;
}

static berm_status read_file_text(const berm_format_terms *terms, berm_str text,
                                  berm_policy_file *file, berm_diags *diags, berm_error *err)
{
    *file = (berm_policy_file){.name = terms->name, .text = text};
    file->diag_source = berm_diags_source(diags, terms->name, text);
    berm_limits limits = *terms->limits;
    if (limits.depth > FORMAT_DEPTH_MAX) limits.depth = FORMAT_DEPTH_MAX;
    berm_read read = {.alloc = terms->alloc,
                      .limits = &limits,
                      .name = terms->name,
                      .text = text,
                      .format = BERM_FORMAT_YAML,
                      .diags = diags};
    return berm_doc_read(&read, &file->doc, err);
}

/* Nothing is trusted that the edits did: what they made is read again. */
static berm_status check_result(const berm_format_terms *terms, const berm_policy_file *file,
                                berm_str made, berm_error *err)
{
    berm_policy_file again;
    berm_status status = read_file_text(terms, made, &again, NULL, err);
    if (status) return status == BERM_E_SYNTAX ? BERM_E_INTERNAL : status;
    format_compare compare = {terms->alloc, false};
    bool same = file->doc->root_count == again.doc->root_count;
    for (uint32_t i = 0; same && i < file->doc->root_count; i++)
        same = is_same_part(&compare, (berm_part){file, &file->doc->roots[i]},
                            (berm_part){&again, &again.doc->roots[i]});
    berm_doc_drop(again.doc);
    if (compare.failed)
        return berm_error_set(err, BERM_E_NOMEM, BERM_D_NOMEM, "an allocation failed");
    return same ? BERM_OK
                : berm_error_set(err, BERM_E_INTERNAL, BERM_D_INTERNAL,
                                 "the file would not mean the same once formatted");
}

berm_status berm_format_text(const berm_format_terms *terms, berm_str text, berm_text *out,
                             berm_diags *diags, berm_error *err)
{
    berm_policy_file file;
    berm_status status = read_file_text(terms, text, &file, diags, err);
    if (status) return status;
    if (file.doc->text.len != text.len) { /* in another encoding, or with a mark of it */
        berm_text_put(out, text);
    } else {
        bool done = format_file(terms->alloc, &file, out);
        status = done ? check_result(terms, &file, berm_text_view(out), err)
                      : berm_error_set(err, BERM_E_NOMEM, BERM_D_NOMEM, "an allocation failed");
    }
    berm_doc_drop(file.doc);
    return status;
}
