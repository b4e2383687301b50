/* CEL Policy: `name` and `rule`, which is variables and a list of matches; the first whose
   condition holds gives the output, and a rule may stand in the place of an output.

   A policy is a guardrail of one validation. Each condition and output is a variable of it, so that
   it is run when it is asked for and knows where it stands in the file; the output of the whole is
   a variable more,

     variables.`condition-0` ? dyn(variables.`output-0`) : variables.`condition-1` ? ... : dyn(null)

   and the validation asks whether it is nothing: null (no match), true, or an empty text. */
#include "policy/load.h"

#define CEL_POLICY_DEPTH_MAX 16u
#define CEL_POLICY_MATCHES_MAX 1000u

typedef struct cel_policy_work {
    berm_build *build;
    BERM_ARRAY(berm_named_expr) variables;
    berm_text chain; /* the ternaries */
    uint32_t matches;
} cel_policy_work;

static void add_named(cel_policy_work *work, berm_str name, berm_part map, berm_expr expr)
{
    const berm_named_expr variable = {name, map, expr};
    if (!berm_array_push(work->build->alloc, &work->variables, variable))
        berm_build_fail(work->build, BERM_E_NOMEM);
}

/* "condition-3" in the build's arena; no identifier, so that no variable of the policy has it. */
static berm_str name_part(cel_policy_work *work, const char *what, uint32_t number)
{
    char text[32];
    berm_format_into(text, sizeof text, "%s-%u", what, number);
    berm_str name = BERM_STR("");
    if (!berm_arena_copy(&work->build->arena, berm_str_of(text), &name))
        berm_build_fail(work->build, BERM_E_NOMEM);
    return name;
}

static void lower_variables(cel_policy_work *work, berm_part list)
{
    for (uint32_t i = 0; berm_part_is(list, BERM_TAG_LIST) && i < berm_part_count(list); i++) {
        berm_part map = berm_part_element_at(list, i);
        if (!berm_part_is(map, BERM_TAG_MAP)) continue;
        berm_part name = berm_part_member(map, "name");
        for (uint32_t k = 0; k < work->variables.count; k++)
            if (berm_str_equal(work->variables.items[k].name, berm_part_text(name)))
                berm_model_twice(work->build, "the variable", name,
                                 berm_part_member(work->variables.items[k].at, "name"));
        add_named(work, berm_part_text(name), map, berm_load_expr(map, "expression"));
    }
}

static void lower_cel_rule(cel_policy_work *work, berm_part rule, uint32_t depth);

/* condition ? (what it gives) : */
static void lower_cel_match(cel_policy_work *work, berm_part map, uint32_t depth)
{
    berm_part output = berm_part_member(map, "output"), rule = berm_part_member(map, "rule");
    uint32_t number = work->matches++;
    if (berm_part_given(output) == berm_part_given(rule)) {
        berm_part_fault(work->build, map, BERM_D_POLICY_KEY_MISSING,
                        "a match has either an `output` or a `rule`");
        return;
    }
    berm_expr condition = berm_load_expr(map, "condition");
    bool always = !berm_expr_given(&condition);
    if (!always) {
        add_named(work, name_part(work, "condition", number), map, condition);
        berm_text_format(&work->chain, "variables.`condition-%u` ? ", number);
    }
    if (berm_part_given(rule)) {
        berm_text_format(&work->chain, "(");
        lower_cel_rule(work, rule, depth + 1);
        berm_text_format(&work->chain, ")");
    } else {
        add_named(work, name_part(work, "output", number), map, berm_load_expr(map, "output"));
        berm_text_format(&work->chain, "dyn(variables.`output-%u`)", number);
    }
    if (!always) berm_text_format(&work->chain, " : ");
}

/* Matches up to the first that always holds: what stands behind it is never asked, and said so. */
static void lower_cel_matches(cel_policy_work *work, berm_part list, uint32_t depth)
{
    bool always = false;
    for (uint32_t i = 0; berm_part_is(list, BERM_TAG_LIST) && i < berm_part_count(list); i++) {
        berm_part map = berm_part_element_at(list, i);
        if (!berm_part_is(map, BERM_TAG_MAP)) continue;
        if (always || work->matches == CEL_POLICY_MATCHES_MAX) {
            berm_part_fault(work->build, map,
                            always ? BERM_D_POLICY_UNSUPPORTED : BERM_D_POLICY_TOO_MANY,
                            always ? "nothing comes to this match: the one above it always holds"
                                   : "the policy has too many matches");
            return;
        }
        lower_cel_match(work, map, depth);
        always = !berm_part_given(berm_part_member(map, "condition"));
    }
    if (!always) berm_text_format(&work->chain, "dyn(null)");
}

