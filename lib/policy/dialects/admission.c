#include "policy/dialects/admission.h"

#include "policy/words.h"

/* Text in the build's arena. */
static berm_str keep_format(berm_build *build, const char *format, ...)
{
    berm_text text;
    berm_str kept = BERM_STR("");
    berm_text_init(&text, build->alloc);
    va_list args;
    va_start(args, format);
    berm_text_vformat(&text, format, args);
    va_end(args);
    if (text.failed || !berm_arena_copy(&build->arena, berm_text_view(&text), &kept))
        berm_build_fail(build, BERM_E_NOMEM);
    berm_text_free(&text);
    return kept;
}

berm_str berm_admission_id(berm_build *build, berm_str first, berm_str second)
{
    return second.len ? keep_format(build, "%S@%S", first, second) : first;
}

berm_cell berm_admission_list(berm_build *build, const berm_cell *values, uint32_t count)
{
    berm_cell list = berm_cell_of(BERM_TAG_LIST);
    berm_cell *items = berm_space_cells(&build->space, count, &list);
    if (!items) return berm_cell_of(BERM_TAG_NULL);
    if (count) memcpy(items, values, count * sizeof *items);
    return list;
}

berm_admission_terms berm_admission_begin(berm_part at, const char *applies)
{
    berm_cell none = berm_cell_of(BERM_TAG_NULL);
    berm_admission_terms terms = {.at = at, .about = at};
    terms.admission = (berm_admission){.applies = applies,
                                       .matches = none,
                                       .stands = none,
                                       .within = none,
                                       .without = none,
                                       .params = none};
    return terms;
}

void berm_admission_read(berm_admission_terms *terms, berm_part spec)
{
    terms->conditions = berm_part_member(spec, "matchConditions");
    terms->variables = berm_part_member(spec, "variables");
    terms->validations = berm_part_member(spec, "validations");
    terms->annotations = berm_part_member(spec, "auditAnnotations");
    terms->admission.errors_pass = berm_str_is(berm_load_text(spec, "failurePolicy"), "Ignore");
}

/* --- what people are told --- */

/* Annotations that say what a native guardrail says by keys. */
static berm_str load_note(berm_part document, const char *name)
{
    static const char *const spaces[] = {"policies.kyverno.io/", "metadata.gatekeeper.sh/", ""};
    berm_part notes = berm_part_member(berm_part_member(document, "metadata"), "annotations");
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        char key[64];
        berm_format_into(key, sizeof key, "%s%s", spaces[i], name);
        berm_str text = berm_load_text(notes, key);
        if (text.len) return text;
    }
    return BERM_STR("");
}

static void load_notes(berm_guardrail_def *guardrail, berm_part document)
{
    berm_str title = load_note(document, "title");
    int severity = berm_severity_number(load_note(document, "severity"));
    guardrail->title = title.len ? title : guardrail->id;
    guardrail->description = load_note(document, "description");
    guardrail->category = load_note(document, "category");
    guardrail->remediation = guardrail->url = BERM_STR("");
    guardrail->severity = severity < 0 ? BERM_SEVERITY_MEDIUM : (uint32_t)severity;
}

/* --- validations --- */

/* Kubernetes answers Invalid unless a validation says otherwise. */
static berm_str read_reason(const berm_guardrail_def *guardrail, berm_part map)
{
    berm_str written = berm_load_text(map, "reason");
    bool answers = berm_str_is(berm_str_of(guardrail->admission->applies), "kubernetes");
    return written.len || !answers ? written : BERM_STR("Invalid");
}

static void load_validation(berm_build *build, berm_guardrail_def *guardrail, berm_part map,
                            uint32_t index)
{
    berm_validation_def validation = {.name = keep_format(build, "validations[%u]", index),
                                      .at = map,
                                      .severity = guardrail->severity,
                                      .enforcement = guardrail->enforcement,
                                      .expression = berm_load_expr(map, "expression"),
                                      .message_expression =
                                          berm_load_expr(map, "messageExpression"),
                                      .fallback = berm_str_trim(berm_load_text(map, "message")),
                                      .reason = read_reason(guardrail, map)};
    if (!validation.fallback.len)
        validation.fallback = keep_format(build, "failed expression: %S",
                                          berm_str_trim(berm_load_text(map, "expression")));
    guardrail->validations.items[guardrail->validations.count++] = validation;
}

static void load_annotation(berm_build *build, berm_guardrail_def *guardrail, berm_part map)
{
    berm_validation_def validation = {
        .name = keep_format(build, "auditAnnotations.%S", berm_load_text(map, "key")),
        .at = map,
        .severity = guardrail->severity,
        .enforcement = BERM_ENFORCEMENT_SOFT_MANDATORY, /* of errors, whatever the binding does */
        .expression = berm_load_expr(map, "valueExpression"),
        .annotation = true};
    guardrail->validations.items[guardrail->validations.count++] = validation;
}

static berm_part list_of(berm_part list)
{
    return berm_part_is(list, BERM_TAG_LIST) ? list : (berm_part){list.file, NULL};
}

