#include "policy/runner.h"

#include "base/hash.h"
#include "data/limits.h"
#include "policy/governance/waivers.h"
#include "vm/host.h"

/* --- life --- */

static bool fill_record_keys(berm_runner *runner)
{
    static const char *const names[] = {
#define BERM_RECORD(id, name) name,
#include "policy/record.def"
#undef BERM_RECORD
        "object", "oldObject"};
    berm_text text;
    berm_text_init(&text, runner->alloc);
    for (uint32_t i = 0; i < BERM_RECORD_COUNT + 2; i++) {
        berm_str name = berm_str_of(names[i]);
        runner->record_keys[i] =
            (berm_cell){.tag = BERM_TAG_STRING, .aux = berm_text_hash(name.ptr, name.len)};
        runner->record_keys[i].as.ref.off = (uint32_t)text.len;
        runner->record_keys[i].as.ref.len = (uint32_t)name.len;
        berm_text_put(&text, name);
    }
    if (!text.failed &&
        berm_arena_copy(&runner->names, berm_text_view(&text), &runner->record_text)) {
        runner->record_store.text[0] = runner->record_store.text[1] = runner->record_text.ptr;
        runner->record_store.text_len[0] = runner->record_store.text_len[1] =
            (uint32_t)runner->record_text.len;
    }
    berm_text_free(&text);
    return runner->record_text.ptr != NULL;
}

/* What the functions ask that look beyond their arguments. */
static berm_cell answer_question(void *ctx, berm_question question, berm_str about)
{
    berm_runner *runner = ctx;
    if (question == BERM_ASK_CONFIGURED) return berm_configuration_ask(runner, about);
    return berm_links_ask(runner, question == BERM_ASK_RESOURCES, about);
}

berm_status berm_runner_new(const berm_alloc *alloc, const berm_limits *limits, berm_runner **out)
{
    *out = NULL;
    berm_runner *runner = berm_mem_new(alloc, sizeof *runner);
    if (!runner) return BERM_E_NOMEM;
    runner->own_alloc = *alloc;
    runner->alloc = &runner->own_alloc;
#if BERM_PART_FAST
    berm_recycle_init(&runner->recycle, alloc);
#endif
    runner->limits = berm_limits_resolve(limits);
    berm_vm_init(&runner->vm, runner->alloc, &runner->limits);
    runner->vm.interrupt = &runner->interrupted;
    runner->salt = berm_hash_salt(runner);
    berm_plans_init(&runner->plans, runner->alloc);
    berm_arena_init(&runner->texts, runner->alloc);
    berm_arena_init(&runner->names, runner->alloc);
    berm_text_init(&runner->message, runner->alloc);
    berm_name_table_init(&runner->configuration.names, runner->alloc);
    berm_text_init(&runner->configuration.plain, runner->alloc);
    for (uint32_t i = 0; i < 2; i++) berm_links_init(&runner->links[i], runner->alloc);
    runner->vm.ask = answer_question;
    runner->vm.ask_ctx = runner;
    berm_text_init(&runner->explanation, runner->alloc);
    if (!fill_record_keys(runner)) {
        berm_runner_free(runner);
        return BERM_E_NOMEM;
    }
    *out = runner;
    return BERM_OK;
}

static void drop_docs(berm_runner *runner)
{
    for (uint32_t i = 0; i < runner->docs.count; i++) {
        berm_run_doc *d = &runner->docs.items[i];
        berm_doc_drop(d->reread);
        berm_doc_drop(d->own);
        d->reread = d->own = NULL;
        if (d->lines.marks.cap > runner->marks.cap) { /* the largest ones are kept */
            berm_array_free(runner->alloc, &runner->marks);
            runner->marks = d->lines.marks;
        } else {
            berm_array_free(runner->alloc, &d->lines.marks);
        }
    }
    runner->docs.count = runner->decision.docs.count = 0;
#if BERM_PART_FAST
    berm_lazy_clear(&runner->lazy);
    berm_recycle_turn(&runner->recycle);
#endif
}

