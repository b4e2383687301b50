/* A whole use of the library through its public header: compile, read, evaluate, report, save,
   load. */
#include <berm/berm.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "texts.h"

#define STR(literal) \
    { \
        (literal), sizeof(literal) - 1 \
    }

static const berm_source sources[] = {
    {.size = sizeof(berm_source),
     .name = STR("images.yaml"),
     .text = STR(POLICY_TEXT),
     .role = BERM_ROLE_POLICY},
};
static const berm_source broken[] = {
    {.size = sizeof(berm_source),
     .name = STR("broken.yaml"),
     .text = STR(BROKEN_POLICY_TEXT),
     .role = BERM_ROLE_POLICY},
};

static const berm_source small_set[] = {
    {.size = sizeof(berm_source),
     .name = STR("images.yaml"),
     .text = STR(TARGETS_TEXT POLICY_TEXT),
     .role = BERM_ROLE_POLICY},
};
static const berm_source dialects[] = {
    {.size = sizeof(berm_source),
     .name = STR("dialects.yaml"),
     .text = STR(DIALECTS_TEXT),
     .role = BERM_ROLE_POLICY},
};

/* What the scenarios share; made while nothing fails. */
static struct {
    berm_engine *engine;
    berm_policy *policy;
    berm_doc *plan, *manifests;
} shared;

/* One set with the built-in targets is enough: they are most of the work. */
static berm_status compile(berm_engine *engine, const berm_source *source, berm_policy **out)
{
    berm_compile_input input = {
        .size = sizeof input,
        .sources = source,
        .source_count = 1,
        .flags = source == sources || source == dialects ? 0 : BERM_COMPILE_NO_BUILTINS};
    berm_diags *diags = NULL;
    berm_error err = {0};
    berm_status status = agreed(berm_policy_compile(engine, &input, out, &diags, &err), &err);
    if (status == BERM_E_POLICY && source != broken) puts(err.message);
    berm_diags_free(diags);
    return status;
}

static berm_status parse(berm_engine *engine, berm_str text, berm_doc **out)
{
    berm_diags *diags = NULL;
    berm_error err = {0};
    berm_status status = agreed(berm_doc_parse(engine, text, NULL, out, &diags, &err), &err);
    berm_diags_free(diags);
    return status;
}

static int make_shared(void)
{
    static const berm_str plan = STR(PLAN_TEXT), manifests = STR(MANIFESTS_TEXT);
    berm_status status = berm_engine_new(NULL, &shared.engine, NULL);
    if (status == BERM_OK) status = compile(shared.engine, sources, &shared.policy);
    if (status == BERM_OK) status = parse(shared.engine, plan, &shared.plan);
    if (status == BERM_OK) status = parse(shared.engine, manifests, &shared.manifests);
    if (status != BERM_OK) printf("what the runs share: %s\n", berm_status_name(status));
    return status;
}

/* The same, with the policies of other engines. Their set brings the built-in targets. */
static int make_dialects(void)
{
    berm_compile_input input = {.size = sizeof input, .sources = dialects, .source_count = 1};
    int status = make_shared();
    if (status) return status;
    berm_policy_unref(shared.policy);
    shared.policy = NULL;
    return berm_policy_compile(shared.engine, &input, &shared.policy, NULL, NULL);
}

static void free_shared(void)
{
    berm_doc_unref(shared.manifests);
    berm_doc_unref(shared.plan);
    berm_policy_unref(shared.policy);
    berm_engine_unref(shared.engine);
}

static berm_status make_engine(void)
{
    berm_engine *engine = NULL;
    berm_error err = {0};
    berm_status status = agreed(berm_engine_new(NULL, &engine, &err), &err);
    berm_engine_unref(engine);
    return status;
}

static berm_status parse_all(void)
{
    static const berm_str texts[] = {STR(JSON_TEXT), STR(NDJSON_TEXT), STR(YAML_TEXT),
                                     STR(UTF16_TEXT)};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        berm_doc *doc = NULL;
        berm_status status = parse(shared.engine, texts[i], &doc);
        berm_doc_unref(doc);
        if (status != BERM_OK) return status;
    }
    return BERM_OK;
}

