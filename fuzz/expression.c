/* One CEL expression: lexer, parser, compiler, verifier, VM. What compiles also saves, loads and
   runs. */
#include "common.h"

static const char document[] = "{\"a\": [1, 2.5, \"text\", null, true], \"b\": {\"c\": {\"d\": "
                               "-1}, \"e\": \"2026-01-02T03:04:05Z\"}}";

static void call(berm_engine *engine, const berm_policy *policy)
{
    const berm_sink sink = {fuzz_swallow, NULL};
    berm_doc *doc =
        fuzz_parse(engine, (berm_str){document, sizeof document - 1}, BERM_FORMAT_IS_JSON);
    berm_eval *eval = NULL;
    berm_value value;
    if (doc && berm_eval_new(engine, NULL, &eval, NULL) == BERM_OK &&
        berm_eval_call(eval, policy, doc, (berm_time){1767323045, 0}, &value, NULL) == BERM_OK)
        REQUIRE(berm_value_json(value, &sink, NULL) != BERM_E_ARGUMENT);
    berm_eval_free(eval);
    berm_doc_unref(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    berm_engine *engine = fuzz_engine();
    if (!engine) return 0;
    berm_policy *policy = fuzz_compile(engine, (berm_str){(const char *)data, size},
                                       BERM_ROLE_EXPRESSION, BERM_COMPILE_NO_BUILTINS);
    if (policy) {
        fuzz_text image = {0};
        const berm_sink sink = {fuzz_keep, &image};
        berm_policy *loaded = NULL;
        REQUIRE(berm_policy_save(policy, &sink, NULL) == BERM_OK);
        REQUIRE(berm_policy_load(engine, (berm_str){image.ptr, image.len}, &loaded, NULL) ==
                BERM_OK);
        call(engine, loaded);
        berm_policy_unref(loaded);
        free(image.ptr);
    }
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    return 0;
}
