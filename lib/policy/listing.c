/* Walks a target's resource paths through a document. A path is a run of STEP rows; a repeated
   group (zero or more times) is tried both ways at its start, and its end goes back to its
   start. */
#include "policy/runner.h"

#include "base/parts.h"
#include "policy/values.h"
#include "policy/words.h"
#include "vm/exec.h"

/* Deeper than any document may nest, so only a path that makes no progress gets there. */
#define PATH_DEPTH_MAX 2048u

typedef struct listing_walk {
    berm_runner *runner;
    berm_run_ref path;               /* STEP rows */
    const berm_img_listing *listing; /* of resources; or else */
    const berm_img_node *node;       /* of what is configured */
    bool through;                    /* of what hands on references */
    uint32_t input, target;
    bool reads_path; /* some expression mentions `path` or `parents` */
} listing_walk;

/* A place on the path: the node, its key or index, the list element or map value it is or lies
   in, and the one around it (what expressions call `parent`). */
typedef struct path_place {
    berm_cell node, key, inner, outer;
    const struct path_element *element; /* the innermost one that led here */
    bool is_element;                    /* it is the node itself */
} path_place;

/* The list elements and map values that the path led through, from the inside. */
typedef struct path_element {
    berm_cell node, key;
    const struct path_element *outer;
    uint32_t depth; /* elements around it */
} path_element;

static berm_status walk_path(const listing_walk *walk, uint32_t step, path_place at,
                             uint32_t depth);

/* --- the parts of one entry --- */

/* What cannot be read must not vanish: an error of its own. Nobody has asked yet what is sensitive
   in the entry, and the error may name a part of it. */
static berm_status report_unreadable(const listing_walk *walk, berm_resource *r, berm_cell why,
                                     const char *message)
{
    if (walk->listing->sensitive != BERM_NO_ROW) {
        r->sensitive = true;
        why.flags |= BERM_CELL_SENSITIVE;
    }
    berm_verdict_in in = {.resource = r,
                          .guardrail = BERM_NO_ROW,
                          .rule = BERM_NO_ROW,
                          .verdict = BERM_VERDICT_ERROR,
                          .witness = r->item,
                          .message = berm_str_of(message)};
    if (why.tag == BERM_TAG_ERROR) in.result = why;
    return berm_finding_add(walk->runner, &in);
}

static berm_status read_text_part(berm_runner *runner, uint32_t block, berm_str *out)
{
    berm_cell c;
    berm_status status = berm_runner_part(runner, block, &c);
    *out = BERM_STR("");
    if (!status && c.tag == BERM_TAG_STRING) *out = berm_text_of(&runner->vm.space, c);
    return status;
}

static berm_status read_action(berm_runner *runner, uint32_t block, uint32_t *action)
{
    berm_str word;
    berm_status status = read_text_part(runner, block, &word);
    int number = berm_action_number(word);
    *action = number < 0 ? BERM_ACTION_NONE : (uint32_t)number;
    return status;
}

/* A mask that errs or is not known must not show what it would have hidden. */
static berm_cell make_mask_safe(berm_cell mask)
{
    bool told = mask.tag != BERM_TAG_ERROR && mask.tag != BERM_TAG_UNKNOWN;
    return told ? mask : berm_cell_bool(true);
}

static bool holds_sensitive(berm_runner *runner, berm_cell object, berm_cell old)
{
    berm_cell both[2] = {object, old};
    uint8_t flags = 0;
    berm_vm_survey(&runner->vm, both, 2, &flags);
    return flags & BERM_CELL_SENSITIVE;
}

/* What is sensitive now was so before. The raw entry and the request hold the same values, without
   marks. */
static berm_status hide_values(const listing_walk *walk, berm_resource *r, berm_cell mask,
                               berm_cell old_mask)
{
    berm_runner *runner = walk->runner;
    berm_space *space = &runner->vm.space;
    mask = make_mask_safe(mask);
    old_mask = make_mask_safe(old_mask);
    r->object = berm_overlay(space, r->object, mask, BERM_MARK_SENSITIVE);
    r->old_object = berm_overlay(space, r->old_object, mask, BERM_MARK_SENSITIVE);
    r->old_object = berm_overlay(space, r->old_object, old_mask, BERM_MARK_SENSITIVE);
    r->sensitive = r->sensitive || holds_sensitive(runner, r->object, r->old_object);
    if (r->sensitive) r->item.flags |= BERM_CELL_SENSITIVE;
    return space->status;
}

