#include "policy/explain.h"

#include "base/hash.h"
#include "policy/words.h"

/* --- the record that expressions see as `resource` --- */

static berm_cell make_record_text(berm_space *space, berm_str text)
{
    return berm_space_string(space, text);
}

static berm_cell make_location(berm_runner *runner, const berm_resource *r)
{
    const berm_run *run = runner->run;
    if (!run || r->input >= run->input_count) return berm_cell_of(BERM_TAG_NULL);
    return make_record_text(&runner->vm.space, runner->decision.docs.items[r->input]->name);
}

static berm_str target_name(const berm_runner *runner, const berm_resource *r)
{
    if (r->target == BERM_NO_ROW) return BERM_STR("");
    const berm_image *image = &runner->policy->image;
    return berm_image_text(image, image->targets[r->target].name);
}

static berm_cell make_record_part(berm_runner *runner, const berm_resource *r, berm_record part)
{
    berm_space *space = &runner->vm.space;
    switch (part) {
    case BERM_RECORD_KIND: return make_record_text(space, r->kind);
    case BERM_RECORD_NAME: return make_record_text(space, r->name);
    case BERM_RECORD_ADDRESS: return make_record_text(space, r->address);
    case BERM_RECORD_ACTION:
        return make_record_text(space, berm_str_of(berm_action_word(r->action)));
    case BERM_RECORD_PROVIDER: return make_record_text(space, r->provider);
    case BERM_RECORD_MODULE: return make_record_text(space, r->module);
    case BERM_RECORD_TARGET: return make_record_text(space, target_name(runner, r));
    case BERM_RECORD_TAGS: return r->tags;
    case BERM_RECORD_ITEM:
        return r->item.tag == BERM_TAG_MISSING ? berm_cell_of(BERM_TAG_NULL) : r->item;
    case BERM_RECORD_LOCATION: return make_location(runner, r);
    default: return berm_cell_of(BERM_TAG_NULL);
    }
}

static berm_cell null_if_missing(berm_cell c)
{
    return c.tag == BERM_TAG_MISSING ? berm_cell_of(BERM_TAG_NULL) : c;
}

berm_cell berm_resource_record(berm_runner *runner, const berm_resource *r, bool joined)
{
    berm_cell map = berm_cell_of(BERM_TAG_MAP);
    uint32_t count = BERM_RECORD_COUNT + (joined ? 2 : 0);
    berm_cell *members = berm_space_cells(&runner->vm.space, 2 * count, &map);
    if (!members) return berm_cell_of(BERM_TAG_NULL);
    for (uint32_t i = 0; i < count; i++) {
        members[2 * i] = runner->record_keys[i];
        members[2 * i].store = runner->record_store_id;
        members[2 * i + 1] =
            i < BERM_RECORD_COUNT
                ? make_record_part(runner, r, (berm_record)i)
                : null_if_missing(i > BERM_RECORD_COUNT ? r->old_object : r->object);
    }
    map.as.ref.len = count;
    return map;
}

void berm_resource_bind(berm_runner *runner, berm_resource *r)
{
    berm_cell *slots = runner->vm.slots;
    runner->judged = r;
    if (berm_runner_reads(runner) && r->record.tag == BERM_TAG_MISSING)
        r->record = berm_resource_record(runner, r, false);
    slots[BERM_SLOT_OBJECT] = null_if_missing(r->object);
    slots[BERM_SLOT_OLD_OBJECT] = null_if_missing(r->old_object);
    slots[BERM_SLOT_RESOURCE] = r->record;
    slots[BERM_SLOT_PARENT] =
        r->parent ? null_if_missing(r->parent->object) : berm_cell_of(BERM_TAG_NULL);
    slots[BERM_SLOT_PARENT_RESOURCE] =
        r->parent ? null_if_missing(r->parent->record) : berm_cell_of(BERM_TAG_NULL);
    slots[BERM_SLOT_ITEM] = slots[BERM_SLOT_KEY] = berm_cell_of(BERM_TAG_MISSING);
}

/* --- derived resources --- */

