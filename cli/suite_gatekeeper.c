/* suite.yaml: a template, a constraint, and for each case an object and what is said of it. */
#include "suite.h"

#include <string.h>

/* An expression over `object`, {message, pattern}: patterns are RE2, as everywhere. */
static const char pattern_expression[] = "object.message.matches(object.pattern)";

static void push(berm_builder *builder, uint32_t kind, uint32_t type, berm_str text)
{
    const berm_event event = {.kind = kind,
                              .item = {.size = sizeof event.item, .type = type, .as.s = text}};
    (void)!berm_builder_push(builder, &event, NULL); /* a failure stays: finishing tells it */
}

static berm_doc *pattern_document(suite *s, berm_str message, berm_str pattern)
{
    berm_builder *builder;
    berm_doc *doc = NULL;
    if (berm_builder_new(s->engine, (berm_str){"pattern", 7}, &builder, NULL)) return NULL;
    push(builder, BERM_EVENT_BEGIN_MAP, 0, (berm_str){"", 0});
    push(builder, BERM_EVENT_KEY, BERM_TYPE_OF_STRING, (berm_str){"message", 7});
    push(builder, BERM_EVENT_SCALAR, BERM_TYPE_OF_STRING, message);
    push(builder, BERM_EVENT_KEY, BERM_TYPE_OF_STRING, (berm_str){"pattern", 7});
    push(builder, BERM_EVENT_SCALAR, BERM_TYPE_OF_STRING, pattern);
    push(builder, BERM_EVENT_END, 0, (berm_str){"", 0});
    if (berm_builder_finish(builder, &doc, NULL)) doc = NULL;
    berm_builder_free(builder);
    return doc;
}

typedef struct matcher {
    berm_policy *policy;
    berm_eval *eval;
} matcher;

static bool open_matcher(suite *s, matcher *m)
{
    const berm_source source = {.size = sizeof source,
                                .name = {"pattern", 7},
                                .text = {pattern_expression, sizeof pattern_expression - 1},
                                .role = BERM_ROLE_EXPRESSION};
    const berm_compile_input input = {.size = sizeof input,
                                      .sources = &source,
                                      .source_count = 1,
                                      .flags = BERM_COMPILE_NO_BUILTINS};
    return !berm_policy_compile(s->engine, &input, &m->policy, NULL, NULL) &&
           !berm_eval_new(s->engine, NULL, &m->eval, NULL);
}

/* No pattern matches everything; one that is no RE2 matches nothing. */
static bool is_matched(suite *s, const matcher *m, berm_str message, berm_str pattern)
{
    berm_item item = {.size = sizeof item};
    berm_value value;
    if (pattern.len == 0) return true;
    berm_doc *doc = pattern_document(s, message, pattern);
    bool matched = doc && !berm_eval_call(m->eval, m->policy, doc, s->o->now, &value, NULL) &&
                   !berm_value_read(value, &item) && item.type == BERM_TYPE_OF_BOOL && item.as.u;
    berm_doc_unref(doc);
    return matched;
}

/* What an assertion says: at least one ("yes", true, absent), none, or exactly so many. */
static void note_assertion(suite *s, const matcher *m, const judged *j, berm_str name,
                           berm_value assertion)
{
    berm_item wanted = {.size = sizeof wanted};
    berm_value violations = value_member(assertion, "violations");
    berm_str pattern = value_text(value_member(assertion, "message"));
    char expected[32] = "yes", got[32];
    uint64_t count = 0;
    const berm_finding *f;
    for (size_t i = 0; j->decision && (f = suite_finding(j, i)) != NULL; i++)
        if (f->verdict == BERM_VERDICT_FAIL || f->verdict == BERM_VERDICT_ERROR)
            count += is_matched(s, m, f->message, pattern);
    if (violations.store && !berm_value_read(violations, &wanted)) {
        if (wanted.type == BERM_TYPE_OF_INT)
            snprintf(expected, sizeof expected, "%lld", (long long)wanted.as.i);
        else if (str_is(value_text(violations), "no") ||
                 (wanted.type == BERM_TYPE_OF_BOOL && !wanted.as.u))
            snprintf(expected, sizeof expected, "no");
    }
    if (wanted.type == BERM_TYPE_OF_INT)
        snprintf(got, sizeof got, "%llu", (unsigned long long)count);
    else snprintf(got, sizeof got, "%s", count ? "yes" : "no");
    if (!j->decision) snprintf(got, sizeof got, "%s", suite_nothing.ptr);
    suite_note(s, name, pattern.len ? pattern : (berm_str){"violations", 10},
               (berm_str){expected, strlen(expected)}, (berm_str){got, strlen(got)});
}

static void run_case(suite *s, const matcher *m, const berm_policy *policy, berm_str name,
                     berm_value one)
{
    path_list documents = {0};
    judged j = {0};
    berm_value assertions = value_member(one, "assertions");
    if (suite_add_path(s, &documents, value_text(value_member(one, "object"))))
        (void)suite_judge(s, policy, &documents, NULL, &j); /* without: nothing is met */
    for (uint64_t i = 0; i < value_count(assertions); i++)
        note_assertion(s, m, &j, name, value_element(assertions, i));
    suite_drop(&j);
    free_paths(&documents);
}

static void run_test_of(suite *s, const matcher *m, berm_value test)
{
    path_list policies = {0};
    berm_policy *policy = NULL;
    berm_value cases = value_member(test, "cases");
    berm_str name = value_text(value_member(test, "name"));
    if (value_member(test, "skip").store) {
        suite_skip(s, name, "the suite says so");
        return;
    }
    if (suite_add_path(s, &policies, value_text(value_member(test, "template"))) &&
        suite_add_path(s, &policies, value_text(value_member(test, "constraint"))))
        (void)compile_policies(s->engine, &policies, &policy); /* without: nothing is met */
    for (uint64_t i = 0; i < value_count(cases); i++) {
        berm_value one = value_element(cases, i);
        char full[160];
        berm_str own = value_text(value_member(one, "name"));
        int len = snprintf(full, sizeof full, "%.*s/%.*s", (int)(name.len < 70 ? name.len : 70),
                           name.ptr, (int)(own.len < 70 ? own.len : 70), own.ptr);
        if (value_member(one, "skip").store) suite_skip(s, own, "the suite says so");
        else run_case(s, m, policy, (berm_str){full, (size_t)len}, one);
    }
    berm_policy_unref(policy);
    free_paths(&policies);
}

void suite_run_gatekeeper(suite *s, berm_value root)
{
    matcher m = {0};
    berm_value tests = value_member(root, "tests");
    if (!open_matcher(s, &m)) s->worst = EXIT_BROKEN;
    for (uint64_t i = 0; m.eval && i < value_count(tests); i++)
        run_test_of(s, &m, value_element(tests, i));
    berm_eval_free(m.eval);
    berm_policy_unref(m.policy);
}
