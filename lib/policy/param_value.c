#include "base/number.h"
#include "data/time.h"
#include "data/tree.h"
#include "policy/param_type.h"
#include "policy/regex_check.h"

typedef struct param_reader {
    berm_build *build;
    berm_str name;
    const berm_param_rules *rules;
} param_reader;

static bool read_param(param_reader *reader, berm_part part, const berm_param_type *type,
                       berm_cell *out);

static const char *describe_param_type(berm_param_sort sort)
{
    static const char *const names[] = {
        [BERM_PARAM_STRING] = "a string",
        [BERM_PARAM_INT] = "an int",
        [BERM_PARAM_DOUBLE] = "a double",
        [BERM_PARAM_BOOL] = "a bool",
        [BERM_PARAM_TIMESTAMP] = "a timestamp or a date (2026-10-01)",
        [BERM_PARAM_DURATION] = "a duration (90m)",
        [BERM_PARAM_REGEX] = "a pattern (a string)",
        [BERM_PARAM_LIST] = "a list",
        [BERM_PARAM_MAP] = "a mapping",
        [BERM_PARAM_RECORD] = "a mapping",
    };
    return names[sort];
}

static bool fault_param_type(param_reader *reader, berm_part part, const berm_param_type *type)
{
    bool quote = (type->sort == BERM_PARAM_STRING || type->sort == BERM_PARAM_REGEX) &&
                 !berm_part_is(part, BERM_TAG_MAP) && !berm_part_is(part, BERM_TAG_LIST) &&
                 !berm_part_is(part, BERM_TAG_NULL);
    berm_part_fault(reader->build, part, BERM_D_POLICY_PARAMETER, "`%S` must be %s, found %s%s",
                    reader->name, describe_param_type(type->sort), berm_part_sort_name(part),
                    quote ? "; put it in quotes" : "");
    return false;
}

/* --- scalars --- */

static bool read_param_timestamp(berm_str text, berm_cell *out)
{
    berm_time time;
    if (!text.ptr || (!berm_time_parse(text, &time) && !berm_date_parse(text, false, &time))) {
        return false;
    }
    *out = berm_cell_of(BERM_TAG_TIMESTAMP);
    out->aux = (uint32_t)time.nanos;
    out->as.i = time.sec;
    return true;
}

static bool read_param_duration(berm_str text, berm_cell *out)
{
    int64_t nanos;
    if (!text.ptr || !berm_duration_parse(text, &nanos)) return false;
    *out = berm_cell_of(BERM_TAG_DURATION);
    out->as.i = nanos;
    return true;
}

static bool read_param_number(berm_part part, berm_cell *out)
{
    if (berm_part_is(part, BERM_TAG_INT)) *out = berm_cell_double((double)part.cell->as.i);
    else if (berm_part_is(part, BERM_TAG_UINT)) *out = berm_cell_double((double)part.cell->as.u);
    else *out = berm_part_cell(part);
    return out->tag == BERM_TAG_DOUBLE;
}

static bool convert_param(berm_part part, berm_param_sort sort, berm_cell *out)
{
    *out = berm_part_cell(part);
    switch (sort) {
    case BERM_PARAM_STRING:
    case BERM_PARAM_REGEX: return out->tag == BERM_TAG_STRING;
    case BERM_PARAM_INT: return out->tag == BERM_TAG_INT;
    case BERM_PARAM_DOUBLE: return read_param_number(part, out);
    case BERM_PARAM_BOOL: return out->tag == BERM_TAG_BOOL;
    case BERM_PARAM_TIMESTAMP: return read_param_timestamp(berm_part_text(part), out);
    case BERM_PARAM_DURATION: return read_param_duration(berm_part_text(part), out);
    default: return false;
    }
}