static void lower_cel_rule(cel_policy_work *work, berm_part rule, uint32_t depth)
{
    if (!berm_part_is(rule, BERM_TAG_MAP)) return; /* the schema has said so */
    if (depth > CEL_POLICY_DEPTH_MAX) {
        berm_part_fault(work->build, rule, BERM_D_POLICY_TOO_MANY, "rules are nested too deep");
        return;
    }
    lower_variables(work, berm_part_member(rule, "variables"));
    lower_cel_matches(work, berm_part_member(rule, "match"), depth);
}

/* A copy in the build's arena. */
static berm_str keep_chain(cel_policy_work *work)
{
    berm_str kept = BERM_STR("null");
    if (work->chain.failed ||
        !berm_arena_copy(&work->build->arena, berm_text_view(&work->chain), &kept))
        berm_build_fail(work->build, BERM_E_NOMEM);
    return kept;
}

static void fill_cel_guardrail(cel_policy_work *work, berm_guardrail_def *guardrail, berm_part at)
{
    const berm_str verdict = BERM_STR(
        "variables.`output-` == null || variables.`output-` == true || variables.`output-` == ''");
    const berm_str message =
        BERM_STR("type(variables.`output-`) == string ? variables.`output-` :"
                 " variables.`output-` == false ? '' : json.encode(variables.`output-`)");
    berm_build *build = work->build;
    const berm_named_expr listed = {BERM_STR("listed"),
                                    at,
                                    {.text = BERM_STR("parent == null"), .part = at}};
    if (!berm_list_reserve(build, &guardrail->variables, work->variables.count) ||
        !berm_list_reserve(build, &guardrail->conditions, 1) ||
        !berm_list_reserve(build, &guardrail->validations, 1))
        return;
    for (uint32_t i = 0; i < work->variables.count; i++)
        guardrail->variables.items[guardrail->variables.count++] = work->variables.items[i];
    guardrail->conditions.items[guardrail->conditions.count++] = listed;
    guardrail->validations.items[guardrail->validations.count++] =
        (berm_validation_def){.name = BERM_STR("output"),
                              .at = at,
                              .severity = guardrail->severity,
                              .enforcement = guardrail->enforcement,
                              .expression = {.text = verdict, .part = at},
                              .message_expression = {.text = message, .part = at},
                              .fallback = guardrail->title};
}

void berm_load_cel_policy(berm_build *build, berm_part document)
{
    cel_policy_work work = {.build = build};
    const berm_part nowhere = {document.file, NULL}; /* it says nothing of what it is about */
    berm_part description = berm_part_member(document, "description");
    berm_guardrail_def *guardrail = berm_build_alloc(build, 1, sizeof *guardrail);
    uint32_t faults = berm_diags_error_count(build->diags);
    if (!guardrail || !berm_part_is(berm_part_member(document, "rule"), BERM_TAG_MAP)) return;
    berm_str id = berm_load_text(document, "name"), about = berm_part_text(description);
    *guardrail = (berm_guardrail_def){.id = id,
                                      .title = about.len ? berm_str_trim(about) : id,
                                      .description = BERM_STR(""),
                                      .category = BERM_STR(""),
                                      .remediation = BERM_STR(""),
                                      .url = BERM_STR(""),
                                      .severity = BERM_SEVERITY_MEDIUM,
                                      .enforcement = BERM_ENFORCEMENT_SOFT_MANDATORY,
                                      .match = berm_load_match(build, nowhere),
                                      .at = document};
    guardrail->match.everything = true;
    berm_text_init(&work.chain, build->alloc);
    lower_cel_rule(&work, berm_part_member(document, "rule"), 0);
    add_named(&work, BERM_STR("output-"), document,
              (berm_expr){.text = keep_chain(&work), .part = document});
    /* What is half there would only be reported again, as an expression that is none. */
    if (berm_diags_error_count(build->diags) == faults) {
        fill_cel_guardrail(&work, guardrail, document);
        berm_load_register_guardrail(build, guardrail);
    }
    berm_text_free(&work.chain);
    berm_array_free(build->alloc, &work.variables);
}