berm_status berm_resource_number(berm_runner *runner, berm_resource *r)
{
    uint64_t hash = berm_hash_salted(r->kind.ptr, r->kind.len, runner->salt + r->action);
    hash = berm_hash_salted(r->address.ptr, r->address.len, hash);
    uint32_t count = berm_seen_count(&runner->seen, runner->alloc, hash);
    if (count == 1) return BERM_OK;
    if (count == 0) return BERM_E_NOMEM;
    char suffix[16];
    berm_format_into(suffix, sizeof suffix, " (%u)", count);
    berm_str tail = berm_str_of(suffix);
    berm_cell place;
    uint64_t len = (uint64_t)r->address.len + tail.len;
    char *at = len > UINT32_MAX ? NULL : berm_space_text(&runner->vm.space, (uint32_t)len, &place);
    if (!at) return runner->vm.space.status;
    memcpy(at, r->address.ptr, r->address.len);
    memcpy(at + r->address.len, tail.ptr, tail.len);
    r->address = (berm_str){at, (size_t)len};
    return BERM_OK;
}

/* Address of a part: below its parent's, by name where it has one, else by position. */
static bool make_part_address(berm_runner *runner, berm_resource *part, bool numbered,
                              uint32_t index)
{
    char digits[16];
    berm_str tail = part->name;
    if (!tail.len && numbered) {
        berm_format_into(digits, sizeof digits, "%u", index);
        tail = berm_str_of(digits);
    }
    berm_str above = part->parent->address;
    size_t len = above.len + 1 + part->kind.len + (tail.len ? 1 + tail.len : 0);
    berm_cell place = berm_cell_of(BERM_TAG_STRING);
    char *at = len > UINT32_MAX ? NULL : berm_space_text(&runner->vm.space, (uint32_t)len, &place);
    if (!at) return false;
    part->address = (berm_str){at, len};
    memcpy(at, above.ptr, above.len);
    at += above.len;
    *at++ = '/';
    memcpy(at, part->kind.ptr, part->kind.len);
    at += part->kind.len;
    if (tail.len) {
        *at++ = '/';
        memcpy(at, tail.ptr, tail.len);
    }
    return true;
}

static void inherit_parts(berm_resource *part, const berm_resource *parent)
{
    part->parent = parent;
    part->target = parent->target;
    part->input = parent->input;
    part->depth = parent->depth + 1;
    part->action = parent->action;
    part->provider = parent->provider;
    part->module = parent->module;
    part->tags = parent->tags;
    part->sensitive = parent->sensitive;
    part->configurable = parent->configurable;
    part->old_object = berm_cell_of(BERM_TAG_NULL);
    part->record = berm_cell_of(BERM_TAG_MISSING);
}

static void bind_element(berm_runner *runner, berm_cell item, berm_cell key)
{
    runner->vm.slots[BERM_SLOT_ITEM] = item;
    runner->vm.slots[BERM_SLOT_KEY] = key;
}

static berm_status fill_part(berm_runner *runner, const berm_img_kind *kind, berm_resource *part,
                             bool numbered, uint32_t index)
{
    berm_cell name, object;
    berm_status status = berm_runner_part(runner, kind->item_name, &name);
    if (status) return status;
    status = berm_runner_part(runner, kind->object, &object);
    if (status) return status;
    part->object = object.tag == BERM_TAG_MISSING ? part->item : object;
    part->kind = berm_image_text(&runner->policy->image, kind->name);
    if (name.tag == BERM_TAG_STRING && !(name.flags & BERM_CELL_SENSITIVE))
        part->name = berm_text_of(&runner->vm.space, name);
    return make_part_address(runner, part, numbered, index) ? BERM_OK : runner->vm.space.status;
}

/* Something that should be there could not be worked out: it must not vanish. */
static berm_status report_underived(berm_runner *runner, berm_resource *r, berm_cell why)
{
    bool unknown = why.tag == BERM_TAG_UNKNOWN;
    berm_verdict_in in = {.resource = r,
                          .guardrail = BERM_NO_ROW,
                          .rule = BERM_NO_ROW,
                          .verdict = unknown ? BERM_VERDICT_UNKNOWN : BERM_VERDICT_ERROR,
                          .result = why,
                          .message =
                              unknown ? BERM_STR("its parts are not known yet") : BERM_STR("")};
    return berm_finding_add(runner, &in);
}