void berm_runner_free(berm_runner *runner)
{
    if (!runner) return;
    berm_alloc alloc = runner->own_alloc;
    drop_docs(runner);
    berm_array_free(&alloc, &runner->marks);
    berm_array_free(&alloc, &runner->decision.docs);
#if BERM_PART_FAST
    berm_lazy_free(&runner->lazy);
    berm_recycle_free(&runner->recycle);
#endif
    berm_array_free(&alloc, &runner->docs);
    berm_seen_free(&runner->seen, &alloc);
    berm_array_free(&alloc, &runner->decision.findings);
    berm_plans_free(&runner->plans);
    berm_text_free(&runner->message);
    berm_text_free(&runner->configuration.plain);
    for (uint32_t i = 0; i < 2; i++) berm_links_free(&runner->links[i]);
    berm_name_table_free(&runner->configuration.names);
    berm_array_free(&alloc, &runner->configuration.parts);
    berm_text_free(&runner->explanation);
    berm_evaluation_free(&runner->evaluation, &alloc);
#if BERM_PART_GOVERNANCE
    berm_before_free(runner);
#endif
    berm_arena_free(&runner->texts);
    berm_arena_free(&runner->names);
    berm_vm_free(&runner->vm);
    berm_policy_unhold(runner->policy);
    berm_mem_free(&alloc, runner, sizeof *runner);
}

berm_vm *berm_runner_vm(berm_runner *runner)
{
    return &runner->vm;
}

/* --- starting --- */

/* Plans are for kinds that documents name: those of an eval that judges for years do not pile
   up. */
#define PLANS_MAX 65536u

static berm_status bind_policy(berm_runner *runner, const berm_policy *policy)
{
    if (runner->policy == policy) {
        if (runner->plans.plans.count > PLANS_MAX) berm_plans_bind(&runner->plans, policy);
        return BERM_OK;
    }
    berm_plans_bind(&runner->plans, NULL);
    berm_evaluation_free(&runner->evaluation, runner->alloc); /* its trees are of the old image */
    berm_policy_unhold(runner->policy);
    runner->policy = NULL;
    berm_status status = berm_vm_bind(&runner->vm, &policy->image);
    if (status) return status;
    runner->policy = berm_policy_hold(policy);
    berm_plans_bind(&runner->plans, policy);
    return BERM_OK;
}

static void reset_decision(berm_runner *runner)
{
    drop_docs(runner);
    runner->judged = NULL;
    runner->message.failed = runner->explanation.failed = false; /* there may be memory again */
    berm_configuration_clear(&runner->configuration);
    for (uint32_t i = 0; i < 2; i++) berm_links_clear(&runner->links[i]);
    runner->decision.findings.count = 0;
    runner->decision.summary = (berm_summary){.size = sizeof(berm_summary)};
    berm_arena_reset(&runner->texts);
}

berm_status berm_runner_begin(berm_runner *runner, const berm_policy *policy, berm_time now)
{
    reset_decision(runner);
    berm_status status = bind_policy(runner, policy);
    if (!status) status = berm_vm_begin(&runner->vm, runner->limits.fuel);
    if (status) return status;
    runner->record_store_id = berm_space_add(&runner->vm.space, &runner->record_store);
    if (!runner->record_store_id) return runner->vm.space.status;
    for (uint32_t i = 0; i < BERM_SLOT_COUNT; i++)
        runner->vm.slots[i] = berm_cell_of(BERM_TAG_MISSING);
    runner->vm.slots[BERM_SLOT_REQUEST] = berm_cell_of(BERM_TAG_NULL);
    runner->vm.now = now;
    berm_cell at = berm_cell_of(BERM_TAG_TIMESTAMP);
    at.aux = (uint32_t)now.nanos;
    at.as.i = now.sec;
    runner->vm.slots[BERM_SLOT_NOW] = at;
    return BERM_OK;
}

void berm_runner_clear(berm_runner *runner)
{
    runner->judged = NULL;
    static const berm_slot own[] = {
        BERM_SLOT_OBJECT,          BERM_SLOT_OLD_OBJECT, BERM_SLOT_RESOURCE,
        BERM_SLOT_PARENT,          BERM_SLOT_ITEM,       BERM_SLOT_KEY,
        BERM_SLOT_PARENT_RESOURCE, BERM_SLOT_PATH,       BERM_SLOT_PARENTS};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        runner->vm.slots[own[i]] = berm_cell_of(BERM_TAG_MISSING);
}

