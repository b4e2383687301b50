/* fmt: what of a file changes, what stays, and what is said where memory or the file ends it. */
#include "base_alloc.h"
#include "policy_help.h"

#include "base/parts.h"

#if BERM_PART_AUTHORING
#include "policy/authoring/format.h"

static berm_status format_with(const berm_alloc *alloc, uint32_t depth, const char *text,
                               berm_text *out, berm_error *err)
{
    berm_limits limits = berm_limits_resolve(NULL);
    if (depth) limits.depth = depth;
    const berm_format_terms terms = {alloc, &limits, BERM_STR("p.yaml")};
    return berm_format_text(&terms, berm_str_of(text), out, NULL, err);
}

static void expect_made(const char *text, const char *wanted)
{
    berm_text out;
    berm_error err = {0};
    berm_text_init(&out, &berm_alloc_libc);
    berm_status status = format_with(&berm_alloc_libc, 0, text, &out, &err);
    if (status) fail_msg("%s\nin %s", err.message, text);
    berm_text_putc(&out, '\0');
    assert_string_equal(out.ptr, wanted);
    berm_text_free(&out);
}

static void expect_stays(const char *text)
{
    expect_made(text, text);
}

#define HEAD "guardrail: g\ntitle: t\nmatch: {kinds: [a]}\n"

static void expressions_are_spaced_wherever_they_stand(void **state)
{
    (void)state;
    expect_made(HEAD "matchConditions: [{name: m, expression: 'a&&b'}]\n"
                     "variables: [{name: x, expression: 'a||b'}]\n"
                     "validations: [{name: v, each: 'a+b', expression: 'item==1'}]\n",
                HEAD "matchConditions: [{name: m, expression: 'a && b'}]\n"
                     "variables: [{name: x, expression: 'a || b'}]\n"
                     "validations: [{name: v, each: 'a + b', expression: 'item == 1'}]\n");
    expect_made("kind: k\nof: {target: t, kinds: [a]}\neach: 'a+b'\nobject: 'item+1'\n",
                "kind: k\nof: {target: t, kinds: [a]}\neach: 'a + b'\nobject: 'item + 1'\n");
    expect_made(
        "kind: k\nof: {target: t, kinds: [a]}\neach: 'a+b'\nobject: {x: 'i+1', y: [3]}\n",
        "kind: k\nof: {target: t, kinds: [a]}\neach: 'a + b'\nobject: {x: 'i + 1', y: [3]}\n");
    expect_made(
        "target: t\ntitle: t\ndetect: 'a&&b'\nresources: [{path: '[*]', kind: 'i+1'}]\n",
        "target: t\ntitle: t\ndetect: 'a && b'\nresources: [{path: '[*]', kind: 'i + 1'}]\n");
}

static void what_yaml_may_take_for_something_else_is_quoted(void **state)
{
    (void)state;
    expect_made(HEAD "category: yes\nurl: 1:30\nremediation: 0o17\n"
                     "validations: [{name: v, expression: true}, {name: w, expression: 1.5}]\n",
                HEAD
                "category: \"yes\"\nurl: \"1:30\"\nremediation: \"0o17\"\n"
                "validations: [{name: v, expression: \"true\"}, {name: w, expression: \"1.5\"}]\n");
}

static void names_of_parameters_are_no_matter(void **state)
{
    (void)state;
    expect_made(HEAD "parameters: {p: {type: int, description: no}, q: {use: on}}\n",
                HEAD "parameters: {p: {type: int, description: \"no\"}, q: {use: \"on\"}}\n");
}

/* Lines that begin where the mapping does are met in flow style alone. */
static void line_ends_in_expressions_stay(void **state)
{
    (void)state;
    expect_made("{guardrail: g, validations: [{name: v, expression: 'a\n&&f\n(b)'}]}\n",
                "{guardrail: g, validations: [{name: v, expression: 'a\n&& f\n(b)'}]}\n");
}

static void texts_of_other_sorts_stay(void **state)
{
    (void)state;
    expect_stays(HEAD "category: null\nurl: ~\nremediation:\ndescription: some\n  more&&more\n");
    expect_stays(HEAD "category: 12 \"inches\"\nurl: 12\\3\n");
    expect_stays(HEAD "severity: &s high\nenforcement: *s\nonUnknown: |\n  a&&b\n");
    expect_stays(HEAD "unheard: 'a&&b'\nvalidations: [{name: v, expression: null, more: yes}]\n");
    expect_stays("pack: p\nguardrails: [a]\nunheard: yes\n");
    expect_stays("mapping: m\nframework: f\nunheard: yes\n");
    expect_stays("apiVersion: v1\nguardrail: g\ntitle: yes\n");
    expect_stays("guardrail: g\napiVersion: v1\ntitle: yes\n");
    expect_stays("title: yes\nguardrail: g\n");
    expect_stays("{}\n--- [yes]\n--- yes\n");
    expect_stays("\xef\xbb\xbfguardrail: g\ntitle: yes\n");
}

