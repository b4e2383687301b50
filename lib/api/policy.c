#include "api/objects.h"
#include "policy/governance/effective.h"
#include "policy/governance/waivers.h"

static berm_status check_input(const berm_compile_input *input, berm_error *err)
{
    if (input->source_count && !input->sources)
        return berm_api_refuse(err, "input.sources is NULL");
    for (size_t i = 0; i < input->source_count; i++) {
        if (input->sources[i].size < sizeof(berm_source))
            return berm_api_refuse(err, "a source's size is not set");
        if (!input->sources[i].text.ptr && input->sources[i].text.len)
            return berm_api_refuse(err, "a source has a length but no text");
    }
    return BERM_OK;
}

berm_status berm_api_take_input(berm_compile_input *own, const berm_compile_input *given,
                                berm_error *err)
{
    if (!berm_api_take(own, sizeof *own, given, given->size))
        return berm_api_refuse(err, "input.size is not set");
    return check_input(own, err);
}

static const berm_loan own_bytes = {.lent = false};

static berm_status open_policy(berm_engine *engine, const unsigned char *bytes, size_t len,
                               berm_loan loan, berm_policy **out, berm_error *err)
{
    berm_status status = berm_policy_from_bytes(&engine->alloc, bytes, len, loan, out, err);
    if (!status) berm_policy_set_hosts(*out, engine->hosts);
    return status;
}

static berm_status build_policy(berm_engine *engine, const berm_compile_input *input,
                                berm_policy **out, berm_diags *diags, berm_error *err)
{
    unsigned char *bytes;
    size_t len;
    const berm_build_terms terms = {&engine->alloc, &engine->limits, engine->hosts, false};
    berm_status status = berm_policy_build(&terms, input, diags, &bytes, &len, err);
    return status ? status : open_policy(engine, bytes, len, own_bytes, out, err);
}

berm_status berm_policy_compile(berm_engine *engine, const berm_compile_input *input,
                                berm_policy **out, berm_diags **diags, berm_error *err)
{
    if (diags) *diags = NULL;
    if (!engine || !out || !input) return berm_api_refuse(err, "engine, input or out is NULL");
    *out = NULL;
    berm_compile_input taken;
    berm_status status = berm_api_take_input(&taken, input, err);
    if (status) return status;
    berm_diags *list = berm_diags_new(&engine->alloc);
    if (!list) return berm_api_nomem(err);
    status = build_policy(engine, &taken, out, list, err);
    if (diags) *diags = list;
    else berm_diags_drop(list);
    return status;
}

/* A copy of the bytes; what is lent goes back with it all the same. */
static berm_status open_copy(berm_engine *engine, berm_str image, berm_loan loan, berm_policy **out,
                             berm_error *err)
{
    unsigned char *bytes = berm_mem_resize(&engine->alloc, NULL, 0, image.len);
    bool kept = bytes || !image.len;
    if (image.len && kept) memcpy(bytes, image.ptr, image.len);
#if BERM_IMAGE_TURNED
    kept = kept && berm_image_turn_in(&engine->alloc, bytes, image.len);
#endif
    if (kept) return open_policy(engine, bytes, image.len, loan, out, err);
    berm_mem_free(&engine->alloc, bytes, image.len);
    if (loan.release) loan.release(loan.ctx);
    return berm_api_nomem(err);
}

berm_status berm_policy_load(berm_engine *engine, berm_str image, berm_policy **out,
                             berm_error *err)
{
    if (!engine || !out || !image.ptr) return berm_api_refuse(err, "engine, image or out is NULL");
    *out = NULL;
    return open_copy(engine, image, own_bytes, out, err);
}

berm_status berm_policy_borrow(berm_engine *engine, berm_str image, void (*release)(void *ctx),
                               void *ctx, berm_policy **out, berm_error *err)
{
    if (out) *out = NULL;
    if (!engine || !out || !image.ptr) {
        if (release) release(ctx);
        return berm_api_refuse(err, "engine, image or out is NULL");
    }
#if BERM_IMAGE_TURNED /* what is lent must not be changed */
    if ((uintptr_t)image.ptr % 8 == 0)
        return open_copy(engine, image, (berm_loan){false, release, ctx}, out, err);
#endif
    return open_policy(engine, (const unsigned char *)image.ptr, image.len,
                       (berm_loan){true, release, ctx}, out, err);
}

