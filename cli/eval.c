/* berm eval and berm disasm: one expression, looked at closely. */
#include "cli.h"

#include <string.h>

/* The built-in targets tell what is sensitive in a document. */
static int compile_expression(berm_engine *engine, const char *text, bool builtins,
                              berm_policy **out)
{
    berm_source source = {.size = sizeof source, .role = BERM_ROLE_EXPRESSION};
    source.name = (berm_str){"expression", strlen("expression")};
    source.text = (berm_str){text, strlen(text)};
    berm_compile_input input = {.size = sizeof input,
                                .sources = &source,
                                .source_count = 1,
                                .flags = builtins ? 0 : BERM_COMPILE_NO_BUILTINS};
    berm_diags *diags;
    berm_error err = {0};
    berm_status status = berm_policy_compile(engine, &input, out, &diags, &err);
    options plain = {0};
    print_diags(diags, use_color(&plain, stderr));
    if (status && status != BERM_E_POLICY) print_error("expression", &err);
    berm_diags_free(diags);
    return status ? EXIT_USAGE : EXIT_PASSED;
}

static int print_value(berm_value value)
{
    berm_sink sink = {write_stream, stdout};
    berm_error err = {0};
    if (berm_value_json(value, &sink, &err)) {
        print_error("the value", &err);
        return EXIT_BROKEN;
    }
    fputc('\n', stdout);
    return EXIT_PASSED;
}

static int evaluate(berm_engine *engine, const berm_policy *policy, const berm_doc *doc,
                    berm_time now)
{
    berm_eval *eval;
    berm_value value;
    berm_error err = {0};
    if (berm_eval_new(engine, NULL, &eval, &err)) {
        print_error("the evaluator", &err);
        return EXIT_BROKEN;
    }
    berm_status status = berm_eval_call(eval, policy, doc, now, &value, &err);
    int code = EXIT_PASSED;
    if (status) {
        print_error("expression", &err);
        code = status == BERM_E_EXPRESSION ? EXIT_VIOLATED : EXIT_BROKEN;
    } else {
        code = print_value(value);
    }
    berm_eval_free(eval);
    return code;
}

int run_eval(const options *o)
{
    size_t first = o->expression ? 0 : 1;
    const char *text = o->expression ? o->expression : o->inputs.count ? o->inputs.items[0] : NULL;
    if (!text || o->inputs.count > first + 1) {
        fprintf(stderr, "berm: eval takes an expression and at most one file\n");
        return EXIT_USAGE;
    }
    berm_engine *engine = make_engine(o);
    if (!engine) return EXIT_BROKEN;
    berm_policy *policy;
    berm_doc *doc = NULL;
    berm_error err = {0};
    int code = compile_expression(engine, text, o->inputs.count > first, &policy);
    if (!code && o->inputs.count > first)
        code = parse_document(engine, o->inputs.items[first], use_color(o, stderr), &doc, &err);
    if (!code) code = evaluate(engine, policy, doc, o->now);
    berm_doc_unref(doc);
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    return code;
}

int run_disasm(const options *o)
{
    const path_list *paths = o->policies.count ? &o->policies : &o->inputs;
    if (!o->expression && !paths->count) {
        fprintf(stderr, "berm: disasm takes -e EXPRESSION, or policy files or directories\n");
        return EXIT_USAGE;
    }
    berm_engine *engine = make_engine(o);
    if (!engine) return EXIT_BROKEN;
    berm_policy *policy;
    int code = o->expression ? compile_expression(engine, o->expression, false, &policy)
                             : compile_set(engine, o, paths, 0, &policy);
    if (!code) {
        berm_sink sink = {write_stream, stdout};
        berm_error err = {0};
        if (berm_policy_disasm(policy, &sink, &err)) {
            print_error("the policies", &err);
            code = EXIT_BROKEN;
        }
    }
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    return code;
}