static bool check_param_enum(param_reader *reader, berm_part part, berm_cell value)
{
    const berm_param_rules *rules = reader->rules;
    if (rules->allowed.count == 0) return true;
    berm_nearest nearest = {.wanted = berm_part_source(part)};
    for (uint32_t i = 0; i < rules->allowed.count; i++) {
        if (berm_value_equal(&reader->build->space, value, rules->allowed.items[i]) == BERM_TRUE) {
            return true;
        }
        berm_nearest_offer(&nearest, berm_part_source(berm_part_element_at(rules->enumeration, i)));
    }
    berm_text more;
    berm_text_init(&more, reader->build->alloc);
    for (uint32_t i = 0; i < berm_part_count(rules->enumeration); i++) {
        berm_str word = berm_part_source(berm_part_element_at(rules->enumeration, i));
        berm_text_format(&more, "%s%S", i ? ", " : "", word);
    }
    if (more.failed) berm_build_fail(reader->build, BERM_E_NOMEM);
    berm_near_fault(reader->build, berm_part_place(part), BERM_D_POLICY_PARAMETER, &nearest,
                    "`%S` is %S, which is none of %S", reader->name, nearest.wanted,
                    berm_text_view(&more));
    berm_text_free(&more);
    return false;
}

static bool check_param_minimum(param_reader *reader, berm_part part, berm_cell value)
{
    int order;
    berm_cell minimum = reader->rules->minimum;
    if (minimum.tag == BERM_TAG_MISSING) return true;
    if (berm_value_order(&reader->build->space, value, minimum, &order) && order >= 0 &&
        order < 2) {
        return true;
    }
    berm_text shown;
    berm_text_init(&shown, reader->build->alloc);
    if (!berm_value_print(&shown, &reader->build->space, minimum, false)) {
        berm_build_fail(reader->build, BERM_E_NOMEM);
    }
    berm_part_fault(reader->build, part, BERM_D_POLICY_PARAMETER,
                    "`%S` is %S, less than its minimum %S", reader->name, berm_part_source(part),
                    berm_text_view(&shown));
    berm_text_free(&shown);
    return false;
}

static bool check_param_pattern(param_reader *reader, berm_part part)
{
    berm_part pattern = reader->rules->pattern;
    if (!berm_part_given(pattern)) return true;
    if (berm_pattern_matches(reader->build, berm_part_text(pattern), berm_part_text(part)))
        return true;
    berm_part_fault(reader->build, part, BERM_D_POLICY_PARAMETER,
                    "`%S` is \"%S\", which does not match %S", reader->name, berm_part_text(part),
                    berm_part_text(pattern));
    return false;
}

static bool read_param_scalar(param_reader *reader, berm_part part, const berm_param_type *type,
                              berm_cell *out)
{
    if (!convert_param(part, type->sort, out)) return fault_param_type(reader, part, type);
    if (type->sort == BERM_PARAM_REGEX) {
        berm_codegen *gen = &reader->build->gen;
        if (!berm_pattern_check(reader->build, berm_part_text(part), berm_part_place(part))) {
            return false;
        }
        berm_codegen_pattern(gen, berm_codegen_text(gen, berm_part_text(part)));
    }
    return check_param_enum(reader, part, *out) && check_param_minimum(reader, part, *out) &&
           check_param_pattern(reader, part);
}

/* --- containers --- */

static bool read_param_list(param_reader *reader, berm_part part, const berm_param_type *type,
                            berm_cell *out)
{
    uint32_t count = berm_part_count(part);
    *out = berm_cell_of(BERM_TAG_LIST);
    berm_cell *cells = berm_space_cells(&reader->build->space, count, out);
    if (!cells) return false;
    bool good = true;
    for (uint32_t i = 0; i < count; i++) cells[i] = berm_cell_of(BERM_TAG_NULL);
    for (uint32_t i = 0; i < count; i++) {
        good &= read_param(reader, berm_part_element_at(part, i), type->item, &cells[i]);
    }
    return good;
}

/* Keys are strings, but a plain 1.30 or true is something else to most who read the file. */
static bool reads_as_other(berm_str key)
{
    static const char *const words[] = {"true", "false", "null", "~", ""};
    double number;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (berm_str_is(key, words[i])) return true;
    }
    return berm_parse_double(key, &number);
}

static bool check_param_key(param_reader *reader, berm_part map, uint32_t index)
{
    berm_str key = berm_part_text(berm_part_key_at(map, index));
    berm_place place = berm_part_key_place(map, index);
    char before = place.off ? map.file->text.ptr[place.off - 1] : ' ';
    if (before == '"' || before == '\'' || !reads_as_other(key)) return true;
    berm_place_fault(reader->build, place, BERM_D_POLICY_PARAMETER,
                     "the keys of `%S` are strings; put %S in quotes", reader->name, key);
    return false;
}

