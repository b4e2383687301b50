/* One CEL expression over a document: lexer, parser, checker, compiler, verifier, VM. The input is
   the expression, or the expression, a NUL and the document as JSON; settings may be in front.

   What is printed of it parses to the same. What compiles also saves and loads, and the loaded
   program says the same. Members whose name begins with u are unknown in a second document: what is
   decided there may not be otherwise here, unless the expression asks what is known. Smaller limits
   and failing memory end in an error or change nothing. */
#include "cel_tree.h"
#include "judge.h"

static const char document[] =
    "{\"a\": [1, 2.5, \"text\", null, true], \"b\": {\"c\": {\"d\": -1}, \"e\": "
    "\"2026-01-02T03:04:05Z\"}, \"u\": 3, \"us\": [\"a\", \"b\"], \"um\": {\"x\": {\"y\": 1}}, "
    "\"l\": [{\"n\": 1, \"u\": true}, {\"n\": 2, \"u\": false}], \"t\": \"x\", \"ut\": \"x\"}";

/* What a call came to: `text` is the value as JSON behind its type, or the error. */
typedef struct outcome {
    berm_status status;
    bool partial, costly; /* there are unknowns in it; it went over its cost */
    fuzz_text text;
} outcome;

/* --- outcomes --- */

static bool has_unknown(berm_value value)
{
    berm_item item = {.size = sizeof item};
    if (berm_value_read(value, &item) != BERM_OK) return false;
    if (item.type == BERM_TYPE_OF_UNKNOWN) return true;
    bool container = item.type == BERM_TYPE_OF_LIST || item.type == BERM_TYPE_OF_MAP ||
                     item.type == BERM_TYPE_OF_SET || item.type == BERM_TYPE_OF_OPTIONAL;
    for (uint64_t i = 0; container && i < item.count; i++) {
        berm_value key = {0}, element;
        REQUIRE(berm_value_at(value, i, &key, &element) == BERM_OK);
        if (has_unknown(element) || (item.type == BERM_TYPE_OF_MAP && has_unknown(key)))
            return true;
    }
    return false;
}

static void note_value(outcome *out, berm_value value)
{
    const berm_sink sink = {fuzz_keep, &out->text};
    berm_item item = {.size = sizeof item};
    REQUIRE(berm_value_read(value, &item) == BERM_OK);
    char type = (char)('A' + (int)item.type);
    REQUIRE(fuzz_keep(&out->text, &type, 1) == 0);
    REQUIRE(berm_value_json(value, &sink, NULL) == BERM_OK);
    out->partial = has_unknown(value);
}

static outcome call(berm_eval *eval, const berm_policy *policy, const berm_doc *doc)
{
    outcome out = {0};
    berm_error err = {0};
    berm_value value;
    out.status = berm_eval_call(eval, policy, doc, (berm_time)FUZZ_NOW, &value, &err);
    REQUIRE(out.status != BERM_E_ARGUMENT && out.status != BERM_E_INTERNAL);
    if (out.status == BERM_OK) note_value(&out, value);
    else REQUIRE(fuzz_keep(&out.text, err.message, strlen(err.message)) == 0);
    out.costly = out.status == BERM_E_EXPRESSION && strstr(err.message, "cost") != NULL;
    return out;
}

static bool is_same_outcome(const outcome *a, const outcome *b)
{
    return a->status == b->status && fuzz_same_text(&a->text, &b->text);
}

/* Whether it says something about the expression, and not about the budget. */
static bool is_decided(const outcome *out)
{
    return (out->status == BERM_OK && !out->partial) ||
           (out->status == BERM_E_EXPRESSION && !out->costly);
}

/* --- the document with unknowns --- */

static void push(berm_builder *builder, uint32_t kind, const berm_item *item)
{
    berm_event event = {.kind = kind, .item = {.size = sizeof event.item}};
    if (item) event.item = *item;
    REQUIRE(berm_builder_push(builder, &event, NULL) == BERM_OK);
}

static void copy_value(berm_builder *builder, berm_value value)
{
    const berm_item unknown = {.size = sizeof unknown, .type = BERM_TYPE_OF_UNKNOWN};
    berm_item item = {.size = sizeof item}, name = {.size = sizeof name};
    REQUIRE(berm_value_read(value, &item) == BERM_OK);
    bool map = item.type == BERM_TYPE_OF_MAP;
    if (!map && item.type != BERM_TYPE_OF_LIST) {
        push(builder, BERM_EVENT_SCALAR, &item);
        return;
    }
    push(builder, map ? BERM_EVENT_BEGIN_MAP : BERM_EVENT_BEGIN_LIST, NULL);
    for (uint64_t i = 0; i < item.count; i++) {
        berm_value key, element;
        REQUIRE(berm_value_at(value, i, &key, &element) == BERM_OK);
        if (map) {
            REQUIRE(berm_value_read(key, &name) == BERM_OK);
            push(builder, BERM_EVENT_KEY, &name);
        }
        if (map && name.as.s.len > 0 && name.as.s.ptr[0] == 'u')
            push(builder, BERM_EVENT_SCALAR, &unknown);
        else copy_value(builder, element);
    }
    push(builder, BERM_EVENT_END, NULL);
}

