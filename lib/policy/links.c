#include "policy/runner.h"

/* --- life --- */

void berm_links_clear(berm_links *links)
{
    berm_name_table_clear(&links->table);
    links->names.count = links->holders.count = links->entries.count = links->links.count = 0;
    links->suspected = links->sensitive = 0;
    links->lists.count = links->gathered.count = 0;
    berm_intern_free(links->alloc, &links->followed);
    links->next = links->questions = 0;
    links->open = false;
}

void berm_links_init(berm_links *links, const berm_alloc *alloc)
{
    links->alloc = alloc;
    berm_name_table_init(&links->table, alloc);
}

void berm_links_free(berm_links *links)
{
    berm_name_table_free(&links->table);
    berm_array_free(links->alloc, &links->names);
    berm_array_free(links->alloc, &links->holders);
    berm_array_free(links->alloc, &links->entries);
    berm_array_free(links->alloc, &links->links);
    berm_array_free(links->alloc, &links->lists);
    berm_intern_free(links->alloc, &links->followed);
    berm_array_free(links->alloc, &links->gathered);
}

/* --- kinds that are asked for --- */

bool berm_links_asked(const berm_runner *runner, const berm_img_join *join, uint32_t target,
                      berm_str kind)
{
    const berm_image *image = &runner->policy->image;
    for (uint32_t i = 0; i < join->kinds.count; i++) {
        const berm_img_match *match = &image->matchs[join->kinds.first + i];
        berm_str name = berm_image_text(image, match->target);
        bool here = name.len == 0 || target == BERM_NO_ROW ||
                    berm_str_equal(name, berm_image_text(image, image->targets[target].name)) ||
                    berm_str_equal(name, berm_image_text(image, image->targets[target].kinds_of));
        if (here && berm_glob_match(berm_image_text(image, match->kind), kind)) return true;
    }
    return false;
}

static uint64_t bit_of_join(uint32_t join)
{
    return UINT64_C(1) << (join < BERM_LINK_KINDS ? join : BERM_LINK_KINDS - 1);
}

static uint64_t find_asked_kinds(const berm_runner *runner, uint32_t target, berm_str kind)
{
    const berm_image *image = &runner->policy->image;
    uint64_t kinds = 0;
    for (uint32_t i = 0; i < image->join_count; i++)
        if (berm_links_asked(runner, &image->joins[i], target, kind)) kinds |= bit_of_join(i);
    return kinds;
}

static uint32_t find_join(const berm_image *image, berm_str kind)
{
    for (uint32_t i = 0; i < image->join_count; i++)
        if (berm_str_equal(berm_image_text(image, image->joins[i].kind), kind)) return i;
    return BERM_NO_ROW;
}

/* --- entries and their names --- */

/* The number of a name, which is made known where it is not. */
static uint32_t take_name(berm_links *links, berm_str name)
{
    uint32_t number = berm_name_table_find(&links->table, name);
    berm_link_name fresh = {.first = BERM_NO_ENTRY_ROW};
    if (number != BERM_NO_NAME) return number;
    if (!berm_array_push(links->alloc, &links->names, fresh)) return BERM_NO_NAME;
    return berm_name_table_add(&links->table, name, links->names.count - 1, &number) ? number
                                                                                     : BERM_NO_NAME;
}

static bool add_name(berm_links *links, uint32_t entry, berm_str name, bool family)
{
    berm_link_entry *e = &links->entries.items[entry];
    uint32_t number = take_name(links, name);
    if (number == BERM_NO_NAME) return false;
    berm_link_name *n = &links->names.items[number];
    berm_link_holder holder = {entry, number, n->first, e->names};
    if (!berm_array_push(links->alloc, &links->holders, holder)) return false;
    e->names = n->first = links->holders.count - 1;
    n->count++;
    n->kinds |= e->kinds;
    n->family = n->family || family;
    return true;
}

