/* The rows of guardrails, conditions, rules and tests. */
#include "policy_help.h"

static const char full[] =
    "guardrail: full\ntitle: Title\ndescription: Described\ncategory: network\nremediation: "
    "Mend\nurl: https://x\n"
    "severity: critical\nenforcement: hard-mandatory\nonUnknown: fail\n"
    "controls: [{framework: nist-800-53, version: r5, id: SC-7}]\n"
    "waivable: {maxDays: 90, approvers: 1, categories: [mitigated]}\n"
    "match: {target: kubernetes, kinds: [container]}\n"
    "matchConditions: [{name: one, expression: 'true'}, {name: two, expression: 'resource.name != "
    "object.x'}]\n"
    "variables: [{name: a, expression: object.a}, {name: b, expression: variables.a + 1}]\n"
    "validations:\n"
    "  - {name: first, expression: variables.b > 1, message: 'is {object.a}'}\n"
    "  - {name: second, severity: low, enforcement: advisory, each: object.ports, expression: item "
    "> 0 && key >= 0}\n"
    "tests: [{name: t, kind: container, object: {a: 1}, unknown: [a], now: 2026-01-01, action: "
    "create,\n"
    "         resource: {name: n, tags: {k: v}}, parent: null, expect: {first: unknown, second: "
    "{k: pass}}}]\n";

static berm_cell constant_at(const compiled *c, berm_space *space, uint32_t cell)
{
    berm_cell value = c->image.store.cells[cell];
    value.store = berm_space_add(space, &c->image.store);
    return value;
}

static void assert_constant(const compiled *c, uint32_t cell, const char *wanted)
{
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 1u << 20);
    berm_text got;
    berm_text_init(&got, &berm_alloc_libc);
    assert_true(berm_value_print(&got, &space, constant_at(c, &space, cell), false));
    berm_text_putc(&got, '\0');
    assert_string_equal(got.ptr, wanted);
    berm_text_free(&got);
    berm_space_free(&space);
}

static void a_guardrail_says_what_was_written(void **state)
{
    (void)state;
    compiled c = compile_fine(full);
    const berm_img_guardrail *g = &c.image.guardrails[0];
    assert_int_equal(c.image.guardrail_count, 1);
    assert_text(&c, g->id, "full");
    assert_text(&c, g->title, "Title");
    assert_text(&c, g->description, "Described");
    assert_text(&c, g->category, "network");
    assert_text(&c, g->remediation, "Mend");
    assert_text(&c, g->url, "https://x");
    assert_int_equal(g->severity, BERM_SEVERITY_CRITICAL);
    assert_int_equal(g->enforcement, BERM_ENFORCEMENT_HARD_MANDATORY);
    assert_int_equal(g->on_unknown_fail, 1);
    assert_constant(&c, g->controls,
                    "[{\"framework\": \"nist-800-53\", \"version\": \"r5\", \"id\": \"SC-7\"}]");
    assert_constant(&c, g->waivable,
                    "{\"maxDays\": 90, \"approvers\": 1, \"categories\": [\"mitigated\"]}");
    assert_constant(&c, g->params, "{}");
    assert_text(&c, c.image.sources[g->source].name, "p.yaml");
    assert_int_equal(g->line, 1);
    drop_compiled(&c);
}

static void validations_take_the_guardrails_values(void **state)
{
    (void)state;
    compiled c = compile_fine(full);
    const berm_img_guardrail *g = &c.image.guardrails[0];
    assert_int_equal(g->rules.count, 2);
    const berm_img_rule *rules = &c.image.rules[g->rules.first];
    assert_text(&c, rules[0].name, "first");
    assert_int_equal(rules[0].severity, BERM_SEVERITY_CRITICAL);
    assert_int_equal(rules[0].enforcement, BERM_ENFORCEMENT_HARD_MANDATORY);
    assert_int_equal(rules[0].each, BERM_NO_ROW);
    assert_int_not_equal(rules[0].message, BERM_NO_ROW);
    assert_int_equal(rules[1].severity, BERM_SEVERITY_LOW);
    assert_int_equal(rules[1].enforcement, BERM_ENFORCEMENT_ADVISORY);
    assert_int_not_equal(rules[1].each, BERM_NO_ROW);
    assert_int_equal(rules[1].message, BERM_NO_ROW);
    drop_compiled(&c);
}

