#include "data/time.h"
#include "policy/load.h"
#include "policy/schema.h"
#include "policy/words.h"

static uint32_t load_word(berm_part map, const char *key, int (*number_of)(berm_str),
                          uint32_t otherwise)
{
    int number = number_of(berm_part_text(berm_part_member(map, key)));
    return number < 0 ? otherwise : (uint32_t)number;
}

static void load_parameters(berm_build *build, berm_guardrail_def *guardrail, berm_part map)
{
    if (!berm_part_is(map, BERM_TAG_MAP) || berm_part_count(map) == 0) return;
    if (!berm_list_reserve(build, &guardrail->parameters, berm_part_count(map))) return;
    for (uint32_t i = 0; i < berm_part_count(map); i++) {
        berm_str name = berm_part_text(berm_part_key_at(map, i));
        berm_part value = berm_part_value_at(map, i);
        if (!berm_is_identifier(name)) {
            berm_place_fault(build, berm_part_key_place(map, i), BERM_D_POLICY_NAME,
                             "a parameter cannot be called `%S`: expressions use its name, so "
                             "letters, digits and _ only",
                             name);
        }
        if (!berm_part_is(value, BERM_TAG_MAP)) continue;
        guardrail->parameters.items[guardrail->parameters.count++] =
            berm_load_parameter_def(build, name, value);
    }
}

static void load_validations(berm_build *build, berm_guardrail_def *guardrail, berm_part list)
{
    if (!berm_part_is(list, BERM_TAG_LIST)) return;
    if (berm_part_count(list) == 0) {
        berm_part_fault(build, list, BERM_D_POLICY_KEY_MISSING,
                        "`validations` is empty: a guardrail needs at least one");
        return;
    }
    if (!berm_list_reserve(build, &guardrail->validations, berm_part_count(list))) return;
    for (uint32_t i = 0; i < berm_part_count(list); i++) {
        berm_part map = berm_part_element_at(list, i);
        berm_validation_def validation = {
            .name = berm_load_text(map, "name"),
            .at = map,
            .severity = load_word(map, "severity", berm_severity_number, guardrail->severity),
            .enforcement =
                load_word(map, "enforcement", berm_enforcement_number, guardrail->enforcement),
            .each = berm_load_expr(map, "each"),
            .expression = berm_load_expr(map, "expression"),
            .message = berm_load_expr(map, "message"),
        };
        guardrail->validations.items[guardrail->validations.count++] = validation;
    }
    berm_load_check_names(build, list, "a validation");
}

/* --- tests --- */

static const berm_validation_def *find_validation(const berm_guardrail_def *guardrail,
                                                  berm_str name)
{
    for (uint32_t i = 0; i < guardrail->validations.count; i++) {
        if (berm_str_equal(guardrail->validations.items[i].name, name)) {
            return &guardrail->validations.items[i];
        }
    }
    return NULL;
}

static void fault_unknown_validation(berm_build *build, const berm_guardrail_def *guardrail,
                                     berm_part map, uint32_t index)
{
    berm_nearest nearest = {.wanted = berm_part_text(berm_part_key_at(map, index))};
    for (uint32_t i = 0; i < guardrail->validations.count; i++) {
        berm_nearest_offer(&nearest, guardrail->validations.items[i].name);
    }
    berm_near_fault(build, berm_part_key_place(map, index), BERM_D_POLICY_TEST, &nearest,
                    "the guardrail has no validation `%S`", nearest.wanted);
}

static void check_expected_word(berm_build *build, berm_part verdict)
{
    int number = berm_verdict_number(berm_part_text(verdict));
    if (number >= 0 && number != BERM_VERDICT_WAIVED) return;
    berm_part_fault(build, verdict, BERM_D_POLICY_TEST,
                    "a test expects pass, fail, unknown, error or skipped, found %s%S%s",
                    berm_part_text(verdict).ptr ? "`" : berm_part_sort_name(verdict),
                    berm_part_text(verdict), berm_part_text(verdict).ptr ? "`" : "");
}

static void check_expect(berm_build *build, const berm_guardrail_def *guardrail, berm_part expect)
{
    if (!berm_part_is(expect, BERM_TAG_MAP)) return;
    if (berm_part_count(expect) == 0) {
        berm_part_fault(build, expect, BERM_D_POLICY_TEST, "the test expects nothing");
    }
    for (uint32_t i = 0; i < berm_part_count(expect); i++) {
        berm_str name = berm_part_text(berm_part_key_at(expect, i));
        berm_part verdict = berm_part_value_at(expect, i);
        const berm_validation_def *validation = find_validation(guardrail, name);
        if (!validation) fault_unknown_validation(build, guardrail, expect, i);
        if (!berm_part_is(verdict, BERM_TAG_MAP)) {
            check_expected_word(build, verdict);
            continue;
        }
        if (validation && !berm_expr_given(&validation->each)) {
            berm_part_fault(build, verdict, BERM_D_POLICY_TEST,
                            "`%S` has no `each`, so it gives one verdict", name);
        }
        for (uint32_t k = 0; k < berm_part_count(verdict); k++) {
            check_expected_word(build, berm_part_value_at(verdict, k));
        }
    }
}

