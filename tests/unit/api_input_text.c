/* Inputs that are texts: what the run says of them is what it says of their documents, they are read
   only as far as the run looks, and what cannot be read ends the run. */
#include <berm/berm.h>

#include "api/objects.h"
#include "base_alloc.h"
#include "data/fast/lazy.h"
#include "policy/runner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static berm_str str_of(const char *text)
{
    return (berm_str){text, strlen(text)};
}

typedef struct text_case {
    berm_engine *engine;
    berm_policy *policy;
    berm_eval *eval;
    berm_doc *doc;
    berm_input input;
    berm_run run;
    berm_error err;
    char *said; /* all that a decision and its report say */
    size_t len;
} text_case;

static int keep_said(void *ctx, const char *ptr, size_t len)
{
    text_case *c = ctx;
    char *more = realloc(c->said, c->len + len + 1);
    if (!more) return 1;
    memcpy(more + c->len, ptr, len);
    c->said = more;
    c->len += len;
    c->said[c->len] = '\0';
    return 0;
}

static void begin_case_with(text_case *c, const char *policy, uint32_t flags)
{
    *c = (text_case){.engine = NULL};
    berm_source source = {.size = sizeof source, .name = str_of("p.yaml"), .text = str_of(policy)};
    berm_compile_input input = {.size = sizeof input,
                                .sources = &source,
                                .source_count = 1,
                                .flags = flags};
    assert_int_equal(berm_engine_new(NULL, &c->engine, &c->err), BERM_OK);
    if (berm_policy_compile(c->engine, &input, &c->policy, NULL, &c->err))
        fail_msg("%s: %s", policy, c->err.message);
    assert_int_equal(berm_eval_new(c->engine, NULL, &c->eval, &c->err), BERM_OK);
    c->input.size = sizeof c->input;
    c->run = (berm_run){.size = sizeof c->run,
                        .policy = c->policy,
                        .inputs = &c->input,
                        .input_count = 1,
                        .flags = BERM_RUN_PASSES};
}

static void begin_case(text_case *c, const char *policy)
{
    begin_case_with(c, policy, 0);
}

static void end_case(text_case *c)
{
    free(c->said);
    berm_doc_unref(c->doc);
    berm_eval_free(c->eval);
    berm_policy_unref(c->policy);
    berm_engine_unref(c->engine);
}

/* Judges the input, as a document or as a text, and gives all that was said. */
static char *judge_input(text_case *c, const char *text, bool as_text)
{
    const berm_decision *decision;
    berm_report *report;
    berm_sink sink = {keep_said, c};
    berm_doc_options how = {.size = sizeof how, .name = str_of("doc.json")};
    berm_doc_unref(c->doc);
    c->doc = NULL;
    assert_int_equal(berm_doc_parse(c->engine, str_of(text), &how, &c->doc, NULL, &c->err),
                     BERM_OK);
    c->input.doc = as_text ? NULL : c->doc;
    c->input.text = str_of(text);
    c->input.name = how.name;
    if (berm_eval_run(c->eval, &c->run, &decision, &c->err)) fail_msg("%s", c->err.message);
    assert_int_equal(berm_report_new(c->engine, &report, &c->err), BERM_OK);
    assert_int_equal(berm_report_add(report, &c->run, decision, &c->err), BERM_OK);
    free(c->said);
    c->said = NULL;
    c->len = 0;
    for (uint32_t format = BERM_REPORT_TEXT; format <= BERM_REPORT_JSON; format++)
        assert_int_equal(berm_report_write(report, format, BERM_REPORT_VERBOSE, &sink, &c->err),
                         BERM_OK);
    berm_report_free(report);
    char *said = c->said;
    c->said = NULL;
    return said;
}

static void check_both(text_case *c, const char *text)
{
    char *of_doc = judge_input(c, text, false), *of_text = judge_input(c, text, true);
    assert_string_equal(of_doc, of_text);
    free(of_doc);
    free(of_text);
}

static const char plan_policy[] =
    "guardrail: g\ntitle: t\nmatch: {target: terraform, kinds: [aws_s3_bucket]}\nvalidations:\n"
    "  - {name: v, expression: \"object.acl == 'private'\", message: \"{object.acl} of "
    "{resource.name}\"}\n";
static const char plan[] =
    "{\"format_version\": \"1.2\", \"terraform_version\": \"1.9.5\", \"planned_values\": "
    "{\"root_module\": "
    "{\"resources\": [{\"a\": [1, 2.5, \"\\u00e9\", null, {}]}]}},\n \"resource_changes\": "
    "[{\"address\": "
    "\"aws_s3_bucket.b\", \"mode\": \"managed\", \"type\": \"aws_s3_bucket\", \"name\": \"b\", "
    "\"change\": {"
    "\"actions\": [\"create\"], \"before\": null, \"after\": {\"acl\": \"public\", \"x\": {}}, "
    "\"after_unknown\": {\"id\": true}, \"after_sensitive\": {\"x\": true}}}],\n \"prior_state\": "
    "{\"values\": []}}";