static berm_status compile_and_drop(const berm_source *source)
{
    berm_policy *policy = NULL;
    berm_status status = compile(shared.engine, source, &policy);
    berm_policy_unref(policy);
    return status;
}

static berm_status compile_set(void)
{
    return compile_and_drop(small_set);
}

static berm_status compile_with_builtins(void)
{
    return compile_and_drop(sources);
}

/* Policies with faults of every sort: the diagnostics must survive, too. */
static berm_status compile_broken(void)
{
    berm_policy *policy = NULL;
    berm_status status = compile(shared.engine, broken, &policy);
    berm_policy_unref(policy);
    return status == BERM_E_POLICY ? BERM_OK : status;
}

static berm_status compile_dialects(void)
{
    return compile_and_drop(dialects);
}

static int swallow(void *ctx, const char *ptr, size_t len)
{
    (void)ctx, (void)ptr, (void)len;
    return 0;
}

static berm_status report_run(const berm_run *run, const berm_decision *decision)
{
    static const uint32_t formats[] = {BERM_REPORT_TEXT, BERM_REPORT_JSON};
    const berm_sink sink = {swallow, NULL};
    berm_report *report = NULL;
    berm_error err = {0};
    berm_status status = agreed(berm_report_new(shared.engine, &report, &err), &err);
    if (status == BERM_OK) status = agreed(berm_report_add(report, run, decision, &err), &err);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0] && status == BERM_OK; i++)
        status =
            agreed(berm_report_write(report, formats[i], BERM_REPORT_VERBOSE, &sink, &err), &err);
    berm_report_free(report);
    return status;
}

static berm_status evaluate(const berm_doc *doc, uint32_t flags, int report)
{
    berm_input input = {.size = sizeof input, .role = BERM_INPUT_DOCUMENT, .doc = doc};
    berm_run run = {.size = sizeof run,
                    .policy = shared.policy,
                    .inputs = &input,
                    .input_count = 1,
                    .flags = flags};
    const berm_decision *decision = NULL;
    berm_eval *eval = NULL;
    berm_error err = {0};
    berm_status status = agreed(berm_eval_new(shared.engine, NULL, &eval, &err), &err);
    if (status == BERM_OK) status = agreed(berm_eval_run(eval, &run, &decision, &err), &err);
    if (status == BERM_OK && report) status = report_run(&run, decision);
    berm_eval_free(eval);
    return status;
}

static berm_status evaluate_plan(void)
{
    return evaluate(shared.plan, 0, 0);
}

static berm_status evaluate_manifests(void)
{
    return evaluate(shared.manifests, BERM_RUN_PASSES, 0);
}

static berm_status report_plan(void)
{
    return evaluate(shared.plan, BERM_RUN_PASSES, 1);
}

static berm_status explain_manifests(void)
{
    return evaluate(shared.manifests, BERM_RUN_EXPLAIN, 0);
}

static int count_result(void *ctx, const berm_test_result *result)
{
    (void)result;
    ++*(int *)ctx;
    return 0;
}

static berm_status run_tests(void)
{
    int count = 0;
    berm_error err = {0};
    return agreed(berm_policy_test(shared.policy, count_result, &count, &err), &err);
}

/* A sink that keeps the image in static memory, so that only the library allocates. */
static struct {
    size_t len;
    _Alignas(8) char bytes[1 << 20];
} image;

static int keep(void *ctx, const char *ptr, size_t len)
{
    (void)ctx;
    if (len > sizeof image.bytes - image.len) return 1;
    memcpy(image.bytes + image.len, ptr, len);
    image.len += len;
    return 0;
}

