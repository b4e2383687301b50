/* What somebody's program does with an installed Berm: one guardrail judges one document. */
#include <berm/berm.h>
#include <stdio.h>

#define STR(literal) \
    { \
        (literal), sizeof(literal) - 1 \
    }

static const berm_str manifest = STR("apiVersion: v1\n"
                                     "kind: Pod\n"
                                     "metadata: {name: web}\n"
                                     "spec: {hostNetwork: true}\n");
static const berm_source guardrail = {
    .size = sizeof guardrail,
    .name = STR("no-host-network.yaml"),
    .text = STR("guardrail: no-host-network\n"
                "title: Pods keep to their own network\n"
                "severity: high\n"
                "enforcement: hard-mandatory\n"
                "match: {target: kubernetes, kinds: [v1/Pod]}\n"
                "validations:\n"
                "  - name: own-network\n"
                "    expression: '!object.spec.?hostNetwork.orValue(false)'\n"
                "    message: '{object.metadata.name} uses the network of its host'\n"),
    .role = BERM_ROLE_POLICY,
};

static berm_status judge(berm_eval *eval, const berm_policy *policy, const berm_doc *doc,
                         berm_error *err)
{
    berm_input input = {.size = sizeof input, .role = BERM_INPUT_DOCUMENT, .doc = doc};
    berm_run run = {.size = sizeof run, .policy = policy, .inputs = &input, .input_count = 1};
    const berm_decision *decision = NULL;
    berm_status status = berm_eval_run(eval, &run, &decision, err);
    if (status != BERM_OK) return status;
    size_t count = 0, stride = 0;
    const char *at = (const char *)berm_decision_findings(decision, &count, &stride);
    for (size_t i = 0; i < count; i++) {
        const berm_finding *f = (const berm_finding *)(const void *)(at + i * stride);
        printf("%s: %.*s\n", f->verdict == BERM_VERDICT_FAIL ? "fail" : "other",
               (int)f->message.len, f->message.ptr);
    }
    return count == 1 ? BERM_OK : BERM_E_INTERNAL;
}

int main(void)
{
    berm_compile_input input = {.size = sizeof input, .sources = &guardrail, .source_count = 1};
    berm_engine *engine = NULL;
    berm_policy *policy = NULL;
    berm_doc *doc = NULL;
    berm_eval *eval = NULL;
    berm_error err = {0};
    berm_status status = berm_engine_new(NULL, &engine, &err);
    if (status == BERM_OK) status = berm_policy_compile(engine, &input, &policy, NULL, &err);
    if (status == BERM_OK) status = berm_doc_parse(engine, manifest, NULL, &doc, NULL, &err);
    if (status == BERM_OK) status = berm_eval_new(engine, NULL, &eval, &err);
    if (status == BERM_OK) status = judge(eval, policy, doc, &err);
    if (status != BERM_OK) fprintf(stderr, "%s: %s\n", berm_status_name(status), err.message);
    berm_eval_free(eval);
    berm_doc_unref(doc);
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    return status == BERM_OK ? 0 : 1;
}