static void says_the_same(void **state)
{
    (void)state;
    text_case c;
    begin_case(&c, plan_policy);
    check_both(&c, plan);
    end_case(&c);
}

/* No place of the document is looked at for certain: there is no list of them. */
static void looks_at_nothing_for_certain(void **state)
{
    (void)state;
    text_case c;
    begin_case_with(&c,
                    "target: any\ntitle: t\ndetect: 'true'\nresources:\n"
                    "  - {path: ., kind: \"'d'\", name: \"'d'\", address: \"'d'\"}\n"
                    "---\nguardrail: g\ntitle: t\nmatch: {kinds: [d]}\n"
                    "validations: [{name: v, expression: object.a == 1}]\n",
                    BERM_COMPILE_NO_BUILTINS);
    check_both(&c, "{}");
    check_both(&c, "{\"a\": 1, \"b\": [2]}");
    end_case(&c);
}

static uint32_t count_left(const text_case *c)
{
#if BERM_PART_FAST
    return c->eval->runner->lazy.left;
#else
    (void)c;
    return 0;
#endif
}

/* planned_values and prior_state are looked into by nobody. */
static void builds_what_is_looked_at(void **state)
{
    (void)state;
    text_case c;
    begin_case(&c, plan_policy);
    free(judge_input(&c, plan, true));
    assert_int_equal(count_left(&c), BERM_PART_FAST ? 2 : 0);
    free(judge_input(&c, plan, false));
    assert_int_equal(count_left(&c), 0);
    end_case(&c);
}

/* Every way to look at the whole: members by name, keys, values, sizes, comparisons, printing. */
static void builds_on_every_way(void **state)
{
    (void)state;
    static const char *const expressions[] = {
        "size(object) == 4",
        "object.a.b == 1",
        "has(object.a.b)",
        "has(object.l)",
        "'a' in object",
        "object['l'][1] == 2",
        "object.all(k, k != 'zz')",
        "object.exists(k, v, k == 'l' && v == [1, 2])",
        "object == {'a': {'b': 1}, 'l': [1, 2], 's': 'x', 'e': {}}",
        "object.?a.?b.orValue(0) == 2",
        "object.transformList(k, v, v) == []",
        "string(json.encode(object)) == 'x'",
        "object.e == {}",
        "object.a in [object.e, object.a]",
        "object.l.exists(x, x == 3)",
        "dyn(object) == object"};
    for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++) {
        char policy[512];
        text_case c;
        snprintf(policy, sizeof policy,
                 "guardrail: g\ntitle: t\nmatch: {target: json, kinds: [document]}\nvalidations:\n"
                 "  - name: v\n    expression: >-\n      %s\n",
                 expressions[i]);
        begin_case(&c, policy);
        check_both(&c, "{\"a\": {\"b\": 1}, \"l\": [1, 2], \"s\": \"x\", \"e\": {}}");
        check_both(&c, "{\"a\": {\"b\": 7}, \"a\": {\"b\": 1}, \"l\": [1, 2], \"s\": \"x\", \"e\": "
                       "{}, \"e\": [[]]}");
        check_both(&c, "[{\"a\": 1}]");
        check_both(&c, "{}");
        end_case(&c);
    }
}

static void refuses_what_cannot_be_read(void **state)
{
    (void)state;
    const berm_decision *decision;
    text_case c;
    begin_case(&c, plan_policy);
    c.input.name = str_of("bad.json");
    c.input.text = str_of("{\"a\": {\"b\": [1, 2,]}}");
    assert_int_equal(berm_eval_run(c.eval, &c.run, &decision, &c.err), BERM_E_SYNTAX);
    assert_null(decision);
    assert_int_equal(c.err.line, 1);
    assert_int_equal(c.err.column, 19);
    c.input.text = (berm_str){NULL, 0};
    assert_int_equal(berm_eval_run(c.eval, &c.run, &decision, &c.err), BERM_E_ARGUMENT);
    end_case(&c);
}

/* All warnings of a text, as lines. */
static void list_warnings(const berm_diags *diags, char *out, size_t size)
{
    size_t count, used = 0;
    const berm_diag *d = berm_diags_items(diags, &count);
    out[0] = '\0';
    for (; count > 0; count--, d++)
        used +=
            (size_t)snprintf(out + used, size - used, "%u:%u %.*s %.*s\n", d->line, d->column,
                             (int)d->code.len, d->code.ptr, (int)d->message.len, d->message.ptr);
    assert_true(used < size);
}

static void check_warnings(text_case *c, const char *text, bool some)
{
    char of_doc[8192], of_text[8192];
    berm_doc_options how = {.size = sizeof how, .name = str_of("doc.json")};
    const berm_decision *decision;
    berm_diags *diags, *said = NULL;
    berm_doc *doc;
    berm_status read = berm_doc_parse(c->engine, str_of(text), &how, &doc, &diags, &c->err);
    list_warnings(diags, of_doc, sizeof of_doc);
    berm_diags_free(diags);
    berm_doc_unref(doc);
    c->input.name = how.name;
    c->input.text = str_of(text);
    c->input.diags = &said;
    assert_int_equal(berm_eval_run(c->eval, &c->run, &decision, &c->err), read);
    list_warnings(said, of_text, sizeof of_text);
    assert_string_equal(of_text, of_doc);
    assert_int_equal(of_text[0] != '\0', some);
    berm_diags_free(said);
    c->input.diags = NULL;
}