static berm_status save_and_load(void)
{
    const berm_sink sink = {keep, NULL};
    berm_policy *loaded = NULL;
    berm_error err = {0};
    image.len = 0;
    berm_status status = agreed(berm_policy_save(shared.policy, &sink, &err), &err);
    if (status == BERM_OK)
        status = agreed(
            berm_policy_load(shared.engine, (berm_str){image.bytes, image.len}, &loaded, &err),
            &err);
    berm_policy_unref(loaded);
    loaded = NULL;
    if (status == BERM_OK)
        status = agreed(berm_policy_borrow(shared.engine, (berm_str){image.bytes, image.len}, NULL,
                                           NULL, &loaded, &err),
                        &err);
    berm_policy_unref(loaded);
    return status;
}

static berm_status disassemble(void)
{
    const berm_sink sink = {swallow, NULL};
    berm_error err = {0};
    return agreed(berm_policy_disasm(shared.policy, &sink, &err), &err);
}

static berm_status build_and_print(void)
{
    static const berm_event events[] = {
        {.kind = BERM_EVENT_BEGIN_MAP},
        {.kind = BERM_EVENT_KEY,
         .item = {.size = sizeof(berm_item), .type = BERM_TYPE_OF_STRING, .as.s = STR("key")}},
        {.kind = BERM_EVENT_BEGIN_LIST},
        {.kind = BERM_EVENT_SCALAR,
         .item = {.size = sizeof(berm_item), .type = BERM_TYPE_OF_STRING, .as.s = STR("one")}},
        {.kind = BERM_EVENT_SCALAR,
         .item = {.size = sizeof(berm_item), .type = BERM_TYPE_OF_INT, .as.i = 2}},
        {.kind = BERM_EVENT_END},
        {.kind = BERM_EVENT_END},
    };
    const berm_sink sink = {swallow, NULL};
    const berm_str name = STR("built");
    berm_builder *builder = NULL;
    berm_doc *doc = NULL;
    berm_error err = {0};
    berm_status status = agreed(berm_builder_new(shared.engine, name, &builder, &err), &err);
    for (size_t i = 0; i < sizeof events / sizeof events[0] && status == BERM_OK; i++)
        status = agreed(berm_builder_push(builder, &events[i], &err), &err);
    if (status == BERM_OK) status = agreed(berm_builder_finish(builder, &doc, &err), &err);
    if (status == BERM_OK)
        status = agreed(berm_value_json(berm_doc_root(doc, 0), &sink, &err), &err);
    berm_doc_unref(doc);
    berm_builder_free(builder);
    return status;
}

static berm_status call_expression(void)
{
    static const berm_source expression = {.size = sizeof expression,
                                           .name = STR("expression"),
                                           .text = STR(EXPRESSION_TEXT),
                                           .role = BERM_ROLE_EXPRESSION};
    berm_policy *policy = NULL;
    berm_eval *eval = NULL;
    berm_value value;
    berm_error err = {0};
    berm_status status = compile(shared.engine, &expression, &policy);
    if (status == BERM_OK) status = agreed(berm_eval_new(shared.engine, NULL, &eval, &err), &err);
    if (status == BERM_OK)
        status = agreed(berm_eval_call(eval, policy, shared.plan, (berm_time){0, 0}, &value, &err),
                        &err);
    berm_eval_free(eval);
    berm_policy_unref(policy);
    return status;
}

/* --- functions of the host: one pure, one deferred and answered --- */

static berm_status name_owner(void *ctx, const berm_value *args, size_t count, berm_builder *result)
{
    static const berm_event owner = {
        .kind = BERM_EVENT_SCALAR,
        .item = {.size = sizeof owner.item, .type = BERM_TYPE_OF_STRING, .as.s = STR("team-a")}};
    berm_item name = {.size = sizeof name};
    (void)ctx, (void)count;
    berm_status status = berm_value_read(args[0], &name);
    return status ? status : berm_builder_push(result, &owner, NULL);
}

