#include "policy/index.h"

#include "base/hash.h"
#include "base/parts.h"

#include <stdlib.h>

static bool has_wildcard(berm_str pattern)
{
    for (size_t i = 0; i < pattern.len; i++)
        if (pattern.ptr[i] == '*' || pattern.ptr[i] == '?') return true;
    return false;
}

static uint64_t hash_kind(berm_str kind)
{
    return berm_hash_bytes(kind.ptr, kind.len, 0);
}

/* The target whose kinds those of `target` are; empty for most. */
static berm_str find_kinds_of(const berm_image *image, berm_str target)
{
    for (uint32_t t = 0; target.len && t < image->target_count; t++)
        if (berm_str_equal(berm_image_text(image, image->targets[t].name), target))
            return berm_image_text(image, image->targets[t].kinds_of);
    return BERM_STR("");
}

static bool add_matchers(const berm_alloc *alloc, struct berm_policy_index *index,
                         const berm_image *image, berm_run_ref run, berm_owner owner, uint32_t row)
{
    for (uint32_t i = 0; i < run.count; i++) {
        const berm_img_match *match = &image->matchs[run.first + i];
        berm_matcher m = {.target = berm_image_text(image, match->target),
                          .kind = berm_image_text(image, match->kind),
                          .owner = owner,
                          .row = row};
        m.hash = hash_kind(m.kind);
        const berm_matcher *last =
            index->exact.count ? &index->exact.items[index->exact.count - 1] : NULL;
        if (last && berm_str_equal(last->target, m.target)) m.kinds_of = last->kinds_of;
        else m.kinds_of = find_kinds_of(image, m.target);
        bool kept = has_wildcard(m.kind) ? berm_array_push(alloc, &index->globs, m)
                                         : berm_array_push(alloc, &index->exact, m);
        if (!kept) return false;
    }
    return true;
}

static int order_matchers(const berm_matcher *x, const berm_matcher *y)
{
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    if (x->owner != y->owner) return x->owner < y->owner ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* In place: the C library's qsort allocates behind the host's back. By steps of 1, 4, 13 ..: little
   is moved where much is in order, as it is where many guardrails are about one kind. */
static void sort_matchers(berm_matcher *items, uint32_t count)
{
    uint32_t step = 1;
    while (step < count / 3) step = 3 * step + 1;
    for (; step > 0; step /= 3)
        for (uint32_t i = step; i < count; i++) {
            uint32_t at = i;
            if (order_matchers(&items[i - step], &items[i]) <= 0) continue;
            berm_matcher moved = items[i];
            for (; at >= step && order_matchers(&items[at - step], &moved) > 0; at -= step)
                items[at] = items[at - step];
            items[at] = moved;
        }
}

/* "*" asks for the resources a target lists; parts of them and the whole document are asked for
   by name. */
static bool matches_name(const berm_matcher *m, berm_str kind, bool derived)
{
    if (!has_wildcard(m->kind)) return berm_str_equal(m->kind, kind);
    if (berm_str_is(kind, BERM_KIND_DOCUMENT)) return false;
    if (derived && berm_str_is(m->kind, "*")) return false;
    return berm_glob_match(m->kind, kind);
}

/* A kind described for one target is there under every target whose kinds are that one's. */
static bool is_wanted_by(const struct berm_policy_index *index, const berm_matcher *m,
                         berm_str target, berm_str kind)
{
    if (m->owner == BERM_OWNER_KIND && !index->kind_wanted[m->row]) return false;
    bool meets = m->target.len == 0 || target.len == 0 || berm_str_equal(m->target, target) ||
                 berm_str_equal(m->kinds_of, target);
    return meets && matches_name(m, kind, true);
}

static uint32_t first_exact(const struct berm_policy_index *index, uint64_t hash)
{
    uint32_t low = 0, high = index->exact.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (index->exact.items[middle].hash < hash) low = middle + 1;
        else high = middle;
    }
    return low;
}

static bool is_kind_wanted(const struct berm_policy_index *index, berm_str target, berm_str kind)
{
    uint64_t hash = hash_kind(kind);
    for (uint32_t i = first_exact(index, hash);
         i < index->exact.count && index->exact.items[i].hash == hash; i++)
        if (is_wanted_by(index, &index->exact.items[i], target, kind)) return true;
    for (uint32_t i = 0; i < index->globs.count; i++)
        if (is_wanted_by(index, &index->globs.items[i], target, kind)) return true;
    return false;
}

