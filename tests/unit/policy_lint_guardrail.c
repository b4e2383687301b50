/* Rules of lint about guardrails, validations and other documents. */
#include "policy_lint_help.h"

#include "base/parts.h"

#if BERM_PART_AUTHORING

#define KINDS(kinds) \
    "guardrail: g\ntitle: T\nremediation: r\nmatch: {target: t, kinds: [" kinds "]}\n" \
    "tests: [{name: t, target: t, kind: one, object: {a: 1}, expect: {v: fail}}]\n" \
    "validations: [{name: v, message: m, expression: object.a}]\n"
#define NEVER(at, kind) "B0633:" at " no resource of the target t is ever of the kind " kind "\n"

static void kinds_that_a_target_has(void **state)
{
    (void)state;
#define CHOOSES \
    "---\ntarget: t\ntitle: T\ndetect: 'true'\n" \
    "resources: [{path: '[*]', kind: \"item.a ? 'one' : item.b ? 'two' : 'three'\"}]\n"
    expect_lint(KINDS("one, two, three, t*, '?ne', document, '*'") CHOOSES, "");
    expect_lint(KINDS("four, 'f*', 'on?s'") CHOOSES,
                NEVER("4:28", "four") NEVER("4:34", "f*") NEVER("4:40", "on?s"));
    expect_lint(KINDS("part") CHOOSES "---\nkind: part\nof: {target: t, kinds: [one]}\n"
                                      "each: object.l\n",
                "");
    expect_lint(KINDS("one") "---\ntarget: t\ntitle: T\ndetect: 'true'\n"
                             "resources: [{path: '[*]', kind: item.kind}]\n",
                "");
}

static void a_kind_without_letters(void **state)
{
    (void)state;
    expect_lint(KINDS("one, ''") CHOOSES, "B0508:4:33 the name of a kind is empty\n");
}

/* What is said of another target holds for the resources of this one. */
static void kinds_that_a_target_has_of_another(void **state)
{
    (void)state;
#define OTHERS \
    "---\ntarget: t\ntitle: T\nkindsOf: u\ndetect: 'true'\n" \
    "resources: [{path: '[*]', kind: \"'one'\"}]\n" \
    "---\ntarget: u\ntitle: U\ndetect: 'false'\n" \
    "resources: [{path: '[*]', kind: \"'two'\"}]\n"
    expect_lint(KINDS("one, two") OTHERS, "");
    expect_lint(KINDS("three") OTHERS, NEVER("4:28", "three"));
}

/* Kinds that are written bare where others have a group. */
static void bare_kinds(void **state)
{
    (void)state;
#define BARE \
    "---\ntarget: t\ntitle: T\nbareKinds: [apps/Deploy, b/Pod]\ndetect: 'true'\n" \
    "resources: [{path: '[*]', kind: item.kind}]\n"
    expect_lint(KINDS("Deploy, Pod, x/Widget, 'P?d', 'x/*'") BARE, "");
    expect_lint(KINDS("ploy, apps") BARE, NEVER("4:28", "ploy") NEVER("4:34", "apps"));
}

static void waivers_that_name_elements_by_number(void **state)
{
    (void)state;
#define WAIVER(address) \
    KINDS("one") \
    "---\ntarget: t\ntitle: T\ndetect: 'true'\n" \
    "resources: [{path: '[*]', kind: item.kind}]\n" \
    "---\nwaiver: w\nguardrails: [g]\nscope: {resources: ['" address "']}\n" \
    "category: waived\nreason: r\nowner: o\ncreated: 2026-01-01\nexpires: 2026-12-31\n"
#define NUMBERED(address) "B0623:15:21 " address " names an element by its number\n"
    expect_lint(WAIVER("a[0]"), NUMBERED("a[0]"));
    expect_lint(WAIVER("a[x].b[10].c"), NUMBERED("a[x].b[10].c"));
    expect_lint(WAIVER("a[12"), "");
    expect_lint(WAIVER("a[1x]"), "");
    expect_lint(WAIVER("a[]b"), "");
    expect_lint(KINDS("one") "---\ntarget: t\ntitle: T\ndetect: 'true'\n"
                             "resources: [{path: '[*]', kind: item.kind}]\n"
                             "---\nwaiver: w\nguardrails: [g]\nscope: {kinds: ['a[0]']}\n"
                             "category: waived\nreason: r\nowner: o\ncreated: 2026-01-01\n"
                             "expires: 2026-12-31\n",
                "");
}

static void what_tests_expect(void **state)
{
    (void)state;
#define TESTED(expect) \
    "guardrail: g\ntitle: T\nremediation: r\nmatch: {kinds: [one]}\n" \
    "tests: [{name: t, object: {a: 1}, expect: {" expect "}}]\n" \
    "validations: [{name: v, message: '{item}', each: object.l, expression: item.a}]\n"
    expect_lint(TESTED("v: fail"), "");
    expect_lint(TESTED("v: {a: pass, b: fail}"), "");
    expect_lint(TESTED("v: {a: pass}"), "B0636:6:22 no test expects `v` to fail\n");
    expect_lint(TESTED("v: pass"), "B0636:6:22 no test expects `v` to fail\n");
}

static void messages_that_say_nothing(void **state)
{
    (void)state;
#define MESSAGE(message) \
    LINT_HEAD "variables: [{name: x, expression: object.b}, {name: y, expression: '1'}]\n" \
              "validations: [{name: v, expression: object.a == variables.y || variables.x, " \
              "message: '" message "'}]\n"
    expect_lint(MESSAGE("{variables.x}"), "");
    expect_lint(MESSAGE("{variables.y}"), "B0631:7:86 nothing that the message interpolates is of "
                                          "the resource\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_that_a_target_has),
        cmocka_unit_test(kinds_that_a_target_has_of_another),
        cmocka_unit_test(a_kind_without_letters),
        cmocka_unit_test(bare_kinds),
        cmocka_unit_test(waivers_that_name_elements_by_number),
        cmocka_unit_test(what_tests_expect),
        cmocka_unit_test(messages_that_say_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