/* A resource answers to its address; where that has keys, so does its whole family without. */
static berm_status add_names(berm_runner *runner, berm_links *links, const berm_resource *r,
                             uint32_t entry)
{
    berm_cell plain = berm_configuration_plain(runner, r->address);
    if (plain.tag != BERM_TAG_STRING) return runner->vm.space.status;
    berm_str family = berm_text_of(&runner->vm.space, plain);
    bool whole = family.len == r->address.len;
    bool added = add_name(links, entry, family, !whole) &&
                 (whole || add_name(links, entry, r->address, false));
    uint32_t count = r->names.tag == BERM_TAG_LIST ? r->names.as.ref.len : 0;
    if (!berm_space_spend(&runner->vm.space, count + 1u)) return runner->vm.space.status;
    for (uint32_t i = 0; i < count && added; i++) {
        berm_cell name = berm_list_at(&runner->vm.space, r->names, i);
        if (name.tag == BERM_TAG_STRING)
            added = add_name(links, entry, berm_text_of(&runner->vm.space, name), false);
    }
    return added ? BERM_OK : BERM_E_NOMEM;
}

berm_status berm_links_add(berm_runner *runner, berm_links *links, berm_resource *r)
{
    bool gone = r->action == BERM_ACTION_DELETE || r->action == BERM_ACTION_FORGET ||
                r->action == BERM_ACTION_DRIFT;
    berm_link_entry entry = {.object = r->object,
                             .refers = r->refers,
                             .may_refer = r->may_refer,
                             .kind = r->kind,
                             .address = r->address,
                             .target = r->target,
                             .part = r->part,
                             .names = BERM_NO_ENTRY_ROW,
                             .first = BERM_NO_ENTRY_ROW,
                             .last = BERM_NO_ENTRY_ROW,
                             .seen = BERM_NO_ENTRY_ROW,
                             .gone = gone,
                             .configurable = r->configurable,
                             .mute = !r->configurable && r->names.tag == BERM_TAG_MISSING};
    entry.kinds = find_asked_kinds(runner, r->target, r->kind);
    if (entry.kinds && !gone) entry.record = berm_resource_record(runner, r, true);
    if (r->sensitive) links->sensitive |= entry.kinds;
    /* A name that is not known may be any. */
    bool unsure = r->names.tag != BERM_TAG_MISSING &&
                  (r->names.tag != BERM_TAG_LIST || r->names.flags & BERM_CELL_OPEN);
    if (unsure && !gone) links->suspected |= entry.kinds;
    if (!berm_array_push(links->alloc, &links->entries, entry)) return BERM_E_NOMEM;
    if (gone) return runner->vm.space.status;
    berm_status status = add_names(runner, links, r, links->entries.count - 1);
    return status ? status : runner->vm.space.status;
}

/* --- links --- */

static bool push_link(berm_links *links, uint32_t from, uint32_t to)
{
    berm_link_entry *e = &links->entries.items[from];
    berm_link link = {to, BERM_NO_ENTRY_ROW};
    if (!links->entries.items[to].kinds) return true; /* nobody asks for it */
    if (!berm_array_push(links->alloc, &links->links, link)) return false;
    uint32_t number = links->links.count - 1;
    if (e->last == BERM_NO_ENTRY_ROW) e->first = number;
    else links->links.items[e->last].next = number;
    e->last = number;
    return true;
}

berm_status berm_links_join(berm_links *links, uint32_t from, uint32_t to)
{
    if (from == to || links->entries.items[to].seen == from) return BERM_OK;
    links->entries.items[to].seen = from;
    bool back = links->entries.items[from].gone || push_link(links, to, from);
    return push_link(links, from, to) && back ? BERM_OK : BERM_E_NOMEM;
}

void berm_links_suspect_all(berm_links *links, uint32_t entry)
{
    berm_link_entry *e = &links->entries.items[entry];
    e->suspected = UINT64_MAX;
    if (!e->gone) links->suspected |= e->kinds;
}

void berm_links_suspect(berm_links *links, uint32_t entry, uint32_t name)
{
    berm_link_entry *e = &links->entries.items[entry];
    e->suspected |= links->names.items[name].kinds;
    if (!e->gone) links->names.items[name].suspected |= e->kinds;
}

berm_status berm_links_meet(berm_runner *runner, berm_links *links, uint32_t entry, uint32_t name)
{
    berm_status status = BERM_OK;
    uint32_t at = links->names.items[name].first;
    for (; at != BERM_NO_ENTRY_ROW && !status; at = links->holders.items[at].next_of_name) {
        if (!berm_space_spend(&runner->vm.space, 1)) return runner->vm.space.status;
        status = berm_links_join(links, entry, links->holders.items[at].entry);
    }
    return status;
}

/* --- what is asked --- */

static uint32_t find_entry(const berm_links *links, const berm_resource *r)
{
    while (r->parent) r = r->parent;
    return r->entry < links->entries.count ? r->entry : BERM_NO_ENTRY_ROW;
}