/* *fault becomes the error of a part that cannot be told. What is sensitive is then not known:
   nothing of the entry is shown. */
static berm_status read_object(const listing_walk *walk, berm_resource *r, berm_cell *fault)
{
    berm_runner *runner = walk->runner;
    const berm_img_listing *l = walk->listing;
    const uint32_t blocks[] = {l->object, l->old_object, l->unknown, l->sensitive,
                               l->old_sensitive};
    berm_cell parts[5];
    for (uint32_t i = 0; i < 5; i++) {
        berm_status status = berm_runner_part(runner, blocks[i], &parts[i]);
        if (status) return status;
        if (parts[i].tag == BERM_TAG_ERROR) *fault = parts[i];
    }
    if (fault->tag == BERM_TAG_ERROR) {
        r->sensitive = true;
        return BERM_OK;
    }
    r->object = l->object == BERM_NO_ROW ? r->item : parts[0];
    r->object = berm_values_mark(runner, walk->target, r->object, &r->sensitive);
    r->old_object = berm_values_mark(runner, walk->target, parts[1], &r->sensitive);
    berm_cell unknown = berm_configuration_mask(runner, r->configured, parts[2], parts[3]);
    r->object = berm_overlay(&runner->vm.space, r->object, unknown, BERM_MARK_UNKNOWN);
    return hide_values(walk, r, parts[3], parts[4]);
}

/* What expressions of guardrails see as `request`: null where a listing has none. */
static berm_status read_request(const listing_walk *walk, const berm_resource *r)
{
    berm_cell request;
    berm_status status = berm_runner_part(walk->runner, walk->listing->request, &request);
    if (request.tag == BERM_TAG_MISSING || request.tag == BERM_TAG_ERROR)
        request = berm_cell_of(BERM_TAG_NULL);
    if (r->sensitive && request.tag != BERM_TAG_NULL) request.flags |= BERM_CELL_SENSITIVE;
    walk->runner->vm.slots[BERM_SLOT_REQUEST] = request;
    return status;
}

static berm_status read_parts(const listing_walk *walk, berm_resource *r, berm_cell *fault)
{
    berm_runner *runner = walk->runner;
    const berm_img_listing *l = walk->listing;
    berm_str configured;
    berm_status status = read_text_part(runner, l->configured, &configured);
    r->configurable = l->configured != BERM_NO_ROW;
    r->part = BERM_NO_NAME;
    if (r->configurable) r->part = berm_configuration_find(runner, configured);
    if (r->part != BERM_NO_NAME) r->configured = runner->configuration.parts.items[r->part].object;
    if (!status) status = read_text_part(runner, l->name, &r->name);
    if (!status) status = read_text_part(runner, l->address, &r->address);
    if (!status) status = read_text_part(runner, l->provider, &r->provider);
    if (!status) status = read_text_part(runner, l->module, &r->module);
    if (!status) status = read_action(runner, l->action, &r->action);
    if (!status) status = read_object(walk, r, fault);
    if (!status) status = read_request(walk, r);
    runner->vm.slots[BERM_SLOT_OBJECT] =
        r->object; /* tags are read from the object as it will be judged */
    if (!status) status = berm_runner_part(runner, l->tags, &r->tags);
    if (r->tags.tag != BERM_TAG_MAP && r->tags.tag != BERM_TAG_UNKNOWN) {
        r->tags = berm_cell_of(BERM_TAG_MAP);
        berm_space_cells(&runner->vm.space, 0, &r->tags);
    }
    if (!r->address.len) r->address = r->name.len ? r->name : r->kind;
    if (runner->limited.tag == BERM_TAG_ERROR) *fault = runner->limited;
    return status ? status : runner->vm.space.status;
}

/* `path`: the keys of the elements from the outside; `parents`: the elements themselves, without
   the entry where it is one. */