/* A kind is worth deriving when a guardrail, or a kind that is worth it, matches its name. */
static void find_wanted_kinds(struct berm_policy_index *index, const berm_image *image)
{
    for (uint32_t pass = 0; pass < BERM_KIND_DEPTH_MAX; pass++) {
        bool changed = false;
        for (uint32_t k = 0; k < image->kind_count; k++) {
            const berm_img_kind *kind = &image->kinds[k];
            if (index->kind_wanted[k]) continue;
            index->kind_wanted[k] = is_kind_wanted(index, berm_image_text(image, kind->target),
                                                   berm_image_text(image, kind->name));
            changed |= index->kind_wanted[k];
        }
        if (!changed) return;
    }
}

static bool block_reads_slot(const berm_image *image, const berm_img_block *block, uint32_t slot)
{
    const berm_ins *ins = image->code + block->code;
    for (uint32_t i = 0; i < block->code_count; i += berm_op_infos[ins[i].op].words)
        if (ins[i].op == BERM_OP_VAR && ins[i].w == slot) return true;
    return false;
}

static bool reads_path(const berm_image *image, uint32_t block)
{
    return block != BERM_NO_ROW &&
           (block_reads_slot(image, &image->blocks[block], BERM_SLOT_PATH) ||
            block_reads_slot(image, &image->blocks[block], BERM_SLOT_PARENTS));
}

#if BERM_PART_FAST

/* Does the block look at the whole document and at nothing else? */
static bool reads_input_alone(const berm_image *image, uint32_t row)
{
    if (row == BERM_NO_ROW) return false;
    const berm_img_block *block = &image->blocks[row];
    const berm_ins *ins = image->code + block->code;
    for (uint32_t i = 0; i < block->code_count; i += berm_op_infos[ins[i].op].words) {
        bool call =
            ins[i].op == BERM_OP_CALL || ins[i].op == BERM_OP_ONCE || ins[i].op == BERM_OP_HOST;
        if (call || (ins[i].op == BERM_OP_VAR && ins[i].w != BERM_SLOT_INPUT)) return false;
    }
    return true;
}

/* The first steps of a path, where they are fields. */
static bool add_eager_steps(const berm_alloc *alloc, struct berm_policy_index *index,
                            const berm_image *image, berm_run_ref path)
{
    for (uint32_t i = 0; i < path.count; i++) {
        const berm_img_step *step = &image->steps[path.first + i];
        if (step->kind != BERM_STEP_FIELD && step->kind != BERM_STEP_EITHER) return true;
        if (!berm_array_push(alloc, &index->eager, berm_image_text(image, step->name)))
            return false;
        if (step->kind == BERM_STEP_FIELD) return true;
    }
    return true;
}

static bool find_eager_of(const berm_alloc *alloc, struct berm_policy_index *index,
                          const berm_image *image, const berm_img_target *target)
{
    berm_run_ref listings = target->listings, nodes[2] = {target->configuration, target->through};
    for (uint32_t i = listings.first; i < listings.first + listings.count; i++)
        if (!index->listing_asks_once[i] &&
            !add_eager_steps(alloc, index, image, image->listings[i].path))
            return false;
    for (uint32_t k = 0; k < 2; k++)
        for (uint32_t i = nodes[k].first; i < nodes[k].first + nodes[k].count; i++)
            if (!add_eager_steps(alloc, index, image, image->nodes[i].path)) return false;
    return true;
}

static bool find_eager(const berm_alloc *alloc, struct berm_policy_index *index,
                       const berm_image *image)
{
    if (image->listing_count > 0) {
        index->listing_asks_once =
            berm_mem_new(alloc, image->listing_count * sizeof *index->listing_asks_once);
        if (!index->listing_asks_once) return false;
    }
    for (uint32_t i = 0; i < image->listing_count; i++)
        index->listing_asks_once[i] = reads_input_alone(image, image->listings[i].where);
    if (image->target_count == 0) return true;
    index->eager_ends = berm_mem_new(alloc, image->target_count * sizeof *index->eager_ends);
    if (!index->eager_ends) return false;
    index->target_count = image->target_count;
    for (uint32_t t = 0; t < image->target_count; t++) {
        if (!find_eager_of(alloc, index, image, &image->targets[t])) return false;
        index->eager_ends[t] = index->eager.count;
    }
    return true;
}

#endif

