/* What the tests of host functions share: an engine that has some, and what to do with it, through
   the public header alone. */
#ifndef BERM_TESTS_API_HOST_HELP_H
#define BERM_TESTS_API_HOST_HELP_H

#include <berm/berm.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static inline berm_str str_of(const char *text)
{
    return (berm_str){text, strlen(text)};
}

/* --- functions --- */

static struct {
    unsigned owner, twice, broken, echo;
} calls;

static inline berm_status push(berm_builder *result, uint32_t kind, berm_item item)
{
    item.size = sizeof item;
    berm_event event = {.kind = kind, .item = item};
    return berm_builder_push(result, &event, NULL);
}

static inline berm_status push_text(berm_builder *result, const char *text)
{
    return push(result, BERM_EVENT_SCALAR,
                (berm_item){.type = BERM_TYPE_OF_STRING, .as.s = str_of(text)});
}

static inline berm_status push_int(berm_builder *result, int64_t i)
{
    return push(result, BERM_EVENT_SCALAR, (berm_item){.type = BERM_TYPE_OF_INT, .as.i = i});
}

static inline bool is_text(berm_value value, const char *text)
{
    berm_item item = {.size = sizeof item};
    return berm_value_read(value, &item) == BERM_OK && item.type == BERM_TYPE_OF_STRING &&
           item.as.s.len == strlen(text) && memcmp(item.as.s.ptr, text, item.as.s.len) == 0;
}

/* acme.owner(string) -> optional_type(string): "web" is team-a's, nobody owns the rest. */
static inline berm_status find_owner(void *ctx, const berm_value *args, size_t count,
                                     berm_builder *result)
{
    assert_ptr_equal(ctx, &calls);
    assert_int_equal(count, 1);
    calls.owner++;
    if (is_text(args[0], "web")) return push_text(result, "team-a");
    return push(result, BERM_EVENT_SCALAR, (berm_item){.type = BERM_TYPE_OF_NULL});
}

/* int.twice() -> int */
static inline berm_status double_int(void *ctx, const berm_value *args, size_t count,
                                     berm_builder *result)
{
    berm_item item = {.size = sizeof item};
    (void)ctx, (void)count;
    calls.twice++;
    assert_int_equal(berm_value_read(args[0], &item), BERM_OK);
    return push_int(result, 2 * item.as.i);
}

/* acme.broken(int) -> dyn: fails in as many ways as there are. */
static inline berm_status be_broken(void *ctx, const berm_value *args, size_t count,
                                    berm_builder *result)
{
    berm_item how = {.size = sizeof how};
    (void)ctx, (void)count;
    calls.broken++;
    assert_int_equal(berm_value_read(args[0], &how), BERM_OK);
    switch (how.as.i) {
    case 0: return BERM_E_STATE;
    case 1: return BERM_OK; /* no value */
    case 2: (void)push_int(result, 1); return push_int(result, 2);
    case 3: (void)push_int(result, 1), (void)push_int(result, 2); return BERM_OK;
    case 4: return push(result, BERM_EVENT_BEGIN_LIST, (berm_item){0}); /* not closed */
    case 5: return BERM_E_NOMEM;
    case 6: return BERM_E_INTERRUPTED;
    default: return push_int(result, 1);
    }
}

/* acme.sort(int) -> string: not what it says. */
static inline berm_status give_int(void *ctx, const berm_value *args, size_t count,
                                   berm_builder *result)
{
    (void)ctx, (void)args, (void)count;
    return push_int(result, 7);
}

static inline berm_status push_value(berm_builder *result, berm_value value);

static inline berm_status push_element(berm_builder *result, berm_value value, uint64_t i)
{
    berm_value key, element;
    berm_item item = {.size = sizeof item};
    assert_int_equal(berm_value_at(value, i, &key, &element), BERM_OK);
    if (key.store) {
        assert_int_equal(berm_value_read(key, &item), BERM_OK);
        berm_status status = push(result, BERM_EVENT_KEY, item);
        if (status) return status;
    }
    return push_value(result, element);
}

static inline berm_status push_value(berm_builder *result, berm_value value)
{
    berm_item item = {.size = sizeof item};
    assert_int_equal(berm_value_read(value, &item), BERM_OK);
    bool map = item.type == BERM_TYPE_OF_MAP, list = item.type == BERM_TYPE_OF_LIST;
    if (!map && !list) return push(result, BERM_EVENT_SCALAR, item);
    berm_status status =
        push(result, map ? BERM_EVENT_BEGIN_MAP : BERM_EVENT_BEGIN_LIST, (berm_item){0});
    for (uint64_t i = 0; i < item.count && !status; i++) status = push_element(result, value, i);
    return status ? status : push(result, BERM_EVENT_END, (berm_item){0});
}

/* acme.echo(A) -> A */
static inline berm_status echo(void *ctx, const berm_value *args, size_t count,
                               berm_builder *result)
{
    (void)ctx, (void)count;
    calls.echo++;
    return push_value(result, args[0]);
}