static void bind_path(const listing_walk *walk, const path_place *at)
{
    berm_vm *vm = &walk->runner->vm;
    berm_cell keys = berm_cell_of(BERM_TAG_LIST), parents = keys;
    const path_element *e = at->element;
    uint32_t depth = e ? e->depth + 1 : 0;
    berm_cell *key_cells = berm_space_cells(&vm->space, depth, &keys);
    berm_cell *parent_cells = berm_space_cells(&vm->space, depth, &parents);
    if (!key_cells || !parent_cells) return;
    for (; e; e = e->outer) {
        key_cells[e->depth] = e->key;
        parent_cells[e->depth] = e->node;
    }
    if (at->is_element) parents.as.ref.len--;
    vm->slots[BERM_SLOT_PATH] = keys;
    vm->slots[BERM_SLOT_PARENTS] = parents;
}

static berm_status bind_entry(const listing_walk *walk, const path_place *at)
{
    berm_runner *runner = walk->runner;
    berm_cell *slots = runner->vm.slots;
    berm_runner_clear(runner);
    runner->limited = berm_cell_of(BERM_TAG_MISSING);
    slots[BERM_SLOT_ITEM] = at->node;
    slots[BERM_SLOT_KEY] = at->key;
    slots[BERM_SLOT_PARENT] = at->outer;
    if (walk->reads_path) bind_path(walk, at);
    berm_vm_scope(&runner->vm);
    return runner->vm.space.status;
}

static berm_status visit_kind(const listing_walk *walk, berm_resource *r, berm_cell kind)
{
    berm_runner *runner = walk->runner;
    berm_cell fault = berm_cell_of(BERM_TAG_MISSING);
    r->kind = berm_text_of(&runner->vm.space, kind);
    r->entry = berm_runner_links(runner, walk->target)->next++;
    berm_status status = read_parts(walk, r, &fault);
    if (!status) status = berm_resource_number(runner, r);
#if BERM_PART_GOVERNANCE
    if (!status && fault.tag != BERM_TAG_ERROR) berm_before_match(runner, r, r->address);
#endif
    if (!status && fault.tag == BERM_TAG_ERROR) {
        r->matched = true; /* in a way: it is not passed over */
        status =
            report_unreadable(walk, r, fault, "the target cannot tell what this resource holds");
    } else if (!status) {
        status = berm_resource_visit(runner, r);
    }
    runner->decision.summary.resources++;
    runner->decision.summary.unmatched += !r->matched;
    return status;
}

/* Is it a document that another one is compared with? */
static bool is_recording(const berm_runner *runner)
{
#if BERM_PART_GOVERNANCE
    return runner->before.recording;
#else
    (void)runner;
    return false;
#endif
}

/* For its links: what it holds stays until these are forgotten. */
static berm_status index_entry(const listing_walk *walk, berm_resource *r, berm_cell kind)
{
    berm_runner *runner = walk->runner;
    const berm_img_listing *l = walk->listing;
    berm_links *links = berm_runner_links(runner, walk->target);
    berm_cell fault = berm_cell_of(BERM_TAG_MISSING);
    if (kind.tag != BERM_TAG_STRING) {
        if (!is_recording(runner)) links->open = true;
        return BERM_OK;
    }
    r->kind = berm_text_of(&runner->vm.space, kind);
    berm_status status = read_parts(walk, r, &fault);
    if (fault.tag == BERM_TAG_ERROR) r->object = berm_cell_of(BERM_TAG_UNKNOWN);
#if BERM_PART_GOVERNANCE
    if (!status && runner->before.recording) status = berm_resource_number(runner, r);
    if (runner->before.recording) return status ? status : berm_before_add(runner, r);
#endif
    if (!status) status = berm_runner_part(runner, l->names, &r->names);
    if (!status) status = berm_runner_part(runner, l->refers, &r->refers);
    if (!status) status = berm_runner_part(runner, l->may_refer, &r->may_refer);
    if (runner->limited.tag == BERM_TAG_ERROR) links->open = true;
    return status ? status : berm_links_add(runner, links, r);
}

/* An entry whose `where` is not plainly true is no resource of this listing; one that errs is
   reported below, by its kind, when that errs as well. */
