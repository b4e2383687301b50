/* For the tests of dialects: the guardrails that documents come to. */
#ifndef TEST_POLICY_DIALECT_HELP_H
#define TEST_POLICY_DIALECT_HELP_H

#include "policy_help.h"

#define ALL_RULES \
    "matchConstraints: {resourceRules: [{apiGroups: ['*'], apiVersions: ['*'], operations: " \
    "['*'], " \
    "resources: ['*']}]}"
#define VAP(name, spec) \
    "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: " \
    "{name: " name "}\nspec: {" ALL_RULES ", " spec "}\n"
#define BINDING(name, policy, spec) \
    "---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\n" \
    "metadata: {name: " name "}\nspec: {policyName: " policy ", " spec "}\n"

/* "id:enforcement[+errors pass] validation, validation=fallback; .." of every guardrail. */
static inline void expect_guardrails(const char *text, const char *wanted)
{
    compiled c = compile_fine(text);
    berm_text got;
    berm_text_init(&got, &berm_alloc_libc);
    for (uint32_t g = 0; g < c.image.guardrail_count; g++) {
        const berm_img_guardrail *row = &c.image.guardrails[g];
        assert_int_not_equal(row->applies, BERM_NO_ROW);
        berm_text_format(&got, "%s%S%s", g ? "; " : "", image_text(&c, row->id),
                         row->errors_pass ? "+" : "");
        for (uint32_t i = 0; i < row->rules.count; i++) {
            const berm_img_rule *rule = &c.image.rules[row->rules.first + i];
            berm_text_format(&got, " %S:%u%s", image_text(&c, rule->name), rule->enforcement,
                             rule->annotation ? "*" : "");
        }
    }
    berm_text_putc(&got, '\0');
    assert_string_equal(got.ptr, wanted);
    berm_text_free(&got);
    drop_compiled(&c);
}

/* The text of the first rule of the guardrail with this number. */
static inline void expect_rule_text(const char *text, uint32_t guardrail, const char *wanted)
{
    compiled c = compile_fine(text);
    assert_in_range(guardrail, 0, c.image.guardrail_count - 1);
    const berm_img_rule *rule = &c.image.rules[c.image.guardrails[guardrail].rules.first];
    const berm_img_block *block = &c.image.blocks[rule->block];
    assert_text(&c, c.image.roots[block->root].text, wanted);
    drop_compiled(&c);
}

#endif