static bool has_asked_kind(const berm_runner *runner, const berm_link_entry *e, uint32_t join)
{
    uint64_t bit = bit_of_join(join);
    if (!(e->kinds & bit) || e->gone) return false;
    return join < BERM_LINK_KINDS - 1 ||
           berm_links_asked(runner, &runner->policy->image.joins[join], e->target, e->kind);
}

/* May entries of these kinds be linked with this one, besides those that are? */
static bool is_suspected(const berm_links *links, uint32_t entry, uint64_t kinds)
{
    const berm_link_entry *e = &links->entries.items[entry];
    uint64_t suspected = links->suspected | e->suspected;
    for (uint32_t at = e->names; at != BERM_NO_ENTRY_ROW;
         at = links->holders.items[at].next_of_entry)
        suspected |= links->names.items[links->holders.items[at].name].suspected;
    return links->open || suspected & kinds;
}

/* Adds the record of an entry, once for each question, where its kind is asked for. */
static bool gather_record(berm_runner *runner, berm_links *links, uint32_t entry, uint32_t join)
{
    berm_link_entry *e = &links->entries.items[entry];
    if (!berm_space_spend(&runner->vm.space, 1)) return false;
    if (e->seen == links->questions || !has_asked_kind(runner, e, join)) return true;
    e->seen = links->questions;
    return berm_array_push(runner->alloc, &links->gathered, e->record);
}

static berm_cell list_gathered(berm_runner *runner, berm_links *links, bool gathered, bool open)
{
    berm_space *space = &runner->vm.space;
    berm_cell list = berm_cell_of(BERM_TAG_LIST);
    uint32_t count = links->gathered.count;
    if (!gathered) berm_space_fail(space, BERM_E_NOMEM); /* unless fuel ended first */
    berm_cell *to = berm_space_cells(space, count, &list);
    if (to && count) memcpy(to, links->gathered.items, count * sizeof *to);
    if (open) list.flags |= BERM_CELL_OPEN;
    links->gathered.count = 0;
    links->questions++;
    return list;
}

static berm_cell list_linked(berm_runner *runner, berm_links *links, uint32_t entry, uint32_t join)
{
    bool gathered = true;
    uint32_t at = links->entries.items[entry].first;
    for (; at != BERM_NO_ENTRY_ROW && gathered; at = links->links.items[at].next)
        gathered = gather_record(runner, links, links->links.items[at].entry, join);
    return list_gathered(runner, links, gathered, is_suspected(links, entry, bit_of_join(join)));
}

static berm_status list_all(berm_runner *runner, berm_links *links, uint32_t join)
{
    bool gathered = true;
    for (uint32_t i = 0; i < links->entries.count && gathered; i++)
        gathered = gather_record(runner, links, i, join);
    berm_cell list = list_gathered(runner, links, gathered, links->open);
    if (runner->vm.space.status) return runner->vm.space.status;
    return berm_array_push(runner->alloc, &links->lists, list) ? BERM_OK : BERM_E_NOMEM;
}

berm_status berm_links_finish(berm_runner *runner, berm_links *links)
{
    berm_status status = BERM_OK;
    for (uint32_t i = 0; i < links->entries.count && !status; i++)
        status = berm_references_follow(runner, links, i);
    links->questions = links->entries.count;
    berm_intern_free(links->alloc, &links->followed);
    for (uint32_t i = 0; i < runner->policy->image.join_count && !status; i++)
        status = list_all(runner, links, i);
    return status;
}

berm_cell berm_links_ask(berm_runner *runner, bool all, berm_str kind)
{
    berm_resource *r = runner->judged;
    uint32_t join = find_join(&runner->policy->image, kind);
    if (!r || join == BERM_NO_ROW) return berm_cell_of(BERM_TAG_MISSING);
    if (runner->test) return berm_test_ask(runner, all, &runner->policy->image.joins[join]);
    berm_links *links = berm_runner_links(runner, r->target);
    if (join >= links->lists.count) return berm_cell_of(BERM_TAG_MISSING);
    r->joined = r->joined || links != runner->links;
    if (links->sensitive & bit_of_join(join)) r->sensitive = true; /* it may show of theirs */
    if (all) return links->lists.items[join];
    uint32_t entry = find_entry(links, r);
    if (entry != BERM_NO_ENTRY_ROW) return list_linked(runner, links, entry, join);
    return list_gathered(runner, links, true, true);
}
