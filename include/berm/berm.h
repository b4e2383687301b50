#ifndef BERM_H
#define BERM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define BERM_API __attribute__((visibility("default")))
#define BERM_MUST_USE __attribute__((warn_unused_result))
#else
#define BERM_API
#define BERM_MUST_USE
#endif

#define BERM_VERSION_MAJOR 0
#define BERM_VERSION_MINOR 1
#define BERM_VERSION_PATCH 0

typedef int32_t berm_status;
enum {
#define BERM_STATUS(name, number, text) BERM_##name = number,
#include "status.def"
#undef BERM_STATUS
    BERM_STATUS_END_
};

typedef struct berm_engine berm_engine;
typedef struct berm_policy berm_policy;
typedef struct berm_doc berm_doc;
typedef struct berm_builder berm_builder;
typedef struct berm_eval berm_eval;
typedef struct berm_decision berm_decision;
typedef struct berm_report berm_report;
typedef struct berm_diags berm_diags;
struct berm_store;

typedef struct berm_str {
    const char *ptr;
    size_t len;
} berm_str;

typedef struct berm_value {
    const struct berm_store *store;
    uint64_t ref;
} berm_value;

typedef struct berm_span {
    uint64_t off, len;
} berm_span;

typedef struct berm_time {
    int64_t sec;
    int32_t nanos;
} berm_time;

typedef struct berm_error {
    berm_status status;
    uint32_t code, line, column;
    uint64_t off;
    char message[232];
} berm_error;

typedef struct berm_alloc {
    void *(*realloc)(void *ctx, void *ptr, size_t old_len, size_t new_len);
    void *ctx;
} berm_alloc;

typedef struct berm_sink {
    int (*write)(void *ctx, const char *ptr, size_t len);
    void *ctx;
} berm_sink;

typedef struct berm_limits {
    size_t size;
    uint64_t doc_len, depth, node_count, string_len, alias_count, rule_cost, fuel, memory_len, finding_count, output_len;
} berm_limits;

/* Places in a list of things: severities, enforcement levels, verdicts ... */
enum { BERM_SEVERITY_INFO, BERM_SEVERITY_LOW, BERM_SEVERITY_MEDIUM, BERM_SEVERITY_HIGH, BERM_SEVERITY_CRITICAL };
enum { BERM_ENFORCEMENT_ADVISORY, BERM_ENFORCEMENT_SOFT_MANDATORY, BERM_ENFORCEMENT_HARD_MANDATORY };
enum {
    BERM_VERDICT_PASS,
    BERM_VERDICT_FAIL,
    BERM_VERDICT_UNKNOWN,
    BERM_VERDICT_ERROR,
    BERM_VERDICT_SKIPPED,
    BERM_VERDICT_WAIVED,
    BERM_VERDICT_COUNT
};
enum {
    BERM_ACTION_NONE,
    BERM_ACTION_CREATE,
    BERM_ACTION_UPDATE,
    BERM_ACTION_REPLACE,
    BERM_ACTION_DELETE,
    BERM_ACTION_FORGET,
    BERM_ACTION_READ,
    BERM_ACTION_NO_OP,
    BERM_ACTION_DRIFT,
    BERM_ACTION_COUNT
};
enum { BERM_FORMAT_ANY, BERM_FORMAT_IS_JSON, BERM_FORMAT_IS_YAML, BERM_FORMAT_IS_NDJSON };
enum { BERM_YAML_AUTO, BERM_YAML_IS_CORE, BERM_YAML_IS_11 };
enum { BERM_DUPLICATES_ALLOW, BERM_DUPLICATES_FORBID };
enum { BERM_TEXT_COPY, BERM_TEXT_OWN };
enum {
    BERM_ROLE_POLICY,
    BERM_ROLE_PARAMETERS,
    BERM_ROLE_WAIVERS,
    BERM_ROLE_EXPRESSION
};
enum { BERM_INPUT_DOCUMENT };
enum { BERM_DIAGNOSTIC_ERROR = 1, BERM_DIAGNOSTIC_WARNING, BERM_DIAGNOSTIC_NOTE };
enum {
    BERM_TYPE_OF_MISSING,
    BERM_TYPE_OF_NULL,
    BERM_TYPE_OF_BOOL,
    BERM_TYPE_OF_INT,
    BERM_TYPE_OF_UINT,
    BERM_TYPE_OF_DOUBLE,
    BERM_TYPE_OF_STRING,
    BERM_TYPE_OF_BYTES,
    BERM_TYPE_OF_TIMESTAMP,
    BERM_TYPE_OF_DURATION,
    BERM_TYPE_OF_LIST,
    BERM_TYPE_OF_MAP,
    BERM_TYPE_OF_SET,
    BERM_TYPE_OF_OPTIONAL,
    BERM_TYPE_OF_OBJECT,
    BERM_TYPE_OF_TYPE,
    BERM_TYPE_OF_UNKNOWN,
    BERM_TYPE_OF_ERROR
};
enum { BERM_ITEM_SENSITIVE = 1u << 0 };
enum { BERM_EVENT_SCALAR, BERM_EVENT_KEY, BERM_EVENT_BEGIN_LIST, BERM_EVENT_BEGIN_MAP, BERM_EVENT_BEGIN_SET, BERM_EVENT_END };
enum { BERM_COMPILE_NO_BUILTINS = 1u << 0, BERM_COMPILE_ALLOW_EMPTY = 1u << 1 };
enum { BERM_RUN_WITNESS = 1u << 0, BERM_RUN_PASSES = 1u << 1, BERM_RUN_PARTIAL = 1u << 2 };
enum { BERM_REPORT_TEXT, BERM_REPORT_JSON };
enum { BERM_REPORT_COLOR = 1u << 0, BERM_REPORT_VERBOSE = 1u << 1 };

