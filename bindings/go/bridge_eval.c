#include "bridge.h"

#include <time.h>

/* --- time --- */

static uint64_t read_monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Milliseconds are near enough for what policies ask of the time, and cheaper than nanoseconds. */
#ifdef CLOCK_REALTIME_COARSE
#define CLOCK_OF_POLICIES CLOCK_REALTIME_COARSE
#else
#define CLOCK_OF_POLICIES CLOCK_REALTIME
#endif

static berm_time read_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_OF_POLICIES, &now);
    return (berm_time){now.tv_sec, (int32_t)now.tv_nsec};
}

/* berm_eval_options.poll: has the caller's context ended? */
static int poll_stop(void *ctx)
{
    bermgo_eval *ev = ctx;
    if (__atomic_load_n(&ev->stop, __ATOMIC_RELAXED)) return 1;
    if (!ev->deadline || read_monotonic() < ev->deadline) return 0;
    ev->timed_out = true;
    return 1;
}

/* --- life --- */

berm_status bermgo_eval_new(bermgo_engine *engine, berm_policy *policy, bermgo_eval **out,
                            berm_error *err)
{
    bermgo_eval *ev = bermgo_mem_grow(NULL, sizeof *ev);
    *out = NULL;
    if (!ev) return BERM_E_NOMEM;
    *ev = (bermgo_eval){.engine = engine, .policy = berm_policy_ref(policy)};
    berm_eval_options options = {.size = sizeof options, .poll = poll_stop, .poll_ctx = ev};
    berm_status status = berm_eval_new(engine->engine, &options, &ev->eval, err);
    if (status) bermgo_eval_free(ev);
    else *out = ev;
    return status;
}

void bermgo_eval_free(bermgo_eval *ev)
{
    if (!ev) return;
    bermgo_eval_end(ev);
    berm_eval_free(ev->eval);
    berm_policy_unref(ev->policy);
    bermgo_buffer_free(&ev->packed);
    bermgo_buffer_free(&ev->targets);
    bermgo_mem_free(ev->inputs);
    bermgo_mem_free(ev);
}

static void drop_doc(const berm_doc *doc)
{
    berm_doc_unref((berm_doc *)(uintptr_t)doc);
}

void bermgo_eval_end(bermgo_eval *ev)
{
    for (size_t i = 0; i < ev->input_count; i++) {
        drop_doc(ev->inputs[i].doc);
        drop_doc(ev->inputs[i].before);
    }
    ev->input_count = 0;
    bermgo_buffer_clear(&ev->targets);
}

static void begin(bermgo_eval *ev)
{
    ev->error = (berm_error){0};
    ev->timed_out = false;
    bermgo_buffer_clear(&ev->packed);
}

/* --- inputs --- */

/* Takes the reference of `doc`, also on failure. The target's place is found when the run begins:
   `targets` moves while it grows. */
static berm_status add_input(bermgo_eval *ev, berm_doc *doc, const char *target, size_t target_len)
{
    if (ev->input_count == ev->input_cap) {
        size_t cap = ev->input_cap ? ev->input_cap * 2 : 1;
        berm_input *grown = bermgo_mem_grow(ev->inputs, cap * sizeof *grown);
        if (grown) {
            ev->inputs = grown;
            ev->input_cap = cap;
        }
    }
    bermgo_put(&ev->targets, target, target_len);
    if (ev->input_count == ev->input_cap || ev->targets.failed) {
        berm_doc_unref(doc);
        return BERM_E_NOMEM;
    }
    ev->inputs[ev->input_count++] = (berm_input){.size = sizeof(berm_input),
                                                 .role = BERM_INPUT_DOCUMENT,
                                                 .doc = doc,
                                                 .target = {NULL, target_len}};
    return BERM_OK;
}

static berm_status read_text(bermgo_eval *ev, const char *text, size_t len, const char *strings,
                             uint32_t own)
{
    const bermgo_reading *how = &ev->request.reading;
    berm_doc *doc;
    berm_doc_options options = {.size = sizeof options,
                                .name = {strings, how->name_len},
                                .format = how->format,
                                .yaml_schema = how->yaml_schema,
                                .duplicates = how->duplicates,
                                .own = own};
    berm_status status =
        berm_doc_parse(ev->engine->engine, (berm_str){text, len}, &options, &doc, NULL, &ev->error);
    return status ? status : add_input(ev, doc, strings + how->name_len, how->target_len);
}

berm_status bermgo_eval_add_text(bermgo_eval *ev, const char *text, size_t len, const char *strings)
{
    begin(ev);
    return read_text(ev, text, len, strings, BERM_TEXT_COPY);
}

berm_status bermgo_eval_add_doc(bermgo_eval *ev, berm_doc *doc, const char *target,
                                size_t target_len)
{
    begin(ev);
    return add_input(ev, berm_doc_ref(doc), target, target_len);
}

void bermgo_eval_before(bermgo_eval *ev, berm_doc *before)
{
    if (ev->input_count) ev->inputs[ev->input_count - 1].before = berm_doc_ref(before);
}

/* --- runs --- */

