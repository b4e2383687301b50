#include "policy/dialects/selector.h"

static berm_str find_label(berm_part labels, berm_str key)
{
    for (uint32_t i = 0; berm_part_is(labels, BERM_TAG_MAP) && i < berm_part_count(labels); i++)
        if (berm_str_equal(berm_part_text(berm_part_key_at(labels, i)), key))
            return berm_part_text(berm_part_value_at(labels, i));
    return (berm_str){NULL, 0};
}

static bool holds_expression(berm_part expression, berm_part labels)
{
    berm_str operation = berm_part_text(berm_part_member(expression, "operator"));
    berm_str value = find_label(labels, berm_part_text(berm_part_member(expression, "key")));
    berm_part values = berm_part_member(expression, "values");
    bool is_in = false;
    for (uint32_t i = 0; berm_part_is(values, BERM_TAG_LIST) && i < berm_part_count(values); i++)
        is_in |=
            value.ptr && berm_str_equal(berm_part_text(berm_part_element_at(values, i)), value);
    if (berm_str_is(operation, "Exists")) return value.ptr != NULL;
    if (berm_str_is(operation, "DoesNotExist")) return value.ptr == NULL;
    return berm_str_is(operation, "In") ? is_in : !is_in;
}

bool berm_selector_holds(berm_part selector, berm_part object)
{
    berm_part labels = berm_part_member(berm_part_member(object, "metadata"), "labels");
    berm_part wanted = berm_part_member(selector, "matchLabels");
    berm_part expressions = berm_part_member(selector, "matchExpressions");
    for (uint32_t i = 0; berm_part_is(wanted, BERM_TAG_MAP) && i < berm_part_count(wanted); i++) {
        berm_str value = find_label(labels, berm_part_text(berm_part_key_at(wanted, i)));
        if (!value.ptr || !berm_str_equal(value, berm_part_text(berm_part_value_at(wanted, i))))
            return false;
    }
    for (uint32_t i = 0;
         berm_part_is(expressions, BERM_TAG_LIST) && i < berm_part_count(expressions); i++)
        if (!holds_expression(berm_part_element_at(expressions, i), labels)) return false;
    return true;
}