static bool find_path_readers(const berm_alloc *alloc, struct berm_policy_index *index,
                              const berm_image *image)
{
    if (image->listing_count == 0) return true;
    index->listing_reads_path =
        berm_mem_new(alloc, image->listing_count * sizeof *index->listing_reads_path);
    if (!index->listing_reads_path) return false;
    index->listing_count = image->listing_count;
    for (uint32_t i = 0; i < image->listing_count; i++) {
        const berm_img_listing *l = &image->listings[i];
        const uint32_t blocks[] = {
            l->where,     l->kind,       l->name,       l->address, l->object,    l->action,
            l->unknown,   l->module,     l->old_object, l->tags,    l->request,   l->provider,
            l->sensitive, l->configured, l->names,      l->refers,  l->may_refer, l->old_sensitive};
        for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++)
            index->listing_reads_path[i] |= reads_path(image, blocks[b]);
    }
    return true;
}

static bool fill_index(const berm_alloc *alloc, struct berm_policy_index *index,
                       const berm_image *image)
{
    for (uint32_t g = 0; g < image->guardrail_count; g++)
        if (!add_matchers(alloc, index, image, image->guardrails[g].matches, BERM_OWNER_GUARDRAIL,
                          g))
            return false;
    for (uint32_t k = 0; k < image->kind_count; k++)
        if (!add_matchers(alloc, index, image, image->kinds[k].of, BERM_OWNER_KIND, k))
            return false;
    if (image->kind_count) {
        index->kind_wanted = berm_mem_new(alloc, image->kind_count);
        if (!index->kind_wanted) return false;
        index->kind_count = image->kind_count;
    }
    sort_matchers(index->exact.items, index->exact.count);
    find_wanted_kinds(index, image);
    if (!find_path_readers(alloc, index, image)) return false;
#if BERM_PART_FAST
    if (!find_eager(alloc, index, image)) return false;
#endif
    index->reads_resource = (image->slots_read >> BERM_SLOT_RESOURCE & 1) ||
                            (image->slots_read >> BERM_SLOT_PARENT_RESOURCE & 1);
    return true;
}

struct berm_policy_index *berm_index_new(const berm_alloc *alloc, const berm_image *image)
{
    struct berm_policy_index *index = berm_mem_new(alloc, sizeof *index);
    if (!index) return NULL;
    if (fill_index(alloc, index, image)) return index;
    berm_index_free(alloc, index);
    return NULL;
}

void berm_index_free(const berm_alloc *alloc, struct berm_policy_index *index)
{
    if (!index) return;
    berm_array_free(alloc, &index->exact);
    berm_array_free(alloc, &index->globs);
    berm_mem_free(alloc, index->kind_wanted, index->kind_count);
    berm_mem_free(alloc, index->listing_reads_path,
                  index->listing_count * sizeof *index->listing_reads_path);
#if BERM_PART_FAST
    if (index->listing_asks_once)
        berm_mem_free(alloc, index->listing_asks_once,
                      index->listing_count * sizeof *index->listing_asks_once);
    berm_array_free(alloc, &index->eager);
    berm_mem_free(alloc, index->eager_ends, index->target_count * sizeof *index->eager_ends);
#endif
    berm_mem_free(alloc, index, sizeof *index);
}

/* --- plans --- */

void berm_plans_init(berm_plans *plans, const berm_alloc *alloc)
{
    *plans = (berm_plans){.alloc = alloc, .salt = berm_hash_salt(plans)};
    berm_arena_init(&plans->arena, alloc);
}

void berm_plans_free(berm_plans *plans)
{
    berm_plans_bind(plans, NULL);
    berm_array_free(plans->alloc, &plans->rows);
}

void berm_plans_bind(berm_plans *plans, const berm_policy *policy)
{
    berm_arena_free(&plans->arena);
    berm_arena_init(&plans->arena, plans->alloc);
    berm_array_free(plans->alloc, &plans->plans);
    berm_mem_free(plans->alloc, plans->slots, plans->slot_count * sizeof *plans->slots);
    plans->slots = NULL;
    plans->slot_count = 0;
    plans->policy = policy;
}

static uint32_t find_plan_slot(const berm_plans *plans, uint32_t target, berm_str kind,
                               bool derived)
{
    uint64_t hash = berm_hash_salted(kind.ptr, kind.len, plans->salt);
    uint32_t mask = plans->slot_count - 1, at = (uint32_t)hash & mask;
    while (plans->slots[at]) {
        const berm_plan *p = &plans->plans.items[plans->slots[at] - 1];
        if (p->target == target && p->derived == derived && berm_str_equal(p->kind, kind)) break;
        at = (at + 1) & mask;
    }
    return at;
}

