/* Between Go and berm.h: what takes several calls of the library is one call here, because a call
   from Go into C costs as much as judging a small object; and whatever comes back lies in one
   buffer, which Go reads without further calls.

   Buffers hold numbers as little-endian bytes; u8, u32 and u64 below. A text is its length as a u64
   and its bytes. A value is a u8 BERM_TYPE_OF_*, a u8 of BERM_ITEM_* and what the type needs (put_value
   in bridge_pack.c). */
#ifndef BERM_GO_BRIDGE_H
#define BERM_GO_BRIDGE_H

#include <berm/berm.h>
#include <stdbool.h>

#if BERM_VERSION_MAJOR != 0 || BERM_VERSION_MINOR < 1
#error "this package needs Berm 0.1 or a later 0.x"
#endif

/* --- memory: bridge_memory.c --- */

/* A text that grows; `failed` once there was no memory for something. */
typedef struct bermgo_buffer {
    char *ptr;
    size_t len, cap;
    bool failed;
} bermgo_buffer;

/* realloc and free of the bridge, counted in bermgo_live_blocks. */
void *bermgo_mem_grow(void *ptr, size_t len);
void bermgo_mem_free(void *ptr);
/* Blocks that are allocated now: those of the bridge, and those of engines that count theirs. */
int64_t bermgo_live_blocks(void);
/* An allocator that counts, for berm_engine_options. */
extern const berm_alloc bermgo_counting_alloc;

void bermgo_buffer_clear(bermgo_buffer *b);
void bermgo_buffer_free(bermgo_buffer *b);
void bermgo_put(bermgo_buffer *b, const void *ptr, size_t len);
void bermgo_put_u8(bermgo_buffer *b, uint8_t number);
void bermgo_put_u32(bermgo_buffer *b, uint32_t number);
void bermgo_put_u64(bermgo_buffer *b, uint64_t number);
void bermgo_put_text(bermgo_buffer *b, berm_str text);
/* A berm_sink's write over a bermgo_buffer. */
int bermgo_buffer_write(void *buffer, const char *ptr, size_t len);

/* What Go packed; `failed` once something was read past the end. */
typedef struct bermgo_reader {
    const char *at, *end;
    bool failed;
} bermgo_reader;

uint8_t bermgo_take_u8(bermgo_reader *r);
uint32_t bermgo_take_u32(bermgo_reader *r);
uint64_t bermgo_take_u64(bermgo_reader *r);
berm_str bermgo_take_text(bermgo_reader *r);

/* --- results and values: bridge_pack.c --- */

void bermgo_pack_findings(bermgo_buffer *b, const berm_finding *findings, size_t count,
                          size_t stride);
void bermgo_pack_waiver(bermgo_buffer *b, const berm_waiver *waiver);
void bermgo_pack_diags(bermgo_buffer *b, const berm_diags *diags);
void bermgo_pack_value(bermgo_buffer *b, berm_value value);
/* Pushes a value that Go packed: events, each a u8 BERM_EVENT_* and for a scalar or a key a value. */
berm_status bermgo_build_value(bermgo_reader *r, berm_builder *builder, berm_error *err);

/* --- engines: bridge_engine.c --- */

enum { BERMGO_ENGINE_COUNTS = 1u << 0, BERMGO_ENGINE_ZONES = 1u << 1 };

/* One function of the host's: the engine's handle in Go, and which one it is. */
typedef struct bermgo_function {
    uintptr_t handle;
    uint32_t index;
} bermgo_function;

typedef struct bermgo_engine {
    berm_engine *engine;
    uintptr_t handle;
    bermgo_function *functions;
} bermgo_engine;

/* `functions`: a u32 count, then for each its declaration as a text that ends with a NUL, and a u8
   that is 1 for a deferred one. */
berm_status bermgo_engine_new(uintptr_t handle, const berm_limits *limits, uint32_t flags,
                              const char *functions, size_t functions_len, bermgo_engine **out,
                              berm_error *err);
void bermgo_engine_free(bermgo_engine *engine);

/* --- policies: bridge_policy.c --- */

/* What making something gave: the object, warnings, or why there is none. Free with
   bermgo_made_clear; objects are the caller's. */
typedef struct bermgo_made {
    berm_policy *policy;
    berm_doc *doc;
    berm_error error;
    bermgo_buffer packed; /* diagnostics: bermgo_pack_diags; of other calls what they say */
} bermgo_made;

void bermgo_made_clear(bermgo_made *made);
/* `sources`: a u32 flags, the profile as a text, a u32 count, then for each a u32 role, its name and
   its text. */
berm_status bermgo_policy_compile(bermgo_engine *engine, const char *sources, size_t sources_len,
                                  bermgo_made *made);
berm_status bermgo_policy_load(bermgo_engine *engine, const char *image, size_t len,
                               bermgo_made *made);
