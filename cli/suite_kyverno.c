/* kyverno-test.yaml: policies and resources by path, and a result for each policy and resource. */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

static berm_str cut_after(berm_str text, const char *lead)
{
    size_t len = strlen(lead);
    if (text.len < len || memcmp(text.ptr, lead, len) != 0) return text;
    return (berm_str){text.ptr + len, text.len - len};
}

/* The parts of an address or id, `count` of them at most; how many there are. */
static size_t split_text(berm_str text, char sign, berm_str *parts, size_t count)
{
    size_t n = 0, from = 0;
    for (size_t i = 0; i <= text.len && n < count; i++) {
        if (i < text.len && text.ptr[i] != sign) continue;
        parts[n++] = (berm_str){text.ptr + from, i - from};
        from = i + 1;
    }
    return n;
}

/* policy, policy@rule, policy@autogen@rule or policy@autogen-cronjob@rule */
static bool is_of_policy(berm_str guardrail, berm_str policy, berm_str rule)
{
    berm_str parts[4], name;
    size_t count = split_text(guardrail, '@', parts, 4);
    if (count == 0) return false;
    /* A result may name its policy with a namespace in front. */
    for (name = policy; name.len && memchr(name.ptr, '/', name.len);)
        name = (berm_str){name.ptr + 1, name.len - 1};
    if (!str_equal(parts[0], name)) return false;
    if (count == 1 || rule.len == 0) return true;
    berm_str own = parts[count - 1];
    if (str_is(own, "autogen") || str_is(own, "autogen-cronjob")) return true;
    return str_equal(own, cut_after(cut_after(rule, "autogen-cronjob-"), "autogen-"));
}

/* group/Kind/name or group/Kind/namespace/name against "name" or "namespace/name" */
static bool is_of_resource(berm_str address, berm_str kind, berm_str resource)
{
    berm_str parts[5], wanted[3];
    size_t count = split_text(address, '/', parts, 5);
    if (count < 3 || (kind.len && !str_equal(parts[1], kind))) return false;
    if (count == 3) resource = cut_after(resource, "default/");
    size_t names = split_text(resource, '/', wanted, 3);
    if (names > count - 2) return false;
    for (size_t i = 0; i < names; i++)
        if (!str_equal(wanted[i], parts[count - names + i])) return false;
    return true;
}

/* The worst of the verdicts of one policy on one resource; skip where there are none. */
static berm_str find_result(const judged *j, berm_value result, berm_str resource)
{
    static const char *const words[] = {"skip", "pass", "fail", "error"};
    int worst = 0;
    const berm_finding *f;
    for (size_t i = 0; (f = suite_finding(j, i)) != NULL; i++) {
        if (!is_of_policy(f->guardrail, value_text(value_member(result, "policy")),
                          value_text(value_member(result, "rule"))) ||
            !is_of_resource(f->address, value_text(value_member(result, "kind")), resource))
            continue;
        int here = f->verdict == BERM_VERDICT_PASS    ? 1
                   : f->verdict == BERM_VERDICT_ERROR ? 2
                   : f->verdict == BERM_VERDICT_FAIL  ? 3
                                                      : 0;
        if (here > worst) worst = here;
    }
    /* A failure outweighs an error: one validation has spoken. */
    return worst == 0   ? (berm_str){words[0], 4}
           : worst == 1 ? (berm_str){words[1], 4}
           : worst == 2 ? (berm_str){words[3], 5}
                        : (berm_str){words[2], 4};
}

static void note_resource(suite *s, const judged *j, berm_value result, berm_str resource)
{
    berm_str wanted = value_text(value_member(result, "result"));
    berm_str got = j->decision ? find_result(j, result, resource) : suite_nothing;
    suite_note(s, value_text(value_member(result, "policy")), resource, wanted, got);
}

static void note_result(suite *s, const judged *j, berm_value result)
{
    berm_value resources = value_member(result, "resources");
    if (value_member(result, "patchedResources").store ||
        value_member(result, "generatedResource").store) {
        suite_skip(s, value_text(value_member(result, "policy")),
                   "Berm changes and makes no resources");
        return;
    }
    for (uint64_t i = 0; i < value_count(resources); i++)
        note_resource(s, j, result, value_text(value_element(resources, i)));
    if (!resources.store) note_resource(s, j, result, value_text(value_member(result, "resource")));
}

static bool add_all(const suite *s, path_list *list, berm_value names)
{
    for (uint64_t i = 0; i < value_count(names); i++)
        if (!suite_add_path(s, list, value_text(value_element(names, i)))) return false;
    return true;
}

void suite_run_kyverno(suite *s, berm_value root)
{
    path_list policies = {0}, documents = {0};
    berm_policy *policy = NULL;
    judged j = {0};
    berm_value results = value_member(root, "results");
    if (!str_is(value_text(value_member(root, "kind")), "Test") && !results.store) return;
    if (add_all(s, &policies, value_member(root, "policies")) &&
        add_all(s, &documents, value_member(root, "resources")) &&
        !compile_policies(s->engine, &policies, &policy))
        (void)suite_judge(s, policy, &documents, NULL, &j); /* without: no expectation is met */
    for (uint64_t i = 0; i < value_count(results); i++)
        note_result(s, &j, value_element(results, i));
    suite_drop(&j);
    berm_policy_unref(policy);
    free_paths(&policies);
    free_paths(&documents);
}
