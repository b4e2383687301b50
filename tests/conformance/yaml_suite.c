/* The YAML test suite (https://github.com/yaml/yaml-test-suite): each folder has in.yaml and, where
   it must be refused, `error`; where JSON can say it, the value in in.json.

       yaml_suite FOLDER [DOCS]

   DOCS is docs/yaml.md, whose table names each case we differ on. The run fails when a case differs
   that is not in the table, or differs otherwise than the table says, and when one of the table
   does not differ any more. */
#define _POSIX_C_SOURCE 200809L
#include "yaml_files.h"

typedef enum outcome { SAME, READS, REFUSES, DIFFERS, MISPLACES } outcome;
static const char *const outcome_names[] = {"same", "reads", "refuses", "differs", "misplaces"};

typedef struct suite {
    berm_str docs; /* ptr NULL: none */
    uint32_t passed, known, failed, documented;
} suite;

/* --- what is expected --- */

/* The JSON value at the front of *rest, taken off it; empty when there is none. in.json holds
   values one after another, each over several lines. */
static berm_str take_json(berm_str *rest)
{
    size_t from = 0, depth = 0, pos;
    bool text = false;
    while (from < rest->len && strchr(" \t\r\n", rest->ptr[from])) from++;
    for (pos = from; pos < rest->len; pos++) {
        char c = rest->ptr[pos];
        if (text) {
            if (c == '\\') pos++;
            else if (c == '"') text = false;
        } else if (c == '"') {
            text = true;
        } else if (c == '{' || c == '[') {
            depth++;
            continue;
        } else if (c == '}' || c == ']') {
            depth--;
        } else if (strchr(" \t\r\n", c) == NULL) {
            if (pos + 1 < rest->len && !strchr(" \t\r\n", rest->ptr[pos + 1])) continue;
        } else {
            continue;
        }
        if (!text && depth == 0) {
            pos++;
            break;
        }
    }
    berm_str value = berm_str_cut(*rest, from, pos < rest->len ? pos : rest->len);
    *rest = berm_str_cut(*rest, pos < rest->len ? pos : rest->len, rest->len);
    return value;
}

static outcome compare_with_json(const berm_doc *doc, berm_str json)
{
    uint32_t count = 0;
    berm_error err;
    for (berm_str value; (value = take_json(&json)).len > 0; count++) {
        berm_doc *wanted = NULL;
        if (read_doc(value, BERM_FORMAT_JSON, BERM_YAML_CORE, &wanted, &err) != BERM_OK)
            return DIFFERS;
        bool same = count < doc->root_count && same_roots(doc, count, wanted, 0);
        berm_doc_drop(wanted);
        if (!same) return DIFFERS;
    }
    /* A stream without a document has one value for us, null. */
    if (count == 0)
        return doc->root_count == 1 && doc->roots[0].tag == BERM_TAG_NULL ? SAME : DIFFERS;
    return count == doc->root_count ? SAME : DIFFERS;
}

/* --- offsets: each byte of a value that is no white space comes from the same byte, or from an
   escape --- */

static bool check_string_offsets(const berm_doc *doc, const berm_cell *cell)
{
    const char *value = doc->store.text[(cell->flags & BERM_CELL_DECODED) != 0] + cell->as.ref.off;
    berm_span span = berm_doc_span(doc, cell);
    bool escapes = span.len > 0 && doc->text.ptr[span.off] == '"';
    uint32_t last = 0;
    for (uint32_t i = 0; i < cell->as.ref.len; i += 1 + cell->as.ref.len / 500) {
        uint32_t off = berm_doc_offset_in(doc, cell, i);
        if (off < last || off < span.off || off > span.off + span.len) return false;
        last = off;
        if ((unsigned char)value[i] <= ' ' || doc->text.ptr[off] == value[i]) continue;
        if (!escapes || doc->text.ptr[off] != '\\') return false;
    }
    return true;
}

static bool check_offsets(const berm_doc *doc, const berm_cell *cell)
{
    const berm_cell *children = doc->store.cells + cell->as.ref.off;
    if (cell->tag == BERM_TAG_STRING) return check_string_offsets(doc, cell);
    if (cell->tag != BERM_TAG_LIST && cell->tag != BERM_TAG_MAP) return true;
    for (uint32_t i = 0; i < cell->as.ref.len; i++)
        if (!check_offsets(doc, cell->tag == BERM_TAG_LIST ? &children[i] : &children[2 * i + 1]))
            return false;
    return true;
}