berm_status berm_runner_part(berm_runner *runner, uint32_t block, berm_cell *out)
{
    *out = berm_cell_of(BERM_TAG_MISSING);
    berm_status status = block == BERM_NO_ROW ? BERM_OK : berm_vm_run(&runner->vm, block, out);
    if (berm_runner_limited(*out)) runner->limited = *out;
    return status;
}

bool berm_runner_limited(berm_cell c)
{
    if (c.tag != BERM_TAG_ERROR) return false;
    berm_error_code code = berm_error_code_of(c);
    return code == BERM_ERR_RULE_COST || code == BERM_ERR_DEPTH || code == BERM_ERR_RESULT_SIZE;
}

/* --- which target a document is --- */

/* What it costs grows with the document: the call's fuel bounds it, which ends the run, and not the
   cost of an expression, which would make the document one that nobody claims. */
static berm_status claim_document(berm_runner *runner, uint32_t target, bool *claimed)
{
    berm_cell answer;
    berm_runner_clear(runner);
    berm_vm_scope(&runner->vm);
    runner->vm.cost_limit = UINT64_MAX;
    berm_status status =
        berm_vm_run(&runner->vm, runner->policy->image.targets[target].detect, &answer);
    runner->vm.cost_limit = runner->limits.rule_cost;
    *claimed = !status && berm_cell_is_true(answer);
    if (status || !berm_runner_limited(answer)) return status;
    runner->vm.space.limit = BERM_D_EXPRESSION_ERROR;
    return BERM_E_LIMIT;
}

static berm_status detect_among(berm_runner *runner, bool fallback, uint32_t *target,
                                berm_error *err)
{
    const berm_image *image = &runner->policy->image;
    for (uint32_t t = 0; t < image->target_count; t++) {
        bool claimed = false;
        if ((image->targets[t].fallback != 0) != fallback) continue;
        berm_status status = claim_document(runner, t, &claimed);
        if (status) return status;
        if (!claimed) continue;
        if (*target != BERM_NO_ROW)
            return berm_error_set(err, BERM_E_TARGET, BERM_D_TARGET_AMBIGUOUS,
                                  "the targets %S and %S both claim the document",
                                  berm_image_text(image, image->targets[*target].name),
                                  berm_image_text(image, image->targets[t].name));
        *target = t;
    }
    return BERM_OK;
}

static berm_status find_named_target(berm_runner *runner, berm_str name, uint32_t *target,
                                     berm_error *err)
{
    const berm_image *image = &runner->policy->image;
    for (uint32_t t = 0; t < image->target_count; t++)
        if (berm_str_equal(berm_image_text(image, image->targets[t].name), name))
            return *target = t, BERM_OK;
    return berm_error_set(err, BERM_E_TARGET, BERM_D_TARGET_UNKNOWN, "there is no target %S", name);
}

static berm_status detect_target(berm_runner *runner, const berm_doc *doc, berm_cell root,
                                 uint32_t *target, berm_error *err)
{
    *target = BERM_NO_ROW;
    berm_cell format = berm_space_string(
        &runner->vm.space, doc->format == BERM_FORMAT_YAML ? BERM_STR("yaml") : BERM_STR("json"));
    if (format.tag == BERM_TAG_MISSING) return runner->vm.space.status;
    runner->vm.slots[BERM_SLOT_FORMAT] = format;
    runner->vm.slots[BERM_SLOT_INPUT] = root;
    berm_status status = detect_among(runner, false, target, err);
    if (!status && *target == BERM_NO_ROW) status = detect_among(runner, true, target, err);
    return status;
}

/* --- reading --- */

static berm_cell root_in(const berm_run_doc *d, uint32_t index)
{
    berm_cell root = d->doc->roots[index];
    root.store = d->store;
    return root;
}

/* Some plain scalars mean other values under YAML 1.1: where the target's tools read that, so do
   we. */