typedef struct berm_item {
    size_t size;
    uint32_t type, flags;
    uint64_t count;
    berm_span span;
    uint32_t source;
    union {
        int64_t i;
        uint64_t u;
        double d;
        berm_str s;
        berm_time t;
    } as;
} berm_item;

typedef struct berm_event {
    uint32_t kind;
    berm_item item;
} berm_event;

typedef struct berm_engine_options {
    size_t size;
    const berm_alloc *alloc;
    const berm_limits *limits;
    int (*zone)(void *ctx, berm_str name, berm_str *tzif);
    void *zone_ctx;
} berm_engine_options;

typedef struct berm_source {
    size_t size;
    berm_str name, text;
    uint32_t role;
} berm_source;

typedef struct berm_compile_input {
    size_t size;
    const berm_source *sources;
    size_t source_count;
    berm_str profile;
    uint32_t flags;
} berm_compile_input;

typedef struct berm_diag {
    uint32_t severity, line, column, end_line, end_column;
    berm_str code, source, message, hint, frame;
} berm_diag;

typedef struct berm_doc_options {
    size_t size;
    berm_str name;
    uint32_t format, yaml_schema, duplicates, own;
    void (*release)(void *ctx);
    void *release_ctx;
} berm_doc_options;

typedef struct berm_input {
    size_t size;
    uint32_t role;
    const berm_doc *doc;
    berm_str target;
} berm_input;

typedef struct berm_finding {
    uint32_t verdict, severity, enforcement, action, flags;
    uint64_t cost;
    berm_str guardrail, validation, kind, address, message, path, waiver, fingerprint;
    uint32_t source, line, column, end_line, end_column; /* source: index of the run's input */
    berm_span span;
} berm_finding;

typedef struct berm_run {
    size_t size;
    const berm_policy *policy;
    const berm_input *inputs;
    size_t input_count;
    berm_time now;
    uint32_t flags;
    int (*on_finding)(void *ctx, const berm_finding *finding);
    void *ctx;
} berm_run;

typedef struct berm_eval_options {
    size_t size;
    const berm_limits *limits;
    int (*poll)(void *ctx);
    void *poll_ctx;
} berm_eval_options;

typedef struct berm_summary {
    size_t size;
    uint64_t verdicts[8], resources, unmatched, cost;
    uint32_t denied, pending_calls;
} berm_summary;

typedef struct berm_test_result {
    berm_str guardrail, name, source, message; /* message: "" when passed, else expected and got */
    uint32_t line, passed;
} berm_test_result;

/* engine */
BERM_API BERM_MUST_USE berm_status berm_engine_new(const berm_engine_options *options, berm_engine **out, berm_error *err);
BERM_API berm_engine *berm_engine_ref(berm_engine *engine);
BERM_API void berm_engine_unref(berm_engine *engine);
/* policy */
BERM_API BERM_MUST_USE berm_status berm_policy_compile(berm_engine *engine, const berm_compile_input *input, berm_policy **out,
                                                       berm_diags **diags, berm_error *err);