static inline berm_status give_double(void *ctx, const berm_value *args, size_t count,
                                      berm_builder *result)
{
    (void)ctx, (void)args, (void)count;
    return push_int(result, 3);
}

static inline berm_status give_unknown(void *ctx, const berm_value *args, size_t count,
                                       berm_builder *result)
{
    (void)ctx, (void)args, (void)count;
    return push(result, BERM_EVENT_SCALAR, (berm_item){.type = BERM_TYPE_OF_UNKNOWN});
}

#define FUNCTION(declaration, call) \
    { \
        sizeof(berm_function), declaration, 0, call, &calls \
    }
static const berm_function functions[] = {
    FUNCTION("acme.owner(string) -> optional_type(string)", find_owner),
    FUNCTION("int.twice() -> int", double_int),
    FUNCTION("acme.broken(int) -> dyn", be_broken),
    FUNCTION("acme.sort(int) -> string", give_int),
    FUNCTION("acme.echo(A) -> A", echo),
    FUNCTION("acme.third(A, B) -> double", give_double),
    FUNCTION("acme.unknown() -> string", give_unknown),
    FUNCTION("cluster.get(string, string) -> optional_type(map(string, dyn))", NULL),
    FUNCTION("cluster.size() -> int", NULL),
    FUNCTION("string.lookup() -> string", NULL),
    FUNCTION("cluster.ratio(dyn) -> double", NULL),
};
#define FUNCTION_COUNT (sizeof functions / sizeof *functions)

/* --- an engine, a policy, an eval --- */

typedef struct bench {
    berm_engine *engine;
    berm_policy *policy;
    berm_doc *doc;
    berm_eval *eval;
    berm_error err;
} bench;

static inline berm_engine *make_engine(const berm_function *given, size_t count,
                                       const berm_limits *limits)
{
    berm_engine_options options = {.size = sizeof options,
                                   .limits = limits,
                                   .functions = given,
                                   .function_count = count};
    berm_engine *engine;
    berm_error err = {0};
    if (berm_engine_new(&options, &engine, &err)) fail_msg("%s", err.message);
    return engine;
}

static inline berm_policy *compile(berm_engine *engine, const char *text, uint32_t role)
{
    berm_source source = {.size = sizeof source,
                          .name = str_of("test"),
                          .text = str_of(text),
                          .role = role};
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
    berm_policy *policy;
    berm_error err = {0};
    if (berm_policy_compile(engine, &input, &policy, NULL, &err))
        fail_msg("%s: %s", text, err.message);
    return policy;
}

static inline berm_doc *parse(berm_engine *engine, const char *text)
{
    berm_doc *doc;
    berm_error err = {0};
    if (berm_doc_parse(engine, str_of(text), NULL, &doc, NULL, &err)) fail_msg("%s", err.message);
    return doc;
}

static inline bench bench_of(const char *text, uint32_t role, const char *document,
                             const berm_limits *limits)
{
    bench b = {.engine = make_engine(functions, FUNCTION_COUNT, limits)};
    memset(&calls, 0, sizeof calls);
    b.policy = compile(b.engine, text, role);
    b.doc = parse(b.engine, document);
    assert_int_equal(berm_eval_new(b.engine, NULL, &b.eval, NULL), BERM_OK);
    return b;
}

static inline void drop(bench *b)
{
    berm_eval_free(b->eval);
    berm_doc_unref(b->doc);
    berm_policy_unref(b->policy);
    berm_engine_unref(b->engine);
}

static inline int append(void *ctx, const char *ptr, size_t len)
{
    char *out = ctx;
    size_t used = strlen(out);
    assert_true(used + len < 400);
    memcpy(out + used, ptr, len);
    out[used + len] = 0;
    return 0;
}

static const char *json_of(berm_value value)
{
    static char out[400];
    out[0] = 0;
    const berm_sink sink = {append, out};
    assert_int_equal(berm_value_json(value, &sink, NULL), BERM_OK);
    return out;
}

static inline berm_status call(bench *b, berm_value *value)
{
    b->err = (berm_error){0};
    return berm_eval_call(b->eval, b->policy, b->doc, (berm_time){0, 0}, value, &b->err);
}

#define DOCUMENT "{\"name\": \"web\", \"big\": [1, [2.5, {\"a\": \"b\"}], null, true]}"

/* What an expression comes to: JSON, or "error" and its text. */
static inline void expect(const char *text, const char *wanted)
{
    bench b = bench_of(text, BERM_ROLE_EXPRESSION, DOCUMENT, NULL);
    berm_value value;
    berm_status status = call(&b, &value);
    const char *got = status ? b.err.message : json_of(value);
    if (strcmp(got, wanted) != 0) fail_msg("%s\n  expected %s\n  got      %s", text, wanted, got);
    drop(&b);
}

#endif
