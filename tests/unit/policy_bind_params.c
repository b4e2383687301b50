/* Where the values of parameters come from: their defaults, shared parameters, tests. */
#include "policy_help.h"

static void print_params(const compiled *c, uint32_t guardrail, char *out, size_t size)
{
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 1u << 20);
    uint16_t store = berm_space_add(&space, &c->image.store);
    berm_cell params = c->image.store.cells[c->image.guardrails[guardrail].params];
    params.store = store;
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    assert_true(berm_value_print(&text, &space, params, false));
    snprintf(out, size, "%.*s", (int)text.len, text.ptr);
    berm_text_free(&text);
    berm_space_free(&space);
}

static void shared_parameters_are_used_by_name(void **state)
{
    (void)state;
    compiled c = compile_fine(
        GUARDRAIL_HEAD "validations: [{name: v, expression: 'params.t.a > params.own'}]\n"
                       "parameters: {t: {use: tiers}, own: {type: int, default: 1}}\n"
                       "---\nparameter: tiers\ntype: {'*': int}\nminimum: 1\ndefault: {a: 2}\n");
    char params[200];
    print_params(&c, 0, params, sizeof params);
    assert_string_equal(params, "{\"t\": {\"a\": 2}, \"own\": 1}");
    drop_compiled(&c);
}

static void a_shared_parameter_nobody_uses_needs_no_value(void **state)
{
    (void)state;
    expect_diags(GUARDRAIL_HEAD GUARDRAIL_RULE "---\nparameter: p\ntype: int\n", "");
    expect_diags(GUARDRAIL_HEAD GUARDRAIL_RULE
                 "parameters: {a: {use: p}}\n---\nparameter: p\ntype: int\n",
                 "B0510:5:17 the parameter `a` has no `default`\n");
}

static void a_test_with_parameters_has_its_own_guardrail(void **state)
{
    (void)state;
    compiled c = compile_fine(
        GUARDRAIL_HEAD
        "variables: [{name: twice, expression: '2 * params.n'}]\n"
        "matchConditions: [{name: c, expression: 'params.n > 0'}]\n"
        "validations:\n"
        "  - {name: v, expression: variables.twice > object.n, message: 'more than {params.n}'}\n"
        "  - {name: w, expression: 'true'}\n"
        "parameters: {n: {type: int, default: 1}, m: {type: string, default: x}}\n"
        "tests:\n"
        "  - {name: as it is, object: {n: 1}, expect: {v: pass}}\n"
        "  - {name: other, params: {n: 5}, object: {n: 1}, expect: {v: pass}}\n"
        "  - {name: none, params: {}, object: {n: 1}, expect: {v: pass}}\n");
    const berm_image *image = &c.image;
    char params[200];
    assert_int_equal(image->guardrail_count, 3);
    assert_int_equal(image->test_count, 3);
    static const uint32_t rows[] = {0, 1, 2};
    static const char *const values[] = {"{\"n\": 1, \"m\": \"x\"}", "{\"n\": 5, \"m\": \"x\"}",
                                         "{\"n\": 1, \"m\": \"x\"}"};
    for (uint32_t i = 0; i < 3; i++) {
        const berm_img_guardrail *row = &image->guardrails[i];
        assert_int_equal(image->tests[i].guardrail, rows[i]);
        print_params(&c, i, params, sizeof params);
        assert_string_equal(params, values[i]);
        assert_text(&c, row->id, "g");
        assert_int_equal(row->matches.count, i == 0 ? 1 : 0);
        assert_int_equal(row->conditions.count, 1);
        assert_int_equal(row->rules.count, 2);
        for (uint32_t k = 0; k < 2; k++)
            assert_int_equal(image->rules[row->rules.first + k].guardrail, i);
    }
    drop_compiled(&c);
}

static void a_faulty_guardrail_is_reported_once(void **state)
{
    (void)state;
    expect_diags(GUARDRAIL_HEAD
                 "validations: [{name: v, expression: params.n > objct.n}]\n"
                 "parameters: {n: {type: int, default: 1}}\n"
                 "tests: [{name: other, params: {n: 5}, object: {}, expect: {v: pass}}]\n",
                 "B0401:4:48 'objct' is not declared; did you mean 'object'?\n");
}

static void a_parameter_without_value_hides_nothing(void **state)
{
    (void)state;
    expect_diags(GUARDRAIL_HEAD "validations: [{name: v, expression: params.n > objct.n}]\n"
                                "parameters: {n: {type: int}, m: {type: [nope], default: []}}\n",
                 "B0510:5:41 `nope` is no type; types are string, int, double, bool, timestamp, "
                 "duration, regex, [T], "
                 "{\"*\": T} and {name: T}\n"
                 "B0510:5:17 the parameter `n` has no `default`\n"
                 "B0401:4:48 'objct' is not declared; did you mean 'object'?\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_parameters_are_used_by_name),
        cmocka_unit_test(a_shared_parameter_nobody_uses_needs_no_value),
        cmocka_unit_test(a_test_with_parameters_has_its_own_guardrail),
        cmocka_unit_test(a_faulty_guardrail_is_reported_once),
        cmocka_unit_test(a_parameter_without_value_hides_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
