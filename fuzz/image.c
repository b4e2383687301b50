/* Hostile images: the input is a list of patches, 3 bytes of offset and 1 of value, on a good
   image whose checksum is then made right again, so that the verifier sees them. What it lets
   through must run safely. */
#include "code/image_layout.h"
#include "common.h"

static const char guardrail[] =
    "guardrail: g\n"
    "title: t\n"
    "severity: low\n"
    "enforcement: advisory\n"
    "match: {target: kubernetes, kinds: [v1/Pod]}\n"
    "parameters: {allowed: {type: [string], default: [a, b]}}\n"
    "variables: [{name: names, expression: 'object.spec.containers.map(c, c.name)'}]\n"
    "validations:\n"
    "  - {name: one, expression: 'variables.names.all(n, n in params.allowed)', message: "
    "'{variables.names}'}\n"
    "  - {name: two, each: object.spec.containers, expression: "
    "'item.image.matches(\"^[a-z]+:[0-9]+$\")'}\n"
    "  - {name: three, each: object.spec.containers, expression: "
    "'regex.replace(item.image, \"(a|b*)+(?::([0-9]))?\", \"<\\\\\\\\2>\") != item.name'}\n"
    "tests: [{name: x, kind: v1/Pod, object: {spec: {containers: []}}, expect: {one: pass}}]\n";
static const char manifest[] =
    "{apiVersion: v1, kind: Pod, metadata: {name: x}, "
    "spec: {containers: [{name: a, image: 'b:1'}, {name: c, image: d}]}}\n";

static int take_result(void *ctx, const berm_test_result *result)
{
    (void)ctx, (void)result;
    return 0;
}

static void patch(fuzz_text *image, const uint8_t *data, size_t size)
{
    for (size_t at = 0; at + 4 <= size; at += 4) {
        size_t off = data[at] | (size_t)data[at + 1] << 8 | (size_t)data[at + 2] << 16;
        image->ptr[off % image->len] = (char)data[at + 3];
    }
    uint64_t sum = berm_image_checksum((const unsigned char *)image->ptr, image->len);
    memcpy(image->ptr + offsetof(berm_image_header, checksum), &sum, sizeof sum);
}

static void load_and_run(berm_engine *engine, const fuzz_text *image)
{
    const berm_sink sink = {fuzz_swallow, NULL};
    berm_policy *policy = NULL;
    berm_status status =
        berm_policy_load(engine, (berm_str){image->ptr, image->len}, &policy, NULL);
    if (status != BERM_OK) return;
    berm_doc *doc =
        fuzz_parse(engine, (berm_str){manifest, sizeof manifest - 1}, BERM_FORMAT_IS_YAML);
    if (doc) fuzz_judge(engine, policy, doc);
    REQUIRE(berm_policy_disasm(policy, &sink, NULL) != BERM_E_ARGUMENT);
    status = berm_policy_test(policy, take_result, NULL, NULL);
    REQUIRE(status != BERM_E_ARGUMENT);
    berm_doc_unref(doc);
    berm_policy_unref(policy);
}

/* A copy of the good image, which is compiled once. */
static fuzz_text good_image(berm_engine *engine)
{
    static fuzz_text good;
    fuzz_text copy = {0};
    if (good.len == 0) {
        const berm_str text = {guardrail, sizeof guardrail - 1};
        const berm_sink sink = {fuzz_keep, &good};
        berm_policy *policy = fuzz_compile(engine, text, BERM_ROLE_POLICY, 0);
        REQUIRE(policy && berm_policy_save(policy, &sink, NULL) == BERM_OK);
        berm_policy_unref(policy);
    }
    REQUIRE(fuzz_keep(&copy, good.ptr, good.len) == 0);
    return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    berm_engine *engine = fuzz_engine();
    if (!engine) return 0;
    fuzz_text image = good_image(engine);
    patch(&image, data, size);
    load_and_run(engine, &image);
    free(image.ptr);
    berm_engine_unref(engine);
    return 0;
}
