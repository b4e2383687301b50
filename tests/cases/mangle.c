/* run_cases --mangle N: the sources of every case again, each of their values in turn made something
   else: of another sort, empty, twice, or gone. They compile, or it is said what is wrong and where;
   nothing else ever comes of a policy. Every N-th is compiled with the built-in targets. */
#include "run.h"

#include <stdio.h>
#include <string.h>

/* What a value becomes; NULL: see put_twisted. */
static const char *const others[] = {"null", "true", "-7",   "1e300",    "\"\"", "\"x y\"", "[]",
                                     "{}",   "[[]]", "[-1]", "{\"\":1}", NULL,   NULL,      NULL};
#define OTHERS (sizeof others / sizeof *others)
enum { TWIST_WRAP = OTHERS - 3, TWIST_TWICE, TWIST_GONE };

typedef struct mangling {
    buffer *out;
    uint64_t at, wanted; /* values met so far; the one that is changed */
    uint32_t twist;
} mangling;

static void put_words(buffer *out, const char *words)
{
    put_text(out, words, strlen(words));
}

static void put_value(mangling *m, berm_value value);

static void put_whole(mangling *m, berm_value value)
{
    bool map = type_of(value) == BERM_TYPE_OF_MAP;
    if (!map && type_of(value) != BERM_TYPE_OF_LIST) {
        put_json(m->out, value);
        return;
    }
    put_words(m->out, map ? "{" : "[");
    const char *between = "";
    for (uint64_t i = 0; i < count_of(value); i++) {
        berm_value key, child;
        if (berm_value_at(value, i, &key, &child)) continue;
        bool gone = m->at == m->wanted && m->twist == TWIST_GONE;
        if (gone) {
            m->at++;
            continue;
        }
        bool twice = map && m->at == m->wanted && m->twist == TWIST_TWICE;
        for (int n = 0; n < 1 + twice; n++) {
            put_words(m->out, between);
            between = ",";
            if (map) put_json(m->out, key);
            if (map) put_words(m->out, ":");
            if (twice) put_json(m->out, child);
            else put_value(m, child);
        }
        if (twice) m->at++;
    }
    put_words(m->out, map ? "}" : "]");
}

static void put_value(mangling *m, berm_value value)
{
    if (m->at++ != m->wanted) {
        put_whole(m, value);
    } else if (others[m->twist]) {
        put_words(m->out, others[m->twist]);
    } else {
        put_words(m->out, m->twist == TWIST_GONE ? "" : "[");
        put_json(m->out, value);
        put_words(m->out, m->twist == TWIST_TWICE ? "," : "");
        if (m->twist == TWIST_TWICE) put_json(m->out, value);
        put_words(m->out, m->twist == TWIST_GONE ? "" : "]");
    }
}

/* All documents of a source; how many values they have. */
static uint64_t put_mangled(buffer *out, const berm_doc *doc, uint64_t wanted, uint32_t twist)
{
    mangling m = {out, 0, wanted, twist};
    out->len = 0;
    for (size_t i = 0; i < berm_doc_root_count(doc); i++) {
        put_words(out, "---\n");
        put_value(&m, berm_doc_root(doc, i));
        put_words(out, "\n");
    }
    return m.at;
}

static void expect_told(runner *r, const berm_diags *diags, berm_str text)
{
    size_t count = 0, errors = 0;
    const berm_diag *list = berm_diags_items(diags, &count);
    for (size_t i = 0; i < count; i++) {
        errors += list[i].severity == BERM_DIAGNOSTIC_ERROR;
        if (!list[i].message.len)
            report_fault(r, "a diagnostic says nothing: %.*s", (int)text.len, text.ptr);
    }
    if (!errors) report_fault(r, "refused, and nothing is told: %.*s", (int)text.len, text.ptr);
}

static void compile_mangled(runner *r, const berm_compile_input *input, berm_str text)
{
    berm_policy *policy = NULL;
    berm_diags *diags = NULL;
    berm_error err = {0};
    berm_status status = berm_policy_compile(r->engine, input, &policy, &diags, &err);
    if (status == BERM_E_POLICY || status == BERM_E_SYNTAX) expect_told(r, diags, text);
    else if (status)
        report_fault(r, "%s %s: %.*s", berm_status_name(status), err.message, (int)text.len,
                     text.ptr);
    if ((status == BERM_OK) != (policy != NULL)) report_fault(r, "a policy in spite of faults");
    berm_diags_free(diags);
    berm_policy_unref(policy);
}

static void mangle_source(runner *r, const berm_compile_input *input, berm_source *source)
{
    berm_source whole = *source;
    berm_doc_options how = {.size = sizeof how,
                            .format = BERM_FORMAT_IS_YAML,
                            .yaml_schema = BERM_YAML_IS_CORE};
    berm_doc *doc = NULL;
    buffer text = {0};
    if (berm_doc_parse(r->engine, whole.text, &how, &doc, NULL, NULL)) return;
    uint64_t count = put_mangled(&text, doc, UINT64_MAX, 0);
    for (uint64_t n = 0; n < count && !r->faults; n++) {
        for (uint32_t twist = 0; twist < OTHERS; twist++) {
            berm_compile_input one = *input;
            put_mangled(&text, doc, n, twist);
            source->text = view(&text);
            if (r->mangled++ % r->mangle) one.flags |= BERM_COMPILE_NO_BUILTINS;
            compile_mangled(r, &one, source->text);
        }
    }
    *source = whole;
    free_buffer(&text);
    berm_doc_unref(doc);
}

void mangle_sources(runner *r, const berm_compile_input *input, berm_source *sources)
{
    for (size_t i = 0; i < input->source_count; i++) mangle_source(r, input, &sources[i]);
}
