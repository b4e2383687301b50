#include "run.h"

#include <string.h>

/* The value of `object`, as a document of its own. */
static berm_doc *make_object(runner *r, berm_value value)
{
    buffer text = {0};
    berm_doc *doc = NULL;
    berm_error err = {0};
    berm_doc_options how = {.size = sizeof how, .format = BERM_FORMAT_IS_JSON};
    if (!is_given(value)) return NULL;
    put_json(&text, value);
    if (berm_doc_parse(r->engine, view(&text), &how, &doc, NULL, &err))
        report_fault(r, "object: %s", err.message);
    free_buffer(&text);
    return doc;
}

static void report_value(runner *r, berm_value got, berm_value wanted, berm_str type)
{
    buffer a = {0}, b = {0};
    berm_item item = {.size = sizeof item};
    if (berm_value_read(got, &item)) item.type = BERM_TYPE_OF_MISSING;
    put_json(&a, got);
    put_json(&b, wanted);
    report_fault(r, "expected %.*s %s, got %s %s", (int)type.len, type.ptr, b.ptr,
                 type_name(item.type), a.ptr);
    free_buffer(&a);
    free_buffer(&b);
}

/* With `type` the value is compared as JSON text; without it, it has the type its YAML has. */
static void expect_value(runner *r, berm_value spec, berm_value got)
{
    berm_value wanted = member(spec, "value");
    berm_str type = text_member(spec, "type");
    bool same;
    if (type.ptr) {
        buffer a = {0}, b = {0};
        put_json(&a, got);
        put_json(&b, wanted);
        same = str_equal(view(&a), view(&b)) && str_equal(str_of(type_name(type_of(got))), type);
        free_buffer(&a);
        free_buffer(&b);
    } else {
        same = same_value(got, wanted);
        type = str_of(type_name(type_of(wanted)));
    }
    if (!same) report_value(r, got, wanted, type);
}

static void evaluate_case(runner *r, const berm_policy *policy, berm_value group, berm_value spec)
{
    berm_value got, object = is_given(member(spec, "object")) ? member(spec, "object")
                                                              : member(group, "object");
    berm_error err = {0};
    berm_doc *doc = make_object(r, object);
    if (r->sweep) sweep_expression(r, policy, doc, read_now(r, group));
    berm_status status = berm_eval_call(r->eval, policy, doc, read_now(r, group), &got, &err);
    if (is_given(member(spec, "value"))) {
        if (status) report_fault(r, "expected a value, got the error: %s", err.message);
        else expect_value(r, spec, got);
    } else if (status == BERM_E_EXPRESSION) {
        expect_words(r, "error", text_member(spec, "error"), str_of(err.message));
    } else if (status) {
        report_fault(r, "%s: %s", berm_status_name(status), err.message);
    } else {
        report_value(r, got, member(spec, "error"), str_of("the error"));
    }
    berm_doc_unref(doc);
}

static void run_expression(runner *r, berm_value group, berm_value spec)
{
    static const char *const keys[] = {"expr",        "value",  "type", "error",
                                       "diagnostics", "object", NULL};
    berm_str text = text_member(spec, "expr");
    berm_value faults = member(spec, "diagnostics");
    check_keys(r, spec, keys);
    if (!text.ptr ||
        is_given(member(spec, "value")) + is_given(member(spec, "error")) + is_given(faults) != 1) {
        report_fault(r, "a case has `expr`, and one of `value`, `error` and `diagnostics`");
        return;
    }
    berm_source source = {sizeof source, {"expr", 4}, text, BERM_ROLE_EXPRESSION};
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
    berm_policy *policy;
    berm_diags *diags;
    berm_error err = {0};
    berm_status status = berm_policy_compile(r->engine, &input, &policy, &diags, &err);
    expect_diagnostics(r, faults, diags);
    if (!status && !is_given(faults)) evaluate_case(r, policy, group, spec);
    else if (status && status != BERM_E_POLICY)
        report_fault(r, "%s: %s", berm_status_name(status), err.message);
    berm_diags_free(diags);
    berm_policy_unref(policy);
}

void run_expressions(runner *r, berm_value document)
{
    static const char *const keys[] = {"expressions", "description", "object",
                                       "now",         "cases",       NULL};
    berm_value cases = member(document, "cases");
    begin_case(r, str_of("(group)"));
    check_keys(r, document, keys);
    if (count_of(cases) == 0) report_fault(r, "there are no `cases`");
    if (r->faults) end_case(r);
    for (uint64_t i = 0; i < count_of(cases); i++) {
        begin_case(r, text_member(element(cases, i), "expr"));
        run_expression(r, document, element(cases, i));
        end_case(r);
    }
}
