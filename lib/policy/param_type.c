#include "policy/param_type.h"

#include "policy/regex_check.h"
#include "policy/schema.h"

static const char *const param_words[] = {"string",    "int",      "double", "bool",
                                          "timestamp", "duration", "regex"};
#define PARAM_WORD_COUNT (sizeof param_words / sizeof *param_words)

static const berm_param_type *read_param_type(berm_build *build, berm_part part, uint32_t depth);

static berm_param_type *make_param_type(berm_build *build, berm_param_sort sort)
{
    berm_param_type *type = berm_build_alloc(build, 1, sizeof *type);
    if (type) type->sort = sort;
    return type;
}

static const berm_param_type *read_scalar_type(berm_build *build, berm_part part)
{
    berm_nearest nearest = {.wanted = berm_part_text(part)};
    for (uint32_t i = 0; i < PARAM_WORD_COUNT; i++) {
        if (berm_str_is(nearest.wanted, param_words[i])) {
            return make_param_type(build, (berm_param_sort)i);
        }
        berm_nearest_offer(&nearest, berm_str_of(param_words[i]));
    }
    berm_near_fault(build, berm_part_place(part), BERM_D_POLICY_PARAMETER, &nearest,
                    "`%S` is no type; types are string, int, double, bool, timestamp, duration, "
                    "regex, [T], {\"*\": T} and {name: T}",
                    nearest.wanted);
    return NULL;
}

static const berm_param_type *read_list_type(berm_build *build, berm_part part, uint32_t depth)
{
    if (berm_part_count(part) != 1) {
        berm_part_fault(build, part, BERM_D_POLICY_PARAMETER,
                        "a list type names the one type of its elements: [string]");
        return NULL;
    }
    berm_param_type *type = make_param_type(build, BERM_PARAM_LIST);
    const berm_param_type *item = read_param_type(build, berm_part_element_at(part, 0), depth + 1);
    if (!type || !item) return NULL;
    type->item = item;
    return type;
}

static const berm_param_type *read_record_type(berm_build *build, berm_part part, uint32_t depth)
{
    if (berm_part_count(part) > BERM_PARAM_WORDS_MAX) {
        berm_part_fault(build, part, BERM_D_POLICY_PARAMETER, "the type has more than %u fields",
                        (uint32_t)BERM_PARAM_WORDS_MAX);
        return NULL;
    }
    berm_param_type *type = make_param_type(build, BERM_PARAM_RECORD);
    bool good = type && (berm_part_count(part) == 0 ||
                         berm_list_reserve(build, &type->fields, berm_part_count(part)));
    for (uint32_t i = 0; good && i < berm_part_count(part); i++) {
        berm_part key = berm_part_key_at(part, i);
        berm_param_field field = {.name = berm_part_text(key)};
        if (berm_str_is(field.name, "*")) {
            berm_place_fault(build, berm_part_key_place(part, i), BERM_D_POLICY_PARAMETER,
                             "\"*\" stands alone: {\"*\": T}");
            good = false;
            break;
        }
        field.type = read_param_type(build, berm_part_value_at(part, i), depth + 1);
        good = field.type != NULL;
        if (good) type->fields.items[type->fields.count++] = field;
    }
    return good ? type : NULL;
}

static const berm_param_type *read_map_type(berm_build *build, berm_part part, uint32_t depth)
{
    berm_part any = berm_part_member(part, "*");
    if (berm_part_count(part) != 1 || !berm_part_given(any)) {
        return read_record_type(build, part, depth);
    }
    berm_param_type *type = make_param_type(build, BERM_PARAM_MAP);
    const berm_param_type *item = read_param_type(build, any, depth + 1);
    if (!type || !item) return NULL;
    type->item = item;
    return type;
}

static const berm_param_type *read_param_type(berm_build *build, berm_part part, uint32_t depth)
{
    if (depth > BERM_PARAM_DEPTH_MAX) {
        berm_part_fault(build, part, BERM_D_POLICY_PARAMETER, "the type is nested too deep");
        return NULL;
    }
    if (berm_part_is(part, BERM_TAG_STRING)) return read_scalar_type(build, part);
    if (berm_part_is(part, BERM_TAG_LIST)) return read_list_type(build, part, depth);
    if (berm_part_is(part, BERM_TAG_MAP)) return read_map_type(build, part, depth);
    berm_part_fault(build, part, BERM_D_POLICY_PARAMETER,
                    "a type is a word, [T], {\"*\": T} or {name: T}, found %s",
                    berm_part_sort_name(part));
    return NULL;
}