static berm_status reread_document(berm_runner *runner, berm_run_doc *d, berm_error *err)
{
    berm_read read = {.alloc = runner->alloc,
                      .limits = &runner->limits,
                      .name = d->doc->name,
                      .text = d->doc->text,
                      .format = BERM_FORMAT_YAML,
                      .schema = BERM_YAML_11};
    berm_status status = berm_doc_read(&read, &d->reread, err);
    if (status) return status;
    if (d->reread->root_count != d->doc->root_count) return BERM_E_INTERNAL;
    d->doc = d->reread;
    d->store = berm_space_add(&runner->vm.space, &d->reread->store);
    return d->store ? BERM_OK : runner->vm.space.status;
}

static bool wants_reread(const berm_runner *runner, const berm_run_doc *d, uint32_t target)
{
    return runner->policy->image.targets[target].yaml_11 && !d->reread &&
           d->doc->format == BERM_FORMAT_YAML && d->doc->schema == BERM_YAML_CORE &&
           d->doc->ambiguous;
}

/* Is it read for what its resources were before? */
static bool is_comparing(const berm_runner *runner)
{
#if BERM_PART_GOVERNANCE
    return runner->before.recording;
#else
    (void)runner;
    return false;
#endif
}

/* Resources are listed twice where some guardrail joins those of the whole run. */
static berm_status run_root(berm_runner *runner, uint32_t input, berm_run_doc *d, uint32_t index,
                            berm_error *err)
{
    uint32_t target;
    berm_str named = runner->run->inputs[input].target;
    berm_status status = named.len ? find_named_target(runner, named, &target, err)
                                   : detect_target(runner, d->doc, root_in(d, index), &target, err);
    if (status) return status;
    bool joined = target != BERM_NO_ROW && runner->policy->image.targets[target].joins_run;
    if (runner->indexing && !joined && !is_comparing(runner)) return BERM_OK;
    if (target == BERM_NO_ROW && is_comparing(runner)) return BERM_OK;
    if (target == BERM_NO_ROW) {
        runner->decision.summary.resources++;
        runner->decision.summary.unmatched++;
        return BERM_OK;
    }
    if (wants_reread(runner, d, target)) status = reread_document(runner, d, err);
    runner->vm.nulls_missing = runner->policy->image.targets[target].nulls_missing;
    if (!status && runner->indexing)
        status = berm_runner_index(runner, input, target, root_in(d, index));
    else if (!status) status = berm_runner_list(runner, input, target, root_in(d, index));
    runner->vm.nulls_missing = false;
    return status;
}

static berm_status run_roots(berm_runner *runner, uint32_t input, berm_run_doc *d, berm_error *err)
{
    berm_seen_clear(&runner->seen);
    for (uint32_t i = 0; i < d->doc->root_count; i++) {
        berm_space_mark mark = berm_space_position(&runner->vm.space);
        berm_status status = run_root(runner, input, d, i, err);
        if (status) return status;
        if (!runner->indexing) berm_space_release(&runner->vm.space, mark);
    }
    return BERM_OK;
}

#if BERM_PART_GOVERNANCE
/* Lists the resources of the document before; they stay until the run ends. */
static berm_status record_before(berm_runner *runner, uint32_t input, berm_error *err)
{
    berm_run_doc d = {.doc = runner->run->inputs[input].before};
    berm_before_clear(runner);
    if (!d.doc || runner->indexing) return BERM_OK;
    d.store = berm_space_add(&runner->vm.space, &d.doc->store);
    if (!d.store) return runner->vm.space.status;
    berm_configuration_clear(&runner->configuration);
    runner->indexing = runner->before.recording = true;
    berm_status status = run_roots(runner, input, &d, err);
    runner->indexing = runner->before.recording = false;
    runner->before.active = true;
    if (!d.reread) return status;
    berm_run_doc kept = {.reread = d.reread}; /* its values are used until the run ends */
    if (berm_array_push(runner->alloc, &runner->docs, kept)) return status;
    berm_doc_drop(d.reread);
    return BERM_E_NOMEM;
}
#endif

static berm_status run_input(berm_runner *runner, uint32_t input, berm_error *err)
{
#if BERM_PART_GOVERNANCE
    berm_status status = record_before(runner, input, err);
    if (!status) status = run_roots(runner, input, &runner->docs.items[input], err);
    if (!status && runner->before.active) status = berm_before_finish(runner);
    return status;
#else
    return run_roots(runner, input, &runner->docs.items[input], err);
#endif
}