BERM_API BERM_MUST_USE berm_status berm_policy_load(berm_engine *engine, berm_str image, berm_policy **out, berm_error *err);
BERM_API BERM_MUST_USE berm_status berm_policy_save(const berm_policy *policy, const berm_sink *sink, berm_error *err);
BERM_API BERM_MUST_USE berm_status berm_policy_disasm(const berm_policy *policy, const berm_sink *sink, berm_error *err);
BERM_API BERM_MUST_USE berm_status berm_policy_test(const berm_policy *policy, int (*on_result)(void *ctx, const berm_test_result *result),
                                                    void *ctx, berm_error *err);
BERM_API berm_policy *berm_policy_ref(berm_policy *policy);
BERM_API void berm_policy_unref(berm_policy *policy);
BERM_API const berm_diag *berm_diags_items(const berm_diags *diags, size_t *count);
BERM_API void berm_diags_free(berm_diags *diags);
/* doc */
BERM_API BERM_MUST_USE berm_status berm_doc_parse(berm_engine *engine, berm_str text, const berm_doc_options *options, berm_doc **out,
                                                  berm_diags **diags, berm_error *err);
BERM_API size_t berm_doc_root_count(const berm_doc *doc);
BERM_API berm_value berm_doc_root(const berm_doc *doc, size_t index);
BERM_API void berm_doc_locate(const berm_doc *doc, uint64_t off, uint32_t *line, uint32_t *column);
BERM_API berm_str berm_doc_name(const berm_doc *doc);
BERM_API berm_doc *berm_doc_ref(berm_doc *doc);
BERM_API void berm_doc_unref(berm_doc *doc);
BERM_API BERM_MUST_USE berm_status berm_builder_new(berm_engine *engine, berm_builder **out, berm_error *err);
BERM_API BERM_MUST_USE berm_status berm_builder_push(berm_builder *builder, const berm_event *event, berm_error *err);
BERM_API BERM_MUST_USE berm_status berm_builder_finish(berm_builder *builder, berm_doc **out, berm_error *err);
BERM_API void berm_builder_free(berm_builder *builder);
/* value */
BERM_API BERM_MUST_USE berm_status berm_value_read(berm_value value, berm_item *item);
BERM_API BERM_MUST_USE berm_status berm_value_at(berm_value value, uint64_t index, berm_value *key, berm_value *element);
BERM_API BERM_MUST_USE berm_status berm_value_find(berm_value value, berm_str key, berm_value *member);
BERM_API BERM_MUST_USE berm_status berm_value_json(berm_value value, const berm_sink *sink, berm_error *err);
/* eval */
BERM_API BERM_MUST_USE berm_status berm_eval_new(berm_engine *engine, const berm_eval_options *options, berm_eval **out, berm_error *err);
BERM_API BERM_MUST_USE berm_status berm_eval_run(berm_eval *eval, const berm_run *run, const berm_decision **out, berm_error *err);
/* Evaluates the expression of a policy compiled with BERM_ROLE_EXPRESSION; `document` (nullable) is `object`. */
BERM_API BERM_MUST_USE berm_status berm_eval_call(berm_eval *eval, const berm_policy *policy, const berm_doc *document, berm_time now,
                                                  berm_value *out, berm_error *err);
BERM_API void berm_eval_interrupt(berm_eval *eval);
BERM_API void berm_eval_free(berm_eval *eval);
/* decision */
BERM_API void berm_decision_summary(const berm_decision *decision, berm_summary *out);
BERM_API const berm_finding *berm_decision_findings(const berm_decision *decision, size_t *count, size_t *stride);
/* report */
BERM_API BERM_MUST_USE berm_status berm_report_new(berm_engine *engine, berm_report **out, berm_error *err);
BERM_API BERM_MUST_USE berm_status berm_report_add(berm_report *report, const berm_run *run, const berm_decision *decision, berm_error *err);
BERM_API BERM_MUST_USE berm_status berm_report_write(const berm_report *report, uint32_t format, uint32_t flags, const berm_sink *sink,
                                                     berm_error *err);
BERM_API void berm_report_free(berm_report *report);
/* misc */
BERM_API const char *berm_version(void);
BERM_API const char *berm_status_name(berm_status status);
BERM_API const char *berm_status_text(berm_status status);

#ifdef __cplusplus
}
#endif
#endif
