/* What a document says is configured, beside what its values are: so that a value that is unknown
   because the provider computes what nobody configured counts as not there. */
#include "policy/runner.h"

#include "data/tree.h"

void berm_configuration_clear(berm_configuration *configuration)
{
    berm_name_table_clear(&configuration->names);
    configuration->parts.count = 0;
}

berm_status berm_configuration_add(berm_runner *runner, berm_str scope, berm_str name,
                                   const berm_configured *part)
{
    berm_configuration *configuration = &runner->configuration;
    berm_cell whole;
    berm_configured kept = *part;
    kept.scope = scope;
    char *text = berm_space_text(&runner->vm.space, (uint32_t)(scope.len + name.len), &whole);
    uint32_t first;
    if (!text) return runner->vm.space.status;
    if (scope.len) memcpy(text, scope.ptr, scope.len);
    if (name.len) memcpy(text + scope.len, name.ptr, name.len);
    if (!berm_array_push(runner->alloc, &configuration->parts, kept)) return BERM_E_NOMEM;
    bool added = berm_name_table_add(&configuration->names, (berm_str){text, scope.len + name.len},
                                     configuration->parts.count - 1, &first);
    return added || first != BERM_NO_NAME ? BERM_OK : BERM_E_NOMEM;
}

/* module.a["x"].b.c[0] without instance keys: module.a.b.c */
static void strip_keys(berm_text *out, berm_str name)
{
    bool inside = false, quoted = false;
    out->len = 0;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!inside && c != '[') berm_text_putc(out, c);
        else if (quoted && c == '\\') i++;
        else if (inside && c == '"') quoted = !quoted;
        else if (!quoted) inside = c != ']';
    }
}

static bool strip_name(berm_runner *runner, berm_str name)
{
    berm_text *plain = &runner->configuration.plain;
    strip_keys(plain, name);
    if (!plain->failed) return true;
    berm_text_free(plain);
    berm_text_init(plain, runner->alloc);
    berm_space_fail(&runner->vm.space, BERM_E_NOMEM);
    return false;
}

berm_cell berm_configuration_plain(berm_runner *runner, berm_str name)
{
    if (!strip_name(runner, name)) return berm_cell_of(BERM_TAG_MISSING);
    return berm_space_string(&runner->vm.space, berm_text_view(&runner->configuration.plain));
}

uint32_t berm_configuration_find(berm_runner *runner, berm_str name)
{
    const berm_configuration *configuration = &runner->configuration;
    if (configuration->parts.count == 0 || !strip_name(runner, name)) return BERM_NO_NAME;
    return berm_name_table_find(&configuration->names, berm_text_view(&configuration->plain));
}

/* --- unset, told from unknown --- */

static bool is_list_of_one(berm_cell c)
{
    return c.tag == BERM_TAG_LIST && c.as.ref.len == 1;
}

static berm_cell keep_configured(berm_space *space, berm_cell configured, berm_cell mask,
                                 berm_cell shape, uint32_t depth);

/* A block is a list of one in the configuration, too. Of several it is not said which is which,
   nor whether there would be as many without those that a `dynamic` block makes. */
static berm_cell keep_in_block(berm_space *space, berm_cell block, berm_cell mask, berm_cell shape,
                               uint32_t depth)
{
    if (!is_list_of_one(block) || !is_list_of_one(mask) || !is_list_of_one(shape)) return mask;
    berm_cell inner =
        keep_configured(space, berm_list_at(space, block, 0), berm_list_at(space, mask, 0),
                        berm_list_at(space, shape, 0), depth);
    berm_cell *item = berm_space_cells(space, 1, &mask);
    if (item) *item = inner;
    return mask;
}

/* The members of the mask that stay. What is unknown as a whole, is not in the configuration, and
   has no shape of a list or map was configured by nobody: what has one may be made by a `dynamic`
   block, which the configuration leaves out. */
static berm_cell keep_configured(berm_space *space, berm_cell configured, berm_cell mask,
                                 berm_cell shape, uint32_t depth)
{
    bool maps =
        configured.tag == BERM_TAG_MAP && mask.tag == BERM_TAG_MAP && shape.tag == BERM_TAG_MAP;
    uint32_t count = maps ? mask.as.ref.len : 0, kept = 0;
    if (count == 0 || depth == 0 || !berm_space_spend(space, count)) return mask;
    berm_cell left = mask;
    berm_cell *members = berm_space_cells(space, 2 * count + berm_map_order_cells(count), &left);
    if (!members) return mask;
    for (uint32_t i = 0; i < count; i++) {
        berm_cell key = berm_map_key_at(space, mask, i), value = berm_map_value_at(space, mask, i);
        uint32_t hash = berm_key_hash(space, key);
        berm_cell written = berm_map_find(space, configured, key, hash);
        berm_cell form = berm_map_find(space, shape, key, hash);
        bool neither = written.tag == BERM_TAG_MISSING && form.tag == BERM_TAG_MISSING;
        if (neither && berm_cell_is_true(value)) continue;
        members[2 * kept] = key;
        members[2 * kept++ + 1] = keep_in_block(space, written, value, form, depth - 1);
    }
    left.as.ref.len = berm_map_finish(space, members, kept, NULL);
    return left;
}

berm_cell berm_configuration_mask(berm_runner *runner, berm_cell configured, berm_cell mask,
                                  berm_cell shape)
{
    berm_space *space = &runner->vm.space;
    return keep_configured(space, configured, mask, shape, space->depth_limit);
}

static berm_cell find_attribute(berm_runner *runner, berm_cell map, berm_str name)
{
    if (map.tag != BERM_TAG_MAP) return berm_cell_of(BERM_TAG_MISSING);
    berm_cell value = berm_map_find_text(&runner->vm.space, map, name);
    if (value.tag == BERM_TAG_NULL && runner->vm.nulls_missing) value.tag = BERM_TAG_MISSING;
    return value;
}

berm_cell berm_configuration_ask(berm_runner *runner, berm_str name)
{
    const berm_resource *r = runner->judged;
    if (!r) return berm_cell_of(BERM_TAG_MISSING);
    if (r->object.tag == BERM_TAG_UNKNOWN) return r->object;
    berm_cell value = find_attribute(runner, r->object, name);
    if (!r->configurable || value.tag == BERM_TAG_MISSING)
        return berm_cell_bool(value.tag != BERM_TAG_MISSING);
    if (r->configured.tag != BERM_TAG_MAP) return berm_cell_of(BERM_TAG_UNKNOWN);
    if (find_attribute(runner, r->configured, name).tag != BERM_TAG_MISSING)
        return berm_cell_bool(true);
    bool deep = value.tag == BERM_TAG_LIST || value.tag == BERM_TAG_MAP;
    bool made = value.tag == BERM_TAG_UNKNOWN || (deep && value.as.ref.len);
    return made ? berm_cell_of(BERM_TAG_UNKNOWN) : berm_cell_bool(false);
}
