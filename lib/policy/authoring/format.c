/* The walk through policy documents along schema.def. */
#include "policy/authoring/format.h"

#include "data/yaml_parts.h"

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
    {NULL, FORMAT_ONE, FORMAT_REST, BERM_SCHEMA_COUNT},
};

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
    if (berm_part_is(part, BERM_TAG_MAP) || berm_part_is(part, BERM_TAG_LIST)) return;
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

/* Is the value written behind what stands before it in its map or list? What an alias stands for
   is where its anchor is, and may be a text there, in which white space matters. */
static bool is_written_here(berm_part value, uint32_t *behind)
{
    berm_place place = berm_part_place(value);
    if (place.off < *behind) return false;
    *behind = place.off + place.len;
    return true;
}

static void format_map(format_walk *walk, berm_part map, uint32_t schema);

static void format_value(format_walk *walk, berm_part value, const format_key *row)
{
    bool fields = row->type == FORMAT_FIELDS && berm_part_is(value, BERM_TAG_MAP);
    uint32_t behind = berm_part_place(value).off;
    if (row->type == FORMAT_SCHEMA) format_map(walk, value, row->arg);
    for (uint32_t i = 0; fields && i < berm_part_count(value); i++)
        if (is_written_here(berm_part_value_at(value, i), &behind))
            format_scalar(walk, berm_part_value_at(value, i), true);
    if (row->type == FORMAT_EXPR || (row->type == FORMAT_FIELDS && !fields))
        format_scalar(walk, value, true);
    if (row->type == FORMAT_NAME || row->type == FORMAT_TEXT) format_scalar(walk, value, false);
}

static void format_member(format_walk *walk, berm_part value, const format_key *row)
{
    uint32_t behind = berm_part_place(value).off;
    if (row->many == FORMAT_ONE) {
        format_value(walk, value, row);
    } else if (berm_part_is(value, row->many == FORMAT_LIST ? BERM_TAG_LIST : BERM_TAG_MAP)) {
        for (uint32_t i = 0; i < berm_part_count(value); i++) {
            berm_part one = row->many == FORMAT_LIST ? berm_part_element_at(value, i)
                                                     : berm_part_value_at(value, i);
            if (is_written_here(one, &behind)) format_value(walk, one, row);
        }
    }
}

/* The rows of a schema begin behind this. */
static size_t find_schema(uint32_t schema)
{
    size_t at = 0;
    while (format_keys[at].key || format_keys[at].arg != schema) at++;
    return at + 1;
}

/* Calls itself no deeper than the file is nested, which the reader bounds. */
static void format_map(format_walk *walk, berm_part map, uint32_t schema)
{
    if (!berm_part_is(map, BERM_TAG_MAP)) return;
    uint32_t behind = berm_part_place(map).off;
    size_t first = find_schema(schema);
    for (uint32_t i = 0; i < berm_part_count(map) && !walk->failed; i++) {
        berm_str key = berm_part_text(berm_part_key_at(map, i));
        berm_part value = berm_part_value_at(map, i);
        if (!is_written_here(value, &behind)) continue;
        for (size_t k = first; format_keys[k].key; k++)
            if (berm_str_is(key, format_keys[k].key)) format_member(walk, value, &format_keys[k]);
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
            format_map(walk, document, sorts[i]);
}

/* They are in the order of the file, as the walk is: one that is not is none of the walk's. */
static void write_edits(const berm_edits *edits, berm_str text, berm_text *out)
{
    size_t at = 0;
    for (uint32_t i = 0; i < edits->count; i++) {
        const berm_edit *edit = &edits->items[i];
        if (edit->off < at) continue;
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

berm_status berm_format_text(const berm_format_terms *terms, berm_str text, berm_text *out,
                             berm_diags *diags, berm_error *err)
{
    berm_policy_file file;
    berm_status status = berm_format_read(terms, text, &file, diags, err);
    if (status) return status;
    if (file.doc->text.len != text.len) { /* in another encoding, or with a mark of it */
        berm_text_put(out, text);
    } else {
        bool done = format_file(terms->alloc, &file, out);
        status = done ? berm_format_check(terms, &file, berm_text_view(out), err)
                      : berm_error_set(err, BERM_E_NOMEM, BERM_D_NOMEM, "an allocation failed");
    }
    berm_doc_drop(file.doc);
    return status;
}
