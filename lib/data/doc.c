/* Documents: encodings, formats, life, spans. */
#include "data/doc.h"

#include "base/utf8.h"
#include "data/json_parts.h"

#include <stdatomic.h>

#define DOC_LEN_MOST 4294967294u /* offsets are 32 bits and BERM_NO_SPAN is one of them */

/* --- life --- */

berm_doc *berm_doc_new(const berm_alloc *alloc, berm_str name)
{
    berm_doc *doc = berm_mem_new(alloc, sizeof *doc);
    char *copy = doc ? berm_mem_new(alloc, name.len + 1) : NULL;
    if (!copy) {
        berm_mem_free(alloc, doc, sizeof *doc);
        return NULL;
    }
    if (name.len > 0) memcpy(copy, name.ptr, name.len);
    doc->alloc = *alloc;
    doc->name_mem = copy;
    doc->name = (berm_str){copy, name.len};
    doc->text = BERM_STR("");
    atomic_init(&doc->refs, 1);
    return doc;
}

berm_doc *berm_doc_hold(berm_doc *doc)
{
    if (doc) atomic_fetch_add_explicit(&doc->refs, 1, memory_order_relaxed);
    return doc;
}

static void free_doc_tree(berm_doc *doc)
{
    const berm_alloc *alloc = &doc->alloc;
    berm_mem_free(alloc, doc->cells, doc->cell_cap * sizeof *doc->cells);
    berm_mem_free(alloc, doc->decoded, doc->decoded_cap);
    berm_mem_free(alloc, doc->ends, doc->end_cap * sizeof *doc->ends);
    berm_mem_free(alloc, doc->roots, doc->root_cap * sizeof *doc->roots);
    berm_mem_free(alloc, doc->root_ends, doc->root_end_cap * sizeof *doc->root_ends);
    doc->cells = NULL;
    doc->decoded = NULL;
    doc->ends = doc->root_ends = NULL;
    doc->roots = NULL;
    doc->cell_cap = doc->decoded_cap = doc->end_cap = doc->root_cap = doc->root_end_cap =
        doc->root_count = 0;
}

void berm_doc_drop(berm_doc *doc)
{
    if (!doc || atomic_fetch_sub_explicit(&doc->refs, 1, memory_order_acq_rel) != 1) return;
    free_doc_tree(doc);
    berm_alloc alloc = doc->alloc;
    berm_mem_free(&alloc, doc->text_mem, doc->text_cap);
    berm_mem_free(&alloc, doc->name_mem, doc->name.len + 1);
    if (doc->release) doc->release(doc->release_ctx);
    berm_mem_free(&alloc, doc, sizeof *doc);
}

/* --- encodings --- */

typedef enum doc_encoding { DOC_UTF8, DOC_UTF16_LE, DOC_UTF16_BE, DOC_UTF32 } doc_encoding;

/* By the byte order mark, else by where the zero byte of an ASCII first character is. *bom gets the
   mark's length. */
static doc_encoding detect_encoding(berm_str text, size_t *bom)
{
    unsigned char b[4] = {1, 1, 1, 1};
    for (size_t i = 0; i < 4 && i < text.len; i++) b[i] = (unsigned char)text.ptr[i];
    *bom = 0;
    if (b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF) {
        *bom = 3;
        return DOC_UTF8;
    }
    if ((b[0] == 0 && b[1] == 0) || (b[2] == 0 && b[3] == 0 && b[1] == 0) ||
        (b[0] == 0xFF && b[1] == 0xFE && b[2] == 0 && b[3] == 0)) {
        return DOC_UTF32;
    }
    if ((b[0] == 0xFF && b[1] == 0xFE) || (b[0] == 0xFE && b[1] == 0xFF)) {
        *bom = 2;
        return b[0] == 0xFF ? DOC_UTF16_LE : DOC_UTF16_BE;
    }
    if (b[0] == 0) return DOC_UTF16_BE;
    return b[1] == 0 ? DOC_UTF16_LE : DOC_UTF8;
}