static const berm_param_type *find_param_field(param_reader *reader, berm_part map, uint32_t index,
                                               const berm_param_type *type)
{
    berm_nearest nearest = {.wanted = berm_part_text(berm_part_key_at(map, index))};
    for (uint32_t i = 0; i < type->fields.count; i++) {
        if (berm_str_equal(nearest.wanted, type->fields.items[i].name)) {
            return type->fields.items[i].type;
        }
        berm_nearest_offer(&nearest, type->fields.items[i].name);
    }
    berm_near_fault(reader->build, berm_part_key_place(map, index), BERM_D_POLICY_PARAMETER,
                    &nearest, "`%S` has no field `%S`", reader->name, nearest.wanted);
    return NULL;
}

static bool check_param_fields(param_reader *reader, berm_part map, const berm_param_type *type)
{
    bool good = true;
    for (uint32_t i = 0; i < type->fields.count; i++) {
        bool found = false;
        for (uint32_t k = 0; k < berm_part_count(map) && !found; k++) {
            found = berm_str_equal(berm_part_text(berm_part_key_at(map, k)),
                                   type->fields.items[i].name);
        }
        if (found) continue;
        berm_part_fault(reader->build, map, BERM_D_POLICY_PARAMETER, "`%S` needs the field `%S`",
                        reader->name, type->fields.items[i].name);
        good = false;
    }
    return good;
}

static bool read_param_members(param_reader *reader, berm_part part, const berm_param_type *type,
                               berm_cell *members)
{
    bool good = true;
    for (uint32_t i = 0; i < berm_part_count(part); i++) {
        berm_part key = berm_part_key_at(part, i), value = berm_part_value_at(part, i);
        members[2 * i] = berm_part_cell(key);
        members[2 * i + 1] = berm_cell_of(BERM_TAG_NULL);
        const berm_param_type *inner = type->item;
        good &= check_param_key(reader, part, i);
        if (!inner) inner = find_param_field(reader, part, i, type);
        good &= inner && read_param(reader, value, inner, &members[2 * i + 1]);
    }
    return good;
}

static bool read_param_map(param_reader *reader, berm_part part, const berm_param_type *type,
                           berm_cell *out)
{
    uint32_t count = berm_part_count(part);
    *out = berm_cell_of(BERM_TAG_MAP);
    berm_cell *members =
        berm_space_cells(&reader->build->space, 2 * count + berm_map_order_cells(count), out);
    if (!members) return false;
    out->as.ref.len = count;
    bool good = read_param_members(reader, part, type, members);
    if (type->sort == BERM_PARAM_RECORD) good &= check_param_fields(reader, part, type);
    if (good) out->as.ref.len = berm_map_finish(&reader->build->space, members, count, NULL);
    return good;
}

/* Depth: a type's, which is bounded. */
static bool read_param(param_reader *reader, berm_part part, const berm_param_type *type,
                       berm_cell *out)
{
    if (type->sort < BERM_PARAM_LIST) return read_param_scalar(reader, part, type, out);
    berm_tag wanted = type->sort == BERM_PARAM_LIST ? BERM_TAG_LIST : BERM_TAG_MAP;
    if (!berm_part_is(part, wanted)) return fault_param_type(reader, part, type);
    return wanted == BERM_TAG_LIST ? read_param_list(reader, part, type, out)
                                   : read_param_map(reader, part, type, out);
}

bool berm_param_value_read(berm_build *build, berm_str name, berm_part part,
                           const berm_param_type *type, const berm_param_rules *rules,
                           berm_cell *out)
{
    param_reader reader = {build, name, rules};
    *out = berm_cell_of(BERM_TAG_MISSING);
    return read_param(&reader, part, type, out);
}

berm_cell berm_param_map(berm_build *build, const berm_str *names, const berm_cell *values,
                         uint32_t count)
{
    berm_cell map = berm_cell_of(BERM_TAG_MAP);
    berm_cell *members =
        berm_space_cells(&build->space, 2 * count + berm_map_order_cells(count), &map);
    if (!members) return berm_cell_of(BERM_TAG_MISSING);
    for (uint32_t i = 0; i < count; i++) {
        members[2 * i] = berm_space_string(&build->space, names[i]);
        members[2 * i + 1] = values[i];
        if (members[2 * i].tag == BERM_TAG_MISSING) return berm_cell_of(BERM_TAG_MISSING);
    }
    map.as.ref.len = berm_map_finish(&build->space, members, count, NULL);
    return map;
}
