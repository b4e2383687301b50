/* From what resources refer to, as it is written, to links. A reference is a text in a scope:
   `aws_vpc.main.id` in `module.net["eu"].`. It names a resource, or a part of the configuration
   that hands something on (a variable, an output), whose own references are followed then. */
#include "base/hash.h"
#include "policy/runner.h"
#include "vm/exec.h"

/* How deep expressions and parts that hand on to parts may be nested in each other, a part counting
   for several. Deeper, a reference may be to anything. */
#define REFERENCE_DEPTH_MAX 600u
#define REFERENCE_PART_DEPTH 8u
/* Fields and keys behind a name that are tried without. */
#define REFERENCE_TAIL_MAX 16u

typedef struct following {
    berm_runner *runner;
    berm_links *links;
    uint32_t entry;
    berm_run_ref signs; /* MARK rows */
    uint32_t depth;     /* how much deeper it may go */
    bool known;         /* the value that refers is known: what is not found, is no resource */
} following;

/* Where references stand. */
typedef struct reference_scope {
    berm_str prefix, key; /* module.net["eu"]. and the key of what stands there: ["a"] */
    berm_cell each;       /* what some of them stand for */
    bool same;            /* the instance with the same key is meant */
} reference_scope;

static berm_status follow_tree(following *f, const reference_scope *scope, berm_cell tree);

/* --- texts --- */

static bool is_sign(const following *f, uint32_t means, berm_str text)
{
    const berm_space *space = &f->runner->vm.space;
    const berm_image *image = &f->runner->policy->image;
    for (uint32_t i = f->signs.first; i < f->signs.first + f->signs.count; i++) {
        berm_cell glob = space->stores[BERM_STORE_IMAGE].cells[image->marks[i].value];
        glob.store = BERM_STORE_IMAGE;
        if (image->marks[i].means == means && glob.tag == BERM_TAG_STRING &&
            berm_glob_match(berm_text_of(space, glob), text))
            return true;
    }
    return false;
}

/* The place of the last . or [ that is not in quotes; 0 when there is none. */
static size_t find_tail(berm_str text)
{
    size_t tail = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (quoted && c == '\\') i++;
        else if (c == '"') quoted = !quoted;
        else if (!quoted && (c == '.' || c == '[')) tail = i;
    }
    return tail;
}

/* The last instance key of a text: ["a"] of module.net["eu"].a.b["a"].id; empty without one. */
static berm_str find_key(berm_str text)
{
    berm_str key = BERM_STR("");
    bool quoted = false;
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (quoted && c == '\\') i++;
        else if (c == '"') quoted = !quoted;
        else if (!quoted && c == '[') from = i;
        else if (!quoted && c == ']') key = berm_str_cut(text, from, i + 1);
    }
    return key;
}

static berm_str join_reference(berm_runner *runner, berm_str a, berm_str b)
{
    berm_cell place;
    char *text = berm_space_text(&runner->vm.space, (uint32_t)(a.len + b.len), &place);
    if (!text) return BERM_STR("");
    if (a.len) memcpy(text, a.ptr, a.len);
    if (b.len) memcpy(text + a.len, b.ptr, b.len);
    return (berm_str){text, a.len + b.len};
}

/* The shortest start of `text` that is `plain` without its keys. */
static berm_str find_start(berm_str text, berm_str plain)
{
    size_t at = 0, seen = 0;
    uint32_t inside = 0;
    bool quoted = false;
    for (; at < text.len && seen < plain.len; at++) {
        char c = text.ptr[at];
        if (quoted && c == '\\') at++;
        else if (inside && c == '"') quoted = !quoted;
        else if (!quoted && c == '[') inside = 1;
        else if (!quoted && inside && c == ']') inside = 0;
        else if (!inside) seen++;
    }
    return berm_str_cut(text, 0, at);
}

/* --- one reference --- */

/* A name that is one of several: the one with the same key, where the references say so. */
static berm_status follow_family(following *f, const reference_scope *scope, berm_str text,
                                 uint32_t name, bool same)
{
    berm_links *links = f->links;
    if (same && scope->key.len) {
        berm_str one = join_reference(f->runner, text, scope->key);
        uint32_t exact = berm_name_table_find(&links->table, one);
        if (exact != BERM_NO_NAME) return berm_links_meet(f->runner, links, f->entry, exact);
    }
    berm_links_suspect(links, f->entry, name);
    return BERM_OK;
}

