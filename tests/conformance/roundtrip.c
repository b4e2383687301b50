/* Twins: the same object as X.json and X.yaml in one folder must load equal.

       roundtrip FOLDER...

   Each YAML twin is read with YAML 1.1 values, as Kubernetes reads it, and with the 1.2 core
   schema; the first must equal the JSON, the second is counted. */
#define _POSIX_C_SOURCE 200809L
#include "yaml_files.h"

typedef struct twins {
    uint32_t pairs, equal_11, equal_core, unread;
} twins;

static berm_doc *load(const char *path, berm_format format, berm_yaml_schema schema, berm_str *text)
{
    berm_doc *doc = NULL;
    berm_error err = {.message = "cannot be opened"};
    *text = read_file(path);
    if (!text->ptr || read_doc(*text, format, schema, &doc, &err) != BERM_OK)
        printf("%s:%u:%u: B%04u %s\n", path, err.line, err.column, err.code, err.message);
    return doc;
}

static bool same_docs(const berm_doc *a, const berm_doc *b)
{
    if (a->root_count != b->root_count) return false;
    for (uint32_t i = 0; i < a->root_count; i++)
        if (!same_roots(a, i, b, i)) return false;
    return true;
}

static void compare_pair(twins *t, const char *json_path, const char *yaml_path)
{
    berm_str json_text, core_text, text;
    berm_doc *json = load(json_path, BERM_FORMAT_JSON, BERM_YAML_CORE, &json_text);
    berm_doc *core = load(yaml_path, BERM_FORMAT_YAML, BERM_YAML_CORE, &core_text);
    berm_doc *yaml = load(yaml_path, BERM_FORMAT_YAML, BERM_YAML_11, &text);
    t->pairs++;
    if (!json || !core || !yaml) {
        t->unread++;
    } else {
        if (same_docs(json, core)) t->equal_core++;
        if (same_docs(json, yaml)) t->equal_11++;
        else printf("%s: differs from its JSON twin\n", yaml_path);
    }
    berm_doc_drop(json);
    berm_doc_drop(core);
    berm_doc_drop(yaml);
    free_file(json_text);
    free_file(core_text);
    free_file(text);
}

static void compare_folder(twins *t, const char *path)
{
    size_t count;
    char **names = list_names(path, &count);
    for (size_t i = 0; i < count; i++) {
        char json[PATH_LEN], yaml[PATH_LEN];
        size_t len = strlen(names[i]);
        snprintf(json, sizeof json, "%s/%s", path, names[i]);
        if (len < 6 || strcmp(names[i] + len - 5, ".json") != 0) {
            compare_folder(t, json); /* of a file, this does nothing */
            continue;
        }
        snprintf(yaml, sizeof yaml, "%s/%.*s.yaml", path, (int)(len - 5), names[i]);
        FILE *file = fopen(yaml, "rb");
        if (!file) continue;
        fclose(file);
        compare_pair(t, json, yaml);
    }
    free_names(names, count);
}

int main(int argc, char **argv)
{
    twins t = {0, 0, 0, 0};
    for (int i = 1; i < argc; i++) compare_folder(&t, argv[i]);
    printf("%u pairs: %u equal with YAML 1.1 values, %u with the core schema, %u unread\n", t.pairs,
           t.equal_11, t.equal_core, t.unread);
    return t.pairs == 0 || t.equal_11 != t.pairs;
}