static berm_status visit_element(berm_runner *runner, berm_resource *r, const berm_img_kind *kind,
                                 berm_cell item, berm_cell key, uint32_t index, bool numbered)
{
    berm_space_mark mark = berm_space_position(&runner->vm.space);
    berm_resource part = {.item = item, .key = key};
    inherit_parts(&part, r);
    bind_element(runner, item, key);
    berm_vm_scope(&runner->vm);
    berm_status status = fill_part(runner, kind, &part, numbered, index);
    if (!status) status = berm_resource_number(runner, &part);
    if (!status) status = berm_resource_visit(runner, &part);
    r->matched |= part.matched;
    berm_space_release(&runner->vm.space, mark);
    if (!status) berm_resource_bind(runner, r);
    return status;
}

static berm_status derive_kind(berm_runner *runner, berm_resource *r, const berm_img_kind *kind)
{
    berm_space *space = &runner->vm.space;
    berm_cell parts;
    berm_resource_bind(runner, r);
    berm_vm_scope(&runner->vm);
    berm_status status = berm_vm_run(&runner->vm, kind->each, &parts);
    if (status) return status;
    if (parts.tag != BERM_TAG_LIST && parts.tag != BERM_TAG_MAP)
        return report_underived(runner, r, parts);
    uint32_t count = parts.as.ref.len;
    for (uint32_t i = 0; i < count && !status; i++) {
        bool map = parts.tag == BERM_TAG_MAP;
        berm_cell key = map ? berm_map_key_at(space, parts, i) : berm_cell_int(i);
        berm_cell item = map ? berm_map_value_at(space, parts, i) : berm_list_at(space, parts, i);
        status = visit_element(runner, r, kind, item, key, i, count > 1);
    }
    /* There may be more than these. */
    if (!status && parts.flags & BERM_CELL_OPEN)
        status = report_underived(runner, r, berm_cell_of(BERM_TAG_UNKNOWN));
    return status;
}

/* The guardrails that are not in the plan, told why, where the run asks. */
static berm_status explain_unmatched(berm_runner *runner, const berm_resource *r,
                                     const berm_plan *plan)
{
    const berm_image *image = &runner->policy->image;
    berm_status status = BERM_OK;
    uint32_t at = 0;
    for (uint32_t g = 0; g < image->guardrail_count && !status; g++) {
        if (at < plan->guardrail_count && plan->guardrails[at] == g) at++;
        else if (image->guardrails[g].matches.count)
            status = berm_explain_skip(runner, r, g, BERM_UNSEEN_KIND);
    }
    return status;
}

/* A kind that is new is held against every pattern of the set: documents may name very many. */
static const berm_plan *find_plan(berm_runner *runner, const berm_resource *r)
{
    uint32_t known = runner->plans.plans.count;
    const berm_plan *plan = berm_plans_find(&runner->plans, r->target, r->kind, r->depth > 0);
    uint64_t patterns = runner->policy->index->globs.count;
    if (plan && runner->plans.plans.count > known)
        berm_space_spend(&runner->vm.space, patterns * (4 + r->kind.len / 8));
    return plan;
}

berm_status berm_resource_visit(berm_runner *runner, berm_resource *r)
{
    const berm_plan *found = find_plan(runner, r);
    if (!found) return BERM_E_NOMEM;
    if (runner->vm.space.status) return runner->vm.space.status;
    berm_plan plan = *found; /* visiting parts may move the plans; the rows stay where they are */
#if BERM_PART_FUSED
    runner->vm.scene++;
#endif
    for (uint32_t i = 0; i < plan.guardrail_count; i++) {
#if BERM_PART_FUSED
        i += berm_judge_closed(runner, r, plan.guardrails + i, plan.guardrail_count - i);
        if (i == plan.guardrail_count) break;
#endif
        berm_status status = berm_judge(runner, r, plan.guardrails[i]);
        if (status) return status;
    }
    if (runner->run && runner->run->flags & BERM_RUN_EXPLAIN) {
        berm_status status = explain_unmatched(runner, r, &plan);
        if (status) return status;
    }
    bool absent = r->object.tag == BERM_TAG_NULL || r->object.tag == BERM_TAG_MISSING;
    if (absent || r->depth == BERM_KIND_DEPTH_MAX) return BERM_OK; /* what goes away has no parts */
    for (uint32_t i = 0; i < plan.kind_count; i++) {
        berm_status status = derive_kind(runner, r, &runner->policy->image.kinds[plan.kinds[i]]);
        if (status) return status;
    }
    return BERM_OK;
}