static void load_rules(berm_build *build, berm_guardrail_def *guardrail,
                       const berm_admission_terms *terms)
{
    berm_part rules = list_of(terms->validations), notes = list_of(terms->annotations);
    uint32_t count = berm_part_count(rules) + berm_part_count(notes);
    if (!berm_list_reserve(build, &guardrail->validations, count)) {
        if (!count)
            berm_place_fault(build, berm_part_head_place(terms->at), BERM_D_POLICY_KEY_MISSING,
                             "the policy has neither `validations` nor `auditAnnotations`");
        return;
    }
    for (uint32_t i = 0; i < berm_part_count(rules); i++)
        load_validation(build, guardrail, berm_part_element_at(rules, i), i);
    for (uint32_t i = 0; i < berm_part_count(notes); i++)
        load_annotation(build, guardrail, berm_part_element_at(notes, i));
}

/* --- the guardrail --- */

/* `item` and `key`, `params` and the like are no concern of these policies: all actions reach
   them, and their expressions say the rest. */
static berm_guardrail_def *begin_guardrail(berm_build *build, const berm_admission_terms *terms)
{
    berm_guardrail_def *guardrail = berm_build_alloc(build, 1, sizeof *guardrail);
    berm_admission *admission = berm_build_alloc(build, 1, sizeof *admission);
    if (!guardrail || !admission) return NULL;
    *admission = terms->admission;
    *guardrail = (berm_guardrail_def){.id = terms->id,
                                      .at = terms->at,
                                      .enforcement = terms->enforcement,
                                      .match = {.actions = UINT32_MAX},
                                      .admission = admission};
    load_notes(guardrail, terms->about);
    return guardrail;
}

static void add_lead(berm_build *build, berm_guardrail_def *guardrail,
                     const berm_admission_terms *terms)
{
    uint32_t count = 0;
    while (terms->lead && terms->lead[2 * count]) count++;
    berm_named_exprs own = guardrail->variables, all = {0};
    if (!count || !berm_list_reserve(build, &all, count + own.count)) return;
    for (uint32_t i = 0; i < count; i++)
        all.items[all.count++] =
            (berm_named_expr){berm_str_of(terms->lead[2 * i]),
                              terms->at,
                              {.text = berm_str_of(terms->lead[2 * i + 1]), .part = terms->at}};
    for (uint32_t i = 0; i < own.count; i++) all.items[all.count++] = own.items[i];
    guardrail->variables = all;
}

/* --- what stands for a Pod --- */

/* As Kyverno does it, by text: what is asked of a Pod is asked of the template. */
static void move_expr(berm_build *build, berm_expr *expr, const char *template)
{
    static const berm_str places[] = {{"object.spec", 11},
                                      {"object.metadata", 15},
                                      {"oldObject.spec", 14},
                                      {"oldObject.metadata", 18}};
    berm_str rest = expr->text, space = BERM_STR(".namespace");
    berm_text text;
    berm_text_init(&text, build->alloc);
    while (rest.len) {
        size_t take = 1, i = 0;
        while (i < 4 && !berm_str_starts(rest, places[i])) i++;
        if (i < 4) take = places[i].len;
        berm_str after = berm_str_cut(rest, take, rest.len);
        if (i < 4 && !(i % 2 && berm_str_starts(after, space)))
            berm_text_format(&text, "%sbject.%s%s", i < 2 ? "o" : "oldO", template,
                             i % 2 ? "metadata" : "spec");
        else berm_text_put(&text, berm_str_cut(rest, 0, take));
        rest = after;
    }
    if (expr->text.ptr) expr->text = keep_format(build, "%S", berm_text_view(&text));
    if (text.failed) berm_build_fail(build, BERM_E_NOMEM);
    berm_text_free(&text);
}

static void move_exprs(berm_build *build, berm_guardrail_def *guardrail, const char *template)
{
    for (uint32_t i = 0; i < guardrail->conditions.count; i++)
        move_expr(build, &guardrail->conditions.items[i].expr, template);
    for (uint32_t i = 0; i < guardrail->variables.count; i++)
        move_expr(build, &guardrail->variables.items[i].expr, template);
    for (uint32_t i = 0; i < guardrail->validations.count; i++) {
        move_expr(build, &guardrail->validations.items[i].expression, template);
        move_expr(build, &guardrail->validations.items[i].message_expression, template);
    }
}

void berm_admission_add(berm_build *build, const berm_admission_terms *terms)
{
    berm_guardrail_def *guardrail = begin_guardrail(build, terms);
    if (!guardrail) return;
    guardrail->conditions = berm_load_named_exprs(build, terms->conditions, "a match condition");
    guardrail->variables = berm_load_named_exprs(build, terms->variables, "a variable");
    add_lead(build, guardrail, terms);
    load_rules(build, guardrail, terms);
    if (terms->template) move_exprs(build, guardrail, terms->template);
    berm_load_register_guardrail(build, guardrail);
}

void berm_admission_add_fault(berm_build *build, const berm_admission_terms *terms, berm_part at,
                              const char *name, berm_str message)
{
    berm_guardrail_def *guardrail = begin_guardrail(build, terms);
    if (!guardrail || !berm_list_reserve(build, &guardrail->validations, 1)) return;
    guardrail->validations.items[guardrail->validations.count++] =
        (berm_validation_def){.name = berm_str_of(name),
                              .at = at,
                              .severity = guardrail->severity,
                              .enforcement = guardrail->enforcement,
                              .expression = {.text = BERM_STR("false"), .part = at},
                              .fallback = message,
                              .reason = read_reason(guardrail, (berm_part){at.file, NULL})};
    berm_load_register_guardrail(build, guardrail);
}
