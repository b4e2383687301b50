/* What became of controls: each of a framework or of a selection from one, those that no guardrail
   is about included, and those that guardrails name of frameworks that nobody listed. */
#include "report/formats/formats.h"

#if BERM_PART_GOVERNANCE
#include "policy/governance/controls.h"
#endif

const char *berm_control_state_word(uint32_t state)
{
    static const char *const words[] = {"pass",   "fail",           "unknown",
                                        "waived", "not-applicable", "not-covered"};
    return state < BERM_CONTROL_STATE_COUNT ? words[state] : "";
}

void berm_rollup_free(const berm_survey *view, berm_rollup *rollup)
{
    berm_array_free(view->alloc, &rollup->rows);
    berm_array_free(view->alloc, &rollup->sets);
}

#if BERM_PART_GOVERNANCE

static bool is_rollup_set(const berm_rollup_set *set, berm_str name, berm_str version)
{
    return berm_str_equal(set->name, name) && berm_str_equal(set->version, version);
}

static berm_rollup_set *find_rollup_set(const berm_rollup *rollup, berm_str name, berm_str version)
{
    for (uint32_t i = 0; i < rollup->sets.count; i++)
        if (is_rollup_set(&rollup->sets.items[i], name, version)) return &rollup->sets.items[i];
    return NULL;
}

static bool open_set(berm_survey *view, berm_rollup *out, const berm_control_set *from)
{
    const berm_rollup_set set = {.name = from->name,
                                 .framework = from->framework,
                                 .version = from->version,
                                 .title = from->title,
                                 .first = out->rows.count};
    return berm_array_push(view->alloc, &out->sets, set);
}

static bool has_row(const berm_rollup *out, const berm_rollup_set *set, berm_str id)
{
    for (uint32_t i = 0; i < set->count; i++)
        if (berm_str_equal(out->rows.items[set->first + i].id, id)) return true;
    return false;
}

/* Into the set that was opened last. */
static bool add_control_row(berm_survey *view, berm_rollup *out, const berm_control *control)
{
    berm_rollup_set *set = &out->sets.items[out->sets.count - 1];
    const berm_control_row row = {.framework = control->framework,
                                  .version = control->version,
                                  .id = control->id,
                                  .title = control->title,
                                  .set = out->sets.count - 1};
    if (has_row(out, set, control->id)) return true;
    if (!berm_array_push(view->alloc, &out->rows, row)) return false;
    set->count++;
    return true;
}

/* Controls of one framework that guardrails name. */
static bool add_named_controls(berm_survey *view, berm_rollup *out, berm_str framework,
                               berm_str version)
{
    for (uint32_t r = 0; r < view->rules.count; r++) {
        const berm_rule_row *rule = &view->rules.items[r];
        const berm_image *image = &rule->policy->image;
        for (uint32_t c = 0; c < berm_control_count(image, rule->guardrail); c++) {
            berm_control control = berm_control_at(image, rule->guardrail, c);
            if (!berm_str_equal(control.framework, framework) ||
                !berm_str_equal(control.version, version))
                continue;
            control.title = berm_control_title(image, &control);
            if (!add_control_row(view, out, &control)) return false;
        }
    }
    return true;
}

static bool add_listed(berm_survey *view, berm_rollup *out, const berm_image *image)
{
    berm_control_set set;
    for (uint32_t i = 0; berm_control_set_at(image, i, &set); i++) {
        if (!set.controls.count || find_rollup_set(out, set.name, set.version)) continue;
        if (!open_set(view, out, &set)) return false;
        for (uint32_t c = 0; c < set.controls.count; c++) {
            berm_control control = berm_control_of_set(image, &set, c);
            if (!control.title.len) control.title = berm_control_title(image, &control);
            if (!add_control_row(view, out, &control)) return false;
        }
        if (berm_str_equal(set.name, set.framework) &&
            !add_named_controls(view, out, set.framework, set.version))
            return false;
    }
    return true;
}

/* Frameworks that are not listed, in the order of their first mention. */
static bool add_unlisted(berm_survey *view, berm_rollup *out)
{
    for (uint32_t r = 0; r < view->rules.count; r++) {
        const berm_rule_row *rule = &view->rules.items[r];
        const berm_image *image = &rule->policy->image;
        for (uint32_t c = 0; c < berm_control_count(image, rule->guardrail); c++) {
            berm_control one = berm_control_at(image, rule->guardrail, c);
            berm_control_set set = {.name = one.framework, .title = BERM_STR("")};
            set.framework = one.framework;
            set.version = one.version;
            if (find_rollup_set(out, set.name, set.version)) continue;
            berm_control_set known;
            if (berm_control_set_find(image, set.name, set.version, &known))
                set.title = known.title;
            if (!open_set(view, out, &set) ||
                !add_named_controls(view, out, set.framework, set.version))
                return false;
        }
    }
    return true;
}

static berm_control_state judge_control(const berm_control_row *row)
{
    const uint64_t *n = row->counts;
    if (!row->guardrails) return BERM_CONTROL_NOT_COVERED;
    if (n[BERM_VERDICT_FAIL] || n[BERM_VERDICT_ERROR]) return BERM_CONTROL_FAIL;
    if (n[BERM_VERDICT_UNKNOWN]) return BERM_CONTROL_UNKNOWN;
    if (n[BERM_VERDICT_WAIVED]) return BERM_CONTROL_WAIVED;
    return n[BERM_VERDICT_PASS] ? BERM_CONTROL_PASS : BERM_CONTROL_NOT_APPLICABLE;
}

static void count_control(const berm_survey *view, berm_control_row *row)
{
    const berm_control control = {row->framework, row->version, row->id, row->title};
    const berm_rule_row *last = NULL;
    for (uint32_t r = 0; r < view->rules.count; r++) {
        const berm_rule_row *rule = &view->rules.items[r];
        if (!berm_control_is_of(&rule->policy->image, rule->guardrail, &control)) continue;
        if (!last || !berm_str_equal(last->id, rule->id)) row->guardrails++;
        last = rule;
        for (uint32_t v = 0; v < BERM_VERDICT_COUNT; v++) row->counts[v] += rule->counts[v];
    }
    row->state = judge_control(row);
}

static bool fill_rollup(berm_survey *view, berm_rollup *out)
{
    const berm_report *report = view->report;
    for (uint32_t i = 0; i < report->policies.count; i++)
        if (!add_listed(view, out, &report->policies.items[i]->image)) return false;
    if (!add_unlisted(view, out)) return false;
    for (uint32_t i = 0; i < out->rows.count; i++) {
        berm_control_row *row = &out->rows.items[i];
        count_control(view, row);
        out->sets.items[row->set].states[row->state]++;
    }
    return true;
}

#endif

/* Without the part that knows frameworks there are none. */
bool berm_rollup_make(berm_survey *view, berm_rollup *out)
{
#if BERM_PART_GOVERNANCE
    return fill_rollup(view, out);
#else
    (void)view;
    (void)out;
    return true;
#endif
}