static berm_status run_inputs(berm_runner *runner, berm_error *err)
{
    berm_status status = BERM_OK;
    for (uint32_t i = 0; i < runner->run->input_count && !status; i++)
        status = run_input(runner, i, err);
    return status;
}

static berm_status index_inputs(berm_runner *runner, berm_error *err)
{
    berm_links *links = &runner->links[1];
    if (!berm_policy_joins_run(runner->policy)) return BERM_OK;
    berm_links_clear(links);
    links->open = runner->run->flags & BERM_RUN_PARTIAL;
    runner->indexing = true;
    berm_status status = run_inputs(runner, err);
    runner->indexing = false;
    return status ? status : berm_links_finish(runner, links);
}

#if BERM_PART_FAST
/* What is looked at for certain where the document is of that target; of any, where nobody says. */
static void choose_eager(berm_runner *runner, berm_str named)
{
    const struct berm_policy_index *index = runner->policy->index;
    const berm_image *image = &runner->policy->image;
    uint32_t first = 0, end = index->eager.count;
    for (uint32_t t = 0; named.len && t < image->target_count; t++) {
        if (!berm_str_equal(berm_image_text(image, image->targets[t].name), named)) continue;
        first = t ? index->eager_ends[t - 1] : 0;
        end = index->eager_ends[t];
    }
    runner->lazy.eager = index->eager.items ? index->eager.items + first : NULL;
    runner->lazy.eager_count = end - first;
}
#endif

/* A text is built piece by piece where it is the run's only one and nobody else may look into the
   document: host functions get values as they lie. */
static berm_lazy *find_lazy(berm_runner *runner, const berm_input *input)
{
#if BERM_PART_FAST
    if (runner->run->input_count != 1 || runner->policy->image.host_count > 0 || input->before)
        return NULL;
    runner->lazy.space = &runner->vm.space;
    runner->lazy.alloc = &runner->recycle.alloc;
    choose_eager(runner, input->target);
    return &runner->lazy;
#else
    (void)runner, (void)input;
    return NULL;
#endif
}

static berm_status read_input(berm_runner *runner, const berm_input *input, berm_run_doc *d,
                              berm_error *err)
{
    if (input->diags && !*input->diags && !(*input->diags = berm_diags_new(runner->alloc)))
        return BERM_E_NOMEM;
    berm_read read = {.alloc = runner->alloc,
                      .limits = &runner->limits,
                      .name = input->name,
                      .text = input->text,
                      .format = berm_format_asked(input->format),
                      .diags = input->diags ? *input->diags : NULL,
                      .lazy = find_lazy(runner, input)};
#if BERM_PART_FAST
    read.alloc = &runner->recycle.alloc;
#endif
    berm_status status = berm_doc_read(&read, &d->own, err);
    if (read.diags && berm_diags_failed(read.diags)) status = BERM_E_NOMEM; /* one was lost */
    d->doc = d->own;
    return status;
}

static berm_status add_input(berm_runner *runner, berm_run_doc d)
{
    d.lines.text = d.doc->text;
    d.store = berm_space_add(&runner->vm.space, &d.doc->store);
    if (!d.store) return runner->vm.space.status;
    if (!berm_array_push(runner->alloc, &runner->decision.docs, d.doc) ||
        !berm_array_push(runner->alloc, &runner->docs, d))
        return BERM_E_NOMEM;
    berm_lines *lines = &runner->docs.items[runner->docs.count - 1].lines;
    lines->marks = runner->marks;
    lines->marks.count = 0;
    runner->marks = (berm_line_marks){NULL, 0, 0};
    return BERM_OK;
}

static berm_status add_inputs(berm_runner *runner, berm_error *err)
{
    const berm_run *run = runner->run;
    berm_status status = BERM_OK;
    for (size_t i = 0; i < run->input_count && !status; i++) {
        const berm_input *input = &run->inputs[i];
        berm_run_doc d = {.doc = input->doc};
        if (!d.doc && !input->text.ptr)
            return berm_error_set(err, BERM_E_ARGUMENT, BERM_D_ARGUMENT,
                                  "an input of the run has no document");
        if (!d.doc) status = read_input(runner, input, &d, err);
        if (!status) status = add_input(runner, d);
        if (status) berm_doc_drop(d.own);
    }
    return status;
}