static berm_status visit_entry(const listing_walk *walk, const path_place *at)
{
    berm_runner *runner = walk->runner;
    berm_cell wanted, kind;
    berm_space_mark mark = berm_space_position(&runner->vm.space);
    berm_status status = bind_entry(walk, at);
    if (!status) status = berm_runner_part(runner, walk->listing->where, &wanted);
    if (status) return status;
    if (wanted.tag != BERM_TAG_MISSING && !berm_cell_is_true(wanted) &&
        !berm_runner_limited(wanted)) {
        berm_space_release(&runner->vm.space, mark);
        return BERM_OK;
    }
    berm_resource r = {.target = walk->target,
                       .input = walk->input,
                       .item = at->node,
                       .key = at->key};
    status = berm_runner_part(runner, walk->listing->kind, &kind);
    if (berm_runner_limited(wanted)) kind = wanted;
    if (!status && runner->indexing) return index_entry(walk, &r, kind);
    if (!status && kind.tag != BERM_TAG_STRING) {
        status = report_unreadable(walk, &r, kind,
                                   "the target cannot tell what kind of resource this is");
    } else if (!status) {
        status = visit_kind(walk, &r, kind);
    }
    berm_space_release(&runner->vm.space, mark);
    return status;
}

/* A part of the configuration stays until the next document: nothing is released. */
static berm_status visit_node(const listing_walk *walk, const path_place *at)
{
    berm_runner *runner = walk->runner;
    const berm_img_node *n = walk->node;
    berm_cell wanted = berm_cell_of(BERM_TAG_MISSING);
    berm_str name, scope;
    berm_configured part = {.through = walk->through};
    berm_status status = bind_entry(walk, at);
    if (!status) status = berm_runner_part(runner, n->where, &wanted);
    bool passed_over = wanted.tag != BERM_TAG_MISSING && !berm_cell_is_true(wanted) &&
                       !berm_runner_limited(wanted);
    if (status || passed_over) return status;
    status = read_text_part(runner, n->name, &name);
    if (!status) status = read_text_part(runner, n->scope, &scope);
    if (!status) status = berm_runner_part(runner, n->object, &part.object);
    if (!status) status = berm_runner_part(runner, n->each, &part.each);
    if (!status && runner->limited.tag == BERM_TAG_ERROR) {
        runner->vm.space.limit = BERM_D_EXPRESSION_ERROR;
        return BERM_E_LIMIT;
    }
    return status ? status : berm_configuration_add(runner, scope, name, &part);
}

/* --- the path --- */

static berm_status walk_children(const listing_walk *walk, uint32_t step, const path_place *at,
                                 uint32_t depth)
{
    const berm_space *space = &walk->runner->vm.space;
    berm_cell node = at->node;
    bool map = node.tag == BERM_TAG_MAP;
    for (uint32_t i = 0; i < node.as.ref.len; i++) {
        path_element element = {.outer = at->element,
                                .depth = at->element ? at->element->depth + 1 : 0};
        element.key = map ? berm_map_key_at(space, node, i) : berm_cell_int(i);
        element.node = map ? berm_map_value_at(space, node, i) : berm_list_at(space, node, i);
        path_place child = {.node = element.node,
                            .key = element.key,
                            .inner = element.node,
                            .outer = at->inner,
                            .element = &element,
                            .is_element = true};
        berm_status status = walk_path(walk, step + 1, child, depth + 1);
        if (status) return status;
    }
    return BERM_OK;
}

/* To the field of step `s`, if there is one, and on at `step`. */
static berm_status walk_field(const listing_walk *walk, const berm_img_step *s, uint32_t step,
                              const path_place *at, uint32_t depth)
{
    const berm_space *space = &walk->runner->vm.space;
    if (at->node.tag != BERM_TAG_MAP) return BERM_OK;
    berm_cell key = space->stores[BERM_STORE_IMAGE].cells[s->key];
    key.store = BERM_STORE_IMAGE;
    path_place member = {.key = key,
                         .inner = at->inner,
                         .outer = at->inner,
                         .element = at->element};
    member.node = berm_map_find(space, at->node, key, key.aux);
    return member.node.tag == BERM_TAG_MISSING ? BERM_OK : walk_path(walk, step, member, depth + 1);
}

