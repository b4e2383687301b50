/* Which names may be used where. */
#include "policy_help.h"

/* A place for an expression: a policy text with %s in it; dyn(%s) where a bool or a list is
   expected. */
typedef struct vantage {
    const char *name, *text, *seen; /* seen: the names it has */
} vantage;

#define TARGET "---\ntarget: t\ntitle: T\ndetect: "
#define KIND "---\nkind: k\nof: {target: json, kinds: [document]}\neach: "

static const vantage vantages[] = {
    {"condition",
     GUARDRAIL_HEAD GUARDRAIL_RULE "matchConditions: [{name: c, expression: dyn(%s)}]\n",
     "object oldObject resource parent now request"},
    {"variable", GUARDRAIL_HEAD GUARDRAIL_RULE "variables: [{name: c, expression: %s}]\n",
     "object oldObject resource parent now request"},
    {"each", GUARDRAIL_HEAD "validations: [{name: v, each: dyn(%s), expression: 'true'}]\n",
     "object oldObject resource parent now request"},
    {"under each", GUARDRAIL_HEAD "validations: [{name: v, each: '[1]', expression: dyn(%s)}]\n",
     "object oldObject resource parent now request item key"},
    {"message under each",
     GUARDRAIL_HEAD "validations: [{name: v, each: '[1]', expression: 'true', message: '{%s}'}]\n",
     "object oldObject resource parent now request item key"},
    {"message", GUARDRAIL_HEAD "validations: [{name: v, expression: 'true', message: '{%s}'}]\n",
     "object oldObject resource parent now request"},
    {"kind", GUARDRAIL_HEAD GUARDRAIL_RULE KIND "dyn(%s)\n",
     "object resource parent parentResource"},
    {"kind's name", GUARDRAIL_HEAD GUARDRAIL_RULE KIND "'[]'\nname: %s\n",
     "object resource parent parentResource item key"},
    {"kind's field", GUARDRAIL_HEAD GUARDRAIL_RULE KIND "'[]'\nobject: {a: %s}\n",
     "object resource parent parentResource item key"},
    {"detect", GUARDRAIL_HEAD GUARDRAIL_RULE TARGET "dyn(%s)\n", "input format"},
    {"complete", GUARDRAIL_HEAD GUARDRAIL_RULE TARGET "'true'\ncomplete: dyn(%s)\n", "input"},
    {"listing", GUARDRAIL_HEAD GUARDRAIL_RULE TARGET "'true'\nresources: [{path: a, kind: %s}]\n",
     "input item key parent"},
    {"tags",
     GUARDRAIL_HEAD GUARDRAIL_RULE TARGET "'true'\nresources: [{path: a, kind: key, tags: %s}]\n",
     "input item key parent object"},
};

static const char *const names[] = {
    "object", "oldObject", "resource", "parent", "item",           "key",
    "now",    "request",   "input",    "format", "parentResource", "params"};

static bool is_among(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at += len) {
        bool starts = at == words || at[-1] == ' ', ends = at[len] == ' ' || at[len] == '\0';
        if (starts && ends) return true;
    }
    return false;
}

static void every_place_sees_its_own(void **state)
{
    (void)state;
    for (size_t v = 0; v < sizeof vantages / sizeof *vantages; v++) {
        for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
            char text[600];
            snprintf(text, sizeof text, vantages[v].text, names[n]);
            bool guardrail = strstr(vantages[v].seen, "oldObject") != NULL;
            bool wanted = is_among(vantages[v].seen, names[n]) ||
                          (guardrail && strcmp(names[n], "params") == 0);
            compiled c = compile_text(text);
            if ((c.status == BERM_OK) != wanted) {
                fail_msg("%s in %s: %s", names[n], vantages[v].name, c.err.message);
            }
            if (!wanted) assert_int_equal(c.err.code, 401);
            drop_compiled(&c);
        }
    }
}

static void variables_see_those_above(void **state)
{
    (void)state;
    expect_diags(GUARDRAIL_HEAD
                 "variables:\n"
                 "  - {name: a, expression: '1'}\n"
                 "  - {name: b, expression: variables.a + variables.c}\n"
                 "  - {name: c, expression: variables.b}\n"
                 "validations: [{name: v, expression: variables.a == variables.d}]\n",
                 "B0401:6:41 the variable `c` stands further down: a variable sees those above it\n"
                 "B0401:8:52 the guardrail has no variable `d`\n");
}

static void parameters_are_known_by_name(void **state)
{
    (void)state;
    expect_diags(
        GUARDRAIL_HEAD
        "parameters: {limit: {type: int, default: 1}}\n"
        "validations:\n"
        "  - {name: a, expression: params.limit > params.limits}\n"
        "  - {name: b, expression: has(params.limits) || params.?limits == optional.none()}\n"
        "  - {name: c, expression: \"[{'x': 1}].all(params, params.x == 1)\"}\n"
        "  - {name: d, expression: 'variables.x == 1'}\n",
        "B0401:6:42 the guardrail has no parameter `limits`; did you mean `limit`?\n"
        "B0401:9:28 the guardrail has no variable `x`\n");
}

static void patterns_are_checked_where_they_stand(void **state)
{
    (void)state;
    expect_diags(GUARDRAIL_HEAD
                 "validations:\n"
                 "  - name: a\n"
                 "    expression: object.x.matches('^a+$') || matches(object.x, 'b')\n"
                 "  - name: b\n"
                 "    expression: object.x.matches('a(?=b)') || matches(object.x, '[')\n"
                 "  - name: c\n"
                 "    expression: object.x.matches(object.y)\n",
                 "B0404:8:34 the pattern is not a valid RE2 pattern: \"a(?=b)\"\n"
                 "B0404:8:65 the pattern is not a valid RE2 pattern: \"[\"\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_place_sees_its_own),
                                       cmocka_unit_test(variables_see_those_above),
                                       cmocka_unit_test(parameters_are_known_by_name),
                                       cmocka_unit_test(patterns_are_checked_where_they_stand)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