static void what_is_not_said_has_a_default(void **state)
{
    (void)state;
    compiled c = compile_fine(GUARDRAIL_HEAD GUARDRAIL_RULE);
    const berm_img_guardrail *g = &c.image.guardrails[0];
    assert_int_equal(g->severity, BERM_SEVERITY_MEDIUM);
    assert_int_equal(g->enforcement, BERM_ENFORCEMENT_SOFT_MANDATORY);
    assert_int_equal(g->on_unknown_fail, 0);
    assert_int_equal(g->conditions.count, 0);
    assert_constant(&c, g->controls, "[]");
    assert_constant(&c, g->waivable, "null");
    assert_text(&c, g->description, "");
    drop_compiled(&c);
}

/* The expression behind a block, and where it stands in the file. */
static void assert_root(const compiled *c, uint32_t block, const char *text, uint32_t line,
                        uint32_t column)
{
    const berm_img_root *root = &c->image.roots[c->image.blocks[block].root];
    assert_text(c, root->text, text);
    assert_int_equal(root->line, line);
    assert_int_equal(root->column, column);
}

static void blocks_know_their_expression(void **state)
{
    (void)state;
    compiled c = compile_fine(full);
    const berm_img_guardrail *g = &c.image.guardrails[0];
    const berm_img_condition *conditions = &c.image.conditions[g->conditions.first];
    const berm_img_rule *rules = &c.image.rules[g->rules.first];
    assert_int_equal(g->conditions.count, 2);
    assert_text(&c, conditions[1].name, "two");
    assert_root(&c, conditions[1].block, "resource.name != object.x", 13, 77);
    assert_root(&c, rules[0].block, "variables.b > 1", 16, 31);
    assert_root(&c, rules[1].each, "object.ports", 17, 64);
    assert_root(&c, rules[1].block, "item > 0 && key >= 0", 17, 90);
    drop_compiled(&c);
}

/* A variable is a block that its users run once; it is compiled once, whoever uses it. */
static void variables_are_blocks_of_their_own(void **state)
{
    (void)state;
    compiled c = compile_fine(full);
    uint32_t once = 0;
    for (uint32_t i = 0; i < c.image.code_count; i += berm_op_infos[c.image.code[i].op].words) {
        if (c.image.code[i].op != BERM_OP_ONCE) continue;
        once++;
        const berm_img_block *block = &c.image.blocks[c.image.code[i].w];
        berm_str text = image_text(&c, c.image.roots[block->root].text);
        assert_true(berm_str_is(text, "object.a") || berm_str_is(text, "variables.a + 1"));
    }
    assert_int_equal(once, 2);
    drop_compiled(&c);
}

static void a_test_is_kept_as_written(void **state)
{
    (void)state;
    compiled c = compile_fine(full);
    const berm_img_test *test = &c.image.tests[0];
    assert_int_equal(c.image.test_count, 1);
    assert_int_equal(test->guardrail, 0);
    assert_text(&c, test->name, "t");
    assert_int_equal(test->line, 18);
    assert_constant(
        &c, test->spec,
        "{\"name\": \"t\", \"kind\": \"container\", \"object\": {\"a\": 1}, \"unknown\": [\"a\"], "
        "\"now\": "
        "\"2026-01-01\", \"action\": \"create\", \"resource\": {\"name\": \"n\", \"tags\": {\"k\": "
        "\"v\"}}, "
        "\"parent\": null, \"expect\": {\"first\": \"unknown\", \"second\": {\"k\": \"pass\"}}}");
    drop_compiled(&c);
}

static void rows_of_guardrails_do_not_mix(void **state)
{
    (void)state;
    char text[3 * sizeof full];
    snprintf(text, sizeof text,
             "%s---\n%s---\nguardrail: third\ntitle: T\nmatch: {kinds: [a]}\n" GUARDRAIL_RULE, full,
             GUARDRAIL_HEAD GUARDRAIL_RULE);
    compiled c = compile_fine(text);
    assert_int_equal(c.image.guardrail_count, 3);
    uint32_t rules = 0;
    for (uint32_t g = 0; g < 3; g++) {
        const berm_img_guardrail *row = &c.image.guardrails[g];
        assert_int_equal(row->rules.first, rules);
        for (uint32_t i = 0; i < row->rules.count; i++)
            assert_int_equal(c.image.rules[rules + i].guardrail, g);
        rules += row->rules.count;
    }
    assert_int_equal(rules, c.image.rule_count);
    drop_compiled(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_guardrail_says_what_was_written),
                                       cmocka_unit_test(validations_take_the_guardrails_values),
                                       cmocka_unit_test(what_is_not_said_has_a_default),
                                       cmocka_unit_test(blocks_know_their_expression),
                                       cmocka_unit_test(variables_are_blocks_of_their_own),
                                       cmocka_unit_test(a_test_is_kept_as_written),
                                       cmocka_unit_test(rows_of_guardrails_do_not_mix)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
