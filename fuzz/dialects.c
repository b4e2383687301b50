/* Policies of other dialects: ValidatingAdmissionPolicy, Kyverno, Gatekeeper's templates, CEL Policy.
   The input is the policies, or the policies, a NUL and a document that is judged besides the fixed
   ones. What compiles is judged the same once it was saved and loaded; failing memory and smaller
   limits end it or change nothing. */
#include "judge.h"

static const char objects[] =
    "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: a}, "
    "annotations: {note: x}}, spec: {hostNetwork: true, containers: [{name: a, image: 'b:1', "
    "ports: [{containerPort: 80}], securityContext: {privileged: true}}, {name: c, image: d}]}}\n"
    "---\n"
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: "
    "{replicas: 1, template: {metadata: {labels: {app: a}}, spec: {containers: [{image: a}]}}}}\n"
    "---\n"
    "{apiVersion: batch/v1, kind: CronJob, metadata: {name: night}, spec: {jobTemplate: {spec: "
    "{template: {spec: {containers: [{image: a}]}}}}}}\n"
    "---\n"
    "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {env: prod}}}\n"
    "---\n"
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: m, namespace: shop}, data: {a: A, b: B}}\n";
static const char review[] =
    "{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"AdmissionReview\", \"request\": "
    "{\"uid\": \"1\", \"kind\": {\"group\": \"apps\", \"version\": \"v1\", \"kind\": "
    "\"Deployment\"}, \"resource\": {\"group\": \"apps\", \"version\": \"v1\", \"resource\": "
    "\"deployments\"}, \"name\": \"web\", \"namespace\": \"shop\", \"operation\": \"UPDATE\", "
    "\"userInfo\": {\"username\": \"ann\", \"groups\": [\"dev\"]}, \"object\": {\"apiVersion\": "
    "\"apps/v1\", \"kind\": \"Deployment\", \"metadata\": {\"name\": \"web\", \"namespace\": "
    "\"shop\"}, \"spec\": {\"replicas\": 3}}, \"oldObject\": {\"apiVersion\": \"apps/v1\", "
    "\"kind\": \"Deployment\", \"metadata\": {\"name\": \"web\", \"namespace\": \"shop\"}, "
    "\"spec\": {\"replicas\": 1}}}}";

typedef struct set {
    berm_doc *docs[3];
    size_t count;
} set;

static void drop_set(set *s)
{
    for (size_t i = 0; i < s->count; i++) berm_doc_unref(s->docs[i]);
}

/* The fixed documents and the input's own, where it has one that can be read. */
static set make_set(berm_engine *engine, berm_str own)
{
    const berm_str texts[] = {{objects, sizeof objects - 1},
                              {review, sizeof review - 1},
                              {own.ptr, own.len}};
    set s = {0};
    for (size_t i = 0; i < 3; i++) {
        berm_doc *doc = texts[i].len ? fuzz_parse(engine, texts[i], BERM_FORMAT_ANY) : NULL;
        if (doc) s.docs[s.count++] = doc;
    }
    return s;
}

static fuzz_outcome judge_set(berm_engine *engine, const berm_policy *policy, const set *s,
                              bool reports)
{
    berm_input inputs[3];
    for (size_t i = 0; i < s->count; i++)
        inputs[i] = (berm_input){.size = sizeof(berm_input), .doc = s->docs[i]};
    const berm_run run = {.size = sizeof run,
                          .policy = policy,
                          .inputs = inputs,
                          .input_count = s->count,
                          .now = FUZZ_NOW,
                          .flags = BERM_RUN_PASSES};
    return fuzz_run(engine, &run, reports);
}

/* Policies of other dialects need the shipped targets. */
static berm_policy *compile_policies(berm_engine *engine, berm_str text)
{
    return fuzz_compile(engine, text, BERM_ROLE_POLICY, BERM_COMPILE_ALLOW_EMPTY);
}

static void judge_hostile(const fuzz_settings *settings, berm_str policies, berm_str own,
                          const fuzz_outcome *wanted)
{
    fuzz_memory memory;
    berm_engine *engine = fuzz_engine_with(settings, &memory);
    if (!engine) return;
    berm_policy *policy = compile_policies(engine, policies);
    REQUIRE(!policy || wanted || settings->tiny);
    if (policy && wanted) {
        set s = make_set(engine, own);
        fuzz_outcome out = judge_set(engine, policy, &s, true);
        /* where all documents could be read it is the same run */
        if (!settings->tiny && s.count == (own.len ? 3 : 2) && out.status == BERM_OK) {
            REQUIRE(wanted->status == BERM_OK);
            REQUIRE(out.summary.denied == wanted->summary.denied);
            REQUIRE(memcmp(out.summary.verdicts, wanted->summary.verdicts,
                           sizeof out.summary.verdicts) == 0);
        }
        free(out.text.ptr);
        drop_set(&s);
    }
    berm_policy_unref(policy);
    fuzz_engine_end(engine, &memory);
}

static fuzz_outcome judge_plainly(berm_engine *engine, const berm_policy *policy, berm_str own)
{
    const berm_sink sink = {fuzz_swallow, NULL};
    set s = make_set(engine, own);
    berm_policy *loaded = fuzz_reload(engine, policy);
    REQUIRE(loaded && s.count >= 2);
    fuzz_outcome wanted = judge_set(engine, policy, &s, true);
    fuzz_outcome again = judge_set(engine, loaded, &s, false);
    REQUIRE(again.status == wanted.status && fuzz_same_text(&again.text, &wanted.text));
    REQUIRE(berm_policy_disasm(policy, &sink, NULL) == BERM_OK);
    free(again.text.ptr);
    berm_policy_unref(loaded);
    drop_set(&s);
    return wanted;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_settings settings = fuzz_take_settings(&data, &size);
    berm_str own = {(const char *)data, size}, policies = fuzz_take_part(&own);
    fuzz_outcome wanted = {0};
    berm_engine *engine = fuzz_engine();
    REQUIRE(engine);
    berm_policy *policy = compile_policies(engine, policies);
    if (policy) wanted = judge_plainly(engine, policy, own);
    if (settings.tiny || settings.fail_at > 0)
        judge_hostile(&settings, policies, own, policy ? &wanted : NULL);
    free(wanted.text.ptr);
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    return 0;
}