berm_status berm_runner_explain(const berm_runner *runner, berm_status status, berm_error *err)
{
    berm_diag_id id;
    switch (status) {
    case BERM_E_FUEL: id = BERM_D_LIMIT_FUEL; break;
    case BERM_E_LIMIT: id = runner->vm.space.limit; break;
    case BERM_E_INTERRUPTED: id = BERM_D_INTERRUPTED; break;
    case BERM_E_NOMEM: id = BERM_D_NOMEM; break;
    case BERM_E_INTERNAL: id = BERM_D_INTERNAL; break;
    default: return status;
    }
    if (id == BERM_D_NONE) return status; /* a document's limit: it was told with its place */
    return berm_error_set(err, status, id, "%s", berm_diag_summary(id));
}

/* A failure decides nothing, and so waits for nothing. */
static berm_status fail_run(berm_runner *runner, berm_status status, berm_error *err)
{
    berm_host_forget_pending(&runner->vm);
    return berm_runner_explain(runner, status, err);
}

berm_status berm_runner_run(berm_runner *runner, const berm_run *run, const berm_decision **out,
                            berm_error *err)
{
    *out = NULL;
    runner->run = run;
#if BERM_PART_FUSED
    runner->vm.plain = run->flags & BERM_RUN_PLAIN;
#endif
    berm_status status = berm_runner_begin(runner, run->policy, run->now);
    if (!status) status = add_inputs(runner, err);
    if (!status) status = index_inputs(runner, err);
    if (!status) status = run_inputs(runner, err);
#if BERM_PART_GOVERNANCE
    if (!status && !berm_waivers_settle(runner->alloc, &runner->policy->image, &runner->texts,
                                        &runner->decision))
        status = BERM_E_NOMEM;
#endif
    if (!status) status = runner->vm.space.status; /* of the last thing that was done */
    runner->run = NULL;
    atomic_store_explicit(&runner->interrupted, 0,
                          memory_order_relaxed); /* it stopped this run, not the next */
    if (status) return fail_run(runner, status, err);
    berm_host_pending(&runner->vm, &runner->decision.summary.pending_calls);
    *out = &runner->decision;
    return BERM_OK;
}

/* What `object` is for an expression: the first root of the document, with what its target calls
   sensitive in it marked. That it has no target, or too many, is no fault here. */
static berm_status read_argument(berm_runner *runner, const berm_doc *document, berm_cell *object)
{
    *object = berm_cell_of(BERM_TAG_NULL);
    if (!document || !document->root_count) return BERM_OK;
    uint32_t target;
    uint16_t store = berm_space_add(&runner->vm.space, &document->store);
    if (!store) return runner->vm.space.status;
    *object = document->roots[0];
    object->store = store;
    berm_status status = detect_target(runner, document, *object, &target, NULL);
    if (status == BERM_E_TARGET) target = BERM_NO_ROW, status = BERM_OK;
    if (!status && target != BERM_NO_ROW) status = berm_runner_hide(runner, target, object);
    berm_runner_clear(runner);
    return status;
}

berm_status berm_runner_call(berm_runner *runner, const berm_policy *policy,
                             const berm_doc *document, berm_time now, berm_cell *out,
                             berm_error *err)
{
    *out = berm_cell_of(BERM_TAG_MISSING);
    if (policy->expression == BERM_NO_ROW)
        return berm_error_set(err, BERM_E_ARGUMENT, BERM_D_ARGUMENT,
                              "the policy is not a single expression");
    berm_status status = berm_runner_begin(runner, policy, now);
    if (status) return fail_run(runner, status, err);
    berm_cell object;
    status = read_argument(runner, document, &object);
    if (status) return fail_run(runner, status, err);
    runner->vm.slots[BERM_SLOT_OBJECT] = object;
    berm_vm_scope(&runner->vm);
    status = berm_vm_run(&runner->vm, policy->expression, out);
    return status ? fail_run(runner, status, err) : BERM_OK;
}
