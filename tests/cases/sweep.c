/* run_cases --sweep N: every run and expression of the cases again, with too little: up to N amounts
   of fuel and of memory, each below what it takes, up to N limits on the cost of a rule, and up to N
   allocations that fail. It must say that it ended early, or come to the very same outcome; a limit
   on the cost makes errors of verdicts, and nothing else of any. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum scarcity {
    SCARCE_FUEL,
    SCARCE_MEMORY,
    SCARCE_BLOCKS, /* allocations */
    SCARCE_COST,
    SCARCE_COUNT
} scarcity;

static const char *const scarce_words[] = {"fuel", "memory", "allocations", "cost"};

/* What is judged, and how it came out. */
typedef struct attempt {
    runner *r;
    const berm_run *run;       /* or else */
    const berm_policy *policy; /* an expression's */
    const berm_doc *object;
    berm_time now;
    buffer said;
    berm_status status;
    berm_error err;
    uint64_t calm; /* verdicts that need nobody's attention: passed, skipped, waived */
} attempt;

/* --- an allocator of which one call fails --- */

static uint64_t block_calls, failing_block; /* 0: none fails */

static void *resize_block(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
    (void)ctx, (void)old_len;
    if (new_len == 0) {
        free(ptr);
        return NULL;
    }
    return ++block_calls == failing_block ? NULL : realloc(ptr, new_len);
}

berm_alloc sweep_alloc(void)
{
    return (berm_alloc){resize_block, NULL};
}

static void fail_block(uint64_t number)
{
    block_calls = 0;
    failing_block = number;
}

/* --- outcomes in words --- */

static void put_str(buffer *out, berm_str text)
{
    put_text(out, text.ptr, text.len);
    put_text(out, "|", 1);
}

static void put_number(buffer *out, uint64_t number)
{
    char digits[32];
    put_str(out, (berm_str){digits, (size_t)snprintf(digits, sizeof digits, "%llu",
                                                     (unsigned long long)number)});
}

static void put_witness(buffer *out, const berm_witness *w)
{
    if (!w) return;
    put_str(out, w->expression);
    put_str(out, w->value);
    put_number(out, w->line);
    for (size_t i = 0; i < w->operand_count; i++) {
        const berm_operand *o =
            (const berm_operand *)(const void *)((const char *)w->operands + i * w->operand_stride);
        put_str(out, o->expression);
        put_str(out, o->value);
    }
}

static void put_finding(buffer *out, const berm_finding *f)
{
    const berm_str texts[] = {f->guardrail, f->validation,  f->kind,   f->address,
                              f->message,   f->path,        f->waiver, f->fingerprint,
                              f->tags,      f->explanation, f->reason};
    const uint64_t numbers[] = {f->verdict, f->action,   f->flags,   f->cost,
                                f->source,  f->span.off, f->span.len};
    put_text(out, "\n", 1);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) put_str(out, texts[i]);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) put_number(out, numbers[i]);
    put_witness(out, f->witness);
}

static void read_decision(attempt *a, const berm_decision *decision)
{
    size_t count, stride;
    berm_summary summary = {.size = sizeof summary};
    const char *at = (const char *)berm_decision_findings(decision, &count, &stride);
    berm_decision_summary(decision, &summary);
    for (uint32_t v = 0; v < BERM_VERDICT_COUNT; v++) put_number(&a->said, summary.verdicts[v]);
    put_number(&a->said, summary.resources);
    put_number(&a->said, summary.unmatched);
    put_number(&a->said, summary.cost);
    for (size_t i = 0; i < count; i++)
        put_finding(&a->said, (const berm_finding *)(const void *)(at + i * stride));
    a->calm = summary.verdicts[BERM_VERDICT_PASS] + summary.verdicts[BERM_VERDICT_SKIPPED] +
              summary.verdicts[BERM_VERDICT_WAIVED];
}

static void make_attempt(attempt *a, berm_eval *eval)
{
    const berm_decision *decision = NULL;
    berm_value value;
    a->said.len = 0;
    a->calm = 0;
    a->err = (berm_error){0};
    if (a->run) a->status = berm_eval_run(eval, a->run, &decision, &a->err);
    else a->status = berm_eval_call(eval, a->policy, a->object, a->now, &value, &a->err);
    if (!a->status && decision) read_decision(a, decision);
    if (!a->status && !decision) {
        berm_sink sink = {write_buffer, &a->said};
        a->status = berm_value_json(value, &sink, &a->err);
    }
    if (a->status) put_str(&a->said, str_of(a->err.message));
}