static berm_doc *make_unknown(berm_engine *engine, const berm_doc *doc)
{
    berm_builder *builder = NULL;
    berm_doc *copy = NULL;
    REQUIRE(berm_builder_new(engine, (berm_str){"unknown", 7}, &builder, NULL) == BERM_OK);
    copy_value(builder, berm_doc_root(doc, 0));
    REQUIRE(berm_builder_finish(builder, &copy, NULL) == BERM_OK);
    berm_builder_free(builder);
    return copy;
}

/* --- the properties --- */

/* known(x) tells an unknown from what it stands for: that is what it is for. */
static bool asks_what_is_known(berm_str expression)
{
    static const char word[] = "known";
    for (size_t i = 0; i + sizeof word - 1 <= expression.len; i++)
        if (memcmp(expression.ptr + i, word, sizeof word - 1) == 0) return true;
    return false;
}

static void compare(berm_engine *engine, const berm_policy *policy, const berm_doc *doc,
                    bool unknowns, outcome *known)
{
    berm_eval *eval = NULL;
    berm_policy *loaded = fuzz_reload(engine, policy);
    berm_doc *partial = make_unknown(engine, doc);
    REQUIRE(loaded && berm_eval_new(engine, NULL, &eval, NULL) == BERM_OK);
    *known = call(eval, policy, doc);
    outcome again = call(eval, loaded, doc), guess = call(eval, loaded, partial);
    REQUIRE(is_same_outcome(known, &again));
    if (unknowns && is_decided(known) && is_decided(&guess)) {
        REQUIRE(known->status == guess.status);
        REQUIRE(known->status != BERM_OK || is_same_outcome(known, &guess));
    }
    free(again.text.ptr);
    free(guess.text.ptr);
    berm_eval_free(eval);
    berm_doc_unref(partial);
    berm_policy_unref(loaded);
}

/* With the settings' limits and memory: the same, or an error that says what there was too little
   of. */
static void call_hostile(berm_engine *engine, const fuzz_settings *settings, berm_policy *policy,
                         berm_str document_text, const outcome *known)
{
    berm_eval *eval = NULL;
    berm_doc *doc = fuzz_parse(engine, document_text, BERM_FORMAT_IS_JSON);
    if (doc && berm_eval_new(engine, NULL, &eval, NULL) == BERM_OK) {
        outcome out = call(eval, policy, doc);
        bool ended = out.status == BERM_E_NOMEM;
        if (settings->tiny)
            ended = ended || out.status == BERM_E_EXPRESSION || out.status == BERM_E_FUEL ||
                    out.status == BERM_E_LIMIT;
        REQUIRE(ended || is_same_outcome(&out, known));
        free(out.text.ptr);
    }
    berm_eval_free(eval);
    berm_doc_unref(doc);
}

static void run_hostile(const fuzz_settings *settings, berm_str expression, berm_str text,
                        const outcome *known)
{
    fuzz_memory memory;
    berm_engine *engine = fuzz_engine_with(settings, &memory);
    if (!engine) return;
    berm_policy *policy =
        fuzz_compile(engine, expression, BERM_ROLE_EXPRESSION, BERM_COMPILE_NO_BUILTINS);
    if (policy && known) call_hostile(engine, settings, policy, text, known);
    berm_policy_unref(policy);
    fuzz_engine_end(engine, &memory);
}

static void run_expression(const fuzz_settings *settings, berm_str expression, berm_str text)
{
    outcome known = {0};
    berm_engine *engine = fuzz_engine();
    REQUIRE(engine);
    berm_policy *policy =
        fuzz_compile(engine, expression, BERM_ROLE_EXPRESSION, BERM_COMPILE_NO_BUILTINS);
    berm_doc *doc = policy ? fuzz_parse(engine, text, BERM_FORMAT_IS_JSON) : NULL;
    if (doc) compare(engine, policy, doc, !asks_what_is_known(expression), &known);
    if (settings->tiny || settings->fail_at > 0)
        run_hostile(settings, expression, text, doc ? &known : NULL);
    free(known.text.ptr);
    berm_doc_unref(doc);
    berm_policy_unref(policy);
    berm_engine_unref(engine);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_settings settings = fuzz_take_settings(&data, &size);
    berm_str rest = {(const char *)data, size}, expression = fuzz_take_part(&rest);
    if (!rest.ptr) rest = (berm_str){document, sizeof document - 1};
    check_expression(expression);
    run_expression(&settings, expression, rest);
    return 0;
}