static uint32_t load_utf16_unit(const char *p, bool little)
{
    uint32_t first = (unsigned char)p[0], second = (unsigned char)p[1];
    return little ? second << 8 | first : first << 8 | second;
}

/* Writes UTF-8 to `out`, which has room for 3 bytes a unit; the length written, *fault the input
   offset of what is no UTF-16 (or text.len). */
static size_t convert_utf16(berm_str text, bool little, char *out, size_t *fault)
{
    size_t at = 0, len = 0;
    for (; at + 2 <= text.len; at += 2) {
        uint32_t code = load_utf16_unit(text.ptr + at, little);
        if (code >= 0xD800 && code <= 0xDFFF) {
            uint32_t low = at + 4 <= text.len ? load_utf16_unit(text.ptr + at + 2, little) : 0;
            if (code > 0xDBFF || low < 0xDC00 || low > 0xDFFF) break;
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            at += 2;
        }
        len += berm_utf8_encode(code, out + len);
    }
    *fault = at;
    return len;
}

/* A failure before there is a reader: told as readers tell theirs. */
static berm_status fail_doc(const berm_read *read, const berm_doc *doc, berm_error *err,
                            berm_status status, berm_diag_id id, size_t off, const char *message)
{
    if (read->diags) {
        berm_place place = {berm_diags_source(read->diags, read->name, doc->text), (uint32_t)off,
                            1};
        berm_diags_add(read->diags, id, place, "%s", message);
    }
    return berm_error_at(err, status, id, doc->text, off, "%s", message);
}

static berm_status fail_doc_memory(berm_error *err)
{
    return berm_error_set(err, BERM_E_NOMEM, BERM_D_NOMEM,
                          "out of memory while reading a document");
}

static berm_status take_utf16(const berm_read *read, berm_doc *doc, berm_str text, bool little,
                              berm_error *err)
{
    size_t fault = 0, cap = text.len / 2 * 3 + 1;
    doc->text_mem = berm_mem_resize(&doc->alloc, NULL, 0, cap);
    if (!doc->text_mem) return fail_doc_memory(err);
    doc->text_cap = cap;
    doc->text = (berm_str){doc->text_mem, convert_utf16(text, little, doc->text_mem, &fault)};
    if (fault < text.len) {
        return fail_doc(read, doc, err, BERM_E_ENCODING, BERM_D_ENCODING, doc->text.len,
                        "the text is not valid UTF-16");
    }
    if (doc->text.len > DOC_LEN_MOST) {
        doc->text = BERM_STR("");
        return fail_doc(read, doc, err, BERM_E_LIMIT, BERM_D_DOC_SIZE, 0,
                        "the text is over 4 GiB as UTF-8");
    }
    if (doc->release) doc->release(doc->release_ctx);
    doc->release = NULL;
    return BERM_OK;
}

/* doc->text becomes valid UTF-8 without a byte order mark. */
static berm_status take_text(const berm_read *read, berm_doc *doc, berm_error *err)
{
    size_t bom,
        most = read->limits->doc_len < DOC_LEN_MOST ? (size_t)read->limits->doc_len : DOC_LEN_MOST;
    if (read->text.len > most) {
        char message[80];
        berm_format_into(message, sizeof message, "a text of %L bytes; the limit is %L",
                         (uint64_t)read->text.len, (uint64_t)most);
        return fail_doc(read, doc, err, BERM_E_LIMIT, BERM_D_DOC_SIZE, 0, message);
    }
    doc_encoding encoding = detect_encoding(read->text, &bom);
    if (encoding == DOC_UTF32) {
        return fail_doc(read, doc, err, BERM_E_ENCODING, BERM_D_ENCODING, 0,
                        "the text is UTF-32 or starts with zero bytes");
    }
    berm_str text = read->text.ptr ? berm_str_cut(read->text, bom, read->text.len) : BERM_STR("");
    if (encoding != DOC_UTF8) return take_utf16(read, doc, text, encoding == DOC_UTF16_LE, err);
    if (read->copy_text && text.len > 0) {
        doc->text_mem = berm_mem_resize(&doc->alloc, NULL, 0, text.len);
        if (!doc->text_mem) return fail_doc_memory(err);
        doc->text_cap = text.len;
        memcpy(doc->text_mem, text.ptr, text.len);
        text.ptr = doc->text_mem;
    }
    doc->text = text;
    size_t invalid = berm_utf8_invalid(text.ptr, text.len);
    if (invalid == text.len) return BERM_OK;
    return fail_doc(read, doc, err, BERM_E_ENCODING, BERM_D_ENCODING, invalid,
                    "the text is not valid UTF-8");
}