/* An evaluator of its own, that has so much of one thing. */
static void make_scarce(attempt *a, scarcity what, uint64_t amount)
{
    berm_limits limits = {.size = sizeof limits};
    berm_eval_options options = {.size = sizeof options, .limits = &limits};
    berm_eval *eval = NULL;
    if (what == SCARCE_FUEL) limits.fuel = amount;
    if (what == SCARCE_MEMORY) limits.memory_len = amount;
    if (what == SCARCE_COST) limits.rule_cost = amount;
    a->status = berm_eval_new(a->r->engine, &options, &eval, NULL);
    if (a->status) return;
    fail_block(what == SCARCE_BLOCKS ? amount : 0);
    make_attempt(a, eval);
    failing_block = 0;
    berm_eval_free(eval);
}

/* An evaluator that lacked a block is as good as new when there is memory again. */
static void make_again(attempt *a, const attempt *whole, uint64_t failing)
{
    berm_eval_options options = {.size = sizeof options};
    berm_eval *eval = NULL;
    a->status = berm_eval_new(a->r->engine, &options, &eval, NULL);
    if (a->status) return;
    for (uint64_t number = failing;; number = 0) {
        fail_block(number);
        make_attempt(a, eval);
        if (!number) break;
    }
    if (!str_equal(view(&a->said), view(&whole->said)))
        report_fault(a->r, "after allocation %llu failed: %.*s; before: %.*s",
                     (unsigned long long)failing, (int)a->said.len, a->said.ptr,
                     (int)whole->said.len, whole->said.ptr);
    berm_eval_free(eval);
}

/* --- sweeping --- */

static bool ends_so(scarcity what, const attempt *a, const attempt *whole)
{
    bool same = a->status == whole->status && str_equal(view(&a->said), view(&whole->said));
    switch (what) {
    case SCARCE_FUEL: return same || a->status == BERM_E_FUEL;
    case SCARCE_MEMORY: return same || a->status == BERM_E_LIMIT;
    case SCARCE_BLOCKS: return same || a->status == BERM_E_NOMEM;
    default: /* parts of a document that cost too much end the run with E_LIMIT */
        return same || (!a->status && a->run && a->calm <= whole->calm) ||
               a->status == BERM_E_LIMIT || a->status == BERM_E_EXPRESSION;
    }
}

/* What takes more than this would be done too often. */
#define FUEL_LARGE 200000u
/* What one may have without a word. */
#define FUEL_DEFAULT UINT64_C(10000000000)
#define MEMORY_DEFAULT (UINT64_C(1) << 30)
#define COST_DEFAULT UINT64_C(1000000)

/* How much it takes: an amount with which it comes to `whole`, though not with one less. */
static uint64_t find_need(attempt *a, scarcity what, const attempt *whole)
{
    static const uint64_t most[] = {FUEL_DEFAULT, MEMORY_DEFAULT, 0, COST_DEFAULT};
    uint64_t low = 0, high = 1;
    for (;; low = high, high *= 2) {
        if (high > most[what]) high = most[what];
        make_scarce(a, what, high);
        if (str_equal(view(&a->said), view(&whole->said)) || high == most[what]) break;
    }
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        make_scarce(a, what, middle);
        if (str_equal(view(&a->said), view(&whole->said))) high = middle;
        else low = middle;
    }
    return high;
}

static void sweep_one(attempt *a, scarcity what, const attempt *whole)
{
    runner *r = a->r;
    make_scarce(a, SCARCE_COUNT, 0);
    uint64_t need = what == SCARCE_BLOCKS ? block_calls : find_need(a, what, whole);
    uint64_t step = need / r->sweep + 1, at = 1 + r->swept++ % step;
    for (; at <= need && !r->faults; at += step) {
        make_scarce(a, what, at);
        if (ends_so(what, a, whole)) {
            if (what == SCARCE_BLOCKS && a->status) make_again(a, whole, at);
            continue;
        }
        report_fault(r, "with %llu of %s: status %s, %.*s; with all of it: %.*s",
                     (unsigned long long)at, scarce_words[what], berm_status_name(a->status),
                     (int)a->said.len, a->said.ptr, (int)whole->said.len, whole->said.ptr);
    }
}

static void sweep_attempt(attempt *a)
{
    attempt whole = *a;
    make_scarce(a, SCARCE_FUEL, FUEL_LARGE);
    if (a->status != BERM_E_FUEL) {
        make_scarce(&whole, SCARCE_COUNT, 0);
        for (scarcity what = 0; what < SCARCE_COUNT; what++) sweep_one(a, what, &whole);
    }
    free_buffer(&whole.said);
    free_buffer(&a->said);
}

void sweep_run(runner *r, const berm_run *run)
{
    berm_run telling = *run;
    attempt a = {.r = r, .run = run};
    sweep_attempt(&a);
    telling.flags |= BERM_RUN_EXPLAIN | BERM_RUN_PASSES | BERM_RUN_TAGS;
    a.run = &telling;
    sweep_attempt(&a);
}

void sweep_expression(runner *r, const berm_policy *policy, const berm_doc *object, berm_time now)
{
    attempt a = {.r = r, .policy = policy, .object = object, .now = now};
    sweep_attempt(&a);
}