/* Once for each entry, name and certainty: what hands on in many ways, or in a circle, says nothing
   new. */
static bool is_followed(following *f, berm_str text)
{
    const berm_alloc *alloc = f->links->alloc;
    uint64_t hash =
        berm_hash_salted(text.ptr, text.len, f->runner->salt + 2 * (uint64_t)f->entry + f->known);
    uint32_t at = BERM_NO_ENTRY;
    if (berm_intern_next(&f->links->followed, hash, &at)) return true;
    if (!berm_intern_add(alloc, &f->links->followed, hash, 0, 0))
        berm_space_fail(&f->runner->vm.space, BERM_E_NOMEM);
    return false;
}

static berm_status follow_part(following *f, berm_str text, const berm_configured *part)
{
    if (!part->through || is_followed(f, text)) return BERM_OK;
    if (f->depth < REFERENCE_PART_DEPTH) {
        berm_links_suspect_all(f->links, f->entry);
        return BERM_OK;
    }
    reference_scope inner = {.prefix = find_start(text, part->scope), .each = part->each};
    inner.key = find_key(berm_str_cut(text, inner.prefix.len, text.len));
    f->depth -= REFERENCE_PART_DEPTH;
    berm_status status = follow_tree(f, &inner, part->object);
    f->depth += REFERENCE_PART_DEPTH;
    return status;
}

/* What the text names, without one field or key more each time; *found says whether it is known. */
static berm_status follow_name(following *f, const reference_scope *scope, berm_str text, bool same,
                               bool *found)
{
    berm_runner *runner = f->runner;
    for (uint32_t i = 0; i < REFERENCE_TAIL_MAX && text.len; i++) {
        if (!berm_space_spend(&runner->vm.space, 1 + text.len / 64)) break;
        uint32_t name = berm_name_table_find(&f->links->table, text);
        if (name != BERM_NO_NAME && f->links->names.items[name].family)
            return *found = true, follow_family(f, scope, text, name, same);
        if (name != BERM_NO_NAME)
            return *found = true, berm_links_meet(runner, f->links, f->entry, name);
        uint32_t part = berm_configuration_find(runner, text);
        if (part != BERM_NO_NAME) {
            *found = true;
            return follow_part(f, text, &runner->configuration.parts.items[part]);
        }
        text = berm_str_cut(text, 0, find_tail(text));
    }
    return runner->vm.space.status;
}

static berm_status follow_text(following *f, const reference_scope *scope, berm_str text, bool same)
{
    if (is_sign(f, BERM_REFERENCE_PLAIN, text)) return BERM_OK;
    if (is_sign(f, BERM_REFERENCE_EACH, text)) {
        reference_scope outer = *scope;
        outer.each = berm_cell_of(BERM_TAG_MISSING);
        outer.same = true;
        return follow_tree(f, &outer, scope->each);
    }
    bool found = false;
    berm_str whole = join_reference(f->runner, scope->prefix, text);
    berm_status status = follow_name(f, scope, whole, same, &found);
    if (!status && !found && !f->known) berm_links_suspect_all(f->links, f->entry);
    return status ? status : f->runner->vm.space.status;
}

/* --- where they stand --- */

static berm_str read_listed(const following *f, berm_cell list, uint32_t i)
{
    berm_cell text = berm_list_at(&f->runner->vm.space, list, i);
    return text.tag == BERM_TAG_STRING ? berm_text_of(&f->runner->vm.space, text) : BERM_STR("");
}

/* a.b.c is followed by a.b and a, which say no more. */
static bool is_start_of(berm_str text, berm_str whole)
{
    return whole.len > text.len && berm_str_starts(whole, text) &&
           (whole.ptr[text.len] == '.' || whole.ptr[text.len] == '[');
}

