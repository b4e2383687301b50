#include "api/objects.h"
#include "api/values.h"
#include "vm/host.h"

static berm_limits merge_limits(const berm_limits *base, const berm_limits *wanted)
{
    return wanted ? berm_limits_resolve(wanted) : *base;
}

berm_status berm_eval_new(berm_engine *engine, const berm_eval_options *options, berm_eval **out,
                          berm_error *err)
{
    if (!engine || !out) return berm_api_refuse(err, "engine or out is NULL");
    *out = NULL;
    berm_eval_options o = {.size = sizeof o};
    if (options && !berm_api_take(&o, sizeof o, options, options->size))
        return berm_api_refuse(err, "options.size is not set");
    berm_eval *eval = berm_mem_new(&engine->alloc, sizeof *eval);
    if (!eval) return berm_api_nomem(err);
    berm_limits limits = merge_limits(&engine->limits, o.limits);
    if (berm_runner_new(&engine->alloc, &limits, &eval->runner)) {
        berm_mem_free(&engine->alloc, eval, sizeof *eval);
        return berm_api_nomem(err);
    }
    eval->engine = berm_engine_ref(engine);
    berm_vm *vm = berm_runner_vm(eval->runner);
    vm->hosts = engine->hosts;
    vm->zone = engine->zone;
    vm->zone_ctx = engine->zone_ctx;
    vm->poll = o.poll;
    vm->poll_ctx = o.poll_ctx;
    *out = eval;
    return BERM_OK;
}

berm_status berm_eval_run(berm_eval *eval, const berm_run *run, const berm_decision **out,
                          berm_error *err)
{
    if (!eval || !run || !out) return berm_api_refuse(err, "eval, run or out is NULL");
    *out = NULL;
    berm_run taken;
    if (!berm_api_take(&taken, sizeof taken, run, run->size))
        return berm_api_refuse(err, "run.size is not set");
    if (!taken.policy) return berm_api_refuse(err, "run.policy is NULL");
    if (taken.input_count && !taken.inputs) return berm_api_refuse(err, "run.inputs is NULL");
    for (size_t i = 0; i < taken.input_count; i++)
        if (taken.inputs[i].size < sizeof(berm_input))
            return berm_api_refuse(err, "an input's size is not set");
    berm_runner_vm(eval->runner)->again = taken.flags & BERM_RUN_AGAIN;
    eval->answered = false;
    return berm_runner_run(eval->runner, &taken, out, err);
}

/* The text of an error value goes to the caller's err. */
static berm_status fail_expression(berm_eval *eval, berm_cell result, berm_error *err)
{
    berm_text text;
    const berm_vm *vm = berm_runner_vm(eval->runner);
    berm_status status = BERM_E_EXPRESSION;
    berm_text_init(&text, vm->space.alloc);
    berm_error_print(&text, &vm->space, result, true);
    if (text.failed) status = berm_runner_explain(eval->runner, BERM_E_NOMEM, err);
    else berm_error_set(err, status, BERM_D_EXPRESSION_ERROR, "%S", berm_text_view(&text));
    berm_text_free(&text);
    return status;
}

berm_status berm_eval_call(berm_eval *eval, const berm_policy *policy, const berm_doc *document,
                           berm_time now, berm_value *out, berm_error *err)
{
    if (!eval || !policy || !out) return berm_api_refuse(err, "eval, policy or out is NULL");
    *out = (berm_value){NULL, 0};
    berm_cell result;
    berm_vm *vm = berm_runner_vm(eval->runner);
    vm->again = eval->answered;
    eval->answered = false;
    berm_status status = berm_runner_call(eval->runner, policy, document, now, &result, err);
    if (status) return status;
    if (result.tag == BERM_TAG_ERROR) return fail_expression(eval, result, err);
    *out = berm_value_in_space(&vm->space, result);
    return out->store ? BERM_OK : berm_runner_explain(eval->runner, vm->space.status, err);
}

const berm_pending *berm_eval_pending(const berm_eval *eval, size_t *count, size_t *stride)
{
    uint32_t pending = 0;
    const berm_pending *items =
        eval ? berm_host_pending(berm_runner_vm(eval->runner), &pending) : NULL;
    if (stride) *stride = sizeof *items;
    if (count) *count = pending;
    return items;
}

berm_status berm_eval_answer(berm_eval *eval, size_t index, const berm_doc *answer, berm_error *err)
{
    if (!eval) return berm_api_refuse(err, "eval is NULL");
    berm_status status = berm_host_answer(berm_runner_vm(eval->runner), index, answer, err);
    if (!status) eval->answered = true;
    return status;
}

void berm_eval_interrupt(berm_eval *eval)
{
    if (eval)
        atomic_store_explicit(berm_runner_vm(eval->runner)->interrupt, 1, memory_order_relaxed);
}

void berm_eval_free(berm_eval *eval)
{
    if (!eval) return;
    berm_engine *engine = eval->engine;
    berm_runner_free(eval->runner);
    berm_mem_free(&engine->alloc, eval, sizeof *eval);
    berm_engine_unref(engine);
}

void berm_decision_summary(const berm_decision *decision, berm_summary *out)
{
    if (decision && out) berm_api_give(out, &decision->summary, sizeof *out);
}

const berm_finding *berm_decision_findings(const berm_decision *decision, size_t *count,
                                           size_t *stride)
{
    if (stride) *stride = sizeof(berm_finding);
    if (count) *count = decision ? decision->findings.count : 0;
    return decision ? decision->findings.items : NULL;
}