static void check_test(berm_build *build, const berm_guardrail_def *guardrail, berm_part map)
{
    berm_time time;
    berm_part now = berm_part_member(map, "now");
    berm_str text = berm_part_text(now);
    if (text.ptr && !berm_time_parse(text, &time) && !berm_date_parse(text, false, &time)) {
        berm_part_fault(build, now, BERM_D_POLICY_TEST,
                        "`now` is a timestamp or a date (2026-10-01), not `%S`", text);
    }
    check_expect(build, guardrail, berm_part_member(map, "expect"));
}

static void load_tests(berm_build *build, berm_guardrail_def *guardrail, berm_part list)
{
    if (!berm_part_is(list, BERM_TAG_LIST) || berm_part_count(list) == 0) return;
    if (!berm_list_reserve(build, &guardrail->tests, berm_part_count(list))) return;
    for (uint32_t i = 0; i < berm_part_count(list); i++) {
        berm_part map = berm_part_element_at(list, i);
        if (!berm_part_is(map, BERM_TAG_MAP)) continue;
        check_test(build, guardrail, map);
        guardrail->tests.items[guardrail->tests.count++] =
            (berm_test_def){berm_load_text(map, "name"), map, berm_part_member(map, "params")};
    }
    berm_load_check_names(build, list, "a test");
}

static void load_header(berm_guardrail_def *guardrail, berm_part document)
{
    *guardrail = (berm_guardrail_def){
        .id = berm_load_text(document, "guardrail"),
        .title = berm_load_text(document, "title"),
        .description = berm_load_text(document, "description"),
        .category = berm_load_text(document, "category"),
        .remediation = berm_load_text(document, "remediation"),
        .url = berm_load_text(document, "url"),
        .severity = load_word(document, "severity", berm_severity_number, BERM_SEVERITY_MEDIUM),
        .enforcement = load_word(document, "enforcement", berm_enforcement_number,
                                 BERM_ENFORCEMENT_SOFT_MANDATORY),
        .on_unknown_fail = berm_str_is(berm_load_text(document, "onUnknown"), "fail"),
        .at = document,
        .controls = berm_part_member(document, "controls"),
        .waivable = berm_part_member(document, "waivable"),
    };
}

/* Where a guardrail says what it is called: in each dialect by another key. */
static berm_part guardrail_name(const berm_guardrail_def *guardrail)
{
    berm_part name = berm_part_member(guardrail->at, "guardrail");
    if (BERM_PART_DIALECTS && !berm_part_given(name)) {
        name = berm_part_member(guardrail->at, "name");
        if (!berm_part_given(name))
            name = berm_part_member(berm_part_member(guardrail->at, "metadata"), "name");
    }
    return name;
}

void berm_load_register_guardrail(berm_build *build, berm_guardrail_def *guardrail)
{
    berm_model *model = build->model;
    if (!berm_array_push(build->alloc, &model->guardrails, guardrail)) {
        berm_build_fail(build, BERM_E_NOMEM);
        return;
    }
    uint32_t first = berm_load_register(build, &model->guardrail_names, guardrail->id,
                                        model->guardrails.count - 1);
    if (first == BERM_NO_NAME) return;
    berm_model_twice(build, "the guardrail", guardrail_name(guardrail),
                     guardrail_name(model->guardrails.items[first]));
}

void berm_load_guardrail(berm_build *build, berm_part document)
{
    berm_guardrail_def *guardrail = berm_build_alloc(build, 1, sizeof *guardrail);
    if (!guardrail) return;
    load_header(guardrail, document);
    guardrail->match = berm_load_match(build, berm_part_member(document, "match"));
    guardrail->conditions = berm_load_named_exprs(
        build, berm_part_member(document, "matchConditions"), "a match condition");
    guardrail->variables =
        berm_load_named_exprs(build, berm_part_member(document, "variables"), "a variable");
    load_parameters(build, guardrail, berm_part_member(document, "parameters"));
    load_validations(build, guardrail, berm_part_member(document, "validations"));
    load_tests(build, guardrail, berm_part_member(document, "tests"));
    berm_load_register_guardrail(build, guardrail);
}