static berm_status walk_path(const listing_walk *walk, uint32_t step, path_place at, uint32_t depth)
{
    if (depth > PATH_DEPTH_MAX) {
        berm_space_exceed(&walk->runner->vm.space, BERM_D_LIMIT_DEPTH);
        return BERM_E_LIMIT;
    }
    if (step == walk->path.count)
        return walk->node ? visit_node(walk, &at) : visit_entry(walk, &at);
    const berm_img_step *s = &walk->runner->policy->image.steps[walk->path.first + step];
    berm_status status;
    switch (s->kind) {
    case BERM_STEP_FIELD: return walk_field(walk, s, step + 1, &at, depth);
    case BERM_STEP_EITHER:
        status = walk_field(walk, s, s->jump, &at, depth);
        return status ? status : walk_path(walk, step + 1, at, depth + 1);
    case BERM_STEP_ELEMENTS:
        return at.node.tag == BERM_TAG_LIST ? walk_children(walk, step, &at, depth) : BERM_OK;
    case BERM_STEP_VALUES:
        return at.node.tag == BERM_TAG_MAP ? walk_children(walk, step, &at, depth) : BERM_OK;
    case BERM_STEP_CHILDREN:
        if (at.node.tag != BERM_TAG_MAP && at.node.tag != BERM_TAG_LIST) return BERM_OK;
        return walk_children(walk, step, &at, depth);
    case BERM_STEP_GROUP:
        status = walk_path(walk, s->jump + 1, at, depth + 1);
        return status ? status : walk_path(walk, step + 1, at, depth + 1);
    default: return walk_path(walk, s->jump, at, depth + 1);
    }
}

/* --- the whole document as one resource --- */

berm_status berm_runner_hide(berm_runner *runner, uint32_t target, berm_cell *root)
{
    const berm_image *image = &runner->policy->image;
    const berm_img_target *t = &image->targets[target];
    berm_cell mask;
    berm_vm_scope(&runner->vm);
    berm_status status = berm_runner_part(runner, t->sensitive, &mask);
    if (status) return status;
    mask = make_mask_safe(mask);
    for (uint32_t i = 0; t->sensitive == BERM_NO_ROW && i < t->listings.count; i++)
        if (image->listings[t->listings.first + i].sensitive != BERM_NO_ROW)
            mask = berm_cell_bool(true);
    *root = berm_overlay(&runner->vm.space, *root, mask, BERM_MARK_SENSITIVE);
    return runner->vm.space.status;
}

static berm_status visit_document(berm_runner *runner, uint32_t input, uint32_t target,
                                  berm_cell root)
{
    const berm_plan *plan =
        berm_plans_find(&runner->plans, target, BERM_STR(BERM_KIND_DOCUMENT), false);
    if (!plan) return BERM_E_NOMEM;
    if (plan->guardrail_count + plan->kind_count == 0) return BERM_OK;
    berm_space_mark mark = berm_space_position(&runner->vm.space);
    berm_resource r = {.target = target,
                       .input = input,
                       .kind = BERM_STR(BERM_KIND_DOCUMENT),
                       .name = runner->decision.docs.items[input]->name,
                       .item = root,
                       .entry = BERM_NO_ENTRY_ROW,
                       .tags = berm_cell_of(BERM_TAG_MAP)};
    r.address = r.name;
    r.object = berm_values_mark(runner, target, root, &r.sensitive);
    if (r.sensitive) r.item.flags |= BERM_CELL_SENSITIVE;
    berm_space_cells(&runner->vm.space, 0, &r.tags);
    berm_status status = berm_runner_hide(runner, target, &r.object);
    r.sensitive = r.sensitive || holds_sensitive(runner, r.object, r.object);
    if (!(r.item.flags & BERM_CELL_SENSITIVE)) r.item = r.object;
#if BERM_PART_GOVERNANCE
    berm_before_match(runner, &r, BERM_STR(""));
#endif
    if (!status) status = berm_resource_visit(runner, &r);
    berm_space_release(&runner->vm.space, mark);
    return status;
}

static berm_status start_walk(const listing_walk *walk, berm_cell root)
{
    berm_cell none = berm_cell_of(BERM_TAG_NULL);
    path_place start = {.node = root, .key = none, .inner = none, .outer = none};
    return walk_path(walk, 0, start, 0);
}

static berm_status list_nodes(berm_runner *runner, berm_run_ref nodes, bool through, berm_cell root)
{
    const berm_image *image = &runner->policy->image;
    berm_status status = BERM_OK;
    for (uint32_t i = nodes.first; i < nodes.first + nodes.count && !status; i++) {
        listing_walk walk = {.runner = runner,
                             .path = image->nodes[i].path,
                             .node = &image->nodes[i],
                             .through = through,
                             .reads_path = true};
        status = start_walk(&walk, root);
    }
    return status;
}

