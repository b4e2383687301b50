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

/* The rest of the header (engine, policy, doc, value, eval, decision, report) is being written; see ../shared/design. */

#ifdef __cplusplus
}
#endif
#endif