/* --- formats --- */

berm_format berm_format_asked(uint32_t format)
{
    switch (format) {
    case BERM_FORMAT_IS_JSON: return BERM_FORMAT_JSON;
    case BERM_FORMAT_IS_YAML: return BERM_FORMAT_YAML;
    case BERM_FORMAT_IS_NDJSON: return BERM_FORMAT_NDJSON;
    default: return BERM_FORMAT_AUTO;
    }
}

static bool has_name_suffix(berm_str name, const char *suffix)
{
    size_t len = strlen(suffix);
    if (name.len < len) return false;
    for (size_t i = 0; i < len; i++) {
        char c = name.ptr[name.len - len + i];
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        if (c != suffix[i]) return false;
    }
    return true;
}

static size_t skip_doc_space(berm_str text, size_t at)
{
    while (at < text.len && memchr(" \t\r\n", text.ptr[at], 4)) at++;
    return at;
}

static bool starts_doc_word(berm_str text, size_t at, const char *word)
{
    size_t len = strlen(word);
    return text.len - at >= len && memcmp(text.ptr + at, word, len) == 0;
}

/* What starts with a bracket can be JSON or a YAML flow collection; what follows the bracket tells.
   `{{` is a template that the YAML reader knows to name. */
static berm_format detect_bracket(berm_str text, size_t at)
{
    char bracket = text.ptr[at];
    at = skip_doc_space(text, at + 1);
    char next = at < text.len ? text.ptr[at] : '\0';
    if (next == '\0' || next == '"' || next == '/') return BERM_FORMAT_JSON;
    if (bracket == '{') return next == '}' ? BERM_FORMAT_JSON : BERM_FORMAT_YAML;
    if (memchr("[{]-0123456789", next, 14)) return BERM_FORMAT_JSON;
    bool word = starts_doc_word(text, at, "true") || starts_doc_word(text, at, "false") ||
                starts_doc_word(text, at, "null");
    return word ? BERM_FORMAT_JSON : BERM_FORMAT_YAML;
}

/* AUTO: a scalar at the top can be both, so JSON is tried. */
static berm_format detect_format(berm_str name, berm_str text)
{
    if (has_name_suffix(name, ".json")) return BERM_FORMAT_JSON;
    if (has_name_suffix(name, ".ndjson") || has_name_suffix(name, ".jsonl"))
        return BERM_FORMAT_NDJSON;
    if (has_name_suffix(name, ".yaml") || has_name_suffix(name, ".yml")) return BERM_FORMAT_YAML;
    size_t at = skip_doc_space(text, 0);
    if (at == text.len) return BERM_FORMAT_YAML;
    if (text.ptr[at] == '{' || text.ptr[at] == '[') return detect_bracket(text, at);
    return memchr("\"-0123456789tfn", text.ptr[at], 15) ? BERM_FORMAT_AUTO : BERM_FORMAT_YAML;
}

static berm_status read_as_yaml(const berm_read *read, berm_doc *doc, berm_error *err)
{
    berm_read yaml = *read;
    yaml.format = doc->format = BERM_FORMAT_YAML;
    return berm_yaml_read(&yaml, doc, err);
}

/* JSON in silence; YAML when it is none. */
static berm_status read_json_or_yaml(const berm_read *read, berm_doc *doc, berm_error *err)
{
    berm_read quiet = *read;
    quiet.diags = NULL;
    berm_status status = berm_json_read(&quiet, doc, err);
    if (status != BERM_E_SYNTAX) return status;
    free_doc_tree(doc);
    if (err) *err = (berm_error){0};
    return read_as_yaml(read, doc, err);
}