static void place_targets(bermgo_eval *ev)
{
    size_t off = 0;
    for (size_t i = 0; i < ev->input_count; i++) {
        ev->inputs[i].target.ptr = ev->targets.ptr ? ev->targets.ptr + off : "";
        off += ev->inputs[i].target.len;
    }
}

static berm_status judge(bermgo_eval *ev, const char *strings)
{
    const bermgo_request *wanted = &ev->request;
    size_t count, stride;
    place_targets(ev);
    ev->run = (berm_run){.size = sizeof ev->run,
                         .policy = ev->policy,
                         .inputs = ev->inputs,
                         .input_count = ev->input_count,
                         .now = wanted->has_now ? wanted->now : read_now(),
                         .flags = wanted->flags};
    ev->run.explain_guardrails = (berm_str){strings, wanted->explain_guardrails_len};
    ev->run.explain_resources =
        (berm_str){strings + wanted->explain_guardrails_len, wanted->explain_resources_len};
    ev->deadline = wanted->timeout ? read_monotonic() + (uint64_t)wanted->timeout : 0;
    berm_status status = berm_eval_run(ev->eval, &ev->run, &ev->decision, &ev->error);
    ev->run.explain_guardrails = ev->run.explain_resources = (berm_str){"", 0}; /* Go's */
    if (status) return status;
    ev->summary.size = sizeof ev->summary;
    berm_decision_summary(ev->decision, &ev->summary);
    const berm_finding *findings = berm_decision_findings(ev->decision, &count, &stride);
    if (count) bermgo_pack_findings(&ev->packed, findings, count, stride);
    return ev->packed.failed ? BERM_E_NOMEM : BERM_OK;
}

berm_status bermgo_eval_run(bermgo_eval *ev, const char *strings)
{
    begin(ev);
    return judge(ev, strings);
}

berm_status bermgo_eval_report(bermgo_eval *ev, berm_report *report)
{
    ev->error = (berm_error){0};
    return berm_report_add(report, &ev->run, ev->decision, &ev->error);
}

/* The text is the caller's for the length of the call, and nobody keeps the document. */
berm_status bermgo_eval_check(uintptr_t number, const char *text, size_t len, const char *strings)
{
    bermgo_eval *ev = (bermgo_eval *)number;
    begin(ev);
    berm_status status = read_text(ev, text, len, strings, BERM_TEXT_OWN);
    if (!status) status = judge(ev, strings);
    bermgo_eval_end(ev);
    return status;
}

berm_status bermgo_eval_repeat(uintptr_t ev, const char *text, size_t len, size_t times)
{
    berm_status status = BERM_OK;
    while (!status && times--) status = bermgo_eval_check(ev, text, len, "");
    return status;
}

/* --- deferred functions --- */

berm_status bermgo_eval_pending(bermgo_eval *ev)
{
    size_t count, stride;
    const char *at = (const char *)berm_eval_pending(ev->eval, &count, &stride);
    bermgo_buffer_clear(&ev->packed);
    bermgo_put_u32(&ev->packed, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        const berm_pending *p = (const berm_pending *)(const void *)(at + i * stride);
        bermgo_put_u32(&ev->packed, ((const bermgo_function *)p->ctx)->index);
        bermgo_pack_value(&ev->packed, p->arguments);
    }
    return ev->packed.failed ? BERM_E_NOMEM : BERM_OK;
}

static berm_status answer_value(bermgo_eval *ev, bermgo_reader *r, size_t index)
{
    berm_builder *builder = NULL;
    berm_doc *doc = NULL;
    berm_status status =
        berm_builder_new(ev->engine->engine, (berm_str){"", 0}, &builder, &ev->error);
    if (!status) status = bermgo_build_value(r, builder, &ev->error);
    if (!status) status = berm_builder_finish(builder, &doc, &ev->error);
    if (!status) status = berm_eval_answer(ev->eval, index, doc, &ev->error);
    berm_doc_unref(doc);
    berm_builder_free(builder);
    return status;
}

berm_status bermgo_eval_answer(bermgo_eval *ev, const char *answers, size_t len)
{
    bermgo_reader r = {answers, answers + len, false};
    berm_status status = BERM_OK;
    ev->error = (berm_error){0};
    while (!status && r.at < r.end) {
        size_t index = bermgo_take_u32(&r);
        bool given = bermgo_take_u8(&r) != 0;
        if (r.failed) return BERM_E_ARGUMENT;
        status = given ? answer_value(ev, &r, index)
                       : berm_eval_answer(ev->eval, index, NULL, &ev->error);
    }
    return status;
}

/* --- expressions --- */

berm_status bermgo_eval_call(bermgo_eval *ev, const berm_doc *doc)
{
    const bermgo_request *wanted = &ev->request;
    berm_value value;
    begin(ev);
    ev->deadline = wanted->timeout ? read_monotonic() + (uint64_t)wanted->timeout : 0;
    berm_status status = berm_eval_call(
        ev->eval, ev->policy, doc, wanted->has_now ? wanted->now : read_now(), &value, &ev->error);
    if (status) return status;
    bermgo_pack_value(&ev->packed, value);
    return ev->packed.failed ? BERM_E_NOMEM : BERM_OK;
}
