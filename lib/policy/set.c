/* The policy object: verified bytes, and the index over them. */
#include "policy/index.h"

static uint32_t find_expression(const berm_image *image)
{
    for (uint32_t g = 0; g < image->guardrail_count; g++) {
        const berm_img_guardrail *row = &image->guardrails[g];
        if (berm_str_is(berm_image_text(image, row->id), "@expression") && row->rules.count)
            return image->rules[row->rules.first].block;
    }
    return BERM_NO_ROW;
}

static void give_back(const berm_alloc *alloc, const unsigned char *bytes, size_t len,
                      berm_loan loan)
{
    if (!loan.lent) berm_mem_free(alloc, (void *)(uintptr_t)bytes, len);
    if (loan.release) loan.release(loan.ctx);
}

static void free_policy(berm_policy *policy)
{
    berm_alloc alloc = policy->alloc;
    berm_index_free(&alloc, policy->index);
    berm_hosts_drop(policy->hosts);
    give_back(&alloc, policy->bytes, policy->len, policy->loan);
    berm_mem_free(&alloc, policy, sizeof *policy);
}

berm_status berm_policy_from_bytes(const berm_alloc *alloc, const unsigned char *bytes, size_t len,
                                   berm_loan loan, berm_policy **out, berm_error *err)
{
    *out = NULL;
    berm_policy *policy = berm_mem_new(alloc, sizeof *policy);
    if (!policy) {
        give_back(alloc, bytes, len, loan);
        return berm_error_set(err, BERM_E_NOMEM, BERM_D_NOMEM, "an allocation failed");
    }
    atomic_init(&policy->refs, 1);
    policy->alloc = *alloc;
    policy->bytes = bytes;
    policy->len = len;
    policy->loan = loan;
    berm_status status = berm_image_open(alloc, bytes, len, &policy->image, err);
    if (!status && policy->image.kind_count > BERM_KIND_COUNT_MAX)
        status = berm_error_set(err, BERM_E_LIMIT, BERM_D_POLICY_TOO_MANY,
                                "more than %u derived kinds", (uint32_t)BERM_KIND_COUNT_MAX);
    if (!status && !(policy->index = berm_index_new(&policy->alloc, &policy->image)))
        status = berm_error_set(err, BERM_E_NOMEM, BERM_D_NOMEM, "an allocation failed");
    if (status) {
        free_policy(policy);
        return status;
    }
    policy->expression = find_expression(&policy->image);
    *out = policy;
    return BERM_OK;
}

bool berm_policy_joins_run(const berm_policy *policy)
{
    const berm_image *image = &policy->image;
    bool spans = false, joins = false;
    for (uint32_t i = 0; i < image->join_count; i++) spans |= image->joins[i].spans;
    for (uint32_t t = 0; t < image->target_count; t++) joins |= image->targets[t].joins_run;
    return spans && joins;
}

#if BERM_IMAGE_TURNED
unsigned char *berm_policy_turn(const berm_policy *policy)
{
    unsigned char *bytes = berm_mem_resize(&policy->alloc, NULL, 0, policy->len);
    if (!bytes) return NULL;
    memcpy(bytes, policy->bytes, policy->len);
    if (berm_image_turn_out(&policy->alloc, bytes, policy->len)) return bytes;
    berm_mem_free(&policy->alloc, bytes, policy->len);
    return NULL;
}
#endif

void berm_policy_set_hosts(berm_policy *policy, berm_hosts *hosts)
{
    policy->hosts = berm_hosts_hold(hosts);
}

berm_policy *berm_policy_hold(const berm_policy *policy)
{
    berm_policy *held =
        (berm_policy *)(uintptr_t)policy; /* the count is the one thing that changes */
    if (held) atomic_fetch_add_explicit(&held->refs, 1, memory_order_relaxed);
    return held;
}

void berm_policy_unhold(berm_policy *policy)
{
    if (policy && atomic_fetch_sub_explicit(&policy->refs, 1, memory_order_acq_rel) == 1)
        free_policy(policy);
}
