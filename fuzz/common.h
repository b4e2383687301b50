/* What the fuzz targets share: an engine with tight limits, and a sink that keeps what it gets. */
#ifndef BERM_FUZZ_COMMON_H
#define BERM_FUZZ_COMMON_H

#include <berm/berm.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that every input must have. */
#define REQUIRE(condition) \
    do { \
        if (!(condition)) abort(); \
    } while (0)

static inline berm_engine *fuzz_engine(void)
{
    static const berm_limits limits = {.size = sizeof limits,
                                       .doc_len = 1u << 20,
                                       .depth = 64,
                                       .node_count = 1u << 18,
                                       .alias_count = 10000,
                                       .rule_cost = 20000,
                                       .fuel = 2000000,
                                       .memory_len = 1u << 24,
                                       .finding_count = 20,
                                       .output_len = 1u << 22};
    const berm_engine_options options = {.size = sizeof options, .limits = &limits};
    berm_engine *engine = NULL;
    if (berm_engine_new(&options, &engine, NULL) != BERM_OK) return NULL;
    return engine;
}

typedef struct fuzz_text {
    char *ptr;
    size_t len, cap;
} fuzz_text;

static inline int fuzz_keep(void *ctx, const char *ptr, size_t len)
{
    fuzz_text *text = ctx;
    if (len > text->cap - text->len) {
        size_t cap = 2 * (text->len + len);
        char *grown = realloc(text->ptr, cap);
        if (!grown) return 1;
        text->ptr = grown;
        text->cap = cap;
    }
    if (len > 0) memcpy(text->ptr + text->len, ptr, len);
    text->len += len;
    return 0;
}

static inline int fuzz_swallow(void *ctx, const char *ptr, size_t len)
{
    (void)ctx, (void)ptr, (void)len;
    return 0;
}

static inline berm_doc *fuzz_parse(berm_engine *engine, berm_str text, uint32_t format)
{
    const berm_doc_options options = {.size = sizeof options,
                                      .name = {"input", 5},
                                      .format = format};
    berm_doc *doc = NULL;
    berm_diags *diags = NULL;
    berm_status status = berm_doc_parse(engine, text, &options, &doc, &diags, NULL);
    berm_diags_free(diags);
    REQUIRE((status == BERM_OK) == (doc != NULL));
    return doc;
}

/* A compiled source, or NULL where it is refused: then there are diagnostics that say why. */
static inline berm_policy *fuzz_compile(berm_engine *engine, berm_str text, uint32_t role,
                                        uint32_t flags)
{
    const berm_source source = {.size = sizeof source,
                                .name = {"input", 5},
                                .text = text,
                                .role = role};
    const berm_compile_input input = {.size = sizeof input,
                                      .sources = &source,
                                      .source_count = 1,
                                      .flags = flags};
    berm_policy *policy = NULL;
    berm_diags *diags = NULL;
    size_t count = 0;
    berm_status status = berm_policy_compile(engine, &input, &policy, &diags, NULL);
    if (diags) berm_diags_items(diags, &count);
    REQUIRE(status != BERM_E_POLICY || count > 0);
    REQUIRE((status == BERM_OK) == (policy != NULL));
    berm_diags_free(diags);
    return policy;
}

/* Judges `doc` and writes the reports. */
static inline void fuzz_judge(berm_engine *engine, const berm_policy *policy, const berm_doc *doc)
{
    const berm_sink sink = {fuzz_swallow, NULL};
    const berm_input input = {.size = sizeof input, .role = BERM_INPUT_DOCUMENT, .doc = doc};
    const berm_run run = {.size = sizeof run,
                          .policy = policy,
                          .inputs = &input,
                          .input_count = 1,
                          .flags = BERM_RUN_PASSES};
    const berm_decision *decision = NULL;
    berm_eval *eval = NULL;
    berm_report *report = NULL;
    if (berm_eval_new(engine, NULL, &eval, NULL) == BERM_OK &&
        berm_eval_run(eval, &run, &decision, NULL) == BERM_OK &&
        berm_report_new(engine, &report, NULL) == BERM_OK &&
        berm_report_add(report, &run, decision, NULL) == BERM_OK) {
        for (uint32_t format = BERM_REPORT_TEXT; format <= BERM_REPORT_JSON; format++)
            if (berm_report_write(report, format, BERM_REPORT_VERBOSE, &sink, NULL) != BERM_OK)
                break;
    }
    berm_report_free(report);
    berm_eval_free(eval);
}

#endif