static berm_status make_hosted_engine(berm_engine **engine)
{
    static const berm_function functions[] = {
        {sizeof *functions, "acme.owner(string) -> optional_type(string)", 0, name_owner, NULL},
        {sizeof *functions, "cluster.nodes(string) -> list(string)", 0, NULL, NULL}};
    const berm_engine_options options = {.size = sizeof options,
                                         .functions = functions,
                                         .function_count = 2};
    berm_error err = {0};
    return agreed(berm_engine_new(&options, engine, &err), &err);
}

static berm_status call_hosted(berm_eval *eval, const berm_policy *policy)
{
    berm_value value;
    berm_error err = {0};
    return agreed(berm_eval_call(eval, policy, NULL, (berm_time){0, 0}, &value, &err), &err);
}

/* What is pending is answered, and the expression evaluated again. */
static berm_status answer_and_call(berm_engine *engine, berm_eval *eval, const berm_policy *policy)
{
    static const berm_str nodes = STR("[\"a\", \"b\\n\"]");
    berm_doc *doc = NULL;
    berm_error err = {0};
    size_t count = 0;
    berm_status status = call_hosted(eval, policy);
    if (status == BERM_OK) status = parse(engine, nodes, &doc);
    berm_eval_pending(eval, &count, NULL);
    if (status == BERM_OK && count != 1) status = BERM_E_STATE;
    if (status == BERM_OK) status = agreed(berm_eval_answer(eval, 0, doc, &err), &err);
    berm_doc_unref(doc);
    return status == BERM_OK ? call_hosted(eval, policy) : status;
}

static berm_status call_functions(void)
{
    static const berm_source expression = {
        .size = sizeof expression,
        .name = STR("expression"),
        .text = STR("[acme.owner('web').orValue('-'), acme.owner('db').value()] + "
                    "cluster.nodes(acme.owner('web').value())"),
        .role = BERM_ROLE_EXPRESSION};
    berm_engine *engine = NULL;
    berm_policy *policy = NULL;
    berm_eval *eval = NULL;
    berm_error err = {0};
    berm_status status = make_hosted_engine(&engine);
    if (status == BERM_OK) status = compile(engine, &expression, &policy);
    if (status == BERM_OK) status = agreed(berm_eval_new(engine, NULL, &eval, &err), &err);
    if (status == BERM_OK) status = answer_and_call(engine, eval, policy);
    berm_eval_free(eval);
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    return status;
}

int main(void)
{
    /* Spare: the marks of lines of each source and document, without which lines are counted; those
       of long sources grow more than once. With the built-in targets, thirteen more sources, a
       compilation takes the same steps over and over: there one allocation in 41 will do, and one
       in 5 where other dialects, which need those targets, are a tenth of it. */
    static const scenario scenarios[] = {
        {"engine", NULL, make_engine, NULL, 0, 1},
        {"read documents", make_shared, parse_all, free_shared, 1, 1},
        {"build a document", make_shared, build_and_print, free_shared, 0, 1},
        {"compile", make_shared, compile_set, free_shared, 2, 1},
        {"compile with the built-in targets", make_shared, compile_with_builtins, free_shared, 16,
         41},
        {"compile with faults", make_shared, compile_broken, free_shared, 1, 1},
        {"compile dialects", make_shared, compile_dialects, free_shared, 17, 5},
        {"evaluate dialects", make_dialects, evaluate_manifests, free_shared, 1, 1},
        {"evaluate a plan", make_shared, evaluate_plan, free_shared, 1, 1},
        {"evaluate manifests", make_shared, evaluate_manifests, free_shared, 1, 1},
        {"explain", make_shared, explain_manifests, free_shared, 1, 1},
        {"report", make_shared, report_plan, free_shared, 1, 1},
        {"inline tests", make_shared, run_tests, free_shared, 0, 1},
        {"save and load", make_shared, save_and_load, free_shared, 0, 1},
        {"disassemble", make_shared, disassemble, free_shared, 0, 1},
        {"expression", make_shared, call_expression, free_shared, 1, 1},
        {"host functions", NULL, call_functions, NULL, 6, 1},
    };
    return run_scenarios(scenarios, sizeof scenarios / sizeof scenarios[0]);
}