static berm_status follow_list(following *f, const reference_scope *scope, berm_cell list)
{
    berm_str last = BERM_STR("");
    bool same = scope->same;
    berm_status status = BERM_OK;
    uint32_t count = list.as.ref.len;
    if (!berm_space_spend(&f->runner->vm.space, count)) return f->runner->vm.space.status;
    for (uint32_t i = 0; i < count && !same; i++)
        same = is_sign(f, BERM_REFERENCE_SAME, read_listed(f, list, i));
    for (uint32_t i = 0; i < count && !status; i++) {
        berm_str text = read_listed(f, list, i);
        if (!text.len || is_start_of(text, last)) continue;
        last = text;
        status = follow_text(f, scope, text, same);
    }
    return status;
}

static berm_status follow_tree(following *f, const reference_scope *scope, berm_cell tree)
{
    const berm_space *space = &f->runner->vm.space;
    berm_status status = BERM_OK;
    if (tree.tag != BERM_TAG_MAP && tree.tag != BERM_TAG_LIST) return status;
    if (f->depth == 0) {
        berm_links_suspect_all(f->links, f->entry);
        return status;
    }
    f->depth--;
    for (uint32_t i = 0; i < tree.as.ref.len && !status; i++) {
        bool map = tree.tag == BERM_TAG_MAP;
        berm_cell child = map ? berm_map_value_at(space, tree, i) : berm_list_at(space, tree, i);
        berm_cell key = map ? berm_map_key_at(space, tree, i) : berm_cell_of(BERM_TAG_NULL);
        bool named = child.tag == BERM_TAG_LIST && key.tag == BERM_TAG_STRING &&
                     is_sign(f, BERM_REFERENCE_KEY, berm_text_of(space, key));
        berm_space_spend(&f->runner->vm.space, 1);
        status = named ? follow_list(f, scope, child) : follow_tree(f, scope, child);
        if (!status) status = space->status;
    }
    f->depth++;
    return status;
}

/* --- one entry --- */

static bool has_unknown(const following *f, berm_cell value)
{
    uint8_t flags = 0;
    return berm_vm_survey(&f->runner->vm, &value, 1, &flags).tag != BERM_TAG_MISSING;
}

/* Blocks that the configuration does not have are made by something that it leaves out; where these
   hold unknowns, they may refer to anything. `configured` is a map of attributes and blocks. */
static bool hides_references(following *f, berm_cell configured, berm_cell value, uint32_t depth)
{
    const berm_space *space = &f->runner->vm.space;
    if (value.tag != BERM_TAG_MAP || configured.tag != BERM_TAG_MAP) return false;
    if (depth == 0 || !berm_space_spend(&f->runner->vm.space, value.as.ref.len)) return true;
    for (uint32_t i = 0; i < value.as.ref.len; i++) {
        berm_cell inner = berm_map_value_at(space, value, i),
                  key = berm_map_key_at(space, value, i);
        berm_cell written = berm_map_find(space, configured, key, berm_key_hash(space, key));
        uint32_t blocks = written.tag == BERM_TAG_LIST ? written.as.ref.len : 0;
        if (inner.tag != BERM_TAG_LIST || written.tag == BERM_TAG_MAP) continue;
        if (inner.as.ref.len > blocks && has_unknown(f, inner)) return true;
        for (uint32_t b = 0; b < blocks && b < inner.as.ref.len; b++)
            if (hides_references(f, berm_list_at(space, written, b), berm_list_at(space, inner, b),
                                 depth - 1))
                return true;
    }
    return false;
}

static berm_status follow_configured(following *f, const berm_link_entry *e)
{
    const berm_space *space = &f->runner->vm.space;
    const berm_configured *part = &f->runner->configuration.parts.items[e->part];
    reference_scope scope = {.each = part->each};
    berm_str whole = e->address;
    scope.prefix = find_start(whole, part->scope);
    scope.key = find_key(berm_str_cut(whole, scope.prefix.len, whole.len));
    berm_status status = BERM_OK;
    berm_cell tree = part->object;
    if (hides_references(f, tree, e->object, f->depth)) berm_links_suspect_all(f->links, f->entry);
    for (uint32_t i = 0; tree.tag == BERM_TAG_MAP && i < tree.as.ref.len && !status; i++) {
        berm_cell key = berm_map_key_at(space, tree, i), value = e->object;
        if (value.tag == BERM_TAG_MAP)
            value = berm_map_find(space, value, key, berm_key_hash(space, key));
        f->known = !has_unknown(f, value);
        status = follow_tree(f, &scope, berm_map_value_at(space, tree, i));
    }
    return status;
}