/* --- cases --- */

static outcome run_case(const char *path, bool show)
{
    char file[PATH_LEN + 16];
    berm_doc *doc = NULL;
    berm_error err;
    outcome result = SAME;
    snprintf(file, sizeof file, "%s/in.yaml", path);
    berm_str yaml = read_file(file);
    snprintf(file, sizeof file, "%s/in.json", path);
    berm_str json = read_file(file);
    snprintf(file, sizeof file, "%s/error", path);
    FILE *error = fopen(file, "rb");
    if (error) fclose(error);
    berm_status status = read_doc(yaml, BERM_FORMAT_YAML, BERM_YAML_CORE, &doc, &err);
    if (status != BERM_OK) {
        result = error ? SAME : REFUSES;
        if (show && result != SAME)
            printf("    B%04u %u:%u %s\n", err.code, err.line, err.column, err.message);
    } else {
        result = error ? READS : json.ptr ? compare_with_json(doc, json) : SAME;
        for (uint32_t i = 0; i < doc->root_count; i++)
            if (!check_offsets(doc, &doc->roots[i])) result = MISPLACES;
        if (show && result != SAME) show_roots("read as", doc);
    }
    berm_doc_drop(doc);
    free_file(yaml);
    free_file(json);
    return result;
}

/* What the table of the docs says of a case: a line "| ID | reads | why |". */
static outcome find_documented(berm_str docs, const char *id)
{
    char row[PATH_LEN];
    for (int i = READS; docs.ptr && i <= DIFFERS; i++) {
        snprintf(row, sizeof row, "\n| %s | %s |", id, outcome_names[i]);
        if (strstr(docs.ptr, row)) return (outcome)i;
    }
    return SAME;
}

static uint32_t count_documented(berm_str docs)
{
    uint32_t count = 0;
    for (int i = READS; docs.ptr && i <= DIFFERS; i++) {
        char cell[32];
        snprintf(cell, sizeof cell, " | %s | ", outcome_names[i]);
        for (const char *at = docs.ptr; (at = strstr(at, cell)); at++) count++;
    }
    return count;
}

static void judge_case(suite *s, const char *path, const char *id)
{
    outcome result = run_case(path, false), wanted = find_documented(s->docs, id);
    if (wanted != SAME) s->documented++;
    if (result == wanted && result == SAME) {
        s->passed++;
    } else if (result == wanted) {
        s->known++;
    } else {
        s->failed++;
        printf("%s: %s, documented: %s\n", id, outcome_names[result], outcome_names[wanted]);
        run_case(path, true);
    }
}

/* Cases are folders with in.yaml, one or two levels down. */
static void walk_cases(suite *s, const char *path, const char *id, int depth)
{
    size_t count;
    char **names = list_names(path, &count);
    bool is_case = false;
    for (size_t i = 0; i < count; i++) is_case = is_case || strcmp(names[i], "in.yaml") == 0;
    if (is_case) judge_case(s, path, id);
    for (size_t i = 0; !is_case && depth < 3 && i < count; i++) {
        char below[PATH_LEN], name[PATH_LEN];
        snprintf(below, sizeof below, "%s/%s", path, names[i]);
        snprintf(name, sizeof name, "%s%s%s", id, *id ? "/" : "", names[i]);
        walk_cases(s, below, name, depth + 1);
    }
    free_names(names, count);
}

int main(int argc, char **argv)
{
    suite s = {.docs = {NULL, 0}};
    if (argc < 2) {
        fprintf(stderr, "yaml_suite FOLDER [docs/yaml.md]\n");
        return 2;
    }
    if (argc > 2) s.docs = read_file(argv[2]);
    walk_cases(&s, argv[1], "", 0);
    uint32_t stale = count_documented(s.docs) - s.documented;
    printf("%u as expected, %u differ as documented, %u otherwise, %u documented but not there\n",
           s.passed, s.known, s.failed, stale);
    free_file(s.docs);
    if (s.passed == 0) fprintf(stderr, "no cases in %s\n", argv[1]);
    return s.failed > 0 || stale > 0 || s.passed == 0;
}