/* The JSON reader gets AUTO where the caller said so: it may then find out that the text is NDJSON.
   */
static berm_status read_doc_text(const berm_read *read, berm_doc *doc, berm_error *err)
{
    berm_format format =
        read->format == BERM_FORMAT_AUTO ? detect_format(read->name, doc->text) : read->format;
    switch (format) {
    case BERM_FORMAT_AUTO: return read_json_or_yaml(read, doc, err);
    case BERM_FORMAT_YAML: return read_as_yaml(read, doc, err);
    case BERM_FORMAT_JSON: return berm_json_read(read, doc, err);
    case BERM_FORMAT_NDJSON: {
        berm_read lines = *read;
        lines.format = BERM_FORMAT_NDJSON;
        return berm_json_read(&lines, doc, err);
    }
    default:
        return berm_error_set(err, BERM_E_ARGUMENT, BERM_D_ARGUMENT,
                              "a text cannot be read as a built document");
    }
}

berm_status berm_doc_read(const berm_read *read, berm_doc **out, berm_error *err)
{
    *out = NULL;
    berm_doc *doc = berm_doc_new(read->alloc, read->name);
    if (!doc) {
        if (read->own_text && read->release) read->release(read->release_ctx);
        return fail_doc_memory(err);
    }
    if (read->own_text) {
        doc->release = read->release;
        doc->release_ctx = read->release_ctx;
    }
    doc->schema = read->schema;
    berm_status status = take_text(read, doc, err);
    if (status == BERM_OK) status = read_doc_text(read, doc, err);
    if (status == BERM_OK) *out = doc;
    else berm_doc_drop(doc);
    return status;
}

/* --- spans --- */

/* Index of `cell` in an array it may be part of, or UINT32_MAX. */
static uint32_t index_in_cells(const berm_cell *cells, uint32_t count, const berm_cell *cell)
{
    uintptr_t first = (uintptr_t)cells, at = (uintptr_t)cell;
    if (count == 0 || at < first || at >= first + count * sizeof *cells) return UINT32_MAX;
    return (uint32_t)((at - first) / sizeof *cells);
}

/* The same of a copy. */
static uint32_t find_copied_cell(const berm_cell *cells, uint32_t count, const berm_cell *cell)
{
    for (uint32_t i = 0; i < count; i++) {
        if (cells[i].aux == cell->aux && cells[i].tag == cell->tag && cells[i].as.u == cell->as.u)
            return i;
    }
    return UINT32_MAX;
}

static uint32_t find_yaml_end(const berm_doc *doc, const berm_cell *cell)
{
    uint32_t count = doc->store.cell_count;
    uint32_t index = index_in_cells(doc->cells, count, cell),
             root = index_in_cells(doc->roots, doc->root_count, cell);
    if (index == UINT32_MAX && root == UINT32_MAX) {
        root = find_copied_cell(doc->roots, doc->root_count, cell);
        if (root == UINT32_MAX) index = find_copied_cell(doc->cells, count, cell);
    }
    if (root != UINT32_MAX) return doc->root_ends[root];
    return index != UINT32_MAX ? doc->ends[index] : cell->aux;
}

berm_span berm_doc_span(const berm_doc *doc, const berm_cell *cell)
{
    uint64_t off = cell->aux;
    if (off >= doc->text.len) return (berm_span){off == BERM_NO_SPAN ? 0 : doc->text.len, 0};
    uint64_t end =
        doc->root_ends ? find_yaml_end(doc, cell) : berm_json_value_end(doc->text, (size_t)off);
    return (berm_span){off, end > off ? end - off : 0};
}

uint32_t berm_doc_offset_in(const berm_doc *doc, const berm_cell *cell, uint32_t index)
{
    if (doc->root_ends) return berm_yaml_offset_in(doc, cell, index);
    if (cell->aux >= doc->text.len || doc->text.ptr[cell->aux] != '"') return cell->aux;
    return (uint32_t)berm_json_offset_in(doc->text, cell->aux, index);
}
