/* Label selectors over documents of the policy set. */
#include "policy_build_help.h"

#include "policy/dialects/selector.h"

/* `selector` in flow style, against an object with the labels a: x and b: "". */
static bool holds(const char *selector)
{
    char text[500];
    stage s;
    snprintf(text, sizeof text, "s: %s\no: {metadata: {labels: {a: x, b: ''}}}\n", selector);
    stage_begin(&s, text);
    berm_part root = stage_root(&s);
    bool held = berm_selector_holds(berm_part_member(root, "s"), berm_part_member(root, "o"));
    stage_end(&s);
    return held;
}

static void labels_are_all_wanted(void **state)
{
    (void)state;
    assert_true(holds("{}"));
    assert_true(holds("null"));
    assert_true(holds("{matchLabels: {a: x}}"));
    assert_true(holds("{matchLabels: {a: x, b: ''}}"));
    assert_false(holds("{matchLabels: {a: x, b: y}}"));
    assert_false(holds("{matchLabels: {c: ''}}"));
}

static void expressions_are_all_wanted(void **state)
{
    (void)state;
    assert_true(holds("{matchExpressions: [{key: a, operator: In, values: [w, x]}]}"));
    assert_false(holds("{matchExpressions: [{key: a, operator: In, values: [w]}]}"));
    assert_false(holds("{matchExpressions: [{key: c, operator: In, values: ['']}]}"));
    assert_true(holds("{matchExpressions: [{key: a, operator: NotIn, values: [w]}]}"));
    assert_true(holds("{matchExpressions: [{key: c, operator: NotIn, values: [w]}]}"));
    assert_false(holds("{matchExpressions: [{key: b, operator: NotIn, values: ['']}]}"));
    assert_true(holds("{matchExpressions: [{key: b, operator: Exists}]}"));
    assert_false(holds("{matchExpressions: [{key: c, operator: Exists}]}"));
    assert_true(holds("{matchExpressions: [{key: c, operator: DoesNotExist}]}"));
    assert_false(holds("{matchExpressions: [{key: c, operator: DoesNotExist}, {key: a, operator: "
                       "DoesNotExist}]}"));
    assert_false(holds("{matchLabels: {a: y}, matchExpressions: [{key: a, operator: Exists}]}"));
}

static void an_object_may_have_no_labels(void **state)
{
    (void)state;
    stage s;
    stage_begin(&s, "s: {matchExpressions: [{key: a, operator: Exists}]}\no: {}\n");
    berm_part root = stage_root(&s), object = berm_part_member(root, "o");
    assert_false(berm_selector_holds(berm_part_member(root, "s"), object));
    assert_true(berm_selector_holds(berm_part_member(root, "nothing"), object));
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_all_wanted),
        cmocka_unit_test(expressions_are_all_wanted),
        cmocka_unit_test(an_object_may_have_no_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