/* Files that are no sound policies are walked through all the same. */
static void what_has_another_shape_stays(void **state)
{
    (void)state;
    expect_stays("guardrail: [yes]\ntitle: {a: yes}\nmatch: yes\nvalidations: yes\n");
    expect_stays(
        "guardrail: g\nparameters: [yes]\nvalidations: [yes, [yes], {expression: [yes]}]\n");
    expect_stays("kind: k\nobject: [yes]\nof: [yes]\n");
}

/* White space matters in a text, and an alias is the text that its anchor is. */
static void what_an_alias_stands_for_is_changed_nowhere_else(void **state)
{
    (void)state;
    expect_stays(HEAD "description: &e 'a&&b'\nvalidations: [{name: v, expression: *e}]\n");
    expect_stays(HEAD "validations: [{name: &e a-b, expression: *e}]\n");
    expect_made(HEAD "matchConditions: [{name: m, expression: &e 'a&&b'}]\n"
                     "variables: [{name: x, expression: *e}, {name: z, expression: 'c||d'}]\n",
                HEAD "matchConditions: [{name: m, expression: &e 'a && b'}]\n"
                     "variables: [{name: x, expression: *e}, {name: z, expression: 'c || d'}]\n");
    expect_made(HEAD "controls: [{framework: f, version: &v 1.10, id: *v}]\ncategory: *v\n",
                HEAD "controls: [{framework: f, version: &v \"1.10\", id: *v}]\ncategory: *v\n");
    expect_made(HEAD "validations: &l [&m {name: v, expression: 'a&&b'}, *m]\n"
                     "matchConditions: *l\n",
                HEAD "validations: &l [&m {name: v, expression: 'a && b'}, *m]\n"
                     "matchConditions: *l\n");
    expect_stays("kind: k\nof: {target: &t \"yes\", kinds: [*t]}\neach: &e a + b\nobject: *e\n");
    expect_made("kind: k\ndescription: &e 'a+b'\neach: a\nobject: {x: *e, z: 'a+b'}\n",
                "kind: k\ndescription: &e 'a+b'\neach: a\nobject: {x: *e, z: 'a + b'}\n");
}

static void a_file_is_no_deeper_than_it_may_be(void **state)
{
    (void)state;
    berm_text out;
    berm_error err = {0};
    berm_text_init(&out, &berm_alloc_libc);
    assert_int_equal(format_with(&berm_alloc_libc, 4, HEAD "x: [[[1]]]\n", &out, &err), BERM_OK);
    assert_int_equal(format_with(&berm_alloc_libc, 4, HEAD "x: [[[[1]]]]\n", &out, &err),
                     BERM_E_LIMIT);
    assert_int_equal(format_with(&berm_alloc_libc, 0, HEAD "x: [\n", &out, &err), BERM_E_SYNTAX);
    berm_text_free(&out);
}

/* Two documents, so that the walk ends between them, too. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    static const char text[] =
        "guardrail: g\ntitle: yes\nvalidations: [{name: v, expression: 'a&&b||c'}]\n"
        "---\nguardrail: h\ntitle: no\nvalidations: [{name: v, expression: 'a&&b||c'}]\n";
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    for (size_t once = 0; once < 2; once++) {
        size_t failures = 0;
        for (size_t nth = 1;; nth++, failures++) {
            berm_text out;
            berm_error err = {0};
            berm_text_init(&out, &alloc);
            heap = (counted_heap){.fail_at = nth, .once = (int)once};
            berm_status status = format_with(&alloc, 0, text, &out, &err);
            bool reached = heap.calls >= nth;
            bool whole = !out.failed && berm_str_ends(berm_text_view(&out), BERM_STR("|| c'}]\n"));
            berm_text_free(&out);
            assert_int_equal(heap.in_use, 0);
            assert_false(heap.wrong_len);
            if (!reached) {
                assert_int_equal(status, BERM_OK);
                break;
            }
            if (status) assert_int_equal(status, BERM_E_NOMEM);
            else assert_true(whole);
        }
        assert_true(failures > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_are_spaced_wherever_they_stand),
        cmocka_unit_test(what_yaml_may_take_for_something_else_is_quoted),
        cmocka_unit_test(names_of_parameters_are_no_matter),
        cmocka_unit_test(line_ends_in_expressions_stay),
        cmocka_unit_test(texts_of_other_sorts_stay),
        cmocka_unit_test(what_has_another_shape_stays),
        cmocka_unit_test(what_an_alias_stands_for_is_changed_nowhere_else),
        cmocka_unit_test(a_file_is_no_deeper_than_it_may_be),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