berm_status bermgo_policy_save(const berm_policy *policy, bermgo_made *made);
berm_status bermgo_policy_disasm(const berm_policy *policy, bermgo_made *made);
/* Packs the waivers as they are at `now`: bermgo_pack_waiver for each. */
berm_status bermgo_policy_waivers(const berm_policy *policy, int64_t sec, int32_t nanos,
                                  bermgo_made *made);
berm_status bermgo_policy_effective(const berm_policy *policy, uint32_t format, bermgo_made *made);
/* Packs for each inline test: guardrail, name, source, message, u32 line, u8 passed. */
berm_status bermgo_policy_test(const berm_policy *policy, bermgo_made *made);

/* How a text is read; strings lie one after the other in the `strings` of a call. */
typedef struct bermgo_reading {
    size_t name_len, target_len;
    uint32_t format, yaml_schema, duplicates;
} bermgo_reading;

/* Reads a text, which is copied. */
berm_status bermgo_doc_parse(bermgo_engine *engine, const char *text, size_t len,
                             const char *strings, const bermgo_reading *how, bermgo_made *made);
/* Packs the root number `index` as a value. */
berm_status bermgo_doc_root(const berm_doc *doc, size_t index, bermgo_made *made);

berm_status bermgo_report_write(const berm_report *report, uint32_t format, uint32_t flags,
                                bermgo_made *made);
/* Packs the waivers of the report's policies, as counted over all of its findings. */
berm_status bermgo_report_waivers(const berm_report *report, bermgo_made *made);
/* Packs the report's findings. */
berm_status bermgo_report_findings(const berm_report *report, bermgo_made *made);
berm_status bermgo_report_fail(berm_report *report, const char *name, size_t name_len,
                               const char *message, size_t message_len, const berm_error *why);

/* --- evaluations: bridge_eval.c --- */

/* What a run is to do; written by Go into the bermgo_eval before a call. */
typedef struct bermgo_request {
    bermgo_reading reading; /* of the text that is added */
    uint32_t flags;         /* BERM_RUN_* */
    bool has_now;           /* without it: the clock's */
    berm_time now;
    int64_t timeout; /* nanoseconds from the call's beginning; 0: none */
    size_t explain_guardrails_len, explain_resources_len; /* of the `strings` of bermgo_eval_run */
} bermgo_request;

/* One evaluation's memory, in Go's pool. */
typedef struct bermgo_eval {
    bermgo_request request;
    uint32_t stop; /* set from any thread; the run ends then */
    /* what the last call gave */
    berm_summary summary;
    berm_error error;
    bermgo_buffer packed; /* u32 count of findings, and they; only where there are any */
    bool timed_out;       /* the deadline, not `stop`, ended the call */
    /* of the bridge */
    bermgo_engine *engine;
    berm_policy *policy;
    berm_eval *eval;
    berm_input *inputs;
    size_t input_count, input_cap;
    bermgo_buffer targets; /* of the inputs, one after the other */
    uint64_t deadline;     /* by the monotonic clock; 0: none */
    berm_run run;          /* the last one, and what it decided */
    const berm_decision *decision;
} bermgo_eval;

berm_status bermgo_eval_new(bermgo_engine *engine, berm_policy *policy, bermgo_eval **out,
                            berm_error *err);
void bermgo_eval_free(bermgo_eval *ev);
/* Reads `text`, judges it and forgets it. `strings`: the name and the target. `ev` is a bermgo_eval
   as a number: a pointer to pointers Go would look at anew on every call. */
berm_status bermgo_eval_check(uintptr_t ev, const char *text, size_t len, const char *strings);
/* bermgo_eval_check `times` times, which tells what it costs without Go. */
berm_status bermgo_eval_repeat(uintptr_t ev, const char *text, size_t len, size_t times);
/* The same in steps, for several documents: adds one, as a text (copied) or as it is; judges them;
   forgets them. `strings` of a run: the two globs of an explanation. */
berm_status bermgo_eval_add_text(bermgo_eval *ev, const char *text, size_t len,
                                 const char *strings);
berm_status bermgo_eval_add_doc(bermgo_eval *ev, berm_doc *doc, const char *target,
                                size_t target_len);
/* What was added last was `before` before. */
void bermgo_eval_before(bermgo_eval *ev, berm_doc *before);
berm_status bermgo_eval_run(bermgo_eval *ev, const char *strings);
/* Adds what bermgo_eval_run decided to a report; before bermgo_eval_end. */
berm_status bermgo_eval_report(bermgo_eval *ev, berm_report *report);
void bermgo_eval_end(bermgo_eval *ev);
/* Packs the pending calls into ev->packed: a u32 count, and for each the function's index as a u32 and
   its arguments, a value. */
berm_status bermgo_eval_pending(bermgo_eval *ev);
/* Answers calls: for each a u32 index, a u8 that is 1 for a value and 0 for a failure, and the
   value's events. */
berm_status bermgo_eval_answer(bermgo_eval *ev, const char *answers, size_t len);
/* Evaluates an expression; the value is put into ev->packed. `doc` may be NULL. */
berm_status bermgo_eval_call(bermgo_eval *ev, const berm_doc *doc);

#endif
