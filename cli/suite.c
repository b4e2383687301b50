#include "suite.h"

#include <stdlib.h>
#include <string.h>

/* --- reading values --- */

berm_value value_member(berm_value map, const char *key)
{
    berm_value member = {0};
    if (!map.store || berm_value_find(map, (berm_str){key, strlen(key)}, &member))
        return (berm_value){0};
    return member;
}

static berm_item read_item(berm_value value)
{
    berm_item item = {.size = sizeof item};
    if (!value.store || berm_value_read(value, &item)) item.type = BERM_TYPE_OF_MISSING;
    return item;
}

berm_str value_text(berm_value value)
{
    berm_item item = read_item(value);
    return item.type == BERM_TYPE_OF_STRING ? item.as.s : (berm_str){"", 0};
}

uint64_t value_count(berm_value value)
{
    berm_item item = read_item(value);
    return item.type == BERM_TYPE_OF_LIST || item.type == BERM_TYPE_OF_MAP ? item.count : 0;
}

berm_value value_element(berm_value list, uint64_t index)
{
    berm_value element = {0};
    return berm_value_at(list, index, NULL, &element) ? (berm_value){0} : element;
}

bool str_equal(berm_str a, berm_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool str_is(berm_str a, const char *b)
{
    return str_equal(a, (berm_str){b, strlen(b)});
}

/* --- telling --- */

void suite_note(suite *s, berm_str subject, berm_str name, berm_str wanted, berm_str got)
{
    bool met = str_equal(wanted, got);
    if (met) s->passed++;
    else s->failed++;
    if (met && !s->o->verbose) return;
    printf("%s %.*s: %.*s", met ? "ok  " : "FAIL", (int)subject.len, subject.ptr, (int)name.len,
           name.ptr);
    if (!met)
        printf("\n  --> %s\n  expected %.*s, got %.*s", s->file, (int)wanted.len, wanted.ptr,
               (int)got.len, got.ptr);
    putchar('\n');
}

void suite_skip(suite *s, berm_str name, const char *why)
{
    s->skipped++;
    printf("skip %.*s: %s\n", (int)name.len, name.ptr, why);
}

/* --- judging --- */

bool suite_add_path(const suite *s, path_list *list, berm_str name)
{
    const char *slash = strrchr(s->file, '/');
    size_t folder = slash && name.len && name.ptr[0] != '/' ? (size_t)(slash - s->file) + 1 : 0;
    char *path = malloc(folder + name.len + 1);
    if (!path) return false;
    memcpy(path, s->file, folder);
    if (name.len) memcpy(path + folder, name.ptr, name.len);
    path[folder + name.len] = 0;
    bool added = add_path(list, path);
    free(path);
    return added;
}

static bool read_documents(suite *s, const path_list *documents, judged *out)
{
    size_t most = sizeof out->docs / sizeof *out->docs;
    if (documents->count + out->doc_count > most) {
        fprintf(stderr, "berm: %s: more than %zu documents at once\n", s->file, most);
        return false;
    }
    for (size_t i = 0; i < documents->count; i++) {
        berm_error err = {0};
        berm_doc *doc;
        if (parse_document(s->engine, documents->items[i], use_color(s->o, stderr), &doc, &err))
            return false;
        out->docs[out->doc_count++] = doc;
    }
    return true;
}

const berm_str suite_nothing = {"nothing: it could not be judged", 31};

static bool run_judged(suite *s, const berm_policy *policy, judged *out)
{
    berm_input inputs[sizeof out->docs / sizeof *out->docs];
    berm_error err = {0};
    for (size_t i = 0; i < out->doc_count; i++)
        inputs[i] = (berm_input){.size = sizeof *inputs, .doc = out->docs[i]};
    const berm_run run = {.size = sizeof run,
                          .policy = policy,
                          .inputs = inputs,
                          .input_count = out->doc_count,
                          .now = s->o->now,
                          .flags = BERM_RUN_PASSES | BERM_RUN_PARTIAL};
    if (!berm_eval_new(s->engine, NULL, &out->eval, &err) &&
        !berm_eval_run(out->eval, &run, &out->decision, &err))
        return true;
    print_error(s->file, &err);
    return false;
}

bool suite_judge(suite *s, const berm_policy *policy, const path_list *documents, berm_doc *doc,
                 judged *out)
{
    *out = (judged){0};
    if (doc) out->docs[out->doc_count++] = berm_doc_ref(doc);
    return policy && read_documents(s, documents, out) && run_judged(s, policy, out);
}

void suite_drop(judged *j)
{
    berm_eval_free(j->eval);
    while (j->doc_count) berm_doc_unref(j->docs[--j->doc_count]);
    *j = (judged){0};
}

const berm_finding *suite_finding(const judged *j, size_t index)
{
    size_t count, stride;
    const char *at = (const char *)berm_decision_findings(j->decision, &count, &stride);
    return index < count ? (const berm_finding *)(const void *)(at + index * stride) : NULL;
}

/* --- the command --- */

static const struct {
    const char *name, *files[2]; /* what such files are called */
    void (*run)(suite *s, berm_value root);
} suite_formats[] = {
    {"kyverno", {"kyverno-test.yaml", NULL}, suite_run_kyverno},
    {"gatekeeper", {"suite.yaml", NULL}, suite_run_gatekeeper},
    {"json", {"tests.json", NULL}, suite_run_json},
};

static void run_file(suite *s, const char *path, void (*run)(suite *s, berm_value root))
{
    berm_doc *doc;
    berm_error err = {0};
    s->file = path;
    if (parse_document(s->engine, path, use_color(s->o, stderr), &doc, &err)) {
        s->worst = EXIT_BROKEN;
        return;
    }
    for (size_t i = 0; i < berm_doc_root_count(doc); i++) run(s, berm_doc_root(doc, i));
    berm_doc_unref(doc);
}

int run_suites(const options *o)
{
    suite s = {.o = o};
    path_list files = {0};
    size_t format = 0, count = sizeof suite_formats / sizeof *suite_formats;
    while (format < count && strcmp(suite_formats[format].name, o->test_format) != 0) format++;
    if (format == count || !o->inputs.count) {
        fprintf(stderr, "berm: test --format takes kyverno, gatekeeper or json, and files of it\n");
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < o->inputs.count && !s.worst; i++)
        if (!expand_path(&files, o->inputs.items[i], suite_formats[format].files))
            s.worst = EXIT_BROKEN;
    s.engine = s.worst ? NULL : make_engine(o);
    for (size_t i = 0; i < files.count && s.engine; i++)
        run_file(&s, files.items[i], suite_formats[format].run);
    printf("%zu passed, %zu failed", s.passed, s.failed);
    if (s.skipped) printf(", %zu skipped", s.skipped);
    putchar('\n');
    if (!s.engine) s.worst = EXIT_BROKEN;
    if (!s.worst && s.passed + s.failed + s.skipped == 0) {
        fprintf(stderr, "berm: there is no expectation in these files\n");
        s.worst = EXIT_BROKEN;
    }
    free_paths(&files);
    berm_engine_unref(s.engine);
    return s.worst ? s.worst : s.failed ? EXIT_VIOLATED : EXIT_PASSED;
}
