#include "policy/dialects/defaults.h"

#include "data/ops.h"

/* Deeper than any schema is written; below, values stay as they are. */
#define DEFAULTS_DEPTH_MAX 64u

static berm_cell fill_value(berm_build *build, berm_part schema, berm_part value, uint32_t depth);

/* By the order of the map's keys: schemas and values may have very many. */
static berm_part member_of(berm_build *build, berm_part map, berm_part key)
{
    const berm_space *space = &build->space;
    berm_cell wanted = berm_part_cell(key);
    if (!berm_part_is(map, BERM_TAG_MAP)) return (berm_part){map.file, NULL};
    uint32_t at = berm_map_index(space, berm_part_cell(map), wanted, berm_key_hash(space, wanted));
    return at == UINT32_MAX ? (berm_part){map.file, NULL} : berm_part_value_at(map, at);
}

static uint32_t count_members(berm_part map)
{
    return berm_part_is(map, BERM_TAG_MAP) ? berm_part_count(map) : 0;
}

/* What the schema says of a member: its property, else what it says of all others. */
static berm_part schema_of_member(berm_build *build, berm_part schema, berm_part key)
{
    berm_part own = member_of(build, berm_part_member(schema, "properties"), key);
    return berm_part_given(own) ? own : berm_part_member(schema, "additionalProperties");
}

static berm_cell fill_members(berm_build *build, berm_part schema, berm_part map, uint32_t depth)
{
    berm_part properties = berm_part_member(schema, "properties");
    uint32_t own = count_members(map), all = own + count_members(properties), n = 0;
    berm_str *names = berm_build_alloc(build, all, sizeof *names);
    berm_cell *values = berm_build_alloc(build, all, sizeof *values);
    if (all && (!names || !values)) return berm_cell_of(BERM_TAG_NULL);
    for (uint32_t i = 0; i < all; i++) {
        berm_part key = i < own ? berm_part_key_at(map, i) : berm_part_key_at(properties, i - own);
        berm_str name = berm_part_text(key);
        if (!name.ptr || (i >= own && berm_part_given(member_of(build, map, key)))) continue;
        berm_cell value = fill_value(
            build, schema_of_member(build, schema, key),
            i < own ? berm_part_value_at(map, i) : (berm_part){map.file, NULL}, depth + 1);
        if (value.tag == BERM_TAG_MISSING) continue;
        names[n] = name;
        values[n++] = value;
    }
    return berm_param_map(build, names, values, n);
}

static berm_cell fill_elements(berm_build *build, berm_part schema, berm_part list, uint32_t depth)
{
    berm_part items = berm_part_member(schema, "items");
    uint32_t count = berm_part_count(list);
    berm_cell *values = berm_build_alloc(build, count, sizeof *values);
    berm_cell filled = berm_cell_of(BERM_TAG_LIST);
    if (count && !values) return berm_cell_of(BERM_TAG_NULL);
    for (uint32_t i = 0; i < count; i++)
        values[i] = fill_value(build, items, berm_part_element_at(list, i), depth + 1);
    berm_cell *cells = berm_space_cells(&build->space, count, &filled);
    if (!cells) return berm_cell_of(BERM_TAG_NULL);
    if (count) memcpy(cells, values, count * sizeof *cells);
    return filled;
}

/* A null where none may stand is a value that is not there. */
static berm_cell fill_value(berm_build *build, berm_part schema, berm_part value, uint32_t depth)
{
    berm_part fallback = berm_part_member(schema, "default");
    berm_part nullable = berm_part_member(schema, "nullable");
    bool null =
        berm_part_is(value, BERM_TAG_NULL) && !(nullable.cell && berm_cell_is_true(*nullable.cell));
    if ((!berm_part_given(value) || null) && berm_part_given(fallback)) value = fallback;
    if (depth < DEFAULTS_DEPTH_MAX && berm_part_is(schema, BERM_TAG_MAP)) {
        if (berm_part_is(value, BERM_TAG_MAP)) return fill_members(build, schema, value, depth);
        if (berm_part_is(value, BERM_TAG_LIST)) return fill_elements(build, schema, value, depth);
    }
    return berm_part_cell(value);
}

berm_cell berm_defaults_fill(berm_build *build, berm_part schema, berm_part value)
{
    return fill_value(build, schema, value, 0);
}

berm_cell berm_defaults_set(berm_build *build, berm_part map, const char *key, berm_cell value)
{
    uint32_t count = count_members(map), n = 0;
    berm_str *names = berm_build_alloc(build, count + 1, sizeof *names);
    berm_cell *values = berm_build_alloc(build, count + 1, sizeof *values);
    if (!names || !values) return berm_cell_of(BERM_TAG_NULL);
    for (uint32_t i = 0; i < count; i++) {
        berm_str name = berm_part_text(berm_part_key_at(map, i));
        if (!name.ptr || berm_str_is(name, key)) continue;
        names[n] = name;
        values[n++] = berm_part_cell(berm_part_value_at(map, i));
    }
    names[n] = berm_str_of(key);
    values[n++] = value;
    return berm_param_map(build, names, values, n);
}