berm_status berm_policy_save(const berm_policy *policy, const berm_sink *sink, berm_error *err)
{
    if (!policy || !sink || !sink->write) return berm_api_refuse(err, "policy or sink is NULL");
    const unsigned char *bytes = berm_policy_saved(policy);
#if BERM_IMAGE_TURNED
    if (!bytes) return berm_api_nomem(err);
#endif
    berm_status status = berm_api_write(sink, (berm_str){(const char *)bytes, policy->len}, err);
    berm_policy_saved_end(policy, bytes);
    return status;
}

berm_status berm_policy_disasm(const berm_policy *policy, const berm_sink *sink, berm_error *err)
{
    if (!policy || !sink || !sink->write) return berm_api_refuse(err, "policy or sink is NULL");
    berm_text text;
    berm_text_init(&text, &policy->alloc);
    berm_status status = berm_image_print(&text, &policy->image, BERM_NO_ROW)
                             ? berm_api_write(sink, berm_text_view(&text), err)
                             : berm_api_nomem(err);
    berm_text_free(&text);
    return status;
}

berm_status berm_policy_test(const berm_policy *policy,
                             int (*on_result)(void *ctx, const berm_test_result *result), void *ctx,
                             berm_error *err)
{
    if (!policy || !on_result) return berm_api_refuse(err, "policy or on_result is NULL");
    berm_runner *runner;
    if (berm_runner_new(&policy->alloc, NULL, &runner)) return berm_api_nomem(err);
    berm_runner_vm(runner)->hosts = policy->hosts;
    berm_status status = berm_policy_run_tests(runner, policy, on_result, ctx, err);
    berm_runner_free(runner);
    return status;
}

uint32_t berm_policy_joins(const berm_policy *policy)
{
    return policy && berm_policy_joins_run(policy);
}

size_t berm_policy_waiver_count(const berm_policy *policy)
{
#if BERM_PART_GOVERNANCE
    return policy ? policy->image.waiver_count : 0;
#else
    (void)policy;
    return 0;
#endif
}

berm_status berm_policy_waiver(const berm_policy *policy, size_t index, berm_time now,
                               berm_waiver *out, berm_error *err)
{
    if (!out || !out->size || index >= berm_policy_waiver_count(policy))
        return berm_api_refuse(err, "there is no such waiver");
#if BERM_PART_GOVERNANCE
    berm_waiver waiver = berm_waiver_read(policy, (uint32_t)index, now);
    berm_api_give(out, &waiver, sizeof waiver);
#else
    (void)now;
#endif
    return BERM_OK;
}

berm_status berm_policy_effective(const berm_policy *policy, uint32_t format, const berm_sink *sink,
                                  berm_error *err)
{
    if (!policy || !sink || !sink->write || format > BERM_REPORT_JSON)
        return berm_api_refuse(err, "policy or sink is NULL, or there is no such format");
#if BERM_PART_GOVERNANCE
    berm_text text;
    berm_text_init(&text, &policy->alloc);
    berm_status status = berm_effective_print(&text, policy, format == BERM_REPORT_JSON)
                             ? berm_api_write(sink, berm_text_view(&text), err)
                             : berm_api_nomem(err);
    berm_text_free(&text);
    return status;
#else
    return berm_api_refuse(err, "this build has no packs");
#endif
}

berm_policy *berm_policy_ref(berm_policy *policy)
{
    return berm_policy_hold(policy);
}
void berm_policy_unref(berm_policy *policy)
{
    berm_policy_unhold(policy);
}

const berm_diag *berm_diags_items(const berm_diags *diags, size_t *count)
{
    return berm_diags_list(diags, count);
}
void berm_diags_free(berm_diags *diags)
{
    berm_diags_drop(diags);
}
