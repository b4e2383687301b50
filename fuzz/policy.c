/* Policy files: the loader, the compiler, targets and kinds, the decision and the reports. */
#include "common.h"

static const char manifests[] =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {app: web}}\n"
    "spec: {replicas: 1, template: {spec: {containers: [{name: a, image: 'b:1'}]}}}\n"
    "---\n{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {containers: []}}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const berm_sink sink = {fuzz_swallow, NULL};
    berm_engine *engine = fuzz_engine();
    if (!engine) return 0;
    berm_policy *policy =
        fuzz_compile(engine, (berm_str){(const char *)data, size}, BERM_ROLE_POLICY, 0);
    if (policy) {
        berm_doc *doc =
            fuzz_parse(engine, (berm_str){manifests, sizeof manifests - 1}, BERM_FORMAT_IS_YAML);
        if (doc) fuzz_judge(engine, policy, doc);
        REQUIRE(berm_policy_disasm(policy, &sink, NULL) != BERM_E_ARGUMENT);
        berm_doc_unref(doc);
    }
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    return 0;
}