#if BERM_PART_FAST
/* Where `where` looks at the document alone, it is the same for all entries: then none is looked
   for that would not be wanted. */
static berm_status is_listing_wanted(berm_runner *runner, uint32_t listing, bool *wanted)
{
    berm_cell answer = berm_cell_bool(true);
    berm_status status = BERM_OK;
    if (runner->policy->index->listing_asks_once[listing]) {
        berm_runner_clear(runner);
        berm_vm_scope(&runner->vm);
        status = berm_runner_part(runner, runner->policy->image.listings[listing].where, &answer);
    }
    *wanted = berm_cell_is_true(answer) || berm_runner_limited(answer);
    return status;
}
#endif

static berm_status list_resources(berm_runner *runner, uint32_t input, uint32_t target,
                                  berm_cell root)
{
    const berm_image *image = &runner->policy->image;
    berm_run_ref listings = image->targets[target].listings;
    berm_status status = BERM_OK;
    for (uint32_t i = listings.first; i < listings.first + listings.count && !status; i++) {
#if BERM_PART_FAST
        bool wanted;
        status = is_listing_wanted(runner, i, &wanted);
        if (status || !wanted) continue;
#endif
        listing_walk walk = {.runner = runner,
                             .path = image->listings[i].path,
                             .listing = &image->listings[i],
                             .input = input,
                             .target = target,
                             .reads_path = runner->policy->index->listing_reads_path[i]};
        status = start_walk(&walk, root);
    }
    return status;
}

/* Is all there is in this document? */
static berm_status read_complete(berm_runner *runner, uint32_t target, berm_links *links)
{
    berm_cell complete;
    uint32_t block = runner->policy->image.targets[target].complete;
    berm_runner_clear(runner);
    berm_vm_scope(&runner->vm);
    berm_status status = berm_runner_part(runner, block, &complete);
    if (complete.tag != BERM_TAG_MISSING && !berm_cell_is_true(complete)) links->open = true;
    return status;
}

berm_status berm_runner_index(berm_runner *runner, uint32_t input, uint32_t target, berm_cell root)
{
    runner->vm.slots[BERM_SLOT_INPUT] = root;
#if BERM_PART_GOVERNANCE
    berm_status status = runner->before.recording
                             ? berm_before_document(runner, input, target, root)
                             : read_complete(runner, target, berm_runner_links(runner, target));
#else
    berm_status status = read_complete(runner, target, berm_runner_links(runner, target));
#endif
    return status ? status : list_resources(runner, input, target, root);
}

/* Where a guardrail joins resources, all of the document are listed before one is judged. */
static berm_status index_document(berm_runner *runner, uint32_t input, uint32_t target,
                                  berm_cell root)
{
    const berm_img_target *row = &runner->policy->image.targets[target];
    berm_links *links = &runner->links[0];
    if (row->joins_run || runner->policy->image.join_count == 0) return BERM_OK;
    berm_links_clear(links);
    links->open = runner->run->flags & BERM_RUN_PARTIAL;
    berm_status status = list_nodes(runner, row->through, true, root);
    runner->indexing = true;
    if (!status) status = berm_runner_index(runner, input, target, root);
    runner->indexing = false;
    return status ? status : berm_links_finish(runner, links);
}

berm_status berm_runner_list(berm_runner *runner, uint32_t input, uint32_t target, berm_cell root)
{
    const berm_img_target *row = &runner->policy->image.targets[target];
    berm_status status = BERM_OK;
    berm_configuration_clear(&runner->configuration);
    runner->vm.slots[BERM_SLOT_INPUT] = root;
    status = list_nodes(runner, row->configuration, false, root);
    if (!status) status = index_document(runner, input, target, root);
    if (!status) status = visit_document(runner, input, target, root);
    runner->vm.slots[BERM_SLOT_INPUT] = root;
    if (!status) status = list_resources(runner, input, target, root);
    runner->vm.slots[BERM_SLOT_INPUT] = berm_cell_of(BERM_TAG_MISSING);
    runner->vm.slots[BERM_SLOT_REQUEST] = berm_cell_of(BERM_TAG_NULL);
    return status;
}