static bool grow_plan_slots(berm_plans *plans)
{
    if (plans->slot_count / 2 > plans->plans.count) return true;
    uint32_t count = plans->slot_count ? plans->slot_count * 2 : 64;
    uint32_t *slots = berm_mem_new(plans->alloc, count * sizeof *slots);
    if (!slots) return false;
    berm_mem_free(plans->alloc, plans->slots, plans->slot_count * sizeof *slots);
    plans->slots = slots;
    plans->slot_count = count;
    for (uint32_t i = 0; i < plans->plans.count; i++) {
        const berm_plan *p = &plans->plans.items[i];
        slots[find_plan_slot(plans, p->target, p->kind, p->derived)] = i + 1;
    }
    return true;
}

/* A resource's target, and the one whose kinds it has. */
typedef struct plan_target {
    berm_str name, kinds_of;
} plan_target;

static bool collect_row(berm_plans *plans, const berm_matcher *m, berm_owner owner,
                        const plan_target *target, const berm_plan *plan)
{
    bool meets = m->target.len == 0 || target->name.len == 0 ||
                 berm_str_equal(m->target, target->name) ||
                 berm_str_equal(m->target, target->kinds_of);
    if (m->owner != owner || !meets || !matches_name(m, plan->kind, plan->derived)) return true;
    if (owner == BERM_OWNER_KIND && !plans->policy->index->kind_wanted[m->row]) return true;
    return berm_array_push(plans->alloc, &plans->rows, m->row);
}

static int order_rows(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Several matchers of one guardrail may hit the same kind: sort and drop the repeats. */
static uint32_t unique_rows(uint32_t *rows, uint32_t count)
{
    if (count == 0) return 0;
    qsort(rows, count, sizeof *rows, order_rows);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < count; i++)
        if (rows[i] != rows[kept - 1]) rows[kept++] = rows[i];
    return kept;
}

static bool collect_rows(berm_plans *plans, berm_owner owner, const berm_plan *plan,
                         const uint32_t **out, uint32_t *count)
{
    const berm_image *image = &plans->policy->image;
    const struct berm_policy_index *index = plans->policy->index;
    plan_target target = {.name = BERM_STR(""), .kinds_of = BERM_STR("")};
    if (plan->target != BERM_NO_ROW) {
        target.name = berm_image_text(image, image->targets[plan->target].name);
        target.kinds_of = berm_image_text(image, image->targets[plan->target].kinds_of);
    }
    plans->rows.count = 0;
    for (uint32_t i = first_exact(index, plan->hash);
         i < index->exact.count && index->exact.items[i].hash == plan->hash; i++)
        if (!collect_row(plans, &index->exact.items[i], owner, &target, plan)) return false;
    for (uint32_t i = 0; i < index->globs.count; i++)
        if (!collect_row(plans, &index->globs.items[i], owner, &target, plan)) return false;
    *count = unique_rows(plans->rows.items, plans->rows.count);
    if (*count == 0) return true;
    uint32_t *rows = berm_arena_alloc(&plans->arena, *count * sizeof *rows);
    if (!rows) return false;
    memcpy(rows, plans->rows.items, *count * sizeof *rows);
    *out = rows;
    return true;
}

const berm_plan *berm_plans_find(berm_plans *plans, uint32_t target, berm_str kind, bool derived)
{
    if (!grow_plan_slots(plans)) return NULL;
    uint32_t at = find_plan_slot(plans, target, kind, derived);
    if (plans->slots[at]) return &plans->plans.items[plans->slots[at] - 1];
    berm_plan plan = {.target = target, .derived = derived, .hash = hash_kind(kind)};
    if (!berm_arena_copy(&plans->arena, kind, &plan.kind)) return NULL;
    if (!collect_rows(plans, BERM_OWNER_GUARDRAIL, &plan, &plan.guardrails, &plan.guardrail_count))
        return NULL;
    if (!collect_rows(plans, BERM_OWNER_KIND, &plan, &plan.kinds, &plan.kind_count)) return NULL;
    if (!berm_array_push(plans->alloc, &plans->plans, plan)) return NULL;
    plans->slots[at] = plans->plans.count;
    return &plans->plans.items[plans->plans.count - 1];
}