/* --- names that a target's `refers` gives --- */

/* Is it one of the entry's names? */
static bool has_name(const following *f, uint32_t entry, uint32_t name)
{
    uint32_t at = f->links->entries.items[entry].names;
    while (at != BERM_NO_ENTRY_ROW && f->links->holders.items[at].name != name) {
        if (!berm_space_spend(&f->runner->vm.space, 1)) return false;
        at = f->links->holders.items[at].next_of_entry;
    }
    return at != BERM_NO_ENTRY_ROW;
}

static uint32_t find_given_name(const following *f, berm_cell list, uint32_t i)
{
    berm_str text = read_listed(f, list, i);
    return berm_name_table_find(&f->links->table, text);
}

/* The rarest of several names; BERM_NO_NAME when there is one that nobody has. */
static uint32_t find_rarest(const following *f, berm_cell list)
{
    uint32_t rarest = BERM_NO_NAME, least = UINT32_MAX;
    for (uint32_t i = 0; i < list.as.ref.len; i++) {
        uint32_t name = find_given_name(f, list, i);
        if (name == BERM_NO_NAME) return BERM_NO_NAME;
        uint32_t count = f->links->names.items[name].count;
        if (count < least) {
            least = count;
            rarest = name;
        }
    }
    return rarest;
}

/* Links with those that have all of the names. */
static berm_status meet_all(const following *f, berm_cell list, bool certain)
{
    uint32_t rarest = find_rarest(f, list);
    if (rarest == BERM_NO_NAME || !berm_space_spend(&f->runner->vm.space, list.as.ref.len))
        return f->runner->vm.space.status;
    if (!certain) return berm_links_suspect(f->links, f->entry, rarest), BERM_OK;
    berm_status status = BERM_OK;
    uint32_t at = f->links->names.items[rarest].first;
    for (; at != BERM_NO_ENTRY_ROW && !status; at = f->links->holders.items[at].next_of_name) {
        uint32_t other = f->links->holders.items[at].entry, i = 0;
        if (!berm_space_spend(&f->runner->vm.space, 1 + (uint64_t)list.as.ref.len))
            return f->runner->vm.space.status;
        while (i < list.as.ref.len && has_name(f, other, find_given_name(f, list, i))) i++;
        if (i == list.as.ref.len) status = berm_links_join(f->links, f->entry, other);
    }
    return status;
}

/* Each is a name, or a list of names of which a resource must have all. */
static berm_status follow_names(const following *f, berm_cell names, bool certain)
{
    berm_space *space = &f->runner->vm.space;
    berm_status status = BERM_OK;
    if (names.tag == BERM_TAG_MISSING) return BERM_OK;
    if (names.tag != BERM_TAG_LIST || has_unknown(f, names)) {
        berm_links_suspect_all(f->links, f->entry);
        return BERM_OK;
    }
    for (uint32_t i = 0; i < names.as.ref.len && !status; i++) {
        berm_cell one = berm_list_at(space, names, i);
        if (one.tag == BERM_TAG_LIST) status = meet_all(f, one, certain);
        else if (one.tag == BERM_TAG_STRING) {
            berm_cell list = names;
            list.as.ref.off += i;
            list.as.ref.len = 1;
            status = meet_all(f, list, certain);
        }
    }
    return status;
}

berm_status berm_references_follow(berm_runner *runner, berm_links *links, uint32_t entry)
{
    const berm_link_entry *e = &links->entries.items[entry];
    following f = {.runner = runner, .links = links, .entry = entry, .depth = REFERENCE_DEPTH_MAX};
    f.signs = runner->policy->image.targets[e->target].references;
    berm_status status = BERM_OK;
    if (e->part != BERM_NO_NAME) status = follow_configured(&f, e);
    else if (e->mute || (e->configurable && has_unknown(&f, e->object)))
        berm_links_suspect_all(links, entry);
    if (!status) status = follow_names(&f, e->refers, true);
    if (!status) status = follow_names(&f, e->may_refer, false);
    return status ? status : runner->vm.space.status;
}