const berm_param_type *berm_param_type_read(berm_build *build, berm_part part)
{
    return read_param_type(build, part, 0);
}

/* --- restrictions --- */

/* The scalar that lists and {"*": T} come down to; RECORD where there is none. */
static const berm_param_type *find_leaf_type(const berm_param_type *type)
{
    while (type->item) type = type->item;
    return type;
}

static void read_allowed(berm_build *build, berm_part list, const berm_param_type *leaf,
                         berm_param_rules *rules)
{
    static const berm_param_rules none = {.minimum = {.tag = BERM_TAG_MISSING}};
    if (!berm_list_reserve(build, &rules->allowed, berm_part_count(list))) return;
    for (uint32_t i = 0; i < berm_part_count(list); i++) {
        berm_cell value;
        berm_part part = berm_part_element_at(list, i);
        if (berm_param_value_read(build, BERM_STR("enum"), part, leaf, &none, &value)) {
            rules->allowed.items[rules->allowed.count++] = value;
        }
    }
}

static void read_minimum(berm_build *build, berm_part part, const berm_param_type *leaf,
                         berm_param_rules *rules)
{
    static const berm_param_rules none = {.minimum = {.tag = BERM_TAG_MISSING}};
    bool ordered = leaf->sort == BERM_PARAM_INT || leaf->sort == BERM_PARAM_DOUBLE ||
                   leaf->sort == BERM_PARAM_TIMESTAMP || leaf->sort == BERM_PARAM_DURATION;
    if (!ordered) {
        berm_part_fault(build, part, BERM_D_POLICY_PARAMETER,
                        "`minimum` is for int, double, timestamp and duration");
        return;
    }
    berm_cell value;
    if (berm_param_value_read(build, BERM_STR("minimum"), part, leaf, &none, &value)) {
        rules->minimum = value;
    }
}

static void read_pattern(berm_build *build, berm_part part, const berm_param_type *leaf,
                         berm_param_rules *rules)
{
    if (leaf->sort != BERM_PARAM_STRING) {
        berm_part_fault(build, part, BERM_D_POLICY_PARAMETER, "`pattern` is for strings");
    } else if (berm_pattern_check(build, berm_part_text(part), berm_part_place(part))) {
        rules->pattern = part;
    }
}

berm_param_rules berm_param_rules_read(berm_build *build, berm_part map,
                                       const berm_param_type *type)
{
    berm_param_rules rules = {.minimum = berm_cell_of(BERM_TAG_MISSING)};
    berm_part enumeration = berm_part_member(map, "enum");
    berm_part minimum = berm_part_member(map, "minimum");
    berm_part pattern = berm_part_member(map, "pattern");
    if (!type) return rules;
    const berm_param_type *leaf = find_leaf_type(type);
    if (leaf->sort == BERM_PARAM_RECORD) {
        berm_part given = berm_part_given(enumeration) ? enumeration
                          : berm_part_given(minimum)   ? minimum
                                                       : pattern;
        if (!berm_part_given(given)) return rules;
        berm_part_fault(build, given, BERM_D_POLICY_PARAMETER,
                        "enum, minimum and pattern are for scalars, and lists and maps of one");
        return rules;
    }
    rules.enumeration = enumeration;
    if (berm_part_is(enumeration, BERM_TAG_LIST) && berm_part_count(enumeration) == 0) {
        berm_part_fault(build, enumeration, BERM_D_POLICY_PARAMETER, "`enum` allows nothing");
    } else if (berm_part_count(enumeration) > BERM_PARAM_WORDS_MAX) {
        berm_part_fault(build, enumeration, BERM_D_POLICY_PARAMETER,
                        "`enum` has more than %u values", (uint32_t)BERM_PARAM_WORDS_MAX);
    } else if (berm_part_is(enumeration, BERM_TAG_LIST)) {
        read_allowed(build, enumeration, leaf, &rules);
    }
    if (berm_part_given(minimum)) read_minimum(build, minimum, leaf, &rules);
    if (berm_part_is(pattern, BERM_TAG_STRING)) read_pattern(build, pattern, leaf, &rules);
    return rules;
}