/* Of what is built and of what is not. */
static void warns_of_repeated_keys(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool some;
    } texts[] = {
        {"{}", false},
        {"{\"a\":1,\"a\":2}", true},
        {"{\"a\":{\"b\":{\"c\":1,\"d\":2,\"c\":3}}}", true},
        {"{\"a\":{\"b\":{\"c\":{\"d\":2},\"d\":{\"c\":3}}}}", false},
        {"{\"a\":[{\"c\":1},{\"c\":1},[{\"\":1,\"\":2}]]}", true},
        {"{\"a\":[{\"c\":1,\"x\":[{\"c\":1}]},{\"c\":1}]}", false},
        {"{\"a\":[{\"c\":1,\"x\":[{\"y\":{}}],\"c\":[]},{\"c\":1}]}", true},
        {"{\"a\":[{\"\\u0063\":1,\"c\":2}]}", true},
        {"{\"a\":[{\"\\u0063\":1,\"d\":2}]}", false},
        {"{\"a\":[{\"long enough to be hashed whole\":1,\"long enough to be hashed whole\":2}]}",
         true},
        {"{\"a\":[{\"abcdefghijklmnop\":1,\"abcdefghijkxmnop\":2,\"abcdxfghijklmnop\":1}]}", false},
        {"{\"a\":[{\"c\":1,\"c\":2},}]", true},
    };
    text_case c;
    begin_case(&c, "guardrail: g\ntitle: t\nmatch: {target: json, kinds: [document]}\n"
                   "validations:\n  - {name: v, expression: \"object != 1\"}\n");
    c.input.target = str_of("json");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_warnings(&c, texts[i].text, texts[i].some);
    end_case(&c);
}

static void survives_every_failed_allocation(void **state)
{
    (void)state;
    berm_status status = BERM_E_NOMEM;
    text_case c;
    berm_diags *said = NULL;
    begin_case(&c, plan_policy);
    c.input.name = str_of("doc.json");
    c.input.diags = &said;
    c.input.text =
        str_of("{\"a\": {\"b\": [{\"c\": 1}]}, \"resource_changes\": [], \"values\": {\"c\": "
               "{}}, \"format_version\": 1}");
    for (size_t call = 1; status != BERM_OK; call++) {
        counted_heap heap = {.fail_at = call};
        berm_alloc alloc = counted_alloc(&heap);
        berm_engine_options options = {.size = sizeof options, .alloc = &alloc};
        berm_engine *engine = NULL;
        berm_eval *eval = NULL;
        const berm_decision *decision = NULL;
        status = berm_engine_new(&options, &engine, NULL);
        if (!status) status = berm_eval_new(engine, NULL, &eval, NULL);
        if (!status) status = berm_eval_run(eval, &c.run, &decision, NULL);
        assert_true(status == BERM_OK || status == BERM_E_NOMEM);
        berm_diags_free(said);
        said = NULL;
        berm_eval_free(eval);
        berm_engine_unref(engine);
        assert_int_equal(heap.in_use, 0);
        assert_true(call < 1000);
    }
    end_case(&c);
}

/* Warm, a run allocates nothing, whether it has a document or reads a text. */
static void check_allocations(bool as_text)
{
    counted_heap heap = {.in_use = 0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_engine_options options = {.size = sizeof options, .alloc = &alloc};
    text_case c;
    begin_case(&c, plan_policy);
    free(judge_input(&c, plan, as_text));
    berm_engine *engine;
    berm_eval *eval;
    const berm_decision *decision;
    assert_int_equal(berm_engine_new(&options, &engine, NULL), BERM_OK);
    assert_int_equal(berm_eval_new(engine, NULL, &eval, NULL), BERM_OK);
    c.run.flags = 0;
    for (int i = 0; i < 3; i++) {
        size_t before = heap.calls;
        assert_int_equal(berm_eval_run(eval, &c.run, &decision, NULL), BERM_OK);
        if (i == 2 && (BERM_PART_FAST || !as_text)) assert_int_equal(heap.calls - before, 0);
    }
    berm_eval_free(eval);
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
    end_case(&c);
}

static void allocates_nothing_once_warm(void **state)
{
    (void)state;
    check_allocations(false);
    check_allocations(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_the_same),
        cmocka_unit_test(looks_at_nothing_for_certain),
        cmocka_unit_test(builds_what_is_looked_at),
        cmocka_unit_test(builds_on_every_way),
        cmocka_unit_test(refuses_what_cannot_be_read),
        cmocka_unit_test(warns_of_repeated_keys),
        cmocka_unit_test(survives_every_failed_allocation),
        cmocka_unit_test(allocates_nothing_once_warm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
